//! Pixels of PNG, WebP and TIFF, and of the JPEGs that `jpeg-decoder`
//! refuses, with the `image` crate.

use std::io::BufReader;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use super::plane::{Colours, Plane, Tones, image_problem, luma_of, oriented, over_white, within};
use crate::error::Problem;
use crate::io::{Cursor, ReadAt};
use crate::settings::Limits;

/// Bytes that decoding holds for one pixel, held against `Limits::decode_bytes`:
/// decoded samples and their eight-bit copy (estimated).
const BYTES_PER_PIXEL: u64 = 8;

/// Grey levels, oriented; alpha over white.
pub(in crate::examine) fn luma(bytes: &[u8], limits: &Limits) -> Result<Plane, Problem> {
    let format = image::guess_format(bytes).map_err(|error| image_problem(&error))?;
    let (image, orientation, _) = decode_with_notes(bytes, format, limits)?;
    oriented(grey(&image), orientation)
}

/// Grey levels and colours, oriented; alpha over white.
pub(in crate::examine) fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    let format = image::guess_format(bytes).map_err(|error| image_problem(&error))?;
    let (image, orientation, _) = decode_with_notes(bytes, format, limits)?;
    tones_of(&image).oriented(orientation)
}

/// Grey levels over white and, where a part of the picture is transparent, over black;
/// oriented.
pub(in crate::examine) fn over_both(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Plane, Option<Plane>), Problem> {
    let format = image::guess_format(bytes).map_err(|error| image_problem(&error))?;
    let (image, orientation, _) = decode_with_notes(bytes, format, limits)?;
    let black = black_paper(&image).map(|paper| oriented(grey(&paper.into()), orientation));
    Ok((oriented(grey(&image), orientation)?, black.transpose()?))
}

/// Colours; alpha over black. `None` without a transparent part.
pub(in crate::examine) fn on_black(
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<Colours>, Problem> {
    let format = image::guess_format(bytes).map_err(|error| image_problem(&error))?;
    let (image, orientation, icc) = decode_with_notes(bytes, format, limits)?;
    Ok(black_paper(&image).map(|image| Colours { image, orientation, icc }))
}

/// The picture over black; `None` if nothing of it is transparent.
fn black_paper(image: &DynamicImage) -> Option<RgbImage> {
    if !image.color().has_alpha() {
        return None;
    }
    let rgba = image.to_rgba8();
    let seen_through = rgba.pixels().any(|pixel| pixel.0[3] < 255);
    let over_black = |sample: u8, alpha: u8| 255 - over_white(255 - sample, alpha);
    seen_through.then(|| {
        RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
            let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
            image::Rgb([red, green, blue].map(|sample| over_black(sample, alpha)))
        })
    })
}

/// Grey levels and colours of a decoded picture; alpha over white.
pub(in crate::examine) fn tones_of(image: &DynamicImage) -> Tones {
    if !image.color().has_color() {
        return Tones::grey(grey(image));
    }
    let paper = on_paper(image.clone());
    Tones::from_rgb(paper.width(), paper.height(), paper.pixels().map(|pixel| pixel.0))
}

/// Colours; alpha over white.
pub(in crate::examine) fn colours(bytes: &[u8], limits: &Limits) -> Result<Colours, Problem> {
    let format = image::guess_format(bytes).map_err(|error| image_problem(&error))?;
    let (image, orientation, icc) = decode_with_notes(bytes, format, limits)?;
    Ok(Colours { image: on_paper(image), orientation, icc })
}

/// Decodes the first picture, as it is stored.
pub(in crate::examine) fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
) -> Result<DynamicImage, Problem> {
    decode_with_notes(bytes, format, limits).map(|(image, ..)| image)
}

/// Grey levels of a decoded picture; alpha over white.
pub(in crate::examine) fn grey(image: &DynamicImage) -> Plane {
    let grey = match image {
        DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
        DynamicImage::ImageRgb8(rgb) => rgb.pixels().map(|pixel| luma_of(pixel.0)).collect(),
        other if other.color().has_alpha() => {
            other.to_rgba8().pixels().map(grey_on_paper).collect()
        }
        other => other.to_rgb8().pixels().map(|pixel| luma_of(pixel.0)).collect(),
    };
    Plane { width: image.width(), height: image.height(), grey }
}

fn grey_on_paper(pixel: &image::Rgba<u8>) -> u8 {
    let [red, green, blue, alpha] = pixel.0;
    over_white(luma_of([red, green, blue]), alpha)
}

fn on_paper(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|sample| over_white(sample, alpha)))
    })
}

/// The one type of reader that pictures are decoded from: each further type would
/// compile every codec once more into the program.
pub(in crate::examine) fn buffered(source: &dyn ReadAt) -> BufReader<Cursor<'_>> {
    BufReader::new(Cursor::new(source))
}

/// The picture, its EXIF orientation and its colour profile.
fn decode_with_notes(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
) -> Result<(DynamicImage, u8, Option<Vec<u8>>), Problem> {
    let problem = |error: image::ImageError| image_problem(&error);
    let mut reader = ImageReader::with_format(buffered(&bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.decode_bytes);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(problem)?;
    within(decoder.dimensions().into(), BYTES_PER_PIXEL, limits)?;
    let orientation = decoder.orientation().map_or(1, image::metadata::Orientation::to_exif);
    let icc = decoder.icc_profile().unwrap_or(None);
    let image = DynamicImage::from_decoder(decoder).map_err(problem)?;
    Ok((image, orientation, icc))
}
