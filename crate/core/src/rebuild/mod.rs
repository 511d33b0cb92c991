//! The plan becomes bytes in a [`Bundle`](crate::io::Bundle).

use crate::collect::Inventory;
use crate::error::{Fatal, Issue};
use crate::io::{Bundle, Files};
use crate::plan::Plan;
use crate::settings::Settings;

/// Everything rebuilding reads from.
pub struct Inputs<'a> {
    /// What was found.
    pub inventory: &'a Inventory,
    /// The input files.
    pub files: &'a dyn Files,
    /// The user's choices.
    pub settings: &'a Settings,
}

/// What one batch of writing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files written so far.
    pub done: u64,
    /// Files in all.
    pub total: u64,
    /// Bytes written so far.
    pub bytes_written: u64,
    /// Bytes read in this batch.
    pub bytes_read: u64,
    /// Whether media and pages are complete.
    pub finished: bool,
}

/// Writing in bounded batches (a few megabytes each).
pub struct Rebuilder {}

impl Rebuilder {
    /// Lists what will be written; writes nothing. Media come first, then the
    /// pages, so that the pages show what was really written.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, plan: Plan) -> Self {
        let _ = (inputs, plan);
        unimplemented!("Rebuilder::new")
    }

    /// Writes one batch. An original that cannot be read becomes an issue, its
    /// action becomes `Keep` and its pairing `unreadable`: the exported file
    /// takes its place. Does not call [`Bundle::finish`].
    ///
    /// # Errors
    /// [`Fatal::Output`]: the bundle cannot be written.
    pub fn advance(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
    ) -> Result<Written, Fatal> {
        let _ = (inputs, bundle, issues);
        unimplemented!("Rebuilder::advance")
    }

    /// The plan as it was carried out.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        unimplemented!("Rebuilder::into_plan")
    }
}
