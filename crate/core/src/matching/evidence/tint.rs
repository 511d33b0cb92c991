//! A coarse comparison of colours: enough to see that a picture was sent in black
//! and white, or warmer than it was taken.

use serde::{Deserialize, Serialize};

use super::solve::Normal;
use crate::examine::pixels::{GreyMap, Plane, shrink};
use crate::model::{Chroma, Size};

/// Level of chroma that means no colour.
const NO_COLOUR: f64 = 128.0;

/// Colourfulness (RMS of chroma in levels, 0 to 128) below which an original counts
/// as grey and its gain as 1. Chosen, not measured.
const GREY: f64 = 2.5;

/// Range of the gain in copies that no filter was laid on; outside it somebody
/// changed the colours. A picture in Apple's wide colours becomes up to a quarter
/// more colourful when it is converted to sRGB (seen on our own corpus).
const COLOURFULNESS: std::ops::RangeInclusive<f64> = 0.72..=1.38;

/// Most levels of chroma by which the mean colour of such a copy moves, if the
/// original's mean is grey. Copies in sRGB moved by 0.3 at most (seen on our own
/// corpus).
const SHIFT: f64 = 2.0;
/// What is added to [`SHIFT`] for each level between the original's mean colour and
/// grey, because converting wide colours moves it. Chosen, not measured.
const SHARE: f64 = 0.15;

/// Most spread of the colours (RMS of chroma in levels) around what brightness tells,
/// in a picture that was made from a grey one. Sepia and the like give each brightness
/// one tone: what is left is what the encoder leaves (its chroma steps, divided by √12
/// and by the averaging of a cell: less than 1) and what a quadratic does not follow.
/// Derived, not measured.
const INVENTED: f64 = 3.0;

/// How the colours of two pictures differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::matching) struct Tint {
    /// Distance between the mean colours, in levels of chroma.
    pub shift: f64,
    /// Distance of the original's mean colour from grey.
    pub mean: f64,
    /// Factor from the original's colourfulness to the exported one's; 1 if the
    /// original is grey.
    pub gain: f64,
    /// If the original is grey: how far the exported colours are from one tone for
    /// each brightness, in levels of chroma (RMS). Else 0.
    pub invented: f64,
}

impl Default for Tint {
    fn default() -> Self {
        Self { shift: 0.0, mean: 0.0, gain: 1.0, invented: 0.0 }
    }
}

impl Tint {
    /// Compares the colours of an exported picture with the original's. `luma` gives
    /// the [`cells`] of the exported one.
    pub(in crate::matching) fn between(
        exported: &Chroma,
        original: &Chroma,
        luma: impl FnOnce() -> Vec<u16>,
    ) -> Self {
        let half = Chroma::EDGE * Chroma::EDGE;
        let planes = exported.0.chunks(half).zip(original.0.chunks(half));
        let (mut shift, mut from_grey, mut both, mut own) = (0.0, 0.0, 0.0, 0.0);
        for (e, o) in planes {
            shift += (mean(e) - mean(o)).powi(2);
            from_grey += (mean(o) - NO_COLOUR).powi(2);
            for (&e, &o) in e.iter().zip(o) {
                let (e, o) = (f64::from(e) - NO_COLOUR, f64::from(o) - NO_COLOUR);
                both += e * o;
                own += o * o;
            }
        }
        let grey = (own / (2 * half) as f64).sqrt() < GREY;
        Self {
            shift: shift.sqrt(),
            mean: from_grey.sqrt(),
            gain: if grey { 1.0 } else { both / own },
            invented: if grey { spread(exported, &luma()) } else { 0.0 },
        }
    }

    /// Whether the exported picture has colours that the original cannot have given:
    /// grey can be toned, as in sepia, but not become red here and green there.
    pub(in crate::matching) fn is_impossible(self) -> bool {
        self.invented > INVENTED
    }

    /// Whether somebody changed the colours: codecs and colour profiles do less.
    pub(in crate::matching) fn is_filter(self) -> bool {
        self.shift > SHIFT + SHARE * self.mean || !COLOURFULNESS.contains(&self.gain)
    }
}

/// How far colours are from what brightness alone tells, in levels of chroma (RMS).
/// `luma` are the grey levels of the same cells.
fn spread(chroma: &Chroma, luma: &[u16]) -> f64 {
    let basis = |level: u16| {
        let level = f64::from(level) / (GreyMap::LEVEL * 255.0);
        [1.0, level, level * level]
    };
    let left = |plane: &[u8]| {
        let mut tones = Normal::<3>::new();
        for (&cell, &level) in plane.iter().zip(luma) {
            tones.add(&basis(level), f64::from(cell), 1.0);
        }
        let tone = tones.solve(1e-9);
        let told = |level: u16| basis(level).iter().zip(&tone).map(|(a, b)| a * b).sum::<f64>();
        plane
            .iter()
            .zip(luma)
            .map(|(&cell, &level)| (f64::from(cell) - told(level)).powi(2))
            .sum::<f64>()
    };
    let (blue, red) = chroma.0.split_at(chroma.0.len() / 2);
    ((left(blue) + left(red)) / blue.len().max(1) as f64).sqrt()
}

/// The grey levels of the cells of [`Chroma`].
pub(in crate::matching) fn cells(luma: &Plane) -> Vec<u16> {
    shrink(luma, Size::square(Chroma::EDGE as u32)).levels
}

fn mean(cells: &[u8]) -> f64 {
    let sum: u64 = cells.iter().map(|&level| u64::from(level)).sum();
    sum as f64 / cells.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::look::chroma;
    use crate::examine::pixels::{Tones, Window};

    fn tint(change: impl Fn([f64; 3]) -> [f64; 3]) -> Tint {
        let colour = |index: u32| [index % 251, index * 7 % 241, index * 13 % 239].map(f64::from);
        let tones = |change: &dyn Fn([f64; 3]) -> [f64; 3]| {
            let pixels = (0..64 * 48).map(|at| change(colour(at / 97)).map(|level| level as u8));
            Tones::from_rgb(64, 48, pixels)
        };
        let seen = |tones: &Tones| chroma(tones, Window::whole(&tones.luma));
        let (changed, plain) = (tones(&change), tones(&|pixel| pixel));
        let luma = || cells(&changed.luma);
        Tint::between(&seen(&changed), &seen(&plain), luma)
    }

    #[test]
    fn grey_can_be_toned_but_not_become_colour() {
        let grey = |[r, g, b]: [f64; 3]| [0.299 * r + 0.587 * g + 0.114 * b; 3];
        let tones = |change: &dyn Fn([f64; 3]) -> [f64; 3]| {
            let colour = |at: u32| [at * 67 % 251, at * 151 % 241, at * 211 % 239].map(f64::from);
            let pixels = (0..64 * 48).map(|at| change(colour(at / 97)).map(|level| level as u8));
            Tones::from_rgb(64, 48, pixels)
        };
        let sepia = |pixel| {
            let [level, ..] = grey(pixel);
            let tone = level * (255.0 - level) / 255.0;
            [level + 0.3 * tone, level, (level - 0.4 * tone).max(0.0)]
        };
        // One colour in two strengths, neither told by brightness.
        let blushing = |[r, g, b]: [f64; 3]| {
            let [level, ..] = grey([r, g, b]);
            let blush = if r > g { 30.0 } else { 0.0 };
            [level + blush, level, level - blush].map(|level| level.clamp(0.0, 255.0))
        };
        let check =
            |sent: &dyn Fn([f64; 3]) -> [f64; 3], original: &dyn Fn([f64; 3]) -> [f64; 3], want| {
                let (sent, original) = (tones(sent), tones(original));
                let seen = |tones: &Tones| chroma(tones, Window::whole(&tones.luma));
                let tint = Tint::between(&seen(&sent), &seen(&original), || cells(&sent.luma));
                assert_eq!(tint.is_impossible(), want, "{tint:?}");
            };
        check(&sepia, &grey, false);
        check(&|pixel| pixel, &grey, true);
        check(&blushing, &grey, true);
        check(&grey, &|pixel| pixel, false);
    }

    #[test]
    fn filters_are_seen_and_codecs_are_not() {
        let grey = |[r, g, b]: [f64; 3]| [0.299 * r + 0.587 * g + 0.114 * b; 3];
        assert!(!tint(|pixel| pixel).is_filter());
        assert!(!tint(|pixel| pixel.map(|level| level * 0.95)).is_filter());
        assert!(tint(grey).is_filter());
        assert!(tint(|[r, g, b]| [r, g * 0.95, b * 0.7]).is_filter());
    }
}
