//! Drawn screens whose writing is known, and others that differ from them in one
//! glyph, in the clock, or by a row.

use image::{DynamicImage, Rgb, RgbImage};

use super::dice::Dice;
use super::strokes::{self, Pen};

/// Sizes of screens in pixels.
const SCREENS: [(u32, u32); 5] =
    [(1080, 2340), (828, 1792), (1242, 2208), (720, 1600), (1440, 1920)];

const NAMES: [&str; 12] = [
    "ANNA", "MARKET", "RENT", "COFFEE", "PHARMACY", "TRAIN", "SALARY", "BOOKS", "PIZZA", "GYM",
    "PARKING", "ELECTRIC",
];

/// For each digit the one that looks most like it.
const ALIKE: [char; 10] = ['8', '7', '3', '8', '9', '6', '5', '1', '3', '8'];

/// What a screen shows, and how.
#[derive(Debug, Clone)]
pub(super) struct Screen {
    size: (u32, u32),
    paper: [u8; 3],
    ink: [u8; 3],
    header: [u8; 3],
    /// Height of a capital in the rows, in pixels.
    letters: f64,
    weight: f64,
    slant: f64,
    /// Minutes since midnight.
    clock: u32,
    rows: Vec<(String, String)>,
}

/// How another screen differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Differs {
    /// One digit of an amount.
    Digit,
    /// The clock: a minute later.
    Clock,
    /// One row more on top, the last one gone.
    Row,
}

impl Screen {
    /// A list of names and amounts, or a chat of such words.
    pub(super) fn rolled(dice: &mut Dice) -> Self {
        let size = dice.pick(&SCREENS);
        let scale = f64::from(size.0) / 1080.0;
        let (paper, ink, header) = dice.pick(&[
            ([255, 255, 255], [28, 28, 30], [0, 122, 255]),
            ([18, 18, 18], [230, 230, 230], [40, 40, 44]),
            ([246, 240, 230], [60, 50, 40], [120, 40, 60]),
            ([236, 245, 240], [10, 80, 60], [0, 150, 110]),
        ]);
        let letters = scale * dice.between(24.0, 40.0);
        let mut screen = Self {
            size,
            paper,
            ink,
            header,
            letters,
            weight: dice.between(0.09, 0.17),
            slant: dice.pick(&[0.0, 0.0, 0.15]),
            clock: dice.whole(0, 1430) as u32,
            rows: Vec::new(),
        };
        screen.rows = (0..screen.room()).map(|_| row(dice)).collect();
        screen
    }

    /// Rows that it has room for.
    fn room(&self) -> usize {
        (f64::from(self.size.1) * 0.86 / self.pitch()) as usize
    }

    /// Pixels from one row to the next.
    fn pitch(&self) -> f64 {
        self.letters * 2.9
    }

    /// The same with a difference.
    pub(super) fn twin(&self, differs: Differs, dice: &mut Dice) -> Self {
        let mut twin = self.clone();
        match differs {
            Differs::Clock => twin.clock += 1,
            Differs::Row => {
                twin.rows.insert(0, row(dice));
                twin.rows.pop();
            }
            Differs::Digit => {
                let at = dice.below(twin.rows.len());
                let amount = &mut twin.rows[at].1;
                let digits: Vec<usize> = amount
                    .char_indices()
                    .filter(|(_, sign)| sign.is_ascii_digit())
                    .map(|(at, _)| at)
                    .collect();
                let place = digits[dice.below(digits.len())];
                let digit = amount[place..=place].parse::<usize>().unwrap_or(0);
                let other = ALIKE[digit % 10].to_string();
                amount.replace_range(place..=place, &other);
            }
        }
        twin
    }

    pub(super) fn draw(&self) -> DynamicImage {
        let (width, height) = self.size;
        let mut paper = RgbImage::from_pixel(width, height, Rgb(self.paper));
        let letters = self.letters;
        let bar = (f64::from(height) * 0.1) as u32;
        strokes::fill(&mut paper, [0, 0, width, bar], self.header);
        let pen = Pen { size: letters, weight: self.weight, slant: self.slant, ink: self.ink };
        let small = Pen { size: letters * 0.72, ink: [255; 3], slant: 0.0, ..pen };
        let clock = format!("{}:{:02}", self.clock / 60, self.clock % 60);
        strokes::write(&mut paper, &clock, (letters, letters * 0.4), &small);
        let title = Pen { size: letters * 1.3, ink: [255; 3], ..pen };
        strokes::write(&mut paper, "ACCOUNT", (letters, f64::from(bar) - letters * 1.8), &title);
        let mut top = f64::from(bar) + letters;
        for (number, (name, amount)) in self.rows.iter().enumerate() {
            self.row(&mut paper, number, top, (name, amount), &pen);
            top += self.pitch();
        }
        DynamicImage::ImageRgb8(paper)
    }

    fn row(&self, paper: &mut RgbImage, number: usize, top: f64, words: (&str, &str), pen: &Pen) {
        let (width, letters) = (f64::from(self.size.0), self.letters);
        let dot = [[255, 179, 64], [90, 200, 250], [191, 90, 242], [48, 209, 88]];
        let middle = (letters * 1.6, top + letters / 2.0);
        // A colour for each name, so that a row more moves them.
        let ink = dot[words.0.len() % dot.len()];
        strokes::draw(paper, &[vec![middle, middle]], letters * 1.5, ink, 1.0);
        strokes::write(paper, words.0, (letters * 3.0, top), pen);
        let left = width - letters - strokes::width(words.1, pen);
        strokes::write(paper, words.1, (left, top), pen);
        if number > 0 {
            let line = top - (self.pitch() - letters) / 2.0;
            let ends = vec![(letters * 3.0, line), (width, line)];
            strokes::draw(paper, &[ends], 1.5, self.ink, 0.2);
        }
    }
}

fn row(dice: &mut Dice) -> (String, String) {
    let name = dice.pick(&NAMES).to_owned();
    let cents = dice.whole(100, 999_999);
    let sign = dice.pick(&["-", "-", "+", ""]);
    (name, format!("{sign}{}.{:02}", cents / 100, cents % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_differs_in_one_place_and_always_differs() {
        for seed in 0..6 {
            let mut dice = Dice::new(seed, "screen");
            let screen = Screen::rolled(&mut dice);
            let picture = screen.draw().to_rgb8();
            for differs in [Differs::Digit, Differs::Clock] {
                let twin = screen.twin(differs, &mut dice).draw().to_rgb8();
                let apart: Vec<(u32, u32)> = picture
                    .enumerate_pixels()
                    .filter(|(x, y, pixel)| twin.get_pixel(*x, *y) != *pixel)
                    .map(|(x, y, _)| (x, y))
                    .collect();
                assert!(!apart.is_empty(), "{differs:?}");
                let wide = apart.iter().map(|at| at.0).max().unwrap()
                    - apart.iter().map(|at| at.0).min().unwrap();
                // A clock may change all four digits.
                assert!(f64::from(wide) < screen.letters * 6.0, "{differs:?} {wide}");
            }
            assert_ne!(screen.twin(Differs::Row, &mut dice).draw().to_rgb8(), picture);
        }
    }
}
