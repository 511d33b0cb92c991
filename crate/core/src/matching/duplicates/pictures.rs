//! Looks for pictures that are one shot, in bounded batches. The engine is that of the
//! chat job: one proof for all.

use crate::ledger::Ledger;
use crate::matching::evidence::question::Bench;
use crate::matching::likeness::Likenesses;
use crate::matching::link::matcher::Matcher;
use crate::matching::pairing::Step;
use crate::model::ItemId;

/// A search under way.
pub(crate) struct Pictures(Matcher);

impl Pictures {
    /// Will compare these pictures with each other; reads no file.
    pub(crate) fn new(bench: Bench<'_>, pictures: &[ItemId]) -> Self {
        Self(Matcher::among(bench.known, pictures, bench.settings))
    }

    /// Does one batch, as [`Matcher::advance`].
    pub(crate) fn advance(&mut self, bench: Bench<'_>, ledger: &mut Ledger) -> Step {
        self.0.advance(bench, ledger)
    }

    /// Pictures of which no changed versions were searched, for there are too many.
    pub(crate) fn left_out(&self) -> &[ItemId] {
        self.0.left_out()
    }

    /// What was proved, once all is done.
    pub(crate) fn found(&self, bench: Bench<'_>, found: &mut Likenesses) {
        for like in self.0.copies(bench.known, bench.settings) {
            found.add(like);
        }
    }
}
