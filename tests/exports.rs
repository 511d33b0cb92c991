//! Whole exports: zips as people make them, several of one chat, texts in odd
//! encodings, and anything at all.

#[path = "reading_support/read.rs"]
mod read;

use std::io::{Cursor, Write};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use heirloom_core::collect::chat::header::header;
use heirloom_core::collect::encoding::decode;
use heirloom_core::collect::{Collected, MessageKind};
use heirloom_core::error::{Fatal, Problem};
use heirloom_core::settings::Settings;
use heirloom_media::chat_locale::{Caption, Phone, Said, What, phones};
use heirloom_media::disk::{Made, zip};
use heirloom_media::memory;
use heirloom_media::whatsapp::Platform;
use proptest::prelude::*;
use read::read;

const PHOTO: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF";

fn made(path: &str, bytes: impl Into<Vec<u8>>) -> Made {
    Made { path: path.to_string(), bytes: bytes.into(), modified: 1_735_689_600 }
}

/// A photo of so many bytes.
fn photo(path: &str, size: usize) -> Made {
    let mut bytes = PHOTO.to_vec();
    bytes.resize(size, 7);
    made(path, bytes)
}

fn collected(files: &[Made]) -> Collected {
    memory::collected(files, &Settings::default()).expect("an export")
}

fn media(found: &Collected) -> Vec<(&str, bool)> {
    found.export.media.iter().map(|medium| (medium.name.as_str(), medium.item.is_some())).collect()
}

fn problems(found: &Collected) -> Vec<String> {
    found.issues.iter().map(|issue| issue.problem.to_string()).collect()
}

/// 4 March 2022, 10:00:20.
fn begin() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2022, 3, 4).expect("a day");
    day.and_hms_opt(10, 0, 20).expect("a time")
}

fn phone(platform: Platform) -> Phone {
    let language = if platform == Platform::Ios { "DE" } else { "en (default)" };
    phones(platform).into_iter().find(|phone| phone.words[0] == language).expect("a phone")
}

const CHAT: &str = "[27.3.22, 21:41:35] Ann: \u{200E}<Anhang: 00000001-PHOTO-2022-03-27-21-41-35.jpg>\r\n\
    [27.3.22, 21:41:36] Bob: \u{200E}<Anhang: 00000002-Müller.zip>\r\n\
    [27.3.22, 21:41:37] Bob: \u{200E}<Anhang: 00000003-A.pdf>\r\n\
    [27.3.22, 21:41:38] Bob: \u{200E}<Anhang: 00000003-a.pdf>\r\n";

#[test]
fn a_zip_from_a_mac_is_read_in_place() {
    let inner = zip(&[made("_chat.txt", CHAT)]).expect("a zip");
    let files = [
        made("_chat.txt", CHAT),
        made("__MACOSX/._chat.txt", "x"),
        made("__MACOSX/._00000001-PHOTO-2022-03-27-21-41-35.jpg", "x"),
        photo("\u{200E}00000001-PHOTO-2022-03-27-21-41-35.jpg", 20),
        made("00000002-Mu\u{308}ller.zip", inner),
        made("00000003-A.pdf", "%PDF-1.4 A"),
        made("00000003-a.pdf", "%PDF-1.4 a"),
    ];
    let packed = made("WhatsApp Chat - Bob.zip", zip(&files).expect("a zip"));
    for export in [files.to_vec(), vec![packed.clone()], vec![made("x/y.zip", packed.bytes)]] {
        let found = collected(&export);
        let chat = found.export.chat.as_ref().expect("a chat");
        assert_eq!(chat.messages.len(), 4);
        assert!(
            found.export.media.iter().all(|medium| medium.item.is_some()),
            "{:?}",
            media(&found)
        );
        let names: Vec<&str> =
            found.export.media.iter().map(|medium| medium.name.as_str()).collect();
        assert_eq!(names[2..], ["00000003-A.pdf", "00000003-a.pdf"]);
        assert_eq!((names.len(), found.issues.len()), (4, 1), "{:?}", problems(&found));
        assert!(matches!(found.issues[0].problem, Problem::CaseCollision(_)));
    }
}

#[test]
fn a_zip_in_a_zip_is_read_or_said_to_be_packed_twice() {
    let files = [made("_chat.txt", CHAT), photo("00000001-PHOTO-2022-03-27-21-41-35.jpg", 20)];
    let inner = zip(&files).expect("a zip");
    let outer = zip(&[made("Backup/WhatsApp Chat - Bob.zip", inner.clone())]).expect("a zip");
    let found = collected(&[made("backup.zip", outer)]);
    assert_eq!(found.export.chat.as_ref().expect("a chat").messages.len(), 4);
    assert_eq!(media(&found)[0], ("00000001-PHOTO-2022-03-27-21-41-35.jpg", true));
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let options = options.compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("WhatsApp Chat - Bob.zip", options).expect("an entry");
    writer.write_all(&inner).expect("bytes");
    let outer = writer.finish().expect("a zip").into_inner();
    let found = memory::collected(&[made("backup.zip", outer)], &Settings::default());
    let Err(Fatal::Locked { problem, .. }) = found else { panic!("a chat") };
    assert_eq!(problem, Problem::ZipInZip);
}

const fn said(after: i64, from: &'static str, what: What) -> Said {
    Said { after, from, what }
}

const IOS_PHOTO: &str = "00000004-PHOTO-2022-03-04-10-05-20.jpg";
const ANDROID_PHOTO: &str = "IMG-20220304-WA0001.jpg";

/// One chat as two phones have it: each lacks a photo that the other has, and
/// one message; the third photo is larger on Android.
fn two_phones() -> (String, String) {
    let both = |platform| {
        let ios = platform == Platform::Ios;
        let file = |ios_name, android_name, there: Platform| match there == platform {
            true => What::File(if ios { ios_name } else { android_name }, Caption::After, ""),
            false => What::Omitted(2, ""),
        };
        let third =
            if ios { "00000007-PHOTO-2022-03-24-10-07-20.jpg" } else { "IMG-20220324-WA0003.jpg" };
        let mut script = vec![
            said(0, "", What::System("Messages and calls are end-to-end encrypted.")),
            said(1, "Ann", What::Words("Hello")),
            said(1, "Bob", What::Words("Good morning to you")),
            said(1, "Ann", What::Words("ok")),
            said(0, "Ann", What::Words("ok")),
            said(2, "Bob", file(IOS_PHOTO, "", Platform::Ios)),
            said(1, "Bob", file("", ANDROID_PHOTO, Platform::Android)),
            said(1, "Ann", What::Words("Lovely")),
            said(20 * 1440, "Ann", What::File(third, Caption::After, "")),
            said(1, "Bob", What::Poll),
            said(1, "Bob", What::Words("See you")),
        ];
        let only = if ios { "only on the iPhone" } else { "only on Android" };
        script.insert(8, said(1, "Bob", What::Words(only)));
        phone(platform).export("Family", begin(), &script)
    };
    (both(Platform::Ios), both(Platform::Android))
}

#[test]
fn exports_of_two_phones_become_one_chat_with_the_better_media() {
    let (ios, android) = two_phones();
    let apple = [
        made("_chat.txt", ios),
        photo(IOS_PHOTO, 30),
        photo("00000007-PHOTO-2022-03-24-10-07-20.jpg", 30),
    ];
    let google = [
        made("WhatsApp Chat with Family.txt", android),
        photo(ANDROID_PHOTO, 40),
        photo("IMG-20220324-WA0003.jpg", 60),
    ];
    let zips = [
        made("WhatsApp Chat - Family.zip", zip(&apple).expect("a zip")),
        made("WhatsApp Chat with Family.zip", zip(&google).expect("a zip")),
    ];
    let mixed: Vec<Made> = apple.iter().chain(&google).cloned().collect();
    let beside = |folder: &[Made], zip: &Made| [folder, std::slice::from_ref(zip)].concat();
    let unzipped = [beside(&apple, &zips[1]), beside(&google, &zips[0])];
    let [apple_beside, google_beside] = unzipped;
    for export in [zips.to_vec(), mixed, apple_beside, google_beside] {
        let found = collected(&export);
        let chat = found.export.chat.as_ref().expect("a chat");
        let texts: Vec<&str> = chat.messages.iter().map(|one| one.text.as_str()).collect();
        let count = |text: &str| texts.iter().filter(|one| **one == text).count();
        assert_eq!(chat.messages.len(), 13, "{texts:?} {:?}", problems(&found));
        assert_eq!((count("ok"), count("Hello"), count("See you")), (2, 1, 1), "{texts:?}");
        assert_eq!((count("only on Android"), count("only on the iPhone")), (1, 1), "{texts:?}");
        assert_eq!(chat.participants, ["Ann", "Bob"]);
        assert!(chat.messages.iter().all(|one| one.kind != MessageKind::Omitted));
        assert!(chat.messages.is_sorted_by_key(|one| one.time.map(|time| time / 60)));
        let names: Vec<&str> = found
            .export
            .media
            .iter()
            .map(|one| one.name.rsplit('/').next().unwrap_or_default())
            .collect();
        assert_eq!(names, [IOS_PHOTO, ANDROID_PHOTO, "IMG-20220324-WA0003.jpg"]);
        assert!(found.export.media.iter().all(|one| one.item.is_some() && one.message.is_some()));
        let notes = problems(&found);
        assert!(
            notes.iter().any(|note| note.contains("11 of its messages were there")),
            "{notes:?}"
        );
    }
}

#[test]
fn an_export_and_its_zip_are_one_chat() {
    let (ios, _) = two_phones();
    let files =
        [made("_chat.txt", ios), photo(IOS_PHOTO, 30), made("notes.zip", zip(&[]).expect("a zip"))];
    let packed = zip(&files).expect("a zip");
    // Unpacked where the zip lies, or into a folder of its name.
    for folder in ["", "WhatsApp Chat - Family/"] {
        let inside = |file: &Made| made(&format!("{folder}{}", file.path), file.bytes.clone());
        let mut export: Vec<Made> = files.iter().map(inside).collect();
        let alone = collected(&export);
        export.push(made("WhatsApp Chat - Family.zip", packed.clone()));
        let found = collected(&export);
        let chat = |found: &Collected| found.export.chat.clone().expect("a chat").messages;
        assert_eq!(chat(&found), chat(&alone));
        assert_eq!(found.export.chat.as_ref().expect("a chat").title, "Family");
        assert!(problems(&found).iter().any(|note| note.contains("12 of its messages were")));
        let names: Vec<&str> = media(&found).into_iter().map(|(name, _)| name).collect();
        let copies = names.iter().filter(|name| name.ends_with(IOS_PHOTO)).count();
        assert_eq!(copies, 1, "{names:?}");
        assert!(!names.contains(&"WhatsApp Chat - Family.zip"), "{names:?}");
    }
}

/// The head of a JPEG of this width and height, and zeros.
fn jpeg(path: &str, (width, height): (u16, u16), size: usize) -> Made {
    let mut bytes = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.resize(size, 0);
    made(path, bytes)
}

#[test]
fn of_two_pictures_the_one_with_more_pixels_is_kept_then_the_larger_file() {
    let (ios, android) = two_phones();
    let (apple, google) = ("00000007-PHOTO-2022-03-24-10-07-20.jpg", "IMG-20220324-WA0003.jpg");
    let small = (1200, 1600);
    let cases = [
        ((jpeg(apple, (3024, 4032), 900), jpeg(google, small, 2000)), apple),
        ((jpeg(apple, small, 2000), jpeg(google, (3024, 4032), 900)), google),
        ((jpeg(apple, small, 2000), jpeg(google, small, 900)), apple),
        ((jpeg(apple, small, 900), jpeg(google, small, 2000)), google),
        ((jpeg(apple, small, 900), photo(google, 2000)), apple),
    ];
    for ((first, second), kept) in cases {
        let texts = [
            made("_chat.txt", ios.clone()),
            made("WhatsApp Chat with Family.txt", android.clone()),
        ];
        let found = collected(&[&texts[..], &[first, second]].concat());
        let names: Vec<&str> = media(&found).into_iter().map(|(name, _)| name).collect();
        assert!(
            names.contains(&kept) && !(names.contains(&apple) && names.contains(&google)),
            "{names:?}"
        );
    }
}

/// A chat of so many days, and the export of a part of it.
fn diary(from: i64, to: i64) -> Vec<Made> {
    const WORDS: [&str; 7] = ["one", "two", "three", "four", "five", "six", "seven"];
    let mut text = String::new();
    for day in from..to {
        let at = begin() + TimeDelta::days(day);
        let stamp = phone(Platform::Android).stamp(at);
        let word = WORDS[day as usize % 7];
        text.push_str(&format!("{stamp} - Ann: Day {day}\n{stamp} - Bob: {word}\n"));
        text.push_str(&format!(
            "{stamp} - Ann: IMG-{}-WA0000.jpg (file attached)\n",
            at.format("%Y%m%d")
        ));
    }
    vec![made("WhatsApp Chat with Bob.txt", text)]
}

#[test]
fn two_exports_that_part_between_photos_of_one_minute_lose_none() {
    let stamp = phone(Platform::Android).stamp(begin());
    let words =
        |from, to| (from..to).map(|n| format!("{stamp} - Bob: word {n}\n")).collect::<String>();
    let sent =
        |name: &str| format!("{stamp} - Ann: IMG-20220304-WA000{name}.jpg (file attached)\n");
    let file = |folder: &str, name: &str, size| {
        photo(&format!("{folder}/IMG-20220304-WA000{name}.jpg"), size)
    };
    let found = collected(&[
        made("a/WhatsApp Chat with Bob.txt", words(0, 5) + &sent("1") + &sent("2")),
        made("b/WhatsApp Chat with Bob.txt", words(0, 5) + &sent("7") + &sent("8")),
        file("a", "1", 50),
        file("a", "2", 70),
        // The second of the first export, under another number, and a new one.
        file("b", "7", 70),
        file("b", "8", 90),
    ]);
    let sizes: Vec<u64> = found
        .export
        .media
        .iter()
        .map(|medium| found.library[medium.item.expect("a file")].size)
        .collect();
    assert_eq!(sizes, [50, 70, 90], "{:?}", media(&found));
}

#[test]
fn exports_of_two_years_become_one_chat() {
    for (first, second) in [((0, 400), (300, 700)), ((0, 400), (400, 700)), ((300, 700), (0, 400))]
    {
        let zip = |(from, to), name: &str| made(name, zip(&diary(from, to)).expect("a zip"));
        let found = collected(&[
            zip(first, "2022/WhatsApp Chat with Bob.zip"),
            zip(second, "2023/WhatsApp Chat with Bob.zip"),
        ]);
        let chat = found.export.chat.as_ref().expect("a chat");
        assert_eq!(chat.messages.len(), 2100);
        assert!(chat.messages.is_sorted_by_key(|one| one.time));
        assert_eq!(found.export.media.len(), 700);
        let days: Vec<&str> = chat
            .messages
            .iter()
            .map(|one| one.text.as_str())
            .filter(|text| text.starts_with("Day"))
            .collect();
        let want: Vec<String> = (0..700).map(|day| format!("Day {day}")).collect();
        assert_eq!(days, want);
    }
}

#[test]
fn a_clock_that_moved_is_moved_back() {
    let text = |hours: i64| {
        let line = |number: i64| {
            let at = begin() + TimeDelta::hours(hours) + TimeDelta::minutes(97 * number);
            format!("{} - Ann: Message {number}\n", phone(Platform::Android).stamp(at))
        };
        (0..500).map(line).collect::<String>()
    };
    let found = collected(&[made("a/chat one.txt", text(0)), made("b/chat.txt", text(7))]);
    assert_eq!(found.export.chat.as_ref().expect("a chat").messages.len(), 500);
    assert!(problems(&found)[0].contains("420 minutes"), "{:?}", problems(&found));
}

#[test]
fn another_chat_stays_another_chat() {
    // The same wishes at the same moment, and nothing else.
    let text = |who: &str| {
        let line = |number: i64| {
            let stamp = phone(Platform::Android).stamp(begin() + TimeDelta::hours(number));
            match number % 20 {
                0 => format!("{stamp} - Ann: Happy wish {number}\n"),
                _ => format!("{stamp} - {who}: {who} says {number}\n"),
            }
        };
        (0..500).map(line).collect::<String>()
    };
    let found = collected(&[made("a/chat.txt", text("Bob")), made("b/chat.txt", text("Eve"))]);
    assert_eq!(found.export.chat.as_ref().expect("a chat").messages.len(), 500);
    assert!(problems(&found)[0].contains("another chat;"), "{:?}", problems(&found));
}

#[test]
fn texts_in_other_encodings_are_read_and_reported() {
    let units = |bytes: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{CHAT}").encode_utf16().flat_map(bytes).collect()
    };
    for bytes in [
        units(u16::to_le_bytes, ""),
        units(u16::to_be_bytes, ""),
        units(u16::to_le_bytes, "\u{FEFF}"),
        units(u16::to_be_bytes, "\u{FEFF}"),
    ] {
        let found = collected(&[made("_chat.txt", bytes)]);
        let chat = found.export.chat.as_ref().expect("a chat");
        assert_eq!((chat.messages.len(), chat.participants.len()), (4, 2));
        assert!(
            problems(&found).iter().any(|text| text.contains("UTF-16")),
            "{:?}",
            problems(&found)
        );
    }
    let mut broken = b"[27.3.22, 21:41:35] Ann: caf\xE9 \0 \x07\r\n".to_vec();
    broken.extend(b"[27.3.22, 21:41:36] Bob: \xFF\xFEok\r\n");
    let found = collected(&[made("_chat.txt", broken)]);
    let chat = found.export.chat.as_ref().expect("a chat");
    assert_eq!(chat.messages.len(), 2);
    assert_eq!(chat.messages[0].text, "caf\u{FFFD} \0 \u{7}");
    assert!(problems(&found).iter().any(|text| text.contains("places are not valid text")));
}

#[test]
fn a_line_of_ten_megabytes_is_kept_and_reported() {
    for unit in ["a", "a: ", "(", "<a> ", "http", "\u{200E} ", "1/1/22, 10:00 - "] {
        let long = unit.repeat(10_000_000 / unit.len());
        let text = format!("27/3/22, 21:41 - Ann: {long}\n27/3/22, 21:42 - Bob: ok\n");
        let found = collected(&[made("_chat.txt", text)]);
        let chat = found.export.chat.as_ref().expect("a chat");
        assert_eq!(chat.messages.len(), 2, "{unit}");
        let kept = unit.starts_with('\u{200E}') || chat.messages[0].text.len() > 9_999_000;
        assert!(kept, "{unit}: {}", chat.messages[0].text.len());
        let noted = problems(&found).iter().any(|text| text.contains("message 1 has 10.0 MB"));
        assert_eq!(noted, !unit.starts_with('\u{200E}'), "{unit} {:?}", problems(&found));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_losing_or_inventing_a_message(
        bytes in prop::collection::vec(any::<u8>(), 0..2000)
    ) {
        let text = decode(bytes).text;
        let headers = text.split_inclusive('\n').filter(|line| header(line).is_some()).count();
        let found = read(&text, "Family", None).chat.messages.len();
        prop_assert!(found <= headers && (found > 0) == (headers > 0));
    }

    #[test]
    fn any_mix_of_lines_is_read_without_losing_or_inventing_a_message(
        lines in prop::collection::vec(0_usize..PARTS.len(), 0..60)
    ) {
        let text: String = lines.iter().map(|at| PARTS[*at]).collect();
        let headers = text.split_inclusive('\n').filter(|line| header(line).is_some()).count();
        let found = read(&text, "Family", None).chat.messages.len();
        prop_assert!(found <= headers && (found > 0) == (headers > 0));
    }

    /// A second export that holds only a part of the chat adds no words, also
    /// where people say the same again and again, and loses nothing.
    #[test]
    fn a_part_of_a_chat_merges_into_it_without_a_trace(
        said in prop::collection::vec((0_usize..3, 0_usize..6, 0_i64..5), 12..60),
        cut in (0_usize..60, 0_usize..60),
    ) {
        let android = phone(Platform::Android);
        let mut at = begin();
        let mut lines = Vec::new();
        for (number, (who, what, after)) in said.iter().enumerate() {
            at += TimeDelta::minutes(*after);
            let words = ["ok", "ok", "😂", "<Media omitted>", "", ""][*what];
            let words = if words.is_empty() { format!("message {number}") } else { words.into() };
            lines.push(format!("{} - {}: {words}\n", android.stamp(at), ["Ann", "Bob", "Eve"][*who]));
        }
        let (from, to) = (cut.0.min(cut.1) % lines.len(), cut.0.max(cut.1) % lines.len());
        let (from, to) = (from.min(to), from.max(to));
        let whole = made("a/WhatsApp Chat with Family.txt", lines.concat());
        let part = made("b/WhatsApp Chat with Family.txt", lines[from..to].concat());
        let alone = collected(std::slice::from_ref(&whole));
        let both = collected(&[whole, part]);
        let merged = problems(&both).iter().any(|note| note.contains("another export of the chat"));
        let chat = |found: &Collected| {
            let all = found.export.chat.clone().expect("a chat").messages;
            all.into_iter().partition::<Vec<_>, _>(|one| one.kind == MessageKind::Ordinary)
        };
        // Too small a part is not known to be one.
        let ((words, gone), (known, missing)) = (chat(&both), chat(&alone));
        prop_assert!(!merged || words == known, "{from}..{to} {words:#?}");
        prop_assert!(gone.len() >= missing.len(), "{from}..{to} {gone:#?}");
    }

    /// What people write comes back, line by line.
    #[test]
    fn any_words_are_read_back(
        messages in prop::collection::vec((0_usize..3, "\\PC{0,30}(\n\\PC{0,30}){0,3}"), 1..40)
    ) {
        let android = phone(Platform::Android);
        let mut text = String::new();
        for (number, (who, words)) in messages.iter().enumerate() {
            let stamp = android.stamp(begin() + TimeDelta::hours(i64::try_from(number).expect("few")));
            text.push_str(&format!("{stamp} - {}: x{words}\n", ["Ann", "Bob", "Eve"][*who]));
        }
        let same = text.lines().filter(|line| header(line).is_some()).count() == messages.len();
        prop_assume!(same);
        let found = read(&text, "Family", None).chat.messages;
        prop_assert_eq!(found.len(), messages.len());
        for (row, (who, words)) in found.iter().zip(&messages) {
            prop_assert_eq!(row.sender.as_deref(), Some(["Ann", "Bob", "Eve"][*who]));
            let want = format!("x{words}");
            prop_assert_eq!(&row.text, want.trim());
        }
    }
}

/// What chats are made of, to be put together in any order.
const PARTS: [&str; 20] = [
    "[27/3/22, 21:41:35] ",
    "27/3/22, 21:41 - ",
    "3/27/22, 9:41\u{202F}PM - ",
    "[21:41:35, 27/3/22] ",
    "27/3/22, 21:41:35: ",
    "[3/18/R4, 21:41:35] ",
    "\u{200E}",
    "\u{FEFF}",
    "Ann: ",
    "ACME: Support: ",
    "<attached: IMG-20241222-WA0001.jpg>",
    "IMG-20241222-WA0001.jpg (file attached)",
    "<Media omitted>",
    "POLL:\nq\nOPTION: a (1 vote)",
    "EVENT: a\nStart: 1765279800000",
    " \u{200E}<This message was edited>",
    "https://maps.google.com/?q=1,2",
    "\n",
    "\r\n",
    "\n\n",
];
