//! Videos: films that `ffmpeg` makes, or the few of the fixtures without it; copies of
//! them, and other films of the same length.

use super::{Draft, Kind, Near};
use crate::accuracy::PictureId;
use crate::accuracy::dice::Dice;
use crate::accuracy::films::{Film, Films, Sending};
use crate::accuracy::photos::Photo;
use crate::accuracy::studio::{EVERY, START, Tile, clock, made_picture};
use crate::disk::Made;
use crate::{Outcome, fixture, video};

/// Long edge of what a film shows.
const EDGE: u32 = 1280;

/// Where the numbers of films begin.
const FIRST: usize = 20_000;

/// Seconds from 1904, from which containers count, to 1970.
const SINCE_1904: i64 = 2_082_844_800;

/// One length: the pictures of it, and their files.
struct Length {
    at: usize,
    taken: i64,
}

impl Length {
    fn new(at: usize) -> Self {
        let at = FIRST + at;
        Self { at, taken: START + EVERY * at as i64 }
    }

    fn original(&self, nth: usize, bytes: Vec<u8>, note: String) -> Draft {
        let modified = self.taken + 40 * nth as i64;
        let moment = clock(modified).replace(['-', ':'], "").replace('T', "_");
        let path = format!("DCIM/Camera/VID_{moment}.mp4");
        self.draft(nth, Made { path, bytes, modified }, None, note)
    }

    fn copy(&self, nth: usize, kind: Kind, bytes: Vec<u8>, note: String) -> Draft {
        let PictureId(id) = made_picture(self.at, nth);
        let folder = kind.name().replace([' ', ','], "-");
        let path = format!("{folder}/{id}-{}.mp4", note.len() + bytes.len());
        self.draft(nth, Made { path, bytes, modified: self.taken + 500_000 }, Some(kind), note)
    }

    fn draft(&self, nth: usize, made: Made, kind: Option<Kind>, note: String) -> Draft {
        let id = made_picture(self.at, nth);
        Draft::new(made, id, kind, note).near(Near::Film, made_picture(self.at, 99))
    }

    /// A copy with the same bytes, and one whose container tells another time.
    fn plain_copies(&self, bytes: &[u8]) -> Outcome<Vec<Draft>> {
        let second = u32::try_from(self.taken + SINCE_1904 + 86_400);
        let other = video::taken_at(bytes, second.map_err(|_| "a time after 2040")?)?;
        Ok(vec![
            self.copy(0, Kind::VideoExact, bytes.to_vec(), "the same bytes".into()),
            self.copy(0, Kind::VideoTags, other, "another time".into()),
        ])
    }
}

/// Films of the `at`-th length: one with its copies, another one with another sound, and
/// another one with the same sound.
pub(super) fn filmed(
    films: &Films<'_>,
    at: usize,
    (photos, tiles): (&[Photo], &[Tile]),
    dice: &mut Dice,
) -> Outcome<Vec<Draft>> {
    let scene =
        |number: usize| tiles[(at * 3 + number) % tiles.len()].pixels(photos, EDGE).to_rgb8();
    let long_s = dice.between(5.0, 10.0);
    let own = Film::rolled(scene(0), long_s, dice);
    let other = Film::rolled(scene(1), long_s, dice);
    let mut dubbed = Film::rolled(scene(2), long_s, dice);
    dubbed.dub(&own);
    let (folder, length, has_sound) = (films.folder(at)?, Length::new(at), !dice.once_in(5));
    let mut drafts = Vec::new();
    for (nth, (name, film)) in
        [("own", &own), ("other", &other), ("dubbed", &dubbed)].iter().enumerate()
    {
        let bytes = folder.original(name, film, has_sound, dice)?;
        if nth == 0 {
            drafts.extend(length.plain_copies(&bytes)?);
        }
        let silent = if has_sound { "" } else { ", silent" };
        drafts.push(length.original(nth, bytes, format!("{name}, {}{silent}", film.note())));
    }
    let fragments = folder.fragmented("own")?;
    drafts.push(length.copy(0, Kind::VideoTags, fragments, "in fragments".into()));
    for _ in 0..2 {
        let sending = Sending::rolled(dice);
        let bytes = folder.sent("own", &sending)?;
        drafts.push(length.copy(0, Kind::VideoEncoded, bytes, format!("{sending:?}")));
    }
    Ok(drafts)
}

/// The same of the fixtures.
pub(super) fn of_fixtures() -> Outcome<Vec<Draft>> {
    let read = |name: &str| fixture::bytes(&format!("videos/made-{name}.mp4"));
    let (length, own) = (Length::new(0), read("sound")?);
    let mut drafts = length.plain_copies(&own)?;
    drafts.push(length.original(0, own, "a test picture".into()));
    drafts.push(length.original(1, read("other")?, "another test picture".into()));
    drafts.push(length.copy(0, Kind::VideoTags, read("fragments")?, "in fragments".into()));
    drafts.push(length.copy(0, Kind::VideoEncoded, read("sent")?, "as a chat sends it".into()));
    Ok(drafts)
}
