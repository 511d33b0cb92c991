//! The payload of a video: the samples of its pictures and its sound, track by track.
//!
//! How the file interleaves them, where its index stands and what else it holds
//! (texts, places, subtitles, other tracks) does not count.

use super::streams::Streams;
use crate::examine::boxes::{behind_times, children, find, word};
use crate::examine::tracks::fragments::{self, Fragment};
use crate::examine::tracks::places::{Sizes, entries, offsets};

/// Most tracks of one file; a file with more has no payload hash. Chosen, not
/// measured.
const MOST_TRACKS: usize = 32;

/// What the content of a `moov` box, and of all the fragments behind it, names in a file
/// of `size` bytes. `None`: no samples, some that lie in other files, or a table that
/// contradicts another.
pub(super) fn streams(moov: &[u8], fragments: &[Fragment], size: u64) -> Option<Streams> {
    let mut streams = Streams::new();
    let more = find(moov, &[b"mvex"]).unwrap_or_default();
    let tracks: Vec<&[u8]> =
        children(moov).filter(|(name, _)| name == b"trak").map(|(_, body)| body).collect();
    if tracks.len() > MOST_TRACKS {
        return None;
    }
    for wanted in [b"vide", b"soun"] {
        for track in tracks.iter().filter(|track| handler(track) == Some(*wanted)) {
            read(track, *wanted, (fragments, more), &mut streams)?;
        }
    }
    streams.within(size)
}

/// What a track holds: pictures, sound, text.
fn handler(track: &[u8]) -> Option<[u8; 4]> {
    find(track, &[b"mdia", b"hdlr"])?.get(8..)?.first_chunk().copied()
}

/// Names the places of one track's samples, those of the index and then those of the
/// fragments and what `mvex` says of them; a track without samples is none.
fn read(
    track: &[u8],
    name: [u8; 4],
    (fragments, more): (&[Fragment], &[u8]),
    streams: &mut Streams,
) -> Option<()> {
    let information = find(track, &[b"mdia", b"minf"])?;
    if find(information, &[b"dinf", b"dref"]).is_some_and(elsewhere) {
        return None;
    }
    let table = find(information, &[b"stbl"])?;
    let sizes = Sizes::new(find(table, &[b"stsz"])?)?;
    let number = find(track, &[b"tkhd"]).and_then(behind_times).unwrap_or_default();
    let later = fragments::listed(fragments, number, more)?;
    if sizes.count == 0 && later.is_empty() {
        return Some(());
    }
    // QuickTime writes a size of 1 for sound whose samples are larger.
    if sizes.count > 0 && name == *b"soun" && sizes.each == 1 {
        return None;
    }
    streams.begin(name)?;
    if sizes.count > 0 {
        chunks(table, &sizes, streams)?;
    }
    later.iter().try_for_each(|sample| streams.place(sample.start, sample.bytes.into()))
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
