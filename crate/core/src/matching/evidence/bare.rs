//! Where a picture lacks detail that its original has: somebody hid it behind squares
//! or a blur.
//!
//! A chat's resizer and encoder change detail by a factor that is much the same all
//! over the picture, and take away only what is weaker than the encoder's steps. So the
//! detail of each small window of the sent picture is projected on the original's
//! there: next to nothing is left only where detail was taken out on purpose, however
//! small the difference in grey levels is. What is out of focus is so in both pictures
//! and does not count. docs/architecture.md has the distribution over true pairs and
//! hidden parts.

use super::sums::Sums;
use crate::examine::pixels::GreyMap;
use crate::model::Size;

/// Edge of a window in pixels of the compared size: a part with 3 % of 512 pixels holds
/// one.
const WINDOW: usize = 12;
/// Pixels from one window to the next.
const STRIDE: usize = 3;

/// Blurs (binomial, 3 × 3) that end the band in which detail is looked for: what the
/// first one takes away is finer, what the second one leaves is coarser. The finest
/// detail, near one line for two pixels, is left out: resizers fold periodic detail
/// (bricks, railings) into it, each in its own way. Without that the worst windows of
/// 3 % of true pairs lost 5.5 grey levels, with it 0.4.
const FINEST: usize = 1;
const COARSEST: usize = 3;

/// Share of the usual share of detail below which a window is bare. Hidden parts had -0.1
/// to 0.3. Chosen between those and soft sends, not measured by itself.
const LEFT: f64 = 0.4;

/// Range in which the usual share of detail is looked for: very soft or sharpened sends
/// have 0.5 to 1.3. Chosen, not measured.
const USUAL: (f64, f64) = (0.3, 1.5);

/// Missing detail of the worst window (RMS in grey levels at 512 pixels) beyond which a
/// part was hidden. Of 264 true pairs (five resizers, quality 55 to 92, a trellis) 97 %
/// missed at most 0.4, four 1.4 to 1.6 and two 5.5: bricks and railings. Hidden parts of
/// 3 % of the long edge missed 2.7 to 3.2 in the median, of 6 % 6 (docs/architecture.md).
pub(in crate::matching) const MISSING: f64 = 1.5;

/// The most detail that is missing from one window of which next to nothing is left:
/// RMS in grey levels, 0 if no window is bare.
pub(in crate::matching) fn most(exported: &GreyMap, original: &GreyMap) -> f64 {
    let size = exported.size();
    if size != original.size() {
        return 0.0;
    }
    Windows::of(&levels(exported), &levels(original), size).most()
}

/// The levels of a picture in grey levels.
pub(super) fn levels(map: &GreyMap) -> Vec<f32> {
    map.levels.iter().map(|&level| f32::from(level) / GreyMap::LEVEL as f32).collect()
}

/// The pixels of windows that miss more than `levels` (RMS in grey levels) of the detail
/// that was `expected` there, of which next to nothing is left.
pub(in crate::matching) fn bare(
    shown: &[f32],
    expected: &[f32],
    size: Size,
    levels: f64,
) -> Vec<bool> {
    let windows = Windows::of(shown, expected, size);
    let mut bare = vec![false; shown.len()];
    let (width, usual) = (size.width as usize, windows.usual());
    for window in windows.windows.iter().filter(|window| window.missing(usual) > levels) {
        for row in 0..WINDOW {
            bare[window.at + row * width..][..WINDOW].fill(true);
        }
    }
    bare
}

/// Detail of both pictures in one window.
struct Window {
    /// Its first pixel.
    at: usize,
    /// RMS of the original's detail in grey levels.
    detail: f64,
    /// Share of it that the sent picture has.
    share: f64,
}

impl Window {
    /// RMS in grey levels that is missing, if it is bare; else 0.
    fn missing(&self, usual: f64) -> f64 {
        let bare = self.share < LEFT * usual;
        if bare { (usual - self.share) * self.detail } else { 0.0 }
    }
}

struct Windows {
    windows: Vec<Window>,
}

impl Windows {
    fn of(shown: &[f32], expected: &[f32], size: Size) -> Self {
        let (own, wanted) = (detail(shown, size), detail(expected, size));
        let both = Sums::of(size, |at| f64::from(own[at]) * f64::from(wanted[at]));
        let all = Sums::of(size, |at| f64::from(wanted[at]) * f64::from(wanted[at]));
        let (width, height) = (size.width as usize, size.height as usize);
        let mut windows = Vec::new();
        for top in (0..(height + 1).saturating_sub(WINDOW)).step_by(STRIDE) {
            for left in (0..(width + 1).saturating_sub(WINDOW)).step_by(STRIDE) {
                let of = |sums: &Sums| sums.within(left..left + WINDOW, top..top + WINDOW);
                let squares = of(&all).max(0.0);
                let share = if squares > 0.0 { of(&both) / squares } else { 1.0 };
                let detail = (squares / (WINDOW * WINDOW) as f64).sqrt();
                windows.push(Window { at: top * width + left, detail, share });
            }
        }
        Self { windows }
    }

    /// The usual share of detail: the median among the half with most of it.
    fn usual(&self) -> f64 {
        let middle = |values: &mut [f64]| {
            let half = values.len() / 2;
            let (_, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
            *middle
        };
        if self.windows.is_empty() {
            return 1.0;
        }
        let least = middle(&mut self.windows.iter().map(|of| of.detail).collect::<Vec<f64>>());
        let detailed = self.windows.iter().filter(|of| of.detail >= least);
        let share = middle(&mut detailed.map(|of| of.share).collect::<Vec<f64>>());
        share.clamp(USUAL.0, USUAL.1)
    }

    fn most(&self) -> f64 {
        let usual = self.usual();
        self.windows.iter().map(|window| window.missing(usual)).fold(0.0, f64::max)
    }
}

/// The detail of a picture between the two blurs, in its unit.
pub(super) fn detail(levels: &[f32], size: Size) -> Vec<f32> {
    let times = |levels: Vec<f32>, count: usize| {
        (0..count).fold(levels, |levels, _| blurred(&levels, size))
    };
    let mut fine = times(levels.to_vec(), FINEST);
    let coarse = times(fine.clone(), COARSEST - FINEST);
    fine.iter_mut().zip(coarse).for_each(|(fine, coarse)| *fine -= coarse);
    fine
}

/// A binomial blur over 3 × 3 pixels.
pub(super) fn blurred(levels: &[f32], size: Size) -> Vec<f32> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut rows = Vec::with_capacity(levels.len());
    for row in levels.chunks_exact(width.max(1)) {
        let one = |x: usize| (row[x.saturating_sub(1)] + row[(x + 1).min(width - 1)]) / 4.0;
        rows.extend((0..width).map(|x| row[x] / 2.0 + one(x)));
    }
    let mut all = Vec::with_capacity(levels.len());
    for y in 0..height {
        let row = |y: usize| &rows[y * width..][..width];
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        let sides = above.iter().zip(below).map(|(a, b)| (a + b) / 4.0);
        all.extend(here.iter().zip(sides).map(|(here, sides)| here / 2.0 + sides));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::pixels::{Plane, shrink};
    use crate::matching::scenes::{self, Random};

    const SIZE: Size = Size::new(512, 384);

    /// A scene with waves on it, and without them in its middle: what is out of focus.
    fn photo() -> Plane {
        let mut plane = scenes::scene(4, SIZE.width, SIZE.height);
        for (at, level) in plane.grey.iter_mut().enumerate() {
            let (x, y) = ((at % 512) as f64, (at / 512) as f64);
            let sharp = f64::from(u8::from(!(200.0..260.0).contains(&x)));
            let wave = libm::sin(x / 0.9) * libm::sin(y / 1.1) * 9.0 * sharp;
            *level = (f64::from(*level) * 0.7 + 38.0 + wave).clamp(0.0, 255.0) as u8;
        }
        plane
    }

    fn map(plane: &Plane) -> GreyMap {
        shrink(plane, plane.size())
    }

    /// The picture with each pixel of a square the mean of those around it.
    fn blurred_at(plane: &Plane, left: usize, top: usize, edge: usize) -> Plane {
        let sums = Sums::of(SIZE, |at| f64::from(plane.grey[at]));
        let mut blurred = plane.clone();
        for y in top..top + edge {
            for x in left..left + edge {
                let mean = sums.mean((x as isize, y as isize), 4).unwrap();
                blurred.grey[y * 512 + x] = mean.round() as u8;
            }
        }
        blurred
    }

    #[test]
    fn a_small_blur_is_bare() {
        let photo = photo();
        for (left, top) in [(30, 40), (401, 300), (497, 369)] {
            let found = most(&map(&blurred_at(&photo, left, top, 15)), &map(&photo));
            assert!(found > MISSING, "{left} {top}: {found}");
        }
    }

    #[test]
    fn softness_noise_and_what_is_out_of_focus_are_not() {
        let photo = photo();
        let soft = blurred(&levels(&map(&photo)), SIZE);
        let mut random = Random(7);
        let mut noisy = |level: f32| level + 6.0 * (random.unit() as f32 - 0.5);
        let grey = soft.iter().map(|&level| noisy(level).round().clamp(0.0, 255.0) as u8);
        let soft = Plane { grey: grey.collect(), ..photo.clone() };
        let found = most(&map(&soft), &map(&photo));
        assert!(found < MISSING / 2.0, "{found}");
        let unsharp = most(&map(&blurred_at(&photo, 220, 100, 20)), &map(&photo));
        assert!(unsharp < MISSING, "{unsharp}");
    }

    #[test]
    fn small_pictures_have_no_window() {
        let tiny = map(&Plane { width: 11, height: 40, grey: vec![9; 440] });
        assert_eq!(most(&tiny, &tiny), 0.0);
    }
}
