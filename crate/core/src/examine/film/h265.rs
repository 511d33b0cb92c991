//! HEVC with 8 to 12 bits (ITU-T H.265), by `rust_h265`.

use heifer::heifer_hevc_dec::nal::{NalUnit, NalUnitType};
use heifer::heifer_hevc_dec::params::Sps;
use heifer::heifer_isobmff::boxes::HevcConfig;
use rust_h265::{DecodeLimits, Frame, PixelData, parse_hvcc, parse_nal};

use super::{Broken, Coding, Decoder, MOST_KEPT, greys, within};
use crate::examine::pixels::Plane;
use crate::examine::tracks;

/// Pictures that later ones may need: most that any level allows (A.4.2).
const KEPT: u32 = 16;

/// The unit that says that a picture is whole, an access unit delimiter (7.3.2.5): header,
/// and any kind of picture.
const END_OF_PICTURE: [u8; 3] = [35 << 1, 1, 0x50];

/// What an `hvcC` box says.
pub(super) struct H265 {
    config: HevcConfig,
    pixels: u64,
    greys: [u8; 256],
}

impl H265 {
    /// Of the first video track of an index. `None`: it has another codec, or one that is
    /// not decoded here.
    pub(super) fn of(moov: &[u8], most: u64) -> Option<Self> {
        let config = HevcConfig::parse(tracks::hevc_config(moov)?).ok()?;
        let mut shapes = config.nal_units.iter().filter_map(|unit| {
            let nal = NalUnit::parse(unit).ok()?;
            (nal.header.unit_type == NalUnitType::Sps).then(|| Sps::parse(&nal.rbsp).ok())
        });
        let shape = shapes.next()??;
        if shapes.next().is_some() {
            return None;
        }
        let sample = if shape.bit_depth_luma > 8 { 2 } else { 1 };
        let edges = (shape.pic_width_in_luma_samples, shape.pic_height_in_luma_samples);
        let pixels = within(edges, KEPT, sample, most)?;
        let full_range = shape.vui.is_some_and(|vui| vui.video_full_range_flag);
        Some(Self { config, pixels, greys: greys(full_range) })
    }
}

impl Coding for H265 {
    fn pixels(&self) -> u64 {
        self.pixels
    }

    fn decoder(&self) -> Result<Box<dyn Decoder>, Broken> {
        // A later description may be of larger pictures.
        let limits =
            DecodeLimits { max_picture_pixels: self.pixels, max_picture_memory_bytes: MOST_KEPT };
        let mut decoder = rust_h265::Decoder::with_limits(limits);
        for unit in &self.config.nal_units {
            let nal = parse_nal(unit).ok_or(Broken)?;
            decoder.decode_nal(&nal).map_err(|_| Broken)?;
        }
        let length = self.config.nal_length_size;
        Ok(Box::new(Decoding { decoder, length, greys: self.greys }))
    }
}

struct Decoding {
    decoder: rust_h265::Decoder,
    /// Bytes in which the length of a unit is written.
    length: u8,
    greys: [u8; 256],
}

impl Decoding {
    fn plane(&self, frame: Frame) -> Plane {
        let shift = frame.bit_depth.saturating_sub(8);
        let grey = match frame.y {
            PixelData::U8(levels) => levels,
            PixelData::U16(levels) => {
                levels.into_iter().map(|level| (level >> shift).min(255) as u8).collect()
            }
        };
        let grey = grey.into_iter().map(|level| self.greys[usize::from(level)]).collect();
        Plane { width: frame.width, height: frame.height, grey }
    }
}

impl Decoder for Decoding {
    fn take(&mut self, at: usize, sample: &[u8]) -> Result<Vec<(usize, Plane)>, Broken> {
        let end = parse_nal(&END_OF_PICTURE).ok_or(Broken)?;
        let mut done = Vec::new();
        for nal in parse_hvcc(sample, self.length).iter().chain([&end]) {
            // Pictures before a key that need others before it are left out.
            let frame = self.decoder.decode_nal(nal).map_err(|_| Broken)?;
            done.extend(frame.map(|frame| (at, self.plane(frame))));
        }
        Ok(done)
    }

    fn flush(&mut self) -> Option<(usize, Plane)> {
        None // each sample ends its picture
    }
}
