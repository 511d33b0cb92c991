//! Which shot was sent, or that none is proved.

use super::*;
use crate::settings::Search;

#[test]
fn the_true_frame_of_a_burst_is_found() {
    let mut world = World::default();
    for (at, name) in (0..).zip(["b1.jpg", "b2.jpg", "b3.jpg"]) {
        world.photo(name, &frame(5, at * 3), 92, i64::from(at));
    }
    world.send(&frame(5, 3));
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("b2.jpg"))]);
        assert!(pairings[0].score.runner_up_ratio.is_none_or(|ratio| ratio > 2.0));
        assert_eq!(pairings[0].score.time_difference_s, Some(299));
    }
}

#[test]
fn a_neighbour_is_not_linked_when_the_true_frame_is_absent() {
    let mut world = World::default();
    world.photo("b1.jpg", &frame(5, 0), 92, 0);
    world.photo("b3.jpg", &frame(5, 6), 92, 2);
    world.send(&frame(5, 3));
    world.check(Mode::Strict, &[(Decision::TooDifferent, None)]);
    world.check(Mode::Balanced, &[(Decision::TooDifferent, None)]);
}

#[test]
fn copies_are_one_unit_and_the_best_is_linked() {
    let mut world = World::default();
    world.photo("a-copy.jpg", &frame(5, 0), 85, 0);
    world.photo("camera.jpg", &frame(5, 0), 95, 0);
    world.photo("later.jpg", &frame(6, 0), 92, 9);
    world.send(&frame(5, 0));
    for mode in [Mode::Strict, Mode::Balanced] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("camera.jpg"))]);
        assert_eq!(pairings[0].also, [ItemId(0)]);
        assert!(pairings[0].score.runner_up_ratio.is_none_or(|ratio| ratio > 2.0));
    }
}

#[test]
fn two_shots_that_look_alike_stay_ambiguous() {
    let mut world = World::default();
    world.photo("first.jpg", &frame(5, 0), 92, 0);
    world.photo("second.jpg", &frame(5, 0), 91, 1);
    world.send(&frame(5, 0));
    world.check(Mode::Balanced, &[(Decision::Ambiguous, None)]);
}

#[test]
fn a_chats_own_small_copy_is_never_linked() {
    let mut world = World::default();
    let small = half(&frame(5, 0));
    let bytes = scenes::jpeg(&small, 80);
    world.original("WhatsApp Images/IMG-1.jpg", bytes, picture(&small));
    world.send(&frame(5, 0));
    world.check(Mode::Loose, &[(Decision::NotBetter, None)]);
    world.photo("camera.jpg", &frame(5, 0), 92, 0);
    world.check(Mode::Loose, &[(Decision::Matched, Some("camera.jpg"))]);
}

#[test]
fn the_window_search_links_only_inside_the_window() {
    let mut world = World::default();
    world.photo("a.jpg", &frame(5, 0), 92, -3600);
    world.photo("b.jpg", &frame(6, 0), 92, 0);
    world.send(&frame(5, 0));
    world.send(&frame(6, 0));
    let settings = Settings { search: Search::Window, ..Settings::default() };
    let decisions: Vec<Decision> =
        world.run(&settings).0.pairings.iter().map(|pairing| pairing.decision).collect();
    // What is inside the window does not look like the first at all.
    assert_eq!(decisions, [Decision::NoCandidates, Decision::Matched]);
}

#[test]
fn a_shifted_clock_is_found_and_reported() {
    let mut world = World::default();
    for seed in 1..=4 {
        world.photo(&format!("{seed}.jpg"), &frame(seed, 0), 92, 7200 + seed as i64);
        world.send(&frame(seed, 0));
    }
    let settings = Settings { search: Search::Window, ..Settings::default() };
    let matches = world.run(&settings).0;
    let found: Vec<_> =
        matches.offsets.iter().map(|offset| (offset.seconds, offset.evidence)).collect();
    assert_eq!(found, [(-7200, 4)]);
    assert!(matches.pairings.iter().all(|pairing| pairing.decision == Decision::Matched));
}

#[test]
fn an_original_with_an_old_thumbnail_is_found_behind_likelier_ones() {
    let mut world = World::default();
    world.photo("neighbour.jpg", &frame(5, 6), 92, -7200);
    let id = world.photo("stale.jpg", &frame(5, 0), 92, 0);
    let stale = world.fixture.features[id.0 as usize].as_mut().unwrap();
    stale.miniature = miniature(&frame(9, 0));
    world.send(&frame(5, 0));
    world.check(Mode::Strict, &[(Decision::Matched, Some("stale.jpg"))]);
}

#[test]
fn a_neighbour_in_which_something_moved_does_not_end_the_search() {
    let mut world = World::default();
    let mut moved = frame(5, 0);
    for row in moved.grey.chunks_exact_mut(1280).skip(400).take(24) {
        row[600..624].iter_mut().for_each(|level| *level = level.wrapping_add(100));
    }
    world.photo("neighbour.jpg", &moved, 92, -7200);
    world.send(&frame(5, 0));
    let alone = &world.check(Mode::Balanced, &[(Decision::TooDifferent, None)])[0];
    assert!(alone.score.residual < Some(alone.thresholds.residual), "{alone:#?}");
    let id = world.photo("stale.jpg", &frame(5, 0), 92, 0);
    let stale = world.fixture.features[id.0 as usize].as_mut().unwrap();
    stale.miniature = miniature(&frame(9, 0));
    world.check(Mode::Balanced, &[(Decision::Matched, Some("stale.jpg"))]);
}
