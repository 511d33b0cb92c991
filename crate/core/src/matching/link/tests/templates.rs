//! One template with other words: memes, flyers, score cards, greetings.

use super::*;
use crate::model::Edit;

/// Upper left corners of a line's letters, and the edge of a letter in pixels.
const LINE: (usize, usize, usize) = (60, 640, 140);

/// Strokes of a letter in quarters of its edge: from, to.
type Letter = &'static [((usize, usize), (usize, usize))];

const LETTERS: [Letter; 6] = [
    &[((0, 0), (0, 4)), ((4, 0), (4, 4)), ((0, 2), (4, 2))],
    &[((0, 0), (4, 0)), ((2, 0), (2, 4))],
    &[((0, 0), (0, 4)), ((0, 4), (4, 4))],
    &[((0, 4), (2, 0)), ((2, 0), (4, 4)), ((1, 2), (3, 2))],
    &[((0, 0), (4, 4)), ((4, 0), (0, 4))],
    &[((0, 0), (0, 4)), ((0, 0), (3, 1)), ((3, 1), (0, 2)), ((0, 2), (4, 4))],
];

/// The picture with a line of letters, drawn with a round pen.
fn captioned(plane: &Plane, words: &[usize], ink: u8) -> Plane {
    let mut plane = plane.clone();
    let (left, top, edge) = LINE;
    for (place, &word) in words.iter().enumerate() {
        for &(from, to) in LETTERS[word] {
            for step in 0..=edge * 2 {
                let between = |from: usize, to: usize| {
                    (from * (2 * edge - step) + to * step) * edge / 4 / (2 * edge)
                };
                let (x, y) = (between(from.0, to.0), between(from.1, to.1));
                dot(&mut plane, left + place * (edge + 22) + x, top + y, ink);
            }
        }
    }
    plane
}

fn dot(plane: &mut Plane, x: usize, y: usize, ink: u8) {
    for row in y - 11..=y + 11 {
        for column in x - 11..=x + 11 {
            if row.abs_diff(y).pow(2) + column.abs_diff(x).pow(2) <= 125 {
                plane.grey[row * 1280 + column] = ink;
            }
        }
    }
}

const FIRST: [usize; 7] = [0, 1, 2, 3, 4, 5, 0];
const SECOND_WORDS: [usize; 7] = [3, 4, 5, 0, 1, 2, 5];

#[test]
fn other_words_on_a_template_were_taken_for_a_drawing() {
    for ink in [255, 0] {
        let [first, second] =
            [FIRST, SECOND_WORDS].map(|words| captioned(&frame(5, 0), &words, ink));
        for (sent, original) in [(&first, &second), (&second, &first), (&frame(5, 0), &first)] {
            let mut world = World::default();
            world.photo("template.jpg", original, 92, 0);
            world.send(sent);
            for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
                world.check(mode, &[(Decision::TooDifferent, None)]);
            }
        }
    }
}

#[test]
fn words_on_a_photo_are_a_drawing() {
    for ink in [255, 0] {
        let mut world = World::default();
        world.photo("photo.jpg", &frame(5, 0), 92, 0);
        world.send(&captioned(&frame(5, 0), &FIRST, ink));
        for mode in [Mode::Balanced, Mode::Loose] {
            let pairings = world.check(mode, &[(Decision::Matched, Some("photo.jpg"))]);
            assert_eq!(pairings[0].edits, Edit::Drawing.into(), "{pairings:#?}");
        }
    }
}
