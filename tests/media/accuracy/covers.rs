//! Parts of a picture that somebody hid before sending it.

use image::imageops;
use image::{Rgb, RgbImage};

use super::dice::Dice;

/// Least and most of the long edge that a hidden part is wide: a number plate, a face
/// near the camera.
const EDGE: (f64, f64) = (0.03, 0.25);

/// Grey levels (standard deviation) that a part must show before it is worth hiding.
const DETAIL: f64 = 14.0;

/// How a part is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hide {
    /// Made of squares.
    Squares,
    /// Blurred.
    Blurred,
    /// Painted over in one colour.
    Painted,
}

/// A width as a share of the long edge; small parts are as frequent as large ones.
pub(super) fn edge(dice: &mut Dice) -> f64 {
    let share = dice.between(0.0, 1.0);
    EDGE.0 + (EDGE.1 - EDGE.0) * share * share
}

/// Hides a part of about this share of the long edge, where the picture shows much.
pub(super) fn hidden(mut picture: RgbImage, hide: Hide, edge: f64, mut dice: Dice) -> RgbImage {
    let long = f64::from(picture.width().max(picture.height()));
    let side = |share: f64, most: u32| ((long * share).round() as u32).clamp(8, most);
    let wide = side(edge, picture.width());
    let tall = side(edge * dice.between(0.6, 1.4), picture.height());
    let (left, top) = worth_hiding(&picture, (wide, tall), &mut dice);
    let part = imageops::crop_imm(&picture, left, top, wide, tall).to_image();
    let over = match hide {
        Hide::Squares => squares(&part, (wide.max(tall) / dice.whole(4, 9) as u32).max(5)),
        // So wide that a face is no face any more: a sixth of the part.
        Hide::Blurred => imageops::blur(&part, wide.max(tall) as f32 / 6.0),
        Hide::Painted => {
            let ink = dice.pick(&[[0, 0, 0], [255, 255, 255], [220, 40, 40], [90, 90, 90]]);
            RgbImage::from_pixel(wide, tall, Rgb(ink))
        }
    };
    let is_round = dice.once_in(2);
    for (x, y, pixel) in over.enumerate_pixels() {
        let (dx, dy) = (centred(x, wide), centred(y, tall));
        if !is_round || dx * dx + dy * dy <= 1.0 {
            picture.put_pixel(left + x, top + y, *pixel);
        }
    }
    picture
}

/// A pixel's place between the edges, from -1 to 1.
fn centred(at: u32, side: u32) -> f64 {
    (2.0 * f64::from(at) + 1.0) / f64::from(side) - 1.0
}

/// The first place of some that shows enough, or the one that shows most.
fn worth_hiding(picture: &RgbImage, (wide, tall): (u32, u32), dice: &mut Dice) -> (u32, u32) {
    let mut best = ((0, 0), -1.0);
    for _ in 0..40 {
        let left = dice.below((picture.width() - wide + 1) as usize) as u32;
        let top = dice.below((picture.height() - tall + 1) as usize) as u32;
        let shown = detail(&imageops::crop_imm(picture, left, top, wide, tall).to_image());
        if shown > best.1 {
            best = ((left, top), shown);
        }
        if shown >= DETAIL {
            break;
        }
    }
    best.0
}

/// RMS of the difference of neighbours, times a factor that makes it a deviation of
/// noise.
fn detail(part: &RgbImage) -> f64 {
    let row = part.width() as usize * 3;
    let squares = |levels: &[u8]| -> f64 {
        let pairs = levels.iter().zip(levels.iter().skip(3));
        pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
    };
    let sum: f64 = part.as_raw().chunks_exact(row).map(squares).sum();
    (sum / part.as_raw().len() as f64).sqrt() * 1.4
}

/// Every square of so many pixels is its mean.
fn squares(part: &RgbImage, side: u32) -> RgbImage {
    let few = |length: u32| length.div_ceil(side).max(1);
    let small = imageops::thumbnail(part, few(part.width()), few(part.height()));
    RgbImage::from_fn(part.width(), part.height(), |x, y| {
        let at = |place: u32, most: u32| (place / side).min(most - 1);
        *small.get_pixel(at(x, small.width()), at(y, small.height()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_gone_and_all_else_stays() {
        let noise = |x: u32, y: u32| ((x * 37 + y * 91) % 17 * 12) as u8;
        let picture = RgbImage::from_fn(800, 600, |x, y| Rgb([noise(x, y), noise(y, x), 80]));
        for hide in [Hide::Squares, Hide::Blurred, Hide::Painted] {
            let made = hidden(picture.clone(), hide, 0.1, Dice::new(5, "hide"));
            let changed: Vec<(u32, u32)> = made
                .enumerate_pixels()
                .filter(|(x, y, pixel)| picture.get_pixel(*x, *y) != *pixel)
                .map(|(x, y, _)| (x, y))
                .collect();
            let share = changed.len() as f64 / f64::from(800 * 600);
            assert!((0.003..0.03).contains(&share), "{hide:?} {share}");
            let (left, top) = changed[changed.len() / 2];
            let part = imageops::crop_imm(&made, left - 8, top - 8, 16, 16).to_image();
            let there = imageops::crop_imm(&picture, left - 8, top - 8, 16, 16).to_image();
            assert!(detail(&part) < detail(&there) / 3.0, "{hide:?}");
        }
    }
}
