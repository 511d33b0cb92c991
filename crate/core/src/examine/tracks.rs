//! The samples of one track: where each lies, how long it is, and when it is shown
//! (ISO/IEC 14496-12, sections 8.6 to 8.8). Files with one table for all and files in
//! fragments give the same list.

pub(super) mod fragments;
pub(super) mod places;
mod table;

use mp4parse::{SampleEntry, TrackType};

use super::boxes::{MOST_BOXES, behind_times, children, find, follow, is_wide, long, word};
use super::video_shape::OLD_QUICKTIME;
use crate::io::{ReadAt, read_range};
use crate::settings::Limits;

/// Most samples of a track: five hours at 60 frames a second. A track that claims
/// more is not read.
const MOST_SAMPLES: usize = 1 << 20;

/// A frame of a picture track, or of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// Where it lies in the file.
    pub start: u64,
    pub bytes: u32,
    /// When it is shown, in the track's units from the beginning of what is played:
    /// edit lists may leave out a beginning.
    pub shown: i64,
    /// Whether it needs no other sample.
    pub key: bool,
}

/// A track with its samples, in the order of decoding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Track {
    /// Units of a second.
    pub scale: u32,
    pub samples: Vec<Sample>,
}

/// The content of the file's `moov` box, if there is one within the limits.
pub(super) fn index(source: &dyn ReadAt, limits: &Limits) -> Option<Vec<u8>> {
    let boxes = follow(source, |found| &found.name == b"moov").ok()?;
    let found = boxes.last().filter(|found| &found.name == b"moov")?;
    let bytes = found.end - found.body;
    (bytes <= limits.box_bytes as u64).then_some(())?;
    read_range(source, found.body, usize::try_from(bytes).ok()?).ok()
}

/// The first track whose handler is `wanted` (`vide`, `soun`). `None`: there is none,
/// or its tables contradict each other.
pub(super) fn track(moov: &[u8], source: &dyn ReadAt, wanted: &[u8; 4]) -> Option<Track> {
    let body = of_kind(moov, wanted)?;
    let table = find(body, &[b"mdia", b"minf", b"stbl"])?;
    let header = find(body, &[b"mdia", b"mdhd"])?;
    let scale = behind_times(header)?;
    let mut samples = table::samples(table)?;
    if let Some(more) = find(moov, &[b"mvex"]) {
        let header = find(body, &[b"tkhd"])?;
        let number = behind_times(header)?;
        fragments::add(source, number, more, &mut samples)?;
    }
    let from = skipped(body, scale, moov);
    samples.iter_mut().for_each(|sample| sample.shown = sample.shown.saturating_sub(from));
    samples.retain(|sample| sample.start.saturating_add(sample.bytes.into()) <= source.size());
    (scale > 0).then_some(Track { scale, samples })
}

/// How the samples of the first track of a kind are described.
pub(super) fn described(moov: &[u8], kind: &TrackType) -> Option<SampleEntry> {
    let size = u32::try_from(moov.len() + 8).ok()?.to_be_bytes();
    let index = [OLD_QUICKTIME, &size, b"moov", moov].concat();
    let context = mp4parse::read_mp4(&mut index.as_slice()).ok()?;
    let track = context.tracks.into_iter().find(|track| track.track_type == *kind)?;
    track.stsd?.descriptions.into_iter().next()
}

/// What the first video track says to decoders of HEVC, the content of its `hvcC` box
/// (ISO/IEC 14496-15, section 8.4), which [`described`] does not know.
pub(super) fn hevc_config(moov: &[u8]) -> Option<&[u8]> {
    let descriptions = find(of_kind(moov, b"vide")?, &[b"mdia", b"minf", b"stbl", b"stsd"])?;
    let (name, entry) = children(descriptions.get(8..)?).next()?;
    let boxes = matches!(&name, b"hvc1" | b"hev1").then(|| entry.get(VISUAL_ENTRY..))??;
    find(boxes, &[b"hvcC"])
}

/// Bytes of a video's sample entry before the boxes in it (ISO/IEC 14496-12, section 12.1.3).
const VISUAL_ENTRY: usize = 78;

/// How the pictures of a track are turned, as EXIF counts it. `None`: in a way that no
/// camera writes.
pub(super) fn orientation(moov: &[u8], wanted: &[u8; 4]) -> Option<u8> {
    let header = find(of_kind(moov, wanted)?, &[b"tkhd"])?;
    let start = if is_wide(header) { 52 } else { 40 };
    let number = |place: usize| word(header, start + 4 * place).map(u32::cast_signed);
    let matrix = [number(0)?, number(1)?, number(3)?, number(4)?].map(i32::signum);
    match matrix {
        [1, 0, 0, 1] => Some(1),
        [-1, 0, 0, -1] => Some(3),
        [0, 1, -1, 0] => Some(6),
        [0, -1, 1, 0] => Some(8),
        _ => None,
    }
}

/// The first track whose handler is `wanted`.
fn of_kind<'a>(moov: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    let mut tracks = children(moov).filter(|(name, _)| name == b"trak").map(|(_, body)| body);
    tracks.find(|body| {
        find(body, &[b"mdia", b"hdlr"]).and_then(|of| of.get(8..12)) == Some(wanted.as_slice())
    })
}

/// Units of the track that lie before what is played: what the first edit leaves
/// out, less what an empty edit puts before it.
fn skipped(track: &[u8], scale: u32, moov: &[u8]) -> i64 {
    let Some(list) = find(track, &[b"edts", b"elst"]) else { return 0 };
    let (wide, mut empty) = (is_wide(list), 0_i64);
    let bytes = if wide { 20 } else { 12 };
    let movie = find(moov, &[b"mvhd"]).and_then(behind_times).map_or(0, i64::from);
    for edit in list.get(8..).unwrap_or_default().chunks_exact(bytes) {
        let (length, from) = if wide {
            (long(edit, 0), long(edit, 8).map(u64::cast_signed))
        } else {
            (word(edit, 0).map(u64::from), word(edit, 4).map(|from| from.cast_signed().into()))
        };
        let (Some(length), Some(from)) = (length, from) else { break };
        if from >= 0 {
            return from.saturating_sub(empty);
        }
        let units = i64::try_from(length).unwrap_or(0).saturating_mul(scale.into());
        empty = empty.saturating_add(units.checked_div(movie).unwrap_or(0));
    }
    -empty
}
