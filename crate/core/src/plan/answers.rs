//! Applies the user's answers to the pairings: what a person says wins over what
//! was measured.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::collect::{Export, Library};
use crate::matching::{Decision, Pairing, Reason};
use crate::model::{Edit, Edits, ItemId, MediumId};

/// What the user decided about one medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The best candidate is the original.
    Accept,
    /// Keep the exported file.
    Reject,
    /// This one is the original.
    Pick(ItemId),
    /// This one is the original, and goes into the bundle although a part of it was
    /// hidden before it was sent.
    Reveal(ItemId),
}

/// The user's answers, by medium.
pub type Answers = BTreeMap<MediumId, Answer>;

/// The pairings after the answers. An answer that names no original of this
/// library is ignored.
pub(super) fn apply(
    library: &Library,
    export: &Export,
    pairings: &[Pairing],
    answers: &Answers,
) -> Vec<Pairing> {
    pairings
        .iter()
        .map(|pairing| answered(library, export, pairing, answers).into_owned())
        .collect()
}

/// One pairing after the user's answer; borrowed where there is none.
#[must_use]
pub fn answered<'a>(
    library: &Library,
    export: &Export,
    pairing: &'a Pairing,
    answers: &Answers,
) -> Cow<'a, Pairing> {
    Cow::Owned(match answers.get(&pairing.medium) {
        Some(Answer::Accept) => accept(library, export, pairing),
        Some(Answer::Reject) => reject(pairing),
        Some(Answer::Pick(item)) => pick(library, export, pairing, *item, Reason::Chosen),
        Some(Answer::Reveal(item)) => reveal(library, export, pairing, *item),
        None => return Cow::Borrowed(pairing),
    })
}

fn accept(library: &Library, export: &Export, pairing: &Pairing) -> Pairing {
    let best = pairing.original.or_else(|| pairing.candidates.first().map(|best| best.item));
    match best {
        Some(item) if pairing.decision != Decision::Matched => {
            pick(library, export, pairing, item, Reason::Accepted)
        }
        _ => pairing.clone(),
    }
}

fn reject(pairing: &Pairing) -> Pairing {
    if matches!(pairing.decision, Decision::Missing | Decision::NotMatchable) {
        return pairing.clone();
    }
    Pairing {
        decision: Decision::TooDifferent,
        edits: Edits::EMPTY,
        original: None,
        also: Vec::new(),
        reason: Reason::Kept,
        ..pairing.clone()
    }
}

/// What was linked stays linked for its own reason.
fn reveal(library: &Library, export: &Export, pairing: &Pairing, item: ItemId) -> Pairing {
    match pairing.decision == Decision::Matched && pairing.original == Some(item) {
        true => pairing.clone(),
        false => pick(library, export, pairing, item, Reason::Chosen),
    }
}

fn pick(
    library: &Library,
    export: &Export,
    pairing: &Pairing,
    item: ItemId,
    reason: Reason,
) -> Pairing {
    if export.holds(item) || library.get(item).is_none() {
        return pairing.clone();
    }
    let mut changed = pairing.clone();
    let best = pairing.original.or_else(|| pairing.candidates.first().map(|best| best.item));
    if best != Some(item) {
        let candidate = pairing.candidates.iter().find(|candidate| candidate.item == item);
        changed.score = candidate.map(|found| found.score).unwrap_or_default();
        // Copies and edits are known only for the best candidate. What somebody hid
        // may be seen in any other one, too.
        changed.also = Vec::new();
        let covered = pairing.edits.contains(Edit::Cover);
        changed.edits = if covered { Edit::Cover.into() } else { Edits::EMPTY };
    }
    changed.decision = Decision::Matched;
    changed.original = Some(item);
    changed.reason = reason;
    changed
}
