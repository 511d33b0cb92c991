//! One original, several messages: they may share it only if they show the
//! same picture.

use std::collections::BTreeMap;

use super::proof::Trial;
use super::units::Known;
use super::{Decision, Pairing, explain};
use crate::model::ItemId;

/// Residuals between exported pictures, the smaller trial first.
pub(super) type Twins = BTreeMap<(u32, u32), f64>;

/// How far apart two exports of one picture may be, relative to what encoders
/// explain: two independent encodings of one picture differ from each other by
/// the root of the sum of squares of their residuals.
const INDEPENDENT: f64 = 1.1;

/// How much worse one export of a picture may fit than another by the same
/// kind of encoder. A neighbour's frame that passes the proof by a
/// hair fits worse than that.
const ALIKE: f64 = 1.3;

/// Trials that claim the same original, best proof first.
pub(super) fn claims(trials: &[Trial], pairings: &[Pairing]) -> Vec<Vec<u32>> {
    let mut by_original = BTreeMap::<ItemId, Vec<(f64, u32)>>::new();
    for (index, (trial, pairing)) in (0u32..).zip(trials.iter().zip(pairings)) {
        if let (Some(original), Some((_, fit))) = (pairing.original, trial.best()) {
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
    let bound = x.hypot(y);
    let one_encoder = between <= bound * INDEPENDENT && y <= x.max(0.25) * ALIKE;
    one_encoder
        || between <= bound * 0.7
        || (other_size(first, second) && between <= bound * INDEPENDENT)
}

/// The same picture in HD and in standard size has been through two encoders.
fn other_size(a: &Trial, b: &Trial) -> bool {
    a.query.size != b.query.size
}

fn give_up(known: Known<'_>, pairing: &mut Pairing, owner: &str) {
    let name = pairing.original.map_or("", |id| known.item(id).name());
    pairing.reason = explain::taken_by_other(name, owner);
    pairing.decision = Decision::Ambiguous;
    pairing.original = None;
    pairing.also.clear();
}
