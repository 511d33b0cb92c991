//! Google Takeout's notes: a JSON file beside each photo, with what Google knows of it.

use serde::Deserialize;

use super::noted::{self, Dated, Noted, line, lines, within, words};
use crate::examine::photo_time::real_place;
use crate::model::{Metadata, Taken, TimeSource};

/// Most bytes of a note; they have one or two thousand. Chosen, not measured.
const MOST_BYTES: usize = 1 << 20;
/// Seconds since 1970 in which photos are taken: 1826 to 2200.
const TIMES: std::ops::Range<i64> = -4_544_208_000..7_258_118_400;

/// A note, as far as it is read. Other keys are left aside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    title: Option<String>,
    description: Option<String>,
    photo_taken_time: Option<Time>,
    /// As it is in the album, where it may have been set by hand.
    geo_data: Option<Place>,
    /// As it was in the file.
    geo_data_exif: Option<Place>,
    #[serde(default)]
    people: Vec<Person>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Time {
    timestamp: Number,
}

/// Google writes times as texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(i64),
    Text(String),
}

#[derive(Deserialize)]
struct Place {
    latitude: f64,
    longitude: f64,
    #[serde(default)]
    altitude: f64,
}

#[derive(Deserialize)]
struct Person {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Tag {
    Word(String),
    Named { name: String },
}

/// Reads a note; `None`: the file is another kind of JSON.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Noted> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let note: Note = (bytes.len() <= MOST_BYTES).then(|| serde_json::from_slice(bytes).ok())??;
    // An album's notes have a title, too.
    note.photo_taken_time.as_ref().map(|_| ()).or(note.geo_data.as_ref().map(|_| ()))?;
    let place = [note.geo_data, note.geo_data_exif].into_iter().flatten().find(|place| {
        // 0, 0 is what Google writes where it knows no place.
        real_place(place.latitude, place.longitude).is_some()
    });
    // So it does with a height of zero.
    let altitude = place.as_ref().map(|place| place.altitude).filter(|metres| *metres != 0.0);
    let tags = note.tags.into_iter().map(|tag| match tag {
        Tag::Word(word) | Tag::Named { name: word } => word,
    });
    let plain = |text: &String| htmlize::unescape(text.as_str()).into_owned();
    let title = note.title.as_ref().map(plain);
    let metadata = Metadata {
        tags: words(tags),
        people: words(note.people.into_iter().filter_map(|person| person.name)),
        caption: note.description.as_ref().map(plain).as_deref().and_then(lines),
        altitude_m: altitude.and_then(|metres| within(metres, noted::ALTITUDES)),
        names: title.as_deref().and_then(line).into_iter().collect(),
        ..Metadata::default()
    };
    Some(Noted {
        dates: note.photo_taken_time.and_then(|time| date(&time.timestamp)).into_iter().collect(),
        place: place.map(|place| (place.latitude, place.longitude)),
        metadata,
        ..Noted::default()
    })
}

/// The time in UTC; 0 is none.
fn date(time: &Number) -> Option<Dated> {
    let seconds = match time {
        Number::Number(seconds) => *seconds,
        Number::Text(text) => text.trim().parse().ok()?,
    };
    let real = TIMES.contains(&seconds) && seconds != 0;
    let (source, taken) = (TimeSource::Sidecar, Taken::Utc(seconds));
    real.then_some(Dated { source, taken, zone_minutes: None, sub_millis: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOWHERE: &str = r#"{"latitude": 0.0, "longitude": 0.0, "altitude": 0.0}"#;
    const LAKE: &str = r#"{"latitude": 46.624, "longitude": 14.307, "altitude": 501.5}"#;

    fn note(inside: &str) -> Option<Noted> {
        read(format!(r#"{{"title": "a.jpg", {inside}}}"#).as_bytes())
    }

    #[test]
    fn the_place_is_that_of_the_album_or_of_the_file() {
        let place = |album: &str, file: &str| {
            note(&format!(r#""geoData": {album}, "geoDataExif": {file}"#)).unwrap().place
        };
        assert_eq!(place(LAKE, NOWHERE), Some((46.624, 14.307)));
        assert_eq!(place(NOWHERE, LAKE), Some((46.624, 14.307)));
        assert_eq!(place(NOWHERE, NOWHERE), None);
    }

    #[test]
    fn the_time_is_that_of_the_shot_in_utc() {
        let time = |time: &str| {
            let both = format!(
                r#""creationTime": {{"timestamp": "5"}}, "photoTakenTime": {{"timestamp": {time}}}"#
            );
            note(&both).unwrap().dates.first().map(|dated| dated.taken)
        };
        assert_eq!(time(r#""1691227800""#), Some(Taken::Utc(1_691_227_800)));
        assert_eq!(time("1691227800"), Some(Taken::Utc(1_691_227_800)));
        assert_eq!(time(r#""-86400""#), Some(Taken::Utc(-86_400)));
        assert_eq!((time(r#""0""#), time(r#""soon""#)), (None, None));
    }

    #[test]
    fn reads_people_and_the_description() {
        let found = note(&format!(
            r#""geoData": {LAKE}, "people": [{{"name": "Zoë"}}, {{"name": "Ann"}}, {{}}],
            "tags": ["lake", {{"name": "boat"}}], "description": "Ann &amp; Zo&#235;""#
        ));
        let metadata = found.unwrap().metadata;
        assert_eq!(metadata.people, ["Ann", "Zoë"]);
        assert_eq!(metadata.tags, ["boat", "lake"]);
        assert_eq!(metadata.caption.as_deref(), Some("Ann & Zoë"));
        assert_eq!(metadata.altitude_m, Some(501.5));
        assert_eq!(metadata.names, ["a.jpg"]);
    }

    #[test]
    fn other_json_is_no_note() {
        assert_eq!(read(br#"{"title":"Holiday","access":"protected"}"#), None);
        assert_eq!(read(b"[1, 2]"), None);
        assert_eq!(read(b""), None);
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert_eq!(read(&deep), None);
        let inside = format!(r#""geoData": {LAKE}, "more": {}"#, String::from_utf8(deep).unwrap());
        assert!(note(&inside).is_some(), "what is left aside is not nested in the parser");
    }
}
