//! Pictures of a video at chosen moments, decoded from the key before each on, a few
//! samples in each call: H.264 by `rust_h264`, HEVC by `rust_h265`. Other codecs are left to
//! the host.

mod h264;
mod h265;

use std::collections::VecDeque;

use super::pixels::Plane;
use super::pixels::plane::oriented;
use super::tracks::{self, Sample};
use crate::io::{ReadAt, read_range};
use crate::settings::Limits;

/// Milliseconds to decode a million pixels (measured natively: 1080p takes 57 in either
/// codec). The estimates decide only where a call ends, and which films take too long.
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

/// How the pictures of a film are coded: what a decoder must know before it begins.
trait Coding {
    /// Pixels of a picture.
    fn pixels(&self) -> u64;

    /// A decoder for samples from a key on.
    fn decoder(&self) -> Result<Box<dyn Decoder>, Broken>;
}

/// Takes samples in the order of decoding.
trait Decoder {
    /// Takes the sample of this number; gives the pictures that are done, each with the
    /// number of its sample.
    fn take(&mut self, at: usize, sample: &[u8]) -> Result<Vec<(usize, Plane)>, Broken>;

    /// The picture that is still held.
    fn flush(&mut self) -> Option<(usize, Plane)>;
}

/// The picture track of a video, undecoded.
pub(crate) struct Film {
    coding: Box<dyn Coding>,
    scale: f64,
    /// As EXIF counts it.
    orientation: u8,
    samples: Vec<Sample>,
    /// The samples' places, in the order in which they are shown.
    order: Vec<usize>,
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
        let coding = coding(&moov, limits.pixels.min(MOST_PIXELS))?;
        let track = tracks::track(&moov, source, b"vide")?;
        let mut order: Vec<usize> = (0..track.samples.len()).collect();
        order.sort_by_key(|&at| track.samples[at].shown);
        Some(Self {
            orientation: tracks::orientation(&moov, b"vide")?,
            scale: track.scale.into(),
            samples: track.samples,
            order,
            coding,
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
        // What is decoded behind a key and shown before it may need what lies before the key.
        let shown = keep.iter().map(|&at| self.samples[at].shown).min()?;
        let begins = |sample: &Sample| sample.key && sample.shown <= shown;
        let next = self.samples[..=first].iter().rposition(begins)?;
        Some(Shot { next, last, keep })
    }

    fn sample_ms(&self) -> u64 {
        1 + self.coding.pixels() * MEGAPIXEL_MS / 1_000_000
    }
}

/// Decodes a film at some moments.
pub(crate) struct Player {
    film: Film,
    shots: VecDeque<Shot>,
    /// Of the moment in hand, once it has begun.
    decoder: Option<Box<dyn Decoder>>,
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
            decoder: None,
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

    fn decode(&mut self, at: usize, bytes: &[u8]) -> Result<(), Broken> {
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            None => {
                self.shown.push(Vec::new());
                self.decoder.insert(self.film.coding.decoder()?)
            }
        };
        let done = decoder.take(at, bytes)?;
        self.show(done)
    }

    /// Goes to the next sample, or behind the last one to the next moment.
    fn advance(&mut self) -> Result<(), Broken> {
        let Some(shot) = self.shots.front_mut() else { return Ok(()) };
        shot.next += 1;
        if shot.next > shot.last {
            let held = self.decoder.take().and_then(|mut decoder| decoder.flush());
            self.show(held)?;
            self.shots.pop_front();
        }
        Ok(())
    }

    /// Keeps the pictures that are looked at.
    fn show(&mut self, done: impl IntoIterator<Item = (usize, Plane)>) -> Result<(), Broken> {
        let Some(shot) = self.shots.front() else { return Ok(()) };
        for (_, plane) in done.into_iter().filter(|(at, _)| shot.keep.contains(at)) {
            let plane = oriented(plane, self.film.orientation).map_err(|_| Broken)?;
            self.shown.last_mut().ok_or(Broken)?.push(plane);
        }
        Ok(())
    }
}

/// How the pictures are coded; `None`: in a way that is not decoded here, or with more
/// pixels than `most`.
fn coding(moov: &[u8], most: u64) -> Option<Box<dyn Coding>> {
    if let Some(coding) = h264::H264::of(moov, most) {
        return Some(Box::new(coding));
    }
    Some(Box::new(h265::H265::of(moov, most)?))
}

/// Pixels of a picture; `None`: more than `most`, or `count` of them, which later ones may
/// need, take more than [`MOST_KEPT`] at so many bytes a sample.
fn within((width, height): (u32, u32), count: u32, sample: u64, most: u64) -> Option<u64> {
    let pixels = u64::from(width) * u64::from(height);
    // Colours of half the size make one sample and a half a pixel; one picture is being
    // decoded, one is given back.
    let kept = (pixels * 3 / 2 * sample).saturating_mul(u64::from(count) + 2);
    (pixels <= most && kept <= MOST_KEPT).then_some(pixels)
}

/// For each level of eight bits the grey level, black at 0 and white at 255 as a player
/// shows them: most videos are written from 16 to 235.
fn greys(full_range: bool) -> [u8; 256] {
    std::array::from_fn(|level| {
        let wide = (level as i32 - 16) * 255;
        if full_range { level as u8 } else { ((wide + 109) / 219).clamp(0, 255) as u8 }
    })
}

#[cfg(test)]
#[path = "film_tests.rs"]
mod tests;
