//! The proof of pictures that were changed before they were sent, in bounded
//! batches. Each original is read once for all pictures that may come from it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rayon::prelude::*;

use super::edited::{self, EditedFit, Guess};
use super::memo::{self, Compared, Question};
use super::parts::{self, Found, Original, Wanted};
use super::proof::{self, Bench, Prover, Trial};
use super::sight;
use super::units::{Known, Unit};
use crate::ahead::read_ahead;
use crate::error::{Issue, Problem};
use crate::examine::decode::{self, Tones};
use crate::examine::guarded;
use crate::model::ItemId;
use crate::settings::Limits;

/// Originals proved for one changed picture.
const SHORTLIST: usize = 4;

/// Comparisons in one batch for each thread.
const BATCH: usize = 1;

/// Comparisons recalled in one batch.
const RECALLED: usize = 1024;

/// What an original is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Beside {
    /// The changed picture of a trial.
    Sent(u32),
    /// Another original: one may be made from the other by a filter.
    Original(u32),
}

/// A picture that may have been changed, and where it may come from.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Errand {
    unit: u32,
    /// Which of the unit's files; the next is tried if it cannot be read.
    member: usize,
    beside: Beside,
    guess: Guess,
    size: (u32, u32),
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
        let original =
            |(unit, of): (u32, &Unit)| Some((unit, known.miniature(&of.members)?, of.size));
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
                let of = &trials[trial as usize];
                let may = |unit: u32| usable(of, &units[unit as usize]);
                let found = found.into_iter().filter(|found| may(found.unit)).take(SHORTLIST);
                let errand = |found: Found| Errand {
                    unit: found.unit,
                    member: 0,
                    beside: Beside::Sent(trial),
                    guess: found.guess,
                    size: of.target(),
                };
                found.map(errand).collect::<Vec<_>>()
            })
            .collect();
        errands.sort_by_key(|errand| (errand.unit, errand.beside));
        self.queue.extend(errands);
    }

    /// Compares originals with each other, to learn whether one is the other with
    /// a filter on it. A filter that made things white cannot be taken back, so
    /// both ways are tried.
    pub(super) fn order_variants(&mut self, pairs: impl Iterator<Item = (u32, u32, (u32, u32))>) {
        let errand = |(unit, other, size)| Errand {
            unit,
            member: 0,
            beside: Beside::Original(other),
            guess: Guess::WHOLE,
            size,
        };
        let both = pairs.flat_map(|(a, b, size)| [(a, b, size), (b, a, size)]);
        self.queue.extend(both.map(errand));
    }

    /// Does one batch; returns the bytes read.
    pub(super) fn run(
        &mut self,
        bench: Bench<'_>,
        prover: &mut Prover,
        issues: &mut Vec<Issue>,
    ) -> u64 {
        let batch = self.take_batch(bench, prover, issues);
        let asked: Vec<Question> =
            batch.iter().map(|errand| question(bench, &prover.trials, errand)).collect();
        let mut read = 0;
        let decoded = decoded(bench, &asked, &mut read);
        let results: Vec<Compared> = batch
            .par_iter()
            .zip(&asked)
            .map(|(errand, asked)| compare(errand.guess, asked, &decoded))
            .collect();
        for ((errand, asked), found) in batch.into_iter().zip(&asked).zip(results) {
            prover.notes.extend(memo::note(bench, asked, &found));
            self.keep(bench, prover, errand, &found, issues);
        }
        read
    }

    /// The next comparisons that no earlier run made.
    fn take_batch(
        &mut self,
        bench: Bench<'_>,
        prover: &mut Prover,
        issues: &mut Vec<Issue>,
    ) -> Vec<Errand> {
        let most = BATCH * rayon::current_num_threads();
        let mut batch = Vec::new();
        for _ in 0..RECALLED {
            if batch.len() >= most {
                break;
            }
            let Some(errand) = self.queue.pop_front() else { break };
            let asked = [question(bench, &prover.trials, &errand)];
            match memo::recall(bench, &asked).into_iter().next().flatten() {
                Some(known) => self.keep(bench, prover, errand, &known, issues),
                None => batch.push(errand),
            }
        }
        batch
    }

    /// Stores what a comparison found; an original that cannot be read is tried
    /// again with its next copy.
    fn keep(
        &mut self,
        bench: Bench<'_>,
        prover: &mut Prover,
        errand: Errand,
        found: &Compared,
        issues: &mut Vec<Issue>,
    ) {
        prover.report_both(bench.known, &question(bench, &prover.trials, &errand), found, issues);
        let next = errand.member + 1;
        if found.first.is_some() && next < bench.units[errand.unit as usize].members.len() {
            self.queue.push_front(Errand { member: next, ..errand });
        } else if let Some(fit) = found.edited {
            let unit = errand.unit;
            match errand.beside {
                Beside::Sent(trial) => {
                    prover.trials[trial as usize].edits.push(TestedEdit { unit, fit });
                }
                Beside::Original(other) => {
                    prover.variants.insert((unit, other), fit);
                }
            }
        }
    }
}

fn question(bench: Bench<'_>, trials: &[Trial], errand: &Errand) -> Question {
    let original = bench.units[errand.unit as usize].members[errand.member];
    let beside = match errand.beside {
        Beside::Sent(trial) => trials[trial as usize].query.item,
        Beside::Original(unit) => bench.units[unit as usize].members[0],
    };
    Question {
        what: format!("edited {:?}", errand.guess).into(),
        files: (original, beside),
        size: errand.size,
    }
}

/// Pictures at several times the size of a comparison, or why there are none.
type Decoded = BTreeMap<ItemId, Result<Tones, Problem>>;

/// The files of these questions, each read once.
fn decoded(bench: Bench<'_>, asked: &[Question], read: &mut u64) -> Decoded {
    let files: BTreeSet<ItemId> =
        asked.iter().flat_map(|asked| [asked.files.0, asked.files.1]).collect();
    let limits = &bench.settings.limits;
    let load = |id: &ItemId| proof::load(bench, *id, read);
    let decode = |_: &ItemId, bytes: Result<Vec<u8>, Problem>| tones(&bytes?, limits);
    read_ahead(files, load, decode).into_iter().collect()
}

fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    guarded(|| decode::tones(bytes, proof::EDGE * sight::OVERSIZE, limits))
}

fn compare(guess: Guess, asked: &Question, decoded: &Decoded) -> Compared {
    let side = |id: ItemId| decoded.get(&id).map(Result::as_ref);
    let problem = |id: ItemId| side(id)?.err().cloned();
    let (original, exported) = asked.files;
    let edited = match (side(original), side(exported)) {
        (Some(Ok(original)), Some(Ok(exported))) => {
            edited::compare(exported, original, guess, asked.size)
        }
        _ => None,
    };
    Compared { fit: None, edited, first: problem(original), second: problem(exported) }
}
