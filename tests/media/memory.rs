//! The core's doors over made files, for runs inside the test process.

use std::io;

use heirloom_core::collect::{Inventory, collect};
use heirloom_core::error::Fatal;
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::job::Job;
use heirloom_core::model::{Entry, FileId, Side};
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

/// What the export holds, with nothing examined or matched.
///
/// # Errors
/// As [`collect`].
pub fn inventory(chat: &[Made], settings: &Settings) -> Result<Inventory, Fatal> {
    let entry = |(number, made): (u32, &Made)| Entry {
        file: FileId(number),
        side: Side::Export,
        path: made.path.clone(),
        size: made.bytes.len() as u64,
        modified: Some(made.modified),
    };
    let entries: Vec<Entry> = (0..).zip(chat).map(entry).collect();
    collect(&entries, &Memory { files: chat.iter().collect() }, settings)
}

/// A job over made files that has not begun.
pub fn job<'a>(
    chat: impl IntoIterator<Item = &'a Made>,
    originals: impl IntoIterator<Item = &'a Made>,
    settings: Settings,
) -> Job<Memory<'a>> {
    let sides = chat.into_iter().map(|made| (Side::Export, made));
    let sides = sides.chain(originals.into_iter().map(|made| (Side::Originals, made)));
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for (number, (side, made)) in (0..).zip(sides) {
        entries.push(Entry {
            file: FileId(number),
            side,
            path: made.path.clone(),
            size: made.bytes.len() as u64,
            modified: Some(made.modified),
        });
        files.push(made);
    }
    Job::new(settings, entries, Memory { files })
}
