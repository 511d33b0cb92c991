//! A folder and what lies below it, on systems without handles of folders: each part
//! of the way is looked at before it is used. Nothing is written over.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use heirloom_core::rebuild::trash::{Form, Seen, Time};

/// A path below a tree: the bytes of each name.
pub type Names = [Vec<u8>];

/// A folder.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
}

/// How a move went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It is there.
    There,
    /// Something lies there.
    Taken,
    /// It must be copied.
    Elsewhere,
}

impl Tree {
    /// Opens a folder that the user named.
    ///
    /// # Errors
    /// It is no folder, or may not be opened.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(folder)?;
        fs::read_dir(&root)?;
        Ok(Self { root })
    }

    /// A folder below.
    ///
    /// # Errors
    /// As [`Tree::open`]; it is reached by a link.
    pub fn below(&self, names: &Names) -> io::Result<Self> {
        let root = self.at(names)?;
        let meta = fs::symlink_metadata(&root)?;
        if meta.is_dir() { Ok(Self { root }) } else { Err(io::Error::other("it is no folder")) }
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// There is something; it cannot be made.
    pub fn make(&self, names: &Names) -> io::Result<()> {
        fs::create_dir(self.at(names)?)
    }

    /// What lies there.
    ///
    /// # Errors
    /// There is nothing; it is behind a link.
    pub fn look(&self, names: &Names) -> io::Result<Seen> {
        let meta = fs::symlink_metadata(self.at(names)?)?;
        let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = since.and_then(|since| {
            let seconds = i64::try_from(since.as_secs()).ok()?;
            Some(Time { seconds, nanos: since.subsec_nanos() })
        });
        let form = if meta.is_file() { Form::File } else { Form::Other };
        Ok(Seen { form, size: meta.len(), modified, identity: None })
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// It is no file, or may not be read.
    pub fn read(&self, names: &Names) -> io::Result<File> {
        File::open(self.file(names)?)
    }

    /// Makes a new file.
    ///
    /// # Errors
    /// There is something; it cannot be made.
    pub fn create(&self, names: &Names) -> io::Result<File> {
        File::create_new(self.made(names)?)
    }

    /// Opens a file to write at its end.
    ///
    /// # Errors
    /// It is not there, or may not be written.
    pub fn append(&self, names: &Names) -> io::Result<File> {
        // Setting a time takes the right to write, which appending alone is not.
        use std::io::Seek;
        let mut file = File::options().write(true).open(self.file(names)?)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(file)
    }

    /// Opens a file to write it anew, made where it is missing.
    ///
    /// # Errors
    /// It may not be written.
    pub fn rewrite(&self, names: &Names) -> io::Result<File> {
        File::create(self.at(names)?)
    }

    /// Moves a file, never over anything: by a second name where there are such,
    /// otherwise after a look at the place.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn rename(&self, from: &Names, to: &Self, into: &Names) -> io::Result<Went> {
        let (from, to) = (self.file(from)?, to.made(into)?);
        match fs::hard_link(&from, &to) {
            Ok(()) => {
                fs::remove_file(&from).inspect_err(|_| {
                    // The second name goes again; the file is where it was.
                    fs::remove_file(&to).unwrap_or_default();
                })?;
                return Ok(Went::There);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Went::Taken),
            Err(error) if error.kind() == ErrorKind::CrossesDevices => return Ok(Went::Elsewhere),
            Err(_) => {}
        }
        if fs::symlink_metadata(&to).is_ok() {
            return Ok(Went::Taken);
        }
        match fs::rename(&from, &to) {
            Ok(()) => Ok(Went::There),
            Err(error) if error.kind() == ErrorKind::CrossesDevices => Ok(Went::Elsewhere),
            Err(error) => Err(error),
        }
    }

    /// Replaces a file by another one in the same folder.
    ///
    /// # Errors
    /// It cannot be replaced.
    pub fn replace(&self, new: &Names, old: &Names) -> io::Result<()> {
        fs::rename(self.at(new)?, self.at(old)?)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// There is none; it cannot be removed.
    pub fn remove(&self, names: &Names) -> io::Result<()> {
        fs::remove_file(self.at(names)?)
    }

    /// Makes it durable what a file's folder holds: the system does so by itself.
    ///
    /// # Errors
    /// Never.
    pub fn sync(&self, _names: &Names) -> io::Result<()> {
        Ok(())
    }

    /// Sets when a file changed last.
    ///
    /// # Errors
    /// It may not be written.
    pub fn date(&self, names: &Names, modified: Time) -> io::Result<()> {
        File::options().write(true).open(self.file(names)?)?.set_modified(time(modified)?)
    }

    /// Removes empty folders below.
    ///
    /// # Errors
    /// One cannot be looked into.
    pub fn tidy(&self) -> io::Result<()> {
        for name in self.folders()? {
            let below = self.below(std::slice::from_ref(&name))?;
            below.tidy()?;
            // A folder that is not empty stays.
            fs::remove_dir(below.root).unwrap_or_default();
        }
        Ok(())
    }

    /// Removes a folder if it is empty.
    ///
    /// # Errors
    /// It is not.
    pub fn remove_folder(&self, names: &Names) -> io::Result<()> {
        fs::remove_dir(self.at(names)?)
    }

    /// The folders below, sorted.
    ///
    /// # Errors
    /// It cannot be listed.
    pub fn folders(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut found = Vec::new();
        for child in fs::read_dir(&self.root)? {
            let child = child?;
            if child.file_type()?.is_dir() {
                found.push(child.file_name().into_encoded_bytes());
            }
        }
        found.sort();
        Ok(found)
    }

    /// A place, if no link is on the way to it.
    fn at(&self, names: &Names) -> io::Result<PathBuf> {
        let mut at = self.root.clone();
        for (number, name) in names.iter().enumerate() {
            if number > 0 && !fs::symlink_metadata(&at)?.is_dir() {
                return Err(io::Error::other("a link or a file is on the way to it"));
            }
            at.push(std::str::from_utf8(name).map_err(io::Error::other)?);
        }
        Ok(at)
    }

    /// The same, and the folders on the way are made.
    fn made(&self, names: &Names) -> io::Result<PathBuf> {
        for end in 1..names.len() {
            match fs::create_dir(self.at(&names[..end])?) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        self.at(names)
    }

    /// The place of a file, if it is one.
    fn file(&self, names: &Names) -> io::Result<PathBuf> {
        let at = self.at(names)?;
        let is_file = fs::symlink_metadata(&at)?.is_file();
        if is_file { Ok(at) } else { Err(io::Error::other("it is no file")) }
    }
}

/// Gives a copy the time of a file, and who may do what with it. Durable.
///
/// # Errors
/// The storage refuses.
pub fn seal(copy: &File, of: &File, modified: Option<Time>) -> io::Result<()> {
    if let Some(modified) = modified {
        copy.set_modified(time(modified)?)?;
    }
    copy.sync_all()?;
    // A file that may not be written keeps that.
    copy.set_permissions(of.metadata()?.permissions())
}

fn time(time: Time) -> io::Result<SystemTime> {
    let since = Duration::new(time.seconds.unsigned_abs(), 0);
    let nanos = Duration::new(0, time.nanos);
    let whole = if time.seconds < 0 {
        UNIX_EPOCH.checked_sub(since)
    } else {
        UNIX_EPOCH.checked_add(since)
    };
    let date = whole.and_then(|whole| whole.checked_add(nanos));
    date.ok_or_else(|| io::Error::other("it has a time that this system cannot have"))
}
