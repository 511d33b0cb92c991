//! Programs that no bound was set with: how they make a picture small and encode it.

use image::{DynamicImage, RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder, QuantizationTableType, SamplingFactor};

use super::dice::Dice;
use super::retouch::Retouch;
use crate::{Outcome, picture, saying};

/// How pixels are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The cubic of Mitchell and Netravali.
    Mitchell,
    /// The cubic B-spline, the softest of them.
    Spline,
    /// Whole pixels averaged first, then Mitchell.
    BoxThenMitchell,
    /// Halved while that is possible, then a cubic between the four nearest pixels.
    HalveThenCubic,
    /// A half more than is wanted by Mitchell, then between the two nearest pixels.
    TwoSteps,
    /// Gauss' bell.
    Gaussian,
    /// The mean of light instead of levels.
    Light,
}

/// Whose encoder, with which tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tables {
    /// The `image` crate's baseline encoder with the standard tables.
    Plain,
    /// Those of the standard, every frequency in its own scan.
    Standard,
    /// Those that MozJPEG took from ImageMagick.
    Robidoux,
    /// Tuned for PSNR-HVS.
    Tuned,
}

/// One program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    long_edge: u32,
    way: Way,
    is_sharpened: bool,
    tables: Tables,
    sampling: SamplingFactor,
    is_progressive: bool,
    quality: u8,
    /// The quality at which it had been encoded before, at that size.
    before: Option<u8>,
}

impl Program {
    /// Never larger than 85 % of the original, so that the original is better.
    pub(crate) fn rolled(longest: u32, dice: &mut Dice) -> Self {
        use SamplingFactor::{R_4_2_0, R_4_2_2, R_4_4_4};
        let long_edge = dice.pick(&[1600, 1600, 1440, 1280, 1280, 1024, 960]);
        Self {
            long_edge: long_edge.min(longest * 85 / 100).max(1),
            way: dice.pick(&WAYS),
            is_sharpened: dice.once_in(6),
            tables: dice.pick(&[
                Tables::Plain,
                Tables::Standard,
                Tables::Standard,
                Tables::Robidoux,
                Tables::Robidoux,
                Tables::Tuned,
            ]),
            sampling: dice.pick(&[R_4_2_0, R_4_2_0, R_4_2_2, R_4_4_4]),
            is_progressive: dice.once_in(2),
            quality: dice.whole(56, 92) as u8,
            before: if dice.once_in(5) { Some(dice.whole(76, 92) as u8) } else { None },
        }
    }

    /// One that leaves the size as it is, and may encode as coarsely as any.
    pub(crate) fn at_size(longest: u32, dice: &mut Dice) -> Self {
        let quality = dice.whole(40, 95) as u8;
        Self { long_edge: longest, is_sharpened: false, quality, ..Self::rolled(longest, dice) }
    }

    pub(crate) fn shrink(&self, large: &DynamicImage) -> DynamicImage {
        let small = shrunk(&large.to_rgb8(), self.long_edge, self.way);
        let small = DynamicImage::ImageRgb8(small);
        if self.is_sharpened { small.unsharpen(0.8, 2) } else { small }
    }

    pub(crate) fn encode(&self, small: &DynamicImage) -> Outcome<Vec<u8>> {
        match self.before {
            Some(quality) => {
                let first = self.encoded(small, quality)?;
                self.encoded(&picture::decode(&first)?, self.quality)
            }
            None => self.encoded(small, self.quality),
        }
    }

    fn encoded(&self, small: &DynamicImage, quality: u8) -> Outcome<Vec<u8>> {
        use QuantizationTableType::{CustomPsnrHvs, Default, ImageMagick};
        let rgb = small.to_rgb8();
        let mut bytes = Vec::new();
        if self.tables == Tables::Plain {
            let mut encoder =
                image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
            saying("JPEG", encoder.encode_image(&rgb))?;
            return Ok(bytes);
        }
        let tables = || match self.tables {
            Tables::Plain | Tables::Standard => Default,
            Tables::Robidoux => ImageMagick,
            Tables::Tuned => CustomPsnrHvs,
        };
        let mut encoder = Encoder::new(&mut bytes, quality);
        encoder.set_quantization_tables(tables(), tables());
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.is_progressive);
        encoder.set_optimized_huffman_tables(self.is_progressive);
        let side = |length: u32| u16::try_from(length).map_err(|_| "too large for a JPEG");
        let (width, height) = (side(rgb.width())?, side(rgb.height())?);
        saying("JPEG", encoder.encode(rgb.as_raw(), width, height, ColorType::Rgb))?;
        Ok(bytes)
    }

    /// For people.
    pub(crate) fn note(&self) -> String {
        let Self { long_edge, way, tables, quality, .. } = self;
        let sharp = if self.is_sharpened { ", sharpened" } else { "" };
        let before = self.before.map_or(String::new(), |quality| format!(", q{quality} before"));
        format!("{long_edge} px, {way:?}{sharp}, {tables:?} q{quality}{before}")
    }
}

/// The exported file of a picture by a program of the dice's choice, and how it was
/// made, in words.
pub(crate) fn send(
    large: &DynamicImage,
    retouch: &Retouch,
    dice: &mut Dice,
) -> Outcome<(Vec<u8>, String)> {
    let changed = retouch.before(large);
    let large = changed.as_ref().unwrap_or(large);
    let program = Program::rolled(large.width().max(large.height()), dice);
    let bytes = program.encode(&retouch.after(program.shrink(large)))?;
    let comma = if retouch.note.is_empty() { "" } else { ", " };
    Ok((bytes, format!("{}{comma}{}", program.note(), retouch.note)))
}

/// All ways.
pub(crate) const WAYS: [Way; 7] = [
    Way::Mitchell,
    Way::Spline,
    Way::BoxThenMitchell,
    Way::HalveThenCubic,
    Way::TwoSteps,
    Way::Gaussian,
    Way::Light,
];

/// The picture with this long edge; never made larger.
pub(crate) fn shrunk(picture: &RgbImage, long_edge: u32, way: Way) -> RgbImage {
    let longest = picture.width().max(picture.height());
    if longest <= long_edge {
        return picture.clone();
    }
    let scaled = |side: u32| {
        let exact = f64::from(side) * f64::from(long_edge) / f64::from(longest);
        (exact.round() as u32).max(1)
    };
    resized(picture, (scaled(picture.width()), scaled(picture.height())), way)
}

/// The picture at another size.
pub(crate) fn resized(picture: &RgbImage, size: (u32, u32), way: Way) -> RgbImage {
    match way {
        Way::Mitchell => merged(picture, size, Kernel::Mitchell),
        Way::Spline => merged(picture, size, Kernel::Spline),
        Way::BoxThenMitchell => {
            let times = (picture.width() / size.0).max(1);
            let whole =
                imageops::thumbnail(picture, picture.width() / times, picture.height() / times);
            merged(&whole, size, Kernel::Mitchell)
        }
        Way::HalveThenCubic => {
            let mut half = picture.clone();
            while half.width() >= 2 * size.0 && half.height() >= 2 * size.1 {
                half = imageops::thumbnail(&half, half.width() / 2, half.height() / 2);
            }
            merged(&half, size, Kernel::PlainCubic)
        }
        Way::TwoSteps => {
            let most = (picture.width(), picture.height());
            let between = ((size.0 * 3 / 2).min(most.0), (size.1 * 3 / 2).min(most.1));
            let first = merged(picture, between, Kernel::Mitchell);
            merged(&first, size, Kernel::PlainLinear)
        }
        Way::Gaussian => imageops::resize(picture, size.0, size.1, imageops::FilterType::Gaussian),
        Way::Light => in_light(picture, size),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kernel {
    Mitchell,
    Spline,
    /// Between the four nearest pixels, however far the picture is scaled down.
    PlainCubic,
    /// Between the two nearest pixels, likewise.
    PlainLinear,
}

impl Kernel {
    /// Weight of a pixel so far from the middle, in new pixels, or in old ones where it
    /// is plain.
    fn weight(self, at: f64) -> f64 {
        let x = at.abs();
        // Mitchell and Netravali (1988): B and C of the family of cubics.
        let (b, c) = match self {
            Self::PlainLinear => return (1.0 - x).max(0.0),
            Self::Mitchell => (1.0 / 3.0, 1.0 / 3.0),
            Self::Spline => (1.0, 0.0),
            Self::PlainCubic => (0.0, 0.75),
        };
        let six = if x < 1.0 {
            ((12.0 - 9.0 * b - 6.0 * c) * x + (-18.0 + 12.0 * b + 6.0 * c)) * x * x + 6.0 - 2.0 * b
        } else if x < 2.0 {
            (((-b - 6.0 * c) * x + 6.0 * b + 30.0 * c) * x - 12.0 * b - 48.0 * c) * x
                + 8.0 * b
                + 24.0 * c
        } else {
            0.0
        };
        six / 6.0
    }

    fn is_plain(self) -> bool {
        matches!(self, Self::PlainCubic | Self::PlainLinear)
    }
}

/// The old pixels under each new one, with their shares.
fn taps(old: u32, new: u32, kernel: Kernel) -> Vec<Vec<(usize, f32)>> {
    let scale = f64::from(old) / f64::from(new);
    let stretch = if kernel.is_plain() { 1.0 } else { scale.max(1.0) };
    let one = |at: u32| {
        let middle = (f64::from(at) + 0.5) * scale;
        let (from, to) = (middle - 2.0 * stretch, middle + 2.0 * stretch);
        let pixels = from.floor() as i64..to.ceil() as i64;
        let weight = |pixel: i64| kernel.weight((pixel as f64 + 0.5 - middle) / stretch);
        let sum: f64 = pixels.clone().map(weight).sum();
        let inside = |pixel: i64| pixel.clamp(0, i64::from(old) - 1) as usize;
        pixels.map(|pixel| (inside(pixel), (weight(pixel) / sum) as f32)).collect()
    };
    (0..new).map(one).collect()
}

fn merged(picture: &RgbImage, size: (u32, u32), kernel: Kernel) -> RgbImage {
    let own: [f32; 256] = std::array::from_fn(|level| level as f32);
    merged_as(picture, size, kernel, &own)
}

/// The mean of light over each new pixel. Light is a polynomial near the power of 2.2
/// that sRGB is, which every machine computes alike.
fn in_light(picture: &RgbImage, size: (u32, u32)) -> RgbImage {
    let light = |level: usize| {
        let share = level as f32 / 255.0;
        share * share * (0.8 + 0.2 * share)
    };
    merged_as(picture, size, Kernel::Mitchell, &std::array::from_fn(light))
}

/// Merges what each level stands for in `shown`, which rises.
fn merged_as(
    picture: &RgbImage,
    (width, height): (u32, u32),
    kernel: Kernel,
    shown: &[f32; 256],
) -> RgbImage {
    let stride = picture.width() as usize * 3;
    let columns = taps(picture.width(), width, kernel);
    let rows = taps(picture.height(), height, kernel);
    let mut made = RgbImage::new(width, height);
    let mut sums = vec![0.0f32; stride];
    for (row, out) in rows.iter().zip(made.chunks_exact_mut(width as usize * 3)) {
        sums.fill(0.0);
        for (y, share) in row {
            let line = &picture.as_raw()[y * stride..(y + 1) * stride];
            let both = sums.iter_mut().zip(line);
            both.for_each(|(sum, level)| *sum += share * shown[usize::from(*level)]);
        }
        for (column, pixel) in columns.iter().zip(out.chunks_exact_mut(3)) {
            for (channel, level) in pixel.iter_mut().enumerate() {
                let sum: f32 = column.iter().map(|(x, share)| share * sums[x * 3 + channel]).sum();
                *level = nearest(shown, sum);
            }
        }
    }
    made
}

/// The level that stands for the value nearest to this one.
fn nearest(shown: &[f32; 256], value: f32) -> u8 {
    let above = shown.partition_point(|one| *one < value).min(255);
    let below = above.saturating_sub(1);
    let is_below = value - shown[below] < shown[above] - value;
    (if is_below { below } else { above }) as u8
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn every_way_keeps_an_even_level_and_the_place_of_an_edge() {
        let even = RgbImage::from_pixel(300, 200, Rgb([77, 140, 9]));
        let edge = RgbImage::from_fn(300, 200, |x, _| Rgb([if x < 150 { 40 } else { 200 }; 3]));
        for way in WAYS {
            let small = resized(&even, (111, 74), way);
            assert_eq!(small.dimensions(), (111, 74));
            let kept =
                |pixel: &Rgb<u8>| pixel.0.iter().zip([77, 140, 9]).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(small.pixels().all(kept), "{way:?}");
            let small = resized(&edge, (110, 73), way);
            let sum: u32 = (0..110).map(|x| u32::from(small.get_pixel(x, 30).0[0])).sum();
            let apart = (f64::from(sum) - 55.0 * 240.0).abs();
            assert!(apart < 60.0, "{way:?} moved the edge: {apart}");
        }
    }

    #[test]
    fn programs_differ_and_their_files_can_be_read() {
        let picture =
            RgbImage::from_fn(400, 300, |x, y| Rgb([(x * y % 251) as u8, x as u8, y as u8]));
        let picture = DynamicImage::ImageRgb8(picture);
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..24 {
            let (bytes, note) =
                send(&picture, &Retouch::none(), &mut Dice::new(seed, "program")).unwrap();
            let again = picture::decode(&bytes).unwrap();
            assert_eq!(again.width(), 340, "{note}");
            seen.insert(bytes);
        }
        assert!(seen.len() > 20, "{}", seen.len());
    }
}
