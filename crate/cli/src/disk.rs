//! The inputs on disk: walking folders, reading files. Opens for reading only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use heirloom_core::collect::placeholder;
use heirloom_core::error::{Issue, Problem};
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::job::Sides;
use heirloom_core::model::{Entry, FileId};

/// What systems leave in folders; never a medium of anyone's.
const JUNK: [&str; 5] = ["thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin"];

/// Every file of the inputs, by the number the core knows it by.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What the core is told.
    pub sides: Sides,
    /// What could not be walked.
    pub issues: Vec<Issue>,
    paths: Vec<PathBuf>,
    /// Every folder that was walked, and its real place.
    folders: BTreeMap<Identity, PathBuf>,
    /// Real folders of files that are reached by a link or named alone.
    homes: BTreeSet<PathBuf>,
}

/// What tells a folder from every other however it is reached: through links,
/// mounts, or names in another case of letters.
#[cfg(unix)]
pub type Identity = (u64, u64);

/// The real place, as the system spells it.
#[cfg(windows)]
pub type Identity = PathBuf;

/// Which folder this is.
///
/// # Errors
/// There is none.
#[cfg(unix)]
pub fn identity(folder: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).map(|meta| (meta.dev(), meta.ino()))
}

/// Which folder this is.
///
/// # Errors
/// There is none.
#[cfg(windows)]
pub fn identity(folder: &Path) -> io::Result<Identity> {
    fs::canonicalize(folder)
}

/// Whether an operating system leaves files or folders of this name behind.
pub fn is_junk(name: &str) -> bool {
    let name = name.to_lowercase();
    name == ".ds_store" || JUNK.contains(&name.as_str())
}

impl Inputs {
    /// Adds the export: a folder or a zip.
    ///
    /// # Errors
    /// There is nothing at `path`, or it may not be read.
    pub fn add_export(&mut self, path: &Path) -> io::Result<()> {
        if fs::metadata(path)?.is_dir() {
            return self.add_folder(Side::Export, path, "");
        }
        File::open(path)?;
        self.homes.extend(home(path)?);
        let name = path.file_name().map_or_else(String::new, |name| lossy(name.as_ref()));
        self.add_file(Side::Export, path.to_owned(), name)
    }

    /// Adds folders of originals. With more than one, each path starts with
    /// its folder's name (numbered where two are called the same).
    ///
    /// # Errors
    /// One of them is no folder, or may not be read.
    pub fn add_originals(&mut self, folders: &[PathBuf]) -> io::Result<()> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for folder in folders {
            let prefix = if folders.len() == 1 {
                String::new()
            } else {
                let whole = fs::canonicalize(folder)?;
                let name =
                    whole.file_name().map_or("originals".into(), |name| lossy(name.as_ref()));
                format!("{}/", unused(&name, |candidate| !names.contains(candidate)))
            };
            names.insert(prefix.trim_end_matches('/').to_owned());
            self.add_folder(Side::Originals, folder, &prefix)?;
        }
        Ok(())
    }

    /// Adds a file that belongs to the export and lies elsewhere. `path` is how
    /// it is seen from the export.
    ///
    /// # Errors
    /// It is not there, or may not be read.
    pub fn add_beside(&mut self, file: PathBuf, path: String) -> io::Result<FileId> {
        self.add_file(Side::Export, file, path)?;
        let number = u32::try_from(self.paths.len() - 1).map_err(io::Error::other)?;
        Ok(FileId(number))
    }

    /// Where a file lies.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&Path> {
        self.paths.get(file.0 as usize).map(PathBuf::as_path)
    }

    fn add_folder(&mut self, side: Side, folder: &Path, prefix: &str) -> io::Result<()> {
        let listing = fs::read_dir(folder)?;
        let mut walk = Walk { side, prefix, known: BTreeSet::new(), seen: BTreeSet::new() };
        self.enter(&mut walk, folder)?;
        self.add_listing(&mut walk, listing, "");
        Ok(())
    }

    /// Adds a folder's files in the order of their names, so that two disks
    /// that list differently give the same run.
    fn add_listing(&mut self, walk: &mut Walk<'_>, listing: fs::ReadDir, below: &str) {
        let mut children: Vec<PathBuf> = Vec::new();
        for child in listing {
            match child {
                Ok(child) => children.push(child.path()),
                Err(error) => self.suffer(format!("{}{below}", walk.prefix), &error),
            }
        }
        children.sort();
        for child in children {
            let Some(name) = child.file_name().map(|name| lossy(name.as_ref())) else { continue };
            // Placeholders are no files, but are counted.
            let hidden = name.starts_with('.') && placeholder(&name).is_none();
            if hidden || is_junk(&name) {
                continue;
            }
            let free = |candidate: &str| !walk.known.contains(candidate);
            let path = unused(&format!("{}{below}{name}", walk.prefix), free);
            walk.known.insert(path.clone());
            if let Err(error) = self.add_child(walk, child, &path) {
                self.suffer(path, &error);
            }
        }
    }

    fn add_child(&mut self, walk: &mut Walk<'_>, child: PathBuf, path: &str) -> io::Result<()> {
        let meta = fs::metadata(&child)?;
        if meta.is_dir() {
            // A folder reached twice (a link to one of its parents) is walked once.
            if self.enter(walk, &child)? {
                let listing = fs::read_dir(&child)?;
                let below = format!("{}/", path.strip_prefix(walk.prefix).unwrap_or(path));
                self.add_listing(walk, listing, &below);
            }
            return Ok(());
        }
        // Pipes and devices would never end.
        if !meta.is_file() {
            return Ok(());
        }
        if fs::symlink_metadata(&child)?.is_symlink() {
            self.homes.extend(home(&child)?);
        }
        self.add_file(walk.side, child, path.to_owned())
    }

    /// Whether a folder was not walked before.
    fn enter(&mut self, walk: &mut Walk<'_>, folder: &Path) -> io::Result<bool> {
        let real = fs::canonicalize(folder)?;
        self.folders.insert(identity(&real)?, real.clone());
        Ok(walk.seen.insert(real))
    }

    /// Whether this is one of the folders that were walked.
    pub fn is_folder(&self, known: &Identity) -> bool {
        self.folders.contains_key(known)
    }

    /// The input in which a place lies, if it lies in one.
    pub fn around(&self, place: &Path) -> Option<&Path> {
        let known = place.ancestors().filter_map(|folder| identity(folder).ok());
        known.filter_map(|known| self.folders.get(&known)).map(PathBuf::as_path).next()
    }

    /// An input that lies in this folder, if one does.
    pub fn inside(&self, folder: &Path) -> Option<&Path> {
        let known = identity(folder).ok()?;
        let mut looked = BTreeSet::new();
        let inputs = self.folders.values().chain(&self.homes);
        let mut inputs = inputs.map(PathBuf::as_path);
        inputs.find(|input| {
            let new = input.ancestors().take_while(|place| looked.insert(*place));
            new.into_iter().any(|place| identity(place).is_ok_and(|found| found == known))
        })
    }

    fn add_file(&mut self, side: Side, file: PathBuf, path: String) -> io::Result<()> {
        let meta = fs::metadata(&file)?;
        let number = u32::try_from(self.paths.len()).map_err(io::Error::other)?;
        let modified = meta.modified().ok().and_then(|time| {
            let since = time.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(since.as_secs()).ok()
        });
        let entry = Entry { file: FileId(number), path, size: meta.len(), modified };
        match side {
            Side::Export => self.sides.export.push(entry),
            Side::Originals => self.sides.originals.push(entry),
        }
        self.paths.push(file);
        Ok(())
    }

    fn suffer(&mut self, path: String, error: &io::Error) {
        self.issues.push(Issue { path, problem: Problem::unreadable(error) });
    }
}

/// Which of the two inputs a file was found in.
#[derive(Debug, Clone, Copy)]
enum Side {
    Export,
    Originals,
}

struct Walk<'a> {
    side: Side,
    prefix: &'a str,
    /// Paths given to the core.
    known: BTreeSet<String>,
    /// Folders, by their real place.
    seen: BTreeSet<PathBuf>,
}

impl Files for &Inputs {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let path = self.path(file).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(OnDisk::new(File::open(path)?)?))
    }
}

/// One file, open for reading.
pub struct OnDisk {
    file: File,
    size: u64,
}

impl OnDisk {
    /// A file with the size that it has now.
    ///
    /// # Errors
    /// The system does not tell its size.
    pub fn new(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

impl ReadAt for OnDisk {
    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buf, pos)
    }

    #[cfg(windows)]
    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buf, pos)
    }
}

/// The real folder of a file.
fn home(file: &Path) -> io::Result<Option<PathBuf>> {
    Ok(fs::canonicalize(file)?.parent().map(Path::to_owned))
}

/// A name for the screen; bytes that are no text show as `�`, and the file is
/// still opened by its real name.
fn lossy(name: &Path) -> String {
    name.to_string_lossy().into_owned()
}

/// The name itself, or the first of `name (2)`, `name (3)` … that is free: two
/// names that are no text may look the same.
pub fn unused(name: &str, free: impl Fn(&str) -> bool) -> String {
    let numbered = (2u32..).map(|n| format!("{name} ({n})"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| free(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(folder: &Path) -> Inputs {
        let mut inputs = Inputs::default();
        inputs.add_originals(&[folder.to_owned()]).unwrap();
        inputs
    }

    fn paths(inputs: &Inputs) -> Vec<&str> {
        inputs.sides.originals.iter().map(|entry| entry.path.as_str()).collect()
    }

    #[test]
    fn a_walk_is_sorted_and_leaves_junk_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        fs::create_dir_all(folder.path().join("__MACOSX")).unwrap();
        for name in ["z.jpg", "b/c/2.jpg", "b/1.jpg", ".DS_Store", "__MACOSX/._a", "Thumbs.db"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let inputs = walked(folder.path());
        assert_eq!(paths(&inputs), ["b/1.jpg", "b/c/2.jpg", "z.jpg"]);
        let mut bytes = [0; 9];
        let count = (&inputs).open(FileId(1)).unwrap().read_at(2, &mut bytes).unwrap();
        assert_eq!(&bytes[..count], b"c/2.jpg");
    }

    #[test]
    fn what_lies_in_icloud_is_not_hidden() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".IMG_1.HEIC.icloud", ".hidden.jpg", "a.jpg"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        assert_eq!(paths(&walked(folder.path())), [".IMG_1.HEIC.icloud", "a.jpg"]);
    }

    #[test]
    fn folders_of_the_same_name_stay_apart() {
        let folder = tempfile::tempdir().unwrap();
        let roots = ["one/DCIM", "two/DCIM"].map(|name| folder.path().join(name));
        for root in &roots {
            fs::create_dir_all(root).unwrap();
            fs::write(root.join("a.jpg"), "a").unwrap();
        }
        let mut inputs = Inputs::default();
        inputs.add_originals(&roots).unwrap();
        assert_eq!(paths(&inputs), ["DCIM/a.jpg", "DCIM (2)/a.jpg"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_parent_does_not_loop() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/1.jpg"), "1").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("b/again")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("lost.jpg")).unwrap();
        let inputs = walked(folder.path());
        assert_eq!(paths(&inputs), ["b/1.jpg"]);
        assert_eq!(inputs.issues.len(), 1);
        assert_eq!(inputs.issues[0].path, "lost.jpg");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_shown_and_opened() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        for bytes in [b"\xff.jpg", b"\xfe.jpg"] {
            fs::write(folder.path().join(std::ffi::OsStr::from_bytes(bytes)), bytes).unwrap();
        }
        let inputs = walked(folder.path());
        assert_eq!(paths(&inputs), ["\u{fffd}.jpg", "\u{fffd}.jpg (2)"]);
        assert!(inputs.sides.originals.iter().all(|entry| (&inputs).open(entry.file).is_ok()));
    }
}
