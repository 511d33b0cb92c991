//! Cases from the given photos as they are, and from parts of them.

use image::DynamicImage;

use super::dice::Dice;
use super::retouch::{Change, Retouch};
use super::studio::{
    self, Draft, EVERY, Output, START, Studio, Style, at_once, camera_file, made_picture,
};
use super::{Truth, synthetic};
use crate::disk::Made;
use crate::picture::{self, Shot};
use crate::{Outcome, saying};

const DAY: i64 = 86_400;

/// The real files, sent as they are or edited.
pub(super) fn real(studio: &Studio<'_>, style: Style, change: Change) -> Outcome<Vec<Output>> {
    studio.each(&studio.senders(), |at, &photo, sends, dice| {
        let photo = &studio.photos[photo];
        let mut output = Output::default();
        for nth in 0..i64::from(sends) {
            let retouch = Retouch::new(change, dice);
            let (bytes, made) = studio::send(&photo.pixels, &retouch, style, dice)?;
            let sent = studio::sent_time(photo, at, dice) + nth * DAY;
            let note = format!("{}: {made}", photo.made.path);
            let truth = retouch.truth(Some(photo.picture), note);
            output.drafts.push(Draft { sent, bytes, truth });
        }
        Ok(output)
    })
}

/// Parts of photos that are not in the library; other photos are.
pub(super) fn strangers(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.tiles(), |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.scene(studio.photos);
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        for nth in 0..i64::from(sends) {
            let (bytes, made) = studio::send(&scene, &Retouch::none(), Style::Any, dice)?;
            let sent = START + EVERY * at as i64 + nth * DAY + at_once(dice);
            let note = format!("a part of {}: {made}", photo.made.path);
            output.drafts.push(Draft { sent, bytes, truth: Truth::of(None, &[], note) });
        }
        Ok(output)
    })
}

/// How an original's clocks stand to the chat's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clocks {
    /// Sent one to ninety days later.
    Late,
    /// No capture time in the file, and a file time of another year.
    Lost,
    /// Home, a week five hours west, home.
    Travel,
    /// The chat's clock stays, the camera's changes to summer time.
    SummerTime,
}

/// Parts of photos with a camera's EXIF.
pub(super) fn timed(studio: &Studio<'_>, clocks: Clocks) -> Outcome<Vec<Output>> {
    let tiles = studio.tiles();
    let all = tiles.len().max(1) as i64;
    studio.each(&tiles, |at, tile, sends, dice| {
        let photo = &studio.photos[tile.photo];
        let scene = tile.scene(studio.photos);
        let id = made_picture(at, 0);
        let mut output = Output { hidden: vec![photo.picture], ..Output::default() };
        let moment = Moment::of(clocks, at as i64, all);
        let mut made = camera_file(&scene, id, moment.taken, moment.zone, dice)?;
        if clocks == Clocks::Lost {
            let shot = Shot { quality: 92, thumbnail: dice.once_in(2), ..Shot::default() };
            made.bytes = picture::camera_jpeg(&scene, &shot)?;
            made.modified = START + dice.whole(-700, 700) * DAY;
        }
        output.files.push((made, id));
        for nth in 0..i64::from(sends) {
            let (bytes, how) = studio::send(&scene, &Retouch::none(), Style::Any, dice)?;
            let late = if clocks == Clocks::Late { dice.whole(1, 90) * DAY } else { 0 };
            let delay = at_once(dice) + late + nth * DAY;
            let mut truth = Truth::of(Some(id), &[], format!("{}: {how}", photo.made.path));
            truth.offset = moment.offset.filter(|_| nth == 0);
            let sent = moment.taken + i64::from(moment.offset.unwrap_or(0)) + delay;
            output.drafts.push(Draft { sent, bytes, truth });
        }
        Ok(output)
    })
}

struct Moment {
    /// On the camera's clock.
    taken: i64,
    zone: Option<&'static str>,
    /// From the camera's clock to the chat's.
    offset: Option<i32>,
}

impl Moment {
    fn of(clocks: Clocks, at: i64, all: i64) -> Self {
        // Spread over three weeks, by day.
        let day = at * 21 / all;
        let within = at - day * all / 21;
        let taken = START + day * DAY + within.rem_euclid(14) * 1800 + at % 7 * 60;
        let zone = |name| if at % 2 == 0 { Some(name) } else { None };
        match clocks {
            Clocks::Late | Clocks::Lost => Self { taken, zone: None, offset: None },
            Clocks::Travel if (7..14).contains(&day) => {
                Self { taken, zone: zone("-03:00"), offset: Some(5 * 3600) }
            }
            Clocks::Travel => Self { taken, zone: zone("+02:00"), offset: Some(0) },
            Clocks::SummerTime => {
                let hours = if day < 10 { 1 } else { 2 };
                Self { taken, zone: None, offset: Some(-hours * 3600) }
            }
        }
    }
}

/// The real files, with copies of them beside them.
pub(super) fn copies(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    studio.each(&studio.senders(), |at, &photo, sends, dice| {
        let photo = &studio.photos[photo];
        let (bytes, how) = studio::send(&photo.pixels, &Retouch::none(), Style::Any, dice)?;
        let mut output = Output::default();
        for nth in 0..2 {
            let (word, made) = copy(photo, dice, at * 10 + nth)?;
            output.files.push((made, photo.picture));
            let sent = studio::sent_time(photo, at, dice);
            if (nth as u32) < sends {
                let note = format!("{} beside {word}: {how}", photo.made.path);
                let truth = Truth::of(Some(photo.picture), &[], note);
                output.drafts.push(Draft { sent, bytes: bytes.clone(), truth });
            }
        }
        // What a phone keeps of its own sends is no original.
        let path = format!("WhatsApp Images/Sent/IMG-20240101-WA{at:04}.jpg");
        let kept = Made { path, bytes, modified: START };
        output.files.push((kept, made_picture(at, 99)));
        Ok(output)
    })
}

fn copy(
    photo: &super::photos::Photo,
    dice: &mut Dice,
    number: usize,
) -> Outcome<(&'static str, Made)> {
    let name = photo.made.path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let modified = photo.made.modified + dice.whole(-200, 200) * DAY;
    let stripped = |pixels: &DynamicImage, quality| {
        picture::camera_jpeg(pixels, &Shot { quality, ..Shot::default() })
    };
    let heic = photo.made.bytes.get(4..8) == Some(b"ftyp");
    let (word, folder, bytes) = match dice.below(4) {
        _ if heic => {
            let taken = photo.taken.map(studio::clock);
            let shot = Shot { taken, quality: 90, ..Shot::default() };
            ("a JPG", "Converted", picture::camera_jpeg(&photo.pixels, &shot)?)
        }
        0 => ("the same bytes", "Backup", photo.made.bytes.clone()),
        1 => ("a copy without data", "Stripped", stripped(&photo.pixels, 95)?),
        2 => ("a re-encoded copy", "Cloud", stripped(&photo.pixels, 75)?),
        _ => {
            let most = photo.pixels.width().max(photo.pixels.height()) * 3 / 4;
            let small = photo.pixels.resize(most, most, image::imageops::FilterType::Triangle);
            ("a smaller copy", "Shared", stripped(&small, 85)?)
        }
    };
    Ok((word, Made { path: format!("{folder}/{number}/{stem}.jpg"), bytes, modified }))
}

/// Fog and darkness, with more of it in the library.
pub(super) fn featureless(studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let things: Vec<u32> = (0..studio.count).collect();
    studio.each(&things, |at, _, _, dice| {
        let mut output = Output::default();
        let taken = START + EVERY * at as i64;
        let pictures = [synthetic::plain(dice), synthetic::plain(dice)];
        for (nth, pixels) in pictures.iter().enumerate() {
            let id = made_picture(at, nth);
            let file = camera_file(pixels, id, taken + 9 * nth as i64, None, dice)?;
            output.files.push((file, id));
        }
        let (bytes, how) = studio::send(&pictures[0], &Retouch::none(), Style::Any, dice)?;
        let mut truth = Truth::of(Some(made_picture(at, 0)), &[], how);
        truth.plain = true;
        output.drafts.push(Draft { sent: taken + at_once(dice), bytes, truth });
        Ok(output)
    })
}

/// Screenshots of one chat that differ in the last message; `present` says
/// whether the sent one is in the library.
pub(super) fn screens(studio: &Studio<'_>, present: Present) -> Outcome<Vec<Output>> {
    let things: Vec<u32> = (0..studio.count).collect();
    studio.each(&things, |at, _, _, dice| {
        let look = Dice::new(dice.bits(), "look");
        let mut words: Vec<Dice> =
            (0..5).map(|line| Dice::new(dice.bits(), &line.to_string())).collect();
        let mut shots = Vec::new();
        for _ in 0..3 {
            shots.push(synthetic::screen(&mut look.clone(), &mut words.clone()));
            words[2] = Dice::new(dice.bits(), "another");
        }
        let mut output = Output::default();
        let taken = START + EVERY * at as i64;
        for (nth, pixels) in shots.iter().enumerate() {
            if nth > 0 || present == Present::Yes {
                output.files.push((png(pixels, at, nth, taken)?, made_picture(at, nth)));
            }
        }
        let (bytes, how) = studio::send(&shots[0], &Retouch::none(), Style::Any, dice)?;
        let picture = (present == Present::Yes).then_some(made_picture(at, 0));
        let truth = Truth::of(picture, &[], format!("a screenshot: {how}"));
        output.drafts.push(Draft { sent: taken + at_once(dice), bytes, truth });
        Ok(output)
    })
}

/// Whether the library holds what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Present {
    Yes,
    No,
}

fn png(pixels: &DynamicImage, at: usize, nth: usize, taken: i64) -> Outcome<Made> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    saying("PNG", pixels.write_to(&mut bytes, image::ImageFormat::Png))?;
    let path = format!("DCIM/Screenshots/IMG_{at:04}{nth}.PNG");
    Ok(Made { path, bytes: bytes.into_inner(), modified: taken + 20 * nth as i64 })
}
