//! The JPEG that a camera raw carries for showing.
//!
//! Found by its first bytes rather than through the maker's directories: those
//! differ for every maker (DNG's `SubIFDs`, Canon's `PRVW`, Nikon's notes), and
//! a JPEG that decodes is a JPEG wherever it lies.

use super::decode::{Colours, Plane, Tones, oriented};
use super::jpeg_marks::{Frame, marks};
use super::{decode_jpeg, photo_time};
use crate::error::Problem;
use crate::settings::Limits;

/// JPEG beginnings that are looked at in one file, and previews that are tried.
const MOST_STARTS: usize = 4096;
const MOST_TRIED: usize = 4;

/// Grey levels of the largest preview, oriented as the raw file says.
pub(super) fn luma(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Plane, Problem> {
    let plane = largest(bytes, |preview| decode_jpeg::luma(preview, long_edge, limits))?;
    oriented(plane, orientation(bytes))
}

/// Grey levels and colours of the largest preview, oriented as the raw file
/// says.
pub(super) fn tones(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Tones, Problem> {
    let tones = largest(bytes, |preview| decode_jpeg::tones(preview, long_edge, limits))?;
    tones.oriented(orientation(bytes))
}

/// Colours of the largest preview, and the raw file's orientation.
pub(super) fn colours(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Colours, Problem> {
    let colours = largest(bytes, |preview| decode_jpeg::colours(preview, long_edge, limits))?;
    let turned = if colours.orientation == 1 { orientation(bytes) } else { colours.orientation };
    Ok(Colours { orientation: turned, ..colours })
}

/// Size of the largest preview, before orientation.
#[must_use]
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let (_, frame) = *previews(bytes).first()?;
    Some((frame.width.into(), frame.height.into()))
}

fn orientation(bytes: &[u8]) -> u8 {
    photo_time::parse(bytes).map_or(1, |exif| photo_time::orientation(&exif))
}

fn largest<T>(bytes: &[u8], decode: impl Fn(&[u8]) -> Result<T, Problem>) -> Result<T, Problem> {
    let mut previews = previews(bytes);
    previews.truncate(MOST_TRIED);
    let mut first = Problem::Decode("it carries no preview".into());
    for (nth, (start, _)) in previews.into_iter().enumerate() {
        match decode(&bytes[start..]) {
            Ok(found) => return Ok(found),
            Err(problem) if nth == 0 => first = problem,
            Err(_) => {}
        }
    }
    Err(first)
}

/// Where previews begin, the largest first. Lossless frames are the raw picture
/// itself.
fn previews(bytes: &[u8]) -> Vec<(usize, Frame)> {
    let starts = bytes.windows(3).enumerate().filter(|(_, three)| *three == [0xFF, 0xD8, 0xFF]);
    let mut found: Vec<_> = starts
        .take(MOST_STARTS)
        .filter_map(|(start, _)| {
            let marks = marks(&bytes[start..])?;
            let frame = marks.frame.filter(|frame| marks.complete && frame.process <= 2)?;
            (frame.precision == 8).then_some((start, frame))
        })
        .collect();
    found.sort_by_key(|(start, frame)| {
        (std::cmp::Reverse(u32::from(frame.width) * u32::from(frame.height)), *start)
    });
    found
}
