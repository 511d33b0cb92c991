//! Cases in which writing decides: screens, a trail camera's strip, words on a picture.

use image::{DynamicImage, ImageFormat, RgbImage};

use super::Truth;
use super::dice::Dice;
use super::glyphs::{Differs, Screen};
use super::lens::{self, Exposure, MARGIN};
use super::retouch::Retouch;
use super::strokes::{self, Pen, blend};
use super::studio::{
    self, Draft, EVERY, Output, START, Studio, Style, at_once, camera_file, made_picture,
};
use crate::disk::Made;
use crate::picture::{self, Shot};
use crate::{Outcome, saying};

/// Long edge of pictures with words on them, in pixels.
const WORDED_EDGE: u32 = 1500;

/// One case in so many lacks what was sent.
const ABSENT: usize = 3;

/// Screens beside others that differ in one glyph, a clock or a row.
pub(super) fn glyphs(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let things: Vec<u32> = (0..studio.count).collect();
    studio.each(&things, |at, _, _, dice| {
        let screen = Screen::rolled(dice);
        let taken = START + EVERY * at as i64;
        let is_absent = dice.once_in(ABSENT);
        let mut output = Output::default();
        let differs = dice.pick(&[Differs::Digit, Differs::Digit, Differs::Clock, Differs::Row]);
        let twins = [differs, Differs::Digit].map(|differs| screen.twin(differs, dice));
        let own = (!is_absent).then(|| screen.clone());
        for (nth, screen) in own.iter().chain(&twins).enumerate() {
            let nth = nth + usize::from(is_absent);
            output.files.push((png(&screen.draw(), at, nth, taken)?, made_picture(at, nth)));
        }
        let (bytes, how) = studio::send(&screen.draw(), &Retouch::none(), Style::Others, dice)?;
        let picture = (!is_absent).then_some(made_picture(at, 0));
        let note = format!("a screen beside one with another {differs:?}: {how}");
        let truth = Truth::of(picture, &[], note);
        output.drafts.push(Draft { sent: taken + at_once(dice), bytes, truth });
        Ok(output)
    })
}

fn png(pixels: &DynamicImage, at: usize, nth: usize, taken: i64) -> Outcome<Made> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    saying("PNG", pixels.write_to(&mut bytes, ImageFormat::Png))?;
    let path = format!("Pictures/Screenshots/Screenshot_{at:04}_{nth}.png");
    Ok(Made { path, bytes: bytes.into_inner(), modified: taken + 60 * nth as i64 })
}

/// Shots of a camera on a tree: nothing moves but the light, the noise, the clock in the
/// strip and sometimes something in the scene.
pub(super) fn strips(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.pixels(studio.photos, WORDED_EDGE + 2 * MARGIN).to_rgb8();
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let sends = sends.min(3) as usize;
        let (taken, apart) = (START + EVERY * at as i64, dice.pick(&[1, 2, 20, 60]));
        let strip = Strip::rolled(dice);
        let absent: Vec<bool> = (0..sends).map(|_| dice.once_in(ABSENT)).collect();
        let first = Exposure::first(dice);
        for nth in 0..sends + 2 {
            let when = taken + nth as i64 * apart;
            let exposure = Exposure {
                light: dice.between(0.985, 1.015),
                noise: dice.between(0.8, 2.5),
                ..first
            };
            let mut shot = lens::shoot(&scene, &exposure, dice).to_rgb8();
            strip.write(&mut shot, when);
            let shot = DynamicImage::ImageRgb8(shot);
            let id = made_picture(at, nth);
            let is_absent = absent.get(nth).copied().unwrap_or(false);
            if !is_absent {
                output.files.push((camera_file(&shot, id, when, None, dice)?, id));
            }
            if nth < sends {
                let (bytes, how) = studio::send(&shot, &Retouch::none(), Style::Others, dice)?;
                let note = format!("{}, shots {apart} s apart: {how}", photo.made.path);
                let truth = Truth::of((!is_absent).then_some(id), &[], note);
                output.drafts.push(Draft { sent: when + 900 + at_once(dice), bytes, truth });
            }
        }
        Ok(output)
    })
}

/// The strip below a trail camera's picture.
struct Strip {
    /// Share of the picture's height.
    tall: f64,
    weight: f64,
    is_dark: bool,
    warmth: i64,
}

impl Strip {
    fn rolled(dice: &mut Dice) -> Self {
        Self {
            tall: dice.between(0.035, 0.06),
            weight: dice.between(0.1, 0.16),
            is_dark: dice.once_in(2),
            warmth: dice.whole(-5, 28),
        }
    }

    fn write(&self, shot: &mut RgbImage, when: i64) {
        let (width, height) = shot.dimensions();
        let tall = (f64::from(height) * self.tall) as u32;
        let (paper, ink) = if self.is_dark { ([0; 3], [255; 3]) } else { ([255; 3], [0; 3]) };
        strokes::fill(shot, [0, height - tall, width, tall], paper);
        let stamp = studio::clock(when).replace('T', "  ");
        let words = format!("{stamp}  {}C  CAM 2", self.warmth);
        let fitting = f64::from(width) / (words.len() as f64 + 2.0);
        let size = (f64::from(tall) * 0.6).min(fitting);
        let pen = Pen { size, weight: self.weight, slant: 0.0, ink };
        let top = f64::from(height - tall) + (f64::from(tall) - size) / 2.0;
        strokes::write(shot, &words, (size, top), &pen);
    }
}

const GREETINGS: [&str; 9] = [
    "HAPPY BIRTHDAY",
    "MERRY XMAS",
    "GOOD MORNING",
    "SEE YOU MONDAY",
    "GAME OVER",
    "THANK YOU ALL",
    "WELCOME HOME",
    "JUST MARRIED",
    "BEST WISHES",
];

/// Pictures with words, beside the same with other words. What was sent may be absent,
/// and may have had no words.
pub(super) fn templates(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let bare = tile.pixels(studio.photos, WORDED_EDGE).to_rgb8();
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let caption = Caption::rolled(&bare, dice);
        let words = caption.words(3, dice);
        let mut sent = caption.on(&bare, &words[0]);
        let is_absent = dice.once_in(2);
        let is_bare = is_absent && dice.once_in(3);
        if is_bare {
            sent = DynamicImage::ImageRgb8(bare.clone());
        }
        for (nth, words) in words.iter().enumerate().skip(usize::from(is_absent)) {
            let file = download(&caption.on(&bare, words), at, nth, dice)?;
            output.files.push((file, made_picture(at, nth)));
        }
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&sent, &Retouch::none(), Style::Others, dice)?;
            let picture = (!is_absent).then_some(made_picture(at, 0));
            let what = if is_bare { "nothing" } else { words[0].as_str() };
            let note = format!("{what:?} on {} beside {words:?}: {how}", photo.made.path);
            let when = START + EVERY * at as i64 + nth * 3600 + at_once(dice);
            output.drafts.push(Draft { sent: when, bytes, truth: Truth::of(picture, &[], note) });
        }
        Ok(output)
    })
}

/// A file that no camera made, or at least does not say so.
fn download(pixels: &DynamicImage, at: usize, nth: usize, dice: &mut Dice) -> Outcome<Made> {
    let shot = Shot { quality: dice.pick(&[85, 90, 95]), ..Shot::default() };
    let bytes = picture::camera_jpeg(pixels, &shot)?;
    Ok(Made { path: format!("Download/card_{at:03}_{nth}.jpg"), bytes, modified: START })
}

/// How words stand on a picture.
struct Caption {
    pen: Pen,
    /// Left and top, in pixels.
    at: (f64, f64),
    style: Lettering,
    is_score: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lettering {
    Bare,
    /// With a dark rim, as memes have it.
    Rimmed,
    /// On a band of one colour.
    Band,
}

impl Caption {
    fn rolled(picture: &RgbImage, dice: &mut Dice) -> Self {
        let edge = f64::from(picture.width());
        let ink = dice.pick(&[[255, 255, 255], [255, 230, 60], [250, 60, 60], [20, 20, 20]]);
        let pen = Pen {
            size: edge * dice.between(0.035, 0.058),
            weight: dice.between(0.11, 0.2),
            slant: dice.pick(&[0.0, 0.0, 0.2]),
            ink,
        };
        let top = f64::from(picture.height()) * dice.pick(&[0.06, 0.45, 0.82]);
        let style = dice.pick(&[Lettering::Bare, Lettering::Rimmed, Lettering::Band]);
        Self { pen, at: (edge * 0.04, top), style, is_score: dice.once_in(3) }
    }

    /// So many captions, none like another.
    fn words(&self, count: usize, dice: &mut Dice) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for _ in 0..100 {
            let words = if self.is_score {
                format!("HOME {} - {} AWAY", dice.below(5), dice.below(5))
            } else {
                dice.pick(&GREETINGS).to_owned()
            };
            if !found.contains(&words) && found.len() < count {
                found.push(words);
            }
        }
        found
    }

    fn on(&self, picture: &RgbImage, words: &str) -> DynamicImage {
        let mut picture = picture.clone();
        let size = self.pen.size;
        if self.style == Lettering::Band {
            let top = (self.at.1 - size * 0.5).max(0.0) as u32;
            let dark = if self.pen.ink[0] > 128 { [30, 30, 60] } else { [240, 240, 230] };
            for y in top..(top + (size * 2.0) as u32).min(picture.height()) {
                for x in 0..picture.width() {
                    blend(picture.get_pixel_mut(x, y), dark, 0.85);
                }
            }
        }
        if self.style == Lettering::Rimmed {
            let rim = Pen { weight: self.pen.weight * 1.8, ink: [0; 3], ..self.pen };
            strokes::write(&mut picture, words, self.at, &rim);
        }
        strokes::write(&mut picture, words, self.at, &self.pen);
        DynamicImage::ImageRgb8(picture)
    }
}
