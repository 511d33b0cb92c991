//! The job and where it is.

use std::collections::BTreeMap;

use super::chats::{Chat, Opening};
use super::known::Known;
use crate::collect::{self, Library, is_binned};
use crate::error::Issue;
use crate::examine::learnt::Digested;
use crate::io::Files;
use crate::job::desk::Desk;
use crate::job::digests::Digesting;
use crate::job::examiner::Examiner;
use crate::matching::Bench;
use crate::matching::duplicates::pictures::Pictures;
use crate::matching::events::{Asked, Seen, Sent, Suggestions, Track};
use crate::memory::Memory;
use crate::model::{Entry, Features, ItemId, Taken, TimeSource};
use crate::plan::places::{FileIssue, Found, Groups};
use crate::progress::{Progress, Stage};
use crate::settings::Settings;

/// What the host found.
#[derive(Debug, Default)]
pub struct Given {
    /// The folders, as the user gave them.
    pub folders: Vec<String>,
    /// All files of the folders, each once.
    pub entries: Vec<Entry>,
    /// Chats that are sources.
    pub chats: Vec<Chat>,
    /// Tracks that are sources.
    pub tracks: Vec<Entry>,
}

/// The places job over the files of one or several folders.
pub struct Places<F: Files> {
    pub(super) desk: Desk<F>,
    pub(super) settings: Settings,
    pub(super) asked: Asked,
    pub(super) folders: Vec<String>,
    /// The files of the folders, then those of chats.
    pub(super) library: Library,
    /// How many of them are the folders'.
    pub(super) own: usize,
    pub(super) features: Vec<Option<Features>>,
    pub(super) digests: Vec<Digested>,
    /// When files of chats were sent.
    pub(super) sent: BTreeMap<ItemId, Sent>,
    pub(super) tracks: Vec<Entry>,
    pub(super) read: Vec<Track>,
    /// Dates that no camera wrote, kept aside while pictures are compared: they would say
    /// that two encodings are two shots.
    pub(super) veiled: Vec<(ItemId, Taken, TimeSource)>,
    /// Files of one shot, two by two.
    pub(super) shots: Vec<(ItemId, ItemId)>,
    pub(super) known: Known,
    pub(super) seen: Seen,
    pub(super) suggestions: Suggestions,
    pub(super) said: Vec<FileIssue>,
    pub(super) phase: Phase,
}

/// Where the job is; each phase owns what only it needs.
pub(super) enum Phase {
    /// Reading chats.
    Chats(Opening),
    Examine(Examiner),
    Tracks,
    Pictures(Box<Pictures>),
    Suggest,
    /// All bytes of what changes.
    Hash(Box<Digesting>),
    Done,
}

impl<F: Files> Places<F> {
    /// A job over the files that the host found. Reads nothing yet.
    #[must_use]
    pub fn new(settings: Settings, asked: Asked, given: Given, files: F) -> Self {
        let Given { folders, mut entries, chats, tracks } = given;
        let issues = collect::in_cloud(entries.iter());
        entries.retain(|entry| !is_binned(&entry.path));
        let library = Library::new(&entries);
        let own = library.items.len();
        let mut desk = Desk::new(files, settings.limits.clone(), own as u64);
        desk.issues.extend(issues);
        Self {
            desk,
            settings,
            asked,
            folders,
            library,
            own,
            features: Vec::new(),
            digests: Vec::new(),
            sent: BTreeMap::new(),
            tracks,
            read: Vec::new(),
            veiled: Vec::new(),
            shots: Vec::new(),
            known: Known::default(),
            seen: Seen::default(),
            suggestions: Suggestions::default(),
            said: Vec::new(),
            phase: Phase::Chats(Opening::new(chats)),
        }
    }

    /// Lends the job what earlier runs noted, before the first batch.
    pub fn remember(&mut self, memory: Box<dyn Memory>) {
        self.desk.memory = memory;
    }

    /// Adds an issue that the host met while walking the folders.
    pub fn note(&mut self, issue: Issue) {
        self.desk.issues.push(issue);
    }

    /// How far the job is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.desk.progress
    }

    /// GROUPS; complete when [`Places::advance`] is done.
    #[must_use]
    pub fn groups(&self) -> Groups {
        let found = Found {
            facts: &self.seen.facts,
            tracks: &self.seen.tracks,
            suggestions: &self.suggestions,
        };
        let mut groups = found.groups();
        groups.folders.clone_from(&self.folders);
        let digests = self.library.items.iter().zip(&self.digests).take(self.own);
        let hashes: BTreeMap<&str, [u8; 32]> =
            digests.filter_map(|(item, of)| Some((item.path.as_str(), of.blake3?))).collect();
        let changed = groups.changed_files().into_iter();
        let hashes = changed.filter_map(|file| Some((file.to_owned(), *hashes.get(file)?)));
        groups.hashes = hashes.collect();
        let issue =
            |issue: &Issue| FileIssue { file: issue.path.clone(), text: issue.problem.to_string() };
        groups.issues.extend(self.desk.issues.iter().map(issue));
        groups.issues.extend(self.said.iter().cloned());
        groups.issues.sort();
        groups.issues.dedup();
        groups
    }

    pub(super) fn bench(&self) -> Bench<'_> {
        let known = crate::matching::Known { library: &self.library, features: &self.features };
        let (files, memory) = (&self.desk.files, &*self.desk.memory);
        Bench { known, files, memory, settings: &self.settings }
    }

    pub(super) fn enter_examining(&mut self) {
        let count = self.library.items.len();
        self.features = vec![None; count];
        self.digests = vec![Digested::default(); count];
        let wanted = self.library.items.iter().map(|item| (item.id, crate::examine::Depth::Head));
        let examiner = Examiner::new(&self.library.items, wanted, &self.settings.limits);
        self.desk.enter(Stage::Examine, examiner.left());
        self.phase = Phase::Examine(examiner);
    }
}
