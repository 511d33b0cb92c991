//! What is looked at in full size, and what that says: where letters may hide another
//! digit, where rivals are near, and where an original may be an enlarged copy.

use super::candidates::Wanted;
use super::court::{Court, DETAIL, DRIFT, FLOOR, GAIN, LETTERS, worst_block};
use super::limit;
use super::trial::{Inspected, Made, Tested, Trial, TrialId};
use crate::matching::evidence::bare::MISSING;
use crate::matching::evidence::enlarged::DETAILED;
use crate::matching::evidence::quantised::Violation;
use crate::matching::evidence::residual::{self, Fit};
use crate::matching::units::UnitId;
use crate::model::Size;
use crate::settings::Mode;

/// Most originals that are looked at in full size for one picture, the best first:
/// each is decoded whole. Chosen, not measured.
const INSPECTED: usize = 4;

/// Share of the residual limit above which a picture fits weakly. Copies that real
/// WhatsApp files are came to 0.75 of it at most, half of them to 0.57
/// (docs/architecture.md).
const WEAK: f64 = 0.7;

/// Difference of one small cell beyond which something may have been retouched, as a multiple of
/// what encoders and resizers change (docs/architecture.md).
pub(in crate::matching) const SPOT: f64 = 2.2;

/// Something to look at in full size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::matching) enum Inspect {
    /// Whether this original lies within what the sent picture's quantisation allows,
    /// and whether it was enlarged from that, if it may be.
    Sent { unit: UnitId, trial: TrialId, may_be_made: bool, wanted: Wanted },
    /// Whether this original was made of the picture, another file of its library.
    Made { unit: UnitId, trial: TrialId },
    /// Whether the first original was enlarged from the second one.
    Copy(UnitId, UnitId, Size),
}

/// What to look at for one picture.
pub(super) fn wanted(id: TrialId, trial: &Trial, court: Court<'_>) -> Vec<Inspect> {
    let close = close(trial, court);
    let doubtful = |(unit, fit): &(UnitId, Fit)| is_doubtful(trial, court, *unit, fit);
    let mut wanted = Vec::new();
    if close.len() > 1 || close.iter().any(|of| doubtful(of) || is_plain(&of.1)) {
        wanted.extend(close.iter().map(|&(unit, _)| {
            let may_be_made = may_be_made(trial, court, unit);
            Inspect::Sent { unit, trial: id, may_be_made, wanted: trial.query.wanted }
        }));
    }
    if trial.query.wanted == Wanted::Copy {
        let looked_at = |unit: UnitId| {
            wanted.iter().any(|one| matches!(one, Inspect::Sent { unit: of, .. } if *of == unit))
        };
        let others = fitting(trial, court).into_iter().map(|(unit, _)| unit).take(INSPECTED);
        let others = others.filter(|&unit| !looked_at(unit) && may_be_made(trial, court, unit));
        let others: Vec<Inspect> = others.map(|unit| Inspect::Made { unit, trial: id }).collect();
        wanted.extend(others);
    }
    // A soft enlargement may fit a soft send much better than the camera's file does.
    let all = fitting(trial, court);
    for (large, _) in close.iter().filter(|(unit, _)| !court.is_camera_photo(*unit)) {
        let smaller = |&&(small, _): &&(UnitId, Fit)| {
            court.is_camera_photo(small)
                && court.unit(small).size.pixels() < court.unit(*large).size.pixels()
                && court.same_picture(*large, small)
        };
        let copy =
            |&(small, _): &(UnitId, Fit)| Inspect::Copy(*large, small, court.unit(small).size);
        wanted.extend(all.iter().filter(smaller).take(INSPECTED).map(copy));
    }
    wanted
}

/// Whether the original may have been made of the picture: enlarged, or, among copies,
/// stored again at its size. What has a camera's data was not made of what has none.
fn may_be_made(trial: &Trial, court: Court<'_>, unit: UnitId) -> bool {
    let (large, size) = (court.unit(unit).size, trial.query.size);
    let larger = large.longest() > size.longest();
    let again = large == size && trial.query.quantisation.is_some();
    let camera = court.known.features(trial.query.item).is_some_and(|of| of.camera.is_some());
    match trial.query.wanted {
        Wanted::Original => (larger || again) && !court.is_camera_photo(unit),
        Wanted::Copy => (larger || again) && (camera || !court.is_camera_photo(unit)),
    }
}

/// The originals that the small size allows, best first.
fn fitting(trial: &Trial, court: Court<'_>) -> Vec<(UnitId, Fit)> {
    let fits = trial.tested.iter().filter(|tested| tested.better);
    let fits = fits.filter_map(|tested| Some((tested.unit, tested.fit?)));
    let mut fits: Vec<(UnitId, Fit)> =
        fits.filter(|(_, fit)| may_be_sent(trial, court, fit)).collect();
    fits.sort_by(|a, b| a.1.residual.total_cmp(&b.1.residual).then(a.0.cmp(&b.0)));
    fits
}

/// Those of them that fit about as well as the best one.
fn close(trial: &Trial, court: Court<'_>) -> Vec<(UnitId, Fit)> {
    let mut fits = fitting(trial, court);
    let Some(best) = fits.first().map(|(_, fit)| fit.residual.max(FLOOR)) else { return fits };
    let far = best * f64::from(court.careful().proof().runner_up_ratio);
    fits.retain(|(_, fit)| fit.residual.max(FLOOR) < far);
    fits.truncate(INSPECTED);
    fits
}

/// Whether the small size allows the original, letters granted.
fn may_be_sent(trial: &Trial, court: Court<'_>, fit: &Fit) -> bool {
    fit.residual <= limit::residual(trial, court)
        && GAIN.contains(&fit.gain)
        && !fit.motion.is_move()
        && !drifts(trial, court, fit)
        && fit.worst_block <= court.worst_block(trial) * LETTERS
}

fn drifts(trial: &Trial, court: Court<'_>, fit: &Fit) -> bool {
    court.mode != Mode::Loose && fit.drift > DRIFT * residual::noise(trial.target())
}

/// Whether the original is another shot: the camera moved, by the whole picture or by
/// its blocks, or one block shows that something in the scene did. Before a picture
/// was inspected, letters are granted to screenshots.
pub(super) fn is_another_shot(trial: &Trial, court: Court<'_>, unit: UnitId, fit: &Fit) -> bool {
    let limit = court.worst_block(trial);
    let differs = match trial.inspected.get(&unit) {
        None if court.is_screen(unit) => fit.worst_block > limit * LETTERS,
        Some(Inspected { violation: Some(violation), .. }) => {
            let doubtful = || is_doubtful(trial, court, unit, fit);
            fit.worst_block > limit * LETTERS
                || violation.is_another() && (doubtful() || another_passes(trial, unit))
        }
        _ => fit.worst_block > limit,
    };
    differs || fit.motion.is_move() || drifts(trial, court, fit)
}

/// Whether the small size shows too little to prove anything: any smooth picture would
/// fit, or a step of the camera would not be seen.
pub(super) fn is_plain(fit: &Fit) -> bool {
    fit.detail < DETAIL * fit.residual.max(FLOOR) || fit.motion.is_blind()
}

/// Whether the full size shows what the small one does not.
pub(super) fn is_shown(trial: &Trial, unit: UnitId) -> bool {
    let inspected = trial.inspected.get(&unit).and_then(|inspected| inspected.violation);
    inspected.is_some_and(Violation::is_shown)
}

/// Whether the full size shows that the original lacks what the picture shows.
pub(super) fn is_not_shown(trial: &Trial, unit: UnitId) -> bool {
    let inspected = trial.inspected.get(&unit).and_then(|inspected| inspected.violation);
    inspected.is_some_and(Violation::is_not_shown)
}

/// Whether a part of the picture was hidden, however small the difference in grey levels.
pub(super) fn is_hidden(trial: &Trial, fit: &Fit) -> bool {
    fit.missing > MISSING * residual::noise(trial.target())
}

/// Whether the small size leaves room for something as small as a digit: on what is no
/// camera's photo, in a block whose difference only letters explain, in a spot whose mean no
/// encoder changed, or where the whole fits so weakly that the light may be another. What was
/// hidden explains all three.
fn is_doubtful(trial: &Trial, court: Court<'_>, unit: UnitId, fit: &Fit) -> bool {
    let noise = residual::noise(trial.target());
    let weak = fit.bare_block > worst_block(court.careful().mode) * noise
        || fit.residual > WEAK * limit::residual(trial, court.careful())
        || fit.spot > SPOT;
    let item = trial.query.item;
    let signed = court.by_one_camera(item, unit) || court.by_two_cameras(item, unit);
    let copies = trial.query.wanted == Wanted::Copy && signed;
    !court.is_camera_photo(unit) || copies || weak && !is_hidden(trial, fit)
}

/// Whether another original lies within what the quantisation allows: then one that
/// does not was not sent. Where none does, the colours of a whole camera may be
/// beyond our prediction, and the small size decides.
fn another_passes(trial: &Trial, unit: UnitId) -> bool {
    let passes = |of: &Inspected| of.violation.is_some_and(|violation| !violation.is_another());
    let others = trial.inspected.iter().filter(|&(&other, _)| other != unit);
    others.into_iter().any(|(&other, of)| passes(of) && !is_made_of_it(trial, other))
}

/// Whether the original was not sent because another one was.
pub(super) fn is_refuted(trial: &Trial, unit: UnitId) -> bool {
    let own = trial.inspected.get(&unit).and_then(|inspected| inspected.violation);
    own.is_some_and(Violation::is_another) && another_passes(trial, unit)
}

/// Whether the original was made of what was sent: it fits better than what was.
fn is_made_of_it(trial: &Trial, unit: UnitId) -> bool {
    let made = trial.made.get(&unit).filter(|_| trial.query.wanted == Wanted::Original);
    made.is_some_and(Made::is_stored_again)
}

/// Whether linking the original gives the chat more than it has.
pub(super) fn is_better(trial: &Trial, tested: &Tested) -> bool {
    let beyond = trial.inspected.get(&tested.unit).and_then(|inspected| inspected.beyond);
    // Of two copies the larger one may have been made from the smaller one.
    let beyond = beyond.filter(|_| trial.query.wanted == Wanted::Original);
    tested.better
        && beyond.is_none_or(|beyond| beyond >= DETAILED)
        && !is_made_of_it(trial, tested.unit)
}

/// Whether the large original shows no more than the small one does.
pub(super) fn is_enlarged(court: Court<'_>, large: UnitId, small: UnitId) -> bool {
    court.enlarged.get(&(large, small)).is_some_and(|&beyond| beyond < DETAILED)
}
