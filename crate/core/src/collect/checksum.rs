//! Whether an entry of a zip is what was packed: its CRC-32.

use crate::model::{Item, Source};

/// Counts the bytes of an entry while it is read from its beginning to its end.
#[derive(Clone, Default)]
pub(crate) struct Checksum {
    hasher: crc32fast::Hasher,
    read: u64,
}

impl Checksum {
    /// Takes the next bytes.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.read += bytes.len() as u64;
    }

    /// Whether all bytes of an item were taken and are not those that were packed.
    pub(crate) fn is_broken(&self, item: &Item) -> bool {
        let Source::Zipped { crc: Some(crc), .. } = item.source else { return false };
        self.read == item.size && self.hasher.clone().finalize() != crc
    }

    /// The same of bytes that are in memory.
    pub(crate) fn breaks(item: &Item, bytes: &[u8]) -> bool {
        let mut sum = Self::default();
        sum.add(bytes);
        sum.is_broken(item)
    }
}
