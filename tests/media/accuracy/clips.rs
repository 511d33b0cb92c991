//! Videos: encoded again, cut, dubbed, silent, and in odd containers.
//!
//! With `ffmpeg` each is another film with another sound (`films`); without it there are
//! the few that the fixtures hold.

use super::Truth;
use super::dice::Dice;
use super::films::{Film, Films, Sending};
use super::studio::{Draft, EVERY, Output, START, Studio, at_once, made_picture};
use crate::disk::Made;
use crate::video;
use crate::{Outcome, fixture};

/// Sends of the fixtures: another one would be the same again, and its original a copy
/// with another time.
const OF_FIXTURES: u32 = 1;

/// One case in so many lacks what was sent.
const ABSENT: usize = 3;

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trick {
    /// Nothing: encoded again.
    Whole,
    /// Only a part was sent.
    Cut,
    /// Another film, as long, instead of the original.
    Other,
    /// Another film with the same sound.
    Dub,
    /// One side has no sound, or both have none.
    Silent,
    /// Fragments, unknown lengths, clocks before 1970 or to come.
    Boxes,
}

/// One case: files with whether they show what was sent, and the send.
struct Clip {
    files: Vec<(Vec<u8>, bool)>,
    sent: Vec<u8>,
    edits: Vec<&'static str>,
    length_s: f64,
    note: String,
}

/// Videos with this trick.
pub(super) fn made(studio: &Studio<'_>, trick: Trick) -> Outcome<Vec<Output>> {
    let films = studio.ffmpeg.map(|program| Films::new(program, studio.name)).transpose()?;
    let most = if films.is_some() { studio.count } else { studio.count.min(OF_FIXTURES) };
    let things: Vec<u32> = (0..most).collect();
    let studio = &Studio { count: most, ..*studio };
    let tiles = studio.tiles();
    studio.each(&things, |at, _, _, dice| {
        let clip = match &films {
            Some(films) => {
                let scene = |number: usize| {
                    tiles[(at * 2 + number) % tiles.len()].pixels(studio.photos, 1280).to_rgb8()
                };
                Some(filmed(films, at, [scene(0), scene(1)], trick, dice)?)
            }
            None => of_fixtures(trick)?,
        };
        let output = clip.map_or_else(Output::default, |clip| clip.into_output(at, dice));
        if films.is_some() { Ok(output) } else { dated(output) }
    })
}

impl Clip {
    fn into_output(self, at: usize, dice: &mut Dice) -> Output {
        let mut output = Output::default();
        let taken = START + EVERY * at as i64;
        let mut picture = None;
        for (nth, (bytes, is_true)) in self.files.into_iter().enumerate() {
            let id = made_picture(at, nth);
            let when = taken + 5 * nth as i64;
            let moment = super::studio::clock(when).replace(['-', ':'], "").replace('T', "_");
            let path = format!("DCIM/Camera/VID_{moment}.mp4");
            output.files.push((Made { path, bytes, modified: when }, id));
            picture = if is_true { Some(id) } else { picture };
        }
        let sent = taken + self.length_s as i64 + at_once(dice);
        let truth = Truth::of(picture, &self.edits, self.note);
        output.drafts.push(Draft { sent, bytes: self.sent, truth });
        output
    }
}

/// Seconds from 1904, from which containers count, to 1970.
const SINCE_1904: i64 = 2_082_844_800;

/// The same, each video of the library with the time at which its file says it was
/// taken: the fixtures have a time of their own.
fn dated(mut output: Output) -> Outcome<Output> {
    for (made, _) in &mut output.files {
        let second = u32::try_from(made.modified + SINCE_1904);
        made.bytes = video::taken_at(&made.bytes, second.map_err(|_| "a time after 2040")?)?;
    }
    Ok(output)
}

fn of_fixtures(trick: Trick) -> Outcome<Option<Clip>> {
    let read = |name: &str| fixture::bytes(&format!("videos/made-{name}.mp4"));
    let (own, other) = (read("sound")?, read("other")?);
    let (files, sent, note) = match trick {
        Trick::Dub => return Ok(None),
        Trick::Whole => (vec![(own, true), (other, false)], "sent", "encoded again"),
        Trick::Cut => (vec![(own, true), (other, false)], "cut", "cut"),
        Trick::Other => (vec![(other, false)], "sent", "another as long"),
        Trick::Silent => (vec![(video::silenced(&own)?, false)], "sent", "the original is silent"),
        Trick::Boxes => {
            let fragments = video::of_unknown_length(&read("fragments")?)?;
            (vec![(fragments, true)], "sent", "fragments without a length")
        }
    };
    let edits = if trick == Trick::Cut { vec!["trim"] } else { Vec::new() };
    Ok(Some(Clip { files, sent: read(sent)?, edits, length_s: 8.0, note: note.into() }))
}

/// A clip of two films: the one that was sent, and another one.
fn filmed(
    films: &Films,
    at: usize,
    scenes: [image::RgbImage; 2],
    trick: Trick,
    dice: &mut Dice,
) -> Outcome<Clip> {
    let length_s = dice.between(5.0, 10.0);
    let [scene, elsewhere] = scenes;
    let own = Film::rolled(scene, length_s, dice);
    let mut other = Film::rolled(elsewhere, length_s + dice.between(-0.2, 0.2), dice);
    if trick == Trick::Dub {
        other.dub(&own);
    }
    let is_silent = trick == Trick::Silent && dice.once_in(2);
    let folder = films.folder(at)?;
    let first = folder.original("own", &own, !is_silent, dice)?;
    let second = folder.original("other", &other, true, dice)?;
    let mut sending = Sending::rolled(dice);
    if trick == Trick::Cut {
        let kept = length_s * dice.between(0.4, 0.75);
        sending.part = Some((dice.between(0.3, length_s - kept - 0.1), kept));
    }
    let sent = folder.sent("own", &sending)?;
    let is_absent = matches!(trick, Trick::Whole | Trick::Cut | Trick::Dub) && dice.once_in(ABSENT);
    let mut note = format!("{}, {sending:?}", own.note());
    let mut files = vec![(first, true), (second, false)];
    let mut edits = Vec::new();
    match trick {
        Trick::Whole | Trick::Dub => {}
        Trick::Cut => edits.push("trim"),
        Trick::Other => drop(files.remove(0)),
        Trick::Silent if is_silent => note += ", both silent",
        Trick::Silent => {
            note += ", the original silent";
            files[0] = (video::silenced(&files[0].0)?, false);
        }
        Trick::Boxes => {
            let (bytes, odd) = boxed(&folder, &files[0].0, dice)?;
            files[0].0 = bytes;
            note += odd;
        }
    }
    if is_absent {
        files.remove(0);
    }
    Ok(Clip { files, sent, edits, length_s, note })
}

fn boxed(
    folder: &super::films::Folder,
    original: &[u8],
    dice: &mut Dice,
) -> Outcome<(Vec<u8>, &'static str)> {
    Ok(match dice.below(4) {
        0 => (folder.fragmented("own")?, ", in fragments"),
        1 => (video::of_unknown_length(original)?, ", of unknown length"),
        2 => (video::taken_at(original, 3600)?, ", before 1970"),
        _ => (video::taken_at(original, 4_290_000_000)?, ", in 2040"),
    })
}
