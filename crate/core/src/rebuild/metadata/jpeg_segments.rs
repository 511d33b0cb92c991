//! The segments of a JPEG before its first scan.

use std::ops::Range;

use super::left::{Left, head};
use super::odd::Odd;
use crate::io::{ReadAt, read_range};

/// What EXIF begins with in its segment.
pub(super) const EXIF: &[u8; 6] = b"Exif\0\0";

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
    pub(super) fn list(&self) -> Option<usize> {
        self.all.iter().position(|found| found.marker == 0xE2 && found.first.starts_with(b"MPF\0"))
    }

    /// Whether content credentials are there (C2PA 2.1, appendix A.3.1).
    pub(super) fn signed(&self) -> bool {
        self.all.iter().any(|found| found.marker == 0xEB && found.first.starts_with(b"JP"))
    }
}
