//! What people do to a picture in the send screen, as the dice will have it.

use image::{DynamicImage, Rgb, RgbImage};

use super::covers::{self, Hide};
use super::dice::Dice;
use super::pens::{self, Shade};
use super::{PictureId, Truth, Words};
use crate::picture;

/// Least and most that a crop takes off one side.
const CROP: (f64, f64) = (0.02, 0.12);

/// The same of crops that no bound was set with: one side alone may lose most of it.
const DEEP_CROP: (f64, f64) = (0.0, 0.28);

/// Least and most of the picture that a drawing covers.
const COVER: (f64, f64) = (0.02, 0.15);

/// What is done to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Whole,
    /// A part of it.
    Crop,
    /// Something drawn or written on it.
    Drawing,
    /// Its colours.
    Filter,
    /// Left and right swapped.
    Mirror,
    /// A smaller part of it.
    DeepCrop,
    /// A drawing with other pens.
    Pens,
    /// Another filter.
    Shade,
    /// Two or three of these.
    Combined,
    /// A part of it hidden.
    Cover(Hide),
}

/// A change, ready to be made.
#[derive(Debug, Clone, Default)]
pub struct Retouch {
    /// What it is, for people.
    pub note: String,
    words: Words,
    also: Words,
    part: Option<picture::Part>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Filter(Filter),
    Draw { share: f64, dice: Dice },
    Mirror,
    Pens { share: f64, dice: Dice },
    Shade(Shade),
    Cover { hide: Hide, edge: f64, dice: Dice },
}

#[derive(Debug, Clone, Copy)]
enum Filter {
    Warm,
    Cool,
    Grey,
    Contrast,
    Vivid,
    Faded,
}

impl Retouch {
    /// No change.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A change of one kind.
    #[must_use]
    pub fn new(change: Change, dice: &mut Dice) -> Self {
        match change {
            Change::Whole => Self::none(),
            Change::Crop => Self::crop([(); 4].map(|()| dice.between(CROP.0, CROP.1))),
            Change::DeepCrop => Self::crop(deep_crop(dice)),
            Change::Mirror => Self::step("mirror", "mirrored".into(), Step::Mirror),
            Change::Drawing | Change::Pens => Self::drawing(change, dice),
            Change::Filter => {
                use Filter::{Contrast, Cool, Faded, Grey, Vivid, Warm};
                let filter = dice.pick(&[Warm, Cool, Grey, Contrast, Vivid, Faded]);
                Self::step("filter", format!("{filter:?} filter"), Step::Filter(filter))
            }
            Change::Shade => {
                let shade = Shade::rolled(dice);
                Self::step("filter", format!("{shade:?} filter"), Step::Shade(shade))
            }
            Change::Combined => Self::combined(dice),
            Change::Cover(hide) => Self::cover(hide, dice),
        }
    }

    fn step(word: &'static str, note: String, step: Step) -> Self {
        Self { note, words: vec![word], steps: vec![step], ..Self::default() }
    }

    fn drawing(change: Change, dice: &mut Dice) -> Self {
        let share = dice.between(COVER.0, COVER.1);
        let note = format!("drawn on {:.0} %", share * 100.0);
        let dice = Dice::new(dice.bits(), "drawing");
        let step = match change {
            Change::Pens => Step::Pens { share, dice },
            _ => Step::Draw { share, dice },
        };
        Self::step("drawing", note, step)
    }

    fn cover(hide: Hide, dice: &mut Dice) -> Self {
        let edge = covers::edge(dice);
        let note = format!("{hide:?} over {:.1} % of the edge", edge * 100.0);
        let step = Step::Cover { hide, edge, dice: Dice::new(dice.bits(), "cover") };
        let mut cover = Self::step("cover", note, step);
        if hide == Hide::Painted {
            cover.also.push("drawing");
        }
        cover
    }

    /// A part, and something else of it.
    fn combined(dice: &mut Dice) -> Self {
        let first = dice.pick(&[Change::Crop, Change::Crop, Change::Mirror]);
        let second = dice.pick(&[Change::Mirror, Change::Filter, Change::Shade, Change::Drawing]);
        let mut all = Self::new(first, dice);
        if second != first {
            all.join(Self::new(second, dice));
        } else {
            all.join(Self::new(Change::Pens, dice));
        }
        all
    }

    fn join(&mut self, other: Self) {
        const ORDER: [&str; 7] = ["cover", "drawing", "crop", "turn", "mirror", "filter", "trim"];
        self.note += ", ";
        self.note += &other.note;
        self.words.extend(other.words);
        self.words.sort_by_key(|word| ORDER.iter().position(|one| one == word));
        self.also.extend(other.also);
        self.part = self.part.or(other.part);
        self.steps.extend(other.steps);
    }

    fn crop(sides: [f64; 4]) -> Self {
        let [left, top, right, bottom] = sides;
        let [l, t, r, b] = sides.map(|side| side * 100.0);
        Self {
            note: format!("cropped by {l:.0} {t:.0} {r:.0} {b:.0} %"),
            words: vec!["crop"],
            part: Some([left, top, 1.0 - left - right, 1.0 - top - bottom]),
            ..Self::default()
        }
    }

    /// What is true of a picture that was changed so.
    #[must_use]
    pub fn truth(&self, picture: Option<PictureId>, note: String) -> Truth {
        Truth { also: self.also.clone(), ..Truth::of(picture, &self.words, note) }
    }

    /// What is changed before the picture is made small.
    #[must_use]
    pub fn before(&self, large: &DynamicImage) -> Option<DynamicImage> {
        self.part.map(|part| picture::cut(large, part))
    }

    /// What is changed in the small picture; it looks the same as if it had
    /// been changed in the large one.
    #[must_use]
    pub fn after(&self, small: DynamicImage) -> DynamicImage {
        self.steps.iter().fold(small, |small, step| {
            let changed = match step {
                Step::Mirror => return small.fliph(),
                Step::Filter(filter) => filtered(small.to_rgb8(), *filter),
                Step::Draw { share, dice } => drawn(small.to_rgb8(), *share, dice.clone()),
                Step::Pens { share, dice } => pens::drawn(small.to_rgb8(), *share, dice.clone()),
                Step::Shade(shade) => shade.laid_on(small.to_rgb8()),
                Step::Cover { hide, edge, dice } => {
                    covers::hidden(small.to_rgb8(), *hide, *edge, dice.clone())
                }
            };
            DynamicImage::ImageRgb8(changed)
        })
    }
}

/// Shares cut off each side: of one side alone, or of all.
fn deep_crop(dice: &mut Dice) -> [f64; 4] {
    let mut sides = [0.0; 4];
    if dice.once_in(2) {
        sides[dice.below(4)] = dice.between(0.03, DEEP_CROP.1);
    } else {
        sides = sides.map(|_| dice.between(DEEP_CROP.0, DEEP_CROP.1 * 0.8));
    }
    sides
}

fn filtered(mut picture: RgbImage, filter: Filter) -> RgbImage {
    for pixel in picture.pixels_mut() {
        let [r, g, b] = pixel.0.map(f64::from);
        let grey = 0.299 * r + 0.587 * g + 0.114 * b;
        let apart = |factor: f64| [r, g, b].map(|level| grey + (level - grey) * factor);
        let levels = match filter {
            Filter::Warm => [r * 1.1, g * 1.02, b * 0.86],
            Filter::Cool => [r * 0.88, g, b * 1.1],
            Filter::Grey => [grey; 3],
            Filter::Contrast => [r, g, b].map(curve),
            Filter::Vivid => apart(1.5).map(|level| level * 1.04),
            Filter::Faded => apart(0.7).map(|level| level * 0.8 + 34.0),
        };
        *pixel = Rgb(levels.map(|level| level.round().clamp(0.0, 255.0) as u8));
    }
    picture
}

/// Dark becomes darker, light becomes lighter; not a straight line.
fn curve(level: f64) -> f64 {
    let share = level / 255.0;
    let steep = share * share * (3.0 - 2.0 * share);
    255.0 * (0.4 * share + 0.6 * steep)
}

/// Strokes, words and faces until they cover their share.
fn drawn(picture: RgbImage, share: f64, mut dice: Dice) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut canvas = Canvas { touched: vec![false; (width * height) as usize], count: 0, picture };
    let whole = f64::from(width) * f64::from(height);
    let edge = f64::from(width.max(height));
    for _ in 0..200 {
        let left = share - canvas.count as f64 / whole;
        if left <= 0.0 {
            break;
        }
        let at = (dice.between(0.0, f64::from(width)), dice.between(0.0, f64::from(height)));
        match dice.below(3) {
            0 => canvas.stroke(at, edge, &mut dice),
            1 => canvas.words(at, edge, &mut dice),
            _ => canvas.face(at, (left * whole / 3.2).sqrt().min(edge * 0.08), &mut dice),
        }
    }
    canvas.picture
}

const INKS: [[u8; 3]; 6] =
    [[228, 30, 38], [255, 255, 255], [0, 0, 0], [37, 211, 102], [255, 214, 10], [10, 132, 255]];

struct Canvas {
    picture: RgbImage,
    touched: Vec<bool>,
    count: usize,
}

impl Canvas {
    fn dot(&mut self, x: i64, y: i64, ink: [u8; 3]) {
        let (width, height) = self.picture.dimensions();
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x < width && y < height {
            self.picture.put_pixel(x, y, Rgb(ink));
            let touched = &mut self.touched[(y * width + x) as usize];
            self.count += usize::from(!*touched);
            *touched = true;
        }
    }

    fn disc(&mut self, (x, y): (f64, f64), radius: f64, ink: [u8; 3]) {
        let reach = radius.ceil() as i64;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                if (dx * dx + dy * dy) as f64 <= radius * radius {
                    self.dot(x as i64 + dx, y as i64 + dy, ink);
                }
            }
        }
    }

    /// A bent line, as thick as a finger draws it.
    fn stroke(&mut self, mut at: (f64, f64), edge: f64, dice: &mut Dice) {
        let ink = dice.pick(&INKS);
        let thick = edge * dice.between(0.004, 0.01);
        let mut way = (dice.between(-1.0, 1.0), dice.between(-1.0, 1.0));
        for _ in 0..dice.whole(30, 90) {
            self.disc(at, thick, ink);
            way.0 += dice.between(-0.3, 0.3);
            way.1 += dice.between(-0.3, 0.3);
            let length = (way.0 * way.0 + way.1 * way.1).sqrt().max(0.1);
            at.0 += way.0 / length * thick * 0.8;
            at.1 += way.1 / length * thick * 0.8;
        }
    }

    /// A row of letters of five by seven squares.
    fn words(&mut self, at: (f64, f64), edge: f64, dice: &mut Dice) {
        let ink = dice.pick(&INKS);
        let square = (edge * dice.between(0.003, 0.007)).max(1.0) as i64;
        for letter in 0..dice.whole(3, 9) {
            let shape = dice.bits() | dice.bits();
            for cell in 0..35 {
                if shape >> cell & 1 == 0 {
                    continue;
                }
                let left = at.0 as i64 + (letter * 6 + cell % 5) * square;
                let top = at.1 as i64 + cell / 5 * square;
                for y in 0..square {
                    (0..square).for_each(|x| self.dot(left + x, top + y, ink));
                }
            }
        }
    }

    fn face(&mut self, at: (f64, f64), radius: f64, dice: &mut Dice) {
        self.disc(at, radius, dice.pick(&[[255, 204, 77], [221, 46, 68], [120, 177, 89]]));
        for side in [-0.35, 0.35] {
            self.disc((at.0 + side * radius, at.1 - 0.2 * radius), radius * 0.13, [60, 40, 20]);
        }
        for step in -4..=4i32 {
            let x = f64::from(step) * 0.11;
            let y = 0.5 - x * x * 1.2;
            self.disc((at.0 + x * radius, at.1 + y * radius), radius * 0.06, [60, 40, 20]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_cover_their_share() {
        for seed in 0..6 {
            let mut dice = Dice::new(seed, "test");
            let share = dice.between(COVER.0, COVER.1);
            let grey = RgbImage::from_pixel(800, 600, Rgb([90, 91, 92]));
            let drawn = drawn(grey, share, dice);
            let touched = drawn.pixels().filter(|pixel| pixel.0 != [90, 91, 92]).count();
            let covered = touched as f64 / 480_000.0;
            assert!((share..share + 0.03).contains(&covered), "{share} became {covered}");
        }
    }

    #[test]
    fn a_filter_moves_every_level_and_keeps_the_picture() {
        let ramp = RgbImage::from_fn(256, 2, |x, _| Rgb([x as u8, (x / 2) as u8, 40]));
        for filter in [Filter::Warm, Filter::Cool, Filter::Grey, Filter::Contrast, Filter::Faded] {
            let made = filtered(ramp.clone(), filter);
            assert_ne!(made, ramp, "{filter:?}");
            let rising = made.pixels().take(256).collect::<Vec<_>>();
            assert!(rising.windows(2).all(|two| two[0].0[1] <= two[1].0[1]), "{filter:?}");
        }
    }
}
