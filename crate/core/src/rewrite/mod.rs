//! The one door through which an original may change. It is lent to the one job
//! that the user asked to write, and to no other: `cargo xtask test` looks who
//! names it.
//!
//! A change is a list of [`Patch`]es on one file. Before the first byte changes,
//! the bytes that will are written to a journal and made durable; after the last
//! one the file is read again and must have the hash that was announced. Whatever
//! happens in between, the file is old or new after the next start: [`recover`]
//! completes or undoes the change that the journal holds.

mod door;
mod journal;
#[cfg(test)]
mod tests;

pub use door::{MOST_CHANGED, Patch, Refused, Rewrite};
pub use journal::{Entry, State};
use journal::{hash, keep, places};

/// What became of an interrupted change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered {
    /// There was none.
    Nothing,
    /// The file is as it was before.
    TakenBack,
    /// The file is as it was to become.
    Finished,
}

/// Changes a file that has the BLAKE3 `before` (32 bytes), and returns what takes
/// the change back at any later time, for a history to keep.
///
/// # Errors
/// [`Refused`]; the file is as it was. Only if the storage fails while the old
/// bytes are put back is it not: then [`recover`] restores them.
pub fn apply(
    file: &mut dyn Rewrite,
    before: [u8; 32],
    patches: &[Patch],
) -> Result<Entry, Refused> {
    if file.journal()?.is_some() {
        recover(file)?;
    }
    if hash(file, patches_none())? != before {
        return Err(Refused::Changed);
    }
    let places = places(patches, file.size()).ok_or(Refused::Unfit)?;
    let after = hash(file, patches)?;
    let entry = keep(file, before, after, places)?;
    change(file, &entry, patches)?;
    Ok(entry)
}

/// Takes a change back, now or years later, from what [`apply`] returned.
///
/// # Errors
/// As [`apply`].
pub fn revert(file: &mut dyn Rewrite, entry: &Entry) -> Result<(), Refused> {
    if file.journal()?.is_some() {
        recover(file)?;
    }
    if hash(file, patches_none())? != entry.after {
        return Err(Refused::Changed);
    }
    file.keep_journal(Some(&entry.encoded()?))?;
    put_back(file, entry)
}

/// Completes or undoes an interrupted change. To be called for every file that has
/// a journal, before anything else is done with the file.
///
/// # Errors
/// [`Refused::Damaged`]: the journal cannot be trusted, nothing is done;
/// [`Refused::Changed`]: somebody else changed the file meanwhile.
pub fn recover(file: &mut dyn Rewrite) -> Result<Recovered, Refused> {
    let Some(bytes) = file.journal()? else { return Ok(Recovered::Nothing) };
    let entry = Entry::decoded(&bytes).ok_or(Refused::Damaged)?;
    match entry.state(file)? {
        State::After => {
            file.keep_journal(None)?;
            Ok(Recovered::Finished)
        }
        State::Before => {
            file.keep_journal(None)?;
            Ok(Recovered::TakenBack)
        }
        State::Between => {
            put_back(file, &entry)?;
            Ok(Recovered::TakenBack)
        }
        State::Foreign => Err(Refused::Changed),
    }
}

fn patches_none() -> &'static [Patch] {
    &[]
}

/// Writes the patches, and looks whether the file is what was announced.
fn change(file: &mut dyn Rewrite, entry: &Entry, patches: &[Patch]) -> Result<(), Refused> {
    let written = patches.iter().try_for_each(|patch| file.write_at(patch.at, &patch.bytes));
    let synced = written.and_then(|()| file.sync());
    let verified = synced.is_ok() && hash(file, patches_none())? == entry.after;
    if verified {
        file.keep_journal(None)?;
        return Ok(());
    }
    put_back(file, entry)?;
    match synced {
        Ok(()) => Err(Refused::NotVerified),
        Err(error) => Err(Refused::Storage(error)),
    }
}

/// Writes the kept bytes back; the journal goes when the file is as it was.
fn put_back(file: &mut dyn Rewrite, entry: &Entry) -> Result<(), Refused> {
    for piece in &entry.pieces {
        file.write_at(piece.at, &piece.bytes)?;
    }
    file.cut(entry.size)?;
    file.sync()?;
    if hash(file, patches_none())? != entry.before {
        return Err(Refused::Changed);
    }
    file.keep_journal(None)?;
    Ok(())
}
