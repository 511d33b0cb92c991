//! Values of fields as JSON, there and back. What comes back may be anything.

use serde_json::{Value as Json, json};

use crate::model::{Camera, Exposure, Field, Metadata, Place, PlaceName, Value, Written};
use crate::page::moment;

/// Degrees of latitude and longitude.
const MOST_LAT: f64 = 90.0;
const MOST_LON: f64 = 180.0;
/// Metres above the sea, as they are read from files.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;
/// Minutes east of UTC of the outermost zones.
const ZONES: std::ops::RangeInclusive<i32> = -720..=840;
/// Years that a picture may be of, as they are read from files.
const YEARS: std::ops::RangeInclusive<i32> = 1826..=2199;

/// A value as JSON.
#[must_use]
pub fn json(value: &Value) -> Json {
    match value {
        Value::Place(place) => json!({ "lat": place.lat, "lon": place.lon }),
        Value::Altitude(metres) => json!(metres),
        Value::Date(date) => json!(date_text(*date)),
        Value::Zone(minutes) => json!(zone_text(*minutes)),
        Value::Camera(camera) => json!({ "make": camera.make, "model": camera.model }),
        Value::Lens(lens) => json!({ "model": lens }),
        Value::Exposure(exposure) => json!({
            "time_s": exposure.time_s,
            "f_number": exposure.f_number,
            "iso": exposure.iso,
            "focal_mm": exposure.focal_mm,
        }),
        Value::PlaceName(name) => json!({
            "town": name.town,
            "region": name.region,
            "country": name.country,
            "code": name.code,
        }),
        Value::Tags(tags) => json!(tags),
    }
}

/// `2024-12-22T20:36:00+01:00`; without a zone where that is unknown.
#[must_use]
pub fn date_text(date: Written) -> String {
    let zone = date.zone_minutes.map(zone_text).unwrap_or_default();
    format!("{}{zone}", moment::iso(date.wall))
}

/// `+01:00`.
#[must_use]
pub fn zone_text(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Reads a value of a field.
///
/// # Errors
/// What it must be, as the end of a sentence.
pub fn read(field: Field, value: &Json) -> Result<Value, &'static str> {
    let found = match field {
        Field::Place => place(value).map(Value::Place),
        Field::Altitude => number(value).filter(|m| ALTITUDES.contains(m)).map(Value::Altitude),
        Field::Date => value.as_str().and_then(date).map(Value::Date),
        Field::Zone => value.as_str().and_then(zone).map(Value::Zone),
        Field::Camera => camera(value).map(Value::Camera),
        Field::Lens => text(value.get("model")).map(Value::Lens),
        Field::Exposure => exposure(value).map(Value::Exposure),
        Field::PlaceName => place_name(value).map(Value::PlaceName),
        Field::Tags => tags(value).map(Value::Tags),
    };
    found.ok_or(match field {
        Field::Place => "lat within ±90 and lon within ±180, and not 0, 0, which is no place",
        Field::Altitude => "a number of metres from -12000 to 100000",
        Field::Date => "a date like 2024-12-22T20:36:00+01:00, with or without its zone",
        Field::Zone => "a zone like +01:00",
        Field::Camera => "an object with make or model",
        Field::Lens => "an object with model",
        Field::Exposure => "an object with time_s, f_number, iso or focal_mm, all above zero",
        Field::PlaceName => "an object with town, region, country or code",
        Field::Tags => "a list of at most 256 words of at most 128 characters, each once",
    })
}

fn number(value: &Json) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

fn place(value: &Json) -> Option<Place> {
    let (lat, lon) = (number(value.get("lat")?)?, number(value.get("lon")?)?);
    let real = lat.abs() <= MOST_LAT && lon.abs() <= MOST_LON && (lat != 0.0 || lon != 0.0);
    real.then_some(Place { lat, lon })
}

/// Strictly as it is written here: a slip must not become another date.
fn date(text: &str) -> Option<Written> {
    use chrono::Datelike;
    let (clock, rest) = text.split_at_checked("2024-12-22T20:36:00".len())?;
    let wall = chrono::NaiveDateTime::parse_from_str(clock, "%Y-%m-%dT%H:%M:%S").ok()?;
    let real = YEARS.contains(&wall.year()) && moment::iso(wall.and_utc().timestamp()) == clock;
    let zone_minutes = match rest {
        "" => None,
        "Z" => Some(0),
        _ => Some(zone(rest)?),
    };
    real.then(|| Written { wall: wall.and_utc().timestamp(), zone_minutes })
}

fn zone(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let digits = bytes.len() == 6 && bytes[3] == b':';
    let digits = digits && [1, 2, 4, 5].iter().all(|&at| bytes[at].is_ascii_digit());
    let sign = match bytes.first().filter(|_| digits)? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let two = |at: usize| i32::from(bytes[at] - b'0') * 10 + i32::from(bytes[at + 1] - b'0');
    let minutes = sign * (60 * two(1) + two(4));
    (two(4) < 60 && ZONES.contains(&minutes)).then_some(minutes)
}

/// A text of one line within the limits of what is read from files.
fn text(value: Option<&Json>) -> Option<String> {
    let text = value?.as_str()?.trim();
    let fits = text.chars().count() <= Metadata::MOST_CHARS && !text.contains(char::is_control);
    (fits && !text.is_empty()).then(|| text.to_owned())
}

/// A text that may be absent or null; `Err`: it is something else.
fn maybe(value: &Json, key: &str) -> Result<Option<String>, ()> {
    match value.get(key) {
        None | Some(Json::Null) => Ok(None),
        found => text(found).map(Some).ok_or(()),
    }
}

fn camera(value: &Json) -> Option<Camera> {
    let camera = Camera { make: maybe(value, "make").ok()?, model: maybe(value, "model").ok()? };
    (camera != Camera::default()).then_some(camera)
}

fn place_name(value: &Json) -> Option<PlaceName> {
    let part = |key| maybe(value, key).ok();
    let name = PlaceName {
        town: part("town")?,
        region: part("region")?,
        country: part("country")?,
        code: part("code")?,
    };
    (name != PlaceName::default()).then_some(name)
}

fn exposure(value: &Json) -> Option<Exposure> {
    let above = |key: &str| match value.get(key) {
        None | Some(Json::Null) => Some(None),
        Some(found) => number(found).filter(|number| (1e-7..=1e6).contains(number)).map(Some),
    };
    let iso = above("iso")?;
    let whole = iso.is_none_or(|iso| iso >= 1.0 && iso.fract() == 0.0);
    let exposure = Exposure {
        time_s: above("time_s")?,
        f_number: above("f_number")?,
        iso: iso.map(|iso| iso as u32),
        focal_mm: above("focal_mm")?,
    };
    (whole && exposure != Exposure::default()).then_some(exposure)
}

fn tags(value: &Json) -> Option<Vec<String>> {
    let list = value.as_array().filter(|list| list.len() <= Metadata::MOST_TAGS)?;
    let mut tags = list.iter().map(|tag| text(Some(tag))).collect::<Option<Vec<String>>>()?;
    let count = tags.len();
    tags.sort();
    tags.dedup();
    (tags.len() == count).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: Field, text: &str, fits: bool) {
        let value: Json = serde_json::from_str(text).unwrap();
        let found = read(field, &value);
        assert_eq!(found.is_ok(), fits, "{text}");
        if let Ok(found) = found {
            assert_eq!(read(field, &json(&found)), Ok(found), "{text}");
        }
    }

    #[test]
    fn places_are_on_the_globe() {
        check(Field::Place, r#"{"lat": 46.624, "lon": -14.307}"#, true);
        check(Field::Place, r#"{"lat": 0, "lon": 6.5}"#, true);
        check(Field::Place, r#"{"lat": 0, "lon": 0}"#, false);
        check(Field::Place, r#"{"lat": 91, "lon": 0}"#, false);
        check(Field::Place, r#"{"lat": "46", "lon": 14}"#, false);
        check(Field::Altitude, "-430", true);
        check(Field::Altitude, "1e9", false);
    }

    #[test]
    fn dates_and_zones_are_strict() {
        check(Field::Date, r#""2024-12-22T20:36:00+01:00""#, true);
        check(Field::Date, r#""2024-12-22T20:36:00Z""#, true);
        check(Field::Date, r#""2024-12-22T20:36:00""#, true);
        check(Field::Date, r#""2024-02-30T20:36:00""#, false);
        check(Field::Date, r#""2024-12-22 20:36:00""#, false);
        check(Field::Date, r#""2024-12-22T20:36:00 +01:00""#, false);
        check(Field::Date, r#""20240-2-22T20:36:00""#, false);
        check(Field::Zone, r#""-03:30""#, true);
        check(Field::Zone, r#""+15:00""#, false);
        check(Field::Zone, r#""+3:00""#, false);
        check(Field::Zone, r#""+0é:0""#, false);
        assert_eq!((zone_text(-210), zone_text(0)), ("-03:30".into(), "+00:00".into()));
    }

    #[test]
    fn objects_and_lists_are_bounded() {
        check(Field::Camera, r#"{"make": "Apple", "model": null}"#, true);
        check(Field::Camera, "{}", false);
        check(Field::Camera, r#"{"make": 5, "model": "x"}"#, false);
        check(Field::Lens, r#"{"model": "EF 50mm"}"#, true);
        check(Field::Lens, r#"{"model": "a\u0000b"}"#, false);
        check(Field::Exposure, r#"{"time_s": 0.004, "iso": 400}"#, true);
        check(Field::Exposure, r#"{"iso": 0.5}"#, false);
        check(Field::PlaceName, r#"{"town": "Konstanz", "code": "DE"}"#, true);
        check(Field::Tags, r#"["lake", "boat"]"#, true);
        check(Field::Tags, r#"["lake", "lake"]"#, false);
        check(Field::Tags, r#"["lake", 1]"#, false);
    }
}
