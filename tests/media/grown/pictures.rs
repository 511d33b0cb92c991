//! The pictures of a grown library, and those of others.

use image::imageops::{self, FilterType};
use image::{DynamicImage, RgbImage};

use crate::accuracy::dice::Dice;
use crate::accuracy::synthetic;

/// A quarter of a picture of 4032 × 3024.
pub(super) const QUARTER: (u32, u32) = (2016, 1512);

/// Most of a photo's edge that a stranger's picture shows as it is: less than any crop
/// leaves that is searched for, so that a library with the photo has no original of it.
const SHOWN: f64 = 0.5;

/// Four parts of photos, side by side.
pub(super) fn mosaic(large: &[RgbImage], dice: &mut Dice) -> DynamicImage {
    let mut whole = RgbImage::new(QUARTER.0 * 2, QUARTER.1 * 2);
    for quarter in 0..4u32 {
        let from = &large[dice.below(large.len())];
        let part = part(from, QUARTER, dice);
        let place = (quarter % 2 * QUARTER.0, quarter / 2 * QUARTER.1);
        imageops::replace(&mut whole, &part, place.0.into(), place.1.into());
    }
    DynamicImage::ImageRgb8(whole)
}

/// A picture that no file of the library shows: a small part of one photo, two upright
/// parts side by side, or four parts upside down.
pub(super) fn stranger(large: &[RgbImage], dice: &mut Dice) -> DynamicImage {
    let (width, height) = QUARTER;
    let one = |dice: &mut Dice| large[dice.below(large.len())].clone();
    let whole = match dice.below(3) {
        0 => {
            let from = one(dice);
            let share = dice.between(0.25, SHOWN);
            let edge = |edge: u32| (f64::from(edge) * share) as u32;
            // The largest part of this shape, and of it the share.
            let fitting = f64::min(
                f64::from(from.width()) / f64::from(width),
                f64::from(from.height()) / f64::from(height),
            );
            let size = (
                edge((f64::from(width) * fitting) as u32),
                edge((f64::from(height) * fitting) as u32),
            );
            imageops::resize(&part(&from, size, dice), width, height, FilterType::CatmullRom)
        }
        1 => {
            let mut whole = RgbImage::new(width, height);
            for left in [0, width / 2] {
                let part = part(&one(dice), (width / 2, height), dice);
                let part = if dice.once_in(2) { imageops::flip_horizontal(&part) } else { part };
                imageops::replace(&mut whole, &part, left.into(), 0);
            }
            whole
        }
        _ => {
            let mut whole = RgbImage::new(width, height);
            for quarter in 0..4u32 {
                let part = part(&one(dice), (width / 2, height / 2), dice);
                let place = (quarter % 2 * (width / 2), quarter / 2 * (height / 2));
                imageops::replace(
                    &mut whole,
                    &imageops::rotate180(&part),
                    place.0.into(),
                    place.1.into(),
                );
            }
            whole
        }
    };
    DynamicImage::ImageRgb8(whole)
}

fn part(from: &RgbImage, (width, height): (u32, u32), dice: &mut Dice) -> RgbImage {
    let left = dice.below((from.width() - width + 1) as usize) as u32;
    let top = dice.below((from.height() - height + 1) as usize) as u32;
    imageops::crop_imm(from, left, top, width, height).to_image()
}

/// A screenshot of a chat; the `nth` of a group differs from its first in one message.
pub(super) fn screen(group: u32, nth: u32) -> DynamicImage {
    let mut dice = Dice::new(u64::from(group), "screen");
    let mut look = Dice::new(dice.bits(), "look");
    let mut words: Vec<Dice> =
        (0..12).map(|line| Dice::new(dice.bits(), &format!("{line}"))).collect();
    if nth > 0 {
        words[2] = Dice::new(u64::from(nth), "another");
    }
    synthetic::screen(&mut look, &mut words)
}
