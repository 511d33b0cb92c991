//! How much two small grey pictures of one size differ after a fit of brightness
//! and contrast: the measure that proves a match.

use serde::{Deserialize, Serialize};

use super::blocks;
use super::detail::{SIXTEENTHS, fine_detail};
use super::motion::{self, Motion};
use super::tint::Tint;
use crate::examine::pixels::GreyMap;
use crate::model::{Miniature, Size};

/// Long edge in pixels at which pictures are compared; a picture sent with less
/// than twice that is compared at half its size (`Trial::target`). Limits in grey
/// levels hold at this size. Every shortlisted original is compared at it at once:
/// decoding the best two a second time would cost more than the larger size does
/// (docs/architecture.md).
pub(in crate::matching) const COMPARED_EDGE: u32 = 512;

/// Share of its finest detail that the original may lose (negative) or gain in the
/// fit, because the chat used another filter than ours; larger shares are clamped.
/// A bilinear filter at 1080 pixels takes up to a third, a sharp one adds a little.
/// Without this choice strict kept 12 true copies of the corpus unlinked, balanced
/// 4 (docs/architecture.md).
///
/// It lowers the residual of a wrong picture by a fifth at most (the test below):
/// balanced's 2.8 with it is 3.5 without it, and the nearest wrong picture that was
/// ever measured was at 3.9.
const SHARPNESS: std::ops::RangeInclusive<f64> = -0.35..=0.15;

/// Residual (RMS in grey levels) above which worst block, drift and motion are not
/// measured: no mode accepts it (loose allows 6.9 at most).
pub(super) const FAR: f64 = 8.0;

/// What a least-squares fit of one picture on another measured; grey levels (0 to
/// 255) unless another unit is named.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::matching) struct Fit {
    /// RMS of what the fit leaves over.
    pub residual: f64,
    /// The same in the block that differs most, divided by what letters may differ by
    /// ([`blocks::worst`]).
    pub worst_block: f64,
    /// The same of each block as it is.
    pub bare_block: f64,
    /// How much the mean of the cell differs that differs most, as a multiple of what encoders
    /// and resizers may change ([`blocks::spot`]).
    pub spot: f64,
    /// How far the blocks lie apart, in pixels ([`blocks::drift`]).
    pub drift: f64,
    /// How far the camera moved.
    pub motion: Motion,
    /// Factor from the original's grey levels to the exported ones.
    pub gain: f64,
    /// Standard deviation of the exported picture after a quadratic surface is
    /// subtracted: the detail by which it can prove anything. A smooth sky has
    /// none.
    pub detail: f64,
    /// Detail of the original that is missing from one part of a sent picture
    /// ([`super::bare::most`]); set by the caller, not by the fit.
    pub missing: f64,
    /// How the colours differ; set by the caller, not by the fit.
    pub tint: Tint,
}

/// Gain and residual of a line from the original's levels to the exported ones.
#[derive(Clone, Copy)]
struct Line {
    gain: f64,
    residual: f64,
}

/// Fits `exported ≈ gain · original + offset`. `None`: the sizes differ, or
/// there are no pixels.
fn line(exported: &GreyMap, original: &GreyMap) -> Option<Line> {
    let same_size = exported.size() == original.size();
    let line = line_through(&exported.levels, &original.levels).filter(|_| same_size)?;
    Some(Line { residual: line.residual / GreyMap::LEVEL, ..line })
}

/// The same on bare levels, in their steps.
///
/// The sums are whole numbers, so the result is the same on every machine.
fn line_through<L: Copy + Into<u64>>(exported: &[L], original: &[L]) -> Option<Line> {
    let count = exported.len() as u64;
    if count == 0 || original.len() as u64 != count {
        return None;
    }
    let (mut sum_e, mut sum_o, mut sum_ee, mut sum_oo, mut sum_eo) = (0u64, 0u64, 0u64, 0u64, 0u64);
    for (&e, &o) in exported.iter().zip(original) {
        let (e, o): (u64, u64) = (e.into(), o.into());
        sum_e += e;
        sum_o += o;
        sum_ee += e * e;
        sum_oo += o * o;
        sum_eo += e * o;
    }
    let n = count as f64;
    let covariance = |ab: u64, a: u64, b: u64| ab as f64 / n - (a as f64 / n) * (b as f64 / n);
    let var_e = covariance(sum_ee, sum_e, sum_e).max(0.0);
    let var_o = covariance(sum_oo, sum_o, sum_o).max(0.0);
    let cov = covariance(sum_eo, sum_e, sum_o);
    let gain = if var_o > 0.0 { cov / var_o } else { 0.0 };
    Some(Line { gain, residual: (var_e - gain * cov).max(0.0).sqrt() })
}

/// Residual of two miniatures in grey levels. `None`: one is damaged.
pub(in crate::matching) fn coarse(exported: &Miniature, original: &Miniature) -> Option<f64> {
    line_through(&exported.0, &original.0).map(|line| line.residual)
}

/// The fit of a line, with the measures of what it leaves over; above [`FAR`] those
/// are skipped. `shown` are the original's levels as they were fitted, `fine` is
/// its [`fine_detail`].
fn measured(exported: &GreyMap, fine: &[i64], line: Line, shown: impl Fn(usize) -> f64) -> Fit {
    let far = Fit {
        residual: line.residual,
        worst_block: line.residual,
        bare_block: line.residual,
        spot: 0.0,
        drift: 0.0,
        motion: Motion::default(),
        gain: line.gain,
        detail: detail(exported),
        missing: 0.0,
        tint: Tint::default(),
    };
    if line.residual > FAR {
        return far;
    }
    let left = left_over(exported, shown, line.gain);
    let shared = blocks::shared_detail(exported, fine);
    let worst = blocks::worst(&left, &shared, |_| true, exported.size());
    Fit {
        worst_block: worst.allowed,
        bare_block: worst.bare,
        spot: blocks::spot(exported, &left),
        drift: blocks::drift(exported, &left, |_| true),
        motion: motion::motion(exported, &left, |_| true),
        ..far
    }
}

/// Standard deviation in grey levels after a quadratic surface is subtracted; 0 for
/// an empty picture.
pub(in crate::matching) fn detail(map: &GreyMap) -> f64 {
    let n = map.levels.len().max(1) as f64;
    let sum: u64 = map.levels.iter().map(|&level| u64::from(level)).sum();
    let squares: u64 = map.levels.iter().map(|&level| u64::from(level) * u64::from(level)).sum();
    let variance = squares as f64 / n - (sum as f64 / n) * (sum as f64 / n);
    (variance - smooth_variance(map)).max(0.0).sqrt() / GreyMap::LEVEL
}

/// Fits an original on a picture that a chat scaled down with an unknown filter:
/// the original may be softer or sharper within [`SHARPNESS`].
pub(in crate::matching) fn fit_sent(exported: &GreyMap, original: &GreyMap) -> Option<Fit> {
    let plain = line(exported, original)?;
    let fine = fine_detail(original);
    let level = |at: usize| f64::from(original.levels[at]);
    let sharper = sharpened(exported, original, &fine);
    Some(match sharper.filter(|(line, _)| line.residual < plain.residual) {
        Some((line, share)) => {
            let sharper = |at| level(at) + share * fine[at] as f64 / SIXTEENTHS;
            measured(exported, &fine, line, sharper)
        }
        None => measured(exported, &fine, plain, level),
    })
}

/// The line from the original with a share of its fine detail added, and that
/// share. `None` if no share helps.
fn sharpened(exported: &GreyMap, original: &GreyMap, fine: &[i64]) -> Option<(Line, f64)> {
    let n = fine.len() as f64;
    let [mut sum_e, mut sum_o, mut sum_f, mut ee, mut oo, mut ff, mut eo, mut ef, mut of] =
        [0i64; 9];
    for ((&e, &o), &f) in exported.levels.iter().zip(&original.levels).zip(fine) {
        let (e, o) = (i64::from(e), i64::from(o));
        (sum_e, sum_o, sum_f) = (sum_e + e, sum_o + o, sum_f + f);
        (ee, oo, ff) = (ee + e * e, oo + o * o, ff + f * f);
        (eo, ef, of) = (eo + e * o, ef + e * f, of + o * f);
    }
    let covariance = |ab: i64, a: i64, b: i64| ab as f64 / n - (a as f64 / n) * (b as f64 / n);
    let (var_e, var_o) = (covariance(ee, sum_e, sum_e), covariance(oo, sum_o, sum_o));
    let (cov_eo, cov_of) =
        (covariance(eo, sum_e, sum_o), covariance(of, sum_o, sum_f) / SIXTEENTHS);
    let (var_f, cov_ef) = (
        covariance(ff, sum_f, sum_f) / SIXTEENTHS.powi(2),
        covariance(ef, sum_e, sum_f) / SIXTEENTHS,
    );
    // Least squares for `gain · (original + share · fine)`.
    let on_original = cov_eo * var_f - cov_ef * cov_of;
    let on_fine = cov_ef * var_o - cov_eo * cov_of;
    if on_original <= 0.0 {
        return None;
    }
    let share = (on_fine / on_original).clamp(*SHARPNESS.start(), *SHARPNESS.end());
    let var = var_o + 2.0 * share * cov_of + share * share * var_f;
    let cov = cov_eo + share * cov_ef;
    let residual = |cov: f64| (var_e - cov * cov / var).max(0.0).sqrt() / GreyMap::LEVEL;
    (var > 0.0).then(|| (Line { gain: cov / var, residual: residual(cov) }, share))
}

/// What `gain · shown`, shifted to the exported picture's mean, leaves over in grey
/// levels.
fn left_over(exported: &GreyMap, shown: impl Fn(usize) -> f64, gain: f64) -> Vec<f32> {
    let count = exported.levels.len();
    let apart = |index: usize| f64::from(exported.levels[index]) - gain * shown(index);
    let mean = (0..count).map(apart).sum::<f64>() / count as f64;
    (0..count).map(|at| ((apart(at) - mean) / GreyMap::LEVEL) as f32).collect()
}

/// Fits two files of one picture in both directions and returns the better fit:
/// either may be the softer one.
pub(in crate::matching) fn fit_copies(a: &GreyMap, b: &GreyMap) -> Option<Fit> {
    let (there, back) = (fit_sent(a, b)?, fit_sent(b, a)?);
    Some(if back.residual < there.residual { back } else { there })
}

/// Factor, at least 1, by which noise is larger at the compared size than at 512
/// pixels: each pixel there is an average over fewer.
pub(in crate::matching) fn noise(size: Size) -> f64 {
    (f64::from(COMPARED_EDGE) / f64::from(size.longest().max(1))).max(1.0)
}

/// The variance that a quadratic surface explains. On a full grid the
/// functions x, y, xy, x² − mean and y² − mean are orthogonal to each other and
/// to 1, so each is projected on by itself.
fn smooth_variance(map: &GreyMap) -> f64 {
    let xs = centred(map.width);
    let ys = centred(map.height);
    let (mean_xx, mean_yy) = (mean_square(&xs), mean_square(&ys));
    let mut sums = [0.0f64; 5];
    let mut norms = [0.0f64; 5];
    for (row, y) in map.levels.chunks_exact(map.width as usize).zip(&ys) {
        for (&level, x) in row.iter().zip(&xs) {
            let basis = [*x, *y, x * y, x * x - mean_xx, y * y - mean_yy];
            for ((sum, norm), value) in sums.iter_mut().zip(&mut norms).zip(basis) {
                *sum += value * f64::from(level);
                *norm += value * value;
            }
        }
    }
    let explained = sums.iter().zip(norms).filter(|(_, norm)| *norm > 0.0);
    explained.map(|(sum, norm)| sum * sum / norm).sum::<f64>() / map.levels.len() as f64
}

/// Positions −1 to 1, symmetric around 0.
fn centred(count: u32) -> Vec<f64> {
    let half = f64::from(count.max(2) - 1) / 2.0;
    (0..count).map(|at| (f64::from(at) - half) / half).collect()
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::pixels::{Plane, shrink};
    use crate::matching::scenes;

    /// The fit without a choice of sharpness.
    fn fit(exported: &GreyMap, original: &GreyMap) -> Option<Fit> {
        let level = |at: usize| f64::from(original.levels[at]);
        Some(measured(exported, &fine_detail(original), line(exported, original)?, level))
    }

    fn whole(plane: &Plane) -> GreyMap {
        shrink(plane, plane.size())
    }

    fn scene(seed: u64, step: u32) -> GreyMap {
        whole(&scenes::shifted(seed, 160, 120, step))
    }

    #[test]
    fn gain_and_offset_do_not_count() {
        let plane = scenes::scene(7, 160, 120);
        let grey = plane.grey.iter().map(|&g| (f64::from(g) * 0.8 + 20.0).round() as u8).collect();
        let fit = fit(&whole(&Plane { grey, ..plane.clone() }), &whole(&plane)).unwrap();
        assert!(fit.residual < 0.35, "{fit:?}");
        assert!((fit.gain - 0.8).abs() < 0.01, "{fit:?}");
    }

    #[test]
    fn other_scenes_and_a_step_of_one_pixel_do_count() {
        assert!(fit(&scene(7, 0), &scene(8, 0)).unwrap().residual > 6.0);
        assert!(fit(&scene(7, 0), &scene(7, 1)).unwrap().residual > 3.0);
    }

    #[test]
    fn a_softer_filter_does_not_count_but_a_step_does() {
        let sharp = scene(7, 0);
        let soft = fine_detail(&sharp);
        let levels = sharp.levels.iter().zip(&soft);
        let levels = levels.map(|(&level, fine)| (i64::from(level) - fine * 3 / 160) as u16);
        let soft = GreyMap { levels: levels.collect(), ..sharp.clone() };
        let (plain, sent) = (fit(&soft, &sharp).unwrap(), fit_sent(&soft, &sharp).unwrap());
        assert!(sent.residual < 0.1 && plain.residual > 3.0 * sent.residual, "{plain:?} {sent:?}");
        for other in [scene(7, 1), scene(8, 0)] {
            let (plain, sent) = (fit(&sharp, &other).unwrap(), fit_sent(&sharp, &other).unwrap());
            assert!(sent.residual >= 0.8 * plain.residual, "{plain:?} {sent:?}");
        }
    }

    #[test]
    fn a_flat_original_explains_nothing() {
        let flat = GreyMap { width: 160, height: 120, levels: vec![90 * 256; 160 * 120] };
        let fit = fit(&scene(7, 0), &flat).unwrap();
        assert!(fit.residual > 6.0 && fit.gain == 0.0, "{fit:?}");
    }

    #[test]
    fn a_sky_has_contrast_but_no_detail() {
        let grey = (0..120u32).flat_map(|y| (0..160u32).map(move |x| (y + x / 4) as u8)).collect();
        let sky = whole(&Plane { width: 160, height: 120, grey });
        let plain = fit(&sky, &sky).unwrap();
        assert!(plain.detail < 0.6, "{plain:?}");
        assert!(fit(&scene(7, 0), &sky).unwrap().detail > 10.0);
    }

    #[test]
    fn different_sizes_cannot_be_compared() {
        let lower = whole(&scenes::scene(1, 160, 119));
        assert_eq!(fit(&scene(1, 0), &lower), None);
    }
}
