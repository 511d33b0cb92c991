//! Screens with one changed digit beside true ones, through filters and encoders
//! that the prediction does not name.

use super::*;
use crate::examine::pixels::whole;
use crate::matching::scenes::{self, Random};
use crate::settings::Limits;

/// Digits of 5 × 7 pixels, a row in the low five bits.
#[rustfmt::skip]
const DIGITS: [[u8; 7]; 10] = [
    [14, 17, 19, 21, 25, 17, 14],
    [4, 12, 4, 4, 4, 4, 14],
    [14, 17, 1, 2, 4, 8, 31],
    [31, 2, 4, 2, 1, 17, 14],
    [2, 6, 10, 18, 31, 2, 2],
    [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14],
    [31, 1, 2, 4, 8, 8, 8],
    [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
];

const WIDTH: usize = 1080;
const HEIGHT: usize = 1440;

/// Pixels of the screen for one of a digit.
fn draw(plane: &mut Plane, digit: usize, (left, top): (usize, usize), scale: usize, ink: u8) {
    for (row, bits) in DIGITS[digit].iter().enumerate() {
        for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
            for y in 0..scale {
                let start = (top + row * scale + y) * WIDTH + left + column * scale;
                plane.grey[start..start + scale].fill(ink);
            }
        }
    }
}

/// A screen full of digits, and the same with one of them changed.
fn screens(seed: u64) -> (Plane, Plane) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut below = |limit: usize| (random.unit() * limit as f64) as usize;
    let (paper, ink) = if below(2) == 0 { (250, [20, 110, 150]) } else { (20, [230, 160, 140]) };
    let mut screen =
        Plane { width: WIDTH as u32, height: HEIGHT as u32, grey: vec![paper; WIDTH * HEIGHT] };
    let mut written = Vec::new();
    let mut top = 20;
    while top < HEIGHT - 60 {
        let scale = 3 + below(3);
        let (ink, mut left) = (ink[below(3)], 20);
        while left + 6 * scale < WIDTH - 20 {
            if below(5) > 0 {
                let digit = below(10);
                draw(&mut screen, digit, (left, top), scale, ink);
                written.push((digit, (left, top), scale, ink));
            }
            left += 6 * scale;
        }
        top += 12 * scale;
    }
    let (digit, place, scale, ink) = written[below(written.len())];
    let mut other = screen.clone();
    draw(&mut other, 8, place, scale, paper);
    draw(&mut other, digit, place, scale, paper);
    // Pairs that differ least.
    let twin = [8, 7, 3, 8, 9, 6, 5, 1, 3, 8][digit];
    draw(&mut other, twin, place, scale, ink);
    (screen, other)
}

fn rounded(levels: &Levels) -> Plane {
    let level = |level: &f32| level.round().clamp(0.0, 255.0) as u8;
    Plane {
        width: levels.width as u32,
        height: levels.height as u32,
        grey: levels.levels.iter().map(level).collect(),
    }
}

/// What a program might make of a screen: none of these is a term of the prediction.
fn sent(screen: &Plane, way: u64, size: Size) -> Plane {
    match way {
        // Halved first, as phones do, then cubic.
        0 => {
            let half = Size::new(screen.width / 2, screen.height / 2);
            rounded(&resample(&rounded(&resample(screen, half, Filter::Area)), size, Filter::Cubic))
        }
        // In two steps.
        1 => {
            let half = Size::new(screen.width * 3 / 4, screen.height * 3 / 4);
            rounded(&resample(
                &rounded(&resample(screen, half, Filter::Triangle)),
                size,
                Filter::PlainLinear,
            ))
        }
        2 => rounded(&resample(screen, size, Filter::Lanczos).blurred()),
        // Sharpened.
        _ => {
            let base = resample(screen, size, Filter::Triangle);
            let fine = base.minus(&base.blurred().blurred());
            let levels =
                base.levels.iter().zip(&fine.levels).map(|(level, fine)| level + 0.5 * fine);
            rounded(&Levels { levels: levels.collect(), ..base })
        }
    }
}

#[test]
fn one_changed_digit_violates_and_no_resizer_or_encoder_does() {
    let limits = Limits::default();
    for (seed, quality) in [(1, 55), (2, 70)] {
        let (screen, other) = screens(seed);
        for way in 0..4 {
            let size = if way == 0 { Size::new(520, 693) } else { Size::new(810, 1080) };
            let small = sent(&screen, way, size);
            let exported = whole(&scenes::jpeg(&small, quality), &limits).unwrap();
            let (own, twin) =
                (judge(&screen, &exported).unwrap(), judge(&other, &exported).unwrap());
            assert!(!own.is_another(), "{seed} {quality} {way}: {own:?}");
            assert!(twin.is_another(), "{seed} {quality} {way}: {twin:?}");
        }
    }
}

#[test]
fn what_is_no_jpeg_or_larger_is_not_judged() {
    let plane = scenes::scene(1, 64, 48);
    let plain = Whole { luma: plane.clone(), steps: None, grid: None };
    assert_eq!(judge(&plane, &plain), None);
    let larger = Whole { luma: scenes::scene(1, 65, 48), steps: Some([16; 64]), grid: None };
    assert_eq!(judge(&plane, &larger), None);
}

#[test]
fn the_transform_is_the_one_of_jpeg() {
    let flat = cosines(&[10.0; BLOCK_PIXELS]);
    assert!((flat[0] - 80.0).abs() < 1e-3 && flat[1..].iter().all(|cell| cell.abs() < 1e-3));
    let wave: [f32; BLOCK_PIXELS] = std::array::from_fn(|at| cos16((2 * (at % 8) + 1) * 3));
    let found = cosines(&wave);
    assert!((found[3] - 5.656_854).abs() < 1e-3, "{found:?}");
}
