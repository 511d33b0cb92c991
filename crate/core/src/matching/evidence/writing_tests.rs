use super::*;
use crate::examine::pixels::shrink;
use crate::matching::scenes::{self, Random};

const WHOLE: Size = Size::new(1280, 960);
const SMALL: Size = Size::new(512, 384);

/// Two lines of letters, each some of seven bars of a box: `seed` says which.
fn write(plane: &mut Plane, seed: u64, ink: u8, thick: usize) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (across, down) = (thick * 4, thick * 8);
    for letter in 0..2 * 12 {
        let (left, top) = (90 + letter % 12 * thick * 6, 300 + letter / 12 * thick * 11);
        let bars = [
            (0, 0, across, thick),
            (0, down / 2, across, thick),
            (0, down, across, thick),
            (0, 0, thick, down / 2),
            (across - thick, 0, thick, down / 2),
            (0, down / 2, thick, down / 2),
            (across - thick, down / 2, thick, down / 2),
        ];
        for (x, y, width, height) in bars {
            if random.unit() < 0.6 {
                for row in top + y..top + y + height {
                    plane.grey[row * 1280 + left + x..][..width].fill(ink);
                }
            }
        }
    }
}

/// A wavy stroke of a pen.
fn scribble(plane: &mut Plane, ink: u8) {
    for step in 0..9000 {
        let along = f64::from(step) / 9000.0;
        let x = 150.0 + 800.0 * along + 90.0 * libm::sin(along * 31.0);
        let y = 420.0 + 160.0 * libm::sin(along * 17.0);
        for row in 0..14 {
            plane.grey[(y as usize + row) * 1280 + x as usize..][..14].fill(ink);
        }
    }
}

fn photo() -> Plane {
    scenes::scene(9, 1280, 960)
}

/// A picture as a chat's encoder leaves it.
fn encoded(plane: &Plane, quality: u8) -> Plane {
    let bytes = scenes::jpeg(plane, quality);
    let limits = crate::settings::Settings::default().limits;
    crate::examine::pixels::luma(&bytes, 1280, &limits).unwrap()
}

fn measured(sent: &Plane, original: &Plane) -> f64 {
    let [a, b] = [sent, original].map(|plane| shrink(plane, SMALL).levels);
    let differs: Vec<bool> = a.iter().zip(b).map(|(a, b)| a.abs_diff(b) > 10 * 256).collect();
    // Grown by three pixels, as what covers a picture is.
    let near = |at: usize| {
        let (x, y) = (at % 512, at / 512);
        let rows = y.saturating_sub(3)..(y + 4).min(384);
        let mut near = rows.flat_map(|y| y * 512 + x.saturating_sub(3)..y * 512 + (x + 4).min(512));
        near.any(|at| differs[at])
    };
    let covered: Vec<bool> = (0..differs.len()).map(near).collect();
    assert_eq!(sent.size(), WHOLE);
    let planes = |luma: Plane| {
        let grey = vec![128; luma.grey.len()];
        [luma.clone(), Plane { grey: grey.clone(), ..luma.clone() }, Plane { grey, ..luma }]
    };
    let (sent, original) = (planes(encoded(sent, 70)), planes(encoded(original, 92)));
    writing(&sent, &original, &covered, SMALL)
}

#[test]
fn words_in_colour_alone_are_seen() {
    let even = Plane { grey: vec![120; 1280 * 960], ..photo() };
    let coloured = |seed: u64| {
        let mut chroma = even.clone();
        write(&mut chroma, seed, 190, 12);
        [photo(), even.clone(), chroma]
    };
    let covered = vec![true; SMALL.pixels() as usize];
    let found = writing(&coloured(2), &coloured(1), &covered, SMALL);
    assert!(found > 0.2, "{found}");
    let plain = [photo(), even.clone(), even.clone()];
    let drawn = writing(&coloured(1), &plain, &covered, SMALL);
    assert!(drawn < 0.06, "{drawn}");
}

fn written(seed: u64, ink: u8, thick: usize) -> Plane {
    let mut plane = photo();
    write(&mut plane, seed, ink, thick);
    plane
}

#[test]
fn other_words_are_writing_of_the_original() {
    for (ink, thick) in [(255, 12), (0, 12), (235, 6), (10, 6)] {
        let found = measured(&written(2, ink, thick), &written(1, ink, thick));
        assert!(found > 0.15, "{ink} {thick}: {found}");
        let removed = measured(&photo(), &written(1, ink, thick));
        assert!(removed > 0.2, "{ink} {thick} removed: {removed}");
    }
}

#[test]
fn a_drawing_over_a_photo_is_not() {
    for ink in [255, 0, 180] {
        let found = measured(&written(1, ink, 12), &photo());
        assert!(found < 0.06, "{ink}: {found}");
        let mut scribbled = photo();
        scribble(&mut scribbled, ink);
        let found = measured(&scribbled, &photo());
        assert!(found < 0.06, "{ink} scribbled: {found}");
    }
}

#[test]
fn the_extreme_of_a_line_is_that_of_both_sides() {
    let levels: Vec<u8> = (0..23u32).map(|at| (at * 97 % 41) as u8).collect();
    for reach in [1, 3, 30] {
        let mut out = vec![0; levels.len()];
        line(&levels, &mut out, reach, &u8::max);
        for at in 0..levels.len() {
            let near = &levels[at.saturating_sub(reach)..(at + reach + 1).min(levels.len())];
            assert_eq!(Some(&out[at]), near.iter().max(), "{reach} {at}");
        }
    }
}
