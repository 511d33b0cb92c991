//! The user's answers change the pairings: what a person says wins over what
//! was measured.

use std::borrow::Cow;

use crate::collect::Inventory;
use crate::matching::{Decision, Pairing};
use crate::model::{Edit, ItemId, Side};

use super::{Answer, Answers};

/// The pairings after the answers. An answer that names no original of this
/// library is ignored.
pub(super) fn apply(
    inventory: &Inventory,
    pairings: &[Pairing],
    answers: &Answers,
) -> Vec<Pairing> {
    pairings.iter().map(|pairing| answered(inventory, pairing, answers).into_owned()).collect()
}

/// One pairing after the user's answer; borrowed where there is none.
#[must_use]
pub fn answered<'a>(
    inventory: &Inventory,
    pairing: &'a Pairing,
    answers: &Answers,
) -> Cow<'a, Pairing> {
    Cow::Owned(match answers.get(&pairing.medium) {
        Some(Answer::Accept) => accept(inventory, pairing),
        Some(Answer::Reject) => reject(pairing),
        Some(Answer::Pick(item)) => pick(inventory, pairing, *item, "You chose this original."),
        None => return Cow::Borrowed(pairing),
    })
}

fn accept(inventory: &Inventory, pairing: &Pairing) -> Pairing {
    let best = pairing.original.or_else(|| pairing.candidates.first().map(|best| best.item));
    match best {
        Some(item) if pairing.decision != Decision::Matched => {
            pick(inventory, pairing, item, "You accepted this original.")
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
        edit: Edit::None,
        original: None,
        also: Vec::new(),
        reason: "You kept the exported file.".to_owned(),
        ..pairing.clone()
    }
}

fn pick(inventory: &Inventory, pairing: &Pairing, item: ItemId, reason: &str) -> Pairing {
    let known = inventory.items.get(item.0 as usize);
    if known.is_none_or(|found| found.side != Side::Originals) {
        return pairing.clone();
    }
    let mut changed = pairing.clone();
    let best = pairing.original.or_else(|| pairing.candidates.first().map(|best| best.item));
    if best != Some(item) {
        let candidate = pairing.candidates.iter().find(|candidate| candidate.item == item);
        changed.score = candidate.map(|found| found.score).unwrap_or_default();
        // Copies and edits are known only for the best candidate.
        changed.also = Vec::new();
        changed.edit = Edit::None;
    }
    changed.decision = Decision::Matched;
    changed.original = Some(item);
    changed.reason = reason.to_owned();
    changed
}
