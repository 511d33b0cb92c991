//! A glance at two miniatures: does a part of the one show what the other shows? It
//! opens no file, and only ever spares opening one.
//!
//! Light and dark of two strangers may lie alike, which is all that a correlation sees;
//! their edges do not. So the slopes are compared, cell by cell: a drawing or a cover
//! spoils the cells that it lies on, a filter makes slopes steeper or flatter and does
//! not turn them. docs/architecture.md has the distribution.

use super::edited::Guess;
use super::robust;
use crate::examine::pixels::{GreyMap, Plane, shrink, shrink_window};
use crate::model::{Miniature, Size};

/// Cells along an edge of a miniature.
const CELLS: usize = 8;
/// Edge of a cell in pixels.
const CELL: usize = Miniature::EDGE / CELLS;

/// Least cosine between the slopes of a cell in both pictures, for the two to show the
/// same.
const ALIKE: f64 = 0.85;

/// Least slope (RMS in grey levels per pixel) of the original's cells that tell
/// anything. With 2.0 the likest of 95 pairs of strangers agreed in 0.30 of the cells
/// instead of 0.17 (docs/architecture.md).
const TEXTURED: f64 = 4.0;

/// Fewest such cells that tell two strangers apart: one small thing before an even
/// ground, as the moon is, touches nine, and where its edge lies half a pixel off all of
/// them may differ. Each of 95 pairs of strangers had more.
const FEWEST: u32 = 10;

/// Share of the cells in which a picture agrees with the original it may come from, 0 to
/// 1. `None`: the original has too few that tell anything.
pub(in crate::matching) fn agreement(
    picture: &Miniature,
    original: &Miniature,
    guess: Guess,
) -> Option<f64> {
    let (mut picture, original) = (plane(picture)?, plane(original)?);
    if guess.mirrored {
        picture.grey.chunks_exact_mut(Miniature::EDGE).for_each(<[u8]>::reverse);
    }
    let size = Size::square(Miniature::EDGE as u32);
    let shown = shrink_window(&original, guess.cut.window(&original), size);
    let picture = shrink(&picture, size);
    let cells = (0..CELLS * CELLS).filter_map(|at| cosine(&picture, &shown, at));
    let (alike, all) = cells
        .fold((0u32, 0u32), |(alike, all), cosine| (alike + u32::from(cosine >= ALIKE), all + 1));
    (all >= FEWEST).then(|| f64::from(alike) / f64::from(all))
}

fn plane(miniature: &Miniature) -> Option<Plane> {
    let edge = Miniature::EDGE as u32;
    let whole = miniature.0.len() == Miniature::EDGE * Miniature::EDGE;
    whole.then(|| Plane { width: edge, height: edge, grey: miniature.0.to_vec() })
}

/// Cosine between the slopes of both in a cell; `None` if the original is even there.
/// Pixels at the edge of the picture have no slope.
fn cosine(picture: &GreyMap, shown: &GreyMap, cell: usize) -> Option<f64> {
    let inner = |cell: usize| (cell * CELL).max(1)..(cell * CELL + CELL).min(Miniature::EDGE - 1);
    let [mut own, mut other, mut both, mut count] = [0.0f64; 4];
    for y in inner(cell / CELLS) {
        for x in inner(cell % CELLS) {
            let at = y * Miniature::EDGE + x;
            let (one, two) = (robust::slope(picture, at), robust::slope(shown, at));
            own += one.0 * one.0 + one.1 * one.1;
            other += two.0 * two.0 + two.1 * two.1;
            both += one.0 * two.0 + one.1 * two.1;
            count += 1.0;
        }
    }
    let textured = other >= TEXTURED * TEXTURED * count;
    textured.then(|| if own > 0.0 { both / (own * other).sqrt() } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::super::align::Cut;
    use super::*;
    use crate::examine::look;
    use crate::matching::scenes;

    fn part(plane: &Plane, cut: Cut) -> Plane {
        let size = Size::new(600, 450);
        let levels = shrink_window(plane, cut.window(plane), size).levels;
        let grey = levels.iter().map(|level| (level >> 8) as u8).collect();
        Plane { width: size.width, height: size.height, grey }
    }

    #[track_caller]
    fn seen(picture: &Plane, original: &Plane, guess: Guess) -> f64 {
        let [picture, original] = [picture, original].map(|of| look::miniature(of).unwrap());
        agreement(&picture, &original, guess).unwrap()
    }

    #[test]
    fn a_part_agrees_with_its_original_drawn_on_filtered_or_mirrored() {
        let original = scenes::scene(5, 900, 675);
        let cut = Cut { x: (0.06, 0.91), y: (0.1, 0.98) };
        let guess = Guess { cut, mirrored: false };
        let whole = part(&original, cut);
        assert!(seen(&whole, &original, guess) > 0.9);
        let mut drawn = whole.clone();
        (100..200).for_each(|y| drawn.grey[y * 600 + 150..][..300].fill(255));
        let share = seen(&drawn, &original, guess);
        assert!((0.5..0.95).contains(&share), "{share}");
        let faded = |level: &u8| (f64::from(*level) * 0.6 + 70.0) as u8;
        let faded = Plane { grey: whole.grey.iter().map(faded).collect(), ..whole.clone() };
        assert!(seen(&faded, &original, guess) > 0.8);
        let mut turned = whole;
        turned.grey.chunks_exact_mut(600).for_each(<[u8]>::reverse);
        assert!(seen(&turned, &original, Guess { mirrored: true, ..guess }) > 0.9);
        assert!(seen(&turned, &original, guess) < 0.25);
    }

    #[test]
    fn strangers_disagree() {
        for seed in 6..30 {
            let [picture, original] = [seed, 5].map(|seed| scenes::scene(seed, 900, 675));
            let share = seen(&picture, &original, Guess::WHOLE);
            assert!(share < 0.2, "{seed}: {share}");
        }
    }

    #[test]
    fn what_has_hardly_an_edge_tells_nothing() {
        let even = Miniature(vec![90; Miniature::EDGE * Miniature::EDGE].into());
        let scene = look::miniature(&scenes::scene(5, 900, 675)).unwrap();
        assert_eq!(agreement(&scene, &even, Guess::WHOLE), None);
        assert_eq!(agreement(&even, &scene, Guess::WHOLE), Some(0.0));
        assert_eq!(agreement(&Miniature(Box::default()), &scene, Guess::WHOLE), None);
    }
}
