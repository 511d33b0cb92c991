//! Pictures of a video at chosen moments, decoded by `rust_h264`: from the key before
//! each on, a few samples in each call. Other codecs than H.264 are left to the host.

use std::collections::VecDeque;

use mp4parse::{SampleEntry, TrackType, VideoCodecSpecific};
use rust_h264::decoder::{Decoder, Frame};
use rust_h264::nal::{SpsInfo, parse_avcc, parse_avcc_config, parse_sps_info};

use super::pixels::Plane;
use super::pixels::plane::oriented;
use super::tracks::{self, Sample};
use crate::io::{ReadAt, read_range};
use crate::settings::Limits;

/// Milliseconds to decode a million pixels (measured natively: 1080p takes 57). The
/// estimates decide only where a call ends, and which films take too long.
const MEGAPIXEL_MS: u64 = 28;

/// Most milliseconds, as estimated, that are spent on one film. Chosen, not measured.
const MOST_MS: u64 = 20_000;

/// Most bytes of one sample.
const MOST_BYTES: u32 = 16 << 20;

/// Most pixels of a picture: 8192 × 4320.
const MOST_PIXELS: u64 = 8192 * 4320;

/// Most bytes of the pictures that later ones may need: twelve of 8192 × 4320, which a
/// level allows five of.
const MOST_KEPT: u64 = 640 << 20;

/// Part of the length by which a moment may be moved to a key, from which decoding
/// begins.
const NEAR_KEY: f64 = 0.08;

/// The picture track of a video, undecoded.
pub(crate) struct Film {
    /// What the decoder must know before it begins (`avcC`).
    config: Vec<u8>,
    scale: f64,
    /// As EXIF counts it.
    orientation: u8,
    samples: Vec<Sample>,
    /// The samples' places, in the order in which they are shown.
    order: Vec<usize>,
    /// Pixels of a picture.
    pixels: u64,
    full_range: bool,
}

/// Samples that are decoded for one moment, and those of them that are looked at.
struct Shot {
    next: usize,
    last: usize,
    keep: Vec<usize>,
}

impl Film {
    /// Reads the index of a video; `None`: its pictures are not decoded here.
    pub(crate) fn of(source: &dyn ReadAt, limits: &Limits) -> Option<Self> {
        let moov = tracks::index(source, limits)?;
        let SampleEntry::Video(video) = tracks::described(&moov, &TrackType::Video)? else {
            return None;
        };
        let VideoCodecSpecific::AVCConfig(config) = video.codec_specific else { return None };
        let known = parse_avcc_config(&config).ok()?;
        let mut shapes = known.sps_nals.iter().map(parse_sps_info);
        let shape = shapes.next()?.ok()?;
        let pixels = within(&shape, limits.pixels.min(MOST_PIXELS))?;
        let decoded = shape.chroma_format <= 1 && shape.bit_depth_luma == 8;
        if !decoded || shapes.next().is_some() {
            return None;
        }
        let track = tracks::track(&moov, source, b"vide")?;
        let mut order: Vec<usize> = (0..track.samples.len()).collect();
        order.sort_by_key(|&at| track.samples[at].shown);
        Some(Self {
            orientation: tracks::orientation(&moov, b"vide")?,
            scale: track.scale.into(),
            samples: track.samples,
            order,
            pixels,
            full_range: shape.full_range,
            config: config.to_vec(),
        })
    }

    /// When the nearest key is shown, in seconds, if it is near enough in a film of this
    /// length; else the moment itself.
    pub(crate) fn near_key(&self, second: f64, length_s: f64) -> f64 {
        let shown = |sample: &Sample| sample.shown as f64 / self.scale;
        let keys = self.samples.iter().filter(|sample| sample.key).map(shown);
        let near = keys.filter(|key| (key - second).abs() <= NEAR_KEY * length_s);
        let nearest = near.min_by(|a, b| (a - second).abs().total_cmp(&(b - second).abs()));
        nearest.unwrap_or(second)
    }

    fn shot(&self, second: f64, around: usize) -> Option<Shot> {
        let at = second * self.scale + 0.5;
        let after = self.order.partition_point(|&place| self.samples[place].shown as f64 <= at);
        let here = after.checked_sub(1)?;
        let from = here.saturating_sub(around);
        let keep = self.order.get(from..(here + around + 1).min(self.order.len()))?.to_vec();
        let (first, last) = (*keep.iter().min()?, *keep.iter().max()?);
        let next = self.samples[..=first].iter().rposition(|sample| sample.key)?;
        Some(Shot { next, last, keep })
    }

    fn sample_ms(&self) -> u64 {
        1 + self.pixels * MEGAPIXEL_MS / 1_000_000
    }
}

/// Decodes a film at some moments.
pub(crate) struct Player {
    film: Film,
    shots: VecDeque<Shot>,
    decoder: Decoder,
    /// The sample whose picture the decoder still holds.
    held: Option<usize>,
    /// Grey levels of the pictures, moment by moment.
    pub(crate) shown: Vec<Vec<Plane>>,
}

/// A film that cannot be decoded.
pub(crate) struct Broken;

impl Player {
    /// Will show the pictures at these seconds, and so many beside each. `None`: there
    /// are none, or it would take too long.
    pub(crate) fn new(film: Film, seconds: &[f64], around: usize) -> Option<Self> {
        let shots: Option<VecDeque<Shot>> =
            seconds.iter().map(|&second| film.shot(second, around)).collect();
        let shots = shots?;
        let samples: usize = shots.iter().map(|shot| shot.last + 1 - shot.next).sum();
        (samples as u64 * film.sample_ms() <= MOST_MS).then(|| Self {
            film,
            shots,
            decoder: Decoder::new(),
            held: None,
            shown: Vec::new(),
        })
    }

    /// Moments that are not shown yet.
    pub(crate) fn left(&self) -> usize {
        self.shots.len()
    }

    /// Decodes for about so many milliseconds, one sample at least; returns the bytes
    /// read.
    ///
    /// # Errors
    /// The film is damaged, or cannot be read.
    pub(crate) fn step(&mut self, source: &dyn ReadAt, ms: u64) -> Result<u64, Broken> {
        let (mut left, mut read) = (ms, 0);
        while let Some(at) = self.shots.front().map(|shot| shot.next) {
            if self.held.is_none() {
                self.begin()?;
            }
            let sample = self.film.samples[at];
            if sample.bytes > MOST_BYTES {
                return Err(Broken);
            }
            let bytes = read_range(source, sample.start, sample.bytes as usize);
            let bytes = bytes.map_err(|_| Broken)?;
            read += bytes.len() as u64;
            self.decode(at, &bytes)?;
            self.advance()?;
            let Some(rest) = left.checked_sub(self.film.sample_ms()) else { break };
            left = rest;
        }
        Ok(read)
    }

    /// A new decoder, for samples from a key on.
    fn begin(&mut self) -> Result<(), Broken> {
        self.decoder = Decoder::new();
        let config = parse_avcc_config(&self.film.config).map_err(|_| Broken)?;
        for nal in config.sps_nals.iter().chain(&config.pps_nals) {
            self.decoder.decode_nal(nal).map_err(|_| Broken)?;
        }
        self.shown.push(Vec::new());
        Ok(())
    }

    fn decode(&mut self, at: usize, bytes: &[u8]) -> Result<(), Broken> {
        let length = usize::from(self.film.config.get(4).ok_or(Broken)? & 3) + 1;
        let nals = parse_avcc(bytes, length);
        // A later description may be of larger pictures.
        for shape in nals.iter().filter_map(|nal| parse_sps_info(nal).ok()) {
            within(&shape, self.film.pixels).ok_or(Broken)?;
        }
        for nal in &nals {
            // What comes out is the picture of the sample before.
            let frame = self.decoder.decode_nal(nal).map_err(|_| Broken)?;
            self.take(frame)?;
        }
        self.held = Some(at);
        Ok(())
    }

    /// Goes to the next sample, or behind the last one to the next moment.
    fn advance(&mut self) -> Result<(), Broken> {
        let Some(shot) = self.shots.front_mut() else { return Ok(()) };
        shot.next += 1;
        if shot.next > shot.last {
            let frame = self.decoder.flush();
            self.take(frame)?;
            self.held = None;
            self.shots.pop_front();
        }
        Ok(())
    }

    fn take(&mut self, frame: Option<Frame>) -> Result<(), Broken> {
        let (Some(frame), Some(held), Some(shot)) = (frame, self.held, self.shots.front()) else {
            return Ok(());
        };
        if shot.keep.contains(&held) {
            let plane = plane(frame, self.film.full_range);
            let plane = oriented(plane, self.film.orientation).map_err(|_| Broken)?;
            self.shown.last_mut().ok_or(Broken)?.push(plane);
        }
        Ok(())
    }
}

/// Pixels of a picture; `None`: more than these, or the pictures that the decoder keeps
/// need more than [`MOST_KEPT`].
fn within(shape: &SpsInfo, most: u64) -> Option<u64> {
    let pixels = u64::from(shape.coded_width) * u64::from(shape.coded_height);
    // One and a half bytes a pixel; one is being decoded, one is given back.
    let kept = (pixels * 3 / 2).saturating_mul(u64::from(shape.reference_frames) + 2);
    (pixels <= most && kept <= MOST_KEPT).then_some(pixels)
}

/// The grey levels of a picture, black at 0 and white at 255 as a player shows them:
/// most videos are written from 16 to 235.
fn plane(frame: Frame, full_range: bool) -> Plane {
    let mut grey = frame.y;
    if !full_range {
        for level in &mut grey {
            let wide = (i32::from(*level) - 16) * 255;
            *level = ((wide + 109) / 219).clamp(0, 255) as u8;
        }
    }
    Plane { width: frame.width, height: frame.height, grey }
}
