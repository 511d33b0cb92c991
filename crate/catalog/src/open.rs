//! Opening a catalogue: what is damaged, foreign or of another version is
//! refused, so that the host can put it aside and begin a new one.

use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use heirloom_core::memory::Shelf;
use redb::{
    Builder, Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError, TableError,
};

use crate::blocks::Blocks;
use crate::prepare::{LAYOUT, VERSIONS, layout_name, prepare};
use crate::volume::{Part, Volume};

/// Bytes of the database that `redb` holds in memory. Chosen, not measured.
const CACHE: usize = 16 << 20;

/// Bytes of the first page of a `redb` file.
const PAGE: u64 = 4096;
/// Bytes of the magic number at its beginning.
const MAGIC: usize = 9;

/// Why there is no catalogue, or not one of its two databases.
#[derive(Debug)]
pub enum Refused {
    /// Another run or page is using it.
    Busy,
    /// A newer version of the program wrote what is kept forever: the file is
    /// neither read nor written nor put aside.
    Newer,
    /// It is damaged, of another version, or no catalogue at all; the reason is
    /// part of a sentence. A new one may take its place.
    Unusable(String),
    /// The storage refused.
    Storage(io::Error),
}

impl Volume {
    /// Opens the database in a file that is open for reading and writing, or
    /// begins one if the file is empty.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn in_file(
        part: Part,
        file: File,
        shelves: &'static [&'static Shelf],
    ) -> Result<Self, Refused> {
        opened(part, shelves, || builder().create_file(file))
    }

    /// Opens the database over any storage, or begins one if it is empty.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn over(
        part: Part,
        storage: impl StorageBackend,
        shelves: &'static [&'static Shelf],
    ) -> Result<Self, Refused> {
        if was_never_begun(&mut Whole { storage: &storage, at: 0 }).map_err(Refused::Storage)? {
            storage.set_len(0).map_err(Refused::Storage)?;
        }
        opened(part, shelves, || builder().create_with_backend(Blocks::over(storage)))
    }
}

/// Whether the program was killed while it made a database. The magic number is
/// written last, and until then nothing stands behind the first page, so such a
/// file holds nothing that could be lost.
///
/// # Errors
/// It cannot be read.
pub fn was_never_begun(file: &mut impl Read) -> io::Result<bool> {
    let mut first = Vec::new();
    file.take(PAGE).read_to_end(&mut first)?;
    if first.is_empty() || first.iter().take(MAGIC).any(|byte| *byte != 0) {
        return Ok(false);
    }
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(true),
            count if piece[..count].iter().any(|byte| *byte != 0) => return Ok(false),
            _ => {}
        }
    }
}

/// Reads a storage from its first byte to its last.
struct Whole<'a, S> {
    storage: &'a S,
    at: u64,
}

impl<S: StorageBackend> Read for Whole<'_, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.storage.len()?.saturating_sub(self.at);
        let count = out.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
        self.storage.read(self.at, &mut out[..count])?;
        self.at += count as u64;
        Ok(count)
    }
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    builder
}

/// Opens a database. Its bytes may have been changed by anyone, so a panic of the
/// database's code means the same as an error.
fn opened(
    part: Part,
    shelves: &'static [&'static Shelf],
    open: impl FnOnce() -> Result<Database, DatabaseError>,
) -> Result<Volume, Refused> {
    let whole = || -> Result<Volume, Refused> {
        let mut database = open().map_err(refused)?;
        database.check_integrity().map_err(refused)?;
        let volume = Volume::new(part, database, shelves);
        layout(&volume)?;
        prepare(&volume).map_err(unusable)?;
        Ok(volume)
    };
    catch_unwind(AssertUnwindSafe(whole))
        .unwrap_or_else(|_| Err(Refused::Unusable("it is damaged".into())))
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

/// Checks that a database which holds anything says that it is this part of a
/// catalogue, in our layout.
fn layout(volume: &Volume) -> Result<(), Refused> {
    let foreign = || Refused::Unusable("another version of the program wrote it".into());
    match newest(volume).map_err(unusable)? {
        Some(Written::Now | Written::Never) => Ok(()),
        Some(Written::Later) if volume.part == Part::Forever => Err(Refused::Newer),
        Some(Written::Later) | None => Err(foreign()),
    }
}

/// Which program wrote a database, by its versions.
enum Written {
    /// It is empty.
    Never,
    /// By this version of the program, or an older one.
    Now,
    /// By a newer one.
    Later,
}

/// Which program wrote a database; `None`: it does not say that it is this part of
/// a catalogue.
fn newest(volume: &Volume) -> Result<Option<Written>, redb::Error> {
    let transaction = volume.database.borrow().begin_read()?;
    let versions = match transaction.open_table(VERSIONS) {
        Err(TableError::TableDoesNotExist(_)) if transaction.list_tables()?.count() == 0 => {
            return Ok(Some(Written::Never));
        }
        versions => versions?,
    };
    let Some(layout) = versions.get(layout_name(volume.part))? else { return Ok(None) };
    let mut later = layout.value() > LAYOUT;
    // The cache's shelves do not matter: their notes of another version are forgotten.
    for shelf in volume.shelves().filter(|shelf| shelf.forever().is_some()) {
        let known = versions.get(shelf.name)?;
        later |= known.is_some_and(|version| version.value() > shelf.version);
    }
    let older = layout.value() < LAYOUT;
    Ok(if older { None } else { Some(if later { Written::Later } else { Written::Now }) })
}
