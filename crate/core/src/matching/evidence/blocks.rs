//! Where two pictures differ: a copy differs a little everywhere, the next shot of
//! a burst much in one place.

use super::detail::{SIXTEENTHS, fine_detail};
use super::robust;
use crate::examine::pixels::GreyMap;
use crate::model::Size;

/// Blocks along the long edge: 32 × 32 pixels each at 512. Chosen, not measured.
const BLOCKS: u32 = 16;

/// RMS in grey levels of the fine detail shared in a block, at which codecs and
/// resizers add as much difference (in squares) as they leave in a smooth block.
/// With a somewhat larger value, letters on a trail camera's strip fell from 5.4 to
/// 4.1 grey levels, while shots a few pixels apart stayed above 4.6
/// (docs/architecture.md).
const FINE: f64 = 12.0;

/// Steps of the product of two [`fine_detail`]s in one squared grey level.
const FINE_SQUARED: f64 = (GreyMap::LEVEL * SIXTEENTHS) * (GreyMap::LEVEL * SIXTEENTHS);

/// Product of the fine detail of two pictures of one size, pixel by pixel, in
/// squared grey levels: positive where both show the same detail, negative where
/// they contradict each other. `fine` is the [`fine_detail`] of the other picture.
pub(in crate::matching) fn shared_detail(map: &GreyMap, fine: &[i64]) -> Vec<f32> {
    let pairs = fine_detail(map).into_iter().zip(fine);
    pairs.map(|(a, b)| ((a * b) as f64 / FINE_SQUARED) as f32).collect()
}

/// Factor, at least 1, by which the difference may be larger where two pictures
/// share this much fine detail (mean product in squared grey levels).
fn allowed(shared: f64) -> f64 {
    (1.0 + shared.max(0.0) / (FINE * FINE)).sqrt()
}

/// That factor for each pixel, from the detail shared in the 5 × 5 pixels around
/// it.
pub(in crate::matching) fn allowed_near(shared: &[f32], size: Size) -> Vec<f64> {
    let (width, height) = (size.width as usize, size.height as usize);
    let near = |at: usize, of: usize| at.saturating_sub(2)..(at + 3).min(of);
    // Along the rows first, then down the columns.
    let across = |index: usize| {
        let (row, x) = (index / width * width, index % width);
        near(x, width).map(|x| f64::from(shared[row + x])).sum::<f64>()
    };
    let rows: Vec<f64> = (0..shared.len()).map(across).collect();
    let down = |index: usize| {
        let (x, y) = (index % width, index / width);
        near(y, height).map(|y| rows[y * width + x]).sum::<f64>()
    };
    (0..shared.len()).map(|index| allowed(down(index) / 25.0)).collect()
}

/// The block that differs most, in the unit of what was compared (RMS).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::matching) struct Worst {
    /// Each block divided by what its shared fine detail allows.
    pub allowed: f64,
    /// Each block as it is.
    pub bare: f64,
}

/// RMS of the block that differs most, divided by what its shared fine detail
/// allows and as it is, in the unit of `left`: what a fit left over, row by row. Pixels for
/// which `counts` is false are left out; a block of which half or less counts is
/// skipped.
///
/// Letters and twigs differ more between two copies than a sky does, because each
/// resizer rounds edges in its own way. So a block is measured by the detail that
/// both pictures show in it. What moved between two shots is at two places, and is
/// not shared.
pub(in crate::matching) fn worst(
    left: &[f32],
    shared: &[f32],
    counts: impl Fn(usize) -> bool,
    size: Size,
) -> Worst {
    let edge = size.longest().div_ceil(BLOCKS).max(1) as usize;
    let (width, height) = (size.width as usize, size.height as usize);
    let mut worst = Worst::default();
    for top in (0..height).step_by(edge) {
        for start in (0..width).step_by(edge) {
            let (end, bottom) = ((start + edge).min(width), (top + edge).min(height));
            let (mut sum, mut detail, mut count) = (0.0, 0.0, 0u32);
            for index in (top..bottom).flat_map(|y| y * width + start..y * width + end) {
                if counts(index) {
                    sum += f64::from(left[index]).powi(2);
                    detail += f64::from(shared[index]);
                    count += 1;
                }
            }
            if count as usize * 2 > edge * edge {
                let n = f64::from(count);
                worst.bare = worst.bare.max(sum / n);
                worst.allowed = worst.allowed.max(sum / n / allowed(detail / n).powi(2));
            }
        }
    }
    Worst { allowed: worst.allowed.sqrt(), bare: worst.bare.sqrt() }
}

/// Cells along the long edge in which a spot is looked for: 8 × 8 pixels each at 512.
const CELLS: u32 = 64;

/// Grey levels by which the mean of an even cell may differ, and how much more for each grey
/// level of its contrast (standard deviation).
///
/// Every encoder keeps the mean of a block of 8 × 8 pixels to half a step of its first
/// frequency, which is a sixteenth of that step in grey levels: one level at quality 50. A
/// resizer moves an edge by a part of a pixel, which changes the mean by a share of the
/// contrast.
const EVEN_CELL: f64 = 1.0;
const EDGED_CELL: f64 = 0.15;

/// The cell whose mean differs most, as a multiple of what an encoder and a resizer may change:
/// a healed spot or a cleaned lens is too small for a block, and no detail may be missing.
/// `shown` is the exported picture, `left` what the fit left over in grey levels.
pub(in crate::matching) fn spot(shown: &GreyMap, left: &[f32]) -> f64 {
    let (width, height) = (shown.width as usize, shown.height as usize);
    let edge = shown.size().longest().div_ceil(CELLS).max(2) as usize;
    let mut most = 0.0f64;
    // Cells overlap by half.
    for top in (0..=height.saturating_sub(edge)).step_by(edge / 2) {
        for start in (0..=width.saturating_sub(edge)).step_by(edge / 2) {
            let rows = top..(top + edge).min(height);
            let pixels = rows
                .flat_map(|y| y * width + start..(y * width + start + edge).min((y + 1) * width));
            let (mut n, mut apart, mut sum, mut squares) = (0u64, 0.0, 0u64, 0u64);
            for index in pixels {
                let level = u64::from(shown.levels[index]);
                (n, apart) = (n + 1, apart + f64::from(left[index]));
                (sum, squares) = (sum + level, squares + level * level);
            }
            let n = n.max(1) as f64;
            let mean = sum as f64 / n;
            let contrast = (squares as f64 / n - mean * mean).max(0.0).sqrt() / GreyMap::LEVEL;
            most = most.max((apart / n).abs() / (EVEN_CELL + EDGED_CELL * contrast));
        }
    }
    most
}

/// Contrast that a block needs in its weakest direction before its shift is
/// measured: mean square of the slopes, in squared grey levels per pixel (the
/// smaller eigenvalue of the structure tensor; Shi and Tomasi 1994). Blocks below
/// it are skipped. Chosen, not measured.
const SLOPE: f64 = 4.0;

/// How far the blocks of two pictures lie apart, in pixels; 0 if no block has
/// contrast enough. Each block's shift is one step of Lucas and Kanade; the mean
/// shift of all blocks is subtracted, for resizers differ in where they begin; the
/// result is the 80th percentile of what remains.
///
/// `shown` is the picture whose slopes are used, `left` what the fit left over in
/// grey levels. Blocks of a copy lie within a few hundredths of a pixel. Another
/// shot is turned or taken from elsewhere, and its blocks lie apart.
pub(in crate::matching) fn drift(
    shown: &GreyMap,
    left: &[f32],
    counts: impl Fn(usize) -> bool,
) -> f64 {
    let (width, height) = (shown.width as usize, shown.height as usize);
    let edge = width.max(height).div_ceil(BLOCKS as usize).max(1);
    let mut shifts = Vec::new();
    for top in (1..height.saturating_sub(1)).step_by(edge) {
        for start in (1..width.saturating_sub(1)).step_by(edge) {
            let (end, bottom) = ((start + edge).min(width - 1), (top + edge).min(height - 1));
            let pixels = (top..bottom).flat_map(|y| y * width + start..y * width + end);
            shifts.extend(shift(shown, left, pixels.filter(|&index| counts(index))));
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

/// One block's shift across and down in pixels; `None`: it has too little contrast.
fn shift(shown: &GreyMap, left: &[f32], pixels: impl Iterator<Item = usize>) -> Option<(f64, f64)> {
    let [mut n, mut xx, mut xy, mut yy, mut xl, mut yl] = [0.0f64; 6];
    for index in pixels {
        let (x, y) = robust::slope(shown, index);
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
    use crate::examine::pixels::{Plane, Window, shrink_window};
    use crate::matching::scenes;

    /// Nothing fine in 64 × 48 pixels.
    const SIZE: Size = Size::new(64, 48);
    const EVEN: [f32; 64 * 48] = [0.0; 64 * 48];

    /// A scene seen through a window that is moved by parts of a pixel, more on
    /// one side than on the other.
    fn check(moved: u64, want: std::ops::Range<f64>) {
        let scene = scenes::scene(3, 1280, 960);
        let grey = |plane: &Plane, window| shrink_window(plane, window, Size::new(320, 240));
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
            let mut left = vec![1.0; 64 * 48];
            left[at] = 8.0;
            let found = worst(&left, &EVEN, |_| true, SIZE).allowed;
            assert!((found * found - (15.0 + 64.0) / 16.0).abs() < 1e-9, "{found}");
            assert_eq!(worst(&left, &EVEN, |index| index != at, SIZE).allowed, 1.0);
        }
    }

    #[test]
    fn a_healed_spot_is_found_and_an_edge_that_a_resizer_moved_is_none() {
        let even = GreyMap { width: 512, height: 384, levels: vec![90 * 256; 512 * 384] };
        let healed = |index: usize| {
            (200..210).contains(&(index % 512)) && (90..100).contains(&(index / 512))
        };
        let left: Vec<f32> = (0..512 * 384).map(|at| if healed(at) { 5.0 } else { -0.2 }).collect();
        assert!(spot(&even, &left) > 4.0);
        assert!(worst(&left, &vec![0.0; left.len()], |_| true, even.size()).allowed < 2.0);
        let level = |at: u32| if at % 512 < 203 { 40 * 256 } else { 200 * 256 };
        let edge = GreyMap { levels: (0..512 * 384).map(level).collect(), ..even };
        // A quarter of a pixel of 160 levels.
        let left: Vec<f32> =
            (0..512 * 384).map(|at| if at % 512 == 203 { 40.0 } else { 0.0 }).collect();
        assert!(spot(&edge, &left) < 1.0);
    }

    #[test]
    fn more_may_be_left_where_both_show_the_same_letters() {
        let stripes = |by: u32| {
            let lit = |at: u32| ((at % 64 + by) / 2).is_multiple_of(2);
            let level = |at: u32| if lit(at) { 90 * 256 } else { 140 * 256 };
            GreyMap { width: 64, height: 48, levels: (0..64 * 48).map(level).collect() }
        };
        let left = vec![6.0; 64 * 48];
        let worst_beside = |other: &GreyMap| {
            let shared = shared_detail(&stripes(0), &fine_detail(other));
            worst(&left, &shared, |_| true, SIZE)
        };
        let (same, moved) = (worst_beside(&stripes(0)), worst_beside(&stripes(2)));
        assert!(same.allowed < 5.0 && moved.allowed == 6.0, "{same:?} {moved:?}");
        assert_eq!((same.bare, moved.bare), (6.0, 6.0));
    }

    #[test]
    fn a_block_that_hardly_counts_is_none() {
        let hidden = |index: usize| index % 64 >= 3;
        let left: Vec<f32> =
            (0..64 * 48).map(|index| if index % 64 < 4 { 9.0 } else { 1.0 }).collect();
        assert_eq!(worst(&left, &EVEN, hidden, SIZE).allowed, 1.0);
    }
}
