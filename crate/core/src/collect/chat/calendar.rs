//! Years and months of other calendars, and the day that is meant.
//!
//! A phone that counts by another calendar writes its stamps so. Which calendar it
//! is, its era's name tells, or else the year: the years since WhatsApp began (2009)
//! are other numbers in each calendar, and none of them is a year of ours.
//!
//! Sources: Solar Hijri by the rule of 33 years (ICU, `persncal.cpp`), which is right
//! from 1178 to 1633; Hijri by the table of Umm al-Qura (ICU, `islamcal.cpp`), which
//! phones use; Hebrew by Reingold and Dershowitz, *Calendrical Calculations*; Saka
//! and Coptic by the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};

use super::half_day::{self, folded};
use super::wording::rows;

/// One calendar a line: its name, and the names of its era, as [`folded`].
const ERAS: &str = include_str!("wording/eras.tsv");

/// How the year counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// As everywhere; two digits mean 2000 and later.
    Common,
    /// Buddhist years, 543 ahead.
    Buddhist,
    /// Our months, in years that begin with this one's successor: Japan's eras, and
    /// the years of the Republic of China.
    After(u32),
    /// The Persian calendar, which begins in March.
    SolarHijri,
    /// The moon's calendar.
    Hijri,
    /// The Hebrew calendar; months count from Tishri, in a year of 13 to 13.
    Hebrew,
    /// India's national calendar.
    Saka,
    /// The Coptic calendar.
    Coptic,
}

/// The year before the first of the Republic of China.
const MINGUO: u32 = 1911;

/// Years that a message can have in each calendar: from 2009 to about 2045.
const YEARS: [(Era, std::ops::RangeInclusive<u32>); 7] = [
    (Era::After(MINGUO), 98..=140),
    (Era::SolarHijri, 1388..=1429),
    (Era::Hijri, 1430..=1480),
    (Era::Coptic, 1725..=1766),
    (Era::Saka, 1931..=1969),
    (Era::Buddhist, 2400..=2700),
    (Era::Hebrew, 5769..=5810),
];

/// The calendar in which this is a year in which WhatsApp was used; a year of two
/// digits is one of ours up to 2051, and of another calendar beyond.
#[must_use]
pub fn guess(year: u32, digits: u8) -> Era {
    match (digits, year) {
        (0..=2, 52..=87) => Era::Buddhist,
        (0..=2, 88..) => Era::SolarHijri,
        (0..=2, _) => Era::Common,
        _ => {
            let known = YEARS.iter().find(|(_, years)| years.contains(&year));
            known.map_or(Era::Common, |(era, _)| *era)
        }
    }
}

/// The era of this name, if a year can be one of it.
#[must_use]
pub fn era(name: &str, year: u32, digits: u8) -> Option<Era> {
    if let Some(start) = japanese(name) {
        return (digits <= 2 && (1..=40).contains(&year)).then_some(Era::After(start));
    }
    static TABLE: LazyLock<HashMap<&str, Vec<Era>>> = LazyLock::new(|| {
        let mut table: HashMap<&str, Vec<Era>> = HashMap::new();
        for columns in rows(ERAS) {
            let era = match columns[0] {
                "buddhist" => Era::Buddhist,
                "solar-hijri" => Era::SolarHijri,
                "hijri" => Era::Hijri,
                "hebrew" => Era::Hebrew,
                "minguo" => Era::After(MINGUO),
                "saka" => Era::Saka,
                _ => Era::Coptic,
            };
            columns[1].split(' ').for_each(|word| table.entry(word).or_default().push(era));
        }
        table
    });
    let name = folded(name);
    let eras = TABLE.get(name.as_str())?;
    // Words that also mean a half of the day need a year that leaves no doubt.
    let short = digits <= 2 && half_day::half(&name).is_none();
    let possible = |era: &Era| {
        let year = if short { century(*era) + year } else { year };
        YEARS.iter().any(|(other, years)| other == era && years.contains(&year))
    };
    let fits = |era: &Era| match era {
        Era::Buddhist if short => true,
        Era::SolarHijri if short => year <= 29 || year >= 88,
        _ => possible(era),
    };
    eras.iter().copied().find(fits)
}

/// The years that are left out in front of a year of two digits.
fn century(era: Era) -> u32 {
    match era {
        Era::Common => 2000,
        Era::Buddhist => 2500,
        Era::After(MINGUO) => 100,
        Era::After(_) => 0,
        Era::SolarHijri | Era::Hijri => 1400,
        Era::Hebrew => 5700,
        Era::Saka => 1900,
        Era::Coptic => 1700,
    }
}

/// Whether a word is the name of any era.
#[must_use]
pub fn names_era(word: &str) -> bool {
    let word = word.trim();
    japanese(word).is_some()
        || YEARS.iter().any(|(_, years)| era(word, *years.start(), 4).is_some())
}

/// The year before a Japanese era's first.
fn japanese(name: &str) -> Option<u32> {
    match name {
        "R" | "令和" | "Reiwa" | "레이와" => Some(2018),
        "H" | "平成" | "Heisei" | "헤이세이" => Some(1988),
        _ => None,
    }
}

/// The day of a date; `None` if the calendar has no such day.
#[must_use]
pub fn day(era: Era, (year, digits): (u32, u8), month: u32, day: u32) -> Option<NaiveDate> {
    let era = if era == Era::Common { guess(year, digits) } else { era };
    let added = match era {
        _ if digits > 2 => 0,
        // 1388 to 1399.
        Era::SolarHijri if year >= 88 => 1300,
        _ => century(era),
    };
    let written = i32::try_from(year + added).ok()?;
    let ours = |year: i32| NaiveDate::from_ymd_opt(year, month, day);
    match era {
        Era::Common => ours(written),
        Era::Buddhist => ours(written - 543),
        Era::After(start) => ours(i32::try_from(start).ok()? + written),
        Era::SolarHijri => solar_hijri(written, month, day),
        Era::Hijri => hijri(written, month, day),
        Era::Hebrew => hebrew(written, month, day),
        Era::Saka => saka(written, month, day),
        Era::Coptic => {
            let first = 103_605 - 1 - UNIX + 365 * (written - 1) + written.div_euclid(4);
            let length = if month == 13 { 5 + i32::from(written.rem_euclid(4) == 3) } else { 30 };
            let lengths = |at: u32| if at < 13 { 30 } else { length };
            counted(first + 1, (1..=13).map(lengths), month, day)
        }
    }
}

/// Days from the first of January of the year 1 (1 in *Calendrical Calculations*) to
/// 1970-01-01.
const UNIX: i32 = 719_163;

/// The day of a month, in a year whose first day and months are known.
fn counted(
    first: i32,
    lengths: impl Iterator<Item = i32>,
    month: u32,
    day: u32,
) -> Option<NaiveDate> {
    let lengths: Vec<i32> = lengths.collect();
    let at = usize::try_from(month.checked_sub(1)?).ok()?;
    let day = i32::try_from(day).ok()?;
    if !(1..=*lengths.get(at)?).contains(&day) {
        return None;
    }
    NaiveDate::from_epoch_days(first + lengths[..at].iter().sum::<i32>() + day - 1)
}

fn solar_hijri(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    // The calendar's first day is Julian day 1,948,320; 1970-01-01 is 2,440,588.
    let first = 1_948_320 - 2_440_588 + 365 * (year - 1) + (8 * year + 21).div_euclid(33);
    let leap = (25 * year + 11).rem_euclid(33) < 8;
    let length = |at: i32| match at {
        1..=6 => 31,
        7..=11 => 30,
        _ => 29 + i32::from(leap),
    };
    counted(first, (1..=12).map(length), month, day)
}

/// First year of the table.
const HIJRI_YEAR: i32 = 1430;
/// Its first day, 2008-12-29, in days since 1970-01-01.
const HIJRI_DAY: i32 = 14_242;
/// For each year one bit a month, the first the lowest: 30 days, else 29.
const HIJRI_MONTHS: [u16; 51] = [
    0xAA6, 0x956, 0x2AE, 0x56D, 0x36A, 0xB55, 0xAAA, 0x94D, 0x49D, 0x95D, 0x2BA, 0x5B5, 0x5AA,
    0xD55, 0xA9A, 0x92E, 0x26E, 0x55D, 0xADA, 0x6D4, 0x6A5, 0xB27, 0xA4D, 0x4AD, 0x56D, 0xB5A,
    0x754, 0xF49, 0xE92, 0xD26, 0xA56, 0x356, 0x6B5, 0xBAA, 0xB92, 0xB25, 0x68B, 0xA9B, 0x55A,
    0xADA, 0x5B4, 0xDA9, 0xB52, 0xA9A, 0x536, 0x276, 0x575, 0xAF2, 0x6D4, 0x6A9, 0x555,
];

fn hijri(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let at = usize::try_from(year.checked_sub(HIJRI_YEAR)?).ok()?;
    let months = *HIJRI_MONTHS.get(at)?;
    let days = |months: u16| 348 + i32::try_from(months.count_ones()).unwrap_or(0);
    let first = HIJRI_DAY + HIJRI_MONTHS[..at].iter().copied().map(days).sum::<i32>();
    counted(first, (0..12).map(|bit| 29 + i32::from(months >> bit & 1)), month, day)
}

/// Days from the Hebrew calendar's beginning to a new year, before the delay that
/// keeps years from having an impossible length.
fn hebrew_elapsed(year: i32) -> i32 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = i64::from(months) * 13_753 + 12_084;
    let day = 29 * months + i32::try_from(parts.div_euclid(25_920)).unwrap_or(0);
    if (3 * (day + 1)).rem_euclid(7) < 3 { day + 1 } else { day }
}

/// A Hebrew year's first day, in days since 1970-01-01.
fn hebrew_new_year(year: i32) -> i32 {
    let [before, this, next] = [year - 1, year, year + 1].map(hebrew_elapsed);
    let delay = if next - this == 356 { 2 } else { i32::from(this - before == 382) };
    this + delay - 1_373_427 - UNIX
}

fn hebrew(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let first = hebrew_new_year(year);
    let length = hebrew_new_year(year + 1) - first;
    let (long, short) = (length % 10 == 5, length % 10 == 3);
    let mut months = vec![30, 29 + i32::from(long), 30 - i32::from(short), 29, 30];
    if length > 380 {
        months.push(30);
    }
    months.extend([29, 30, 29, 30, 29, 30, 29]);
    counted(first, months.into_iter(), month, day)
}

/// The month of a Hebrew name in a year, which may have an Adar more. In Hebrew "in"
/// is a letter before the name.
#[must_use]
pub fn hebrew_month(name: &str, year: u32) -> Option<u32> {
    const NAMES: [&[&str]; 13] = [
        &["תשרי", "tishri", "tishrei", "tischri", "tichri", "тишрей"],
        &["חשוון", "חשון", "heshvan", "cheshvan", "cheschwan", "hèchvan", "хешван"],
        &["כסלו", "kislev", "kislew", "кислев"],
        &["טבת", "tevet", "téveth", "тевет"],
        &["שבט", "shevat", "schevat", "chevat", "шеват"],
        &["אדרא", "adari", "адарi"],
        &["אדר", "אדרב", "adar", "adarii", "адар", "адарii"],
        &["ניסן", "nisan", "nissan", "нисан"],
        &["אייר", "iyar", "ijjar", "ияр"],
        &["סיוון", "סיון", "sivan", "siwan", "сиван"],
        &["תמוז", "tamuz", "tammuz", "tammus", "tamouz", "таммуз"],
        &["אב", "av", "aw", "ав"],
        &["אלול", "elul", "éloul", "элул"],
    ];
    let name = folded(name);
    let bare = name.strip_prefix('ב').unwrap_or(&name);
    let known = |names: &&[&str]| names.contains(&bare) || names.contains(&name.as_str());
    let index = NAMES.iter().position(known)?;
    let year = i32::try_from(year).ok().filter(|year| (5000..6000).contains(year))?;
    let leap = hebrew_new_year(year + 1) - hebrew_new_year(year) > 380;
    let month = if leap || index < 5 { index + 1 } else { index };
    u32::try_from(month).ok()
}

/// A number in Hebrew letters; a year leaves its thousands out.
#[must_use]
pub fn hebrew_number(word: &str) -> Option<u32> {
    let letters = || word.chars().filter(|letter| letter.is_alphabetic());
    let value = |letter: char| {
        Some(match letter {
            'א'..='ט' => u32::from(letter) - u32::from('א') + 1,
            'י' => 10,
            'כ' | 'ך' => 20,
            'ל' => 30,
            'מ' | 'ם' => 40,
            'נ' | 'ן' => 50,
            'ס' => 60,
            'ע' => 70,
            'פ' | 'ף' => 80,
            'צ' | 'ץ' => 90,
            'ק' => 100,
            'ר' => 200,
            'ש' => 300,
            'ת' => 400,
            _ => return None,
        })
    };
    if letters().next().is_none() || letters().count() > 7 {
        return None;
    }
    letters().map(value).sum()
}

fn saka(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let ours = year + 78;
    let leap = NaiveDate::from_ymd_opt(ours, 2, 29).is_some();
    let first = NaiveDate::from_ymd_opt(ours, 3, 22)?.checked_sub_days(Days::new(leap.into()))?;
    let length = |at: i32| match at {
        1 => 30 + i32::from(leap),
        2..=6 => 31,
        _ => 30,
    };
    counted(first.to_epoch_days(), (1..=12).map(length), month, day).filter(|day| day.year() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(era: Era, date: (u32, u32, u32), want: (i32, u32, u32)) {
        let digits = if date.0 < 100 { 2 } else { 4 };
        let found = day(era, (date.0, digits), date.1, date.2);
        assert_eq!(found, NaiveDate::from_ymd_opt(want.0, want.1, want.2), "{era:?} {date:?}");
    }

    /// Days as ICU counts them.
    #[test]
    fn a_year_tells_its_calendar() {
        check(Era::Common, (1403, 1, 15), (2024, 4, 3));
        check(Era::Common, (1403, 12, 30), (2025, 3, 20));
        check(Era::Common, (1404, 1, 1), (2025, 3, 21));
        check(Era::Common, (1399, 12, 30), (2021, 3, 20));
        check(Era::Common, (1445, 9, 24), (2024, 4, 3));
        check(Era::Common, (1446, 5, 3), (2024, 11, 5));
        check(Era::Common, (1441, 1, 1), (2019, 8, 31));
        check(Era::Common, (5784, 7, 24), (2024, 4, 3));
        check(Era::Common, (5785, 2, 4), (2024, 11, 5));
        check(Era::Common, (5785, 12, 17), (2025, 9, 10));
        check(Era::Common, (5783, 6, 4), (2023, 2, 25));
        check(Era::Common, (1946, 1, 14), (2024, 4, 3));
        check(Era::Common, (1946, 8, 14), (2024, 11, 5));
        check(Era::Common, (1740, 7, 25), (2024, 4, 3));
        check(Era::Common, (1741, 2, 26), (2024, 11, 5));
        check(Era::Common, (113, 4, 3), (2024, 4, 3));
        check(Era::Common, (2567, 4, 3), (2024, 4, 3));
        check(Era::Common, (67, 4, 3), (2024, 4, 3));
        check(Era::Common, (24, 4, 3), (2024, 4, 3));
        check(Era::After(2018), (6, 4, 3), (2024, 4, 3));
    }

    #[test]
    fn a_day_that_a_calendar_lacks_is_none() {
        for (year, month, last) in [
            (1404, 12, 30),
            (1403, 7, 31),
            (1445, 9, 31),
            (5785, 13, 1),
            (5784, 2, 30),
            (1945, 1, 31),
        ] {
            assert_eq!(day(Era::Common, (year, 4), month, last), None, "{year}-{month}-{last}");
        }
    }

    #[test]
    fn names_of_eras_need_their_years() {
        assert_eq!(era("AP", 1403, 4), Some(Era::SolarHijri));
        assert_eq!(era("ه\u{200D}.ق.", 1446, 4), Some(Era::Hijri));
        assert_eq!(era("هـ", 1446, 4), Some(Era::Hijri));
        assert_eq!(era("AM", 5784, 4), Some(Era::Hebrew));
        assert_eq!(era("民國", 113, 3), Some(Era::After(1911)));
        assert_eq!(era("R", 6, 1), Some(Era::After(2018)));
        assert_eq!(era("Minguo", 13, 2), Some(Era::After(1911)));
        assert_eq!(era("AH", 45, 2), Some(Era::Hijri));
        assert_eq!(era("AH", 12, 2), None);
        // Also the morning in English and in Finnish.
        assert_eq!(era("AM", 2024, 4), None);
        assert_eq!(era("ap", 24, 2), None);
    }

    #[test]
    fn hebrew_months_and_numbers_are_read() {
        assert_eq!(hebrew_month("באדר ב׳", 5784), Some(7));
        assert_eq!(hebrew_month("Adar", 5785), Some(6));
        assert_eq!(hebrew_month("Elul", 5784), Some(13));
        assert_eq!(hebrew_month("בחשוון", 5785), Some(2));
        assert_eq!(hebrew_number("תשפ״ה"), Some(785));
        assert_eq!(hebrew_number("כ״ה"), Some(25));
        assert_eq!(hebrew_number("Adar"), None);
    }
}
