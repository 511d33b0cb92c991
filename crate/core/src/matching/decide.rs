//! Evidence becomes a decision.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates;
use super::clock::{self, Clock};
use super::edit_verdict::{self, Proved};
use super::edited::EditedFit;
use super::edits::TestedEdit;
use super::explain;
use super::limit;
use super::proof::{Apart, Tested, Trial};
use super::residual::{self, Fit};
use super::units::{self, Known, Unit};
use super::{Candidate, Decision, Pairing, Score};
use crate::model::{Edit, Features, ItemId, Kind, MediumId};
use crate::settings::{Mode, Proof, Search, Settings};

/// Most grey levels (RMS at 512 pixels) between two originals that are one
/// picture in two files. Re-encoded and resized copies of the corpus differ by
/// less; two frames of one bird differed by 1.0.
const SAME_PICTURE: f64 = 0.7;

/// The same where one of the two cannot come from the camera as it is, and no
/// block differs by more than [`COPY_BLOCK`]: copies made smaller or encoded
/// coarsely.
pub(super) const COPY: f64 = 2.4;
const COPY_BLOCK: f64 = 4.2;

/// How many times larger the exported picture's own detail must be than what
/// is left unexplained; less, and anything smooth would fit.
pub(super) const DETAIL: f64 = 3.0;

/// Factors on contrast that re-encoding, colour profiles and decoders cause.
pub(super) const GAIN: std::ops::RangeInclusive<f64> = 0.8..=1.25;

/// Smallest residual a runner-up is measured by: below it lies rounding.
pub(super) const FLOOR: f64 = 0.25;

/// Most grey levels (RMS) by which one block of the two pictures may differ: a
/// sixteenth of the long edge, squared. Copies differ by 3 at most; the next
/// shot, taken with a steady hand, by 4.5 and more where something moved.
pub(super) fn worst_block(mode: Mode) -> f64 {
    match mode {
        Mode::Strict => 3.9,
        Mode::Balanced => 4.2,
        Mode::Loose => 9.0,
    }
}

/// Most pixels by which most blocks of the picture may lie elsewhere than the
/// others, at 512 pixels: a copy lies where it lies, another shot is turned or
/// taken from elsewhere.
pub(super) const DRIFT: f64 = 0.1;

/// How much more a block of a screenshot may differ: a coarse encoder leaves
/// rings around letters, and a changed digit differs by far more.
const LETTERS: f64 = 2.2;

/// How many times worse the best other shot must fit, where it is known to be
/// one.
const CLOSE: f64 = 1.2;

/// What a decision needs to know besides the trial.
#[derive(Clone, Copy)]
pub(super) struct Court<'a> {
    pub known: Known<'a>,
    pub units: &'a [Unit],
    /// How originals differ from each other, the smaller unit first.
    pub rivals: &'a BTreeMap<(u32, u32), Apart>,
    /// How the second original differs from the first through a filter.
    pub variants: &'a BTreeMap<(u32, u32), EditedFit>,
    pub clock: &'a Clock,
    /// Of what may be left of a picture, the share that this chat needs.
    pub share: f64,
    pub settings: &'a Settings,
    /// How strictly it judges; at first no less than [`Mode::Balanced`].
    pub mode: Mode,
}

impl Court<'_> {
    /// How much proof a link needs.
    pub(super) fn proof(&self) -> Proof {
        self.settings.proof_in(self.mode)
    }

    /// The same court before it is content with little.
    pub(super) fn careful(self) -> Self {
        let mode = if self.mode == Mode::Loose { Mode::Balanced } else { self.mode };
        Self { mode, ..self }
    }

    fn unit(&self, index: u32) -> &Unit {
        &self.units[index as usize]
    }

    fn features(&self, index: u32) -> Option<&Features> {
        self.known.features(self.unit(index).members[0])
    }

    fn best_name(&self, index: u32) -> &str {
        self.known.item(self.unit(index).members[0]).name()
    }

    /// Whether the original is what a screen showed, as far as its file tells.
    pub(super) fn is_screen(&self, unit: u32) -> bool {
        self.features(unit).is_some_and(|known| known.kind == Kind::Png && known.camera.is_none())
    }

    /// Whether a camera signed the original.
    pub(super) fn is_camera_photo(&self, unit: u32) -> bool {
        self.features(unit).is_some_and(|known| known.camera.is_some())
    }

    /// Most that a block of the picture may differ from the original's.
    fn worst_block(&self, trial: &Trial, unit: u32) -> f64 {
        let letters = if self.is_screen(unit) { LETTERS } else { 1.0 };
        // Squared: in one block of a small picture the sharpness of texture adds
        // to the noise. A true pair at 320 pixels differed by 8.6 in one.
        worst_block(self.mode) * residual::noise(trial.target()).powi(2) * letters
    }

    /// Whether the search may take this original for the picture.
    pub(super) fn inside(&self, trial: &Trial, unit: u32) -> bool {
        let moment = self.unit(unit).moment;
        self.settings.search == Search::Library
            || candidates::in_window(trial.query.sent, moment, self.clock, self.settings)
    }

    /// Whether a camera says that the two are different shots.
    pub(super) fn two_shots(&self, a: u32, b: u32) -> bool {
        match (self.features(a), self.features(b)) {
            (Some(a), Some(b)) => clock::two_shots(a, b),
            _ => false,
        }
    }

    pub(super) fn same_picture(&self, a: u32, b: u32) -> bool {
        let Some(apart) = self.rivals.get(&(a.min(b), a.max(b))) else { return a == b };
        let copy = !apart.moved && apart.residual <= COPY && apart.worst_block <= COPY_BLOCK;
        apart.residual <= SAME_PICTURE || (copy && self.made_from_each_other(a, b))
    }

    /// Whether one of the two cannot be the camera's own file: a camera's shots
    /// have one size and format, and its data.
    fn made_from_each_other(&self, a: u32, b: u32) -> bool {
        let Some((a, b)) = self.features(a).zip(self.features(b)) else { return false };
        let unsigned = a.camera.is_none() || b.camera.is_none();
        unsigned || a.size != b.size || a.kind != b.kind
    }
}

/// A pairing about which nothing is known yet.
pub(super) fn blank(medium: MediumId, settings: &Settings) -> Pairing {
    Pairing {
        medium,
        decision: Decision::NoCandidates,
        edit: Edit::None,
        original: None,
        also: Vec::new(),
        score: Score::default(),
        thresholds: settings.proof(),
        mode: settings.mode,
        candidates: Vec::new(),
        reason: String::new(),
    }
}

/// The best original and those that could block it, because they differ from
/// the exported picture almost as little: they are compared with it to learn
/// whether they are copies of it.
pub(super) fn rivals(trial: &Trial, court: Court<'_>) -> Option<(u32, Vec<u32>)> {
    let proof = court.careful().proof();
    let (best, fit) =
        trial.best().filter(|(_, fit)| fit.residual <= limit::residual(trial, court))?;
    let blocks = fit.residual.max(FLOOR) * f64::from(proof.runner_up_ratio);
    let close = |tested: &&Tested| {
        tested.better && tested.unit != best && tested.fit.is_some_and(|fit| fit.residual < blocks)
    };
    let shots = |tested: &&Tested| !court.two_shots(best, tested.unit);
    let close = trial.tested.iter().filter(close).filter(shots);
    Some((best, close.map(|tested| tested.unit).collect()))
}

/// Whether a picture that is not proved may have been changed before it was
/// sent.
pub(super) fn may_be_edited(trial: &Trial, court: Court<'_>) -> bool {
    let decision = unchanged(trial, court.careful()).decision;
    trial.failed.is_none() && matches!(decision, Decision::NoCandidates | Decision::TooDifferent)
}

/// Decides on one exported picture. Little proof does only where much cannot be
/// had: what would pass for an unchanged picture may be a changed one, proved
/// well.
pub(super) fn picture(trial: &Trial, court: Court<'_>) -> Pairing {
    let careful = decided(trial, court.careful());
    let enough = careful.decision == Decision::Matched || court.mode != Mode::Loose;
    if enough { careful } else { decided(trial, court) }
}

fn decided(trial: &Trial, court: Court<'_>) -> Pairing {
    let pairing = unchanged(trial, court);
    let open = matches!(pairing.decision, Decision::NoCandidates | Decision::TooDifferent);
    match edit_verdict::proved(trial, court).filter(|_| open) {
        Some(proved) => changed(trial, court, pairing, &proved),
        None => pairing,
    }
}

/// Links what is behind a changed picture, unless two pictures may be.
fn changed(trial: &Trial, court: Court<'_>, mut pairing: Pairing, proved: &Proved) -> Pairing {
    let unit = proved.tested.unit;
    let tested: BTreeSet<u32> = trial.edits.iter().map(|tested| tested.unit).collect();
    let family: Vec<u32> =
        tested.into_iter().filter(|&other| court.same_picture(unit, other)).collect();
    let score = edit_score(trial, court, &proved.tested, proved.ratio());
    let rival = proved.rival(court);
    let second = rival.map(|rival| (rival, vec![rival.unit]));
    let shown = std::iter::once((proved.tested, family.clone())).chain(second);
    let fitting: Vec<Candidate> = shown
        .filter_map(|(tested, units)| {
            let score = edit_score(trial, court, &tested, None);
            best_of(court, &units).map(|item| Candidate { item, score })
        })
        .collect();
    pairing.candidates.retain(|other| fitting.iter().all(|shown| shown.item != other.item));
    pairing.candidates.splice(0..0, fitting);
    pairing.candidates.truncate(court.settings.limits.shortlist);
    let name = court.best_name(unit);
    if let Some(rival) = rival {
        let reason = explain::two_fit(name, court.best_name(rival.unit), &score);
        return Pairing { decision: Decision::Ambiguous, reason, score, ..pairing };
    }
    link(&mut pairing, court, &family);
    let linked = pairing.original.map_or(name, |id| court.known.item(id).name());
    let reason = explain::changed(linked, proved.edit, &score);
    Pairing { decision: Decision::Matched, edit: proved.edit, reason, score, ..pairing }
}

fn edit_score(trial: &Trial, court: Court<'_>, tested: &TestedEdit, ratio: Option<f64>) -> Score {
    let unit = court.unit(tested.unit);
    let distance = unit.look.map(|look| (look.p64 ^ trial.query.p64).count_ones());
    let times = trial.query.sent.zip(unit.moment);
    Score {
        phash_distance: distance,
        residual: Some(tested.fit.residual as f32),
        runner_up_ratio: ratio.map(|ratio| ratio as f32),
        time_difference_s: times.map(|(sent, moment)| court.clock.difference(sent, moment)),
        duration_difference_s: None,
    }
}

/// Decides on one exported picture as if it had only been made small.
fn unchanged(trial: &Trial, court: Court<'_>) -> Pairing {
    let mut pairing = blank(trial.query.medium, court.settings);
    pairing.thresholds = Proof { residual: limit::residual(trial, court) as f32, ..court.proof() };
    if let Some(problem) = &trial.failed {
        pairing.decision = Decision::Unreadable;
        pairing.reason = format!("The exported picture is not usable: {problem}.");
        return pairing;
    }
    let fitting = fitting(trial, court);
    let Some(&(best, _)) = fitting.first() else {
        return without_fit(trial, court, pairing);
    };
    let is_copy = |tested: &Tested| court.same_picture(best.unit, tested.unit);
    let ((first, fit), family) = family(&fitting, is_copy);
    let runner_up =
        fitting.iter().find(|(tested, other)| !is_copy(tested) && is_rival(fit, *other));
    let ratio = runner_up.map(|(_, next)| next.residual / fit.residual.max(FLOOR));
    pairing.score = score(trial, court, first, ratio);
    pairing.candidates = candidate_list(trial, court, &fitting, &family);
    let name = court.best_name(first.unit).to_owned();
    let proof = pairing.thresholds;
    let (decision, reason) = if fit.residual > limit::residual(trial, court) {
        too_different(trial, court, &pairing.score, &name)
    } else if is_another_shot(trial, court, first.unit, fit) {
        (Decision::TooDifferent, explain::moved(&name))
    } else if !GAIN.contains(&fit.gain) {
        (Decision::TooDifferent, explain::shaded(&name))
    } else if fit.tint.is_filter() && court.mode == Mode::Strict {
        (Decision::TooDifferent, explain::coloured(&name))
    } else if fit.detail < DETAIL * fit.residual || fit.motion.is_blind() {
        (Decision::Ambiguous, explain::PLAIN.to_owned())
    } else if ratio.is_some_and(|ratio| ratio < f64::from(proof.runner_up_ratio)) {
        let second = runner_up.map_or("", |(next, _)| court.best_name(next.unit));
        (Decision::Ambiguous, explain::two_fit(&name, second, &pairing.score))
    } else {
        link(&mut pairing, court, &family);
        let linked = pairing.original.map_or("", |id| court.known.item(id).name());
        let reason = if fit.tint.is_filter() {
            pairing.edit = Edit::Filter;
            explain::changed(linked, Edit::Filter, &pairing.score)
        } else {
            explain::matched(linked, &pairing.score)
        };
        (Decision::Matched, reason)
    };
    Pairing { decision, reason, ..pairing }
}

/// Of the copies of the best original, the one that fits best in its colours, and
/// all that have them: a copy in black and white fits the grey levels as well.
fn family<'a>(
    fitting: &[(&'a Tested, Fit)],
    is_copy: impl Fn(&Tested) -> bool,
) -> ((&'a Tested, Fit), Vec<u32>) {
    let copies = || fitting.iter().filter(|(tested, _)| is_copy(tested));
    let first = *copies().min_by_key(|(_, fit)| fit.tint.is_filter()).unwrap_or(&fitting[0]);
    let alike = |(_, fit): &&(&Tested, Fit)| fit.tint.is_filter() == first.1.tint.is_filter();
    (first, copies().filter(alike).map(|(tested, _)| tested.unit).collect())
}

/// Whether an original that fits less well could be the right one all the same:
/// not if it certainly shows the scene from elsewhere.
fn is_rival(best: Fit, other: Fit) -> bool {
    !other.motion.is_move() || other.residual < CLOSE * best.residual.max(FLOOR)
}

/// Whether the best original so far shows the same moment, so that no further
/// one needs to be looked for.
pub(super) fn is_found(trial: &Trial, court: Court<'_>) -> bool {
    trial.best().is_some_and(|(unit, fit)| {
        fit.residual <= limit::residual(trial, court) && !is_another_shot(trial, court, unit, fit)
    })
}

/// Whether the picture or a block of it shows that something moved, or the blocks
/// that the camera did.
fn is_another_shot(trial: &Trial, court: Court<'_>, unit: u32, fit: Fit) -> bool {
    let drift = DRIFT * residual::noise(trial.target());
    fit.motion.is_move()
        || fit.worst_block > court.worst_block(trial, unit)
        || (court.mode != Mode::Loose && fit.drift > drift)
}

/// Originals worth linking that were measured, best first.
fn fitting<'a>(trial: &'a Trial, court: Court<'_>) -> Vec<(&'a Tested, Fit)> {
    let mut fitting: Vec<(&Tested, Fit)> = trial
        .tested
        .iter()
        .filter(|tested| tested.better && court.inside(trial, tested.unit))
        .filter_map(|tested| tested.fit.map(|fit| (tested, fit)))
        .collect();
    fitting.sort_by(|a, b| a.1.residual.total_cmp(&b.1.residual).then(a.0.unit.cmp(&b.0.unit)));
    fitting
}

/// No original that would be worth linking could be measured.
fn without_fit(trial: &Trial, court: Court<'_>, mut pairing: Pairing) -> Pairing {
    let unread = trial.tested.iter().find(|tested| tested.better && tested.fit.is_none());
    if let Some((unit, score)) = no_better(trial, court) {
        pairing.decision = Decision::NotBetter;
        pairing.score = score;
        pairing.reason = explain::not_better(court.best_name(unit));
    } else if let Some(tested) = unread {
        pairing.decision = Decision::TooDifferent;
        pairing.reason = explain::unread(court.best_name(tested.unit));
    } else {
        let window = court.settings.search == Search::Window;
        pairing.reason = explain::no_candidates(window).to_owned();
    }
    pairing
}

fn too_different(trial: &Trial, court: Court<'_>, score: &Score, name: &str) -> (Decision, String) {
    if let Some((unit, _)) = no_better(trial, court) {
        return (Decision::NotBetter, explain::not_better(court.best_name(unit)));
    }
    let limit = limit::residual(trial, court);
    (Decision::TooDifferent, explain::too_different(name, score, limit))
}

/// An original that shows the same picture but is no better.
fn no_better(trial: &Trial, court: Court<'_>) -> Option<(u32, Score)> {
    let limit = limit::residual(trial, court);
    let proved = |tested: &&Tested| {
        !tested.better
            && tested
                .fit
                .is_some_and(|fit| fit.residual <= limit && fit.detail >= DETAIL * fit.residual)
    };
    let tested = trial.tested.iter().find(proved)?;
    Some((tested.unit, score(trial, court, tested, None)))
}

fn score(trial: &Trial, court: Court<'_>, tested: &Tested, ratio: Option<f64>) -> Score {
    let moment = court.unit(tested.unit).moment;
    let times = trial.query.sent.zip(moment);
    Score {
        phash_distance: Some(tested.distance),
        residual: tested.fit.map(|fit| fit.residual as f32),
        runner_up_ratio: ratio.map(|ratio| ratio as f32),
        time_difference_s: times.map(|(sent, moment)| court.clock.difference(sent, moment)),
        duration_difference_s: None,
    }
}

/// What the review shows: the proved family as one, then the others.
fn candidate_list(
    trial: &Trial,
    court: Court<'_>,
    fitting: &[(&Tested, Fit)],
    family: &[u32],
) -> Vec<Candidate> {
    let is_family = |fits: &&(&Tested, Fit)| family.contains(&fits.0.unit);
    let others = fitting.iter().filter(|fits| !is_family(fits));
    let shown = fitting.iter().find(is_family).into_iter().chain(others);
    let candidate = |(at, (tested, _)): (usize, &(&Tested, Fit))| {
        let units = if at == 0 { family } else { &[tested.unit] };
        let item = best_of(court, units)?;
        Some(Candidate { item, score: score(trial, court, tested, None) })
    };
    let limit = court.settings.limits.shortlist;
    shown.enumerate().filter_map(candidate).take(limit).collect()
}

fn members(court: Court<'_>, family: &[u32]) -> Vec<ItemId> {
    let mut members: Vec<ItemId> =
        family.iter().flat_map(|&unit| court.unit(unit).members.iter().copied()).collect();
    units::sort_best_first(court.known, &mut members);
    members
}

fn best_of(court: Court<'_>, family: &[u32]) -> Option<ItemId> {
    members(court, family).first().copied()
}

/// Links the best file of all copies; the rest are listed by path.
fn link(pairing: &mut Pairing, court: Court<'_>, family: &[u32]) {
    let mut members = members(court, family).into_iter();
    pairing.original = members.next();
    let companions = family.iter().flat_map(|&unit| court.unit(unit).companions.iter().copied());
    let mut also: Vec<ItemId> = members.chain(companions).collect();
    also.sort_by_key(|&id| &court.known.item(id).path);
    also.dedup();
    pairing.also = also;
}
