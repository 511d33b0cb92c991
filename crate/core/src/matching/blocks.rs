//! Where two pictures differ: a copy differs a little everywhere, the next shot
//! of a burst a lot in one place.

use crate::examine::decode::GreyMap;

/// Blocks along the long edge.
const BLOCKS: u32 = 16;

/// RMS of the block that fits worst, in the unit of `left`, which holds what a
/// fit left over, row by row. Pixels that `counts` leaves out are not part of
/// their block; a block of which less than half counts is none.
pub(super) fn worst(
    left: impl Fn(usize) -> f64,
    counts: impl Fn(usize) -> bool,
    (width, height): (u32, u32),
) -> f64 {
    let edge = width.max(height).div_ceil(BLOCKS).max(1) as usize;
    let (width, height) = (width as usize, height as usize);
    let mut worst = 0.0f64;
    for top in (0..height).step_by(edge) {
        for start in (0..width).step_by(edge) {
            let (end, bottom) = ((start + edge).min(width), (top + edge).min(height));
            let (mut sum, mut count) = (0.0, 0);
            for index in (top..bottom).flat_map(|y| y * width + start..y * width + end) {
                if counts(index) {
                    let left = left(index);
                    sum += left * left;
                    count += 1;
                }
            }
            if count * 2 > edge * edge {
                worst = worst.max(sum / count as f64);
            }
        }
    }
    worst.sqrt()
}

/// Contrast that a block needs in every direction before it can tell where it
/// lies: the mean square of its slopes, in grey levels per pixel.
const SLOPE: f64 = 4.0;

/// By how many pixels the blocks of `shown` lie elsewhere than in the picture:
/// the distance that four fifths of them stay below. `left` is what the fit left
/// over, in grey levels. 0 if no block can tell.
///
/// Each block's shift is a step of Lucas and Kanade. A part of a picture made
/// small lies where it lies to a few hundredths of a pixel; another shot is
/// turned, or taken from elsewhere, and its blocks lie apart.
///
/// Resizers differ by a part of a pixel in where they begin: what all blocks have
/// in common does not count.
pub(super) fn drift(shown: &GreyMap, left: &[f32], counts: impl Fn(usize) -> bool) -> f64 {
    let (width, height) = (shown.width as usize, shown.height as usize);
    let edge = width.max(height).div_ceil(BLOCKS as usize).max(1);
    let mut shifts = Vec::new();
    for top in (1..height.saturating_sub(1)).step_by(edge) {
        for start in (1..width.saturating_sub(1)).step_by(edge) {
            let (end, bottom) = ((start + edge).min(width - 1), (top + edge).min(height - 1));
            let pixels = (top..bottom).flat_map(|y| y * width + start..y * width + end);
            shifts.extend(shift(shown, left, pixels.filter(|&index| counts(index)), width));
        }
    }
    let count = shifts.len().max(1) as f64;
    let mean =
        shifts.iter().fold((0.0, 0.0), |sum, by| (sum.0 + by.0 / count, sum.1 + by.1 / count));
    let mut apart: Vec<f64> = shifts
        .iter()
        .map(|by| ((by.0 - mean.0).powi(2) + (by.1 - mean.1).powi(2)).sqrt())
        .collect();
    apart.sort_by(f64::total_cmp);
    apart.get(apart.len() * 4 / 5).copied().unwrap_or(0.0)
}

fn shift(
    shown: &GreyMap,
    left: &[f32],
    pixels: impl Iterator<Item = usize>,
    width: usize,
) -> Option<(f64, f64)> {
    let level = |index: usize| f64::from(shown.levels[index]) / 256.0;
    let [mut n, mut xx, mut xy, mut yy, mut xl, mut yl] = [0.0f64; 6];
    for index in pixels {
        let x = (level(index + 1) - level(index - 1)) / 2.0;
        let y = (level(index + width) - level(index - width)) / 2.0;
        let left = f64::from(left[index]);
        n += 1.0;
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        (xl, yl) = (xl + x * left, yl + y * left);
    }
    // The smaller eigenvalue of the block's slopes.
    let half = (xx + yy) / 2.0;
    let apart = (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt();
    if half - apart < SLOPE * n.max(64.0) {
        return None;
    }
    let det = xx * yy - xy * xy;
    Some(((yy * xl - xy * yl) / det, (xx * yl - xy * xl) / det))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::decode::{Plane, Window, shrink_window};
    use crate::matching::scenes;

    /// A scene seen through a window that is moved by parts of a pixel, more on
    /// one side than on the other.
    fn check(moved: u64, want: std::ops::Range<f64>) {
        let scene = scenes::scene(3, 1280, 960);
        let grey = |plane: &Plane, window| shrink_window(plane, window, 320, 240);
        let still = Window { x: (2560, 325_120), y: (2560, 243_200) };
        let turned = Window { x: (2560 + moved, 325_120), ..still };
        let (shown, other) = (grey(&scene, still), grey(&scene, turned));
        let left: Vec<f32> = (shown.levels.iter().zip(&other.levels))
            .map(|(&a, &b)| (f32::from(b) - f32::from(a)) / 256.0)
            .collect();
        let found = drift(&shown, &left, |_| true);
        assert!(want.contains(&found), "{found}");
    }

    #[test]
    fn a_move_by_a_part_of_a_pixel_is_measured() {
        check(0, 0.0..0.001);
        check(512, 0.2..0.6);
    }

    #[test]
    fn one_bad_block_is_found_wherever_it_is() {
        for at in [0, 5 * 64 + 40, 47 * 64 + 63] {
            let left = |index: usize| if index == at { 8.0 } else { 1.0 };
            let found = worst(left, |_| true, (64, 48));
            assert!((found * found - (15.0 + 64.0) / 16.0).abs() < 1e-9, "{found}");
            assert_eq!(worst(left, |index| index != at, (64, 48)), 1.0);
        }
    }

    #[test]
    fn a_block_that_hardly_counts_is_none() {
        let hidden = |index: usize| index % 64 >= 3;
        let left = |index: usize| if index % 64 < 4 { 9.0 } else { 1.0 };
        assert_eq!(worst(left, hidden, (64, 48)), 1.0);
    }
}
