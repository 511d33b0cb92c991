//! Which originals are looked at for a picture of a large library: those whose cells are
//! bright and dark where its own are, through the window that fits best. One bit for each
//! cell, so that a pair costs a hundredth of a look.

use super::grid::{Grid, Sums};
use super::original::{Original, is_close};
use super::vector::COARSE;
use crate::matching::evidence::align::Cut;

/// Originals that are looked at for one picture: its cost then does not grow with the library.
/// Cells whose correlation is `r` lie on one side of their means but for a share of
/// `arccos(r) / π`: of a crop or a filter (0.9 and more) at most 9 bits of 64 are others,
/// of a drawing over a seventh (0.6) 19, of a stranger 32, through its best window some 20.
/// That no more than this many strangers are nearer is chosen, not measured.
pub(super) const NEAREST: usize = 256;

/// Pairs that are sifted at the cost of one look (estimated: 80 windows fit a shape, and two
/// bit counts for each take 2 nanoseconds).
pub(super) const PAIRS: usize = 64;

/// Which cells are brighter than the mean, row by row, and the same mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bright {
    own: u64,
    mirrored: u64,
}

impl Bright {
    pub(super) fn of(cells: &[f64]) -> Self {
        let own = bits(cells);
        // Each byte is a row.
        let mirrored = own.to_le_bytes().map(u8::reverse_bits);
        Self { own, mirrored: u64::from_le_bytes(mirrored) }
    }

    /// Fewest cells that differ from those of a window, as the picture is or mirrored.
    fn apart(self, windows: &[u64]) -> u32 {
        let one = |window: &u64| {
            let (own, mirrored) = (self.own ^ window, self.mirrored ^ window);
            own.count_ones().min(mirrored.count_ones())
        };
        windows.iter().map(one).min().unwrap_or(u64::BITS)
    }
}

fn bits(cells: &[f64]) -> u64 {
    let mean = cells.iter().sum::<f64>() / cells.len().max(1) as f64;
    let bit = |(at, cell): (usize, &f64)| u64::from(*cell > mean) << at;
    cells.iter().take(COARSE * COARSE).enumerate().map(bit).sum()
}

/// Cells of an original through the windows that fit each shape.
pub(super) fn bright_through(
    original: &Original<'_>,
    shapes: &[f64],
    windows: &[(Cut, Grid<COARSE>)],
) -> Vec<Vec<u64>> {
    let sums = Sums::of(original.miniature);
    let mut bright = vec![Vec::new(); shapes.len()];
    for (cut, grid) in windows {
        let aspect = original.size.aspect() * (cut.x.1 - cut.x.0) / (cut.y.1 - cut.y.0);
        if shapes.iter().any(|shape| is_close(aspect, *shape)) {
            let bits = bits(&grid.cells(&sums));
            let fitting = shapes.iter().zip(&mut bright);
            fitting
                .filter(|(shape, _)| is_close(aspect, **shape))
                .for_each(|(_, all)| all.push(bits));
        }
    }
    bright
}

/// The nearest originals of one picture so far: cells that differ, and the original's place.
#[derive(Debug, Clone, Default)]
pub(super) struct Nearest(Vec<(u32, usize)>);

impl Nearest {
    /// Originals at this distance or further cannot be among them any more, if they come
    /// behind those seen so far.
    pub(super) fn limit(&self) -> u32 {
        match self.0.len() >= NEAREST {
            true => self.0[NEAREST - 1].0,
            false => u64::BITS,
        }
    }

    /// Takes more, all behind those seen so far.
    pub(super) fn extend(&mut self, found: impl Iterator<Item = (u32, usize)>) {
        let before = self.0.len();
        self.0.extend(found);
        if self.0.len() > before {
            self.0.sort_unstable();
            self.0.truncate(NEAREST);
        }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(_, place)| *place)
    }
}

/// How far a picture is from an original, if any window fits its shape.
pub(super) fn apart(bright: Option<Bright>, windows: &[u64]) -> Option<u32> {
    bright.filter(|_| !windows.is_empty()).map(|bright| bright.apart(windows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_near_itself_and_its_mirror_image() {
        let cells: Vec<f64> = (0..64).map(|at| ((at * at + 3 * at) % 37) as f64).collect();
        let mirrored: Vec<f64> =
            cells.chunks(8).flat_map(|row| row.iter().rev().copied()).collect();
        let bright = Bright::of(&cells);
        assert_eq!(bright.apart(&[bits(&cells)]), 0);
        assert_eq!(bright.apart(&[!bits(&mirrored), bits(&mirrored)]), 0);
        assert_eq!(apart(Some(bright), &[]), None);
    }

    #[test]
    fn the_nearest_stay_however_they_come() {
        let all = |from: usize, to: usize| (from..to).map(|at| ((at * 7919 % 61) as u32, at));
        let mut once = Nearest::default();
        once.extend(all(0, 2000));
        let mut parts = Nearest::default();
        for from in (0..2000).step_by(100) {
            let limit = parts.limit();
            parts.extend(all(from, from + 100).filter(|(apart, _)| *apart < limit));
        }
        assert_eq!(once.0.len(), NEAREST);
        assert!(once.places().eq(parts.places()));
    }
}
