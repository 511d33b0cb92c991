//! The bytes of one item become [`Features`].
//!
//! Reading and computing are apart, so that one thread reads while many
//! compute: [`gather`] takes what is needed from a file, [`examine`] and
//! [`decode`] work on the bytes taken.

mod boxes;
pub mod decode;
mod decode_heic;
mod decode_jpeg;
mod decode_other;
mod gather;
mod jpeg_marks;
pub(crate) mod look;
mod name_time;
mod photo;
mod photo_heif;
mod photo_time;
mod raw_preview;
mod shrink;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod video_shape;
mod video_time;

use sha1::{Digest, Sha1};

use crate::collect::kind::{describe, kind, named_kind};
use crate::error::Problem;
use crate::io::read_range;
use crate::model::{Features, Kind, Taken, TimeSource};
use crate::settings::Limits;

pub use gather::gather;

/// What the speed of is measured (`benches/`); not for other use.
#[doc(hidden)]
pub mod bench {
    pub use super::look::look;
}

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

/// Parts of a file, in memory; reads as the file would (see its [`ReadAt`](crate::io::ReadAt)).
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

    /// The file's first bytes, as far as they were taken.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.parts.first().filter(|(start, _)| *start == 0).map_or(&[], |(_, bytes)| bytes)
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

/// Learns what the bytes tell; never fails. `name` and `modified` serve as the
/// last clues to the time and to tell a file that is not what its name says.
///
/// With [`Depth::Head`] the fingerprint comes from the embedded thumbnail;
/// `features.look` stays `None` for a picture without a usable one, and the
/// caller examines it again with [`Depth::Whole`].
#[must_use]
pub fn examine(name: &str, modified: Option<i64>, extract: &Extract, limits: &Limits) -> Examined {
    let found = kind(extract.head());
    let mut features = Features::new(found);
    let mut problems = match found {
        Kind::Empty => vec![Problem::Empty],
        Kind::Video => video(extract, limits, &mut features).err().into_iter().collect(),
        _ => photo::photo(extract, limits, &mut features),
    };
    problems.extend(misnamed(name, found));
    features.sha1 =
        extract.whole().filter(|bytes| !bytes.is_empty()).map(|bytes| Sha1::digest(bytes).into());
    if features.taken.is_none() {
        outer_clues(name, modified, &mut features);
    }
    Examined { features, problems }
}

/// Learns what a video's index tells.
fn video(extract: &Extract, limits: &Limits, features: &mut Features) -> Result<(), Problem> {
    let boxes = boxes::follow(extract, |found| &found.name == b"moov").unwrap_or_default();
    let found = boxes.last().filter(|found| &found.name == b"moov").ok_or(Problem::NoMoov)?;
    let need = found.end - found.start;
    if need > limits.box_bytes as u64 {
        return Err(Problem::OverLimit { need, limit: limits.box_bytes as u64 });
    }
    let moov = read_range(extract, found.start, need as usize)
        .map_err(|error| Problem::Unreadable(error.to_string()))?;
    let notes =
        video_time::video_notes(moov.get((found.body - found.start) as usize..).unwrap_or(&[]));
    if let Some((taken, source)) = notes.taken {
        features.taken = Some(taken);
        features.time_source = Some(source);
        features.zone_minutes = notes.zone_minutes;
    }
    features.place = notes.place;
    features.camera = notes.camera;
    features.content_id = notes.content_id;
    let tracks = video_shape::tracks(&moov, extract.head(), notes.duration_ms)
        .map_err(|error| Problem::Decode(format!("its index is damaged ({error})")))?;
    features.size = tracks.size;
    features.video = Some(tracks.shape);
    Ok(())
}

/// The last clues to the time: the name, then the file's last change.
fn outer_clues(name: &str, modified: Option<i64>, features: &mut Features) {
    let named = name_time::time_in_name(name).map(|taken| (taken, TimeSource::Name));
    let changed = modified.filter(|seconds| *seconds > 0);
    let clue = named.or(changed.map(|seconds| (Taken::Utc(seconds), TimeSource::Modified)));
    features.taken = clue.map(|(taken, _)| taken);
    features.time_source = clue.map(|(_, source)| source);
}

/// A picture or video by its name that is something else. Raws and sound are
/// close enough to TIFF and video to share their extensions.
fn misnamed(name: &str, found: Kind) -> Option<Problem> {
    let named = named_kind(name)?;
    let promised = matches!(
        named,
        Kind::Jpeg
            | Kind::Heic
            | Kind::Avif
            | Kind::Png
            | Kind::Webp
            | Kind::Gif
            | Kind::Tiff
            | Kind::Video
    );
    let close = matches!(
        (named, found),
        (Kind::Tiff, Kind::Raw) | (Kind::Video, Kind::Audio) | (Kind::Heic, Kind::Avif)
    );
    let differs = promised && named != found && !close && found != Kind::Empty;
    let (named, found) = (describe(named).into(), describe(found).into());
    differs.then_some(Problem::NotWhatItsNameSays { named, found })
}
