//! The date in the headers of a video, in place: `mvhd`, and `tkhd` and `mdhd` of every
//! track (ISO/IEC 14496-12, sections 8.2.2, 8.3.2, 8.4.2). Nothing moves, and the length
//! stays. All else that is known of a video goes into its sidecar.

use std::ops::Range;

use super::fields::Fields;
use super::iso::{Found, boxes, is_signature, only};
use super::left::{Left, head};
use super::odd::Odd;
use super::splice::{Edits, differences};
use crate::examine::{Depth, examine, gather};
use crate::io::{ReadAt, read_range};
use crate::model::Field;
use crate::model::TimeSource;
use crate::settings::Limits;

/// Seconds from 1904, where the clock of these headers begins, to 1970.
const FROM_1904: i64 = 2_082_844_800;
/// Seconds from 1970 to 1990: the reader takes an earlier time for that of a clock that
/// was never set.
const FIRST: i64 = 631_152_000;
/// Most tracks of a video. Chosen, not measured: action cameras have five.
const MOST_TRACKS: usize = 256;

/// Writes the date into the headers of a video.
///
/// # Errors
/// [`Left`]
pub(super) fn write(source: &dyn ReadAt, fields: &Fields, limits: &Limits) -> Result<Edits, Left> {
    let Some(wall) = fields.taken else { return Ok(Edits::new(source.size(), Vec::new())?) };
    let utc = wall - 60 * i64::from(fields.zone_minutes.ok_or(Odd::NoZone)?);
    let found = examine("", None, &gather(source, Depth::Head, limits)?, limits);
    if found.features.time_source == Some(TimeSource::QuickTime) {
        return Err(Odd::OtherDate.into());
    }
    let mut splices = Vec::new();
    for place in places(source)? {
        let old = read_range(source, place.start, (place.end - place.start) as usize)?;
        let new = written(utc, old.len()).ok_or(Odd::Value(Field::Date))?;
        splices.extend(differences(place.start, &old, &new));
    }
    Ok(Edits::new(source.size(), splices)?)
}

/// A time in so many bytes, four or eight; `None`: it does not fit.
fn written(utc: i64, length: usize) -> Option<Vec<u8>> {
    let time = u64::try_from(utc.checked_add(FROM_1904)?).ok().filter(|_| utc >= FIRST)?;
    let bytes = time.to_be_bytes();
    let (front, back) = bytes.split_at(8 - length);
    front.iter().all(|byte| *byte == 0).then(|| back.to_vec())
}

/// Where the creation times of the headers stand.
///
/// # Errors
/// [`Odd::NoHeader`] and others.
pub(super) fn places(source: &dyn ReadAt) -> Result<Vec<Range<u64>>, Left> {
    let top = boxes(source, 0..source.size())?;
    for found in &top {
        if is_signature(source, found)? {
            return Err(Odd::Signed.into());
        }
    }
    let index = boxes(source, only(&top, b"moov")?.body.clone())?;
    let mut places = vec![created(source, &index, b"mvhd")?];
    let tracks: Vec<&Found> = index.iter().filter(|found| &found.name == b"trak").collect();
    if tracks.len() > MOST_TRACKS {
        return Err(Odd::Structure.into());
    }
    for track in tracks {
        let parts = boxes(source, track.body.clone())?;
        places.push(created(source, &parts, b"tkhd")?);
        let media = boxes(source, only(&parts, b"mdia")?.body.clone())?;
        places.push(created(source, &media, b"mdhd")?);
    }
    Ok(places)
}

/// Where a header says when it was created: behind version and flags, in four bytes, or
/// in eight of version 1.
fn created(source: &dyn ReadAt, among: &[Found], name: &[u8; 4]) -> Result<Range<u64>, Left> {
    let header = only(among, name).map_err(|_| Odd::NoHeader)?;
    let length = match head::<1>(source, header.body.start)? {
        [0] => 4,
        [1] => 8,
        _ => return Err(Odd::NoHeader.into()),
    };
    let place = header.body.start + 4..header.body.start + 4 + length;
    if place.end > header.body.end { Err(Odd::NoHeader.into()) } else { Ok(place) }
}

#[cfg(test)]
#[path = "video_tests.rs"]
mod tests;
