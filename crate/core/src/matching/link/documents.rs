//! Files sent as documents keep their bytes: an original with the same content is
//! found by size, then by SHA-1.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::error::{Issue, Problem};
use crate::examine::digest::{Digester, Wanted};
use crate::examine::learnt::{SUMS, Sum, sum_key};
use crate::io::{BATCH_FILES, PIECE};
use crate::ledger::Ledger;
use crate::matching::evidence::question::Bench;
use crate::matching::pairing::{Decision, Pairing};
use crate::matching::reason::Reason;
use crate::matching::units::Known;
use crate::memory::{self, BATCH_RECALLED, Key, Note};
use crate::model::{ItemId, MediumId};
use crate::settings::Settings;

/// Bytes hashed in one batch, beyond which the next call goes on. SHA-1 takes about
/// 3 ms for a megabyte (estimated), so a batch takes about 100 ms.
const BATCH: u64 = 32 << 20;

/// SHA-1s of the documents, and of the originals that have the size of one.
#[derive(Default)]
pub(in crate::matching) struct Sums {
    /// Originals by size, of the sizes that documents have.
    sizes: BTreeMap<u64, Vec<ItemId>>,
    known: BTreeMap<ItemId, [u8; 20]>,
    /// Files about which the memory was not asked yet.
    unasked: VecDeque<ItemId>,
    queue: VecDeque<ItemId>,
    /// The file at the head of the queue, once its reading has begun.
    current: Option<Digester>,
}

/// Originals by size: only equal sizes can be equal documents.
fn by_size(known: Known<'_>, originals: &[ItemId]) -> BTreeMap<u64, Vec<ItemId>> {
    let mut sizes = BTreeMap::<u64, Vec<ItemId>>::new();
    for (item, _) in known.examined(originals) {
        sizes.entry(item.size).or_default().push(item.id);
    }
    sizes
}

impl Sums {
    /// Lists what must be hashed for these documents: each document with an
    /// original of its size, and those originals.
    pub(in crate::matching) fn order(
        &mut self,
        known: Known<'_>,
        originals: &[ItemId],
        documents: &[ItemId],
    ) {
        let asked: BTreeSet<u64> = documents.iter().map(|&id| known.item(id).size).collect();
        self.sizes = by_size(known, originals);
        self.sizes.retain(|size, _| asked.contains(size));
        let mut wanted = BTreeSet::new();
        for &document in documents {
            if let Some(originals) = self.sizes.get(&known.item(document).size) {
                wanted.insert(document);
                wanted.extend(originals);
            }
        }
        for id in wanted {
            match known.features(id).and_then(|features| features.sha1) {
                Some(sha1) => drop(self.known.insert(id, sha1)),
                None => self.unasked.push_back(id),
            }
        }
    }

    pub(in crate::matching) fn finished(&self) -> bool {
        self.unasked.is_empty() && self.queue.is_empty()
    }

    /// Takes the sums of some files from the memory.
    fn recall(&mut self, bench: Bench<'_>) {
        let count = self.unasked.len().min(BATCH_RECALLED);
        let asked: Vec<ItemId> = self.unasked.drain(..count).collect();
        let name = |id: &ItemId| Some((*id, sum_key(bench.known.item(*id))?));
        let (ids, keys): (Vec<ItemId>, Vec<Key>) = asked.iter().filter_map(name).unzip();
        let notes = bench.memory.recall(&SUMS, &keys).into_iter();
        let sums = ids.into_iter().zip(notes);
        self.known
            .extend(sums.filter_map(|(id, note)| Some((id, memory::decoded::<Sum>(&note?)?.0))));
        let unknown = asked.into_iter().filter(|id| !self.known.contains_key(id));
        self.queue.extend(unknown);
    }

    /// Hashes one batch.
    pub(in crate::matching) fn run(&mut self, bench: Bench<'_>, ledger: &mut Ledger) {
        if !self.unasked.is_empty() {
            self.recall(bench);
            return;
        }
        let mut read = 0;
        for _ in 0..BATCH_FILES {
            let Some(&id) = self.queue.front().filter(|_| read < BATCH) else { break };
            let mut digester = self.current.take().unwrap_or_else(|| begun(bench));
            match hash_on(bench, id, &mut digester, &mut read) {
                Ok(Some(sum)) => {
                    self.known.insert(id, sum);
                    ledger.notes.extend(note(bench, id, sum));
                    self.queue.pop_front();
                }
                Ok(None) => self.current = Some(digester),
                Err(error) => {
                    let path = bench.known.item(id).path.clone();
                    ledger.issues.push(Issue { path, problem: Problem::reading(&error) });
                    self.queue.pop_front();
                }
            }
        }
        ledger.bytes_read += read;
    }

    /// Decides on one document.
    pub(in crate::matching) fn document(
        &self,
        known: Known<'_>,
        medium: MediumId,
        item: ItemId,
        settings: &Settings,
    ) -> Pairing {
        let mut pairing = Pairing::blank(medium, settings);
        let size = known.item(item).size;
        let equal = |id: &ItemId| {
            self.known.contains_key(id) && self.known.get(id) == self.known.get(&item)
        };
        let same_size = self.sizes.get(&size).into_iter().flatten();
        let mut copies: Vec<ItemId> = same_size.copied().filter(equal).collect();
        copies.sort_by_key(|&id| &known.item(id).path);
        if size == 0 || copies.is_empty() {
            pairing.reason = Reason::NoDocument;
            return pairing;
        }
        let first = copies.remove(0);
        pairing.reason = Reason::SameDocument { original: known.item(first).name().to_owned() };
        Pairing { decision: Decision::Matched, original: Some(first), also: copies, ..pairing }
    }
}

fn note(bench: Bench<'_>, id: ItemId, sum: [u8; 20]) -> Option<Note> {
    let key = sum_key(bench.known.item(id))?;
    Some(Note { shelf: &SUMS, key, value: Some(memory::encoded(&Sum(sum))?) })
}

fn begun(bench: Bench<'_>) -> Digester {
    Digester::new(Wanted { sha1: true, ..Wanted::default() }, &bench.settings.limits)
}

/// Hashes on until the batch is full; returns the sum once the file is complete.
fn hash_on(
    bench: Bench<'_>,
    id: ItemId,
    digester: &mut Digester,
    read: &mut u64,
) -> std::io::Result<Option<[u8; 20]>> {
    while *read < BATCH {
        let step = digester.advance(bench.known.item(id), bench.files, PIECE)?;
        *read += step.read;
        if let Some(digests) = step.done {
            return Ok(digests.sha1);
        }
    }
    Ok(None)
}
