//! EXIF in a PNG: its chunk `eXIf` (PNG specification, third edition, section 11.3.3.6).

use super::exif::append::{append, fresh};
use super::exif::block::Block;
use super::exif::values::puts;
use super::fields::Fields;
use super::left::{Left, block, head};
use super::odd::Odd;
use super::splice::{Edits, Splice, differences};
use crate::io::{ReadAt, read_range};

/// Most chunks that are followed: a PNG of 100 MB in chunks of 8 KB has 12,800. Chosen,
/// not measured.
const MOST_CHUNKS: usize = 1 << 16;
/// Bytes of a text that are looked at: the longest name of an older form.
const NAME: usize = 22;

/// A chunk of a PNG or a WebP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Its name.
    pub name: [u8; 4],
    /// Where its header begins.
    pub start: u64,
    /// Where its content begins and ends.
    pub body: (u64, u64),
    /// Where the next begins.
    pub end: u64,
}

/// The chunks of a PNG up to its last.
///
/// # Errors
/// [`Odd::Structure`]: they do not fit the file.
pub(super) fn chunks(source: &dyn ReadAt) -> Result<Vec<Chunk>, Left> {
    if head(source, 0)? != *b"\x89PNG\r\n\x1A\n" {
        return Err(Odd::Structure.into());
    }
    let (mut all, mut at) = (Vec::new(), 8);
    while all.len() < MOST_CHUNKS {
        let [a, b, c, d, name @ ..] = head::<8>(source, at)?;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        let body = (at + 8, at + 8 + length);
        let end = body.1 + 4;
        if end > source.size() || !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Odd::Structure.into());
        }
        all.push(Chunk { name, start: at, body, end });
        if &name == b"IEND" {
            return Ok(all);
        }
        at = end;
    }
    Err(Odd::Structure.into())
}

/// The chunk with EXIF among others.
///
/// # Errors
/// [`Odd::ManyBlocks`]
pub(super) fn only(chunks: &[Chunk], name: &[u8; 4]) -> Result<Option<Chunk>, Odd> {
    let mut found = chunks.iter().filter(|chunk| &chunk.name == name);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Odd::ManyBlocks),
        (one, _) => Ok(one.copied()),
    }
}

/// The EXIF block of a PNG, and where it begins.
///
/// # Errors
/// As [`chunks`].
pub(super) fn exif(source: &dyn ReadAt) -> Result<Option<(u64, Vec<u8>)>, Left> {
    let Some(found) = only(&chunks(source)?, b"eXIf")? else { return Ok(None) };
    Ok(Some((found.body.0, block(source, found.body.0, found.body.1)?)))
}

/// Writes fields into a PNG.
///
/// # Errors
/// [`Left`]
pub(super) fn write(source: &dyn ReadAt, fields: &Fields) -> Result<Edits, Left> {
    let chunks = chunks(source)?;
    if chunks.iter().any(|chunk| &chunk.name == b"caBX") {
        return Err(Odd::Signed.into());
    }
    for chunk in chunks.iter().filter(|chunk| matches!(&chunk.name, b"tEXt" | b"zTXt" | b"iTXt")) {
        let length = (chunk.body.1 - chunk.body.0).min(NAME as u64) as usize;
        if is_older(&read_range(source, chunk.body.0, length)?) {
            return Err(Odd::ManyBlocks.into());
        }
    }
    let Some(old) = only(&chunks, b"eXIf")? else {
        let pixels = chunks.iter().find(|chunk| &chunk.name == b"IDAT").ok_or(Odd::Structure)?;
        let new = framed(&fresh(&puts(fields, None)?)?);
        let splice = Splice { at: pixels.start, removed: 0, bytes: new };
        return Ok(Edits::new(source.size(), vec![splice])?);
    };
    let known = block(source, old.body.0, old.body.1)?;
    let new = append(&known, &puts(fields, Some(&Block::read(&known)?))?)?;
    if new == known {
        return Ok(Edits::new(source.size(), Vec::new())?);
    }
    let chunk = framed(&new);
    if new.len() == known.len() {
        let before = block(source, old.start, old.end)?;
        return Ok(Edits::new(source.size(), differences(old.start, &before, &chunk))?);
    }
    let splice = Splice { at: old.start, removed: old.end - old.start, bytes: chunk };
    Ok(Edits::new(source.size(), vec![splice])?)
}

/// Whether a text holds EXIF as programs wrote it before there was a chunk for it.
fn is_older(text: &[u8]) -> bool {
    [&b"Raw profile type exif\0"[..], b"Raw profile type APP1\0"].contains(&text)
}

/// A block as a chunk with its sum.
fn framed(block: &[u8]) -> Vec<u8> {
    let named = [b"eXIf", block].concat();
    let sum = crc32fast::hash(&named);
    [&(block.len() as u32).to_be_bytes()[..], &named, &sum.to_be_bytes()].concat()
}
