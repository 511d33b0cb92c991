//! The finest detail of a small picture.

use crate::examine::pixels::GreyMap;

/// Parts of a step in what [`fine_detail`] gives.
pub(in crate::matching) const SIXTEENTHS: f64 = 16.0;

/// Each pixel minus a binomial blur over 3 × 3 pixels, in 1/16 of a step of the
/// [`GreyMap`].
pub(in crate::matching) fn fine_detail(map: &GreyMap) -> Vec<i64> {
    let (width, height) = (map.width as usize, map.height as usize);
    let at = |x: usize, y: usize| i64::from(map.levels[y * width + x]);
    let mut fine = Vec::with_capacity(map.levels.len());
    for y in 0..height {
        let rows = [(y.saturating_sub(1), 1), (y, 2), ((y + 1).min(height - 1), 1)];
        for x in 0..width {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let across = |row| at(left, row) + 2 * at(x, row) + at(right, row);
            let blurred: i64 = rows.iter().map(|&(row, weight)| weight * across(row)).sum();
            fine.push(16 * at(x, y) - blurred);
        }
    }
    fine
}
