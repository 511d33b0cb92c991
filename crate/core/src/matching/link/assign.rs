//! Several messages that claim one original: they may share it only if they show
//! the same picture.

use std::collections::BTreeMap;

use super::trial::{Apart, Trial, TrialId};
use crate::collect::Medium;
use crate::matching::pairing::{Decision, Pairing};
use crate::matching::reason::Reason;
use crate::matching::units::Known;
use crate::model::ItemId;

/// How exported pictures that claim one original differ, by trial, the smaller
/// number first.
pub(in crate::matching) type Twins = BTreeMap<(TrialId, TrialId), Apart>;

/// Most grey levels (RMS) between two exports of one picture by the same encoder,
/// which does the same each time; up to it the worst block is not asked. Chosen,
/// not measured.
const SAME_ENCODING: f64 = 0.5;

/// Factor on how far two exports by different encoders may differ. Independent
/// errors add up in squares, so two copies that are `x` and `y` grey levels from
/// their original are √(x² + y²) from each other. The 10 % on top are chosen.
const INDEPENDENT: f64 = 1.1;

/// Most grey levels (RMS at 512 pixels) in the block in which two such exports
/// differ most; above it something moved. Between copies of the corpus, whose
/// blocks stayed below 3.9, and the next shots, which began at 4.5.
const ONE_PLACE: f64 = 4.5;

/// Trials that claim the same original unchanged, best proof first. A picture that
/// was changed before it was sent is not among them: it was proved by another
/// measure, and shares the original with unchanged ones.
pub(in crate::matching) fn claims(trials: &[Trial], pairings: &[Pairing]) -> Vec<Vec<TrialId>> {
    let mut by_original = BTreeMap::<ItemId, Vec<(f64, TrialId)>>::new();
    for (id, (trial, pairing)) in (0..).map(TrialId).zip(trials.iter().zip(pairings)) {
        let plain = pairing.original.filter(|_| pairing.edits.is_empty());
        if let (Some(original), Some((_, fit))) = (plain, trial.best()) {
            by_original.entry(original).or_default().push((fit.residual, id));
        }
    }
    let shared = by_original.into_values().filter(|claims| claims.len() > 1);
    shared
        .map(|mut claims| {
            claims.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            claims.into_iter().map(|(_, id)| id).collect()
        })
        .collect()
}

/// Whether two trials are about the same file, so that they need no comparison.
pub(in crate::matching) fn same_file(known: Known<'_>, a: &Trial, b: &Trial) -> bool {
    let sha1 = |trial: &Trial| known.features(trial.query.item).and_then(|features| features.sha1);
    a.query.item == b.query.item || (sha1(a).is_some() && sha1(a) == sha1(b))
}

/// Takes the original away from every claim that shows another picture than the
/// best proved claim.
pub(in crate::matching) fn settle(
    known: Known<'_>,
    media: &[Medium],
    trials: &[Trial],
    twins: &Twins,
    pairings: &mut [Pairing],
) {
    for claims in claims(trials, pairings) {
        let Some((&first, others)) = claims.split_first() else { continue };
        for &other in others {
            if !same_picture(known, trials, twins, first, other) {
                let owner = &media[trials[first].query.medium.0 as usize].name;
                give_up(known, &mut pairings[other.place()], owner);
            }
        }
    }
}

fn same_picture(known: Known<'_>, trials: &[Trial], twins: &Twins, a: TrialId, b: TrialId) -> bool {
    let (first, second) = (&trials[a], &trials[b]);
    if same_file(known, first, second) {
        return true;
    }
    let residual = |trial: &Trial| trial.best().map_or(0.0, |(_, fit)| fit.residual);
    let (x, y) = (residual(first), residual(second));
    let Some(&between) = twins.get(&(a.min(b), a.max(b))) else { return false };
    between.residual <= SAME_ENCODING
        || (between.residual <= (x * x + y * y).sqrt() * INDEPENDENT
            && between.worst_block <= ONE_PLACE)
}

fn give_up(known: Known<'_>, pairing: &mut Pairing, owner: &str) {
    let name = pairing.original.map_or("", |id| known.item(id).name());
    pairing.reason = Reason::TakenByOther { original: name.to_owned(), other: owner.to_owned() };
    pairing.decision = Decision::Ambiguous;
    pairing.original = None;
    pairing.also.clear();
}
