//! A miniature seen through a window, as a grid of cells.

use crate::matching::evidence::align::Cut;
use crate::model::Miniature;

/// Sums over everything above and left of each pixel.
pub(super) struct Sums([[u32; Miniature::EDGE + 1]; Miniature::EDGE + 1]);

impl Sums {
    pub(super) fn of(miniature: &Miniature) -> Self {
        let mut sums = [[0u32; Miniature::EDGE + 1]; Miniature::EDGE + 1];
        let rows = miniature.0.chunks_exact(Miniature::EDGE).take(Miniature::EDGE);
        for (y, row) in rows.enumerate() {
            let mut across = 0;
            for (x, &level) in row.iter().enumerate() {
                across += u32::from(level);
                sums[y + 1][x + 1] = sums[y][x + 1] + across;
            }
        }
        Self(sums)
    }

    /// The sum up to a place between pixels.
    fn up_to(&self, (left, share): (usize, f64), (top, below): (usize, f64)) -> f64 {
        let right = (left + 1).min(Miniature::EDGE);
        let bottom = (top + 1).min(Miniature::EDGE);
        let at = |y: usize, x: usize| f64::from(self.0[y][x]);
        let upper = at(top, left) * (1.0 - share) + at(top, right) * share;
        let lower = at(bottom, left) * (1.0 - share) + at(bottom, right) * share;
        upper * (1.0 - below) + lower * below
    }
}

/// Where the lines of `N × N` cells over a window lie in a miniature: the pixel,
/// and how far in it.
pub(super) struct Grid<const N: usize> {
    x: Vec<(usize, f64)>,
    y: Vec<(usize, f64)>,
    /// Pixels of a cell.
    area: f64,
}

impl<const N: usize> Grid<N> {
    pub(super) fn over(cut: Cut) -> Self {
        let edge = |(from, to): (f64, f64)| (to - from) * Miniature::EDGE as f64 / N as f64;
        let lines = |(from, to): (f64, f64)| {
            let line = |line: usize| {
                let at = (from + (to - from) * line as f64 / N as f64) * Miniature::EDGE as f64;
                let at = at.clamp(0.0, Miniature::EDGE as f64);
                (at as usize, at - at.floor())
            };
            (0..=N).map(line).collect()
        };
        Self { x: lines(cut.x), y: lines(cut.y), area: edge(cut.x) * edge(cut.y) }
    }

    /// The mean of each cell, row by row.
    pub(super) fn cells(&self, sums: &Sums) -> Vec<f64> {
        let mut cells = Vec::with_capacity(N * N);
        let line = |y: (usize, f64)| move |&x: &(usize, f64)| sums.up_to(x, y);
        let mut above: Vec<f64> = self.x.iter().map(line(self.y[0])).collect();
        let mut below = above.clone();
        for &y in &self.y[1..] {
            below.iter_mut().zip(&self.x).for_each(|(below, x)| *below = line(y)(x));
            let corners = above.windows(2).zip(below.windows(2));
            cells.extend(corners.map(|(a, b)| (b[1] - a[1] - b[0] + a[0]) / self.area));
            std::mem::swap(&mut above, &mut below);
        }
        cells
    }
}
