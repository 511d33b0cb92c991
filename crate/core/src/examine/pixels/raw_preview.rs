//! The JPEG that a camera raw carries as its preview.
//!
//! It is found by its first bytes and not through the maker's directories: those
//! differ for every maker (DNG's `SubIFDs`, Canon's `PRVW`, Nikon's notes), and a
//! JPEG that decodes is a JPEG wherever it lies.

use std::cmp::Reverse;

use super::decode_jpeg;
use super::plane::{Colours, Plane, Tones, oriented};
use crate::error::{Problem, Undecoded};
use crate::examine::jpeg_marks::{Frame, marks_within};
use crate::examine::photo_time;
use crate::model::Size;
use crate::settings::Limits;

/// Most beginnings of JPEGs that are looked at in one file; those behind are not
/// seen. Chosen, not measured.
const MOST_STARTS: usize = 4096;
/// Most previews that are decoded, the largest first, until one succeeds. Chosen,
/// not measured.
const MOST_TRIED: usize = 4;

/// Grey levels of the largest preview, oriented as the raw file says.
pub(in crate::examine) fn luma(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Plane, Problem> {
    let plane = largest(bytes, |preview| decode_jpeg::luma(preview, long_edge, limits))?;
    oriented(plane, orientation(bytes))
}

/// Grey levels and colours of the largest preview, oriented as the raw file
/// says.
pub(in crate::examine) fn tones(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Tones, Problem> {
    let tones = largest(bytes, |preview| decode_jpeg::tones(preview, long_edge, limits))?;
    tones.oriented(orientation(bytes))
}

/// Colours of the largest preview, and the raw file's orientation.
pub(in crate::examine) fn colours(
    bytes: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<Colours, Problem> {
    let colours = largest(bytes, |preview| decode_jpeg::colours(preview, long_edge, limits))?;
    let turned = if colours.orientation == 1 { orientation(bytes) } else { colours.orientation };
    Ok(Colours { orientation: turned, ..colours })
}

/// Size of the largest preview, before orientation.
#[must_use]
pub(in crate::examine) fn size(bytes: &[u8]) -> Option<Size> {
    let (_, frame) = *previews(bytes).first()?;
    Some(frame.size())
}

fn orientation(bytes: &[u8]) -> u8 {
    photo_time::parse(bytes).map_or(1, |exif| photo_time::orientation(&exif))
}

fn largest<T>(bytes: &[u8], decode: impl Fn(&[u8]) -> Result<T, Problem>) -> Result<T, Problem> {
    let mut previews = previews(bytes);
    previews.truncate(MOST_TRIED);
    let mut first = Problem::Decode(Undecoded::NoPreview);
    for (nth, (start, _)) in previews.into_iter().enumerate() {
        match decode(&bytes[start..]) {
            Ok(found) => return Ok(found),
            Err(problem) if nth == 0 => first = problem,
            Err(_) => {}
        }
    }
    Err(first)
}

/// Where previews begin, the largest first. Frames that are not lossy are left out:
/// they are the raw picture itself.
fn previews(bytes: &[u8]) -> Vec<(usize, Frame)> {
    counted(bytes).0
}

/// As [`previews`], and how many bytes of headers were looked at. Beginnings may
/// lie in each other's headers, so the bytes are bounded by the size of the file;
/// beginnings behind that are left out.
fn counted(bytes: &[u8]) -> (Vec<(usize, Frame)>, usize) {
    let (mut found, mut looked) = (Vec::new(), 0);
    let starts = bytes.windows(3).enumerate().filter(|(_, three)| *three == [0xFF, 0xD8, 0xFF]);
    for (start, _) in starts.take(MOST_STARTS) {
        let left = bytes.len().saturating_sub(looked);
        let Some((marks, more)) = marks_within(&bytes[start..], left) else { continue };
        looked += more;
        let frame = marks.frame.filter(|frame| marks.complete && frame.process <= 2);
        found.extend(frame.filter(|frame| frame.precision == 8).map(|frame| (start, frame)));
    }
    found.sort_by_key(|(start, frame)| (Reverse(frame.size().pixels()), *start));
    (found, looked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A baseline JPEG up to its scan, 100 × 75 pixels.
    const PREVIEW: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 75, 0, 100, 3, 1, 0x22, 1, 2, 0x11, 0, 3, 0x11, 0,
        0xFF, 0xDA, 0, 2,
    ];

    #[test]
    fn beginnings_in_each_others_headers_do_not_multiply_the_work() {
        let chain = [0xFF, 0xD8, 0xFF, 0xE0, 0, 2].repeat(20_000);
        let tables = [&[0xFF, 0xD8].repeat(4000)[..], &[0xFF, 0xDB, 0xFF, 0xFF].repeat(50_000)];
        for bytes in [[0xFF, 0xD8].repeat(60_000), chain, tables.concat()] {
            let looked = counted(&bytes).1;
            assert!(looked <= bytes.len() + (1 << 16), "{looked} for {} bytes", bytes.len());
        }
    }

    #[test]
    fn a_preview_is_found_behind_what_looks_like_beginnings() {
        let bytes = [&[7; 5000], &[0xFF, 0xD8, 0xFF, 1, 2][..], &[9; 5000], PREVIEW].concat();
        assert_eq!(size(&bytes), Some(Size::new(100, 75)));
    }
}
