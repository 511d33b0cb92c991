//! The core's doors over made files, for runs inside the test process.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::rc::Rc;

use heirloom_core::collect::{Collected, collect};
use heirloom_core::error::Fatal;
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::job::{Job, Sides};
use heirloom_core::memory::{Key, Note, Shelf};
use heirloom_core::model::{Entry, FileId};
use heirloom_core::progress::Advance;
use heirloom_core::report::Report;
use heirloom_core::settings::Settings;

use crate::disk::Made;

/// Both inputs, in memory.
pub struct Memory<'a> {
    files: Vec<&'a Made>,
}

impl Files for Memory<'_> {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let made = self.files.get(file.0 as usize);
        let made = made.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(Slice(&made.bytes)))
    }
}

struct Slice<'a>(&'a [u8]);

impl ReadAt for Slice<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(pos, buf)
    }
}

/// Runs the job to its decisions and reports on them.
///
/// # Errors
/// As [`Job::advance`].
pub fn decide(chat: &[Made], originals: &[Made], settings: Settings) -> Result<Report, Fatal> {
    Ok(run(chat, originals, settings)?.report())
}

/// Runs the job to its decisions.
///
/// # Errors
/// As [`Job::advance`].
pub fn run<'a>(
    chat: impl IntoIterator<Item = &'a Made>,
    originals: impl IntoIterator<Item = &'a Made>,
    settings: Settings,
) -> Result<Job<Memory<'a>>, Fatal> {
    let mut job = job(chat, originals, settings);
    while let Advance::Working(_) = job.advance()? {}
    Ok(job)
}

/// The same, with what earlier runs noted.
///
/// # Errors
/// As [`Job::advance`].
pub fn run_with<'a>(
    chat: impl IntoIterator<Item = &'a Made>,
    originals: impl IntoIterator<Item = &'a Made>,
    settings: Settings,
    memory: &Shared,
) -> Result<Job<Memory<'a>>, Fatal> {
    let mut job = job(chat, originals, settings);
    job.remember(Box::new(memory.clone()));
    while let Advance::Working(_) = job.advance()? {}
    Ok(job)
}

/// Notes of several runs over the same files, as long as the process lives. They
/// change how long a run takes, never what it decides.
#[derive(Debug, Clone, Default)]
pub struct Shared(Rc<RefCell<Notes>>);

/// By shelf and key.
type Notes = BTreeMap<(&'static str, Key), Vec<u8>>;

impl heirloom_core::memory::Memory for Shared {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let notes = self.0.borrow();
        keys.iter().map(|key| notes.get(&(shelf.name, *key)).cloned()).collect()
    }

    fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        let notes = self.0.borrow();
        let from = from.map(|key| (shelf.name, key));
        let from = if from == Bound::Unbounded {
            Bound::Included((shelf.name, Key::number(0)))
        } else {
            from
        };
        let own =
            notes.range((from, Bound::Unbounded)).take_while(|((name, _), _)| *name == shelf.name);
        own.take(most).map(|((_, key), note)| (*key, note.clone())).collect()
    }

    fn note(&mut self, notes: Vec<Note>) {
        let mut kept = self.0.borrow_mut();
        for Note { shelf, key, value } in notes {
            match value {
                Some(value) => kept.insert((shelf.name, key), value),
                None => kept.remove(&(shelf.name, key)),
            };
        }
    }
}

/// What the export holds, with nothing examined or matched.
///
/// # Errors
/// As [`collect`].
pub fn collected(chat: &[Made], settings: &Settings) -> Result<Collected, Fatal> {
    let files: Vec<&Made> = chat.iter().collect();
    collect(&entries(0, &files), &Memory { files }, settings)
}

/// A job over made files that has not begun.
pub fn job<'a>(
    chat: impl IntoIterator<Item = &'a Made>,
    originals: impl IntoIterator<Item = &'a Made>,
    settings: Settings,
) -> Job<Memory<'a>> {
    let (mut files, originals) = (Vec::from_iter(chat), Vec::from_iter(originals));
    let sides = Sides { export: entries(0, &files), originals: entries(files.len(), &originals) };
    files.extend(originals);
    Job::new(settings, sides, Memory { files })
}

fn entries(first: usize, files: &[&Made]) -> Vec<Entry> {
    let entry = |(number, made): (u32, &&Made)| Entry {
        file: FileId(number),
        path: made.path.clone(),
        size: made.bytes.len() as u64,
        modified: Some(made.modified),
    };
    (0..).skip(first).zip(files).map(entry).collect()
}
