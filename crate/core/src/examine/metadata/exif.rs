//! What EXIF says, together with the time, place and camera that `photo_time.rs` reads.

use exif::{Context, Exif, In, Tag, Value};

use super::apple;
use super::noted::{self, Dated, Noted, line, lines, stars, within, words};
use crate::examine::photo_time::{self, field, maker_note, number, text};
use crate::model::{Exposure, Made, Metadata, Taken, TimeSource};

/// Stars, as Windows writes them beside EXIF's own tags.
const RATING: Tag = Tag(Context::Tiff, 0x4746);
/// Texts of Windows, in UTF-16.
const XP_TITLE: Tag = Tag(Context::Tiff, 0x9C9B);
const XP_COMMENT: Tag = Tag(Context::Tiff, 0x9C9C);
const XP_KEYWORDS: Tag = Tag(Context::Tiff, 0x9C9E);
/// Serial number of a camera in a DNG.
const DNG_SERIAL: Tag = Tag(Context::Tiff, 0xC62F);
/// How far off a place may be (EXIF 2.31, table 15).
const ACCURACY: Tag = Tag(Context::Gps, 0x1F);

/// Everything that a block says.
#[must_use]
pub fn read(exif: &Exif) -> Noted {
    let notes = photo_time::notes(exif);
    let mut dates = notes.dates;
    if let Some(taken) = notes.gps_time {
        let source = TimeSource::Gps;
        dates.push(Dated { source, taken, zone_minutes: None, sub_millis: None });
    }
    let gps_time = match notes.gps_time {
        Some(Taken::Utc(seconds)) => Some(seconds),
        _ => None,
    };
    let metadata = Metadata { gps_time, ..metadata(exif) };
    Noted {
        dates,
        place: notes.place,
        camera: notes.camera,
        content_id: notes.content_id,
        metadata,
        film: None,
    }
}

fn metadata(exif: &Exif) -> Metadata {
    let note = maker_note(exif).map(apple::read).unwrap_or_default();
    let written = |tag| text(exif, tag).as_deref().and_then(line);
    let keywords = wide(exif, XP_KEYWORDS).unwrap_or_default();
    let orientation = number(exif, Tag::Orientation).and_then(|turn| u8::try_from(turn).ok());
    Metadata {
        serial: written(Tag::BodySerialNumber).or_else(|| written(DNG_SERIAL)),
        make: written(Tag::Make),
        model: written(Tag::Model),
        made: made(exif),
        lens: written(Tag::LensModel),
        exposure: exposure(exif),
        tags: words(keywords.split(';')),
        rating: number(exif, RATING).and_then(|value| stars(value.into())),
        title: wide(exif, XP_TITLE).as_deref().and_then(line),
        caption: photo_time::whole_text(exif, Tag::ImageDescription)
            .as_deref()
            .and_then(lines)
            .or_else(|| wide(exif, XP_COMMENT).as_deref().and_then(lines)),
        orientation: orientation.filter(|turn| (1..=8).contains(turn)),
        burst: note.burst,
        image_id: note.image_id.or_else(|| written(Tag::ImageUniqueID).filter(|id| is_unique(id))),
        edited: text(exif, Tag::Software).as_deref().and_then(noted::editor),
        altitude_m: altitude(exif),
        direction_deg: ratio(exif, Tag::GPSImgDirection).and_then(|turn| within(turn, 0.0..=360.0)),
        accuracy_m: ratio(exif, ACCURACY).and_then(|metres| within(metres, noted::ACCURACIES)),
        ..Metadata::default()
    }
}

/// A scanner (EXIF 2.31, `FileSource`: 1 for films, 2 for prints), or a screen, as phones
/// write it into the comment.
fn made(exif: &Exif) -> Option<Made> {
    let source = match field(exif, Tag::FileSource) {
        Some(Value::Undefined(bytes, _) | Value::Byte(bytes)) => bytes.first().copied(),
        _ => None,
    };
    let comment = match field(exif, Tag::UserComment) {
        // Eight bytes name the character set.
        Some(Value::Undefined(bytes, _)) => bytes.get(8..),
        _ => None,
    };
    let comment = comment.map(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(64)]));
    match source {
        Some(1 | 2) => Some(Made::Scan),
        _ => comment.and_then(|text| noted::screen(&text)),
    }
}

/// Whether it is an identifier as EXIF asks for it: 128 bits in hexadecimal digits.
/// Some phones write their model here, the same into every photo.
fn is_unique(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) && id.bytes().any(|b| b != b'0')
}

fn exposure(exif: &Exif) -> Exposure {
    // A short number that is full refers to a longer one.
    let short = number(exif, Tag::PhotographicSensitivity);
    let full = Some(u32::from(u16::MAX));
    let long =
        || number(exif, Tag::ISOSpeed).or_else(|| number(exif, Tag::RecommendedExposureIndex));
    let iso = if short == full { long() } else { short };
    Exposure {
        time_s: ratio(exif, Tag::ExposureTime).and_then(|value| within(value, noted::TIMES)),
        f_number: ratio(exif, Tag::FNumber).and_then(|value| within(value, noted::APERTURES)),
        iso: iso.filter(|iso| *iso > 0),
        focal_mm: ratio(exif, Tag::FocalLength).and_then(|value| within(value, noted::FOCAL)),
    }
}

/// Metres; the reference says on which side of the sea level.
fn altitude(exif: &Exif) -> Option<f64> {
    let metres = ratio(exif, Tag::GPSAltitude)?;
    let below = matches!(number(exif, Tag::GPSAltitudeRef), Some(1 | 3));
    within(if below { -metres } else { metres }, noted::ALTITUDES)
}

fn ratio(exif: &Exif, tag: Tag) -> Option<f64> {
    let value = match field(exif, tag)? {
        Value::Rational(values) => values.first()?.to_f64(),
        Value::SRational(values) => values.first()?.to_f64(),
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// A text of Windows.
fn wide(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Byte(bytes) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let most = 2 * Metadata::MOST_CAPTION;
    let units = bytes.chunks_exact(2).take(most).map(|two| u16::from_le_bytes([two[0], two[1]]));
    let text: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    Some(String::from_utf16_lossy(&text)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use exif::Rational;
    use exif::experimental::Writer;

    use super::*;

    /// A block of these fields, as it is read back.
    fn of(fields: &[(Tag, Value)]) -> Noted {
        let fields: Vec<exif::Field> = fields
            .iter()
            .map(|(tag, value)| exif::Field {
                tag: *tag,
                ifd_num: In::PRIMARY,
                value: value.clone(),
            })
            .collect();
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut bytes = std::io::Cursor::new(Vec::new());
        writer.write(&mut bytes, false).unwrap();
        read(&photo_time::parse(&bytes.into_inner()).unwrap())
    }

    fn ratio_of(num: u32, denom: u32) -> Value {
        Value::Rational(vec![Rational { num, denom }])
    }

    fn ascii(text: &str) -> Value {
        Value::Ascii(vec![text.as_bytes().to_vec()])
    }

    #[test]
    fn reads_how_it_was_exposed() {
        let found = of(&[
            (Tag::ExposureTime, ratio_of(1, 250)),
            (Tag::FNumber, ratio_of(28, 10)),
            (Tag::PhotographicSensitivity, Value::Short(vec![400])),
            (Tag::FocalLength, ratio_of(50, 1)),
            (Tag::LensModel, ascii("EF 50mm")),
            (Tag::BodySerialNumber, ascii(" 0123 ")),
        ]);
        let metadata = found.metadata;
        let exposure = metadata.exposure;
        assert_eq!((exposure.time_s, exposure.f_number), (Some(0.004), Some(2.8)));
        assert_eq!((exposure.iso, exposure.focal_mm), (Some(400), Some(50.0)));
        assert_eq!(metadata.lens.as_deref(), Some("EF 50mm"));
        assert_eq!(metadata.serial.as_deref(), Some("0123"));
    }

    #[test]
    fn an_identifier_is_one_or_none() {
        let id = |text| of(&[(Tag::ImageUniqueID, ascii(text))]).metadata.image_id;
        let real = "0123456789abcdef0123456789ABCDEF";
        assert_eq!(id(real).as_deref(), Some(real));
        assert_eq!(id("M05LSJA00NM M05LSKB03NA"), None);
        assert_eq!(id(&"0".repeat(32)), None);
    }

    #[test]
    fn a_full_speed_stands_in_a_longer_number() {
        let short = (Tag::PhotographicSensitivity, Value::Short(vec![65_535]));
        let long = (Tag::RecommendedExposureIndex, Value::Long(vec![102_400]));
        assert_eq!(of(&[short.clone(), long]).metadata.exposure.iso, Some(102_400));
        assert_eq!(of(&[short]).metadata.exposure.iso, None);
    }

    #[test]
    fn zero_denominators_are_nothing() {
        let found = of(&[
            (Tag::ExposureTime, ratio_of(1, 0)),
            (Tag::FNumber, ratio_of(0, 0)),
            (Tag::GPSAltitude, ratio_of(7, 0)),
        ]);
        assert_eq!(found.metadata, Metadata::default());
    }

    #[test]
    fn below_the_sea_is_negative() {
        let height = |side: u8| {
            let side = (Tag::GPSAltitudeRef, Value::Byte(vec![side]));
            of(&[(Tag::GPSAltitude, ratio_of(430, 1)), side]).metadata.altitude_m
        };
        assert_eq!((height(0), height(1)), (Some(430.0), Some(-430.0)));
    }

    #[test]
    fn windows_writes_texts_of_its_own() {
        let wide = |text: &str| {
            Value::Byte(text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect())
        };
        let found = of(&[
            (XP_TITLE, wide("Größe")),
            (XP_KEYWORDS, wide("lake; boat;")),
            (RATING, Value::Short(vec![4])),
        ]);
        assert_eq!(found.metadata.title.as_deref(), Some("Größe"));
        assert_eq!(found.metadata.tags, ["boat", "lake"]);
        assert_eq!(found.metadata.rating, Some(4));
    }

    #[test]
    fn a_digitised_date_is_called_that() {
        let digitised = (Tag::DateTimeDigitized, ascii("2015:01:01 10:00:00"));
        let sources = |fields: &[(Tag, Value)]| -> Vec<TimeSource> {
            of(fields).dates.iter().map(|dated| dated.source).collect()
        };
        assert_eq!(sources(std::slice::from_ref(&digitised)), [TimeSource::Digitised]);
        let original = (Tag::DateTimeOriginal, ascii("2004:07:09 12:00:00"));
        let both = [original, digitised];
        assert_eq!(sources(&both), [TimeSource::Exif, TimeSource::Digitised]);
    }
}
