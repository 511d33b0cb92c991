//! The catalogue: what was learnt about files before, what the user decided,
//! and what each run produced. One `redb` database over a file or, in the
//! browser, over whatever [`StorageBackend`] the boundary brings.
//!
//! Each batch is one durable transaction, so that a run that is killed loses
//! at most the batch in hand. A catalogue that fails in the middle of a run
//! says so once and stays silent: the run goes on without it.

mod blocks;
mod export;
mod open;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use heirloom_core::memory::{Key, Memory, Note, Shelf};
use redb::{
    Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, TableError,
};
use serde::{Deserialize, Serialize};

pub use open::Refused;
pub use redb::StorageBackend;

/// Most runs that are remembered.
const RUNS: usize = 100;

/// Notes of one shelf by name.
type Notes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// What each run produced, as JSON, by number.
const RUN_TABLE: TableDefinition<'static, u64, &'static str> = TableDefinition::new("runs");

/// Versions: of this layout (`catalogue`), and of the notes of each shelf.
const VERSIONS: TableDefinition<'static, &'static str, u32> = TableDefinition::new("versions");

/// An open catalogue. Clones share it.
#[derive(Clone)]
pub struct Catalogue(Rc<Inner>);

struct Inner {
    database: RefCell<Database>,
    /// What went wrong first, until it is told.
    trouble: RefCell<Option<String>>,
    /// Whether anything went wrong: then nothing more is noted.
    broken: Cell<bool>,
}

/// What one run produced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Seconds since 1970 in UTC when it ended, by the host's clock.
    pub when: i64,
    /// The export, as the user knows it.
    pub chat: String,
    /// Where the bundle was written; `None` if nothing was written.
    pub bundle: Option<String>,
    /// Photos and videos of the chat.
    pub exported: u32,
    /// Those that have their original again.
    pub matched: u32,
}

/// Where a shelf's notes stand.
fn table(shelf: Shelf) -> Notes {
    TableDefinition::new(shelf.name())
}

impl Catalogue {
    /// What went wrong since the last call, as a sentence for the user.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.0.trouble.borrow_mut().take()
    }

    /// Remembers what a run produced; the oldest beyond a hundred are dropped.
    pub fn note_run(&self, run: &Run) {
        let write = || -> Result<(), redb::Error> {
            let text = serde_json::to_string(run).map_err(std::io::Error::other)?;
            let transaction = self.0.database.borrow().begin_write()?;
            {
                let mut table = transaction.open_table(RUN_TABLE)?;
                let number = table.last()?.map_or(0, |(number, _)| number.value() + 1);
                table.insert(number, text.as_str())?;
                let keep_from = number.saturating_sub(RUNS as u64 - 1);
                table.retain(|number, _| number >= keep_from)?;
            }
            Ok(transaction.commit()?)
        };
        self.unless_broken(write);
    }

    /// The runs that are remembered, oldest first.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn runs(&self) -> Result<Vec<Run>, String> {
        let read = || -> Result<Vec<Run>, redb::Error> {
            let transaction = self.0.database.borrow().begin_read()?;
            let mut runs = Vec::new();
            for row in transaction.open_table(RUN_TABLE)?.iter()? {
                runs.extend(serde_json::from_str::<Run>(row?.1.value()).ok());
            }
            Ok(runs)
        };
        read().map_err(|error| error.to_string())
    }

    /// How many notes a shelf holds.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn count(&self, shelf: Shelf) -> Result<u64, String> {
        let count = || -> Result<u64, redb::Error> {
            let transaction = self.0.database.borrow().begin_read()?;
            Ok(transaction.open_table(table(shelf))?.len()?)
        };
        count().map_err(|error| error.to_string())
    }

    /// Forgets everything, and gives the space back.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn forget(&self) -> Result<(), String> {
        let clear = || -> Result<(), redb::Error> {
            let mut database = self.0.database.borrow_mut();
            let transaction = database.begin_write()?;
            for shelf in Shelf::ALL {
                transaction.delete_table(table(shelf))?;
            }
            transaction.delete_table(RUN_TABLE)?;
            transaction.commit()?;
            open::prepare(&database)?;
            database.compact()?;
            Ok(())
        };
        clear().map_err(|error| error.to_string())
    }

    fn unless_broken(&self, work: impl FnOnce() -> Result<(), redb::Error>) {
        if self.0.broken.get() {
            return;
        }
        if let Err(error) = work() {
            self.break_off(&error);
        }
    }

    fn break_off(&self, error: &redb::Error) {
        if !self.0.broken.replace(true) {
            let sentence =
                format!("what is learnt in this run cannot be remembered from here on: {error}");
            self.0.trouble.replace(Some(sentence));
        }
    }

    fn recall_all(&self, shelf: Shelf, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>, redb::Error> {
        let transaction = self.0.database.borrow().begin_read()?;
        let table = match transaction.open_table(table(shelf)) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(vec![None; keys.len()]),
            table => table?,
        };
        let mut notes = Vec::with_capacity(keys.len());
        for key in keys {
            notes.push(table.get(key.0.as_slice())?.map(|note| note.value().to_vec()));
        }
        Ok(notes)
    }

    fn note_all(&self, notes: &[Note]) -> Result<(), redb::Error> {
        let transaction = self.0.database.borrow().begin_write()?;
        for shelf in Shelf::ALL {
            let mut of_shelf = notes.iter().filter(|note| note.shelf == shelf).peekable();
            if of_shelf.peek().is_none() {
                continue;
            }
            let mut table = transaction.open_table(table(shelf))?;
            for note in of_shelf {
                match &note.value {
                    Some(value) => table.insert(note.key.0.as_slice(), value.as_slice())?,
                    None => table.remove(note.key.0.as_slice())?,
                };
            }
        }
        // Durable when it returns: `Durability::Immediate` is the default.
        Ok(transaction.commit()?)
    }
}

impl Memory for Catalogue {
    fn recall(&self, shelf: Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        if keys.is_empty() {
            return Vec::new();
        }
        self.recall_all(shelf, keys).unwrap_or_else(|error| {
            self.break_off(&error);
            vec![None; keys.len()]
        })
    }

    fn note(&mut self, notes: Vec<Note>) {
        if !notes.is_empty() {
            self.unless_broken(|| self.note_all(&notes));
        }
    }
}
