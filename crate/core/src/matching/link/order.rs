//! What is compared next. In each phase the pictures are considered a few thousand
//! at a time; what they ask for is ordered once all were.

use std::collections::VecDeque;
use std::ops::Range;

use rayon::prelude::*;

use super::candidates::{self, Wanted};
use super::court::Court;
use super::matcher::Matcher;
use super::offset::{self, Proved};
use super::phase::{CONSIDERED, Draft, Phase, SEEN};
use super::trial::{Trial, TrialId};
use super::{around, assign, copies, decide, edit_verdict, inspect, limit, unproved};
use crate::collect::Medium;
use crate::matching::clock::{self, Clock};
use crate::matching::pairing::Pairing;
use crate::matching::units::{Known, UnitId};
use crate::matching::videos;
use crate::model::{MediaKind, MediumId};
use crate::settings::{Mode, Search, Settings};

impl Matcher {
    /// Goes from phase to phase until something must be compared, or this batch has
    /// done enough. Returns the work done.
    pub(super) fn think(&mut self, known: Known<'_>, settings: &Settings) -> u64 {
        let mut spent = 0;
        while spent < CONSIDERED
            && self.phase != Phase::Finished
            && self.prover.is_idle()
            && !self.edits.is_searching()
            && !self.is_hashing()
            && !self.hearing.is_busy()
        {
            spent += 1;
            match self.draft.take() {
                Some(mut draft) if draft.at < self.asked() => {
                    spent += self.consider(&mut draft, CONSIDERED - spent, known, settings);
                    self.draft = Some(draft);
                }
                Some(draft) => self.place(draft, known, settings),
                None => {
                    self.phase = self.phase.next();
                    self.draft = Some(self.begin());
                }
            }
        }
        spent
    }

    /// The draft of a new phase.
    fn begin(&self) -> Draft {
        let by_time = match self.phase {
            Phase::Neighbours => around::by_time(&self.units, |moment| moment.seconds),
            Phase::Around => around::by_time(&self.units, |moment| self.clock.shown(moment)),
            _ => Vec::new(),
        };
        Draft { by_time, ..Draft::default() }
    }

    /// How many trials (or media) this phase considers.
    fn asked(&self) -> usize {
        match self.phase {
            Phase::Documents | Phase::Finished => 0,
            Phase::Sounds | Phase::Deciding => self.media.len(),
            _ => self.prover.trials.len(),
        }
    }

    /// Considers the next pictures; returns the work done, about `most` at most.
    fn consider(
        &mut self,
        draft: &mut Draft,
        most: u64,
        known: Known<'_>,
        settings: &Settings,
    ) -> u64 {
        let end = self.asked().min(draft.at.saturating_add(most.max(1) as usize));
        let range = draft.at..end;
        draft.at = end;
        let count = range.len() as u64;
        match self.phase {
            Phase::Rank => return self.rank(draft, range, known, settings),
            Phase::Around | Phase::Neighbours => {
                return self.by_moment(draft, range, most, known, settings);
            }
            Phase::Sounds | Phase::Deciding => {
                return self.next_media(draft, range, most, known, settings);
            }
            Phase::Shortlist(_) => self.shortlist(draft, range, known, settings),
            Phase::Rivals => self.rivals(draft, range, known, settings, decide::rivals),
            Phase::EditRivals => self.rivals(draft, range, known, settings, edit_verdict::rivals),
            Phase::Inspect => self.inspect(draft, range, known, settings),
            Phase::Edits => self.may_be_edited(draft, range, known, settings),
            Phase::Variants => self.variants(draft, range, known, settings),
            Phase::Share | Phase::Twins | Phase::Pictures => {
                self.picture(draft, range, known, settings);
            }
            // The offset is not known yet, so the window cannot be applied: every
            // proved picture counts.
            Phase::Clock => {
                let free = Settings { search: Search::Library, ..settings.clone() };
                self.picture(draft, range, known, &free);
            }
            Phase::Documents | Phase::Finished => {}
        }
        count
    }

    /// Orders what the pictures of the phase asked for.
    fn place(&mut self, draft: Draft, known: Known<'_>, settings: &Settings) {
        match self.phase {
            Phase::Shortlist(_) | Phase::Around | Phase::Neighbours => {
                self.prover.order(&self.units, &draft.pairs);
            }
            Phase::Rivals | Phase::EditRivals => {
                for (best, others, size) in draft.rivals {
                    self.prover.order_rivals(&self.units, best, others, size);
                }
            }
            Phase::Inspect => self.prover.order_inspections(&self.units, draft.inspections),
            // Copies in a library come from many encoders.
            Phase::Share if self.wanted == Wanted::Copy => {}
            Phase::Share => {
                let court = self.court(known, settings);
                self.share = limit::share(&self.prover.trials, &draft.pairings, court);
            }
            Phase::Edits => {
                let dated = |id: &TrialId| {
                    self.wanted == Wanted::Copy && copies::is_dated(known, &self.prover.trials[*id])
                };
                let (dated, others): (Vec<_>, Vec<_>) = draft.wanted.into_iter().partition(dated);
                let others = (&*others, self.wanted);
                self.edits.order(known, &self.units, &self.prover.trials, others);
                let suspects = copies::suspects(known, &self.units, &self.prover.trials, &dated);
                self.prover.order_edits(&self.units, suspects);
            }
            Phase::Variants => self.prover.order_variants(&self.units, draft.variants),
            Phase::Twins => self.order_twins(known, &draft.pairings),
            Phase::Clock => self.set_clock(known, &draft.pairings),
            Phase::Pictures => {
                let mut pictures = draft.pairings;
                assign::settle(
                    known,
                    (&self.media, &self.units),
                    &self.prover.trials,
                    &self.prover.twins,
                    &mut pictures,
                );
                self.pictures = VecDeque::from(pictures);
            }
            Phase::Deciding => self.shown = draft.pairings,
            Phase::Documents => self.movies = videos::movies(known, &self.originals),
            Phase::Rank | Phase::Sounds | Phase::Finished => {}
        }
    }

    /// Ranks the originals for each picture, a few pictures at a time: what one
    /// costs is known only afterwards.
    fn rank(
        &mut self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) -> u64 {
        let few = range.start + rayon::current_num_threads();
        draft.at = range.end.min(few);
        let range = range.start..draft.at;
        let (looks, units, clock) = (&self.looks, &self.units, &self.clock);
        let rank =
            |trial: &Trial| candidates::rank(&trial.query, looks, units, known, clock, settings);
        let ranked: Vec<_> = self.prover.trials[range.clone()].par_iter().map(rank).collect();
        let mut work = 0;
        for (trial, (ranked, spent)) in self.prover.trials[range].iter_mut().zip(ranked) {
            trial.ranked = ranked;
            work += spent;
        }
        work
    }

    /// The next originals for every picture that has no match so far.
    fn shortlist(
        &mut self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) {
        let court = self.court(known, settings);
        let found = |trial: &Trial| decide::is_found(trial, court);
        let found: Vec<bool> = self.prover.trials[range.clone()].iter().map(found).collect();
        let trials = &mut self.prover.trials[range.clone()];
        for ((id, trial), found) in TrialId::at_places(range).zip(trials).zip(found) {
            if found || trial.failed.is_some() {
                continue;
            }
            // The first round also takes those that are no better.
            let first = trial.issued == 0;
            let list = trial.ranked.iter().filter(|ranked| ranked.better).skip(trial.issued);
            let mut list = list.take(settings.limits.shortlist).peekable();
            // Unlikely ones wait for a round of their own.
            let likely = list.peek().is_some_and(|ranked| ranked.likely);
            let list = list.take_while(|ranked| ranked.likely == likely);
            let better: Vec<UnitId> = list.map(|ranked| ranked.unit).collect();
            let others = trial.ranked.iter().filter(|ranked| !ranked.better && first);
            trial.issued += better.len();
            draft.pairs.extend(others.map(|ranked| (id, ranked.unit)));
            draft.pairs.extend(better.into_iter().map(|unit| (id, unit)));
        }
    }

    /// Originals that fit almost as well as the best one, to be compared with it.
    fn rivals(
        &self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
        rivals: impl Fn(&Trial, Court<'_>) -> Option<(UnitId, Vec<UnitId>)>,
    ) {
        let court = self.court(known, settings);
        for trial in &self.prover.trials[range] {
            let Some((best, rivals)) = rivals(trial, court) else { continue };
            let fresh = rivals
                .into_iter()
                .filter(|&unit| draft.ordered.insert((best.min(unit), best.max(unit))));
            let fresh: Vec<UnitId> = fresh.collect();
            if !fresh.is_empty() {
                draft.rivals.push((best, fresh, trial.target()));
            }
        }
    }

    /// Originals that must be looked at in full size.
    fn inspect(
        &self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) {
        let court = self.court(known, settings);
        let trials = TrialId::at_places(range.clone()).zip(&self.prover.trials[range]);
        draft.inspections.extend(trials.flat_map(|(id, trial)| inspect::wanted(id, trial, court)));
    }

    /// Pictures that may have been changed before they were sent. Strict leaves
    /// them alone.
    fn may_be_edited(
        &self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) {
        if settings.mode == Mode::Strict {
            return;
        }
        let court = self.court(known, settings);
        let trials = TrialId::at_places(range.clone()).zip(&self.prover.trials[range]);
        let edited = trials.filter(|(_, trial)| decide::may_be_edited(trial, court));
        draft.wanted.extend(edited.map(|(id, _)| id));
    }

    /// Originals that fit a changed picture almost equally: one may be the other
    /// with a filter, if somebody kept both.
    fn variants(
        &self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) {
        let court = self.court(known, settings);
        for trial in &self.prover.trials[range] {
            let Some((best, rivals)) = edit_verdict::rivals(trial, court) else { continue };
            let others = rivals.into_iter().filter(|&rival| !court.same_picture(best, rival));
            draft.variants.extend(others.map(|rival| (best, rival, trial.target())));
        }
    }

    fn picture(
        &self,
        draft: &mut Draft,
        range: Range<usize>,
        known: Known<'_>,
        settings: &Settings,
    ) {
        let court = self.court(known, settings);
        let decided = self.prover.trials[range].iter().map(|trial| decide::picture(trial, court));
        draft.pairings.extend(decided);
    }

    fn order_twins(&mut self, known: Known<'_>, pairings: &[Pairing]) {
        let trials = &self.prover.trials;
        let mut works = Vec::new();
        for claims in assign::claims(&self.units, trials, pairings) {
            let mut claims = claims.into_iter().map(|claim| claim.trial);
            let Some(first) = claims.next() else { continue };
            let same = |other: TrialId| assign::same_file(known, &trials[first], &trials[other]);
            works.extend(claims.filter(|&other| !same(other)).map(|other| (first, other)));
        }
        for (first, other) in works {
            self.prover.order_twins(&self.units, first, other);
        }
    }

    /// Sets the clock from the pictures proved so far.
    fn set_clock(&mut self, known: Known<'_>, proved: &[Pairing]) {
        let pairs = |face| -> Vec<Proved> {
            let pair = |(trial, pairing): (&Trial, &Pairing)| {
                let taken = clock::moment(known.features(pairing.original?)?)?;
                let usable = taken.by_camera && taken.face == face;
                usable.then_some(Proved { sent: trial.query.sent?, taken: taken.seconds })
            };
            let pictures = self.prover.trials.iter().zip(proved).filter_map(pair);
            pictures.chain(self.proved_videos(known, face)).collect()
        };
        let (local, utc) = (pairs(clock::Face::Local), pairs(clock::Face::Utc));
        self.offsets = offset::clusters(&local);
        let utc = offset::sweep(&utc);
        self.clock = Clock {
            local: self.offsets.iter().map(|offset| (offset.from, offset.seconds)).collect(),
            utc: utc.filter(|offset| offset.evidence > 0).map_or(self.clock.utc, |o| o.seconds),
        };
    }

    /// Videos whose original sound proves, with the times of both.
    fn proved_videos(&self, known: Known<'_>, face: clock::Face) -> Vec<Proved> {
        let sounds = &self.hearing.heard;
        let pair = |medium: &Medium| {
            let proved = videos::proved(known, medium.item?, &self.movies, sounds, |_| true);
            let [(movie, _)] = proved[..] else { return None };
            let taken = clock::moment(known.features(movie.item)?)?;
            let usable = taken.by_camera && taken.face == face;
            usable.then_some(Proved { sent: medium.sent?, taken: taken.seconds })
        };
        let media = self.media.iter().filter(|medium| medium.kind == MediaKind::Video);
        media.filter_map(pair).collect()
    }

    /// Goes through the next media: asks for the sounds of videos, or decides.
    fn next_media(
        &mut self,
        draft: &mut Draft,
        range: Range<usize>,
        most: u64,
        known: Known<'_>,
        settings: &Settings,
    ) -> u64 {
        let mut work = 0;
        for at in range {
            draft.at = at + 1;
            let medium = self.media[at].clone();
            let is_video = medium.kind == MediaKind::Video;
            // A video is held against every other one.
            work += 1 + if is_video { (self.movies.len() / SEEN) as u64 } else { 0 };
            if self.phase == Phase::Deciding {
                let pairing = self.decided(MediumId(at as u32), &medium, known, settings);
                draft.pairings.push(pairing);
            } else if is_video {
                self.hearing.order(known, &medium, &self.movies, &self.clock, settings);
            }
            if work >= most {
                break;
            }
        }
        work
    }

    fn decided(
        &mut self,
        id: MediumId,
        medium: &Medium,
        known: Known<'_>,
        settings: &Settings,
    ) -> Pairing {
        if let Some(pairing) = self.pictures.pop_front_if(|pairing| pairing.medium == id) {
            return pairing;
        }
        if let Some(pairing) = unproved::without_proof(known, id, medium, settings) {
            return pairing;
        }
        let decided = match (medium.kind, medium.item) {
            (MediaKind::Document, Some(item)) => {
                Some(self.sums.document(known, id, item, settings))
            }
            _ => {
                let (movies, sounds) = (&self.movies, &self.hearing.heard);
                videos::video((id, medium), known, movies, &self.clock, sounds, settings)
            }
        };
        decided.unwrap_or_else(|| unproved::unreadable(id, settings))
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
