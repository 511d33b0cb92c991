//! What a stage writes down while it works; the job takes it over after each batch.

use crate::error::Issue;
use crate::memory::Note;

/// What one batch found besides its result.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What is wrong with single files.
    pub issues: Vec<Issue>,
    /// What is worth remembering.
    pub notes: Vec<Note>,
    /// Bytes read from the inputs.
    pub bytes_read: u64,
}
