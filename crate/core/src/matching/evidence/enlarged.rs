//! Whether a large picture was made from a small one: enlarging adds pixels, but no
//! detail.

use super::grid;
use super::resample::{Filter, Levels, resample};
use crate::examine::pixels::Plane;
use crate::model::Size;

/// Grey levels (RMS) of detail just below the size that a picture must show before
/// what lies beyond it says anything: rounding and a second encoding leave about one.
/// Chosen, not measured.
const LEAST: f64 = 2.5;

/// Share of the blocks, those with most detail, that are looked at: a sky has none at
/// any size. Chosen, not measured.
const SHARPEST: usize = 10;

/// Edge of a block in pixels.
const BLOCK: usize = 16;

/// Least [`beyond`] of a picture that was not enlarged from the other. Photos have
/// about as much detail in each doubling of the size (Field 1987), lenses and noise
/// filters leave a third of it in the last; what an enlargement has is the difference
/// between two ways to interpolate, and two encoders' loss. Of 38 photos of the corpus
/// beside copies of 0.4 to 0.95 of their size none had less than 0.46; most copies
/// that were enlarged had less than 0.3 (docs/architecture.md). A copy too many is
/// linked rather than a photo lost.
pub(in crate::matching) const DETAILED: f64 = 0.3;

/// Detail of `large` that enlarging `of` cannot give, as a multiple of what
/// `of` shows within its own last halving. `None`: the first is not larger, or the
/// second shows too little.
pub(in crate::matching) fn beyond(large: &Plane, of: &Plane) -> Option<f64> {
    let within = within(of);
    let lost = lost(large, of)?;
    (within >= LEAST).then(|| lost / within)
}

/// The same where a camera wrote the second: also of soft pictures, for what neither shows
/// makes the larger one no better. Below [`LEAST`] encoders alone make a difference.
pub(in crate::matching) fn beyond_camera(large: &Plane, of: &Plane) -> Option<f64> {
    Some(lost(large, of)? / within(of).max(LEAST))
}

/// Detail of `large` in grey levels (RMS) that enlarging `of` cannot give. `None`: the
/// first is not larger.
fn lost(large: &Plane, of: &Plane) -> Option<f64> {
    let size = of.size();
    let half = Size::new(size.width / 2, size.height / 2);
    (size.longest() < large.size().longest() && half.pixels() > 0).then_some(())?;
    // Further detail says no more, and would fill the memory.
    let full = large.size().within(size.longest().saturating_mul(3) / 2);
    let shown = resample(large, full, Filter::Area);
    let small = resample(of, size, Filter::Area);
    // The large picture scaled down and up again, too: an enlargement loses nothing by
    // that, however soft the filter that made it was.
    let again = resample(large, size, Filter::Lanczos);
    let lost = |from: &Levels, filter| sharpest(&shown.minus(&from.resampled(full, filter)));
    let ways = [Filter::PlainLinear, Filter::PlainCubic, Filter::Lanczos];
    let lost_by = ways.map(|filter| lost(&small, filter)).into_iter().fold(f64::INFINITY, f64::min);
    Some(lost_by.min(lost(&again, Filter::Lanczos)))
}

/// The same, where pixels may have been repeated as well: then each of the large picture's
/// is one of the four of the small one around it, and those in the middle are the small one,
/// but for what encoders left. What was scaled down has mixed pixels at edges.
pub(in crate::matching) fn beyond_repeated(large: &Plane, small: &Plane) -> Option<f64> {
    let within = within(small);
    let smooth = beyond(large, small)?;
    let own = resample(small, small.size(), Filter::Area);
    let mixed = sharpest(&grid::picked(large, small).minus(&own));
    Some(smooth.min(sharpest(&nearest(large, small)).max(mixed) / within))
}

/// Detail of a small picture in its own last halving.
fn within(small: &Plane) -> f64 {
    let size = small.size();
    let half = Size::new(size.width / 2, size.height / 2);
    let own = resample(small, size, Filter::Area);
    let smaller = own.resampled(half, Filter::Area);
    sharpest(&own.minus(&smaller.resampled(size, Filter::PlainCubic)))
}

/// How far each pixel of the large picture lies from the nearest level among the four of
/// the small one around it.
fn nearest(large: &Plane, small: &Plane) -> Levels {
    let places = |of: u32, all: u32| -> Vec<[usize; 2]> {
        let place = |at: u32| {
            let middle = (f64::from(at) + 0.5) * f64::from(of) / f64::from(all) - 0.5;
            let first = middle.floor();
            [first, first + 1.0].map(|at| at.clamp(0.0, f64::from(of - 1)) as usize)
        };
        (0..all).map(place).collect()
    };
    let (columns, rows) = (places(small.width, large.width), places(small.height, large.height));
    let mut levels = Vec::with_capacity(large.grey.len());
    for (y, row) in rows.iter().enumerate() {
        let around = row.map(|row| &small.grey[row * small.width as usize..]);
        let own = &large.grey[y * large.width as usize..];
        levels.extend(columns.iter().zip(own).map(|(column, &own)| {
            let four = around.iter().flat_map(|row| column.map(|x| row[x].abs_diff(own)));
            f32::from(four.min().unwrap_or(0))
        }));
    }
    Levels { width: large.width as usize, height: large.height as usize, levels }
}

/// RMS over the sharpest blocks of what was lost.
fn sharpest(lost: &Levels) -> f64 {
    let (rows, columns) = (lost.height / BLOCK, lost.width / BLOCK);
    let square = |at: usize| {
        let (top, left) = (at / columns * BLOCK, at % columns * BLOCK);
        let row = |y: usize| &lost.levels[(top + y) * lost.width + left..][..BLOCK];
        let sum = |row: &[f32]| row.iter().map(|level| f64::from(level * level)).sum::<f64>();
        (0..BLOCK).map(|y| sum(row(y))).sum::<f64>() / (BLOCK * BLOCK) as f64
    };
    let mut squares: Vec<f64> = (0..rows * columns).map(square).collect();
    squares.sort_unstable_by(|a, b| b.total_cmp(a));
    squares.truncate((squares.len() / SHARPEST).max(1));
    (squares.iter().sum::<f64>() / squares.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes;

    fn at(plane: &Plane, size: Size, filter: Filter) -> Plane {
        rounded(&resample(plane, size, filter))
    }

    fn whole(plane: &Plane) -> Levels {
        resample(plane, plane.size(), Filter::Area)
    }

    fn rounded(of: &Levels) -> Plane {
        let grey = of.levels.iter().map(|level| level.round().clamp(0.0, 255.0) as u8).collect();
        Plane { width: of.width as u32, height: of.height as u32, grey }
    }

    #[test]
    fn an_enlarged_copy_has_no_detail_beyond_the_small_one() {
        let photo = scenes::scene(3, 1200, 900);
        for (small, large) in [((600, 450), (1200, 900)), ((800, 600), (1190, 893))] {
            let small = at(&photo, small.into(), Filter::Area);
            assert!(beyond(&photo, &small).unwrap() > DETAILED);
            for filter in [Filter::PlainLinear, Filter::Cubic, Filter::Lanczos] {
                for softer in 0..3 {
                    // Each blur of the small picture adds what a softer cubic would.
                    let soft = (0..softer).fold(whole(&small), |soft, _| soft.blurred());
                    let enlarged = rounded(&soft.resampled(large.into(), filter));
                    let beyond = beyond(&enlarged, &small).unwrap();
                    assert!(beyond < DETAILED, "{filter:?} {softer} {beyond}");
                }
            }
            assert_eq!(beyond(&small, &photo), None);
        }
    }

    #[test]
    fn a_copy_with_repeated_pixels_was_taken_for_a_photo() {
        let photo = scenes::scene(3, 1200, 900);
        let small = at(&photo, Size::new(600, 450), Filter::Area);
        assert!(beyond_repeated(&photo, &small).unwrap() > DETAILED);
        for (width, height) in [(780, 585), (900, 675), (1200, 900)] {
            let pixel = |x: u32, y: u32| {
                let (x, y) = ((2 * x + 1) * 300 / width, (2 * y + 1) * 225 / height);
                small.grey[(y * 600 + x) as usize]
            };
            let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            let grey = places.map(|(x, y)| pixel(x, y)).collect();
            let found = beyond_repeated(&Plane { width, height, grey }, &small).unwrap();
            assert!(found < 0.01, "{width} {found}");
        }
    }
}
