//! The payload of a video: the samples of its pictures and its sound, track by track.
//!
//! How the file interleaves them, where its index stands and what else it holds
//! (texts, places, subtitles, other tracks) does not count.

use super::streams::Streams;
use crate::examine::boxes::{children, find, word};

/// Most tracks of one file; a file with more has no payload hash. Chosen, not
/// measured.
const MOST_TRACKS: usize = 32;

/// What the content of a `moov` box names in a file of `size` bytes. `None`: no
/// samples, some that lie in other files or in fragments, or a table that
/// contradicts another.
pub(super) fn streams(moov: &[u8], size: u64) -> Option<Streams> {
    let mut streams = Streams::new();
    if children(moov).any(|(name, _)| name == *b"mvex") {
        return None;
    }
    let tracks: Vec<&[u8]> =
        children(moov).filter(|(name, _)| name == b"trak").map(|(_, body)| body).collect();
    if tracks.len() > MOST_TRACKS {
        return None;
    }
    for wanted in [b"vide", b"soun"] {
        for track in tracks.iter().filter(|track| handler(track) == Some(*wanted)) {
            read(track, *wanted, &mut streams)?;
        }
    }
    streams.within(size)
}

/// What a track holds: pictures, sound, text.
fn handler(track: &[u8]) -> Option<[u8; 4]> {
    find(track, &[b"mdia", b"hdlr"])?.get(8..)?.first_chunk().copied()
}

/// Names the places of one track's samples; a track without samples is none.
fn read(track: &[u8], name: [u8; 4], streams: &mut Streams) -> Option<()> {
    let information = find(track, &[b"mdia", b"minf"])?;
    if find(information, &[b"dinf", b"dref"]).is_some_and(elsewhere) {
        return None;
    }
    let table = find(information, &[b"stbl"])?;
    let sizes = Sizes::new(find(table, &[b"stsz"])?)?;
    if sizes.count == 0 {
        return Some(());
    }
    // QuickTime writes a size of 1 for sound whose samples are larger.
    if name == *b"soun" && sizes.each == 1 {
        return None;
    }
    streams.begin(name)?;
    chunks(table, &sizes, streams)
}

/// Whether samples lie in other files.
fn elsewhere(references: &[u8]) -> bool {
    let entries = children(references.get(8..).unwrap_or_default());
    entries.into_iter().any(|(_, body)| body.get(3).is_none_or(|flags| flags & 1 == 0))
}

/// Goes through the chunks: runs of samples that lie together.
fn chunks(table: &[u8], sizes: &Sizes<'_>, streams: &mut Streams) -> Option<()> {
    let runs: &[[u8; 12]] = entries(find(table, &[b"stsc"])?)?;
    let mut runs = runs.iter().peekable();
    let (mut each, mut sample) = (0, 0);
    for (number, start) in (1_u32..).zip(offsets(table)?) {
        while let Some(run) =
            runs.next_if(|run| word(run.as_slice(), 0).is_some_and(|first| first <= number))
        {
            each = word(run, 4)?;
        }
        let count = each.min(sizes.count - sample);
        streams.place(start, sizes.sum(sample, count)?)?;
        sample += count;
    }
    (sample == sizes.count).then_some(())
}

/// Where each chunk begins in the file.
pub(in crate::examine) fn offsets(table: &[u8]) -> Option<Box<dyn Iterator<Item = u64> + '_>> {
    if let Some(short) = find(table, &[b"stco"]) {
        let all: &[[u8; 4]] = entries(short)?;
        return Some(Box::new(all.iter().map(|at| u32::from_be_bytes(*at).into())));
    }
    let all: &[[u8; 8]] = entries(find(table, &[b"co64"])?)?;
    Some(Box::new(all.iter().map(|at| u64::from_be_bytes(*at))))
}

/// The sizes of a track's samples in bytes.
pub(in crate::examine) struct Sizes<'a> {
    /// Of every sample; 0: each has its own.
    pub(in crate::examine) each: u32,
    own: &'a [[u8; 4]],
    pub(in crate::examine) count: u32,
}

impl<'a> Sizes<'a> {
    pub(in crate::examine) fn new(table: &'a [u8]) -> Option<Self> {
        let (each, count) = (word(table, 4)?, word(table, 8)?);
        let own = if each == 0 { entries(table.get(4..)?)? } else { &[] };
        Some(Self { each, own, count })
    }

    /// Bytes of one sample.
    pub(in crate::examine) fn of(&self, sample: usize) -> Option<u32> {
        if self.each > 0 {
            return Some(self.each);
        }
        self.own.get(sample).map(|size| u32::from_be_bytes(*size))
    }

    /// Bytes of `count` samples from `first` on.
    fn sum(&self, first: u32, count: u32) -> Option<u64> {
        if self.each > 0 {
            return Some(u64::from(self.each) * u64::from(count));
        }
        let (first, count) = (first as usize, count as usize);
        let own = self.own.get(first..first.checked_add(count)?)?;
        Some(own.iter().map(|size| u64::from(u32::from_be_bytes(*size))).sum())
    }
}

/// The entries of a table behind version, flags and their number; `None` if it has
/// fewer than that.
pub(in crate::examine) fn entries<const N: usize>(table: &[u8]) -> Option<&[[u8; N]]> {
    let count = word(table, 4)? as usize;
    table.get(8..)?.as_chunks().0.get(..count)
}
