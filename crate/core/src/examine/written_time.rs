//! A date and time as programs write it into a file, in whatever form.
//!
//! EXIF asks for `2024:03:03 10:05:00`, QuickTime for `2024-03-03T10:05:00+0100`.
//! Programs write dashes, slashes, dots and zones into EXIF too, and some cameras
//! count the hour after midnight as the 24th.

use chrono::NaiveDate;

/// Years that a picture may be of: none is older than photography.
const YEARS: std::ops::Range<u32> = 1826..2200;

/// Seconds since 1970 on the clock that was written down, and minutes east of UTC, if
/// they were written too. All zeros, blanks and days that do not exist are no time.
pub(super) fn written_time(text: &[u8]) -> Option<(i64, Option<i32>)> {
    let mut rest = text;
    let mut part = |most: usize| number(&mut rest, most);
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let (hour, minute) = (part(2)?, part(2)?);
    // The seconds may be absent, but a zone is none.
    let is_zone = matches!(rest.first(), Some(b'+' | b'-' | b'Z'));
    let second = if is_zone { 0 } else { number(&mut rest, 2).unwrap_or(0) };
    let hour = on_24(hour, rest);
    let real = YEARS.contains(&year) && hour <= 24 && minute < 60 && second <= 60;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| real)?;
    // A leap second is shown as the one before it.
    let clock = day.and_hms_opt(hour % 24, minute, second.min(59))?;
    Some((clock.and_utc().timestamp(), zone_in(rest)))
}

/// `+02:00`, `-0330`, `Z`; the sign and both numbers must be there.
pub(super) fn zone_minutes(value: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(value).ok()?.trim_matches(['\0', ' ']);
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return (text == "Z").then_some(0),
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let real = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    real.then_some(sign * (60 * hours + minutes))
}

/// The next number of at most so many digits, behind at most two other characters:
/// a separator, and a blank in the place of a zero.
fn number(rest: &mut &[u8], most: usize) -> Option<u32> {
    let start = rest.iter().position(u8::is_ascii_digit).filter(|start| *start <= 2)?;
    let digits = rest[start..].iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (text, after) = rest[start..].split_at(digits);
    *rest = after;
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// An hour of the twelve as one of the 24, if what follows the time says which.
fn on_24(hour: u32, rest: &[u8]) -> u32 {
    let word = rest.trim_ascii_start().get(..2).unwrap_or_default();
    match hour {
        12 if word.eq_ignore_ascii_case(b"am") => 0,
        1..12 if word.eq_ignore_ascii_case(b"pm") => hour + 12,
        _ => hour,
    }
}

/// The zone behind a time and its fraction of a second.
fn zone_in(rest: &[u8]) -> Option<i32> {
    let fraction = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let at = rest.iter().position(|byte| !fraction(byte))?;
    zone_minutes(&rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<(i64, Option<i32>)>) {
        assert_eq!(written_time(text.as_bytes()), want, "{text}");
    }

    /// 2024-03-03 00:00:00.
    const DAY: i64 = 1_709_424_000;
    /// Ten o'clock and five minutes.
    const TEN: i64 = DAY + 36_300;

    #[test]
    fn the_hour_after_midnight_is_the_24th_of_some_cameras() {
        check("2024:03:03 24:05:00", Some((DAY + 300, None)));
        check("2024:03:03 24:00:00", Some((DAY, None)));
        check("2024:03:03 25:05:00", None);
    }

    #[test]
    fn any_separator_will_do() {
        for text in [
            "2024:03:03 10:05:00",
            "2024-03-03 10:05:00",
            "2024/03/03 10:05:00",
            "2024.03.03 10.05.00",
            "2024-03-03T10:05:00",
            "2024-03-03_10-05-00",
            "2024: 3: 3 10: 5: 0",
            "2024:3:3 10:5:0",
            "20240303 100500",
            "20240303T100500",
            "2024:03:03 10:05",
            "2024:03:03 10:05:00.123",
            "2024:03:03 10:05:00 AM",
            "2024:03:03 10:05:00\0\0",
        ] {
            check(text, Some((TEN, None)));
        }
        check("2024:03:03 10:05:00 pm", Some((TEN + 43_200, None)));
        check("2024:03:03 12:05:00 am", Some((DAY + 300, None)));
        check("2024:03:03 10:05:60", Some((TEN + 59, None)));
    }

    #[test]
    fn a_zone_may_stand_beside_it() {
        check("2024-03-03T10:05:00+01:00", Some((TEN, Some(60))));
        check("2024-03-03T10:05:00-0330", Some((TEN, Some(-210))));
        check("2024-03-03T10:05:00.250Z", Some((TEN, Some(0))));
        check("2024-03-03T10:05+05:45", Some((TEN, Some(345))));
    }

    #[test]
    fn what_cannot_be_is_no_time() {
        for text in [
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2023:02:29 10:00:00",
            "0001:01:01 00:00:00",
            "2024:03:03",
            "03/03/2024 10:05:00",
            "2024:03:03 10:75:00",
            "yesterday",
            "",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn reads_zones() {
        assert_eq!(zone_minutes(b"+05:45"), Some(345));
        assert_eq!(zone_minutes(b"-08:00"), Some(-480));
        assert_eq!(zone_minutes(b"-0800"), Some(-480));
        assert_eq!(zone_minutes(b"Z"), Some(0));
        assert_eq!(zone_minutes(b"   :  "), None);
        assert_eq!(zone_minutes(b"+99:00"), None);
    }
}
