//! Pixels, within a memory limit.
//!
//! Grey levels are the luma of JFIF (BT.601, full range) for every codec; a
//! JPEG's own luma is taken as it is. Everything here is integer arithmetic
//! without platform-specific code, so that the same bytes give the same pixels
//! natively and in WebAssembly.

use std::io;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageEncoder, ImageError, RgbImage};

use super::{decode_heic, decode_jpeg, decode_other, raw_preview};
use crate::collect::kind::kind;
use crate::error::Problem;
use crate::model::Kind;
use crate::settings::Limits;

pub use super::shrink::{GreyMap, Window, shrink, shrink_window};

/// JPEG quality of a view: differences to the original are not seen.
const VIEW_QUALITY: u8 = 88;

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

impl Tones {
    /// A picture without colour.
    pub(super) fn grey(luma: Plane) -> Self {
        let none = Plane { grey: vec![128; luma.grey.len()], ..luma };
        Self { chroma: [none.clone(), none], luma }
    }

    /// From red, green and blue, in rows of `width`.
    pub(crate) fn from_rgb(width: u32, height: u32, pixels: impl Iterator<Item = [u8; 3]>) -> Self {
        Self::from_coded(width, height, pixels.map(coded))
    }

    /// From luma, blue and red difference as a codec holds them, in rows of
    /// `width`.
    pub(super) fn from_coded(
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
    pub(super) fn map(self, change: impl Fn(Plane) -> Plane) -> Self {
        Self { luma: change(self.luma), chroma: self.chroma.map(change) }
    }

    /// Turned upright.
    pub(super) fn oriented(self, orientation: u8) -> Result<Self, Problem> {
        let [blue, red] = self.chroma;
        let turn = |plane| oriented(plane, orientation);
        Ok(Self { luma: turn(self.luma)?, chroma: [turn(blue)?, turn(red)?] })
    }
}

/// A decoded picture in colour, not yet oriented.
pub(super) struct Colours {
    /// The pixels.
    pub image: RgbImage,
    /// What EXIF says about turning it; 1 if nothing is to be done.
    pub orientation: u8,
    /// The colour profile the pixels are meant for.
    pub icc: Option<Vec<u8>>,
}

/// Decodes the grey levels of a whole picture file at a scale the codec is fast
/// at whose long edge is at least `long_edge` (or at full size).
///
/// # Errors
/// The bytes are no picture, are damaged, or exceed a limit.
pub fn luma(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Plane, Problem> {
    match kind(bytes) {
        Kind::Empty => Err(Problem::Empty),
        Kind::Jpeg => decode_jpeg::luma(bytes, long_edge, limits),
        Kind::Heic => decode_heic::luma(bytes, limits),
        Kind::Raw => raw_preview::luma(bytes, long_edge, limits),
        Kind::Png | Kind::Webp | Kind::Tiff => decode_other::luma(bytes, limits),
        _ => Err(no_picture()),
    }
}

/// As [`luma`], with the colours. A JPEG gets the smallest of the scales 1, 1/2,
/// 1/4 and 1/8 that will do.
///
/// # Errors
/// As [`luma`].
pub fn tones(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Tones, Problem> {
    match kind(bytes) {
        Kind::Empty => Err(Problem::Empty),
        Kind::Jpeg => decode_jpeg::tones(bytes, long_edge, limits),
        Kind::Heic => decode_heic::tones(bytes, limits),
        Kind::Raw => raw_preview::tones(bytes, long_edge, limits),
        Kind::Png | Kind::Webp | Kind::Tiff => decode_other::tones(bytes, limits),
        _ => Err(no_picture()),
    }
}

/// Decodes a whole picture file, oriented, with its long edge at most
/// `long_edge` pixels, and encodes it as a JPEG that every browser shows.
/// For HEIC views in the bundle and for previews on the page.
///
/// The colour profile is carried over, so that the view looks like the source.
///
/// # Errors
/// As [`luma`].
pub fn jpeg_view(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let colours = match kind(bytes) {
        Kind::Empty => return Err(Problem::Empty),
        Kind::Jpeg => decode_jpeg::colours(bytes, long_edge, limits)?,
        Kind::Heic => decode_heic::colours(bytes, limits)?,
        Kind::Raw => raw_preview::colours(bytes, long_edge, limits)?,
        Kind::Png | Kind::Webp | Kind::Tiff => decode_other::colours(bytes, limits)?,
        _ => return Err(no_picture()),
    };
    encode_view(colours, long_edge.max(1))
}

/// Refuses a picture by its claimed size, before anything is allocated for it.
/// `bytes_per_pixel` is what the decoder holds at once.
///
/// # Errors
/// [`Problem::TooManyPixels`], [`Problem::OverLimit`], or no pixels at all.
pub(super) fn within(
    width: u32,
    height: u32,
    bytes_per_pixel: u64,
    limits: &Limits,
) -> Result<(), Problem> {
    let pixels = u64::from(width) * u64::from(height);
    let need = pixels.saturating_mul(bytes_per_pixel);
    if pixels == 0 {
        return Err(Problem::Decode("it has no pixels".into()));
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
pub(super) fn oriented(plane: Plane, orientation: u8) -> Result<Plane, Problem> {
    if orientation <= 1 {
        return Ok(plane);
    }
    let Plane { width, height, grey } = plane;
    let image = GrayImage::from_raw(width, height, grey).ok_or_else(wrong_length)?;
    let image = turned(DynamicImage::ImageLuma8(image), orientation).into_luma8();
    Ok(Plane { width: image.width(), height: image.height(), grey: image.into_raw() })
}

/// Luma of one pixel: BT.601 in 16-bit fixed point.
pub(super) fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
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

/// A coded pixel as every screen shows it: cameras write colours that lie beyond
/// red, green and blue, which whoever decodes the file cuts off. So does the one
/// that made the copy it is compared with.
fn shown(pixel: [u8; 3]) -> [u8; 3] {
    let [luma, blue, red] = pixel;
    let vivid = blue.abs_diff(128).max(red.abs_diff(128));
    // No colour moves red, green or blue by twice as much: most pixels need no
    // more than this.
    if vivid <= luma.min(255 - luma) / 2 {
        return pixel;
    }
    let [luma, blue, red] = pixel.map(i32::from);
    let (luma, blue, red) = ((luma << 16) + 32_768, blue - 128, red - 128);
    // JFIF's matrix in 16-bit fixed point.
    let rgb = [luma + 91_881 * red, luma - 22_554 * blue - 46_802 * red, luma + 116_130 * blue]
        .map(|sum| sum >> 16);
    if rgb.iter().all(|level| (0..=255).contains(level)) {
        return pixel;
    }
    coded(rgb.map(|level| level.clamp(0, 255) as u8))
}

/// One colour sample over white paper.
pub(super) fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// What a failure of the `image` crate means for the file.
pub(super) fn image_problem(error: &ImageError) -> Problem {
    match error {
        ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Problem::Truncated
        }
        other => Problem::Decode(other.to_string()),
    }
}

/// The pixels a decoder returned do not fill the size it named.
pub(super) fn wrong_length() -> Problem {
    Problem::Decode("the decoder returned another number of pixels".into())
}

fn no_picture() -> Problem {
    Problem::Decode("this kind of file is not decoded".into())
}

fn turned(mut image: DynamicImage, orientation: u8) -> DynamicImage {
    let orientation = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    image.apply_orientation(orientation);
    image
}

fn encode_view(colours: Colours, long_edge: u32) -> Result<Vec<u8>, Problem> {
    let small = resized(colours.image, long_edge);
    let image = turned(DynamicImage::ImageRgb8(small), colours.orientation).into_rgb8();
    let mut view = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut view, VIEW_QUALITY);
    // A profile for other colours than RGB (CMYK) does not fit the view.
    if let Some(icc) = colours.icc.filter(|icc| icc.get(16..20) == Some(b"RGB ")) {
        encoder.set_icc_profile(icc).map_err(|error| Problem::Decode(error.to_string()))?;
    }
    image.write_with_encoder(encoder).map_err(|error| image_problem(&error))?;
    Ok(view)
}

/// Shrinks to a long edge. The filter is a polynomial (Catmull-Rom): sine and
/// cosine are not the same to the last bit on every machine.
fn resized(image: RgbImage, long_edge: u32) -> RgbImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    if longest <= long_edge {
        return image;
    }
    let scaled = |edge: u32| {
        let exact = u64::from(edge) * u64::from(long_edge) * 2 + u64::from(longest);
        ((exact / (2 * u64::from(longest))) as u32).max(1)
    };
    DynamicImage::ImageRgb8(image)
        .resize_exact(scaled(width), scaled(height), FilterType::CatmullRom)
        .into_rgb8()
}
