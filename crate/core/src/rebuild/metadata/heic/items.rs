//! Which item of an HEIC is the EXIF of its picture (ISO/IEC 14496-12, sections 8.11.4,
//! 8.11.6 and 8.11.12).

use crate::examine::boxes::{children, word};
use crate::rebuild::metadata::odd::Odd;

/// The number of the only EXIF item, from the contents of `pitm`, `iinf` and `iref`. If
/// several are there, the one that describes the picture.
///
/// # Errors
/// [`Odd::Items`]: there is none, or several.
pub(super) fn exif(pitm: &[u8], iinf: &[u8], iref: &[u8]) -> Result<u32, Odd> {
    let primary = number(pitm, 4, pitm.first() == Some(&0)).ok_or(Odd::Structure)?;
    let all = kinds(iinf).ok_or(Odd::Structure)?;
    let all: Vec<u32> =
        all.into_iter().filter(|(_, kind)| kind == b"Exif").map(|(id, _)| id).collect();
    let described = |id: &&u32| describes(iref, **id, primary);
    match (&*all, &*all.iter().filter(described).collect::<Vec<_>>()) {
        (_, [one]) => Ok(**one),
        ([one], []) if !describes_any(iref, *one) => Ok(*one),
        _ => Err(Odd::Items(all.len())),
    }
}

/// A number of two bytes, or of four.
fn number(bytes: &[u8], at: usize, short: bool) -> Option<u32> {
    if short {
        Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?).into())
    } else {
        word(bytes, at)
    }
}

/// Numbers and types of all items. Their entries are of version 2 or 3; others have no
/// type.
fn kinds(iinf: &[u8]) -> Option<Vec<(u32, [u8; 4])>> {
    let entries = iinf.get(if iinf.first()? == &0 { 6 } else { 8 }..)?;
    let kind = |(name, entry): ([u8; 4], &[u8])| {
        let short = match entry.first()? {
            2 => true,
            3 => false,
            _ => return None,
        };
        let id = number(entry, 4, short)?;
        // Behind the number: two bytes for protection; a protected item is none of ours.
        let behind = entry.get(if short { 6 } else { 8 }..)?;
        let kind = *behind.get(2..)?.first_chunk()?;
        (&name == b"infe" && behind.starts_with(&[0, 0])).then_some((id, kind))
    };
    Some(children(entries).filter_map(kind).collect())
}

/// Whether one item describes another.
fn describes(iref: &[u8], from: u32, to: u32) -> bool {
    described(iref, from).any(|id| id == to)
}

fn describes_any(iref: &[u8], from: u32) -> bool {
    described(iref, from).next().is_some()
}

/// The items that an item describes.
fn described(iref: &[u8], from: u32) -> impl Iterator<Item = u32> {
    let short = iref.first() == Some(&0);
    let step = if short { 2 } else { 4 };
    let lists = children(iref.get(4..).unwrap_or_default())
        .filter(move |(name, list)| name == b"cdsc" && number(list, 0, short) == Some(from));
    lists.flat_map(move |(_, list)| {
        let behind = list.get(step + 2..).unwrap_or_default();
        behind.chunks_exact(step).filter_map(move |id| number(id, 0, short))
    })
}
