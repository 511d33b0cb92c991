//! Files sent as documents keep their bytes: an original with the same content
//! is found by size, then SHA-1.

use std::collections::{BTreeMap, VecDeque};

use sha1::{Digest, Sha1};

use super::decide::blank;
use super::proof::Bench;
use super::units::Known;
use super::{Decision, Pairing};
use crate::collect;
use crate::error::{Issue, Problem};
use crate::io::read_range;
use crate::memory::{self, Key, Note, Shelf, Sum};
use crate::model::{ItemId, MediumId};
use crate::settings::Settings;

/// Bytes read at once.
const PIECE: usize = 1 << 20;

/// Bytes hashed in one batch: SHA-1 takes about 3 ms for a megabyte.
const BATCH: u64 = 32 << 20;

/// SHA-1s of files that another file's size makes interesting.
#[derive(Default)]
pub(super) struct Sums {
    known: BTreeMap<ItemId, [u8; 20]>,
    queue: VecDeque<ItemId>,
    /// The file at the head of the queue: bytes hashed, and the state.
    current: Option<(u64, Sha1)>,
    recalled: bool,
}

/// Originals by size, for finding those that could equal a document.
fn by_size(known: Known<'_>) -> BTreeMap<u64, Vec<ItemId>> {
    let mut sizes = BTreeMap::<u64, Vec<ItemId>>::new();
    for (item, _) in known.originals() {
        sizes.entry(item.size).or_default().push(item.id);
    }
    sizes
}

impl Sums {
    /// Lists what must be hashed for these documents: each document with an
    /// original of its size, and those originals.
    pub(super) fn order(&mut self, known: Known<'_>, documents: &[ItemId]) {
        let sizes = by_size(known);
        let mut wanted = std::collections::BTreeSet::new();
        for &document in documents {
            if let Some(originals) = sizes.get(&known.item(document).size) {
                wanted.insert(document);
                wanted.extend(originals);
            }
        }
        for id in wanted {
            match known.features(id).and_then(|features| features.sha1) {
                Some(sha1) => drop(self.known.insert(id, sha1)),
                None => self.queue.push_back(id),
            }
        }
    }

    pub(super) fn finished(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes the sums of files that an earlier run hashed.
    fn recall(&mut self, bench: Bench<'_>) {
        if self.recalled {
            return;
        }
        self.recalled = true;
        let name = |id: &ItemId| Some((*id, memory::sum_key(bench.known.item(*id))?));
        let (ids, keys): (Vec<ItemId>, Vec<Key>) = self.queue.iter().filter_map(name).unzip();
        let notes = bench.memory.recall(Shelf::Sums, &keys).into_iter();
        let sums = ids.into_iter().zip(notes);
        self.known
            .extend(sums.filter_map(|(id, note)| Some((id, memory::decoded::<Sum>(&note?)?.0))));
        self.queue.retain(|id| !self.known.contains_key(id));
    }

    /// Hashes one batch; returns the bytes read.
    pub(super) fn run(
        &mut self,
        bench: Bench<'_>,
        notes: &mut Vec<Note>,
        issues: &mut Vec<Issue>,
    ) -> u64 {
        self.recall(bench);
        let mut read = 0;
        while let Some(&id) = self.queue.front() {
            if read >= BATCH {
                break;
            }
            let (mut at, mut sha1) = self.current.take().unwrap_or_default();
            match hash_on(bench, id, &mut at, &mut sha1, &mut read) {
                Ok(true) => {
                    let sum = sha1.finalize().into();
                    self.known.insert(id, sum);
                    notes.extend(note(bench, id, sum));
                    self.queue.pop_front();
                }
                Ok(false) => self.current = Some((at, sha1)),
                Err(error) => {
                    let path = bench.known.item(id).path.clone();
                    issues.push(Issue { path, problem: Problem::Unreadable(error.to_string()) });
                    self.queue.pop_front();
                }
            }
        }
        read
    }

    /// Decides on one document.
    pub(super) fn document(
        &self,
        known: Known<'_>,
        medium: MediumId,
        item: ItemId,
        settings: &Settings,
    ) -> Pairing {
        let mut pairing = blank(medium, settings);
        let size = known.item(item).size;
        let equal = |id: &ItemId| {
            self.known.contains_key(id) && self.known.get(id) == self.known.get(&item)
        };
        let same_size = known.originals().filter(|(original, _)| original.size == size);
        let mut copies: Vec<ItemId> =
            same_size.map(|(original, _)| original.id).filter(equal).collect();
        copies.sort_by_key(|&id| &known.item(id).path);
        if size == 0 || copies.is_empty() {
            pairing.reason = "No original has the same content as this document.".to_owned();
            return pairing;
        }
        let first = copies.remove(0);
        pairing.reason = format!(
            "The document and {} are the same file, byte for byte.",
            known.item(first).name()
        );
        Pairing { decision: Decision::Matched, original: Some(first), also: copies, ..pairing }
    }
}

fn note(bench: Bench<'_>, id: ItemId, sum: [u8; 20]) -> Option<Note> {
    let key = memory::sum_key(bench.known.item(id))?;
    Some(Note { shelf: Shelf::Sums, key, value: Some(memory::encoded(&Sum(sum))?) })
}

/// Hashes on from `at`; `Ok(true)` when the file is complete.
fn hash_on(
    bench: Bench<'_>,
    id: ItemId,
    at: &mut u64,
    sha1: &mut Sha1,
    read: &mut u64,
) -> std::io::Result<bool> {
    let source = collect::open(bench.known.item(id), bench.files)?;
    while *read < BATCH {
        let piece = read_range(&*source, *at, PIECE)?;
        sha1.update(&piece);
        *at += piece.len() as u64;
        *read += piece.len() as u64;
        if piece.len() < PIECE {
            return Ok(true);
        }
    }
    Ok(false)
}
