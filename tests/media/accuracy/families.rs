//! Several files of one photo: which of them was sent, and which of them is no better
//! than what was sent.

use image::{DynamicImage, Rgb, RgbImage, imageops};

use super::dice::Dice;
use super::programs::{self, Way};
use super::retouch::Retouch;
use super::studio::{
    self, Draft, EVERY, Output, START, Studio, Style, Tile, at_once, camera_file, made_picture,
};
use super::{PictureId, Truth};
use crate::Outcome;
use crate::disk::Made;
use crate::picture::{self, Shot};

/// Long edge in pixels of the photos of a family.
const FAMILY_EDGE: u32 = 1900;

/// The same of one that is enlarged, and of one that is encoded as HEIC: both take long.
const SMALL_EDGE: u32 = 1500;

/// One case in so many lacks what was sent.
const ABSENT: usize = 3;

/// Grey levels (RMS over its middle) by which a healed spot must differ.
const HEALED: f64 = 7.0;

/// Colourfulness (RMS of red less green and of blue less green, in levels) below which a
/// photo in black and white is no other picture.
const COLOURFUL: f64 = 12.0;

/// What a family brings along: the versions of its photo, and which was sent.
struct Family {
    /// Pixels, where the file lies, and whether a camera wrote it.
    versions: Vec<(DynamicImage, &'static str, Maker)>,
    sent: usize,
    /// Versions that are not in the library.
    absent: Vec<usize>,
    note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Camera,
    /// A program that writes no camera data.
    Program,
}

/// Makes families of parts of photos; `None`: this part is not fit for one.
fn families(
    studio: &Studio<'_>,
    edge: u32,
    family: impl Fn(DynamicImage, &mut Dice) -> Option<Family> + Sync,
) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let Some(family) = family(tile.pixels(studio.photos, edge), dice) else {
            return Ok(output);
        };
        let taken = START + EVERY * at as i64;
        for (nth, (pixels, path, maker)) in family.versions.iter().enumerate() {
            if !family.absent.contains(&nth) {
                let file = version(pixels, (at, path), *maker, taken, dice)?;
                output.files.push((file, made_picture(at, nth)));
            }
        }
        let is_there = !family.absent.contains(&family.sent);
        for nth in 0..i64::from(sends) {
            let (pixels, ..) = &family.versions[family.sent];
            let (bytes, how) = studio::send(pixels, &Retouch::none(), Style::Others, dice)?;
            let note = format!("{}, {}: {how}", photo.made.path, family.note);
            let picture = is_there.then_some(made_picture(at, family.sent));
            let sent = taken + at_once(dice) + nth * 86_400;
            output.drafts.push(Draft { sent, bytes, truth: Truth::of(picture, &[], note) });
        }
        Ok(output)
    })
}

fn version(
    pixels: &DynamicImage,
    (at, path): (usize, &str),
    maker: Maker,
    taken: i64,
    dice: &mut Dice,
) -> Outcome<Made> {
    let path = path.replace('#', &format!("{at:04}"));
    let made = match maker {
        Maker::Camera => camera_file(pixels, PictureId(0), taken, None, dice)?,
        Maker::Program => {
            let shot = Shot { quality: dice.pick(&[82, 88, 93]), ..Shot::default() };
            let bytes = picture::camera_jpeg(pixels, &shot)?;
            Made { path: String::new(), bytes, modified: taken + 5000 }
        }
    };
    Ok(Made { path, ..made })
}

/// A spot healed in one version: both are there, or only the one that was not sent.
pub(super) fn retouched(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    families(studio, FAMILY_EDGE, |photo, dice| {
        let healed = DynamicImage::ImageRgb8(healed(&photo.to_rgb8(), dice)?);
        let sent = dice.below(2);
        let absent = if dice.once_in(ABSENT) { vec![sent] } else { Vec::new() };
        let note = format!("version {sent} of two with a healed spot");
        let versions = vec![
            (photo, "DCIM/IMG_#.JPG", Maker::Camera),
            (healed, "DCIM/IMG_E#.JPG", Maker::Camera),
        ];
        Some(Family { versions, sent, absent, note })
    })
}

/// The photo with a small part of it replaced by what lies beside, with soft edges.
fn healed(photo: &RgbImage, dice: &mut Dice) -> Option<RgbImage> {
    let (width, height) = photo.dimensions();
    let radius = f64::from(width.max(height)) * dice.between(0.011, 0.028);
    let reach = radius.ceil() as i64;
    for _ in 0..60 {
        let place = |side: u32, dice: &mut Dice| dice.whole(4 * reach, i64::from(side) - 4 * reach);
        let (x, y) = (place(width, dice), place(height, dice));
        let (dx, dy) = dice.pick(&[(3, 0), (-3, 0), (0, 3), (0, -3), (2, 2), (-2, 2)]);
        let made = cloned(photo, (x, y), (dx * reach, dy * reach), radius);
        let half = (reach / 2) as u32;
        let part = |of: &RgbImage| {
            let (left, top) = (x as u32 - half, y as u32 - half);
            imageops::crop_imm(of, left, top, 2 * half, 2 * half).to_image()
        };
        if apart(&part(photo), &part(&made)) >= HEALED {
            return Some(made);
        }
    }
    None
}

fn cloned(photo: &RgbImage, (x, y): (i64, i64), from: (i64, i64), radius: f64) -> RgbImage {
    let mut made = photo.clone();
    let reach = radius.ceil() as i64;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let far = ((dx * dx + dy * dy) as f64).sqrt() / radius;
            let left = (1.0 - far).clamp(0.0, 1.0);
            // Smooth from nothing at the rim to all within a third of the way.
            let share = (3.0 * left).min(1.0);
            let share = share * share * (3.0 - 2.0 * share);
            let at = ((x + dx) as u32, (y + dy) as u32);
            let of = photo.get_pixel((x + dx + from.0) as u32, (y + dy + from.1) as u32).0;
            super::strokes::blend(made.get_pixel_mut(at.0, at.1), of, share);
        }
    }
    made
}

/// RMS of the difference in levels.
fn apart(one: &RgbImage, other: &RgbImage) -> f64 {
    let both = one.as_raw().iter().zip(other.as_raw());
    let sum: f64 = both.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    (sum / one.as_raw().len().max(1) as f64).sqrt()
}

/// A darker or lighter version beside the photo.
pub(super) fn relit(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    families(studio, FAMILY_EDGE, |photo, dice| {
        let light = dice.pick(&[0.78, 0.84, 0.9, 1.1, 1.16, 1.24]);
        let relit = relit_by(&photo.to_rgb8(), light);
        let sent = dice.below(2);
        let note = format!("version {sent} of two, light {light}");
        let versions = vec![
            (photo, "DCIM/IMG_#.JPG", Maker::Camera),
            (DynamicImage::ImageRgb8(relit), "DCIM/IMG_E#.JPG", Maker::Camera),
        ];
        Some(Family { versions, sent, absent: Vec::new(), note })
    })
}

fn relit_by(photo: &RgbImage, light: f64) -> RgbImage {
    let mut made = photo.clone();
    for level in made.as_flat_samples_mut().as_mut_slice() {
        *level = (f64::from(*level) * light).round().clamp(0.0, 255.0) as u8;
    }
    made
}

/// An enlarged copy without camera data beside the camera's file.
pub(super) fn enlarged(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    families(studio, SMALL_EDGE, |photo, dice| {
        let times = dice.between(1.2, 2.1);
        let size = [photo.width(), photo.height()].map(|side| (f64::from(side) * times) as u32);
        let way = dice.pick(&[Way::Mitchell, Way::Spline, Way::Gaussian, Way::HalveThenCubic]);
        let large = programs::resized(&photo.to_rgb8(), size.into(), way);
        let note = format!("beside a copy {times:.2} times as large by {way:?}");
        let versions = vec![
            (photo, "DCIM/IMG_#.JPG", Maker::Camera),
            (DynamicImage::ImageRgb8(large), "Download/large_#.jpg", Maker::Program),
        ];
        Some(Family { versions, sent: 0, absent: Vec::new(), note })
    })
}

/// A black-and-white copy beside the colours, or alone.
pub(super) fn grey(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    families(studio, FAMILY_EDGE, |photo, dice| {
        let colours = photo.to_rgb8();
        (colourfulness(&colours) >= COLOURFUL).then_some(())?;
        let (r, g, b) = dice.pick(&[(0.3, 0.59, 0.11), (0.6, 0.3, 0.1), (0.2, 0.5, 0.3)]);
        let mut grey = colours;
        for pixel in grey.pixels_mut() {
            let [red, green, blue] = pixel.0.map(f64::from);
            let level = (r * red + g * green + b * blue).round() as u8;
            *pixel = Rgb([level; 3]);
        }
        let sent = usize::from(dice.once_in(3));
        let absent = if sent == 0 && dice.once_in(ABSENT) { vec![0] } else { Vec::new() };
        let note = format!("{} of two, absent {absent:?}", ["the colours", "the greys"][sent]);
        let versions = vec![
            (photo, "DCIM/IMG_#.JPG", Maker::Camera),
            (DynamicImage::ImageRgb8(grey), "DCIM/IMG_#_bw.JPG", Maker::Program),
        ];
        Some(Family { versions, sent, absent, note })
    })
}

fn colourfulness(picture: &RgbImage) -> f64 {
    let square = |pixel: &Rgb<u8>| {
        let [r, g, b] = pixel.0.map(f64::from);
        ((r - g).powi(2) + (b - g).powi(2)) / 2.0
    };
    let sum: f64 = picture.pixels().map(square).sum();
    (sum / f64::from(picture.width() * picture.height()).max(1.0)).sqrt()
}

/// The chat's own small copies among the originals, under its names and under others,
/// with the photo or without: what was made of a send is no better than it. Without the photo
/// a copy of another send may be.
pub(super) fn chat_copies(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.pixels(studio.photos, FAMILY_EDGE);
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let (taken, is_absent) = (START + EVERY * at as i64, dice.once_in(2));
        if !is_absent {
            let id = made_picture(at, 0);
            output.files.push((camera_file(&scene, id, taken, None, dice)?, id));
        }
        let mut widths = Vec::new();
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&scene, &Retouch::none(), Style::Others, dice)?;
            for copy in 0..2 {
                let number = copy_number(nth as usize, copy);
                let file = chat_copy(&bytes, (at, number), taken, dice)?;
                output.files.push((file, made_picture(at, number)));
            }
            let note = format!("{} among the chat's copies: {how}", photo.made.path);
            let picture = (!is_absent).then_some(made_picture(at, 0));
            let sent = taken + at_once(dice) + nth * 86_400;
            widths.push(picture::decode(&bytes)?.width());
            output.drafts.push(Draft { sent, bytes, truth: Truth::of(picture, &[], note) });
        }
        for (nth, draft) in output.drafts.iter_mut().enumerate().filter(|_| is_absent) {
            let others = (0..widths.len()).filter(|&of| of != nth && widths[of] >= widths[nth]);
            let copies = others.flat_map(|of| [0, 1].map(|copy| copy_number(of, copy)));
            draft.truth.instead = copies.map(|number| made_picture(at, number)).collect();
        }
        Ok(output)
    })
}

/// The number of a copy of a send.
fn copy_number(send: usize, copy: usize) -> usize {
    50 + send * 2 + copy
}

/// What a phone or another program keeps of a send: the same bytes, or encoded once
/// more at the same size.
fn chat_copy(
    sent: &[u8],
    (at, number): (usize, usize),
    taken: i64,
    dice: &mut Dice,
) -> Outcome<Made> {
    let path = match number % 2 {
        0 => format!("Pictures/WhatsApp/IMG-20240603-WA{at:04}-{number}.jpg"),
        _ => format!("Download/image ({at}-{number}).jpg"),
    };
    let bytes = if dice.once_in(2) {
        sent.to_vec()
    } else {
        let quality = dice.pick(&[60, 70, 78]);
        picture::camera_jpeg(&picture::decode(sent)?, &Shot { quality, ..Shot::default() })?
    };
    Ok(Made { path, bytes, modified: taken + 600 })
}

/// HEIC and JPEG of one shot: either is right.
pub(super) fn heic_jpg(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile: &Tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.pixels(studio.photos, SMALL_EDGE);
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let (taken, id) = (START + EVERY * at as i64, made_picture(at, 0));
        let shot = Shot {
            taken: Some(studio::clock(taken)),
            camera: Some("Apple iPhone 14".into()),
            quality: 92,
            ..Shot::default()
        };
        let file = |ending: &str, bytes| {
            let path = format!("DCIM/100APPLE/IMG_{at:04}.{ending}");
            (Made { path, bytes, modified: taken }, id)
        };
        output.files.push(file("HEIC", picture::camera_heic(&scene, &shot)?));
        if !dice.once_in(3) {
            output.files.push(file("JPG", picture::camera_jpeg(&scene, &shot)?));
        }
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&scene, &Retouch::none(), Style::Others, dice)?;
            let truth = Truth::of(Some(id), &[], format!("{}: {how}", photo.made.path));
            let sent = taken + at_once(dice) + nth * 86_400;
            output.drafts.push(Draft { sent, bytes, truth });
        }
        Ok(output)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_healed_spot_is_small_and_seen() {
        let wave = |x: u32, y: u32| ((x * 7 + y * 3) % 200) as u8;
        let photo = RgbImage::from_fn(900, 700, |x, y| Rgb([wave(x, y), wave(y, x), 90]));
        let made = healed(&photo, &mut Dice::new(3, "heal")).unwrap();
        let changed = photo.pixels().zip(made.pixels()).filter(|(a, b)| a != b).count();
        assert!((100..9000).contains(&changed), "{changed}");
        assert_eq!(healed(&RgbImage::new(900, 700), &mut Dice::new(3, "heal")), None);
    }
}
