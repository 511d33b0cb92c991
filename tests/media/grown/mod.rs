//! A large library and a chat for measuring speed, as chats are: most of the library
//! was never sent, and almost half of the pictures came from others.
//!
//! The library has twelve-megapixel pictures, each another one, put together from four
//! parts of real photos, and beside them screenshots and videos.

mod chat;
mod pictures;
mod striped;

use std::path::Path;

use image::RgbImage;
use rayon::prelude::*;

pub use chat::Sizes;
use chat::{Sent, What};

use crate::accuracy::dice::Dice;
use crate::accuracy::photos::Photo;
use crate::accuracy::retouch::{Change, Retouch};
use crate::disk::{self, Made};
use crate::picture::{self, Shot};
use crate::whatsapp::{self, Platform, Resampler, Sending};
use crate::{Outcome, fixture, saying, video};

/// One file in so many is an HEIC of the photos given.
const HEIC_EVERY: u32 = 5;

/// Screenshots in the library for each that is sent: the others show the same chat with
/// another message.
const SCREENS_EACH: u32 = 4;

/// Videos in the library for each that is sent.
const VIDEOS_EACH: u32 = 2;

/// The videos that those of the library are copies of.
const VIDEOS: [&str; 4] = ["made-sound.mp4", "made-other.mp4", "iphone-x.mov", "android.mp4"];

/// When the first picture was taken; one every half an hour.
const START: i64 = 1_577_865_600;
const EVERY: i64 = 1800;

/// How a picture is sent.
const SENDING: Sending = Sending {
    long_edge: 1600,
    quality: None,
    resampler: Resampler::HalveThenLinear,
    platform: Platform::Ios,
};

/// What everything is made from.
struct Stock<'a> {
    /// Photos that are large enough for a quarter of a picture.
    large: Vec<RgbImage>,
    /// HEICs, those with a thumbnail if there are any: phones write one.
    heics: Vec<&'a Photo>,
    sizes: Sizes,
}

/// Writes `folder/chat`, `folder/originals` and `folder/truth`, which says line by line
/// what is sent as what: the file's name, a tab and the original's path, `-` if there is
/// none, or `?` for a video, of which there are copies.
///
/// One in five photos is an HEIC of those given, made another file by a box at its end;
/// those are not sent, for their copies show one picture.
///
/// # Errors
/// No photo is large enough, or the disk refuses.
pub fn grow(photos: &[Photo], sizes: Sizes, folder: &Path) -> Outcome {
    let stock = Stock::of(photos, sizes)?;
    let sendable: Vec<u32> = (0..stock.photos()).filter(|at| stock.heic(*at).is_none()).collect();
    let sends = chat::sends(sizes, &sendable, |what| stock.taken(what));
    let write = |made: Made| disk::write(folder, &[made]);
    let of = |wanted: What| sends.iter().filter(move |sent| same_file(sent.what, wanted));
    (0..stock.photos()).into_par_iter().try_for_each(|at| {
        let what = What::Photo(at, Change::Whole);
        if let Some(heic) = stock.heic(at) {
            return write(copy(&heic.made.bytes, stock.path(what), stock.taken(what)));
        }
        let pixels = pictures::mosaic(&stock.large, &mut Dice::new(u64::from(at), "mosaic"));
        write(camera_file(&pixels, stock.path(what), stock.taken(what))?)?;
        of(what).try_for_each(|sent| write(sent_picture(&pixels, sent)?))
    })?;
    (0..sizes.screens * SCREENS_EACH).into_par_iter().try_for_each(|at| {
        let (group, nth) = (at / SCREENS_EACH, at % SCREENS_EACH);
        let pixels = pictures::screen(group, nth);
        let what = What::Screen(group);
        write(screenshot(&pixels, at, stock.taken(what) + 20 * i64::from(nth))?)?;
        let mut sent = of(what).filter(|_| nth == 0);
        sent.try_for_each(|sent| write(sent_picture(&pixels, sent)?))
    })?;
    (0..sizes.videos * VIDEOS_EACH).into_par_iter().try_for_each(|at| {
        let what = What::Video(at);
        let bytes = fixture::bytes(&format!("videos/{}", VIDEOS[at as usize % VIDEOS.len()]))?;
        write(copy(&bytes, stock.path(what), stock.taken(what)))?;
        of(what).try_for_each(|sent| {
            let path = format!("chat/{}", sent.name);
            write(Made { path, bytes: video::as_sent(&bytes)?, modified: sent.at })
        })
    })?;
    sends.par_iter().try_for_each(|sent| {
        let What::Stranger(number) = sent.what else { return Ok(()) };
        let mut dice = Dice::new(u64::from(number), "stranger");
        write(sent_picture(&pictures::stranger(&stock.large, &mut dice), sent)?)
    })?;
    let file = |path: &str, text: String| {
        write(Made { path: path.to_owned(), bytes: text.into_bytes(), modified: START })
    };
    file("chat/_chat.txt", chat::text(&sends))?;
    file("truth", sends.iter().map(|sent| stock.truth(sent)).collect())
}

/// Whether both are sent from one file.
fn same_file(one: What, other: What) -> bool {
    match (one, other) {
        (What::Photo(one, _), What::Photo(other, _)) => one == other,
        _ => one == other,
    }
}

impl<'a> Stock<'a> {
    fn of(photos: &'a [Photo], sizes: Sizes) -> Outcome<Self> {
        let (width, height) = pictures::QUARTER;
        let large =
            |photo: &&Photo| photo.pixels.width() >= width && photo.pixels.height() >= height;
        let large: Vec<RgbImage> =
            photos.iter().filter(large).map(|photo| photo.pixels.to_rgb8()).collect();
        if large.is_empty() {
            return Err(format!("no photo has {width} × {height} pixels"));
        }
        let heic = |photo: &&Photo| photo.made.bytes.get(4..8) == Some(b"ftyp");
        let mut heics: Vec<&Photo> = photos.iter().filter(heic).collect();
        if heics.iter().any(|photo| has_thumbnail(photo)) {
            heics.retain(|photo| has_thumbnail(photo));
        }
        Ok(Self { large, heics, sizes })
    }

    /// How many of the originals are photos.
    fn photos(&self) -> u32 {
        let others = self.sizes.screens * SCREENS_EACH + self.sizes.videos * VIDEOS_EACH;
        self.sizes.originals.saturating_sub(others)
    }

    /// The HEIC that a photo of the library is a copy of.
    fn heic(&self, at: u32) -> Option<&'a Photo> {
        let is_heic = at % HEIC_EVERY == HEIC_EVERY - 1 && !self.heics.is_empty();
        is_heic.then(|| self.heics[at as usize % self.heics.len()])
    }

    fn taken(&self, what: What) -> i64 {
        // Screenshots and videos lie evenly between the photos, ten minutes after one.
        let among = |at: u32, all: u32| {
            let photo = i64::from(at) * i64::from(self.photos()) / i64::from(all.max(1));
            START + photo * EVERY + 600
        };
        match what {
            What::Photo(at, _) => START + i64::from(at) * EVERY,
            What::Screen(at) => among(at, self.sizes.screens),
            What::Video(at) => among(at, self.sizes.videos * VIDEOS_EACH),
            What::Stranger(at) => chat::came(at, START + i64::from(self.photos()) * EVERY),
        }
    }

    fn path(&self, what: What) -> String {
        match what {
            What::Photo(at, _) => {
                let ending = if self.heic(at).is_some() { "HEIC" } else { "JPG" };
                format!("originals/{}APPLE/IMG_{at:05}.{ending}", 100 + at / 1000)
            }
            What::Video(at) => {
                let name = VIDEOS[at as usize % VIDEOS.len()];
                let ending = if name.ends_with("mov") { "MOV" } else { "MP4" };
                format!("originals/Videos/VID_{at:05}.{ending}")
            }
            What::Screen(group) => screen_path(group * SCREENS_EACH),
            What::Stranger(_) => "-".into(),
        }
    }

    fn truth(&self, sent: &Sent) -> String {
        let path = self.path(sent.what);
        let path = path.strip_prefix("originals/").unwrap_or(&path);
        let path = if matches!(sent.what, What::Video(_)) { "?" } else { path };
        format!("{}\t{path}\n", sent.name)
    }
}

/// Whether an HEIC's `iref` box names a thumbnail (ISO/IEC 23008-12, 6.4.4).
fn has_thumbnail(photo: &Photo) -> bool {
    let head = &photo.made.bytes[..photo.made.bytes.len().min(64 << 10)];
    head.windows(4).any(|name| name == b"thmb")
}

fn camera_file(pixels: &image::DynamicImage, path: String, taken: i64) -> Outcome<Made> {
    let moment = chrono::DateTime::from_timestamp(taken, 0).unwrap_or_default();
    let shot = Shot {
        taken: Some(moment.format("%Y-%m-%dT%H:%M:%S").to_string()),
        camera: Some("Apple iPhone 12".into()),
        quality: 85,
        thumbnail: true,
        ..Shot::default()
    };
    Ok(Made { path, bytes: picture::camera_jpeg(pixels, &shot)?, modified: taken })
}

fn screen_path(at: u32) -> String {
    format!("originals/Screenshots/IMG_{at:05}.PNG")
}

fn screenshot(pixels: &image::DynamicImage, at: u32, taken: i64) -> Outcome<Made> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    saying("PNG", pixels.write_to(&mut bytes, image::ImageFormat::Png))?;
    Ok(Made { path: screen_path(at), bytes: bytes.into_inner(), modified: taken })
}

/// A `free` box at the end, which readers skip, makes it another file.
fn copy(bytes: &[u8], path: String, taken: i64) -> Made {
    let mut bytes = bytes.to_vec();
    bytes.extend(16u32.to_be_bytes());
    bytes.extend(b"free");
    bytes.extend(taken.to_be_bytes());
    Made { path, bytes, modified: taken }
}

fn sent_picture(pixels: &image::DynamicImage, sent: &Sent) -> Outcome<Made> {
    let (edit, seed) = match sent.what {
        What::Photo(at, edit) => (edit, at),
        _ => (Change::Whole, 0),
    };
    let retouch = Retouch::new(edit, &mut Dice::new(u64::from(seed), "retouch"));
    let before = retouch.before(pixels);
    let large = before.as_ref().unwrap_or(pixels);
    let small = whatsapp::shrink(large, SENDING.long_edge, SENDING.resampler);
    let bytes = whatsapp::encode(&retouch.after(small), &SENDING)?;
    Ok(Made { path: format!("chat/{}", sent.name), bytes, modified: sent.at })
}

/// The mark of a folder that is not whole yet.
const IN_THE_MAKING: &str = "in the making\n";

/// How a library is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Every photo is encoded, and a chat is made beside it.
    Whole,
    /// Photos alone, put together from stripes of a few: many, quickly.
    Striped,
}

/// What was made before needs not be made again: the file `grown` says of
/// what, and a folder without it is never cleared.
///
/// # Errors
/// As [`grow`], or the folder holds something else.
pub fn grow_once(photos: &[Photo], sizes: Sizes, manner: Manner, folder: &Path) -> Outcome {
    let names: Vec<&str> = photos.iter().map(|photo| photo.made.path.as_str()).collect();
    let mut whole = format!("{sizes:?} from {}\n", names.join(" "));
    if manner == Manner::Striped {
        whole.insert_str(0, "stripes, ");
    }
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
    match manner {
        Manner::Whole => grow(photos, sizes, folder)?,
        Manner::Striped => striped::striped(photos, sizes.originals, folder)?,
    }
    saying("the mark", std::fs::write(mark, whole))
}
