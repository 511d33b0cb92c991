//! Takes over catalogues that had one file for everything. That file is the cache
//! now, and what the user decided moves from it to where it is kept forever.
//!
//! Two databases cannot be written in one transaction. So the cache first notes
//! that a move is going on, with a number; the other database notes that number
//! together with the notes it receives; the cache deletes them last. Killed
//! anywhere, the next run goes on from there. Notes that have arrived do not come a
//! second time, over what was decided since.

use heirloom_core::memory::Before;
use redb::{ReadableDatabase, TableDefinition, TableError};

use crate::prepare::{VERSIONS, take};
use crate::runs;
use crate::volume::{Part, Volume, table};

/// In the cache: under this name the number of the move that is going on.
const MOVING: &str = "moving";

/// In the other: under this name the number of the last move that arrived.
const MOVED: &str = "moved";

/// A table of the cache by its name.
type Notes<'a> = TableDefinition<'a, &'static [u8], &'static [u8]>;

/// Moves what is to be kept forever. If it fails, the part that would lose
/// something by going on reports it.
pub(crate) fn take_over(cache: &Volume, forever: &Volume) {
    let arrived = || -> Result<bool, redb::Error> {
        if !holds_decisions(cache)? {
            return Ok(false);
        }
        let number = begin(cache, forever)?;
        if version(forever, MOVED)? != Some(number) {
            copy(cache, forever, number)?;
        }
        Ok(true)
    };
    match arrived() {
        Ok(false) => {}
        Ok(true) => cache.unless_broken(|| let_go(cache)),
        // Notes that move later would replace what is decided from here on.
        Err(error) => forever.break_off(&error),
    }
}

/// Whether an older program kept there what belongs into the other database.
pub(crate) fn holds_decisions(cache: &Volume) -> Result<bool, redb::Error> {
    if cache.part == Part::Forever {
        return Ok(false);
    }
    for (shelf, _) in cache.lasting() {
        if version(cache, shelf.name)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Notes that a move is going on; returns its number.
fn begin(cache: &Volume, forever: &Volume) -> Result<u32, redb::Error> {
    if let Some(number) = version(cache, MOVING)? {
        return Ok(number);
    }
    let number = version(forever, MOVED)?.unwrap_or(0).wrapping_add(1);
    let transaction = cache.database.borrow().begin_write()?;
    transaction.open_table(VERSIONS)?.insert(MOVING, number)?;
    transaction.commit()?;
    Ok(number)
}

/// Copies the notes from the cache, and the number of the move with them.
fn copy(cache: &Volume, forever: &Volume, number: u32) -> Result<(), redb::Error> {
    let before = cache.database.borrow().begin_read()?;
    let transaction = forever.database.borrow().begin_write()?;
    for (shelf, lasting) in forever.lasting() {
        let Some(from) = &lasting.before else { continue };
        let notes = match before.open_table(Notes::new(from.shelf)) {
            Err(TableError::TableDoesNotExist(_)) => continue,
            notes => notes?,
        };
        let theirs = notes
            .range::<&[u8]>(..)?
            .filter(|row| row.as_ref().map_or(true, |(_, note)| (from.theirs)(note.value())));
        take(&transaction, theirs, shelf, lasting, from.version)?;
    }
    runs::take(&before, &transaction)?;
    transaction.open_table(VERSIONS)?.insert(MOVED, number)?;
    Ok(transaction.commit()?)
}

/// Deletes from the cache what has arrived.
fn let_go(cache: &Volume) -> Result<(), redb::Error> {
    let transaction = cache.database.borrow().begin_write()?;
    let stays = |before: &Before| cache.shelves().find(|shelf| shelf.name == before.shelf);
    let befores = cache.lasting().filter_map(|(_, lasting)| lasting.before.as_ref());
    for before in befores {
        match stays(before) {
            Some(shelf) => {
                transaction.open_table(table(shelf))?.retain(|_, note| !(before.theirs)(note))?;
            }
            None => drop(transaction.delete_table(Notes::new(before.shelf))?),
        }
    }
    transaction.delete_table(runs::OF_BEFORE)?;
    {
        let mut versions = transaction.open_table(VERSIONS)?;
        for (shelf, _) in cache.lasting() {
            versions.remove(shelf.name)?;
        }
        versions.remove(MOVING)?;
    }
    Ok(transaction.commit()?)
}

/// The number under a name in the table of versions.
fn version(volume: &Volume, name: &str) -> Result<Option<u32>, redb::Error> {
    let transaction = volume.database.borrow().begin_read()?;
    let versions = transaction.open_table(VERSIONS)?;
    Ok(versions.get(name)?.map(|version| version.value()))
}

#[cfg(test)]
#[path = "takeover_tests.rs"]
mod tests;
