//! Runs the cascade in bounded batches.

use std::collections::BTreeSet;

use super::assign;
use super::candidates::{self, Query, Ranked};
use super::clock::Clock;
use super::decide::{self, Court};
use super::documents::Sums;
use super::edit_verdict;
use super::edits::Edits;
use super::limit;
use super::offset::{self, Proved};
use super::proof::{Bench, Prover, Trial};
use super::units::{self, Known, Unit};
use super::videos;
use super::work::Work;
use super::{Decision, Matches, Offset, Pairing, Step, clock};
use crate::collect::{Inventory, Medium};
use crate::error::Issue;
use crate::io::Files;
use crate::memory::{Memory, Note};
use crate::model::{Features, ItemId, MediaKind, MediumId};
use crate::settings::{Mode, Settings};

/// Originals taken within this many seconds of the best one are compared as
/// well, whatever their fingerprint: a burst neighbour must have its chance to
/// fit better.
const NEIGHBOUR_S: u64 = 3;

/// Most time neighbours compared for one picture.
const NEIGHBOURS: usize = 4;

/// Matching in bounded batches.
pub struct Matcher {
    units: Vec<Unit>,
    prover: Prover,
    edits: Edits,
    sums: Sums,
    phase: Phase,
    clock: Clock,
    /// Of what may be left of a picture, the share that this chat needs.
    share: f64,
    offsets: Vec<Offset>,
    /// Decisions in the order in which they were made; final ones, by medium,
    /// at the end.
    shown: Vec<Pairing>,
    /// Which trials are in `shown`.
    is_shown: Vec<bool>,
}

/// What is compared now; each phase begins when the work of the one before is
/// done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Shortlists, the next when one holds no match.
    Shortlist(usize),
    /// Shots around the best one.
    Neighbours,
    /// Originals that fit almost equally, with each other.
    Rivals,
    /// Pictures without a match, as if they had been changed before sending.
    Edits,
    /// Originals that fit such a picture almost equally, with each other.
    EditRivals,
    /// Those that are still in each other's way, through a filter.
    Variants,
    /// Exported pictures that claim one original, with each other.
    Twins,
    /// Documents.
    Documents,
    /// Everything is decided.
    Finished,
}

impl Matcher {
    /// Prepares units and shortlists; reads nothing. `features` is parallel to
    /// `inventory.items`; `None` where an item was not examined.
    #[must_use]
    pub fn new(inventory: &Inventory, features: &[Option<Features>], settings: &Settings) -> Self {
        let known = Known { inventory, features };
        let clock = Clock::assumed(known.originals().map(|(_, features)| features));
        let units = units::group(known);
        let mut queries = Vec::new();
        let mut shown = Vec::new();
        for (id, medium) in media(inventory) {
            match without_proof(known, id, medium, settings) {
                Some(pairing) => shown.push(pairing),
                None => queries.extend(query(known, id, medium)),
            }
        }
        let ranked = candidates::rank_all(&queries, &units, known, &clock, settings);
        let trials = queries.into_iter().zip(ranked).map(|(query, ranked)| trial(query, ranked));
        let mut prover = Prover::default();
        prover.trials.extend(trials);
        let is_shown = vec![false; prover.trials.len()];
        let mut sums = Sums::default();
        sums.order(known, &documents(inventory));
        let mut matcher = Self {
            units,
            prover,
            edits: Edits::default(),
            sums,
            phase: Phase::Shortlist(0),
            clock,
            share: 1.0,
            offsets: Vec::new(),
            shown,
            is_shown,
        };
        matcher.order_shortlists(known, settings);
        matcher
    }

    /// Does one batch (about 100 ms of work, or one large picture). The same
    /// arguments as to [`Matcher::new`] must be given. What `memory` knows is not
    /// read. Problems with single files are pushed to `issues`.
    pub fn advance(
        &mut self,
        inventory: &Inventory,
        features: &[Option<Features>],
        files: &dyn Files,
        memory: &dyn Memory,
        settings: &Settings,
        issues: &mut Vec<Issue>,
    ) -> Step {
        let known = Known { inventory, features };
        let mut read = 0;
        if !self.prover.works.is_empty() {
            let bench = Bench { known, units: &self.units, files, memory, settings };
            read = self.prover.run(bench, issues);
            self.show(known, settings);
        } else if !self.edits.finished() {
            let bench = Bench { known, units: &self.units, files, memory, settings };
            read = self.edits.run(bench, &mut self.prover, issues);
        } else if self.phase == Phase::Documents && !self.sums.finished() {
            let bench = Bench { known, units: &self.units, files, memory, settings };
            read = self.sums.run(bench, &mut self.prover.notes, issues);
        } else {
            self.next_phase(known, settings);
        }
        let matched = |pairing: &&Pairing| pairing.decision == Decision::Matched;
        Step {
            done: self.shown.len() as u64,
            total: inventory.media.len() as u64,
            bytes_read: read,
            matched: self.shown.iter().filter(matched).count() as u64,
            finished: self.phase == Phase::Finished,
        }
    }

    /// What is decided so far, for showing pairs as they are found; until
    /// [`Step::finished`] in the order in which they were decided, and a later
    /// comparison may still change a decision.
    #[must_use]
    pub fn so_far(&self) -> &[Pairing] {
        &self.shown
    }

    /// What is worth remembering of the batches since the last call.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.prover.notes)
    }

    /// The result, when [`Step::finished`].
    #[must_use]
    pub fn into_matches(self) -> Matches {
        Matches { pairings: self.shown, offsets: self.offsets }
    }

    fn court<'a>(&'a self, known: Known<'a>, settings: &'a Settings) -> Court<'a> {
        Court {
            known,
            units: &self.units,
            rivals: &self.prover.rivals,
            variants: &self.prover.variants,
            clock: &self.clock,
            share: self.share,
            settings,
            mode: settings.mode,
        }
    }

    fn next_phase(&mut self, known: Known<'_>, settings: &Settings) {
        match self.phase {
            Phase::Shortlist(round) if round + 1 < candidates::ROUNDS => {
                self.phase = Phase::Shortlist(round + 1);
                self.order_shortlists(known, settings);
            }
            Phase::Shortlist(_) => {
                self.phase = Phase::Neighbours;
                self.order_neighbours(known, settings);
            }
            Phase::Neighbours => {
                self.phase = Phase::Rivals;
                self.order_rivals(known, settings, decide::rivals);
            }
            Phase::Rivals => {
                self.phase = Phase::Edits;
                let pictures = self.pictures(known, settings);
                self.share =
                    limit::share(&self.prover.trials, &pictures, self.court(known, settings));
                self.order_edits(known, settings);
            }
            Phase::Edits => {
                self.phase = Phase::EditRivals;
                self.order_rivals(known, settings, edit_verdict::rivals);
            }
            Phase::EditRivals => {
                self.phase = Phase::Variants;
                self.order_variants(known, settings);
            }
            Phase::Variants => {
                self.phase = Phase::Twins;
                self.order_twins(known, settings);
            }
            Phase::Twins => self.phase = Phase::Documents,
            Phase::Documents => {
                self.finish(known, settings);
                self.phase = Phase::Finished;
            }
            Phase::Finished => {}
        }
    }

    /// How much may be left of each picture.
    fn limits(&self, known: Known<'_>, settings: &Settings) -> Vec<f64> {
        let court = self.court(known, settings);
        self.prover.trials.iter().map(|trial| limit::residual(trial, court)).collect()
    }

    /// The next originals for every picture without a match so far.
    fn order_shortlists(&mut self, known: Known<'_>, settings: &Settings) {
        let court = self.court(known, settings);
        let found = |trial: &Trial| decide::is_found(trial, court);
        let found: Vec<bool> = self.prover.trials.iter().map(found).collect();
        let mut pairs = Vec::new();
        for ((index, trial), found) in (0u32..).zip(&mut self.prover.trials).zip(found) {
            if found || trial.failed.is_some() {
                continue;
            }
            // The first round takes those that are no better along.
            let first = trial.issued == 0;
            let list = trial.ranked.iter().filter(|ranked| ranked.better).skip(trial.issued);
            let mut list = list.take(settings.limits.shortlist).peekable();
            // The unlikely ones wait for a round of their own.
            let likely = list.peek().is_some_and(|ranked| ranked.likely);
            let list = list.take_while(|ranked| ranked.likely == likely);
            let better: Vec<u32> = list.map(|ranked| ranked.unit).collect();
            let others = trial.ranked.iter().filter(|ranked| !ranked.better && first);
            trial.issued += better.len();
            pairs.extend(others.map(|ranked| (index, ranked.unit)));
            pairs.extend(better.into_iter().map(|unit| (index, unit)));
        }
        self.prover.order(&pairs);
        self.show(known, settings);
    }

    /// Shots around the best one that no shortlist held.
    fn order_neighbours(&mut self, known: Known<'_>, settings: &Settings) {
        let mut by_time: Vec<(i64, u32)> = (0u32..)
            .zip(&self.units)
            .filter_map(|(index, unit)| {
                unit.moment.filter(|moment| moment.by_camera).map(|at| (at.seconds, index))
            })
            .collect();
        by_time.sort_unstable();
        let limits = self.limits(known, settings);
        let mut pairs = Vec::new();
        for ((index, trial), limit) in (0u32..).zip(&mut self.prover.trials).zip(limits) {
            let Some((best, _)) = trial.best().filter(|(_, fit)| fit.residual <= limit) else {
                continue;
            };
            let near = neighbours(&by_time, &self.units, best);
            let fresh = near
                .into_iter()
                .filter_map(|unit| fresh(trial, &self.units, unit, known, &self.clock, settings));
            let fresh: Vec<Ranked> = fresh.take(NEIGHBOURS).collect();
            pairs.extend(fresh.iter().map(|ranked| (index, ranked.unit)));
            trial.ranked.extend(fresh);
        }
        self.prover.order(&pairs);
    }

    /// Compares originals that fit almost equally with the best one.
    fn order_rivals(
        &mut self,
        known: Known<'_>,
        settings: &Settings,
        rivals: impl Fn(&Trial, Court<'_>) -> Option<(u32, Vec<u32>)>,
    ) {
        let court = self.court(known, settings);
        let mut works = Vec::new();
        let mut ordered = BTreeSet::new();
        for trial in &self.prover.trials {
            let Some((best, rivals)) = rivals(trial, court) else { continue };
            let fresh =
                rivals.into_iter().filter(|&unit| ordered.insert((best.min(unit), best.max(unit))));
            let units: Vec<u32> = std::iter::once(best).chain(fresh).collect();
            if units.len() > 1 {
                works.push(Work::Rivals { units, size: trial.target() });
            }
        }
        self.prover.works.extend(works);
    }

    /// Searches for what may have been changed before it was sent. Strict leaves
    /// such pictures alone.
    fn order_edits(&mut self, known: Known<'_>, settings: &Settings) {
        if settings.mode == Mode::Strict {
            return;
        }
        let court = self.court(known, settings);
        let wanted: Vec<u32> = (0u32..)
            .zip(&self.prover.trials)
            .filter(|(_, trial)| decide::may_be_edited(trial, court))
            .map(|(index, _)| index)
            .collect();
        let usable = |trial: &Trial, unit: &Unit| candidates::worth(&trial.query, unit, known);
        self.edits.order(known, &self.units, &self.prover.trials, &wanted, usable);
    }

    /// Compares originals that fit a changed picture almost equally, to learn
    /// whether somebody laid a filter on the one and kept both.
    fn order_variants(&mut self, known: Known<'_>, settings: &Settings) {
        let court = self.court(known, settings);
        let mut pairs = BTreeSet::new();
        for trial in &self.prover.trials {
            let Some((best, rivals)) = edit_verdict::rivals(trial, court) else { continue };
            let others = rivals.into_iter().filter(|&rival| !court.same_picture(best, rival));
            pairs.extend(others.map(|rival| (best, rival, trial.target())));
        }
        self.edits.order_variants(pairs.into_iter());
    }

    fn order_twins(&mut self, known: Known<'_>, settings: &Settings) {
        let pairings = self.pictures(known, settings);
        let trials = &self.prover.trials;
        let mut works = Vec::new();
        for claims in assign::claims(trials, &pairings) {
            let Some((&first, others)) = claims.split_first() else { continue };
            let same = |other: u32| {
                assign::same_file(known, &trials[first as usize], &trials[other as usize])
            };
            works.extend(
                others
                    .iter()
                    .filter(|&&other| !same(other))
                    .map(|&other| Work::Twins { trials: vec![first, other] }),
            );
        }
        self.prover.works.extend(works);
    }

    fn pictures(&self, known: Known<'_>, settings: &Settings) -> Vec<Pairing> {
        let court = self.court(known, settings);
        self.prover.trials.iter().map(|trial| decide::picture(trial, court)).collect()
    }

    /// Shows pictures whose comparisons are done for now.
    fn show(&mut self, known: Known<'_>, settings: &Settings) {
        for index in 0..self.is_shown.len() {
            if !self.is_shown[index] && self.prover.trials[index].pending == 0 {
                let pairing =
                    decide::picture(&self.prover.trials[index], self.court(known, settings));
                self.is_shown[index] = true;
                self.shown.push(pairing);
            }
        }
    }

    /// Finds the clock difference, then decides on everything.
    fn finish(&mut self, known: Known<'_>, settings: &Settings) {
        self.set_clock(known, settings);
        let mut pictures = self.pictures(known, settings);
        assign::settle(known, &self.prover.trials, &self.prover.twins, &mut pictures);
        let movies = videos::movies(known);
        let mut pictures = pictures.into_iter().peekable();
        let decide = |(id, medium): (MediumId, &Medium)| {
            if let Some(pairing) = pictures.next_if(|pairing| pairing.medium == id) {
                return pairing;
            }
            if let Some(pairing) = without_proof(known, id, medium, settings) {
                return pairing;
            }
            let decided = match (medium.kind, medium.item) {
                (MediaKind::Document, Some(item)) => {
                    Some(self.sums.document(known, id, item, settings))
                }
                _ => videos::video((id, medium), known, &movies, &self.clock, settings),
            };
            decided.unwrap_or_else(|| unreadable(id, settings))
        };
        self.shown = media(known.inventory).map(decide).collect();
    }

    /// The offset that the proved pictures show. Until here the window search
    /// used no offset, so every proof counts, also outside the window.
    fn set_clock(&mut self, known: Known<'_>, settings: &Settings) {
        let free = Settings { search: crate::settings::Search::Library, ..settings.clone() };
        let proved = self.pictures(known, &free);
        let pairs = |face| -> Vec<Proved> {
            let pair = |(trial, pairing): (&Trial, &Pairing)| {
                let taken = clock::moment(known.features(pairing.original?)?)?;
                let usable = taken.by_camera && taken.face == face;
                usable.then_some(Proved { sent: trial.query.sent?, taken: taken.seconds })
            };
            self.prover.trials.iter().zip(&proved).filter_map(pair).collect()
        };
        self.offsets = offset::clusters(&pairs(clock::Face::Local));
        let utc = offset::sweep(&pairs(clock::Face::Utc));
        self.clock = Clock {
            local: self.offsets.iter().map(|offset| (offset.from, offset.seconds)).collect(),
            utc: utc.filter(|offset| offset.evidence > 0).map_or(self.clock.utc, |o| o.seconds),
        };
    }
}

fn media(inventory: &Inventory) -> impl Iterator<Item = (MediumId, &Medium)> {
    (0u32..).map(MediumId).zip(&inventory.media)
}

fn documents(inventory: &Inventory) -> Vec<ItemId> {
    let documents = inventory.media.iter().filter(|medium| medium.kind == MediaKind::Document);
    documents.filter_map(|medium| medium.item).collect()
}

fn trial(query: Query, ranked: Vec<Ranked>) -> Trial {
    Trial {
        query,
        ranked,
        issued: 0,
        pending: 0,
        tested: Vec::new(),
        edits: Vec::new(),
        failed: None,
    }
}

fn query(known: Known<'_>, medium: MediumId, of: &Medium) -> Option<Query> {
    let item = of.item.filter(|_| of.kind == MediaKind::Image)?;
    let features = known.features(item)?;
    let p64 = features.look?.p64;
    let quantisation = features.quantisation;
    Some(Query { medium, item, size: features.size?, p64, sent: of.sent, quantisation })
}

fn unreadable(id: MediumId, settings: &Settings) -> Pairing {
    let reason = "The exported file cannot be read.".to_owned();
    Pairing { decision: Decision::Unreadable, reason, ..decide::blank(id, settings) }
}

/// Decides on media that need no proof by pixels; `None` for the others.
fn without_proof(
    known: Known<'_>,
    id: MediumId,
    medium: &Medium,
    settings: &Settings,
) -> Option<Pairing> {
    let decided = |decision, reason: &str| {
        Some(Pairing { decision, reason: reason.to_owned(), ..decide::blank(id, settings) })
    };
    let Some(item) = medium.item else {
        return decided(
            Decision::Missing,
            "The chat names this file, but the export does not contain it.",
        );
    };
    let features = known.features(item);
    let not_matchable = |what: &str| {
        let reason = format!("{what} have no original to look for.");
        decided(Decision::NotMatchable, &reason)
    };
    match medium.kind {
        MediaKind::Sticker => not_matchable("Stickers"),
        MediaKind::Gif => not_matchable("GIFs"),
        MediaKind::Voice => not_matchable("Voice notes"),
        MediaKind::Audio => not_matchable("Sound files"),
        MediaKind::Contact => not_matchable("Contacts"),
        MediaKind::Document => None,
        MediaKind::Video => match features.and_then(|features| features.video) {
            Some(video) if video.is_gif => not_matchable("GIFs"),
            Some(_) => None,
            None => Some(unreadable(id, settings)),
        },
        MediaKind::Image => match features.and_then(|features| features.look.zip(features.size)) {
            Some((look, _)) if look.contrast < settings.limits.featureless => {
                decided(Decision::Ambiguous, super::explain::PLAIN)
            }
            Some(_) => None,
            None => Some(unreadable(id, settings)),
        },
    }
}

/// Units taken within [`NEIGHBOUR_S`] of a unit, nearest first.
fn neighbours(by_time: &[(i64, u32)], units: &[Unit], best: u32) -> Vec<u32> {
    let Some(at) = units[best as usize].moment.filter(|moment| moment.by_camera) else {
        return Vec::new();
    };
    let reach = i64::try_from(NEIGHBOUR_S).unwrap_or(i64::MAX);
    let from = by_time.partition_point(|(seconds, _)| *seconds < at.seconds - reach);
    let mut near: Vec<(u64, u32)> = by_time[from..]
        .iter()
        .take_while(|(seconds, _)| *seconds <= at.seconds + reach)
        .map(|&(seconds, unit)| (seconds.abs_diff(at.seconds), unit))
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, unit)| unit).collect()
}

/// A time neighbour as a candidate, if it was not compared yet and passes the
/// gates.
fn fresh(
    trial: &Trial,
    units: &[Unit],
    unit: u32,
    known: Known<'_>,
    clock: &Clock,
    settings: &Settings,
) -> Option<Ranked> {
    let of = &units[unit as usize];
    let tested = trial.tested.iter().any(|tested| tested.unit == unit);
    let passes = candidates::possible(&trial.query, of, clock, settings)
        && candidates::worth(&trial.query, of, known);
    let distance = of.look.map_or(64, |look| (look.p64 ^ trial.query.p64).count_ones());
    (!tested && passes).then_some(Ranked { unit, distance, better: true, likely: true })
}
