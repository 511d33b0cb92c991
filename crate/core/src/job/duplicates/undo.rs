//! How a decision is taken back.

use crate::matching::duplicates::decided::Decisions;
use crate::memory::Note;

/// What was before a decision.
pub(super) struct Before {
    /// Everything that was decided.
    pub decisions: Decisions,
    /// What was noted under its keys.
    pub notes: Vec<Note>,
}
