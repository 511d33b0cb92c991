//! Fits that a drawing, or somebody who walked through the picture, must not
//! pull: weights and the usual difference that they are measured by.

use crate::examine::decode::GreyMap;

/// Steps of a [`GreyMap`] in one grey level.
const LEVEL: f64 = 256.0;

/// Bins in one grey level.
const BINS: f64 = 16.0;

/// What a difference counts (Geman and McClure 1985): one of half the `reach` two
/// thirds, one of three times the reach a hundredth.
pub(super) fn weight(difference: f64, reach: f64) -> f64 {
    let ratio = difference / reach;
    1.0 / ((1.0 + ratio * ratio) * (1.0 + ratio * ratio))
}

/// The median of sizes in grey levels, to a sixteenth of a level; 0 of none.
pub(super) fn median(sizes: impl Iterator<Item = f64>) -> f64 {
    let mut counts = [0u32; 4096];
    let mut all = 0;
    for size in sizes {
        counts[((size.abs() * BINS) as usize).min(4095)] += 1;
        all += 1;
    }
    let mut seen = 0;
    let middle = counts.iter().position(|count| {
        seen += count;
        seen > all / 2
    });
    middle.map_or(0.0, |bin| (bin as f64 + 0.5) / BINS)
}

/// Grey levels by which a picture rises from one pixel to the next, across and
/// down, at a pixel that has neighbours on all sides.
pub(super) fn slope(map: &GreyMap, at: usize) -> (f64, f64) {
    let level = |index: usize| f64::from(map.levels[index]) / LEVEL;
    let width = map.width as usize;
    ((level(at + 1) - level(at - 1)) / 2.0, (level(at + width) - level(at - width)) / 2.0)
}

/// Mean square of two slopes.
pub(super) fn steepness((across, down): (f64, f64)) -> f64 {
    (across * across + down * down) / 2.0
}

/// The median difference where the picture is steeper than in the mean: where it
/// is even, two pictures that lie apart do not differ, and the moon on a black sky
/// would be an outlier.
pub(super) fn steep_median(seen: impl Iterator<Item = ((f64, f64), f64)> + Clone) -> f64 {
    let (sum, count) = (seen.clone())
        .fold((0.0, 0.0), |(sum, count), (slope, _)| (sum + steepness(slope), count + 1.0));
    let mean = sum / f64::max(count, 1.0);
    median(seen.filter(|(slope, _)| steepness(*slope) >= mean).map(|(_, difference)| difference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert!((median([9.0, -1.0, 2.0, 300.0, 0.5].into_iter()) - 2.0).abs() < 0.04);
        assert_eq!(median(std::iter::empty()), 0.0);
    }

    #[test]
    fn what_is_even_has_no_word_in_it() {
        let even = std::iter::repeat_n(((0.0, 0.0), 0.0), 900);
        let edge = std::iter::repeat_n(((8.0, 0.0), 5.0), 9);
        assert!((steep_median(even.chain(edge)) - 5.0).abs() < 0.04);
    }

    #[test]
    fn far_differences_hardly_count() {
        assert!((weight(0.5, 1.0) - 0.64).abs() < 1e-9);
        assert!(weight(3.0, 1.0) <= 0.01);
    }
}
