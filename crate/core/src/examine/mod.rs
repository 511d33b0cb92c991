//! The bytes of one item become [`Features`].
//!
//! Reading and computing are apart, so that one thread reads while many
//! compute: [`gather`] takes what is needed from a file, [`examine`] and
//! [`decode`] work on the bytes taken.

pub mod decode;
mod decode_heic;
mod decode_jpeg;
mod decode_other;
mod jpeg_marks;
mod photo_time;
mod raw_preview;
mod shrink;

use std::io;

use crate::error::Problem;
use crate::io::ReadAt;
use crate::model::Features;
use crate::settings::Limits;

/// How much of a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The first [`Limits::head`] bytes, and `meta` or `moov` wherever they
    /// stand: enough for time, place, size, thumbnail.
    Head,
    /// All of it, up to [`Limits::picture_bytes`]: for pixels and SHA-1.
    /// Larger files and videos are taken as with [`Depth::Head`].
    Whole,
}

/// Parts of a file, in memory; reads as the file would (see its [`ReadAt`]).
#[derive(Debug, Clone, Default)]
pub struct Extract {
    /// Bytes of the whole file.
    pub size: u64,
    /// Non-overlapping parts with their positions, ascending.
    pub parts: Vec<(u64, Vec<u8>)>,
}

impl Extract {
    /// The whole file, if it was taken whole.
    #[must_use]
    pub fn whole(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [] if self.size == 0 => Some(&[]),
            [(0, bytes)] if bytes.len() as u64 == self.size => Some(bytes),
            _ => None,
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.parts.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }
}

/// What was learnt, and why not more.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// What was learnt.
    pub features: Features,
    /// Why not more.
    pub problems: Vec<Problem>,
}

/// Runs the work on one file so that a panic in a decoder becomes that file's
/// problem. In a build without unwinding (`single`) a panic still ends the
/// instance; the page restarts it after that file.
///
/// # Errors
/// [`Problem::Decode`] if `work` panicked, or its own error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Problem::Decode("its content made the decoder fail".into())))
}

/// Takes from a file what `depth` asks for.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub fn gather(source: &dyn ReadAt, depth: Depth, limits: &Limits) -> io::Result<Extract> {
    let _ = (source, depth, limits);
    unimplemented!("gather")
}

/// Learns what the bytes tell; never fails. `name` and `modified` serve as the
/// last clues to the time and to tell a file that is not what its name says.
///
/// With [`Depth::Head`] the fingerprint comes from the embedded thumbnail;
/// `features.look` stays `None` for a picture without a usable one, and the
/// caller examines it again with [`Depth::Whole`].
#[must_use]
pub fn examine(name: &str, modified: Option<i64>, extract: &Extract, limits: &Limits) -> Examined {
    let _ = (name, modified, extract, limits);
    unimplemented!("examine")
}
