//! Colours, coarsely: enough to see that a picture was sent in black and white,
//! or warmer than it was taken.

use serde::{Deserialize, Serialize};

use crate::model::Chroma;

/// The level of chroma that is no colour.
const NO_COLOUR: f64 = 128.0;

/// Colourfulness (RMS of chroma) below which a picture is grey.
const GREY: f64 = 2.5;

/// How much more or less colourful a copy is that no filter was laid on. A
/// picture in Apple's wide colours gets up to a quarter more when it is brought
/// to sRGB.
const COLOURFULNESS: std::ops::RangeInclusive<f64> = 0.72..=1.38;

/// Most by which the mean colour of such a copy moves, in levels of chroma; and
/// what more for each level of the mean colour itself, which wide colours move.
/// Copies in sRGB move by 0.3 at most.
const SHIFT: f64 = 2.0;
const SHARE: f64 = 0.15;

/// How the colours of two pictures differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Tint {
    /// Distance between the mean colours, in levels of chroma.
    pub shift: f64,
    /// Distance of the original's mean colour from grey.
    pub mean: f64,
    /// Factor from the original's colourfulness to the exported one's; 1 if the
    /// original is grey.
    pub gain: f64,
}

impl Default for Tint {
    fn default() -> Self {
        Self { shift: 0.0, mean: 0.0, gain: 1.0 }
    }
}

impl Tint {
    /// What was done to the original's colours.
    pub(super) fn between(exported: &Chroma, original: &Chroma) -> Self {
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
        }
    }

    /// Whether somebody changed the colours: no codec does as much.
    pub(super) fn is_filter(self) -> bool {
        self.shift > SHIFT + SHARE * self.mean || !COLOURFULNESS.contains(&self.gain)
    }
}

fn mean(cells: &[u8]) -> f64 {
    let sum: u64 = cells.iter().map(|&level| u64::from(level)).sum();
    sum as f64 / cells.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::decode::{Tones, Window};
    use crate::examine::look::chroma;

    fn tint(change: impl Fn([f64; 3]) -> [f64; 3]) -> Tint {
        let colour = |index: u32| [index % 251, index * 7 % 241, index * 13 % 239].map(f64::from);
        let tones = |change: &dyn Fn([f64; 3]) -> [f64; 3]| {
            let pixels = (0..64 * 48).map(|at| change(colour(at / 97)).map(|level| level as u8));
            Tones::from_rgb(64, 48, pixels)
        };
        let seen = |tones: Tones| chroma(&tones, Window::whole(&tones.luma));
        Tint::between(&seen(tones(&change)), &seen(tones(&|pixel| pixel)))
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
