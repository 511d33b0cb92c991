//! Drawings and filters that no bound was set with.

use image::{Rgb, RgbImage};

use super::dice::Dice;
use super::strokes::{self, Pen, Place, blend};

const INKS: [[u8; 3]; 7] = [
    [255, 59, 48],
    [255, 149, 0],
    [52, 199, 89],
    [0, 122, 255],
    [175, 82, 222],
    [255, 255, 255],
    [20, 20, 20],
];

const WORDS: [&str; 8] = ["HELLO", "LOOK", "2 PM", "MOM", "WOW", "HERE", "TOP 10", "NO WAY"];

/// Strokes with soft edges, highlighters, arrows, outlined words and pasted pictures,
/// until they cover their share.
pub(super) fn drawn(picture: RgbImage, share: f64, mut dice: Dice) -> RgbImage {
    let before = picture.clone();
    let mut picture = picture;
    let edge = f64::from(picture.width().max(picture.height()));
    for _ in 0..60 {
        let touched = before.pixels().zip(picture.pixels()).filter(|(a, b)| a != b).count();
        if touched as f64 >= share * f64::from(picture.width()) * f64::from(picture.height()) {
            break;
        }
        let (wide, tall) = (f64::from(picture.width()), f64::from(picture.height()));
        let at = (dice.between(0.0, wide * 0.9), dice.between(0.0, tall * 0.9));
        match dice.below(5) {
            0 => stroke(&mut picture, at, edge, 1.0, &mut dice),
            1 => stroke(&mut picture, at, edge, 0.55, &mut dice),
            2 => arrow(&mut picture, at, edge, &mut dice),
            3 => outlined(&mut picture, at, edge, &mut dice),
            _ => sticker(&mut picture, &before, at, edge, &mut dice),
        }
    }
    picture
}

/// A line with few bends; thick and half transparent as a highlighter's.
fn stroke(picture: &mut RgbImage, at: Place, edge: f64, opacity: f64, dice: &mut Dice) {
    let mut line = vec![at];
    let (mut way, step) = ((dice.between(-1.0, 1.0), dice.between(-1.0, 1.0)), edge * 0.012);
    for _ in 0..dice.whole(6, 26) {
        way.0 += dice.between(-0.4, 0.4);
        way.1 += dice.between(-0.4, 0.4);
        let length = (way.0 * way.0 + way.1 * way.1).sqrt().max(0.1);
        let (x, y) = line[line.len() - 1];
        line.push((x + way.0 / length * step, y + way.1 / length * step));
    }
    let thick =
        edge * if opacity < 1.0 { dice.between(0.02, 0.035) } else { dice.between(0.005, 0.014) };
    strokes::draw(picture, &[line], thick, dice.pick(&INKS), opacity);
}

fn arrow(picture: &mut RgbImage, at: Place, edge: f64, dice: &mut Dice) {
    let way = (dice.between(-0.2, 0.2) * edge, dice.between(-0.2, 0.2) * edge);
    let tip = (at.0 + way.0, at.1 + way.1);
    let side =
        |turn: f64| (tip.0 - 0.25 * (way.0 - turn * way.1), tip.1 - 0.25 * (way.1 + turn * way.0));
    let lines = [vec![at, tip], vec![side(0.6), tip, side(-0.6)]];
    strokes::draw(picture, &lines, edge * dice.between(0.006, 0.012), dice.pick(&INKS), 1.0);
}

/// Light letters with a dark rim.
fn outlined(picture: &mut RgbImage, at: Place, edge: f64, dice: &mut Dice) {
    let words = dice.pick(&WORDS);
    let size = edge * dice.between(0.03, 0.07);
    let rim = Pen { size, weight: 0.3, slant: dice.between(0.0, 0.2), ink: [0; 3] };
    strokes::write(picture, words, at, &rim);
    strokes::write(picture, words, at, &Pen { weight: 0.16, ink: dice.pick(&INKS), ..rim });
}

/// A part of the picture itself, cut out round and pasted elsewhere: no even colour.
fn sticker(picture: &mut RgbImage, before: &RgbImage, at: Place, edge: f64, dice: &mut Dice) {
    let radius = edge * dice.between(0.03, 0.07);
    let from = (dice.between(0.0, 0.8), dice.between(0.0, 0.8));
    let (wide, tall) = before.dimensions();
    let start = (from.0 * f64::from(wide), from.1 * f64::from(tall));
    let reach = radius.ceil() as i64;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let far = ((dx * dx + dy * dy) as f64).sqrt();
            let share = (radius - far).clamp(0.0, 1.0);
            let place = |(x, y): Place| {
                let (x, y) = (x as i64 + dx, y as i64 + dy);
                Some((u32::try_from(x).ok()?, u32::try_from(y).ok()?))
            };
            let (Some(to), Some(of)) = (place(at), place(start)) else { continue };
            let inside = |(x, y): (u32, u32)| x < wide && y < tall;
            if share > 0.0 && inside(to) && inside(of) {
                let rim = if radius - far < edge * 0.004 {
                    [255; 3]
                } else {
                    before.get_pixel(of.0, of.1).0
                };
                blend(picture.get_pixel_mut(to.0, to.1), rim, share);
            }
        }
    }
}

/// A filter as photo programs have them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shade {
    Sepia,
    /// A power of the level, as far as a product of two tells one.
    Darker(f64),
    Lighter(f64),
    /// Darker towards the corners.
    Corners(f64),
    /// One tint for the shadows, one for the lights.
    TwoTones,
    WashedOut,
}

impl Shade {
    pub(super) fn rolled(dice: &mut Dice) -> Self {
        match dice.below(6) {
            0 => Self::Sepia,
            1 => Self::Darker(dice.between(0.35, 0.7)),
            2 => Self::Lighter(dice.between(0.35, 0.7)),
            3 => Self::Corners(dice.between(0.3, 0.6)),
            4 => Self::TwoTones,
            _ => Self::WashedOut,
        }
    }

    pub(super) fn laid_on(self, mut picture: RgbImage) -> RgbImage {
        let (wide, tall) = (f64::from(picture.width()), f64::from(picture.height()));
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let (dx, dy) = (2.0 * f64::from(x) / wide - 1.0, 2.0 * f64::from(y) / tall - 1.0);
            let levels =
                self.of(pixel.0.map(|level| f64::from(level) / 255.0), (dx * dx + dy * dy) / 2.0);
            *pixel = Rgb(levels.map(|level| (level * 255.0).round().clamp(0.0, 255.0) as u8));
        }
        picture
    }

    /// The new shares of full light; `far` is 0 in the middle and 1 in the corners.
    fn of(self, [r, g, b]: [f64; 3], far: f64) -> [f64; 3] {
        let grey = 0.299 * r + 0.587 * g + 0.114 * b;
        match self {
            Self::Sepia => [grey * 1.07 + 0.04, grey * 0.92 + 0.02, grey * 0.72],
            Self::Darker(share) => {
                [r, g, b].map(|level| level * (1.0 - share) + level * level * share)
            }
            Self::Lighter(share) => {
                [r, g, b].map(|level| level * (1.0 - share) + level * (2.0 - level) * share)
            }
            Self::Corners(share) => [r, g, b].map(|level| level * (1.0 - share * far)),
            Self::TwoTones => {
                [r + 0.08 * (grey - 0.4), g + 0.02 * (grey - 0.5), b - 0.1 * (grey - 0.5)]
            }
            Self::WashedOut => [r, g, b].map(|level| 0.7 * (0.6 * level + 0.4 * grey) + 0.24),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_pens_cover_their_share() {
        for seed in 0..4 {
            let grey = RgbImage::from_fn(640, 480, |x, y| Rgb([x as u8, y as u8, 91]));
            let made = drawn(grey.clone(), 0.05, Dice::new(seed, "pens"));
            let touched = grey.pixels().zip(made.pixels()).filter(|(a, b)| a != b).count();
            let share = touched as f64 / f64::from(640 * 480);
            assert!((0.05..0.16).contains(&share), "{share}");
        }
    }

    #[test]
    fn every_shade_changes_brightness_or_colour_and_keeps_the_order_of_greys() {
        let ramp = RgbImage::from_fn(256, 1, |x, _| Rgb([x as u8; 3]));
        for seed in 0..30 {
            let shade = Shade::rolled(&mut Dice::new(seed, "shade"));
            let made = shade.laid_on(ramp.clone());
            assert_ne!(made, ramp, "{shade:?}");
            let corners = matches!(shade, Shade::Corners(_));
            let rising = made.as_raw().chunks(3).map(|pixel| pixel[1]).collect::<Vec<_>>();
            assert!(corners || rising.is_sorted(), "{shade:?}");
        }
    }
}
