//! EXIF in an HEIC: its item is written where it is if it keeps its length, else behind
//! the end in a new `mdat`, and the one entry of the table that says where it lies is
//! turned there. No other byte changes, and nothing moves.

mod items;
mod located;

use std::ops::Range;

use self::located::Located;
use super::exif::append::append;
use super::exif::block::Block;
use super::exif::values::puts;
use super::fields::Fields;
use super::iso::{Found, boxes, is_signature, only};
use super::left::{Left, block};
use super::odd::Odd;
use super::splice::{Edits, Splice, differences};
use crate::io::ReadAt;

/// Boxes that may stand on the top level: none of them counts bytes of the others but
/// by places in the file.
const KNOWN: [&[u8; 4]; 7] = [b"ftyp", b"meta", b"mdat", b"free", b"skip", b"wide", b"mpvd"];
/// The film of a motion photo: it is found by its distance from the file's end.
const FILM: &[u8; 4] = b"mpvd";

/// The EXIF item of an HEIC.
struct Item {
    /// Its entry in the table of places.
    located: Located,
    /// Its bytes in the file.
    place: Range<u64>,
    /// All of them.
    bytes: Vec<u8>,
    /// Where the block begins in them.
    block: usize,
    /// Whether a film hangs behind.
    film: bool,
}

/// The EXIF block of an HEIC from its TIFF header on, and where it begins.
///
/// # Errors
/// [`Left`]
pub(super) fn exif(source: &dyn ReadAt) -> Result<Option<(u64, Vec<u8>)>, Left> {
    let mut item = item(source)?;
    Ok(Some((item.place.start + item.block as u64, item.bytes.split_off(item.block))))
}

/// The places of an HEIC that a change of its EXIF may write: the item, and the entry
/// that says where it lies.
///
/// # Errors
/// [`Left`]
pub(super) fn places(source: &dyn ReadAt) -> Result<Vec<Range<u64>>, Left> {
    let item = item(source)?;
    Ok(vec![item.located.offset.clone(), item.located.length.clone(), item.place])
}

/// Writes fields into an HEIC.
///
/// # Errors
/// [`Left`]
pub(super) fn write(source: &dyn ReadAt, fields: &Fields) -> Result<Edits, Left> {
    let item = item(source)?;
    let (prefix, old) = item.bytes.split_at(item.block);
    let new = append(old, &puts(fields, Some(&Block::read(old)?))?)?;
    if new.len() == old.len() {
        let at = item.place.start + item.block as u64;
        return Ok(Edits::new(source.size(), differences(at, old, &new))?);
    }
    if item.film {
        return Err(Odd::Box(*FILM).into());
    }
    let bytes = [prefix, &new].concat();
    let length = u32::try_from(bytes.len() + 8).map_err(|_| Odd::ItemPlace)?;
    let mut splices = item.located.moved(source, source.size() + 8, bytes.len() as u64)?;
    let bytes = [&length.to_be_bytes()[..], b"mdat", &bytes].concat();
    splices.push(Splice { at: source.size(), removed: 0, bytes });
    Ok(Edits::new(source.size(), splices)?)
}

/// Finds the EXIF item of the picture.
fn item(source: &dyn ReadAt) -> Result<Item, Left> {
    let top = boxes(source, 0..source.size())?;
    for found in &top {
        if is_signature(source, found)? {
            return Err(Odd::Signed.into());
        }
        if found.open || !KNOWN.contains(&&found.name) {
            return Err(Odd::Box(found.name).into());
        }
    }
    let meta = only(&top, b"meta")?;
    let parts = boxes(source, meta.body.start + 4..meta.body.end)?;
    let body = |name| -> Result<Vec<u8>, Left> {
        let found = only(&parts, name)?;
        block(source, found.body.start, found.body.end)
    };
    // Without references there is one item at most that can be meant.
    let linked = parts.iter().any(|found| &found.name == b"iref");
    let iref = if linked { body(b"iref")? } else { Vec::new() };
    let id = items::exif(&body(b"pitm")?, &body(b"iinf")?, &iref)?;
    let table = only(&parts, b"iloc")?;
    let all = located::read(&body(b"iloc")?, table.body.start)?;
    let (located, place) = alone(&all, id, &top)?;
    let bytes = block(source, place.start, place.end)?;
    let block = begin(&bytes).ok_or(Odd::Structure)?;
    let film = top.iter().any(|found| &found.name == FILM);
    Ok(Item { located, place, bytes, block, film })
}

/// The entry of an item that lies in one piece, in a box for data, and shares its bytes
/// with no other.
fn alone(all: &[Located], id: u32, top: &[Found]) -> Result<(Located, Range<u64>), Odd> {
    let mut own = all.iter().filter(|located| located.id == id);
    let (Some(located), None) = (own.next(), own.next()) else { return Err(Odd::ItemPlace) };
    let [place] = &*located.extents else { return Err(Odd::ItemPlace) };
    let data = top.iter().filter(|found| &found.name == b"mdat");
    let inside = |found: &Found| found.body.start <= place.start && place.end <= found.body.end;
    let over = |other: &Range<u64>| other.start < place.end && place.start < other.end;
    let mut others = all.iter().filter(|other| other.id != id).flat_map(|other| &other.extents);
    let sound = located.in_file
        && !place.is_empty()
        && data.filter(|found| inside(found)).count() == 1
        && !others.any(over);
    sound.then(|| (located.clone(), place.clone())).ok_or(Odd::ItemPlace)
}

/// Where the block begins in an item: its first four bytes say how many stand before it
/// (ISO/IEC 23008-12, annex A.2.1), and some writers put a JPEG's word there, too.
fn begin(item: &[u8]) -> Option<usize> {
    let before = u32::from_be_bytes(*item.first_chunk()?) as usize;
    let start = before.checked_add(4)?;
    let rest = item.get(start..)?;
    Some(if rest.starts_with(b"Exif\0\0") { start + 6 } else { start })
}

#[cfg(test)]
#[path = "../heic_tests.rs"]
mod tests;
