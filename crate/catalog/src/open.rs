//! Opening a catalogue: what is damaged, foreign or of another version is
//! refused, so that the host can put it aside and begin a new one.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use heirloom_core::memory::Shelf;
use redb::{Builder, Database, DatabaseError, StorageBackend, StorageError};

use crate::blocks::Blocks;
use crate::{Catalogue, Inner, RUN_TABLE, VERSIONS, table};

/// Bytes of the database held in memory.
const CACHE: usize = 16 << 20;

/// The version of the tables' layout; another one is not read.
const LAYOUT: u32 = 1;

/// Why there is no catalogue.
#[derive(Debug)]
pub enum Refused {
    /// Another run or page is using it.
    Busy,
    /// It is damaged, of another version, or no catalogue at all; why, as a
    /// part of a sentence. A new one may take its place.
    Unusable(String),
    /// The storage refused.
    Storage(io::Error),
}

impl Catalogue {
    /// Opens the catalogue in a file that is open for reading and writing, or
    /// begins one if the file is empty.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn in_file(file: File) -> Result<Self, Refused> {
        opened(|| builder().create_file(file))
    }

    /// Opens the catalogue over any storage, or begins one if it is empty.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn over(storage: impl StorageBackend) -> Result<Self, Refused> {
        opened(|| builder().create_with_backend(Blocks::over(storage)))
    }
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    builder
}

/// Bytes that anyone may have changed are read here, so that a panic of the
/// database's code means the same as an error.
fn opened(open: impl FnOnce() -> Result<Database, DatabaseError>) -> Result<Catalogue, Refused> {
    let whole = || -> Result<Database, Refused> {
        let mut database = open().map_err(refused)?;
        database.check_integrity().map_err(refused)?;
        layout(&database)?;
        prepare(&database).map_err(unusable)?;
        Ok(database)
    };
    let database = catch_unwind(AssertUnwindSafe(whole))
        .unwrap_or_else(|_| Err(Refused::Unusable("it is damaged".into())))?;
    Ok(Catalogue(Rc::new(Inner {
        database: RefCell::new(database),
        trouble: RefCell::new(None),
        broken: Cell::new(false),
    })))
}

fn refused(error: DatabaseError) -> Refused {
    match error {
        DatabaseError::DatabaseAlreadyOpen => Refused::Busy,
        DatabaseError::UpgradeRequired(_) => {
            Refused::Unusable("an older program wrote it, in a form that is no longer read".into())
        }
        DatabaseError::Storage(StorageError::Io(error))
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
            ) =>
        {
            Refused::Storage(error)
        }
        DatabaseError::Storage(StorageError::Io(_)) => {
            Refused::Unusable("it is no catalogue, or it is cut short".into())
        }
        _ => Refused::Unusable("it is damaged".into()),
    }
}

fn unusable(error: redb::Error) -> Refused {
    match error {
        redb::Error::Io(error) => Refused::Storage(error),
        _ => Refused::Unusable("its tables are not those of a catalogue".into()),
    }
}

/// A database that holds anything must say that it is a catalogue of our
/// layout.
fn layout(database: &Database) -> Result<(), Refused> {
    use redb::{ReadableDatabase, TableError};
    let read = || -> Result<Option<u32>, redb::Error> {
        let transaction = database.begin_read()?;
        match transaction.open_table(VERSIONS) {
            Ok(table) => Ok(table.get("catalogue")?.map(|version| version.value())),
            Err(TableError::TableDoesNotExist(_)) if transaction.list_tables()?.count() == 0 => {
                Ok(Some(LAYOUT))
            }
            Err(error) => Err(error.into()),
        }
    };
    match read().map_err(unusable)? {
        Some(LAYOUT) => Ok(()),
        _ => Err(Refused::Unusable("another version of the program wrote it".into())),
    }
}

/// Makes the tables, and empties those whose notes another version wrote.
pub(crate) fn prepare(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut versions = transaction.open_table(VERSIONS)?;
        versions.insert("catalogue", LAYOUT)?;
        for shelf in Shelf::ALL {
            let known = versions.insert(shelf.name(), shelf.version())?.map(|old| old.value());
            if known.is_some_and(|version| version != shelf.version()) {
                transaction.delete_table(table(shelf))?;
            }
            transaction.open_table(table(shelf))?;
        }
        transaction.open_table(RUN_TABLE)?;
    }
    Ok(transaction.commit()?)
}
