//! The files that a job may use, and how each is opened.

use super::junk::is_junk;
use super::zip_export::{Inflated, Slice};
use crate::io::{Files, ReadAt};
use crate::model::{Entry, Item, ItemId, Packing, Source};

/// Every file that a job may use. Making one reads nothing and cannot fail.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// By [`ItemId`].
    pub items: Vec<Item>,
}

impl Library {
    /// The files that the host found, sorted by path, without those that systems
    /// leave behind. `entries` may come in any order.
    #[must_use]
    pub fn new(entries: &[Entry]) -> Self {
        let mut library = Self::default();
        library.add(entries);
        library
    }

    /// Adds files, as [`Library::new`], behind those that are there.
    pub fn add(&mut self, entries: &[Entry]) {
        let known = entries.iter().filter(|entry| !is_junk(&entry.path));
        let mut items: Vec<Item> = known.map(as_item).collect();
        items.sort_by(|a, b| a.path.cmp(&b.path));
        self.items.append(&mut items);
        for (id, item) in (0..).zip(&mut self.items) {
            item.id = ItemId(id);
        }
    }

    /// One of its files.
    #[must_use]
    pub fn get(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0 as usize)
    }
}

/// An id of another library gives another file, or panics.
impl std::ops::Index<ItemId> for Library {
    type Output = Item;

    fn index(&self, id: ItemId) -> &Item {
        &self.items[id.0 as usize]
    }
}

fn as_item(entry: &Entry) -> Item {
    Item {
        id: ItemId(0),
        path: entry.path.clone(),
        size: entry.size,
        modified: entry.modified,
        source: Source::File(entry.file),
    }
}

/// Opens an item, in the export's zip or on its own.
///
/// A deflated entry is unpacked as a stream: reading forward is cheap, reading
/// backward starts over.
///
/// # Errors
/// As [`Files::admit`] and [`Files::open`].
pub fn open<'a>(item: &Item, files: &'a dyn Files) -> std::io::Result<Box<dyn ReadAt + 'a>> {
    files.admit(item)?;
    match item.source {
        Source::File(file) => files.open(file),
        Source::Zipped { file, start, packed, packing, .. } => {
            let slice = Slice::new(files.open(file)?, start, packed);
            Ok(match packing {
                Packing::Stored => Box::new(slice),
                Packing::Deflated => Box::new(Inflated::new(slice, item.size)),
            })
        }
    }
}
