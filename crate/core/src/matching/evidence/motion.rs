//! How far the camera moved between two pictures, measured over the whole picture
//! at once: in a soft picture no single block can tell, but all of it can.
//!
//! One Gauss–Newton step for the eight parameters of the image motion of a flat
//! scene between two views (shift, turn, scale, shear and two tilts;
//! Longuet-Higgins 1984, Bergen et al. 1992), with robust weights: things that
//! moved in the scene, or were drawn on it, hardly count.

use serde::{Deserialize, Serialize};

use super::robust::{self, steepness};
use super::solve::Normal;
use crate::examine::pixels::GreyMap;

/// Parameters of the motion, the first of the unknowns.
const MOTION: usize = 8;

/// With gain and offset, which take what brightness explains.
const UNKNOWNS: usize = MOTION + 2;

/// Unknowns that a resizer changes: a shift, a scale along each edge, gain and
/// offset.
const RESIZED: [usize; 6] = [0, 1, 3, 5, MOTION, MOTION + 1];

/// Factor by which the noise of a JPEG, alike in neighbouring pixels, moves the
/// estimate more than independent noise would. Measured on copies; the figures are
/// not recorded.
const ALIKE: f64 = 2.0;

/// Only every third row is used, which is enough for a hundredth of a pixel. Every
/// second row would always meet the same rows of a JPEG's blocks of 8, whose edges
/// then look like a motion of 0.16 pixels instead of 0.01 (measured).
const ROWS: usize = 3;

/// Reach of the weights in usual differences (see [`robust::weight`]). Chosen, not
/// measured.
const REACH: f64 = 4.0;

/// Weight added to the squared slope of each pixel when the noise is measured, so
/// that an even picture has noise, too.
const EVEN: f64 = 1e-6;

/// How far the camera moved, in pixels of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::matching) struct Motion {
    /// RMS displacement, weighted by slope: it is measured where the picture has
    /// edges.
    pub moved: f64,
    /// The part of it that no resizer causes: turn, shear, tilt.
    pub turned: f64,
    /// Displacement that noise alone would show.
    pub unsure: f64,
}

/// Displacement in pixels above which the camera moved. A resizer that begins half
/// a pixel late at 1600 pixels moves a copy by 0.16 at 512.
const STILL: f64 = 0.2;

/// Turn, shear and tilt in pixels above which the camera moved. Copies of the
/// corpus, in all encoders and resizers, showed up to 0.020 (docs/architecture.md).
const STRAIGHT: f64 = 0.045;

/// Factor on what noise alone would show; a motion below it is not certain and does
/// not count. Chosen, not measured.
const SURE: f64 = 4.0;

/// If noise alone could hide a motion of this many pixels, the picture proves
/// nothing. The same as [`STILL`]: what a copy may not show must be visible.
const SEEN: f64 = 0.2;

impl Motion {
    /// Whether the camera certainly moved: then the two are different shots.
    pub(in crate::matching) fn is_move(self) -> bool {
        let certain = SURE * self.unsure;
        self.moved > STILL.max(certain) || self.turned > STRAIGHT.max(certain)
    }

    /// Whether noise alone could hide a motion of [`SEEN`].
    pub(in crate::matching) fn is_blind(self) -> bool {
        SURE * self.unsure > SEEN
    }
}

/// Measures the motion from `left`, what a fit of `shown` left over in grey levels.
/// Pixels for which `counts` is false are left out.
pub(in crate::matching) fn motion(
    shown: &GreyMap,
    left: &[f32],
    counts: impl Fn(usize) -> bool,
) -> Motion {
    let (width, height) = (shown.width as usize, shown.height as usize);
    let level = |index: usize| f64::from(shown.levels[index]) / GreyMap::LEVEL;
    let slope = |at: usize| robust::slope(shown, at);
    let rows = (1..height.saturating_sub(1)).step_by(ROWS);
    let places = rows.flat_map(|y| (1..width.saturating_sub(1)).map(move |x| (x, y)));
    let places: Vec<(usize, usize)> = places.filter(|(x, y)| counts(y * width + x)).collect();
    let steep = |&(x, y): &(usize, usize)| steepness(slope(y * width + x));
    let told = |&(x, y): &(usize, usize)| {
        let at = y * width + x;
        (slope(at), f64::from(left[at]))
    };
    let reach = REACH * robust::steep_median(places.iter().map(told)).max(0.5);
    let mut normal = Normal::<UNKNOWNS>::new();
    let mut slopes = 0.0;
    let basis = |&(x, y): &(usize, usize)| {
        let at = y * width + x;
        basis(slope(at), (place(x, width), place(y, height)), level(at))
    };
    let seen = |&(x, y): &(usize, usize)| {
        let difference = f64::from(left[y * width + x]);
        (difference, robust::weight(difference, reach))
    };
    for place in &places {
        let (difference, weight) = seen(place);
        normal.add(&basis(place), difference, weight);
        slopes += weight * steep(place);
    }
    let mut found = normal.clone().solve(0.0);
    let [mut noise, mut weights] = [0.0f64; 2];
    for place in &places {
        let (difference, weight) = seen(place);
        let shown: f64 = basis(place).iter().zip(&found).map(|(term, by)| term * by).sum();
        let weight = weight * (steep(place) + EVEN);
        noise += weight * (difference - shown).powi(2);
        weights += weight;
    }
    let part = normal.only(RESIZED);
    let turned = normal.explained(&found) - part.explained(&part.clone().solve(0.0));
    found[MOTION..].fill(0.0);
    let slopes = slopes.max(f64::MIN_POSITIVE);
    let noise = ALIKE * (noise / weights.max(f64::MIN_POSITIVE)).sqrt();
    Motion {
        moved: (normal.explained(&found).max(0.0) / slopes).sqrt(),
        turned: (turned.max(0.0) / slopes).sqrt(),
        unsure: noise * (MOTION as f64 / slopes).sqrt(),
    }
}

/// Position in a row or column: −1 at one edge, 1 at the other.
fn place(at: usize, pixels: usize) -> f64 {
    (2.0 * at as f64 + 1.0) / pixels as f64 - 1.0
}

/// How much each unknown changes a pixel with these slopes, at this place and
/// level.
fn basis((across, down): (f64, f64), (x, y): (f64, f64), level: f64) -> [f64; UNKNOWNS] {
    let out = across * x + down * y;
    let [sideways, upright] = [across, down].map(|slope| [slope, slope * x, slope * y]);
    let ([a, b, c], [d, e, f]) = (sideways, upright);
    [a, b, c, d, e, f, out * x, out * y, level / 64.0, 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;

    const SIZE: Size = Size::new(320, 240);

    /// A soft scene, seen through a lens that takes each pixel from elsewhere, with
    /// the noise of a camera.
    fn soft(elsewhere: impl Fn(f64, f64) -> (f64, f64), seed: u64) -> GreyMap {
        let mut state = seed;
        let mut noise = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        let levels =
            (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| (x, y))).map(|(x, y)| {
                let (x, y) = elsewhere(f64::from(x), f64::from(y));
                let waves = (x / 23.0 + y / 60.0).sin() + (y / 17.0 - x / 70.0).cos();
                ((128.0 + 20.0 * waves + noise()) * 256.0) as u16
            });
        GreyMap { width: SIZE.width, height: SIZE.height, levels: levels.collect() }
    }

    fn measured(elsewhere: impl Fn(f64, f64) -> (f64, f64)) -> Motion {
        let (shown, other) = (soft(|x, y| (x, y), 1), soft(elsewhere, 2));
        let left: Vec<f32> = (shown.levels.iter().zip(&other.levels))
            .map(|(&shown, &other)| (f32::from(shown) - f32::from(other)) / 256.0)
            .collect();
        motion(&shown, &left, |_| true)
    }

    #[test]
    fn a_soft_picture_tells_a_part_of_a_pixel() {
        let still = measured(|x, y| (x, y));
        assert!(!still.is_move() && !still.is_blind() && still.moved < 0.05, "{still:?}");
        let aside = measured(|x, y| (x + 0.4, y - 0.3));
        assert!(aside.is_move() && (aside.moved - 0.5).abs() < 0.15, "{aside:?}");
        assert!(aside.turned < 0.1, "{aside:?}");
    }

    #[test]
    fn a_resizer_that_begins_late_is_not_the_camera() {
        let late = measured(|x, y| (x + 0.1, y + 0.1));
        assert!(!late.is_move() && late.moved > 0.05, "{late:?}");
    }

    #[test]
    fn a_turn_and_a_tilt_are_told() {
        let turned = measured(|x, y| (x + 0.003 * (y - 120.0), y - 0.003 * (x - 160.0)));
        assert!(turned.is_move() && turned.turned > 0.15, "{turned:?}");
        let tilted = measured(|x, y| {
            let far = 0.004 * (x - 160.0) / 160.0;
            (x + far * (x - 160.0), y + far * (y - 120.0))
        });
        assert!(tilted.is_move() && tilted.turned > 0.05, "{tilted:?}");
    }

    #[test]
    fn a_thing_that_moved_in_the_scene_is_not_the_camera() {
        let spot = |x: f64, y: f64| (x - 80.0).hypot(y - 60.0) < 30.0;
        let found = measured(|x, y| if spot(x, y) { (x + 9.0, y) } else { (x, y) });
        assert!(!found.is_move(), "{found:?}");
    }

    #[test]
    fn the_moon_on_a_black_sky_tells() {
        let moon = |by: f64| {
            let level = |x: u32, y: u32| {
                let far = (f64::from(x) + by - 160.0).hypot(f64::from(y) - 120.0);
                ((22.0 - far).clamp(0.0, 3.0) * 60.0 * 256.0) as u16
            };
            let levels = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| level(x, y)));
            GreyMap { width: SIZE.width, height: SIZE.height, levels: levels.collect() }
        };
        let (shown, other) = (moon(0.0), moon(0.6));
        let left: Vec<f32> = (shown.levels.iter().zip(&other.levels))
            .map(|(&shown, &other)| (f32::from(shown) - f32::from(other)) / 256.0)
            .collect();
        let found = motion(&shown, &left, |_| true);
        assert!(found.is_move(), "{found:?}");
    }

    #[test]
    fn an_even_picture_tells_nothing() {
        let even = GreyMap { width: 320, height: 240, levels: vec![20_000; 320 * 240] };
        let left: Vec<f32> = (0..320 * 240).map(|at| (at % 7) as f32 / 7.0 - 0.5).collect();
        assert!(motion(&even, &left, |_| true).is_blind());
    }
}
