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

/// Scales `source`, whose levels `shown` turns into what is averaged. Down the
/// columns first: that sum runs along rows.
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
        levels.reserve_exact(new_width * new_height);
        let columns = taps(width, new_width, filter);
        let mut sums = vec![0.0f32; width];
        for row in taps(height, new_height, filter) {
            sums.fill(0.0);
            for (at, share) in (row.first..).zip(&row.shares) {
                let old = &source[at * width..(at + 1) * width];
                sums.iter_mut().zip(old).for_each(|(sum, &level)| *sum += share * shown(level));
            }
            levels.extend(columns.iter().map(|column| {
                let under = &sums[column.first..column.first + column.shares.len()];
                under.iter().zip(&column.shares).map(|(sum, share)| sum * share).sum::<f32>()
            }));
        }
    }
    Levels { width: new_width, height: new_height, levels }
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
        let mut across = Vec::with_capacity(self.levels.len());
        for row in self.levels.chunks_exact(width.max(1)) {
            let at = |x: usize| row[x.min(width - 1)];
            across.extend(
                (0..width).map(|x| (at(x.saturating_sub(1)) + 2.0 * at(x) + at(x + 1)) / 4.0),
            );
        }
        let row = |y: usize| &across[y.min(height - 1) * width..][..width];
        let mut levels = Vec::with_capacity(self.levels.len());
        for y in 0..height {
            let (above, here, below) = (row(y.saturating_sub(1)), row(y), row(y + 1));
            let three = above.iter().zip(here).zip(below);
            levels.extend(three.map(|((above, here), below)| (above + 2.0 * here + below) / 4.0));
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
