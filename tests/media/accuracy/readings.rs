//! What can be misread: colour profiles, transparent parts, files without an end,
//! thumbnails that show something else, skies, odd ways to write a time.

use image::{DynamicImage, Rgb, RgbImage, RgbaImage, imageops};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::dice::Dice;
use super::pens::Shade;
use super::retouch::Retouch;
use super::strokes;
use super::studio::{
    self, Draft, EVERY, Output, START, Studio, Style, at_once, camera_file, made_picture,
};
use super::{PictureId, Truth};
use crate::disk::Made;
use crate::picture::{self, Shot};
use crate::{Outcome, saying};

/// Long edge in pixels of the photos here.
const EDGE: u32 = 1800;

/// What one case of a kind is: a file of the library, and the pixels that are sent.
struct Read {
    file: Made,
    sent: DynamicImage,
    note: String,
}

/// Makes one file of each part of a photo, and sends of it. What `end` does to the
/// bytes of a send.
fn each(
    studio: &Studio<'_>,
    read: impl Fn(DynamicImage, PictureId, i64, &mut Dice) -> Outcome<Read> + Sync,
    end: impl Fn(Vec<u8>, &mut Dice) -> Vec<u8> + Sync,
) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let (taken, id) = (START + EVERY * at as i64, made_picture(at, 0));
        let read = read(tile.pixels(studio.photos, EDGE), id, taken, dice)?;
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&read.sent, &Retouch::none(), Style::Others, dice)?;
            let bytes = end(bytes, dice);
            let note = format!("{}, {}: {how}", photo.made.path, read.note);
            let sent = taken + at_once(dice) + nth * 86_400;
            output.drafts.push(Draft { sent, bytes, truth: Truth::of(Some(id), &[], note) });
        }
        output.files.push((read.file, id));
        Ok(output)
    })
}

fn same(bytes: Vec<u8>, _: &mut Dice) -> Vec<u8> {
    bytes
}

/// Wide colours in the original. The program that sent it converted them, or took no
/// notice.
pub(super) fn profiles(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let read = |photo: DynamicImage, id: PictureId, taken, dice: &mut Dice| {
        let (name, wide): (_, fn() -> ColorProfile) = dice.pick(&[
            ("Display P3", ColorProfile::new_display_p3 as fn() -> ColorProfile),
            ("Adobe RGB", ColorProfile::new_adobe_rgb),
            ("ProPhoto", ColorProfile::new_pro_photo_rgb),
        ]);
        let wide = wide();
        let stored = DynamicImage::ImageRgb8(converted(&photo.to_rgb8(), &wide)?);
        let profile = saying("profile", wide.encode())?;
        let shot = Shot { profile: Some(profile), ..camera(taken, dice) };
        let is_ignored = dice.once_in(2);
        let bytes = picture::camera_jpeg(&stored, &shot)?;
        let note = format!("{name}, {}", if is_ignored { "ignored" } else { "converted" });
        let sent = if is_ignored { stored } else { photo };
        Ok(Read { file: in_camera(id, bytes, taken), sent, note })
    };
    each(studio, read, same)
}

/// The levels in a wide space that show what these show in sRGB.
fn converted(photo: &RgbImage, wide: &ColorProfile) -> Outcome<RgbImage> {
    let options = TransformOptions::default();
    let srgb = ColorProfile::new_srgb();
    let transform = srgb.create_transform_8bit(Layout::Rgb, wide, Layout::Rgb, options);
    let mut stored = photo.clone();
    saying("colours", saying("colours", transform)?.transform(photo.as_raw(), &mut stored))?;
    Ok(stored)
}

fn camera(taken: i64, dice: &mut Dice) -> Shot {
    Shot {
        taken: Some(studio::clock(taken)),
        camera: Some(dice.pick(&["Nikon D750", "Canon EOS", "Apple iPhone 13"]).into()),
        quality: dice.pick(&[88, 92, 96]),
        thumbnail: dice.once_in(2),
        ..Shot::default()
    }
}

fn in_camera(id: PictureId, bytes: Vec<u8>, modified: i64) -> Made {
    Made { path: format!("DCIM/Camera/DSC_{}.JPG", id.0), bytes, modified }
}

/// A PNG with transparent parts, sent over black or white.
pub(super) fn alpha(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let read = |photo: DynamicImage, id: PictureId, taken, dice: &mut Dice| {
        let cut = cut_out(&photo.thumbnail(1400, 1400).to_rgb8(), dice);
        let mut bytes = std::io::Cursor::new(Vec::new());
        saying("PNG", cut.write_to(&mut bytes, image::ImageFormat::Png))?;
        let paper = dice.pick(&[0u8, 255]);
        let sent = over(&cut, paper);
        let path = format!("Pictures/cut_{}.png", id.0);
        let file = Made { path, bytes: bytes.into_inner(), modified: taken };
        Ok(Read { file, sent, note: format!("transparent over {paper}") })
    };
    each(studio, read, same)
}

/// A round part of a photo with a soft rim, all else transparent.
fn cut_out(photo: &RgbImage, dice: &mut Dice) -> RgbaImage {
    let (wide, tall) = (f64::from(photo.width()), f64::from(photo.height()));
    let (rx, ry) = (wide * dice.between(0.3, 0.48), tall * dice.between(0.3, 0.48));
    let rim = dice.between(1.0, 30.0);
    RgbaImage::from_fn(photo.width(), photo.height(), |x, y| {
        let (dx, dy) = ((f64::from(x) - wide / 2.0) / rx, (f64::from(y) - tall / 2.0) / ry);
        let inside = (1.0 - (dx * dx + dy * dy).sqrt()) * rx.min(ry) / rim;
        let [r, g, b] = photo.get_pixel(x, y).0;
        image::Rgba([r, g, b, (inside.clamp(0.0, 1.0) * 255.0) as u8])
    })
}

fn over(cut: &RgbaImage, paper: u8) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(cut.width(), cut.height(), |x, y| {
        let [r, g, b, a] = cut.get_pixel(x, y).0;
        let mut pixel = Rgb([paper; 3]);
        strokes::blend(&mut pixel, [r, g, b], f64::from(a) / 255.0);
        pixel
    }))
}

/// Files whose end mark is absent, or that go on behind it.
pub(super) fn ends(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let read = |photo: DynamicImage, id: PictureId, taken, dice: &mut Dice| {
        let mut bytes = picture::camera_jpeg(&photo, &camera(taken, dice))?;
        bytes.truncate(bytes.len() - 2);
        let trailer = dice.below(3);
        match trailer {
            0 => {}
            1 => bytes.extend(b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1717401600000SEFHe\0\0\0SEFT"),
            _ => bytes.extend([0; 300]),
        }
        let note = format!("no end mark, {}", ["nothing", "a trailer", "zeros"][trailer]);
        Ok(Read { file: in_camera(id, bytes, taken), sent: photo, note })
    };
    each(studio, read, |mut bytes, dice| {
        if dice.once_in(2) {
            bytes.truncate(bytes.len() - 2);
        }
        bytes
    })
}

/// Thumbnails that show something else than their pictures do.
pub(super) fn thumbnails(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let read = |photo: DynamicImage, id: PictureId, taken, dice: &mut Dice| {
        let lie = dice.below(5);
        let small = photo.thumbnail(160, 160).to_rgb8();
        let shown = match lie {
            0 => barred(&small, dice),
            1 => imageops::resize(&small, 120, 120, imageops::FilterType::Triangle),
            2 => Shade::rolled(dice).laid_on(small),
            3 => {
                let (wide, tall) = small.dimensions();
                imageops::crop_imm(&small, wide / 6, tall / 5, wide * 2 / 3, tall * 3 / 5)
                    .to_image()
            }
            _ => converted(&small, &ColorProfile::new_pro_photo_rgb())?,
        };
        let shot = Shot { thumbnail: false, ..camera(taken, dice) };
        let bytes = picture::camera_jpeg_with(&photo, &shot, &DynamicImage::ImageRgb8(shown))?;
        let name = ["with bars", "square", "older", "of a part", "with wide colours"][lie];
        let note = format!("its thumbnail is {name}");
        Ok(Read { file: in_camera(id, bytes, taken), sent: photo, note })
    };
    each(studio, read, same)
}

/// Black bars on three sides.
fn barred(small: &RgbImage, dice: &mut Dice) -> RgbImage {
    let mut framed = RgbImage::new(160, 120);
    let (wide, tall) = (dice.whole(110, 140) as u32, dice.whole(80, 110) as u32);
    let inner = imageops::resize(small, wide, tall, imageops::FilterType::Triangle);
    imageops::replace(&mut framed, &inner, i64::from(160 - wide) / 2, 0);
    framed
}

/// A small thing in a plain sky, and shots in which it is elsewhere.
pub(super) fn sky(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let things: Vec<u32> = (0..studio.count).collect();
    studio.each(&things, |at, _, _, dice| {
        let taken = START + EVERY * at as i64;
        let sky = Sky::rolled(dice);
        let mut output = Output::default();
        let is_absent = dice.once_in(3);
        let mut place = (dice.between(0.2, 0.7), dice.between(0.2, 0.7));
        for nth in 0..3 {
            let shot = sky.shot(place, dice);
            let id = made_picture(at, nth);
            if nth > 0 || !is_absent {
                let file = camera_file(&shot, id, taken + 2 * nth as i64, None, dice)?;
                output.files.push((file, id));
            }
            if nth == 0 {
                let (bytes, how) = studio::send(&shot, &Retouch::none(), Style::Others, dice)?;
                let mut truth = Truth::of((!is_absent).then_some(id), &[], how);
                truth.plain = true;
                output.drafts.push(Draft { sent: taken + at_once(dice), bytes, truth });
            }
            place = (place.0 + dice.between(0.03, 0.09), place.1 + dice.between(-0.05, 0.05));
        }
        Ok(output)
    })
}

struct Sky {
    top: [f64; 3],
    below: [f64; 3],
    /// Pixels of the thing.
    size: f64,
    ink: [u8; 3],
    noise: f64,
}

impl Sky {
    fn rolled(dice: &mut Dice) -> Self {
        let (top, below) = dice.pick(&[
            ([70.0, 120.0, 190.0], [150.0, 190.0, 230.0]),
            ([120.0, 150.0, 200.0], [210.0, 215.0, 220.0]),
            ([170.0, 172.0, 176.0], [200.0, 201.0, 204.0]),
        ]);
        let ink = dice.pick(&[[30, 30, 34], [90, 20, 20], [240, 240, 240]]);
        Self { top, below, size: dice.between(14.0, 60.0), ink, noise: dice.between(0.5, 1.8) }
    }

    /// The thing is a body, a tail and a rotor.
    fn shot(&self, place: (f64, f64), dice: &mut Dice) -> DynamicImage {
        let (width, height) = (2016u32, 1512u32);
        let mut grain = Dice::new(dice.bits(), "noise");
        let mut sky = RgbImage::from_fn(width, height, |_, y| {
            let share = f64::from(y) / f64::from(height);
            let bits = grain.bits();
            Rgb(std::array::from_fn(|channel| {
                let ones = f64::from((bits >> (16 * channel) & 0xffff).count_ones());
                let level = self.top[channel] + (self.below[channel] - self.top[channel]) * share;
                (level + (ones - 8.0) / 2.0 * self.noise).round().clamp(0.0, 255.0) as u8
            }))
        });
        let (x, y) = (place.0 * f64::from(width), place.1 * f64::from(height));
        let size = self.size;
        let body = [vec![(x, y), (x + size * 0.4, y)]];
        strokes::draw(&mut sky, &body, size * 0.45, self.ink, 1.0);
        let fine = [
            vec![(x, y), (x - size, y - size * 0.1)],
            vec![(x - size * 0.5, y - size * 0.4), (x + size * 0.9, y - size * 0.35)],
        ];
        strokes::draw(&mut sky, &fine, (size * 0.08).max(1.2), self.ink, 1.0);
        DynamicImage::ImageRgb8(sky)
    }
}

/// Times written in other ways; the run looks at what was taken around the message only.
pub(super) fn odd_times(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let read = |photo: DynamicImage, id: PictureId, _, dice: &mut Dice| {
        // Behind midnight, so that the hour may be the 24th.
        let day = i64::from(id.0 % 1_000_000) / 100;
        let taken = START.div_euclid(86_400) * 86_400 + day * 86_400 + dice.whole(200, 560);
        let mut bytes = picture::camera_jpeg(&photo, &camera(taken, dice))?;
        let way = dice.below(5);
        let usual = studio::clock(taken).replace('T', " ").replace('-', ":");
        let odd = written(taken, way);
        replace(&mut bytes, usual.as_bytes(), odd.as_bytes())?;
        let mut file = in_camera(id, bytes, taken);
        file.modified = START + 400 * 86_400;
        Ok(Read { file, sent: photo, note: odd })
    };
    let mut outputs = each(studio, read, same)?;
    // They are sent within the window behind their own times, not by their place in the list.
    for output in &mut outputs {
        let (Some((_, id)), drafts) = (output.files.first(), &mut output.drafts) else { continue };
        let day = i64::from(id.0 % 1_000_000) / 100;
        for (nth, draft) in drafts.iter_mut().enumerate() {
            let midnight = START.div_euclid(86_400) * 86_400 + day * 86_400;
            draft.sent = midnight + 600 + 40 * nth as i64;
        }
    }
    Ok(outputs)
}

/// Nineteen letters for a time just after midnight.
fn written(taken: i64, way: usize) -> String {
    let usual = studio::clock(taken);
    let (day, time) = usual.split_at(10);
    match way {
        // Cameras that count so do not go back a day.
        0 => format!("{} 24{}", day.replace('-', ":"), &time[3..]),
        1 => usual.clone(),
        2 => format!("{} {}", day.replace('-', "/"), &time[1..]),
        3 => format!("{} {}", day.replace('-', "."), &time[1..]),
        _ => format!("{day} {}", &time[1..]),
    }
}

/// Puts other letters in the place of the same number of them.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) -> Outcome {
    let found = bytes.windows(old.len()).position(|part| part == old);
    let at =
        found.filter(|_| old.len() == new.len()).ok_or("the time is not where it should be")?;
    bytes[at..at + new.len()].copy_from_slice(new);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_times_are_as_long_as_usual_ones() {
        let taken = START.div_euclid(86_400) * 86_400 + 125;
        let all: Vec<String> = (0..5).map(|way| written(taken, way)).collect();
        assert_eq!(all[0], "2024:06:03 24:02:05");
        assert_eq!(all[1], "2024-06-03T00:02:05");
        assert_eq!(all[2], "2024/06/03 00:02:05");
        assert!(all.iter().all(|written| written.len() == 19), "{all:?}");
    }
}
