use std::io::{self, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::error::{Fatal, Issue, Problem, ZipFault};
use crate::io::{Files, ReadAt};
use crate::model::{Entry, FileId, MediumId};
use crate::settings::{DateOrder, Settings};

/// Files in memory: path and bytes.
struct InMemory(Vec<(&'static str, Vec<u8>)>);

impl Files for InMemory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let (_, bytes) = self.0.get(file.0 as usize).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.clone()))
    }
}

fn run(files: &[(&'static str, &[u8])]) -> Result<Collected, Fatal> {
    run_with(files, &Settings::default())
}

fn run_with(files: &[(&'static str, &[u8])], settings: &Settings) -> Result<Collected, Fatal> {
    let memory = InMemory(files.iter().map(|(path, bytes)| (*path, bytes.to_vec())).collect());
    let entry = |(index, (path, bytes)): (u32, &(&str, &[u8]))| Entry {
        file: FileId(index),
        path: (*path).to_string(),
        size: bytes.len() as u64,
        modified: None,
    };
    let entries: Vec<Entry> = (0..).zip(files).map(entry).collect();
    collect(&entries, &memory, settings)
}

fn media(found: &Collected) -> Vec<(&str, bool)> {
    found.export.media.iter().map(|medium| (medium.name.as_str(), medium.item.is_some())).collect()
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
        ("._IMG-20241222-WA0008.jpg", JPEG),
        (".DS_Store", b"x"),
    ])
    .expect("an export");
    let want = [
        ("IMG-20241222-WA0002.jpg", true),
        ("IMG-20241222-WA0001.jpg", true),
        ("IMG-20241222-WA0003.jpg", false),
        ("IMG-20241222-WA0009.jpg", true),
    ];
    assert_eq!(media(&found), want);
    assert_eq!(found.export.media[0].sent, Some(Sent { wall: 1_734_899_760, span: 60 }));
    assert_eq!(found.export.media[3].sent, Some(Sent { wall: 1_734_825_600, span: 86_400 }));
    assert_eq!(found.export.media[1].message, Some(1));
    let chat = found.export.chat.expect("a chat");
    assert_eq!((chat.title.as_str(), chat.messages[0].text.as_str()), ("Bob", "Nice"));
    assert_eq!(chat.participants, ["Bob", "Ann"]);
    assert_eq!(found.library.items.len(), 4);
    let missing = Issue { path: "IMG-20241222-WA0003.jpg".into(), problem: Problem::Missing };
    assert_eq!(found.issues, [missing]);
}

#[test]
fn a_folder_inside_the_export_is_left_out_of_names() {
    let found =
        run(&[("My chat/_chat.txt", CHAT), ("My chat/Media/IMG-20241222-WA0001.jpg", JPEG)])
            .expect("an export");
    assert_eq!(media(&found)[1], ("Media/IMG-20241222-WA0001.jpg", true));
    assert_eq!(found.export.chat.expect("a chat").title, "My chat");
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
    .expect("an export");
    assert_eq!(media(&found), [("media/b.jpg", true), ("media/a.jpg", true)]);
    assert_eq!(found.export.pages[0].media, [MediumId(0), MediumId(1)]);
    assert!(found.export.chat.is_none() && found.issues.is_empty());
}

#[test]
fn only_the_pages_asked_for_are_read() {
    let page = b"<!DOCTYPE html><img src=a.jpg>";
    let files: [(&str, &[u8]); 3] = [("1.html", page), ("2.html", page), ("a.jpg", JPEG)];
    let settings = Settings { html: vec!["2.html".into(), "3.html".into()], ..Settings::default() };
    let found = run_with(&files, &settings).expect("an export");
    let pages: Vec<&str> = found
        .export
        .pages
        .iter()
        .map(|page| found.library.items[page.item.0 as usize].name())
        .collect();
    assert_eq!(pages, ["2.html"]);
    assert_eq!(found.issues[0].path, "3.html");
}

#[test]
fn media_alone_are_an_export_too() {
    let found = run(&[("a.jpg", JPEG)]).expect("an export");
    assert_eq!(found.issues[0].problem, Problem::NoChatText);
    assert!(matches!(run(&[]), Err(Fatal::NoChat)));
}

#[test]
fn a_text_that_is_no_chat_is_a_document() {
    let found = run(&[("_chat.txt", CHAT), ("notes.txt", b"1. milk\n2. eggs\n")]).expect("found");
    assert!(media(&found).contains(&("notes.txt", true)));
    assert_eq!(found.export.chat.expect("a chat").messages.len(), 3);
}

#[test]
fn a_chat_sent_in_a_chat_is_a_document() {
    let outer = b"22/12/2024, 20:36 - Bob: WhatsApp Chat with Al.txt (file attached)\n\
        22/12/2024, 20:37 - Ann: thanks\n";
    let found = run(&[("WhatsApp Chat with Al.txt", CHAT), ("WhatsApp Chat with Bob.txt", outer)])
        .expect("an export");
    assert_eq!(media(&found), [("WhatsApp Chat with Al.txt", true)]);
    assert_eq!(found.export.chat.expect("a chat").title, "Bob");
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
    let Problem::UnclearDates(told) = &found.issues[0].problem else { panic!("another problem") };
    assert_eq!(told.to_string(), doubt);
    let settings = Settings { date_order: Some(DateOrder::MonthDayYear), ..Settings::default() };
    let found = run_with(&[("_chat.txt", text)], &settings).expect("found");
    // 2022-08-04 12:12.
    assert_eq!(found.export.chat.expect("a chat").messages[0].time, Some(1_659_615_120));
    assert!(found.issues.is_empty());
}

#[test]
fn broken_text_is_counted_and_replaced() {
    let text = [
        "22/12/2024, 20:36 - Zoë: très bien\n22/12/2024, 20:36 - A: caf".as_bytes(),
        b"\xE9\n22/12/2024, 20:37 - B: \xFF\n",
    ];
    let found = run(&[("_chat.txt", &text.concat())]).expect("found");
    assert_eq!(found.issues[0].problem, Problem::BadText(2));
    assert_eq!(found.export.chat.expect("a chat").messages[1].text, "caf\u{FFFD}");
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
    .expect("an export");
    let chat = found.export.chat.expect("a chat");
    assert_eq!(chat.participants, ["Nora"]);
    assert_eq!((chat.messages[0].text.as_str(), found.export.media[0].message), ("", Some(0)));
    assert_eq!((found.export.media[1].message, found.issues), (Some(1), Vec::new()));
}

/// A zip with these files, packed so.
fn zipped(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

/// All places where `from` stands become `to`, which is as long.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(from.len() - 1) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

/// A zip in which every entry, or the one of this name, has another method or flag, in
/// its own header and in the directory.
fn marked(zip: &[u8], name: &str, method: Option<u8>, encrypted: bool) -> Vec<u8> {
    let mut zip = zip.to_vec();
    for at in 0..zip.len() {
        for (mark, flags, length) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
            if zip[at..].starts_with(mark) && zip[at + length..].starts_with(name.as_bytes()) {
                zip[at + flags] |= u8::from(encrypted);
                zip[at + flags + 2] = method.unwrap_or(zip[at + flags + 2]);
            }
        }
    }
    zip
}

const STORED: CompressionMethod = CompressionMethod::Stored;
const PHOTO: &str = "IMG-20241222-WA0002.jpg";

#[track_caller]
fn check_locked(files: &[(&'static str, &[u8])], path: &str, words: &str) {
    match run(files) {
        Err(Fatal::Locked { path: found, problem }) => {
            assert_eq!(found, path, "{problem}");
            assert!(problem.to_string().contains(words), "{problem}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_zip_whose_chat_cannot_be_had_ends_the_run_with_the_reason() {
    let whole = zipped(&[("_chat.txt", CHAT), (PHOTO, JPEG)], STORED);
    check_locked(&[("x.zip", &whole[..whole.len() / 2])], "x.zip", "its end is missing");
    check_locked(&[("x.zip", &marked(&whole, "", None, true))], "_chat.txt", "encrypted");
    for (method, name) in [(9, "Deflate64"), (12, "BZip2"), (14, "LZMA"), (93, "Zstandard")] {
        let odd = marked(&whole, "_chat", Some(method), false);
        check_locked(&[("x.zip", &odd)], "_chat.txt", &format!("packed with {name}"));
        // Beside the zip's photos, which could be read.
        assert!(matches!(
            run(&[("x.zip", &odd), ("a.jpg", JPEG)]),
            Ok(_) | Err(Fatal::Locked { .. })
        ));
    }
    // In the language of the phone.
    let german = zipped(&[("WhatsApp Chat mit Bob.txt", CHAT), (PHOTO, JPEG)], STORED);
    let odd = marked(&german, "WhatsApp", Some(14), false);
    check_locked(&[("x.zip", &odd)], "WhatsApp Chat mit Bob.txt", "LZMA");
    // The bytes of the text are damaged.
    let mut broken =
        zipped(&[("_chat.txt", &CHAT.repeat(40)), (PHOTO, JPEG)], CompressionMethod::Deflated);
    broken[40..80].fill(0xFF);
    check_locked(&[("x.zip", &broken)], "_chat.txt", "could not be read");
}

#[test]
fn a_photo_that_cannot_be_unpacked_is_named_and_the_run_goes_on() {
    let whole = zipped(&[("_chat.txt", CHAT), (PHOTO, JPEG)], STORED);
    let found = run(&[("x.zip", &marked(&whole, "IMG", Some(12), false))]).expect("a chat");
    let packed = Problem::BadZip(ZipFault::Packed("BZip2".into()));
    assert!(found.issues.contains(&Issue { path: PHOTO.into(), problem: packed }));
}

#[test]
fn a_split_zip_and_other_packed_files_say_so() {
    let whole = zipped(&[("_chat.txt", CHAT), (PHOTO, JPEG)], STORED);
    let (first, last) = whole.split_at(whole.len() / 2);
    check_locked(&[("x.zip.001", first), ("x.zip.002", last)], "x.zip.001", "end is missing");
    check_locked(&[("x.z01", b"PK\x07\x08abc"), ("x.zip", last)], "x.z01", "one part of several");
    let part = replaced(&whole, b"PK\x05\x06\0\0\0\0", b"PK\x05\x06\x01\0\0\0");
    check_locked(&[("x.zip", &part)], "x.zip", "one part of several");
    check_locked(&[("x.7z", b"7z\xBC\xAF\x27\x1C")], "x.7z", "unpack it first");
}

#[test]
fn backslashes_in_a_zip_part_folders() {
    let zip = zipped(
        &[("Trip\\", b""), ("Trip\\_chat.txt", CHAT), (&format!("Trip\\{PHOTO}"), JPEG)],
        STORED,
    );
    let found = run(&[("x.zip", &zip)]).expect("a chat");
    let paths: Vec<&str> = found.library.items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(paths, [&format!("Trip/{PHOTO}"), "Trip/_chat.txt"]);
    assert_eq!(media(&found)[0], (PHOTO, true));
}

#[test]
fn names_of_a_zip_in_a_code_page_are_those_of_the_chat() {
    const TEXT: &str =
        "22/12/2024, 20:36 - Bob: отчёт.pdf (файл добавлен)\n22/12/2024, 20:37 - Ann: ok\n";
    for page in ["ibm866", "windows-1251", "koi8-r"] {
        let encoding = encoding_rs::Encoding::for_label(page.as_bytes()).expect(page);
        let name = encoding.encode("отчёт.pdf").0;
        // Written as ASCII, then replaced: the writer knows UTF-8 alone.
        let zip = zipped(&[("_chat.txt", TEXT.as_bytes()), ("?????.pdf", b"%PDF-1.4")], STORED);
        let found = run(&[("x.zip", &replaced(&zip, b"?????.pdf", &name))]).expect("a chat");
        assert_eq!(media(&found), [("отчёт.pdf", true)], "{page}");
    }
}

#[test]
fn an_entry_that_does_not_fit_its_checksum_is_named() {
    let zip = zipped(&[("_chat.txt", CHAT), ("chat.html", b"<!DOCTYPE html><p>fine</p>")], STORED);
    let bad = replaced(&replaced(&zip, b"Nice", b"Mice"), b"fine", b"mine");
    let found = run(&[("x.zip", &bad)]).expect("a chat");
    let broken: Vec<&str> = found
        .issues
        .iter()
        .filter(|issue| issue.problem == Problem::Checksum)
        .map(|issue| issue.path.as_str())
        .collect();
    assert_eq!(broken, ["_chat.txt", "chat.html"]);
    assert_eq!(found.export.chat.expect("a chat").messages[0].text, "Mice");
    let found = run(&[("x.zip", &zip)]).expect("a chat");
    assert!(found.issues.iter().all(|issue| issue.problem != Problem::Checksum));
}

#[test]
fn a_text_with_the_line_ends_of_old_macs_is_a_chat() {
    let text = replaced(CHAT, b"\n", b"\r");
    let found = run(&[("_chat.txt", &text)]).expect("a chat");
    let chat = found.export.chat.expect("a chat");
    assert_eq!((chat.messages.len(), chat.messages[0].text.as_str()), (3, "Nice"));
}

#[test]
fn a_text_in_a_code_page_is_read_and_said() {
    let text = "03.03.2024, 10:12 - Оля: привет\n13.03.2024, 10:13 - Иван: как дела\n";
    let bytes = encoding_rs::WINDOWS_1251.encode(text).0;
    let found = run(&[("_chat.txt", &bytes)]).expect("a chat");
    assert_eq!(found.issues[0].problem, Problem::CodePage("windows-1251".into()));
    assert_eq!(found.export.chat.expect("a chat").participants, ["Оля", "Иван"]);
}
