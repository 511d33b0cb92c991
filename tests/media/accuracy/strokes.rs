//! Letters and lines as a vector program draws them: strokes with a thickness, their
//! edges blended with what lies below.

use image::{Rgb, RgbImage};

/// A place in pixels from the left and from the top.
pub(super) type Place = (f64, f64);

/// How letters look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    /// Height of a capital in pixels.
    pub size: f64,
    /// Thickness of a stroke as a share of that.
    pub weight: f64,
    /// Pixels to the right for each pixel up.
    pub slant: f64,
    pub ink: [u8; 3],
}

/// Strokes of a sign on a grid of 5 × 7 places: column and row of each, signs between
/// strokes. What is not listed has none.
#[rustfmt::skip]
const SIGNS: [(char, &str); 41] = [
    ('0', "10 30 41 45 36 16 05 01 10"), ('1', "11 20 26|16 36"),
    ('2', "01 10 30 41 42 06 46"), ('3', "00 40 22 32 43 45 36 16 05"),
    ('4', "36 30 04 44"), ('5', "40 00 02 32 43 45 36 16 05"),
    ('6', "40 20 02 05 16 36 45 44 33 03"), ('7', "00 40 16"),
    ('8', "10 30 41 42 33 13 04 05 16 36 45 44 33 13 02 01 10"),
    ('9', "43 13 02 01 10 30 41 44 26"),
    ('A', "06 20 46|14 34"), ('B', "00 06 36 45 44 33 03|00 30 41 42 33"),
    ('C', "41 30 10 01 05 16 36 45"), ('D', "00 06 26 44 42 20 00"),
    ('E', "40 00 06 46|03 33"), ('F', "40 00 06|03 33"),
    ('G', "41 30 10 01 05 16 36 45 43 23"), ('H', "00 06|40 46|03 43"),
    ('I', "20 26"), ('J', "40 45 36 16 05"), ('K', "00 06|40 03 46"),
    ('L', "00 06 46"), ('M', "06 00 23 40 46"), ('N', "06 00 46 40"),
    ('O', "10 30 41 45 36 16 05 01 10"), ('P', "06 00 30 41 42 33 03"),
    ('Q', "10 30 41 45 36 16 05 01 10|34 46"), ('R', "06 00 30 41 42 33 03|23 46"),
    ('S', "41 30 10 01 02 13 33 44 45 36 16 05"), ('T', "00 40|20 26"),
    ('U', "00 05 16 36 45 40"), ('V', "00 26 40"), ('W', "00 16 23 36 40"),
    ('X', "00 46|40 06"), ('Y', "00 23 40|23 26"), ('Z', "00 40 06 46"),
    (':', "22 22|25 25"), ('.', "26 26"), (',', "26 16"), ('-', "13 33"), ('+', "13 33|22 24"),
];

/// From one sign to the next, as a share of the height.
const ADVANCE: f64 = 0.95;

/// Places of a letter's grid along its height.
const ROWS: f64 = 6.0;

/// Pixels that a line of words takes.
pub(super) fn width(words: &str, pen: &Pen) -> f64 {
    words.chars().count() as f64 * pen.size * ADVANCE
}

/// Writes capitals, digits and a few signs; the place is the first one's upper left.
pub(super) fn write(picture: &mut RgbImage, words: &str, at: Place, pen: &Pen) {
    for (number, sign) in words.chars().enumerate() {
        let left = at.0 + number as f64 * pen.size * ADVANCE;
        let strokes = strokes(sign, (left, at.1), pen);
        draw(picture, &strokes, pen.size * pen.weight, pen.ink, 1.0);
    }
}

fn strokes(sign: char, (left, top): Place, pen: &Pen) -> Vec<Vec<Place>> {
    let found = SIGNS.iter().find(|(one, _)| *one == sign);
    let grid = pen.size / ROWS;
    let place = |digits: &str| -> Option<Place> {
        let (column, row) = digits.split_at_checked(1)?;
        let (column, row): (f64, f64) = (column.parse().ok()?, row.parse().ok()?);
        Some((left + column * grid + (ROWS - row) * grid * pen.slant, top + row * grid))
    };
    let stroke = |places: &str| places.split(' ').filter_map(place).collect();
    found.map_or(Vec::new(), |(_, strokes)| strokes.split('|').map(stroke).collect())
}

/// Draws lines of one thickness, which do not darken each other where they cross.
pub(super) fn draw(
    picture: &mut RgbImage,
    lines: &[Vec<Place>],
    thick: f64,
    ink: [u8; 3],
    opacity: f64,
) {
    let reach = thick / 2.0 + 1.0;
    let all = || lines.iter().flatten();
    let least = |of: fn(&Place) -> f64| all().map(of).fold(f64::INFINITY, f64::min) - reach;
    let most = |of: fn(&Place) -> f64| all().map(of).fold(f64::NEG_INFINITY, f64::max) + reach;
    let (columns, rows) = (
        span(least(|at| at.0), most(|at| at.0), picture.width()),
        span(least(|at| at.1), most(|at| at.1), picture.height()),
    );
    for y in rows {
        for x in columns.clone() {
            let here = (f64::from(x) + 0.5, f64::from(y) + 0.5);
            let far = lines.iter().map(|line| distance(here, line)).fold(f64::INFINITY, f64::min);
            let share = (reach - 0.5 - far).clamp(0.0, 1.0) * opacity;
            if share > 0.0 {
                blend(picture.get_pixel_mut(x, y), ink, share);
            }
        }
    }
}

/// The pixels from one place to another, as far as the picture has them.
fn span(from: f64, to: f64, side: u32) -> std::ops::Range<u32> {
    let inside = |at: f64| at.clamp(0.0, f64::from(side)) as u32;
    inside(from.floor())..inside(to.ceil())
}

/// From a place to the nearest one of a line, in pixels.
fn distance(here: Place, line: &[Place]) -> f64 {
    let part = |ends: &[Place]| {
        let (a, b) = (ends[0], ends[1]);
        let (way, off) = ((b.0 - a.0, b.1 - a.1), (here.0 - a.0, here.1 - a.1));
        let length = way.0 * way.0 + way.1 * way.1;
        let share = if length > 0.0 { (off.0 * way.0 + off.1 * way.1) / length } else { 0.0 };
        let share = share.clamp(0.0, 1.0);
        let (x, y) = (off.0 - share * way.0, off.1 - share * way.1);
        x * x + y * y
    };
    line.windows(2).map(part).fold(f64::INFINITY, f64::min).sqrt()
}

/// Lays a share of an ink over a pixel.
pub(super) fn blend(pixel: &mut Rgb<u8>, ink: [u8; 3], share: f64) {
    for (level, ink) in pixel.0.iter_mut().zip(ink) {
        let mixed = f64::from(*level) * (1.0 - share) + f64::from(ink) * share;
        *level = mixed.round().clamp(0.0, 255.0) as u8;
    }
}

/// Fills a rectangle, as far as the picture has it.
pub(super) fn fill(picture: &mut RgbImage, [left, top, wide, tall]: [u32; 4], ink: [u8; 3]) {
    for y in top..(top + tall).min(picture.height()) {
        for x in left..(left + wide).min(picture.width()) {
            picture.put_pixel(x, y, Rgb(ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_has_its_own_shape_and_soft_edges() {
        let pen = Pen { size: 30.0, weight: 0.12, slant: 0.1, ink: [0; 3] };
        let mut seen = Vec::new();
        for (sign, _) in SIGNS.iter().filter(|(sign, _)| *sign != 'O') {
            let mut paper = RgbImage::from_pixel(40, 40, Rgb([255; 3]));
            write(&mut paper, &sign.to_string(), (4.3, 4.6), &pen);
            assert!(paper.pixels().any(|pixel| (60..200).contains(&pixel.0[0])), "{sign}");
            assert!(paper.pixels().any(|pixel| pixel.0[0] < 20), "{sign}");
            assert!(!seen.contains(&paper), "{sign}");
            seen.push(paper);
        }
    }
}
