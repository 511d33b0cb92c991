//! Any picture file to pixels: each kind goes to its codec.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder, RgbImage};

use super::grid::Grid;
use super::plane::{Colours, Plane, Tones, image_problem, no_picture, turned};
use super::profile::to_srgb;
use super::{decode_heic, decode_jpeg, decode_other, raw_preview};
use crate::collect::kind::kind;
use crate::error::Problem;
use crate::model::{Kind, Size};
use crate::settings::Limits;

/// JPEG quality (1 to 100) of a view for people. Chosen, not measured.
const VIEW_QUALITY: u8 = 88;

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

/// A picture at full size.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Its grey levels.
    pub luma: Plane,
    /// The steps by which the encoder of a JPEG rounded the frequencies of each block
    /// of 8 × 8 pixels, row by row; `None` where its blocks are not those of `luma`.
    pub steps: Option<[u16; 64]>,
    /// The same where the blocks are turned along with `luma`.
    pub grid: Option<Grid>,
}

/// Decodes the grey levels of a picture file at full size.
///
/// # Errors
/// As [`luma`].
pub fn whole(bytes: &[u8], limits: &Limits) -> Result<Whole, Problem> {
    let is_jpeg = kind(bytes) == Kind::Jpeg;
    let luma = luma(bytes, u32::MAX, limits)?;
    let steps = if is_jpeg { decode_jpeg::steps(bytes) } else { None };
    let grid = if is_jpeg { decode_jpeg::grid(bytes, luma.size()) } else { None };
    Ok(Whole { luma, steps, grid })
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

/// Another way to show a file than that of [`tones`]. Programs differ in it, and with
/// them the copies that they send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Through the colour profile that [`tones`] leaves aside; of an HEIC without the one
    /// that it follows.
    OtherColours,
    /// What is transparent over black instead of white.
    OnBlack,
    /// Both.
    OtherColoursOnBlack,
}

/// As [`tones`], in another reading. `None`: that is no other.
///
/// # Errors
/// As [`luma`].
pub fn tones_as(
    bytes: &[u8],
    long_edge: u32,
    reading: Reading,
    limits: &Limits,
) -> Result<Option<Tones>, Problem> {
    let kind = kind(bytes);
    let is_other = matches!(kind, Kind::Png | Kind::Webp | Kind::Tiff);
    let colours = match (kind, reading) {
        (Kind::Heic, Reading::OtherColours) => {
            return decode_heic::stored(bytes, limits).map(Some);
        }
        (Kind::Jpeg, Reading::OtherColours) => decode_jpeg::colours(bytes, long_edge, limits)?,
        (Kind::Raw, Reading::OtherColours) => raw_preview::colours(bytes, long_edge, limits)?,
        (_, Reading::OtherColours) if is_other => decode_other::colours(bytes, limits)?,
        (_, Reading::OnBlack | Reading::OtherColoursOnBlack) if is_other => {
            match decode_other::on_black(bytes, limits)? {
                Some(colours) => colours,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let size = Size::from(colours.image.dimensions());
    let pixels = colours.image.pixels().map(|pixel| pixel.0);
    if reading == Reading::OnBlack {
        let tones = Tones::from_rgb(size.width, size.height, pixels);
        return tones.oriented(colours.orientation).map(Some);
    }
    let Some(profile) = colours.icc.as_deref().and_then(to_srgb) else { return Ok(None) };
    let pixels = pixels.map(|pixel| profile.pixel(pixel));
    Tones::from_rgb(size.width, size.height, pixels).oriented(colours.orientation).map(Some)
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

fn encode_view(colours: Colours, long_edge: u32) -> Result<Vec<u8>, Problem> {
    let small = resized(colours.image, long_edge);
    let image = turned(DynamicImage::ImageRgb8(small), colours.orientation).into_rgb8();
    let mut view = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut view, VIEW_QUALITY);
    // A profile for other colours than RGB (CMYK) does not fit the view.
    if let Some(icc) = colours.icc.filter(|icc| icc.get(16..20) == Some(b"RGB ")) {
        encoder.set_icc_profile(icc).map_err(|error| Problem::decoding(&error))?;
    }
    image.write_with_encoder(encoder).map_err(|error| image_problem(&error))?;
    Ok(view)
}

/// Shrinks to a long edge. The filter is a polynomial (Catmull-Rom): sine and
/// cosine are not the same to the last bit on every machine.
fn resized(image: RgbImage, long_edge: u32) -> RgbImage {
    let size = Size::from(image.dimensions());
    if size.longest() <= long_edge {
        return image;
    }
    let Size { width, height } = size.within(long_edge);
    DynamicImage::ImageRgb8(image).resize_exact(width, height, FilterType::CatmullRom).into_rgb8()
}
