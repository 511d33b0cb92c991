//! What WhatsApp does to a photo: turned upright, made small, encoded coarsely
//! as a progressive JPEG, every tag removed.

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use jpeg_encoder::{Encoder, QuantizationTableType, SamplingFactor};
use serde::Deserialize;

use crate::Outcome;
use crate::picture;

/// How a picture is made small and encoded.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    /// Long edge in pixels; smaller pictures keep their size.
    pub long_edge: u32,
    /// `None`: the tables of a real file; otherwise the standard tables at
    /// this quality.
    pub quality: Option<u8>,
    /// How pixels are merged.
    pub resampler: Resampler,
    /// Whose encoder.
    pub platform: Platform,
}

/// How pixels are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resampler {
    /// A sharp filter over all pixels, as CoreGraphics at high quality.
    Lanczos,
    /// The softer filter of many encoders.
    Cubic,
    /// Android: halved while decoding, then bilinear.
    HalveThenLinear,
    /// Bilinear over all pixels.
    Linear,
    /// The mean of all pixels.
    Area,
}

/// Whose app sent and exported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// iPhone.
    Ios,
    /// Android.
    Android,
}

/// Luminance steps of the real file `fixtures/whatsapp/00000001-PHOTO-…jpg`,
/// in zigzag order as the file stores them.
const LUMA_STEPS: [u8; 64] = [
    6, 4, 4, 4, 5, 4, 6, 5, 5, 6, 9, 6, 5, 6, 9, 11, 8, 6, 6, 8, 11, 12, 10, 10, 11, 10, 10, 12,
    16, 12, 12, 12, 12, 12, 12, 16, 12, 14, 15, 16, 15, 14, 12, 19, 19, 20, 20, 19, 19, 28, 27, 27,
    27, 28, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
];

/// Chrominance steps of the same file.
const CHROMA_STEPS: [u8; 64] = [
    7, 7, 7, 13, 12, 13, 24, 16, 16, 24, 26, 21, 17, 21, 26, 31, 31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
];

/// Where each zigzag place stands row by row (ITU-T T.81, figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The bytes WhatsApp would have sent for an upright picture.
///
/// # Errors
/// The picture cannot be encoded.
pub fn send(picture: &DynamicImage, sending: &Sending) -> Outcome<Vec<u8>> {
    encode(&shrink(picture, sending.long_edge, sending.resampler), sending)
}

/// The bytes of a picture that is small already.
///
/// # Errors
/// The picture cannot be encoded.
pub fn encode(small: &DynamicImage, sending: &Sending) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, sending.quality.unwrap_or(80));
    if sending.quality.is_none() {
        let (luma, chroma) = (row_by_row(&LUMA_STEPS), row_by_row(&CHROMA_STEPS));
        encoder.set_quantization_tables(
            QuantizationTableType::Custom(luma.into()),
            QuantizationTableType::Custom(chroma.into()),
        );
    }
    encoder.set_sampling_factor(match sending.platform {
        Platform::Ios => SamplingFactor::R_4_4_4,
        Platform::Android => SamplingFactor::R_4_2_0,
    });
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    picture::encode(encoder, small)?;
    Ok(match sending.platform {
        Platform::Ios => bytes,
        Platform::Android => with_empty_huffman_segment(bytes),
    })
}

/// Made small in the way of `resampler`; never made larger.
#[must_use]
pub fn shrink(picture: &DynamicImage, long_edge: u32, resampler: Resampler) -> DynamicImage {
    let longest = picture.width().max(picture.height());
    if longest <= long_edge {
        return picture.clone();
    }
    let scaled = |side: u32| {
        ((f64::from(side) * f64::from(long_edge) / f64::from(longest)).round() as u32).max(1)
    };
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    match resampler {
        Resampler::Lanczos => picture.resize_exact(width, height, FilterType::Lanczos3),
        Resampler::Cubic => picture.resize_exact(width, height, FilterType::CatmullRom),
        Resampler::Linear => picture.resize_exact(width, height, FilterType::Triangle),
        Resampler::Area => DynamicImage::ImageRgb8(averaged(&picture.to_rgb8(), width, height)),
        Resampler::HalveThenLinear => {
            let mut half = picture.clone();
            while half.width() >= 2 * width && half.height() >= 2 * height {
                half = half.thumbnail_exact(half.width() / 2, half.height() / 2);
            }
            half.resize_exact(width, height, FilterType::Triangle)
        }
    }
}

/// Every pixel is the mean of what it covers, parts of pixels by their share.
fn averaged(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let across = covers(picture.width(), width);
    let wide = width as usize * 3;
    let mut row = vec![0f32; wide];
    let mut small = RgbImage::new(width, height);
    for (cover, out) in covers(picture.height(), height).iter().zip(small.chunks_exact_mut(wide)) {
        let mut sum = vec![0f32; wide];
        for (y, share) in cover {
            let stride = picture.width() as usize * 3;
            let line = &picture.as_raw()[y * stride..(y + 1) * stride];
            for (cover, pixel) in across.iter().zip(row.chunks_exact_mut(3)) {
                pixel.fill(0.0);
                for (x, share) in cover {
                    let levels = pixel.iter_mut().zip(&line[x * 3..x * 3 + 3]);
                    levels.for_each(|(sum, level)| *sum += share * f32::from(*level));
                }
            }
            sum.iter_mut().zip(&row).for_each(|(sum, level)| *sum += share * level);
        }
        out.iter_mut().zip(&sum).for_each(|(out, sum)| *out = sum.round() as u8);
    }
    small
}

/// For each small pixel, the large ones that it covers and their shares.
fn covers(large: u32, small: u32) -> Vec<Vec<(usize, f32)>> {
    let step = f64::from(large) / f64::from(small);
    let cover = |at: u32| {
        let (from, to) = (f64::from(at) * step, f64::from(at + 1) * step);
        let pixels = from as u32..(to.ceil() as u32).min(large);
        let share = |x: u32| (f64::from(x + 1).min(to) - f64::from(x).max(from)) / step;
        pixels.map(|x| (x as usize, share(x) as f32)).collect()
    };
    (0..small).map(cover).collect()
}

fn row_by_row(zigzag: &[u8; 64]) -> [u16; 64] {
    let mut rows = [0; 64];
    for (step, place) in zigzag.iter().zip(ZIGZAG) {
        rows[place] = u16::from(*step);
    }
    rows
}

/// Real files of Android hold `DHT` segments without a table, which trip
/// strict decoders (immich-app/immich#13465).
fn with_empty_huffman_segment(mut jpeg: Vec<u8>) -> Vec<u8> {
    jpeg.splice(2..2, [0xff, 0xc4, 0x00, 0x02]);
    jpeg
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantisation segments of a JPEG, one after another.
    fn tables(jpeg: &[u8]) -> Vec<u8> {
        let (mut at, mut found) = (2, Vec::new());
        while jpeg[at + 1] != 0xda {
            let length = usize::from(jpeg[at + 2]) << 8 | usize::from(jpeg[at + 3]);
            if jpeg[at + 1] == 0xdb {
                found.extend_from_slice(&jpeg[at + 4..at + 2 + length]);
            }
            at += 2 + length;
        }
        found
    }

    #[test]
    fn the_tables_are_those_of_a_real_file() {
        let name = "whatsapp/00000001-PHOTO-2019-06-20-16-00-15.jpg";
        let real = crate::fixture::bytes(name).unwrap();
        let picture = picture::decode(&real).unwrap();
        let sending = Sending {
            long_edge: 640,
            quality: None,
            resampler: Resampler::Lanczos,
            platform: Platform::Ios,
        };
        let made = send(&picture, &sending).unwrap();
        assert_eq!(tables(&made), tables(&real));
        let again = picture::decode(&made).unwrap();
        assert_eq!((again.width(), again.height()), (640, 320));
    }

    #[test]
    fn a_mean_counts_parts_of_pixels() {
        let levels = [0, 30, 60, 90, 120];
        let picture = RgbImage::from_fn(5, 1, |x, _| image::Rgb([levels[x as usize]; 3]));
        let small = averaged(&picture, 2, 1);
        // (0 + 30 + 60 / 2) / 2.5 and (60 / 2 + 90 + 120) / 2.5
        assert_eq!(small.pixels().map(|pixel| pixel.0[0]).collect::<Vec<_>>(), [24, 96]);
    }

    #[test]
    fn the_odd_files_of_android_can_be_decoded() {
        let real = crate::fixture::bytes("photos/bridge-small.jpg").unwrap();
        let picture = picture::decode(&real).unwrap();
        let sending = Sending {
            long_edge: 400,
            quality: Some(70),
            resampler: Resampler::HalveThenLinear,
            platform: Platform::Android,
        };
        let made = send(&picture, &sending).unwrap();
        assert!(made.windows(4).any(|bytes| bytes == [0xff, 0xc4, 0, 2]));
        assert_eq!(picture::decode(&made).unwrap().width(), 400);
    }
}
