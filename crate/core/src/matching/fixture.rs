//! A small library and chat for the tests of matching.

use crate::collect::{Library, Medium, Sent};
use crate::matching::Matcher;
use crate::matching::units::Known;
use crate::model::{Features, FileId, Item, ItemId, MediaKind, Source};
use crate::settings::Settings;

/// Items with their features; files are numbered like items.
#[derive(Default)]
pub struct Fixture {
    pub library: Library,
    pub originals: Vec<ItemId>,
    pub media: Vec<Medium>,
    pub features: Vec<Option<Features>>,
}

impl Fixture {
    /// A library only.
    pub fn of_originals(files: &[(&str, Features)]) -> Self {
        let mut fixture = Self::default();
        for (path, features) in files {
            fixture.original(path, 1000, features.clone());
        }
        fixture
    }

    /// Adds an original.
    pub fn original(&mut self, path: &str, size: u64, features: Features) -> ItemId {
        let id = self.exported(path, size, features);
        self.originals.push(id);
        id
    }

    /// Adds a file of the export.
    pub fn exported(&mut self, path: &str, size: u64, features: Features) -> ItemId {
        let id = ItemId(self.features.len() as u32);
        let source = Source::File(FileId(id.0));
        let item = Item { id, path: path.into(), size, modified: Some(1), source };
        self.library.items.push(item);
        self.features.push(Some(features));
        id
    }

    /// Adds a medium of the chat, sent at the second `wall`.
    pub fn send(&mut self, kind: MediaKind, item: Option<ItemId>, wall: i64) {
        let name = format!("{:08}.jpg", self.media.len());
        let sent = Some(Sent { wall, span: 1 });
        self.media.push(Medium { name, item, kind, sent, message: None });
    }

    pub fn matcher(&self, settings: &Settings) -> Matcher {
        Matcher::new(self.known(), self.originals.clone(), self.media.clone(), settings)
    }

    pub fn known(&self) -> Known<'_> {
        Known { library: &self.library, features: &self.features }
    }
}
