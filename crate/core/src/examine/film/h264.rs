//! H.264 with eight bits and half the colours (ITU-T H.264), by `rust_h264`.

use mp4parse::{SampleEntry, TrackType, VideoCodecSpecific};
use rust_h264::decoder::{self, Frame};
use rust_h264::nal::{SpsInfo, parse_avcc, parse_avcc_config, parse_sps_info};

use super::{Broken, Coding, Decoder, greys, within};
use crate::examine::pixels::Plane;
use crate::examine::tracks;

/// What an `avcC` box says.
pub(super) struct H264 {
    config: Vec<u8>,
    pixels: u64,
    greys: [u8; 256],
}

impl H264 {
    /// Of the first video track of an index. `None`: it has another codec, or one that is
    /// not decoded here.
    pub(super) fn of(moov: &[u8], most: u64) -> Option<Self> {
        let SampleEntry::Video(video) = tracks::described(moov, &TrackType::Video)? else {
            return None;
        };
        let VideoCodecSpecific::AVCConfig(config) = video.codec_specific else { return None };
        let known = parse_avcc_config(&config).ok()?;
        let mut shapes = known.sps_nals.iter().map(parse_sps_info);
        let shape = shapes.next()?.ok()?;
        let pixels = pixels(&shape, most)?;
        let decoded = shape.chroma_format <= 1 && shape.bit_depth_luma == 8;
        if !decoded || shapes.next().is_some() {
            return None;
        }
        Some(Self { config: config.to_vec(), pixels, greys: greys(shape.full_range) })
    }
}

impl Coding for H264 {
    fn pixels(&self) -> u64 {
        self.pixels
    }

    fn decoder(&self) -> Result<Box<dyn Decoder>, Broken> {
        let mut decoder = decoder::Decoder::new();
        let config = parse_avcc_config(&self.config).map_err(|_| Broken)?;
        for nal in config.sps_nals.iter().chain(&config.pps_nals) {
            decoder.decode_nal(nal).map_err(|_| Broken)?;
        }
        let length = usize::from(self.config.get(4).ok_or(Broken)? & 3) + 1;
        let (most, greys) = (self.pixels, self.greys);
        Ok(Box::new(Decoding { decoder, length, most, greys, held: None }))
    }
}

struct Decoding {
    decoder: decoder::Decoder,
    /// Bytes in which the length of a unit is written.
    length: usize,
    /// Most pixels of a picture.
    most: u64,
    greys: [u8; 256],
    /// The sample whose picture the decoder still holds.
    held: Option<usize>,
}

impl Decoding {
    fn plane(&self, mut frame: Frame) -> Plane {
        frame.y.iter_mut().for_each(|level| *level = self.greys[usize::from(*level)]);
        Plane { width: frame.width, height: frame.height, grey: frame.y }
    }
}

impl Decoder for Decoding {
    fn take(&mut self, at: usize, sample: &[u8]) -> Result<Vec<(usize, Plane)>, Broken> {
        let nals = parse_avcc(sample, self.length);
        // A later description may be of larger pictures.
        for shape in nals.iter().filter_map(|nal| parse_sps_info(nal).ok()) {
            pixels(&shape, self.most).ok_or(Broken)?;
        }
        let mut done = Vec::new();
        for nal in &nals {
            // What comes out is the picture of the sample before.
            let frame = self.decoder.decode_nal(nal).map_err(|_| Broken)?;
            done.extend(self.held.zip(frame).map(|(held, frame)| (held, self.plane(frame))));
        }
        self.held = Some(at);
        Ok(done)
    }

    fn flush(&mut self) -> Option<(usize, Plane)> {
        let frame = self.decoder.flush();
        self.held.take().zip(frame).map(|(held, frame)| (held, self.plane(frame)))
    }
}

fn pixels(shape: &SpsInfo, most: u64) -> Option<u64> {
    within((shape.coded_width, shape.coded_height), shape.reference_frames, 1, most)
}
