//! A large library and a chat for measuring speed: twelve-megapixel pictures,
//! each another one, put together from four parts of real photos.

use std::path::Path;

use image::{DynamicImage, RgbImage};
use rayon::prelude::*;

use crate::accuracy::dice::Dice;
use crate::accuracy::photos::Photo;
use crate::chat_text::{self, Line};
use crate::disk::{self, Made};
use crate::picture::{self, Shot};
use crate::whatsapp::{self, Platform, Resampler, Sending};
use crate::{Outcome, saying};

/// A quarter of a picture of 4032 × 3024.
const QUARTER: (u32, u32) = (2016, 1512);

/// One file in so many is an HEIC of the photos given.
const HEIC_EVERY: u32 = 5;

/// When the first picture was taken; one every half an hour.
const START: i64 = 1_577_865_600;

/// Writes `folder/chat` and `folder/originals`. One in five originals is an
/// HEIC of the photos, made another file by a box at its end; those are not
/// sent, for their copies show one picture. HEICs with a thumbnail are taken if
/// there are any: phones write one.
///
/// # Errors
/// No photo is large enough, or the disk refuses.
pub fn grow(photos: &[Photo], originals: u32, exported: u32, folder: &Path) -> Outcome {
    let large =
        |photo: &&Photo| photo.pixels.width() >= QUARTER.0 && photo.pixels.height() >= QUARTER.1;
    let large: Vec<RgbImage> =
        photos.iter().filter(large).map(|photo| photo.pixels.to_rgb8()).collect();
    if large.is_empty() {
        return Err(format!("no photo has {} × {} pixels", QUARTER.0, QUARTER.1));
    }
    let heic = |photo: &&Photo| photo.made.bytes.get(4..8) == Some(b"ftyp");
    let mut heics: Vec<&Photo> = photos.iter().filter(heic).collect();
    if heics.iter().any(|photo| has_thumbnail(photo)) {
        heics.retain(|photo| has_thumbnail(photo));
    }
    let is_heic = |at: u32| at % HEIC_EVERY == HEIC_EVERY - 1 && !heics.is_empty();
    let sendable: Vec<u32> = (0..originals).filter(|at| !is_heic(*at)).collect();
    let step = (sendable.len() / exported.max(1) as usize).max(1);
    let sent: Vec<u32> = sendable.iter().step_by(step).take(exported as usize).copied().collect();
    let each = (0..originals).into_par_iter().map(|at| {
        if is_heic(at) {
            return disk::write(folder, &[heic_file(heics[at as usize % heics.len()], at)]);
        }
        let pixels = mosaic(&large, &mut Dice::new(u64::from(at), "mosaic"));
        disk::write(folder, &[jpeg_file(&pixels, at)?])?;
        match sent.binary_search(&at) {
            Ok(number) => disk::write(folder, &[send(&pixels, at, number)?]),
            Err(_) => Ok(()),
        }
    });
    each.collect::<Outcome>()?;
    let text = chat(&sent);
    let path = "chat/_chat.txt".to_owned();
    disk::write(folder, &[Made { path, bytes: text.into_bytes(), modified: START }])
}

/// Whether an HEIC's `iref` box names a thumbnail (ISO/IEC 23008-12, 6.4.4).
fn has_thumbnail(photo: &Photo) -> bool {
    let head = &photo.made.bytes[..photo.made.bytes.len().min(64 << 10)];
    head.windows(4).any(|name| name == b"thmb")
}

fn taken(at: u32) -> i64 {
    START + i64::from(at) * 1800
}

fn mosaic(large: &[RgbImage], dice: &mut Dice) -> DynamicImage {
    let mut whole = RgbImage::new(QUARTER.0 * 2, QUARTER.1 * 2);
    for quarter in 0..4u32 {
        let from = &large[dice.below(large.len())];
        let left = dice.below((from.width() - QUARTER.0 + 1) as usize) as u32;
        let top = dice.below((from.height() - QUARTER.1 + 1) as usize) as u32;
        let part = image::imageops::crop_imm(from, left, top, QUARTER.0, QUARTER.1);
        let place = (quarter % 2 * QUARTER.0, quarter / 2 * QUARTER.1);
        image::imageops::replace(&mut whole, &*part, place.0.into(), place.1.into());
    }
    DynamicImage::ImageRgb8(whole)
}

fn jpeg_file(pixels: &DynamicImage, at: u32) -> Outcome<Made> {
    let moment = chrono::DateTime::from_timestamp(taken(at), 0).unwrap_or_default();
    let shot = Shot {
        taken: Some(moment.format("%Y-%m-%dT%H:%M:%S").to_string()),
        camera: Some("Apple iPhone 12".into()),
        quality: 85,
        thumbnail: true,
        ..Shot::default()
    };
    let bytes = picture::camera_jpeg(pixels, &shot)?;
    Ok(Made { path: path(at, "JPG"), bytes, modified: taken(at) })
}

/// A `free` box at the end, which readers skip, makes it another file.
fn heic_file(photo: &Photo, at: u32) -> Made {
    let mut bytes = photo.made.bytes.clone();
    bytes.extend(12u32.to_be_bytes());
    bytes.extend(b"free");
    bytes.extend(at.to_be_bytes());
    Made { path: path(at, "HEIC"), bytes, modified: taken(at) }
}

fn path(at: u32, ending: &str) -> String {
    format!("originals/{}APPLE/IMG_{at:05}.{ending}", 100 + at / 1000)
}

fn send(pixels: &DynamicImage, at: u32, number: usize) -> Outcome<Made> {
    let sending = Sending {
        long_edge: 1600,
        quality: None,
        resampler: Resampler::HalveThenLinear,
        platform: Platform::Ios,
    };
    let bytes = whatsapp::send(pixels, &sending)?;
    let (_, name) = sent_as(at, number);
    Ok(Made { path: format!("chat/{name}"), bytes, modified: taken(at) })
}

/// Three minutes after it was taken; every fourth, five days.
fn sent_as(at: u32, number: usize) -> (chrono::NaiveDateTime, String) {
    let delay = if number % 4 == 3 { 5 * 86_400 } else { 180 };
    let when = chrono::DateTime::from_timestamp(taken(at) + delay, 0).unwrap_or_default();
    let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
    let name = chat_text::media_name(Platform::Ios, "PHOTO", "jpg", when.naive_utc(), number);
    (when.naive_utc(), name)
}

fn chat(sent: &[u32]) -> String {
    let mut named: Vec<_> =
        sent.iter().enumerate().map(|(number, &at)| sent_as(at, number)).collect();
    named.sort();
    let mut lines = Vec::new();
    for (at, name) in &named {
        let (at, file) = (*at, Some(name.as_str()));
        lines.push(Line { at, from: "Nora", text: "", file, chat: "Family" });
    }
    chat_text::text(Platform::Ios, &lines)
}

/// The mark of a folder that is not whole yet.
const IN_THE_MAKING: &str = "in the making\n";

/// What was made before needs not be made again: the file `grown` says of
/// what, and a folder without it is never cleared.
///
/// # Errors
/// As [`grow`], or the folder holds something else.
pub fn grow_once(photos: &[Photo], originals: u32, exported: u32, folder: &Path) -> Outcome {
    let names: Vec<&str> = photos.iter().map(|photo| photo.made.path.as_str()).collect();
    let whole = format!("{originals} originals, {exported} exported, from {}\n", names.join(" "));
    let mark = folder.join("grown");
    match std::fs::read_to_string(&mark) {
        Ok(found) if found == whole => return Ok(()),
        Ok(_) => saying("clearing an earlier library", std::fs::remove_dir_all(folder))?,
        Err(_) if folder.exists() => {
            return Err(format!("{} holds something else", folder.display()));
        }
        Err(_) => {}
    }
    saying("making a folder", std::fs::create_dir_all(folder))?;
    saying("the mark", std::fs::write(&mark, IN_THE_MAKING))?;
    grow(photos, originals, exported, folder)?;
    saying("the mark", std::fs::write(mark, whole))
}
