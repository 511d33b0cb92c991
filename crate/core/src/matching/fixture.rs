//! A small library and chat for the tests of matching.

use super::units::Known;
use crate::collect::{Inventory, Medium, Sent};
use crate::model::{Features, FileId, Item, ItemId, MediaKind, Side, Source};

/// Items with their features; files are numbered like items.
#[derive(Default)]
pub struct Fixture {
    pub inventory: Inventory,
    pub features: Vec<Option<Features>>,
}

impl Fixture {
    /// A library only.
    pub fn originals(files: &[(&str, Features)]) -> Self {
        let mut fixture = Self::default();
        for (path, features) in files {
            fixture.add(Side::Originals, path, 1000, features.clone());
        }
        fixture
    }

    /// Adds a file.
    pub fn add(&mut self, side: Side, path: &str, size: u64, features: Features) -> ItemId {
        let id = ItemId(self.features.len() as u32);
        let source = Source::File(FileId(id.0));
        let item = Item { id, side, path: path.into(), size, modified: Some(1), source };
        self.inventory.items.push(item);
        self.features.push(Some(features));
        id
    }

    /// Adds a medium of the chat, sent at the second `wall`.
    pub fn send(&mut self, kind: MediaKind, item: Option<ItemId>, wall: i64) {
        let name = format!("{:08}.jpg", self.inventory.media.len());
        let sent = Some(Sent { wall, span: 1 });
        self.inventory.media.push(Medium { name, item, kind, sent, message: None });
    }

    pub fn known(&self) -> Known<'_> {
        Known { inventory: &self.inventory, features: &self.features }
    }
}
