//! What comparing proved, found again by its files.

use std::collections::BTreeMap;

use crate::model::{Edits, ItemId};

/// Two files that were proved to be one shot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// The one that the other may come from.
    pub first: ItemId,
    pub second: ItemId,
    /// How the second was changed.
    pub edits: Edits,
    /// Grey levels (RMS) by which they differ.
    pub residual: f64,
    /// Whether the first is what the second was made of, as far as that is told.
    pub origin: Origin,
}

/// Which of two files that are one shot is the older generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nothing speaks against the first.
    First,
    /// The first has no more detail than the second, whatever its pixels.
    Either,
    /// The first was made of the second: enlarged, or decoded and stored again.
    Second,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Likenesses {
    all: BTreeMap<(ItemId, ItemId), Likeness>,
    /// From which files each may come.
    sources: BTreeMap<ItemId, Vec<ItemId>>,
}

impl Likenesses {
    /// Takes one more.
    pub(crate) fn add(&mut self, like: Likeness) {
        if self.all.insert((like.first, like.second), like).is_none() {
            self.sources.entry(like.second).or_default().push(like.first);
        }
    }

    /// All, by their files.
    pub(in crate::matching) fn all(&self) -> impl Iterator<Item = &Likeness> {
        self.all.values()
    }

    /// Their files.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (ItemId, ItemId)> {
        self.all.keys().copied()
    }

    /// How this file comes from others.
    pub(in crate::matching) fn of(&self, second: ItemId) -> impl Iterator<Item = &Likeness> {
        let sources = self.sources.get(&second).into_iter().flatten();
        sources.filter_map(move |first| self.all.get(&(*first, second)))
    }

    /// What was proved of two files, in either direction.
    pub(in crate::matching) fn between(&self, a: ItemId, b: ItemId) -> Option<&Likeness> {
        self.all.get(&(a, b)).or_else(|| self.all.get(&(b, a)))
    }

    /// What may come from this file.
    pub(in crate::matching) fn from(&self, first: ItemId) -> impl Iterator<Item = &Likeness> {
        let range = (first, ItemId(0))..=(first, ItemId(u32::MAX));
        self.all.range(range).map(|(_, like)| like)
    }
}
