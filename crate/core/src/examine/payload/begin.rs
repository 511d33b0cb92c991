//! A name for how a payload begins, read from few bytes: files of which it differs have
//! no payload in common, so that they need not be read whole to know that.

use std::io;

use super::find::Finder;
use super::taker::Payload;
use crate::collect;
use crate::collect::jpeg_segments::next;
use crate::collect::kind::{HEAD, kind};
use crate::io::{Files, PIECE, ReadAt, read_range};
use crate::model::{Item, Kind};
use crate::settings::Limits;

/// Most segments or chunks that are followed; with more the beginning stays unknown.
/// Chosen, not measured: files of cameras have some twenty.
const MOST_PARTS: usize = 1024;
/// Bytes in which a segment's header is looked for: its four bytes, and fill bytes
/// before them.
const SEGMENT_HEADER: usize = 16;
/// Bytes of a scan that are looked at. Two photos of one scene differ in the first few.
/// Chosen, not measured.
const SCAN: usize = 4096;
/// Bytes of a chunk that are looked at: programs cut the data of a PNG at lengths of
/// their own, hardly below this. Chosen, not measured.
const CHUNK: usize = 64;

/// What the payload of a file begins with. `None`: that cannot be told from few bytes.
///
/// # Errors
/// As [`crate::io::ReadAt::read_at`].
pub(crate) fn beginning(
    item: &Item,
    files: &dyn Files,
    limits: &Limits,
) -> io::Result<Option<[u8; 32]>> {
    let source = collect::open(item, files)?;
    let head = read_range(&*source, 0, HEAD)?;
    let mut hash = blake3::Hasher::new();
    let found = match kind(&head) {
        Kind::Jpeg => jpeg(&*source, &mut hash)?,
        Kind::Png => chunks(&*source, 8, u32::from_be_bytes, 4, &mut hash)?,
        Kind::Webp => chunks(&*source, 12, u32::from_le_bytes, 0, &mut hash)?,
        Kind::Heic | Kind::Avif | Kind::Video | Kind::Tiff | Kind::Raw => {
            return streams(item, files, limits);
        }
        _ => None,
    };
    Ok(found.map(|()| *hash.finalize().as_bytes()))
}

/// The tables of a JPEG, and how its first scan begins.
fn jpeg(source: &dyn ReadAt, hash: &mut blake3::Hasher) -> io::Result<Option<()>> {
    let mut at = 2u64;
    for _ in 0..MOST_PARTS {
        let Some(header) = next(&read_range(source, at, SEGMENT_HEADER)?) else { return Ok(None) };
        let (body, end) = (at + header.body as u64, at + header.end as u64);
        match header.marker {
            0xD9 => return Ok(None),
            0xE0..=0xEF | 0xFE => {}
            marker => {
                let scan = if marker == 0xDA { SCAN } else { 0 };
                hash.update(&[marker]);
                hash.update(&read_range(source, body, (end - body) as usize + scan)?);
                if scan > 0 {
                    return Ok(Some(()));
                }
            }
        }
        at = end;
    }
    Ok(None)
}

/// The first chunk of picture data of a PNG or a WebP. `tail` is the number of bytes
/// behind each chunk; without one, chunks begin at even places.
fn chunks(
    source: &dyn ReadAt,
    mut at: u64,
    length: fn([u8; 4]) -> u32,
    tail: u64,
    hash: &mut blake3::Hasher,
) -> io::Result<Option<()>> {
    for _ in 0..MOST_PARTS {
        let header = read_range(source, at, 8)?;
        let Some((first, last)) = header.first_chunk::<4>().zip(header.last_chunk::<4>()) else {
            return Ok(None);
        };
        let (name, size) = if tail > 0 { (last, length(*first)) } else { (first, length(*last)) };
        if header.len() == 8 && matches!(name, b"IDAT" | b"VP8 " | b"VP8L" | b"ANMF") {
            hash.update(name);
            hash.update(&read_range(source, at + 8, CHUNK.min(size as usize))?);
            return Ok(Some(()));
        }
        let padding = if tail > 0 { tail } else { u64::from(size % 2) };
        at += 8 + u64::from(size) + padding;
    }
    Ok(None)
}

/// The names and lengths of the streams that the index of a file names.
fn streams(item: &Item, files: &dyn Files, limits: &Limits) -> io::Result<Option<[u8; 32]>> {
    let mut finder = Finder::new(limits.box_bytes as u64);
    loop {
        match finder.step(item, files, PIECE)?.1 {
            None => {}
            Some(Payload::Streams(streams)) => return Ok(Some(streams.shape())),
            Some(_) => return Ok(None),
        }
    }
}
