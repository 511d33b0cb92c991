//! Pictures that were changed before they were sent: cut, drawn on, seen through
//! a filter.

use super::*;
use crate::examine::{look, pixels};
use crate::model::{Chroma, Edit, Edits};

#[test]
fn a_part_that_two_pictures_share_stays_ambiguous() {
    let mut world = World::default();
    let scene = frame(5, 0);
    let mut other = scene.clone();
    for row in other.grey.chunks_exact_mut(1280).take(60) {
        row[..300].fill(200);
    }
    world.photo("a.jpg", &scene, 92, 0);
    world.photo("b.jpg", &other, 92, 60);
    let grey = scene.grey.chunks_exact(1280).skip(96).flat_map(|row| row[100..].to_vec());
    world.send(&Plane { width: 1180, height: 864, grey: grey.collect() });
    let pairings = world.check(Mode::Balanced, &[(Decision::Ambiguous, None)]);
    assert_eq!(pairings[0].candidates.len(), 2);
}

#[test]
fn other_words_on_a_screen_are_no_drawing() {
    let scene = frame(5, 0);
    let mut written = scene.clone();
    for row in written.grey.chunks_exact_mut(1280).skip(400).take(80) {
        row[300..700].fill(255);
    }
    let mut world = World::default();
    world.photo("photo.jpg", &scene, 92, 0);
    world.send(&written);
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("photo.jpg"))]);
    assert!(pairings[0].edits.contains(Edit::Drawing), "{pairings:#?}");
    let mut world = World::default();
    let screen = Features { kind: Kind::Png, ..picture(&scene) };
    world.original("screen.png", scenes::jpeg(&scene, 92), screen);
    world.send(&written);
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        assert_eq!(world.check(mode, &[(Decision::TooDifferent, None)])[0].edits, Edits::EMPTY);
    }
}

#[test]
fn every_change_of_a_picture_is_named() {
    let scene = frame(5, 0);
    let mut sent = scene.clone();
    sent.grey[400 * 1280..480 * 1280].fill(255);
    sent.grey.chunks_exact_mut(1280).for_each(<[u8]>::reverse);
    let mut world = World::default();
    world.photo("photo.jpg", &scene, 92, 0);
    world.send(&sent);
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("photo.jpg"))]);
    let every = [Edit::Cover, Edit::Drawing, Edit::Mirror].into_iter().collect();
    assert_eq!(pairings[0].edits, every, "a bar that hides, and the mirror");
}

/// Every level through a curve of shares of white.
fn toned(plane: &Plane, curve: impl Fn(f64) -> f64) -> Plane {
    let toned = |&level: &u8| (255.0 * curve(f64::from(level) / 255.0)).round() as u8;
    Plane { grey: plane.grey.iter().map(toned).collect(), ..plane.clone() }
}

/// Dark darker and light lighter.
fn contrast(share: f64) -> f64 {
    0.1 * share + 0.9 * share * share * (3.0 - 2.0 * share)
}

/// A scene with grain on its left half.
fn grainy(seed: u64) -> Plane {
    let mut plane = frame(seed, 0);
    let mut bits = 1u32;
    for (at, level) in plane.grey.iter_mut().enumerate() {
        bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if at % 1280 < 640 {
            let grain = f64::from(bits >> 24) - 127.5;
            *level = (f64::from(*level) * 0.5 + 64.0 + grain * 0.9).clamp(0.0, 255.0) as u8;
        }
    }
    plane
}

#[test]
fn a_filter_bends_the_grain_of_a_picture_too() {
    let mut world = World::default();
    world.photo("grainy.jpg", &grainy(5), 95, 0);
    world.send_as_it_is(&toned(&half(&grainy(5)), contrast));
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("grainy.jpg"))]);
    assert_eq!(pairings[0].edits, Edit::Filter.into());
}

#[test]
fn a_picture_and_its_filtered_copy_are_not_in_each_others_way() {
    let world_with = |second: i64| {
        let mut world = World::default();
        world.photo("taken.jpg", &frame(5, 0), 95, 0);
        world.photo("bright.jpg", &toned(&frame(5, 0), |share| share.powf(0.6)), 95, second);
        world.send_as_it_is(&toned(&half(&frame(5, 0)), |share| share.powf(1.8)));
        world
    };
    let settings = Settings::default();
    let copy = &world_with(0).run(&settings).0.pairings[0];
    assert_eq!((copy.decision, copy.edits), (Decision::Matched, Edit::Filter.into()), "{copy:#?}");
    // A camera that says that these are two shots is believed.
    let shots = &world_with(40).run(&settings).0.pairings[0];
    assert_eq!(shots.decision, Decision::Ambiguous, "{shots:#?}");
}

#[test]
fn loose_takes_no_filter_for_noise() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    let curve = |share: f64| share - 0.06 * (share * std::f64::consts::TAU).sin();
    world.send_as_it_is(&toned(&half(&scene), curve));
    for mode in [Mode::Balanced, Mode::Loose] {
        let found = &world.check(mode, &[(Decision::Matched, Some("a.jpg"))])[0];
        assert_eq!(found.edits, Edit::Filter.into(), "{found:#?}");
    }
}

/// Warm light on a scene, as a JPEG.
fn warm(plane: &Plane, quality: u8) -> Vec<u8> {
    let pixels = plane.grey.iter().map(|&level| {
        let level = level / 2 + 64;
        [level + 40, level, level - 40]
    });
    let pixels: Vec<[u8; 3]> = pixels.collect();
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(pixels.as_flattened(), plane.width, plane.height, image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

impl World {
    /// A coarsely encoded warm photo, and its luma alone, finely.
    fn warm_and_grey(&mut self) -> (ItemId, ItemId) {
        let [fine, coarse] = [100, 70].map(|quality| warm(&frame(5, 0), quality));
        let grey = pixels::luma(&fine, 1280, &Settings::default().limits).unwrap();
        let copy = self.photo("a grey.jpg", &grey, 98, 0);
        let photo = self.original("b warm.jpg", coarse, picture(&frame(5, 0)));
        (photo, copy)
    }

    fn send_warm(&mut self) {
        let sent = warm(&half(&frame(5, 0)), 80);
        let item = self.exported("sent.jpg", sent, picture(&half(&frame(5, 0))));
        self.fixture.send(MediaKind::Image, Some(item), SECOND + 300);
    }
}

#[test]
fn a_copy_without_its_colours_is_another_picture() {
    let mut world = World::default();
    let (photo, copy) = world.warm_and_grey();
    world.send_warm();
    for mode in [Mode::Strict, Mode::Balanced] {
        let found = &world.check(mode, &[(Decision::Matched, Some("b warm.jpg"))])[0];
        assert_eq!((found.edits, found.also.as_slice()), (Edits::EMPTY, &[][..]), "{found:#?}");
        assert_eq!(found.candidates[0].item, photo);
        assert_eq!(found.candidates[1].item, copy);
    }
}

/// The colours of a picture, or those of its luma alone.
fn colours(bytes: &[u8], coloured: bool) -> Option<Chroma> {
    let tones = pixels::tones(bytes, 1280, &Settings::default().limits).ok()?;
    let own = look::chroma(&tones, pixels::Window::whole(&tones.luma));
    Some(if coloured { own } else { Chroma(vec![128; 512].into()) })
}

#[test]
fn other_colours_are_looked_for_in_the_picture_itself() {
    let edits = |coloured: bool, thumbnail: &Plane| {
        let mut world = World::default();
        let bytes = warm(&frame(5, 0), 90);
        let chroma = colours(&bytes, !coloured);
        let noted = Features { miniature: miniature(thumbnail), chroma, ..picture(&frame(5, 0)) };
        let grey = pixels::luma(&bytes, 1280, &Settings::default().limits).unwrap();
        let bytes = if coloured { bytes } else { scenes::jpeg(&grey, 90) };
        world.original("original.jpg", bytes, noted);
        world.send_warm();
        world.run(&Settings::default()).0.pairings[0].edits
    };
    assert_eq!(edits(true, &frame(5, 0)), Edits::EMPTY, "a thumbnail with other colours");
    assert_eq!(edits(false, &frame(6, 0)), Edit::Filter.into(), "colours of an old thumbnail");
}
