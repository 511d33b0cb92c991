//! Several versions of one picture: which of them was sent.

use super::*;

/// Every level changed.
fn toned(plane: &Plane, level: impl Fn(u8) -> u8) -> Plane {
    Plane { grey: plane.grey.iter().map(|&old| level(old)).collect(), ..*plane }
}

/// Twice as large, each new pixel between the nearest four.
fn enlarged(plane: &Plane) -> Plane {
    let (width, height) = (plane.width * 2, plane.height * 2);
    // The nearest old pixel, which weighs three parts of four, and the next one.
    let pair = |at: u32, edge: u32| {
        let next = if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { at / 2 + 1 };
        [(at / 2, 3), (next.min(edge - 1), 1)]
    };
    let level = |index: u32| {
        let rows = pair(index / width, plane.height);
        let columns = pair(index % width, plane.width);
        let both = rows.iter().flat_map(|row| columns.map(|column| (*row, column)));
        let old = |x: u32, y: u32| u32::from(plane.grey[(y * plane.width + x) as usize]);
        let sum: u32 = both.map(|((y, down), (x, across))| down * across * old(x, y)).sum();
        ((sum + 8) / 16) as u8
    };
    Plane { width, height, grey: (0..width * height).map(level).collect() }
}

#[test]
fn a_darker_version_was_linked_for_the_one_that_was_sent() {
    let mut world = World::default();
    let photo = frame(5, 0);
    world.photo("IMG_1.jpg", &photo, 90, 0);
    world.photo("IMG_E1.jpg", &toned(&photo, |level| (f64::from(level) * 0.81) as u8), 95, 0);
    world.send(&photo);
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("IMG_1.jpg"))]);
        assert!(pairings[0].also.is_empty(), "{pairings:?}");
    }
}

#[test]
fn a_darker_version_alone_is_a_changed_picture() {
    let mut world = World::default();
    let photo = frame(5, 0);
    world.photo("IMG_E1.jpg", &toned(&photo, |level| (f64::from(level) * 0.83) as u8), 95, 0);
    world.send(&photo);
    world.check(Mode::Strict, &[(Decision::TooDifferent, None)]);
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("IMG_E1.jpg"))]);
    assert_eq!(pairings[0].edits, crate::model::Edit::Filter.into());
}

#[test]
fn a_retouched_version_was_linked_for_the_one_that_was_sent() {
    let mut world = World::default();
    let photo = frame(5, 0);
    let mut retouched = photo.clone();
    for y in 300..318 {
        for x in 500..518 {
            retouched.grey[y * 1280 + x] = photo.grey[(y + 40) * 1280 + x + 60].wrapping_add(30);
        }
    }
    world.photo("IMG_1.jpg", &photo, 90, 0);
    world.photo("IMG_E1.jpg", &retouched, 95, 0);
    world.send(&photo);
    for mode in [Mode::Strict, Mode::Balanced] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("IMG_1.jpg"))]);
        assert!(pairings[0].also.is_empty(), "{pairings:?}");
    }
}

#[test]
fn an_enlarged_copy_was_linked_for_the_cameras_file() {
    let mut world = World::default();
    let photo = frame(5, 0);
    world.photo("camera.jpg", &photo, 92, 0);
    let large = enlarged(&photo);
    world.original("large.jpg", scenes::jpeg(&large, 95), picture(&large));
    world.send(&photo);
    for mode in [Mode::Strict, Mode::Balanced] {
        world.check(mode, &[(Decision::Matched, Some("camera.jpg"))]);
    }
}

#[test]
fn what_was_enlarged_from_the_sent_picture_is_no_better() {
    let mut world = World::default();
    let sent = half(&frame(5, 0));
    let large = enlarged(&sent);
    world.original("large.jpg", scenes::jpeg(&large, 95), picture(&large));
    world.send_as_it_is(&sent);
    world.check(Mode::Balanced, &[(Decision::NotBetter, None)]);
}

/// A scene with a mark of 10 × 14 pixels, as a digit on a screen, and without it.
fn with_and_without_a_digit() -> (Plane, Plane) {
    let plain = frame(5, 0);
    let mut marked = plain.clone();
    for y in 301..315 {
        let start = y * 1280 + 603;
        for level in &mut marked.grey[start..start + 10] {
            *level = if *level > 128 { *level - 60 } else { *level + 60 };
        }
    }
    (marked, plain)
}

#[test]
fn a_screen_with_another_digit_was_linked() {
    let (marked, plain) = with_and_without_a_digit();
    let mut world = World::default();
    world.original("other.jpg", scenes::jpeg(&plain, 97), picture(&plain));
    world.send(&marked);
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        world.check(mode, &[(Decision::TooDifferent, None)]);
    }
    world.original("screen.jpg", scenes::jpeg(&marked, 97), picture(&marked));
    for mode in [Mode::Strict, Mode::Balanced] {
        world.check(mode, &[(Decision::Matched, Some("screen.jpg"))]);
    }
}
