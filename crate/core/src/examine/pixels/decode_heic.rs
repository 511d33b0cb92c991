//! HEIC pixels with `heifer` (`docs/decoders.md` says why).
//!
//! The container's own rotation and mirroring are applied by the decoder; the
//! EXIF orientation, which only repeats them, is not.

use heifer::heifer_isobmff::HeifFile;
use heifer::{Error, Options};
use image::RgbImage;

use super::decode_tiles;
use super::heif::problem;
use super::plane::{Colours, Plane, Tones, luma_of, over_white, within, wrong_length};
use crate::error::Problem;
use crate::settings::Limits;

/// Bytes that decoding holds for one pixel, held against `Limits::decode_bytes`:
/// RGBA, and the planes of the tiles or of the whole (estimated).
const BYTES_PER_PIXEL: u64 = 10;

/// Grey levels, oriented; alpha over white. Wide colours are not converted to sRGB
/// here, as in thumbnails: a fingerprint does not tell them apart, and converting
/// twelve megapixels takes as long as decoding them.
pub(in crate::examine) fn luma(bytes: &[u8], limits: &Limits) -> Result<Plane, Problem> {
    let options = match checked(bytes, limits) {
        Err(Problem::OverLimit { .. }) => return Ok(decode_tiles::tones(bytes, limits)?.luma),
        checked => checked?,
    };
    let image = heifer::decode_rgba8(bytes, &options).map_err(|error| problem(&error))?;
    let grey = image.data.chunks_exact(4).map(|pixel| luma_of(on_paper(pixel)));
    Ok(Plane { width: image.width, height: image.height, grey: grey.collect() })
}

/// Grey levels and colours, oriented; alpha over white.
pub(in crate::examine) fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    let options = match checked(bytes, limits) {
        Err(Problem::OverLimit { .. }) => return decode_tiles::tones(bytes, limits),
        checked => checked?,
    };
    let image = in_srgb(bytes, &options)?;
    let pixels = image.data.chunks_exact(4).map(on_paper);
    Ok(Tones::from_rgb(image.width, image.height, pixels))
}

/// As [`tones`], with the colours as they are stored.
pub(in crate::examine) fn stored(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    let options = match checked(bytes, limits) {
        Err(Problem::OverLimit { .. }) => return decode_tiles::tones(bytes, limits),
        checked => checked?,
    };
    let image = heifer::decode_rgba8(bytes, &options).map_err(|error| problem(&error))?;
    let pixels = image.data.chunks_exact(4).map(on_paper);
    Ok(Tones::from_rgb(image.width, image.height, pixels))
}

/// Colours, with the file's ICC profile; without one they are brought to sRGB.
pub(in crate::examine) fn colours(bytes: &[u8], limits: &Limits) -> Result<Colours, Problem> {
    let checked = checked(bytes, limits);
    let icc = heifer::read_metadata(bytes).ok().and_then(|metadata| metadata.icc_profile);
    let options = match checked {
        Err(Problem::OverLimit { .. }) => {
            let image = decode_tiles::tones(bytes, limits)?.into_rgb()?;
            return Ok(Colours { image, orientation: 1, icc });
        }
        checked => checked?,
    };
    let image = match icc {
        Some(_) => heifer::decode_rgba8(bytes, &options).map_err(|error| problem(&error))?,
        None => in_srgb(bytes, &options)?,
    };
    let data = image.data.chunks_exact(4).flat_map(on_paper);
    let image =
        RgbImage::from_raw(image.width, image.height, data.collect()).ok_or_else(wrong_length)?;
    Ok(Colours { image, orientation: 1, icc })
}

/// Pixels in sRGB: chats send that, so a phone's wide colours are converted before
/// they are compared. Colours of an unusual space (HDR) are left as they are.
fn in_srgb(bytes: &[u8], options: &Options) -> Result<heifer::Image<u8>, Problem> {
    heifer::decode_srgb_rgba8(bytes, options)
        .or_else(|_| heifer::decode_rgba8(bytes, options))
        .map_err(|error| problem(&error))
}

fn on_paper(pixel: &[u8]) -> [u8; 3] {
    [pixel[0], pixel[1], pixel[2]].map(|sample| over_white(sample, pixel[3]))
}

/// Refuses a file by the size that it claims. One thread: the caller decodes
/// several files at once.
fn checked(bytes: &[u8], limits: &Limits) -> Result<Options, Problem> {
    let container = |error: heifer::heifer_isobmff::Error| problem(&Error::from(error));
    let file = HeifFile::parse(bytes).map_err(container)?;
    if let Some(size) = file.image_size(file.primary_id).map_err(container)? {
        within(size.into(), BYTES_PER_PIXEL, limits)?;
    }
    let max_pixels = limits.pixels.min(limits.decode_bytes / BYTES_PER_PIXEL).max(1);
    Ok(Options { max_threads: 1, max_pixels })
}
