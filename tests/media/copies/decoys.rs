//! Pictures that are near each other and yet two: frames of a burst, and retakes. Of some
//! of them a chat has copies, which are of that one alone.

use image::DynamicImage;

use super::{Draft, Kind, Near, makers};
use crate::Outcome;
use crate::accuracy::PictureId;
use crate::accuracy::dice::Dice;
use crate::accuracy::lens::{Exposure, shoot};
use crate::accuracy::photos::Photo;
use crate::accuracy::studio::{EVERY, START, Tile, camera_file, made_picture};
use crate::disk::Made;
use crate::picture::{self, Shot};

/// Long edge of the scenes: made smaller, the photo's own noise, which all shots would
/// share, is gone.
const EDGE: u32 = 2080;

/// Shots tried for one scene.
const TRIES: usize = 1000;

/// What is taken several times.
pub(super) struct Scene<'a> {
    pub photos: &'a [Photo],
    pub tile: &'a Tile,
    /// The number of the scene.
    pub at: usize,
    /// Bursts or retakes.
    pub near: Near,
}

impl Scene<'_> {
    /// Three or four shots, each another picture, and chat copies of two of them.
    pub(super) fn shots(&self, dice: &mut Dice) -> Outcome<Vec<Draft>> {
        let scene = self.tile.pixels(self.photos, EDGE).to_rgb8();
        let (count, is_timed) = (dice.whole(3, 4) as usize, !dice.once_in(3));
        let mut drafts = Vec::new();
        for (nth, exposure) in exposures(self.near, count, dice).iter().enumerate() {
            let id = made_picture(self.at, nth);
            let pixels = shoot(&scene, exposure, dice);
            let made =
                if is_timed { self.timed(&pixels, nth, dice)? } else { self.plain(&pixels, nth)? };
            drafts.push(self.draft(made, id, None, "a shot"));
            if nth < 2 {
                let (bytes, ending, how) = makers::chat(&pixels, dice)?;
                let path = format!("WhatsApp Images/{}.{ending}", 9_000_000 + id.0);
                let made = Made { path, bytes, modified: START + dice.whole(0, 90_000_000) };
                let is_burst = self.near == Near::Burst;
                let kind = if is_burst { Kind::BurstChat } else { Kind::RetakeChat };
                drafts.push(self.draft(made, id, Some(kind), &how));
            }
        }
        Ok(drafts)
    }

    /// A camera's file: one or two shots a second, or one every few seconds.
    fn timed(&self, pixels: &DynamicImage, nth: usize, dice: &mut Dice) -> Outcome<Made> {
        let nth_s = nth as i64;
        let later = if self.near == Near::Burst { nth_s / 2 } else { nth_s * dice.whole(3, 20) };
        let taken = START + EVERY * self.at as i64 + later;
        camera_file(pixels, made_picture(self.at, nth), taken, None, dice)
    }

    /// A file that says nothing of its time, as after some programs.
    fn plain(&self, pixels: &DynamicImage, nth: usize) -> Outcome<Made> {
        let bytes = picture::camera_jpeg(pixels, &Shot { quality: 93, ..Shot::default() })?;
        let path = format!("Camera Uploads/{}.jpg", made_picture(self.at, nth).0);
        Ok(Made { path, bytes, modified: START + EVERY * self.at as i64 })
    }

    fn draft(&self, made: Made, id: PictureId, kind: Option<Kind>, how: &str) -> Draft {
        let note = format!("{}: {how}", self.photos[self.tile.photo].made.path);
        Draft::new(made, id, kind, note).near(self.near, made_picture(self.at, 99))
    }
}

/// Shots of which each two are at least a pixel apart; of retakes no two differ by what a
/// crop could undo.
fn exposures(near: Near, count: usize, dice: &mut Dice) -> Vec<Exposure> {
    let first = Exposure::first(dice);
    let mut shots = vec![first];
    for _ in 0..TRIES {
        let next = if near == Near::Burst { first.next(dice) } else { retake(dice) };
        let apart = |shot: &Exposure| {
            let turned = near == Near::Burst || next.turned_from(*shot);
            turned && (next.dx - shot.dx).hypot(next.dy - shot.dy) >= 1.0
        };
        if shots.iter().all(apart) {
            shots.push(next);
        }
        if shots.len() == count {
            break;
        }
    }
    shots
}

/// The scene once more, some seconds later: from another place, held otherwise, in other
/// light. It is closer, so that the scene has no border.
fn retake(dice: &mut Dice) -> Exposure {
    let mut some = |most: f64| dice.between(-most, most);
    Exposure {
        dx: some(30.0),
        dy: some(30.0),
        turn: some(0.02),
        zoom: 0.06 + some(0.03),
        tilt: [some(0.01), some(0.01)],
        light: 1.0 + some(0.12),
        noise: 1.6 + some(0.8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_of_a_scene_are_apart() {
        for near in [Near::Burst, Near::Retake] {
            let shots = exposures(near, 4, &mut Dice::new(1, near.name()));
            assert_eq!(shots.len(), 4);
            assert!(shots[1..].iter().all(|shot| shot.dx.hypot(shot.dy) > 0.4));
        }
    }
}
