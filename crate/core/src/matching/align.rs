//! Where in an original an exported picture was cut from, to a small part of a
//! pixel: Gauss–Newton on a pyramid, as Lucas and Kanade do it (1981), with
//! weights that keep drawings from pulling.

use serde::{Deserialize, Serialize};

use super::robust;
use super::solve::Normal;
use crate::examine::decode::{GreyMap, Plane, Window, shrink, shrink_window};

/// Long edges at which the place is found, from coarse to fine.
const LEVELS: [u32; 4] = [48, 96, 192, 384];

/// Most steps at each level; most need three, pictures full of leaves or letters
/// eight.
const STEPS: usize = 10;

/// Smallest part of each edge that a crop may keep.
const LEAST_PART: f64 = 0.5;

/// A step is done when no edge moves by more than this, in pixels.
const STILL: f64 = 0.02;

/// How many times the usual difference still counts.
const REACH: f64 = 3.0;

/// Pixels an edge may move in one step.
const STRIDE: f64 = 3.0;

/// The level after which a stranger is given up, and the median difference in
/// grey levels that shows one: pictures behind drawings and filters differed by
/// 5 at most, what only looks alike from afar by 20 and more.
const GLANCE: u32 = 96;
const STRANGER: f64 = 16.0;

/// Grey levels (in 1/256) of one level.
const LEVEL: f64 = 256.0;

/// A part of a picture: where its edges are, as fractions of width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Cut {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

impl Cut {
    pub(super) const WHOLE: Self = Self { x: (0.0, 1.0), y: (0.0, 1.0) };

    /// The largest part that any edge has lost.
    pub(super) fn lost(&self) -> f64 {
        let lost = [self.x.0, 1.0 - self.x.1, self.y.0, 1.0 - self.y.1];
        lost.into_iter().fold(0.0, f64::max)
    }

    /// The pixels it covers.
    pub(super) fn window(&self, plane: &Plane) -> Window {
        let edges = |(from, to): (f64, f64), pixels: u32| {
            let whole = u64::from(pixels) * Window::UNIT;
            let at = |part: f64| ((part.clamp(0.0, 1.0) * whole as f64).round() as u64).min(whole);
            let from = at(from).min(whole - 1);
            (from, at(to).max(from + 1))
        };
        Window { x: edges(self.x, plane.width), y: edges(self.y, plane.height) }
    }

    fn moved(self, by: [f64; 4]) -> Self {
        let edges = |(from, to): (f64, f64), (first, second): (f64, f64)| {
            let from = (from + first).clamp(0.0, 1.0 - LEAST_PART);
            (from, (to + second).clamp(from + LEAST_PART, 1.0))
        };
        Self { x: edges(self.x, (by[0], by[1])), y: edges(self.y, (by[2], by[3])) }
    }
}

/// Finds the part of `original` that `exported` shows, from a guess that is
/// right to a few hundredths. `size` is that of the comparison that follows.
/// `None`: it shows no part of it, which a small picture tells already.
pub(super) fn align(
    exported: &Plane,
    original: &Plane,
    guess: Cut,
    size: (u32, u32),
) -> Option<Cut> {
    let mut cut = guess;
    for edge in LEVELS {
        let level = super::residual::target(size, edge);
        if level.0.max(level.1) >= size.0.max(size.1) {
            break;
        }
        let small = reduced(original, edge * 4);
        let exported = shrink(exported, level.0, level.1);
        cut = settle(&exported, &small, cut, STEPS);
        if edge == GLANCE && apart(&exported, &small, cut) > STRANGER {
            return None;
        }
    }
    Some(settle(&shrink(exported, size.0, size.1), original, cut, STEPS))
}

/// The median difference of a picture and the part of another.
fn apart(exported: &GreyMap, original: &Plane, cut: Cut) -> f64 {
    let window = cut.window(original);
    let shown = shrink_window(original, window, exported.width, exported.height);
    let shade = shade(exported, &shown, |_| 1.0);
    robust::median((0..shown.levels.len()).map(|at| left(exported, &shown, at, shade)))
}

/// A picture of whole grey levels with a long edge of `edge`, or as it is.
fn reduced(plane: &Plane, edge: u32) -> Plane {
    let (width, height) = super::residual::target((plane.width, plane.height), edge);
    let levels = shrink(plane, width, height).levels;
    let grey = levels.iter().map(|level| ((level + 128) >> 8).min(255) as u8).collect();
    Plane { width, height, grey }
}

fn settle(exported: &GreyMap, original: &Plane, start: Cut, steps: usize) -> Cut {
    let mut cut = start;
    for _ in 0..steps {
        let shown = shrink_window(original, cut.window(original), exported.width, exported.height);
        let Some(step) = step(exported, &shown) else { break };
        let pixel = [
            (cut.x.1 - cut.x.0) / f64::from(exported.width),
            (cut.y.1 - cut.y.0) / f64::from(exported.height),
        ];
        let by = [0, 1, 2, 3].map(|edge| step[edge].clamp(-STRIDE, STRIDE) * pixel[edge / 2]);
        cut = cut.moved(by);
        if step.iter().all(|edge| edge.abs() < STILL) {
            break;
        }
    }
    cut
}

/// By how many pixels of the comparison each edge has to move.
fn step(exported: &GreyMap, shown: &GreyMap) -> Option<[f64; 4]> {
    let (width, height) = (exported.width as usize, exported.height as usize);
    if exported.levels.len() != shown.levels.len() || width < 3 || height < 3 {
        return None;
    }
    let places = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| (x, y)));
    let first = shade(exported, shown, |_| 1.0);
    let told = places.clone().map(|(x, y)| {
        let at = y * width + x;
        (robust::slope(shown, at), left(exported, shown, at, first))
    });
    let reach = REACH * robust::steep_median(told).max(1.0);
    let weight = |difference: f64| robust::weight(difference, reach);
    let settled = shade(exported, shown, |at| weight(left(exported, shown, at, first)));
    let mut normal = Normal::<6>::new();
    for (x, y) in places {
        let at = y * width + x;
        let (slope_x, slope_y) = robust::slope(shown, at);
        let (slope_x, slope_y) = (settled.0 * slope_x, settled.0 * slope_y);
        let down = (y as f64 + 0.5) / height as f64;
        let across = (x as f64 + 0.5) / width as f64;
        let basis = [
            slope_x * (1.0 - across),
            slope_x * across,
            slope_y * (1.0 - down),
            slope_y * down,
            f64::from(shown.levels[at]) / LEVEL / 64.0,
            1.0,
        ];
        let difference = left(exported, shown, at, settled);
        normal.add(&basis, difference, weight(difference));
    }
    let found = normal.solve(1e-4);
    Some([found[0], found[1], found[2], found[3]])
}

/// What gain and offset leave of a pixel, in grey levels.
fn left(exported: &GreyMap, shown: &GreyMap, at: usize, (gain, offset): (f64, f64)) -> f64 {
    (f64::from(exported.levels[at]) - gain * f64::from(shown.levels[at]) - offset) / LEVEL
}

/// Gain and offset of a weighted fit.
fn shade(exported: &GreyMap, shown: &GreyMap, weight: impl Fn(usize) -> f64) -> (f64, f64) {
    let mut normal = Normal::<2>::new();
    for (index, (&e, &o)) in exported.levels.iter().zip(&shown.levels).enumerate() {
        normal.add(&[1.0, f64::from(o) / LEVEL], f64::from(e) / LEVEL, weight(index));
    }
    let [offset, gain] = normal.solve(0.0);
    (gain, offset * LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes;

    fn check(cut: Cut, guess: Cut, blot: bool) {
        let original = scenes::scene(5, 900, 600);
        let size = (600, 400);
        let levels = shrink_window(&original, cut.window(&original), size.0, size.1).levels;
        let mut grey: Vec<u8> = levels.iter().map(|level| (level >> 8) as u8).collect();
        if blot {
            (0..60).for_each(|y| grey[(100 + y) * 600 + 200..][..240].fill(255));
        }
        let exported = Plane { width: size.0, height: size.1, grey };
        let found = align(&exported, &original, guess, (300, 200)).unwrap();
        let apart =
            [found.x.0 - cut.x.0, found.x.1 - cut.x.1, found.y.0 - cut.y.0, found.y.1 - cut.y.1];
        assert!(apart.iter().all(|edge| edge.abs() < 1e-3), "{found:?} {cut:?}");
    }

    #[test]
    fn finds_a_crop_from_a_rough_guess() {
        let cut = Cut { x: (0.031, 0.902), y: (0.115, 0.97) };
        check(cut, Cut { x: (0.05, 0.88), y: (0.1, 1.0) }, false);
        check(cut, Cut { x: (0.05, 0.88), y: (0.1, 1.0) }, true);
    }

    #[test]
    fn a_stranger_is_given_up() {
        let [exported, original] = [6, 5].map(|seed| scenes::scene(seed, 900, 600));
        assert_eq!(align(&exported, &original, Cut::WHOLE, (300, 200)), None);
    }

    #[test]
    fn the_whole_stays_whole() {
        check(Cut::WHOLE, Cut { x: (0.02, 1.0), y: (0.0, 0.99) }, false);
    }
}
