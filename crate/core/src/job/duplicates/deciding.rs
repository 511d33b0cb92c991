//! Notes what the user says about some files: they are hashed, for a decision is about
//! contents.

use std::collections::BTreeSet;

use crate::collect::Library;
use crate::error::Issue;
use crate::examine::learnt::Digested;
use crate::io::Files;
use crate::job::desk::Desk;
use crate::job::digests::{Ask, Digesting};
use crate::matching::duplicates::decided::{self, Choice, Content};
use crate::memory::Memory;
use crate::model::{Entry, ItemId};
use crate::progress::Advance;
use crate::settings::Limits;

/// One decision under way.
pub struct Deciding<F: Files> {
    desk: Desk<F>,
    library: Library,
    digests: Vec<Digested>,
    choice: Choice,
    files: Vec<ItemId>,
    digesting: Digesting,
    is_noted: bool,
}

impl<F: Files> Deciding<F> {
    /// Will note this of the entries with these paths.
    ///
    /// # Errors
    /// The paths that no entry has.
    pub fn new(
        choice: Choice,
        paths: &[String],
        entries: &[Entry],
        files: F,
    ) -> Result<Self, Vec<String>> {
        let limits = Limits::default();
        let library = Library::new(entries);
        let named: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        let found = library.items.iter().filter(|item| named.contains(item.path.as_str()));
        let found: Vec<ItemId> = found.map(|item| item.id).collect();
        if found.len() < named.len() {
            let known: BTreeSet<&str> = found.iter().map(|&id| library[id].path.as_str()).collect();
            return Err(named.difference(&known).map(|path| (*path).to_owned()).collect());
        }
        let digests = vec![Digested::default(); library.items.len()];
        let digesting = Digesting::new(Ask::Blake3, found.iter().copied(), &digests);
        let desk = Desk::new(files, limits, digesting.left());
        Ok(Self { desk, library, digests, choice, files: found, digesting, is_noted: false })
    }

    /// Lends it what is remembered.
    pub fn remember(&mut self, memory: Box<dyn Memory>) {
        self.desk.memory = memory;
    }

    /// Does one batch. When it is done the decision is noted, unless a file could not be
    /// read.
    pub fn advance(&mut self) -> Advance {
        if self.is_noted {
            return Advance::Done(self.desk.progress);
        }
        let Self { desk, library, digests, digesting, .. } = self;
        if !digesting.advance(desk, &library.items, digests) {
            return Advance::Working(self.desk.progress);
        }
        let content = |&id: &ItemId| {
            let item = &self.library[id];
            let blake3 = self.digests[id.0 as usize].blake3?;
            Some(Content { blake3, size: item.size, path: item.path.clone() })
        };
        let contents: Option<Vec<Content>> = self.files.iter().map(content).collect();
        if let Some(contents) = contents {
            self.desk.memory.note(decided::notes(self.choice, contents));
        }
        self.is_noted = true;
        Advance::Done(self.desk.progress)
    }

    /// Why nothing was noted; empty if all went well.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.desk.issues
    }
}
