//! The sound of a video, as far as comparing it needs: its samples are read, decoded
//! and made into a [`Print`].

mod aac;
pub(crate) mod print;

use super::tracks::{self, Sample};
use crate::error::Problem;
use crate::io::{ReadAt, read_range};
use crate::settings::Limits;

pub(crate) use self::print::Print;

/// Most seconds of sound that are looked at, from the beginning: what was cut out
/// behind them is not found. Decoding takes about 3 ms a second. Chosen, not measured.
pub(crate) const MOST_SECONDS: u32 = 300;

/// Most bytes of the sound: 300 seconds at 320 kbit/s are 12 MB. What lies behind
/// is left.
const MOST_BYTES: u64 = 16 << 20;

/// Most samples of it: 300 seconds at 96 kHz are 28,125.
const MOST_SAMPLES: usize = 30_000;

/// Most bytes that are read for one sound, with what lies between its samples: as many
/// as one call may read.
const MOST_READ: u64 = 48 << 20;

/// Bytes between two samples up to which both are read at once: reading a megabyte
/// more takes a browser no longer than asking once more.
const GAP: u64 = 32 << 10;

/// A sound track, undecoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    /// Units of a second, in which `from` is.
    scale: u32,
    /// When the first sample is played.
    from: i64,
    /// What the decoder must know before it begins.
    specific: Vec<u8>,
    samples: Vec<Vec<u8>>,
}

/// Reads the sound of a video.
///
/// # Errors
/// [`Problem::SoundNotDecoded`] without a track that can be found, or
/// [`Problem::Unreadable`].
pub(crate) fn gather(source: &dyn ReadAt, limits: &Limits) -> Result<Recording, Problem> {
    let moov = tracks::index(source, limits).ok_or(Problem::SoundNotDecoded)?;
    let track = tracks::track(&moov, source, b"soun").ok_or(Problem::SoundNotDecoded)?;
    let specific = aac::specific(&moov).ok_or(Problem::SoundNotDecoded)?;
    let end = i64::from(track.scale) * i64::from(MOST_SECONDS);
    let (mut bytes, mut read_bytes, mut before) = (0, 0, None);
    let wanted = track.samples.iter().take(MOST_SAMPLES).take_while(|sample| {
        bytes += u64::from(sample.bytes);
        read_bytes += u64::from(sample.bytes) + before.and_then(|at| gap(at, sample)).unwrap_or(0);
        before = Some(*sample);
        bytes <= MOST_BYTES && read_bytes <= MOST_READ && sample.shown < end
    });
    let wanted: Vec<&Sample> = wanted.collect();
    let from = wanted.first().ok_or(Problem::SoundNotDecoded)?.shown;
    let samples = read(source, &wanted)?;
    Ok(Recording { scale: track.scale, from, specific, samples })
}

/// Reads samples, those that lie near each other at once.
fn read(source: &dyn ReadAt, samples: &[&Sample]) -> Result<Vec<Vec<u8>>, Problem> {
    let mut read = Vec::with_capacity(samples.len());
    let end = |sample: &Sample| sample.start + u64::from(sample.bytes);
    let mut rest = samples;
    while let Some(first) = rest.first() {
        let most = |sample: &Sample| end(sample) - first.start <= MOST_BYTES;
        let more = rest.windows(2).take_while(|two| gap(two[0], two[1]).is_some() && most(two[1]));
        let (these, others) = rest.split_at(1 + more.count());
        let last = these.last().map_or(first.start, |last| end(last));
        let bytes = usize::try_from(last - first.start).unwrap_or(usize::MAX);
        let block =
            read_range(source, first.start, bytes).map_err(|error| Problem::unreadable(&error))?;
        for sample in these {
            let from = (sample.start - first.start) as usize;
            let own = block.get(from..from + sample.bytes as usize);
            read.push(own.ok_or(Problem::Truncated)?.to_vec());
        }
        rest = others;
    }
    Ok(read)
}

/// Bytes between two samples; `None`: too many, or the second does not lie behind the
/// first.
fn gap(one: &Sample, next: &Sample) -> Option<u64> {
    let end = one.start + u64::from(one.bytes);
    next.start.checked_sub(end).filter(|&gap| gap <= GAP)
}

impl Recording {
    /// Bytes that were read.
    pub(crate) fn bytes(&self) -> u64 {
        self.samples.iter().map(|sample| sample.len() as u64).sum()
    }
}

/// Decodes a sound track and makes its print.
///
/// # Errors
/// [`Problem::SoundNotDecoded`].
pub(crate) fn print(recording: &Recording) -> Result<Print, Problem> {
    aac::print(recording).ok_or(Problem::SoundNotDecoded)
}
