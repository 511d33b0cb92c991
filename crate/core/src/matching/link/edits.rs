//! Searches the originals of pictures that may have been changed before they were
//! sent, in bounded steps; reads no file. What an earlier run found is recalled.

use std::collections::VecDeque;

use super::candidates::Wanted as For;
use super::parts::{Found, Original, Search, Wanted};
use super::prover::Suspect;
use super::searched;
use super::trial::{Trial, TrialId};
use crate::ledger::Ledger;
use crate::matching::evidence::question::Bench;
use crate::matching::units::{Known, Unit, UnitId};
use crate::memory::{BATCH_RECALLED, Key};
use crate::model::{ItemId, Miniature};

/// Originals that are compared with one changed picture; less likely ones are not.
/// Chosen, not measured.
const SHORTLIST: usize = 4;

/// Most pairs of pictures and originals that one search among copies sifts: some ten minutes
/// of one processor, at 0.3 microseconds each (estimated). Of 10,000 pictures without a
/// camera's date all are searched, of 45,000 as well. Chosen.
const MOST_PAIRS: u64 = 2_000_000_000;

/// The search for changed pictures.
#[derive(Default)]
pub(super) struct Edits {
    searching: Option<Searching>,
    /// Pictures that earlier searches have dealt with.
    done: u64,
    /// Pictures that were not searched, for there are too many.
    left_out: Vec<ItemId>,
}

/// A search for the originals of changed pictures.
struct Searching {
    /// The trials that the memory was not asked for yet.
    unasked: VecDeque<TrialId>,
    /// Those that it did not know, and the names under which what is found is
    /// remembered.
    asked: Vec<(TrialId, Option<Key>)>,
    /// How many it knew.
    recalled: u64,
    /// The units that the pictures may come from.
    originals: Vec<UnitId>,
    /// Whether copies are searched in one library.
    wanted: For,
    /// `None` as long as some are unasked.
    search: Option<Search>,
    /// What was found so far.
    suspects: Vec<Suspect>,
}

/// What a search looks at.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub bench: Bench<'a>,
    pub units: &'a [Unit],
    pub trials: &'a [Trial],
}

impl Edits {
    pub(super) fn is_searching(&self) -> bool {
        self.searching.is_some()
    }

    /// Pictures that were not searched, for there are too many.
    pub(super) fn left_out(&self) -> &[ItemId] {
        &self.left_out
    }

    /// Pictures searched for, of those known so far.
    pub(super) fn progress(&self) -> (u64, u64) {
        let (searched, wanted) = self.searching.as_ref().map_or((0, 0), Searching::progress);
        (self.done + searched, self.done + wanted)
    }

    /// Begins to search the library for these pictures.
    pub(super) fn order(
        &mut self,
        known: Known<'_>,
        units: &[Unit],
        trials: &[Trial],
        (wanted, what): (&[TrialId], For),
    ) {
        let has_pixels = |trial: &&TrialId| wanted_of(known, trials, **trial).is_some();
        let mut unasked: VecDeque<TrialId> = wanted.iter().filter(has_pixels).copied().collect();
        let miniature = |(_, of): &(UnitId, &Unit)| known.miniature(&of.members).is_some();
        let originals: Vec<UnitId> =
            (0..).map(UnitId).zip(units).filter(miniature).map(|(unit, _)| unit).collect();
        if what == For::Copy {
            let most = MOST_PAIRS / (originals.len() as u64).max(1);
            let kept = unasked.len().min(usize::try_from(most).unwrap_or(usize::MAX));
            self.left_out = unasked.drain(kept..).map(|trial| trials[trial].query.item).collect();
        }
        let (asked, suspects) = (Vec::new(), Vec::new());
        let begun = Searching {
            unasked,
            asked,
            recalled: 0,
            originals,
            wanted: what,
            search: None,
            suspects,
        };
        self.searching =
            Some(begun).filter(|begun| !begun.unasked.is_empty() && !begun.originals.is_empty());
    }

    /// Searches on. `usable` says whether an original may be linked to a picture.
    /// Returns the work done, at most [`super::parts::most_looks`], and at the end
    /// everything that was found.
    pub(super) fn search(
        &mut self,
        sight: Sight<'_>,
        usable: impl Fn(&Trial, &Unit) -> bool,
        ledger: &mut Ledger,
    ) -> (u64, Option<Vec<Suspect>>) {
        let Some(searching) = &mut self.searching else { return (0, None) };
        let (looks, found) = match searching.unasked.is_empty() {
            false => (0, searching.recall(sight)),
            true => searching.run(sight, ledger),
        };
        for (trial, found) in found {
            let of = &sight.trials[trial];
            let found = found.into_iter().filter(|found| usable(of, &sight.units[found.unit]));
            let suspect = |found: Found| Suspect { unit: found.unit, trial, guess: found.guess };
            searching.suspects.extend(found.take(SHORTLIST).map(suspect));
        }
        let ended = self.searching.take_if(|searching| searching.finished());
        self.done += ended.as_ref().map_or(0, |ended| ended.progress().1);
        (looks, ended.map(|ended| ended.suspects))
    }
}

impl Searching {
    fn finished(&self) -> bool {
        self.unasked.is_empty() && self.search.as_ref().is_some_and(Search::finished)
    }

    fn progress(&self) -> (u64, u64) {
        let unsearched = || (0, (self.unasked.len() + self.asked.len()) as u64);
        let (searched, wanted) = self.search.as_ref().map_or_else(unsearched, Search::progress);
        (self.recalled + searched, self.recalled + wanted)
    }

    /// Takes what the memory knows of the next pictures; the others are searched once it
    /// was asked for all.
    fn recall(&mut self, sight: Sight<'_>) -> Vec<(TrialId, Vec<Found>)> {
        let Sight { bench, units, trials } = sight;
        let limits = &bench.settings.limits;
        let library = searched::library(bench.known, units, self.wanted, limits);
        let count = self.unasked.len().min(BATCH_RECALLED);
        let next: Vec<TrialId> = self.unasked.drain(..count).collect();
        let name = |trial: &TrialId| {
            searched::name(bench.known, trials[*trial].query.item, library?, limits)
        };
        let names: Vec<Option<Key>> = next.iter().map(name).collect();
        let mut found = Vec::new();
        for ((trial, name), known) in
            next.into_iter().zip(&names).zip(searched::recall(bench, units, &names))
        {
            match known {
                Some(known) => found.push((trial, known)),
                None => self.asked.push((trial, *name)),
            }
        }
        self.recalled += found.len() as u64;
        if self.unasked.is_empty() {
            let (asked, originals) = (self.asked.len(), self.originals.len());
            self.search = Some(match self.wanted {
                For::Original => Search::new(asked, originals),
                For::Copy => Search::sifting(asked, originals),
            });
        }
        found
    }

    /// Searches on; returns the work done, and what was found for pictures that are done.
    fn run(&mut self, sight: Sight<'_>, ledger: &mut Ledger) -> (u64, Vec<(TrialId, Vec<Found>)>) {
        let Sight { bench: Bench { known, .. }, units, trials } = sight;
        let Some(search) = &mut self.search else { return (0, Vec::new()) };
        let (asked, originals) = (&self.asked, &self.originals);
        // The two lists hold only what has a miniature.
        let nothing = Miniature(Box::default());
        let wanted = |at: usize| {
            let size = trials[asked[at].0].query.size;
            let wanted = wanted_of(known, trials, asked[at].0);
            wanted.unwrap_or(Wanted { miniature: &nothing, size })
        };
        let original = |at: usize| {
            let (unit, of) = (originals[at], &units[originals[at]]);
            let miniature = known.miniature(&of.members).unwrap_or(&nothing);
            Original { unit, miniature, size: of.size }
        };
        let looked = search.run(wanted, original);
        let done = |(at, found): (usize, Vec<Found>)| {
            let (trial, name) = asked[at];
            let picture = trials[trial].query.item;
            let note = |name| searched::note(known, units, picture, name, &found);
            ledger.notes.extend(name.and_then(note));
            (trial, found)
        };
        (looked.looks as u64, looked.found.into_iter().map(done).collect())
    }
}

/// The picture of a trial, as it is searched; `None` if its pixels were not seen.
fn wanted_of<'a>(known: Known<'a>, trials: &[Trial], trial: TrialId) -> Option<Wanted<'a>> {
    let query = &trials[trial].query;
    let miniature = known.features(query.item)?.miniature.as_ref()?;
    Some(Wanted { miniature, size: query.size })
}
