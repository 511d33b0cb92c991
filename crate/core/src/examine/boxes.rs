//! Boxes of ISO media files (HEIC, MOV, MP4; ISO/IEC 14496-12, section 4.2):
//! headers in a file, boxes in memory. Sizes are claims; none is believed beyond
//! the bytes that are there.

use std::io;

use crate::io::{ReadAt, read_range};

/// Bytes of the longest box header: size and name, and a 64-bit size behind them.
pub const HEADER: usize = 16;
/// Most boxes that are followed on the top level of one file; those behind are not
/// seen. Real files have about ten; a fragmented video may have thousands, but its
/// `moov` comes first. Chosen, not measured.
pub const MOST_BOXES: usize = 512;

/// A box on the top level of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopBox {
    /// Its four-letter name.
    pub name: [u8; 4],
    /// Where its header begins.
    pub start: u64,
    /// Where its content begins.
    pub body: u64,
    /// Where it ends; never past the end of the file.
    pub end: u64,
}

/// Follows the boxes of a file from header to header until `enough` says so,
/// something is no box, or the file ends.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub fn follow(
    source: &dyn ReadAt,
    mut enough: impl FnMut(&TopBox) -> bool,
) -> io::Result<Vec<TopBox>> {
    let mut boxes = Vec::new();
    let mut pos = 0;
    while pos < source.size() && boxes.len() < MOST_BOXES {
        let head = read_range(source, pos, HEADER)?;
        let Some((name, header, size)) = header(&head) else { break };
        let claimed = if size == 0 { u64::MAX } else { pos.saturating_add(size) };
        let end = claimed.min(source.size());
        let found = TopBox { name, start: pos, body: (pos + header).min(end), end };
        boxes.push(found);
        if enough(&found) {
            break;
        }
        pos = end;
    }
    Ok(boxes)
}

/// Most bytes of a box that describes one fragment of a video (`moof`, `sidx`): a
/// million samples of 16 bytes. One that claims more is not read. Chosen, not measured.
const FRAGMENT: u64 = 16 << 20;

/// The content of a box that describes one fragment. `None`: it cannot be read, or
/// claims too much.
pub fn fragment(source: &dyn ReadAt, found: &TopBox) -> Option<Vec<u8>> {
    let bytes = found.end - found.body;
    let length = usize::try_from(bytes).ok().filter(|_| bytes <= FRAGMENT)?;
    read_range(source, found.body, length).ok()
}

/// The boxes in `bytes`, names and contents. The last is cut where the bytes
/// end.
pub fn children(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (name, header, size) = header(rest)?;
        let size = if size == 0 { u64::MAX } else { size };
        let end = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        let body = rest.get(header as usize..end).unwrap_or_default();
        rest = &rest[end..];
        Some((name, body))
    })
}

/// The content of the first box at `path`.
#[must_use]
pub fn find<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, name| {
        children(bytes).find(|(found, _)| found == *name).map(|(_, body)| body)
    })
}

/// Name, bytes of the header, and size (0: to the end of the file). `None`: no
/// box begins here, or its header goes on behind these bytes.
pub fn header(bytes: &[u8]) -> Option<([u8; 4], u64, u64)> {
    let size = u32::from_be_bytes(*bytes.first_chunk()?);
    let name = *bytes.get(4..)?.first_chunk()?;
    match size {
        0 => Some((name, 8, 0)),
        1 => {
            let size = u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
            (size >= 16).then_some((name, 16, size))
        }
        2..8 => None,
        _ => Some((name, 8, size.into())),
    }
}

/// Whether a full box writes its times with 64 bits: version 1.
pub fn is_wide(body: &[u8]) -> bool {
    body.first() == Some(&1)
}

/// The four bytes at this place.
pub fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The eight bytes at this place.
pub fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// What stands behind the two times of a header: units a second in `mvhd` and `mdhd`,
/// the track's number in `tkhd`.
pub fn behind_times(header: &[u8]) -> Option<u32> {
    word(header, if is_wide(header) { 20 } else { 12 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> Vec<String> {
        let boxes = follow(&bytes.to_vec(), |_| false).unwrap();
        boxes.iter().map(|found| String::from_utf8_lossy(&found.name).into_owned()).collect()
    }

    #[test]
    fn follows_small_large_and_open_boxes() {
        let mut bytes = b"\0\0\0\x0Cftypmp42\0\0\0\x01mdat\0\0\0\0\0\0\0\x14abcd".to_vec();
        bytes.extend(b"\0\0\0\0moovxyz");
        assert_eq!(names(&bytes), ["ftyp", "mdat", "moov"]);
        let last = *follow(&bytes, |_| false).unwrap().last().unwrap();
        assert_eq!((last.body, last.end), (40, 43));
    }

    #[test]
    fn a_size_that_cannot_be_ends_the_walk() {
        assert_eq!(names(b"\0\0\0\x08free\0\0\0\x03moov"), ["free"]);
        assert_eq!(names(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x02"), [""; 0]);
        assert_eq!(names(b"\0\0\0\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFx"), ["mdat"]);
    }

    /// A file of so many zeros.
    struct Zeros(u64);

    impl ReadAt for Zeros {
        fn size(&self) -> u64 {
            self.0
        }

        fn read_at(&self, _: u64, buf: &mut [u8]) -> io::Result<usize> {
            buf.fill(0);
            Ok(buf.len())
        }
    }

    #[test]
    fn a_fragment_that_claims_a_terabyte_is_not_loaded() {
        let read = |bytes| {
            let found = TopBox { name: *b"moof", start: 0, body: 8, end: 8 + bytes };
            fragment(&Zeros(1 << 41), &found).map(|body| body.len())
        };
        assert_eq!(read(1 << 40), None);
        assert_eq!(read(FRAGMENT + 1), None);
        assert_eq!(read(1000), Some(1000));
    }

    #[test]
    fn finds_nested_boxes_and_cuts_the_last() {
        let bytes = b"\0\0\0\x1Amoov\0\0\0\x09freex\0\0\0\xFFmvhdab";
        assert_eq!(find(bytes, &[b"moov", b"mvhd"]), Some(&b"a"[..]));
        assert_eq!(find(bytes, &[b"moov", b"trak"]), None);
    }
}
