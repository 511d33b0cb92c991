//! One of the catalogue's two databases.

use std::cell::{Cell, RefCell};
use std::ops::Bound;

use heirloom_core::memory::{Forever, Key, Note, Shelf};
use redb::{
    Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, TableError,
    WriteTransaction,
};

use crate::prepare::prepare;
use crate::runs::RUNS;
use crate::takeover::holds_decisions;

/// Notes of one shelf by name.
pub(crate) type Notes = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// One of the two databases, by the promise of its shelves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What may be forgotten.
    Cache,
    /// What only the user deletes.
    Forever,
}

/// One database, open.
pub struct Volume {
    pub(crate) part: Part,
    pub(crate) database: RefCell<Database>,
    /// Every shelf of the program: those of the other part matter when an older
    /// catalogue is taken over.
    shelves: &'static [&'static Shelf],
    /// The first failure, until it is reported.
    trouble: RefCell<Option<String>>,
    /// Whether anything failed: then nothing more is noted.
    broken: Cell<bool>,
}

/// Where a shelf's notes stand.
pub(crate) fn table(shelf: &Shelf) -> Notes {
    TableDefinition::new(shelf.name)
}

/// Puts a note behind the last one of a shelf that is a list.
pub(crate) fn append(
    transaction: &WriteTransaction,
    shelf: &Shelf,
    note: &[u8],
) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(table(shelf))?;
    let last = table.last()?.and_then(|(key, _)| key.value().try_into().ok());
    let next = last.map_or(0, |last| u64::from_be_bytes(last).saturating_add(1));
    table.insert(Key::number(next).bytes(), note)?;
    Ok(())
}

impl Part {
    /// Where a shelf belongs.
    #[must_use]
    pub fn of(shelf: &Shelf) -> Self {
        shelf.forever().map_or(Self::Cache, |_| Self::Forever)
    }

    /// What is not remembered when this part fails, for a sentence.
    fn subject(self) -> &'static str {
        match self {
            Self::Cache => "what is learnt in this run",
            Self::Forever => "what you decide in this run",
        }
    }
}

impl Volume {
    pub(crate) fn new(part: Part, database: Database, shelves: &'static [&'static Shelf]) -> Self {
        let (trouble, broken) = (RefCell::new(None), Cell::new(false));
        Self { part, database: RefCell::new(database), shelves, trouble, broken }
    }

    /// The shelves in it.
    pub(crate) fn shelves(&self) -> impl Iterator<Item = &'static Shelf> + use<> {
        let part = self.part;
        self.all().filter(move |shelf| Part::of(shelf) == part)
    }

    /// The shelves that are kept forever, here or elsewhere.
    pub(crate) fn lasting(
        &self,
    ) -> impl Iterator<Item = (&'static Shelf, &'static Forever)> + use<> {
        self.all().filter_map(|shelf| Some((shelf, shelf.forever()?)))
    }

    /// The program's shelves, both parts.
    pub(crate) fn of_the_program(&self) -> &'static [&'static Shelf] {
        self.shelves
    }

    /// The program's shelves, and the one that is the catalogue's own.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Shelf> + use<> {
        self.shelves.iter().copied().chain(std::iter::once(&RUNS))
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.borrow_mut().take()
    }

    pub(crate) fn count(&self, shelf: &Shelf) -> Result<u64, String> {
        let count = || -> Result<u64, redb::Error> {
            let transaction = self.database.borrow().begin_read()?;
            Ok(transaction.open_table(table(shelf))?.len()?)
        };
        count().map_err(|error| error.to_string())
    }

    pub(crate) fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        self.recall_all(shelf, keys).unwrap_or_else(|error| {
            self.break_off(&error);
            vec![None; keys.len()]
        })
    }

    pub(crate) fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        self.scan_all(shelf, from, most).unwrap_or_else(|error| {
            self.break_off(&error);
            Vec::new()
        })
    }

    /// Keeps those notes that belong here.
    pub(crate) fn note(&self, notes: &[Note]) {
        let listed = |note: &Note| self.all().any(|shelf| shelf.name == note.shelf.name);
        debug_assert!(notes.iter().all(listed), "a note on a shelf that is not listed");
        if notes.iter().any(|note| Part::of(note.shelf) == self.part) {
            self.unless_broken(|| self.note_all(notes));
        }
    }

    /// Forgets everything in it, and gives the space back.
    pub(crate) fn forget(&self) -> Result<(), String> {
        if self.holds_decisions_of_before()? {
            return Err("decisions of an older version of the program still lie in it".into());
        }
        let clear = || -> Result<(), redb::Error> {
            let mut database = self.database.borrow_mut();
            let transaction = database.begin_write()?;
            let tables: Vec<_> = transaction.list_tables()?.collect();
            for table in tables {
                transaction.delete_table(table)?;
            }
            transaction.commit()?;
            Ok(database.compact().map(drop)?)
        };
        clear().and_then(|()| prepare(self)).map_err(|error| error.to_string())
    }

    /// Whether an older program kept there what the user decided, and it has
    /// not been taken over.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn holds_decisions_of_before(&self) -> Result<bool, String> {
        holds_decisions(self).map_err(|error| error.to_string())
    }

    pub(crate) fn unless_broken(&self, work: impl FnOnce() -> Result<(), redb::Error>) {
        if self.broken.get() {
            return;
        }
        if let Err(error) = work() {
            self.break_off(&error);
        }
    }

    pub(crate) fn break_off(&self, error: &redb::Error) {
        if !self.broken.replace(true) {
            let subject = self.part.subject();
            let sentence = format!("{subject} cannot be remembered from here on: {error}");
            self.trouble.replace(Some(sentence));
        }
    }

    fn recall_all(&self, shelf: &Shelf, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>, redb::Error> {
        let transaction = self.database.borrow().begin_read()?;
        let table = match transaction.open_table(table(shelf)) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(vec![None; keys.len()]),
            table => table?,
        };
        let mut notes = Vec::with_capacity(keys.len());
        for key in keys {
            notes.push(table.get(key.bytes())?.map(|note| note.value().to_vec()));
        }
        Ok(notes)
    }

    fn scan_all(
        &self,
        shelf: &Shelf,
        from: Bound<Key>,
        most: usize,
    ) -> Result<Vec<(Key, Vec<u8>)>, redb::Error> {
        let transaction = self.database.borrow().begin_read()?;
        let table = match transaction.open_table(table(shelf)) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            table => table?,
        };
        let from = from.as_ref().map(Key::bytes);
        let mut notes = Vec::new();
        for row in table.range::<&[u8]>((from, Bound::Unbounded))?.take(most) {
            let (key, note) = row?;
            notes.extend(Key::of(key.value()).map(|key| (key, note.value().to_vec())));
        }
        Ok(notes)
    }

    fn note_all(&self, notes: &[Note]) -> Result<(), redb::Error> {
        let transaction = self.database.borrow().begin_write()?;
        for shelf in self.shelves() {
            let mut of_shelf = notes.iter().filter(|note| note.shelf.name == shelf.name).peekable();
            if of_shelf.peek().is_none() {
                continue;
            }
            let mut table = transaction.open_table(table(shelf))?;
            for note in of_shelf {
                match &note.value {
                    Some(value) => table.insert(note.key.bytes(), value.as_slice())?,
                    None => table.remove(note.key.bytes())?,
                };
            }
        }
        // Durable when it returns: `Durability::Immediate` is the default.
        Ok(transaction.commit()?)
    }
}
