//! Where the items of an HEIC lie (`iloc`; ISO/IEC 14496-12, section 8.11.3), and where
//! in the table that stands.

use std::ops::Range;

use crate::io::{ReadAt, read_range};
use crate::rebuild::metadata::left::Left;
use crate::rebuild::metadata::odd::Odd;
use crate::rebuild::metadata::splice::{Splice, differences};

/// One item of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    /// Its number.
    pub id: u32,
    /// Whether it lies in this file, and its places count from its first byte.
    pub in_file: bool,
    /// What is added to its places.
    base: u64,
    /// Its pieces in the file.
    pub extents: Vec<Range<u64>>,
    /// Where in the file the table says the place of its first piece, without the base.
    pub offset: Range<u64>,
    /// Where it says the length of that.
    pub length: Range<u64>,
}

impl Located {
    /// The splices that turn the entry to another place.
    ///
    /// # Errors
    /// [`Odd::ItemPlace`]: the table's numbers are too short for it.
    pub(super) fn moved(
        &self,
        source: &dyn ReadAt,
        at: u64,
        bytes: u64,
    ) -> Result<Vec<Splice>, Left> {
        let at = at.checked_sub(self.base).ok_or(Odd::ItemPlace)?;
        let mut splices = Vec::new();
        for (place, number) in [(&self.offset, at), (&self.length, bytes)] {
            let old = read_range(source, place.start, (place.end - place.start) as usize)?;
            let number = number.to_be_bytes();
            let (front, new) = number.split_at(8 - old.len());
            if front.iter().any(|byte| *byte != 0) {
                return Err(Odd::ItemPlace.into());
            }
            splices.extend(differences(place.start, &old, new));
        }
        Ok(splices)
    }
}

/// Reads the table's content, which begins at `start` in the file.
///
/// # Errors
/// [`Odd::Structure`]: it is of no known version, or cut. [`Odd::ItemPlace`]: its places
/// have no numbers of their own.
pub(super) fn read(table: &[u8], start: u64) -> Result<Vec<Located>, Odd> {
    let mut reader = Reader { table, at: 4, start };
    let version = *table.first().ok_or(Odd::Structure)?;
    let (sizes, more) = (reader.number(1)?, reader.number(1)?);
    let index = if version == 0 { 0 } else { more & 15 };
    let [offset, length, base, index] = [sizes >> 4, sizes & 15, more >> 4, index];
    let sizes = Sizes { offset, length, base, index };
    if version > 2 || [offset, length, base, index].iter().any(|size| ![0, 4, 8].contains(size)) {
        return Err(Odd::Structure);
    }
    // Extents without bytes would be without number.
    if offset == 0 || length == 0 {
        return Err(Odd::ItemPlace);
    }
    let wide = if version < 2 { 2 } else { 4 };
    let count = reader.number(wide)?;
    let mut all = Vec::new();
    for _ in 0..count {
        let id = reader.number(wide)? as u32;
        let method = if version == 0 { 0 } else { reader.number(2)? & 15 };
        all.push(reader.item(id, method, &sizes)?);
    }
    Ok(all)
}

/// Bytes of the table's numbers.
struct Sizes {
    offset: u64,
    length: u64,
    base: u64,
    index: u64,
}

struct Reader<'a> {
    table: &'a [u8],
    at: usize,
    start: u64,
}

impl Reader<'_> {
    /// A number of so many bytes, at most eight.
    fn number(&mut self, bytes: u64) -> Result<u64, Odd> {
        let end = self.at + bytes as usize;
        let found = self.table.get(self.at..end).ok_or(Odd::Structure)?;
        self.at = end;
        Ok(found.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// Where the next number of so many bytes stands in the file.
    fn next(&self, bytes: u64) -> Range<u64> {
        let at = self.start + self.at as u64;
        at..at + bytes
    }

    fn item(&mut self, id: u32, method: u64, sizes: &Sizes) -> Result<Located, Odd> {
        let reference = self.number(2)?;
        let base = self.number(sizes.base)?;
        let count = self.number(2)?;
        let (mut extents, mut offset, mut length) = (Vec::new(), 0..0, 0..0);
        for nth in 0..count {
            self.number(sizes.index)?;
            let place = self.next(sizes.offset);
            let from = base.checked_add(self.number(sizes.offset)?).ok_or(Odd::Structure)?;
            let size = self.next(sizes.length);
            let to = from.checked_add(self.number(sizes.length)?).ok_or(Odd::Structure)?;
            extents.push(from..to);
            if nth == 0 {
                (offset, length) = (place, size);
            }
        }
        // Items inside others count from elsewhere: they cover no bytes of the file.
        let in_file = method == 0 && reference == 0;
        if !in_file {
            extents.clear();
        }
        Ok(Located { id, in_file, base, extents, offset, length })
    }
}
