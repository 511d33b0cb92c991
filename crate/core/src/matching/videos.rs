//! Videos: length, time, size. There is no proof by pixels here, so the rule
//! is narrow; where a host can decode videos, [`super::frames`] looks again.
//!
//! A video is linked if it is the only one (copies count once) that
//! 1. was taken inside the time window and is as long within 0.5 s (loose: or
//!    longer, for sends may be trimmed); or else,
//! 2. not in strict and not with `--search window`: is as long within 0.05 s,
//!    as no other video of the library, has the same shape, was not taken after
//!    it was sent, and lengths near it are rare. With `n` videos
//!    within 10 s of the length, chance alone gives `n / 200` as close: 4 are
//!    allowed, so that chance stays near 2 %. Loose does not ask for rarity.
//!
//! In both cases the original must be better: more pixels, or as many and a
//! larger file with a camera's time. WhatsApp's own MP4s carry creation time
//! zero, so only the original's time is used.

use super::clock::{self, Clock, Moment};
use super::decide::blank;
use super::units::Known;
use super::{Candidate, Decision, Pairing, Score, candidates, explain, gates};
use crate::collect::{Medium, Sent};
use crate::model::{Features, Item, ItemId, Kind, MediumId};
use crate::settings::{Mode, Search, Settings};

/// Lengths that WhatsApp's re-encoding may move apart, in milliseconds.
const SAME_LENGTH_MS: u64 = 500;

/// Lengths that are equal but for one frame.
const EQUAL_LENGTH_MS: u64 = 50;

/// Neighbourhood in which lengths are counted, and how many may be in it.
const NEAR_MS: u64 = 10_000;
const FEW: usize = 4;

/// How much later than its send time a capture may seem: clocks drift.
const DRIFT_S: i64 = 120;

/// A video of the library; copies of one file count once.
#[derive(Debug, Clone)]
pub(super) struct Movie {
    pub item: ItemId,
    pub copies: Vec<ItemId>,
    duration_ms: u64,
    moment: Option<Moment>,
}

/// The library's videos in the order of their paths. Files with equal size,
/// length, time and pixels are copies.
pub(super) fn movies(known: Known<'_>) -> Vec<Movie> {
    let mut movies: Vec<Movie> = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for (item, features) in known.originals() {
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

/// Whether both are videos of one length, within what sending does to it.
pub(super) fn as_long(known: Known<'_>, exported: ItemId, original: ItemId) -> bool {
    let length = |id| Some(known.features(id)?.video?.duration_ms);
    let lengths = length(exported).zip(length(original));
    lengths.is_some_and(|(exported, original)| is_as_long(exported, original))
}

fn is_as_long(one_ms: u64, other_ms: u64) -> bool {
    one_ms.abs_diff(other_ms) <= SAME_LENGTH_MS
}

/// Whether linking the original would give the chat more than it has.
pub(super) fn is_better(known: Known<'_>, exported: ItemId, original: ItemId) -> bool {
    let features = known.features(exported).zip(known.features(original));
    let Some((sent, taken)) = features else { return false };
    let pixels = |features: &Features| {
        features.size.map_or(0, |(width, height)| u64::from(width) * u64::from(height))
    };
    let (small, large) = (pixels(sent), pixels(taken));
    let by_camera = clock::moment(taken).is_some_and(|moment| moment.by_camera);
    let more_bytes = known.item(original).size > known.item(exported).size;
    large > small || (large == small && more_bytes && by_camera)
}

/// Other files of the library with the same video.
pub(super) fn copies(known: Known<'_>, item: ItemId) -> Vec<ItemId> {
    let of_item = movies(known).into_iter().find(|movie| movie.item == item);
    of_item.map(|movie| movie.copies).unwrap_or_default()
}

/// An exported video and what to judge it by.
struct Asked<'a> {
    known: Known<'a>,
    item: &'a Item,
    features: &'a Features,
    duration_ms: u64,
    sent: Option<Sent>,
    clock: &'a Clock,
    settings: &'a Settings,
}

/// Decides on one video; `None` if it cannot be read.
pub(super) fn video(
    (id, medium): (MediumId, &Medium),
    known: Known<'_>,
    movies: &[Movie],
    clock: &Clock,
    settings: &Settings,
) -> Option<Pairing> {
    let item = known.item(medium.item?);
    let features = known.features(item.id)?;
    let duration_ms = features.video?.duration_ms;
    let asked = Asked { known, item, features, duration_ms, sent: medium.sent, clock, settings };
    Some(asked.decide(id, movies))
}

impl Asked<'_> {
    fn decide(&self, id: MediumId, movies: &[Movie]) -> Pairing {
        let mut pairing = blank(id, self.settings);
        let mut long_enough: Vec<&Movie> = movies.iter().filter(|movie| self.fits(movie)).collect();
        long_enough.sort_by_key(|movie| {
            (!self.in_window(movie), movie.duration_ms.abs_diff(self.duration_ms), movie.item)
        });
        let limit = self.settings.limits.shortlist;
        let candidate = |movie: &&Movie| Candidate { item: movie.item, score: self.score(movie) };
        pairing.candidates = long_enough.iter().take(limit).map(candidate).collect();
        pairing.score = pairing.candidates.first().map_or(Score::default(), |first| first.score);
        let inside: Vec<&Movie> =
            long_enough.iter().copied().filter(|movie| self.in_window(movie)).collect();
        let (decision, reason) = match inside.as_slice() {
            [one] => self.judge(&mut pairing, one),
            [first, second, ..] => (Decision::Ambiguous, self.two(first, second)),
            [] => self.by_length(&mut pairing, &long_enough, movies),
        };
        Pairing { decision, reason, ..pairing }
    }

    /// As long, within what sending does to a length, and of the same shape.
    fn fits(&self, movie: &Movie) -> bool {
        let as_long = is_as_long(movie.duration_ms, self.duration_ms);
        let trimmed = self.settings.mode == Mode::Loose
            && self.duration_ms < movie.duration_ms
            && self.in_window(movie);
        let original = self.known.features(movie.item).and_then(|features| features.size);
        let shape = match (self.features.size, original) {
            (Some(exported), Some(original)) => gates::same_video_shape(exported, original),
            _ => true,
        };
        (as_long || trimmed) && shape
    }

    fn in_window(&self, movie: &Movie) -> bool {
        candidates::in_window(self.sent, movie.moment, self.clock, self.settings)
    }

    fn difference(&self, movie: &Movie) -> Option<i64> {
        Some(self.clock.difference(self.sent?, movie.moment?))
    }

    fn score(&self, movie: &Movie) -> Score {
        let apart = self.duration_ms as f64 / 1000.0 - movie.duration_ms as f64 / 1000.0;
        Score {
            time_difference_s: self.difference(movie),
            duration_difference_s: Some(apart as f32),
            ..Score::default()
        }
    }

    /// Nothing in the window: a length that no other video has may decide.
    fn by_length(
        &self,
        pairing: &mut Pairing,
        long_enough: &[&Movie],
        movies: &[Movie],
    ) -> (Decision, String) {
        let Some(first) = long_enough.first() else {
            let reason = "No original video is as long as this one.";
            return (Decision::NoCandidates, reason.to_owned());
        };
        let allowed = self.settings.mode != Mode::Strict && self.settings.search == Search::Library;
        let within = |ms: u64| {
            movies.iter().filter(move |movie| movie.duration_ms.abs_diff(self.duration_ms) <= ms)
        };
        let equal: Vec<&Movie> = within(EQUAL_LENGTH_MS).collect();
        let rare = self.settings.mode == Mode::Loose || within(NEAR_MS).count() <= FEW;
        match equal.as_slice() {
            [one] if allowed && rare && one.item == first.item && self.before(one) => {
                self.judge(pairing, one)
            }
            [one, two, ..] if allowed => (Decision::Ambiguous, self.two(one, two)),
            _ => (
                Decision::TooDifferent,
                format!(
                    "{} is as long, but that alone does not prove that it is the original.",
                    self.known.item(first.item).name(),
                ),
            ),
        }
    }

    /// Not taken after it was sent, and the shapes are known to agree.
    fn before(&self, movie: &Movie) -> bool {
        let sized = self.features.size.is_some()
            && self.known.features(movie.item).is_some_and(|features| features.size.is_some());
        sized && self.difference(movie).is_none_or(|difference| difference >= -DRIFT_S)
    }

    fn judge(&self, pairing: &mut Pairing, movie: &Movie) -> (Decision, String) {
        let name = self.known.item(movie.item).name();
        if !is_better(self.known, self.item.id, movie.item) {
            let reason = format!("{name} is as long, but no better than the exported file.");
            return (Decision::NotBetter, reason);
        }
        pairing.original = Some(movie.item);
        pairing.also.clone_from(&movie.copies);
        pairing.score = self.score(movie);
        let apart = self.duration_ms.abs_diff(movie.duration_ms) as f64 / 1000.0;
        let length = if self.duration_ms + SAME_LENGTH_MS < movie.duration_ms {
            format!("{name} was taken in the same minutes and is {apart:.1} seconds longer")
        } else {
            format!("{name} is the only video that is as long (difference {apart:.2} seconds)")
        };
        let time = self.difference(movie).map(explain::sent);
        let time = time.map(|time| format!("; {time}")).unwrap_or_default();
        (Decision::Matched, format!("{length}{time}."))
    }

    fn two(&self, first: &Movie, second: &Movie) -> String {
        let name = |movie: &Movie| self.known.item(movie.item).name();
        format!("Two videos are as long: {} and {}.", name(first), name(second))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::model::{MediaKind, Side, Taken, TimeSource, VideoShape};

    const SENT: i64 = 1_700_000_000;

    fn clip(duration_ms: u64, size: (u32, u32), before_s: Option<i64>) -> Features {
        Features {
            size: Some(size),
            taken: before_s.map(|before| Taken::Wall(SENT - before)),
            time_source: before_s.map(|_| TimeSource::QuickTime),
            video: Some(VideoShape { duration_ms, has_audio: true, is_gif: false }),
            ..Features::new(Kind::Video)
        }
    }

    /// Originals of 1080p: name, milliseconds, seconds before it was sent.
    #[track_caller]
    fn check(mode: Mode, originals: &[(&str, u64, i64)], want: (Decision, Option<&str>)) {
        let mut fixture = Fixture::default();
        for &(path, duration, before) in originals {
            fixture.add(
                Side::Originals,
                path,
                duration,
                clip(duration, (1920, 1080), Some(before)),
            );
        }
        let sent = fixture.add(Side::Export, "v.mp4", 99, clip(12_340, (848, 480), None));
        fixture.send(MediaKind::Video, Some(sent), SENT);
        let known = fixture.known();
        let settings = Settings { mode, ..Settings::default() };
        let medium = (MediumId(0), &fixture.inventory.media[0]);
        let got = video(medium, known, &movies(known), &Clock::default(), &settings).unwrap();
        let path = got.original.map(|id| known.item(id).path.as_str());
        assert_eq!((got.decision, path), want, "{mode:?} {}", got.reason);
    }

    const DAY: i64 = 86_400;

    #[test]
    fn the_only_one_in_the_window_is_linked() {
        let both = [("a.mov", 12_600, 300), ("b.mov", 12_340, 9 * DAY), ("c.mov", 30_000, 200)];
        check(Mode::Strict, &both, (Decision::Matched, Some("a.mov")));
        check(Mode::Balanced, &[("a.mov", 13_000, 300)], (Decision::NoCandidates, None));
    }

    #[test]
    fn two_in_the_window_are_ambiguous_but_copies_are_one() {
        let two = [("a.mov", 12_300, 300), ("b.mov", 12_400, 400)];
        check(Mode::Loose, &two, (Decision::Ambiguous, None));
        let copies = [("a.mov", 12_300, 300), ("b.mov", 12_300, 300)];
        check(Mode::Strict, &copies, (Decision::Matched, Some("a.mov")));
    }

    #[test]
    fn outside_the_window_a_rare_equal_length_decides() {
        let late = [("a.mov", 12_330, 3 * DAY), ("b.mov", 12_700, DAY)];
        check(Mode::Balanced, &late, (Decision::Matched, Some("a.mov")));
        check(Mode::Strict, &late, (Decision::TooDifferent, None));
        check(Mode::Balanced, &[("a.mov", 12_200, 3 * DAY)], (Decision::TooDifferent, None));
        check(Mode::Balanced, &[("a.mov", 12_330, -3 * DAY)], (Decision::TooDifferent, None));
        let crowd: Vec<(&str, u64, i64)> =
            [("a", 12_330), ("b", 9_000), ("c", 10_000), ("d", 11_000), ("e", 14_000)]
                .map(|(name, ms)| (name, ms, 3 * DAY))
                .to_vec();
        check(Mode::Balanced, &crowd, (Decision::TooDifferent, None));
        check(Mode::Loose, &crowd, (Decision::Matched, Some("a")));
    }

    #[test]
    fn a_trimmed_video_is_for_loose_only() {
        let longer = [("a.mov", 40_000, 300)];
        check(Mode::Loose, &longer, (Decision::Matched, Some("a.mov")));
        check(Mode::Balanced, &longer, (Decision::NoCandidates, None));
    }
}
