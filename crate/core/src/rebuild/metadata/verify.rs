//! Reads a file again after it was written, and says whether it is what it should be.

use std::io;
use std::ops::Range;

use super::exif::append::same_but_for;
use super::exif::block::Block;
use super::exif::values::{Put, Puts, Value, puts};
use super::fields::Fields;
use super::left::Left;
use super::odd::{Fault, Odd};
use super::{heic, jpeg, jpeg_segments, png, video, webp};
use crate::collect::kind::{HEAD, kind};
use crate::examine::digest::{Digester, Wanted};
use crate::examine::{Depth, examine, gather, said_by_exif};
use crate::io::{Files, PIECE, ReadAt, read_range};
use crate::model::Field;
use crate::model::{Features, FileId, Item, ItemId, Kind, Source, Taken};
use crate::settings::Limits;

/// What is known of a picture's own bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// Their hash is the same.
    Same,
    /// It cannot be told which bytes are picture: it must be decoded to know.
    Unknown,
}

/// What is wrong with a file that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// This value does not read back.
    Value(Field),
    /// The picture's bytes are others.
    Payload,
    /// This tag is another, gone or new.
    Tag(u16),
    /// Bytes are others that were not to change: between this place of the file as it was
    /// and the end of its part.
    Bytes(u64),
    /// It has not the parts that it had.
    Parts,
    /// It cannot be read as the kind that it was.
    Odd(Odd),
}

/// Why a file is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum Unverified {
    /// Something is wrong: it must be put back.
    #[error("what was written is not what was meant: {0:?}")]
    Wrong(Wrong),
    /// It cannot be read.
    #[error("the file could not be read: {0}")]
    Unreadable(#[from] io::Error),
}

impl From<Wrong> for Unverified {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Left> for Unverified {
    fn from(left: Left) -> Self {
        match left {
            Left::Odd(odd) => Self::Wrong(Wrong::Odd(odd)),
            Left::Unreadable(error) => Self::Unreadable(error),
        }
    }
}

impl From<Fault> for Unverified {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Entangled(tag) => Self::Wrong(Wrong::Tag(tag)),
            fault => Self::Wrong(Wrong::Odd(fault.into())),
        }
    }
}

/// Looks whether a file that was written says `fields` (`Written::inside`),
/// and whether everything else is as it was. Reads both files whole, in pieces.
///
/// # Errors
/// [`Unverified`]
pub fn verify(
    before: &dyn ReadAt,
    after: &dyn ReadAt,
    fields: &Fields,
    limits: &Limits,
) -> Result<Payload, Unverified> {
    let found = kind(&read_range(before, 0, HEAD)?);
    if found != kind(&read_range(after, 0, HEAD)?) {
        return Err(Wrong::Parts.into());
    }
    if found != Kind::Video {
        same_tags(found, before, after, fields)?;
    }
    same_parts(found, before, after)?;
    says(&read(found, after, limits)?, fields)?;
    match (payload(before, limits)?, payload(after, limits)?) {
        (None, None) => Ok(Payload::Unknown),
        (before, after) if before == after => Ok(Payload::Same),
        _ => Err(Wrong::Payload.into()),
    }
}

/// BLAKE3 of the bytes of a file that are picture or sound. `None`: it cannot be told
/// which those are.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub fn payload(source: &dyn ReadAt, limits: &Limits) -> io::Result<Option<[u8; 32]>> {
    let (path, size) = (String::new(), source.size());
    let item = Item { id: ItemId(0), path, size, modified: None, source: Source::File(FileId(0)) };
    let mut digester = Digester::new(Wanted { payload: true, ..Wanted::default() }, limits);
    loop {
        if let Some(digests) = digester.advance(&item, &Lent(source), PIECE)?.done {
            return Ok(digests.payload);
        }
    }
}

/// One file, whatever its number.
struct Lent<'a>(&'a dyn ReadAt);

impl Files for Lent<'_> {
    fn open(&self, _: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(Lent(self.0)))
    }
}

impl ReadAt for Lent<'_> {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(pos, buf)
    }
}

/// What the program reads in a file. Of PNGs and WebPs only the block: it may stand behind
/// the picture, which need not be decoded for this.
fn read(kind: Kind, source: &dyn ReadAt, limits: &Limits) -> Result<Features, Unverified> {
    if matches!(kind, Kind::Png | Kind::Webp) {
        let block = exif(kind, source)?.unwrap_or_default();
        return Ok(said_by_exif(kind, &block));
    }
    Ok(examine("", None, &gather(source, Depth::Head, limits)?, limits).features)
}

/// Looks whether a file says these fields.
///
/// # Errors
/// [`Wrong::Value`] with the first that it does not.
pub(super) fn says(features: &Features, fields: &Fields) -> Result<(), Wrong> {
    let metadata = features.metadata.clone().unwrap_or_default();
    let near = |found: Option<f64>, want: Option<f64>, most: f64| {
        want.is_none_or(|want| found.is_some_and(|found| (found - want).abs() <= most))
    };
    let about = |found, want: Option<f64>| near(found, want, want.unwrap_or(0.0) * 2e-6);
    let (north, east) = features.place.unzip();
    let (own, want) = (&metadata.exposure, &fields.exposure);
    let lens = fields.lens.as_ref().is_none_or(|lens| metadata.lens.as_ref() == Some(lens));
    let checks = [
        (Field::Place, near(north, fields.place.map(|place| place.0), 1e-7)),
        (Field::Place, near(east, fields.place.map(|place| place.1), 1e-7)),
        (Field::Altitude, near(metadata.altitude_m, fields.altitude_m, 0.001)),
        (Field::Date, fields.taken.is_none_or(|taken| wall(features) == Some(taken))),
        (
            Field::Zone,
            fields.zone_minutes.is_none()
                || features.zone_minutes == fields.zone_minutes
                || features.kind == Kind::Video,
        ),
        (Field::Camera, is_camera(features.camera.as_deref(), fields)),
        (Field::Lens, lens),
        (Field::Exposure, about(own.time_s, want.time_s)),
        (Field::Exposure, about(own.f_number, want.f_number)),
        (Field::Exposure, about(own.focal_mm, want.focal_mm)),
        (Field::Exposure, want.iso.is_none() || own.iso == want.iso),
        (Field::Tags, fields.tags.iter().all(|tag| metadata.tags.contains(tag))),
    ];
    let video = |features: &Features| features.kind == Kind::Video;
    if video(features) && fields.taken.is_some() {
        let utc = fields.taken.zip(fields.zone_minutes).map(|(t, zone)| t - 60 * i64::from(zone));
        let same = features.taken == utc.map(Taken::Utc);
        return if same { Ok(()) } else { Err(Wrong::Value(Field::Date)) };
    }
    match checks.into_iter().find(|(_, sound)| !sound) {
        Some((field, _)) => Err(Wrong::Value(field)),
        None => Ok(()),
    }
}

/// The clock of the wall, where it is known.
fn wall(features: &Features) -> Option<i64> {
    match features.taken? {
        Taken::Wall(seconds) => Some(seconds),
        Taken::Utc(seconds) => Some(seconds + 60 * i64::from(features.zone_minutes?)),
        Taken::Day(_) => None,
    }
}

/// Whether a camera's name is put together of these: a model that repeats its maker
/// stands alone.
fn is_camera(found: Option<&str>, fields: &Fields) -> bool {
    let found = found.unwrap_or_default();
    let (make, model) = (&fields.camera.make, &fields.camera.model);
    let begins = |make: &String| found.to_lowercase().starts_with(&make.to_lowercase());
    make.as_ref().is_none_or(begins)
        && model.as_ref().is_none_or(|model| found.ends_with(model.as_str()))
}

/// The EXIF block of a file.
fn exif(kind: Kind, source: &dyn ReadAt) -> Result<Option<Vec<u8>>, Left> {
    let found = match kind {
        Kind::Jpeg => jpeg::exif(source)?,
        Kind::Png => png::exif(source)?,
        Kind::Webp => webp::exif(source)?,
        Kind::Heic => heic::exif(source)?,
        kind => return Err(Odd::Kind(kind).into()),
    };
    Ok(found.map(|(_, block)| block))
}

fn same_tags(
    kind: Kind,
    before: &dyn ReadAt,
    after: &dyn ReadAt,
    fields: &Fields,
) -> Result<(), Unverified> {
    let (old, new) = (exif(kind, before)?, exif(kind, after)?);
    let (Some(new), old) = (new, old.as_deref()) else {
        return if fields.is_empty() { Ok(()) } else { Err(Wrong::Parts.into()) };
    };
    let block = old.map(Block::read).transpose()?;
    let mut meant = puts(fields, block.as_ref()).map_err(Left::from)?;
    if block.is_none() && kind == Kind::Jpeg {
        meant.first.extend(density());
    }
    let none = Block::read(b"MM\0*\0\0\0\0")?;
    let new = Block::read(&new)?;
    same_but_for(block.as_ref().unwrap_or(&none), &new, &meant)?;
    Ok(valued(&new, &meant)?)
}

/// Looks whether each tag that was to be written has its value, to the byte.
fn valued(block: &Block<'_>, meant: &Puts) -> Result<(), Wrong> {
    for (name, put) in meant.all().filter(|(_, put)| !DENSITY.contains(&put.tag)) {
        let entry = block.directory(name).and_then(|known| known.tagged(put.tag).next());
        let value = entry.and_then(|entry| block.value(entry));
        if value != Some(&put.value.bytes(block.order)) {
            return Err(Wrong::Tag(put.tag));
        }
    }
    Ok(())
}

/// Tags that a JPEG gets with its first block, whatever JFIF says.
const DENSITY: [u16; 4] = [0x011A, 0x011B, 0x0128, 0x0213];

fn density() -> impl Iterator<Item = Put> {
    DENSITY.into_iter().map(|tag| Put { tag, value: Value::Short(0) })
}

/// A part of a file that stays, and where it begins afterwards.
type Kept = (Range<u64>, u64);

/// Looks whether every part stays that was not to be written.
fn same_parts(kind: Kind, before: &dyn ReadAt, after: &dyn ReadAt) -> Result<(), Unverified> {
    let kept = match kind {
        Kind::Jpeg => paired(&segments(before)?, &segments(after)?)?,
        Kind::Png => paired(&chunks(before)?, &chunks(after)?)?,
        Kind::Webp => paired(&riff_chunks(before)?, &riff_chunks(after)?)?,
        Kind::Heic => around(before, heic::places(before)?),
        Kind::Video if before.size() == after.size() => around(before, video::places(before)?),
        _ => return Err(Wrong::Parts.into()),
    };
    kept.into_iter().try_for_each(|kept| same_bytes(before, after, kept))
}

fn paired(before: &[Range<u64>], after: &[Range<u64>]) -> Result<Vec<Kept>, Wrong> {
    let length = |part: &Range<u64>| part.end - part.start;
    let same = before.iter().map(length).eq(after.iter().map(length));
    let kept = before.iter().cloned().zip(after.iter().map(|part| part.start));
    if same { Ok(kept.collect()) } else { Err(Wrong::Parts) }
}

/// What stands around some places of a file in which nothing moved.
fn around(file: &dyn ReadAt, mut places: Vec<Range<u64>>) -> Vec<Kept> {
    places.sort_by_key(|place| place.start);
    places.push(file.size()..file.size());
    let mut free = 0;
    let mut kept = Vec::new();
    for place in places {
        kept.push((free..place.start, free));
        free = place.end;
    }
    kept
}

fn segments(source: &dyn ReadAt) -> Result<Vec<Range<u64>>, Left> {
    let segments = jpeg_segments::segments(source)?;
    let exif = segments.exif()?;
    let others = segments.all.iter().enumerate().filter(|(nth, _)| Some(*nth) != exif);
    let mut kept: Vec<_> = others.map(|(_, found)| found.start..found.body.end).collect();
    kept.push(segments.scan..source.size());
    Ok(kept)
}

fn chunks(source: &dyn ReadAt) -> Result<Vec<Range<u64>>, Left> {
    let chunks = png::chunks(source)?;
    let last = chunks.last().map_or(0, |last| last.end);
    let others = chunks.iter().filter(|chunk| &chunk.name != b"eXIf");
    let mut kept: Vec<_> = others.map(|chunk| chunk.start..chunk.end).collect();
    kept.push(last..source.size());
    Ok(kept)
}

/// Flags and canvas are announced anew for a simple picture.
fn riff_chunks(source: &dyn ReadAt) -> Result<Vec<Range<u64>>, Left> {
    let chunks = webp::chunks(source)?;
    let others = chunks.iter().filter(|chunk| !matches!(&chunk.name, b"EXIF" | b"VP8X"));
    Ok(others.map(|chunk| chunk.start..chunk.end).collect())
}

fn same_bytes(
    before: &dyn ReadAt,
    after: &dyn ReadAt,
    (part, start): Kept,
) -> Result<(), Unverified> {
    let mut at = part.start;
    while at < part.end {
        let length = (part.end - at).min(PIECE as u64) as usize;
        let old = read_range(before, at, length)?;
        let new = read_range(after, start + (at - part.start), length)?;
        if old.len() < length || old != new {
            return Err(Wrong::Bytes(at).into());
        }
        at += length as u64;
    }
    Ok(())
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
