//! What collecting reads from foreign bytes, one function for each parser: for the
//! targets in `tests/fuzz`. A fault is a panic, a hang or a broken promise.

use std::io;
use std::pin::pin;

use super::address::Addresses;
use super::library::open;
use super::steps::{self, Steps};
use super::{chat_html, page_marks, zip_export};
use crate::io::{Files, ReadAt, read_range};
use crate::model::{FileId, Item, ItemId, Source};

/// Most entries of a zip that are unpacked.
const ENTRIES: usize = 16;
/// Most bytes of each that are read.
const UNPACKED: usize = 1 << 16;

/// One file, whatever its number.
struct One<'a>(&'a [u8]);

impl Files for One<'_> {
    fn open(&self, _: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0))
    }
}

fn item(index: u32, path: &str, size: u64) -> Item {
    let source = Source::File(FileId(index));
    Item { id: ItemId(index), path: path.into(), size, modified: None, source }
}

/// A zip: its directory, and the first bytes of its first entries.
pub fn zip(bytes: &[u8]) {
    let Ok(claims) = zip_export::directory(&bytes) else { return };
    let Ok((entries, _)) = zip_export::listed(&bytes, FileId(0), "a.zip", claims) else { return };
    let files = One(bytes);
    for entry in entries.into_iter().take(ENTRIES) {
        let item = Item { source: entry.source, ..item(0, &entry.path, entry.size) };
        let Ok(source) = open(&item, &files) else { continue };
        if let Ok(first) = read_range(&*source, 0, UNPACKED) {
            assert!(first.len() as u64 <= entry.size, "more unpacked than claimed");
            let again = read_range(&*source, 0, UNPACKED).unwrap_or_default();
            assert_eq!(first, again, "read twice, not the same");
        }
    }
}

/// A page of another exporter: what it refers to.
pub(crate) fn page(bytes: &[u8]) {
    let items = [item(0, "out/a.jpg", 1), item(1, "out/media/b c.jpg", 1)];
    let page = item(2, "out/chat.html", bytes.len() as u64);
    let (addresses, steps, files) = (Addresses::new(&items, ""), Steps::default(), One(bytes));
    let mut work = pin!(chat_html::references(&page, &addresses, &steps));
    let found = std::iter::repeat_with(|| steps::step(&steps, work.as_mut(), &files));
    if let Some(Ok(found)) = found.flatten().next() {
        assert!(found.items.len() <= items.len(), "an item counts once");
    }
    let text = String::from_utf8_lossy(bytes);
    for range in page_marks::srcset(&text) {
        assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
    }
}
