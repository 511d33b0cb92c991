//! The proof of pictures that were changed before they were sent, in bounded
//! batches. Each original is read once for all pictures that may come from it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rayon::prelude::*;

use super::edited::{self, EditedFit, Guess};
use super::memo::{self, Compared, Question};
use super::parts::{self, Found, Original, Wanted};
use super::proof::{self, Bench, Trial};
use super::units::{Known, Unit};
use crate::error::{Issue, Problem};
use crate::examine::decode::{self, Tones};
use crate::examine::guarded;
use crate::memory::Note;
use crate::model::ItemId;
use crate::settings::Limits;

/// Originals proved for one changed picture.
const SHORTLIST: usize = 4;

/// Comparisons in one batch for each thread: each takes 50 to 150 ms.
const BATCH: usize = 2;

/// Comparisons recalled in one batch.
const RECALLED: usize = 1024;

/// A changed picture and where it may come from.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Errand {
    unit: u32,
    trial: u32,
    guess: Guess,
}

/// One original compared with a picture that may have been changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TestedEdit {
    pub unit: u32,
    pub fit: EditedFit,
}

/// Changed pictures that are still to be compared.
#[derive(Default)]
pub(super) struct Edits {
    queue: VecDeque<Errand>,
}

impl Edits {
    pub(super) fn finished(&self) -> bool {
        self.queue.is_empty()
    }

    /// Searches the library for these pictures; reads nothing. `usable` says
    /// whether an original may be linked to a picture.
    pub(super) fn order(
        &mut self,
        known: Known<'_>,
        units: &[Unit],
        trials: &[Trial],
        wanted: &[u32],
        usable: impl Fn(&Trial, &Unit) -> bool,
    ) {
        let query = |&trial: &u32| {
            let query = &trials[trial as usize].query;
            let miniature = known.features(query.item)?.miniature.as_ref()?;
            Some((trial, Wanted { miniature, size: query.size }))
        };
        let (asked, wanted): (Vec<u32>, Vec<Wanted<'_>>) = wanted.iter().filter_map(query).unzip();
        let original = |(unit, of): (u32, &Unit)| {
            let mut features = of.members.iter().filter_map(|&id| known.features(id));
            let miniature = features.find_map(|features| features.miniature.as_ref())?;
            Some((unit, miniature, of.size))
        };
        let originals: Vec<Original<'_>> = (0u32..)
            .zip(units)
            .filter_map(original)
            .map(|(unit, miniature, size)| Original { unit, miniature, size })
            .collect();
        let found = parts::search(&wanted, &originals);
        let mut errands: Vec<Errand> = asked
            .into_iter()
            .zip(found)
            .flat_map(|(trial, found)| {
                let may =
                    |found: &Found| usable(&trials[trial as usize], &units[found.unit as usize]);
                let found: Vec<Found> = found.into_iter().filter(may).take(SHORTLIST).collect();
                found.into_iter().map(move |found| Errand {
                    unit: found.unit,
                    trial,
                    guess: found.guess,
                })
            })
            .collect();
        errands.sort_by_key(|errand| (errand.unit, errand.trial));
        self.queue.extend(errands);
    }

    /// Does one batch; returns the bytes read.
    pub(super) fn run(
        &mut self,
        bench: Bench<'_>,
        trials: &mut [Trial],
        notes: &mut Vec<Note>,
        issues: &mut Vec<Issue>,
    ) -> u64 {
        let batch = self.take_batch(bench, trials);
        let files: BTreeSet<ItemId> =
            batch.iter().flat_map(|errand| both_files(bench, trials, errand)).collect();
        let mut read = 0;
        let loaded: Vec<_> =
            files.into_iter().map(|id| (id, proof::load(bench, id, &mut read))).collect();
        let limits = &bench.settings.limits;
        let decoded: BTreeMap<ItemId, Result<Tones, Problem>> = loaded
            .into_par_iter()
            .map(|(id, bytes)| (id, bytes.and_then(|bytes| tones(&bytes, limits))))
            .collect();
        for (id, problem) in
            decoded.iter().filter_map(|(id, tones)| Some((id, tones.as_ref().err()?)))
        {
            let issue =
                Issue { path: bench.known.item(*id).path.clone(), problem: problem.clone() };
            if !issues.contains(&issue) {
                issues.push(issue);
            }
        }
        let asked: Vec<Asked> = batch
            .iter()
            .map(|errand| Asked {
                files: both_files(bench, trials, errand),
                guess: errand.guess,
                size: trials[errand.trial as usize].target(),
            })
            .collect();
        let results: Vec<Compared> =
            asked.par_iter().map(|asked| compare(asked, &decoded)).collect();
        for (errand, compared) in batch.iter().zip(results) {
            notes.extend(memo::note(bench, &question(bench, trials, errand), &compared));
            keep(trials, errand, &compared);
        }
        read
    }

    /// The next comparisons that no earlier run made.
    fn take_batch(&mut self, bench: Bench<'_>, trials: &mut [Trial]) -> Vec<Errand> {
        let most = BATCH * rayon::current_num_threads();
        let mut batch = Vec::new();
        for _ in 0..RECALLED {
            if batch.len() >= most {
                break;
            }
            let Some(errand) = self.queue.pop_front() else { break };
            let asked = [question(bench, trials, &errand)];
            match memo::recall(bench, &asked).into_iter().next().flatten() {
                Some(known) => keep(trials, &errand, &known),
                None => batch.push(errand),
            }
        }
        batch
    }
}

fn both_files(bench: Bench<'_>, trials: &[Trial], errand: &Errand) -> [ItemId; 2] {
    let unit = &bench.units[errand.unit as usize];
    [unit.members[0], trials[errand.trial as usize].query.item]
}

fn question(bench: Bench<'_>, trials: &[Trial], errand: &Errand) -> Question {
    let [original, exported] = both_files(bench, trials, errand);
    Question {
        what: format!("edited {:?}", errand.guess).into(),
        files: (original, exported),
        size: trials[errand.trial as usize].target(),
    }
}

fn keep(trials: &mut [Trial], errand: &Errand, compared: &Compared) {
    if let Some(fit) = compared.edited {
        trials[errand.trial as usize].edits.push(TestedEdit { unit: errand.unit, fit });
    }
}

fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    guarded(|| decode::tones(bytes, proof::EDGE * proof::OVERSIZE, limits))
}

/// A comparison without what only one thread may touch.
struct Asked {
    /// Original and exported picture.
    files: [ItemId; 2],
    guess: Guess,
    size: (u32, u32),
}

fn compare(asked: &Asked, decoded: &BTreeMap<ItemId, Result<Tones, Problem>>) -> Compared {
    let [original, exported] = asked.files.map(|id| decoded.get(&id));
    let problem = |side: Option<&Result<Tones, Problem>>| side?.as_ref().err().cloned();
    let edited = match (original, exported) {
        (Some(Ok(original)), Some(Ok(exported))) => {
            edited::compare(exported, original, asked.guess, asked.size)
        }
        _ => None,
    };
    Compared { fit: None, edited, first: problem(original), second: problem(exported) }
}
