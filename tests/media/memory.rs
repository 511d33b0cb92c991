//! The core's doors over made files, for runs inside the test process.

use std::io;

use heirloom_core::collect::{Collected, collect};
use heirloom_core::error::Fatal;
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::job::{Job, Sides};
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
