//! One kind of case: its chat, its library, and the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDateTime};
use heirloom_core::settings::Search;

use super::clips::Trick;
use super::covers::Hide;
use super::photos::{LONG_AGO, Photo};
use super::retouch::Change;
use super::studio::{Draft, Output, Studio, Style};
use super::wholes::{Clocks, Present};
use super::{Kind, PictureId, Truth, bursts, clips, families, readings, wholes, writing};
use crate::chat_text::{self, Line};
use crate::disk::{self, Made};
use crate::whatsapp::Platform;
use crate::{Outcome, saying};

/// A chat and a library, and what is true of them.
pub struct Case<'a> {
    /// What it tries.
    pub kind: Kind,
    /// The export.
    pub chat: Vec<Made>,
    /// The library: given photos and made ones.
    pub library: Vec<LibraryFile<'a>>,
    /// By the exported picture's name.
    pub truth: BTreeMap<String, Truth>,
    /// When each was sent on the chat's clock, by its name.
    pub sent: BTreeMap<String, i64>,
    /// Where originals are looked for.
    pub search: Search,
}

/// A file of the library and what it shows.
pub struct LibraryFile<'a> {
    /// The file.
    pub made: std::borrow::Cow<'a, Made>,
    /// What it shows.
    pub picture: PictureId,
}

/// What cases are made from.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The photos of the folders.
    pub photos: &'a [Photo],
    /// Another number makes other cases.
    pub seed: u64,
    /// The program `ffmpeg`, for films of their own; without it there are the
    /// fixtures' few.
    pub ffmpeg: Option<&'a Path>,
}

/// Makes a case with about `count` exported pictures; with none if the photos
/// have nothing for it (no neighbours, say).
///
/// # Errors
/// A picture cannot be encoded.
pub fn build<'a>(kind: Kind, given: Given<'a>, count: u32) -> Outcome<Case<'a>> {
    let Given { photos, seed, ffmpeg } = given;
    let studio = Studio { photos, seed, name: kind.name(), count, ffmpeg };
    let outputs = outputs(kind, &studio)?;
    let hidden: BTreeSet<PictureId> =
        outputs.iter().flat_map(|output| output.hidden.iter().copied()).collect();
    let given = photos.iter().filter(|photo| !hidden.contains(&photo.picture));
    let mut library: Vec<LibraryFile<'a>> = given
        .map(|photo| LibraryFile {
            made: std::borrow::Cow::Borrowed(&photo.made),
            picture: photo.picture,
        })
        .collect();
    let mut drafts = Vec::new();
    for output in outputs {
        drafts.extend(output.drafts);
        let own = |(made, picture)| LibraryFile { made: std::borrow::Cow::Owned(made), picture };
        library.extend(output.files.into_iter().map(own));
    }
    library.sort_by(|a, b| a.made.path.cmp(&b.made.path));
    let platform = if (kind as u32).is_multiple_of(2) { Platform::Ios } else { Platform::Android };
    let mut case = Case {
        kind,
        chat: Vec::new(),
        library,
        truth: BTreeMap::new(),
        sent: BTreeMap::new(),
        // Only its time leads to such a file.
        search: if kind == Kind::OddTimes { Search::Window } else { Search::Library },
    };
    write_chat(&mut case, drafts, platform);
    Ok(case)
}

fn outputs(kind: Kind, studio: &Studio<'_>) -> Outcome<Vec<Output>> {
    let edited = [Change::Crop, Change::Drawing, Change::Filter, Change::Mirror];
    let unchanged = [Change::Whole];
    let others = |change| wholes::real(studio, Style::Others, change);
    match kind {
        Kind::PlainIos => wholes::real(studio, Style::Ios, Change::Whole),
        Kind::PlainAndroid => wholes::real(studio, Style::Android, Change::Whole),
        Kind::PlainHd => wholes::real(studio, Style::Hd, Change::Whole),
        Kind::Late => wholes::timed(studio, Clocks::Late),
        Kind::WrongTimes => wholes::timed(studio, Clocks::Lost),
        Kind::Travel => wholes::timed(studio, Clocks::Travel),
        Kind::SummerTime => wholes::timed(studio, Clocks::SummerTime),
        Kind::Burst => bursts::made(studio, Present::Yes, &unchanged, Style::Any),
        Kind::BurstAbsent => bursts::made(studio, Present::No, &unchanged, Style::Any),
        Kind::Neighbours => bursts::real(studio, Present::Yes),
        Kind::NeighboursAbsent => bursts::real(studio, Present::No),
        Kind::Copies => wholes::copies(studio),
        Kind::Strangers => wholes::strangers(studio),
        Kind::Crop => wholes::real(studio, Style::Any, Change::Crop),
        Kind::Drawing => wholes::real(studio, Style::Any, Change::Drawing),
        Kind::Filter => wholes::real(studio, Style::Any, Change::Filter),
        Kind::Mirror => wholes::real(studio, Style::Any, Change::Mirror),
        Kind::EditedAbsent => bursts::made(studio, Present::No, &edited, Style::Any),
        Kind::Plain => wholes::featureless(studio),
        Kind::Screens => wholes::screens(studio, Present::Yes),
        Kind::ScreensAbsent => wholes::screens(studio, Present::No),
        Kind::Others => others(Change::Whole),
        Kind::BurstOthers => bursts::made(studio, Present::Yes, &unchanged, Style::Others),
        Kind::BurstOthersAbsent => bursts::made(studio, Present::No, &unchanged, Style::Others),
        Kind::CropOthers => others(Change::DeepCrop),
        Kind::DrawingOthers => others(Change::Pens),
        Kind::FilterOthers => others(Change::Shade),
        Kind::Combined => others(Change::Combined),
        Kind::Squares => others(Change::Cover(Hide::Squares)),
        Kind::Blurred => others(Change::Cover(Hide::Blurred)),
        Kind::Painted => others(Change::Cover(Hide::Painted)),
        Kind::Retouched => families::retouched(studio),
        Kind::Relit => families::relit(studio),
        Kind::Enlarged => families::enlarged(studio),
        Kind::ChatCopies => families::chat_copies(studio),
        Kind::HeicJpg => families::heic_jpg(studio),
        Kind::GreyCopies => families::grey(studio),
        Kind::Glyphs => writing::glyphs(studio),
        Kind::Strips => writing::strips(studio),
        Kind::Templates => writing::templates(studio),
        Kind::Profiles => readings::profiles(studio),
        Kind::Alpha => readings::alpha(studio),
        Kind::Ends => readings::ends(studio),
        Kind::Thumbnails => readings::thumbnails(studio),
        Kind::Sky => readings::sky(studio),
        Kind::OddTimes => readings::odd_times(studio),
        Kind::VideoWhole => clips::made(studio, Trick::Whole),
        Kind::VideoCut => clips::made(studio, Trick::Cut),
        Kind::VideoOther => clips::made(studio, Trick::Other),
        Kind::VideoDub => clips::made(studio, Trick::Dub),
        Kind::VideoSilent => clips::made(studio, Trick::Silent),
        Kind::VideoBoxes => clips::made(studio, Trick::Boxes),
    }
}

fn moment(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}

/// Names the pictures as the platform does, in the order of their times, and
/// writes the chat's text. An iPhone counts over the chat, Android over the
/// day.
fn write_chat(case: &mut Case<'_>, mut drafts: Vec<Draft>, platform: Platform) {
    drafts.sort_by_key(|draft| draft.sent);
    let (mut day, mut number) = (0, 0);
    let mut named = Vec::new();
    for draft in drafts {
        let at = moment(draft.sent);
        if platform == Platform::Android && draft.sent.div_euclid(86_400) != day {
            (day, number) = (draft.sent.div_euclid(86_400), 0);
        }
        number += 1;
        let is_video = draft.bytes.get(4..8) == Some(b"ftyp");
        let (word, ending) = if is_video { ("VIDEO", "mp4") } else { ("PHOTO", "jpg") };
        let name = chat_text::media_name(platform, word, ending, at, number);
        let made = Made { path: name.clone(), bytes: draft.bytes, modified: draft.sent };
        case.chat.push(made);
        case.sent.insert(name.clone(), draft.sent);
        case.truth.insert(name.clone(), draft.truth);
        named.push((at, name));
    }
    // Days beyond the twelfth, so that the order of day and month is plain.
    let hello = moment(LONG_AGO - 40 * 86_400);
    let words = Line { at: hello, from: "Nora", text: "Hello!", file: None, chat: "Family" };
    let mut lines = Vec::new();
    for (number, (at, name)) in named.iter().enumerate() {
        let from = ["Nora", "Emil"][number / 3 % 2];
        lines.push(Line { at: *at, from, text: "", file: Some(name), chat: "Family" });
    }
    let place = lines.partition_point(|line| line.at <= hello);
    lines.insert(place, words);
    let text = chat_text::text(platform, &lines).into_bytes();
    let path = chat_text::file_name(platform, "Family");
    case.chat.push(Made { path, bytes: text, modified: LONG_AGO });
}

/// Writes what one exported picture came to: itself, what it was linked to, and what it
/// shows, if the library has that.
///
/// # Errors
/// The disk refuses.
pub fn keep_wrong(case: &Case<'_>, (name, linked): (&str, &str), folder: &Path) -> Outcome {
    let picture = case.truth.get(name).and_then(|truth| truth.picture);
    let text = |made: &&Made| made.path == name || made.path.ends_with(".txt");
    let chat: Vec<Made> = case.chat.iter().filter(text).cloned().collect();
    let wanted =
        |file: &&LibraryFile<'_>| file.made.path == linked || Some(file.picture) == picture;
    let library = case.library.iter().filter(wanted).map(|file| file.made.clone().into_owned());
    disk::write(&folder.join("chat"), &chat)?;
    disk::write(&folder.join("originals"), &library.collect::<Vec<Made>>())
}

/// Writes a case as two folders and its truth, so that the program itself can
/// be run on it.
///
/// # Errors
/// The disk refuses.
pub fn keep(case: &Case<'_>, folder: &Path) -> Outcome {
    let folder = folder.join(case.kind.name());
    disk::write(&folder.join("chat"), &case.chat)?;
    let library: Vec<Made> =
        case.library.iter().map(|file| file.made.clone().into_owned()).collect();
    disk::write(&folder.join("originals"), &library)?;
    let mut text = String::new();
    for (name, truth) in &case.truth {
        let same = |file: &&LibraryFile<'_>| Some(file.picture) == truth.picture;
        let files = case.library.iter().filter(same).map(|file| file.made.path.as_str());
        let files: Vec<&str> = files.collect();
        let edit = truth.edits.join("+");
        text += &format!("{name}\t{}\t{edit}\t{}\n", files.join("|"), truth.note);
    }
    saying("truth.tsv", std::fs::write(folder.join("truth.tsv"), text))
}
