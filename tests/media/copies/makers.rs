//! The copies of one picture.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat};

use super::tools::Tools;
use super::{Draft, Kind, tags};
use crate::accuracy::PictureId;
use crate::accuracy::dice::Dice;
use crate::accuracy::programs::{self, Program};
use crate::accuracy::retouch::{Change, Retouch};
use crate::accuracy::studio::{self, Style};
use crate::disk::Made;
use crate::picture::{self, Shot};
use crate::{Outcome, saying};

/// Of the long edge, how much is left.
const FACTORS: [f64; 10] = [0.9, 0.72, 0.6, 0.5, 0.4, 0.33, 0.25, 0.15, 0.1, 1.4];

/// Shortest long edge of a copy that was made smaller.
const SMALLEST: u32 = 240;

/// Long edge up to which the tests' own encoder of HEICs is used, which takes long.
const HEIC_EDGE: u32 = 1500;

/// The same of `heif-enc`, which takes minutes for 12 MP.
const CODED_EDGE: u32 = 2400;

/// A picture of which copies are made.
pub(super) struct Original<'a> {
    /// The file.
    pub made: &'a Made,
    /// What it shows, upright.
    pub pixels: &'a DynamicImage,
    pub picture: PictureId,
    /// When it was taken, on the camera's clock.
    pub taken: Option<i64>,
}

/// What one kind's copy is made with.
struct Bench<'a> {
    original: &'a Original<'a>,
    tools: &'a Tools,
    /// The how manieth of its kind.
    nth: u32,
}

/// Bytes, the ending of the name, how they were made in words.
type Copied = (Vec<u8>, &'static str, String);

/// `each` copies of each kind; of formats that lose nothing one alone has the picture's
/// size.
pub(super) fn copies(
    original: &Original<'_>,
    each: u32,
    tools: &Tools,
    dice: &mut Dice,
) -> Outcome<Vec<Draft>> {
    let mut drafts = Vec::new();
    for kind in Kind::all().filter(|kind| !kind.is_video()) {
        for nth in 0..each {
            let mut dice = Dice::new(dice.bits(), kind.name());
            let bench = Bench { original, tools, nth };
            if let Some((bytes, ending, how)) = bench.copy(kind, &mut dice)? {
                let path = bench.path(kind, ending, &mut dice);
                // Copied within three years.
                let modified = original.made.modified + dice.whole(60, 90_000_000);
                let note = format!("{}: {how}", original.made.path);
                let made = Made { path, bytes, modified };
                drafts.push(Draft::new(made, original.picture, Some(kind), note));
            }
        }
    }
    Ok(drafts)
}

impl Bench<'_> {
    /// `None`: this kind has no copy of this picture.
    fn copy(&self, kind: Kind, dice: &mut Dice) -> Outcome<Option<Copied>> {
        let pixels = self.original.pixels;
        let own = self.original.made;
        let changed = |change, dice: &mut Dice| self.changed(change, dice).map(Some);
        match kind {
            Kind::Exact => Ok(Some((own.bytes.clone(), ending(own), "the same bytes".into()))),
            Kind::Tags => {
                let (bytes, how) = tags::edited(&own.bytes, self.tools, dice)?;
                Ok(Some((bytes, ending(own), how)))
            }
            Kind::Encoded => self.encoded(dice).map(Some),
            Kind::Resized => resized(pixels, dice).map(Some),
            Kind::Png => self.converted(ImageFormat::Png, "png"),
            Kind::Tiff => self.converted(ImageFormat::Tiff, "tif"),
            Kind::Webp => self.webp(dice).map(Some),
            Kind::Heic => self.heic(dice).map(Some),
            Kind::Cropped if self.nth.is_multiple_of(2) => changed(Change::Crop, dice),
            Kind::Cropped => changed(Change::DeepCrop, dice),
            Kind::Filtered if self.nth.is_multiple_of(2) => changed(Change::Filter, dice),
            Kind::Filtered => changed(Change::Shade, dice),
            Kind::Chat => chat(pixels, dice).map(Some),
            _ => Ok(None),
        }
    }

    /// Copies lie in folders of their own, as people keep them.
    fn path(&self, kind: Kind, ending: &str, dice: &mut Dice) -> String {
        let (id, nth) = (self.original.picture.0, self.nth);
        let name = self.original.made.path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let folder = format!("{}-{nth}", kind.name().replace([' ', ','], "-"));
        match kind {
            Kind::Exact if nth == 0 => format!("Backup/{id}/{name}"),
            Kind::Exact => format!("Old phone/{nth}/IMG_{id}.{ending}"),
            Kind::Chat => {
                let day = 20_240_101 + dice.below(28);
                format!("WhatsApp Images/IMG-{day}-WA{id:04}{nth}.{ending}")
            }
            _ => format!("{folder}/{id} {stem}.{ending}"),
        }
    }

    /// By one of many encoders; one in three keeps the time.
    fn encoded(&self, dice: &mut Dice) -> Outcome<Copied> {
        let pixels = self.original.pixels;
        if dice.once_in(3) {
            let quality = dice.pick(&[45, 60, 75, 88, 95]);
            let taken = self.original.taken.map(studio::clock);
            let bytes = picture::camera_jpeg(pixels, &Shot { taken, quality, ..Shot::default() })?;
            return Ok((bytes, "jpg", format!("q{quality} with its time")));
        }
        let program = Program::at_size(pixels.width().max(pixels.height()), dice);
        Ok((program.encode(pixels)?, "jpg", program.note()))
    }

    /// The picture's pixels; a second copy of a format is half as large.
    fn sized(&self) -> (DynamicImage, &'static str) {
        let pixels = self.original.pixels;
        match self.nth {
            0 => (pixels.clone(), "as large"),
            _ => {
                let half = (pixels.width() / 2, pixels.height() / 2);
                (pixels.resize_exact(half.0, half.1, FilterType::Triangle), "half as large")
            }
        }
    }

    fn converted(&self, format: ImageFormat, ending: &'static str) -> Outcome<Option<Copied>> {
        if self.nth > 1 {
            return Ok(None);
        }
        let (pixels, size) = self.sized();
        Ok(Some((written(&pixels, format)?, ending, size.to_owned())))
    }

    fn webp(&self, dice: &mut Dice) -> Outcome<Copied> {
        let (pixels, size) = self.sized();
        let Some(program) = self.tools.cwebp.as_deref().filter(|_| !dice.once_in(3)) else {
            let bytes = written(&pixels, ImageFormat::WebP)?;
            return Ok((bytes, "webp", format!("lossless, {size}")));
        };
        let quality = dice.pick(&["50", "65", "75", "85", "95"]);
        let words = |from: &str, to: &str| {
            ["-quiet", "-q", quality, from, "-o", to].map(str::to_owned).to_vec()
        };
        let png = written(&pixels, ImageFormat::Png)?;
        let bytes = self.tools.made(program, (&png, "png"), "webp", words)?;
        Ok((bytes, "webp", format!("q{quality}, {size}")))
    }

    fn heic(&self, dice: &mut Dice) -> Outcome<Copied> {
        let (pixels, size) = self.sized();
        if let Some(program) = self.tools.heif_enc.as_deref() {
            let quality = dice.pick(&["35", "50", "65", "80"]);
            let words = |from: &str, to: &str| {
                ["-q", quality, "-p", "preset=fast", "-o", to, from].map(str::to_owned).to_vec()
            };
            let edge = pixels.width().max(pixels.height()).min(CODED_EDGE);
            let small = pixels.resize(edge, edge, FilterType::CatmullRom);
            let png = written(&small, ImageFormat::Png)?;
            let bytes = self.tools.made(program, (&png, "png"), "heic", words)?;
            return Ok((bytes, "heic", format!("heif-enc q{quality}, {size}, at most {edge} px")));
        }
        let edge = pixels.width().max(pixels.height()).min(HEIC_EDGE);
        let small = programs::shrunk(&pixels.to_rgb8(), edge, dice.pick(&programs::WAYS));
        let quality = dice.pick(&[45, 60, 75]);
        let shot = Shot { quality, ..Shot::default() };
        let bytes = picture::camera_heic(&DynamicImage::ImageRgb8(small), &shot)?;
        Ok((bytes, "heic", format!("q{quality}, {edge} px")))
    }

    /// Changed, at the size it has.
    fn changed(&self, change: Change, dice: &mut Dice) -> Outcome<Copied> {
        let retouch = Retouch::new(change, dice);
        let before = retouch.before(self.original.pixels);
        let changed = retouch.after(before.unwrap_or_else(|| self.original.pixels.clone()));
        let quality = dice.pick(&[80, 90, 95]);
        let bytes = picture::camera_jpeg(&changed, &Shot { quality, ..Shot::default() })?;
        Ok((bytes, "jpg", format!("{}, q{quality}", retouch.note)))
    }
}

/// As a chat sends it, in words.
pub(super) fn chat(pixels: &DynamicImage, dice: &mut Dice) -> Outcome<Copied> {
    let style = dice.pick(&[Style::Any, Style::Any, Style::Others]);
    let (bytes, how) = studio::send(pixels, &Retouch::none(), style, dice)?;
    Ok((bytes, "jpg", how))
}

fn resized(pixels: &DynamicImage, dice: &mut Dice) -> Outcome<Copied> {
    let (width, height) = (pixels.width(), pixels.height());
    let least = f64::from(SMALLEST) / f64::from(width.max(height));
    let factor = dice.pick(&FACTORS).max(least);
    let size = [width, height].map(|edge| ((f64::from(edge) * factor).round() as u32).max(1));
    let (small, way) = if dice.once_in(3) {
        let filter =
            dice.pick(&[FilterType::Lanczos3, FilterType::CatmullRom, FilterType::Triangle]);
        (pixels.resize_exact(size[0], size[1], filter), format!("{filter:?}"))
    } else {
        let way = dice.pick(&programs::WAYS);
        let made = programs::resized(&pixels.to_rgb8(), size.into(), way);
        (DynamicImage::ImageRgb8(made), format!("{way:?}"))
    };
    let quality = dice.pick(&[70, 80, 88, 93]);
    let bytes = picture::camera_jpeg(&small, &Shot { quality, ..Shot::default() })?;
    Ok((bytes, "jpg", format!("{} × {} ({factor:.2}), {way}, q{quality}", size[0], size[1])))
}

fn written(pixels: &DynamicImage, format: ImageFormat) -> Outcome<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let rgb = DynamicImage::ImageRgb8(pixels.to_rgb8());
    saying("converting", rgb.write_to(&mut bytes, format))?;
    Ok(bytes.into_inner())
}

/// The ending of a photo's name, by what it is.
fn ending(made: &Made) -> &'static str {
    if made.bytes.get(4..8) == Some(b"ftyp") { "heic" } else { "jpg" }
}
