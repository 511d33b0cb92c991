//! JPEG pixels: `zune-jpeg` for luma alone and at full scale, `jpeg-decoder` at a
//! reduced scale, or the `image` crate where those refuse.

use std::borrow::Cow;

use image::{ImageFormat, RgbImage};
use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::decode_other;
use super::grid::Grid;
use super::jpeg_end::{problem, with_end};
use super::plane::{Colours, Plane, Tones, luma_of, oriented, within, wrong_length};
use crate::error::{Problem, Undecoded};
use crate::examine::jpeg_marks::{Marks, marks, without_detail};
use crate::examine::photo_time;
use crate::model::Size;
use crate::settings::Limits;

/// Bytes that decoding holds for one pixel of the result, held against
/// `Limits::decode_bytes`: interleaved samples and the planes they are made of
/// (estimated).
const BYTES_PER_PIXEL: u64 = 8;
/// Bytes held for one pixel of a progressive file at full scale: all its
/// coefficients (estimated).
const PROGRESSIVE_BYTES_PER_PIXEL: u64 = 6;
/// The number of the frame header (`SOF2`) of a progressive file.
const PROGRESSIVE: u8 = 2;

/// Grey levels, oriented; at full scale where memory allows it, for that takes
/// less time than any other (`docs/decoders.md`).
pub(in crate::examine) fn luma(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Plane, Problem> {
    let marks = checked(bytes, limits)?;
    let bytes = &*marked(bytes, &marks, limits)?;
    let plane = match samples(bytes, &marks, long_edge, Want::Luma, limits) {
        Ok(samples) => samples.into_luma(marks.has_luma()),
        Err(problem) => {
            other_decoder(bytes, problem, limits).map(|image| decode_other::grey(&image))
        }
    }?;
    oriented(plane, orientation(&marks))
}

/// Grey levels and colours, oriented.
pub(in crate::examine) fn tones(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Tones, Problem> {
    let marks = checked(bytes, limits)?;
    let bytes = &*marked(bytes, &marks, limits)?;
    let tones = match samples(bytes, &marks, long_edge, Want::Tones, limits) {
        Ok(samples) => samples.into_tones(marks.has_luma()),
        Err(problem) => {
            other_decoder(bytes, problem, limits).map(|image| decode_other::tones_of(&image))
        }
    }?;
    tones.oriented(orientation(&marks))
}

/// Colours at the smallest scale whose long edge is at least `long_edge`.
pub(in crate::examine) fn colours(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Colours, Problem> {
    let marks = checked(bytes, limits)?;
    let bytes = &*marked(bytes, &marks, limits)?;
    let orientation = orientation(&marks);
    match samples(bytes, &marks, long_edge, Want::Colours, limits) {
        Ok(mut samples) => {
            let icc = samples.icc.take();
            Ok(Colours { image: samples.into_rgb()?, orientation, icc })
        }
        Err(problem) => other_decoder(bytes, problem, limits).map(|image| Colours {
            image: image.into_rgb8(),
            orientation,
            icc: None,
        }),
    }
}

/// The steps by which the encoder rounded the luma of a file that is shown as it
/// lies there: not turned, and with luma first.
pub(in crate::examine) fn steps(bytes: &[u8]) -> Option<[u16; 64]> {
    let marks = marks(bytes)?;
    let is_luma = marks.has_luma() || marks.frame?.components == 1;
    marks.steps().filter(|_| is_luma && orientation(&marks) <= 1)
}

/// The blocks of a file whose picture is shown at this size.
pub(in crate::examine) fn grid(bytes: &[u8], size: Size) -> Option<Grid> {
    let marks = marks(bytes)?;
    let is_luma = marks.has_luma() || marks.frame?.components == 1;
    let own = marks.steps().filter(|_| is_luma)?;
    let turn = orientation(&marks);
    // TIFF 6.0, Orientation: from 5 on rows and columns are exchanged; where the first
    // ones lie at the right or at the bottom, so does what the last blocks left over.
    let steps = match turn {
        5..=8 => std::array::from_fn(|at| own[at % 8 * 8 + at / 8]),
        _ => own,
    };
    let left = if matches!(turn, 2 | 3 | 6 | 7) { size.width % 8 } else { 0 };
    let top = if matches!(turn, 3 | 4 | 7 | 8) { size.height % 8 } else { 0 };
    Some(Grid { steps, left, top })
}

#[derive(Clone, Copy, PartialEq)]
enum Want {
    /// The first component may be all there is.
    Luma,
    /// Luma and chroma.
    Tones,
    /// Red, green and blue.
    Colours,
}

impl Want {
    /// What `zune-jpeg` calls it.
    fn space(self) -> Option<ColorSpace> {
        match self {
            Self::Luma => Some(ColorSpace::Luma),
            Self::Tones => Some(ColorSpace::YCbCr),
            Self::Colours => None,
        }
    }
}

/// What the decoder returned: interleaved samples.
struct Samples {
    size: Size,
    format: PixelFormat,
    data: Vec<u8>,
    icc: Option<Vec<u8>>,
}

impl Samples {
    /// `first_is_luma`: the samples are luma and chroma, not red, green, blue.
    fn into_luma(self, first_is_luma: bool) -> Result<Plane, Problem> {
        let grey = match self.format {
            PixelFormat::L8 => self.data,
            PixelFormat::L16 => self.data.chunks_exact(2).map(high_byte).collect(),
            PixelFormat::RGB24 if first_is_luma => {
                self.data.chunks_exact(3).map(|pixel| pixel[0]).collect()
            }
            PixelFormat::RGB24 => self
                .data
                .chunks_exact(3)
                .map(|pixel| luma_of([pixel[0], pixel[1], pixel[2]]))
                .collect(),
            PixelFormat::CMYK32 => {
                self.data.chunks_exact(4).map(|pixel| luma_of(printed(pixel))).collect()
            }
        };
        let fits = grey.len() as u64 == self.size.pixels();
        let plane = Plane { width: self.size.width, height: self.size.height, grey };
        if fits { Ok(plane) } else { Err(wrong_length()) }
    }

    /// As [`Samples::into_luma`], with the colours.
    fn into_tones(self, first_is_luma: bool) -> Result<Tones, Problem> {
        let Size { width, height } = self.size;
        if self.data.len() as u64 != self.bytes_expected() {
            return Err(wrong_length());
        }
        let data = &self.data;
        Ok(match self.format {
            PixelFormat::RGB24 if first_is_luma => {
                let pixels = data.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
                Tones::from_coded(width, height, pixels)
            }
            PixelFormat::RGB24 => {
                let pixels = data.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
                Tones::from_rgb(width, height, pixels)
            }
            PixelFormat::CMYK32 => {
                Tones::from_rgb(width, height, data.chunks_exact(4).map(printed))
            }
            PixelFormat::L8 | PixelFormat::L16 => Tones::grey(self.into_luma(first_is_luma)?),
        })
    }

    fn bytes_expected(&self) -> u64 {
        self.size.pixels() * self.format.pixel_bytes() as u64
    }

    fn into_rgb(self) -> Result<RgbImage, Problem> {
        let data = match self.format {
            PixelFormat::L8 => self.data.iter().flat_map(|&grey| [grey; 3]).collect(),
            PixelFormat::L16 => {
                self.data.chunks_exact(2).flat_map(|sample| [high_byte(sample); 3]).collect()
            }
            PixelFormat::RGB24 => self.data,
            PixelFormat::CMYK32 => self.data.chunks_exact(4).flat_map(printed).collect(),
        };
        RgbImage::from_raw(self.size.width, self.size.height, data).ok_or_else(wrong_length)
    }
}

/// The upper half of a 16-bit sample, which comes in native byte order.
fn high_byte(sample: &[u8]) -> u8 {
    let value = u16::from_ne_bytes([sample[0], sample[1]]);
    (value >> 8) as u8
}

/// CMYK ink on white paper as red, green and blue, without a profile.
fn printed(cmyk: &[u8]) -> [u8; 3] {
    let light = |ink: u8| {
        let (ink, black) = (255 - u32::from(ink), 255 - u32::from(cmyk[3]));
        ((ink * black + 127) / 255) as u8
    };
    [light(cmyk[0]), light(cmyk[1]), light(cmyk[2])]
}

/// Refuses a file by its headers.
fn checked<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Marks<'a>, Problem> {
    let marks = marks(bytes).ok_or(Problem::Decode(Undecoded::NotJpeg))?;
    let Some(frame) = marks.frame else { return Err(Problem::Truncated) };
    let held = if frame.process == PROGRESSIVE { PROGRESSIVE_BYTES_PER_PIXEL } else { 1 };
    within(frame.size(), held, limits)?;
    Ok(marks)
}

/// The file with its end mark. Without one it is decoded at full scale, to see whether
/// all pixels came.
fn marked<'a>(
    bytes: &'a [u8],
    marks: &Marks<'_>,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, Problem> {
    with_end(bytes, || {
        within(marks.frame.ok_or(Problem::Truncated)?.size(), BYTES_PER_PIXEL, limits)
    })
}

fn orientation(marks: &Marks<'_>) -> u8 {
    marks.exif.and_then(photo_time::parse).map_or(1, |exif| photo_time::orientation(&exif))
}

fn samples(
    bytes: &[u8],
    marks: &Marks<'_>,
    long_edge: u32,
    want: Want,
    limits: &Limits,
) -> Result<Samples, Problem> {
    let frame = marks.frame.ok_or(Problem::Truncated)?;
    let full = frame.size();
    let (width, height) = scaled(frame.width, frame.height, long_edge);
    let asked = Size::new(width.into(), height.into());
    let fits = within(full, BYTES_PER_PIXEL, limits).is_ok();
    if marks.has_luma()
        && fits
        && (want == Want::Luma || asked == full)
        && let Some(samples) = want.space().and_then(|space| at_full_scale(bytes, space))
    {
        return Ok(samples);
    }
    let coarse = frame.process == PROGRESSIVE && asked.width * 8 == full.width;
    let short = coarse.then(|| without_detail(bytes)).flatten();
    let mut decoder = Decoder::new(short.as_deref().unwrap_or(bytes));
    if want != Want::Colours && marks.has_luma() {
        // "RGB" means: leave the samples alone. The first is luma.
        decoder.set_color_transform(ColorTransform::RGB);
    }
    let (width, height) = decoder.scale(width, height).map_err(|error| problem(&error))?;
    let size = Size::new(width.into(), height.into());
    within(size, BYTES_PER_PIXEL, limits)?;
    let data = decoder.decode().map_err(|error| problem(&error))?;
    let info = decoder.info().ok_or_else(wrong_length)?;
    let icc = decoder.icc_profile();
    Ok(Samples { size, format: info.pixel_format, data, icc })
}

/// The picture at full scale by the decoder that is fastest there. `None`: it found
/// a fault, however small, and the other decoder is asked.
fn at_full_scale(bytes: &[u8], space: ColorSpace) -> Option<Samples> {
    let edge = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(edge)
        .set_max_height(edge)
        .jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().ok()?;
    let info = decoder.info()?;
    let format = if space == ColorSpace::Luma { PixelFormat::L8 } else { PixelFormat::RGB24 };
    let size = Size::new(info.width.into(), info.height.into());
    Some(Samples { size, format, data, icc: None })
}

/// The smallest size the decoder can scale to whose long edge is at least
/// `long_edge` and which is a whole number of pixels: a rounded edge would move
/// the picture by a part of a pixel, and the proof sees that.
fn scaled(width: u16, height: u16, long_edge: u32) -> (u16, u16) {
    let fits = |eighths: &u16| {
        let scale = u32::from(*eighths);
        let (width, height) = (u32::from(width) * scale, u32::from(height) * scale);
        width.is_multiple_of(8) && height.is_multiple_of(8) && width.max(height) / 8 >= long_edge
    };
    let eighths = u32::from([1, 2, 4].into_iter().find(fits).unwrap_or(8));
    let edge = |edge: u16| (u32::from(edge) * eighths / 8) as u16;
    (edge(width), edge(height))
}

/// A second opinion on a file that the first decoder refused. A file that
/// merely ends too early stays so: half a picture proves nothing.
fn other_decoder(
    bytes: &[u8],
    problem: Problem,
    limits: &Limits,
) -> Result<image::DynamicImage, Problem> {
    if matches!(problem, Problem::Truncated | Problem::OverLimit { .. }) {
        return Err(problem);
    }
    decode_other::decode(bytes, ImageFormat::Jpeg, limits).map_err(|_| problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_to_whole_pixels_only() {
        assert_eq!(scaled(4032, 3024, 512), (1008, 756));
        assert_eq!(scaled(4032, 3024, 504), (504, 378));
        assert_eq!(scaled(4624, 3468, 512), (1156, 867));
        assert_eq!(scaled(1599, 1200, 100), (1599, 1200));
        assert_eq!(scaled(65_535, 2, 1), (65_535, 2));
    }

    #[test]
    fn a_progressive_file_is_made_small_from_its_first_scans() {
        let path = "../../tests/fixtures/whatsapp/00000001-PHOTO-2019-06-20-16-00-15.jpg";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let bytes = std::fs::read(path).unwrap();
        let short = without_detail(&bytes).unwrap();
        assert!(short.len() * 4 < bytes.len(), "{} of {}", short.len(), bytes.len());
        let limits = Limits::default();
        let decoded = |bytes: &[u8]| {
            let mut decoder = Decoder::new(bytes);
            decoder.set_color_transform(ColorTransform::RGB);
            decoder.scale(160, 80).unwrap();
            decoder.decode().unwrap()
        };
        let marks = marks(&bytes).unwrap();
        let small = samples(&bytes, &marks, 160, Want::Tones, &limits).unwrap();
        assert_eq!(small.data, decoded(&bytes));
        let cut = &bytes[..bytes.len() / 2];
        assert_eq!(tones(cut, 160, &limits), Err(Problem::Truncated));
    }
}
