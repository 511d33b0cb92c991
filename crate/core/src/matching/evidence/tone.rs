//! Fits what a photo filter does to brightness: a smooth curve of luma with some
//! colour mixed in.

use super::detail::{self, SIXTEENTHS};
use super::robust;
use super::solve::Normal;
use crate::examine::pixels::{GreyMap, Plane};

/// Rounds of the fit; after the first, pixels that the last round left far off
/// weigh less. Chosen, not measured.
const ROUNDS: usize = 4;

/// Reach of the weights in usual differences (see [`robust::weight`]). Chosen, not
/// measured.
const REACH: f64 = 3.0;

/// Share of its finest detail (what a blur over 3 × 3 pixels takes) that the
/// original may lose or gain in the fit; larger shares are clamped. Wider than for
/// unchanged pictures: the chat's filter, and a photo filter's clarity. Chosen, not
/// measured.
const SHARPNESS: std::ops::RangeInclusive<f64> = -0.4..=0.5;

/// Terms of the curve:
///
/// - 1 and three powers of luma;
/// - the two chromas, their three products, and all five times luma: what a curve
///   laid on red, green and blue each makes of colours;
/// - darkening towards the corners, alone and times luma.
const TERMS: usize = 16;

/// One pixel in this many is fitted, which leaves thousands for each term. Not two:
/// that coincides with the blocks of a JPEG.
const EVERY: usize = 3;

/// An original's brightness and colours at the size of a comparison.
pub(in crate::matching) struct Coloured {
    pub luma: GreyMap,
    pub chroma: [GreyMap; 2],
}

/// A curve: the factor of each term.
pub(in crate::matching) struct Curve([f64; TERMS]);

/// The result of a fit.
pub(in crate::matching) struct Toned {
    /// What the curve leaves over, pixel by pixel, in grey levels.
    pub left: Vec<f32>,
    /// How much the curve changes the original: RMS in grey levels.
    pub changed: f64,
    /// The curve.
    pub curve: Curve,
}

impl Curve {
    /// The brightness that the curve gives a picture, its sharpness left alone;
    /// clamped to white and black.
    pub(in crate::matching) fn of(&self, original: &Coloured) -> Plane {
        let luma = &original.luma;
        let grey = |index| predicted(original, index, &self.0).round().clamp(0.0, 255.0) as u8;
        let grey = (0..luma.levels.len()).map(grey).collect();
        Plane { width: luma.width, height: luma.height, grey }
    }
}

/// Fits the exported picture's brightness on the original through a smooth
/// curve. `None`: the sizes differ, or there are no pixels.
pub(in crate::matching) fn fit(exported: &GreyMap, original: &Coloured) -> Option<Toned> {
    let count = exported.levels.len();
    let [blue, red] = &original.chroma;
    let lengths = [&original.luma, blue, red].map(|map| map.levels.len());
    if count == 0 || lengths != [count; 3] {
        return None;
    }
    let fine = detail::fine_detail(&original.luma);
    let fine: Vec<f64> =
        fine.into_iter().map(|fine| fine as f64 / SIXTEENTHS / GreyMap::LEVEL).collect();
    let mut left = vec![0.0f32; count];
    let mut changed = 0.0;
    let mut curve = [0.0; TERMS];
    let mut scale = f64::INFINITY;
    for _ in 0..ROUNDS {
        let share = sharpness(exported, original, &fine, &left, scale);
        curve = fitted(exported, original, &fine, share, &left, scale);
        let mut moved = 0.0;
        for (index, left) in left.iter_mut().enumerate() {
            let shown = predicted(original, index, &curve) + share * fine[index];
            *left = (level(exported, index) - shown) as f32;
            let by = shown - level(&original.luma, index);
            moved += by * by;
        }
        changed = (moved / count as f64).sqrt();
        scale = robust::median(left.iter().map(|&left| f64::from(left))).max(1.0);
    }
    Some(Toned { left, changed, curve: Curve(curve) })
}

/// How much of the fine detail to add, within [`SHARPNESS`].
fn sharpness(
    exported: &GreyMap,
    original: &Coloured,
    fine: &[f64],
    left: &[f32],
    scale: f64,
) -> f64 {
    let mut normal = Normal::<3>::new();
    for (index, &fine) in fine.iter().enumerate().step_by(EVERY) {
        let basis = [1.0, level(&original.luma, index), fine];
        normal.add(&basis, level(exported, index), weight(left[index], scale));
    }
    let [_, gain, share] = normal.solve(1e-9);
    share.clamp(SHARPNESS.start() * gain.abs(), SHARPNESS.end() * gain.abs())
}

fn fitted(
    exported: &GreyMap,
    original: &Coloured,
    fine: &[f64],
    share: f64,
    left: &[f32],
    scale: f64,
) -> [f64; TERMS] {
    let mut normal = Normal::<TERMS>::new();
    for (index, fine) in fine.iter().enumerate().step_by(EVERY) {
        let value = level(exported, index) - share * fine;
        normal.add(&basis(original, index), value, weight(left[index], scale));
    }
    normal.solve(1e-7)
}

fn predicted(original: &Coloured, index: usize, curve: &[f64; TERMS]) -> f64 {
    basis(original, index).iter().zip(curve).map(|(term, factor)| term * factor).sum()
}

fn basis(original: &Coloured, index: usize) -> [f64; TERMS] {
    let luma = level(&original.luma, index) / 128.0 - 1.0;
    let [blue, red] = &original.chroma;
    let (blue, red) = (level(blue, index) / 128.0 - 1.0, level(red, index) / 128.0 - 1.0);
    let (width, height) = (original.luma.width as usize, original.luma.height as usize);
    let part = |at: usize, of: usize| 2.0 * (at as f64 + 0.5) / of as f64 - 1.0;
    let (across, down) = (part(index % width, width), part(index / width, height));
    let corner = (across * across + down * down) / 2.0;
    let square = luma * luma;
    let (bb, br, rr) = (blue * blue, blue * red, red * red);
    let brightness = [1.0, luma, square, square * luma, corner, luma * corner];
    let colour = [blue, red, bb, br, rr];
    let both = colour.map(|colour| luma * colour);
    let mut terms = [0.0; TERMS];
    let all = brightness.into_iter().chain(colour).chain(both);
    terms.iter_mut().zip(all).for_each(|(term, value)| *term = value);
    terms
}

fn level(map: &GreyMap, index: usize) -> f64 {
    f64::from(map.levels[index]) / GreyMap::LEVEL
}

/// Weight of what the last round left; all pixels weigh the same in the first
/// round.
fn weight(left: f32, scale: f64) -> f64 {
    if scale.is_infinite() { 1.0 } else { robust::weight(f64::from(left), REACH * scale) }
}
