//! Videos: sound or pictures prove, time and length make candidates.
//!
//! - **Sound** (`hearing`): an original whose sound was sent, whole or a part of it, is
//!   linked if it is the only one. Where several have the sound, those of its length go
//!   first, and pictures decide between them. What sounds otherwise is no candidate,
//!   nor what is silent beside a sound.
//! - **Pictures** (`frames`), where a host can decode them: they confirm one of several
//!   candidates, or refute.
//! - **Time and length alone** link nothing in strict and balanced. Loose links a video,
//!   and says that nothing proves it, if it is the only one (copies count once) that
//!
//!   1. was taken inside the time window and has the same length within 0.5 s, or is
//!      longer, for sends may be trimmed; or else,
//!   2. not with `--search window`: has the same length within 0.05 s and the same
//!      shape, and was not taken after it was sent.
//!
//! In all cases the original must be better: more pixels, or as many, more bytes
//! and a camera's time. WhatsApp's own MP4s carry creation time zero, so only the
//! original's time is used.

pub(in crate::matching) mod copies;
pub(crate) mod frames;
pub(crate) mod glimpse;
pub(in crate::matching) mod hearing;
pub(crate) mod watching;

use std::collections::BTreeMap;

use crate::collect::{Medium, Sent};
use crate::matching::clock::{self, Clock, DRIFT_S, Moment};
use crate::matching::evidence::sound::Heard;
use crate::matching::gates;
use crate::matching::link::candidates;
use crate::matching::pairing::{Candidate, Decision, Pairing, Score};
use crate::matching::reason::Reason;
use crate::matching::units::Known;
use crate::model::{Edit, Features, Item, ItemId, Kind, MediumId, Size};
use crate::settings::{Mode, Search, Settings};

/// Most milliseconds by which WhatsApp's re-encoding changes a length; a video
/// further off is not a candidate. Chosen, not measured.
const SAME_LENGTH_MS: u64 = 500;

/// Most milliseconds between lengths that are equal but for one frame, which takes
/// 40 at 25 frames a second. Further off, length alone links nothing.
const EQUAL_LENGTH_MS: u64 = 50;

/// A video of the library; copies of one file count once.
#[derive(Debug, Clone)]
pub(crate) struct Movie {
    pub item: ItemId,
    pub copies: Vec<ItemId>,
    duration_ms: Option<u64>,
    moment: Option<Moment>,
}

/// The videos among these files, in the order in which they come. Files with equal size,
/// length, time and pixels are copies.
pub(crate) fn movies(known: Known<'_>, files: &[ItemId]) -> Vec<Movie> {
    let mut movies: Vec<Movie> = Vec::new();
    let mut seen = BTreeMap::new();
    for (item, features) in known.examined(files) {
        let (Kind::Video, Some(video)) = (features.kind, features.video) else { continue };
        let key = (item.size, video.duration_ms, features.taken, features.size);
        let at = *seen.entry(key).or_insert(movies.len());
        match movies.get_mut(at) {
            Some(movie) => movie.copies.push(item.id),
            None => movies.push(Movie {
                item: item.id,
                copies: Vec::new(),
                duration_ms: video.duration_ms,
                moment: clock::moment(features),
            }),
        }
    }
    movies
}

/// Whether both are videos of one length, as far as sending keeps it.
pub(in crate::matching) fn as_long(known: Known<'_>, exported: ItemId, original: ItemId) -> bool {
    let length = |id| known.features(id)?.video?.duration_ms;
    is_apart(length(exported), length(original), SAME_LENGTH_MS)
}

/// Whether two lengths are known, and apart by so much at most.
fn is_apart(one_ms: Option<u64>, other_ms: Option<u64>, most_ms: u64) -> bool {
    one_ms.zip(other_ms).is_some_and(|(one, other)| one.abs_diff(other) <= most_ms)
}

/// Whether linking the original gives the chat more than it has.
pub(in crate::matching) fn is_better(known: Known<'_>, exported: ItemId, original: ItemId) -> bool {
    let features = known.features(exported).zip(known.features(original));
    let Some((sent, taken)) = features else { return false };
    let pixels = |features: &Features| features.size.map_or(0, Size::pixels);
    let (small, large) = (pixels(sent), pixels(taken));
    let by_camera = clock::moment(taken).is_some_and(|moment| moment.by_camera);
    let more_bytes = known.item(original).size > known.item(exported).size;
    large > small || (large == small && more_bytes && by_camera)
}

/// Other files of the library with the same video.
pub(in crate::matching) fn copies(movies: &[Movie], item: ItemId) -> Vec<ItemId> {
    let of_item = movies.iter().find(|movie| movie.item == item);
    of_item.map(|movie| movie.copies.clone()).unwrap_or_default()
}

/// An exported video and what to judge it by.
struct Asked<'a> {
    known: Known<'a>,
    item: &'a Item,
    features: &'a Features,
    duration_ms: Option<u64>,
    sent: Option<Sent>,
    clock: &'a Clock,
    settings: &'a Settings,
    sounds: &'a Sounds,
}

/// How sounds compare: of an exported video, and of an original.
pub(in crate::matching) type Sounds = BTreeMap<(ItemId, ItemId), Heard>;

/// The originals that sound proves: those with the length of what was sent, or else
/// those that it may be a part of.
pub(in crate::matching) fn proved<'a>(
    known: Known<'_>,
    exported: ItemId,
    movies: &'a [Movie],
    sounds: &Sounds,
    is_allowed: impl Fn(&Movie) -> bool,
) -> Vec<(&'a Movie, i64)> {
    let heard = |movie: &'a Movie| match sounds.get(&(exported, movie.item))? {
        Heard::Same { shift_ms } => Some((movie, *shift_ms)),
        Heard::Other | Heard::Open => None,
    };
    let all: Vec<(&Movie, i64)> =
        movies.iter().filter_map(heard).filter(|(movie, _)| is_allowed(movie)).collect();
    let as_long = |(movie, _): &&(&Movie, i64)| as_long(known, exported, movie.item);
    let whole: Vec<(&Movie, i64)> = all.iter().filter(as_long).copied().collect();
    if whole.is_empty() { all } else { whole }
}

/// Decides on one video; `None` if it cannot be read.
pub(in crate::matching) fn video(
    (id, medium): (MediumId, &Medium),
    known: Known<'_>,
    movies: &[Movie],
    clock: &Clock,
    sounds: &Sounds,
    settings: &Settings,
) -> Option<Pairing> {
    let item = known.item(medium.item?);
    let features = known.features(item.id)?;
    let duration_ms = features.video?.duration_ms;
    let asked =
        Asked { known, item, features, duration_ms, sent: medium.sent, clock, settings, sounds };
    Some(asked.decide(id, movies))
}

impl Asked<'_> {
    fn decide(&self, id: MediumId, movies: &[Movie]) -> Pairing {
        let mut pairing = Pairing::blank(id, self.settings);
        let proved =
            proved(self.known, self.item.id, movies, self.sounds, |movie| self.is_allowed(movie));
        let mut fitting: Vec<&Movie> = movies
            .iter()
            .filter(|movie| self.fits(movie) && !self.sounds_otherwise(movie))
            .collect();
        let is_proved = |movie: &Movie| proved.iter().any(|(proved, _)| proved.item == movie.item);
        fitting.retain(|movie| !is_proved(movie));
        fitting.sort_by_key(|movie| {
            (!self.in_window(movie), self.apart_ms(movie).unwrap_or(u64::MAX), movie.item)
        });
        let limit = self.settings.limits.shortlist;
        let first = proved.iter().map(|(movie, _)| *movie);
        let candidate = |movie: &Movie| Candidate { item: movie.item, score: self.score(movie) };
        let listed = first.chain(fitting.iter().copied());
        pairing.candidates = listed.take(limit).map(candidate).collect();
        pairing.score = pairing.candidates.first().map_or(Score::default(), |first| first.score);
        let inside: Vec<&Movie> =
            fitting.iter().copied().filter(|movie| self.in_window(movie)).collect();
        let (decision, reason) = match (proved.as_slice(), inside.as_slice()) {
            ([(one, shift_ms)], _) => self.by_sound(&mut pairing, one, *shift_ms),
            ([(first, _), (second, _), ..], _) => {
                let (first, second) = (self.name(first), self.name(second));
                (Decision::Ambiguous, Reason::TwoSameSound { first, second })
            }
            ([], [one]) => self.unproved(&mut pairing, one),
            ([], [first, second, ..]) => (Decision::Ambiguous, self.two(first, second)),
            ([], []) => self.by_length(&mut pairing, &fitting, movies),
        };
        Pairing { decision, reason, ..pairing }
    }

    /// Whether a video has the length and shape of the sent one, and sound if that
    /// has.
    fn fits(&self, movie: &Movie) -> bool {
        self.has_length(movie) && self.has_shape(movie) && !self.one_is_silent(movie)
    }

    fn has_length(&self, movie: &Movie) -> bool {
        let as_long = is_apart(movie.duration_ms, self.duration_ms, SAME_LENGTH_MS);
        let longer = self.duration_ms.zip(movie.duration_ms).is_some_and(|(sent, of)| sent < of);
        let trimmed = self.settings.mode == Mode::Loose && longer && self.in_window(movie);
        as_long || trimmed
    }

    fn has_shape(&self, movie: &Movie) -> bool {
        let original = self.known.features(movie.item).and_then(|features| features.size);
        self.features
            .size
            .zip(original)
            .is_none_or(|(exported, original)| gates::same_video_shape(exported, original))
    }

    fn one_is_silent(&self, movie: &Movie) -> bool {
        let has_sound = |features: &Features| features.video.is_some_and(|video| video.has_audio);
        let original = self.known.features(movie.item).map(has_sound);
        original.is_some_and(|original| original != has_sound(self.features))
    }

    fn sounds_otherwise(&self, movie: &Movie) -> bool {
        self.sounds.get(&(self.item.id, movie.item)) == Some(&Heard::Other)
    }

    /// Whether a video that is proved may be linked: with `--search window`, whether it
    /// was taken then.
    fn is_allowed(&self, movie: &Movie) -> bool {
        self.settings.search == Search::Library || self.in_window(movie)
    }

    /// Milliseconds between the two lengths, if both are known.
    fn apart_ms(&self, movie: &Movie) -> Option<u64> {
        self.duration_ms.zip(movie.duration_ms).map(|(sent, of)| sent.abs_diff(of))
    }

    fn in_window(&self, movie: &Movie) -> bool {
        candidates::in_window(self.sent, movie.moment, self.clock, self.settings)
    }

    fn difference(&self, movie: &Movie) -> Option<i64> {
        Some(self.clock.difference(self.sent?, movie.moment?))
    }

    fn score(&self, movie: &Movie) -> Score {
        let seconds = |ms: Option<u64>| ms.map(|ms| ms as f64 / 1000.0);
        let lengths = seconds(self.duration_ms).zip(seconds(movie.duration_ms));
        Score {
            time_difference_s: self.difference(movie),
            duration_difference_s: lengths.map(|(sent, of)| (sent - of) as f32),
            ..Score::default()
        }
    }

    /// The decision if nothing was taken in the window: in loose a length that no other
    /// video has may link.
    fn by_length(
        &self,
        pairing: &mut Pairing,
        fitting: &[&Movie],
        movies: &[Movie],
    ) -> (Decision, Reason) {
        let Some(first) = fitting.first() else {
            return self.nothing_fits(movies);
        };
        let allowed = self.settings.mode != Mode::Strict && self.settings.search == Search::Library;
        let is_equal =
            |movie: &&&Movie| is_apart(movie.duration_ms, self.duration_ms, EQUAL_LENGTH_MS);
        let equal: Vec<&Movie> = fitting.iter().filter(is_equal).copied().collect();
        match equal.as_slice() {
            [one] if allowed && one.item == first.item && self.before(one) => {
                self.unproved(pairing, one)
            }
            [one, two, ..] if allowed => (Decision::Ambiguous, self.two(one, two)),
            _ => (Decision::TooDifferent, Reason::LengthAlone { original: self.name(first) }),
        }
    }

    /// Why: nothing is as long, or what is as long has another sound, or one has none.
    fn nothing_fits(&self, movies: &[Movie]) -> (Decision, Reason) {
        let near: Vec<&Movie> =
            movies.iter().filter(|movie| self.has_length(movie) && self.has_shape(movie)).collect();
        let name = |movie: &&Movie| self.name(movie);
        let other = near.iter().find(|movie| self.sounds_otherwise(movie)).map(name);
        let silent = near.iter().find(|movie| self.one_is_silent(movie)).map(name);
        match (other, silent) {
            (Some(original), _) => (Decision::TooDifferent, Reason::OtherSound { original }),
            (None, Some(original)) => (Decision::TooDifferent, Reason::OneIsSilent { original }),
            (None, None) => (Decision::NoCandidates, Reason::NoVideoAsLong),
        }
    }

    /// Whether it was not taken after it was sent, and both shapes are known.
    fn before(&self, movie: &Movie) -> bool {
        let sized = self.features.size.is_some()
            && self.known.features(movie.item).is_some_and(|features| features.size.is_some());
        sized && self.difference(movie).is_none_or(|difference| difference >= -DRIFT_S)
    }

    /// The decision on a video for which time and length speak, and nothing else:
    /// only loose links it.
    fn unproved(&self, pairing: &mut Pairing, movie: &Movie) -> (Decision, Reason) {
        let original = self.name(movie);
        if !is_better(self.known, self.item.id, movie.item) {
            return (Decision::NotBetter, Reason::VideoNotBetter { original });
        }
        if self.settings.mode != Mode::Loose {
            return (Decision::TooDifferent, Reason::LengthAlone { original });
        }
        self.link(pairing, movie);
        let apart_ms = self.apart_ms(movie).unwrap_or_default();
        let before = Box::new(if apart_ms > SAME_LENGTH_MS {
            pairing.edits = Edit::Trim.into();
            Reason::Trimmed { original, longer_ms: apart_ms }
        } else {
            Reason::OnlyAsLong { original, apart_ms }
        });
        (Decision::Matched, Reason::Unproved { before })
    }

    /// The decision on the one video that has the sound, from this millisecond on.
    fn by_sound(&self, pairing: &mut Pairing, movie: &Movie, shift_ms: i64) -> (Decision, Reason) {
        let original = self.name(movie);
        if !is_better(self.known, self.item.id, movie.item) {
            return (Decision::NotBetter, Reason::VideoNotBetter { original });
        }
        self.link(pairing, movie);
        let longer = self.duration_ms.zip(movie.duration_ms);
        let longer_ms = longer.map_or(0, |(sent, of)| of.saturating_sub(sent));
        if longer_ms <= SAME_LENGTH_MS {
            return (Decision::Matched, Reason::SameSound { original });
        }
        pairing.edits = Edit::Trim.into();
        let start_ms = u64::try_from(shift_ms).unwrap_or(0).min(longer_ms);
        let end_ms = longer_ms - start_ms;
        (Decision::Matched, Reason::SameSoundCut { original, start_ms, end_ms })
    }

    fn link(&self, pairing: &mut Pairing, movie: &Movie) {
        pairing.original = Some(movie.item);
        pairing.also.clone_from(&movie.copies);
        pairing.score = self.score(movie);
    }

    fn two(&self, first: &Movie, second: &Movie) -> Reason {
        Reason::TwoVideos { first: self.name(first), second: self.name(second) }
    }

    fn name(&self, movie: &Movie) -> String {
        self.known.item(movie.item).name().to_owned()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
