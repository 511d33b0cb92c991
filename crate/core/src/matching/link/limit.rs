//! The residual limit of one picture: the mode's, higher where its encoder was
//! coarse or it was sent small, and lower where the chat's own matches show that
//! its encoder leaves less.

use std::collections::BTreeSet;

use super::court::Court;
use super::trial::Trial;
use crate::matching::pairing::{Decision, Pairing};
use crate::model::Size;

/// Largest factor on the mode's residual limit. Balanced's 2.8 becomes 3.2 at most;
/// the nearest wrong picture that was ever measured was at 3.9
/// (docs/architecture.md).
const MOST: f64 = 1.15;

/// Grey levels (RMS) that the tables of real WhatsApp files leave when 1600 pixels
/// are scaled to 512; the modes' limits were measured on those files.
const USUAL: f64 = 0.5;

/// Grey levels (RMS) that an encoder leaves at the exported size, for each step of
/// its table's mean. Derived, not measured: low frequencies, which alone survive in
/// the small picture, have steps of 0.29 times the mean in the luminance table of
/// the JPEG standard (ITU-T T.81, table K.1); rounding to steps of `q` has a
/// variance of `q²/12`; averaging pixels takes 40 % of it away. 0.29 · √(0.6 / 12)
/// = 0.065.
const EACH_STEP: f64 = 0.065;

/// Fewest originals, matched without a near runner-up, from which a chat's own
/// limit is learnt; with fewer the mode's limit holds. Chosen, not measured.
const FEWEST: usize = 20;

/// Factor on the worst of these matches: how much more another picture of the chat
/// may leave. Chosen, not measured.
const SPREAD: f64 = 1.3;

/// What the encoder left of a picture once it is scaled down, in grey levels (RMS).
/// It shrinks with the edge: so does the share of frequencies that survive.
fn encoder_noise(trial: &Trial) -> Option<f64> {
    let edge = |size: Size| f64::from(size.longest().max(1));
    let kept = edge(trial.target()) / edge(trial.query.size);
    Some(f64::from(trial.query.quantisation?) * EACH_STEP * kept)
}

/// Most grey levels (RMS) that may be left of this picture; more is too different.
pub(in crate::matching) fn residual(trial: &Trial, court: Court<'_>) -> f64 {
    let mode = f64::from(court.proof().residual);
    let noise = encoder_noise(trial).unwrap_or(USUAL);
    let own = (mode * mode + noise * noise - USUAL * USUAL).max(0.0).sqrt();
    own.min(mode * MOST) * court.share
}

/// The factor, at most 1, on that limit that this chat needs, learnt from its
/// matches whose runner-up is at least twice as far or absent.
pub(in crate::matching) fn share(trials: &[Trial], pairings: &[Pairing], court: Court<'_>) -> f64 {
    let unique = |(trial, pairing): (&Trial, &Pairing)| {
        let alone = pairing.score.runner_up_ratio.is_none_or(|ratio| ratio >= 2.0);
        let sure = pairing.decision == Decision::Matched && pairing.edits.is_empty() && alone;
        let left = f64::from(pairing.score.residual?) / residual(trial, court);
        sure.then_some((pairing.original, left))
    };
    let found: Vec<_> = trials.iter().zip(pairings).filter_map(unique).collect();
    let originals: BTreeSet<_> = found.iter().map(|(original, _)| original).collect();
    if originals.len() < FEWEST {
        return 1.0;
    }
    let worst = found.iter().fold(0.0f64, |worst, (_, left)| worst.max(*left));
    (worst * SPREAD).min(1.0)
}
