//! Searches the originals of pictures that may have been changed before they were
//! sent, in bounded steps; reads no file.

use super::parts::{self, Original, Wanted};
use super::prover::Suspect;
use super::trial::{Trial, TrialId};
use crate::matching::units::{Known, Unit, UnitId};
use crate::model::Miniature;

/// Originals that are compared with one changed picture; less likely ones are not.
/// Chosen, not measured.
const SHORTLIST: usize = 4;

/// The search for changed pictures.
#[derive(Default)]
pub(super) struct Edits {
    searching: Option<Searching>,
    /// Pictures that earlier searches have dealt with.
    done: u64,
}

/// A search for the originals of changed pictures.
struct Searching {
    search: parts::Search,
    /// The trials whose pictures are searched, and the units they may come from.
    asked: Vec<TrialId>,
    originals: Vec<UnitId>,
    /// What was found so far.
    suspects: Vec<Suspect>,
}

impl Edits {
    pub(super) fn is_searching(&self) -> bool {
        self.searching.is_some()
    }

    /// Pictures searched for, of those known so far.
    pub(super) fn progress(&self) -> (u64, u64) {
        let (searched, wanted) =
            self.searching.as_ref().map_or((0, 0), |searching| searching.search.progress());
        (self.done + searched, self.done + wanted)
    }

    /// Begins to search the library for these pictures.
    pub(super) fn order(
        &mut self,
        known: Known<'_>,
        units: &[Unit],
        trials: &[Trial],
        wanted: &[TrialId],
    ) {
        let has_pixels = |trial: &&TrialId| wanted_of(known, trials, **trial).is_some();
        let asked: Vec<TrialId> = wanted.iter().filter(has_pixels).copied().collect();
        let miniature = |(_, of): &(UnitId, &Unit)| known.miniature(&of.members).is_some();
        let originals: Vec<UnitId> =
            (0..).map(UnitId).zip(units).filter(miniature).map(|(unit, _)| unit).collect();
        let search = parts::Search::new(asked.len(), originals.len());
        let begun = Searching { search, asked, originals, suspects: Vec::new() };
        self.searching = Some(begun).filter(|begun| !begun.search.finished());
    }

    /// Searches on. `usable` says whether an original may be linked to a picture.
    /// Returns the work done, at most [`parts::most_looks`], and at the end
    /// everything that was found.
    pub(super) fn search(
        &mut self,
        known: Known<'_>,
        units: &[Unit],
        trials: &[Trial],
        usable: impl Fn(&Trial, &Unit) -> bool,
    ) -> (u64, Option<Vec<Suspect>>) {
        let Some(searching) = &mut self.searching else { return (0, None) };
        let (asked, originals) = (&searching.asked, &searching.originals);
        // The two lists hold only what has a miniature.
        let nothing = Miniature(Box::default());
        let wanted = |at: usize| {
            let size = trials[asked[at]].query.size;
            let wanted = wanted_of(known, trials, asked[at]);
            wanted.unwrap_or(Wanted { miniature: &nothing, size })
        };
        let original = |at: usize| {
            let (unit, of) = (originals[at], &units[originals[at]]);
            let miniature = known.miniature(&of.members).unwrap_or(&nothing);
            Original { unit, miniature, size: of.size }
        };
        let looked = searching.search.run(wanted, original);
        for (at, found) in looked.found {
            let trial = searching.asked[at];
            let of = &trials[trial];
            let found = found.into_iter().filter(|found| usable(of, &units[found.unit]));
            let suspect =
                |found: parts::Found| Suspect { unit: found.unit, trial, guess: found.guess };
            searching.suspects.extend(found.take(SHORTLIST).map(suspect));
        }
        let ended = self.searching.take_if(|searching| searching.search.finished());
        self.done += ended.as_ref().map_or(0, |ended| ended.search.progress().1);
        (looked.looks as u64, ended.map(|ended| ended.suspects))
    }
}

/// The picture of a trial, as it is searched; `None` if its pixels were not seen.
fn wanted_of<'a>(known: Known<'a>, trials: &[Trial], trial: TrialId) -> Option<Wanted<'a>> {
    let query = &trials[trial].query;
    let miniature = known.features(query.item)?.miniature.as_ref()?;
    Some(Wanted { miniature, size: query.size })
}
