//! Turns the evidence of a trial into a decision.

use std::collections::BTreeSet;

use super::candidates::in_window;
use super::court::{Court, DETAIL, FLOOR, GAIN, UNCHANGED};
use super::edit_verdict::{self, Proved};
use super::inspect::{
    is_another_shot, is_better, is_enlarged, is_hidden, is_not_shown, is_plain, is_refuted,
    is_shown,
};
use super::limit;
use super::trial::{Tested, TestedEdit, Trial};
use crate::matching::evidence::residual::Fit;
use crate::matching::pairing::{Candidate, Decision, Pairing, Score};
use crate::matching::reason::Reason;
use crate::matching::units::{self, UnitId};
use crate::model::{Edit, Edits, ItemId};
use crate::settings::{Mode, Proof, Search};

/// Runner-up ratio that is enough where the runner-up is certainly another shot,
/// instead of the mode's. Chosen, not measured.
const CLOSE: f64 = 1.2;

/// Most by which the contrast of two copies may be changed differently, as a share:
/// more, and they are two versions, of which the one nearer to the sent picture was
/// sent. Encoders and profiles leave the gains of copies within some hundredths.
/// Chosen, not measured.
const ONE_SHADE: f64 = 0.05;

/// The best original, and those that differ from the exported picture almost as
/// little. They are compared with the best one: copies of it do not make the
/// picture ambiguous.
pub(in crate::matching) fn rivals(
    trial: &Trial,
    court: Court<'_>,
) -> Option<(UnitId, Vec<UnitId>)> {
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

/// Whether a picture without proof may have been changed before it was sent.
pub(in crate::matching) fn may_be_edited(trial: &Trial, court: Court<'_>) -> bool {
    let decision = unchanged(trial, court.careful()).decision;
    trial.failed.is_none() && matches!(decision, Decision::NoCandidates | Decision::TooDifferent)
}

/// Decides on one exported picture. Loose first judges as balanced and lowers its
/// limits only for what is not proved then: a picture that would pass as unchanged
/// under lower limits may be a changed one with better proof.
pub(in crate::matching) fn picture(trial: &Trial, court: Court<'_>) -> Pairing {
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

/// Links the original of a changed picture, unless two different originals fit.
fn changed(trial: &Trial, court: Court<'_>, mut pairing: Pairing, proved: &Proved) -> Pairing {
    let unit = proved.tested.unit;
    let tested: BTreeSet<UnitId> = trial.edits.iter().map(|tested| tested.unit).collect();
    let family: Vec<UnitId> =
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
        let reason = Reason::TwoFit {
            first: name.to_owned(),
            second: court.best_name(rival.unit).to_owned(),
        };
        return Pairing { decision: Decision::Ambiguous, reason, score, ..pairing };
    }
    link(&mut pairing, court, &family);
    let linked = pairing.original.map_or(name, |id| court.known.item(id).name());
    let reason = Reason::Changed { original: linked.to_owned(), edits: proved.edits };
    Pairing { decision: Decision::Matched, edits: proved.edits, reason, score, ..pairing }
}

fn edit_score(trial: &Trial, court: Court<'_>, tested: &TestedEdit, ratio: Option<f64>) -> Score {
    let unit = court.unit(tested.unit);
    let distance = unit.fingerprint.map(|own| (own.p64 ^ trial.query.p64).count_ones());
    let times = trial.query.sent.zip(unit.moment);
    Score {
        phash_distance: distance,
        residual: Some(tested.fit.residual as f32),
        runner_up_ratio: ratio.map(|ratio| ratio as f32),
        time_difference_s: times.and_then(|(sent, moment)| court.clock.told(sent, moment)),
        duration_difference_s: None,
    }
}

/// Decides on one exported picture as if it had only been scaled and encoded.
fn unchanged(trial: &Trial, court: Court<'_>) -> Pairing {
    let mut pairing = Pairing::blank(trial.query.medium, court.settings);
    pairing.thresholds = Proof { residual: limit::residual(trial, court) as f32, ..court.proof() };
    if let Some(problem) = &trial.failed {
        pairing.decision = Decision::Unreadable;
        pairing.reason = Reason::Unusable { problem: problem.clone() };
        return pairing;
    }
    let fitting = fitting(trial, court);
    let Some(&(best, _)) = fitting.first() else {
        return without_fit(trial, court, pairing);
    };
    let is_copy = |tested: &Tested| court.same_picture(best.unit, tested.unit);
    let ((first, fit), family) = family(trial, court, &fitting, is_copy);
    // Beside an original whose little detail is shown, one that lacks it is another sky.
    let unlike = |tested: &Tested| {
        is_plain(&fit) && is_shown(trial, first.unit) && is_not_shown(trial, tested.unit)
    };
    let another =
        |tested: &Tested| !is_copy(tested) && !is_refuted(trial, tested.unit) && !unlike(tested);
    let runner_up = fitting.iter().find(|(tested, other)| another(tested) && is_rival(fit, *other));
    let ratio = runner_up.map(|(_, next)| next.residual / fit.residual.max(FLOOR));
    pairing.score = score(trial, court, first, ratio);
    pairing.candidates = candidate_list(trial, court, &fitting, &family);
    let name = court.best_name(first.unit).to_owned();
    let proof = pairing.thresholds;
    let (decision, reason) = if fit.residual > limit::residual(trial, court) {
        too_different(trial, court, name)
    } else if is_another_shot(trial, court, first.unit, &fit)
        || is_hidden(trial, &fit) && court.mode == Mode::Strict
    {
        (Decision::TooDifferent, Reason::Moved { closest: name })
    } else if !GAIN.contains(&fit.gain) {
        (Decision::TooDifferent, Reason::Shaded { closest: name })
    } else if fit.tint.is_impossible() || fit.tint.is_filter() && court.mode == Mode::Strict {
        (Decision::TooDifferent, Reason::Coloured { closest: name })
    } else if !UNCHANGED.contains(&fit.gain) && court.mode == Mode::Strict {
        (Decision::TooDifferent, Reason::Shaded { closest: name })
    } else if is_plain(&fit) && !is_shown(trial, first.unit) {
        plain(trial, court, &fitting, &mut pairing)
    } else if ratio.is_some_and(|ratio| ratio < f64::from(proof.runner_up_ratio)) {
        let second = runner_up.map_or("", |(next, _)| court.best_name(next.unit));
        (Decision::Ambiguous, Reason::TwoFit { first: name, second: second.to_owned() })
    } else {
        link(&mut pairing, court, &family);
        let linked = pairing.original.map_or("", |id| court.known.item(id).name());
        let original = linked.to_owned();
        pairing.edits = changes(trial, &fit);
        let reason = if pairing.edits.is_empty() {
            Reason::Equal { original }
        } else {
            Reason::Changed { original, edits: pairing.edits }
        };
        (Decision::Matched, reason)
    };
    Pairing { decision, reason, ..pairing }
}

/// The decision on a picture that shows too little to prove anything. Loose links its
/// one candidate inside the window.
fn plain(
    trial: &Trial,
    court: Court<'_>,
    fitting: &[(&Tested, Fit)],
    pairing: &mut Pairing,
) -> (Decision, Reason) {
    let inside = |tested: &Tested| {
        let moment = court.unit(tested.unit).moment.filter(|moment| moment.by_camera);
        in_window(trial.query.sent, moment, court.clock, court.settings)
    };
    let mut then = fitting.iter().filter(|(tested, _)| inside(tested));
    let first = then.next().filter(|_| court.mode == Mode::Loose);
    let Some((first, fit)) = first else { return (Decision::Ambiguous, Reason::Plain) };
    let is_copy = |tested: &Tested| court.same_picture(first.unit, tested.unit);
    let fits = fit.residual <= limit::residual(trial, court);
    if !fits || !then.all(|(tested, _)| is_copy(tested)) {
        return (Decision::Ambiguous, Reason::Plain);
    }
    let copies = fitting.iter().filter(|(tested, _)| inside(tested) && is_copy(tested));
    let copies: Vec<UnitId> = copies.map(|(tested, _)| tested.unit).collect();
    link(pairing, court, &copies);
    let linked = pairing.original.map_or("", |id| court.known.item(id).name());
    (Decision::Matched, Reason::OnlyPlain { original: linked.to_owned() })
}

/// Of the copies of the best original, the one that was sent as far as the picture
/// tells, and all copies that are like it. Each must pass the proof by itself: what was
/// retouched is nearly a copy. A copy in black and white fits the grey levels as well
/// as the photo does, and a darker one through another gain.
fn family<'a>(
    trial: &Trial,
    court: Court<'_>,
    fitting: &[(&'a Tested, Fit)],
    is_copy: impl Fn(&Tested) -> bool,
) -> ((&'a Tested, Fit), Vec<UnitId>) {
    let passes = |(tested, fit): &&(&Tested, Fit)| {
        fit.residual <= limit::residual(trial, court)
            && !is_another_shot(trial, court, tested.unit, fit)
    };
    let copies = || fitting.iter().filter(|(tested, _)| is_copy(tested));
    let mut proper: Vec<&(&Tested, Fit)> = copies().filter(passes).collect();
    if proper.is_empty() {
        proper = fitting.iter().take(1).collect();
    }
    let least = proper.iter().map(|(_, fit)| shade(fit)).fold(f64::INFINITY, f64::min);
    proper.retain(|(_, fit)| shade(fit) <= least + ONE_SHADE);
    // Where one version has all the detail that was sent, the others are what it looked
    // like before a part was hidden in it.
    if proper.iter().any(|(_, fit)| !is_hidden(trial, fit)) {
        proper.retain(|(_, fit)| !is_hidden(trial, fit));
    }
    let first = **proper.iter().min_by_key(|(_, fit)| fit.tint.is_filter()).unwrap_or(&&fitting[0]);
    let alike = |(_, fit): &&&(&Tested, Fit)| fit.tint.is_filter() == first.1.tint.is_filter();
    (first, proper.iter().filter(alike).map(|(tested, _)| tested.unit).collect())
}

/// What was changed in a picture that fits as it is.
fn changes(trial: &Trial, fit: &Fit) -> Edits {
    let recoloured = fit.tint.is_filter() || !UNCHANGED.contains(&fit.gain);
    let found = [(Edit::Cover, is_hidden(trial, fit)), (Edit::Filter, recoloured)];
    found.into_iter().filter(|(_, is)| *is).map(|(edit, _)| edit).collect()
}

/// How far a fit's contrast is from none that was changed, as a share.
fn shade(fit: &Fit) -> f64 {
    (fit.gain - 1.0).abs()
}

/// Whether an original that fits less well counts as a runner-up. One from which
/// the camera certainly moved counts only if it fits within [`CLOSE`].
fn is_rival(best: Fit, other: Fit) -> bool {
    !other.motion.is_move() || other.residual < CLOSE * best.residual.max(FLOOR)
}

/// Whether the best original so far fits and is the same shot, so that no further
/// one is searched.
pub(in crate::matching) fn is_found(trial: &Trial, court: Court<'_>) -> bool {
    trial.best().is_some_and(|(unit, fit)| {
        fit.residual <= limit::residual(trial, court) && !is_another_shot(trial, court, unit, &fit)
    })
}

/// The measured originals that are worth linking, best first; those that another one
/// refutes come last, and before them those that are too plain to prove anything.
fn fitting<'a>(trial: &'a Trial, court: Court<'_>) -> Vec<(&'a Tested, Fit)> {
    let mut fitting: Vec<(&Tested, Fit)> = trial
        .tested
        .iter()
        .filter(|tested| is_better(trial, tested) && court.inside(trial, tested.unit))
        .filter_map(|tested| tested.fit.map(|fit| (tested, fit)))
        .collect();
    fitting.sort_by(|a, b| {
        let refuted = |tested: &Tested| is_refuted(trial, tested.unit);
        // Any sky fits: first the one whose detail is shown.
        let hidden = |of: &(&Tested, Fit)| is_plain(&of.1) && !is_shown(trial, of.0.unit);
        let proof = refuted(a.0).cmp(&refuted(b.0)).then(hidden(a).cmp(&hidden(b)));
        let proof = proof.then(a.1.residual.total_cmp(&b.1.residual));
        proof.then(a.0.unit.cmp(&b.0.unit))
    });
    fitting
}

/// The decision if no original that is worth linking was measured.
fn without_fit(trial: &Trial, court: Court<'_>, mut pairing: Pairing) -> Pairing {
    let unread = trial.tested.iter().find(|tested| tested.better && tested.fit.is_none());
    if let Some((unit, score)) = no_better(trial, court) {
        pairing.decision = Decision::NotBetter;
        pairing.score = score;
        pairing.reason = Reason::NotBetter { original: court.best_name(unit).to_owned() };
    } else if let Some(tested) = unread {
        pairing.decision = Decision::TooDifferent;
        pairing.reason = Reason::Unread { original: court.best_name(tested.unit).to_owned() };
    } else {
        let window = court.settings.search == Search::Window;
        pairing.reason = if window { Reason::NoneAlikeThen } else { Reason::NoneAlike };
    }
    pairing
}

fn too_different(trial: &Trial, court: Court<'_>, closest: String) -> (Decision, Reason) {
    if let Some((unit, _)) = no_better(trial, court) {
        let original = court.best_name(unit).to_owned();
        return (Decision::NotBetter, Reason::NotBetter { original });
    }
    let limit = limit::residual(trial, court);
    (Decision::TooDifferent, Reason::TooDifferent { closest, limit })
}

/// An original that shows the same picture but is no better.
fn no_better(trial: &Trial, court: Court<'_>) -> Option<(UnitId, Score)> {
    let limit = limit::residual(trial, court);
    let proved = |tested: &&Tested| {
        !is_better(trial, tested)
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
        time_difference_s: times.and_then(|(sent, moment)| court.clock.told(sent, moment)),
        duration_difference_s: None,
    }
}

/// What the review shows: the best original and its copies as one, then the others.
fn candidate_list(
    trial: &Trial,
    court: Court<'_>,
    fitting: &[(&Tested, Fit)],
    family: &[UnitId],
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

/// The files of a family, the one to link first: what was enlarged from another of
/// them comes last, whatever its pixels.
fn members(court: Court<'_>, family: &[UnitId]) -> Vec<ItemId> {
    let enlarged = |unit: UnitId| family.iter().any(|&small| is_enlarged(court, unit, small));
    let files = |wanted: bool| {
        let units = family.iter().filter(|&&unit| enlarged(unit) == wanted);
        let mut files: Vec<ItemId> =
            units.flat_map(|&unit| court.unit(unit).members.iter().copied()).collect();
        units::sort_best_first(court.known, &mut files);
        files
    };
    [files(false), files(true)].concat()
}

fn best_of(court: Court<'_>, family: &[UnitId]) -> Option<ItemId> {
    members(court, family).first().copied()
}

/// Links the best file of all copies; the others are listed by path.
fn link(pairing: &mut Pairing, court: Court<'_>, family: &[UnitId]) {
    let mut members = members(court, family).into_iter();
    pairing.original = members.next();
    let companions = family.iter().flat_map(|&unit| court.unit(unit).companions.iter().copied());
    let mut also: Vec<ItemId> = members.chain(companions).collect();
    also.sort_by_key(|&id| &court.known.item(id).path);
    also.dedup();
    pairing.also = also;
}
