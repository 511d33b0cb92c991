//! A change of a file as a list of places, and the file as it would be.

use std::io;
use std::ops::Range;

use super::odd::Odd;
use crate::io::ReadAt;
use crate::rewrite::Patch;

/// New bytes in the place of old ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// First byte that goes, in the file as it was.
    pub at: u64,
    /// Bytes that go.
    pub removed: u64,
    /// Bytes that stand there afterwards.
    pub bytes: Vec<u8>,
}

/// A change of one file: splices in order, none over another, none behind its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    splices: Vec<Splice>,
    /// Bytes of the file before.
    before: u64,
}

impl Edits {
    /// Puts splices in order for a file of `before` bytes; those that change nothing are
    /// left out.
    ///
    /// # Errors
    /// [`Odd::Structure`]: two lie over each other, or one behind the end.
    pub fn new(before: u64, mut splices: Vec<Splice>) -> Result<Self, Odd> {
        splices.retain(|splice| splice.removed > 0 || !splice.bytes.is_empty());
        splices.sort_by_key(|splice| splice.at);
        let mut free = 0;
        for splice in &splices {
            let end = splice.at.checked_add(splice.removed).ok_or(Odd::Structure)?;
            if splice.at < free || end > before {
                return Err(Odd::Structure);
            }
            free = end;
        }
        Ok(Self { splices, before })
    }

    /// The splices, ascending.
    #[must_use]
    pub fn splices(&self) -> &[Splice] {
        &self.splices
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty()
    }

    /// Bytes of the file afterwards.
    #[must_use]
    pub fn size(&self) -> u64 {
        let grown: u64 = self.splices.iter().map(|splice| splice.bytes.len() as u64).sum();
        let gone: u64 = self.splices.iter().map(|splice| splice.removed).sum();
        self.before - gone + grown
    }

    /// The change as patches of the file where it is: possible where nothing moves.
    /// `None`: something does.
    #[must_use]
    pub fn patches(&self) -> Option<Vec<Patch>> {
        let in_place = |splice: &Splice| {
            splice.removed == splice.bytes.len() as u64
                || (splice.at + splice.removed == self.before
                    && splice.bytes.len() as u64 >= splice.removed)
        };
        let patch = |splice: &Splice| Patch { at: splice.at, bytes: splice.bytes.clone() };
        let all = self.splices.iter().all(in_place);
        all.then(|| self.splices.iter().map(patch).collect())
    }
}

/// Splices for the places at which `new` differs from `old`, which is as long and begins
/// at `at`. Differences with fewer than eight equal bytes between them are one.
#[must_use]
pub(super) fn differences(at: u64, old: &[u8], new: &[u8]) -> Vec<Splice> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (index, _) in old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b) {
        match runs.last_mut().filter(|run| index < run.end + 8) {
            Some(run) => run.end = index + 1,
            None => runs.push(index..index + 1),
        }
    }
    let splice = |run: Range<usize>| Splice {
        at: at + run.start as u64,
        removed: run.len() as u64,
        bytes: new[run].to_vec(),
    };
    runs.into_iter().map(splice).collect()
}

/// A file as it would be after a change. Nothing of it is held but the new bytes.
pub struct Spliced<'a> {
    source: &'a dyn ReadAt,
    /// Pieces in order: where each ends, and what it is.
    pieces: Vec<(u64, Piece<'a>)>,
}

enum Piece<'a> {
    /// Bytes of the file from here on.
    Old(u64),
    New(&'a [u8]),
}

impl<'a> Spliced<'a> {
    /// The file with its change.
    #[must_use]
    pub fn new(source: &'a dyn ReadAt, edits: &'a Edits) -> Self {
        let (mut pieces, mut end, mut at) = (Vec::new(), 0, 0);
        let mut push = |length: u64, piece: Piece<'a>| {
            end += length;
            if length > 0 {
                pieces.push((end, piece));
            }
        };
        for splice in &edits.splices {
            push(splice.at - at, Piece::Old(at));
            push(splice.bytes.len() as u64, Piece::New(&splice.bytes));
            at = splice.at + splice.removed;
        }
        push(source.size().saturating_sub(at), Piece::Old(at));
        Self { source, pieces }
    }
}

impl ReadAt for Spliced<'_> {
    fn size(&self) -> u64 {
        self.pieces.last().map_or(0, |(end, _)| *end)
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let nth = self.pieces.partition_point(|(end, _)| *end <= pos);
        let Some((end, piece)) = self.pieces.get(nth) else { return Ok(0) };
        let start = nth.checked_sub(1).map_or(0, |before| self.pieces[before].0);
        let most = usize::try_from(end - pos).unwrap_or(usize::MAX).min(buf.len());
        match piece {
            Piece::Old(at) => self.source.read_at(at + (pos - start), &mut buf[..most]),
            Piece::New(bytes) => (*bytes).read_at(pos - start, &mut buf[..most]),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::io::read_range;

    fn splice(at: u64, removed: u64, bytes: &[u8]) -> Splice {
        Splice { at, removed, bytes: bytes.to_vec() }
    }

    fn spliced(file: &[u8], splices: Vec<Splice>) -> Vec<u8> {
        let edits = Edits::new(file.len() as u64, splices).unwrap();
        let view = Spliced::new(&file, &edits);
        assert_eq!(view.size(), edits.size());
        read_range(&view, 0, 1000).unwrap()
    }

    #[test]
    fn bytes_go_come_and_are_replaced() {
        let splices = vec![splice(6, 0, b"!"), splice(0, 1, b""), splice(2, 2, b"xyz")];
        assert_eq!(spliced(b"abcdef", splices), b"bxyzef!");
        assert_eq!(spliced(b"", vec![splice(0, 0, b"new")]), b"new");
        assert_eq!(spliced(b"same", Vec::new()), b"same");
    }

    #[test]
    fn splices_over_each_other_are_none() {
        let of = |splices| Edits::new(6, splices).err();
        assert_eq!(of(vec![splice(0, 3, b""), splice(2, 1, b"")]), Some(Odd::Structure));
        assert_eq!(of(vec![splice(6, 1, b"")]), Some(Odd::Structure));
        assert_eq!(of(vec![splice(u64::MAX, 1, b"")]), Some(Odd::Structure));
    }

    #[test]
    fn what_moves_is_no_patch() {
        let patches = |splices| Edits::new(6, splices).unwrap().patches();
        let appended = vec![splice(2, 1, b"x"), splice(6, 0, b"new")];
        assert_eq!(patches(appended).map(|patches| patches.len()), Some(2));
        assert_eq!(patches(vec![splice(2, 1, b"xy")]), None);
        assert_eq!(patches(vec![splice(5, 1, b"")]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn differences_make_the_new_of_the_old(old: [u8; 40], flips: Vec<(u8, u8)>) {
            let mut new = old.to_vec();
            for (at, flip) in flips {
                new[usize::from(at) % 40] ^= flip;
            }
            prop_assert_eq!(spliced(&old, differences(0, &old, &new)), new);
        }
    }
}
