//! What an earlier run remembers of files.

use crate::examine::DIGESTS;
use crate::examine::learnt::{Digested, sum_key};
use crate::memory::{BATCH_RECALLED, Key, Memory, decoded};
use crate::model::{Entry, Item, ItemId, Source};

/// BLAKE3 in hex of each file as it was hashed by an earlier run, if its size and time
/// are still the same.
#[must_use]
pub fn remembered(memory: &dyn Memory, files: &[Entry]) -> Vec<Option<String>> {
    let item = |file: &Entry| Item {
        id: ItemId(0),
        path: file.path.clone(),
        size: file.size,
        modified: file.modified,
        source: Source::File(file.file),
    };
    let mut found = Vec::with_capacity(files.len());
    for batch in files.chunks(BATCH_RECALLED) {
        let keys: Vec<Option<Key>> = batch.iter().map(|file| sum_key(&item(file))).collect();
        let named: Vec<Key> = keys.iter().flatten().copied().collect();
        let mut notes = memory.recall(&DIGESTS, &named).into_iter();
        found.extend(keys.iter().map(|key| {
            let note = key.and_then(|_| notes.next().flatten())?;
            let hash = decoded::<Digested>(&note)?.blake3?;
            Some(blake3::Hash::from(hash).to_hex().to_string())
        }));
    }
    found
}
