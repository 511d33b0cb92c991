//! What each run produced: a list that grows by one with every bundle.

use heirloom_core::memory::{Forever, Promise, Shelf};
use redb::{ReadTransaction, ReadableDatabase, TableDefinition, TableError, WriteTransaction};
use serde::{Deserialize, Serialize};

use crate::Catalogue;
use crate::volume::{Part, append, table};

/// Runs as JSON, in the order in which they ended.
pub(crate) static RUNS: Shelf = Shelf {
    name: "runs",
    version: 1,
    promise: Promise::Forever(Forever { migrate: |_, _| None, before: None }),
    json: |note| serde_json::to_string(&run(note)?).ok(),
};

/// Where catalogues of one file had them: by number.
pub(crate) const OF_BEFORE: TableDefinition<'static, u64, &'static str> =
    TableDefinition::new("runs");

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

impl Catalogue {
    /// Remembers what a run produced.
    pub fn note_run(&self, run: &Run) {
        let Some(volume) = self.volume(Part::Forever) else { return };
        volume.unless_broken(|| {
            let note = serde_json::to_vec(run).map_err(std::io::Error::other)?;
            let transaction = volume.database.borrow().begin_write()?;
            append(&transaction, &RUNS, &note)?;
            Ok(transaction.commit()?)
        });
    }

    /// The runs that are remembered, oldest first.
    ///
    /// # Errors
    /// The storage failed; a sentence.
    pub fn runs(&self) -> Result<Vec<Run>, String> {
        let Some(volume) = self.volume(Part::Forever) else { return Ok(Vec::new()) };
        let read = || -> Result<Vec<Run>, redb::Error> {
            let transaction = volume.database.borrow().begin_read()?;
            let mut runs = Vec::new();
            for row in transaction.open_table(table(&RUNS))?.range::<&[u8]>(..)? {
                runs.extend(run(row?.1.value()));
            }
            Ok(runs)
        };
        read().map_err(|error| error.to_string())
    }
}

/// Takes the runs of a catalogue of one file, behind those that are there.
pub(crate) fn take(from: &ReadTransaction, to: &WriteTransaction) -> Result<(), redb::Error> {
    let runs = match from.open_table(OF_BEFORE) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        runs => runs?,
    };
    for row in runs.range::<u64>(..)? {
        append(to, &RUNS, row?.1.value().as_bytes())?;
    }
    Ok(())
}

fn run(note: &[u8]) -> Option<Run> {
    serde_json::from_slice(note).ok()
}
