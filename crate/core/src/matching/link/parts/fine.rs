//! A closer look at one original: the window's edges are moved as long as the
//! picture fits better.

use super::grid::{Grid, Sums};
use crate::matching::evidence::align::Cut;
use crate::matching::evidence::edited::Guess;
use crate::model::Miniature;

/// Cells along an edge of the fine grid.
const FINE: usize = 16;

/// Cells of the fine grid.
const CELLS: usize = FINE * FINE;

/// Least likeness (0 to 1) in the fine grid.
const FINE_LIKENESS: f64 = 0.88;

/// Cells of the fine grid that may differ for whatever reason, as under a
/// drawing.
const SPARED: usize = CELLS / 5;

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
    let (mut gain, mut offset, mut share) = line(exported, original, &[true; CELLS])?;
    for _ in 0..2 {
        let off = |(x, y): (&f64, &f64)| (x - gain * y - offset).abs();
        let counted = nearest(exported.iter().zip(original).map(off), spared);
        (gain, offset, share) = line(exported, original, &counted)?;
    }
    Some(share)
}

/// Which cells are left without so many that are furthest off; of equal ones the first
/// go.
fn nearest(off: impl Iterator<Item = f64>, spared: usize) -> [bool; CELLS] {
    // One number for each cell, the greater the further off it is: numbers without a
    // sign are in the order of their bits. The last eight bits of 52 hold the cell.
    let mut order = [0u64; CELLS];
    for ((cell, order), off) in (0u64..).zip(&mut order).zip(off) {
        *order = (off.to_bits() & !0xFF) | (0xFF - cell);
    }
    let mut counted = [true; CELLS];
    if let Some(least) = CELLS.checked_sub(spared).filter(|at| *at < CELLS) {
        order.select_nth_unstable(least);
        order[least..].iter().for_each(|one| counted[0xFF - (one & 0xFF) as usize] = false);
    }
    counted
}

/// Gain, offset and correlation of a line through the cells that count.
fn line(exported: &[f64], original: &[f64], counted: &[bool; CELLS]) -> Option<(f64, f64, f64)> {
    let [mut n, mut e, mut o, mut ee, mut oo, mut eo] = [0.0f64; 6];
    for ((&x, &y), &is) in exported.iter().zip(original).zip(counted) {
        // Multiplied instead of left out: no branch.
        let weight = f64::from(u8::from(is));
        let (wx, wy) = (weight * x, weight * y);
        n += weight;
        (e, o) = (e + wx, o + wy);
        (ee, oo, eo) = (ee + wx * x, oo + wy * y, eo + wx * y);
    }
    let (var_e, var_o, cov) = (ee - e * e / n, oo - o * o / n, eo - e * o / n);
    if var_o <= n || var_e <= n || cov <= 0.0 {
        return None;
    }
    let gain = cov / var_o;
    Some((gain, (e - gain * o) / n, cov / (var_e * var_o).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_that_are_furthest_off_are_spared_the_first_of_equal_ones() {
        let off = |cell: usize| [3.0f64, 0.5, 7.25, 0.0, 7.25][cell % 5];
        for spared in [0, 1, 51, 60, 200, CELLS] {
            let mut order: Vec<usize> = (0..CELLS).collect();
            order.sort_by(|&a, &b| off(b).total_cmp(&off(a)).then(a.cmp(&b)));
            let mut want = [true; CELLS];
            order[..spared].iter().for_each(|&cell| want[cell] = false);
            assert_eq!(nearest((0..CELLS).map(off), spared), want, "{spared}");
        }
    }
}
