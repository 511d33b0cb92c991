//! Pictures that show little, and originals whose thumbnail shows something else.

use super::{World, frame, half, picture};
use crate::examine::pixels::Plane;
use crate::matching::pairing::Decision;
use crate::matching::reason::Reason;
use crate::matching::scenes;
use crate::model::{Features, Fingerprint, Taken, TimeSource};
use crate::settings::Mode;

/// An evening sky, and in it something of 40 × 24 pixels with rotor and rails, whose
/// left upper corner is at this place.
fn sky(thing: Option<(u32, u32)>) -> Plane {
    let level = |x: u32, y: u32| {
        let far = (y + x / 4) / 12;
        let inside = thing.and_then(|(left, top)| {
            let (x, y) = (x.checked_sub(left)?, y.checked_sub(top)?);
            (x < 40 && y < 24).then(|| (x * 7 + y * y / 5 + (x / 9) * (y / 7) * 40) % 60)
        });
        inside.map_or(110 + far, |level| 90 + level) as u8
    };
    let grey = (0..960).flat_map(|y| (0..1280).map(move |x| (x, y))).map(|(x, y)| level(x, y));
    Plane { width: 1280, height: 960, grey: grey.collect() }
}

#[test]
fn what_little_a_plain_picture_shows_proves_it() {
    let mut world = World::default();
    world.photo("empty.jpg", &sky(None), 92, 0);
    world.photo("before.jpg", &sky(Some((300, 500))), 92, 1);
    world.photo("here.jpg", &sky(Some((612, 404))), 92, 2);
    world.photo("after.jpg", &sky(Some((640, 404))), 92, 3);
    world.send(&sky(Some((612, 404))));
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        world.check(mode, &[(Decision::Matched, Some("here.jpg"))]);
    }
}

#[test]
fn a_plain_picture_without_its_original_is_not_linked() {
    let mut world = World::default();
    world.photo("empty.jpg", &sky(None), 92, 0);
    world.photo("after.jpg", &sky(Some((640, 404))), 92, 3);
    world.send(&sky(Some((612, 404))));
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let pairings =
            world.run(&crate::settings::Settings { mode, ..Default::default() }).0.pairings;
        assert_eq!(pairings[0].original, None, "{}: {pairings:#?}", mode.name());
    }
}

#[test]
fn only_loose_links_the_one_plain_picture_of_that_time() {
    let mut world = World::default();
    world.photo("sky.jpg", &sky(None), 92, 0);
    world.send(&sky(None));
    world.check(Mode::Strict, &[(Decision::Ambiguous, None)]);
    let found = world.check(Mode::Balanced, &[(Decision::Ambiguous, None)]);
    assert!(!found[0].candidates.is_empty(), "to look at: {found:#?}");
    let found = world.check(Mode::Loose, &[(Decision::Matched, Some("sky.jpg"))]);
    assert_eq!(found[0].reason, Reason::OnlyPlain { original: "sky.jpg".into() });
    world.photo("another sky.jpg", &sky(None), 95, 100);
    world.check(Mode::Loose, &[(Decision::Ambiguous, None)]);
}

#[test]
fn a_plain_picture_of_another_time_is_not_linked() {
    let mut world = World::default();
    world.photo("sky.jpg", &sky(None), 92, -86_400);
    world.send(&sky(None));
    world.check(Mode::Loose, &[(Decision::Ambiguous, None)]);
}

/// A photo whose thumbnail shows something else than the photo does.
fn lying(world: &mut World, path: &str, plane: &Plane, second: i64) {
    let shown = picture(&frame(99, 0));
    let features = Features {
        camera: Some("Pentax".into()),
        taken: Some(Taken::Wall(super::SECOND + second)),
        time_source: Some(TimeSource::Exif),
        fingerprint: Some(Fingerprint { p64: !0x1234, contrast: 50.0 }),
        ..shown
    };
    world.original(path, scenes::jpeg(plane, 92), features);
}

#[test]
fn an_original_of_that_time_is_looked_at_whatever_its_thumbnail_shows() {
    let mut world = World::default();
    lying(&mut world, "lies.jpg", &frame(5, 0), 60);
    lying(&mut world, "lies too.jpg", &frame(6, 0), 0);
    world.send(&frame(5, 0));
    world.check(Mode::Strict, &[(Decision::Matched, Some("lies.jpg"))]);
}

#[test]
fn what_was_taken_at_another_time_is_not_decoded_for_it() {
    let mut world = World::default();
    lying(&mut world, "long ago.jpg", &frame(5, 0), -86_400);
    world.send_as_it_is(&half(&frame(5, 0)));
    world.check(Mode::Strict, &[(Decision::NoCandidates, None)]);
}
