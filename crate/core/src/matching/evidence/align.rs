//! Finds where in an original an exported picture was cut from, to a few hundredths
//! of a pixel: Gauss–Newton on an image pyramid (Lucas and Kanade 1981), with
//! robust weights, so that drawings hardly count.

use serde::{Deserialize, Serialize};

use super::robust;
use super::solve::Normal;
use crate::examine::pixels::{GreyMap, Plane, Window, shrink, shrink_window};
use crate::model::Size;

/// Long edges of the pyramid in pixels, coarse to fine; the size of the comparison
/// follows as the last. Levels that are no smaller than it are left out. Chosen,
/// not measured.
const LEVELS: [u32; 4] = [48, 96, 192, 384];

/// Most steps at each level; after them the cut found so far is used. Most pictures
/// needed three, those full of leaves or letters eight (seen on our own corpus).
const STEPS: usize = 10;

/// Smallest share of each edge that a cut may keep; edges are held there. Chosen,
/// not measured: below the 0.7 that the search's coarse windows keep.
const LEAST_PART: f64 = 0.5;

/// The steps end when no edge moves by more than this, in pixels of the level: a
/// fifth of the drift that a copy may have (`DRIFT` in `link/court.rs`).
const STILL: f64 = 0.02;

/// Reach of the weights in usual differences (see [`robust::weight`]): a difference
/// three times the usual one counts a quarter. Chosen, not measured.
const REACH: f64 = 3.0;

/// Most pixels of the level that an edge moves in one step; longer steps are cut to
/// it. Chosen, not measured.
const STRIDE: f64 = 3.0;

/// Long edge in pixels of the level after which a picture that is far off is given
/// up.
const GLANCE: u32 = 96;
/// Median difference in grey levels beyond which it is given up there. Pictures
/// behind drawings and filters differed by 5 at most, pictures that only look alike
/// from afar by 20 and more (measured on our own corpus).
const STRANGER: f64 = 16.0;

/// A part of a picture: its edges, as fractions of width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::matching) struct Cut {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

impl Cut {
    pub(in crate::matching) const WHOLE: Self = Self { x: (0.0, 1.0), y: (0.0, 1.0) };

    /// The largest share of width or height that was cut off at one side.
    pub(in crate::matching) fn lost(&self) -> f64 {
        let lost = [self.x.0, 1.0 - self.x.1, self.y.0, 1.0 - self.y.1];
        lost.into_iter().fold(0.0, f64::max)
    }

    /// The cut in pixels of a picture.
    pub(in crate::matching) fn window(&self, plane: &Plane) -> Window {
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

/// Finds the part of `original` that `exported` shows. The edges of `guess` are
/// right to a few hundredths of the picture; `size` is that of the comparison that
/// follows. `None`: at [`GLANCE`] pixels the two still differ by more than
/// [`STRANGER`].
pub(in crate::matching) fn align(
    exported: &Plane,
    original: &Plane,
    guess: Cut,
    size: Size,
) -> Option<Cut> {
    let mut cut = guess;
    for edge in LEVELS {
        let level = size.within(edge);
        if level.longest() >= size.longest() {
            break;
        }
        let small = reduced(original, edge * 4);
        let exported = shrink(exported, level);
        cut = settle(&exported, &small, cut, STEPS);
        if edge == GLANCE && apart(&exported, &small, cut) > STRANGER {
            return None;
        }
    }
    Some(settle(&shrink(exported, size), original, cut, STEPS))
}

/// Median difference in grey levels between a picture and a part of another, after
/// a fit of gain and offset.
fn apart(exported: &GreyMap, original: &Plane, cut: Cut) -> f64 {
    let window = cut.window(original);
    let shown = shrink_window(original, window, exported.size());
    let shade = shade(exported, &shown, |_| 1.0);
    robust::median((0..shown.levels.len()).map(|at| left(exported, &shown, at, shade)))
}

/// A picture with a long edge of `edge` pixels, rounded to whole grey levels; a
/// smaller one keeps its size.
fn reduced(plane: &Plane, edge: u32) -> Plane {
    let map = shrink(plane, plane.size().within(edge));
    let grey = map.levels.iter().map(|level| ((level + 128) >> 8).min(255) as u8).collect();
    Plane { width: map.width, height: map.height, grey }
}

fn settle(exported: &GreyMap, original: &Plane, start: Cut, steps: usize) -> Cut {
    let mut cut = start;
    for _ in 0..steps {
        let shown = shrink_window(original, cut.window(original), exported.size());
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

/// How far each edge has to move, in pixels of the level.
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
            f64::from(shown.levels[at]) / GreyMap::LEVEL / 64.0,
            1.0,
        ];
        let difference = left(exported, shown, at, settled);
        normal.add(&basis, difference, weight(difference));
    }
    let found = normal.solve(1e-4);
    Some([found[0], found[1], found[2], found[3]])
}

/// What gain and offset leave of one pixel, in grey levels.
fn left(exported: &GreyMap, shown: &GreyMap, at: usize, (gain, offset): (f64, f64)) -> f64 {
    (f64::from(exported.levels[at]) - gain * f64::from(shown.levels[at]) - offset) / GreyMap::LEVEL
}

/// Gain and offset of a weighted fit.
fn shade(exported: &GreyMap, shown: &GreyMap, weight: impl Fn(usize) -> f64) -> (f64, f64) {
    let mut normal = Normal::<2>::new();
    for (index, (&e, &o)) in exported.levels.iter().zip(&shown.levels).enumerate() {
        normal.add(
            &[1.0, f64::from(o) / GreyMap::LEVEL],
            f64::from(e) / GreyMap::LEVEL,
            weight(index),
        );
    }
    let [offset, gain] = normal.solve(0.0);
    (gain, offset * GreyMap::LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::scenes;

    fn check(cut: Cut, guess: Cut, blot: bool) {
        let original = scenes::scene(5, 900, 600);
        let size = Size::new(600, 400);
        let levels = shrink_window(&original, cut.window(&original), size).levels;
        let mut grey: Vec<u8> = levels.iter().map(|level| (level >> 8) as u8).collect();
        if blot {
            (0..60).for_each(|y| grey[(100 + y) * 600 + 200..][..240].fill(255));
        }
        let exported = Plane { width: size.width, height: size.height, grey };
        let found = align(&exported, &original, guess, Size::new(300, 200)).unwrap();
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
        assert_eq!(align(&exported, &original, Cut::WHOLE, Size::new(300, 200)), None);
    }

    #[test]
    fn the_whole_stays_whole() {
        check(Cut::WHOLE, Cut { x: (0.02, 1.0), y: (0.0, 0.99) }, false);
    }
}
