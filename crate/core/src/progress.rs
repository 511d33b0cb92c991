//! How far a job is. The host owns the loop: progress is a return value, and
//! cancelling is not calling again.

use crate::need::{Need, NeedId};

/// The six stages, in the order in which data flows through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Folder entries and chat text to a library and an export.
    Collect,
    /// Bytes to features.
    Examine,
    /// Features to pairings.
    Matching,
    /// Pairings and answers to a plan.
    Plan,
    /// The plan to the bundle.
    Rebuild,
    /// What happened to each item, and why.
    Report,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Collect, Self::Examine, Self::Matching, Self::Plan, Self::Rebuild, Self::Report];

    /// The one spelling of its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Examine => "examine",
            Self::Matching => "matching",
            Self::Plan => "plan",
            Self::Rebuild => "rebuild",
            Self::Report => "report",
        }
    }
}

/// How far the current stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The stage at work.
    pub stage: Stage,
    /// Items done in this stage; in matching also searches and comparisons of
    /// changed pictures.
    pub done: u64,
    /// Items in this stage; in matching it grows when more is found to do.
    pub total: u64,
    /// Bytes read so far, over all stages.
    pub bytes_read: u64,
    /// Bytes written so far.
    pub bytes_written: u64,
    /// Pictures and videos matched so far.
    pub matched: u64,
}

/// What one batch of work came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Advance {
    /// There is more to do.
    Working(Progress),
    /// The job waits for its host, which answers with `supply` and this number.
    /// Without an answer the next batch asks the same again.
    Need(NeedId, Need),
    /// This phase of the job is complete.
    Done(Progress),
}
