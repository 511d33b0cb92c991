//! How much of an exported picture may be left unexplained: what the mode
//! allows, more where its encoder was coarse or it was sent small, and less
//! where the chat's own matches show that its encoder leaves less.

use std::collections::BTreeSet;

use super::decide::Court;
use super::proof::Trial;
use super::{Decision, Pairing};
use crate::model::Edit;

/// Most that the allowance may grow to, relative to the mode's: the nearest wrong
/// picture ever measured was at 3.9, balanced allows 2.8.
const MOST: f64 = 1.15;

/// What the tables of real WhatsApp files leave at 512 of 1600 pixels, in grey
/// levels: the limits of the modes were measured on those.
const USUAL: f64 = 0.5;

/// Grey levels that are left at the exported size for each step of the table's
/// mean. The low frequencies, which are all that stays in a small picture, have
/// steps of 0.29 of the mean in the tables of the JPEG standard; rounding to a
/// step leaves its 12th part squared, and averaging over pixels takes 0.4 of
/// that away.
const EACH_STEP: f64 = 0.065;

/// Fewest matches without a rival that show what a chat's encoder leaves.
const FEWEST: usize = 20;

/// How many times more than in the worst of them may be left in another picture.
const SPREAD: f64 = 1.3;

/// What the encoder left of a picture once it is made small, in grey levels: the
/// share of the frequencies that stay is that of the edges.
fn encoder_noise(trial: &Trial) -> Option<f64> {
    let edge = |(width, height): (u32, u32)| f64::from(width.max(height).max(1));
    let kept = edge(trial.target()) / edge(trial.query.size);
    Some(f64::from(trial.query.quantisation?) * EACH_STEP * kept)
}

/// Most grey levels (RMS) that may be left of this picture.
pub(super) fn residual(trial: &Trial, court: Court<'_>) -> f64 {
    let mode = f64::from(court.proof().residual);
    let noise = encoder_noise(trial).unwrap_or(USUAL);
    let own = (mode * mode + noise * noise - USUAL * USUAL).max(0.0).sqrt();
    own.min(mode * MOST) * court.share
}

/// The share of the allowance that this chat needs, at most 1: from the matches
/// that nothing else comes near.
pub(super) fn share(trials: &[Trial], pairings: &[Pairing], court: Court<'_>) -> f64 {
    let unique = |(trial, pairing): (&Trial, &Pairing)| {
        let alone = pairing.score.runner_up_ratio.is_none_or(|ratio| ratio >= 2.0);
        let sure = pairing.decision == Decision::Matched && pairing.edit == Edit::None && alone;
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
