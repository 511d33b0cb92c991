//! Any bytes as a chat's text: the parser must not panic, lose or invent a
//! message, or read the same bytes twice in two ways.

#![cfg_attr(fuzzing, no_main)]

use std::sync::LazyLock;

use heirloom_core::collect::chat::header::header;
use heirloom_core::collect::chat::text::{Context, parse};
use heirloom_core::collect::chat::wording::Wording;
use heirloom_core::collect::encoding::decode;
use heirloom_core::collect::file_names::FileNames;
use heirloom_core::model::{FileId, Item, ItemId, Source};

/// Files that the texts may name.
const FILES: [&str; 5] = [
    "00000012-PHOTO-2024-12-22-20-36-00.jpg",
    "IMG-20241222-WA0001.jpg",
    "Plan (v1.2).pdf",
    "AUD-20190101-WA0000.mp3",
    "LICENSE",
];

/// WhatsApp's own words, read once.
static WORDS: LazyLock<Wording> = LazyLock::new(Wording::new);

fn items() -> Vec<Item> {
    let item = |(index, name): (u32, &&str)| Item {
        id: ItemId(index),
        path: (*name).to_string(),
        size: 1,
        modified: Some(1_734_900_000),
        source: Source::File(FileId(index)),
    };
    (0..).zip(&FILES).map(item).collect()
}

heirloom_fuzz::target!(chat_text);

fn chat_text(bytes: &[u8]) {
    let items = items();
    let names = FileNames::by_name(&items);
    let context = Context {
        names: &names,
        words: &WORDS,
        items: &items,
        title: "Family".to_string(),
        order: None,
    };
    let text = decode(bytes.to_vec()).text;
    let headers = text.split_inclusive('\n').filter(|line| header(line).is_some()).count();
    let read = parse(&text, &context);
    let messages = &read.chat.messages;
    assert!(messages.len() <= headers, "{} messages from {headers} headers", messages.len());
    assert!(headers == 0 || !messages.is_empty(), "{headers} headers, no message");
    assert!(read.carried.iter().all(|(at, _)| (*at as usize) < messages.len()));
    let again = parse(&text, &context);
    assert_eq!(*messages, again.chat.messages);
}
