//! Pictures in which somebody hid a part before they were sent.

use super::*;
use crate::model::{Edit, Edits};

/// A part of a picture: its left upper corner, and its edges.
#[derive(Clone, Copy)]
struct Part {
    x: usize,
    y: usize,
    edge: usize,
}

/// The small part in which the scene has most texture, and a large one.
const FACE: Part = Part { x: 640, y: 400, edge: 60 };
const GROUP: Part = Part { x: 500, y: 300, edge: 300 };

/// A scene with texture everywhere, in waves of several lengths: what a part looks like
/// when it is hidden depends on it.
fn textured(seed: u64) -> Plane {
    let mut plane = frame(seed, 0);
    for (at, level) in plane.grey.iter_mut().enumerate() {
        let (x, y) = ((at % 1280) as f64, (at / 1280) as f64);
        let wave = (x / 2.9 + y / 7.0).sin() + (y / 3.7 - x / 11.0).sin() + (x / 23.0).sin();
        *level = (f64::from(*level) * 0.7 + 38.0 + 9.0 * wave).clamp(0.0, 255.0) as u8;
    }
    plane
}

/// The picture with another level for each pixel of a part.
fn changed(plane: &Plane, part: Part, level: impl Fn(usize, usize) -> u8) -> Plane {
    let mut changed = plane.clone();
    for y in part.y..part.y + part.edge {
        for x in part.x..part.x + part.edge {
            changed.grey[y * 1280 + x] = level(x, y);
        }
    }
    changed
}

fn mean(plane: &Plane, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> u8 {
    let count = x.len() * y.len();
    let rows = y.flat_map(|y| plane.grey[y * 1280..][x.clone()].iter());
    (rows.map(|&level| usize::from(level)).sum::<usize>() / count) as u8
}

/// In squares of so many pixels.
fn pixelated(plane: &Plane, part: Part, square: usize) -> Plane {
    changed(plane, part, |x, y| {
        let from = |at: usize, start: usize| start + (at - start) / square * square;
        let (x, y) = (from(x, part.x), from(y, part.y));
        mean(plane, x..x + square, y..y + square)
    })
}

/// With each pixel the mean of those at most so far away.
fn blurred(plane: &Plane, part: Part, reach: usize) -> Plane {
    changed(plane, part, |x, y| mean(plane, x - reach..x + reach + 1, y - reach..y + reach + 1))
}

#[track_caller]
fn check(sent: &Plane, mode: Mode, want: Option<Edits>) {
    let mut world = World::default();
    world.photo("photo.jpg", &textured(5), 92, 0);
    world.photo("other.jpg", &textured(6), 92, 9);
    world.send(sent);
    let decision = match want {
        Some(_) => (Decision::Matched, Some("photo.jpg")),
        None => (Decision::TooDifferent, None),
    };
    let pairings = world.check(mode, &[decision]);
    assert_eq!(pairings[0].edits, want.unwrap_or_default(), "{pairings:#?}");
}

#[test]
fn a_hidden_face_was_linked_as_unchanged() {
    let photo = textured(5);
    for sent in [pixelated(&photo, FACE, 15), blurred(&photo, FACE, 8)] {
        check(&sent, Mode::Balanced, Some(Edit::Cover.into()));
        check(&sent, Mode::Loose, Some(Edit::Cover.into()));
        check(&sent, Mode::Strict, None);
    }
    check(&photo, Mode::Strict, Some(Edits::EMPTY));
}

#[test]
fn a_large_hidden_part_is_found() {
    let photo = textured(5);
    for sent in [pixelated(&photo, GROUP, 30), blurred(&photo, GROUP, 12)] {
        for mode in [Mode::Balanced, Mode::Loose] {
            check(&sent, mode, Some(Edit::Cover.into()));
        }
    }
}

#[test]
fn what_moved_is_not_hidden() {
    let photo = textured(5);
    let level = |x: usize, y: usize| photo.grey[(y + 9) * 1280 + x - 31];
    let moved = changed(&photo, GROUP, level);
    let shaken = changed(&photo, GROUP, |x, y| mean(&photo, x - 60..x - 20, y..y + 9));
    for sent in [moved, shaken] {
        for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
            check(&sent, mode, None);
        }
    }
}

#[test]
fn a_bar_hides_and_a_stroke_does_not() {
    let photo = textured(5);
    let bar = changed(&photo, FACE, |_, _| 0);
    check(&bar, Mode::Balanced, Some([Edit::Cover, Edit::Drawing].into_iter().collect()));
    let stroke = changed(&photo, GROUP, |x, y| {
        if (x - GROUP.x).abs_diff(y - GROUP.y) < 20 { 255 } else { photo.grey[y * 1280 + x] }
    });
    check(&stroke, Mode::Balanced, Some(Edit::Drawing.into()));
}

#[test]
fn a_version_in_which_a_part_is_hidden_already_was_sent() {
    let photo = textured(5);
    let hidden = pixelated(&photo, FACE, 15);
    let mut world = World::default();
    world.photo("photo.jpg", &photo, 92, 0);
    world.original("hidden.jpg", scenes::jpeg(&hidden, 95), picture(&hidden));
    world.send(&hidden);
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("hidden.jpg"))]);
    assert_eq!(pairings[0].edits, Edits::EMPTY);
    assert!(pairings[0].also.is_empty(), "{pairings:#?}");
}
