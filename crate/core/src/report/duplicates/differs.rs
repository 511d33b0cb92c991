//! What differs between the shot that stays and another one: the value of the first,
//! then that of the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::side::Side;
use crate::model::{Edit, Kind, Taken, TimeSource};

/// Degrees between two places that are one: some ten metres, as rounding to five digits
/// leaves. Chosen, not measured.
const ONE_PLACE: f64 = 0.000_1;

/// Keys and both values, of what differs alone.
pub(super) fn differs(keeper: &Side<'_>, other: &Side<'_>) -> BTreeMap<String, (Value, Value)> {
    let keys: [(&str, fn(&Side<'_>) -> Value); 8] = [
        ("bytes", |side| json!(side.item.size)),
        ("pixels", |side| pixels(side)),
        ("format", |side| format(side)),
        ("date", |side| date(side)),
        ("place", |side| place(side)),
        ("camera", |side| json!(side.features.as_ref().and_then(|known| known.camera.clone()))),
        ("edited", |side| edited(side)),
        ("name", |side| json!(side.item.name())),
    ];
    let mut differs = BTreeMap::new();
    for (key, value) in keys {
        let (first, second) = (value(keeper), value(other));
        if first != second {
            differs.insert(key.to_owned(), (first, second));
        }
    }
    if is_one_place(keeper, other) {
        differs.remove("place");
    }
    if let Some(turned) = turned(keeper, other) {
        differs.insert("turned".to_owned(), turned);
    }
    super::metadata::add(keeper, other, &mut differs);
    differs
}

fn pixels(side: &Side<'_>) -> Value {
    side.features
        .as_ref()
        .and_then(|known| known.size)
        .map_or(Value::Null, |size| json!(<(u32, u32)>::from(size)))
}

fn format(side: &Side<'_>) -> Value {
    let Some(features) = &side.features else { return Value::Null };
    json!(match features.kind {
        Kind::Jpeg => "JPEG",
        Kind::Heic => "HEIC",
        Kind::Avif => "AVIF",
        Kind::Png => "PNG",
        Kind::Webp => "WebP",
        Kind::Gif => "GIF",
        Kind::Tiff => "TIFF",
        Kind::Raw => "raw",
        Kind::Video => return json!(side.item.name().rsplit('.').next().map(str::to_uppercase)),
        Kind::Audio => "sound",
        Kind::Pdf => "PDF",
        Kind::Zip => "zip",
        Kind::Html => "HTML",
        Kind::Contact => "vCard",
        Kind::Text => "text",
        Kind::Empty | Kind::Unknown => return Value::Null,
    })
}

/// When it was taken, as the file itself says it.
fn date(side: &Side<'_>) -> Value {
    let Some(features) = &side.features else { return Value::Null };
    let own = !matches!(features.time_source, None | Some(TimeSource::Name | TimeSource::Modified));
    let taken = features.taken.filter(|_| own);
    let text = taken.and_then(|taken| written(taken, features.zone_minutes));
    text.map_or(Value::Null, Value::from)
}

/// A moment as `2024-12-22T20:36:00+01:00`, the zone where it is known.
fn written(taken: Taken, zone_minutes: Option<i32>) -> Option<String> {
    let zone = |minutes: i32| {
        let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let (seconds, zone) = match (taken, zone_minutes) {
        (Taken::Wall(seconds), minutes) => (seconds, minutes.map_or_else(String::new, zone)),
        (Taken::Utc(seconds), Some(minutes)) => {
            (seconds.checked_add(i64::from(minutes) * 60)?, zone(minutes))
        }
        (Taken::Utc(seconds), None) => (seconds, "Z".to_owned()),
        (Taken::Day(days), _) => return day(i64::from(days)),
    };
    let moment = chrono::DateTime::from_timestamp(seconds, 0)?;
    Some(format!("{}{zone}", moment.format("%Y-%m-%dT%H:%M:%S")))
}

fn day(days: i64) -> Option<String> {
    let moment = chrono::DateTime::from_timestamp(days.checked_mul(86_400)?, 0)?;
    Some(moment.format("%Y-%m-%d").to_string())
}

fn place(side: &Side<'_>) -> Value {
    side.features.as_ref().and_then(|known| known.place).map_or(Value::Null, |place| json!(place))
}

fn is_one_place(a: &Side<'_>, b: &Side<'_>) -> bool {
    let place = |side: &Side<'_>| side.features.as_ref().and_then(|known| known.place);
    place(a).zip(place(b)).is_some_and(|((north, east), (other_north, other_east))| {
        (north - other_north).abs() < ONE_PLACE && (east - other_east).abs() < ONE_PLACE
    })
}

fn edited(side: &Side<'_>) -> Value {
    let metadata = side.features.as_ref().and_then(|known| known.metadata.as_ref());
    let editor = metadata.and_then(|known| known.edited.clone());
    let edits = side.edits.iter().map(Edit::name).map(str::to_owned);
    json!(edits.chain(editor).collect::<Vec<_>>())
}

/// Width and height of both, where one lies on its side.
fn turned(keeper: &Side<'_>, other: &Side<'_>) -> Option<(Value, Value)> {
    let size = |side: &Side<'_>| side.features.as_ref().and_then(|known| known.size);
    let (first, second) = size(keeper).zip(size(other))?;
    let lies = first.width != first.height && first == second.turned();
    lies.then(|| (pixels(keeper), pixels(other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Edits, Features, FileId, Item, ItemId, Size, Source};

    fn item(path: &str, size: u64) -> Item {
        let (id, source) = (ItemId(0), Source::File(FileId(0)));
        Item { id, path: path.into(), size, modified: None, source }
    }

    #[test]
    fn only_what_differs_is_told_the_keeper_first() {
        let shot = |seconds, place| Features {
            taken: Some(Taken::Wall(seconds)),
            time_source: Some(TimeSource::Exif),
            size: Some(Size::new(40, 30)),
            place,
            ..Features::new(Kind::Jpeg)
        };
        let (first, second) = (shot(0, Some((46.0, 14.0))), shot(60, Some((46.000_01, 14.0))));
        let (a, b) = (item("x/a.jpg", 9), item("y/a.jpg", 9));
        let side = |item, features: &Features| Side {
            item,
            features: Some(features.clone()),
            edits: Edits::EMPTY,
        };
        let found = differs(&side(&a, &first), &side(&b, &second));
        let keys: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(keys, ["date"]);
        assert_eq!(found["date"], (json!("1970-01-01T00:00:00"), json!("1970-01-01T00:01:00")));
    }

    #[test]
    fn a_moment_is_told_with_the_zone_that_is_known() {
        assert_eq!(written(Taken::Utc(0), Some(-210)).unwrap(), "1969-12-31T20:30:00-03:30");
        assert_eq!(written(Taken::Utc(0), None).unwrap(), "1970-01-01T00:00:00Z");
        assert_eq!(written(Taken::Day(1), None).unwrap(), "1970-01-02");
        assert_eq!(written(Taken::Wall(i64::MAX), None), None);
    }
}
