//! The bundle on disk: a folder or a zip that appears only when it is whole.
//!
//! Everything is first written beside its place, into files and folders that
//! did not exist before, and moved there at the end. Nothing is ever written
//! through a name that was there already, so no link can lead into an input.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use heirloom_core::io::{Bundle, Sink};
use heirloom_core::model::FileId;

use crate::args::CopyMode;
use crate::disk::Inputs;

/// A bundle that becomes a folder.
pub struct Folder<'a> {
    inputs: &'a Inputs,
    copy_mode: CopyMode,
    target: PathBuf,
    staging: PathBuf,
    open: Option<(String, File)>,
    written: Vec<String>,
    /// Whether a link was not possible and a copy was made.
    pub fell_back: bool,
}

impl<'a> Folder<'a> {
    /// Prepares a bundle at `target`, which may hold an older bundle.
    ///
    /// # Errors
    /// The folder cannot be made, or holds something that is no bundle.
    pub fn new(target: &Path, inputs: &'a Inputs, copy_mode: CopyMode) -> Result<Self, String> {
        let at = target.display();
        fs::create_dir_all(target)
            .map_err(|error| format!("the output folder {at} cannot be made: {error}"))?;
        if !is_ours(target).map_err(|error| format!("{at} cannot be read: {error}"))? {
            return Err(format!(
                "the output folder {at} is not empty and holds no earlier bundle; choose another"
            ));
        }
        let staging = target.join(format!(".heirloom-unfinished-{}", std::process::id()));
        fs::create_dir(&staging)
            .map_err(|error| format!("the output folder {at} is not writable: {error}"))?;
        Ok(Self {
            inputs,
            copy_mode,
            target: target.to_owned(),
            staging,
            open: None,
            written: Vec::new(),
            fell_back: false,
        })
    }

    fn prepare(&self, path: &str) -> io::Result<PathBuf> {
        let place = self.staging.join(checked(path)?);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(place)
    }

    /// Moves one complete file to its place. Renaming replaces a name, it
    /// does not write through it; folders on the way must be real ones.
    fn publish(&self, path: &str) -> io::Result<()> {
        let mut folder = self.target.clone();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return fs::rename(self.staging.join(path), folder.join(part));
            }
            folder.push(part);
            match fs::symlink_metadata(&folder) {
                Ok(meta) if meta.is_dir() => {}
                Ok(_) => {
                    let text = format!("{} is not a folder", folder.display());
                    return Err(io::Error::new(io::ErrorKind::NotADirectory, text));
                }
                Err(_) => fs::create_dir(&folder)?,
            }
        }
        Ok(())
    }
}

impl Bundle for Folder<'_> {
    fn begin(&mut self, path: &str, _size: Option<u64>) -> io::Result<()> {
        let file = File::create_new(self.prepare(path)?)?;
        self.open = Some((path.to_owned(), file));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.open {
            Some((_, file)) => file.write_all(bytes),
            None => Err(io::Error::other("no file was begun")),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if let Some((path, _)) = self.open.take() {
            self.written.push(path);
        }
        Ok(())
    }

    fn link(&mut self, path: &str, file: FileId) -> io::Result<bool> {
        let Some(source) = self.inputs.path(file) else { return Ok(false) };
        let place = self.prepare(path)?;
        let linked = match self.copy_mode {
            CopyMode::Copy => return Ok(false),
            // The real file behind a link, so that the name holds the bytes.
            CopyMode::Hardlink => {
                fs::canonicalize(source).and_then(|real| fs::hard_link(real, place))
            }
            CopyMode::Symlink => fs::canonicalize(source).and_then(|real| symlink(&real, &place)),
        };
        if linked.is_err() {
            self.fell_back = true;
            return Ok(false);
        }
        self.written.push(path.to_owned());
        Ok(true)
    }

    fn finish(&mut self) -> io::Result<()> {
        // The chat's first page and the mapping make a bundle look whole: last.
        let last =
            |path: &str| ["mapping.json", "index.html"].iter().position(|name| *name == path);
        let mut paths = std::mem::take(&mut self.written);
        paths.sort_by_key(|path| last(path).map_or(0, |place| place + 1));
        paths.iter().try_for_each(|path| self.publish(path))?;
        fs::remove_dir_all(&self.staging)
    }
}

impl Drop for Folder<'_> {
    /// What is not finished leaves nothing behind.
    fn drop(&mut self) {
        self.open = None;
        if self.staging.exists() {
            // Nothing more can be done about a disk that refuses even this.
            fs::remove_dir_all(&self.staging).unwrap_or_default();
        }
    }
}

/// Empty, or the place of an earlier bundle (unfinished ones count as empty).
fn is_ours(folder: &Path) -> io::Result<bool> {
    let mapping = folder.join("mapping.json");
    if let Ok(text) = fs::read_to_string(mapping) {
        let parsed: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        return Ok(parsed.is_some_and(|value| value["version"] == 1 && value["entries"].is_array()));
    }
    for child in fs::read_dir(folder)? {
        let name = child?.file_name();
        if !name.to_string_lossy().starts_with(".heirloom-unfinished-") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A path of the bundle, if it stays inside it.
fn checked(path: &str) -> io::Result<&Path> {
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
    let path = Path::new(path);
    if path.as_os_str().is_empty() || !path.components().all(inside) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path leaves the bundle"));
    }
    Ok(path)
}

#[cfg(unix)]
fn symlink(source: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(source, place)
}

#[cfg(windows)]
fn symlink(source: &Path, place: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(source, place)
}

/// A file that gets its name only when it is whole: `FILE.part` until then.
pub struct Whole {
    file: Option<io::BufWriter<File>>,
    part: PathBuf,
    target: PathBuf,
}

impl Whole {
    /// Starts a file that will be called `target`.
    ///
    /// # Errors
    /// The folder is not writable, or `FILE.part` exists.
    pub fn new(target: &Path) -> io::Result<Self> {
        let mut name = target.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&part)?;
        let file = Some(io::BufWriter::with_capacity(1 << 18, file));
        Ok(Self { file, part, target: target.to_owned() })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// The last bytes do not fit, or the name cannot be given.
    pub fn publish(mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            if let Err(error) = file.flush() {
                fs::remove_file(&self.part)?;
                return Err(error);
            }
            fs::rename(&self.part, &self.target)?;
        }
        Ok(())
    }
}

impl Sink for &mut Whole {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => Err(io::Error::other("the file is already complete")),
        }
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // Bytes still waiting belong to a file that is given up.
            drop(file.into_parts());
            fs::remove_file(&self.part).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs_with(folder: &Path) -> Inputs {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("a.jpg"), "original").unwrap();
        let mut inputs = Inputs::default();
        inputs.add_originals(&[folder.to_owned()]).unwrap();
        inputs
    }

    fn write(bundle: &mut dyn Bundle, path: &str, text: &str) -> io::Result<()> {
        bundle.begin(path, None)?;
        bundle.write(text.as_bytes())?;
        bundle.end()
    }

    const MAPPING: &str = r#"{"version":1,"entries":[]}"#;

    #[test]
    fn a_folder_appears_only_when_it_is_whole() {
        let temp = tempfile::tempdir().unwrap();
        let inputs = inputs_with(&temp.path().join("in"));
        let out = temp.path().join("out");
        let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        write(&mut bundle, "index.html", "hello").unwrap();
        write(&mut bundle, "media/a.jpg", "a").unwrap();
        assert!(!out.join("index.html").exists());
        write(&mut bundle, "mapping.json", MAPPING).unwrap();
        bundle.finish().unwrap();
        drop(bundle);
        let mut names: Vec<_> =
            fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["index.html", "mapping.json", "media"]);
        // Again, over the earlier bundle.
        let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        write(&mut bundle, "index.html", "again").unwrap();
        bundle.finish().unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "again");
    }

    #[test]
    fn giving_up_leaves_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let inputs = inputs_with(&temp.path().join("in"));
        let out = temp.path().join("out");
        let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        bundle.begin("media/a.jpg", None).unwrap();
        bundle.write(b"half").unwrap();
        drop(bundle);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let inputs = inputs_with(&temp.path().join("in"));
        fs::write(temp.path().join("diary.txt"), "mine").unwrap();
        let refused = Folder::new(temp.path(), &inputs, CopyMode::Copy).err().unwrap();
        assert!(refused.contains("is not empty"), "{refused}");
    }

    #[test]
    fn a_path_that_leaves_the_bundle_is_refused() {
        for path in ["../a", "/a", "a/../../b", ""] {
            assert!(checked(path).is_err(), "{path}");
        }
        assert!(checked("media/a.jpg").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn an_original_is_never_written_through_a_link() {
        use std::os::unix::fs::MetadataExt;
        let temp = tempfile::tempdir().unwrap();
        let input = temp.path().join("in");
        let inputs = inputs_with(&input);
        let out = temp.path().join("out");
        for mode in [CopyMode::Hardlink, CopyMode::Symlink] {
            let mut bundle = Folder::new(&out, &inputs, mode).unwrap();
            assert!(bundle.link("media/a.jpg", FileId(0)).unwrap());
            write(&mut bundle, "mapping.json", MAPPING).unwrap();
            bundle.finish().unwrap();
            let inode = |path: &Path| fs::metadata(path).unwrap().ino();
            assert_eq!(inode(&out.join("media/a.jpg")), inode(&input.join("a.jpg")));
            // The next run writes a file of that name.
            let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
            write(&mut bundle, "media/a.jpg", "other bytes").unwrap();
            bundle.finish().unwrap();
            assert_eq!(fs::read_to_string(input.join("a.jpg")).unwrap(), "original");
            assert_eq!(fs::read_to_string(out.join("media/a.jpg")).unwrap(), "other bytes");
        }
        // A folder of the bundle that somebody replaced by a link to an input.
        fs::remove_dir_all(out.join("media")).unwrap();
        std::os::unix::fs::symlink(&input, out.join("media")).unwrap();
        let mut bundle = Folder::new(&out, &inputs, CopyMode::Copy).unwrap();
        write(&mut bundle, "media/a.jpg", "evil").unwrap();
        assert!(bundle.finish().is_err());
        assert_eq!(fs::read_to_string(input.join("a.jpg")).unwrap(), "original");
    }

    #[test]
    fn a_zip_gets_its_name_at_the_end() {
        let temp = tempfile::tempdir().unwrap();
        let target = temp.path().join("chat.zip");
        let mut half = Whole::new(&target).unwrap();
        (&mut half).put(b"half").unwrap();
        drop(half);
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
        let mut whole = Whole::new(&target).unwrap();
        (&mut whole).put(b"whole").unwrap();
        assert!(!target.exists());
        whole.publish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
    }
}
