//! What the user said about files, by their content: it survives renames and moves.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::memory::{self, Forever, Key, Note, Promise, Shelf};
use crate::model::ItemId;

/// What the user decided about files that may be duplicates or stacks.
pub static TOGETHER: Shelf = Shelf {
    name: "together",
    version: 1,
    promise: Promise::Forever(Forever { migrate: |_, _| None, before: None }),
    json: memory::shown::<Decided>,
};

/// What files are to each other, whatever the program thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Choice {
    /// They are one stack.
    Stack,
    /// They are not of one stack.
    Unstack,
    /// They are no duplicates of each other.
    NotADuplicate,
}

/// A file of a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Content {
    pub blake3: [u8; 32],
    /// Bytes: files of other sizes need not be hashed to know that they are others.
    pub size: u64,
    /// Its path when it was decided, for people.
    pub path: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decided {
    pub choice: Choice,
    /// Sorted by content.
    pub files: Vec<Content>,
}

/// All decisions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decisions {
    all: Vec<Decided>,
    apart: BTreeSet<([u8; 32], [u8; 32])>,
    unstacked: BTreeSet<([u8; 32], [u8; 32])>,
    pub(crate) sizes: BTreeSet<u64>,
}

impl Decisions {
    /// Takes one more.
    pub(crate) fn add(&mut self, decided: Decided) {
        self.sizes.extend(decided.files.iter().map(|file| file.size));
        let pairs = match decided.choice {
            Choice::NotADuplicate => Some(&mut self.apart),
            Choice::Unstack => Some(&mut self.unstacked),
            Choice::Stack => None,
        };
        if let Some(pairs) = pairs {
            for (at, first) in decided.files.iter().enumerate() {
                let others = decided.files[at + 1..].iter();
                pairs.extend(others.map(|second| ordered(first.blake3, second.blake3)));
            }
        }
        self.all.push(decided);
    }

    /// Whether the user said that files of these contents are no duplicates.
    pub(super) fn apart(&self, a: [u8; 32], b: [u8; 32]) -> bool {
        self.apart.contains(&ordered(a, b))
    }

    /// Whether the user said that they are of different stacks.
    pub(super) fn unstacked(&self, a: [u8; 32], b: [u8; 32]) -> bool {
        self.unstacked.contains(&ordered(a, b))
    }

    /// The files of each decision of this kind of which two contents or more are here.
    pub(super) fn here(
        &self,
        by_content: &BTreeMap<[u8; 32], Vec<ItemId>>,
        choice: Choice,
    ) -> Vec<Vec<ItemId>> {
        let mut here = Vec::new();
        for decided in self.all.iter().filter(|decided| decided.choice == choice) {
            let files = decided.files.iter().filter_map(|file| by_content.get(&file.blake3));
            let files: Vec<&Vec<ItemId>> = files.collect();
            if files.len() > 1 {
                let mut files: Vec<ItemId> = files.into_iter().flatten().copied().collect();
                files.sort_unstable();
                files.dedup();
                here.push(files);
            }
        }
        here.retain(|files: &Vec<ItemId>| files.len() > 1);
        here.sort();
        here.dedup();
        here
    }
}

fn ordered(a: [u8; 32], b: [u8; 32]) -> ([u8; 32], [u8; 32]) {
    (a.min(b), a.max(b))
}

/// Notes of a decision: one for each pair of what is apart, so that a later decision
/// about two of the files replaces theirs alone; a stack as a whole.
pub(crate) fn notes(choice: Choice, mut files: Vec<Content>) -> Vec<Note> {
    files.sort();
    // Equal contents stay: copies may be kept apart as well.
    files.dedup();
    let mut notes = Vec::new();
    for (at, first) in files.iter().enumerate() {
        for second in &files[at + 1..] {
            let pair = vec![first.clone(), second.clone()];
            // What is said of stacks replaces what was said of them before.
            let kinds = match choice {
                Choice::NotADuplicate => vec![(Choice::NotADuplicate, true)],
                Choice::Unstack => vec![(Choice::Unstack, true), (Choice::Stack, false)],
                Choice::Stack => vec![(Choice::Stack, true), (Choice::Unstack, false)],
            };
            for (kind, holds) in kinds {
                let value = Decided { choice: kind, files: pair.clone() };
                let value = if holds { memory::encoded(&value) } else { None };
                notes.push(Note { shelf: &TOGETHER, key: key(kind, first, second), value });
            }
        }
    }
    notes
}

fn key(choice: Choice, first: &Content, second: &Content) -> Key {
    let mut bytes = vec![choice as u8];
    bytes.extend_from_slice(&first.blake3);
    bytes.extend_from_slice(&second.blake3);
    memory::key(&bytes)
}
