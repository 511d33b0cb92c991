//! Runs the matching of the chat job in bounded batches: the fields are its state,
//! `order.rs` says what comes next.

use std::collections::VecDeque;

use super::candidates::{self, Query, Wanted};
use super::court::Court;
use super::documents::Sums;
use super::edits::{Edits, Sight};
use super::fingerprints::Fingerprints;
use super::phase::{CONSIDERED, Draft, Phase};
use super::prover::Prover;
use super::trial::Trial;
use super::unproved::{numbered, without_proof};
use super::{copies, decide, parts};
use crate::collect::Medium;
use crate::ledger::Ledger;
use crate::matching::clock::Clock;
use crate::matching::evidence::question::Bench;
use crate::matching::likeness::Likeness;
use crate::matching::pairing::{Decision, Matches, Offset, Pairing, Step};
use crate::matching::units::{self, Known, Unit};
use crate::matching::videos::Movie;
use crate::matching::videos::hearing::Hearing;
use crate::model::{ItemId, MediaKind, MediumId};
use crate::settings::Settings;

/// The matching of one chat, in bounded batches.
pub(crate) struct Matcher {
    /// The files among which originals are looked for.
    pub(super) originals: Vec<ItemId>,
    /// The chat's media.
    pub(super) media: Vec<Medium>,
    /// What is looked for.
    pub(super) wanted: Wanted,
    pub(super) units: Vec<Unit>,
    /// The fingerprints of the units.
    pub(super) looks: Fingerprints,
    pub(super) prover: Prover,
    pub(super) edits: Edits,
    pub(super) sums: Sums,
    pub(super) phase: Phase,
    /// What the current phase has ordered so far; `None` once all of its pictures
    /// were considered and its comparisons are under way.
    pub(super) draft: Option<Draft>,
    pub(super) clock: Clock,
    /// Factor on the residual limit, learnt from this chat.
    pub(super) share: f64,
    pub(super) offsets: Vec<Offset>,
    /// The final decisions on the pictures, in the order of the trials.
    pub(super) pictures: VecDeque<Pairing>,
    pub(super) movies: Vec<Movie>,
    pub(super) hearing: Hearing,
    /// Decisions in the order in which they were made; at the end the final ones,
    /// by medium.
    pub(super) shown: Vec<Pairing>,
    /// Which trials are in `shown`.
    is_shown: Vec<bool>,
    /// The first trial that is not.
    first_unshown: usize,
}

impl Matcher {
    /// Groups the originals into units and lists the trials; reads no file. `media`
    /// are the chat's, `originals` the files among which theirs are searched.
    #[must_use]
    pub fn new(
        known: Known<'_>,
        originals: Vec<ItemId>,
        media: Vec<Medium>,
        settings: &Settings,
    ) -> Self {
        let units = units::group(known, &originals);
        Self::of(known, units, (originals, media), Wanted::Original, settings)
    }

    /// Looks for copies of each of these pictures among all of them; reads no file.
    pub(in crate::matching) fn among(
        known: Known<'_>,
        pictures: &[ItemId],
        settings: &Settings,
    ) -> Self {
        let units = units::alone(known, pictures);
        let medium = |unit: &Unit| Medium {
            name: String::new(),
            item: unit.members.first().copied(),
            kind: MediaKind::Image,
            sent: None,
            message: None,
        };
        let media = units.iter().map(medium).collect();
        Self::of(known, units, (pictures.to_vec(), media), Wanted::Copy, settings)
    }

    fn of(
        known: Known<'_>,
        units: Vec<Unit>,
        (originals, media): (Vec<ItemId>, Vec<Medium>),
        wanted: Wanted,
        settings: &Settings,
    ) -> Self {
        let clock = Clock::assumed(known.examined(&originals).map(|(_, features)| features));
        let mut queries = Vec::new();
        let mut shown = Vec::new();
        for (id, medium) in numbered(&media) {
            match without_proof(known, id, medium, settings) {
                Some(pairing) => shown.push(pairing),
                None => queries.extend(query(known, id, medium, wanted)),
            }
        }
        let prover = Prover::new(queries.into_iter().map(Trial::new).collect());
        let is_shown = vec![false; prover.trials.len()];
        let mut sums = Sums::default();
        sums.order(known, &originals, &documents(&media));
        Self {
            originals,
            media,
            wanted,
            looks: candidates::looks(&units),
            units,
            prover,
            edits: Edits::default(),
            sums,
            phase: Phase::Rank,
            draft: Some(Draft::default()),
            clock,
            share: 1.0,
            offsets: Vec::new(),
            pictures: VecDeque::new(),
            movies: Vec::new(),
            hearing: Hearing::default(),
            shown,
            is_shown,
            first_unshown: 0,
        }
    }

    /// Does one batch: comparisons of about 100 ms, or one large picture, or
    /// [`Matcher::most_work`] without reading. `bench` must show what
    /// [`Matcher::new`] was given. Files whose answers the memory knows are not
    /// read.
    pub(crate) fn advance(&mut self, bench: Bench<'_>, ledger: &mut Ledger) -> Step {
        let Bench { known, settings, .. } = bench;
        let mut work = 0;
        if !self.prover.is_idle() {
            self.prover.advance(bench, &self.units, ledger);
        } else if self.edits.is_searching() {
            work = self.search_edits(bench, ledger);
        } else if self.is_hashing() {
            self.sums.run(bench, ledger);
        } else if self.hearing.is_busy() {
            self.hearing.advance(bench, ledger);
        } else {
            work = self.think(known, settings);
        }
        debug_assert!(work <= Self::most_work(), "one call did {work}");
        self.show(known, settings);
        let matched = |pairing: &&Pairing| pairing.decision == Decision::Matched;
        let ((searched, searches), (compared, comparisons)) =
            (self.edits.progress(), self.prover.edits_progress());
        Step {
            done: self.shown.len() as u64 + searched + compared,
            total: self.media.len() as u64 + searches + comparisons,
            work,
            matched: self.shown.iter().filter(matched).count() as u64,
            finished: self.phase == Phase::Finished,
        }
    }

    /// Most [`Step::work`] of one batch.
    pub(super) fn most_work() -> u64 {
        (parts::most_looks() as u64).max(CONSIDERED * 2)
    }

    /// Whether documents are being hashed.
    pub(super) fn is_hashing(&self) -> bool {
        self.phase == Phase::Documents && !self.sums.finished()
    }

    /// Goes on with the search for originals of changed pictures.
    fn search_edits(&mut self, bench: Bench<'_>, ledger: &mut Ledger) -> u64 {
        let usable =
            |trial: &Trial, unit: &Unit| candidates::worth(&trial.query, unit, bench.known);
        let sight = Sight { bench, units: &self.units, trials: &self.prover.trials };
        let (work, found) = self.edits.search(sight, usable, ledger);
        if let Some(suspects) = found {
            self.prover.order_edits(&self.units, suspects);
        }
        work
    }

    /// What is decided so far, to show pairs as they are found. Until
    /// [`Step::finished`] a later comparison may still change a decision.
    #[must_use]
    pub fn so_far(&self) -> &[Pairing] {
        &self.shown
    }

    /// The copies that were found by [`Matcher::among`], when [`Step::finished`].
    pub(in crate::matching) fn copies(
        &self,
        known: Known<'_>,
        settings: &Settings,
    ) -> Vec<Likeness> {
        copies::copies(&self.prover.trials, &self.shown, self.court(known, settings))
    }

    /// Pictures of which no changed versions were searched, for there are too many.
    pub(in crate::matching) fn left_out(&self) -> &[ItemId] {
        self.edits.left_out()
    }

    /// The result, when [`Step::finished`].
    #[must_use]
    pub fn into_matches(self) -> Matches {
        Matches { pairings: self.shown, offsets: self.offsets }
    }

    pub(super) fn court<'a>(&'a self, known: Known<'a>, settings: &'a Settings) -> Court<'a> {
        Court {
            known,
            units: &self.units,
            rivals: &self.prover.rivals,
            variants: &self.prover.variants,
            enlarged: &self.prover.enlarged,
            kin: &[],
            clock: &self.clock,
            wanted: self.wanted,
            share: self.share,
            settings,
            mode: settings.mode,
        }
    }

    /// Decides on pictures whose comparisons are done for now, some in each batch.
    fn show(&mut self, known: Known<'_>, settings: &Settings) {
        if matches!(self.phase, Phase::Rank | Phase::Finished) {
            return;
        }
        let mut left = CONSIDERED;
        for index in self.first_unshown..self.is_shown.len() {
            if !self.is_shown[index] && self.prover.trials[index].pending == 0 && left > 0 {
                let pairing =
                    decide::picture(&self.prover.trials[index], self.court(known, settings));
                self.is_shown[index] = true;
                self.shown.push(pairing);
                left -= 1;
            }
            if self.is_shown[index] && self.first_unshown == index {
                self.first_unshown += 1;
            }
        }
    }
}

fn documents(media: &[Medium]) -> Vec<ItemId> {
    let documents = media.iter().filter(|medium| medium.kind == MediaKind::Document);
    documents.filter_map(|medium| medium.item).collect()
}

fn query(known: Known<'_>, medium: MediumId, of: &Medium, wanted: Wanted) -> Option<Query> {
    let item = of.item.filter(|_| of.kind == MediaKind::Image)?;
    let features = known.features(item)?;
    let p64 = features.fingerprint?.p64;
    let quantisation = features.quantisation;
    Some(Query { medium, item, size: features.size?, p64, sent: of.sent, quantisation, wanted })
}
