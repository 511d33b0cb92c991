//! Pictures that were changed before they were sent: the part of the original
//! they show is found, brightness is fitted through a smooth curve, and what is
//! left of the picture is proved as strictly as an unchanged one.

use serde::{Deserialize, Serialize};

use super::align::{self, Cut};
use super::blocks;
use super::motion::{self, Motion};
use super::residual;
use super::tint::Tint;
use super::tone::{self, Coloured, Toned};
use crate::examine::decode::{GreyMap, Plane, Tones, Window, shrink, shrink_window};
use crate::examine::look;

/// A pixel belongs to a drawing from this many grey levels on at 512 pixels
/// (noise is more at fewer), or this many times what most pixels differ by.
const DRAWN_LEVELS: f64 = 10.0;
const DRAWN_TIMES: f64 = 4.0;

/// A filter was laid on a picture with all its grain, and bends bright and dark
/// grains unequally. From this change of brightness on (RMS in grey levels) its
/// curve is laid on a picture of the sent size, and that made small.
const LAID_ON_FINE: f64 = 3.0;

/// Longest edge of such a picture.
const FINE_EDGE: u32 = 1600;

/// A guess where the exported picture was cut from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Guess {
    pub cut: Cut,
    pub mirrored: bool,
}

impl Guess {
    /// All of the original, as it is.
    pub(super) const WHOLE: Self = Self { cut: Cut::WHOLE, mirrored: false };
}

/// What a comparison through a guess found. In grey levels unless said
/// otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct EditedFit {
    pub cut: Cut,
    pub mirrored: bool,
    /// RMS over what no drawing covers.
    pub residual: f64,
    /// RMS in the block that fits worst, drawings left out.
    pub worst_block: f64,
    /// By how many pixels most of its blocks lie elsewhere than in the original.
    pub drift: f64,
    /// How far all of it lies elsewhere than in the part of the original.
    pub motion: Motion,
    /// Share of the picture that a drawing covers, 0 to 1.
    pub covered: f64,
    /// Share of the covered pixels that look drawn: even and vivid, 0 to 1.
    pub drawn: f64,
    /// The same in the original, where nobody has drawn yet.
    pub was_even: f64,
    /// RMS by which the curve changes brightness.
    pub toned: f64,
    /// Difference of colours.
    pub tint: Tint,
    /// Standard deviation that no smooth shade explains.
    pub detail: f64,
}

/// Compares a picture with an original through a guess.
pub(super) fn compare(
    exported: &Tones,
    original: &Tones,
    guess: Guess,
    size: (u32, u32),
) -> Option<EditedFit> {
    let flipped = guess.mirrored.then(|| exported.mirrored());
    let exported = flipped.as_ref().unwrap_or(exported);
    let cut = align::align(&exported.luma, &original.luma, guess.cut, size)?;
    let window = cut.window(&original.luma);
    let mut coloured = shown(original, window, size);
    let map = shrink(&exported.luma, size.0, size.1);
    let mut toned = tone::fit(&map, &coloured)?;
    if toned.changed > LAID_ON_FINE {
        let fine = shown(original, window, fine_size(exported));
        coloured.luma = shrink(&toned.curve.of(&fine), size.0, size.1);
        toned = Toned { changed: toned.changed, ..tone::fit(&map, &coloured)? };
    }
    let shared = blocks::shared_detail(&map, &residual::fine_detail(&coloured.luma));
    let covered = covered(&toned.left, &shared, size);
    let chroma = exported.chroma.each_ref().map(|plane| shrink(plane, size.0, size.1));
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let count = covered.iter().filter(|covered| **covered).count();
    Some(EditedFit {
        cut,
        mirrored: guess.mirrored,
        residual: rms(uncovered(&toned.left, &covered)),
        worst_block: blocks::worst(&toned.left, &shared, |index| !covered[index], size),
        drift: blocks::drift(&coloured.luma, &toned.left, |index| !covered[index]),
        motion: motion::motion(&map, &toned.left, |index| !covered[index]),
        covered: share(count, covered.len()),
        drawn: even(&map, &chroma, &covered),
        was_even: even(&coloured.luma, &coloured.chroma, &covered),
        toned: toned.changed,
        tint: tint(exported, original, window),
        detail: residual::detail(&map),
    })
}

/// How the colours differ from those seen through a window.
fn tint(exported: &Tones, original: &Tones, window: Window) -> Tint {
    let whole = Window::whole(&exported.luma);
    Tint::between(&look::chroma(exported, whole), &look::chroma(original, window))
}

/// The part of an original that is seen through a window.
fn shown(original: &Tones, window: Window, (width, height): (u32, u32)) -> Coloured {
    let small = |plane: &Plane| shrink_window(plane, window, width, height);
    let [blue, red] = &original.chroma;
    Coloured { luma: small(&original.luma), chroma: [small(blue), small(red)] }
}

/// The size of an exported picture, its long edge at most [`FINE_EDGE`].
fn fine_size(exported: &Tones) -> (u32, u32) {
    residual::target((exported.luma.width, exported.luma.height), FINE_EDGE)
}

fn uncovered<'a>(left: &'a [f32], covered: &'a [bool]) -> impl Iterator<Item = f32> + 'a {
    left.iter().zip(covered).filter(|(_, covered)| !**covered).map(|(left, _)| *left)
}

fn rms(left: impl Iterator<Item = f32>) -> f64 {
    let (mut sum, mut count) = (0.0, 0u32);
    for left in left {
        sum += f64::from(left) * f64::from(left);
        count += 1;
    }
    (sum / f64::from(count.max(1))).sqrt()
}

/// Pixels that differ far more than the others, with their neighbours. Where both
/// pictures share fine detail, as letters do, more is needed.
fn covered(left: &[f32], shared: &[f32], (width, height): (u32, u32)) -> Vec<bool> {
    let mut sorted: Vec<u32> = left.iter().map(|left| (left.abs() * 16.0) as u32).collect();
    let at = sorted.len() * 4 / 5;
    let (_, usual, _) = sorted.select_nth_unstable(at);
    let levels = DRAWN_LEVELS * residual::noise((width, height));
    let limit = (f64::from(*usual) / 16.0 * DRAWN_TIMES).max(levels);
    let allowed = blocks::allowed_near(shared, (width, height));
    let pairs = left.iter().zip(allowed);
    let marked: Vec<bool> =
        pairs.map(|(left, allowed)| f64::from(left.abs()) > limit * allowed).collect();
    // The encoder's rings around strokes reach three pixels far.
    (0..3).fold(kept(&marked, width, height, 5), |solid, _| grown(&solid, width, height))
}

/// Marked pixels with at least `least` marked ones among the nine around: lone
/// ones are noise.
fn kept(marked: &[bool], width: u32, height: u32, least: usize) -> Vec<bool> {
    each(width, height, |x, y| {
        marked[(y * width + x) as usize] && around(marked, width, height, x, y) >= least
    })
}

fn grown(marked: &[bool], width: u32, height: u32) -> Vec<bool> {
    each(width, height, |x, y| around(marked, width, height, x, y) > 0)
}

fn each(width: u32, height: u32, is: impl Fn(u32, u32) -> bool) -> Vec<bool> {
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| is(x, y)).collect()
}

fn around(marked: &[bool], width: u32, height: u32, x: u32, y: u32) -> usize {
    let rows = y.saturating_sub(1)..=(y + 1).min(height - 1);
    rows.flat_map(|y| (x.saturating_sub(1)..=(x + 1).min(width - 1)).map(move |x| (x, y)))
        .filter(|(x, y)| marked[(y * width + x) as usize])
        .count()
}

/// How much of what is covered has one of the few colours that cover most of
/// it, and is vivid, white or black.
fn even(luma: &GreyMap, chroma: &[GreyMap; 2], covered: &[bool]) -> f64 {
    let colour = |index: usize| {
        let level = |map: &GreyMap| (map.levels[index] >> 8) as u8;
        [level(luma), level(&chroma[0]), level(&chroma[1])]
    };
    let mut counts = std::collections::BTreeMap::<[u8; 3], u32>::new();
    let mut total = 0u32;
    for index in (0..covered.len()).filter(|&index| covered[index]) {
        total += 1;
        let colour = colour(index);
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
