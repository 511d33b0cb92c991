//! What came of a run.

use crate::plan::trash::{Left, Unit};

/// Units of one given folder that go to its trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The folder's number. All files of the units lie in it; what stays may lie in
    /// others.
    pub folder: usize,
    /// When the run is begun, for people to read.
    pub when: String,
    /// What moves: of a plan that was confirmed.
    pub units: Vec<Unit>,
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Files that moved, to the trash or back, sorted.
    pub moved: Vec<Moved>,
    /// Files that did not, each with the reason, sorted.
    pub left: Vec<Left>,
    /// Of a restore: paths of files that were back before it began, sorted.
    pub there: Vec<String>,
    /// What went wrong with the run itself, as a sentence.
    pub trouble: Option<String>,
}

/// A file that moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    /// As the plan calls it; of a restore, its path in its folder.
    pub file: String,
    /// Where it lies or lay in the trash, below the run's own folder.
    pub kept: String,
    /// Bytes.
    pub size: u64,
}

impl Done {
    /// Nothing but a sentence.
    pub(super) fn trouble(sentence: String) -> Self {
        Self { trouble: Some(sentence), ..Self::default() }
    }

    pub(super) fn sorted(mut self) -> Self {
        self.moved.sort();
        self.left.sort();
        self.there.sort();
        self
    }
}
