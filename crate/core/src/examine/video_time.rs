//! Creation time, place and Apple's keys of a video, which `mp4parse` skips.

use super::boxes::{behind_times, children, find, is_wide, long, word};
use super::photo_time::{joined_camera, real_place};
use super::video_length::milliseconds;
use super::written_time::written_time;
use crate::model::{Taken, TimeSource};

/// Seconds from 1904, where QuickTime's clock begins (ISO/IEC 14496-12, section
/// 8.2.2), to 1970.
const FROM_1904: u64 = 2_082_844_800;
/// Seconds from 1970 to 1990. No file of this kind is older: an earlier time is that
/// of a clock that was never set, or was counted from another year.
const FIRST: i64 = 631_152_000;
/// Most bytes of a key's value; a longer one is ignored. Dates, places and names
/// are shorter. Chosen, not measured.
const MOST_VALUE_BYTES: usize = 256;

/// What a video's index tells besides its tracks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VideoNotes {
    /// Apple's creation date, or that of `mvhd`, and which of them.
    pub taken: Option<(Taken, TimeSource)>,
    /// Minutes east of UTC in Apple's creation date.
    pub zone_minutes: Option<i32>,
    /// Apple's content identifier.
    pub content_id: Option<String>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Length from `mvhd`, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// Reads the content of a `moov` box.
#[must_use]
pub fn video_notes(moov: &[u8]) -> VideoNotes {
    let header = find(moov, &[b"mvhd"]).and_then(movie_header).unwrap_or_default();
    let mut notes = VideoNotes {
        taken: header.created.map(|time| (Taken::Utc(time), TimeSource::MovieHeader)),
        duration_ms: header.duration_ms,
        ..VideoNotes::default()
    };
    let key = |name: &str| value_of(moov, name);
    let own = |name: &[u8; 4]| user_text(moov, name);
    let date = key("com.apple.quicktime.creationdate").or_else(|| own(b"\xA9day"));
    if let Some((taken, zone)) = date.as_deref().and_then(written_date) {
        notes.taken = Some((taken, TimeSource::QuickTime));
        notes.zone_minutes = zone;
    }
    notes.content_id = key("com.apple.quicktime.content.identifier");
    let place = key("com.apple.quicktime.location.ISO6709").or_else(|| own(b"\xA9xyz"));
    notes.place = place.as_deref().and_then(written_place);
    notes.camera = joined_camera(
        key("com.apple.quicktime.make").or_else(|| own(b"\xA9mak")),
        key("com.apple.quicktime.model").or_else(|| own(b"\xA9mod")),
    );
    notes
}

#[derive(Default)]
struct MovieHeader {
    created: Option<i64>,
    duration_ms: Option<u64>,
}

/// `mvhd` in its 32-bit and 64-bit versions. Zero is no time; neither is one before
/// [`FIRST`].
fn movie_header(body: &[u8]) -> Option<MovieHeader> {
    // All bits set: the length is unknown. So it is if nothing is set: a file that is
    // written while it is recorded, fragment by fragment, has zero here.
    let (created, duration) = if is_wide(body) {
        (long(body, 4)?, Some(long(body, 24)?).filter(|&length| length != u64::MAX))
    } else {
        let duration = Some(word(body, 16)?).filter(|&length| length != u32::MAX);
        (word(body, 4)?.into(), duration.map(u64::from))
    };
    let scale = behind_times(body)?;
    let created = created.checked_sub(FROM_1904).and_then(|time| i64::try_from(time).ok());
    Some(MovieHeader {
        created: created.filter(|time| (FIRST..1 << 40).contains(time)),
        duration_ms: duration.and_then(|duration| milliseconds(duration, scale)),
    })
}

/// The value of one of Apple's keys in `moov/meta`.
pub(super) fn value_of(moov: &[u8], name: &str) -> Option<String> {
    let meta = find(moov, &[b"meta"])?;
    // In QuickTime files `meta` has no version; in MP4 it has.
    let meta = if meta.get(4..8) == Some(b"hdlr") { meta } else { meta.get(4..)? };
    let index = key_index(find(meta, &[b"keys"])?, name)?;
    let item = find(meta, &[b"ilst", &index.to_be_bytes()])?;
    printable(find(item, &[b"data"])?.get(8..)?)
}

/// Number of a key, from 1.
fn key_index(keys: &[u8], name: &str) -> Option<u32> {
    let mut names = children(keys.get(8..)?);
    let found = names.position(|(_, found)| found == name.as_bytes())?;
    u32::try_from(found + 1).ok()
}

/// A text of `moov/udta`: length and language, then the text.
pub(super) fn user_text(moov: &[u8], name: &[u8; 4]) -> Option<String> {
    let body = find(moov, &[b"udta", name])?;
    let length = usize::from(u16::from_be_bytes(*body.first_chunk()?));
    printable(body.get(4..)?.get(..length)?)
}

fn printable(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value.get(..value.len().min(MOST_VALUE_BYTES))?).ok()?;
    let text = text.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
}

/// `2015-01-19T15:29:51-0800`, with or without a colon or a zone.
fn written_date(text: &str) -> Option<(Taken, Option<i32>)> {
    let (wall, zone) = written_time(text.as_bytes())?;
    Some(match zone {
        Some(minutes) => (Taken::Utc(wall - 60 * i64::from(minutes)), zone),
        None => (Taken::Wall(wall), None),
    })
}

/// ISO 6709 in degrees: `+27.5916+086.5640+8850/`.
fn written_place(text: &str) -> Option<(f64, f64)> {
    let second = 1 + text.get(1..)?.find(['+', '-'])?;
    let rest = &text[second..];
    let end = rest.get(1..)?.find(['+', '-', '/']).map_or(rest.len(), |at| at + 1);
    real_place(text[..second].parse().ok()?, rest[..end].parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::testing::boxed;

    fn mvhd(created: u32) -> Vec<u8> {
        let mut body = vec![0; 4];
        for number in [created, 0, 600, 1500] {
            body.extend(number.to_be_bytes());
        }
        boxed(b"mvhd", &body)
    }

    fn apple(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut keys = vec![0; 8];
        let mut values = Vec::new();
        for (index, (key, value)) in pairs.iter().enumerate() {
            keys.extend(boxed(b"mdta", key.as_bytes()));
            let data = [&[0, 0, 0, 1, 0, 0, 0, 0], value.as_bytes()].concat();
            values.extend(boxed(&(index as u32 + 1).to_be_bytes(), &boxed(b"data", &data)));
        }
        let meta = [boxed(b"hdlr", &[0; 24]), boxed(b"keys", &keys), boxed(b"ilst", &values)];
        boxed(b"meta", &meta.concat())
    }

    #[test]
    fn zero_is_no_time() {
        assert_eq!(video_notes(&mvhd(0)).taken, None);
        // Counted from 1970, or from 1980 by a clock that was not set.
        assert_eq!(video_notes(&mvhd(1_709_460_300)).taken, None);
        assert_eq!(video_notes(&mvhd(FROM_1904 as u32 + 315_532_800)).taken, None);
        let notes = video_notes(&mvhd(3_600_000_000));
        assert_eq!(notes.taken, Some((Taken::Utc(1_517_155_200), TimeSource::MovieHeader)));
        assert_eq!(notes.duration_ms, Some(2500));
    }

    #[test]
    fn reads_the_64_bit_header() {
        let mut body = vec![1, 0, 0, 0];
        body.extend((FROM_1904 + 1_700_000_000).to_be_bytes());
        body.extend([0; 8]);
        body.extend(1000_u32.to_be_bytes());
        body.extend(4321_u64.to_be_bytes());
        let notes = video_notes(&boxed(b"mvhd", &body));
        assert_eq!(notes.taken, Some((Taken::Utc(1_700_000_000), TimeSource::MovieHeader)));
        assert_eq!(notes.duration_ms, Some(4321));
    }

    #[test]
    fn apples_date_wins_over_the_header() {
        let keys = apple(&[
            ("com.apple.quicktime.make", "Apple"),
            ("com.apple.quicktime.creationdate", "2015-01-19T15:29:51-0800"),
            ("com.apple.quicktime.content.identifier", "A-1"),
            ("com.apple.quicktime.location.ISO6709", "+48.1173+011.5167+520.000/"),
        ]);
        let notes = video_notes(&[mvhd(3_600_000_000), keys].concat());
        assert_eq!(notes.taken, Some((Taken::Utc(1_421_710_191), TimeSource::QuickTime)));
        assert_eq!(notes.zone_minutes, Some(-480));
        assert_eq!(notes.content_id.as_deref(), Some("A-1"));
        assert_eq!(notes.place, Some((48.1173, 11.5167)));
        assert_eq!(notes.camera.as_deref(), Some("Apple"));
    }

    #[test]
    fn reads_dates_with_and_without_a_zone() {
        let utc = |text| written_date(text).unwrap();
        assert_eq!(utc("1970-01-01T01:00:00+01:00"), (Taken::Utc(0), Some(60)));
        assert_eq!(utc("1970-01-01T00:00:01Z"), (Taken::Utc(1), Some(0)));
        assert_eq!(utc("1970-01-01 00:00:02"), (Taken::Wall(2), None));
        assert_eq!(written_date("yesterday"), None);
    }
}
