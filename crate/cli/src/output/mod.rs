//! The bundle on disk: a folder or a zip that appears only when it is whole.
//!
//! Everything is first written beside its place, into files and folders that
//! did not exist before, and moved there at the end. Nothing is ever written
//! through a name that was there already, so no link can lead into an input.

mod earlier;
mod place;
mod staging;
mod whole;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use heirloom_core::io::{Bundle, Link};
use heirloom_core::model::FileId;

use crate::args::CopyMode;
use crate::disk::Inputs;
pub use earlier::{is_catalogue_export, is_mapping};
pub use place::Told;
use staging::{Found, PREFIX, Staging};
pub use whole::Whole;

/// A bundle that becomes a folder.
pub struct Folder<'a> {
    inputs: &'a Inputs,
    copy_mode: CopyMode,
    target: PathBuf,
    staging: Staging,
    open: Option<Open>,
    /// Whether a link was not possible and a copy was made.
    pub fell_back: bool,
    /// What became of the files that were there before; known at the end.
    pub told: Told,
    /// What an earlier run had left, as a sentence.
    pub found: Option<&'static str>,
}

/// The file that was begun last.
struct Open {
    place: PathBuf,
    /// `None` if it is a link.
    file: Option<File>,
}

impl<'a> Folder<'a> {
    /// Prepares a bundle at `target`, which may hold an older bundle. What a
    /// killed run left there is removed, or finished if it was whole.
    ///
    /// # Errors
    /// The folder cannot be made, or holds something that is no bundle.
    pub fn new(target: &Path, inputs: &'a Inputs, copy_mode: CopyMode) -> Result<Self, String> {
        let at = target.display();
        let hidden = target.join(PREFIX);
        fs::create_dir_all(target)
            .map_err(|error| format!("the output folder {at} cannot be made: {error}"))?;
        if fs::symlink_metadata(&hidden).is_err() {
            refuse_others(target)?;
        }
        let (mut staging, found) = Staging::begin(&hidden)
            .map_err(|error| format!("the output folder {at} cannot be used: {error}"))?;
        if found == Found::Unplaced {
            place::place(target, &mut staging, inputs).and_then(|_| staging.empty()).map_err(
                |error| format!("the bundle of an earlier run cannot be put in place: {error}"),
            )?;
        }
        refuse_others(target)?;
        let found = match found {
            Found::Nothing => None,
            Found::Remains => Some("what a run that was stopped had left was removed"),
            Found::Unplaced => {
                Some("a run was stopped while it put its bundle in place; that was finished first")
            }
        };
        let told = Told::default();
        let target = target.to_owned();
        Ok(Self { inputs, copy_mode, target, staging, open: None, fell_back: false, told, found })
    }
}

impl Bundle for Folder<'_> {
    fn begin(&mut self, path: &str, _size: Option<u64>) -> io::Result<()> {
        let place = self.staging.prepare(path)?;
        let file = Some(File::create_new(&place)?);
        self.open = Some(Open { place, file });
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.open {
            Some(Open { file: Some(file), .. }) => file.write_all(bytes),
            _ => Err(io::Error::other("no file was begun")),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.open = None;
        Ok(())
    }

    fn abandon(&mut self) -> io::Result<()> {
        let Some(Open { place, file }) = self.open.take() else { return Ok(()) };
        drop(file);
        fs::remove_file(place)
    }

    fn link(&mut self, path: &str, file: FileId) -> io::Result<Option<Link>> {
        let kind = match self.copy_mode {
            CopyMode::Copy => return Ok(None),
            CopyMode::Hardlink => Link::Hard,
            CopyMode::Symlink => Link::Symbolic,
        };
        // The real file behind a link, so that the name holds the bytes. One
        // that is gone fails as a copy, with its own sentence.
        let source = self.inputs.path(file).and_then(|path| fs::canonicalize(path).ok());
        let Some(source) = source else { return Ok(None) };
        let place = self.staging.prepare(path)?;
        let linked = match kind {
            Link::Hard => fs::hard_link(source, &place),
            Link::Symbolic => symlink(&source, &place),
        };
        if linked.is_err() {
            self.fell_back = true;
            return Ok(None);
        }
        self.open = Some(Open { place, file: None });
        Ok(Some(kind))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.told = place::place(&self.target, &mut self.staging, self.inputs)?;
        self.staging.remove()
    }
}

fn refuse_others(target: &Path) -> Result<(), String> {
    let at = target.display();
    if !earlier::is_ours(target).map_err(|error| format!("{at} cannot be read: {error}"))? {
        return Err(format!(
            "the output folder {at} is not empty and holds no earlier bundle; choose another"
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(source: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(source, place)
}

#[cfg(windows)]
fn symlink(source: &Path, place: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(source, place)
}

#[cfg(test)]
mod tests;
