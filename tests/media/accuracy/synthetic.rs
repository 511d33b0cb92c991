//! Pictures that no camera's scene looks like: screenshots, fog, the inside
//! of a pocket.

use image::{DynamicImage, Rgb, RgbImage};

use super::dice::Dice;

/// A phone's screen with a chat on it; `words` are the dice of what is
/// written, so that two screens can differ in one message.
#[must_use]
pub fn screen(look: &mut Dice, words: &mut [Dice]) -> DynamicImage {
    let (width, height) = look.pick(&[(1170, 2532), (1080, 2400), (1284, 2778)]);
    let paper = look.pick(&[[236, 229, 221], [17, 27, 33], [255, 255, 255]]);
    let mut screen = RgbImage::from_pixel(width, height, Rgb(paper));
    fill(
        &mut screen,
        [0, 0, width, 180],
        look.pick(&[[0, 128, 105], [32, 44, 51], [247, 247, 247]]),
    );
    fill(&mut screen, [0, height - 150, width, 150], [240, 240, 240]);
    let mut top = 220;
    for dice in words {
        let lines = dice.whole(1, 5) as u32;
        let tall = 60 + lines * 54;
        if top + tall > height - 170 {
            break;
        }
        let wide = width * 7 / 10;
        let mine = dice.once_in(2);
        let left = if mine { width - wide - 30 } else { 30 };
        let bubble = if mine { [217, 253, 211] } else { [255, 255, 255] };
        fill(&mut screen, [left, top, wide, tall], bubble);
        for line in 0..lines {
            write(&mut screen, left + 30, top + 30 + line * 54, wide - 60, dice);
        }
        top += tall + 24;
    }
    DynamicImage::ImageRgb8(screen)
}

fn fill(screen: &mut RgbImage, [left, top, width, height]: [u32; 4], ink: [u8; 3]) {
    for y in top..(top + height).min(screen.height()) {
        for x in left..(left + width).min(screen.width()) {
            screen.put_pixel(x, y, Rgb(ink));
        }
    }
}

/// A line of letters of four by six squares, with spaces.
fn write(screen: &mut RgbImage, left: u32, top: u32, width: u32, dice: &mut Dice) {
    for letter in 0..(width / 26).saturating_sub(dice.below(12) as u32) {
        if dice.once_in(6) {
            continue;
        }
        let shape = dice.bits() | dice.bits();
        for cell in (0..24).filter(|cell| shape >> cell & 1 == 1) {
            let at = [left + letter * 26 + cell % 4 * 5, top + cell / 4 * 6, 5, 6];
            fill(screen, at, [20, 26, 30]);
        }
    }
}

/// Fog or darkness: hardly any detail, and a sensor's noise.
#[must_use]
pub fn plain(dice: &mut Dice) -> DynamicImage {
    let dark = dice.once_in(2);
    let level = if dark { dice.between(2.0, 9.0) } else { dice.between(150.0, 225.0) };
    let slope = if dark { 0.0 } else { dice.between(0.0, 4.0) };
    let noise = dice.between(0.6, 2.0);
    let (width, height) = (2016u32, 1512u32);
    let mut grain = Dice::new(dice.bits(), "noise");
    let picture = RgbImage::from_fn(width, height, |_, y| {
        let base = level + slope * f64::from(y) / f64::from(height);
        let bits = grain.bits();
        Rgb([0, 16, 32].map(|shift: u32| {
            let ones = f64::from((bits >> shift & 0xffff).count_ones());
            (base + (ones - 8.0) / 2.0 * noise).round().clamp(0.0, 255.0) as u8
        }))
    });
    DynamicImage::ImageRgb8(picture)
}
