//! How many pixels a picture of an export has, from its first bytes alone.

use super::jpeg_segments;
use super::library::open;
use crate::io::{Files, read_range};
use crate::model::{Item, Size};

/// Bytes that nearly always hold the size: WhatsApp's files carry no metadata
/// before it.
const HEAD: usize = 1 << 10;
/// Bytes that are read where they do not; a size behind those stays unknown.
/// Chosen, not measured.
const LONG_HEAD: usize = 128 << 10;

/// Width times height of an item; `None` if it is no picture, or its first bytes do
/// not say it.
#[must_use]
pub fn pixels(item: &Item, files: &dyn Files) -> Option<u64> {
    let source = open(item, files).ok()?;
    let told = |bytes| size(&read_range(&*source, 0, bytes).ok()?);
    told(HEAD).or_else(|| told(LONG_HEAD)).map(Size::pixels)
}

/// Width and height of a JPEG, PNG, GIF or WebP picture, as stored.
#[must_use]
pub fn size(head: &[u8]) -> Option<Size> {
    jpeg_segments::size(head).or_else(|| png(head)).or_else(|| gif(head)).or_else(|| webp(head))
}

fn png(head: &[u8]) -> Option<Size> {
    let four = |at| Some(big_two(head, at)? << 16 | big_two(head, at + 2)?);
    head.starts_with(b"\x89PNG\r\n\x1A\n").then(|| Some(Size::new(four(16)?, four(20)?)))?
}

fn gif(head: &[u8]) -> Option<Size> {
    head.starts_with(b"GIF8")
        .then(|| Some(Size::new(little_two(head, 6)?, little_two(head, 8)?)))?
}

/// Width and height in the first 30 bytes of a WebP file, in pixels.
#[must_use]
pub fn webp(head: &[u8]) -> Option<Size> {
    let two = |at| little_two(head, at);
    let byte = |at: usize| head.get(at).copied().map(u32::from);
    match head.get(12..16).filter(|_| head.starts_with(b"RIFF"))? {
        b"VP8X" => {
            let three = |at: usize| Some((two(at)? | byte(at + 2)? << 16) + 1);
            Some(Size::new(three(24)?, three(27)?))
        }
        b"VP8 " => Some(Size::new(two(26)? & 0x3FFF, two(28)? & 0x3FFF)),
        b"VP8L" => {
            let bits = two(21)? | two(23)? << 16;
            Some(Size::new((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        _ => None,
    }
}

fn big_two(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u32::from(two[0]) << 8 | u32::from(two[1]))
}

fn little_two(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u32::from(two[1]) << 8 | u32::from(two[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], want: Option<(u32, u32)>) {
        assert_eq!(size(head), want.map(Size::from), "{head:?}");
    }

    #[test]
    fn reads_the_sizes_of_real_files() {
        // Written with an encoder each, and cut.
        check(
            b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xDB\0\x03c\xFF\xFF\xC2\0\x11\x08\x04\xB0\x06\x40\x03",
            Some((1600, 1200)),
        );
        check(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\x01\0\x02\0\0\x02\x58", Some((65_538, 600)));
        check(b"GIF89a\x20\x03\x58\x02", Some((800, 600)));
        check(b"RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\x01\0\xFF\x01\0", Some((512, 512)));
        check(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\0\x02\0\x02", Some((512, 512)));
        check(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\xFF\xC1\x7F\0\0\0\0\0", Some((512, 512)));
    }

    #[test]
    fn says_nothing_of_what_is_cut_or_no_picture() {
        check(b"", None);
        check(b"\xFF\xD8\xFF\xE0\0\x10JFIF", None);
        check(b"\xFF\xD8\xFF\xE0\0\0\xFF\xE0\0\0", None);
        check(b"\xFF\xD8\xFF\xC2\0\x11\x08\x04", None);
        check(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0", None);
        check(b"%PDF-1.4", None);
    }
}
