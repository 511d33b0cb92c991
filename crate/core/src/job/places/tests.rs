//! The job over files in memory.

use exif::experimental::Writer;
use exif::{Field as ExifField, In, Rational, Tag, Value as Exif};

use super::{Chat, Given, Places};
use crate::examine::pixels::Plane;
use crate::matching::events::Asked;
use crate::matching::scenes::{InMemory, jpeg, scene};
use crate::model::{Entry, Field, FileId, How, Place, Value};
use crate::plan::places::{Change, Groups};
use crate::progress::Advance;
use crate::report::places::{json, read};
use crate::settings::Settings;

/// What EXIF of a test says.
#[derive(Default)]
struct Says<'a> {
    date: &'a str,
    zone: &'a str,
    model: &'a str,
    place: Option<(u32, u32)>,
}

fn block(says: &Says<'_>) -> Vec<u8> {
    let text = |tag, text: &str| (tag, Exif::Ascii(vec![text.as_bytes().to_vec()]));
    let mut fields = Vec::new();
    for (tag, value) in [
        (Tag::DateTimeOriginal, says.date),
        (Tag::OffsetTimeOriginal, says.zone),
        (Tag::Model, says.model),
    ] {
        fields.extend((!value.is_empty()).then(|| text(tag, value)));
    }
    if let Some((lat, lon)) = says.place {
        let degrees = |parts: u32| Exif::Rational(vec![Rational { num: parts, denom: 1000 }]);
        fields.push(text(Tag::GPSLatitudeRef, "N"));
        fields.push((Tag::GPSLatitude, degrees(lat)));
        fields.push(text(Tag::GPSLongitudeRef, "E"));
        fields.push((Tag::GPSLongitude, degrees(lon)));
    }
    let fields: Vec<ExifField> = fields
        .into_iter()
        .map(|(tag, value)| ExifField { tag, ifd_num: In::PRIMARY, value })
        .collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut bytes = std::io::Cursor::new(Vec::new());
    writer.write(&mut bytes, false).unwrap();
    bytes.into_inner()
}

/// A photo of a scene.
fn photo(seed: u64, says: &Says<'_>) -> Vec<u8> {
    with(&jpeg(&scene(seed, 320, 240), 90), says)
}

/// A picture with what it says.
fn with(picture: &[u8], says: &Says<'_>) -> Vec<u8> {
    if says.date.is_empty() {
        return picture.to_vec();
    }
    let segment = [b"Exif\0\0", &block(says)[..]].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    [&[0xFF, 0xD8, 0xFF, 0xE1], &length[..], &segment, &picture[2..]].concat()
}

fn phone(seed: u64, time: &str) -> Vec<u8> {
    let date = format!("2024:07:01 {time}");
    let place = Some((46_624, 14_307));
    photo(seed, &Says { date: &date, zone: "+02:00", model: "iPhone 13", place })
}

fn entry((number, (path, bytes)): (usize, &(&str, Vec<u8>))) -> Entry {
    let (file, size) = (FileId(number as u32), bytes.len() as u64);
    Entry { file, path: (*path).to_owned(), size, modified: Some(1_719_820_860) }
}

fn entries(files: &[(&str, Vec<u8>)]) -> Vec<Entry> {
    files.iter().enumerate().map(entry).collect()
}

fn run(files: &[(&str, Vec<u8>)], given: impl FnOnce(Vec<Entry>) -> Given) -> Groups {
    let disk = InMemory(files.iter().map(|(_, bytes)| bytes.clone()).collect());
    let given = given(entries(files));
    let mut job = Places::new(Settings::default(), Asked::default(), given, disk);
    for _ in 0..10_000 {
        if let Advance::Done(_) = job.advance().unwrap() {
            return job.groups();
        }
    }
    panic!("it does not end");
}

fn folder(entries: Vec<Entry>) -> Given {
    Given { folders: vec!["/photos".into()], entries, ..Given::default() }
}

fn change<'a>(groups: &'a Groups, file: &str, field: Field) -> Option<&'a Change> {
    let mut all = groups.groups.iter().flat_map(|group| &group.changes);
    all.find(|change| change.file == file && change.field == field)
}

const LAKE: Place = Place { lat: 46.624, lon: 14.307 };

#[test]
fn a_photo_gets_its_place_and_the_document_says_from_where() {
    let date = "2024:07:01 10:04:00";
    let camera = photo(2, &Says { date, model: "NIKON D5600", ..Says::default() });
    let bare = photo(3, &Says::default());
    let files = [("a.jpg", phone(1, "10:00:00")), ("b.jpg", camera), ("c.jpg", bare)];
    let groups = run(&files, folder);
    let place = change(&groups, "b.jpg", Field::Place).unwrap();
    assert_eq!(place.value, Some(Value::Place(LAKE)));
    assert_eq!(
        (place.how, place.on, place.from.as_slice()),
        (How::Copied, true, &["a.jpg".into()][..])
    );
    assert_eq!(groups.groups[0].files, ["a.jpg", "b.jpg"]);
    let hash = *blake3::hash(&files[1].1).as_bytes();
    assert_eq!(groups.hashes, [("b.jpg".to_owned(), hash)].into());
    // The file's own time is none.
    assert!(change(&groups, "c.jpg", Field::Place).is_none());
    assert_eq!(read::read(json(&groups).as_bytes()), Ok(groups.clone()));
    assert_eq!(json(&groups), json(&run(&files, folder)));
}

/// A plane of half the size.
fn half(plane: &Plane) -> Plane {
    let (width, height) = (plane.width / 2, plane.height / 2);
    let at = |x: u32, y: u32| u32::from(plane.grey[(y * plane.width + x) as usize]);
    let four = |x, y| (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) / 4;
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let grey = rows.map(|(x, y)| four(2 * x, 2 * y) as u8).collect();
    Plane { width, height, grey }
}

#[test]
fn a_smaller_copy_gets_what_it_lost() {
    let original = scene(7, 1280, 960);
    let says = Says {
        date: "2024:07:01 10:00:00",
        zone: "+02:00",
        model: "iPhone 13",
        place: Some((46_624, 14_307)),
    };
    let whole = with(&jpeg(&original, 92), &says);
    let small = half(&original);
    let files = [
        ("camera/a.jpg", whole),
        ("chat/IMG-20240702-WA0007.jpg", jpeg(&small, 80)),
        ("camera/b.jpg", phone(9, "10:20:00")),
    ];
    let groups = run(&files, folder);
    let file = "chat/IMG-20240702-WA0007.jpg";
    let place = change(&groups, file, Field::Place);
    assert_eq!(place.and_then(|place| place.value.clone()), Some(Value::Place(LAKE)));
    assert!(change(&groups, file, Field::Camera).is_some());
    assert!(change(&groups, file, Field::Date).is_some());
}

#[test]
fn a_track_and_its_broken_points_are_told() {
    let date = "2024:07:01 10:00:00";
    let camera = photo(2, &Says { date, zone: "+02:00", model: "Z5", ..Says::default() });
    let point = |time: &str| {
        format!("<trkpt lat='46.624' lon='14.307'><time>2024-07-01T{time}Z</time></trkpt>")
    };
    let track = format!("<gpx>{}{}<trkpt/></gpx>", point("07:59:00"), point("08:01:00"));
    let files = [("b.jpg", camera), ("walk.gpx", track.into_bytes())];
    let groups = run(&files, |mut entries| {
        let tracks = vec![entries.remove(1)];
        Given { tracks, ..folder(entries) }
    });
    let place = change(&groups, "b.jpg", Field::Place).unwrap();
    assert_eq!(place.value, Some(Value::Place(LAKE)));
    assert_eq!(place.from, ["walk.gpx"]);
    assert!(groups.issues.iter().any(|issue| issue.text.starts_with("1 point of")));
}

#[test]
fn a_message_dates_the_copy_that_it_carried() {
    let copy = photo(5, &Says::default());
    let chat = "[01.07.24, 10:15:00] Ann: <attached: 00000001-PHOTO-2024-07-01-10-15-00.jpg>\n\
                [01.07.24, 10:16:00] Ben: nice\n[22.07.24, 10:16:00] Ben: nice\n";
    let name = "00000001-PHOTO-2024-07-01-10-15-00.jpg";
    // One file of the folder is the chat's own, under the same path.
    let files = [
        ("saved.jpg", copy.clone()),
        (name, copy.clone()),
        ("_chat.txt", chat.as_bytes().to_vec()),
        (name, copy),
    ];
    let groups = run(&files, |mut entries| {
        let chats = vec![Chat { name: "Ann".into(), entries: entries.split_off(2) }];
        Given { chats, ..folder(entries) }
    });
    for file in ["saved.jpg", name] {
        let date = change(&groups, file, Field::Date).unwrap();
        assert_eq!((date.how, date.from.as_slice()), (How::Chat, &[format!("Ann/{name}")][..]));
        let Some(Value::Date(date)) = date.value else { panic!("{date:?}") };
        assert_eq!(crate::page::moment::iso(date.wall), "2024-07-01T10:15:00");
    }
}
