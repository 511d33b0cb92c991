//! What the review asks after each answer: cheap with thousands of media.

use std::borrow::Cow;

use super::Job;
use crate::error::Issue;
use crate::io::Files;
use crate::matching::Pairing;
use crate::model::MediumId;
use crate::plan;
use crate::report::{self, Counts};

impl<F: Files> Job<F> {
    /// What is decided about one medium as the answers stand; `None`: there is
    /// no such medium, or nothing is decided yet. Unlike [`Job::plan`] it costs
    /// nothing with thousands of media.
    #[must_use]
    pub fn pairing(&self, medium: MediumId) -> Option<Cow<'_, Pairing>> {
        let pairing = self.matches.pairings.get(medium.0 as usize)?;
        Some(plan::answered(&self.inventory, pairing, &self.answers))
    }

    /// How many media came to what, as the answers stand.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let decided = |pairing| plan::answered(&self.inventory, pairing, &self.answers).decision;
        report::count(&self.inventory, self.matches.pairings.iter().map(decided))
    }

    /// Every issue so far, sorted by path.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue> {
        report::sorted(&self.issues)
    }
}
