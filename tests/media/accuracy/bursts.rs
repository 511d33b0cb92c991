//! Cases about neighbours: shots of one scene that look almost the same.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::lens::{Exposure, shoot};
use super::photos::Photo;
use super::retouch::{Change, Retouch};
use super::studio::{
    self, Draft, EVERY, Output, START, Studio, Style, at_once, camera_file, made_picture,
};
use super::wholes::Present;
use super::{PictureId, Truth};
use crate::Outcome;

/// Long edge of the scenes of a burst: made smaller, the photo's own noise,
/// which all shots would share, is gone.
const BURST_EDGE: u32 = 2080;

/// Shots tried for one burst: room for all of them is scarce.
const TRIES: usize = 1000;

/// Shots of a scene from the hand, at least a pixel apart. With [`Present::No`] the sent ones are not
/// in the library, and may be `edited`; those differ by more than a crop
/// could undo.
pub(super) fn made(
    studio: &Studio<'_>,
    present: Present,
    edited: &[Change],
    style: Style,
) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.pixels(studio.photos, BURST_EDGE).to_rgb8();
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let sends = sends.min(5) as usize;
        let kept = dice.whole(2, 4) as usize;
        let apart = |one: &Exposure, other: &Exposure| {
            let turned = edited.contains(&Change::Whole) || one.turned_from(*other);
            turned && (one.dx - other.dx).hypot(one.dy - other.dy) >= 1.0
        };
        let exposures = exposures(sends + kept, apart, dice);
        let taken = START + EVERY * at as i64;
        for (nth, exposure) in exposures.iter().enumerate() {
            let id = made_picture(at, nth);
            let is_sent = nth < sends;
            let pixels = shoot(&scene, exposure, dice);
            // The clock is the camera's: one or two shots a second.
            let when = taken + nth as i64 / 2;
            if present == Present::Yes || !is_sent {
                output.files.push((camera_file(&pixels, id, when, None, dice)?, id));
            }
            if is_sent {
                let retouch = Retouch::new(dice.pick(edited), dice);
                let (bytes, how) = studio::send(&pixels, &retouch, style, dice)?;
                let picture = (present == Present::Yes).then_some(id);
                let near =
                    nearest(&exposures, nth, if present == Present::Yes { 0 } else { sends });
                let note = format!("{}: {how}; nearest {near}", photo.made.path);
                let truth = retouch.truth(picture, note);
                output.drafts.push(Draft { sent: when + at_once(dice), bytes, truth });
            }
        }
        Ok(output)
    })
}

/// Shots of which each two are `apart`.
fn exposures(
    count: usize,
    apart: impl Fn(&Exposure, &Exposure) -> bool,
    dice: &mut Dice,
) -> Vec<Exposure> {
    let first = Exposure::first(dice);
    let mut shots = vec![first];
    for _ in 0..TRIES {
        let next = first.next(dice);
        if shots.iter().all(|shot| apart(shot, &next)) {
            shots.push(next);
        }
        if shots.len() == count {
            break;
        }
    }
    shots
}

/// How far the nearest shot in the library is from the `nth`, in words.
fn nearest(shots: &[Exposure], nth: usize, from: usize) -> String {
    let own = shots[nth];
    let length = |shot: &Exposure| (shot.dx - own.dx).hypot(shot.dy - own.dy);
    let others = shots.iter().enumerate().skip(from).filter(|(at, _)| *at != nth);
    let best = others.map(|(_, shot)| shot).min_by(|a, b| length(a).total_cmp(&length(b)));
    best.map_or("none".into(), |shot| own.apart(*shot))
}

/// The folders' own neighbours.
pub(super) fn real(studio: &Studio<'_>, present: Present) -> Outcome<Vec<Output>> {
    let mut scenes = BTreeMap::<PictureId, Vec<&Photo>>::new();
    for at in studio.senders() {
        let photo = &studio.photos[at];
        scenes.entry(photo.scene).or_default().push(photo);
    }
    let mut chosen: Vec<&Photo> = Vec::new();
    for mut shots in scenes.into_values() {
        shots.sort_by_key(|photo| (photo.picture, &photo.made.path));
        shots.dedup_by_key(|photo| photo.picture);
        if shots.len() > 1 {
            // Of an absent one the neighbours must stay.
            let sent = if present == Present::Yes { shots.len() } else { shots.len() / 2 };
            chosen.extend(shots.into_iter().take(sent));
        }
    }
    studio.each(&chosen, |at, photo, sends, dice| {
        let mut output = Output::default();
        if present == Present::No {
            output.hidden.push(photo.picture);
        }
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&photo.pixels, &Retouch::none(), Style::Any, dice)?;
            let picture = (present == Present::Yes).then_some(photo.picture);
            let sent = studio::sent_time(photo, at, dice) + nth * 86_400;
            let truth = Truth::of(picture, &[], format!("{}: {how}", photo.made.path));
            output.drafts.push(Draft { sent, bytes, truth });
        }
        Ok(output)
    })
}
