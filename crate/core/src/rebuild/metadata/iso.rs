//! The boxes of an HEIC or a video, of which none may claim more than there is.

use std::ops::Range;

use super::left::{Left, head};
use super::odd::Odd;
use crate::io::{ReadAt, read_range};

/// Most boxes beside each other that are followed; a video in fragments has thousands.
/// Chosen, not measured.
const MOST_BOXES: usize = 1 << 16;
/// The identifier of content credentials in a box of a user's own (C2PA 2.1, appendix
/// A.5).
const C2PA: [u8; 16] = [
    0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81,
];

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its name.
    pub name: [u8; 4],
    /// Where its header begins.
    pub start: u64,
    /// Its content.
    pub body: Range<u64>,
    /// Whether it says to go to the end of the file, wherever that is.
    pub open: bool,
}

/// The boxes between two places of a file.
///
/// # Errors
/// [`Odd::Structure`]: they do not fit there.
pub(super) fn boxes(source: &dyn ReadAt, within: Range<u64>) -> Result<Vec<Found>, Left> {
    let (mut all, mut at) = (Vec::new(), within.start);
    while at < within.end {
        let [a, b, c, d, name @ ..] = head::<8>(source, at)?;
        let (header, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, within.end - at),
            1 => (16, u64::from_be_bytes(head(source, at + 8)?)),
            size => (8, size.into()),
        };
        let end = at.checked_add(size).filter(|end| *end <= within.end && size >= header);
        let end = end.filter(|_| all.len() < MOST_BOXES).ok_or(Odd::Structure)?;
        all.push(Found { name, start: at, body: at + header..end, open: [a, b, c, d] == [0; 4] });
        at = end;
    }
    Ok(all)
}

/// The only box of a name among others.
///
/// # Errors
/// [`Odd::Structure`]: there is none, or another.
pub(super) fn only<'a>(boxes: &'a [Found], name: &[u8; 4]) -> Result<&'a Found, Odd> {
    let mut found = boxes.iter().filter(|found| &found.name == name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Odd::Structure),
    }
}

/// Whether a box holds content credentials.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub(super) fn is_signature(source: &dyn ReadAt, found: &Found) -> Result<bool, Left> {
    let own = &found.name == b"uuid";
    Ok(own && read_range(source, found.body.start, C2PA.len())? == C2PA)
}
