//! Where two pictures differ: a copy differs a little everywhere, the next shot
//! of a burst a lot in one place.

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

#[cfg(test)]
mod tests {
    use super::*;

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
