//! Pixels of fixtures, and new "camera files" made from parts of them.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::{Outcome, saying};

/// Left, top, width and height as shares of the picture, 0 to 1.
pub type Part = [f64; 4];

/// Decodes JPEG, PNG, WebP or HEIC, upright.
///
/// # Errors
/// The bytes are no picture.
pub fn decode(bytes: &[u8]) -> Outcome<DynamicImage> {
    if bytes.get(4..8) == Some(b"ftyp") { decode_heic(bytes) } else { decode_plain(bytes) }
}

fn decode_heic(bytes: &[u8]) -> Outcome<DynamicImage> {
    let heic = saying("HEIC", heifer::decode_srgb_rgba8(bytes, &heifer::Options::default()))?;
    let (width, height) = (heic.width, heic.height);
    let pixels = RgbaImage::from_raw(width, height, heic.data).ok_or("HEIC: odd length")?;
    Ok(DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).to_rgb8()))
}

fn decode_plain(bytes: &[u8]) -> Outcome<DynamicImage> {
    let reader = saying("picture", ImageReader::new(Cursor::new(bytes)).with_guessed_format())?;
    let mut decoder = saying("picture", reader.into_decoder())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut pixels = saying("picture", DynamicImage::from_decoder(decoder))?;
    pixels.apply_orientation(orientation);
    Ok(DynamicImage::ImageRgb8(pixels.to_rgb8()))
}

/// The EXIF orientation of a picture, 1 to 8; 1 if it has none.
#[must_use]
pub fn orientation(bytes: &[u8]) -> u8 {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let decoder = reader.ok().and_then(|reader| reader.into_decoder().ok());
    let found = decoder.and_then(|mut decoder| decoder.orientation().ok());
    found.map_or(1, Orientation::to_exif)
}

/// Cuts a part out.
#[must_use]
pub fn cut(picture: &DynamicImage, part: Part) -> DynamicImage {
    let of = |share: f64, whole: u32| (share.clamp(0.0, 1.0) * f64::from(whole)).round() as u32;
    let [left, top, width, height] = part;
    let (whole_width, whole_height) = (picture.width(), picture.height());
    picture.crop_imm(
        of(left, whole_width),
        of(top, whole_height),
        of(width, whole_width).max(1),
        of(height, whole_height).max(1),
    )
}

/// What a camera writes beside the pixels.
#[derive(Debug, Clone, Default)]
pub struct Shot {
    /// `DateTimeOriginal`, as `2024-12-22T18:03:11`.
    pub taken: Option<String>,
    /// `OffsetTimeOriginal`, as `+01:00`.
    pub zone: Option<String>,
    /// Maker and model.
    pub camera: Option<String>,
    /// EXIF orientation, 1 to 8; the pixels are turned so that the picture
    /// still shows upright.
    pub orientation: Option<u8>,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Whether EXIF holds a thumbnail of 160 × 120 pixels; other shapes get
    /// black bars in it, as cameras do.
    pub thumbnail: bool,
    /// An ICC profile, if the pixels are in its colours.
    pub profile: Option<Vec<u8>>,
}

/// Encodes pixels as a camera would: baseline JPEG with EXIF.
///
/// # Errors
/// The picture is larger than a JPEG can be, or `shot` cannot be written.
pub fn camera_jpeg(picture: &DynamicImage, shot: &Shot) -> Outcome<Vec<u8>> {
    let stored = turned(picture, shot.orientation.unwrap_or(1));
    let thumbnail = shot.thumbnail.then(|| thumbnail(&stored)).transpose()?;
    jpeg(&stored, shot, thumbnail.as_deref())
}

/// The same with this thumbnail, whatever it shows.
///
/// # Errors
/// As [`camera_jpeg`].
pub fn camera_jpeg_with(
    picture: &DynamicImage,
    shot: &Shot,
    thumbnail: &DynamicImage,
) -> Outcome<Vec<u8>> {
    let mut shown = Vec::new();
    encode(Encoder::new(&mut shown, 85), thumbnail)?;
    jpeg(&turned(picture, shot.orientation.unwrap_or(1)), shot, Some(&shown))
}

fn jpeg(stored: &DynamicImage, shot: &Shot, thumbnail: Option<&[u8]>) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, shot.quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    saying("EXIF", encoder.add_exif_metadata(&exif_block(shot, thumbnail)?))?;
    if let Some(profile) = &shot.profile {
        saying("profile", encoder.add_icc_profile(profile))?;
    }
    encode(encoder, stored)?;
    Ok(bytes)
}

/// Encodes pixels as a phone would: HEIC with EXIF, upright, without a thumbnail.
///
/// # Errors
/// The picture is larger than an HEIC can be, or `shot` cannot be written.
pub fn camera_heic(picture: &DynamicImage, shot: &Shot) -> Outcome<Vec<u8>> {
    let rgba = picture.to_rgba8();
    let image = heifer::Image {
        width: rgba.width(),
        height: rgba.height(),
        bit_depth: 8,
        has_alpha: false,
        data: rgba.as_raw().iter().map(|&level| u16::from(level)).collect(),
    };
    let exif = Some(exif_block(&Shot { orientation: None, ..shot.clone() }, None)?);
    let metadata = heifer::Metadata { exif, ..heifer::Metadata::default() };
    let options = heifer::EncodeOptions { quality: shot.quality, max_threads: 1 };
    saying("HEIC", heifer::encode_with_metadata(&image, &metadata, &options))
}

/// The EXIF block of a shot, without a thumbnail.
///
/// # Errors
/// `shot` cannot be written.
pub fn exif(shot: &Shot) -> Outcome<Vec<u8>> {
    exif_block(shot, None)
}

/// The same with this thumbnail.
///
/// # Errors
/// As [`exif()`].
pub fn exif_with(shot: &Shot, thumbnail: &DynamicImage) -> Outcome<Vec<u8>> {
    let mut shown = Vec::new();
    encode(Encoder::new(&mut shown, 85), thumbnail)?;
    exif_block(shot, Some(&shown))
}

/// Runs an encoder over a picture's pixels.
///
/// # Errors
/// The picture is larger than a JPEG can be.
pub(crate) fn encode(encoder: Encoder<&mut Vec<u8>>, picture: &DynamicImage) -> Outcome {
    let rgb = picture.to_rgb8();
    let side = |length: u32| u16::try_from(length).map_err(|_| "too large for a JPEG");
    let (width, height) = (side(rgb.width())?, side(rgb.height())?);
    saying("JPEG", encoder.encode(rgb.as_raw(), width, height, ColorType::Rgb))
}

/// Turns pixels so that a reader that applies `orientation` sees them upright.
fn turned(picture: &DynamicImage, orientation: u8) -> DynamicImage {
    let inverse = match orientation {
        6 => 8,
        8 => 6,
        own => own,
    };
    let mut stored = picture.clone();
    stored.apply_orientation(Orientation::from_exif(inverse).unwrap_or(Orientation::NoTransforms));
    stored
}

fn thumbnail(stored: &DynamicImage) -> Outcome<Vec<u8>> {
    let (wide, tall) = if stored.width() >= stored.height() { (160, 120) } else { (120, 160) };
    let small = stored.thumbnail(wide, tall).to_rgb8();
    let mut framed = RgbImage::new(wide, tall);
    let (left, top) = ((wide - small.width()) / 2, (tall - small.height()) / 2);
    image::imageops::replace(&mut framed, &small, i64::from(left), i64::from(top));
    let mut bytes = Vec::new();
    encode(Encoder::new(&mut bytes, 85), &DynamicImage::ImageRgb8(framed))?;
    Ok(bytes)
}

fn exif_block(shot: &Shot, thumbnail: Option<&[u8]>) -> Outcome<Vec<u8>> {
    let text = |tag, value: String| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![value.into_bytes()]),
    };
    let mut fields = Vec::new();
    if let Some(camera) = &shot.camera {
        let (make, model) = camera.split_once(' ').unwrap_or(("", camera));
        fields.push(text(Tag::Make, make.to_owned()));
        fields.push(text(Tag::Model, model.to_owned()));
    }
    if let Some(taken) = &shot.taken {
        let (day, time) = taken.split_once('T').ok_or("a time looks like 2024-12-22T18:03:11")?;
        fields.push(text(Tag::DateTimeOriginal, format!("{} {time}", day.replace('-', ":"))));
    }
    if let Some(zone) = &shot.zone {
        fields.push(text(Tag::OffsetTimeOriginal, zone.clone()));
    }
    let orientation = u16::from(shot.orientation.unwrap_or(1));
    fields.push(Field {
        tag: Tag::Orientation,
        ifd_num: In::PRIMARY,
        value: Value::Short(vec![orientation]),
    });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    if let Some(thumbnail) = thumbnail {
        writer.set_jpeg(thumbnail, In::THUMBNAIL);
    }
    let mut block = Cursor::new(Vec::new());
    saying("EXIF", writer.write(&mut block, false))?;
    Ok(block.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_camera_file_still_shows_upright() {
        let source = decode(&crate::fixture::bytes("photos/bridge-small.jpg").unwrap()).unwrap();
        for orientation in 1..=8 {
            let shot = Shot { orientation: Some(orientation), quality: 95, ..Shot::default() };
            let again = decode(&camera_jpeg(&source, &shot).unwrap()).unwrap();
            assert_eq!((again.width(), again.height()), (source.width(), source.height()));
            let (one, two) = (source.to_rgb8(), again.to_rgb8());
            let at = (one.width() / 5, one.height() / 7);
            let far = one.get_pixel(at.0, at.1).0.iter().zip(two.get_pixel(at.0, at.1).0);
            let difference: i32 = far.map(|(a, b)| (i32::from(*a) - i32::from(b)).abs()).sum();
            assert!(difference < 60, "orientation {orientation}: {difference}");
        }
    }
}
