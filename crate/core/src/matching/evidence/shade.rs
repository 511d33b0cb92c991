//! A picture as its copy shows it: made lighter or darker as a whole.

use super::solve::Normal;
use crate::examine::pixels::Plane;

/// Pixels among which the shade is fitted. More do not change it. Chosen, not measured.
const SAMPLES: usize = 50_000;

/// Rounds of the fit, each of which counts less what the last one left over: something may
/// have moved. Chosen, not measured.
const ROUNDS: usize = 4;

/// Grey levels at which a screen ends: what lies there was cut off.
const SHOWN: std::ops::RangeInclusive<u8> = 6..=249;

/// The levels of an original at the brightness and contrast of a copy that is as large.
pub(super) fn shaded(original: &Plane, copy: &Plane) -> Vec<f32> {
    let [gain, offset] = fitted(original, copy).map(|term| term as f32);
    let level = |&level: &u8| (gain * f32::from(level) + offset).clamp(0.0, 255.0);
    original.grey.iter().map(level).collect()
}

/// Gain and offset.
fn fitted(original: &Plane, copy: &Plane) -> [f64; 2] {
    let every = (copy.grey.len() / SAMPLES).max(1);
    let pairs = original.grey.iter().zip(&copy.grey).step_by(every);
    let shown = |(a, b): &(&u8, &u8)| SHOWN.contains(*a) && SHOWN.contains(*b);
    let pairs: Vec<(f64, f64)> =
        pairs.filter(shown).map(|(a, b)| (f64::from(*a), f64::from(*b))).collect();
    let mut line = [1.0, 0.0];
    if pairs.len() < 2 {
        return line;
    }
    for round in 0..ROUNDS {
        let left = |(a, b): &(f64, f64)| b - line[0] * a - line[1];
        let mut sizes: Vec<f64> = pairs.iter().map(|pair| left(pair).abs()).collect();
        let middle = sizes.len() / 2;
        let median = *sizes.select_nth_unstable_by(middle, f64::total_cmp).1;
        let spread = 1.48 * median + 0.5;
        let mut normal = Normal::<2>::new();
        for pair in &pairs {
            // Cauchy's weights; the first round knows nothing yet.
            let far = if round == 0 { 0.0 } else { left(pair) / (3.0 * spread) };
            normal.add(&[pair.0, 1.0], pair.1, 1.0 / (1.0 + far * far));
        }
        line = normal.solve(RIDGE);
    }
    line
}

/// Added to the diagonal, relative to it, where the picture is even.
const RIDGE: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes;

    #[test]
    fn a_lighter_copy_is_met_although_a_part_of_it_moved() {
        let original = scenes::scene(2, 400, 300);
        let mut copy = original.clone();
        for (at, level) in copy.grey.iter_mut().enumerate() {
            let own = f64::from(if at % 400 < 60 { original.grey[at + 100] } else { *level });
            *level = (1.1 * own + 12.0).round().clamp(0.0, 255.0) as u8;
        }
        let found = shaded(&original, &copy);
        let apart = |at: usize| (found[at] - f32::from(copy.grey[at])).abs();
        let still = (0..found.len()).filter(|at| at % 400 >= 60);
        assert!(still.map(apart).fold(0.0, f32::max) < 1.0);
    }
}
