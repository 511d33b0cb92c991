//! How fast a chat's text is read: `cargo bench -p heirloom-core --bench chat`.
//! The chat has a quarter of a million messages and some 25 MB.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use heirloom_core::collect::chat::text::{Context, parse};
use heirloom_core::collect::chat::wording::Wording;
use heirloom_core::collect::file_names::FileNames;
use heirloom_core::model::{FileId, Item, ItemId, Source};

const MESSAGES: u32 = 250_000;
const FILES: u32 = 20_000;

/// One message in twelve carries a file; the others are sentences of the
/// length that chats have.
fn text(android: bool) -> String {
    let mut text = String::new();
    for number in 0..MESSAGES {
        let (day, month, year) = (number / 500 % 28 + 1, number / 14_000 % 12 + 1, 22);
        let (hour, minute, second) = (number / 20 % 24, number % 60, number % 59);
        let sender = ["Ann", "~\u{202F}Bob", "+49\u{A0}170\u{A0}123"][number as usize % 3];
        let file = number / 12;
        let body = match number % 12 {
            0 if file < FILES && android => format!("IMG-20220327-WA{file:05}.jpg (file attached)"),
            0 if file < FILES => {
                format!("\u{200E}<attached: {file:08}-PHOTO-2022-03-27-21-41-35.jpg>")
            }
            1 => "Are you coming?\nThe train leaves soon (at ten)".to_string(),
            2 => "https://example.org/a/long/link?with=query <3".to_string(),
            _ => format!(
                "Message {number} about the holidays: we meet at the station. {}",
                "la ".repeat(9)
            ),
        };
        text.push_str(&if android {
            format!("{day}/{month}/{year}, {hour}:{minute:02} - {sender}: {body}\n")
        } else {
            format!("[{day}/{month}/{year}, {hour}:{minute:02}:{second:02}] {sender}: {body}\r\n")
        });
    }
    text
}

fn items(android: bool) -> Vec<Item> {
    let path = |file: u32| match android {
        true => format!("IMG-20220327-WA{file:05}.jpg"),
        false => format!("{file:08}-PHOTO-2022-03-27-21-41-35.jpg"),
    };
    let item = |file| Item {
        id: ItemId(file),
        path: path(file),
        size: 1,
        modified: None,
        source: Source::File(FileId(file)),
    };
    (0..FILES).map(item).collect()
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a chat of 250,000 messages");
    group.sample_size(10);
    let words = Wording::new();
    for (name, android) in [("iOS", false), ("Android", true)] {
        let (text, items) = (text(android), items(android));
        let names = FileNames::by_name(&items);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |run| {
            run.iter(|| {
                let title = "Family".to_string();
                let context =
                    Context { names: &names, words: &words, items: &items, title, order: None };
                let parsed = parse(black_box(&text), &context);
                assert_eq!(parsed.chat.messages.len(), MESSAGES as usize);
                parsed
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
