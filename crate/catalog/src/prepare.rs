//! The tables of a database, and what becomes of notes that another version of
//! the program wrote.

use heirloom_core::memory::{Forever, Shelf};
use redb::{
    AccessGuard, ReadableDatabase, StorageError, TableDefinition, TableError, WriteTransaction,
};

use crate::volume::{Part, Volume, table};

/// Versions: of a database's layout, and of the notes of each shelf in it.
pub(crate) const VERSIONS: TableDefinition<'static, &'static str, u32> =
    TableDefinition::new("versions");

/// The version of the tables' layout; a database of another one is not read.
pub(crate) const LAYOUT: u32 = 1;

/// A note and its name, as a table gives them.
type Row = (AccessGuard<'static, &'static [u8]>, AccessGuard<'static, &'static [u8]>);

/// The name under which the layout's version stands. It differs between the two
/// databases, so that neither is taken for the other.
pub(crate) fn layout_name(part: Part) -> &'static str {
    match part {
        Part::Cache => "catalogue",
        Part::Forever => "forever",
    }
}

/// Makes the tables, in one transaction. Notes of another version are forgotten in
/// the cache; what is kept forever is brought into today's form.
pub(crate) fn prepare(volume: &Volume) -> Result<(), redb::Error> {
    let transaction = volume.database.borrow().begin_write()?;
    {
        let mut versions = transaction.open_table(VERSIONS)?;
        versions.insert(layout_name(volume.part), LAYOUT)?;
        for shelf in volume.shelves() {
            let known = versions.insert(shelf.name, shelf.version)?.map(|old| old.value());
            match (shelf.forever(), known.filter(|version| *version != shelf.version)) {
                (_, None) => {}
                (None, Some(_)) => empty(volume, &transaction, shelf)?,
                (Some(forever), Some(older)) => {
                    migrate(volume, &transaction, shelf, forever, older)?;
                }
            }
            transaction.open_table(table(shelf))?;
        }
    }
    Ok(transaction.commit()?)
}

/// Forgets a shelf's notes, except those that are still to be taken over into
/// the other database.
fn empty(
    volume: &Volume,
    transaction: &WriteTransaction,
    shelf: &Shelf,
) -> Result<(), redb::Error> {
    let awaited: Vec<_> = volume
        .lasting()
        .filter_map(|(_, forever)| forever.before.as_ref())
        .filter(|before| before.shelf == shelf.name)
        .collect();
    if awaited.is_empty() {
        transaction.delete_table(table(shelf))?;
        return Ok(());
    }
    let mut notes = transaction.open_table(table(shelf))?;
    Ok(notes.retain(|_, note| awaited.iter().any(|before| (before.theirs)(note)))?)
}

/// Brings the notes of an older version into today's form.
fn migrate(
    volume: &Volume,
    transaction: &WriteTransaction,
    shelf: &Shelf,
    forever: &Forever,
    older: u32,
) -> Result<(), redb::Error> {
    let before = volume.database.borrow().begin_read()?;
    let notes = match before.open_table(table(shelf)) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        notes => notes?,
    };
    transaction.delete_table(table(shelf))?;
    take(transaction, notes.range::<&[u8]>(..)?, shelf, forever, older)
}

/// Puts notes of an older version onto a shelf, in today's form. A note that has
/// none is kept as it is, in a table beside the shelf.
pub(crate) fn take(
    transaction: &WriteTransaction,
    notes: impl Iterator<Item = Result<Row, StorageError>>,
    shelf: &Shelf,
    forever: &Forever,
    version: u32,
) -> Result<(), redb::Error> {
    let beside = format!("{} of version {version}", shelf.name);
    let mut table = transaction.open_table(table(shelf))?;
    for row in notes {
        let (key, note) = row?;
        let of_today = if version == shelf.version {
            Some(note.value().to_vec())
        } else {
            (forever.migrate)(version, note.value())
        };
        if let Some(note) = of_today {
            table.insert(key.value(), note.as_slice())?;
        } else {
            let beside = TableDefinition::<&[u8], &[u8]>::new(&beside);
            transaction.open_table(beside)?.insert(key.value(), note.value())?;
        }
    }
    Ok(())
}
