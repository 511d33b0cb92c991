//! What a camera wrote into EXIF: time, zone, place, camera, orientation.

use chrono::NaiveDate;
use exif::{Context, Exif, In, Rational, Reader, Tag, Value};

use super::exif_bounds::is_bounded;
use super::metadata::apple;
use super::metadata::noted::Dated;
use super::written_time::{written_time, zone_minutes};
use crate::model::{Metadata, Size, Taken, TimeSource};

/// Most bytes of a thumbnail in EXIF; a larger one is ignored. Chosen, not
/// measured.
const MOST_THUMBNAIL_BYTES: usize = 4 << 20;

/// What EXIF tells about the capture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Notes {
    /// `DateTimeOriginal` and `DateTimeDigitized`, as far as they are there: with the
    /// zone of their offset tags and parts of a second.
    pub dates: Vec<Dated>,
    /// GPS date and time.
    pub gps_time: Option<Taken>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Apple's content identifier.
    pub content_id: Option<String>,
    /// What the camera noted, before orientation.
    pub noted_size: Option<Size>,
}

/// Reads an EXIF block from its TIFF header on. A broken block gives what is
/// readable of it, one that `exif_bounds` refuses nothing.
#[must_use]
pub fn parse(block: &[u8]) -> Option<Exif> {
    if !is_bounded(block) {
        return None;
    }
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| {})).ok()
}

/// How the picture must be turned to stand upright: 1 to 8, as EXIF numbers it.
#[must_use]
pub fn orientation(exif: &Exif) -> u8 {
    let value = number(exif, Tag::Orientation).unwrap_or(1);
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// The JPEG thumbnail, if it lies within the block.
#[must_use]
pub fn thumbnail(exif: &Exif) -> Option<&[u8]> {
    let at = |tag| exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0);
    let start = at(Tag::JPEGInterchangeFormat)? as usize;
    let length = at(Tag::JPEGInterchangeFormatLength)? as usize;
    let thumbnail = exif.buf().get(start..start.checked_add(length)?)?;
    (length <= MOST_THUMBNAIL_BYTES && thumbnail.starts_with(&[0xFF, 0xD8])).then_some(thumbnail)
}

/// Reads time, place and camera.
#[must_use]
pub fn notes(exif: &Exif) -> Notes {
    let original = (Tag::DateTimeOriginal, Tag::SubSecTimeOriginal, Tag::OffsetTimeOriginal);
    let created = (Tag::DateTimeDigitized, Tag::SubSecTimeDigitized, Tag::OffsetTimeDigitized);
    let found = [(TimeSource::Exif, original), (TimeSource::Digitised, created)];
    let date = |(source, (time, sub, offset))| {
        let (wall, zone) = written_time(ascii(exif, time)?)?;
        let zone = ascii(exif, offset).and_then(zone_minutes).or(zone);
        let sub_millis = ascii(exif, sub).and_then(thousandths);
        Some(Dated { sub_millis, ..Dated::new(source, wall, zone) })
    };
    Notes {
        dates: found.into_iter().filter_map(date).collect(),
        gps_time: gps_time(exif),
        place: place(exif),
        camera: camera(exif),
        content_id: maker_note(exif).and_then(|note| apple::read(note).content_id),
        noted_size: noted_size(exif),
    }
}

fn noted_size(exif: &Exif) -> Option<Size> {
    let edge = |tag| number(exif, tag);
    Some(Size::new(edge(Tag::PixelXDimension)?, edge(Tag::PixelYDimension)?))
}

/// A value, in its own directory or in the first one: TIFF/EP lets raws keep all there,
/// and a CR3 has a block for each directory.
pub(super) fn field(exif: &Exif, tag: Tag) -> Option<&Value> {
    let first = || exif.get_field(Tag(Context::Tiff, tag.number()), In::PRIMARY);
    exif.get_field(tag, In::PRIMARY).or_else(first).map(|field| &field.value)
}

pub(super) fn number(exif: &Exif, tag: Tag) -> Option<u32> {
    field(exif, tag)?.get_uint(0)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match field(exif, tag)? {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

/// A short text of one line.
pub(super) fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let text = String::from_utf8_lossy(ascii(exif, tag)?);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!text.is_empty()).then(|| text.chars().filter(|c| !c.is_control()).take(100).collect())
}

/// A text as it is written, up to [`Metadata::MOST_CAPTION`] characters.
pub(super) fn whole_text(exif: &Exif, tag: Tag) -> Option<String> {
    let most = 4 * Metadata::MOST_CAPTION;
    let bytes = ascii(exif, tag)?;
    Some(String::from_utf8_lossy(&bytes[..bytes.len().min(most)]).into_owned())
}

/// Digits after the decimal point of a second.
fn thousandths(value: &[u8]) -> Option<u16> {
    let digits: Vec<u8> = value.iter().copied().take_while(u8::is_ascii_digit).collect();
    let first = digits.first()?;
    let digit = |index: usize| u16::from(digits.get(index).map_or(0, |byte| byte - b'0'));
    Some(u16::from(first - b'0') * 100 + digit(1) * 10 + digit(2))
}

fn rationals(exif: &Exif, tag: Tag) -> Option<[f64; 3]> {
    let Value::Rational(values) = field(exif, tag)? else { return None };
    let part = |index: usize| {
        values.get(index).filter(|value| value.denom != 0).map(|value| value.to_f64())
    };
    Some([part(0)?, part(1).unwrap_or(0.0), part(2).unwrap_or(0.0)])
}

fn gps_time(exif: &Exif) -> Option<Taken> {
    let mut date = ascii(exif, Tag::GPSDateStamp)?.split(|byte| !byte.is_ascii_digit());
    let mut part = || std::str::from_utf8(date.next()?).ok()?.parse::<u32>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let [hours, minutes, seconds_of] = rationals(exif, Tag::GPSTimeStamp)?;
    // Some receivers count the hour after midnight as the 24th.
    let hours = if hours as u32 == 24 { 0 } else { hours as u32 };
    let clock = day.and_hms_opt(hours, minutes as u32, (seconds_of as u32).min(59))?;
    Some(Taken::Utc(clock.and_utc().timestamp()))
}

/// Degrees; empty directories and the point 0, 0 (a receiver without a fix)
/// are no place.
fn place(exif: &Exif) -> Option<(f64, f64)> {
    let degrees = |value: Tag, reference: Tag, negative: u8| {
        let Value::Rational(parts) = field(exif, value)? else { return None };
        let sum = angle(parts)?;
        let side = ascii(exif, reference)?.first()?.to_ascii_uppercase();
        Some(if side == negative { -sum } else { sum })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    real_place(latitude, longitude)
}

/// Degrees, minutes and seconds as degrees. A part with a zero below is unknown, and so
/// is the sum, but for zeros behind a part that has a fraction: 48/1, 5332/100, 0/0.
fn angle(parts: &[Rational]) -> Option<f64> {
    let (mut sum, mut unit, mut finest) = (0.0, 1.0, false);
    for part in parts.iter().take(3) {
        if part.denom != 0 {
            sum += part.to_f64() / unit;
            finest = part.num % part.denom != 0;
        } else if part.num != 0 || !finest {
            return None;
        }
        unit *= 60.0;
    }
    (!parts.is_empty()).then_some(sum)
}

/// The place, if it is on the globe and not the point 0, 0.
#[must_use]
pub fn real_place(latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    let nowhere = latitude == 0.0 && longitude == 0.0;
    let real = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    (real && !nowhere).then_some((latitude, longitude))
}

fn camera(exif: &Exif) -> Option<String> {
    let named = joined_camera(text(exif, Tag::Make), text(exif, Tag::Model));
    // Trail cameras write no make or model, but an exposure time.
    let exposed = || field(exif, Tag::ExposureTime).is_some();
    named.or_else(|| exposed().then(|| "unnamed camera".to_owned()))
}

/// Maker and model; a model that repeats its maker stands alone.
#[must_use]
pub fn joined_camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) if model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(model)
        }
        (Some(make), Some(model)) => Some(format!("{make} {model}")),
        (make, model) => make.or(model),
    }
}

/// The maker's own block.
pub(super) fn maker_note(exif: &Exif) -> Option<&[u8]> {
    match field(exif, Tag::MakerNote)? {
        Value::Undefined(note, _) => Some(note),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parts_of_a_second() {
        assert_eq!(thousandths(b"7"), Some(700));
        assert_eq!(thousandths(b"045"), Some(45));
        assert_eq!(thousandths(b"123456"), Some(123));
        assert_eq!(thousandths(b"  "), None);
    }

    #[test]
    fn the_point_zero_is_no_place() {
        assert_eq!(real_place(0.0, 0.0), None);
        assert_eq!(real_place(91.0, 0.0), None);
        assert_eq!(real_place(0.0, 6.5), Some((0.0, 6.5)));
    }

    #[test]
    fn a_zero_below_leaves_a_part_unknown() {
        let sum = |parts: &[(u32, u32)]| {
            let parts = parts.iter().map(|&(num, denom)| Rational { num, denom });
            angle(&parts.collect::<Vec<_>>())
        };
        assert_eq!(sum(&[(48, 1), (30, 1), (36, 1)]), Some(48.51));
        assert_eq!(sum(&[(48, 1), (3060, 100), (0, 0)]), Some(48.51));
        assert_eq!(sum(&[(4851, 100)]), Some(48.51));
        assert_eq!(sum(&[(48, 1), (30, 1), (36, 0)]), None);
        assert_eq!(sum(&[(48, 1), (30, 1), (0, 0)]), None);
        assert_eq!(sum(&[(1, 0), (6, 0), (36, 1)]), None);
        assert_eq!(sum(&[(0, 0), (0, 0), (0, 0)]), None);
        assert_eq!(sum(&[]), None);
    }

    #[test]
    fn a_model_may_repeat_its_maker() {
        let joined = |make: &str, model: &str| joined_camera(Some(make.into()), Some(model.into()));
        assert_eq!(joined("NIKON", "NIKON D5000").unwrap(), "NIKON D5000");
        assert_eq!(joined("Apple", "iPhone 7").unwrap(), "Apple iPhone 7");
    }

    /// Exif data that holds one field.
    fn exif_of(tag: Tag, value: Value) -> Exif {
        let field = exif::Field { tag, ifd_num: In::PRIMARY, value };
        let mut writer = exif::experimental::Writer::new();
        writer.push_field(&field);
        let mut bytes = std::io::Cursor::new(Vec::new());
        writer.write(&mut bytes, false).unwrap();
        Reader::new().read_raw(bytes.into_inner()).unwrap()
    }

    #[test]
    fn what_was_exposed_is_a_cameras() {
        let exposure = Value::Rational(vec![Rational { num: 1, denom: 60 }]);
        let camera_of = |tag, value| camera(&exif_of(tag, value));
        assert_eq!(camera_of(Tag::ExposureTime, exposure).unwrap(), "unnamed camera");
        assert_eq!(camera_of(Tag::Model, Value::Ascii(vec![b"S1".to_vec()])).unwrap(), "S1");
        assert_eq!(camera_of(Tag::Software, Value::Ascii(vec![b"Paint".to_vec()])), None);
    }
}
