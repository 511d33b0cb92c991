//! Photos of 12 MP by the ten thousand, made in minutes: each is put together from stripes
//! of a few hundred, which are not encoded again. A JPEG's stripes stand for themselves
//! between its restart marks (ITU-T T.81, B.2.1), and all are encoded with the same tables.

use std::path::Path;

use image::{DynamicImage, RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rayon::prelude::*;

use super::{EVERY, START, Stock, chat::Sizes, pictures};
use crate::accuracy::dice::Dice;
use crate::accuracy::photos::Photo;
use crate::disk::{self, Made};
use crate::picture::{self, Shot};
use crate::{Outcome, saying};

/// Pictures whose stripes are used.
const POOL: u64 = 400;

/// Stripes of a picture, and rows of pixels in each: 27 times the 16 of a block.
const STRIPES: usize = 7;
const ROWS: u32 = 432;

/// Blocks of 16 × 16 pixels in a stripe: 27 rows of 252.
const BLOCKS: u16 = 27 * 252;

/// Edges of a thumbnail.
const THUMBNAIL: (u32, u32) = (160, 120);

/// One of the pool.
struct Cut {
    /// Everything before the first stripe.
    head: Vec<u8>,
    stripes: Vec<Vec<u8>>,
    thumbnail: RgbImage,
}

/// Writes `count` photos below `folder/originals`.
///
/// # Errors
/// No photo is large enough, or the disk refuses.
pub fn striped(photos: &[Photo], count: u32, folder: &Path) -> Outcome {
    let stock = Stock::of(photos, Sizes::usual(count, 0))?;
    let pool: Vec<Cut> = (0..POOL)
        .into_par_iter()
        .map(|at| cut(&pictures::mosaic(&stock.large, &mut Dice::new(at, "pool"))))
        .collect::<Outcome<_>>()?;
    (0..count).into_par_iter().try_for_each(|at| {
        let mut dice = Dice::new(u64::from(at), "stripes");
        let from: Vec<&Cut> = (0..STRIPES).map(|_| &pool[dice.below(pool.len())]).collect();
        let taken = START + EVERY * i64::from(at);
        let path = format!("originals/{}APPLE/IMG_{at:05}.JPG", 100 + at / 1000);
        disk::write(folder, &[Made { path, bytes: joined(&from, taken)?, modified: taken }])
    })
}

fn cut(picture: &DynamicImage) -> Outcome<Cut> {
    let rgb = picture.to_rgb8();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_restart_interval(BLOCKS);
    let (width, height) = (rgb.width() as u16, rgb.height() as u16);
    saying("JPEG", encoder.encode(rgb.as_raw(), width, height, ColorType::Rgb))?;
    let scan = scan(&bytes).ok_or("a JPEG without a scan")?;
    let stripes = stripes(&bytes[scan..bytes.len() - 2]);
    if stripes.len() != STRIPES {
        return Err(format!("{} stripes instead of {STRIPES}", stripes.len()));
    }
    let thumbnail = picture.thumbnail_exact(THUMBNAIL.0, THUMBNAIL.1).to_rgb8();
    Ok(Cut { head: bytes[2..scan].to_vec(), stripes, thumbnail })
}

/// What lies between the restart marks.
fn stripes(data: &[u8]) -> Vec<Vec<u8>> {
    let is_mark = |at: &usize| matches!(data[*at..], [0xff, 0xd0..=0xd7, ..]);
    let marks: Vec<usize> = (0..data.len()).filter(is_mark).collect();
    let begins = std::iter::once(0).chain(marks.iter().map(|mark| mark + 2));
    let ends = marks.iter().copied().chain([data.len()]);
    begins.zip(ends).map(|(begin, end)| data[begin..end].to_vec()).collect()
}

/// Where the data of the first scan begin.
fn scan(jpeg: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        let [0xff, mark, high, low, ..] = *jpeg.get(at..)? else { return None };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if mark == 0xda {
            return Some(at);
        }
    }
}

/// A camera's file of these stripes, with their thumbnail.
fn joined(from: &[&Cut], taken: i64) -> Outcome<Vec<u8>> {
    let mut thumbnail = RgbImage::new(THUMBNAIL.0, THUMBNAIL.1);
    for (at, cut) in (0u32..).zip(from) {
        let row = |at: u32| at * ROWS * THUMBNAIL.1 / 3024;
        let part =
            imageops::crop_imm(&cut.thumbnail, 0, row(at), THUMBNAIL.0, row(at + 1) - row(at));
        imageops::replace(&mut thumbnail, &part.to_image(), 0, row(at).into());
    }
    let moment = chrono::DateTime::from_timestamp(taken, 0).unwrap_or_default();
    let shot = Shot {
        taken: Some(moment.format("%Y-%m-%dT%H:%M:%S").to_string()),
        camera: Some("Apple iPhone 12".into()),
        ..Shot::default()
    };
    let exif = picture::exif_with(&shot, &DynamicImage::ImageRgb8(thumbnail))?;
    let size = u16::try_from(exif.len() + 8).map_err(|_| "a thumbnail that is too large")?;
    let mut bytes = b"\xff\xd8\xff\xe1".to_vec();
    bytes.extend(size.to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(exif);
    bytes.extend(&from[0].head);
    for (at, cut) in from.iter().enumerate() {
        if at > 0 {
            bytes.extend([0xff, 0xd0 + ((at - 1) % 8) as u8]);
        }
        bytes.extend(&cut.stripes[at]);
    }
    bytes.extend(b"\xff\xd9");
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripes_are_joined_as_they_were_encoded() {
        let flat = |level: u8| {
            DynamicImage::ImageRgb8(RgbImage::from_pixel(4032, 3024, image::Rgb([level; 3])))
        };
        let cuts = [40u8, 90, 140, 190, 60, 110, 160].map(|level| cut(&flat(level)).unwrap());
        let bytes = joined(&cuts.iter().collect::<Vec<_>>(), START).unwrap();
        let seen = picture::decode(&bytes).unwrap().to_rgb8();
        assert_eq!(seen.dimensions(), (4032, 3024));
        let level = |y: u32| i32::from(seen.get_pixel(2000, y).0[0]);
        for (at, want) in [(200, 40), (640, 90), (1500, 190), (2900, 160)] {
            assert!((level(at) - want).abs() < 4, "{at}: {}", level(at));
        }
    }
}
