//! Reads one file forward over several calls.

use std::io;

use super::library::open;
use super::zip_export::{Inflated, Slice, Stream};
use crate::io::{Files, read_range};
use crate::model::{Item, Packing, Source};

/// How far a file was read. A deflated entry of a zip goes on where it stopped;
/// opened anew, it would be unpacked from its beginning each time.
#[derive(Default)]
pub(crate) struct Reading {
    at: u64,
    stream: Option<Box<Stream>>,
}

impl Reading {
    /// Bytes read so far.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// The next bytes, at most `most`; fewer only at the end, none behind it.
    ///
    /// # Errors
    /// As [`open`] and [`crate::io::ReadAt::read_at`]; the file is not read on.
    pub(crate) fn next(
        &mut self,
        item: &Item,
        files: &dyn Files,
        most: usize,
    ) -> io::Result<Vec<u8>> {
        let bytes = match item.source {
            Source::Zipped { file, start, packed, packing: Packing::Deflated, .. } => {
                files.admit(item)?;
                let slice = Slice::new(files.open(file)?, start, packed);
                let source = Inflated::going_on(slice, item.size, self.stream.take());
                let bytes = read_range(&source, self.at, most)?;
                self.stream = Some(source.stopped());
                bytes
            }
            _ => read_range(&*open(item, files)?, self.at, most)?,
        };
        self.at += bytes.len() as u64;
        Ok(bytes)
    }

    /// Goes forward to `to` without keeping what lies between. Returns the bytes
    /// that had to be unpacked for that; if they are `most`, it may not be there
    /// yet.
    ///
    /// # Errors
    /// As [`Reading::next`].
    pub(crate) fn skip(
        &mut self,
        item: &Item,
        files: &dyn Files,
        to: u64,
        most: usize,
    ) -> io::Result<u64> {
        if !matches!(item.source, Source::Zipped { packing: Packing::Deflated, .. }) {
            self.at = self.at.max(to);
            return Ok(0);
        }
        let left = usize::try_from(to.saturating_sub(self.at)).unwrap_or(usize::MAX);
        Ok(self.next(item, files, left.min(most))?.len() as u64)
    }
}
