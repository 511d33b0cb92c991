//! Sums over rectangles of a picture, each in four look-ups.

use std::ops::Range;

use crate::model::Size;

/// For each pixel the sum over all above and left of it.
pub(super) struct Sums {
    sums: Vec<f64>,
    size: Size,
}

impl Sums {
    /// Sums of a value of each pixel, which are counted row by row.
    pub(super) fn of(size: Size, value: impl Fn(usize) -> f64) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let across = width + 1;
        let mut sums = vec![0.0; across * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += value(y * width + x);
                sums[(y + 1) * across + x + 1] = sums[y * across + x + 1] + row;
            }
        }
        Self { sums, size }
    }

    /// The sum over a rectangle inside the picture.
    pub(super) fn within(&self, x: Range<usize>, y: Range<usize>) -> f64 {
        let at = |x: usize, y: usize| self.sums[y * (self.size.width as usize + 1) + x];
        at(x.end, y.end) - at(x.end, y.start) - at(x.start, y.end) + at(x.start, y.start)
    }

    /// The mean over the pixels at most `reach` away across and down, as far as they lie
    /// in the picture. `None`: the pixel itself does not.
    pub(super) fn mean(&self, (x, y): (isize, isize), reach: usize) -> Option<f64> {
        let span = |at: isize, of: u32| {
            let at = usize::try_from(at).ok().filter(|&at| at < of as usize)?;
            Some(at.saturating_sub(reach)..(at + reach + 1).min(of as usize))
        };
        let (x, y) = (span(x, self.size.width)?, span(y, self.size.height)?);
        let count = x.len() * y.len();
        Some(self.within(x, y) / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_is_summed_and_averaged() {
        let sums = Sums::of(Size::new(4, 3), |at| at as f64);
        assert_eq!(sums.within(1..3, 1..3), 5.0 + 6.0 + 9.0 + 10.0);
        assert_eq!(sums.mean((1, 1), 1), Some(5.0));
        assert_eq!(sums.mean((0, 0), 1), Some((1.0 + 4.0 + 5.0) / 4.0));
        assert_eq!(sums.mean((4, 0), 1), None);
    }
}
