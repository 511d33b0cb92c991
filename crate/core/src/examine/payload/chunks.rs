//! The payload of a PNG or a WebP: the chunks that make the picture.
//!
//! - PNG: `IHDR`, `PLTE`, `tRNS`, the picture, and its animation (`acTL`, `fcTL`,
//!   `fdAT`); how the picture is cut into `IDAT` chunks does not count.
//! - WebP: `VP8 `, `VP8L`, `ALPH`, and its animation (`ANIM`, `ANMF`). `VP8X` is
//!   left out, because a picture gets one when it is given metadata.

use super::part::part;

/// Bytes of a chunk's header: length and name.
const HEADER: usize = 8;

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Webp,
}

/// Takes a PNG or a WebP in pieces.
pub(in crate::examine) struct Chunks {
    format: Format,
    hash: blake3::Hasher,
    /// Bytes still to come before the next header, and whether they count.
    left: u64,
    counts: bool,
    /// Bytes behind those that still belong to the chunk: check sum or padding.
    tail: u64,
    header: Vec<u8>,
    /// The part that is being hashed: its name, its length, its hash.
    part: Option<([u8; 4], u64, blake3::Hasher)>,
    /// Bytes to the end of a WebP's outermost chunk, once its header came.
    within: Option<u64>,
    ended: bool,
    pictured: bool,
}

impl Chunks {
    pub(super) fn new(format: Format) -> Self {
        let mut hash = blake3::Hasher::new();
        let (name, left) = match format {
            Format::Png => (b"png ", 8),
            // The outermost header is read as a chunk: its content are all others.
            Format::Webp => (b"webp", 0),
        };
        hash.update(name);
        Self {
            format,
            hash,
            left,
            counts: false,
            tail: 0,
            header: Vec::new(),
            part: None,
            within: None,
            ended: false,
            pictured: false,
        }
    }

    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.ended {
            if self.left > 0 {
                bytes = self.content(bytes);
            } else if self.tail > 0 {
                (self.left, self.tail, self.counts) = (self.tail, 0, false);
            } else {
                let (more, rest) = bytes.split_at((HEADER - self.header.len()).min(bytes.len()));
                self.header.extend(more);
                bytes = rest;
                if self.header.len() == HEADER {
                    self.open();
                }
            }
            self.end_of_webp();
        }
    }

    /// The sum, if the file ended properly and held picture data.
    pub(super) fn sum(mut self) -> Option<[u8; 32]> {
        self.close();
        (self.ended && self.pictured).then(|| *self.hash.finalize().as_bytes())
    }

    fn content<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        let (content, rest) = bytes.split_at(count);
        if let Some((_, length, hash)) = self.part.as_mut().filter(|_| self.counts) {
            hash.update(content);
            *length += count as u64;
        }
        self.left -= count as u64;
        self.within = self.within.map(|within| within.saturating_sub(count as u64));
        rest
    }

    fn open(&mut self) {
        let header = std::mem::take(&mut self.header);
        let [a, b, c, d, e, f, g, h] = *header else { return };
        let (first, last) = ([a, b, c, d], [e, f, g, h]);
        self.within = self.within.map(|within| within.saturating_sub(HEADER as u64));
        let name = match self.format {
            Format::Png => {
                (self.left, self.tail) = (u32::from_be_bytes(first).into(), 4);
                last
            }
            Format::Webp => {
                self.left = u32::from_le_bytes(last).into();
                self.tail = self.left % 2;
                first
            }
        };
        if self.format == Format::Webp && !self.fits() {
            return;
        }
        self.counts = counts(self.format, name);
        self.pictured |= matches!(&name, b"IDAT" | b"VP8 " | b"VP8L" | b"ANMF");
        let goes_on = name == *b"IDAT" && self.part.as_ref().is_some_and(|(was, ..)| *was == name);
        if self.counts && !goes_on {
            self.close();
            self.part = Some((name, 0, blake3::Hasher::new()));
        }
        if name == *b"IEND" && self.format == Format::Png {
            self.ended = true;
        }
    }

    /// Whether a chunk of a WebP lies in the outermost one, and is not that one: of
    /// that one, only the name of the format is passed over.
    fn fits(&mut self) -> bool {
        let Some(within) = self.within else {
            self.within = Some(self.left);
            (self.left, self.tail, self.counts) = (4, 0, false);
            return false;
        };
        let fits = self.left <= within;
        if !fits {
            (self.ended, self.pictured) = (true, false);
        }
        fits
    }

    fn close(&mut self) {
        if let Some((name, length, hash)) = self.part.take() {
            part(&mut self.hash, name, length, &hash);
        }
    }

    /// A WebP ends with its outermost chunk, if its last chunk does as well.
    fn end_of_webp(&mut self) {
        let between = self.left == 0 && self.tail == 0 && self.header.is_empty();
        self.ended |= between && self.within == Some(0);
    }
}

/// Whether a chunk is part of the picture.
fn counts(format: Format, name: [u8; 4]) -> bool {
    match format {
        Format::Png => {
            matches!(&name, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"acTL" | b"fcTL" | b"fdAT")
        }
        Format::Webp => matches!(&name, b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF"),
    }
}
