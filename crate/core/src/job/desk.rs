//! What every job needs: the files it reads, what earlier runs knew, what its host
//! can do for it, the limits, and where it writes down how far it is and what is
//! wrong with single files.

use std::collections::BTreeSet;

use crate::error::Issue;
use crate::io::Files;
use crate::ledger::Ledger;
use crate::matching::Step;
use crate::memory::{Memory, Nothing};
use crate::need::{Ability, NeedId};
use crate::progress::{Progress, Stage};
use crate::settings::Limits;

/// A job's desk; each job has one.
pub(super) struct Desk<F: Files> {
    pub files: F,
    pub memory: Box<dyn Memory>,
    pub needs: Needs,
    pub limits: Limits,
    /// What is wrong with single files, in the order in which it was found.
    pub issues: Vec<Issue>,
    pub progress: Progress,
}

impl<F: Files> Desk<F> {
    /// A desk of a job that has done nothing yet; nothing is remembered.
    pub(super) fn new(files: F, limits: Limits, total: u64) -> Self {
        let progress = Progress {
            stage: Stage::Collect,
            done: 0,
            total,
            bytes_read: 0,
            bytes_written: 0,
            matched: 0,
        };
        let (memory, needs) = (Box::new(Nothing), Needs::default());
        Self { files, memory, needs, limits, issues: Vec::new(), progress }
    }

    /// Begins a stage of `total` pieces of work.
    pub(super) fn enter(&mut self, stage: Stage, total: u64) {
        self.progress = Progress { stage, done: 0, total, ..self.progress };
    }

    /// Takes over one step of comparing, and says whether it was the last.
    pub(super) fn follow(&mut self, step: &Step, ledger: Ledger) -> bool {
        self.progress.done = step.done;
        self.progress.total = step.total;
        self.progress.matched = step.matched;
        self.take(ledger);
        step.finished
    }

    /// Takes over what a stage wrote down in one batch.
    pub(super) fn take(&mut self, ledger: Ledger) {
        self.issues.extend(ledger.issues);
        self.progress.bytes_read += ledger.bytes_read;
        if !ledger.notes.is_empty() {
            self.memory.note(ledger.notes);
        }
    }
}

/// What the host can be asked for.
#[derive(Default)]
pub(super) struct Needs {
    pub abilities: BTreeSet<Ability>,
    numbered: u32,
}

impl Needs {
    /// A number that no question had before.
    pub(super) fn number(&mut self) -> NeedId {
        self.numbered += 1;
        NeedId(self.numbered)
    }
}
