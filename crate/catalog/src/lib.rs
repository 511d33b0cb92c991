//! The catalogue: what was learnt about files before, and what the user decided.
//! Two `redb` databases, each over a file or, in the browser, over the
//! [`StorageBackend`] that the boundary brings: the *cache*, which may be
//! forgotten, and what is kept *forever*, which only the user deletes.
//!
//! Each batch is one durable transaction, so a run that is killed loses at most the
//! batch in hand. A database that fails in the middle of a run reports it once and
//! notes nothing more; the run goes on without it.

mod blocks;
mod export;
mod open;
mod prepare;
mod runs;
mod takeover;
#[cfg(test)]
mod tests;
mod volume;

use std::ops::Bound;
use std::rc::Rc;

use heirloom_core::memory::{Key, Memory, Note, Shelf};

pub use open::{Refused, was_never_begun};
pub use redb::StorageBackend;
pub use runs::Run;
pub use volume::{Part, Volume};

/// An open catalogue: both databases, or the one that could be opened. Clones
/// share it.
#[derive(Clone)]
pub struct Catalogue(Rc<Inner>);

struct Inner {
    cache: Option<Volume>,
    forever: Option<Volume>,
}

impl Catalogue {
    /// The catalogue of these two databases; `None` where one could not be opened.
    /// What must be kept forever and still lies in the cache of an older program is
    /// moved first.
    #[must_use]
    pub fn of(cache: Option<Volume>, forever: Option<Volume>) -> Self {
        if let (Some(cache), Some(forever)) = (&cache, &forever) {
            takeover::take_over(cache, forever);
        }
        Self(Rc::new(Inner { cache, forever }))
    }

    /// What went wrong with one of the two since the last call, as a sentence
    /// for the user.
    #[must_use]
    pub fn trouble(&self, part: Part) -> Option<String> {
        self.volume(part)?.trouble()
    }

    /// How many notes a shelf holds.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn count(&self, shelf: &Shelf) -> Result<u64, String> {
        self.volume(Part::of(shelf)).map_or(Ok(0), |volume| volume.count(shelf))
    }

    /// Forgets what may be forgotten, and gives the space back. What the user
    /// decided stays.
    ///
    /// # Errors
    /// The storage failed, or decisions of an older program still lie there; a
    /// sentence.
    pub fn forget_cache(&self) -> Result<(), String> {
        self.volume(Part::Cache).map_or(Ok(()), Volume::forget)
    }

    /// The program's shelves, both parts.
    fn shelves(&self) -> &'static [&'static Shelf] {
        let volume = self.0.cache.as_ref().or(self.0.forever.as_ref());
        volume.map_or(&[], Volume::of_the_program)
    }

    fn volume(&self, part: Part) -> Option<&Volume> {
        match part {
            Part::Cache => self.0.cache.as_ref(),
            Part::Forever => self.0.forever.as_ref(),
        }
    }
}

impl Memory for Catalogue {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let volume = self.volume(Part::of(shelf)).filter(|_| !keys.is_empty());
        volume.map_or_else(|| vec![None; keys.len()], |volume| volume.recall(shelf, keys))
    }

    fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        let volume = self.volume(Part::of(shelf));
        volume.map_or_else(Vec::new, |volume| volume.scan(shelf, from, most))
    }

    fn note(&mut self, notes: Vec<Note>) {
        for part in [Part::Forever, Part::Cache] {
            if let Some(volume) = self.volume(part) {
                volume.note(&notes);
            }
        }
    }
}
