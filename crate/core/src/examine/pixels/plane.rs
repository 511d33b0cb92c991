//! What every codec gives: grey levels, colours beside them, colour pixels.
//!
//! Grey levels are the luma of JFIF (BT.601, full range) for every codec; a JPEG's
//! own luma is taken as it is stored. Everything here is integer arithmetic without
//! platform-specific code, so the same bytes give the same pixels natively and in
//! WebAssembly.

use std::io;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageError, RgbImage};

use crate::error::{Problem, Undecoded};
use crate::model::Size;
use crate::settings::Limits;

/// Grey levels of a picture after orientation, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height` grey levels (luma), 0 to 255.
    pub grey: Vec<u8>,
}

/// A picture as brightness and colour, after orientation; all planes have the
/// same size.
#[derive(Debug, Clone, PartialEq)]
pub struct Tones {
    /// Grey levels.
    pub luma: Plane,
    /// Blue minus luma and red minus luma, as JFIF scales them: 128 is no
    /// colour.
    pub chroma: [Plane; 2],
}

impl Plane {
    /// Its size.
    #[must_use]
    pub fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

impl Tones {
    /// A picture without colour.
    pub(in crate::examine) fn grey(luma: Plane) -> Self {
        let none = Plane { grey: vec![128; luma.grey.len()], ..luma };
        Self { chroma: [none.clone(), none], luma }
    }

    /// From red, green and blue, in rows of `width`.
    pub(crate) fn from_rgb(width: u32, height: u32, pixels: impl Iterator<Item = [u8; 3]>) -> Self {
        Self::from_coded(width, height, pixels.map(coded))
    }

    /// From luma, blue and red difference as a codec holds them, in rows of
    /// `width`.
    pub(in crate::examine) fn from_coded(
        width: u32,
        height: u32,
        pixels: impl Iterator<Item = [u8; 3]>,
    ) -> Self {
        let plane = || Plane { width, height, grey: Vec::with_capacity(pixels.size_hint().0) };
        let mut tones = Self { luma: plane(), chroma: [plane(), plane()] };
        for [luma, blue, red] in pixels.map(shown) {
            tones.luma.grey.push(luma);
            tones.chroma[0].grey.push(blue);
            tones.chroma[1].grey.push(red);
        }
        tones
    }

    /// Left and right swapped.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mirror = |plane: &Plane| {
            let mut plane = plane.clone();
            plane.grey.chunks_exact_mut(plane.width.max(1) as usize).for_each(<[u8]>::reverse);
            plane
        };
        Self { luma: mirror(&self.luma), chroma: self.chroma.each_ref().map(mirror) }
    }

    /// The same done to each plane.
    pub(in crate::examine) fn map(self, change: impl Fn(Plane) -> Plane) -> Self {
        Self { luma: change(self.luma), chroma: self.chroma.map(change) }
    }

    /// Red, green and blue.
    pub(in crate::examine) fn into_rgb(self) -> Result<RgbImage, Problem> {
        let [blue, red] = &self.chroma;
        let coded = self.luma.grey.iter().zip(&blue.grey).zip(&red.grey);
        let pixels = coded.flat_map(|((&luma, &blue), &red)| {
            screened([luma, blue, red]).map(|level| level.clamp(0, 255) as u8)
        });
        let (width, height) = (self.luma.width, self.luma.height);
        RgbImage::from_raw(width, height, pixels.collect()).ok_or_else(wrong_length)
    }

    /// Turned a quarter to the right, and to the left.
    ///
    /// # Errors
    /// The planes do not fill their size.
    pub fn turned(&self) -> Result<[Self; 2], Problem> {
        Ok([self.clone().oriented(6)?, self.clone().oriented(8)?])
    }

    /// Turned upright.
    pub(in crate::examine) fn oriented(self, orientation: u8) -> Result<Self, Problem> {
        let [blue, red] = self.chroma;
        let turn = |plane| oriented(plane, orientation);
        Ok(Self { luma: turn(self.luma)?, chroma: [turn(blue)?, turn(red)?] })
    }
}

/// A decoded picture in colour, not yet oriented.
pub(in crate::examine) struct Colours {
    /// The pixels.
    pub image: RgbImage,
    /// What EXIF says about turning it; 1 if nothing is to be done.
    pub orientation: u8,
    /// The colour profile the pixels are meant for.
    pub icc: Option<Vec<u8>>,
}

/// Refuses a picture by its claimed size, before anything is allocated for it.
/// `bytes_per_pixel` is what the decoder holds at once.
///
/// # Errors
/// [`Problem::TooManyPixels`], [`Problem::OverLimit`], or no pixels at all.
pub(in crate::examine) fn within(
    size: Size,
    bytes_per_pixel: u64,
    limits: &Limits,
) -> Result<(), Problem> {
    let Size { width, height } = size;
    let pixels = size.pixels();
    let need = pixels.saturating_mul(bytes_per_pixel);
    if pixels == 0 {
        return Err(Problem::Decode(Undecoded::NoPixels));
    }
    if pixels > limits.pixels {
        return Err(Problem::TooManyPixels { width, height, limit: limits.pixels / 1_000_000 });
    }
    if need > limits.decode_bytes {
        return Err(Problem::OverLimit { need, limit: limits.decode_bytes });
    }
    Ok(())
}

/// Turns grey levels upright.
pub(in crate::examine) fn oriented(plane: Plane, orientation: u8) -> Result<Plane, Problem> {
    if orientation <= 1 {
        return Ok(plane);
    }
    let Plane { width, height, grey } = plane;
    let image = GrayImage::from_raw(width, height, grey).ok_or_else(wrong_length)?;
    let image = turned(DynamicImage::ImageLuma8(image), orientation).into_luma8();
    Ok(Plane { width: image.width(), height: image.height(), grey: image.into_raw() })
}

/// Luma of one pixel: BT.601 in 16-bit fixed point.
pub(in crate::examine) fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue);
    ((sum + 32_768) >> 16) as u8
}

/// Blue and red difference of one pixel, as JFIF defines them, in 16-bit fixed
/// point.
fn chroma_of([red, green, blue]: [u8; 3]) -> [u8; 2] {
    let [red, green, blue] = [red, green, blue].map(i32::from);
    let level = |sum: i32| ((sum + (128 << 16) + 32_768) >> 16).clamp(0, 255) as u8;
    [
        level(-11_059 * red - 21_709 * green + 32_768 * blue),
        level(32_768 * red - 27_439 * green - 5_329 * blue),
    ]
}

/// Luma, blue and red difference of one pixel.
fn coded(pixel: [u8; 3]) -> [u8; 3] {
    let [blue, red] = chroma_of(pixel);
    [luma_of(pixel), blue, red]
}

/// A coded pixel as a screen shows it. Cameras write colours beyond red, green and
/// blue, and every decoder cuts them off: so did the one that made the copy which
/// this picture is compared with.
fn shown(pixel: [u8; 3]) -> [u8; 3] {
    let [luma, blue, red] = pixel;
    let vivid = blue.abs_diff(128).max(red.abs_diff(128));
    // Chroma moves red, green and blue by less than twice its own size (JFIF's
    // largest factor is 1.772): most pixels are inside by this test alone.
    if vivid <= luma.min(255 - luma) / 2 {
        return pixel;
    }
    let rgb = screened(pixel);
    if rgb.iter().all(|level| (0..=255).contains(level)) {
        return pixel;
    }
    coded(rgb.map(|level| level.clamp(0, 255) as u8))
}

/// Red, green and blue of a coded pixel, which may lie beyond 0 to 255: JFIF's matrix in
/// 16-bit fixed point.
fn screened(pixel: [u8; 3]) -> [i32; 3] {
    let [luma, blue, red] = pixel.map(i32::from);
    let (luma, blue, red) = ((luma << 16) + 32_768, blue - 128, red - 128);
    [luma + 91_881 * red, luma - 22_554 * blue - 46_802 * red, luma + 116_130 * blue]
        .map(|sum| sum >> 16)
}

/// One colour sample over white paper.
pub(in crate::examine) fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// What a failure of the `image` crate means for the file.
pub(in crate::examine) fn image_problem(error: &ImageError) -> Problem {
    match error {
        ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Problem::Truncated
        }
        other => Problem::decoding(other),
    }
}

/// The pixels a decoder returned do not fill the size it named.
pub(in crate::examine) fn wrong_length() -> Problem {
    Problem::Decode(Undecoded::WrongLength)
}

/// It is of a kind that is not decoded.
pub(in crate::examine) fn no_picture() -> Problem {
    Problem::Decode(Undecoded::NotDecoded)
}

/// Turns a picture upright, as EXIF says.
pub(super) fn turned(mut image: DynamicImage, orientation: u8) -> DynamicImage {
    let orientation = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    image.apply_orientation(orientation);
    image
}
