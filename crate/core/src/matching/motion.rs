//! How far the camera moved between two pictures, measured over the whole
//! picture at once: a soft one, in which no block can tell, can still tell as a
//! whole.
//!
//! One step of Gauss–Newton for the eight numbers by which a flat scene moves
//! between two views (Longuet-Higgins 1984; Bergen et al. 1992: shift, turn,
//! scale, shear and the two tilts), with weights that keep what moved in the
//! scene, or was drawn on it, from pulling.

use serde::{Deserialize, Serialize};

use super::robust::{self, steepness};
use super::solve::Normal;
use crate::examine::decode::GreyMap;

/// Numbers of the motion, first among the unknowns.
const MOTION: usize = 8;

/// Beside the motion: the level itself, so that brightness explains what it can.
const UNKNOWNS: usize = MOTION + 2;

/// The unknowns that a resizer may have moved a picture by: a shift, and a scale
/// along each edge; with brightness.
const RESIZED: [usize; 6] = [0, 1, 3, 5, MOTION, MOTION + 1];

/// How much more a JPEG's noise, alike in neighbouring pixels, moves a picture
/// than independent noise would: measured on copies.
const ALIKE: f64 = 2.0;

/// Only every third row is looked at: enough for a hundredth of a pixel. A step of
/// two would always meet the same rows of a JPEG's blocks, whose steps then look
/// like a motion (0.16 pixels instead of 0.01).
const ROWS: usize = 3;

/// How many times the usual difference still counts.
const REACH: f64 = 4.0;

/// Steepness that an even picture is given, so that its noise counts.
const EVEN: f64 = 1e-6;

/// What moved, in pixels of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Motion {
    /// How far, in the mean (RMS) over what has edges to tell it by.
    pub moved: f64,
    /// How far by what no resizer does: turned, sheared or tilted.
    pub turned: f64,
    /// What noise alone would show.
    pub unsure: f64,
}

/// Most pixels by which a copy may seem to move. A resizer that begins half a
/// pixel late at 1600 pixels moves it by 0.16 at 512.
const STILL: f64 = 0.2;

/// Most pixels by which a copy may seem turned, sheared or tilted. Copies of the
/// corpus did by up to 0.020.
const STRAIGHT: f64 = 0.045;

/// How many times what noise would show is a motion for certain.
const SURE: f64 = 4.0;

/// A motion of so many pixels must be certain where there is one: what a copy may
/// not show.
const SEEN: f64 = 0.2;

impl Motion {
    /// Whether the camera stood elsewhere: this is another shot.
    pub(super) fn is_move(self) -> bool {
        let certain = SURE * self.unsure;
        self.moved > STILL.max(certain) || self.turned > STRAIGHT.max(certain)
    }

    /// Whether the picture holds too little to tell another shot by.
    pub(super) fn is_blind(self) -> bool {
        SURE * self.unsure > SEEN
    }
}

/// Measures the motion from `left`, what a fit on `shown` left over in grey
/// levels; pixels that do not count are left out.
pub(super) fn motion(shown: &GreyMap, left: &[f32], counts: impl Fn(usize) -> bool) -> Motion {
    let (width, height) = (shown.width as usize, shown.height as usize);
    let level = |index: usize| f64::from(shown.levels[index]) / 256.0;
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

/// −1 at one edge, 1 at the other.
fn place(at: usize, pixels: usize) -> f64 {
    (2.0 * at as f64 + 1.0) / pixels as f64 - 1.0
}

/// How each unknown changes a pixel with these slopes.
fn basis((across, down): (f64, f64), (x, y): (f64, f64), level: f64) -> [f64; UNKNOWNS] {
    let out = across * x + down * y;
    let [sideways, upright] = [across, down].map(|slope| [slope, slope * x, slope * y]);
    let ([a, b, c], [d, e, f]) = (sideways, upright);
    [a, b, c, d, e, f, out * x, out * y, level / 64.0, 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (u32, u32) = (320, 240);

    /// A soft scene, seen through a lens that takes each pixel from elsewhere, with
    /// the noise of a camera.
    fn soft(elsewhere: impl Fn(f64, f64) -> (f64, f64), seed: u64) -> GreyMap {
        let mut state = seed;
        let mut noise = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
        };
        let levels = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (x, y))).map(|(x, y)| {
            let (x, y) = elsewhere(f64::from(x), f64::from(y));
            let waves = (x / 23.0 + y / 60.0).sin() + (y / 17.0 - x / 70.0).cos();
            ((128.0 + 20.0 * waves + noise()) * 256.0) as u16
        });
        GreyMap { width: SIZE.0, height: SIZE.1, levels: levels.collect() }
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
            let levels = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| level(x, y)));
            GreyMap { width: SIZE.0, height: SIZE.1, levels: levels.collect() }
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
