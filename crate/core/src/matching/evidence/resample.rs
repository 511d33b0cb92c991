//! What the usual programs make of a picture when they scale it to another size.
//!
//! Own code on purpose, as `examine/pixels/shrink.rs` is: every sum is made in a
//! fixed order from additions and multiplications alone, so that each machine finds
//! the same levels; resizing libraries choose their arithmetic by the processor.

use std::f64::consts::PI;

use crate::examine::pixels::Plane;
use crate::model::Size;

/// Grey levels (0 to 255, and beyond where a filter overshoots), row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Levels {
    pub width: usize,
    pub height: usize,
    pub levels: Vec<f32>,
}

/// How a program weighs the pixels around a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// The mean over the area of the new pixel.
    Area,
    /// A triangle as wide as two new pixels.
    Triangle,
    /// The cubic of Catmull and Rom, as wide as four new pixels.
    Cubic,
    /// Lanczos' window of three lobes, as wide as six new pixels.
    Lanczos,
    /// Between the two nearest pixels, however far the picture is scaled down.
    PlainLinear,
    /// Between the four nearest pixels, likewise.
    PlainCubic,
}

impl Filter {
    /// Half its width, in new pixels, or in old ones where it is plain.
    fn reach(self) -> f64 {
        match self {
            Self::Area => 0.5,
            Self::Triangle | Self::PlainLinear => 1.0,
            Self::Cubic | Self::PlainCubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    fn is_plain(self) -> bool {
        matches!(self, Self::PlainLinear | Self::PlainCubic)
    }

    fn weight(self, at: f64) -> f64 {
        let x = at.abs();
        match self {
            Self::Area => 1.0,
            Self::Triangle | Self::PlainLinear => (1.0 - x).max(0.0),
            Self::Cubic | Self::PlainCubic if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::Cubic | Self::PlainCubic if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Lanczos if x < 3.0 => sinc(x) * sinc(x / 3.0),
            _ => 0.0,
        }
    }
}

/// `sin(πx) / πx`, by `libm`: the system's sine is not the same to the last bit on
/// every machine.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

/// The old pixels under a new one: the first, and the share of each.
struct Taps {
    first: usize,
    shares: Vec<f32>,
}

/// The taps of every new pixel along one edge.
fn taps(old: usize, new: usize, filter: Filter) -> Vec<Taps> {
    let scale = old as f64 / new as f64;
    let stretch = if filter.is_plain() { 1.0 } else { scale.max(1.0) };
    let one = |at: usize| {
        let middle = (at as f64 + 0.5) * scale;
        let (from, to) = (middle - filter.reach() * stretch, middle + filter.reach() * stretch);
        let first = (from.floor().max(0.0) as usize).min(old - 1);
        let last = (to.ceil().max(1.0) as usize).clamp(first + 1, old);
        let weight = |pixel: usize| match filter {
            Filter::Area => (to.min(pixel as f64 + 1.0) - from.max(pixel as f64)).max(0.0),
            _ => filter.weight((pixel as f64 + 0.5 - middle) / stretch),
        };
        let weights: Vec<f64> = (first..last).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        Taps { first, shares: weights.iter().map(|weight| (weight / sum) as f32).collect() }
    };
    (0..new).map(one).collect()
}

/// Rows of the new picture that are made together: side by side, so that the sums
/// across them run over all at once.
const STRIP: usize = 8;

/// Scales `source`, whose levels `shown` turns into what is averaged. Down the
/// columns first: that sum runs along rows. Each sum is made in the order of the
/// pixels, whatever runs beside it.
fn scaled<T: Copy>(
    (source, width): (&[T], usize),
    size: Size,
    filter: Filter,
    shown: impl Fn(T) -> f32,
) -> Levels {
    let (new_width, new_height) = (size.width as usize, size.height as usize);
    let height = source.len() / width.max(1);
    let mut levels = Vec::new();
    if width > 0 && height > 0 && size.pixels() > 0 {
        levels = vec![0.0; new_width * new_height];
        let (columns, rows) = (taps(width, new_width, filter), taps(height, new_height, filter));
        let mut old = Rows::of(width, &rows);
        let mut sums = vec![0.0f32; width];
        let mut strip = vec![[0.0f32; STRIP]; width];
        for (rows, levels) in rows.chunks(STRIP).zip(levels.chunks_mut(new_width * STRIP)) {
            for (place, row) in rows.iter().enumerate() {
                sums.fill(0.0);
                for (at, share) in (row.first..).zip(&row.shares) {
                    let old = old.row(at, &source[at * width..][..width], &shown);
                    sums.iter_mut().zip(old).for_each(|(sum, level)| *sum += share * level);
                }
                strip.iter_mut().zip(&sums).for_each(|(strip, sum)| strip[place] = *sum);
            }
            across(&strip, &columns, levels);
        }
    }
    Levels { width: new_width, height: new_height, levels }
}

/// Scales a strip of rows across, into the rows of `levels`.
fn across(strip: &[[f32; STRIP]], columns: &[Taps], levels: &mut [f32]) {
    for (x, column) in columns.iter().enumerate() {
        let mut sums = [0.0f32; STRIP];
        for (under, share) in strip[column.first..].iter().zip(&column.shares) {
            sums.iter_mut().zip(under).for_each(|(sum, level)| *sum += level * share);
        }
        let rows = levels.iter_mut().skip(x).step_by(columns.len());
        rows.zip(sums).for_each(|(level, sum)| *level = sum);
    }
}

/// The old rows used last, as what is averaged: each is turned into that once.
struct Rows {
    width: usize,
    /// Which row each place holds.
    held: Vec<usize>,
    levels: Vec<f32>,
}

impl Rows {
    /// Room for all rows under one new row.
    fn of(width: usize, rows: &[Taps]) -> Self {
        let room = rows.iter().map(|row| row.shares.len()).max().unwrap_or(1);
        Self { width, held: vec![usize::MAX; room], levels: vec![0.0; room * width] }
    }

    fn row<T: Copy>(&mut self, at: usize, old: &[T], shown: impl Fn(T) -> f32) -> &[f32] {
        let place = at % self.held.len();
        let levels = &mut self.levels[place * self.width..][..self.width];
        if self.held[place] != at {
            self.held[place] = at;
            levels.iter_mut().zip(old).for_each(|(level, old)| *level = shown(*old));
        }
        levels
    }
}

/// A picture at another size.
pub(super) fn resample(plane: &Plane, size: Size, filter: Filter) -> Levels {
    scaled((&plane.grey, plane.width as usize), size, filter, f32::from)
}

/// The mean over each new pixel's area, of light instead of levels: programs that
/// scale so take a level for the square root of its light, or nearly (sRGB is a
/// power of 2.2).
pub(super) fn in_light(plane: &Plane, size: Size) -> Levels {
    let light = |level: u8| f32::from(level) * f32::from(level);
    let mut mean = scaled((&plane.grey, plane.width as usize), size, Filter::Area, light);
    mean.levels.iter_mut().for_each(|level| *level = level.max(0.0).sqrt());
    mean
}

impl Levels {
    /// At another size.
    pub(super) fn resampled(&self, size: Size, filter: Filter) -> Self {
        scaled((&self.levels, self.width), size, filter, |level| level)
    }

    /// Blurred once by (1, 2, 1)/4 along both edges: a variance of half a pixel.
    pub(super) fn blurred(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let three = |((one, two), three): ((&f32, &f32), &f32)| (one + 2.0 * two + three) / 4.0;
        let mut across = self.levels.clone();
        for (row, own) in
            across.chunks_exact_mut(width.max(1)).zip(self.levels.chunks_exact(width.max(1)))
        {
            // At its edges a picture goes on as its last pixel.
            let second = own[1.min(width - 1)];
            let last_but_one = own[width.saturating_sub(2)];
            row[0] = three(((&own[0], &own[0]), &second));
            row[width - 1] = three(((&last_but_one, &own[width - 1]), &own[width - 1]));
            if let [_, inner @ .., _] = row {
                let around = own.iter().zip(&own[1..]).zip(&own[2..]);
                inner.iter_mut().zip(around).for_each(|(level, of)| *level = three(of));
            }
        }
        let row = |y: usize| &across[y.min(height - 1) * width..][..width];
        let mut levels = Vec::with_capacity(self.levels.len());
        for y in 0..height {
            let (above, here, below) = (row(y.saturating_sub(1)), row(y), row(y + 1));
            levels.extend(above.iter().zip(here).zip(below).map(three));
        }
        Self { levels, ..*self }
    }

    /// Level by level, less another of the same size.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let levels = self.levels.iter().zip(&other.levels).map(|(own, other)| own - other);
        Self { levels: levels.collect(), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes;

    #[test]
    fn a_level_stays_the_same_through_every_filter() {
        let flat = Plane { width: 90, height: 70, grey: vec![77; 90 * 70] };
        let filters = [
            Filter::Area,
            Filter::Triangle,
            Filter::Cubic,
            Filter::Lanczos,
            Filter::PlainLinear,
            Filter::PlainCubic,
        ];
        for filter in filters {
            for size in [Size::new(31, 24), Size::new(200, 155)] {
                let levels = resample(&flat, size, filter).levels;
                assert_eq!(levels.len() as u64, size.pixels());
                assert!(levels.iter().all(|level| (level - 77.0).abs() < 0.01), "{filter:?}");
            }
        }
        assert!(in_light(&flat, Size::new(31, 24)).levels.iter().all(|l| (l - 77.0).abs() < 0.01));
    }

    #[test]
    fn the_mean_over_areas_is_that_of_the_one_filter_of_the_proof() {
        let scene = scenes::scene(5, 300, 220);
        let size = Size::new(113, 83);
        let exact = crate::examine::pixels::shrink(&scene, size);
        let own = resample(&scene, size, Filter::Area);
        let apart = own.levels.iter().zip(&exact.levels);
        assert!(apart.clone().all(|(own, &exact)| (own - f32::from(exact) / 256.0).abs() < 0.05));
    }
}
