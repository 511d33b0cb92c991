//! What the comparison of a changed picture proves. The figures named below were
//! seen on our own corpus when the limits were set.

use super::candidates::Wanted;
use super::court::{COPY, Court, DETAIL, DRIFT, FLOOR};
use super::limit;
use super::trial::{TestedEdit, Trial};
use crate::matching::evidence::edited::EditedFit;
use crate::matching::evidence::residual;
use crate::matching::units::UnitId;
use crate::model::{Edit, Edits};
use crate::settings::Mode;

/// Share of an edge that must be cut off for a crop. Less is another framing of the
/// scene, as in a burst: hands move a camera by less between two shots.
const LEAST_LOST: f64 = 0.012;

/// Share of an edge that may seem to be cut off from a whole picture: a fifth of a
/// pixel at 512. An exported edge of 1280 pixels is rounded by as much. What lies
/// between this and [`LEAST_LOST`] is not linked.
const WHOLE: f64 = 0.000_4;

/// Largest share of the picture that a drawing may cover; above it the picture is
/// not linked. Chosen, not measured.
const MOST_DRAWN: f64 = 0.3;
/// Share of the picture from which on there is a drawing. Chosen, not measured.
const LEAST_DRAWN: f64 = 0.001;

/// Least share of the covered pixels that must look drawn; below it something
/// moved. Strokes, letters and emoji gave 0.28 to 0.7 (their edges are blended),
/// people and leaves that moved between two shots 0 to 0.2.
const LOOKS_DRAWN: f64 = 0.26;

/// The same of what is smaller than [`SMALL`]: dark fur looked drawn by chance where a
/// spot had been healed. Chosen, not measured.
const SMALL_LOOKS_DRAWN: f64 = 0.5;
/// Share of the picture below which something drawn is small: the spots that people
/// heal, three hundredths of the long edge in radius, are below it. Chosen, not measured.
const SMALL: f64 = 0.005;

/// Share of the covered pixels above which the original looked drawn there already,
/// so that it may be another screenshot; asked only of originals without camera
/// data. Text and bubbles of other screenshots gave 0.46 to 0.8, nine of ten photos
/// behind drawings less than 0.4.
const WAS_EVEN: f64 = 0.43;

/// Share of the pixels that differ on which the original has writing of its own, above
/// which it is the same template with other words. Templates of colour photos had 0.1 to
/// 0.54, drawings on them at most 0.07 but for one over a trail camera's own caption
/// (docs/architecture.md).
const WRITTEN: f64 = 0.1;

/// RMS in grey levels by which the curve must change brightness for a filter.
/// Codecs and colour profiles change it by up to 2, the light of two shots by 4.
const FILTER: f64 = 6.0;

/// Most grey levels (RMS at 512 pixels) in the worst block of a crop or a mirrored
/// picture. Copies stayed below 3.9.
const WORST_BLOCK: f64 = 4.2;
/// The same with a filter, which no two shots of one camera differ by, or with the
/// blurred edges of a drawing. Copies stayed below 5.8.
const WORST_CHANGED_BLOCK: f64 = 6.0;

/// Smallest long edge in pixels, as compared, at which a changed picture is proved.
/// At 229 pixels another shot, cropped, fitted as well as a copy.
const LEAST_EDGE: u32 = 256;

/// Factor on the worst block in loose. Chosen, not measured.
const LOOSE: f64 = 1.6;

/// An original that fits a changed picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct Proved {
    pub tested: TestedEdit,
    pub edits: Edits,
    /// The other picture that fits best.
    pub runner_up: Option<TestedEdit>,
}

impl Proved {
    /// The runner-up's residual divided by this one's.
    pub(in crate::matching) fn ratio(&self) -> Option<f64> {
        let best = self.tested.fit.residual.max(FLOOR);
        Some(self.runner_up?.fit.residual / best)
    }

    /// The runner-up, if it fits too well for the mode.
    pub(in crate::matching) fn rival(&self, court: Court<'_>) -> Option<TestedEdit> {
        let least = f64::from(court.proof().runner_up_ratio);
        self.runner_up.filter(|_| self.ratio().is_some_and(|ratio| ratio < least))
    }
}

/// How the picture was changed, all of it. `None`: it was not changed, or in a way that
/// this comparison does not cover.
fn edits(fit: &EditedFit) -> Option<Edits> {
    let drawn = fit.covered >= LEAST_DRAWN;
    let hidden = fit.hidden > 0.0 || fit.painted > 0.0;
    let lost = fit.cut.lost();
    let reframed = lost > WHOLE && lost < LEAST_LOST;
    let least = if fit.covered < SMALL { SMALL_LOOKS_DRAWN } else { LOOKS_DRAWN };
    let strange = drawn && fit.drawn < least;
    let moved = strange || fit.covered + fit.hidden > MOST_DRAWN;
    let found = [
        (Edit::Cover, hidden),
        (Edit::Drawing, drawn),
        (Edit::Crop, lost >= LEAST_LOST),
        (Edit::Mirror, fit.mirrored),
        (Edit::Filter, is_filtered(fit)),
    ];
    let edits: Edits = found.into_iter().filter(|(_, is)| *is).map(|(edit, _)| edit).collect();
    let explained = !reframed && !moved && !fit.tint.is_impossible();
    (explained && !edits.is_empty()).then_some(edits)
}

fn is_filtered(fit: &EditedFit) -> bool {
    fit.tint.is_filter() || fit.toned > FILTER
}

/// Whether what seems to be a drawing may be other words on a template, or on a second
/// screenshot. A camera takes no screenshots, but its data may stand in a template.
fn may_be_reworded(tested: &TestedEdit, court: Court<'_>) -> bool {
    let screen = court.is_screen(tested.unit) || tested.fit.was_even > WAS_EVEN;
    let screen = screen && !court.is_camera_photo(tested.unit);
    tested.fit.covered >= LEAST_DRAWN && (screen || tested.fit.written > WRITTEN)
}

/// Whether the two pictures differ by the change alone.
fn fits(trial: &Trial, fit: &EditedFit, court: Court<'_>) -> bool {
    let changed = is_filtered(fit) || fit.covered >= LEAST_DRAWN || fit.hidden > 0.0;
    let block = if changed { WORST_CHANGED_BLOCK } else { WORST_BLOCK };
    let block = if court.mode == Mode::Loose { block * LOOSE } else { block };
    let block = block * residual::noise(trial.target());
    trial.target().longest() >= LEAST_EDGE
        && fit.residual <= limit::residual(trial, court)
        && fit.worst_block <= block
        && fit.drift <= DRIFT * residual::noise(trial.target())
        && !fit.motion.is_move()
        && !fit.motion.is_blind()
        && fit.detail >= DETAIL * fit.residual
}

/// The original that fits best, if it fits well enough. Whether another one fits
/// nearly as well, [`Proved::rival`] says.
pub(in crate::matching) fn proved(trial: &Trial, court: Court<'_>) -> Option<Proved> {
    let sorted = sorted(trial, court);
    let (&tested, others) = sorted.split_first()?;
    let edits = edits(&tested.fit)?;
    if may_be_reworded(&tested, court) || !fits(trial, &tested.fit, court) {
        return None;
    }
    // If the best one explains the picture without changed colours, an original
    // that needs them is a recoloured copy of it.
    let recoloured = |other: &TestedEdit| !is_filtered(&tested.fit) && is_filtered(&other.fit);
    let another = |other: &&TestedEdit| {
        !court.same_picture(tested.unit, other.unit)
            && !are_variants(tested.unit, other.unit, court)
            && !recoloured(other)
    };
    Some(Proved { tested, edits, runner_up: others.iter().copied().find(|other| another(&other)) })
}

/// Whether one of the two originals is the other with a filter on it: whichever was
/// sent, both show the picture.
fn are_variants(a: UnitId, b: UnitId, court: Court<'_>) -> bool {
    let variant = |pair| court.variants.get(&pair).is_some_and(is_variant);
    (variant((a, b)) || variant((b, a))) && !court.two_shots(a, b)
}

fn is_variant(fit: &EditedFit) -> bool {
    let uncovered = fit.covered < LEAST_DRAWN && fit.hidden == 0.0;
    let whole = fit.cut.lost() <= WHOLE && !fit.mirrored && uncovered;
    let still = fit.drift <= DRIFT && !fit.motion.is_move() && !fit.motion.is_blind();
    whole && still && is_filtered(fit) && fit.residual <= COPY && fit.worst_block <= WORST_BLOCK
}

/// The best original, and those that fit almost as well.
pub(in crate::matching) fn rivals(
    trial: &Trial,
    court: Court<'_>,
) -> Option<(UnitId, Vec<UnitId>)> {
    let sorted = sorted(trial, court);
    let (best, others) = sorted.split_first()?;
    let blocks = best.fit.residual.max(FLOOR) * f64::from(court.careful().proof().runner_up_ratio);
    let close = |other: &&TestedEdit| {
        other.fit.residual < blocks && !court.two_shots(best.unit, other.unit)
    };
    let close: Vec<UnitId> = others.iter().filter(close).map(|other| other.unit).collect();
    (fits(trial, &best.fit, court) && !close.is_empty()).then_some((best.unit, close))
}

fn sorted(trial: &Trial, court: Court<'_>) -> Vec<TestedEdit> {
    // Of two copies that each hide a part of the other neither was made of the other.
    let each = |fit: &EditedFit| court.wanted == Wanted::Copy && fit.under >= LEAST_DRAWN;
    let may_be = |tested: &&TestedEdit| court.inside(trial, tested.unit) && !each(&tested.fit);
    let mut sorted: Vec<TestedEdit> = trial.edits.iter().filter(may_be).copied().collect();
    sorted.sort_by(|a, b| a.fit.residual.total_cmp(&b.fit.residual).then(a.unit.cmp(&b.unit)));
    sorted
}
