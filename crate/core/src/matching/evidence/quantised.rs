//! Could this picture be what an encoder made of that original? At full size, by what
//! the exported file's own quantisation allows.
//!
//! A JPEG keeps each frequency of a block of 8 × 8 pixels as a whole number of steps.
//! So the frequencies of the picture that was encoded are known to within half a
//! step. That picture is predicted from the original, as a mix of what several
//! programs make of it when they scale it down; what the prediction lies outside of
//! the known ranges is a violation. A changed digit of five pixels violates one block
//! by much, and no encoder's loss does: the loss is what the steps allow.
//! docs/architecture.md has the distribution over true pairs and neighbours.

use serde::{Deserialize, Serialize};

use super::resample::{Filter, Levels, in_light, resample};
use super::shade::shaded;
use super::solve::Normal;
use crate::examine::pixels::{Plane, Whole};
use crate::matching::gates;
use crate::model::Size;

/// Edge of a block in pixels (ITU-T T.81).
pub(super) const BLOCK: usize = 8;
pub(super) const BLOCK_PIXELS: usize = BLOCK * BLOCK;

/// Most pixels of an exported picture that is judged: the prediction holds some 50
/// bytes for each. What WhatsApp sends in standard quality has 1.9 million. Chosen,
/// not measured.
const PIXELS: u64 = 4_000_000;

/// Terms of the prediction: eight ways to scale, five kinds of sharpening, and a
/// constant.
const TERMS: usize = 14;

/// Pixels with most contrast among which the mix is fitted, and others. More do not
/// change it. Chosen, not measured.
const SHARP: usize = 40_000;
const OTHERS: usize = 10_000;

/// Pixels whose terms are added up together.
const NEAR: usize = 4096;

/// Rounds of the robust fit, each of which counts less what the last one left over.
/// Chosen, not measured.
const ROUNDS: usize = 6;

/// Grey levels that are forgiven in each frequency beside half its step: the exported
/// pixels were rounded when they were decoded, the original's before it was scaled.
const ROUNDING: f32 = 1.0;

/// Violation that a block without contrast may have, and how much more for each grey
/// level of its contrast: no mix of our filters is just what the program did, and the
/// error grows with what it sharpened (measured: docs/architecture.md).
const SLACK: f32 = 6.0;
const SLACK_BY_CONTRAST: f32 = 0.48;

/// Frequencies of a block that a smooth shade has: the mean, and those of a slope.
/// Skies have them alike, so they prove nothing.
const SHADE: [usize; 3] = [0, 1, BLOCK];

/// Least frequencies beyond shades that the file must keep before they prove a plain
/// picture. The likeness of unrelated ones spreads around 0 by `1 / √60 = 0.13`, so
/// that [`SHOWN`] is more than six times that.
const LEAST_KEPT: u32 = 60;

/// Least likeness of those frequencies. A true pair's differ by the rounding alone:
/// those that were rounded to one step lie evenly between half a step and one and a
/// half, which leaves 0.96; more of them are small, and the prediction errs, too.
/// Chosen below that.
const SHOWN: f64 = 0.85;

/// Least likeness with which another original may be the one that was sent, too. Chosen
/// between 0, where unrelated ones lie, and [`SHOWN`].
const MAY_BE_SHOWN: f64 = 0.5;

/// What a picture violates of the ranges that its file allows, and what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::matching) struct Violation {
    /// Of the worst block, as a multiple of its slack.
    pub worst: f64,
    /// How many blocks violate more than [`ALLOWED`].
    pub blocks: u32,
    /// Frequencies beyond shades that the file keeps, of all blocks.
    pub kept: u32,
    /// How alike those are to the prediction's, −1 to 1 (the cosine between the two).
    pub likeness: f64,
}

/// Most violation of the worst block of a true pair, as a multiple of its slack.
/// Drawn screens with one changed digit, through resizers and sharpening that are no
/// term of the prediction, at quality 55 to 92: true pairs reached 4.6, false ones
/// began at 8.1. Photos of the corpus: true ones at most 1.1, with a tenth of the
/// picture moved by six pixels at least 21. With an encoder that lowers coefficients
/// on purpose (a trellis) a spike of the idea saw 5.0 and 6.1.
pub(in crate::matching) const ALLOWED: f64 = 5.5;

impl Violation {
    /// Whether no encoder can have made the picture from that original.
    pub(in crate::matching) fn is_another(self) -> bool {
        self.worst > ALLOWED
    }

    /// Whether what the file keeps beyond smooth shades is the original's: the little
    /// that a plain picture shows proves it then.
    pub(in crate::matching) fn is_shown(self) -> bool {
        !self.is_another() && self.kept >= LEAST_KEPT && self.likeness >= SHOWN
    }

    /// Whether what the file keeps beyond smooth shades is not the original's.
    pub(in crate::matching) fn is_not_shown(self) -> bool {
        self.is_another() || self.kept >= LEAST_KEPT && self.likeness < MAY_BE_SHOWN
    }
}

/// Judges an exported picture beside an original. `None`: it is no JPEG that is shown
/// as it lies in its file, is larger than the original or than is judged, has another
/// shape, or has no whole block.
pub(in crate::matching) fn judge(original: &Plane, exported: &Whole) -> Option<Violation> {
    let size = exported.luma.size();
    (may_be_judged(original, size) && size.pixels() <= PIXELS).then_some(())?;
    Some(judged(&predicted(original, &exported.luma), &exported.luma, &exported.steps?))
}

/// The same of two copies in a library: what is no JPEG may have been one, and is allowed
/// what a coarse encoder leaves. A larger picture is judged if both have one size; nobody
/// scaled it then.
pub(in crate::matching) fn judge_copy(original: &Plane, copy: &Whole) -> Option<Violation> {
    let size = copy.luma.size();
    may_be_judged(original, size).then_some(())?;
    let steps = copy.steps.as_ref().unwrap_or(&COARSE);
    if size.pixels() <= PIXELS {
        return Some(judged(&predicted(original, &copy.luma), &copy.luma, steps));
    }
    (original.size() == size).then(|| judged(&shaded(original, &copy.luma), &copy.luma, steps))
}

/// Whether a picture of this size can be the original made smaller, and has a block.
fn may_be_judged(original: &Plane, size: Size) -> bool {
    let smaller = size.width <= original.width && size.height <= original.height;
    let whole = size.width as usize >= BLOCK && size.height as usize >= BLOCK;
    smaller && whole && gates::same_shape(size, original.size())
}

/// What a picture violates, and what it shows, beside what it should be.
fn judged(predicted: &[f32], seen: &Plane, steps: &[u16; BLOCK_PIXELS]) -> Violation {
    let mut found = Violation::default();
    let mut shown = Shown::default();
    for_blocks(seen.size(), |rows| {
        let guess = block(rows, |at| predicted[at]);
        let seen = block(rows, |at| f32::from(seen.grey[at]));
        let (expected, known) = (cosines(&guess), kept(&cosines(&seen), steps));
        let share = f64::from(violation(&guess, &expected, &known, steps));
        found.worst = found.worst.max(share);
        found.blocks += u32::from(share > ALLOWED);
        shown.add(&expected, &known);
    });
    Violation { kept: shown.kept, likeness: shown.likeness(), ..found }
}

/// The luminance table of the JPEG standard (ITU-T T.81, table K.1), which encoders use at
/// quality 50: coarser ones are rare.
#[rustfmt::skip]
const COARSE: [u16; BLOCK_PIXELS] = [
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// The frequencies that a file keeps beyond shades, beside the predicted ones.
#[derive(Default)]
struct Shown {
    kept: u32,
    /// Sums of squares of both, and of their products.
    known: f64,
    expected: f64,
    both: f64,
}

impl Shown {
    fn add(&mut self, expected: &[f32; BLOCK_PIXELS], known: &[f32; BLOCK_PIXELS]) {
        for at in (0..BLOCK_PIXELS).filter(|at| known[*at] != 0.0 && !SHADE.contains(at)) {
            let (expected, known) = (f64::from(expected[at]), f64::from(known[at]));
            self.kept += 1;
            self.known += known * known;
            self.expected += expected * expected;
            self.both += expected * known;
        }
    }

    fn likeness(&self) -> f64 {
        self.both / (self.known * self.expected).sqrt().max(f64::MIN_POSITIVE)
    }
}

/// The frequencies as the file holds them: whole numbers of steps.
fn kept(seen: &[f32; BLOCK_PIXELS], steps: &[u16; BLOCK_PIXELS]) -> [f32; BLOCK_PIXELS] {
    std::array::from_fn(|at| {
        let step = f32::from(steps[at].max(1));
        nearest(seen[at] / step) * step
    })
}

/// Calls `each` with the indices of every whole block's pixels, row by row.
fn for_blocks(size: Size, mut each: impl FnMut([usize; BLOCK])) {
    let (width, height) = (size.width as usize, size.height as usize);
    for top in (0..=height - BLOCK).step_by(BLOCK) {
        for left in (0..=width - BLOCK).step_by(BLOCK) {
            each(std::array::from_fn(|row| (top + row) * width + left));
        }
    }
}

pub(super) fn block(rows: [usize; BLOCK], level: impl Fn(usize) -> f32) -> [f32; BLOCK_PIXELS] {
    std::array::from_fn(|at| level(rows[at / BLOCK] + at % BLOCK) - 128.0)
}

/// How far one block's predicted frequencies lie outside of what its steps allow, as a
/// multiple of its slack.
fn violation(
    guess: &[f32; BLOCK_PIXELS],
    expected: &[f32; BLOCK_PIXELS],
    known: &[f32; BLOCK_PIXELS],
    steps: &[u16; BLOCK_PIXELS],
) -> f32 {
    let outside = |at: usize| {
        let step = f32::from(steps[at].max(1));
        ((expected[at] - known[at]).abs() - step / 2.0 - ROUNDING).max(0.0)
    };
    let squares: f32 = (0..BLOCK_PIXELS).map(|at| outside(at) * outside(at)).sum();
    let mean = guess.iter().sum::<f32>() / BLOCK_PIXELS as f32;
    let spread: f32 = guess.iter().map(|level| (level - mean) * (level - mean)).sum();
    let contrast = (spread / BLOCK_PIXELS as f32).sqrt();
    squares.sqrt() / (SLACK + SLACK_BY_CONTRAST * contrast)
}

/// `cos(nπ/16)` for n from 0 to 8.
const COS: [f32; 9] = [
    1.0,
    0.980_785_25,
    0.923_879_5,
    0.831_469_6,
    0.707_106_77,
    0.555_570_24,
    0.382_683_43,
    0.195_090_32,
    0.0,
];

/// `cos(nπ/16)` for any n.
const fn cos16(n: usize) -> f32 {
    match n % 32 {
        n @ 0..=8 => COS[n],
        n @ 9..=16 => -COS[16 - n],
        n @ 17..=24 => -COS[n - 16],
        n => COS[32 - n],
    }
}

/// Cosines of each frequency over a block's edge, scaled so that the transform keeps
/// sums of squares.
const BASIS: [[f32; BLOCK]; BLOCK] = {
    let mut basis = [[0.0; BLOCK]; BLOCK];
    let mut frequency = 0;
    while frequency < BLOCK {
        let scale = if frequency == 0 { COS[4] / 2.0 } else { 0.5 };
        let mut at = 0;
        while at < BLOCK {
            basis[frequency][at] = scale * cos16((2 * at + 1) * frequency);
            at += 1;
        }
        frequency += 1;
    }
    basis
};

/// The same by pixel, then by frequency.
const BY_PIXEL: [[f32; BLOCK]; BLOCK] = {
    let mut turned = [[0.0; BLOCK]; BLOCK];
    let mut at = 0;
    while at < BLOCK * BLOCK {
        turned[at / BLOCK][at % BLOCK] = BASIS[at % BLOCK][at / BLOCK];
        at += 1;
    }
    turned
};

/// The nearest whole number, of two the even one; for sizes below four million. Added
/// to this number, a fraction has no bits left: a rounding that every machine does in
/// one step, where `round` is a call.
fn nearest(number: f32) -> f32 {
    const WHOLE: f32 = 12_582_912.0;
    (number + WHOLE) - WHOLE
}

/// The cosine transform of a block, as a JPEG's coefficients are scaled.
pub(super) fn cosines(block: &[f32; BLOCK_PIXELS]) -> [f32; BLOCK_PIXELS] {
    // Along each row, then down each column; each sum in the order of the pixels, the
    // sums of eight frequencies side by side.
    let (mut rows, mut all) = ([0.0; BLOCK_PIXELS], [0.0; BLOCK_PIXELS]);
    for (sums, row) in rows.chunks_exact_mut(BLOCK).zip(block.chunks_exact(BLOCK)) {
        for (level, cosines) in row.iter().zip(&BY_PIXEL) {
            sums.iter_mut().zip(cosines).for_each(|(sum, cosine)| *sum += level * cosine);
        }
    }
    for (frequency, cosines) in BASIS.iter().enumerate() {
        let sums = &mut all[frequency * BLOCK..][..BLOCK];
        for (row, cosine) in rows.chunks_exact(BLOCK).zip(cosines) {
            sums.iter_mut().zip(row).for_each(|(sum, level)| *sum += level * cosine);
        }
    }
    all
}

/// The original as the exported picture must have looked before it was encoded: the
/// mix of programs that fits the exported levels best.
fn predicted(original: &Plane, exported: &Plane) -> Vec<f32> {
    let terms = terms(original, exported.size());
    let contrast = contrast(&terms[0], exported.size());
    let chosen = chosen(&contrast);
    let basis = |at: usize| -> [f64; TERMS] {
        std::array::from_fn(|term| terms.get(term).map_or(1.0, |term| f64::from(term.level(at))))
    };
    let rows: Vec<([f64; TERMS], f64)> =
        chosen.iter().map(|&at| (basis(at), f64::from(exported.grey[at]))).collect();
    let mix = mixed(&rows);
    let mut levels = vec![0.0; exported.grey.len()];
    // A few thousand pixels at a time, so that they stay near the processor.
    for (part, levels) in levels.chunks_mut(NEAR).enumerate() {
        for (term, share) in terms.iter().zip(mix) {
            let scale = share as f32 / Term::LEVEL;
            let term = &term.0[part * NEAR..];
            levels.iter_mut().zip(term).for_each(|(sum, &level)| *sum += scale * f32::from(level));
        }
        let constant = mix[TERMS - 1] as f32;
        levels.iter_mut().for_each(|level| *level = (*level + constant).clamp(0.0, 255.0));
    }
    levels
}

/// One term of the prediction for each pixel: grey levels in 1/64, for all terms of a
/// picture are held at once.
struct Term(Vec<i16>);

impl Term {
    const LEVEL: f32 = 64.0;

    fn of(levels: &Levels) -> Self {
        Self(levels.levels.iter().map(|level| nearest(level * Self::LEVEL) as i16).collect())
    }

    fn level(&self, at: usize) -> f32 {
        f32::from(self.0[at]) / Self::LEVEL
    }
}

/// The original as several programs scale it, and what they add to sharpen it. The
/// last term, a constant, is not among them.
fn terms(original: &Plane, size: Size) -> [Term; TERMS - 1] {
    let by = |filter| resample(original, size, filter);
    // Blurs with a variance of 0.5, 1.5 and 4 pixels, and of 1.
    let times = |levels: &Levels, count: u32| (0..count).fold(levels.clone(), |it, _| it.blurred());
    let sharper = |levels: &Levels, soft: &Levels| Term::of(&levels.minus(soft));
    let [cubic, fine, middle, wide] = {
        let cubic = by(Filter::Cubic);
        let fine = times(&cubic, 1);
        let middle = times(&fine, 2);
        let wide = times(&middle, 5);
        let sharp = [fine, middle, wide].map(|soft| sharper(&cubic, &soft));
        let [fine, middle, wide] = sharp;
        [Term::of(&cubic), fine, middle, wide]
    };
    let both = |filter| {
        let levels = by(filter);
        [Term::of(&levels), sharper(&levels, &times(&levels, 2))]
    };
    let ([area, blunt], [lanczos, ringing]) = (both(Filter::Area), both(Filter::Lanczos));
    [
        area,
        Term::of(&by(Filter::Triangle)),
        cubic,
        lanczos,
        Term::of(&by(Filter::PlainLinear)),
        Term::of(&by(Filter::PlainCubic)),
        Term::of(&in_light(original, size)),
        Term::of(&halved(original, size).resampled(size, Filter::PlainLinear)),
        fine,
        middle,
        wide,
        ringing,
        blunt,
    ]
}

/// The original halved as often as it stays larger than `size`: phones decode it so,
/// and scale the rest of the way between the nearest pixels.
fn halved(original: &Plane, size: Size) -> Levels {
    let mut half = original.size();
    while half.width / 2 >= size.width && half.height / 2 >= size.height {
        half = Size::new(half.width / 2, half.height / 2);
    }
    resample(original, half, Filter::Area)
}

/// How much each pixel stands out from the four around it, in parts of a level as in
/// a [`Term`].
fn contrast(levels: &Term, size: Size) -> Vec<u32> {
    let (width, height) = (size.width as usize, size.height as usize);
    let row = |y: usize| &levels.0[y.min(height - 1) * width..][..width];
    let mut contrast = Vec::with_capacity(levels.0.len());
    for y in 0..height {
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row(y + 1));
        let left = std::iter::once(&here[0]).chain(here);
        let right = here[1..].iter().chain(here.last());
        let around = above.iter().zip(below).zip(left.zip(right)).zip(here);
        contrast.extend(around.map(|(((above, below), (left, right)), here)| {
            let around = [above, below, left, right].map(|level| i32::from(*level));
            (around.iter().sum::<i32>() - 4 * i32::from(*here)).unsigned_abs()
        }));
    }
    contrast
}

/// The pixels among which the mix is fitted: [`SHARP`] with most contrast, of equal
/// ones the first, and about [`OTHERS`] others.
fn chosen(contrast: &[u32]) -> Vec<usize> {
    let (least, of_least) = least_of_sharpest(contrast);
    let mut left = of_least;
    let every = (contrast.len() / OTHERS).max(1);
    let mut is_chosen = |(at, &contrast): (usize, &u32)| {
        let sharp = contrast > least || (contrast == least && left > 0);
        left -= usize::from(sharp && contrast == least);
        sharp || at % every == 0
    };
    let numbered = contrast.iter().enumerate();
    numbered.filter(|one| is_chosen(*one)).map(|(at, _)| at).collect()
}

/// The least contrast of the [`SHARP`] pixels with most, and how many of them have
/// just that.
fn least_of_sharpest(contrast: &[u32]) -> (u32, usize) {
    let most = contrast.iter().copied().max().unwrap_or(0);
    let mut counts = vec![0usize; most as usize + 1];
    contrast.iter().for_each(|&contrast| counts[contrast as usize] += 1);
    let mut left = SHARP;
    for (contrast, &count) in counts.iter().enumerate().rev() {
        if count >= left {
            return (contrast as u32, left);
        }
        left -= count;
    }
    (0, contrast.len())
}

/// The mix, by least squares in which what fits badly counts little (Cauchy's
/// weights), as does what a screen cannot show.
fn mixed(rows: &[([f64; TERMS], f64)]) -> [f64; TERMS] {
    /// Added to the diagonal, relative to it: the terms are alike.
    const RIDGE: f64 = 1e-7;
    let mut weights = vec![1.0; rows.len()];
    let mut mix = [0.0; TERMS];
    for _ in 0..ROUNDS {
        let mut normal = Normal::<TERMS>::new();
        for ((basis, wanted), weight) in rows.iter().zip(&weights) {
            normal.add(basis, *wanted, *weight);
        }
        mix = normal.solve(RIDGE);
        let guess =
            |basis: &[f64; TERMS]| -> f64 { basis.iter().zip(&mix).map(|(a, b)| a * b).sum() };
        let guesses: Vec<f64> = rows.iter().map(|(basis, _)| guess(basis)).collect();
        let left =
            |(guess, (_, wanted)): (&f64, &([f64; TERMS], f64))| wanted - guess.clamp(0.0, 255.0);
        let left: Vec<f64> = guesses.iter().zip(rows).map(left).collect();
        let spread = 1.48 * median(&left) + 0.5;
        for (at, weight) in weights.iter_mut().enumerate() {
            let far = left[at] / (3.0 * spread);
            let shown = if (-2.0..=257.0).contains(&guesses[at]) { 1.0 } else { 0.02 };
            let inside = if (6.0..=249.0).contains(&rows[at].1) { 1.0 } else { 0.3 };
            *weight = shown * inside / (1.0 + far * far);
        }
    }
    mix
}

/// The median of their sizes.
fn median(values: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() { 0.0 } else { *sizes.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

#[cfg(test)]
#[path = "quantised_tests.rs"]
mod tests;
