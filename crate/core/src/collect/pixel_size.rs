//! How many pixels a picture of an export has, from its first bytes alone.

use super::open;
use crate::io::{Files, read_range};
use crate::model::Item;

/// Bytes that nearly always tell: WhatsApp's files carry no metadata in front.
const HEAD: usize = 1 << 10;
/// Bytes that tell where something stands in front after all.
const LONG_HEAD: usize = 128 << 10;

/// Width times height of an item; `None` for what is no picture, or says so
/// later than in its first bytes.
#[must_use]
pub fn pixels(item: &Item, files: &dyn Files) -> Option<u64> {
    let source = open(item, files).ok()?;
    let told = |bytes| size(&read_range(&*source, 0, bytes).ok()?);
    let (width, height) = told(HEAD).or_else(|| told(LONG_HEAD))?;
    Some(u64::from(width) * u64::from(height))
}

/// Width and height of a JPEG, PNG, GIF or WebP picture, as stored.
#[must_use]
pub fn size(head: &[u8]) -> Option<(u32, u32)> {
    jpeg(head).or_else(|| png(head)).or_else(|| gif(head)).or_else(|| webp(head))
}

/// Walks the segments up to the frame header, which is the first with a size.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = head.starts_with(b"\xFF\xD8").then_some(2)?;
    loop {
        let segment = head.get(at..at + 4).filter(|segment| segment[0] == 0xFF)?;
        // C4, C8 and CC are tables among the frame headers.
        if matches!(segment[1], 0xC0..=0xCF) && !matches!(segment[1], 0xC4 | 0xC8 | 0xCC) {
            let (height, width) = (big_two(head, at + 5)?, big_two(head, at + 7)?);
            return Some((width, height));
        }
        at = match segment[1] {
            0xFF => at + 1,
            _ => at + 2 + big_two(head, at + 2)? as usize,
        };
    }
}

fn png(head: &[u8]) -> Option<(u32, u32)> {
    let four = |at| Some(big_two(head, at)? << 16 | big_two(head, at + 2)?);
    head.starts_with(b"\x89PNG\r\n\x1A\n").then(|| Some((four(16)?, four(20)?)))?
}

fn gif(head: &[u8]) -> Option<(u32, u32)> {
    head.starts_with(b"GIF8").then(|| Some((little_two(head, 6)?, little_two(head, 8)?)))?
}

/// Width and height in the first 30 bytes of a WebP file, in pixels.
#[must_use]
pub fn webp(head: &[u8]) -> Option<(u32, u32)> {
    let two = |at| little_two(head, at);
    let byte = |at: usize| head.get(at).copied().map(u32::from);
    match head.get(12..16).filter(|_| head.starts_with(b"RIFF"))? {
        b"VP8X" => Some(((two(24)? | byte(26)? << 16) + 1, (two(27)? | byte(29)? << 16) + 1)),
        b"VP8 " => Some((two(26)? & 0x3FFF, two(28)? & 0x3FFF)),
        b"VP8L" => {
            let bits = two(21)? | two(23)? << 16;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
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
        assert_eq!(size(head), want, "{head:?}");
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
