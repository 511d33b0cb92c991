//! EXIF in a WebP: its chunk `EXIF`, announced by a flag of `VP8X` (RFC 9649, section
//! 2.7).

use super::exif::append::{append, fresh};
use super::exif::block::Block;
use super::exif::values::puts;
use super::fields::Fields;
use super::left::{Left, block, head};
use super::odd::Odd;
use super::png::{Chunk, only};
use super::splice::{Edits, Splice, differences};
use crate::io::{ReadAt, read_range};

/// Bytes before the first chunk: `RIFF`, how many follow, `WEBP`.
const HEADER: u64 = 12;
/// Most chunks that are followed; an animation has two a frame. Chosen, not measured.
const MOST_CHUNKS: usize = 1 << 16;
/// The flags of `VP8X` that say that there is EXIF, and transparency.
const HAS_EXIF: u8 = 0x08;
const HAS_ALPHA: u8 = 0x10;
/// What some writers put before the block, as in a JPEG.
const PREFIX: &[u8; 6] = b"Exif\0\0";

/// The chunks of a WebP.
///
/// # Errors
/// [`Odd::Structure`]: they do not fit the file.
pub(super) fn chunks(source: &dyn ReadAt) -> Result<Vec<Chunk>, Left> {
    let [r, i, f, f2, a, b, c, d, name @ ..] = head::<12>(source, 0)?;
    let whole = u64::from(u32::from_le_bytes([a, b, c, d])) + 8;
    if [r, i, f, f2] != *b"RIFF" || &name != b"WEBP" || whole != source.size() {
        return Err(Odd::Structure.into());
    }
    let (mut all, mut at) = (Vec::new(), HEADER);
    while at < whole {
        let [n, a, m, e, length @ ..] = head::<8>(source, at)?;
        let length = u64::from(u32::from_le_bytes(length));
        let body = (at + 8, at + 8 + length);
        let end = body.1 + length % 2;
        if end > whole || all.len() == MOST_CHUNKS {
            return Err(Odd::Structure.into());
        }
        all.push(Chunk { name: [n, a, m, e], start: at, body, end });
        at = end;
    }
    Ok(all)
}

/// The EXIF block of a WebP from its TIFF header on, and where it begins.
///
/// # Errors
/// As [`chunks`].
pub(super) fn exif(source: &dyn ReadAt) -> Result<Option<(u64, Vec<u8>)>, Left> {
    let Some(found) = only(&chunks(source)?, b"EXIF")? else { return Ok(None) };
    let mut bytes = block(source, found.body.0, found.body.1)?;
    let prefix = if bytes.starts_with(PREFIX) { PREFIX.len() } else { 0 };
    Ok(Some((found.body.0 + prefix as u64, bytes.split_off(prefix))))
}

/// Writes fields into a WebP.
///
/// # Errors
/// [`Left`]
pub(super) fn write(source: &dyn ReadAt, fields: &Fields) -> Result<Edits, Left> {
    let chunks = chunks(source)?;
    if chunks.iter().any(|chunk| &chunk.name == b"C2PA") {
        return Err(Odd::Signed.into());
    }
    let mut splices = announced(source, &chunks)?;
    match only(&chunks, b"EXIF")? {
        None => {
            let bytes = framed(&[], &fresh(&puts(fields, None)?)?);
            splices.push(Splice { at: source.size(), removed: 0, bytes });
        }
        Some(old) => {
            let before = block(source, old.start, old.end)?;
            let (start, known) = exif(source)?.ok_or(Odd::Structure)?;
            let prefix = if start > old.body.0 { &PREFIX[..] } else { &[] };
            let new = append(&known, &puts(fields, Some(&Block::read(&known)?))?)?;
            if new.len() == known.len() {
                splices.extend(differences(start, &known, &new));
            } else {
                let (at, removed) = (old.start, before.len() as u64);
                splices.push(Splice { at, removed, bytes: framed(prefix, &new) });
            }
        }
    }
    let grown = Edits::new(source.size(), splices.clone())?.size();
    let said = u32::try_from(grown - 8).map_err(|_| Odd::Structure)?;
    splices.extend(differences(4, &head::<4>(source, 4)?, &said.to_le_bytes()));
    Ok(Edits::new(source.size(), splices)?)
}

/// What says that there is EXIF: the flag of `VP8X`, or a new one in front of a simple
/// picture.
fn announced(source: &dyn ReadAt, chunks: &[Chunk]) -> Result<Vec<Splice>, Left> {
    let first = chunks.first().ok_or(Odd::Structure)?;
    if &first.name == b"VP8X" {
        let [flags] = head::<1>(source, first.body.0)?;
        return Ok(differences(first.body.0, &[flags], &[flags | HAS_EXIF]));
    }
    let (width, height, alpha) = canvas(source, first)?;
    let [w0, w1, w2, _] = (width - 1).to_le_bytes();
    let [h0, h1, h2, _] = (height - 1).to_le_bytes();
    let flags = HAS_EXIF | if alpha { HAS_ALPHA } else { 0 };
    let body = [flags, 0, 0, 0, w0, w1, w2, h0, h1, h2];
    let bytes = [&b"VP8X"[..], &10_u32.to_le_bytes(), &body].concat();
    Ok(vec![Splice { at: HEADER, removed: 0, bytes }])
}

/// Width, height and transparency of a simple picture, from its own header: RFC 6386,
/// section 9.1, and RFC 9649, section 3.4.
fn canvas(source: &dyn ReadAt, picture: &Chunk) -> Result<(u32, u32, bool), Left> {
    let bytes = read_range(source, picture.body.0, 10)?;
    let size = match (&picture.name, &*bytes) {
        (b"VP8 ", &[_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1]) => {
            let edge = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            (edge(w0, w1), edge(h0, h1), false)
        }
        (b"VP8L", &[0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1 == 1)
        }
        _ => return Err(Odd::Structure.into()),
    };
    if size.0 == 0 || size.1 == 0 { Err(Odd::Structure.into()) } else { Ok(size) }
}

/// A block as a chunk; chunks begin at even places.
fn framed(prefix: &[u8], block: &[u8]) -> Vec<u8> {
    let length = prefix.len() + block.len();
    let padding = &[0][..length % 2];
    [&b"EXIF"[..], &(length as u32).to_le_bytes(), prefix, block, padding].concat()
}
