//! The hidden folder in which an output grows, and how a run recognises what an
//! earlier one left of it.
//!
//! It holds `run`, a file with a known text, which its run keeps locked. The system
//! releases the lock when the run ends, however it ends. So a folder with that text
//! and without a lock was left behind, and only such a folder is removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Component, Path, PathBuf};

/// How the folder's name begins.
pub const PREFIX: &str = ".heirloom-unfinished";

/// The text of `run`.
const MARKER: &str =
    "Heirloom writes here. If no run is going on, this folder may go: the next run removes it.\n";

/// What was found where the folder is to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// What a run that was stopped had written so far; it is removed.
    Remains,
    /// A whole bundle that was being put in place; it is still there.
    Unplaced,
}

/// The folder of a run that is going on.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    run: Option<File>,
    /// Whether the folder must stay for the next run if this one ends.
    placing: bool,
}

impl Staging {
    /// Makes the folder, or takes over what an earlier run left.
    ///
    /// # Errors
    /// A sentence: another run has it, it is not certain that it is ours, or
    /// it cannot be written.
    pub fn begin(folder: &Path) -> Result<(Self, Found), String> {
        let at = folder.display();
        let failed = |error: io::Error| format!("{at} cannot be written: {error}");
        match fs::create_dir(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // An empty one was left before it was marked, or is being
                // marked now: of two that do this, one fails to mark it.
                if fs::remove_dir(folder).is_err() {
                    return Self::take_over(folder);
                }
                fs::create_dir(folder).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        let mut run = File::create_new(folder.join("run")).map_err(failed)?;
        match run.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(busy(folder)),
            // A disk without locks: whoever finds the folder leaves it.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        run.write_all(MARKER.as_bytes()).map_err(failed)?;
        let staging = Self { folder: folder.to_owned(), run: Some(run), placing: false };
        fs::create_dir(staging.new_files()).map_err(failed)?;
        Ok((staging, Found::Nothing))
    }

    fn take_over(folder: &Path) -> Result<(Self, Found), String> {
        let at = folder.display();
        let foreign = || format!("{at} is not of this program; move it away");
        let unclear = |error: io::Error| {
            format!(
                "{at} is of a run that is going on or was stopped ({error}); if none is going on, remove it"
            )
        };
        let real = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_symlink());
        let path = folder.join("run");
        if !real(folder) || !real(&path) {
            return Err(foreign());
        }
        let mut run = OpenOptions::new().read(true).write(true).open(&path).map_err(unclear)?;
        match run.try_lock() {
            Ok(()) if is_at(&run, &path) => {}
            Ok(()) | Err(TryLockError::WouldBlock) => return Err(busy(folder)),
            Err(TryLockError::Error(error)) => return Err(unclear(error)),
        }
        let mut text = Vec::new();
        (&run).take(MARKER.len() as u64 + 1).read_to_end(&mut text).map_err(unclear)?;
        if text.is_empty() && fs::read_dir(folder).map_err(unclear)?.count() == 1 {
            run.rewind().and_then(|()| run.write_all(MARKER.as_bytes())).map_err(unclear)?;
        } else if text != MARKER.as_bytes() {
            return Err(foreign());
        }
        let mut staging = Self { folder: folder.to_owned(), run: Some(run), placing: false };
        if staging.mark().exists() {
            staging.placing = true;
            return Ok((staging, Found::Unplaced));
        }
        staging.empty().map_err(unclear)?;
        Ok((staging, Found::Remains))
    }

    /// Where the new files lie until they are whole.
    pub fn new_files(&self) -> PathBuf {
        self.folder.join("new")
    }

    /// The place of one new file; the folders on the way are made.
    ///
    /// # Errors
    /// The path leaves the bundle, or a folder cannot be made.
    pub fn prepare(&self, path: &str) -> io::Result<PathBuf> {
        let place = self.new_files().join(checked(path)?);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(place)
    }

    /// Notes that everything is written and is now put in place: from here on
    /// the next run finishes what this one does not.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn start_placing(&mut self) -> io::Result<()> {
        self.placing = true;
        File::create(self.mark())?.sync_all()
    }

    /// Removes whatever was written, and begins anew in the same folder.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn empty(&mut self) -> io::Result<()> {
        gone(fs::remove_dir_all(self.new_files()))?;
        gone(fs::remove_file(self.mark()))?;
        self.placing = false;
        fs::create_dir(self.new_files())
    }

    /// Removes the folder.
    ///
    /// # Errors
    /// The disk refuses, or somebody put something into the folder.
    pub fn remove(&mut self) -> io::Result<()> {
        // Nothing to remove twice, and no folder that another run has made.
        let Some(run) = self.run.take() else { return Ok(()) };
        gone(fs::remove_dir_all(self.new_files()))?;
        gone(fs::remove_file(self.mark()))?;
        fs::remove_file(self.folder.join("run"))?;
        drop(run);
        fs::remove_dir(&self.folder)
    }

    /// What is left when the run is killed: its lock is gone, all else is there.
    #[cfg(test)]
    pub(super) fn killed(mut self) {
        drop(self.run.take());
    }

    fn mark(&self) -> PathBuf {
        self.folder.join("placing")
    }
}

impl Drop for Staging {
    /// What is not finished leaves nothing behind.
    fn drop(&mut self) {
        if !self.placing {
            // Nothing more can be done about a disk that refuses even this.
            self.remove().unwrap_or_default();
        }
    }
}

/// A path of the bundle, if it stays inside it.
///
/// # Errors
/// It leads elsewhere.
pub fn checked(path: &str) -> io::Result<&Path> {
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
    let path = Path::new(path);
    if path.as_os_str().is_empty() || !path.components().all(inside) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path leaves the bundle"));
    }
    Ok(path)
}

fn busy(folder: &Path) -> String {
    let place = folder.parent().unwrap_or(folder).display();
    format!("another run is writing to {place} now; wait for it, or choose another place")
}

/// What was not there need not be removed.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether the file that was locked is still the one of that name: another
/// run may have removed it at its end.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().and_then(|a| Ok(same(a, fs::symlink_metadata(path)?))).unwrap_or(false)
}

/// An open file keeps its name here.
#[cfg(windows)]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn killed(folder: &Path) {
        let (staging, _) = Staging::begin(folder).unwrap();
        fs::write(staging.prepare("media/a.jpg").unwrap(), "half").unwrap();
        staging.killed();
    }

    #[test]
    fn what_a_killed_run_left_is_removed_by_the_next() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join(PREFIX);
        killed(&folder);
        assert!(folder.join("new/media/a.jpg").exists());
        let (mut staging, found) = Staging::begin(&folder).unwrap();
        assert_eq!(found, Found::Remains);
        assert_eq!(fs::read_dir(staging.new_files()).unwrap().count(), 0);
        staging.remove().unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn a_run_that_goes_on_is_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join(PREFIX);
        let (staging, _) = Staging::begin(&folder).unwrap();
        fs::write(staging.prepare("a.jpg").unwrap(), "half").unwrap();
        let refused = Staging::begin(&folder).unwrap_err();
        assert!(refused.contains("another run is writing"), "{refused}");
        assert!(folder.join("new/a.jpg").exists());
        drop(staging);
        assert!(!folder.exists());
    }

    #[test]
    fn a_folder_that_is_not_certainly_ours_stays() {
        let temp = tempfile::tempdir().unwrap();
        for (name, text) in [("notes.txt", "mine"), ("run", "mine"), ("run", "")] {
            let folder = temp.path().join(format!("{PREFIX}-{}{}", name, text.len()));
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("diary"), "mine").unwrap();
            fs::write(folder.join(name), text).unwrap();
            let refused = Staging::begin(&folder).unwrap_err();
            assert!(refused.contains("move it away"), "{refused}");
            assert!(folder.join("diary").exists() && folder.join(name).exists());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_the_folder_is_not_followed() {
        let temp = tempfile::tempdir().unwrap();
        let other = temp.path().join("other");
        killed(&other);
        let folder = temp.path().join(PREFIX);
        std::os::unix::fs::symlink(&other, &folder).unwrap();
        assert!(Staging::begin(&folder).unwrap_err().contains("move it away"));
        assert!(other.join("new/media/a.jpg").exists());
    }

    #[test]
    fn one_that_was_killed_before_it_was_marked_is_taken_over() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join(PREFIX);
        fs::create_dir(&folder).unwrap();
        drop(Staging::begin(&folder).unwrap());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("run"), "").unwrap();
        drop(Staging::begin(&folder).unwrap());
        assert!(!folder.exists());
    }

    #[test]
    fn a_path_that_leaves_the_bundle_is_refused() {
        for path in ["../a", "/a", "a/../../b", ""] {
            assert!(checked(path).is_err(), "{path}");
        }
        assert!(checked("media/a.jpg").is_ok());
    }
}
