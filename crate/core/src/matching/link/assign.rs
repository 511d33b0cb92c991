//! Several messages that claim one original: they may share it only if they show
//! the same picture.

use std::collections::BTreeMap;

use super::trial::{Apart, Trial, TrialId};
use crate::collect::Medium;
use crate::matching::pairing::{Decision, Pairing};
use crate::matching::reason::Reason;
use crate::matching::units::{Known, Unit};
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

/// A picture that claims an original.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) struct Claim {
    /// Grey levels (RMS) by which it differs from that original, which need not be the
    /// file of the family that is nearest to it.
    residual: f64,
    pub(in crate::matching) trial: TrialId,
}

/// Trials that claim the same original unchanged, best proof first. A picture that
/// was changed before it was sent is not among them: it was proved by another
/// measure, and shares the original with unchanged ones.
pub(in crate::matching) fn claims(
    units: &[Unit],
    trials: &[Trial],
    pairings: &[Pairing],
) -> Vec<Vec<Claim>> {
    let mut by_original = BTreeMap::<ItemId, Vec<Claim>>::new();
    for (trial, (of, pairing)) in (0..).map(TrialId).zip(trials.iter().zip(pairings)) {
        let plain = pairing.original.filter(|_| pairing.edits.is_empty());
        if let Some((original, residual)) = plain.zip(of.best().map(|(_, fit)| fit.residual)) {
            let residual = residual_of(units, of, original).unwrap_or(residual);
            by_original.entry(original).or_default().push(Claim { residual, trial });
        }
    }
    let shared = by_original.into_values().filter(|claims| claims.len() > 1);
    shared
        .map(|mut claims| {
            let order = |a: &Claim, b: &Claim| {
                a.residual.total_cmp(&b.residual).then(a.trial.cmp(&b.trial))
            };
            claims.sort_by(order);
            claims
        })
        .collect()
}

/// Grey levels by which a picture differs from this original, if they were compared.
fn residual_of(units: &[Unit], trial: &Trial, original: ItemId) -> Option<f64> {
    let tested = trial.tested.iter().filter(|of| units[of.unit].members.contains(&original));
    tested.filter_map(|of| of.fit).map(|fit| fit.residual).reduce(f64::min)
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
    (media, units): (&[Medium], &[Unit]),
    trials: &[Trial],
    twins: &Twins,
    pairings: &mut [Pairing],
) {
    for claims in claims(units, trials, pairings) {
        let Some((&first, others)) = claims.split_first() else { continue };
        for &other in others {
            if !same_picture(known, trials, twins, first, other) {
                let owner = &media[trials[first.trial].query.medium.0 as usize].name;
                give_up(known, &mut pairings[other.trial.place()], owner);
            }
        }
    }
}

fn same_picture(known: Known<'_>, trials: &[Trial], twins: &Twins, a: Claim, b: Claim) -> bool {
    if same_file(known, &trials[a.trial], &trials[b.trial]) {
        return true;
    }
    let pair = (a.trial.min(b.trial), a.trial.max(b.trial));
    let Some(&between) = twins.get(&pair) else { return false };
    between.residual <= SAME_ENCODING
        || (between.residual <= a.residual.hypot(b.residual) * INDEPENDENT
            && between.worst_block <= ONE_PLACE)
}

fn give_up(known: Known<'_>, pairing: &mut Pairing, owner: &str) {
    let name = pairing.original.map_or("", |id| known.item(id).name());
    pairing.reason = Reason::TakenByOther { original: name.to_owned(), other: owner.to_owned() };
    pairing.decision = Decision::Ambiguous;
    pairing.original = None;
    pairing.also.clear();
}

#[cfg(test)]
mod tests {
    use super::super::candidates::{Query, Wanted};
    use super::super::trial::Tested;
    use super::*;
    use crate::examine::pixels::shrink;
    use crate::matching::evidence::residual::{Fit, fit_copies};
    use crate::matching::fixture::Fixture;
    use crate::matching::{scenes, units};
    use crate::model::{Features, Kind, MediumId, Size};
    use crate::settings::Settings;

    fn tested(unit: u32, residual: f64) -> Tested {
        let picture = shrink(&scenes::scene(1, 320, 240), Size::new(160, 120));
        let fit = fit_copies(&picture, &picture).map(|fit| Fit { residual, ..fit });
        Tested { unit: units::UnitId(unit), distance: 0, better: true, fit }
    }

    #[test]
    fn a_claim_was_measured_on_a_copy_that_was_not_claimed() {
        let size = Size::new(4000, 3000);
        let photo = Features { size: Some(size), ..Features::new(Kind::Jpeg) };
        let fixture = Fixture::of_originals(&[("camera.jpg", photo.clone()), ("copy.jpg", photo)]);
        let units = units::alone(fixture.known(), &fixture.originals);
        let trial = |medium: u32, camera: f64, copy: f64| {
            let mut trial = Trial::new(Query {
                medium: MediumId(medium),
                item: ItemId(7 + medium),
                size,
                p64: 0,
                sent: None,
                quantisation: None,
                wanted: Wanted::Original,
            });
            trial.tested = vec![tested(0, camera), tested(1, copy)];
            trial
        };
        let trials = [trial(0, 1.5, 0.1), trial(1, 1.2, 0.2)];
        let linked = |medium: u32| {
            let blank = Pairing::blank(MediumId(medium), &Settings::default());
            Pairing { original: Some(fixture.originals[0]), ..blank }
        };
        let claims = claims(&units, &trials, &[linked(0), linked(1)]);
        let [claims] = claims.as_slice() else { panic!("one original is claimed: {claims:?}") };
        assert_eq!(claims.iter().map(|claim| claim.residual).collect::<Vec<_>>(), [1.2, 1.5]);
        // Two encoders' errors of 1.2 and 1.5 make 1.9 between them.
        let apart = Apart { residual: 1.9, worst_block: 2.0, moved: false };
        let twins = Twins::from([((TrialId(0), TrialId(1)), apart)]);
        assert!(same_picture(fixture.known(), &trials, &twins, claims[0], claims[1]));
    }
}
