//! One original, several messages: they may share it only if they show the
//! same picture.

use std::collections::BTreeMap;

use super::proof::{Apart, Trial};
use super::units::Known;
use super::{Decision, Pairing, explain};
use crate::model::{Edit, ItemId};

/// How exported pictures differ, the smaller trial first.
pub(super) type Twins = BTreeMap<(u32, u32), Apart>;

/// Most grey levels (RMS) between two exports by the same encoder of one
/// picture: it does the same each time.
const SAME_ENCODING: f64 = 0.5;

/// How far apart two encodings of one picture may be, relative to what their
/// encoders explain: independent ones differ from each other by the root of
/// the sum of squares of their residuals.
const INDEPENDENT: f64 = 1.1;

/// Most grey levels (RMS) in the block that differs most: noise of two encoders,
/// where another frame shows that something moved.
const ONE_PLACE: f64 = 4.5;

/// Trials that claim the same original unchanged, best proof first. Who changed
/// a picture before sending it shares the original with whoever did not, and
/// has been proved by another measure.
pub(super) fn claims(trials: &[Trial], pairings: &[Pairing]) -> Vec<Vec<u32>> {
    let mut by_original = BTreeMap::<ItemId, Vec<(f64, u32)>>::new();
    for (index, (trial, pairing)) in (0u32..).zip(trials.iter().zip(pairings)) {
        let plain = pairing.original.filter(|_| pairing.edit == Edit::None);
        if let (Some(original), Some((_, fit))) = (plain, trial.best()) {
            by_original.entry(original).or_default().push((fit.residual, index));
        }
    }
    let shared = by_original.into_values().filter(|claims| claims.len() > 1);
    shared
        .map(|mut claims| {
            claims.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            claims.into_iter().map(|(_, index)| index).collect()
        })
        .collect()
}

/// Whether two trials are the same file, which needs no comparison.
pub(super) fn same_file(known: Known<'_>, a: &Trial, b: &Trial) -> bool {
    let sha1 = |trial: &Trial| known.features(trial.query.item).and_then(|features| features.sha1);
    a.query.item == b.query.item || (sha1(a).is_some() && sha1(a) == sha1(b))
}

/// Takes the original from every claim that shows another picture than the
/// best proved one.
pub(super) fn settle(known: Known<'_>, trials: &[Trial], twins: &Twins, pairings: &mut [Pairing]) {
    for claims in claims(trials, pairings) {
        let Some((&first, others)) = claims.split_first() else { continue };
        for &other in others {
            if !same_picture(known, trials, twins, first, other) {
                let owner = known.inventory.media[trials[first as usize].query.medium.0 as usize]
                    .name
                    .clone();
                give_up(known, &mut pairings[other as usize], &owner);
            }
        }
    }
}

fn same_picture(known: Known<'_>, trials: &[Trial], twins: &Twins, a: u32, b: u32) -> bool {
    let (first, second) = (&trials[a as usize], &trials[b as usize]);
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
    pairing.reason = explain::taken_by_other(name, owner);
    pairing.decision = Decision::Ambiguous;
    pairing.original = None;
    pairing.also.clear();
}
