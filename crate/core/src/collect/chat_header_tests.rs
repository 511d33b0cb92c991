use super::*;

/// The date's numbers, the time, and what follows the stamp.
#[track_caller]
fn check(line: &str, date: [u32; 3], time: &str, rest: &str) {
    let found = header(line).unwrap_or_else(|| panic!("no header: {line}"));
    let seconds = found.stamp.seconds;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    assert_eq!(found.stamp.date.map(|parts| parts.numbers), Some(date), "{line}");
    assert_eq!((clock.as_str(), found.rest), (time, rest), "{line}");
}

#[track_caller]
fn refuse(line: &str) {
    assert_eq!(header(line), None, "{line}");
}

#[test]
fn reads_every_shape_of_ios() {
    for (line, time) in [
        ("[3/27/22, 21:41:35] A: b", "21:41:35"),
        ("\u{200E}[3/27/22, 21:41:35] A: b", "21:41:35"),
        ("\u{FEFF}[3/27/22, 9:41:35\u{202F}PM] A: b", "21:41:35"),
        ("[3/27/22 21:41:35] A: b", "21:41:35"),
        ("[3/27/22 21.41.35] A: b", "21:41:35"),
        ("[3/27/22\u{2009}21:41:35] A: b", "21:41:35"),
        ("[3/27/22 à 21:41:35] A: b", "21:41:35"),
        ("[3/27/22 klo 21.41.35] A: b", "21:41:35"),
        ("[3.27.22, 21:41:35] A: b", "21:41:35"),
        ("[3.27.22, 9:41:35 PM] A: b", "21:41:35"),
        ("[21:41:35, 3/27/22] A: b", "21:41:35"),
        ("[\u{200F}٣/٢٧/٢٢، ٩:٤١:٣٥ م] A: b", "21:41:35"),
        ("[۳/۲۷/۲۲،\u{200F} ۲۱:۴۱:۳۵] A: b", "21:41:35"),
        ("[3/27/22, 12:41:35 a.m.] A: b", "00:41:35"),
        ("[3/27/22 下午12:41:35] A: b", "12:41:35"),
        ("[3/27/22 上午12:41:35] A: b", "00:41:35"),
        ("[3/27/22 오후 9:41:35] A: b", "21:41:35"),
        ("[3-27-22, 21:41] A: b", "21:41:00"),
    ] {
        check(line, [3, 27, 22], time, "A: b");
    }
    check("[12.3.2022 klo 14.08.18] A: b", [12, 3, 2022], "14:08:18", "A: b");
    check("[10/7/2024 下午1:38:12] K:<附件：x>", [10, 7, 2024], "13:38:12", "K:<附件：x>");
    check("[2024/10/31 15:50:46] A: b", [2024, 10, 31], "15:50:46", "A: b");
    check("[2024年10月31日 15:50:46] A: b", [2024, 10, 31], "15:50:46", "A: b");
    check("[22. 3. 27. 오후 9:41:35] A: b", [22, 3, 27], "21:41:35", "A: b");
    check("[3/27/22, 21:41:35] \u{200E}You left", [3, 27, 22], "21:41:35", "\u{200E}You left");
}

#[test]
fn reads_every_shape_of_android() {
    for (line, time) in [
        ("3/27/22, 21:41 - A: b", "21:41:00"),
        ("3/27/22, 9:41 PM - A: b", "21:41:00"),
        ("3/27/22, 9:41\u{202F}pm - A: b", "21:41:00"),
        ("3/27/22, 9:41 p.\u{A0}m. - A: b", "21:41:00"),
        ("3/27/22, 9:41 p.m. \u{2013} A: b", "21:41:00"),
        ("3/27/22, 9:41 in the afternoon - A: b", "21:41:00"),
        ("3/27/22 21:41 - A: b", "21:41:00"),
        ("3.27.22, 21:41 - A: b", "21:41:00"),
        ("3.27.22, 9:41 PM - A: b", "21:41:00"),
        ("3.27.22 21:41 - A: b", "21:41:00"),
        ("3/27/22 21.41 - A: b", "21:41:00"),
        ("3-27-22 21:41 - A: b", "21:41:00"),
        ("3-27-22, 21:41 - A: b", "21:41:00"),
        ("3/27/22, 12:05 AM - A: b", "00:05:00"),
        ("3/27/22, 12:05 PM - A: b", "12:05:00"),
        ("3/27/22, 00:05 a. m. - A: b", "00:05:00"),
        ("21:41, 3/27/22 - A: b", "21:41:00"),
        ("3/27/22 kl. 21:41 - A: b", "21:41:00"),
        ("3/27/22, um 21:41 - A: b", "21:41:00"),
    ] {
        check(line, [3, 27, 22], time, "A: b");
    }
    check("2023-12-20, 5:46 p.m. - A: b", [2023, 12, 20], "17:46:00", "A: b");
    check("2023/12/20, 5:46 pm - A: b", [2023, 12, 20], "17:46:00", "A: b");
    check("30/08/25 18.00 - A: b", [30, 8, 25], "18:00:00", "A: b");
    check("21:41, 9 Oct 2013 - A: b", [9, 10, 2013], "21:41:00", "A: b");
    check("٢٧/٣/٢٠٢٢، ٩:٤١ م - علي: b", [27, 3, 2022], "21:41:00", "علي: b");
    check("3. 7. 2020 21:41 - A: b", [3, 7, 2020], "21:41:00", "A: b");
    check("2020. 07. 03. 21:41 - A: b", [2020, 7, 3], "21:41:00", "A: b");
    check("3/27/22, 21:41 - ", [3, 27, 22], "21:41:00", "");
}

#[test]
fn reads_the_colons_of_old_exports() {
    check("24/10/2013 09:42:54: A: b", [24, 10, 2013], "09:42:54", "A: b");
    check("24/10/13, 9:42:54 PM: A: b", [24, 10, 13], "21:42:54", "A: b");
}

#[test]
fn reads_other_eras() {
    let date = |line: &str| header(line).and_then(|header| header.stamp.date).map(|date| date.era);
    assert_eq!(date("[3/18/2565 BE, 21:41:35] A: b"), Some(Era::Buddhist));
    assert_eq!(date("[3/18/R4, 21:41:35] A: b"), Some(Era::After(2018)));
    assert_eq!(date("[R4/3/18 21:41:35] A: b"), Some(Era::After(2018)));
}

#[test]
fn a_day_without_a_year_is_a_header_without_a_date() {
    let found = header("9 Aug 21:41 - A: b").expect("a header");
    assert_eq!((found.stamp.date, found.rest), (None, "A: b"));
}

#[test]
fn refuses_what_only_looks_like_a_header() {
    refuse("");
    refuse("Hello: world");
    refuse("[not a date] A: b");
    refuse("[3/27/22] A: b");
    refuse("[3/27/22, 25:00:00] A: b");
    refuse("[3/27/22, 21:61] A: b");
    refuse("3/27/22 - A: b");
    refuse("12:30 - lunch: soup");
    refuse("5/6/20 at 10:30 we will meet there - ok: fine");
    refuse("2 eggs - 3 spoons: mix");
    refuse("1.2.3.4:80 - x");
    refuse("123456/1/2, 10:00 - A: b");
}
