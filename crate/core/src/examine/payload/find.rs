//! Finds out how the payload of a file is read: by its first bytes, and for files
//! of boxes or directories by their index.

use std::io;

use super::chunks::{Chunks, Format};
use super::jpeg::Jpeg;
use super::taker::Payload;
use super::{heif_items, tiff, video_samples};
use crate::collect;
use crate::collect::kind::{HEAD, kind};
use crate::collect::reading::Reading;
use crate::examine::boxes::{HEADER, MOST_BOXES, find, header};
use crate::examine::tracks::fragments::Fragment;
use crate::io::Files;
use crate::model::{Item, Kind};

/// Reads the beginning of a file, and hops from box to box to its index.
pub(in crate::examine) struct Finder {
    reading: Reading,
    /// Most bytes of an index; a larger one is not loaded.
    most_index: u64,
    /// What was read for the step in hand.
    held: Vec<u8>,
    /// `ftyp` and the index.
    front: Vec<u8>,
    /// The tables of a video in fragments, of which each stands before its samples.
    fragments: Option<Vec<Fragment>>,
    boxes: usize,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Head,
    /// In the header of a box.
    Header(Kind),
    /// In a box that is kept: bytes of it, and whether it is the last that is needed.
    Body(Kind, u64, bool),
    /// In a box that ends there.
    Skip(Kind, u64),
}

/// What a step found, if that is known now.
type Found = Option<Payload>;

impl Finder {
    pub(in crate::examine) fn new(most_index: u64) -> Self {
        Self {
            reading: Reading::default(),
            most_index,
            held: Vec::new(),
            front: Vec::new(),
            fragments: None,
            boxes: 0,
            stage: Stage::Head,
        }
    }

    /// Reads or unpacks on, at most `most` bytes; gives how many, and how the payload
    /// is read once that is known.
    ///
    /// # Errors
    /// As [`Reading::next`]; the file ends too early.
    pub(in crate::examine) fn step(
        &mut self,
        item: &Item,
        files: &dyn Files,
        most: usize,
    ) -> io::Result<(u64, Found)> {
        match self.stage {
            Stage::Head => {
                let (read, whole) = self.hold(item, files, most, HEAD as u64)?;
                Ok((read, if whole { self.begun(item, files)? } else { None }))
            }
            Stage::Header(kind) => self.header(kind, item, files, most),
            Stage::Body(kind, length, last) => {
                let (read, whole) = self.hold(item, files, most, length)?;
                Ok((read, whole.then(|| self.kept(kind, last, item.size)).flatten()))
            }
            Stage::Skip(kind, end) => {
                let read = self.reading.skip(item, files, end, most)?;
                if self.reading.at() >= end {
                    self.stage = Stage::Header(kind);
                }
                Ok((read, None))
            }
        }
    }

    /// Reads at most `most` bytes on towards `want` held, or the end of the file.
    /// Returns how many it read, and whether that was the last of them.
    fn hold(
        &mut self,
        item: &Item,
        files: &dyn Files,
        most: usize,
        want: u64,
    ) -> io::Result<(u64, bool)> {
        let left = item.size.saturating_sub(self.reading.at());
        let wanted = want.saturating_sub(self.held.len() as u64).min(left);
        let asked = usize::try_from(wanted).unwrap_or(usize::MAX).min(most);
        let bytes = self.reading.next(item, files, asked)?;
        if bytes.len() < asked {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.held.extend(&bytes);
        Ok((bytes.len() as u64, wanted == bytes.len() as u64))
    }

    /// The first bytes are there.
    fn begun(&mut self, item: &Item, files: &dyn Files) -> io::Result<Found> {
        let head = std::mem::take(&mut self.held);
        let kind = match kind(&head) {
            // Canon's newer raws are built like videos.
            Kind::Raw if head.get(4..8) == Some(b"ftyp") => Kind::Video,
            kind => kind,
        };
        Ok(match kind {
            Kind::Jpeg => Some(Payload::Jpeg(Box::new(Jpeg::new()))),
            Kind::Png => Some(Payload::Chunks(Box::new(Chunks::new(Format::Png)))),
            Kind::Webp => Some(Payload::Chunks(Box::new(Chunks::new(Format::Webp)))),
            Kind::Heic | Kind::Avif | Kind::Video => {
                self.reading = Reading::default();
                self.stage = Stage::Header(kind);
                None
            }
            Kind::Tiff | Kind::Raw => {
                let found = tiff::streams(&*collect::open(item, files)?, self.most_index)?;
                Some(found.map_or(Payload::None, Payload::Streams))
            }
            _ => Some(Payload::None),
        })
    }

    fn header(
        &mut self,
        kind: Kind,
        item: &Item,
        files: &dyn Files,
        most: usize,
    ) -> io::Result<(u64, Found)> {
        if self.fragments.is_some() && self.held.is_empty() && self.reading.at() >= item.size {
            return Ok((0, Some(self.video(item.size))));
        }
        // Half a header is enough for small boxes, which may have no more bytes.
        let large = self.held.starts_with(&[0, 0, 0, 1]) && self.held.len() >= HEADER / 2;
        let want = if large { HEADER } else { HEADER / 2 };
        let (read, whole) = self.hold(item, files, most, want as u64)?;
        let goes_on = !large && self.held.len() == want && self.held.starts_with(&[0, 0, 0, 1]);
        if !whole || goes_on {
            return Ok((read, None));
        }
        let at = self.reading.at() - self.held.len() as u64;
        let found = header(&self.held).filter(|_| self.boxes < MOST_BOXES);
        let Some((name, _, size)) = found else { return Ok((read, Some(Payload::None))) };
        self.boxes += 1;
        let left = item.size - at;
        let length = if size == 0 { left } else { size.min(left) };
        let last = name == if kind == Kind::Video { *b"moov" } else { *b"meta" };
        let wanted = match self.fragments {
            Some(_) => name == *b"moof",
            None => last || name == *b"ftyp",
        };
        if !wanted {
            self.held.clear();
            self.stage = Stage::Skip(kind, at + length);
        } else if self.kept_bytes() + length > self.most_index {
            return Ok((read, Some(Payload::None)));
        } else {
            self.stage = Stage::Body(kind, length, last);
        }
        Ok((read, None))
    }

    /// Bytes of boxes that were kept.
    fn kept_bytes(&self) -> u64 {
        let fragments = self.fragments.iter().flatten().map(|fragment| fragment.body.len());
        (self.front.len() + fragments.sum::<usize>()) as u64
    }

    /// A box that was wanted is there.
    fn kept(&mut self, kind: Kind, last: bool, size: u64) -> Found {
        self.stage = Stage::Header(kind);
        if let Some(fragments) = &mut self.fragments {
            let start = self.reading.at() - self.held.len() as u64;
            let body = find(&self.held, &[b"moof"]).unwrap_or_default().to_vec();
            fragments.push(Fragment { start, body });
            self.held.clear();
            return None;
        }
        self.front.append(&mut self.held);
        if !last {
            return None;
        }
        if kind == Kind::Video {
            if find(&self.front, &[b"moov", b"mvex"]).is_some() {
                self.fragments = Some(Vec::new());
                return None;
            }
            return Some(self.video(size));
        }
        let streams = heif_items::streams(&self.front, size);
        Some(streams.map_or(Payload::None, Payload::Streams))
    }

    /// A video whose index is there, and its fragments if it has some.
    fn video(&self, size: u64) -> Payload {
        let fragments = self.fragments.as_deref().unwrap_or_default();
        let streams = find(&self.front, &[b"moov"])
            .and_then(|moov| video_samples::streams(moov, fragments, size));
        streams.map_or(Payload::None, Payload::Streams)
    }
}
