//! A closer look at one original: the window's edges are moved as long as the
//! picture fits better.

use super::grid::{Grid, Sums};
use crate::matching::evidence::align::Cut;
use crate::matching::evidence::edited::Guess;
use crate::model::Miniature;

/// Cells along an edge of the fine grid.
const FINE: usize = 16;

/// Least likeness (0 to 1) in the fine grid.
const FINE_LIKENESS: f64 = 0.88;

/// Cells of the fine grid that may differ for whatever reason, as under a
/// drawing.
const SPARED: usize = FINE * FINE / 5;

/// Where near a guess the original fits the picture best, and how well: the
/// correlation without the cells that fit worst, 0 to 1. `None`: not well enough.
pub(super) fn settled(
    wanted: &Miniature,
    original: &Miniature,
    guess: Guess,
) -> Option<(Guess, f64)> {
    let mut own = Grid::<FINE>::over(Cut::WHOLE).cells(&Sums::of(wanted));
    if guess.mirrored {
        own.chunks_exact_mut(FINE).for_each(<[f64]>::reverse);
    }
    let sums = Sums::of(original);
    let likeness = |cut: Cut| likeness(&own, &Grid::<FINE>::over(cut).cells(&sums));
    let mut best = (likeness(guess.cut), guess.cut);
    for step in [0.025, 0.0125, 0.00625] {
        for _ in 0..4 {
            let before = best.0;
            for moved in neighbours(best.1, step) {
                let found = likeness(moved);
                if found > best.0 {
                    best = (found, moved);
                }
            }
            if best.0 <= before {
                break;
            }
        }
    }
    (best.0 >= FINE_LIKENESS).then_some((Guess { cut: best.1, ..guess }, best.0))
}

/// The window with one edge moved, or two: a shift.
fn neighbours(cut: Cut, step: f64) -> impl Iterator<Item = Cut> {
    let moves = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0), (-1.0, -1.0)];
    let edge = move |(from, to): (f64, f64), (first, second): (f64, f64)| {
        let from = (from + first * step).clamp(0.0, 0.3);
        (from, (to + second * step).clamp(0.7, 1.0))
    };
    let across = moves.map(|by| Cut { x: edge(cut.x, by), ..cut });
    let down = moves.map(|by| Cut { y: edge(cut.y, by), ..cut });
    across.into_iter().chain(down)
}

/// Correlation of two grids without the cells that fit worst. Fewer are spared
/// where too little would be left: all there is of the moon in a black sky may lie
/// in a few cells.
fn likeness(exported: &[f64], original: &[f64]) -> f64 {
    let spared = [SPARED, SPARED / 2, SPARED / 4, 0];
    spared
        .into_iter()
        .find_map(|spared| likeness_without(exported, original, spared))
        .unwrap_or(0.0)
}

/// The same without so many cells; `None` if the others are even.
fn likeness_without(exported: &[f64], original: &[f64], spared: usize) -> Option<f64> {
    let mut counted = vec![true; exported.len()];
    let mut share = 0.0;
    for _ in 0..3 {
        let (gain, offset, left) = line(exported, original, &counted)?;
        share = left;
        let off = |index: usize| (exported[index] - gain * original[index] - offset).abs();
        let mut order: Vec<usize> = (0..exported.len()).collect();
        order.sort_by(|&a, &b| off(b).total_cmp(&off(a)).then(a.cmp(&b)));
        counted.fill(true);
        order.iter().take(spared).for_each(|&index| counted[index] = false);
    }
    Some(share)
}

/// Gain, offset and correlation of a line through the cells that count.
fn line(exported: &[f64], original: &[f64], counted: &[bool]) -> Option<(f64, f64, f64)> {
    let [mut n, mut e, mut o, mut ee, mut oo, mut eo] = [0.0f64; 6];
    for ((&x, &y), _) in exported.iter().zip(original).zip(counted).filter(|(_, is)| **is) {
        n += 1.0;
        (e, o) = (e + x, o + y);
        (ee, oo, eo) = (ee + x * x, oo + y * y, eo + x * y);
    }
    let (var_e, var_o, cov) = (ee - e * e / n, oo - o * o / n, eo - e * o / n);
    if var_o <= n || var_e <= n || cov <= 0.0 {
        return None;
    }
    let gain = cov / var_o;
    Some((gain, (e - gain * o) / n, cov / (var_e * var_o).sqrt()))
}
