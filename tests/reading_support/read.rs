//! Reads texts as the program does.

use std::sync::LazyLock;

use heirloom_core::collect::chat::text::{Context, Parsed, parse};
use heirloom_core::collect::chat::wording::Wording;
use heirloom_core::collect::file_names::FileNames;
use heirloom_core::model::{FileId, Item, ItemId, Source};
use heirloom_core::settings::DateOrder;

/// Files of the export, as WhatsApp and people name them.
pub const FILES: [&str; 8] = [
    "00000012-PHOTO-2024-12-22-20-36-00.jpg",
    "IMG-20241222-WA0001.jpg",
    "Holiday plan v1.2 (final).pdf",
    "4f2680f1db95a8454775cc2eefc95bfc.jpg",
    "Alex Müller.vcf",
    "休暇の予定.docx",
    "PTT-20241222-WA0002.opus",
    "00000046-report.2024.pdf",
];

/// WhatsApp's own words, read once.
static WORDS: LazyLock<Wording> = LazyLock::new(Wording::new);

/// Reads a text beside [`FILES`].
pub fn read(text: &str, title: &str, order: Option<DateOrder>) -> Parsed {
    let item = |(index, path): (u32, &&str)| Item {
        id: ItemId(index),
        path: (*path).to_string(),
        size: 1,
        modified: None,
        source: Source::File(FileId(index)),
    };
    let items: Vec<Item> = (0..).zip(&FILES).map(item).collect();
    let names = FileNames::by_name(&items);
    let context =
        Context { names: &names, words: &WORDS, items: &items, title: title.to_string(), order };
    parse(text, &context)
}
