//! The trash of a folder: one run at a time works in it, each run has a folder of its
//! own, and what an earlier one left unfinished is settled first.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use heirloom_core::plan::trash::{TRASH, Unit};
use heirloom_core::progress::{Progress, Stage};
use heirloom_core::rebuild::trash::{
    Done, JOURNAL, MANIFEST, Next, Run, Task, discard, recover, restore, trash,
};
use heirloom_core::relpath::spelled;

use super::Root;
use super::host::{Host, unfinished};
use super::tree::Tree;
use crate::Outcome;
use crate::show::Show;
use crate::stop;

/// Of which a run that works in a trash holds the lock.
const LOCK: &str = ".lock";

/// The trash of a folder, locked as long as this is there.
pub struct Ground<'a> {
    /// The given folders, of which one has this trash.
    given: &'a [Tree],
    folder: usize,
    place: PathBuf,
    trash: Tree,
    _lock: File,
}

/// What came of a run, and in which folder.
pub struct Ran {
    /// The run's own folder.
    pub place: PathBuf,
    /// What came of it.
    pub done: Done,
}

impl<'a> Ground<'a> {
    /// Opens the trash of a folder for a run, or makes it.
    ///
    /// # Errors
    /// It cannot be made or written; another run works in it.
    pub fn made(given: &'a [Tree], folder: usize, at: &Path) -> Outcome<Self> {
        let place = at.join(TRASH);
        let tree = given.get(folder).ok_or("there is no such folder")?;
        match tree.make(&[TRASH.into()]) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(format!("{} cannot be made: {error}", place.display()))
            }
            _ => Self::found(given, folder, at),
        }
    }

    /// Opens the trash that a folder has.
    ///
    /// # Errors
    /// There is none, or it cannot be written; another run works in it.
    pub fn found(given: &'a [Tree], folder: usize, at: &Path) -> Outcome<Self> {
        let place = at.join(TRASH);
        let said = |error: io::Error| format!("{} cannot be used: {error}", place.display());
        let tree = given.get(folder).ok_or("there is no such folder")?;
        let trash = tree.below(&[TRASH.into()]).map_err(said)?;
        let lock = trash.rewrite(&[LOCK.into()]).map_err(said)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!("another run is using {}; try again later", place.display()));
            }
            // Some network drives know no locks.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(said(error)),
        }
        Ok(Self { given, folder, place, trash, _lock: lock })
    }

    /// Settles what earlier runs left unfinished; one result for each of them.
    ///
    /// # Errors
    /// The trash cannot be listed.
    pub fn settle(&self) -> Outcome<Vec<Ran>> {
        let said = |error: io::Error| format!("{} cannot be read: {error}", self.place.display());
        let mut settled = Vec::new();
        for name in self.trash.folders().map_err(said)? {
            let begun = self.trash.look(&[name.clone(), JOURNAL.into()]);
            if begun.is_ok() {
                settled.push(self.run(&name, &mut recover(self.folder), &mut Show::Quiet)?);
            }
            // What a kill left of a record that was being written, and of a run that had
            // not begun.
            for record in [JOURNAL, MANIFEST] {
                let new = [name.clone(), unfinished(record).into_bytes()];
                self.trash.remove(&new).unwrap_or_default();
            }
            self.trash.remove_folder(&[name]).unwrap_or_default();
        }
        Ok(settled)
    }

    /// Moves units to the trash.
    ///
    /// # Errors
    /// No folder can be made for the run.
    pub fn trash(&self, units: Vec<Unit>, now: &str, show: &mut Show) -> Outcome<Ran> {
        let name = self.own_folder(now)?;
        let task = Task { folder: self.folder, when: now.to_owned(), units };
        let ran = self.run(&name, &mut trash(task), show);
        // A run that moved nothing has left an empty one.
        self.trash.remove_folder(&[name]).unwrap_or_default();
        ran
    }

    /// Puts back what one run moved.
    ///
    /// # Errors
    /// It has no folder.
    pub fn restore(&self, name: &[u8], show: &mut Show) -> Outcome<Ran> {
        self.run(name, &mut restore(self.folder), show)
    }

    /// The names of all runs that have a manifest, sorted.
    ///
    /// # Errors
    /// The trash cannot be listed.
    pub fn runs(&self) -> Outcome<Vec<Vec<u8>>> {
        let said = |error: io::Error| format!("{} cannot be read: {error}", self.place.display());
        let mut runs = self.trash.folders().map_err(said)?;
        runs.retain(|name| self.trash.look(&[name.clone(), MANIFEST.into()]).is_ok());
        Ok(runs)
    }

    /// Makes a new folder, named after the time.
    fn own_folder(&self, now: &str) -> Outcome<Vec<u8>> {
        // Not all systems allow a colon in a name.
        let name = now.replace('T', " ").replace(':', "-").replace('Z', "");
        let names = (2..).map(|number| format!("{name} ({number})"));
        for name in std::iter::once(name.clone()).chain(names) {
            let made = self.trash.make(&[name.clone().into_bytes()]);
            match made {
                Ok(()) => return Ok(name.into_bytes()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    let place = self.place.join(name);
                    return Err(format!("{} cannot be made: {error}", place.display()));
                }
            }
        }
        Err("there is no free name in the trash".into())
    }

    fn run(&self, name: &[u8], run: &mut Run<Done>, show: &mut Show) -> Outcome<Ran> {
        let place = self.place.join(spelled(name));
        let own = self.trash.below(&[name.to_owned()]);
        let own = own.map_err(|error| format!("{} cannot be opened: {error}", place.display()))?;
        let done = drive(&mut Host::new(self.given, own), run, show);
        Ok(Ran { place, done })
    }
}

/// Gives units of one folder to the system's trash.
pub fn to_system(
    given: &[Tree],
    roots: &[Root],
    (folder, units): (usize, Vec<Unit>),
    show: &mut Show,
) -> Ran {
    let mut host = Host::of_system(given, roots);
    let task = Task { folder, when: String::new(), units };
    let done = drive(&mut host, &mut discard(task), show);
    Ran { place: PathBuf::from("the system's trash"), done }
}

fn drive(host: &mut Host<'_>, run: &mut Run<Done>, show: &mut Show) -> Done {
    loop {
        match run.wants() {
            Next::Act(act) => run.supply(host.perform(&act)),
            Next::Done(done) => return done,
        }
        if stop::asked() {
            run.end();
        }
        let now = run.progress();
        show.progress(&Progress {
            stage: Stage::Rebuild,
            done: now.done,
            total: now.total,
            bytes_read: now.bytes_read,
            bytes_written: 0,
            matched: 0,
        });
    }
}
