//! The bytes of one item become [`Features`].
//!
//! Reading and computing are apart, so that one thread reads while many
//! compute: [`gather()`] takes what is needed from a file, [`examine`] and
//! [`pixels`] work on the bytes taken.

pub(crate) mod boxes;
pub mod digest;
mod exif_bounds;
mod extract;
pub(crate) mod film;
pub(crate) mod fuzz;
mod gather;
mod jpeg_marks;
pub(crate) mod learnt;
pub(crate) mod look;
pub(crate) mod metadata;
#[cfg(test)]
mod metadata_tests;
mod name_time;
mod payload;
#[cfg(test)]
mod payload_tests;
mod photo;
mod photo_heif;
mod photo_time;
pub mod pixels;
pub(crate) mod sound;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod track;
mod tracks;
mod video_length;
mod video_shape;
mod video_time;
mod written_time;

use sha1::{Digest, Sha1};

use crate::collect::kind::{kind, named_kind};
use crate::error::{Problem, Undecoded};
use crate::io::read_range;
use crate::model::{Features, Kind, Taken, TimeSource};
use crate::settings::Limits;

pub use extract::{Depth, Extract};
pub use gather::{gather, picture};
pub(crate) use jpeg_marks::scan_end;
pub use learnt::{DIGESTS, FILES, SUMS};
pub(crate) use payload::beginning;

/// Parts whose speed `benches/` measures; not for other use.
#[doc(hidden)]
pub mod bench {
    pub use super::look::fingerprint;
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
/// problem. The `single` build cannot unwind: there a panic ends the instance, and
/// the page starts another that keeps the file closed.
///
/// # Errors
/// [`Problem::Decode`] if `work` panicked, or its own error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Problem::Decode(Undecoded::Panicked)))
}

/// Learns what the bytes tell; never fails. `name` and `modified` are the last
/// sources of the time; the name is also held against the content.
///
/// With [`Depth::Head`] the fingerprint comes from the embedded thumbnail. Without
/// a usable one `features.fingerprint` is `None`, and the caller examines the picture
/// again with [`Depth::Whole`].
#[must_use]
pub fn examine(name: &str, modified: Option<i64>, extract: &Extract, limits: &Limits) -> Examined {
    let found = kind(extract.head());
    let mut features = Features::new(found);
    let mut problems = match found {
        Kind::Empty => vec![Problem::Empty],
        Kind::Video => video(extract, limits, &mut features).err().into_iter().collect(),
        Kind::Text | Kind::Html => {
            sidecar(name, extract, &mut features);
            Vec::new()
        }
        _ => photo::photo(extract, limits, &mut features),
    };
    problems.extend(misnamed(name, found));
    features.sha1 =
        extract.whole().filter(|bytes| !bytes.is_empty()).map(|bytes| Sha1::digest(bytes).into());
    let clue = outer_clue(name, modified);
    match (features.taken, clue) {
        // A day is less than a name that tells the second.
        (
            Some(Taken::Day(_)),
            Some((named @ (Taken::Wall(_) | Taken::Utc(_)), TimeSource::Name)),
        ) => {
            features.taken = Some(named);
            features.time_source = Some(TimeSource::Name);
        }
        (Some(_), clue) => features.next_clue = clue,
        (None, clue) => {
            features.taken = clue.map(|(taken, _)| taken);
            features.time_source = clue.map(|(_, source)| source);
        }
    }
    Examined { features, problems }
}

/// What an EXIF block says, from its TIFF header on, of a file of that kind.
pub(crate) fn said_by_exif(kind: Kind, block: &[u8]) -> Features {
    let mut features = Features::new(kind);
    if let Some(exif) = photo_time::parse(block) {
        metadata::settle(metadata::exif::read(&exif), &mut features);
    }
    features
}

/// Learns what a sidecar or note says of the file that it belongs to.
fn sidecar(name: &str, extract: &Extract, features: &mut Features) {
    let said = extract.whole().and_then(|bytes| metadata::read_sidecar(name, bytes));
    if let Some(said) = said {
        metadata::settle(said, features);
    }
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
        .map_err(|error| Problem::unreadable(&error))?;
    let index = moov.get((found.body - found.start) as usize..).unwrap_or(&[]);
    let notes = video_time::video_notes(index);
    if let Some((taken, source)) = notes.taken {
        features.taken = Some(taken);
        features.time_source = Some(source);
        features.zone_minutes = notes.zone_minutes;
    }
    features.place = notes.place;
    features.camera = notes.camera;
    features.content_id = notes.content_id;
    metadata::settle(metadata::quicktime::read(index), features);
    let length = notes.duration_ms.or_else(|| video_length::length_ms(index, extract));
    let tracks = video_shape::tracks(&moov, extract.head(), length)
        .map_err(|error| Problem::Decode(Undecoded::Index(error.to_string())))?;
    features.size = tracks.size;
    features.video = Some(tracks.shape);
    Ok(())
}

/// The last sources of the time: the name, then the file's last change.
fn outer_clue(name: &str, modified: Option<i64>) -> Option<(Taken, TimeSource)> {
    let named = name_time::time_in_name(name).map(|taken| (taken, TimeSource::Name));
    let changed = modified.filter(|seconds| *seconds > 0);
    named.or(changed.map(|seconds| (Taken::Utc(seconds), TimeSource::Modified)))
}

/// The problem of a file that is a picture or video by its name and something else
/// by its content. Raws and sound share extensions with TIFF and video, and count
/// as those.
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
    differs.then_some(Problem::NotWhatItsNameSays { named, found })
}
