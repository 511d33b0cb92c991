//! Orders the comparisons of the proof, and stores each answer with its trial.

use std::collections::BTreeMap;

use super::candidates::{Ranked, Wanted};
use super::inspect::Inspect;
use super::trial::{Apart, Inspected, Made, Tested, TestedEdit, Trial, TrialId};
use crate::ledger::Ledger;
use crate::matching::evidence::comparer::{Comparer, Ticket};
use crate::matching::evidence::edited::{EditedFit, Guess};
use crate::matching::evidence::question::{Bench, Compared, Question, What};
use crate::matching::evidence::residual::{self, Fit};
use crate::matching::units::{Unit, UnitId};
use crate::model::Size;

/// Most exported pictures that are compared with one original in a row, which is
/// decoded once for them. Chosen, not measured.
const TOGETHER: usize = 32;

/// What a comparison is for.
#[derive(Debug, Clone, Copy)]
enum Errand {
    /// An original and an exported picture that shortlists it. If this member of
    /// the unit cannot be read, the next one is tried.
    Sent { unit: UnitId, member: usize, trial: TrialId },
    /// The same through a guess of how the picture was changed.
    Edited { unit: UnitId, member: usize, trial: TrialId, guess: Guess },
    /// Two originals that fit almost equally, at the size of an exported picture.
    Rivals { best: UnitId, other: UnitId, size: Size },
    /// An original and an exported picture at full size.
    Inspected { unit: UnitId, trial: TrialId, may_be_made: bool, wanted: Wanted },
    /// An original that may be enlarged from another one.
    Copy { unit: UnitId, other: UnitId, size: Size },
    /// An original that may have been made of a copy of it.
    Made { unit: UnitId, trial: TrialId },
    /// Two originals, one of which may be the other with a filter.
    Variants { unit: UnitId, member: usize, other: UnitId, size: Size },
    /// Two exported pictures that claim one original.
    Twins(TrialId, TrialId),
}

/// A picture that may have been changed, and the original it may come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Suspect {
    pub unit: UnitId,
    pub trial: TrialId,
    pub guess: Guess,
}

/// Asks the comparer, and stores what it answers.
#[derive(Default)]
pub(super) struct Prover {
    pub trials: Box<[Trial]>,
    /// How originals that fit one picture differ from each other, the smaller unit
    /// first.
    pub rivals: BTreeMap<(UnitId, UnitId), Apart>,
    /// How the second original differs from the first through a filter.
    pub variants: BTreeMap<(UnitId, UnitId), EditedFit>,
    /// How much detail an original shows beyond the size of another one.
    pub enlarged: BTreeMap<(UnitId, UnitId), f64>,
    /// How exported pictures that claim one original differ, the smaller trial
    /// first.
    pub twins: BTreeMap<(TrialId, TrialId), Apart>,
    comparer: Comparer,
    errands: BTreeMap<Ticket, Errand>,
    /// Comparisons through guesses: made so far, and ordered in all.
    edits_progress: (u64, u64),
}

impl Prover {
    pub(super) fn new(trials: Box<[Trial]>) -> Self {
        Self { trials, ..Self::default() }
    }

    /// Orders comparisons of `(trial, unit)`, sorted so that each original is
    /// decoded once for the exported pictures that list it.
    pub(super) fn order(&mut self, units: &[Unit], pairs: &[(TrialId, UnitId)]) {
        let mut by_unit = BTreeMap::<UnitId, Vec<TrialId>>::new();
        for &(trial, unit) in pairs {
            by_unit.entry(unit).or_default().push(trial);
            self.trials[trial].pending += 1;
        }
        let mut groups: Vec<(Vec<TrialId>, UnitId)> = Vec::new();
        for (unit, mut trials) in by_unit {
            trials.sort_unstable();
            groups.extend(trials.chunks(TOGETHER).map(|part| (part.to_vec(), unit)));
        }
        groups.sort();
        for (trials, unit) in groups {
            for trial in trials {
                self.ask(units, Errand::Sent { unit, member: 0, trial });
            }
        }
    }

    /// Orders comparisons of originals with the best one, at the size of an
    /// exported picture.
    pub(super) fn order_rivals(
        &mut self,
        units: &[Unit],
        best: UnitId,
        others: impl IntoIterator<Item = UnitId>,
        size: Size,
    ) {
        for other in others {
            self.ask(units, Errand::Rivals { best, other, size });
        }
    }

    /// Orders what is to be looked at in full size, the same only once.
    pub(super) fn order_inspections(&mut self, units: &[Unit], mut wanted: Vec<Inspect>) {
        wanted.sort_unstable();
        wanted.dedup();
        for one in wanted {
            let errand = match one {
                Inspect::Sent { unit, trial, may_be_made, wanted } => {
                    Errand::Inspected { unit, trial, may_be_made, wanted }
                }
                Inspect::Made { unit, trial } => Errand::Made { unit, trial },
                Inspect::Copy(unit, other, size) => Errand::Copy { unit, other, size },
            };
            self.ask(units, errand);
        }
    }

    /// Orders a comparison of two exported pictures.
    pub(super) fn order_twins(&mut self, units: &[Unit], first: TrialId, other: TrialId) {
        self.ask(units, Errand::Twins(first, other));
    }

    /// Orders comparisons through guesses, those of one original together.
    pub(super) fn order_edits(&mut self, units: &[Unit], mut suspects: Vec<Suspect>) {
        suspects.sort_by_key(|suspect| (suspect.unit, suspect.trial));
        self.edits_progress.1 += suspects.len() as u64;
        for Suspect { unit, trial, guess } in suspects {
            self.ask(units, Errand::Edited { unit, member: 0, trial, guess });
        }
    }

    /// Orders comparisons of originals with each other, to learn whether one is the
    /// other with a filter. A filter that made things white cannot be undone, so
    /// both directions are tried.
    pub(super) fn order_variants(
        &mut self,
        units: &[Unit],
        pairs: impl IntoIterator<Item = (UnitId, UnitId, Size)>,
    ) {
        for (a, b, size) in pairs {
            self.edits_progress.1 += 2;
            for (unit, other) in [(a, b), (b, a)] {
                self.ask(units, Errand::Variants { unit, member: 0, other, size });
            }
        }
    }

    /// Comparisons through guesses: made, and ordered in all.
    pub(super) fn edits_progress(&self) -> (u64, u64) {
        self.edits_progress
    }

    /// Whether all that was ordered is answered.
    pub(super) fn is_idle(&self) -> bool {
        self.comparer.is_idle()
    }

    /// Does one batch, as [`Comparer::advance`] bounds it.
    pub(super) fn advance(&mut self, bench: Bench<'_>, units: &[Unit], ledger: &mut Ledger) {
        for (ticket, question, found) in self.comparer.advance(bench, ledger) {
            if let Some(errand) = self.errands.remove(&ticket) {
                self.keep(units, errand, &question, &found);
            }
        }
    }

    fn ask(&mut self, units: &[Unit], errand: Errand) {
        let question = self.question(units, errand);
        self.errands.insert(self.comparer.ask(question), errand);
    }

    /// What an errand asks.
    fn question(&self, units: &[Unit], errand: Errand) -> Question {
        let original = |unit: UnitId, member: usize| units[unit].members[member];
        let sent = |trial: TrialId| self.trials[trial].query.item;
        let target = |trial: TrialId| self.trials[trial].target();
        match errand {
            Errand::Sent { unit, member, trial } => Question {
                what: What::Sent,
                files: (original(unit, member), sent(trial)),
                size: target(trial),
            },
            Errand::Edited { unit, member, trial, guess } => Question {
                what: What::Edited(guess),
                files: (original(unit, member), sent(trial)),
                size: target(trial),
            },
            Errand::Rivals { best, other, size } => Question {
                what: What::Rivals,
                files: (original(best, 0), original(other, 0)),
                size,
            },
            Errand::Inspected { unit, trial, may_be_made, wanted } => Question {
                what: match wanted {
                    Wanted::Original => What::Quantised { may_be_made },
                    Wanted::Copy => What::Copied { may_be_made },
                },
                files: (original(unit, 0), sent(trial)),
                size: self.trials[trial].query.size,
            },
            Errand::Copy { unit, other, size } => Question {
                what: What::Enlarged,
                files: (original(unit, 0), original(other, 0)),
                size,
            },
            Errand::Made { unit, trial } => Question {
                what: What::Made,
                files: (original(unit, 0), sent(trial)),
                size: self.trials[trial].query.size,
            },
            Errand::Variants { unit, member, other, size } => Question {
                what: What::Edited(Guess::WHOLE),
                files: (original(unit, member), original(other, 0)),
                size,
            },
            // Two exports of one picture may have different sizes: the smaller one counts.
            Errand::Twins(first, other) => Question {
                what: What::Twins,
                files: (sent(first), sent(other)),
                size: target(first).min(target(other)),
            },
        }
    }

    /// The same errand with the unit's next file, if this one cannot be read.
    fn next_member(units: &[Unit], errand: Errand, found: &Compared) -> Option<Errand> {
        found.first.as_ref()?;
        let mut next = errand;
        let (Errand::Sent { unit, member, .. }
        | Errand::Edited { unit, member, .. }
        | Errand::Variants { unit, member, .. }) = &mut next
        else {
            return None;
        };
        *member += 1;
        (*member < units[*unit].members.len()).then_some(next)
    }

    /// Stores the answer to an errand.
    fn keep(&mut self, units: &[Unit], errand: Errand, question: &Question, found: &Compared) {
        if let Some(next) = Self::next_member(units, errand, found) {
            let question = self.question(units, next);
            self.errands.insert(self.comparer.ask_first(question), next);
            return;
        }
        if matches!(errand, Errand::Edited { .. } | Errand::Variants { .. }) {
            self.edits_progress.0 += 1;
        }
        let noise = residual::noise(question.size);
        let apart = |fit: Fit| Apart {
            residual: fit.residual / noise,
            worst_block: fit.worst_block / noise,
            moved: fit.motion.is_move() || fit.motion.is_blind(),
        };
        match errand {
            Errand::Sent { unit, trial, .. } => {
                if found.second.is_some() {
                    self.trials[trial].failed.clone_from(&found.second);
                }
                self.record(unit, trial, found.fit);
            }
            Errand::Edited { unit, trial, .. } => {
                let edits = &mut self.trials[trial].edits;
                edits.extend(found.edited.map(|fit| TestedEdit { unit, fit }));
            }
            Errand::Rivals { best: a, other: b, .. } => {
                self.rivals.extend(found.fit.map(|fit| ((a.min(b), a.max(b)), apart(fit))));
            }
            Errand::Inspected { unit, trial, .. } => {
                let Compared { violation, beyond, .. } = *found;
                self.trials[trial].inspected.insert(unit, Inspected { violation, beyond });
                self.trials[trial].made.insert(unit, made(found));
            }
            Errand::Made { unit, trial } => {
                self.trials[trial].made.insert(unit, made(found));
            }
            Errand::Copy { unit, other, .. } => {
                self.enlarged.extend(found.beyond.map(|beyond| ((unit, other), beyond)));
            }
            Errand::Variants { unit, other, .. } => {
                self.variants.extend(found.edited.map(|fit| ((unit, other), fit)));
            }
            Errand::Twins(a, b) => {
                self.twins.extend(found.fit.map(|fit| ((a.min(b), a.max(b)), apart(fit))));
            }
        }
    }

    fn record(&mut self, unit: UnitId, trial: TrialId, fit: Option<Fit>) {
        let trial = &mut self.trials[trial];
        trial.pending = trial.pending.saturating_sub(1);
        // Time neighbours are not in the ranking; they are checked for worth
        // before they are ordered.
        let rank = |unit: UnitId| trial.ranked.iter().position(|ranked| ranked.unit == unit);
        if let Some(rank_here) = rank(unit) {
            let Ranked { distance, better, .. } = trial.ranked[rank_here];
            // In the order of the ranking, whatever was known before.
            let at = trial.tested.partition_point(|tested| rank(tested.unit) < Some(rank_here));
            trial.tested.insert(at, Tested { unit, distance, better, fit });
        }
    }
}

fn made(found: &Compared) -> Made {
    let Compared { beyond, clustering, stored_again, .. } = *found;
    Made { beyond, clustering, stored_again }
}
