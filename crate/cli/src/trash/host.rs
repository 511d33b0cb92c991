//! Does what a run of the trash asks for, on the disk.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use heirloom_core::rebuild::trash::{Act, Outcome, PART, Place, Record};
use heirloom_core::relpath::RelPath;

use super::Root;
use super::tree::{self, Names, Tree, Went};

/// The given folders, and the run's own.
pub struct Host<'a> {
    given: &'a [Tree],
    /// Where the given folders are.
    roots: &'a [Root],
    /// None for the system's trash.
    run: Option<Tree>,
    /// The file that was read or copied last, and how far.
    reading: Option<(Place, u64, File)>,
}

impl<'a> Host<'a> {
    /// A host for a run with this folder of its own.
    pub fn new(given: &'a [Tree], run: Tree) -> Self {
        Self { given, roots: &[], run: Some(run), reading: None }
    }

    /// A host for files that go to the system's trash.
    pub fn of_system(given: &'a [Tree], roots: &'a [Root]) -> Self {
        Self { given, roots, run: None, reading: None }
    }

    /// Does one act.
    pub fn perform(&mut self, act: &Act) -> Outcome {
        let done = |done: io::Result<()>| done.map(|()| Outcome::Done);
        let (outcome, what) = match act {
            Act::Keep(record, bytes) => {
                (done(self.keep(*record, bytes.as_deref())), "cannot be written")
            }
            Act::Recall(record, most) => (self.recall(*record, *most), "cannot be read"),
            Act::Look(place) => (self.at(place, Tree::look).map(Outcome::Seen), "cannot be read"),
            Act::Read(place, from, most) => {
                (self.read(place, *from, *most).map(Outcome::Bytes), "cannot be read")
            }
            Act::Move(from, to) => (self.rename(from, to), "cannot be moved"),
            Act::Copy(from, to, at, most) => (self.copy(from, to, *at, *most), "cannot be copied"),
            Act::Seal { copy, of, modified } => {
                let seal = || {
                    tree::seal(&self.at(copy, Tree::append)?, &self.at(of, Tree::read)?, *modified)
                };
                (done(seal()), "cannot be written")
            }
            Act::Date(place, modified) => {
                let date = |tree: &Tree, names: &Names| tree.date(names, *modified);
                (done(self.at(place, date)), "cannot be written")
            }
            Act::Remove(place) => (done(self.at(place, Tree::remove)), "cannot be removed"),
            Act::Discard(place) => {
                (done(self.discard(place)), "cannot be given to the system's trash")
            }
            Act::Sync(places) => (done(self.sync(places)), "cannot be made durable"),
            Act::Tidy => (done(self.own().and_then(Tree::tidy)), "cannot be tidied"),
        };
        outcome.unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound => Outcome::Gone,
            _ => Outcome::Failed(format!("{what}: {error}")),
        })
    }

    /// Where a place is.
    fn at<T>(
        &self,
        place: &Place,
        does: impl FnOnce(&Tree, &Names) -> io::Result<T>,
    ) -> io::Result<T> {
        let (tree, names) = self.way(place)?;
        does(tree, &names)
    }

    /// The run's own folder.
    fn own(&self) -> io::Result<&Tree> {
        self.run.as_ref().ok_or_else(|| io::Error::from(ErrorKind::Unsupported))
    }

    fn way(&self, place: &Place) -> io::Result<(&Tree, Vec<Vec<u8>>)> {
        let given = |folder: &usize| {
            self.given.get(*folder).ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))
        };
        Ok(match place {
            Place::Given(folder, path) => (given(folder)?, names(path)?),
            Place::Kept(path) => (self.own()?, names(path)?),
            Place::Part => (self.own()?, vec![PART.into()]),
            Place::Beside(folder, path, name) => {
                let mut names = names(path)?;
                names.pop();
                names.push(name.clone().into_bytes());
                (given(folder)?, names)
            }
        })
    }

    fn keep(&mut self, record: Record, bytes: Option<&[u8]>) -> io::Result<()> {
        let own = self.own()?;
        let old = [record.name().as_bytes().to_vec()];
        let Some(bytes) = bytes else {
            return match own.remove(&old) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                removed => removed,
            };
        };
        let new = [unfinished(record.name()).into_bytes()];
        let mut file = own.rewrite(&new)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.and_then(|()| own.replace(&new, &old)).inspect_err(|_| {
            // On a full disk half a record only takes room.
            own.remove(&new).unwrap_or_default();
        })
    }

    fn recall(&mut self, record: Record, most: u64) -> io::Result<Outcome> {
        let file = self.own()?.read(&[record.name().as_bytes().to_vec()])?;
        if file.metadata()?.len() > most {
            return Err(io::Error::other(format!("it has more than {most} bytes")));
        }
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(Outcome::Bytes(bytes))
    }

    /// A file open at a byte.
    fn open(&mut self, place: &Place, from: u64) -> io::Result<File> {
        if let Some((last, at, file)) = self.reading.take()
            && (&last, at) == (place, from)
            && from > 0
        {
            return Ok(file);
        }
        let mut file = self.at(place, Tree::read)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(file)
    }

    fn read(&mut self, place: &Place, from: u64, most: u64) -> io::Result<Vec<u8>> {
        let mut file = self.open(place, from)?;
        let mut bytes = Vec::new();
        (&mut file).take(most).read_to_end(&mut bytes)?;
        self.reading = Some((place.clone(), from + bytes.len() as u64, file));
        Ok(bytes)
    }

    fn rename(&mut self, from: &Place, to: &Place) -> io::Result<Outcome> {
        // Windows moves no file that is open.
        self.reading = None;
        let ((old, from), (new, to)) = (self.way(from)?, self.way(to)?);
        Ok(match old.rename(&from, new, &to)? {
            Went::There => Outcome::Done,
            Went::Taken => Outcome::Taken,
            Went::Elsewhere => Outcome::Elsewhere,
        })
    }

    /// The desktop's own means take a path; that no link is on the way was looked at.
    fn discard(&mut self, place: &Place) -> io::Result<()> {
        self.reading = None;
        let Place::Given(folder, path) = place else { return Err(ErrorKind::InvalidInput.into()) };
        self.at(place, Tree::look)?;
        let root = self.roots.get(*folder).ok_or(ErrorKind::InvalidInput)?;
        let mut at = root.at.clone();
        at.extend(names(path)?.into_iter().map(named));
        ::trash::delete(&at).map_err(io::Error::other)
    }

    fn copy(&mut self, from: &Place, to: &Place, at: u64, most: u64) -> io::Result<Outcome> {
        let mut source = self.open(from, at)?;
        let target = if at == 0 { self.at(to, Tree::create) } else { self.at(to, Tree::append) };
        let mut target = match target {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Outcome::Taken),
            target => target?,
        };
        let copied = io::copy(&mut (&mut source).take(most), &mut target)?;
        self.reading = Some((from.clone(), at + copied, source));
        Ok(Outcome::Copied(copied))
    }

    /// Each folder once.
    fn sync(&mut self, places: &[Place]) -> io::Result<()> {
        let mut folders = std::collections::BTreeSet::new();
        for place in places {
            let (tree, names) = self.way(place)?;
            let folder = names[..names.len().saturating_sub(1)].to_vec();
            let is_given = matches!(place, Place::Given(..) | Place::Beside(..));
            if folders.insert((is_given, folder)) {
                match tree.sync(&names) {
                    // Nothing is in a folder that is not there.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    synced => synced?,
                }
            }
        }
        Ok(())
    }
}

/// The name of a record that is being written.
pub fn unfinished(record: &str) -> String {
    format!("{record}.new")
}

/// The names of a path as this system has them.
#[cfg(unix)]
fn names(path: &RelPath) -> io::Result<Vec<Vec<u8>>> {
    Ok(path.bytes())
}

/// A name as this system takes it.
#[cfg(unix)]
fn named(name: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(name)
}

/// A name as this system takes it.
#[cfg(not(unix))]
fn named(name: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&name).into_owned().into()
}

/// The names of a path as this system has them: none that leads elsewhere here.
#[cfg(not(unix))]
fn names(path: &RelPath) -> io::Result<Vec<Vec<u8>>> {
    let names = path.bytes();
    let foreign = |name: &Vec<u8>| {
        std::str::from_utf8(name).is_err() || name.iter().any(|byte| b"\\:*?\"<>|".contains(byte))
    };
    if names.iter().any(foreign) {
        return Err(io::Error::other("it has a name that this system cannot have"));
    }
    Ok(names)
}
