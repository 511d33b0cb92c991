//! What every kind of case needs: parts of photos as scenes, camera files,
//! sends.

use std::path::Path;

use image::DynamicImage;
use rayon::prelude::*;

use super::dice::Dice;
use super::photos::Photo;
use super::retouch::Retouch;
use super::{PictureId, Truth, programs};
use crate::Outcome;
use crate::disk::Made;
use crate::picture::{self, Part, Shot};
use crate::whatsapp::{self, Platform, Resampler, Sending};

/// 2024-06-03 08:00 on the camera's clock: when the first picture was taken.
pub(crate) const START: i64 = 1_717_401_600;

/// Seconds from one picture to the next.
pub(crate) const EVERY: i64 = 2700;

/// Before it there was no such chat: 2010-01-01.
const FIRST_CHATS: i64 = 1_262_304_000;

/// Long edge of scenes; larger photos are made smaller first.
const SCENE_EDGE: u32 = 2600;

/// An exported picture, before it has a name.
pub(crate) struct Draft {
    /// On the chat's clock.
    pub sent: i64,
    pub bytes: Vec<u8>,
    pub truth: Truth,
}

/// What one scene brings into a case.
#[derive(Default)]
pub(crate) struct Output {
    pub files: Vec<(Made, PictureId)>,
    pub drafts: Vec<Draft>,
    /// Pictures that must not be in the library.
    pub hidden: Vec<PictureId>,
}

/// Everything a kind's maker is given.
#[derive(Clone, Copy)]
pub(crate) struct Studio<'a> {
    pub photos: &'a [Photo],
    pub seed: u64,
    pub name: &'static str,
    /// Exported pictures wanted.
    pub count: u32,
    /// The program that makes films, if there is one.
    pub ffmpeg: Option<&'a Path>,
}

impl Studio<'_> {
    /// Dice for one thing of this kind.
    pub fn dice(&self, what: &str) -> Dice {
        Dice::new(self.seed, &format!("{}/{what}", self.name))
    }

    /// Photos that can be sent, in another order for each kind.
    pub fn senders(&self) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.photos.len()).filter(|&at| self.photos[at].sendable()).collect();
        self.dice("order").shuffle(&mut found);
        found
    }

    /// Scenes from every second photo; the other photos fill the library.
    pub fn tiles(&self) -> Vec<Tile> {
        let senders = self.senders();
        let half = senders.len().div_ceil(2);
        let mut tiles = Vec::new();
        let mut used = Vec::new();
        for &photo in senders.iter().take(half) {
            // Of files that show one picture, one is enough.
            let picture = self.photos[photo].picture;
            if !used.contains(&picture) {
                used.push(picture);
                tiles.extend(tiles_of(photo, &self.photos[photo].pixels));
            }
        }
        self.dice("tiles").shuffle(&mut tiles);
        tiles
    }

    /// Runs `make` for `things`, each with its number, its dice and how many
    /// pictures it should send.
    pub fn each<T: Sync>(
        &self,
        things: &[T],
        make: impl Fn(usize, &T, u32, &mut Dice) -> Outcome<Output> + Sync,
    ) -> Outcome<Vec<Output>> {
        let wanted = |at: usize| {
            let (at, all) = (at as u32, things.len() as u32);
            self.count / all + u32::from(at < self.count % all)
        };
        let making = things.par_iter().enumerate().filter(|(at, _)| wanted(*at) > 0);
        making
            .map(|(at, thing)| make(at, thing, wanted(at), &mut self.dice(&at.to_string())))
            .collect()
    }
}

/// A part of a photo that is used as a photo of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    pub photo: usize,
    part: Part,
}

/// Large photos are worth four scenes or two, without overlap.
fn tiles_of(photo: usize, pixels: &DynamicImage) -> Vec<Tile> {
    let (width, height) = (pixels.width(), pixels.height());
    let longest = width.max(height);
    let parts: &[Part] = match (longest, width >= height) {
        (3600.., _) => &[
            [0.0, 0.0, 0.5, 0.5],
            [0.5, 0.0, 0.5, 0.5],
            [0.0, 0.5, 0.5, 0.5],
            [0.5, 0.5, 0.5, 0.5],
        ],
        (2500.., true) => &[[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 0.5, 1.0]],
        (2500.., false) => &[[0.0, 0.0, 1.0, 0.5], [0.0, 0.5, 1.0, 0.5]],
        _ => &[[0.0, 0.0, 1.0, 1.0]],
    };
    parts.iter().map(|&part| Tile { photo, part }).collect()
}

impl Tile {
    /// Its pixels, the long edge at most `most`.
    pub fn pixels(&self, photos: &[Photo], most: u32) -> DynamicImage {
        let part = picture::cut(&photos[self.photo].pixels, self.part);
        let longest = part.width().max(part.height());
        if longest <= most {
            return part;
        }
        let scaled = |side: u32| (u64::from(side) * u64::from(most) / u64::from(longest)) as u32;
        part.thumbnail_exact(scaled(part.width()).max(1), scaled(part.height()).max(1))
    }

    /// Its pixels at the usual size of a scene.
    pub fn scene(&self, photos: &[Photo]) -> DynamicImage {
        self.pixels(photos, SCENE_EDGE)
    }
}

/// The number of a picture that was made: `at` the scene, `nth` its shot.
pub(crate) fn made_picture(at: usize, nth: usize) -> PictureId {
    PictureId(u32::try_from(1_000_000 + at * 100 + nth).unwrap_or(u32::MAX))
}

/// A camera's file, with EXIF, mostly with a thumbnail, sometimes turned.
pub(crate) fn camera_file(
    pixels: &DynamicImage,
    id: PictureId,
    taken: i64,
    zone: Option<&str>,
    dice: &mut Dice,
) -> Outcome<Made> {
    let shot = Shot {
        taken: Some(clock(taken)),
        zone: zone.map(str::to_owned),
        camera: Some(dice.pick(&["Apple iPhone 12", "samsung SM-G991B", "Google Pixel 7"]).into()),
        orientation: Some(dice.pick(&[1, 1, 1, 6, 8, 3])),
        quality: dice.pick(&[90, 93, 95]),
        thumbnail: !dice.once_in(6),
        profile: None,
    };
    let bytes = picture::camera_jpeg(pixels, &shot)?;
    Ok(Made { path: format!("DCIM/Camera/IMG_{}.JPG", id.0), bytes, modified: taken })
}

/// A moment as `Shot` wants it.
pub(crate) fn clock(seconds: i64) -> String {
    let moment = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    moment.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Which phones and choices a send is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Ios,
    Android,
    Hd,
    Any,
    /// Programs that no bound was set with.
    Others,
}

/// The exported file of a picture, and how it was made, in words.
pub(crate) fn send(
    large: &DynamicImage,
    retouch: &Retouch,
    style: Style,
    dice: &mut Dice,
) -> Outcome<(Vec<u8>, String)> {
    if style == Style::Others {
        return programs::send(large, retouch, dice);
    }
    let changed = retouch.before(large);
    let large = changed.as_ref().unwrap_or(large);
    let sending = sending(large.width().max(large.height()), style, dice);
    let small = whatsapp::shrink(large, sending.long_edge, sending.resampler);
    let bytes = whatsapp::encode(&retouch.after(small), &sending)?;
    let quality = sending.quality.map_or("own tables".to_owned(), |quality| format!("q{quality}"));
    let (edge, resampler) = (sending.long_edge, sending.resampler);
    let comma = if retouch.note.is_empty() { "" } else { ", " };
    Ok((bytes, format!("{edge} px, {quality}, {resampler:?}{comma}{}", retouch.note)))
}

/// Never larger than 85 % of the original, so that the original is better.
fn sending(longest: u32, style: Style, dice: &mut Dice) -> Sending {
    use Resampler::{Area, Cubic, HalveThenLinear, Lanczos, Linear};
    let style = match style {
        Style::Any => dice.pick(&[Style::Ios, Style::Android, Style::Android, Style::Hd]),
        own => own,
    };
    let (long_edge, quality, resampler, platform) = match style {
        Style::Ios | Style::Any | Style::Others => (
            dice.pick(&[1600, 1600, 1280]),
            dice.pick(&[None, None, None, Some(75), Some(80)]),
            dice.pick(&[Lanczos, Lanczos, Cubic]),
            Platform::Ios,
        ),
        Style::Android => (
            dice.pick(&[1600, 1600, 1280, 1080, 960]),
            dice.pick(&[Some(62), Some(65), Some(70), Some(75), Some(80), None]),
            dice.pick(&[HalveThenLinear, HalveThenLinear, Linear, Area, Cubic]),
            Platform::Android,
        ),
        Style::Hd => (
            dice.pick(&[2560, 3200, 4096]),
            dice.pick(&[Some(80), Some(85), Some(90), None]),
            dice.pick(&[Lanczos, HalveThenLinear, Linear, Cubic]),
            dice.pick(&[Platform::Ios, Platform::Android]),
        ),
    };
    let long_edge = long_edge.min(longest * 85 / 100).max(1);
    Sending { long_edge, quality, resampler, platform }
}

/// Seconds from the shutter to the send button.
pub(crate) fn at_once(dice: &mut Dice) -> i64 {
    dice.whole(4, 420)
}

/// When a photo of the folders is sent: soon after it was taken, if that is
/// known and there were chats.
pub(crate) fn sent_time(photo: &Photo, at: usize, dice: &mut Dice) -> i64 {
    let taken = photo.taken.filter(|&taken| taken >= FIRST_CHATS);
    taken.unwrap_or(START + EVERY * at as i64) + at_once(dice)
}
