use std::io;

use super::*;
use crate::model::{FileId, Side};

/// Files in memory: path and bytes; originals begin with `originals/`.
struct Memory(Vec<(&'static str, Vec<u8>)>);

impl Files for Memory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let (_, bytes) = self.0.get(file.0 as usize).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.clone()))
    }
}

fn run(files: &[(&'static str, &[u8])]) -> Result<Inventory, Fatal> {
    run_with(files, &Settings::default())
}

fn run_with(files: &[(&'static str, &[u8])], settings: &Settings) -> Result<Inventory, Fatal> {
    let memory = Memory(files.iter().map(|(path, bytes)| (*path, bytes.to_vec())).collect());
    let entry = |(index, (path, bytes)): (u32, &(&str, &[u8]))| {
        let original = path.strip_prefix("originals/");
        Entry {
            file: FileId(index),
            side: if original.is_some() { Side::Originals } else { Side::Export },
            path: original.unwrap_or(path).to_string(),
            size: bytes.len() as u64,
            modified: None,
        }
    };
    let entries: Vec<Entry> = (0..).zip(files).map(entry).collect();
    collect(&entries, &memory, settings)
}

fn media(found: &Inventory) -> Vec<(&str, bool)> {
    found.media.iter().map(|medium| (medium.name.as_str(), medium.item.is_some())).collect()
}

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
const CHAT: &[u8] = b"22/12/2024, 20:36 - Bob: IMG-20241222-WA0002.jpg (file attached)\nNice\n\
    22/12/2024, 20:37 - Ann: IMG-20241222-WA0001.jpg (file attached)\n\
    22/12/2024, 20:38 - Ann: IMG-20241222-WA0003.jpg (file attached)\n";

#[test]
fn puts_media_in_chat_order() {
    let found = run(&[
        ("WhatsApp Chat with Bob.txt", CHAT),
        ("IMG-20241222-WA0001.jpg", JPEG),
        ("IMG-20241222-WA0002.jpg", JPEG),
        ("IMG-20241222-WA0009.jpg", JPEG),
        ("originals/DCIM/IMG_1.jpg", JPEG),
        ("originals/DCIM/._IMG_1.jpg", JPEG),
        ("originals/.DS_Store", b"x"),
    ])
    .expect("an inventory");
    let want = [
        ("IMG-20241222-WA0002.jpg", true),
        ("IMG-20241222-WA0001.jpg", true),
        ("IMG-20241222-WA0003.jpg", false),
        ("IMG-20241222-WA0009.jpg", true),
    ];
    assert_eq!(media(&found), want);
    assert_eq!(found.media[0].sent, Some(Sent { wall: 1_734_899_760, span: 60 }));
    assert_eq!(found.media[3].sent, Some(Sent { wall: 1_734_825_600, span: 86_400 }));
    assert_eq!(found.media[1].message, Some(1));
    let chat = found.chat.expect("a chat");
    assert_eq!((chat.title.as_str(), chat.messages[0].text.as_str()), ("Bob", "Nice"));
    assert_eq!(chat.participants, ["Bob", "Ann"]);
    assert_eq!(found.items.iter().filter(|item| item.side == Side::Originals).count(), 1);
    let missing = Issue { path: "IMG-20241222-WA0003.jpg".into(), problem: Problem::Missing };
    assert_eq!(found.issues, [missing]);
}

#[test]
fn a_folder_inside_the_export_is_left_out_of_names() {
    let found =
        run(&[("My chat/_chat.txt", CHAT), ("My chat/Media/IMG-20241222-WA0001.jpg", JPEG)])
            .expect("an inventory");
    assert_eq!(media(&found)[1], ("Media/IMG-20241222-WA0001.jpg", true));
    assert_eq!(found.chat.expect("a chat").title, "My chat");
}

#[test]
fn without_text_the_pages_give_the_order() {
    let page = b"<!DOCTYPE html><link href=style.css><img src='media/b.jpg'><a href='media/a.jpg'>";
    let found = run(&[
        ("chat.html", page),
        ("style.css", b"a{}"),
        ("media/a.jpg", JPEG),
        ("media/b.jpg", JPEG),
    ])
    .expect("an inventory");
    assert_eq!(media(&found), [("media/b.jpg", true), ("media/a.jpg", true)]);
    assert_eq!(found.pages[0].media, [MediumId(0), MediumId(1)]);
    assert!(found.chat.is_none() && found.issues.is_empty());
}

#[test]
fn only_the_pages_asked_for_are_read() {
    let page = b"<!DOCTYPE html><img src=a.jpg>";
    let files: [(&str, &[u8]); 3] = [("1.html", page), ("2.html", page), ("a.jpg", JPEG)];
    let settings = Settings { html: vec!["2.html".into(), "3.html".into()], ..Settings::default() };
    let found = run_with(&files, &settings).expect("an inventory");
    let pages: Vec<&str> =
        found.pages.iter().map(|page| found.items[page.item.0 as usize].name()).collect();
    assert_eq!(pages, ["2.html"]);
    assert_eq!(found.issues[0].path, "3.html");
}

#[test]
fn media_alone_are_an_export_too() {
    let found = run(&[("a.jpg", JPEG)]).expect("an inventory");
    assert_eq!(found.issues[0].problem, Problem::NoChatText);
    assert!(matches!(run(&[("originals/a.jpg", JPEG)]), Err(Fatal::NoChat)));
    assert!(matches!(run(&[]), Err(Fatal::NoChat)));
}

#[test]
fn a_text_that_is_no_chat_is_a_document() {
    let found = run(&[("_chat.txt", CHAT), ("notes.txt", b"1. milk\n2. eggs\n")]).expect("found");
    assert!(media(&found).contains(&("notes.txt", true)));
    assert_eq!(found.chat.expect("a chat").messages.len(), 3);
}

#[test]
fn a_chat_sent_in_a_chat_is_a_document() {
    let outer = b"22/12/2024, 20:36 - Bob: WhatsApp Chat with Al.txt (file attached)\n\
        22/12/2024, 20:37 - Ann: thanks\n";
    let found = run(&[("WhatsApp Chat with Al.txt", CHAT), ("WhatsApp Chat with Bob.txt", outer)])
        .expect("an inventory");
    assert_eq!(media(&found), [("WhatsApp Chat with Al.txt", true)]);
    assert_eq!(found.chat.expect("a chat").title, "Bob");
}

#[test]
fn names_that_differ_in_case_are_kept_and_reported() {
    let text =
        b"22/12/2024, 20:36 - Bob: a.jpg (file attached)\n22/12/2024, 20:37 - B: A.jpg (x)\n";
    let found = run(&[("_chat.txt", text), ("A.jpg", JPEG), ("a.jpg", JPEG)]).expect("found");
    assert_eq!(media(&found), [("a.jpg", true), ("A.jpg", true)]);
    assert_eq!(found.issues[0].problem, Problem::CaseCollision("A.jpg".into()));
}

#[test]
fn unclear_dates_are_reported_once() {
    let text = b"08/04/22, 12:12 - A: x\n08/04/22, 12:13 - B: y\n";
    let found = run(&[("_chat.txt", text)]).expect("found");
    let doubt = "day-month-year: 08/04/22 is 8 April 2022, or 4 August 2022 as month-day-year";
    assert_eq!(found.issues[0].problem, Problem::UnclearDates(doubt.into()));
    let settings = Settings { date_order: Some(DateOrder::MonthDayYear), ..Settings::default() };
    let found = run_with(&[("_chat.txt", text)], &settings).expect("found");
    // 2022-08-04 12:12.
    assert_eq!(found.chat.expect("a chat").messages[0].time, Some(1_659_615_120));
    assert!(found.issues.is_empty());
}

#[test]
fn broken_text_is_counted_and_replaced() {
    let text = b"22/12/2024, 20:36 - A: caf\xE9\n22/12/2024, 20:37 - B: \xFF\n";
    let found = run(&[("_chat.txt", text)]).expect("found");
    assert_eq!(found.issues[0].problem, Problem::BadText(2));
    assert_eq!(found.chat.expect("a chat").messages[0].text, "caf\u{FFFD}");
}

#[test]
fn a_sender_of_nothing_but_photos_keeps_the_name() {
    const PHOTOS: &str = "\u{200E}[08/06/2024, 16:10:00] Nora: \u{200E}<attached: 00000001-PHOTO-2024-06-08-16-10-00.jpg>\r\n\
        \u{200E}[08/06/2024, 16:11:00] Nora: \u{200E}<attached: 00000002-PHOTO-2024-06-08-16-11-00.jpg>\r\n";
    let found = run(&[
        ("_chat.txt", PHOTOS.as_bytes()),
        ("00000001-PHOTO-2024-06-08-16-10-00.jpg", JPEG),
        ("00000002-PHOTO-2024-06-08-16-11-00.jpg", JPEG),
    ])
    .expect("an inventory");
    let chat = found.chat.expect("a chat");
    assert_eq!(chat.participants, ["Nora"]);
    assert_eq!((chat.messages[0].text.as_str(), found.media[0].message), ("", Some(0)));
    assert_eq!((found.media[1].message, found.issues), (Some(1), Vec::new()));
}
