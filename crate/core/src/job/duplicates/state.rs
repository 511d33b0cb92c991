//! The job and where it is.

use std::collections::{BTreeMap, BTreeSet};

use super::chats::{Chats, Opening};
use super::undo::Before;
use crate::collect::{self, Library, is_binned, managed_by_other};
use crate::error::{Issue, Problem};
use crate::examine::Depth;
use crate::examine::learnt::Digested;
use crate::io::Files;
use crate::job::desk::Desk;
use crate::job::digests::Digesting;
use crate::job::examiner::Examiner;
use crate::matching::duplicates::contents::{Contents, Findings, InChat};
use crate::matching::duplicates::decided::Decisions;
use crate::matching::duplicates::films::Films;
use crate::matching::duplicates::findings::findings;
use crate::matching::duplicates::pictures::Pictures;
use crate::matching::duplicates::{Choice, Keep, List};
use crate::matching::likeness::Likenesses;
use crate::matching::{Bench, Known};
use crate::memory::{Key, Memory};
use crate::model::{Entry, Features, ItemId};
use crate::progress::{Progress, Stage};
use crate::report::duplicates::findings::{Found, document};
use crate::report::duplicates::{Document, FileIssue};
use crate::settings::Settings;

/// What the host found.
#[derive(Debug, Default)]
pub struct Folders {
    /// All files, each once.
    pub entries: Vec<Entry>,
    /// Other names of a file on its disk, by the path among the entries.
    pub links: BTreeMap<String, Vec<String>>,
    /// Files of chats: what they show is not chosen against.
    pub chats: Vec<Entry>,
}

/// What the user asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which lists.
    pub lists: Vec<List>,
    /// Which shots to keep, before all other rules.
    pub keep: Vec<Keep>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { lists: vec![List::Exact, List::Payload, List::Shot], keep: Vec::new() }
    }
}

/// The duplicates job over the files of one or several folders.
pub struct Duplicates<F: Files> {
    pub(super) desk: Desk<F>,
    pub(super) settings: Settings,
    pub(super) asked: Asked,
    pub(super) links: BTreeMap<String, Vec<String>>,
    pub(super) chats: Chats,
    pub(super) library: Library,
    pub(super) features: Vec<Option<Features>>,
    pub(super) digests: Vec<Digested>,
    pub(super) decisions: Decisions,
    /// How to take back what was decided in this run, the newest last.
    pub(super) before: Vec<Before>,
    pub(super) likenesses: Likenesses,
    pub(super) findings: Findings,
    /// Files that were to be hashed for the document once.
    pub(super) tried: BTreeSet<ItemId>,
    /// What is to be said of files beside what is wrong with them.
    pub(super) said: Vec<FileIssue>,
    /// Zips of chats, until they are opened.
    pub(super) opening: Option<Opening>,
    pub(super) phase: Phase,
}

/// Where the job is; each phase owns what only it needs.
pub(super) enum Phase {
    Examine(Examiner),
    /// Asking the memory what the user decided, from this key on.
    Decisions(Option<Key>),
    /// Opening the zips of chats.
    Open(Opening),
    /// All bytes of files of the chats that share a size with others.
    Chats(Digesting),
    /// First and last bytes of files that share a size.
    Ends(Digesting),
    /// All bytes of those that share these, too.
    Whole(Digesting),
    /// How the payload begins, of files of one kind and size in pixels.
    Begin(Digesting),
    /// The payload of those that begin alike.
    Payload(Digesting),
    /// Where equal bytes alone are asked for: the copies, and what may be of one shot with
    /// them.
    Copies(Examiner),
    /// The other halves of Live Photos among these.
    Halves(Examiner),
    Pictures(Box<Pictures>),
    Films(Box<Films>),
    /// All bytes of what the document names.
    Named(Digesting),
    Done,
}

impl<F: Files> Duplicates<F> {
    /// A job over the files that the host found. Reads nothing yet.
    #[must_use]
    pub fn new(settings: Settings, asked: Asked, folders: Folders, files: F) -> Self {
        let Folders { mut entries, links, chats } = folders;
        let opening = Opening::new(&chats);
        let chats = Chats::new(&chats);
        let issues = collect::in_cloud(entries.iter());
        entries.retain(|entry| !is_binned(&entry.path));
        let library = Library::new(&entries);
        let mut desk = Desk::new(files, settings.limits.clone(), library.items.len() as u64);
        desk.issues.extend(issues);
        let phase = match asked.lists.as_slice() {
            [List::Exact] => Phase::Decisions(None),
            _ => {
                let wanted = library.items.iter().map(|item| (item.id, Depth::Head));
                let examiner = Examiner::new(&library.items, wanted, &settings.limits);
                desk.enter(Stage::Examine, examiner.left());
                Phase::Examine(examiner)
            }
        };
        let count = library.items.len();
        Self {
            desk,
            settings,
            asked,
            links,
            chats,
            said: managed(&library),
            opening: Some(opening),
            library,
            features: vec![None; count],
            digests: vec![Digested::default(); count],
            decisions: Decisions::default(),
            before: Vec::new(),
            likenesses: Likenesses::default(),
            findings: Findings::default(),
            tried: BTreeSet::new(),
            phase,
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

    /// Every file.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// How far the job is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.desk.progress
    }

    /// What was found; complete when [`Duplicates::advance`] is done.
    #[must_use]
    pub fn document(&self) -> Document {
        let apart = self.with_contents(|contents| contents.decided(Choice::NotADuplicate));
        document(&Found {
            known: self.known(),
            digests: &self.digests,
            findings: &self.findings,
            links: &self.links,
            chats: &self.chats.by_content,
            apart: &apart,
            issues: &self.desk.issues,
            said: &self.said,
            left: self.left(),
        })
    }

    /// Files that are not examined yet.
    fn left(&self) -> u64 {
        match &self.phase {
            Phase::Examine(examiner) | Phase::Copies(examiner) | Phase::Halves(examiner) => {
                examiner.left()
            }
            _ => 0,
        }
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known { library: &self.library, features: &self.features }
    }

    pub(super) fn bench(&self) -> Bench<'_> {
        let (files, memory) = (&self.desk.files, &*self.desk.memory);
        Bench { known: self.known(), files, memory, settings: &self.settings }
    }

    /// Puts together what is known so far.
    pub(super) fn findings(&self) -> Findings {
        let Asked { lists, keep } = &self.asked;
        self.with_contents(|contents| findings(contents, lists, keep))
    }

    fn with_contents<T>(&self, with: impl FnOnce(Contents<'_>) -> T) -> T {
        let damaged: BTreeSet<&str> = self
            .desk
            .issues
            .iter()
            .filter(|issue| is_damage(&issue.problem))
            .map(|issue| issue.path.as_str())
            .collect();
        let whole = |id: ItemId| !damaged.contains(self.library[id].path.as_str());
        let in_chat = |id: ItemId| {
            let content = self.digests[id.0 as usize].blake3?;
            let shown = self.chats.by_content.contains_key(&content);
            shown.then(|| {
                if self.chats.originals.contains(&content) {
                    InChat::Original
                } else {
                    InChat::Copy
                }
            })
        };
        let names = |id: ItemId| 1 + self.links.get(&self.library[id].path).map_or(0, Vec::len);
        with(Contents {
            known: self.known(),
            digests: &self.digests,
            likenesses: &self.likenesses,
            decisions: &self.decisions,
            whole: &whole,
            in_chat: &in_chat,
            names: &names,
        })
    }
}

/// Whether a problem says that bytes of the file are missing or wrong.
fn is_damage(problem: &Problem) -> bool {
    matches!(problem, Problem::Truncated | Problem::Decode(_) | Problem::Unreadable(_))
}

/// A sentence for each folder that another program manages.
fn managed(library: &Library) -> Vec<FileIssue> {
    let packages: BTreeSet<&str> =
        library.items.iter().filter_map(|item| managed_by_other(&item.path)).collect();
    let said = |package: &str| FileIssue {
        file: package.to_owned(),
        text: "another program manages this library: its files are looked at and stay where \
               they are"
            .into(),
    };
    packages.into_iter().map(said).collect()
}
