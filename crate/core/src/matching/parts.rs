//! Which originals a cropped, mirrored or otherwise changed picture could come
//! from, by miniatures alone: every original is looked at through a few hundred
//! windows, coarsely, and the best are looked at again more finely.

use rayon::prelude::*;

use super::align::Cut;
use super::edited::Guess;
use crate::model::Miniature;

/// What a crop may take from a side in the coarse search. Windows between two
/// steps still look alike: a cell of the coarse grid is an eighth of an edge.
const LOSSES: [f64; 4] = [0.0, 0.05, 0.10, 0.15];

/// Cells along an edge, coarsely and finely.
const COARSE: usize = 8;
const FINE: usize = 16;

/// Correlation of the coarse grids from which on an original is looked at
/// again, times [`UNIT`]: a drawing over a seventh of a picture leaves more.
const COARSE_LIKENESS: i32 = (0.6 * UNIT as f64) as i32;

/// Squared length of a coarse grid's vector; 64 entries fit in 16 bits.
const UNIT: i32 = 1 << 16;

/// Originals per picture that are looked at again.
const LOOKED_AT: usize = 16;

/// Least likeness (0 to 1) in the fine grid.
const FINE_LIKENESS: f64 = 0.88;

/// Cells of the fine grid that may differ for whatever reason, as under a
/// drawing.
const SPARED: usize = FINE * FINE / 5;

/// Most by which the shapes of window and picture may differ: the edges of the
/// coarse windows are up to 2.5 % off on either side.
const SHAPE: f64 = 0.09;

/// Originals searched by one task.
const CHUNK: usize = 128;

/// A picture whose original is searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub miniature: &'a Miniature,
    /// Pixels, after orientation.
    pub size: (u32, u32),
}

/// An original that could be behind a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Original<'a> {
    pub unit: u32,
    pub miniature: &'a Miniature,
    pub size: (u32, u32),
}

/// An original and where the picture could come from in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub unit: u32,
    pub guess: Guess,
    /// Correlation without the cells that fit worst, 0 to 1.
    pub likeness: f64,
}

/// Searches for every picture; the most similar originals first.
pub(super) fn search(wanted: &[Wanted<'_>], originals: &[Original<'_>]) -> Vec<Vec<Found>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let asked: Vec<Asked> = wanted.iter().map(Asked::new).collect();
    let windows: Vec<(Cut, Grid<COARSE>)> =
        windows().into_iter().map(|cut| (cut, Grid::over(cut))).collect();
    let parts: Vec<Vec<Vec<Coarse>>> =
        originals.par_chunks(CHUNK).map(|chunk| coarse(&asked, chunk, &windows)).collect();
    let mut best: Vec<Vec<Coarse>> = vec![Vec::new(); wanted.len()];
    for part in parts {
        best.iter_mut().zip(part).for_each(|(best, part)| best.extend(part));
    }
    let by_unit: std::collections::BTreeMap<u32, &Miniature> =
        originals.iter().map(|original| (original.unit, original.miniature)).collect();
    best.into_par_iter()
        .zip(wanted)
        .map(|(mut best, wanted)| {
            shorten(&mut best);
            let look = |coarse: &Coarse| fine(wanted, by_unit.get(&coarse.unit)?, coarse);
            let mut found: Vec<Found> = best.iter().filter_map(look).collect();
            found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.unit.cmp(&b.unit)));
            found
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Coarse {
    score: i32,
    unit: u32,
    guess: Guess,
}

fn shorten(best: &mut Vec<Coarse>) {
    let order = |a: &Coarse, b: &Coarse| {
        b.score.cmp(&a.score).then((a.unit, a.guess.mirrored).cmp(&(b.unit, b.guess.mirrored)))
    };
    best.sort_by(order);
    best.truncate(LOOKED_AT);
}

/// A picture's vectors: as it is, and mirrored.
struct Asked {
    vectors: [Option<[i16; COARSE * COARSE]>; 2],
    aspect: f64,
}

impl Asked {
    fn new(wanted: &Wanted<'_>) -> Self {
        let cells = Grid::<COARSE>::over(Cut::WHOLE).cells(&Sums::of(wanted.miniature));
        let mut mirrored = cells.clone();
        mirrored.chunks_exact_mut(COARSE).for_each(<[f64]>::reverse);
        Self { vectors: [vector(&cells), vector(&mirrored)], aspect: aspect(wanted.size) }
    }
}

fn is_close(aspect: f64, asked: f64) -> bool {
    (aspect / asked - 1.0).abs() <= SHAPE
}

fn aspect(size: (u32, u32)) -> f64 {
    f64::from(size.0.max(1)) / f64::from(size.1.max(1))
}

fn windows() -> Vec<Cut> {
    let pairs = || LOSSES.into_iter().flat_map(|from| LOSSES.map(|to| (from, 1.0 - to)));
    pairs().flat_map(|x| pairs().map(move |y| Cut { x, y })).collect()
}

/// The best windows of a few originals for every picture.
fn coarse(
    asked: &[Asked],
    originals: &[Original<'_>],
    windows: &[(Cut, Grid<COARSE>)],
) -> Vec<Vec<Coarse>> {
    let mut best: Vec<Vec<Coarse>> = vec![Vec::new(); asked.len()];
    // A chat's pictures have a few shapes.
    let mut shapes: Vec<f64> = asked.iter().map(|asked| asked.aspect).collect();
    shapes.sort_by(f64::total_cmp);
    shapes.dedup();
    for original in originals {
        let sums = Sums::of(original.miniature);
        let shape = aspect(original.size);
        let seen: Vec<(Cut, f64, [i16; COARSE * COARSE])> = windows
            .iter()
            .filter_map(|(cut, grid)| {
                let aspect = shape * (cut.x.1 - cut.x.0) / (cut.y.1 - cut.y.0);
                let is_asked = shapes.iter().any(|shape| is_close(aspect, *shape));
                let vector = is_asked.then(|| vector(&grid.cells(&sums))).flatten()?;
                Some((*cut, aspect, vector))
            })
            .collect();
        for (asked, best) in asked.iter().zip(&mut best) {
            let fitting = seen.iter().filter(|(_, aspect, _)| is_close(*aspect, asked.aspect));
            // Drawings can make the wrong side of a picture look the better one.
            for (mirrored, own) in [false, true].into_iter().zip(&asked.vectors) {
                let scored = fitting.clone().filter_map(|(cut, _, vector)| {
                    let guess = Guess { cut: *cut, mirrored };
                    Some(Coarse { score: dot(own.as_ref()?, vector), unit: original.unit, guess })
                });
                let top = scored.max_by_key(|coarse| coarse.score);
                best.extend(top.filter(|coarse| coarse.score >= COARSE_LIKENESS));
            }
        }
    }
    best.iter_mut().for_each(shorten);
    best
}

fn dot(a: &[i16; COARSE * COARSE], b: &[i16; COARSE * COARSE]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// The grid without its mean, as a vector whose squared length is [`UNIT`];
/// `None` if it is even.
fn vector(cells: &[f64]) -> Option<[i16; COARSE * COARSE]> {
    let mean = cells.iter().sum::<f64>() / cells.len() as f64;
    let square: f64 = cells.iter().map(|cell| (cell - mean) * (cell - mean)).sum();
    if square < 64.0 {
        return None;
    }
    let scale = (f64::from(UNIT) / square).sqrt();
    let mut vector = [0; COARSE * COARSE];
    for (entry, cell) in vector.iter_mut().zip(cells) {
        // Rounded: `round` is a call of its own where the processor has none.
        let exact = (cell - mean) * scale;
        *entry = (exact + 0.5f64.copysign(exact)) as i16;
    }
    Some(vector)
}

/// Sums over everything above and left of each pixel.
struct Sums([[u32; Miniature::EDGE + 1]; Miniature::EDGE + 1]);

impl Sums {
    fn of(miniature: &Miniature) -> Self {
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
struct Grid<const N: usize> {
    x: Vec<(usize, f64)>,
    y: Vec<(usize, f64)>,
    /// Pixels of a cell.
    area: f64,
}

impl<const N: usize> Grid<N> {
    fn over(cut: Cut) -> Self {
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
    fn cells(&self, sums: &Sums) -> Vec<f64> {
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

/// Moves the window's edges as long as the picture fits better.
fn fine(wanted: &Wanted<'_>, original: &Miniature, coarse: &Coarse) -> Option<Found> {
    let mut own = Grid::<FINE>::over(Cut::WHOLE).cells(&Sums::of(wanted.miniature));
    if coarse.guess.mirrored {
        own.chunks_exact_mut(FINE).for_each(<[f64]>::reverse);
    }
    let sums = Sums::of(original);
    let likeness = |cut: Cut| likeness(&own, &Grid::<FINE>::over(cut).cells(&sums));
    let mut best = (likeness(coarse.guess.cut), coarse.guess.cut);
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
    let guess = Guess { cut: best.1, ..coarse.guess };
    (best.0 >= FINE_LIKENESS).then_some(Found { unit: coarse.unit, guess, likeness: best.0 })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright disc in the dark, seen through a cut.
    fn moon(from: f64, to: f64) -> Miniature {
        let level = |at: usize| {
            let place = |at: usize| from + (to - from) * (at as f64 + 0.5) / Miniature::EDGE as f64;
            let (x, y) = (place(at % Miniature::EDGE) - 0.5, place(at / Miniature::EDGE) - 0.5);
            if x.hypot(y) < 0.11 { 210 } else { 6 }
        };
        Miniature((0..Miniature::EDGE * Miniature::EDGE).map(level).collect())
    }

    #[test]
    fn a_crop_is_found_whose_picture_lies_in_a_few_cells() {
        let (whole, part) = (moon(0.0, 1.0), moon(0.07, 0.97));
        let size = (1600, 1600);
        let wanted = [Wanted { miniature: &part, size }];
        let found = search(&wanted, &[Original { unit: 3, miniature: &whole, size }]);
        // As it is and mirrored, for a disc is even.
        assert!(found[0].iter().any(|found| found.unit == 3 && !found.guess.mirrored));
    }
}
