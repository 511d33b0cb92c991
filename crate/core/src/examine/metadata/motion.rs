//! The film behind a motion photo: where it is said to lie, and whether it does. Copies
//! often keep the words of a film that they have lost.

use super::blocks;
use super::xmp;
use crate::examine::jpeg_marks::marks;
use crate::io::{ReadAt, read_range};
use crate::model::Motion;

/// Bytes at the beginning of a film that are looked at: the size and name of its first
/// box.
pub const BEGINNING: u64 = 8;
/// Bytes at the end of a Samsung's file: length of the directory before them, and a name.
const FOOT: u64 = 8;
/// Most bytes of that directory, twelve for each part. Chosen, not measured.
const MOST_DIRECTORY: u32 = 4096;
/// Bytes of a part's header, and of its longest name: `MotionPhoto_Data`.
const PART: u64 = 8 + 16;
/// What Samsung calls the film among the parts.
const FILM: u16 = 0x0A30;

/// The film of a JPEG, whose first bytes are `head`. All that is read of `source` are
/// ranges of [`wanted`].
#[must_use]
pub fn of_jpeg(head: &[u8], source: &dyn ReadAt) -> Option<Motion> {
    let noted = blocks::jpeg(head).xmp.filter(|packet| speaks_of_film(packet)).and_then(xmp::read);
    let named = noted.and_then(|noted| noted.film).and_then(|film| from_end(source, film));
    let film = named.filter(|film| begins(source, film.start));
    film.or_else(|| samsung(head, source)?.film.filter(|film| begins(source, film.start)))
}

/// What [`of_jpeg`] reads beyond the first bytes, each with its end: nothing of an
/// ordinary photo.
#[must_use]
pub fn wanted(head: &[u8], source: &dyn ReadAt) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    let packet = blocks::jpeg(head).xmp.filter(|packet| speaks_of_film(packet));
    let film = packet.and_then(xmp::read).and_then(|noted| noted.film);
    if let Some(film) = film.and_then(|film| from_end(source, film)) {
        ranges.push((film.start, film.start + BEGINNING));
    }
    if let Some(trailer) = samsung(head, source) {
        ranges.extend(trailer.read);
        ranges.extend(trailer.film.map(|film| (film.start, film.start + BEGINNING)));
    }
    ranges
}

/// Whether a film begins here.
#[must_use]
pub fn begins(source: &dyn ReadAt, start: u64) -> bool {
    let head = read_range(source, start, BEGINNING as usize).unwrap_or_default();
    head.get(4..8) == Some(b"ftyp")
}

fn speaks_of_film(packet: &[u8]) -> bool {
    packet.windows(10).any(|word| word == b"MicroVideo" || word == b"MotionPhot")
}

/// A film that begins so far from the end of a file.
fn from_end(source: &dyn ReadAt, (from_end, bytes): (u64, u64)) -> Option<Motion> {
    let start = source.size().checked_sub(from_end).filter(|start| *start > 0)?;
    (bytes <= from_end).then_some(Motion { start, bytes })
}

/// Samsung's parts behind the picture.
struct Trailer {
    /// What was read to find the film.
    read: Vec<(u64, u64)>,
    film: Option<Motion>,
}

/// Looks for Samsung's parts, if its camera made the file.
fn samsung(head: &[u8], source: &dyn ReadAt) -> Option<Trailer> {
    /// Bytes of EXIF in which the maker is looked for: it stands first.
    const MAKER: usize = 1024;
    let exif = marks(head)?.exif?;
    let made = exif.windows(7).take(MAKER).any(|word| word.eq_ignore_ascii_case(b"samsung"));
    let end = source.size();
    let foot = end.checked_sub(FOOT).filter(|_| made)?;
    let mut trailer = Trailer { read: vec![(foot, end)], film: None };
    let bytes = read_range(source, foot, FOOT as usize).ok()?;
    trailer.film = little(&bytes, 0)
        .filter(|length| bytes.ends_with(b"SEFT") && *length <= MOST_DIRECTORY)
        .and_then(|length| {
            directory(source, foot.checked_sub(length.into())?, foot, &mut trailer.read)
        });
    Some(trailer)
}

/// The film, as a directory names it: each part by its kind, how far it begins before
/// the directory, and its bytes.
fn directory(
    source: &dyn ReadAt,
    start: u64,
    end: u64,
    read: &mut Vec<(u64, u64)>,
) -> Option<Motion> {
    let bytes = read_range(source, start, usize::try_from(end - start).ok()?).ok()?;
    read.push((start, end));
    let parts = bytes.strip_prefix(b"SEFH")?.get(8..)?;
    let kind = |part: &&[u8]| u16::from_le_bytes([part[2], part[3]]) == FILM;
    let part = parts.chunks_exact(12).find(kind)?;
    let (before, length) = (u64::from(little(part, 4)?), u64::from(little(part, 8)?));
    let at = start.checked_sub(before)?;
    let header = read_range(source, at, PART as usize).ok()?;
    read.push((at, at + PART));
    let named = 8 + u64::from(little(&header, 4)?);
    let bytes = length.checked_sub(named).filter(|bytes| *bytes > 0 && named <= PART)?;
    Some(Motion { start: at + named, bytes })
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM_BYTES: &[u8] = b"\0\0\0\x10ftypmp42\0\0\0\0";

    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        for (marker, segment) in segments {
            bytes.extend([0xFF, *marker]);
            bytes.extend(((segment.len() + 2) as u16).to_be_bytes());
            bytes.extend(*segment);
        }
        bytes.extend([0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]);
        bytes
    }

    fn micro(offset: usize) -> Vec<u8> {
        let packet = format!(
            "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF \
             xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description \
             xmlns:g='http://ns.google.com/photos/1.0/camera/' g:MicroVideo='1' \
             g:MicroVideoOffset='{offset}'/></r:RDF></x:xmpmeta>"
        );
        jpeg(&[(0xE1, packet.as_bytes())])
    }

    #[test]
    fn a_film_is_where_the_packet_says_or_nowhere() {
        let picture = micro(FILM_BYTES.len());
        let whole = [&picture[..], FILM_BYTES].concat();
        let start = picture.len() as u64;
        assert_eq!(of_jpeg(&picture, &whole), Some(Motion { start, bytes: 16 }));
        assert_eq!(wanted(&picture, &whole), [(start, start + BEGINNING)]);
        // The film was taken away, and the words stayed.
        assert_eq!(of_jpeg(&picture, &picture), None);
        assert_eq!(of_jpeg(&micro(1 << 40), &whole), None);
    }

    /// A Samsung's photo with its film and directory.
    fn phone() -> (Vec<u8>, Motion) {
        let mut bytes = jpeg(&[(0xE1, b"Exif\0\0II*\0\x08\0\0\0 samsung")]);
        let at = bytes.len();
        bytes.extend([0, 0, 0x30, 0x0A, 16, 0, 0, 0]);
        bytes.extend(b"MotionPhoto_Data");
        let start = bytes.len() as u64;
        bytes.extend(FILM_BYTES);
        let before = (bytes.len() - at) as u32;
        bytes.extend(b"SEFH\x6A\0\0\0\x01\0\0\0\0\0\x30\x0A");
        bytes.extend([before.to_le_bytes(), before.to_le_bytes()].concat());
        bytes.extend(24_u32.to_le_bytes());
        bytes.extend(b"SEFT");
        (bytes, Motion { start, bytes: FILM_BYTES.len() as u64 })
    }

    #[test]
    fn samsungs_film_is_named_at_the_end() {
        let (bytes, film) = phone();
        assert_eq!(of_jpeg(&bytes, &bytes), Some(film));
        let ranges = wanted(&bytes, &bytes);
        assert_eq!(ranges.len(), 4);
        assert!(ranges.iter().all(|(from, to)| to - from <= 32));
        let other = jpeg(&[(0xE1, b"Exif\0\0II*\0\x08\0\0\0 Nikon")]);
        assert_eq!(wanted(&other, &other), []);
    }

    #[test]
    fn a_damaged_directory_names_nothing() {
        let (bytes, _) = phone();
        for at in bytes.len() - 8 - 24..bytes.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                let found = of_jpeg(&damaged, &damaged);
                assert!(found.is_none_or(|film| film.start < bytes.len() as u64));
            }
        }
    }
}
