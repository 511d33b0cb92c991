//! Copies within one library: what comparing them proved. A pair of it is asked more than a picture that was sent, for both may be
//! a camera's own.

use std::collections::BTreeMap;

use super::court::{Court, SAME_PICTURE};
use super::decide;
use super::parts::{self, Original, Wanted};
use super::precedence::may_be_first;
use super::prover::Suspect;
use super::trial::{Tested, Trial, TrialId};
use crate::matching::clock;
use crate::matching::evidence::enlarged::DETAILED;
use crate::matching::evidence::residual;
use crate::matching::gates;
use crate::matching::likeness::{Likeness, Origin};
use crate::matching::pairing::{Decision, Pairing};
use crate::matching::reason::Reason;
use crate::matching::sets::Sets;
use crate::matching::units::{Known, Unit, UnitId};
use crate::model::{Edit, ItemId, Size};
use crate::settings::Mode;

/// Most pixels (at 512) by which two files that name different cameras may lie apart: less
/// than half of what a copy may, for two cameras never stand in one place. Copies of the
/// cases moved by 0.01 at most.
const STILL: f64 = 0.05;

/// Most files that a dated picture is searched among for a changed version, those of its
/// own second. Chosen, not measured.
const OF_ONE_SECOND: usize = 32;

/// Largest share of the large picture's edge up to which a lack of detail proves that it was
/// enlarged, although both files have a camera's data. At half the size 14 photos of the
/// corpus had 0.41 at least, at two thirds 0.25, for lenses and noise filters leave little
/// in the last pixels; enlarged ones 0.3 at most.
const ENLARGED_FAR: f64 = 0.6;
/// The same with [`DETAILED_CAMERA`]: at 0.77 photos had 0.2 at least, what was enlarged
/// from such a size and encoded finely 0.18 at most.
const ENLARGED: f64 = 0.78;
const DETAILED_CAMERA: f64 = 0.19;

/// Whether a camera wrote when the picture was taken: its versions have that time, too.
pub(super) fn is_dated(known: Known<'_>, trial: &Trial) -> bool {
    let moment = known.features(trial.query.item).and_then(clock::moment);
    moment.is_some_and(|moment| moment.by_camera)
}

/// For dated pictures, the files of their own second of which they may be a changed
/// version.
pub(super) fn suspects(
    known: Known<'_>,
    units: &[Unit],
    trials: &[Trial],
    dated: &[TrialId],
) -> Vec<Suspect> {
    let mut by_second = BTreeMap::<i64, Vec<UnitId>>::new();
    for (id, unit) in (0..).map(UnitId).zip(units) {
        if let Some(moment) = unit.moment.filter(|moment| moment.by_camera) {
            by_second.entry(moment.seconds).or_default().push(id);
        }
    }
    let mut suspects = Vec::new();
    for &trial in dated {
        let query = &trials[trial].query;
        let Some(features) = known.features(query.item) else { continue };
        let (Some(miniature), Some(moment)) = (&features.miniature, clock::moment(features)) else {
            continue;
        };
        let near = by_second.get(&moment.seconds).into_iter().flatten().take(OF_ONE_SECOND);
        let original = |&unit: &UnitId| {
            let first = *units[unit].members.first()?;
            let miniature = known.features(first)?.miniature.as_ref()?;
            let may_be = may_be_first(known, first, query.item);
            may_be.then_some(Original { unit, miniature, size: units[unit].size })
        };
        let originals: Vec<Original<'_>> = near.filter_map(original).collect();
        let wanted = Wanted { miniature, size: query.size };
        let found = parts::search(&[wanted], &originals).into_iter().flatten();
        suspects.extend(found.map(|found| Suspect { unit: found.unit, trial, guess: found.guess }));
    }
    suspects
}

/// Most rounds in which pictures are decided again by what the rounds before proved. Chosen,
/// not measured.
const ROUNDS: usize = 4;

/// What was proved. Two files that fit a picture as well as each other do not make it
/// doubtful where they were proved to be one shot.
pub(super) fn copies(trials: &[Trial], decided: &[Pairing], court: Court<'_>) -> Vec<Likeness> {
    let by_item: BTreeMap<ItemId, UnitId> =
        (0..).map(UnitId).zip(court.units).map(|(id, unit)| (unit.members[0], id)).collect();
    let mut found = Vec::new();
    let mut open = Vec::new();
    for trial in trials {
        let Some(pairing) = decided.get(trial.query.medium.0 as usize) else { continue };
        if matches!(pairing.reason, Reason::TwoFit { .. }) {
            open.push(trial);
        }
        found.extend(likenesses(trial, pairing, &by_item, court));
    }
    for _ in 0..ROUNDS {
        let kin = kin(&found, &by_item);
        let court = Court { kin: &kin, ..court };
        let before = open.len();
        open.retain(|trial| {
            let fresh = likenesses(trial, &decide::picture(trial, court), &by_item, court);
            found.extend(&fresh);
            fresh.is_empty()
        });
        if open.len() == before {
            break;
        }
    }
    found
}

/// For each unit the one that stands for all that were proved to be one shot with it.
fn kin(found: &[Likeness], by_item: &BTreeMap<ItemId, UnitId>) -> Vec<usize> {
    let mut sets = Sets::new(by_item.len());
    for like in found {
        if let (Some(a), Some(b)) = (by_item.get(&like.first), by_item.get(&like.second)) {
            sets.join(a.0 as usize, b.0 as usize);
        }
    }
    (0..by_item.len()).map(|unit| sets.find(unit)).collect()
}

/// What a decision says of the picture's copies.
fn likenesses(
    trial: &Trial,
    pairing: &Pairing,
    by_item: &BTreeMap<ItemId, UnitId>,
    court: Court<'_>,
) -> Vec<Likeness> {
    if pairing.decision != Decision::Matched {
        return Vec::new();
    }
    let linked = pairing.original.iter().chain(&pairing.also);
    let like = |&first: &ItemId| likeness(trial, pairing, *by_item.get(&first)?, first, court);
    linked.filter_map(like).collect()
}

fn likeness(
    trial: &Trial,
    pairing: &Pairing,
    unit: UnitId,
    first: ItemId,
    court: Court<'_>,
) -> Option<Likeness> {
    // Each may show what the other hides: neither is the other's copy.
    if pairing.edits.contains(Edit::Cover) {
        return None;
    }
    let tested = trial.tested.iter().find(|tested| tested.unit == unit);
    let plain = pairing.edits.is_empty();
    if plain && !tested.is_some_and(|tested| is_enough(trial, tested, court)) {
        return None;
    }
    let own = tested.and_then(|tested| tested.fit).map(|fit| fit.residual);
    let residual = own.or(pairing.score.residual.map(f64::from)).unwrap_or(f64::MAX);
    let turned = gates::fits_turned(trial.query.size, court.unit(unit).size);
    let edits = if turned { pairing.edits.with(Edit::Turn) } else { pairing.edits };
    let origin = if plain { origin(trial, unit, court) } else { Origin::First };
    Some(Likeness { first, second: trial.query.item, edits, residual, origin })
}

/// Which of the two was made of the other. Where both have a camera's data its detail alone
/// does not tell, but where the picture was enlarged by much and has clearly none.
fn origin(trial: &Trial, unit: UnitId, court: Court<'_>) -> Origin {
    let Some(made) = trial.made.get(&unit) else { return Origin::First };
    if made.is_stored_again() {
        return Origin::Second;
    }
    let edge = |size: Size| f64::from(size.longest().max(1));
    let share = edge(trial.query.size) / edge(court.unit(unit).size);
    if share >= 1.0 {
        // Beyond its own size no picture has detail.
        return Origin::First;
    }
    let clear = match share {
        _ if !court.is_camera_photo(unit) => DETAILED,
        share if share <= ENLARGED_FAR => DETAILED,
        share if share <= ENLARGED => DETAILED_CAMERA,
        _ => 0.0,
    };
    match made.beyond {
        Some(beyond) if beyond < clear => Origin::Second,
        Some(beyond) if beyond < DETAILED => Origin::Either,
        _ => Origin::First,
    }
}

/// Whether what both files are does not ask for more proof than a sent picture needs: two
/// files of one camera, size and format may be two frames.
fn is_enough(trial: &Trial, tested: &Tested, court: Court<'_>) -> bool {
    let Some(fit) = tested.fit else { return false };
    let (item, unit) = (trial.query.item, tested.unit);
    let noise = residual::noise(trial.target());
    if court.by_two_cameras(item, unit) {
        let still = fit.motion.moved <= STILL && fit.motion.turned <= STILL;
        return still && fit.residual <= Mode::Strict.proof().residual.into();
    }
    !court.by_one_camera(item, unit) || fit.residual <= SAME_PICTURE * noise
}
