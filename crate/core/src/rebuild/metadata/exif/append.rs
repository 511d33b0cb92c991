//! The append writer: values are overwritten where they stand, new ones and directories
//! that grow go behind the block's end, and pointers are turned to them. Nothing moves,
//! so that every place that somebody else counted (maker notes, thumbnails) stays true.

use std::collections::BTreeSet;
use std::ops::Range;

use super::block::{Block, Directory, ENTRY, Entry, HEADER, Name, Order, TO_EXIF, TO_GPS};
use super::tags::tags;
use super::values::{Put, Puts, Value};
use crate::rebuild::metadata::odd::Fault;

/// Writes values into a block.
///
/// # Errors
/// [`Fault`]: the block is odd, or another tag would change.
pub fn append(bytes: &[u8], puts: &Puts) -> Result<Vec<u8>, Fault> {
    let block = Block::read(bytes)?;
    let mut writer = Writer { new: bytes.to_vec(), block: &block };
    writer.write(puts)?;
    let new = writer.new;
    same_but_for(&block, &Block::read(&new)?, puts)?;
    Ok(new)
}

/// A new block of these values.
///
/// # Errors
/// Never, as far as is known: [`Fault`] as of [`append`].
pub fn fresh(puts: &Puts) -> Result<Vec<u8>, Fault> {
    append(b"MM\0*\0\0\0\0", puts)
}

/// Looks whether the tags of a block are those of another, but for these.
///
/// # Errors
/// [`Fault::Entangled`] with the first that is not; [`Fault::Outside`]: a directory is
/// there now that lay outside the block.
pub fn same_but_for(old: &Block<'_>, new: &Block<'_>, puts: &Puts) -> Result<(), Fault> {
    let meant: BTreeSet<(Name, u16)> = puts.all().map(|(name, put)| (name, put.tag)).collect();
    let others = |block: &Block<'_>| -> Vec<(Name, usize)> {
        let ours = [Name::Chained(0), Name::Exif, Name::Gps];
        let all = block.directories.iter().map(|(name, found)| (*name, found.at));
        all.filter(|(name, _)| !ours.contains(name)).collect()
    };
    if others(old) != others(new) {
        return Err(Fault::Outside);
    }
    let (mut before, mut after) = (tags(old), tags(new));
    before.retain(|found| !meant.contains(&(found.directory, found.tag)));
    after.retain(|found| !meant.contains(&(found.directory, found.tag)));
    let changed = before.iter().zip(&after).find(|(a, b)| a != b).map(|(a, _)| a.tag);
    let surplus = || {
        let longer = if before.len() > after.len() { &before } else { &after };
        longer.get(before.len().min(after.len())).map(|found| found.tag)
    };
    changed.or_else(surplus).map_or(Ok(()), |tag| Err(Fault::Entangled(tag)))
}

struct Writer<'b, 'a> {
    block: &'b Block<'a>,
    new: Vec<u8>,
}

impl Writer<'_, '_> {
    fn write(&mut self, puts: &Puts) -> Result<(), Fault> {
        let mut first = puts.first.clone();
        for (name, tag, own) in [(Name::Exif, TO_EXIF, &puts.exif), (Name::Gps, TO_GPS, &puts.gps)]
        {
            let Some(at) = self.fill(name, own)? else { continue };
            match self.entry(Name::Chained(0), tag) {
                Some(entry) => self.overwrite(entry.at + ENTRY - 4, &self.order().of_four(at)),
                None => first.push(Put { tag, value: Value::Long(at) }),
            }
        }
        if let Some(at) = self.fill(Name::Chained(0), &first)? {
            self.overwrite(HEADER - 4, &self.order().of_four(at));
        }
        Ok(())
    }

    fn order(&self) -> Order {
        self.block.order
    }

    fn entry(&self, name: Name, tag: u16) -> Option<Entry> {
        self.block.directory(name)?.tagged(tag).next().copied()
    }

    /// Writes values into a directory; gives its new place if it had to grow.
    fn fill(&mut self, name: Name, puts: &[Put]) -> Result<Option<u32>, Fault> {
        let block = self.block;
        let directory = block.directory(name);
        let mut added = Vec::new();
        for put in puts {
            let mut found = directory.into_iter().flat_map(|known| known.tagged(put.tag));
            match (found.next(), found.next()) {
                (None, _) => added.push(put),
                (Some(entry), None) => self.replace(entry, &put.value)?,
                (Some(_), Some(_)) => return Err(Fault::Twice(put.tag)),
            }
        }
        if added.is_empty() { Ok(None) } else { self.grow(directory, &added).map(Some) }
    }

    fn overwrite(&mut self, at: usize, bytes: &[u8]) {
        if let Some(place) = self.new.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }

    /// Gives an entry another value: where the old one stands if it has the same type
    /// and count and nobody else's bytes stand there too, else behind the end.
    fn replace(&mut self, entry: &Entry, value: &Value) -> Result<(), Fault> {
        let bytes = value.bytes(self.order());
        let same = (entry.kind, entry.count) == (value.kind(), value.count());
        let place = self.block.place(entry).filter(|_| same);
        if let Some(place) = place.filter(|place| self.is_own(entry, place)) {
            self.overwrite(place.start, &bytes);
            return Ok(());
        }
        let written = self.entry_of(&Put { tag: entry.tag, value: value.clone() })?;
        self.overwrite(entry.at, &written);
        Ok(())
    }

    /// Whether the bytes of an entry's value are no other's: no directory, no header,
    /// no other value.
    fn is_own(&self, entry: &Entry, place: &Range<usize>) -> bool {
        let over = |other: &Range<usize>| other.start < place.end && place.start < other.end;
        let inline = place.start == entry.at + ENTRY - 4;
        let directories = || self.block.directories.iter().map(|(_, directory)| directory);
        let entries = directories().flat_map(|directory| &directory.entries);
        let mut values = entries
            .filter(|other| other.at != entry.at)
            .filter_map(|other| self.block.place(other));
        let among = !inline
            && (place.start < HEADER || directories().any(|directory| over(&directory.range())));
        !among && !values.any(|other| over(&other))
    }

    /// The twelve bytes of an entry; a value that does not fit into them goes behind the
    /// end.
    fn entry_of(&mut self, put: &Put) -> Result<[u8; ENTRY], Fault> {
        let (order, value) = (self.order(), &put.value);
        let bytes = value.bytes(order);
        let mut raw = [0; 4];
        match raw.get_mut(..bytes.len()) {
            Some(inline) => inline.copy_from_slice(&bytes),
            None => raw = order.of_four(self.behind(&bytes)?),
        }
        let mut entry = [0; ENTRY];
        entry[..2].copy_from_slice(&order.of_two(put.tag));
        entry[2..4].copy_from_slice(&order.of_two(value.kind()));
        entry[4..8].copy_from_slice(&order.of_four(value.count()));
        entry[8..].copy_from_slice(&raw);
        Ok(entry)
    }

    /// Puts bytes behind the end, at an even place; gives that.
    fn behind(&mut self, bytes: &[u8]) -> Result<u32, Fault> {
        self.new.resize(self.new.len().next_multiple_of(2), 0);
        let at = u32::try_from(self.new.len()).map_err(|_| Fault::Outside)?;
        self.new.extend_from_slice(bytes);
        Ok(at)
    }

    /// Writes a directory anew behind the end: its entries as they are now, and more.
    fn grow(&mut self, old: Option<&Directory>, added: &[&Put]) -> Result<u32, Fault> {
        let mut entries: Vec<[u8; ENTRY]> = Vec::new();
        for entry in old.iter().flat_map(|old| &old.entries) {
            entries.extend(self.new.get(entry.at..).and_then(|rest| rest.first_chunk()));
        }
        for put in added {
            entries.push(self.entry_of(put)?);
        }
        let order = self.order();
        entries.sort_by_key(|entry| order.two([entry[0], entry[1]]));
        let count = u16::try_from(entries.len()).map_err(|_| Fault::TooMany)?;
        let next = old.map_or([0; 4], |old| old.next);
        self.behind(&[&order.of_two(count)[..], entries.as_flattened(), &next].concat())
    }
}

#[cfg(test)]
#[path = "append_tests.rs"]
mod tests;
