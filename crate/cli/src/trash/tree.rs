//! A folder and what lies below it, reached by its handle and one name at a time: no
//! link on the way is followed, paths may be as long as they like, and nothing is
//! written over.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::Path;

use heirloom_core::rebuild::trash::{Form, Seen, Time};
use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, RenameFlags, Stat, Timespec, Timestamps, UTIME_OMIT,
    fchmod, fchown, fsync, futimens, linkat, mkdirat, openat, renameat, renameat_with, statat,
    unlinkat, utimensat,
};
use rustix::fs::{Gid, Uid};
use rustix::io::Errno;

/// A path below a tree: the bytes of each name.
pub type Names = [Vec<u8>];

/// How a folder is opened that is only passed through.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PASS: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PASS: OFlags = OFlags::RDONLY;

/// Only the owner may look into the trash: it may hold what lay in a folder of theirs.
const PRIVATE: Mode = Mode::RWXU;

/// A folder.
#[derive(Debug)]
pub struct Tree {
    root: OwnedFd,
}

/// Whether folders on the way are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They must be there.
    Found,
    /// They are made where they are missing.
    Made,
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
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { root: openat(CWD, folder, flags, Mode::empty())? })
    }

    /// A folder below.
    ///
    /// # Errors
    /// As [`Tree::open`]; it is reached by a link.
    pub fn below(&self, names: &Names) -> io::Result<Self> {
        let (folder, name) = self.parent(names, Way::Found)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self { root: openat(folder, name, flags, Mode::empty()).map_err(linked)? })
    }

    /// Makes a folder that only its owner may enter.
    ///
    /// # Errors
    /// There is something; it cannot be made.
    pub fn make(&self, names: &Names) -> io::Result<()> {
        let (folder, name) = self.parent(names, Way::Found)?;
        mkdirat(&folder, name, PRIVATE)?;
        sync(&folder)
    }

    /// What lies there.
    ///
    /// # Errors
    /// There is nothing; it is behind a link.
    pub fn look(&self, names: &Names) -> io::Result<Seen> {
        let (folder, name) = self.parent(names, Way::Found)?;
        Ok(seen(&statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// It is no file, or may not be read.
    pub fn read(&self, names: &Names) -> io::Result<File> {
        // A pipe that took the file's place must not be waited for.
        self.file(names, OFlags::RDONLY | OFlags::NONBLOCK, Way::Found)
    }

    /// Makes a new file.
    ///
    /// # Errors
    /// There is something; it cannot be made.
    pub fn create(&self, names: &Names) -> io::Result<File> {
        self.file(names, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL, Way::Made)
    }

    /// Opens a file to write at its end.
    ///
    /// # Errors
    /// It is not there, or may not be written.
    pub fn append(&self, names: &Names) -> io::Result<File> {
        self.file(names, OFlags::WRONLY | OFlags::APPEND, Way::Found)
    }

    /// Opens a file to write it anew, made where it is missing.
    ///
    /// # Errors
    /// It may not be written.
    pub fn rewrite(&self, names: &Names) -> io::Result<File> {
        self.file(names, OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC, Way::Found)
    }

    fn file(&self, names: &Names, flags: OFlags, way: Way) -> io::Result<File> {
        let (folder, name) = self.parent(names, way)?;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(folder, name, flags, Mode::RUSR | Mode::WUSR).map_err(linked)?;
        let file = File::from(file);
        let is_file = file.metadata()?.is_file();
        if is_file { Ok(file) } else { Err(io::Error::other("it is no file")) }
    }

    /// Moves a file, never over anything.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn rename(&self, from: &Names, to: &Self, into: &Names) -> io::Result<Went> {
        let (old_folder, old) = self.parent(from, Way::Found)?;
        let there = statat(&old_folder, &old, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(there.st_mode) != FileType::RegularFile {
            return Err(io::Error::other("it is no file"));
        }
        let (new_folder, new) = to.parent(into, Way::Made)?;
        let flags = RenameFlags::NOREPLACE;
        match renameat_with(&old_folder, &old, &new_folder, &new, flags) {
            Ok(()) => Ok(Went::There),
            Err(Errno::EXIST) => Ok(Went::Taken),
            Err(Errno::XDEV) => Ok(Went::Elsewhere),
            // The file system cannot promise it: some network drives.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                link((&old_folder, &old), (&new_folder, &new))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces a file by another one in the same folder; durable.
    ///
    /// # Errors
    /// It cannot be replaced.
    pub fn replace(&self, new: &Names, old: &Names) -> io::Result<()> {
        let ((new_folder, new), (folder, old)) =
            (self.parent(new, Way::Found)?, self.parent(old, Way::Found)?);
        renameat(new_folder, new, &folder, old)?;
        sync(&folder)
    }

    /// Removes a file; durable.
    ///
    /// # Errors
    /// There is none; it cannot be removed.
    pub fn remove(&self, names: &Names) -> io::Result<()> {
        let (folder, name) = self.parent(names, Way::Found)?;
        unlinkat(&folder, name, AtFlags::empty())?;
        sync(&folder)
    }

    /// Makes it durable what a file's folder holds.
    ///
    /// # Errors
    /// The storage refuses.
    pub fn sync(&self, names: &Names) -> io::Result<()> {
        sync(&self.parent(names, Way::Found)?.0)
    }

    /// Sets when a file changed last.
    ///
    /// # Errors
    /// It is another user's.
    pub fn date(&self, names: &Names, modified: Time) -> io::Result<()> {
        let (folder, name) = self.parent(names, Way::Found)?;
        let times = Timestamps { last_access: omitted(), last_modification: timespec(modified) };
        Ok(utimensat(folder, name, &times, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Removes empty folders below, and then this one by its name in `above`.
    ///
    /// # Errors
    /// One cannot be looked into.
    pub fn tidy(&self) -> io::Result<()> {
        tidy(&self.root)
    }

    /// Removes a folder if it is empty.
    ///
    /// # Errors
    /// It is not.
    pub fn remove_folder(&self, names: &Names) -> io::Result<()> {
        let (folder, name) = self.parent(names, Way::Found)?;
        unlinkat(&folder, name, AtFlags::REMOVEDIR)?;
        sync(&folder)
    }

    /// The folders below, sorted.
    ///
    /// # Errors
    /// It cannot be listed.
    pub fn folders(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut found = children(&self.root)?;
        found.retain(|name| {
            let stat = statat(&self.root, name, AtFlags::SYMLINK_NOFOLLOW);
            stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory)
        });
        Ok(found.into_iter().map(CString::into_bytes).collect())
    }

    /// The folder in which a path's last name is, and that name.
    fn parent(&self, names: &Names, way: Way) -> io::Result<(OwnedFd, CString)> {
        let (last, folders) = names.split_last().ok_or(ErrorKind::InvalidInput)?;
        // The storage is asked to make things durable by a handle that was opened to
        // read, so the last folder is opened so where that is allowed.
        let mut here = None;
        for (at, name) in folders.iter().enumerate() {
            let name = CString::new(name.as_slice())?;
            let above = here.as_ref().unwrap_or(&self.root);
            let last = at + 1 == folders.len();
            here = Some(enter(above, &name, last, way)?);
        }
        let here = match here {
            Some(here) => here,
            None => self.root.try_clone()?,
        };
        Ok((here, CString::new(last.as_slice())?))
    }
}

/// Opens a folder below a folder.
fn enter(above: &OwnedFd, name: &CString, last: bool, way: Way) -> io::Result<OwnedFd> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = || match openat(above, name, flags | OFlags::RDONLY, Mode::empty()) {
        Err(Errno::ACCESS) => openat(above, name, flags | PASS, Mode::empty()),
        opened => opened,
    };
    let pass = || openat(above, name, flags | PASS, Mode::empty());
    let opened = if last { open() } else { pass() };
    match opened {
        Err(Errno::NOENT) if way == Way::Made => {
            match mkdirat(above, name, Mode::RWXU | Mode::RWXG | Mode::RWXO) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            let made = open().map_err(linked)?;
            // A handle that only passes through cannot: then the folder's own files do.
            sync(above).unwrap_or_default();
            Ok(made)
        }
        opened => opened.map_err(linked),
    }
}

/// A second name, then no first one: for file systems that cannot promise not to
/// write over. Where there are no second names, the place is looked at before.
fn link(old: (&OwnedFd, &CString), new: (&OwnedFd, &CString)) -> io::Result<Went> {
    match linkat(old.0, old.1, new.0, new.1, AtFlags::empty()) {
        Ok(()) => {
            unlinkat(old.0, old.1, AtFlags::empty())?;
            Ok(Went::There)
        }
        Err(Errno::EXIST) => Ok(Went::Taken),
        Err(Errno::XDEV) => Ok(Went::Elsewhere),
        Err(Errno::PERM | Errno::NOTSUP | Errno::NOSYS | Errno::MLINK | Errno::INVAL) => {
            match statat(new.0, new.1, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(_) => Ok(Went::Taken),
                Err(Errno::NOENT) => {
                    renameat(old.0, old.1, new.0, new.1)?;
                    Ok(Went::There)
                }
                Err(error) => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a copy the time of a file, and who may do what with it; what the file system
/// does not allow is left. Durable.
///
/// # Errors
/// The storage refuses.
pub fn seal(copy: &File, of: &File, modified: Option<Time>) -> io::Result<()> {
    let stat = rustix::fs::fstat(of)?;
    let (owner, group) = (Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid));
    fchown(copy, Some(owner), Some(group)).unwrap_or_default();
    fchmod(copy, Mode::from_raw_mode(stat.st_mode)).unwrap_or_default();
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    labels(copy, of).unwrap_or_default();
    if let Some(modified) = modified {
        let times = Timestamps { last_access: omitted(), last_modification: timespec(modified) };
        futimens(copy, &times)?;
    }
    copy.sync_all()
}

/// Copies extended attributes, such as the tags of a desktop.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn labels(copy: &File, of: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};
    /// Most bytes of all names, and of one value: the limit of Linux.
    const MOST: usize = 64 << 10;
    let mut names = vec![0; MOST];
    let length = flistxattr(of, &mut names[..])?;
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; MOST];
        let length = fgetxattr(of, name, &mut value[..])?;
        // Some belong to the system, and are not for programs to set.
        fsetxattr(copy, name, &value[..length], XattrFlags::empty()).unwrap_or_default();
    }
    Ok(())
}

fn sync(folder: &OwnedFd) -> io::Result<()> {
    match fsync(folder) {
        // Some file systems have nothing to make durable; a folder that may not be
        // read cannot be asked.
        Ok(()) | Err(Errno::INVAL | Errno::BADF | Errno::NOTSUP) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn children(folder: &OwnedFd) -> io::Result<Vec<CString>> {
    let mut found = Vec::new();
    for child in Dir::read_from(folder)? {
        let name = child?.file_name().to_owned();
        if !matches!(name.as_bytes(), b"." | b"..") {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn tidy(folder: &OwnedFd) -> io::Result<()> {
    for name in children(folder)? {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Ok(below) = openat(folder, &name, flags, Mode::empty()) {
            tidy(&below)?;
            // A folder that is not empty stays.
            unlinkat(folder, &name, AtFlags::REMOVEDIR).unwrap_or_default();
        }
    }
    Ok(())
}

#[allow(clippy::unnecessary_cast)] // Their types differ from system to system.
fn seen(stat: &Stat) -> Seen {
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    let nanos = u32::try_from(stat.st_mtime_nsec).unwrap_or(0);
    Seen {
        form: if is_file { Form::File } else { Form::Other },
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified: Some(Time { seconds: stat.st_mtime as i64, nanos }),
        identity: Some((stat.st_dev as u64, stat.st_ino as u64)),
    }
}

fn omitted() -> Timespec {
    Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }
}

fn timespec(time: Time) -> Timespec {
    Timespec { tv_sec: time.seconds, tv_nsec: time.nanos.into() }
}

/// A link where a folder or file should be is said as what it is.
fn linked(error: Errno) -> io::Error {
    match error {
        Errno::LOOP | Errno::NOTDIR => io::Error::other("a link or a file is on the way to it"),
        error => error.into(),
    }
}
