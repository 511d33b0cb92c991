//! EXIF in a JPEG: its APP1 segment is written, every other byte stays.

use super::exif::append::{append, fresh};
use super::exif::block::Block;
use super::exif::values::{Put, Value, puts};
use super::fields::Fields;
use super::jpeg_behind;
use super::jpeg_segments::{EXIF, Segment, Segments, segments};
use super::left::{Left, block};
use super::odd::Odd;
use super::splice::{Edits, Splice, differences};
use crate::io::{ReadAt, read_range};

/// Most bytes of a block: a segment says its length in two bytes, and counts these and
/// [`EXIF`].
pub(super) const MOST_BLOCK: usize = 65_535 - 2 - EXIF.len();
/// The EXIF block of a JPEG from its TIFF header on, and where it begins.
///
/// # Errors
/// As [`segments`] and [`Segments::exif`].
pub(super) fn exif(source: &dyn ReadAt) -> Result<Option<(u64, Vec<u8>)>, Left> {
    let segments = segments(source)?;
    let Some(nth) = segments.exif()? else { return Ok(None) };
    let body = &segments.all[nth].body;
    let start = body.start + EXIF.len() as u64;
    Ok(Some((start, block(source, start, body.end)?)))
}

/// Writes fields into a JPEG.
///
/// # Errors
/// [`Left`]
pub(super) fn write(source: &dyn ReadAt, fields: &Fields) -> Result<Edits, Left> {
    let segments = segments(source)?;
    if segments.signed() {
        return Err(Odd::Signed.into());
    }
    let Some(nth) = segments.exif()? else { return insert(source, &segments, fields) };
    let segment = &segments.all[nth];
    let start = segment.body.start + EXIF.len() as u64;
    let old = block(source, start, segment.body.end)?;
    let puts = puts(fields, Some(&Block::read(&old)?))?;
    let new = append(&old, &puts)?;
    if new.len() == old.len() {
        return Ok(Edits::new(source.size(), differences(start, &old, &new))?);
    }
    if segments.list().is_some_and(|list| list < nth) {
        return Err(Odd::ListBeforeExif.into());
    }
    jpeg_behind::look(source, &segments, Some((start, &old)))?;
    let removed = segment.body.end - segment.start;
    let splice = Splice { at: segment.start, removed, bytes: framed(&new)? };
    Ok(Edits::new(source.size(), vec![splice])?)
}

/// Puts a new block right behind the JPEG's first marker, or behind JFIF's segments.
fn insert(source: &dyn ReadAt, segments: &Segments, fields: &Fields) -> Result<Edits, Left> {
    jpeg_behind::look(source, segments, None)?;
    let is_jfif = |found: &&Segment| {
        found.marker == 0xE0
            && [&b"JFIF\0"[..], b"JFXX\0"].iter().any(|name| found.first.starts_with(name))
    };
    let jfif: Vec<&Segment> = segments.all.iter().take_while(is_jfif).collect();
    let mut puts = puts(fields, None)?;
    puts.first.extend(density(source, jfif.first().copied())?);
    let at = jfif.last().map_or(2, |last| last.body.end);
    let splice = Splice { at, removed: 0, bytes: framed(&fresh(&puts)?)? };
    Ok(Edits::new(source.size(), vec![splice])?)
}

/// What EXIF asks of every JPEG's first directory: pixels an inch, as JFIF says them, and
/// where colours lie (EXIF 2.32, section 4.6.4).
fn density(source: &dyn ReadAt, jfif: Option<&Segment>) -> Result<[Put; 4], Left> {
    let said = match jfif {
        Some(jfif) => read_range(source, jfif.body.start + 7, 5)?,
        None => Vec::new(),
    };
    let (unit, across, down) = match *said {
        [unit @ (1 | 2), a, b, c, d] => {
            (u16::from(unit) + 1, u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
        }
        _ => (2, 72, 72),
    };
    let fraction = |pixels: u16| Value::Ratios(vec![(pixels.into(), 1)]);
    Ok([
        Put { tag: 0x011A, value: fraction(across) },
        Put { tag: 0x011B, value: fraction(down) },
        Put { tag: 0x0128, value: Value::Short(unit) },
        Put { tag: 0x0213, value: Value::Short(1) },
    ])
}

/// A block as a segment.
fn framed(block: &[u8]) -> Result<Vec<u8>, Odd> {
    let full = Odd::Full { bytes: block.len() };
    let length = (block.len() <= MOST_BLOCK).then_some(block.len() + 2 + EXIF.len()).ok_or(full)?;
    Ok([&[0xFF, 0xE1][..], &(length as u16).to_be_bytes(), EXIF, block].concat())
}

#[cfg(test)]
#[path = "jpeg_tests.rs"]
mod tests;
