use super::*;
use crate::collect::chat::wording::{ANDROID, IOS, rows};
use crate::model::{FileId, Item, ItemId, Source};

const FILES: [&str; 8] = [
    "00000012-PHOTO-2024-12-22-20-36-00.jpg",
    "IMG-20241222-WA0001.jpg",
    "Holiday plan v1.2 (final).pdf",
    "LICENSE",
    "AUD-20190101-WA0000.mp3",
    "4f2680f1db95a8454775cc2eefc95bfc.jpg",
    "Alex.vcf",
    "3.jpg",
];

fn read_with_files(body: &str) -> Body {
    let item = |(index, path): (u32, &&str)| Item {
        id: ItemId(index),
        path: (*path).to_string(),
        size: 1,
        modified: None,
        source: Source::File(FileId(index)),
    };
    let items: Vec<Item> = (0..).zip(&FILES).map(item).collect();
    read(body, &FileNames::by_name(&items), &Wording::new())
}

/// The file carried and the caption.
#[track_caller]
fn check(body: &str, file: &str, caption: &str) {
    let found = read_with_files(body);
    let name = match &found.carried {
        Some(Carried::Here(id)) => FILES[id.0 as usize],
        Some(Carried::Missing(_)) => "missing",
        None => "none",
    };
    assert_eq!((name, found.text.as_str()), (file, caption), "{body}");
}

#[track_caller]
fn check_kind(body: &str, kind: MessageKind, text: &str) {
    let found = read_with_files(body);
    assert_eq!((found.kind, found.text.as_str()), (kind, text), "{body}");
}

#[test]
fn links_every_tag_of_ios() {
    for columns in rows(IOS) {
        for file in FILES {
            let tag = columns[1].replace("%@", file);
            check(&format!("\u{200E}{tag}"), file, "");
            check(&format!("Look here\r\n\u{200E}{tag}\r\n"), file, "Look here");
            check(
                &format!("{file} \u{2022} 3 pages \u{200E}{tag}"),
                file,
                &format!("{file} \u{2022} 3 pages"),
            );
        }
    }
}

#[test]
fn links_every_line_of_android() {
    for columns in rows(ANDROID) {
        for file in FILES.iter().filter(|file| file.contains('.')) {
            let line = columns[1].replace("%s", file);
            check(&line, file, "");
            check(
                &format!("\u{200E}{line}\nA caption\nof two lines"),
                file,
                "A caption\nof two lines",
            );
        }
    }
}

#[test]
fn links_odd_names() {
    check("LICENSE (file attached)", "LICENSE", "");
    check("AUD-20190101-WA0000. (file attached)", "AUD-20190101-WA0000.mp3", "");
    check("3.jpg <attached>", "3.jpg", "");
    check("ALEX.VCF (file attached)", "Alex.vcf", "");
    check(
        "Holiday plan v1.2 (final).pdf (file attached)\nHoliday plan v1.2 (final)",
        "Holiday plan v1.2 (final).pdf",
        "",
    );
    check("\u{200E}<angehängt: 3.jpg>", "3.jpg", "");
    check("\u{200E}<attached: 3.jpg> \u{200E}<This message was edited>", "3.jpg", "");
}

#[test]
fn words_about_a_file_are_not_the_file() {
    check("see 3.jpg", "none", "see 3.jpg");
    check("3.jpg is nice", "none", "3.jpg is nice");
    check("I like (brackets)", "none", "I like (brackets)");
    check("a < b > c", "none", "a < b > c");
}

#[test]
fn names_files_that_are_missing() {
    let missing = |body: &str| match read_with_files(body).carried {
        Some(Carried::Missing(name)) => Some(name),
        _ => None,
    };
    let photo = "00000099-PHOTO-2024-12-22-20-36-00.jpg";
    assert_eq!(missing(&format!("\u{200E}<attached: {photo}>")).as_deref(), Some(photo));
    assert_eq!(missing(&format!("<{photo} eklendi>")).as_deref(), Some(photo));
    let image = "IMG-20241222-WA0099.jpg";
    assert_eq!(missing(&format!("{image} (file attached)")).as_deref(), Some(image));
    assert_eq!(missing(&format!("فایل پیوست شد {image}")).as_deref(), Some(image));
    assert_eq!(missing("Alex B.vcf (file attached)").as_deref(), Some("Alex B.vcf"));
    assert_eq!(missing("some.jpg (a nice one)"), None);
    assert_eq!(missing(&format!("did you see {image}?")), None);
}

#[test]
fn knows_every_omitted_and_deleted_wording() {
    for columns in rows(IOS) {
        for phrase in &columns[2..9] {
            check_kind(&format!("\u{200E}{phrase}"), MessageKind::Omitted, "");
            check_kind(&format!("Schön \u{200E}{phrase}"), MessageKind::Omitted, "Schön");
            check_kind(&format!("Schön\r\n\u{200E}{phrase}"), MessageKind::Omitted, "Schön");
        }
        check_kind(&format!("\u{200E}{}", columns[9]), MessageKind::Deleted, columns[9]);
    }
    for columns in rows(ANDROID) {
        for phrase in columns[2].split(" / ") {
            check_kind(phrase, MessageKind::Omitted, "");
            check_kind(&format!("{phrase}\nA caption"), MessageKind::Omitted, "A caption");
        }
    }
    check_kind("cute caption image omitted", MessageKind::Omitted, "cute caption");
    check_kind("", MessageKind::Omitted, "");
    check_kind("<View once voice message omitted>", MessageKind::Omitted, "");
}

#[test]
fn reads_places_in_every_language() {
    let url = "https://maps.google.com/?q=52.5,13.4";
    let want = || MessageKind::Location { url: url.into() };
    check_kind(&format!("\u{200E}Location: {url}"), want(), "");
    for columns in rows(ANDROID) {
        check_kind(&columns[3].replace("%s", url), want(), "");
    }
    check_kind(&format!("Alte Oper\nOpernplatz 1\n{url}"), want(), "Alte Oper\nOpernplatz 1");
    let place = "\u{200E}Café (Main St. 1): https://foursquare.com/v/4b0588";
    let kind = MessageKind::Location { url: "https://foursquare.com/v/4b0588".into() };
    check_kind(place, kind, "Café (Main St. 1)");
    check_kind(&format!("meet me at {url}"), MessageKind::Ordinary, &format!("meet me at {url}"));
    check_kind(
        "Location: javascript:alert(1)",
        MessageKind::Ordinary,
        "Location: javascript:alert(1)",
    );
}

#[test]
fn reads_polls_in_any_language() {
    let poll = |options: &[(&str, Option<u32>)]| MessageKind::Poll {
        question: "Where?".into(),
        options: options.iter().map(|(text, votes)| ((*text).to_string(), *votes)).collect(),
    };
    let want = poll(&[("Sea", Some(3)), ("Hills", Some(0))]);
    let body = "\u{200E}POLL:\r\nWhere?\r\n\u{200E}OPTION: Sea (\u{200E}3 votes)\r\n\u{200E}OPTION: Hills (\u{200E}0 votes)\r\n";
    check_kind(body, want.clone(), "");
    check_kind("ENCUESTA:\nWhere?\nOPCIÓN: Sea (3 votos)\nOPCIÓN: Hills (0 votos)", want, "");
    let want = poll(&[("Sea", None), ("Hills", None)]);
    check_kind("投票：\nWhere?\n選項：Sea\n選項：Hills", want, "");
    check_kind("LIST:\nmilk\neggs", MessageKind::Ordinary, "LIST:\nmilk\neggs");
}

/// Nobody asks with one answer; somebody's list looks like that.
#[test]
fn a_list_with_one_label_in_capitals_is_no_poll() {
    for body in ["TODO:\nShopping\nMILK: 2", "PLAN:\nRome\nHOTEL: booked\n"] {
        check_kind(body, MessageKind::Ordinary, body.trim_end());
    }
}

/// Builds write it for what they cannot write, but people type it as well.
#[test]
fn a_typed_null_stays_readable() {
    check_kind("null", MessageKind::Omitted, "null");
}

#[test]
fn words_of_a_person_behind_a_file_name_stay_readable() {
    let read = |body: &str| read_with_files(body);
    let image = "IMG-20241222-WA0099.jpg";
    let found = read(&format!("{image} (please print this one for grandma)\nand send it"));
    assert_eq!(found.text, "(please print this one for grandma)\nand send it");
    assert_eq!(found.carried, Some(Carried::Missing(image.into())));
    assert_eq!(read(&format!("{image} (file attached)\nand send it")).text, "and send it");
}

#[test]
fn what_is_newer_than_the_tables_is_left_out_as_well() {
    for body in [
        "\u{200E}Videonotiz weggelassen",
        "<Sprachnachricht weggelassen>",
        "\u{200E}HD photo omitted",
    ] {
        check_kind(body, MessageKind::Omitted, "");
    }
    check_kind("Schön \u{200E}Videonotiz weggelassen", MessageKind::Omitted, "Schön");
    check_kind("<Video note omitted>\nNice", MessageKind::Omitted, "Nice");
    for body in ["das habe ich weggelassen", "<3 omitted", "see <b> omitted"] {
        check_kind(body, MessageKind::Ordinary, body);
    }
}

#[test]
fn reads_edited_marks() {
    let edited = |body: &str| {
        let found = read_with_files(body);
        (found.text, found.edited)
    };
    assert_eq!(edited("Hello \u{200E}<This message was edited>"), ("Hello".into(), true));
    assert_eq!(edited("Hallo <Dit bericht is bewerkt>"), ("Hallo".into(), true));
    assert_eq!(edited("Hei \u{200E}<Tätä viestiä muokattiin>"), ("Hei".into(), true));
    assert_eq!(edited("はい \u{200E}<このメッセージは編集済みです>"), ("はい".into(), true));
    assert_eq!(edited("Hello \u{200E}<3>"), ("Hello \u{200E}<3>".replace('\u{200E}', ""), false));
    assert_eq!(edited("Hello <this is mine>"), ("Hello <this is mine>".into(), false));
}

#[test]
fn strips_marks_from_texts_but_keeps_joiners() {
    check_kind("\u{200E}Hi @\u{2068}Bob\u{2069}\r\n", MessageKind::Ordinary, "Hi @Bob");
    check_kind("👩\u{200D}👧", MessageKind::Ordinary, "👩\u{200D}👧");
}
