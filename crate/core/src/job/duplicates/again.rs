//! What the user decides while he looks at what was found: it is noted at once, and what
//! was found is put together anew, without comparing anything again.

use super::state::Duplicates;
use super::undo::Before;
use crate::collect;
use crate::error::Problem;
use crate::examine;
use crate::io::Files;
use crate::matching::duplicates::TOGETHER;
use crate::matching::duplicates::decided::{self, Choice, Content};
use crate::memory::{Key, Note};
use crate::model::{Features, ItemId};

impl<F: Files> Duplicates<F> {
    /// Notes what the user says about these files, and puts together anew what was
    /// found: [`Duplicates::advance`] has to be called until it is done once more.
    ///
    /// # Errors
    /// The files of which it is not known what is in them: they could not be read.
    pub fn decide(&mut self, choice: Choice, files: &[ItemId]) -> Result<(), Vec<ItemId>> {
        self.decide_each(choice, &[files.to_vec()])
    }

    /// As [`Duplicates::decide`], of several sets of files: they are taken back together.
    ///
    /// # Errors
    /// As [`Duplicates::decide`]; nothing is noted then.
    pub fn decide_each(&mut self, choice: Choice, sets: &[Vec<ItemId>]) -> Result<(), Vec<ItemId>> {
        let files = sets.iter().flatten().copied();
        let unknown: Vec<ItemId> = files.filter(|&id| self.content(id).is_none()).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let contents = |set: &Vec<ItemId>| set.iter().filter_map(|&id| self.content(id)).collect();
        let sets: Vec<Vec<Content>> = sets.iter().map(contents).collect();
        let notes = sets.iter().flat_map(|set| decided::notes(choice, set.clone()));
        let notes: Vec<Note> = notes.collect();
        let keys: Vec<Key> = notes.iter().map(|note| note.key).collect();
        let before = self.desk.memory.recall(&TOGETHER, &keys);
        let undo = keys.into_iter().zip(before);
        let undo = undo.map(|(key, value)| Note { shelf: &TOGETHER, key, value }).collect();
        self.before.push(Before { decisions: self.decisions.clone(), notes: undo });
        sets.iter().for_each(|set| self.decisions.replace(choice, set));
        self.desk.memory.note(notes);
        self.name();
        Ok(())
    }

    /// What is in a file; `None`: it was not read to its end.
    fn content(&self, id: ItemId) -> Option<Content> {
        let item = &self.library[id];
        let blake3 = self.digests[id.0 as usize].blake3?;
        Some(Content { blake3, size: item.size, path: item.path.clone() })
    }

    /// Takes back what was decided last; false: there is nothing.
    pub fn take_back(&mut self) -> bool {
        let Some(Before { decisions, notes }) = self.before.pop() else { return false };
        self.decisions = decisions;
        self.desk.memory.note(notes);
        self.name();
        true
    }

    /// What is known of each file, parallel to the library.
    #[must_use]
    pub fn features(&self) -> &[Option<Features>] {
        &self.features
    }

    /// The host's files.
    #[must_use]
    pub fn files(&self) -> &F {
        &self.desk.files
    }

    /// A JPEG of a picture for the screen, its long edge at most `long_edge`.
    ///
    /// # Errors
    /// The file cannot be read or decoded.
    pub fn preview(&self, item: ItemId, long_edge: u32) -> Result<Vec<u8>, Problem> {
        let source = collect::open(&self.library[item], &self.desk.files);
        let source = source.map_err(|error| Problem::reading(&error))?;
        let limits = &self.settings.limits;
        let bytes = examine::picture(&*source, limits)?;
        examine::guarded(|| examine::pixels::jpeg_view(&bytes, long_edge, limits))
    }
}
