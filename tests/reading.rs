//! Chat texts of every language, platform, region and clock, read back.

#[path = "reading_support/read.rs"]
mod read;
#[path = "reading_support/script.rs"]
mod script;

use chrono::{NaiveDate, NaiveDateTime};
use heirloom_core::collect::chat::text::is_chat;
use heirloom_core::settings::DateOrder;
use heirloom_media::chat_locale::{
    CLOCKS, Caption, Order, Phone, STYLES, Said, What, Years, phones,
};
use heirloom_media::whatsapp::Platform;
use read::{FILES, read};
use script::{CHAT, SCRIPT, expected, rows};

const BOTH: [Platform; 2] = [Platform::Ios, Platform::Android];

/// 27 March 2022, 21:41:35.
fn begin() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2022, 3, 27).expect("a day");
    day.and_hms_opt(21, 41, 35).expect("a time")
}

#[track_caller]
fn check(phone: &Phone, script: &[Said]) {
    let text = phone.export(CHAT, begin(), script);
    let parsed = read(&text, CHAT, None);
    let (found, want) = (rows(&parsed), expected(phone, begin(), script));
    let phone = || format!("{phone:?}\n{}", text.lines().take(9).collect::<Vec<_>>().join("\n"));
    assert_eq!(found.len(), want.len(), "{}", phone());
    for (found, want) in found.iter().zip(&want) {
        assert_eq!(found, want, "{}", phone());
    }
    assert!(parsed.chat.dates.decided, "{:?}: {}", parsed.chat.dates.evidence, phone());
}

#[test]
fn every_language_region_and_clock_reads_the_same_chat() {
    for platform in BOTH {
        for phone in phones(platform) {
            for order in [Order::Dmy, Order::Mdy, Order::Ymd] {
                for clock in CLOCKS {
                    let years = if order == Order::Ymd { Years::Four } else { Years::Two };
                    check(&Phone { order, clock, years, ..phone.clone() }, &SCRIPT);
                }
            }
        }
    }
}

#[test]
fn every_style_of_stamps_reads_the_same_chat() {
    for platform in BOTH {
        let phone = phones(platform).swap_remove(0);
        for style in STYLES {
            for years in [Years::Two, Years::Four, Years::Buddhist, Years::Reiwa] {
                for order in [Order::Dmy, Order::Mdy, Order::Ymd] {
                    for clock in CLOCKS {
                        check(&Phone { style, years, order, clock, ..phone.clone() }, &SCRIPT);
                    }
                }
            }
        }
    }
}

/// Every wording of an attachment alone and with a caption in each place: how
/// many languages have all of them right.
fn languages_linked(platform: Platform) -> usize {
    let captions = [
        (Caption::After, ""),
        (Caption::Before, "caption, <3 and (brackets)"),
        (Caption::Before, "two\nlines"),
        (Caption::Beside, "what a day"),
        (Caption::After, "a <b> c :> (d)"),
        (Caption::After, "two\nlines"),
    ];
    let script: Vec<Said> = FILES
        .iter()
        .flat_map(|file| {
            captions.map(|(place, words)| {
                let what = What::File(file, place, words);
                Said { after: 600, from: "Ann", what }
            })
        })
        .collect();
    let right = |phone: &Phone| {
        let text = phone.export(CHAT, begin(), &script);
        let found = rows(&read(&text, CHAT, None));
        let want = expected(phone, begin(), &script);
        for (found, want) in found.iter().zip(&want).filter(|(found, want)| found != want) {
            eprintln!("{}: {found:?}\n  not {want:?}", phone.words[0]);
        }
        found == want
    };
    phones(platform).iter().filter(|phone| right(phone)).count()
}

#[test]
fn links_all_attachment_tags_of_ios() {
    assert_eq!(languages_linked(Platform::Ios), 41);
}

#[test]
fn links_all_attachment_lines_of_android() {
    assert_eq!(languages_linked(Platform::Android), 60);
}

/// Times as `2022-03-27 21:41:35`, and the texts.
#[track_caller]
fn check_lines(text: &str, want: &[(&str, &str, &str)]) {
    let parsed = read(text, "", None);
    let show = |seconds: i64| {
        let time = chrono::DateTime::from_timestamp(seconds, 0).expect("a time");
        time.format("%Y-%m-%d %H:%M:%S").to_string()
    };
    let found: Vec<(String, String, String)> = rows(&parsed)
        .into_iter()
        .map(|row| {
            let what = row.file.unwrap_or(row.text);
            (row.time.map(show).unwrap_or_default(), row.sender.unwrap_or_default(), what)
        })
        .collect();
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(found, want, "{text}");
    assert!(is_chat(text) || want.len() < 2, "{text}");
}

#[test]
fn reads_what_others_get_wrong() {
    // A US region with a clock of 24 hours.
    check_lines(
        "[3/7/22, 21:41:35] A: b\r\n[3/27/22, 21:41:35] A: c\r\n",
        &[("2022-03-07 21:41:35", "A", "b"), ("2022-03-27 21:41:35", "A", "c")],
    );
    check_lines(
        "[\u{200F}٢٧/٣/٢٠٢٢، ٩:٤١:٣٥ م] علي: b\r\n[\u{200F}٢٨/٣/٢٠٢٢، ٩:٤١:٣٥ ص] علي: c\r\n",
        &[("2022-03-27 21:41:35", "علي", "b"), ("2022-03-28 09:41:35", "علي", "c")],
    );
    check_lines(
        "[27/3/2022، 9:41:35 م] علي: b\r\n[28/3/2022، 9:41:35 ص] علي: c\r\n",
        &[("2022-03-27 21:41:35", "علي", "b"), ("2022-03-28 09:41:35", "علي", "c")],
    );
    check_lines(
        "[21:41:35, 3/27/22] A: b\r\n[21:41:36, 3/28/22] A: c\r\n",
        &[("2022-03-27 21:41:35", "A", "b"), ("2022-03-28 21:41:36", "A", "c")],
    );
    check_lines("[3/18/2565 BE, 21:41:35] A: b\r\n", &[("2022-03-18 21:41:35", "A", "b")]);
    check_lines("[3/18/R4, 21:41:35] A: b\r\n", &[("2022-03-18 21:41:35", "A", "b")]);
    check_lines(
        "[20/7/2024 下午1:38:12] Klaus:<附件：IMG-20241222-WA0001.jpg>\r\n",
        &[("2024-07-20 13:38:12", "Klaus", "IMG-20241222-WA0001.jpg")],
    );
    check_lines("[27.03.26, 21:22:39] A: b\r\n", &[("2026-03-27 21:22:39", "A", "b")]);
    check_lines("[25.08.23, 5:52:02 PM] A: b\r\n", &[("2023-08-25 17:52:02", "A", "b")]);
    check_lines("28/3/2025, 9:29 p. m. - A: b\n", &[("2025-03-28 21:29:00", "A", "b")]);
    check_lines("2023-12-20, 5:46 p.m. - A: b\n", &[("2023-12-20 17:46:00", "A", "b")]);
    check_lines("[22.3.2022 klo 14.08.18] A: b\r\n", &[("2022-03-22 14:08:18", "A", "b")]);
    check_lines(
        "[27.03.26, 21:22:39] A: Plan \u{2022} 3 pages \u{200E}<attached: Holiday plan v1.2 (final).pdf>\r\n",
        &[("2026-03-27 21:22:39", "A", "Holiday plan v1.2 (final).pdf")],
    );
    check_lines(
        "28/3/2025, 21:29 - A: Holiday plan v1.2 (final).pdf (file attached)\n",
        &[("2025-03-28 21:29:00", "A", "Holiday plan v1.2 (final).pdf")],
    );
}

#[test]
fn reads_every_shape_of_header_that_was_seen() {
    let shapes = [
        ("27/3/22, 21:41 - ", "2022-03-27 21:41:00"),
        ("3/27/22, 9:41 PM - ", "2022-03-27 21:41:00"),
        ("[27/3/22, 21:41:35] ", "2022-03-27 21:41:35"),
        ("[27/3/22, 9:41:35 PM] ", "2022-03-27 21:41:35"),
        ("[27/3/22 21:41:35] ", "2022-03-27 21:41:35"),
        ("27.3.22, 21:41 - ", "2022-03-27 21:41:00"),
        ("[27/3/22 21.41.35] ", "2022-03-27 21:41:35"),
        ("27/3/22 21:41 - ", "2022-03-27 21:41:00"),
        ("27-3-22 21:41 - ", "2022-03-27 21:41:00"),
        ("27-3-22, 9:41 p.m. - ", "2022-03-27 21:41:00"),
        ("[27.3.22, 21:41:35] ", "2022-03-27 21:41:35"),
        ("[27.3.22, 9:41:35 PM] ", "2022-03-27 21:41:35"),
        ("27.3.22 21:41 - ", "2022-03-27 21:41:00"),
        ("27.3.22, 9:41 PM - ", "2022-03-27 21:41:00"),
        ("[27/3/2565 BE, 21:41:35] ", "2022-03-27 21:41:35"),
        ("[27/3/R4, 21:41:35] ", "2022-03-27 21:41:35"),
        ("[21:41:35, 27/3/22] ", "2022-03-27 21:41:35"),
        ("27/3/22, 21:41:35: ", "2022-03-27 21:41:35"),
        ("21:41, 27 Mar 2022 - ", "2022-03-27 21:41:00"),
        ("27/3/22, 9:41 in the afternoon - ", "2022-03-27 21:41:00"),
        ("2022-03-27, 9:41 p.m. - ", "2022-03-27 21:41:00"),
        ("2022/03/27, 9:41 pm - ", "2022-03-27 21:41:00"),
        ("[27/03/22 9:41:35 p.m.] ", "2022-03-27 21:41:35"),
        ("[27/03/22 21:41] ", "2022-03-27 21:41:00"),
        ("27/03/2022, 09:41 p. m. - ", "2022-03-27 21:41:00"),
        ("[27.03.2022 21:41:35] ", "2022-03-27 21:41:35"),
        ("[27.3.2022 klo 21.41.35] ", "2022-03-27 21:41:35"),
        ("[27/3/2022 下午9:41:35] ", "2022-03-27 21:41:35"),
        ("[2022/3/27 21:41:35] ", "2022-03-27 21:41:35"),
        ("27/03/22 21.41 - ", "2022-03-27 21:41:00"),
        ("[27/3/22\u{2009}21:41:35] ", "2022-03-27 21:41:35"),
        ("27/3/22, 9:41\u{202F}PM - ", "2022-03-27 21:41:00"),
        ("27/3/22, 21:41 \u{2013} ", "2022-03-27 21:41:00"),
        ("[27/3/22, um 21:41:35] ", "2022-03-27 21:41:35"),
        ("[27/3/22 à 21:41:35] ", "2022-03-27 21:41:35"),
    ];
    for (header, time) in shapes {
        for mark in ["", "\u{200E}", "\u{200F}", "\u{FEFF}", "\u{FEFF}\u{200E}"] {
            for end in ["\n", "\r\n"] {
                let text = format!("{mark}{header}Ann: one{end}two{end}{mark}{header}Bob: x{end}");
                check_lines(&text, &[(time, "Ann", "one\ntwo"), (time, "Bob", "x")]);
            }
        }
    }
    // Nobody knows the year.
    check_lines("9 Aug 21:41 - A: b\n9 Aug 21:42 - A: c\n", &[("", "A", "b"), ("", "A", "c")]);
}

#[test]
fn tells_senders_from_what_they_say() {
    let stamp = "27/3/22, 21:41 - ";
    let texts = [
        ("ACME: Support: hi\n", "ACME: Support: ok: fine\n", "ACME: Support", "hi", "ok: fine"),
        ("~\u{202F}Bob: a\n", "~ Bob: b\n", "~\u{202F}Bob", "a", "b"),
        (
            "\u{202A}+49\u{A0}170\u{2011}1\u{202C}: a\n",
            "+49 170\u{2011}1: b\n",
            "+49\u{A0}170\u{2011}1",
            "a",
            "b",
        ),
        ("Bob: \u{200E}a\n", "Bob: b\n", "Bob", "a", "b"),
        ("Bob:.\n", "Bob: b\n", "Bob", ".", "b"),
        ("Bob:\n", "Bob: b\n", "Bob", "", "b"),
    ];
    for (first, second, name, one, two) in texts {
        let text = format!("{stamp}{first}{stamp}{second}");
        let time = "2022-03-27 21:41:00";
        check_lines(&text, &[(time, name, one), (time, name, two)]);
    }
}

#[test]
fn a_chat_goes_on_in_another_language() {
    let german = "[27.03.22, 21:41:35] Ann: a\r\n[28.03.22, 21:41:35] Bob: b\r\n";
    let american = "[4/5/22, 9:41:35\u{202F}PM] Ann: c\r\n[4/25/22, 9:41:35\u{202F}PM] Bob: d\r\n";
    let want = [
        ("2022-03-27 21:41:35", "Ann", "a"),
        ("2022-03-28 21:41:35", "Bob", "b"),
        ("2022-04-05 21:41:35", "Ann", "c"),
        ("2022-04-25 21:41:35", "Bob", "d"),
    ];
    check_lines(&format!("{german}{american}"), &want);
    // What somebody pastes is older than the message.
    let pasted = "[3/1/22, 9:41:35\u{202F}PM] Ann: c\n[3/2/22, 9:41:35\u{202F}PM] Bob: d";
    let body = format!("b\n{pasted}");
    let text = format!("[27.03.22, 21:41:35] Ann: a\r\n[28.03.22, 21:41:35] Bob: {body}\r\n");
    let want = [("2022-03-27 21:41:35", "Ann", "a"), ("2022-03-28 21:41:35", "Bob", &*body)];
    check_lines(&text, &want);
}

#[test]
fn says_what_it_cannot_tell() {
    let text = "08/04/22, 12:12 - A: x\n08/04/22, 12:13 - B: y\n";
    let dates = read(text, "", None).chat.dates;
    assert!(!dates.decided);
    let choices: Vec<(DateOrder, &str, i32)> =
        dates.choices.iter().map(|one| (one.order, &*one.written, one.day)).collect();
    // 8 April and 4 August 2022.
    let want = [
        (DateOrder::DayMonthYear, "08/04/22", 19_090),
        (DateOrder::MonthDayYear, "08/04/22", 19_208),
    ];
    assert_eq!(choices, want);
    for (order, day) in
        [(DateOrder::DayMonthYear, "2022-04-08"), (DateOrder::MonthDayYear, "2022-08-04")]
    {
        let parsed = read(text, "", Some(order));
        let time = parsed.chat.messages[0].time.expect("a time");
        let time = chrono::DateTime::from_timestamp(time, 0).expect("a time");
        assert_eq!(time.format("%Y-%m-%d").to_string(), day);
        assert!(parsed.chat.dates.decided && parsed.chat.dates.choices.is_empty());
    }
}
