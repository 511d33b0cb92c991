//! The chats that were given with the folders, and what they show.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::collect::{Collector, Library};
use crate::error::Issue;
use crate::examine::learnt::Digested;
use crate::io::Files;
use crate::model::{Entry, Item, ItemId, Source};
use crate::report::duplicates::FileIssue;
use crate::settings::Settings;

/// The folder of a bundle in which the originals lie.
const ORIGINALS: &str = "original_media";

/// The files of the given chats.
pub(super) struct Chats {
    pub library: Library,
    pub digests: Vec<Digested>,
    /// What they are called, by content.
    pub by_content: BTreeMap<[u8; 32], Vec<String>>,
    /// Contents that a bundle has as originals.
    pub originals: BTreeSet<[u8; 32]>,
    pub sizes: BTreeSet<u64>,
}

impl Chats {
    /// The files as they were found; zips among them are opened later.
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut chats = Self {
            library: Library::default(),
            digests: Vec::new(),
            by_content: BTreeMap::new(),
            originals: BTreeSet::new(),
            sizes: BTreeSet::new(),
        };
        chats.add(Library::new(entries).items);
        chats
    }

    /// Adds files and numbers them.
    fn add(&mut self, items: Vec<Item>) {
        self.sizes.extend(items.iter().map(|item| item.size).filter(|size| *size > 0));
        let from = self.library.items.len();
        self.library.items.extend(items);
        for (id, item) in (0..).zip(&mut self.library.items).skip(from) {
            item.id = ItemId(id);
        }
        self.digests.resize(self.library.items.len(), Digested::default());
    }

    /// Takes in what was hashed.
    pub(super) fn name(&mut self) {
        for (item, known) in self.library.items.iter().zip(&self.digests) {
            let Some(blake3) = known.blake3 else { continue };
            self.by_content.entry(blake3).or_default().push(item.path.clone());
            if item.path.split('/').any(|folder| folder == ORIGINALS) {
                self.originals.insert(blake3);
            }
        }
    }
}

/// Zips of chats that are still to be opened.
pub(super) struct Opening {
    zips: VecDeque<Entry>,
    current: Option<Collector>,
}

impl Opening {
    /// Will open the zips among these files.
    pub(super) fn new(chats: &[Entry]) -> Self {
        let is_zip = |entry: &&Entry| entry.path.to_lowercase().ends_with(".zip");
        Self { zips: chats.iter().filter(is_zip).cloned().collect(), current: None }
    }

    /// Does one step of a [`Collector`]. Says whether all zips are open.
    pub(super) fn advance(
        &mut self,
        files: &dyn Files,
        settings: &Settings,
        chats: &mut Chats,
        (issues, said): (&mut Vec<Issue>, &mut Vec<FileIssue>),
    ) -> bool {
        let Some(zip) = self.zips.front() else { return true };
        let begun = || Collector::new(vec![zip.clone()], settings);
        let done = self.current.get_or_insert_with(begun).advance(files);
        match done {
            None => return false,
            Some(Ok(collected)) => {
                let items = collected.library.items.into_iter();
                chats.add(items.filter_map(|item| of_zip(zip, item)).collect());
                let within = |issue: Issue| Issue { path: below(zip, &issue.path), ..issue };
                issues.extend(collected.issues.into_iter().map(within));
            }
            Some(Err(fatal)) => {
                said.push(FileIssue { file: zip.path.clone(), text: fatal.to_string() });
            }
        }
        self.current = None;
        self.zips.pop_front();
        self.zips.is_empty()
    }
}

/// A file of a zip. Nothing is remembered of it: of two zips of one name it has the same
/// path and often the same time.
fn of_zip(zip: &Entry, item: Item) -> Option<Item> {
    let path = below(zip, &item.path);
    let zipped = matches!(item.source, Source::Zipped { .. });
    zipped.then_some(Item { path, modified: None, ..item })
}

/// A path in a zip, behind the zip's own, which an issue about the whole zip has alone.
fn below(zip: &Entry, path: &str) -> String {
    if path == zip.path { zip.path.clone() } else { format!("{}/{path}", zip.path) }
}
