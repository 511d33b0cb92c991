//! What the review asks after each answer; cheap with thousands of media.

use std::borrow::Cow;

use super::state::Job;
use crate::error::Issue;
use crate::io::Files;
use crate::matching::Pairing;
use crate::model::MediumId;
use crate::plan;
use crate::report::{self, Counts};

impl<F: Files> Job<F> {
    /// The decision on one medium as the answers stand; `None`: there is no such
    /// medium, or nothing is decided yet. Unlike [`Job::plan`] it does not go
    /// through all media.
    #[must_use]
    pub fn pairing(&self, medium: MediumId) -> Option<Cow<'_, Pairing>> {
        let pairing = self.matches.pairings.get(medium.0 as usize)?;
        Some(plan::answered(&self.library, &self.export, pairing, &self.answers))
    }

    /// How many media got which decision, by the present answers.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let decided =
            |pairing| plan::answered(&self.library, &self.export, pairing, &self.answers).decision;
        report::count(&self.export, self.matches.pairings.iter().map(decided))
    }

    /// Every issue so far, sorted by path.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue> {
        report::sorted(&self.desk.issues)
    }
}
