//! Compares a picture that was changed before it was sent: the part of the original
//! that it shows is found, brightness is fitted through a smooth curve, and what no
//! drawing covers is measured as strictly as an unchanged picture.

use serde::{Deserialize, Serialize};

use super::align::{self, Cut};
use super::hiding::{self, Beside};
use super::motion::{self, Motion};
use super::sides::{self, Side, colour, even};
use super::tint::{self, Tint};
use super::tone::{self, Coloured, Toned};
use super::{bare, blocks, detail, residual, writing};
use crate::examine::look;
use crate::examine::pixels::{GreyMap, Plane, Tones, Window, shrink, shrink_window};
use crate::model::{Chroma, Size};

/// A pixel belongs to a drawing if it differs by more than this many grey levels at
/// 512 pixels (more at fewer, where noise is larger) and by more than
/// [`DRAWN_TIMES`]. Chosen, not measured.
const DRAWN_LEVELS: f64 = 10.0;
/// The second condition: this many times what four fifths of the pixels differ by
/// at most. Chosen, not measured.
const DRAWN_TIMES: f64 = 4.0;

/// Change of brightness (RMS in grey levels) above which the curve is applied to
/// the original at the sent size, and the result scaled down and fitted again. A
/// filter is laid on a picture with all its grain and changes bright and dark grain
/// differently: small, grainy pictures differed by 5 levels without this
/// (docs/architecture.md). That it begins at 3 is chosen.
const LAID_ON_FINE: f64 = 3.0;

/// Longest edge in pixels of that larger picture; a larger send is scaled to it.
/// WhatsApp sends pictures of standard quality with a long edge of 1600.
const FINE_EDGE: u32 = 1600;

/// A guess of how the exported picture was cut from the original.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::matching) struct Guess {
    pub cut: Cut,
    pub mirrored: bool,
}

impl Guess {
    /// All of the original, not mirrored.
    pub(in crate::matching) const WHOLE: Self = Self { cut: Cut::WHOLE, mirrored: false };
}

/// What a comparison through a guess measured; grey levels unless another unit is
/// named.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::matching) struct EditedFit {
    pub cut: Cut,
    pub mirrored: bool,
    /// RMS where no drawing covers the picture.
    pub residual: f64,
    /// RMS in the block that differs most, drawings left out ([`blocks::worst`]).
    pub worst_block: f64,
    /// How far the blocks lie apart, in pixels ([`blocks::drift`]).
    pub drift: f64,
    /// How far the camera moved, drawings left out.
    pub motion: Motion,
    /// Share of the picture that a drawing covers, 0 to 1.
    pub covered: f64,
    /// Share of the picture that is hidden behind squares or a blur, 0 to 1
    /// ([`hiding::hidden`]); it does not count as covered.
    pub hidden: f64,
    /// Share of the picture that is solidly painted over, 0 to 1 ([`hiding::painted`]);
    /// a part of what is covered.
    pub painted: f64,
    /// Share of the covered pixels that look drawn, 0 to 1 ([`sides::even`]).
    pub drawn: f64,
    /// The same of those pixels in the original, on which nobody has drawn yet.
    pub was_even: f64,
    /// Share of the picture that something on the original alone covers, 0 to 1
    /// ([`sides::under`]).
    pub under: f64,
    /// Share of the covered pixels that differ and on which the original has writing of
    /// its own, 0 to 1 ([`writing::writing`]).
    pub written: f64,
    /// RMS by which the curve changes brightness.
    pub toned: f64,
    /// How the colours differ.
    pub tint: Tint,
    /// Standard deviation after a quadratic surface is subtracted.
    pub detail: f64,
}

/// Compares a picture with an original through a guess.
pub(in crate::matching) fn compare(
    exported: &Tones,
    original: &Tones,
    guess: Guess,
    size: Size,
) -> Option<EditedFit> {
    let flipped = guess.mirrored.then(|| exported.mirrored());
    let exported = flipped.as_ref().unwrap_or(exported);
    let cut = align::align(&exported.luma, &original.luma, guess.cut, size)?;
    let window = cut.window(&original.luma);
    let mut coloured = shown(original, window, size);
    let map = shrink(&exported.luma, size);
    let mut toned = tone::fit(&map, &coloured)?;
    if toned.changed > LAID_ON_FINE {
        let fine = shown(original, window, fine_size(exported));
        coloured.luma = shrink(&toned.curve.of(&fine), size);
        let again = tone::fit(&map, &coloured)?;
        toned = Toned { changed: toned.changed, curve: toned.curve, left: again.left };
    }
    let shared = blocks::shared_detail(&map, &detail::fine_detail(&coloured.luma));
    let chroma = exported.chroma.each_ref().map(|plane| shrink(plane, size));
    let covers = covers(&map, &chroma, &toned.left, covered(&toned.left, &shared, size));
    let Covers { covered, hidden, .. } = &covers;
    let counts = |index: usize| !covered[index] && !hidden[index];
    let share = |marked: &[bool]| {
        marked.iter().filter(|marked| **marked).count() as f64 / marked.len().max(1) as f64
    };
    let over_words = || written(exported, original, window, &toned, covered, size);
    let written = if covers.far { 0.0 } else { over_words() };
    Some(EditedFit {
        cut,
        mirrored: guess.mirrored,
        residual: rms((0..toned.left.len()).filter(|at| counts(*at)).map(|at| toned.left[at])),
        worst_block: blocks::worst(&toned.left, &shared, counts, size).allowed,
        drift: blocks::drift(&coloured.luma, &toned.left, counts),
        motion: motion::motion(&map, &toned.left, counts),
        covered: share(covered),
        hidden: share(hidden),
        painted: covers.painted,
        drawn: even(&map, &chroma, marked(covered)),
        was_even: even(&coloured.luma, &coloured.chroma, marked(covered)),
        under: sides::under(
            Side { luma: &coloured.luma, chroma: &coloured.chroma },
            Side { luma: &map, chroma: &chroma },
            if covers.far { &[] } else { covered },
            size,
        ),
        written,
        toned: toned.changed,
        tint: tint(exported, original, window, covered, size),
        detail: residual::detail(&map),
    })
}

/// How the colours differ from those seen through a window, what covers the picture left
/// out: strokes have colours of their own.
fn tint(exported: &Tones, original: &Tones, window: Window, covered: &[bool], size: Size) -> Tint {
    let whole = Window::whole(&exported.luma);
    let luma = || tint::cells(&exported.luma);
    let (mut sent, own) = (look::chroma(exported, whole), look::chroma(original, window));
    let edge = |at: u32, of: u32| (at * Chroma::EDGE as u32 / of.max(1)) as usize;
    for at in (0..covered.len()).filter(|&at| covered[at]) {
        let (x, y) = (at as u32 % size.width, at as u32 / size.width);
        let cell = edge(y, size.height) * Chroma::EDGE + edge(x, size.width);
        for at in [cell, cell + Chroma::EDGE * Chroma::EDGE] {
            if let (Some(sent), Some(own)) = (sent.0.get_mut(at), own.0.get(at)) {
                *sent = *own;
            }
        }
    }
    Tint::between(&sent, &own, luma)
}

/// The part of an original that is seen through a window.
fn shown(original: &Tones, window: Window, size: Size) -> Coloured {
    let small = |plane: &Plane| shrink_window(plane, window, size);
    let [blue, red] = &original.chroma;
    Coloured { luma: small(&original.luma), chroma: [small(blue), small(red)] }
}

/// The size of an exported picture, its long edge at most [`FINE_EDGE`].
fn fine_size(exported: &Tones) -> Size {
    exported.luma.size().within(FINE_EDGE)
}

/// What covers a picture.
struct Covers {
    /// The pixels of drawings and of what moved.
    covered: Vec<bool>,
    /// Those of parts behind squares or a blur.
    hidden: Vec<bool>,
    /// Share of the picture that is solidly painted over.
    painted: f64,
    /// Whether the rest differs by more than any mode accepts ([`residual::FAR`]): then
    /// nothing else is measured, for most comparisons are with strangers.
    far: bool,
}

/// Tells the hidden parts of a picture from what else covers it.
fn covers(shown: &GreyMap, chroma: &[GreyMap; 2], left: &[f32], mut covered: Vec<bool>) -> Covers {
    let size = shown.size();
    let beside = |at: &usize| !covered[*at];
    if rms((0..left.len()).filter(beside).map(|at| left[at])) > residual::FAR {
        return Covers { hidden: vec![false; covered.len()], covered, painted: 0.0, far: true };
    }
    let own: Vec<f32> = bare::levels(shown);
    let expected: Vec<f32> = own.iter().zip(left).map(|(own, left)| own - left).collect();
    let beside = Beside { shown: &own, expected: &expected, size };
    let hidden = hiding::hidden(beside, &covered, bare::MISSING * residual::noise(size));
    covered.iter_mut().zip(&hidden).for_each(|(covered, hidden)| *covered &= !hidden);
    let painted = hiding::painted(beside, &covered, |at| colour(shown, chroma, at));
    Covers { covered, hidden, painted, far: false }
}

/// How much of what covers a picture lies over writing of the original, at full size; of
/// the two the smaller one counts.
fn written(
    exported: &Tones,
    original: &Tones,
    window: Window,
    toned: &Toned,
    covered: &[bool],
    size: Size,
) -> f64 {
    if !covered.contains(&true) {
        return 0.0;
    }
    let pixels = |(from, to): (u64, u64)| ((to - from) / Window::UNIT) as u32;
    let edge = pixels(window.x).max(pixels(window.y)).clamp(size.longest(), FINE_EDGE);
    let fine = exported.luma.size().within(edge);
    let planes = |of: &Coloured| {
        let [blue, red] = &of.chroma;
        [&of.luma, blue, red].map(GreyMap::rounded)
    };
    let before = shown(original, window, fine);
    let mut expected = planes(&before);
    if toned.changed > LAID_ON_FINE {
        expected[0] = toned.curve.of(&before);
    }
    let sent = planes(&shown(exported, Window::whole(&exported.luma), fine));
    writing::writing(&sent, &expected, covered, size)
}

/// The places of what is marked.
fn marked(marks: &[bool]) -> impl Iterator<Item = usize> {
    (0..marks.len()).filter(|&at| marks[at])
}

fn rms(left: impl Iterator<Item = f32>) -> f64 {
    let (mut sum, mut count) = (0.0, 0u32);
    for left in left {
        sum += f64::from(left) * f64::from(left);
        count += 1;
    }
    (sum / f64::from(count.max(1))).sqrt()
}

/// The pixels that a drawing covers: those that differ far more than most, and
/// their neighbours. Where both pictures share fine detail, as letters do, the
/// limit is higher.
fn covered(left: &[f32], shared: &[f32], size: Size) -> Vec<bool> {
    let mut sorted: Vec<u32> = left.iter().map(|left| (left.abs() * 16.0) as u32).collect();
    let at = sorted.len() * 4 / 5;
    let (_, usual, _) = sorted.select_nth_unstable(at);
    let levels = DRAWN_LEVELS * residual::noise(size);
    let limit = (f64::from(*usual) / 16.0 * DRAWN_TIMES).max(levels);
    let allowed = blocks::allowed_near(shared, size);
    let pairs = left.iter().zip(allowed);
    let marked: Vec<bool> =
        pairs.map(|(left, allowed)| f64::from(left.abs()) > limit * allowed).collect();
    // Grown by three pixels: as far as an encoder's ringing around strokes reaches.
    (0..3).fold(kept(&marked, size, 5), |solid, _| grown(&solid, size))
}

/// Marked pixels with at least `least` marked ones among the nine around them,
/// themselves included: single ones are noise.
fn kept(marked: &[bool], size: Size, least: usize) -> Vec<bool> {
    each(size, |x, y| marked[(y * size.width + x) as usize] && around(marked, size, x, y) >= least)
}

/// Marked pixels and their neighbours.
fn grown(marked: &[bool], size: Size) -> Vec<bool> {
    each(size, |x, y| around(marked, size, x, y) > 0)
}

fn each(size: Size, is: impl Fn(u32, u32) -> bool) -> Vec<bool> {
    let Size { width, height } = size;
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| is(x, y)).collect()
}

fn around(marked: &[bool], size: Size, x: u32, y: u32) -> usize {
    let Size { width, height } = size;
    let rows = y.saturating_sub(1)..=(y + 1).min(height - 1);
    rows.flat_map(|y| (x.saturating_sub(1)..=(x + 1).min(width - 1)).map(move |x| (x, y)))
        .filter(|(x, y)| marked[(y * width + x) as usize])
        .count()
}
