//! EXIF in a JPEG: its APP1 segment is written, every other byte stays.

use std::ops::Range;

use super::exif::append::{append, fresh};
use super::exif::block::Block;
use super::exif::values::{Put, Value, puts};
use super::fields::Fields;
use super::jpeg_behind;
use super::left::{Left, block, head};
use super::odd::Odd;
use super::splice::{Edits, Splice, differences};
use crate::io::{ReadAt, read_range};

/// What EXIF begins with in its segment.
const EXIF: &[u8; 6] = b"Exif\0\0";
/// Most bytes of a block: a segment says its length in two bytes, and counts these and
/// [`EXIF`].
pub(super) const MOST_BLOCK: usize = 65_535 - 2 - EXIF.len();
/// Most segments before the first scan. A profile has up to 255, depths as XMP some
/// hundreds. Chosen, not measured.
const MOST_SEGMENTS: usize = 4096;
/// Bytes in which the header of a segment is looked for: fill bytes, marker, length.
const HEADER: usize = 16;

/// A segment before the first scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Which one it is: the byte behind `FF`.
    pub marker: u8,
    /// Where its `FF` stands.
    pub start: u64,
    /// Its content.
    pub body: Range<u64>,
    /// How its content begins.
    pub first: [u8; 6],
}

/// The segments up to the first scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segments {
    /// In the order of the file.
    pub all: Vec<Segment>,
    /// Where the `FF` of the first scan stands.
    pub scan: u64,
}

/// What a fill of six bytes begins with.
fn first(source: &dyn ReadAt, body: &Range<u64>) -> Result<[u8; 6], Left> {
    let length = (body.end - body.start).min(6) as usize;
    let bytes = read_range(source, body.start, length)?;
    let mut first = [0; 6];
    first[..bytes.len()].copy_from_slice(&bytes);
    Ok(first)
}

/// Reads the headers of a JPEG.
///
/// # Errors
/// [`Odd::Structure`]: something else stands between them, or they do not fit the file.
pub(super) fn segments(source: &dyn ReadAt) -> Result<Segments, Left> {
    if head(source, 0)? != [0xFF, 0xD8] {
        return Err(Odd::Structure.into());
    }
    let (mut all, mut at) = (Vec::new(), 2);
    while all.len() < MOST_SEGMENTS {
        let bytes = read_range(source, at, HEADER)?;
        let fill = bytes.iter().take_while(|byte| **byte == 0xFF).count();
        let header = bytes.get(fill..).and_then(|rest| rest.first_chunk::<3>());
        let &[marker, high, low] = header.filter(|_| fill > 0).ok_or(Odd::Structure)?;
        if marker == 0xDA {
            return Ok(Segments { all, scan: at });
        }
        let length = u16::from_be_bytes([high, low]);
        let behind = at + fill as u64 + 1;
        let body = behind + 2..behind + u64::from(length);
        let real = length >= 2 && body.end <= source.size();
        if !real || matches!(marker, 0x00 | 0x01 | 0xD0..=0xD9) {
            return Err(Odd::Structure.into());
        }
        let first = first(source, &body)?;
        let end = body.end;
        all.push(Segment { marker, start: at, body, first });
        at = end;
    }
    Err(Odd::Structure.into())
}

impl Segments {
    /// The place of EXIF among them.
    ///
    /// # Errors
    /// [`Odd::ManyBlocks`]; [`Odd::Structure`]: one that is none.
    pub(super) fn exif(&self) -> Result<Option<usize>, Odd> {
        let is_exif =
            |segment: &Segment| segment.marker == 0xE1 && segment.first.starts_with(b"Exif");
        let mut found = (0..self.all.len()).filter(|&nth| is_exif(&self.all[nth]));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Odd::ManyBlocks),
            (Some(nth), None) if self.all[nth].first != *EXIF => Err(Odd::Structure),
            (one, _) => Ok(one),
        }
    }

    /// The place of the list of further pictures (CIPA DC-007).
    fn list(&self) -> Option<usize> {
        self.all.iter().position(|found| found.marker == 0xE2 && found.first.starts_with(b"MPF\0"))
    }

    /// Whether content credentials are there (C2PA 2.1, appendix A.3.1).
    fn signed(&self) -> bool {
        self.all.iter().any(|found| found.marker == 0xEB && found.first.starts_with(b"JP"))
    }
}

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
