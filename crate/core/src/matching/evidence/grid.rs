//! Whether a picture holds the steps of another file's encoder: then it was made of that file.
//!
//! **The model.** A JPEG keeps each frequency of a block of 8 × 8 pixels as a whole number of steps. What is decoded and stored again, losslessly or
//! finely, still has its frequencies near those multiples, off by the rounding of pixels and by the new file's own, finer steps; so has a copy that was
//! enlarged, once it is scaled back. Before it was encoded a picture has frequencies of any size, large ones more rarely than small ones: the
//! mean of `cos(2π · frequency / step)` over those beyond a quarter of a step is then negative, for each step has first the half that counts against.
//! Around multiples with an error of `σ` it is `exp(-2π²σ² / step²)`: 0.8 at a tenth of a step, 0.14 at three tenths.

use std::f64::consts::TAU;

use super::quantised::{BLOCK, BLOCK_PIXELS, block, cosines};
use super::resample::{Filter, Levels, resample};
use crate::examine::pixels::{Grid, Plane, Whole};
use crate::matching::gates;

/// Least clustering of a picture that was made of the other. Of 36 files of three photos at four qualities, stored again at quality 100 or without loss, it was
/// 0.19 at least; of pictures that were there before, 0.05 at most, and of those that were scaled down −0.12 at most (docs/architecture.md).
pub(in crate::matching) const CLUSTERED: f64 = 0.1;

/// Fewest frequencies that tell anything: their mean spreads by `√(1 / 2n)`, a twentieth of [`CLUSTERED`] times six with 2,000. Derived.
const FEWEST: u64 = 2000;

/// Smallest step, in grey levels of the frequency, whose numbers are not blurred by the rounding
/// of pixels (a standard deviation of half a level in two programs). Derived.
const LEAST_STEP: u16 = 4;

/// Most of a step that the first's own may have: with more, nearly every number of its steps is
/// one that the old steps give. Chosen, not measured.
const FINER: f64 = 0.8;

/// Least share of the frequencies of what was stored again that are as predicted: by luma alone
/// it was 0.95 at least, of what was there before 0.76 at most (the test below); colours that
/// were rounded in between cost some.
pub(in crate::matching) const STORED_AGAIN: f64 = 0.85;

/// Most blocks that are looked at, spread over the picture: more do not change it. Chosen, not measured.
const BLOCKS: usize = 16_384;

/// Share of a step by which the two neighbours differ that must fit less well, one at least: another encoder's steps may lie near these.
const NEIGHBOUR: f64 = 0.125;

/// How much the frequencies of the first cluster at the steps of the second, −2 to 1. `None`: the second is no JPEG, or is larger, or too little is there.
pub(in crate::matching) fn clustering(first: &Whole, second: &Whole) -> Option<f64> {
    let (grid, size) = (second.grid?, second.luma.size());
    let large = first.luma.size();
    if large == size {
        // The first's own steps are multiples of themselves: where they are not half as
        // large at most, they may be taken for the second's.
        let same = first.grid.filter(|own| (own.left, own.top) == (grid.left, grid.top));
        return measured(&whole(&first.luma), &grid, same.map(|own| own.steps));
    }
    let larger = large.width >= size.width && large.height >= size.height;
    (larger && gates::same_shape(large, size)).then_some(())?;
    let ways = [resample(&first.luma, size, Filter::Lanczos), picked(&first.luma, &second.luma)];
    ways.iter().filter_map(|way| measured(way, &grid, None)).reduce(f64::max)
}

/// Share of the frequencies of the first, 0 to 1, that are those of the second rounded to the
/// first's steps. `None`: they are not two JPEGs of one size and grid, the first has no finer
/// steps, or too little is there.
///
/// **The model.** Storing a JPEG again rounds whole numbers of its steps to whole numbers of
/// others: which ones is known, but where the rounding of pixels comes in the way. With finer
/// steps every multiple of the old ones becomes one of the new ones, and the others stay empty.
/// A picture that was there before has them all: of its numbers of steps beyond one no more are
/// as predicted than there are old steps for the new ones.
pub(in crate::matching) fn stored_again(first: &Whole, second: &Whole) -> Option<f64> {
    let (own, grid) = (first.grid?, second.grid?);
    let alike = first.luma.size() == second.luma.size();
    (alike && (own.left, own.top) == (grid.left, grid.top)).then_some(())?;
    let finer = |at: &usize| {
        let (own, old) = (own.steps[*at], grid.steps[*at]);
        own >= LEAST_STEP && f64::from(own) <= FINER * f64::from(old)
    };
    let told: Vec<usize> = (1..BLOCK_PIXELS).filter(finer).collect();
    let (one, other) = (whole(&first.luma), whole(&second.luma));
    let steps =
        |frequency: f32, of: &Grid, at: usize| (frequency / f32::from(of.steps[at])).round();
    let (mut as_predicted, mut count) = (0u64, 0u64);
    for rows in places(&one, &grid) {
        let found = cosines(&block(rows, |at| one.levels[at]));
        let before = cosines(&block(rows, |at| other.levels[at]));
        for &at in &told {
            let held = steps(before[at], &grid, at) * f32::from(grid.steps[at]);
            let (found, predicted) = (steps(found[at], &own, at), steps(held, &own, at));
            count += u64::from(found != 0.0 || predicted != 0.0);
            as_predicted += u64::from(found == predicted && found != 0.0);
        }
    }
    (count >= FEWEST).then(|| as_predicted as f64 / count as f64)
}

fn whole(plane: &Plane) -> Levels {
    let levels = plane.grey.iter().map(|&level| f32::from(level)).collect();
    Levels { width: plane.width as usize, height: plane.height as usize, levels }
}

/// The pixels of a large picture in the middle of a small one's: what repeating pixels made.
pub(super) fn picked(large: &Plane, small: &Plane) -> Levels {
    let middle = |at: usize, of: u32, all: u32| {
        let double = (2 * at as u64 + 1) * u64::from(all);
        (double / (2 * u64::from(of).max(1))) as usize
    };
    let (width, height) = (small.width as usize, small.height as usize);
    let columns: Vec<usize> = (0..width).map(|x| middle(x, small.width, large.width)).collect();
    let mut levels = Vec::with_capacity(width * height);
    for y in 0..height {
        let row = &large.grey[middle(y, small.height, large.height) * large.width as usize..];
        levels.extend(columns.iter().map(|&x| f32::from(row[x])));
    }
    Levels { width, height, levels }
}

/// The clustering of levels that have the grid's size.
fn measured(levels: &Levels, grid: &Grid, own: Option<[u16; BLOCK_PIXELS]>) -> Option<f64> {
    let tells = |at: &usize| {
        let step = grid.steps[*at];
        let coarser = own.is_none_or(|own| own[*at].saturating_mul(2) <= step);
        *at > 0 && step > 1 && coarser
    };
    let told: Vec<(usize, Periods)> =
        (0..BLOCK_PIXELS).filter(tells).map(|at| (at, Periods::of(grid.steps[at]))).collect();
    let mut sums = vec![[0.0; 3]; told.len()];
    let mut count = 0u64;
    for rows in places(levels, grid) {
        let found = cosines(&block(rows, |at| levels.levels[at]));
        for ((at, periods), sums) in told.iter().zip(&mut sums) {
            count += u64::from(periods.add(f64::from(found[*at]), sums));
        }
    }
    let over = |[own, less, more]: &[f64; 3]| own - less.max(*more).max(0.0);
    let total: f64 = sums.iter().map(over).sum();
    (count >= FEWEST).then(|| total / count as f64)
}

/// A step, and two that are nearly as large.
struct Periods {
    quarter: f64,
    turns: [f64; 3],
}

impl Periods {
    fn of(step: u16) -> Self {
        let step = f64::from(step);
        let near = (step * NEIGHBOUR).max(1.0);
        Self { quarter: step / 4.0, turns: [step, step - near, step + near].map(|of| TAU / of) }
    }

    /// Adds a frequency; false: it is too small to tell anything.
    fn add(&self, frequency: f64, sums: &mut [f64; 3]) -> bool {
        let counts = frequency.abs() > self.quarter;
        if counts {
            sums.iter_mut()
                .zip(self.turns)
                .for_each(|(sum, turn)| *sum += libm::cos(frequency * turn));
        }
        counts
    }
}

/// The rows of whole blocks on the grid, at most [`BLOCKS`] of them.
fn places(levels: &Levels, grid: &Grid) -> impl Iterator<Item = [usize; BLOCK]> {
    let (left, top) = (grid.left as usize, grid.top as usize);
    let columns = levels.width.saturating_sub(left) / BLOCK;
    let rows = levels.height.saturating_sub(top) / BLOCK;
    let every = (columns * rows).div_ceil(BLOCKS).max(1);
    let width = levels.width;
    (0..columns * rows).step_by(every).map(move |number| {
        let (x, y) = (left + number % columns * BLOCK, top + number / columns * BLOCK);
        std::array::from_fn(|row| (y + row) * width + x)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::pixels;
    use crate::matching::evidence::resample::resample;
    use crate::matching::scenes;
    use crate::model::Size;
    use crate::settings::Limits;

    /// A photo with texture of every size, as a camera's noise and leaves have it.
    fn photo() -> Plane {
        let mut plane = scenes::scene(3, 640, 480);
        let mut random = scenes::Random(77);
        let noise: Vec<f64> = (0..plane.grey.len()).map(|_| random.unit() * 50.0 - 25.0).collect();
        for (at, level) in plane.grey.iter_mut().enumerate() {
            let near = [at, at + 1, at + 640, at + 641].map(|at| noise[at % noise.len()]);
            *level = (f64::from(*level) + near.iter().sum::<f64>() / 2.0).clamp(0.0, 255.0) as u8;
        }
        plane
    }

    fn stored(plane: &Plane, quality: u8) -> Whole {
        pixels::whole(&scenes::jpeg(plane, quality), &Limits::default()).unwrap()
    }

    fn lossless(luma: &Plane) -> Whole {
        Whole { luma: luma.clone(), steps: None, grid: None }
    }

    fn scaled(plane: &Plane, size: Size, filter: Filter) -> Plane {
        let of = resample(plane, size, filter);
        let grey = of.levels.iter().map(|level| level.round().clamp(0.0, 255.0) as u8).collect();
        Plane { width: size.width, height: size.height, grey }
    }

    #[test]
    fn what_was_stored_again_holds_the_steps_and_what_was_there_before_does_not() {
        let photo = photo();
        for quality in [75, 85, 92] {
            let own = stored(&photo, quality);
            for copy in [lossless(&own.luma), stored(&own.luma, 100)] {
                let found = clustering(&copy, &own).unwrap();
                assert!(found > CLUSTERED, "quality {quality}: {found}");
            }
            for before in [lossless(&photo), stored(&photo, 100), stored(&photo, 98)] {
                let found = clustering(&before, &own).unwrap_or(0.0);
                assert!(found < 0.0, "quality {quality}: {found}");
            }
        }
    }

    #[test]
    fn what_was_stored_again_with_steps_nearly_as_coarse_is_told_by_their_numbers() {
        let photo = photo();
        for (before, after) in [(56, 78), (60, 70), (63, 78), (70, 78), (80, 85)] {
            let sent = stored(&photo, before);
            let again = stored_again(&stored(&sent.luma, after), &sent).unwrap();
            let first = stored_again(&stored(&photo, after), &sent).unwrap();
            assert!(
                again >= STORED_AGAIN && first < STORED_AGAIN,
                "{before} {after}: {again} {first}"
            );
            // A chat's own encoding of what another one had stored with finer steps.
            let parent = stored(&photo, after);
            let child = stored(&parent.luma, before);
            let first = stored_again(&parent, &child).unwrap();
            assert!(first < STORED_AGAIN, "{before} of {after}: {first}");
        }
    }

    #[test]
    fn what_another_encoder_left_is_not_taken_for_the_steps() {
        let photo = photo();
        for quality in [78, 88, 93] {
            let before = lossless(&stored(&photo, quality + 3).luma);
            let found = clustering(&before, &stored(&before.luma, quality)).unwrap_or(0.0);
            assert!(found < CLUSTERED, "quality {quality}: {found}");
        }
    }

    #[test]
    fn an_enlarged_copy_holds_the_steps_and_a_photo_that_was_scaled_down_does_not() {
        let photo = photo();
        let own = stored(&photo, 85);
        for (width, height) in [(832, 624), (1280, 960)] {
            let large = scaled(&own.luma, Size::new(width, height), Filter::Lanczos);
            let found = clustering(&stored(&large, 95), &own).unwrap();
            assert!(found > CLUSTERED, "{width} {found}");
        }
        let small = stored(&scaled(&photo, Size::new(480, 360), Filter::Lanczos), 85);
        let found = clustering(&lossless(&photo), &small).unwrap();
        assert!(found < 0.0, "{found}");
        assert_eq!(clustering(&small, &own), None);
    }
}
