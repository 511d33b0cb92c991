//! Reads the parts of a file that are worth reading.

use std::io;

use super::boxes::{HEADER, TopBox, follow};
use super::extract::{Depth, Extract};
use super::jpeg_marks::marks;
use super::metadata::{blocks, motion, raw, xmp};
use super::photo_heif;
use super::pixels::plane::no_picture;
use super::video_length;
use crate::collect::jpeg_segments::{is_frame, is_last, next};
use crate::collect::kind::{HEAD, kind};
use crate::error::{Problem, Unread};
use crate::io::{ReadAt, read_range, read_whole};
use crate::model::Kind;
use crate::settings::Limits;

/// Most segments of a JPEG that are followed in search of its frame header; without
/// it the size stays unknown. Chosen, not measured.
const MOST_SEGMENTS: usize = 256;
/// Largest sidecar that is taken whole, in bytes: programs write drawn masks of a few
/// megabytes into them. Chosen, not measured.
const MOST_SIDECAR: u64 = 4 << 20;
/// Bytes in which a segment's header is looked for: its four bytes, and fill bytes
/// before them.
const SEGMENT_HEADER: usize = 16;

/// Reads from a file what `depth` asks for.
///
/// # Errors
/// As [`ReadAt::read_at`], and if the file ends before the size that it told.
pub fn gather(source: &dyn ReadAt, depth: Depth, limits: &Limits) -> io::Result<Extract> {
    let size = source.size();
    let mut extract = Extract { size, parts: Vec::new() };
    take(&mut extract, source, 0, limits.head as u64)?;
    let head = extract.parts.first().map_or(&[][..], |(_, bytes)| bytes);
    let kind = kind(head);
    if depth == Depth::Whole && kind != Kind::Video && size <= limits.picture_bytes {
        take(&mut extract, source, 0, size)?;
    } else if matches!(kind, Kind::Heic | Kind::Video | Kind::Raw | Kind::Avif) && is_iso(head) {
        take_index(&mut extract, source, limits)?;
    } else if kind == Kind::Jpeg && marks(head).is_some_and(|marks| marks.frame.is_none()) {
        take_frame(&mut extract, source, limits)?;
    } else if kind == Kind::Text && xmp::begins(head) && size <= MOST_SIDECAR {
        take(&mut extract, source, 0, size)?;
    }
    let head = extract.head();
    let more = match kind {
        Kind::Jpeg => motion::wanted(head, &Layered(&extract, source)),
        Kind::Raw if is_iso(head) => {
            raw::packet_range(&Layered(&extract, source)).into_iter().collect()
        }
        Kind::Tiff | Kind::Raw => blocks::tiff_ranges(head),
        _ => Vec::new(),
    };
    for (from, to) in more {
        take(&mut extract, source, from, to)?;
    }
    Ok(extract)
}

/// A file of which parts are in memory already.
struct Layered<'a>(&'a Extract, &'a dyn ReadAt);

impl ReadAt for Layered<'_> {
    fn size(&self) -> u64 {
        self.1.size()
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read_at(pos, buf) {
            Ok(count) if count == buf.len() => Ok(count),
            _ => self.1.read_at(pos, buf),
        }
    }
}

/// Reads a picture file whole.
///
/// # Errors
/// As [`read_whole`], and if its first bytes say that it is no picture.
pub fn picture(source: &dyn ReadAt, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let head = read_range(source, 0, HEAD).map_err(|error| Problem::reading(&error))?;
    match kind(&head) {
        Kind::Empty => Err(Problem::Empty),
        kind if kind.is_picture() => read_whole(source, limits.picture_bytes),
        _ => Err(no_picture()),
    }
}

impl ReadAt for Extract {
    fn size(&self) -> u64 {
        self.size
    }

    /// Bytes that were not taken are an error, not silence.
    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() || pos >= self.size {
            return Ok(0);
        }
        let at = self.parts.partition_point(|(start, _)| *start <= pos);
        let held = at.checked_sub(1).and_then(|at| {
            let (start, bytes) = &self.parts[at];
            bytes.get(usize::try_from(pos - start).ok()?..).filter(|bytes| !bytes.is_empty())
        });
        let held = held.ok_or_else(|| io::Error::other(Unread::NotTaken))?;
        let count = held.len().min(buf.len());
        buf[..count].copy_from_slice(&held[..count]);
        Ok(count)
    }
}

fn is_iso(head: &[u8]) -> bool {
    head.get(4..8).is_some_and(|name| name.iter().all(u8::is_ascii_alphabetic))
}

/// Takes the headers of the boxes on the top level, and the whole index wherever it
/// stands: `moov`, or `meta` and the items that it names; then the beginning of a film
/// behind the picture.
fn take_index(extract: &mut Extract, source: &dyn ReadAt, limits: &Limits) -> io::Result<()> {
    let is_index = |found: &TopBox| matches!(&found.name, b"moov" | b"meta");
    let is_last = |found: &TopBox| &found.name == b"moov" || &found.name == b"mpvd";
    let boxes = follow(&Layered(extract, source), is_last)?;
    for found in &boxes {
        let more = if &found.name == b"mpvd" { motion::BEGINNING } else { 0 };
        take(extract, source, found.start, found.start + HEADER as u64 + more)?;
    }
    let Some(at) = boxes.iter().position(is_index) else { return Ok(()) };
    let index = &boxes[at];
    let bytes = index.end - index.start;
    if bytes > limits.box_bytes as u64 {
        return Ok(());
    }
    take(extract, source, index.start, index.end)?;
    if &index.name == b"moov" {
        let body = read_range(extract, index.body, (index.end - index.body) as usize)?;
        if video_length::is_in_fragments(&body) {
            take_fragments(extract, source, limits)?;
        }
    } else {
        for (from, to) in photo_heif::item_ranges(&front(extract, &boxes[..=at])?) {
            take(extract, source, from, to)?;
        }
    }
    Ok(())
}

/// Takes the headers of all boxes, and whole those that tell how long each fragment
/// is. They end where they would be more than an index may be.
fn take_fragments(extract: &mut Extract, source: &dyn ReadAt, limits: &Limits) -> io::Result<()> {
    let mut left = limits.box_bytes as u64;
    for found in follow(source, |_| false)? {
        let whole = video_length::tells(&found.name);
        let end = if whole { found.end } else { found.start + HEADER as u64 };
        let Some(rest) = left.checked_sub(end - found.start) else { break };
        left = rest;
        take(extract, source, found.start, end)?;
    }
    Ok(())
}

/// Takes a JPEG up to its frame header where large segments (colour profiles,
/// maker notes, previews) push that out of the head.
fn take_frame(extract: &mut Extract, source: &dyn ReadAt, limits: &Limits) -> io::Result<()> {
    let mut pos = 2;
    for _ in 0..MOST_SEGMENTS {
        let Some(header) = next(&read_range(source, pos, SEGMENT_HEADER)?) else { break };
        let end = pos + header.end as u64;
        if is_last(header.marker) || end > limits.box_bytes as u64 {
            break;
        }
        if is_frame(header.marker) {
            return take(extract, source, 0, end);
        }
        pos = end;
    }
    Ok(())
}

/// The `ftyp` and `meta` boxes, one behind the other.
///
/// # Errors
/// They were not taken.
pub fn front(source: &dyn ReadAt, boxes: &[TopBox]) -> io::Result<Vec<u8>> {
    let mut front = Vec::new();
    for found in boxes.iter().filter(|found| matches!(&found.name, b"ftyp" | b"meta")) {
        let length = usize::try_from(found.end - found.start).unwrap_or(usize::MAX);
        front.extend(read_range(source, found.start, length)?);
    }
    Ok(front)
}

/// Reads what is still absent between `from` and `to`, and joins it with its
/// neighbours.
fn take(extract: &mut Extract, source: &dyn ReadAt, from: u64, to: u64) -> io::Result<()> {
    let to = to.min(source.size());
    let mut from = from;
    let mut gaps = Vec::new();
    for (start, bytes) in &extract.parts {
        if *start >= to {
            break;
        }
        if *start > from {
            gaps.push((from, *start));
        }
        from = from.max(start + bytes.len() as u64);
    }
    if from < to {
        gaps.push((from, to));
    }
    for (from, to) in gaps {
        let length = usize::try_from(to - from).unwrap_or(usize::MAX);
        let bytes = read_range(source, from, length)?;
        if bytes.len() < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        extract.parts.push((from, bytes));
    }
    join(&mut extract.parts);
    Ok(())
}

fn join(parts: &mut Vec<(u64, Vec<u8>)>) {
    parts.sort_by_key(|(start, _)| *start);
    parts.retain(|(_, bytes)| !bytes.is_empty());
    parts.dedup_by(|next, last| {
        let touches = last.0 + last.1.len() as u64 == next.0;
        if touches {
            last.1.append(&mut next.1);
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::testing::boxed;

    fn small() -> Limits {
        Limits { head: 32, ..Limits::default() }
    }

    #[track_caller]
    fn check(bytes: &[u8], depth: Depth, want: &[(u64, u64)]) {
        let extract = gather(&bytes.to_vec(), depth, &small()).unwrap();
        let parts = extract.parts.iter().map(|(start, part)| {
            assert_eq!(part, &bytes[*start as usize..][..part.len()]);
            (*start, start + part.len() as u64)
        });
        assert_eq!(parts.collect::<Vec<_>>(), want);
    }

    /// `ftyp`, `mdat` of 100 bytes, `free`, `moov`.
    fn video() -> Vec<u8> {
        let parts = [
            boxed(b"ftyp", b"mp42\0\0\0\0"),
            boxed(b"mdat", &[7; 92]),
            boxed(b"free", &[0; 40]),
            boxed(b"moov", &[1; 22]),
        ];
        parts.concat()
    }

    #[test]
    fn the_index_at_the_end_is_found_and_the_rest_left() {
        check(&video(), Depth::Head, &[(0, 32), (116, 132), (164, 194)]);
        check(&video(), Depth::Whole, &[(0, 32), (116, 132), (164, 194)]);
    }

    #[test]
    fn pictures_are_taken_whole_when_asked() {
        let mut bytes = vec![0xFF, 0xD8, 0xFF];
        bytes.resize(100, 1);
        check(&bytes, Depth::Head, &[(0, 32)]);
        check(&bytes, Depth::Whole, &[(0, 100)]);
        check(&[], Depth::Whole, &[]);
    }

    #[test]
    fn a_frame_header_behind_large_segments_is_found() {
        let large = [&[0xFF, 0xE2, 0, 90][..], &[5; 88]].concat();
        let frame = [0xFF, 0xC2, 0, 11, 8, 0, 9, 0, 7, 1, 1, 0x11, 0];
        let bytes = [&[0xFF, 0xD8][..], &large, &frame, &[0xFF, 0xDA], &[9; 60]].concat();
        check(&bytes, Depth::Head, &[(0, 2 + 92 + 13)]);
    }

    #[test]
    fn an_index_above_the_limit_is_left() {
        let limits = Limits { box_bytes: 20, ..small() };
        assert_eq!(gather(&video(), Depth::Head, &limits).unwrap().taken(), 32 + 16 + 16);
    }

    /// A file that has lost its second half since it was listed.
    struct Halved(Vec<u8>);

    impl ReadAt for Halved {
        fn size(&self) -> u64 {
            self.0.size()
        }

        fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
            self.0[..self.0.len() / 2].read_at(pos, buf)
        }
    }

    #[test]
    fn a_file_that_lost_its_end_is_not_taken_for_whole() {
        let mut bytes = vec![0xFF, 0xD8, 0xFF];
        bytes.resize(100, 1);
        let halved = Halved(bytes);
        assert!(gather(&halved, Depth::Head, &small()).is_ok());
        let error = gather(&halved, Depth::Whole, &small()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(picture(&halved, &small()), Err(Problem::Truncated));
    }

    #[test]
    fn of_what_is_no_picture_only_the_head_is_read() {
        let limits = Limits { picture_bytes: 5000, ..small() };
        let video = [video(), vec![0; 6000]].concat();
        assert!(matches!(picture(&video, &limits), Err(Problem::Decode(_))));
        assert_eq!(picture(&Vec::new(), &limits), Err(Problem::Empty));
    }

    #[test]
    fn reading_what_was_not_taken_fails() {
        let extract = gather(&video(), Depth::Head, &small()).unwrap();
        assert_eq!(extract.size(), 194);
        assert_eq!(read_range(&extract, 164, 100).unwrap().len(), 30);
        assert!(read_range(&extract, 30, 10).is_err());
        assert!(read_range(&extract, 60, 1).is_err());
    }
}
