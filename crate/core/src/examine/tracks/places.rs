//! The tables of a track that say where its samples lie (ISO/IEC 14496-12, section 8.7).

use crate::examine::boxes::{find, word};

/// Where each chunk begins in the file.
pub(in crate::examine) fn offsets(table: &[u8]) -> Option<Box<dyn Iterator<Item = u64> + '_>> {
    if let Some(short) = find(table, &[b"stco"]) {
        let all: &[[u8; 4]] = entries(short)?;
        return Some(Box::new(all.iter().map(|at| u32::from_be_bytes(*at).into())));
    }
    let all: &[[u8; 8]] = entries(find(table, &[b"co64"])?)?;
    Some(Box::new(all.iter().map(|at| u64::from_be_bytes(*at))))
}

/// The sizes of a track's samples in bytes.
pub(in crate::examine) struct Sizes<'a> {
    /// Of every sample; 0: each has its own.
    pub(in crate::examine) each: u32,
    own: &'a [[u8; 4]],
    pub(in crate::examine) count: u32,
}

impl<'a> Sizes<'a> {
    pub(in crate::examine) fn new(table: &'a [u8]) -> Option<Self> {
        let (each, count) = (word(table, 4)?, word(table, 8)?);
        let own = if each == 0 { entries(table.get(4..)?)? } else { &[] };
        Some(Self { each, own, count })
    }

    /// Bytes of one sample.
    pub(in crate::examine) fn of(&self, sample: usize) -> Option<u32> {
        if self.each > 0 {
            return Some(self.each);
        }
        self.own.get(sample).map(|size| u32::from_be_bytes(*size))
    }

    /// Bytes of `count` samples from `first` on.
    pub(in crate::examine) fn sum(&self, first: u32, count: u32) -> Option<u64> {
        if self.each > 0 {
            return Some(u64::from(self.each) * u64::from(count));
        }
        let (first, count) = (first as usize, count as usize);
        let own = self.own.get(first..first.checked_add(count)?)?;
        Some(own.iter().map(|size| u64::from(u32::from_be_bytes(*size))).sum())
    }
}

/// The entries of a table behind version, flags and their number; `None` if it has
/// fewer than that.
pub(in crate::examine) fn entries<const N: usize>(table: &[u8]) -> Option<&[[u8; N]]> {
    let count = word(table, 4)? as usize;
    table.get(8..)?.as_chunks().0.get(..count)
}
