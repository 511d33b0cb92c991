//! JPEG pixels: `jpeg-decoder` at a reduced scale, or the `image` crate where
//! that one refuses.

use image::{ImageFormat, RgbImage};
use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use super::decode::{Colours, Plane, luma_of, oriented, within, wrong_length};
use super::jpeg_marks::{Marks, marks};
use super::{decode_other, photo_time};
use crate::error::Problem;
use crate::settings::Limits;

/// Bytes held for one pixel of the result: interleaved samples and the planes
/// they are made of.
const BYTES_PER_PIXEL: u64 = 8;
/// Bytes held for one pixel of a progressive file: all its coefficients.
const PROGRESSIVE_BYTES_PER_PIXEL: u64 = 6;
/// The `SOF` number of a progressive file.
const PROGRESSIVE: u8 = 2;

/// Grey levels, oriented.
pub(super) fn luma(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Plane, Problem> {
    let marks = checked(bytes, limits)?;
    let plane = match samples(bytes, &marks, long_edge, Want::Luma, limits) {
        Ok(samples) => samples.into_luma(marks.has_luma()),
        Err(problem) => {
            other_decoder(bytes, problem, limits).map(|image| decode_other::grey(&image))
        }
    }?;
    oriented(plane, orientation(&marks))
}

/// Colours at the smallest scale whose long edge is at least `long_edge`.
pub(super) fn colours(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Colours, Problem> {
    let marks = checked(bytes, limits)?;
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

#[derive(Clone, Copy, PartialEq)]
enum Want {
    Luma,
    Colours,
}

/// What the decoder returned: interleaved samples.
struct Samples {
    width: u32,
    height: u32,
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
        let plane = Plane { width: self.width, height: self.height, grey };
        let fits = plane.grey.len() as u64 == u64::from(plane.width) * u64::from(plane.height);
        if fits { Ok(plane) } else { Err(wrong_length()) }
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
        RgbImage::from_raw(self.width, self.height, data).ok_or_else(wrong_length)
    }
}

/// The upper half of a 16-bit sample, which comes in native byte order.
fn high_byte(sample: &[u8]) -> u8 {
    let value = u16::from_ne_bytes([sample[0], sample[1]]);
    (value >> 8) as u8
}

/// Ink on white paper, as the eye sees it without a profile.
fn printed(cmyk: &[u8]) -> [u8; 3] {
    let light = |ink: u8| {
        let (ink, black) = (255 - u32::from(ink), 255 - u32::from(cmyk[3]));
        ((ink * black + 127) / 255) as u8
    };
    [light(cmyk[0]), light(cmyk[1]), light(cmyk[2])]
}

/// Reads the headers and refuses by them.
fn checked<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Marks<'a>, Problem> {
    let marks = marks(bytes).ok_or_else(|| Problem::Decode("it is not a JPEG".into()))?;
    let Some(frame) = marks.frame else { return Err(Problem::Truncated) };
    let held = if frame.process == PROGRESSIVE { PROGRESSIVE_BYTES_PER_PIXEL } else { 1 };
    within(frame.width.into(), frame.height.into(), held, limits)?;
    Ok(marks)
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
    let mut decoder = Decoder::new(bytes);
    if want == Want::Luma && marks.has_luma() {
        // "RGB" means: leave the samples alone. The first is luma.
        decoder.set_color_transform(ColorTransform::RGB);
    }
    let edge = u16::try_from(long_edge).unwrap_or(u16::MAX).max(1);
    let (width, height) = decoder.scale(edge, edge).map_err(|error| problem(&error))?;
    within(width.into(), height.into(), BYTES_PER_PIXEL, limits)?;
    let data = decoder.decode().map_err(|error| problem(&error))?;
    let info = decoder.info().ok_or_else(wrong_length)?;
    let icc = decoder.icc_profile();
    Ok(Samples { width: width.into(), height: height.into(), format: info.pixel_format, data, icc })
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

fn problem(error: &jpeg_decoder::Error) -> Problem {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Problem::Truncated
        }
        other => Problem::Decode(other.to_string()),
    }
}
