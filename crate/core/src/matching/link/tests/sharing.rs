//! Several messages that one original may be behind.

use super::*;
use crate::model::{Edit, Edits};

#[test]
fn another_picture_does_not_share_an_original() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    let mut other = scene.clone();
    for row in 300..600 {
        let part = other.grey[row * 1280 + 300..row * 1280 + 900].iter_mut();
        part.for_each(|grey| *grey = grey.saturating_add(12));
    }
    world.send(&other);
    world.send(&scene);
    world.send(&scene);
    let linked = (Decision::Matched, Some("a.jpg"));
    world.check(Mode::Balanced, &[(Decision::TooDifferent, None), linked, linked]);
    world.check(Mode::Loose, &[(Decision::Ambiguous, None), linked, linked]);
}

#[test]
fn a_changed_send_shares_the_original_with_an_unchanged_one() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    world.photo("b.jpg", &frame(6, 0), 92, 9);
    let mut drawn = scene.clone();
    drawn.grey[400 * 1280..480 * 1280].fill(255);
    let mut mirrored = scene.clone();
    mirrored.grey.chunks_exact_mut(1280).for_each(<[u8]>::reverse);
    for sent in [&drawn, &scene, &mirrored] {
        world.send(sent);
    }
    let linked = (Decision::Matched, Some("a.jpg"));
    for mode in [Mode::Balanced, Mode::Loose] {
        let pairings = world.check(mode, &[linked; 3]);
        let edits: Vec<Edits> = pairings.iter().map(|pairing| pairing.edits).collect();
        assert_eq!(edits, [Edit::Drawing.into(), Edits::EMPTY, Edit::Mirror.into()]);
    }
    let kept = (Decision::TooDifferent, None);
    world.check(Mode::Strict, &[kept, linked, kept]);
}

#[test]
fn two_sizes_of_one_picture_share_the_original() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    world.send(&scene);
    let map = shrink(&scene, Size::new(480, 360));
    let grey = map.levels.iter().map(|level| (level >> 8) as u8).collect();
    let small = Plane { width: 480, height: 360, grey };
    let item = world.exported("small.jpg", scenes::jpeg(&small, 65), picture(&small));
    world.fixture.send(MediaKind::Image, Some(item), SECOND + 400);
    let linked = (Decision::Matched, Some("a.jpg"));
    world.check(Mode::Balanced, &[linked, linked]);
}
