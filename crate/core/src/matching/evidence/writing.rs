//! Whether an original has writing of its own where a sent picture differs from it: then
//! the two are one template (a meme, a flyer, a score card, a greeting) with other words,
//! and neither is the other with a drawing.
//!
//! Letters are strokes of one even level with steep edges, and those that were other
//! words lie wholly where the pictures differ. What a drawing covers in a photo is
//! neither: its edges go on beside the drawing, and few of its pixels share one level.
//! docs/architecture.md has the distribution over templates and drawings.

use super::hiding;
use crate::examine::pixels::Plane;
use crate::model::Size;

/// Levels of luma or of a chroma by which a pixel differs where other words may stand.
const DIFFERS: u8 = 25;

/// Levels by which a stroke stands out from what is beside it, in luma and in the two
/// chromas. With 40 of luma, twigs and gravel below a drawing reached 0.15 of what
/// differs, with 60 mostly less than 0.1; letters did not change.
const CONTRAST: [u8; 3] = [60, 30, 30];

/// Standard deviation in levels of the 3 × 3 pixels in the middle of a stroke.
const EVEN: f64 = 5.0;

/// Half of a stroke's greatest width, as a share of the long edge. Chosen, not measured.
const WIDTH: f64 = 0.012;

/// Levels that strokes of one colour have. Chosen, not measured.
const LEVELS: usize = 17;

/// Share of a stroke's pixels that lie where the pictures differ. Without it, pens over
/// railings and branches reached 0.27 of what differs.
const INSIDE: f64 = 0.6;

/// Fewest pixels that differ. Chosen, not measured.
const LEAST: usize = 50;

/// Luma and the two chromas of a picture.
pub(super) type Planes = [Plane; 3];

/// Share of the pixels that differ, among those that are `covered` (at a small `size`),
/// which belong to strokes of the original that have one level and lie there wholly: in
/// luma or in one of the chromas, whichever shows most. Both pictures have one size.
pub(super) fn writing(sent: &Planes, original: &Planes, covered: &[bool], size: Size) -> f64 {
    let whole = original[0].size();
    let Some(part) = Part::around(covered, size, whole) else { return 0.0 };
    let [own, other] = [original, sent].map(|planes| planes.each_ref().map(|one| part.of(one)));
    let covered = part.marks(covered, size, whole);
    let apart = |plane: usize, at: usize| own[plane][at].abs_diff(other[plane][at]) > DIFFERS;
    let differs: Vec<bool> =
        (0..covered.len()).map(|at| covered[at] && (0..3).any(|plane| apart(plane, at))).collect();
    let count = differs.iter().filter(|differs| **differs).count();
    if count < LEAST {
        return 0.0;
    }
    let written = |plane: usize| -> usize {
        let strokes = |ink| part.strokes(&own[plane], ink, CONTRAST[plane], &covered);
        let inks = [Ink::Light, Ink::Dark].into_iter();
        inks.map(|ink| one_level(&own[plane], &strokes(ink), &differs)).sum()
    };
    let most = (0..3).map(written).max().unwrap_or(0);
    most as f64 / count as f64
}

/// Whether strokes are lighter or darker than what is beside them.
#[derive(Clone, Copy)]
enum Ink {
    Light,
    Dark,
}

/// A part of a picture at full size: what is covered, and as much around it as a stroke
/// may be wide.
struct Part {
    left: usize,
    top: usize,
    size: Size,
    /// Half of a stroke's greatest width in pixels.
    reach: usize,
}

impl Part {
    /// `None`: nothing is covered.
    fn around(covered: &[bool], small: Size, whole: Size) -> Option<Self> {
        let reach = ((f64::from(whole.longest()) * WIDTH) as usize).max(6);
        let across = small.width as usize;
        let marked = || (0..covered.len()).filter(|&at| covered[at]);
        let span = |at: &dyn Fn(usize) -> usize, small: u32, whole: u32| {
            let scaled = |at: usize| at as u64 * u64::from(whole) / u64::from(small.max(1));
            let first = scaled(marked().map(at).min()?) as usize;
            let last = scaled(marked().map(at).max()? + 1) as usize;
            Some((first.saturating_sub(2 * reach), (last + 2 * reach).min(whole as usize)))
        };
        let (left, right) = span(&|at| at % across, small.width, whole.width)?;
        let (top, bottom) = span(&|at| at / across, small.height, whole.height)?;
        let size = Size::new((right - left) as u32, (bottom - top) as u32);
        Some(Self { left, top, size, reach })
    }

    fn of(&self, plane: &Plane) -> Vec<u8> {
        let width = plane.width as usize;
        let rows = self.top..self.top + self.size.height as usize;
        rows.flat_map(|y| &plane.grey[y * width + self.left..][..self.size.width as usize])
            .copied()
            .collect()
    }

    /// The marks of a small picture, at full size.
    fn marks(&self, small: &[bool], of: Size, whole: Size) -> Vec<bool> {
        let at = |at: usize, small: u32, whole: u32| {
            (at as u64 * u64::from(small) / u64::from(whole.max(1))) as usize
        };
        let mark = |index: usize| {
            let across = self.size.width as usize;
            let (x, y) = (self.left + index % across, self.top + index / across);
            let (x, y) = (at(x, of.width, whole.width), at(y, of.height, whole.height));
            small[y * of.width as usize + x]
        };
        (0..self.size.pixels() as usize).map(mark).collect()
    }

    /// The pixels of strokes that lie where the pictures differ.
    fn strokes(&self, levels: &[u8], ink: Ink, contrast: u8, covered: &[bool]) -> Vec<bool> {
        let own: Vec<u8> = match ink {
            Ink::Light => levels.to_vec(),
            Ink::Dark => levels.iter().map(|level| 255 - level).collect(),
        };
        // What is left once everything narrower than a stroke's width is taken away.
        let without = self.widened(&self.narrowed(&own));
        let strokes: Vec<bool> = (0..own.len())
            .map(|at| own[at].abs_diff(without[at]) >= contrast && self.is_even(&own, at))
            .collect();
        let mut inside = vec![false; own.len()];
        for stroke in hiding::parts(&strokes, self.size) {
            let within = stroke.iter().filter(|&&at| covered[at]).count();
            if within as f64 >= INSIDE * stroke.len() as f64 {
                stroke.iter().for_each(|&at| inside[at] = true);
            }
        }
        inside
    }

    /// Whether the 3 × 3 pixels around one have nearly one level.
    fn is_even(&self, levels: &[u8], at: usize) -> bool {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let (x, y) = (at % width, at / width);
        let (mut sum, mut squares) = (0u32, 0u32);
        for y in [y.saturating_sub(1), y, (y + 1).min(height - 1)] {
            for x in [x.saturating_sub(1), x, (x + 1).min(width - 1)] {
                let level = u32::from(levels[y * width + x]);
                (sum, squares) = (sum + level, squares + level * level);
            }
        }
        // Nine times the sum of squares, less the square of the sum: 81 variances.
        f64::from(9 * squares - sum * sum) <= 81.0 * EVEN * EVEN
    }

    /// Each pixel the darkest of the square around it.
    fn narrowed(&self, levels: &[u8]) -> Vec<u8> {
        self.extremes(levels, u8::min)
    }

    /// Each pixel the lightest of the square around it.
    fn widened(&self, levels: &[u8]) -> Vec<u8> {
        self.extremes(levels, u8::max)
    }

    fn extremes(&self, levels: &[u8], of: impl Fn(u8, u8) -> u8) -> Vec<u8> {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let mut rows = vec![0; levels.len()];
        for (row, out) in levels.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
            line(row, out, self.reach, &of);
        }
        let mut all = vec![0; levels.len()];
        let (mut column, mut out) = (vec![0; height], vec![0; height]);
        for x in 0..width {
            (0..height).for_each(|y| column[y] = rows[y * width + x]);
            line(&column, &mut out, self.reach, &of);
            (0..height).for_each(|y| all[y * width + x] = out[y]);
        }
        all
    }
}

/// The extreme of each `reach` pixels on both sides of one, in three comparisons for each
/// (van Herk 1992; Gil and Werman 1993).
fn line(levels: &[u8], out: &mut [u8], reach: usize, of: &impl Fn(u8, u8) -> u8) {
    let (count, span) = (levels.len(), 2 * reach + 1);
    // Beyond the ends the last pixel goes on.
    let level = |at: usize| levels[at.saturating_sub(reach).min(count - 1)];
    let all = count + 2 * reach;
    let (mut ahead, mut behind) = (vec![0; all], vec![0; all]);
    for at in 0..all {
        let begins = at.is_multiple_of(span);
        ahead[at] = if begins { level(at) } else { of(ahead[at - 1], level(at)) };
    }
    for at in (0..all).rev() {
        let ends = (at + 1).is_multiple_of(span) || at + 1 == all;
        behind[at] = if ends { level(at) } else { of(behind[at + 1], level(at)) };
    }
    for (at, out) in out.iter_mut().enumerate() {
        *out = of(behind[at], ahead[at + span - 1]);
    }
}

/// Most of the stroke pixels that differ which have one level, give or take.
fn one_level(levels: &[u8], strokes: &[bool], differs: &[bool]) -> usize {
    let mut counts = [0usize; 256];
    for at in (0..levels.len()).filter(|&at| strokes[at] && differs[at]) {
        counts[usize::from(levels[at])] += 1;
    }
    counts.windows(LEVELS).map(|near| near.iter().sum()).max().unwrap_or(0)
}

#[cfg(test)]
#[path = "writing_tests.rs"]
mod tests;
