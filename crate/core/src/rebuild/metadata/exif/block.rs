//! An EXIF block: TIFF header and directories (TIFF 6.0, section 2; EXIF 2.32, section
//! 4.6). Every number in it is a claim; what claims too much is refused.

use std::ops::Range;

use crate::rebuild::metadata::odd::Fault;

/// Tags that lead to directories.
pub const TO_EXIF: u16 = 0x8769;
pub const TO_GPS: u16 = 0x8825;
const TO_INTEROPERABILITY: u16 = 0xA005;

/// Bytes of the header: byte order, 42, where the first directory begins.
pub const HEADER: usize = 8;
/// Bytes of an entry: tag, type, count, value or where it stands.
pub const ENTRY: usize = 12;

/// Most directories that follow each other from the first one; cameras write two.
/// Chosen, not measured.
const MOST_CHAINED: usize = 8;
/// Most entries of all directories; cameras write about a hundred. Chosen, not measured.
const MOST_ENTRIES: usize = 4096;

/// In which order the bytes of a number stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `II`: the lowest first.
    Little,
    /// `MM`: the highest first.
    Big,
}

impl Order {
    /// The order that a block names, if it begins as one.
    pub fn of(block: &[u8]) -> Option<Self> {
        match block.first_chunk()? {
            b"II*\0" => Some(Self::Little),
            b"MM\0*" => Some(Self::Big),
            _ => None,
        }
    }

    /// Two bytes as a number.
    pub fn two(self, bytes: [u8; 2]) -> u16 {
        if self == Self::Little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    /// Four bytes as a number.
    pub fn four(self, bytes: [u8; 4]) -> u32 {
        if self == Self::Little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    /// A number of two bytes.
    pub fn of_two(self, number: u16) -> [u8; 2] {
        if self == Self::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    /// A number of four bytes.
    pub fn of_four(self, number: u32) -> [u8; 4] {
        if self == Self::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }
}

/// One entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where its twelve bytes begin in the block.
    pub at: usize,
    /// What it says.
    pub tag: u16,
    /// Of which type its values are.
    pub kind: u16,
    /// How many there are.
    pub count: u32,
    /// The value, or where it stands.
    pub raw: [u8; 4],
}

/// A directory, wholly inside the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Where it begins in the block.
    pub at: usize,
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry>,
    /// Its last four bytes: where the next directory begins.
    pub next: [u8; 4],
}

impl Directory {
    /// Its bytes in the block.
    pub fn range(&self) -> Range<usize> {
        self.at..self.at + 2 + ENTRY * self.entries.len() + 4
    }

    /// The entries of a tag.
    pub fn tagged(&self, tag: u16) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.tag == tag)
    }
}

/// Which directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Those that follow each other: 0 the picture's own, 1 the thumbnail's.
    Chained(u8),
    /// EXIF's.
    Exif,
    /// That of the place.
    Gps,
    /// Of compatibility.
    Interoperability,
}

/// A block with its directories, none over another.
pub struct Block<'a> {
    /// From the TIFF header on.
    pub bytes: &'a [u8],
    /// The order of its numbers.
    pub order: Order,
    /// What is there.
    pub directories: Vec<(Name, Directory)>,
}

impl<'a> Block<'a> {
    /// Reads the directories of a block.
    ///
    /// # Errors
    /// [`Fault`]: it is not as cameras write it.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let order = Order::of(bytes).ok_or(Fault::Header)?;
        let mut block = Self { bytes, order, directories: Vec::new() };
        let mut next = block.four(4).ok_or(Fault::Header)?;
        while next != 0 {
            let nth = block.directories.len();
            if nth == MOST_CHAINED {
                return Err(Fault::TooMany);
            }
            next = match block.take(Name::Chained(nth as u8), next) {
                Ok(next) => order.four(next),
                // Some writers leave four bytes of something else behind the last: it leads
                // out of the block. If it no longer does, the change is refused.
                Err(Fault::Outside) if nth > 0 => break,
                Err(fault) => return Err(fault),
            };
        }
        block.follow(Name::Chained(0), TO_EXIF, Name::Exif)?;
        block.follow(Name::Chained(0), TO_GPS, Name::Gps)?;
        block.follow(Name::Exif, TO_INTEROPERABILITY, Name::Interoperability)?;
        Ok(block)
    }

    /// The directory of a name.
    pub fn directory(&self, name: Name) -> Option<&Directory> {
        self.directories.iter().find(|(found, _)| *found == name).map(|(_, found)| found)
    }

    /// The first four bytes of the place as a number.
    fn four(&self, at: usize) -> Option<u32> {
        Some(self.order.four(*self.bytes.get(at..)?.first_chunk()?))
    }

    /// Goes where an entry leads, if it is there.
    fn follow(&mut self, from: Name, tag: u16, to: Name) -> Result<(), Fault> {
        let Some(directory) = self.directory(from) else { return Ok(()) };
        let entries: Vec<Entry> = directory.tagged(tag).copied().collect();
        let [entry] = *entries else {
            return if entries.is_empty() { Ok(()) } else { Err(Fault::Pointer(tag)) };
        };
        // 4 is a number of four bytes, 13 one that leads to a directory.
        if entry.count != 1 || !matches!(entry.kind, 4 | 13) {
            return Err(Fault::Pointer(tag));
        }
        self.take(to, self.order.four(entry.raw)).map(|_| ())
    }

    /// Reads a directory; gives its link to the next.
    fn take(&mut self, name: Name, at: u32) -> Result<[u8; 4], Fault> {
        let found = self.read_at(usize::try_from(at).map_err(|_| Fault::Outside)?)?;
        let range = found.range();
        let over = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        let mut others = self.directories.iter().map(|(_, other)| other.range());
        if range.start < HEADER || others.any(|other| over(&other)) {
            return Err(Fault::Overlap);
        }
        let entries: usize = self.directories.iter().map(|(_, other)| other.entries.len()).sum();
        if entries + found.entries.len() > MOST_ENTRIES {
            return Err(Fault::TooMany);
        }
        let next = found.next;
        self.directories.push((name, found));
        Ok(next)
    }

    fn read_at(&self, at: usize) -> Result<Directory, Fault> {
        let rest = self.bytes.get(at..).ok_or(Fault::Outside)?;
        let (&count, rest) = rest.split_first_chunk::<2>().ok_or(Fault::Outside)?;
        let count = usize::from(self.order.two(count));
        let (entries, rest) = rest.split_at_checked(ENTRY * count).ok_or(Fault::Outside)?;
        let next = *rest.first_chunk::<4>().ok_or(Fault::Outside)?;
        let entry = |(nth, bytes): (usize, &[u8])| {
            let (&tag, rest) = bytes.split_first_chunk::<2>()?;
            let (&kind, rest) = rest.split_first_chunk::<2>()?;
            let (&count, raw) = rest.split_first_chunk::<4>()?;
            Some(Entry {
                at: at + 2 + ENTRY * nth,
                tag: self.order.two(tag),
                kind: self.order.two(kind),
                count: self.order.four(count),
                raw: *raw.first_chunk()?,
            })
        };
        let entries = entries.chunks_exact(ENTRY).enumerate().filter_map(entry).collect();
        Ok(Directory { at, entries, next })
    }

    /// Where the value of an entry stands, be it in the entry itself. `None`: it has no
    /// known type, or lies outside the block.
    pub fn place(&self, entry: &Entry) -> Option<Range<usize>> {
        let length = usize::try_from(u64::from(entry.count) * size_of_one(entry.kind)?).ok()?;
        let start = if length <= 4 {
            entry.at + ENTRY - 4
        } else {
            usize::try_from(self.order.four(entry.raw)).ok()?
        };
        let end = start.checked_add(length)?;
        (end <= self.bytes.len()).then_some(start..end)
    }

    /// The bytes of an entry's value; `None` as of [`Self::place`].
    pub fn value(&self, entry: &Entry) -> Option<&'a [u8]> {
        self.bytes.get(self.place(entry)?)
    }
}

/// Bytes of one value of a type (TIFF 6.0, section 2; 13 is TIFF's supplement 1).
fn size_of_one(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tag, type, count and value.
    type Four = (u16, u16, u32, u32);

    /// A block of these directories, each with its place, its entries and the next.
    fn block(parts: &[(usize, &[Four], u32)]) -> Vec<u8> {
        let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
        for (at, entries, next) in parts {
            bytes.resize(*at, 0);
            bytes.extend((entries.len() as u16).to_be_bytes());
            for (tag, kind, count, raw) in *entries {
                bytes.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
                bytes.extend([count.to_be_bytes(), raw.to_be_bytes()].concat());
            }
            bytes.extend(next.to_be_bytes());
        }
        bytes
    }

    fn fault(bytes: &[u8]) -> Option<Fault> {
        Block::read(bytes).err()
    }

    #[test]
    fn what_is_odd_is_refused() {
        assert_eq!(fault(b"JUNK"), Some(Fault::Header));
        assert_eq!(fault(b"II*\0\x08\0"), Some(Fault::Header));
        assert_eq!(fault(b"II*\0\x08\0\0\0\x01\0"), Some(Fault::Outside));
        assert_eq!(fault(&block(&[(8, &[], 8)])), Some(Fault::Overlap), "a circle");
        assert_eq!(fault(b"II*\0\x06\0\0\0\0\0\0\0"), Some(Fault::Overlap), "in the header");
        let leads = |to| block(&[(8, &[(TO_EXIF, 4, 1, to)], 0)]);
        assert_eq!(fault(&leads(8)), Some(Fault::Overlap));
        assert_eq!(fault(&leads(500)), Some(Fault::Outside));
        let short = block(&[(8, &[(TO_EXIF, 3, 1, 0)], 0)]);
        assert_eq!(fault(&short), Some(Fault::Pointer(TO_EXIF)));
        let two = block(&[(8, &[(TO_GPS, 4, 1, 38), (TO_GPS, 4, 1, 38)], 0), (38, &[], 0)]);
        assert_eq!(fault(&two), Some(Fault::Pointer(TO_GPS)));
        assert_eq!(fault(&block(&[(8, &[], 900)])), None, "behind the last");
        let chain: Vec<_> = (0..9).map(|nth| (8 + 6 * nth, &[][..], 14 + 6 * nth as u32)).collect();
        assert_eq!(fault(&block(&chain)), Some(Fault::TooMany));
    }

    #[test]
    fn finds_directories_and_values() {
        let first = [(0x0112, 3, 1, 0x0006_0000), (TO_EXIF, 4, 1, 38)];
        let bytes =
            block(&[(8, &first, 0), (38, &[(0x9003, 2, 6, 56)], 0), (56, &[], 0x4142_4344)]);
        let block = Block::read(&bytes).unwrap();
        let names: Vec<Name> = block.directories.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [Name::Chained(0), Name::Exif]);
        let turn = block.directories[0].1.entries[0];
        assert_eq!(block.value(&turn), Some(&[0, 6][..]));
        let date = block.directories[1].1.entries[0];
        assert_eq!(block.value(&date), Some(&b"\0\0ABCD"[..]));
        assert_eq!(block.value(&Entry { count: 7, ..date }), None);
        assert_eq!(block.value(&Entry { kind: 0, ..date }), None);
        assert_eq!(block.value(&Entry { count: u32::MAX, kind: 5, ..date }), None);
    }

    #[test]
    fn any_cut_is_refused_or_read() {
        let bytes = block(&[(8, &[(TO_EXIF, 4, 1, 26)], 0), (26, &[(0x9003, 2, 6, 40)], 0)]);
        (0..bytes.len()).for_each(|end| assert!(fault(&bytes[..end]).is_some(), "cut at {end}"));
    }
}
