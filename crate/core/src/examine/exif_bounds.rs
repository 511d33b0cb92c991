//! Bounds the work that an EXIF block can cause, before a library reads it.
//!
//! `kamadak-exif` skips a directory that it has read, but not one that begins a few
//! bytes later: 5,000 pointers in a block of 64 KB to overlapping directories make
//! millions of fields. It also reads every number that a pointer claims to have, of
//! which one counts.

use std::collections::BTreeSet;

/// Tags that point to directories: EXIF, GPS, interoperability (EXIF 2.32, section
/// 4.6.3).
const POINTERS: [u16; 3] = [0x8769, 0x8825, 0xA005];

/// Directories that are followed one behind the other; `kamadak-exif` stops there,
/// too.
const MOST_CHAINED: usize = 8;
/// Most directories of a block; a block with more is not read. Cameras write five.
/// Chosen, not measured.
const MOST_DIRECTORIES: usize = 64;
/// Most fields of all directories together; a block with more is not read. Cameras
/// write about a hundred. Chosen, not measured.
const MOST_FIELDS: usize = 1 << 16;

/// Whether a block, from its TIFF header on, has no more directories, fields and
/// numbers than a camera writes. Others are not read.
pub(super) fn is_bounded(block: &[u8]) -> bool {
    let walk = Walk { block, little: block.starts_with(b"II") };
    let (mut seen, mut fields) = (BTreeSet::new(), 0);
    let mut waiting = walk.chain();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at) {
            continue;
        }
        fields += walk.count(at);
        if seen.len() > MOST_DIRECTORIES || fields > MOST_FIELDS {
            return false;
        }
        for (numbers, to) in walk.pointers(at) {
            if numbers != 1 {
                return false;
            }
            waiting.push(to);
        }
    }
    true
}

struct Walk<'a> {
    block: &'a [u8],
    little: bool,
}

impl Walk<'_> {
    fn two(&self, at: usize) -> Option<u16> {
        let two = *self.block.get(at..)?.first_chunk()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn four(&self, at: usize) -> Option<u32> {
        let four = *self.block.get(at..)?.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    /// The directories that follow each other, from the first.
    fn chain(&self) -> Vec<usize> {
        let next = |at: usize| self.four(at).filter(|next| *next != 0).map(|next| next as usize);
        let behind = |at: &usize| next(at + 2 + 12 * usize::from(self.two(*at)?));
        std::iter::successors(next(4), behind).take(MOST_CHAINED).collect()
    }

    /// Fields that a directory holds, as far as the block reaches.
    fn count(&self, at: usize) -> usize {
        let room = self.block.len().saturating_sub(at + 2) / 12;
        usize::from(self.two(at).unwrap_or(0)).min(room)
    }

    /// How many numbers each pointer of a directory claims, and where the first
    /// leads. The library follows bytes, short and long numbers.
    fn pointers(&self, at: usize) -> impl Iterator<Item = (u32, usize)> {
        let fields = (0..self.count(at)).map(move |nth| at + 2 + 12 * nth);
        let is_pointer = |at: &usize| self.two(*at).is_some_and(|tag| POINTERS.contains(&tag));
        let read = |at: usize| {
            let to = match self.two(at + 2)? {
                1 => (*self.block.get(at + 8)?).into(),
                3 => self.two(at + 8)?.into(),
                4 => self.four(at + 8)? as usize,
                _ => return None,
            };
            Some((self.four(at + 4)?, to))
        };
        fields.filter(is_pointer).filter_map(read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::photo_time::parse;
    use super::*;

    /// A block of one directory of EXIF pointers; what each claims and where it leads.
    fn pointers(count: u16, claim: u32, to: impl Fn(u32) -> u32) -> Vec<u8> {
        let mut block = [&b"MM\0*\0\0\0\x08"[..], &count.to_be_bytes()].concat();
        for nth in 0..u32::from(count) {
            block.extend([0x87, 0x69, 0, 4]);
            block.extend(claim.to_be_bytes());
            block.extend(to(nth).to_be_bytes());
        }
        block.extend([0; 4]);
        block
    }

    #[test]
    fn overlapping_directories_do_not_multiply_the_fields() {
        // Each begins at the end of another pointer, which is taken for its count.
        let block = pointers(600, 1, |nth| 8 + 12 * nth);
        let fields = parse(&block).map_or(0, |exif| exif.fields().len());
        assert!(fields <= MOST_FIELDS, "{fields} fields in {} bytes", block.len());
        assert!(!is_bounded(&block));
    }

    #[test]
    fn a_pointer_of_many_numbers_is_not_read_for_each() {
        assert!(!is_bounded(&pointers(3, 5000, |_| 8)));
        assert!(parse(&pointers(3, 5000, |_| 8)).is_none());
    }

    #[test]
    fn what_cameras_write_is_bounded() {
        assert!(is_bounded(&pointers(1, 1, |_| 26)));
        assert!(is_bounded(&pointers(3, 1, |_| 8)), "pointers in a circle end");
        assert!(is_bounded(b"II*\0\x08\0\0\0\0\0\x08\0\0\0"), "a chain in a circle ends");
        let block = pointers(2, 1, |_| 8);
        (0..block.len()).for_each(|end| assert!(is_bounded(&block[..end]), "cut at {end}"));
    }
}
