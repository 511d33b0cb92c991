//! Whole suggestions over a few files, made in code.

use super::asked::Asked;
use super::draft::Source;
use super::facts::{By, Facts, Note, Sent, Shown, Stamp};
use super::many::many;
use super::suggest::{Because, Seen, Suggestions, suggest};
use super::track::Track;
use crate::model::{Camera, Field, How, Made, Place, Value, Written};

/// 2024-07-01 10:00:00 on a wall.
const TEN: i64 = 1_719_828_000;
const LAKE: Place = Place { lat: 46.624, lon: 14.307 };
const VIENNA: Place = Place { lat: 48.2082, lon: 16.3738 };

/// A photo of a camera without a receiver and without a zone, minutes after ten.
fn camera(path: &str, minutes: i64) -> Facts {
    let shown = Shown::Wall(TEN + 60 * minutes, None);
    Facts {
        path: path.into(),
        stamp: Some(Stamp { shown, millis: 0, by: By::Camera }),
        written: Some(Written { wall: TEN + 60 * minutes, zone_minutes: None }),
        camera: Some("NIKON D5600".into()),
        ..Facts::default()
    }
}

/// A photo of a phone, two hours east of UTC.
fn phone(path: &str, minutes: i64, place: Option<Place>) -> Facts {
    let wall = TEN + 60 * minutes;
    Facts {
        stamp: Some(Stamp { shown: Shown::Wall(wall, Some(120)), millis: 0, by: By::Camera }),
        written: Some(Written { wall, zone_minutes: Some(120) }),
        place: place.map(|place| (place, Some(440.0))),
        camera: Some("Apple iPhone 13".into()),
        named: Camera { make: Some("Apple".into()), model: Some("iPhone 13".into()) },
        ..camera(path, minutes)
    }
}

fn north(metres: f64) -> Place {
    Place { lat: LAKE.lat + metres / 111_195.0, lon: LAKE.lon }
}

fn found(facts: Vec<Facts>) -> Suggestions {
    suggest(&mut Seen { facts, ..Seen::default() }, &Asked::default())
}

fn change(found: &Suggestions, file: usize, field: Field) -> Option<&super::Change> {
    let mut all = found.groups.iter().flat_map(|group| &group.changes);
    all.find(|change| change.file == file && change.value.field() == field)
}

fn place(found: &Suggestions, file: usize) -> Option<(Place, How, bool)> {
    let change = change(found, file, Field::Place)?;
    let Value::Place(place) = change.value else { return None };
    Some((place, change.how, change.on))
}

#[track_caller]
fn is_near(found: &Suggestions, file: usize, want: Place, off: f64) {
    let (at, ..) = place(found, file).unwrap();
    let apart = super::geo::metres(at, want);
    assert!(apart <= off, "{at:?} is {apart} m off");
}

#[test]
fn a_photo_gets_the_place_of_its_neighbour_for_half_an_hour() {
    let facts = vec![
        phone("a.jpg", 0, Some(LAKE)),
        camera("b.jpg", 10),
        camera("c.jpg", 30),
        camera("d.jpg", 31),
    ];
    let found = found(facts);
    assert_eq!(place(&found, 1), Some((LAKE, How::Copied, true)));
    assert_eq!(place(&found, 2).map(|found| found.2), Some(false));
    assert_eq!(place(&found, 3), None);
    assert_eq!(change(&found, 1, Field::Altitude).unwrap().value, Value::Altitude(440.0));
    assert_eq!(place(&found, 0), None);
    assert_eq!(change(&found, 1, Field::Date), None);
}

#[test]
fn between_two_fixes_a_photo_is_on_the_way() {
    let facts = vec![
        phone("a.jpg", 0, Some(LAKE)),
        camera("b.jpg", 5),
        phone("c.jpg", 20, Some(north(2000.0))),
    ];
    let found = found(facts);
    is_near(&found, 1, north(500.0), 2.0);
    let change = change(&found, 1, Field::Place).unwrap();
    assert_eq!((change.how, change.from.len()), (How::Interpolated, 2));
    assert_eq!(change.speed_kmh, Some(6.0));
    assert_eq!(found.groups.len(), 1);
}

#[test]
fn nobody_travels_faster_than_a_train() {
    let facts =
        vec![phone("a.jpg", 0, Some(LAKE)), camera("b.jpg", 20), phone("c.jpg", 40, Some(VIENNA))];
    let found = found(facts);
    assert!(matches!(place(&found, 1), Some((_, How::Interpolated, false))));
}

#[test]
fn two_places_at_one_minute_are_left_to_the_user() {
    let partner = Facts { camera: Some("Pixel 7".into()), ..phone("b.jpg", 0, Some(VIENNA)) };
    let facts = vec![phone("a.jpg", 0, Some(LAKE)), partner, camera("c.jpg", 2)];
    let both = found(facts.clone());
    assert!(place(&both, 2).is_none_or(|(.., on)| !on));
    let conflicts: Vec<_> = both.groups.iter().flat_map(|group| &group.conflicts).collect();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].files, [Source::File(0), Source::File(1)]);
    assert!((225_000.0..245_000.0).contains(&conflicts[0].metres));
    let mut named = facts;
    named[0].path = "ann/a.jpg".into();
    let asked = Asked { prefer: vec!["ann".into()], ..Asked::default() };
    let chosen = suggest(&mut Seen { facts: named, ..Seen::default() }, &asked);
    assert!(matches!(place(&chosen, 2), Some((LAKE, How::Copied, true))));
}

#[test]
fn the_own_receiver_tells_where_a_phone_was() {
    let partner = Facts { camera: Some("Pixel 7".into()), ..phone("b.jpg", 0, Some(VIENNA)) };
    let facts = vec![phone("a.jpg", 0, Some(LAKE)), partner, phone("c.jpg", 2, None)];
    assert!(matches!(place(&found(facts), 2), Some((LAKE, How::Copied, true))));
}

#[test]
fn a_zone_far_from_the_source_says_that_it_was_elsewhere() {
    let wall = TEN - 6 * 3600;
    let shown = Shown::Wall(wall, Some(-240));
    let partner = Facts {
        stamp: Some(Stamp { shown, millis: 0, by: By::Camera }),
        camera: Some("Pixel 7".into()),
        ..phone("b.jpg", 0, None)
    };
    let found = found(vec![phone("a.jpg", 1, Some(LAKE)), partner]);
    assert_eq!(place(&found, 1), None);
}

#[test]
fn clocks_that_are_changed_do_not_part_two_phones() {
    // 2024-10-27: 02:50+02:00 is 00:50 UTC, 02:10+01:00 is 01:10 UTC.
    let night = 1_729_990_200;
    let at = |path: &str, utc: i64, zone: i32, place| {
        let shown = Shown::Wall(utc + 60 * i64::from(zone), Some(zone));
        Facts {
            stamp: Some(Stamp { shown, millis: 0, by: By::Camera }),
            camera: Some(path.into()),
            ..phone(path, 0, place)
        }
    };
    let summer = at("a.jpg", night, 120, Some(LAKE));
    let found = found(vec![summer, at("b.jpg", night + 1200, 60, None)]);
    assert!(place(&found, 1).is_some());
}

/// Five scenes that a phone and a camera took, the camera an hour behind.
fn two_cameras(behind: i64) -> Seen {
    let mut facts = Vec::new();
    let mut alike = Vec::new();
    for scene in 0..5 {
        let at = 8 * scene;
        facts.push(phone(&format!("i{scene}.jpg"), at, Some(north(250.0 * scene as f64))));
        facts.push(camera(&format!("d{scene}.jpg"), at - behind));
        alike.push((facts.len() - 2, facts.len() - 1));
    }
    facts.push(camera("d9.jpg", 12 - behind));
    Seen { facts, alike, ..Seen::default() }
}

#[test]
fn scenes_of_two_cameras_set_a_clock_right() {
    for behind in [60, 12_877_920] {
        let found = suggest(&mut two_cameras(behind), &Asked::default());
        let clock = found.clocks.iter().find(|clock| clock.camera.contains("NIKON")).unwrap();
        assert_eq!((clock.offset_s, clock.evidence), (60 * behind, 5));
        let date = change(&found, 10, Field::Date).unwrap();
        let want = Written { wall: TEN + 720, zone_minutes: Some(120) };
        assert_eq!((&date.value, date.how, date.on), (&Value::Date(want), How::Clock, true));
        is_near(&found, 10, north(375.0), 2.0);
        assert_eq!(change(&found, 0, Field::Date), None);
    }
}

#[test]
fn a_locked_clock_is_right() {
    let locked = Asked { locked: vec!["d5600".into()], ..Asked::default() };
    let found = suggest(&mut two_cameras(60), &locked);
    let of = |name: &str| found.clocks.iter().find(|clock| clock.camera.contains(name)).unwrap();
    assert!(of("NIKON").locked && of("NIKON").offset_s == 0);
    assert_eq!((of("iPhone").offset_s, of("iPhone").locked), (-3600, false));
}

#[test]
fn two_bodies_of_one_name_are_told_by_their_scenes() {
    let mut seen = two_cameras(60);
    for scene in 0..5 {
        seen.facts.push(camera(&format!("x/e{scene}.jpg"), 8 * scene));
        seen.alike.push((2 * scene as usize, seen.facts.len() - 1));
    }
    let found = suggest(&mut seen, &Asked::default());
    let offsets: Vec<i64> = found.clocks.iter().map(|clock| clock.offset_s).collect();
    assert!(offsets.contains(&3600) && found.clocks.len() == 3, "{offsets:?}");
    assert_eq!(change(&found, 11, Field::Date), None);
}

#[test]
fn another_encoding_of_a_shot_gets_all_that_it_lost() {
    let original = Facts {
        lens: Some("back".into()),
        tags: vec!["boat".into(), "lake".into()],
        ..phone("camera/a.jpg", 0, Some(LAKE))
    };
    let copy = Facts {
        path: "chat/b.jpg".into(),
        tags: vec!["boat".into(), "holiday".into()],
        ..Facts::default()
    };
    let wrong = Facts { camera: None, ..camera("export/c.jpg", 9_000_000) };
    let facts = vec![original, copy, wrong];
    let mut seen = Seen { facts, same: vec![(0, 1), (0, 2)], ..Seen::default() };
    let found = suggest(&mut seen, &Asked::default());
    for file in [1, 2] {
        assert_eq!(place(&found, file), Some((LAKE, How::Copied, true)));
        let date = &change(&found, file, Field::Date).unwrap().value;
        assert_eq!(*date, Value::Date(Written { wall: TEN, zone_minutes: Some(120) }));
        assert!(change(&found, file, Field::Camera).is_some());
        assert!(change(&found, file, Field::Lens).is_some());
    }
    let tags = |file| change(&found, file, Field::Tags).map(|change| change.value.clone());
    let all = ["boat", "holiday", "lake"].map(str::to_owned).to_vec();
    assert_eq!((tags(0), tags(1)), (Some(Value::Tags(all.clone())), Some(Value::Tags(all))));
    assert_eq!(change(&found, 0, Field::Date), None);
    assert_eq!(found.groups[0].because, [Because::Time, Because::Shot]);
}

#[test]
fn a_note_gives_what_the_file_does_not_say() {
    let note = |place: Option<Place>| Note {
        path: "a.json".into(),
        place: place.map(|place| (place, None)),
        utc: Some(TEN),
        tags: Vec::new(),
    };
    let mut bare = Facts { path: "a.jpg".into(), ..Facts::default() };
    bare.add_note(note(Some(VIENNA)));
    let mut placed = phone("b.jpg", 500, Some(LAKE));
    placed.add_note(note(Some(VIENNA)));
    let found = found(vec![bare, placed]);
    assert!(matches!(place(&found, 0), Some((VIENNA, How::Sidecar, true))));
    assert!(change(&found, 0, Field::Date).is_some_and(|date| date.on));
    assert_eq!((place(&found, 1), change(&found, 1, Field::Date)), (None, None));
}

#[test]
fn a_message_dates_a_copy_that_nothing_else_dates() {
    let message = |span| Facts {
        path: "chat/IMG-1.jpg".into(),
        sent: Some(Sent { wall: TEN, span }),
        outside: true,
        ..Facts::default()
    };
    let of = |span, more: Option<Facts>| {
        let copy = Facts { path: "b.jpg".into(), ..Facts::default() };
        let mut same = vec![(0, 1)];
        same.extend(more.as_ref().map(|_| (1, 2)));
        let facts = [message(span), copy].into_iter().chain(more).collect();
        let found = suggest(&mut Seen { facts, same, ..Seen::default() }, &Asked::default());
        change(&found, 1, Field::Date).map(|change| (change.value.clone(), change.how))
    };
    let sent = Value::Date(Written { wall: TEN, zone_minutes: None });
    assert_eq!(of(60, None), Some((sent, How::Chat)));
    assert_eq!(of(86_400, None), None);
    let original = of(60, Some(phone("c.jpg", -5, None)));
    assert_eq!(original.map(|(_, how)| how), Some(How::Copied));
}

#[test]
fn a_track_is_a_source() {
    let utc = |minutes: i64| TEN - 7200 + 60 * minutes;
    let points = (0..20).map(|at| (utc(at), north(100.0 * at as f64), Some(500.0 + at as f64)));
    let track = Track { path: "walk.gpx".into(), points: points.collect() };
    // A phone without places knows the zone.
    let facts = vec![camera("a.jpg", 5), phone("b.jpg", 300, None)];
    let mut seen = Seen { facts, tracks: vec![track], ..Seen::default() };
    let found = suggest(&mut seen, &Asked::default());
    is_near(&found, 0, north(500.0), 1.0);
    assert_eq!(place(&found, 1), None);
}

#[test]
fn a_track_tells_the_zone_that_no_file_knows() {
    let track = |hours: i64| {
        let utc = |minutes: i64| TEN - 7200 + 60 * minutes;
        let points = (0..60 * hours).map(|at| (utc(at), north(10.0 * at as f64), None));
        Track { path: "walk.gpx".into(), points: points.collect() }
    };
    let at = |minutes| camera(&format!("{minutes}.jpg"), minutes);
    let facts: Vec<Facts> = [5, 6, 7, 8, 52, 53, 54, 55].map(at).to_vec();
    let of = |track| {
        let mut seen = Seen { facts: facts.clone(), tracks: vec![track], ..Seen::default() };
        suggest(&mut seen, &Asked::default())
    };
    is_near(&of(track(1)), 0, north(50.0), 1.0);
    assert!(place(&of(track(1)), 0).is_some_and(|(.., on)| on));
    // Over many hours several zones are as good: the likeliest is shown, and off.
    is_near(&of(track(8)), 0, north(50.0), 1.0);
    assert!(place(&of(track(8)), 0).is_some_and(|(.., on)| !on));
}

#[test]
fn scans_and_screens_get_no_place() {
    let scan = Facts { made: Some(Made::Scan), stamp: None, ..camera("b.jpg", 1) };
    let screen = Facts { made: Some(Made::Screen), camera: None, ..camera("c.png", 2) };
    let found = found(vec![phone("a.jpg", 0, Some(LAKE)), scan, screen]);
    assert_eq!((place(&found, 1), place(&found, 2)), (None, None));
}

#[test]
fn a_receiver_whose_weeks_rolled_over_changes_no_date() {
    let rolled = |path: &str, minutes: i64| {
        let gps_time = Some(TEN - 7200 + 60 * minutes - 1024 * 7 * 86_400);
        Facts { gps_time, ..phone(path, minutes, Some(LAKE)) }
    };
    let facts = (0..5).map(|at| rolled(&format!("{at}.jpg"), at)).collect();
    let found = found(facts);
    assert!(found.groups.iter().all(|group| group.changes.is_empty()));
    assert_eq!(found.clocks[0].offset_s, 0);
}

#[test]
fn a_receiver_tells_how_wrong_its_camera_is() {
    let facts = (0..5)
        .map(|at| {
            let gps_time = Some(TEN - 7200 + 60 * at + 3600);
            Facts { gps_time, ..phone(&format!("{at}.jpg"), at, Some(LAKE)) }
        })
        .collect();
    let found = found(facts);
    assert_eq!((found.clocks[0].offset_s, found.clocks[0].evidence), (3600, 5));
    let want = Written { wall: TEN + 3600, zone_minutes: Some(120) };
    assert_eq!(change(&found, 0, Field::Date).unwrap().value, Value::Date(want));
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let seen = two_cameras(60);
    let first = suggest(&mut seen.clone(), &Asked::default());
    let count = seen.facts.len();
    let facts: Vec<Facts> = seen.facts.iter().rev().cloned().collect();
    let turned = |(a, b): &(usize, usize)| (count - 1 - b, count - 1 - a);
    let alike = seen.alike.iter().map(turned).collect();
    let second = suggest(&mut Seen { facts, alike, ..Seen::default() }, &Asked::default());
    let told = |of: &Suggestions, name: &dyn Fn(usize) -> usize| {
        let mut all: Vec<String> = of
            .groups
            .iter()
            .flat_map(|group| &group.changes)
            .map(|change| format!("{} {:?} {}", name(change.file), change.value, change.on))
            .collect();
        all.sort();
        all
    };
    assert_eq!(told(&first, &|at| at), told(&second, &|at| count - 1 - at));
}

#[test]
fn thousands_are_grouped_and_most_get_a_place() {
    let found = suggest(&mut many(3000), &Asked::default());
    let places = (0..3000).step_by(3).filter(|&at| place(&found, at).is_some()).count();
    assert!(places > 900, "{places}");
    assert!(found.groups.len() > 20, "{}", found.groups.len());
}
