//! On which of two pictures something was drawn: a copy hides a part of its original, but
//! where each hides a part of the other neither is a copy.

use super::hiding::{inside, parts};
use crate::examine::pixels::GreyMap;
use crate::model::Size;

/// Least share of a part's pixels that look drawn: that of whole pictures
/// (`link/edit_verdict.rs`).
const LOOKS_DRAWN: f64 = 0.26;

/// Share of what covers the picture above which parts that look drawn on neither are no rests
/// of drawings: their edges are blended, and what moved looks so. Chosen, not measured.
const NEITHER: f64 = 0.2;

/// Pixels from the edge of a part in which its outline lies: it was grown by three.
const OUTLINE: usize = 6;

/// One of the two, with its luma and two chromas.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub luma: &'a GreyMap,
    pub chroma: &'a [GreyMap; 2],
}

/// Share of the picture that something on the first alone covers, 0 to 1: drawn there, or
/// drawn on neither.
pub(super) fn under(first: Side<'_>, second: Side<'_>, covered: &[bool], size: Size) -> f64 {
    let (mut on_first, mut on_neither, mut all) = (0, 0, 0);
    for part in parts(covered, size) {
        let drawn = [first, second].map(|side| side.drawn(&part));
        let outlined = first.outline(&part, size) > second.outline(&part, size);
        all += part.len();
        if outlined && drawn[0] >= LOOKS_DRAWN {
            on_first += part.len();
        } else if drawn[1] < LOOKS_DRAWN {
            on_neither += part.len();
        }
    }
    let strange = on_neither as f64 > NEITHER * all as f64;
    let found = on_first + if strange { on_neither } else { 0 };
    found as f64 / covered.len().max(1) as f64
}

impl Side<'_> {
    /// Share of these pixels that look drawn ([`even`]).
    fn drawn(self, part: &[usize]) -> f64 {
        even(self.luma, self.chroma, part.iter().copied())
    }

    /// Sum of the squared steps of luma along the outline of a part: what was drawn ends
    /// there, what was photographed goes on.
    fn outline(self, part: &[usize], size: Size) -> f64 {
        let width = size.width as usize;
        let mut is_of = vec![false; self.luma.levels.len()];
        part.iter().for_each(|&at| is_of[at] = true);
        inside(part, size, OUTLINE).into_iter().for_each(|at| is_of[at] = false);
        let step = |at: usize, next: usize| {
            let apart = self.luma.levels[at].abs_diff(self.luma.levels[next]);
            (f64::from(apart) / 256.0).powi(2)
        };
        let steps = part.iter().filter(|&&at| is_of[at]).map(|&at| {
            let right = (at % width + 1 < width && is_of[at + 1]).then(|| step(at, at + 1));
            let below = is_of.get(at + width).filter(|is| **is).map(|_| step(at, at + width));
            right.unwrap_or(0.0) + below.unwrap_or(0.0)
        });
        steps.sum()
    }
}

/// Share of these pixels that look drawn: vivid (chroma more than 24 levels
/// from grey), white (above 235) or black (below 20), and of one of the six most
/// frequent of these colours, taken in steps of 12 levels. The numbers are chosen;
/// what the share came to stands at `LOOKS_DRAWN` in `link/edit_verdict.rs`.
pub(super) fn even(
    luma: &GreyMap,
    chroma: &[GreyMap; 2],
    pixels: impl Iterator<Item = usize>,
) -> f64 {
    let mut counts = std::collections::BTreeMap::<[u8; 3], u32>::new();
    let mut total = 0u32;
    for index in pixels {
        total += 1;
        let colour = colour(luma, chroma, index);
        let vivid = colour[1].abs_diff(128).max(colour[2].abs_diff(128)) > 24;
        if vivid || colour[0] > 235 || colour[0] < 20 {
            *counts.entry(colour.map(|level| level / 12)).or_default() += 1;
        }
    }
    let mut largest: Vec<u32> = counts.into_values().collect();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    let even: u32 = largest.iter().take(6).sum();
    f64::from(even) / f64::from(total.max(1))
}

/// A pixel's luma and two chromas.
pub(super) fn colour(luma: &GreyMap, chroma: &[GreyMap; 2], at: usize) -> [u8; 3] {
    [luma, &chroma[0], &chroma[1]].map(|map| (map.levels[at] >> 8) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(200, 150);

    /// A textured picture without colour, with white bars over some rows.
    fn picture(bars: &[std::ops::Range<usize>]) -> GreyMap {
        let level = |at: usize| {
            let drawn = bars.iter().any(|bar| bar.contains(&(at / 200)));
            if drawn { 250 } else { ((at * 7919) % 40 + 80) as u16 }
        };
        let levels = (0..200 * 150).map(|at| level(at) << 8).collect();
        GreyMap { width: 200, height: 150, levels }
    }

    #[track_caller]
    fn check(first: &[std::ops::Range<usize>], second: &[std::ops::Range<usize>], want: f64) {
        let grey = || GreyMap { width: 200, height: 150, levels: vec![128 << 8; 200 * 150] };
        let chroma = [grey(), grey()];
        let [one, other] = [first, second].map(picture);
        let is = |at: usize| {
            [first, second].iter().any(|bars| {
                bars.iter()
                    .any(|bar| (bar.start.saturating_sub(3)..bar.end + 3).contains(&(at / 200)))
            })
        };
        let covered: Vec<bool> = (0..200 * 150).map(is).collect();
        let side = |luma| Side { luma, chroma: &chroma };
        let found = under(side(&one), side(&other), &covered, SIZE);
        assert!((found - want).abs() < 0.01, "{first:?} {second:?} {found}");
    }

    #[test]
    fn bars_on_both_were_a_drawing_on_one() {
        let (above, below) = (std::slice::from_ref(&(10..30)), std::slice::from_ref(&(100..130)));
        check(above, below, 26.0 / 150.0);
        check(&[], below, 0.0);
        check(&[], &[10..30, 100..130], 0.0);
        check(below, &[], 36.0 / 150.0);
    }
}
