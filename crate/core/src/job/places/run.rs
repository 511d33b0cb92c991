//! The stages, a batch at a time.

use super::chats::Opened;
use super::known;
use super::state::{Phase, Places};
use crate::error::{Fatal, Issue, Problem};
use crate::examine::track;
use crate::io::{Files, read_whole};
use crate::job::digests::{Ask, Digesting};
use crate::ledger::Ledger;
use crate::matching::duplicates::pictures::Pictures;
use crate::matching::events::{Seen, Track, alike, suggest};
use crate::matching::likeness::Likenesses;
use crate::model::{Features, Item, ItemId, TimeSource};
use crate::plan::places::FileIssue;
use crate::progress::{Advance, Stage};

impl<F: Files> Places<F> {
    /// Does one batch: about 100 ms of work, whatever the input. To cancel, drop the job.
    /// Never split are decoding one file, reading one track, passes over the list of
    /// files, and the suggestions: 0.2 s for 100,000 files, and some seconds where tens of
    /// thousands of pictures of several cameras are looked at for one scene.
    ///
    /// # Errors
    /// There is none yet; a host matches on it all the same.
    pub fn advance(&mut self) -> Result<Advance, Fatal> {
        match &mut self.phase {
            Phase::Chats(_) => self.open_chats(),
            Phase::Examine(examiner) => {
                let Self { desk, library, features, .. } = self;
                if examiner.advance(desk, &library.items, features) {
                    self.desk.enter(Stage::Collect, self.tracks.len() as u64);
                    self.phase = Phase::Tracks;
                }
            }
            Phase::Tracks => self.read_track(),
            Phase::Pictures(_) => self.compare(),
            Phase::Suggest => self.suggest(),
            Phase::Hash(hashing) => {
                let Self { desk, library, digests, .. } = self;
                if hashing.advance(desk, &library.items, digests) {
                    self.phase = Phase::Done;
                }
            }
            Phase::Done => {}
        }
        Ok(match self.phase {
            Phase::Done => Advance::Done(self.desk.progress),
            _ => Advance::Working(self.desk.progress),
        })
    }

    fn open_chats(&mut self) {
        let Phase::Chats(opening) = &mut self.phase else { return };
        match opening.advance(&self.desk.files, &self.settings) {
            Opened::Working => {}
            Opened::Chat(items, issues) => {
                self.desk.issues.extend(issues);
                for (item, sent) in items {
                    let Ok(number) = u32::try_from(self.library.items.len()) else { break };
                    let id = ItemId(number);
                    self.sent.extend(sent.map(|sent| (id, sent)));
                    // Of two chats one path may be two files: nothing is remembered of it.
                    self.library.items.push(Item { id, modified: None, ..item });
                }
            }
            Opened::Unread(issue) => self.said.push(issue),
            Opened::All => self.enter_examining(),
        }
    }

    /// Reads one track, or goes on to the pictures.
    fn read_track(&mut self) {
        let Some(entry) = self.tracks.get(self.read.len()).cloned() else {
            return self.begin_comparing();
        };
        let opened = self.desk.files.open(entry.file).map_err(|error| Problem::reading(&error));
        let bytes = opened.and_then(|source| read_whole(&*source, track::MOST_BYTES));
        let mut points = Vec::new();
        match bytes.map(|bytes| track::read(&bytes)) {
            Ok(Ok(track)) => {
                let point = |of: &track::Point| (of.utc, of.place, of.altitude_m);
                points = track.points.iter().map(point).collect();
                if track.skipped > 0 {
                    let text = match track.skipped {
                        1 => {
                            "1 point of this track says no time or no place and was skipped".into()
                        }
                        many => format!(
                            "{many} points of this track say no time or no place and were skipped"
                        ),
                    };
                    self.said.push(FileIssue { file: entry.path.clone(), text });
                }
            }
            Ok(Err(no_track)) => {
                let text = no_track.to_string();
                self.said.push(FileIssue { file: entry.path.clone(), text });
            }
            Err(problem) => {
                self.desk.issues.push(Issue { path: entry.path.clone(), problem });
            }
        }
        self.read.push(Track { path: entry.path, points });
        self.desk.progress.done += 1;
    }

    /// Compares the pictures, where one of them lacks what another encoding may have.
    fn begin_comparing(&mut self) {
        let pictures: Vec<ItemId> = self
            .library
            .items
            .iter()
            .filter(|item| self.of(item.id).is_some_and(|of| of.kind.is_picture()))
            .map(|item| item.id)
            .collect();
        let own = self.own;
        let lacks = |id: &ItemId| {
            let inside = (id.0 as usize) < own;
            inside && self.of(*id).is_some_and(lacks_something)
        };
        if pictures.len() < 2 || !pictures.iter().any(lacks) {
            self.phase = Phase::Suggest;
            return;
        }
        self.veil();
        let pictures = Pictures::new(self.bench(), &pictures);
        self.desk.enter(Stage::Matching, 0);
        self.phase = Phase::Pictures(Box::new(pictures));
    }

    fn of(&self, id: ItemId) -> Option<&Features> {
        self.features[id.0 as usize].as_ref()
    }

    /// Takes dates away that no camera wrote.
    fn veil(&mut self) {
        for (id, features) in (0..).map(ItemId).zip(&mut self.features) {
            let Some(features) = features.as_mut().filter(|of| of.camera.is_none()) else {
                continue;
            };
            let dated = !matches!(
                features.time_source,
                None | Some(TimeSource::Name | TimeSource::Modified)
            );
            if let (Some(taken), Some(source), true) = (features.taken, features.time_source, dated)
            {
                self.veiled.push((id, taken, source));
                features.taken = None;
                features.time_source = None;
            }
        }
    }

    fn unveil(&mut self) {
        for (id, taken, source) in self.veiled.drain(..) {
            if let Some(features) = self.features[id.0 as usize].as_mut() {
                features.taken = Some(taken);
                features.time_source = Some(source);
            }
        }
    }

    fn compare(&mut self) {
        let Phase::Pictures(mut pictures) = std::mem::replace(&mut self.phase, Phase::Suggest)
        else {
            return;
        };
        let mut ledger = Ledger::default();
        let step = pictures.advance(self.bench(), &mut ledger);
        if !self.desk.follow(&step, ledger) {
            self.phase = Phase::Pictures(pictures);
            return;
        }
        let mut found = Likenesses::default();
        pictures.found(self.bench(), &mut found);
        self.unveil();
        self.shots = found.pairs().collect();
    }

    fn suggest(&mut self) {
        self.desk.enter(Stage::Plan, 1);
        let (facts, known) = known::facts(&self.library, &self.features, self.own, &self.sent);
        let fact = |item: ItemId| known.facts.get(item.0 as usize).copied().flatten();
        let same = self.shots.iter().filter_map(|&(a, b)| fact(a).zip(fact(b))).collect();
        let alike = alike(&known::looks(&self.features, &facts, &known));
        let tracks = std::mem::take(&mut self.read);
        self.seen = Seen { facts, same, alike, tracks };
        self.suggestions = suggest(&mut self.seen, &self.asked);
        let changes = self.suggestions.groups.iter().flat_map(|group| &group.changes);
        let changed = changes.map(|change| known.items[change.file]);
        let mut changed: Vec<ItemId> = changed.collect();
        changed.sort_unstable();
        changed.dedup();
        self.known = known;
        let hashing = Digesting::new(Ask::Blake3, changed, &self.digests);
        self.desk.enter(Stage::Examine, hashing.left());
        self.phase = if hashing.left() == 0 { Phase::Done } else { Phase::Hash(Box::new(hashing)) };
    }
}

/// Whether another encoding of a picture could tell what it does not.
fn lacks_something(of: &Features) -> bool {
    of.place.is_none() || of.camera.is_none() || of.taken.is_none() || of.time_source.is_none()
}
