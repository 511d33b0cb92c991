//! Which parts of a changed picture somebody hid behind squares or a blur, and which he
//! painted over.
//!
//! A hidden part is still proved to be of this original: what is left of it, its low
//! frequencies, agree. Each of its pixels is a mean of the original's pixels around it.
//! Something that moved between two shots brings detail of its own, or lies elsewhere.

use std::collections::BTreeMap;

use super::bare;
use super::sums::Sums;
use crate::model::Size;

/// Share of a part's pixels that must lie in bare windows.
const BARE: f64 = 0.5;

/// Pixels at the edge of a part that are not looked at: it was grown, and windows reach
/// beyond what is hidden.
const RIM: usize = 4;

/// Edge in parts of the long edge of the smallest part, its rim left out: 2 %. In less
/// nothing is proved. Chosen, not measured.
const LEAST: u32 = 50;

/// Most pixels of a part that are looked at; more do not change the result. Chosen.
const SAMPLED: usize = 400;

/// Reaches in pixels of the means that a hidden pixel may be: squares of 3 to 33 pixels
/// and blurs with a standard deviation of 1.2 to 13.5.
const REACHES: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

/// Places across at which means are looked at around a pixel.
const PLACES: isize = 8;

/// What the original blurred may leave of the difference of a blurred part, as a share.
/// Blurs left 0.07 to 0.21, what moved 0.66 and more, what moved and is blurred in the
/// second shot 0.41 and more (docs/architecture.md).
const BLURRED: f64 = 0.25;

/// Most that the mean of a part may differ, as a share of the difference of its pixels:
/// squares and blurs keep the mean, a thing that came or went does not. A patch that was
/// 100 levels brighter in the next shot was taken for hidden without this. Chosen.
const MEAN: f64 = 0.3;

/// How far the pixels of a part in squares may lie beyond the means, as a share of the
/// difference. Squares: 0.02 to 0.1; what moved: 0.2 and more.
const BEYOND: f64 = 0.1;

/// The same in grey levels (RMS): squares 0.1 to 2.8, what moved 3.4 and more.
const BEYOND_LEVELS: f64 = 3.0;

/// Least of the finest detail, as a multiple of the next coarser one, that the edges of
/// squares bring. Squares: 1.2 to 1.9; what moved and is blurred: 0.8 to 1.3.
const SQUARES: f64 = 1.15;

/// Most detail that a hidden part may have of its own, as a share of the original's
/// there (the edges of its squares).
const OWN: f64 = 0.85;

/// Half the edge of a square in pixels at 512 that must fit into what was painted over,
/// its grown edge included: strokes of a pen are thinner (1.5 % of the long edge, 8
/// pixels and 6 of the edge), a bar over two eyes is not. Chosen, not measured.
const THICK: usize = 7;

/// Steps of luma and of the two chromas within which a colour is even: an encoder's
/// noise. Chosen, not measured.
const EVEN: u8 = 10;

/// Pixels at the edge of a part that are left out: it was grown by three (`edited.rs`),
/// and scaling and an encoder blend two more with what lies beside. A round patch of
/// 25 × 15 pixels has a third of its pixels there.
const EDGE: usize = 5;

/// Share of the others that must have the one colour: a face that was stuck on has eyes
/// and a mouth (0.90), a patch has nothing (0.997 and more).
const ONE_COLOUR: f64 = 0.95;

/// Least that must be left of a part without its outer [`THICK`] pixels, as a share of
/// what would be left of a disc as large. Round and square patches left 0.58 to 0.99, a bar
/// of 8 to 1 would leave 0.6; thick strokes and words of squares left up to 0.22.
const COMPACT: f64 = 0.4;

/// Pixels of the smallest part that is asked whether it is paint. Chosen, not measured.
const LEAST_DIFFERENT: usize = 24;

/// Detail of the original below which nothing is hidden by paint (RMS in grey levels): a
/// smooth sky. Chosen, not measured.
const PAINTED: f64 = 1.0;

/// A picture beside what its original lets expect, both in grey levels, row by row.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub shown: &'a [f32],
    pub expected: &'a [f32],
    pub size: Size,
}

/// The pixels of hidden parts, among those that are `covered` and those whose detail is
/// missing by more than `levels`.
pub(super) fn hidden(beside: Beside<'_>, covered: &[bool], levels: f64) -> Vec<bool> {
    let Beside { shown, expected, size } = beside;
    let bare = bare::bare(shown, expected, size, levels);
    let either: Vec<bool> = covered.iter().zip(&bare).map(|(a, b)| *a || *b).collect();
    let mut hidden = vec![false; shown.len()];
    if !bare.contains(&true) {
        return hidden;
    }
    let detail = [shown, expected].map(|levels| bare::detail(levels, size));
    let soft = bare::blurred(shown, size);
    let finest: Vec<f32> = shown.iter().zip(soft).map(|(level, soft)| level - soft).collect();
    let means = Sums::of(size, |at| f64::from(expected[at]));
    let least = (size.longest() / LEAST).pow(2) as usize;
    for part in parts(&either, size).into_iter().filter(|part| part.len() > least) {
        let inner = inside(&part, size, RIM);
        if inner.len() < least.max(1) {
            continue;
        }
        let bare = inner.iter().filter(|&&at| bare[at]).count() as f64 / inner.len() as f64;
        let own = |of: &[f32]| -> f64 { inner.iter().map(|&at| f64::from(of[at]).powi(2)).sum() };
        let bland = own(&detail[0]) <= OWN * OWN * own(&detail[1]);
        let squares = own(&finest) >= SQUARES * SQUARES * own(&detail[0]);
        if bare >= BARE && bland && agrees(beside, &means, &inner, squares) {
            part.iter().for_each(|&at| hidden[at] = true);
        }
    }
    hidden
}

/// Whether the low frequencies of a part agree, over one reach for all of its pixels: each
/// is what a blur of the original gives there, or, if the part has the edges of squares,
/// a mean over one square of the original that holds it.
fn agrees(beside: Beside<'_>, means: &Sums, part: &[usize], in_squares: bool) -> bool {
    let sampled: Vec<usize> = part.iter().copied().step_by(part.len().div_ceil(SAMPLED)).collect();
    let rms = |of: &dyn Fn(usize) -> f64| {
        let squares: f64 = sampled.iter().map(|&at| of(at).powi(2)).sum();
        (squares / sampled.len() as f64).sqrt()
    };
    let left = rms(&|at| f64::from(beside.shown[at] - beside.expected[at]));
    let apart = |at: &usize| f64::from(beside.shown[*at] - beside.expected[*at]);
    let mean = sampled.iter().map(apart).sum::<f64>() / sampled.len() as f64;
    if mean.abs() > MEAN * left {
        return false;
    }
    let longest = ((part.len() as f64).sqrt() / 2.0).max(3.0);
    let mut reaches = REACHES.into_iter().filter(|&reach| (2 * reach) as f64 <= longest);
    reaches.any(|reach| {
        let around = |at: usize| Around::of(beside, means, at, reach);
        let blurred = rms(&|at| f64::from(beside.shown[at]) - around(at).mean);
        let beyond = rms(&|at| around(at).beyond(f64::from(beside.shown[at])));
        blurred <= BLURRED * left || in_squares && beyond <= (BEYOND * left).min(BEYOND_LEVELS)
    })
}

/// The means of the original over the squares with one reach that hold a pixel.
struct Around {
    least: f64,
    most: f64,
    /// Of all of them: a blur.
    mean: f64,
}

impl Around {
    fn of(beside: Beside<'_>, means: &Sums, at: usize, reach: usize) -> Self {
        let width = beside.size.width as usize;
        let (x, y) = ((at % width) as isize, (at / width) as isize);
        let span = reach as isize;
        let step = (2 * span / PLACES).max(1) as usize;
        let offsets = || (-span..=span).step_by(step);
        let around = offsets().flat_map(|dy| offsets().map(move |dx| (x + dx, y + dy)));
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut sum, mut count) = (0.0, 0u32);
        for mean in around.filter_map(|place| means.mean(place, reach)) {
            (least, most) = (least.min(mean), most.max(mean));
            (sum, count) = (sum + mean, count + 1);
        }
        Self { least, most, mean: sum / f64::from(count.max(1)) }
    }

    /// How far a level lies beyond all of them.
    fn beyond(&self, level: f64) -> f64 {
        (self.least - level).max(level - self.most).max(0.0)
    }
}

/// The connected parts (by edges) of the marked pixels, each in the order in which it was
/// found.
pub(super) fn parts(marked: &[bool], size: Size) -> Vec<Vec<usize>> {
    let mut open = marked.to_vec();
    let mut parts = Vec::new();
    for first in 0..open.len() {
        if std::mem::replace(&mut open[first], false) {
            parts.push(flooded(vec![first], size, &mut open, |_| true));
        }
    }
    parts
}

/// These pixels and all that are connected with them (by edges) through `open` pixels that
/// `belong`. They are not open any more.
fn flooded(
    from: Vec<usize>,
    size: Size,
    open: &mut [bool],
    belong: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let width = size.width as usize;
    let mut part = from;
    let mut next = 0;
    while let Some(&at) = part.get(next) {
        next += 1;
        let x = at % width;
        let left = (x > 0).then(|| at - 1);
        let right = (x + 1 < width).then_some(at + 1);
        let near = [left, right, at.checked_sub(width), Some(at + width)];
        for near in near.into_iter().flatten() {
            if open.get(near) == Some(&true) && belong(near) {
                open[near] = false;
                part.push(near);
            }
        }
    }
    part
}

/// Share of the picture that is solidly painted over in one colour each: squares of
/// 2 [`THICK`] + 1 pixels fit into it, and the original has detail there. `colour` is that
/// of each sent pixel.
///
/// Where the original happens to have the paint's colour nothing differs; what of the sent
/// picture has it and touches what differs belongs to the paint all the same.
pub(super) fn painted(
    beside: Beside<'_>,
    covered: &[bool],
    colour: impl Fn(usize) -> [u8; 3],
) -> f64 {
    let Beside { expected, size, .. } = beside;
    let detail = bare::detail(expected, size);
    let mut open = vec![true; covered.len()];
    let mut painted = 0;
    for part in parts(covered, size).into_iter().filter(|part| part.len() > LEAST_DIFFERENT) {
        let Some(usual) = most_frequent(part.iter().map(|&at| colour(at))) else { continue };
        let near = |at: usize| {
            let pairs = colour(at).into_iter().zip(usual);
            pairs.into_iter().all(|(own, usual)| own.abs_diff(usual) <= EVEN)
        };
        // What an earlier part of the same paint reached.
        if !part.iter().all(|&at| std::mem::replace(&mut open[at], false)) {
            continue;
        }
        let part = flooded(part, size, &mut open, |at| covered[at] || near(at));
        let inner = inside(&part, size, EDGE);
        let even: Vec<usize> = inner.iter().copied().filter(|&at| near(at)).collect();
        // The edge was left out already.
        let solid = inside(&even, size, THICK - EDGE);
        let one_colour = even.len() as f64 >= ONE_COLOUR * inner.len() as f64;
        let compact = solid.len() as f64 >= COMPACT * left_of_a_disc(part.len());
        let differs = || solid.iter().filter(|&&at| covered[at]);
        let squares: f64 = differs().map(|&at| f64::from(detail[at]).powi(2)).sum();
        if one_colour && compact && squares > PAINTED * PAINTED * differs().count() as f64 {
            painted += solid.len();
        }
    }
    painted as f64 / covered.len().max(1) as f64
}

/// Pixels of a disc of so many pixels that lie more than [`THICK`] from its edge.
fn left_of_a_disc(pixels: usize) -> f64 {
    let radius = (pixels as f64 / std::f64::consts::PI).sqrt() - THICK as f64;
    radius.max(0.0).powi(2) * std::f64::consts::PI
}

/// The pixels of a part around which a square with this reach is nearly all in it.
pub(super) fn inside(part: &[usize], size: Size, reach: usize) -> Vec<usize> {
    let mut marks = vec![0.0; size.pixels() as usize];
    part.iter().for_each(|&at| marks[at] = 1.0);
    let (sums, width) = (Sums::of(size, |at| marks[at]), size.width as usize);
    let full = |at: usize| {
        let place = ((at % width) as isize, (at / width) as isize);
        sums.mean(place, reach).is_some_and(|share| share >= 0.95)
    };
    part.iter().copied().filter(|&at| full(at)).collect()
}

/// The middle of the colours' most frequent cell, of 12 steps each way.
fn most_frequent(colours: impl Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let mut counts = BTreeMap::<[u8; 3], u32>::new();
    for colour in colours {
        *counts.entry(colour.map(|level| level / 12)).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|&(cell, count)| (count, cell))?;
    Some(most.0.map(|cell| (cell * 12).saturating_add(6)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share that counts as painted, of a picture with detail everywhere on which these
    /// pixels have the grey level 90; where the original has it too, nothing differs.
    fn share(paint: impl Fn(usize, usize) -> bool) -> f64 {
        let size = Size::new(200, 150);
        let place = |at: usize| (at % 200, at / 200);
        let level = |at: usize| ((at * 7919) % 97) as f32 + 60.0;
        let expected: Vec<f32> = (0..200 * 150).map(level).collect();
        let inked = |at: usize| paint(place(at).0, place(at).1);
        let shown: Vec<f32> =
            (0..expected.len()).map(|at| if inked(at) { 90.0 } else { expected[at] }).collect();
        // Rows in which nothing differs part it into stripes.
        let covered: Vec<bool> =
            (0..expected.len()).map(|at| inked(at) && place(at).1 % 12 > 1).collect();
        let beside = Beside { shown: &shown, expected: &expected, size };
        painted(beside, &covered, |at| [shown[at] as u8, 128, 128])
    }

    #[test]
    fn a_grey_patch_over_what_is_as_grey_is_paint() {
        let square = share(|x, y| (40..100).contains(&x) && (30..90).contains(&y));
        let disc = share(|x, y| x.abs_diff(90).pow(2) + y.abs_diff(70).pow(2) < 30 * 30);
        let bar = share(|x, y| (20..180).contains(&x) && (60..82).contains(&y));
        for (name, share, least) in
            [("square", square, 0.06), ("disc", disc, 0.04), ("bar", bar, 0.03)]
        {
            assert!(share > least, "{name} {share}");
        }
    }

    #[test]
    fn a_broad_pen_is_no_paint() {
        let zigzag = |x: usize, y: usize| y.abs_diff(40 + (x % 80).abs_diff(40) * 2) < 14;
        assert_eq!(share(zigzag), 0.0);
    }

    #[test]
    fn parts_that_touch_by_an_edge_are_one() {
        let marked = [1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0].map(|one| one == 1);
        let found = parts(&marked, Size::new(4, 3));
        assert_eq!(found, [vec![0, 1, 4, 8], vec![7]]);
    }
}
