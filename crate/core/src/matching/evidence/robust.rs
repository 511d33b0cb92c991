//! Robust weights for least-squares fits: outliers, such as a drawing or a person
//! who walked through the picture, hardly count. What is an outlier is measured by
//! the usual difference.

use crate::examine::pixels::GreyMap;

/// Bins of the histogram in one grey level.
const BINS: f64 = 16.0;

/// Weight of a difference, 1 to 0 (Geman and McClure 1985): 0.64 at half the
/// `reach`, 0.25 at the reach, 0.01 at three times the reach.
pub(in crate::matching) fn weight(difference: f64, reach: f64) -> f64 {
    let ratio = difference / reach;
    1.0 / ((1.0 + ratio * ratio) * (1.0 + ratio * ratio))
}

/// Median of absolute values in grey levels, in steps of 1/16; 0 of no values, 256
/// at most.
pub(in crate::matching) fn median(sizes: impl Iterator<Item = f64>) -> f64 {
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

/// Slope of a picture across and down, in grey levels per pixel, at a pixel with
/// neighbours on all sides.
pub(in crate::matching) fn slope(map: &GreyMap, at: usize) -> (f64, f64) {
    let level = |index: usize| f64::from(map.levels[index]) / GreyMap::LEVEL;
    let width = map.width as usize;
    ((level(at + 1) - level(at - 1)) / 2.0, (level(at + width) - level(at - width)) / 2.0)
}

/// Mean square of the two slopes.
pub(in crate::matching) fn steepness((across, down): (f64, f64)) -> f64 {
    (across * across + down * down) / 2.0
}

/// Median absolute difference over the pixels that are at least as steep as the
/// mean. Even areas are left out, for two shifted pictures do not differ there: in
/// a picture that is mostly black the median would be zero, and the moon an
/// outlier.
pub(in crate::matching) fn steep_median(
    seen: impl Iterator<Item = ((f64, f64), f64)> + Clone,
) -> f64 {
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
