//! Parts of a file in memory.

/// How much of a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The first [`Limits::head`](crate::settings::Limits::head) bytes, and `meta`
    /// or `moov` wherever they stand: enough for time, place, size and thumbnail.
    Head,
    /// All of it, up to [`Limits::picture_bytes`](crate::settings::Limits::picture_bytes): for pixels and SHA-1.
    /// Larger files and videos are taken as with [`Depth::Head`].
    Whole,
}

/// Parts of a file in memory. Its [`ReadAt`](crate::io::ReadAt) reads as the file
/// would, as far as the parts reach.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    /// Bytes of the whole file.
    pub size: u64,
    /// Non-overlapping parts with their positions, ascending.
    pub parts: Vec<(u64, Vec<u8>)>,
}

impl Extract {
    /// The whole file, if it was taken whole.
    #[must_use]
    pub fn whole(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [] if self.size == 0 => Some(&[]),
            [(0, bytes)] if bytes.len() as u64 == self.size => Some(bytes),
            _ => None,
        }
    }

    /// The file's first bytes, as far as they were taken.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.parts.first().filter(|(start, _)| *start == 0).map_or(&[], |(_, bytes)| bytes)
    }

    /// Bytes in memory.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.parts.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }
}
