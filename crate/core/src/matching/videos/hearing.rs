//! Compares the sound of exported videos with that of originals, in bounded batches:
//! one thread reads, all decode and compare. Answers of earlier runs are recalled.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Movie, SAME_LENGTH_MS, Sounds, is_apart, is_better};
use crate::ahead::read_ahead;
use crate::collect::{self, Medium};
use crate::error::{Issue, Problem};
use crate::examine::guarded;
use crate::examine::sound::{self, MOST_SECONDS, Print, Recording};
use crate::ledger::Ledger;
use crate::matching::clock::Clock;
use crate::matching::evidence::question::{self, Bench, Compared, Question, What};
use crate::matching::evidence::recent::Recent;
use crate::matching::evidence::sound::{Shifts, compare};
use crate::matching::gates;
use crate::matching::units::Known;
use crate::memory::BATCH_RECALLED;
use crate::model::{Features, ItemId, Size};
use crate::settings::{Search, Settings};
use crate::zones::{EARLIEST_S, LATEST_S};

/// Originals of one length whose sound is compared with one video's, the nearest in
/// time first. Chosen, not measured.
const AS_LONG: usize = 24;
/// Longer originals of which a video may be a part, of the two days before it was
/// sent. Chosen, not measured.
const LONGER: usize = 8;
/// Seconds before the send time in which longer originals are looked for.
const LONGER_S: i64 = 2 * 86_400;

/// Work of one batch for each thread, in milliseconds as estimated below.
const BATCH_MS: u64 = 100;
/// Milliseconds to read and decode a second of sound (measured natively: 2).
const SECOND_MS: u64 = 3;
/// Milliseconds to search all shifts of a long original (measured natively: 10 to 60).
const SEARCH_MS: u64 = 30;
/// Most bytes of prints that are kept; one of 300 seconds has 180 KB.
const KEPT_BYTES: usize = 32 << 20;

/// The questions about sounds, and what is known of them.
pub(in crate::matching) struct Hearing {
    waiting: VecDeque<Waiting>,
    prints: Recent<ItemId, Arc<Print>>,
    /// Sounds that cannot be decoded, and why: each is reported once.
    bad: BTreeMap<ItemId, Problem>,
    /// What was heard.
    pub(in crate::matching) heard: Sounds,
}

impl Default for Hearing {
    fn default() -> Self {
        let prints = Recent::within(KEPT_BYTES);
        let (waiting, bad, heard) = (VecDeque::new(), BTreeMap::new(), Sounds::new());
        Self { waiting, prints, bad, heard }
    }
}

/// An original, the exported video, and how they may lie beside each other.
#[derive(Clone, Copy)]
struct Waiting {
    original: ItemId,
    exported: ItemId,
    shifts: Shifts,
    /// Whether the memory was asked and did not know it.
    is_new: bool,
}

impl Waiting {
    /// At no size: sounds have none.
    fn question(&self) -> Question {
        let (what, files) = (What::Sound(self.shifts), (self.original, self.exported));
        Question { what, files, size: Size::square(0) }
    }
}

type Prints = BTreeMap<ItemId, Result<Arc<Print>, Problem>>;

impl Hearing {
    /// Whether a question is not answered yet.
    pub(in crate::matching) fn is_busy(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Asks about the originals that an exported video may come from.
    pub(in crate::matching) fn order(
        &mut self,
        known: Known<'_>,
        medium: &Medium,
        movies: &[Movie],
        clock: &Clock,
        settings: &Settings,
    ) {
        let Some((exported, features)) =
            medium.item.and_then(|item| Some((item, known.features(item)?)))
        else {
            return;
        };
        if !has_sound(features) || features.video.is_some_and(|video| video.is_gif) {
            return;
        }
        let apart = |movie: &Movie| Some(clock.difference(medium.sent?, movie.moment?));
        let could = |movie: &&Movie| {
            let of = known.features(movie.item);
            let same_shape = |of: &Features| match (features.size, of.size) {
                (Some(sent), Some(of)) => gates::same_video_shape(sent, of),
                _ => true,
            };
            of.is_some_and(|of| has_sound(of) && same_shape(of))
                && is_then(apart(movie), settings)
                && is_better(known, exported, movie.item)
        };
        let near = |movie: &&Movie| (apart(movie).map_or(u64::MAX, i64::unsigned_abs), movie.item);
        let mut could: Vec<&Movie> = movies.iter().filter(could).collect();
        could.sort_by_key(near);
        let length = features.video.and_then(|video| video.duration_ms);
        let unknown = |movie: &Movie| length.is_none() || movie.duration_ms.is_none();
        let as_long = |movie: &&&Movie| is_apart(length, movie.duration_ms, SAME_LENGTH_MS);
        let longer = |movie: &&&Movie| {
            let then = apart(movie).is_some_and(|apart| apart.abs() <= LONGER_S);
            then && (unknown(movie) || length < movie.duration_ms) && !as_long(movie)
        };
        let wait = |shifts| {
            move |movie: &&Movie| Waiting { original: movie.item, exported, shifts, is_new: false }
        };
        self.waiting.extend(could.iter().filter(as_long).take(AS_LONG).map(wait(Shifts::Whole)));
        self.waiting.extend(could.iter().filter(longer).take(LONGER).map(wait(Shifts::Part)));
    }

    /// Asks whether the sounds of two videos of one length contradict, if both have any.
    pub(in crate::matching) fn ask(
        &mut self,
        known: Known<'_>,
        original: ItemId,
        exported: ItemId,
    ) {
        let both = [original, exported].map(|id| known.features(id).is_some_and(has_sound));
        if both == [true, true] {
            let shifts = Shifts::Copy;
            self.waiting.push_back(Waiting { original, exported, shifts, is_new: false });
        }
    }

    /// Answers one batch: at most [`BATCH_RECALLED`] from memory, and [`BATCH_MS`] of
    /// estimated work for each thread (one long sound may be more).
    pub(in crate::matching) fn advance(&mut self, bench: Bench<'_>, ledger: &mut Ledger) {
        self.recall(bench, ledger);
        let batch = self.take_new(bench.known);
        let prints = self.prints(bench, &batch, ledger);
        let compared = |one: &Waiting| compared(one, &prints);
        let found: Vec<Compared> = batch.par_iter().map(compared).collect();
        for (one, found) in batch.iter().zip(found) {
            ledger.notes.extend(question::note(bench, &one.question(), &found));
            self.take(bench, one, &found, ledger);
        }
    }

    /// Takes what the memory knows of the next questions.
    fn recall(&mut self, bench: Bench<'_>, ledger: &mut Ledger) {
        let fresh = self.waiting.iter().take(BATCH_RECALLED).position(|one| one.is_new);
        let asked = self.waiting.len().min(fresh.unwrap_or(BATCH_RECALLED));
        let asked: Vec<Waiting> = self.waiting.drain(..asked).collect();
        let questions: Vec<Question> = asked.iter().map(Waiting::question).collect();
        let known = question::recall(bench, &questions);
        for (one, known) in asked.into_iter().zip(known).rev() {
            match known {
                Some(found) => self.take(bench, &one, &found, ledger),
                None => self.waiting.push_front(Waiting { is_new: true, ..one }),
            }
        }
    }

    /// The next questions that the memory did not know, within the bounds of a batch.
    fn take_new(&mut self, known: Known<'_>) -> Vec<Waiting> {
        let budget = BATCH_MS * rayon::current_num_threads() as u64;
        let (mut spent, mut batch, mut files) = (0, Vec::new(), BTreeSet::new());
        while let Some(&one) = self.waiting.front().filter(|one| one.is_new) {
            let both = [one.original, one.exported].into_iter();
            let fresh = both.filter(|&id| files.insert(id) && !self.is_kept(id));
            spent += fresh.map(|id| seconds(known, id) * SECOND_MS).sum::<u64>();
            spent += if one.shifts == Shifts::Part { SEARCH_MS } else { 1 };
            if spent > budget && !batch.is_empty() {
                break;
            }
            batch.push(one);
            self.waiting.pop_front();
        }
        batch
    }

    fn is_kept(&self, id: ItemId) -> bool {
        self.prints.has(id) || self.bad.contains_key(&id)
    }

    /// The prints of a batch's files; what is not kept is read and decoded.
    fn prints(&mut self, bench: Bench<'_>, batch: &[Waiting], ledger: &mut Ledger) -> Prints {
        let (mut prints, mut wanted) = (Prints::new(), BTreeSet::new());
        for id in batch.iter().flat_map(|one| [one.original, one.exported]) {
            match (self.prints.get(id), self.bad.get(&id)) {
                (Some(print), _) => drop(prints.insert(id, Ok(print))),
                (None, Some(problem)) => drop(prints.insert(id, Err(problem.clone()))),
                (None, None) => drop(wanted.insert(id)),
            }
        }
        let load = |id: &ItemId| {
            let recording = load(bench, *id)?;
            ledger.bytes_read += recording.bytes();
            Ok(recording)
        };
        let print = |_: &ItemId, recording: Result<Recording, Problem>| {
            let recording = recording?;
            guarded(|| sound::print(&recording)).map(Arc::new)
        };
        for (id, print) in read_ahead(wanted, load, print) {
            if let Ok(print) = &print {
                self.prints.keep(id, Arc::clone(print), size_of_val(print.levels.as_slice()));
            }
            prints.insert(id, print);
        }
        prints
    }

    /// Takes an answer, and reports what cannot be decoded, once for each file.
    fn take(&mut self, bench: Bench<'_>, one: &Waiting, found: &Compared, ledger: &mut Ledger) {
        self.heard.extend(found.heard.map(|heard| ((one.exported, one.original), heard)));
        for (id, problem) in [(one.original, &found.first), (one.exported, &found.second)] {
            let Some(problem) = problem else { continue };
            if self.bad.insert(id, problem.clone()).is_none() {
                let path = bench.known.item(id).path.clone();
                ledger.issues.push(Issue { path, problem: problem.clone() });
            }
        }
    }
}

fn has_sound(features: &Features) -> bool {
    features.video.is_some_and(|video| video.has_audio)
}

/// Whether the times allow it. The camera's clock is not known yet: with `--search
/// window` whatever any offset could move into the window stays.
fn is_then(apart: Option<i64>, settings: &Settings) -> bool {
    let window = i64::from(settings.match_window_seconds);
    settings.search == Search::Library
        || apart.is_some_and(|apart| (EARLIEST_S - window..=LATEST_S + window).contains(&apart))
}

/// Seconds of a video's sound that are decoded.
fn seconds(known: Known<'_>, id: ItemId) -> u64 {
    let video = known.features(id).and_then(|features| features.video);
    let length = video.and_then(|video| video.duration_ms).map(|ms| ms / 1000 + 1);
    length.unwrap_or(u64::MAX).min(MOST_SECONDS.into())
}

fn load(bench: Bench<'_>, id: ItemId) -> Result<Recording, Problem> {
    let opened = collect::open(bench.known.item(id), bench.files);
    let source = opened.map_err(|error| Problem::reading(&error))?;
    sound::gather(&*source, &bench.settings.limits)
}

fn compared(one: &Waiting, prints: &Prints) -> Compared {
    let of = |id: ItemId| prints.get(&id).and_then(|print| print.as_ref().ok());
    let problem = |id: ItemId| prints.get(&id).and_then(|print| print.as_ref().err().cloned());
    let both = of(one.original).zip(of(one.exported));
    let heard = both.map(|(original, sent)| compare(original, sent, one.shifts));
    let (first, second) = (problem(one.original), problem(one.exported));
    Compared { heard, first, second, ..Compared::default() }
}

#[cfg(test)]
#[path = "hearing_tests.rs"]
mod tests;
