//! Looking into videos: pictures of both files confirm or undo what time and length
//! decided. The core decodes what it can, and asks hosts that have a player for
//! frames of the rest.

use std::collections::{BTreeMap, VecDeque};

use super::looking::{Ask, Looking, Open};
use super::state::{Job, Phase};
use crate::collect::{Export, Library, Medium};
use crate::io::Files;
use crate::job::desk::Desk;
use crate::ledger::Ledger;
use crate::matching::videos::frames::{self, By, Context, Reach};
use crate::matching::videos::watching::{Watched, Watching};
use crate::matching::videos::{self, Movie};
use crate::matching::{Known, Pairing};
use crate::model::{Features, MediaKind, MediumId};
use crate::need::{Ability, Need, NeedId, Reply};
use crate::progress::Stage;
use crate::settings::Settings;

/// Videos of which one batch recalls what earlier runs saw: three notes for each
/// candidate.
const BATCH_VIDEOS: usize = 64;

impl<F: Files> Job<F> {
    /// What is to be looked into once everything is decided; `None` if there is no
    /// video on which the user has not decided.
    pub(super) fn looking(&self) -> Option<Box<Looking>> {
        let is_open = |(id, medium): &(MediumId, &Medium)| {
            medium.kind == MediaKind::Video && !self.answers.contains_key(id)
        };
        let media = (0..).map(MediumId).zip(&self.export.media);
        let ahead: VecDeque<MediumId> = media.filter(is_open).map(|(id, _)| id).collect();
        if ahead.is_empty() {
            return None;
        }
        let known = Known { library: &self.library, features: &self.features };
        let movies = videos::movies(known, &self.originals());
        Some(Box::new(Looking {
            movies,
            ahead,
            open: BTreeMap::new(),
            asks: VecDeque::new(),
            watching: None,
        }))
    }

    /// Recalls some of what earlier runs saw; then decodes some pictures; for what cannot
    /// be decoded here, says what the host is asked next. When nothing is left to ask,
    /// everything is decided.
    pub(super) fn look(&mut self) -> Option<(NeedId, Need)> {
        let Phase::Look(looking) = &mut self.phase else { return None };
        if !looking.ahead.is_empty() {
            self.recall_seen();
            return None;
        }
        // Videos that the user decided on meanwhile stay as they are.
        let answers = &self.answers;
        while looking.asks.pop_front_if(|ask| answers.contains_key(&ask.pair.medium)).is_some() {
            looking.watching = None;
        }
        self.desk.progress.done = self.desk.progress.total.saturating_sub(looking.left());
        let Some(ask) = looking.asks.front() else {
            self.phase = Phase::Decided;
            return None;
        };
        if !ask.is_foreign {
            self.watch();
            return None;
        }
        if ask.pair.by_sound || !self.desk.needs.abilities.contains(&Ability::Frames) {
            looking.asks.pop_front();
            return None;
        }
        Some((ask.id, Need::Frames(frames::wanted(&ask.pair, ask.reach))))
    }

    /// Decodes some pictures of the first pair; when all are decoded, what they show is
    /// decided at once.
    fn watch(&mut self) {
        let Self { phase: Phase::Look(looking), library, export, features, desk, settings, .. } =
            self
        else {
            return;
        };
        let Looking { movies, open, asks, watching, .. } = &mut **looking;
        let Some(ask) = asks.front_mut() else { return };
        let context = context(library, export, features, movies, desk, settings);
        let mut ledger = Ledger::default();
        if watching.is_none() {
            *watching = Watching::begin(&ask.pair, context).map(Box::new);
        }
        let watched = match watching {
            Some(watching) => watching.step(context, &mut ledger),
            None => Watched::Foreign,
        };
        let mut decided = None;
        match watched {
            Watched::More => {}
            Watched::Foreign => {
                *watching = None;
                ask.is_foreign = true;
            }
            Watched::Seen(seen) => {
                *watching = None;
                let Some(ask) = asks.pop_front() else { return };
                if let Some(open) = open.get_mut(&ask.pair.medium) {
                    ledger.notes.extend(open.take(&ask, &seen, By::Core, context));
                    decided = Some(open.judged(context));
                }
            }
        }
        desk.take(ledger);
        if let Some(judged) = decided {
            self.decide(judged);
        }
    }

    /// Takes the host's reply to what [`Job::advance`] asked last. What is decided
    /// follows at once. A number that nothing is asked under, or no longer, is
    /// left aside.
    ///
    /// Compares at most 24 frames, each of at most
    /// [`Frames::long_edge`](crate::need::Frames::long_edge) if the host keeps to it.
    pub fn supply(&mut self, id: NeedId, reply: Reply) {
        let Self { phase: Phase::Look(looking), library, export, features, desk, settings, .. } =
            self
        else {
            return;
        };
        let Looking { movies, open, asks, .. } = &mut **looking;
        let Some(ask) = asks.pop_front_if(|ask| ask.id == id) else { return };
        let Reply::Frames(shown) = reply else { return };
        let Some(open) = open.get_mut(&ask.pair.medium) else { return };
        let seen = frames::glimpses(&shown, ask.reach);
        let context = context(library, export, features, movies, desk, settings);
        let notes = open.take(&ask, &seen, By::Host, context);
        let judged = open.judged(context);
        // Where nothing could be compared, more of the same could not be either.
        let compared = seen.iter().any(Option::is_some);
        if ask.reach == Reach::InPlace && compared && !open.is_settled(&ask.pair) {
            asks.push_front(Ask { id: desk.needs.number(), reach: Reach::Around, ..ask });
        }
        if !notes.is_empty() {
            desk.memory.note(notes);
        }
        self.decide(judged);
    }

    /// Takes over what earlier runs saw of the next videos, and finds out what the
    /// host is to be asked about them.
    fn recall_seen(&mut self) {
        for _ in 0..BATCH_VIDEOS {
            let Self {
                phase: Phase::Look(looking), library, export, features, desk, settings, ..
            } = self
            else {
                return;
            };
            let Some(medium) = looking.ahead.pop_front() else { break };
            let Some(pairing) = self.matches.pairings.get(medium.0 as usize) else { continue };
            let context = context(library, export, features, &looking.movies, desk, settings);
            let video = Open::recalled(pairing, context);
            let judged = video.judged(context);
            looking.ask_about(video, &mut desk.needs);
            self.decide(judged);
        }
        if let Phase::Look(looking) = &self.phase
            && looking.ahead.is_empty()
        {
            self.desk.enter(Stage::Plan, looking.left());
        }
    }

    /// Takes over what frames decided, but for videos that the user decided on.
    fn decide(&mut self, judged: Pairing) {
        let medium = judged.medium;
        if self.answers.contains_key(&medium) {
            return;
        }
        if let Some(place) = self.matches.pairings.get_mut(medium.0 as usize) {
            *place = judged;
        }
    }
}

fn context<'a, F: Files>(
    library: &'a Library,
    export: &'a Export,
    features: &'a [Option<Features>],
    movies: &'a [Movie],
    desk: &'a Desk<F>,
    settings: &'a Settings,
) -> Context<'a> {
    let (files, memory) = (&desk.files, &*desk.memory);
    Context { library, export, features, movies, files, memory, settings }
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;
