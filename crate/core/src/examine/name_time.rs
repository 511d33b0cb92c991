//! The time in a file's name, as cameras and phones write it.

use chrono::NaiveDate;

use crate::model::Taken;

/// Reads `IMG_20240115_123456.jpg`, `PXL_…` (which is UTC), `2024-01-15
/// 12.34.56.jpg`, `VID_…`. WhatsApp's names (`IMG-20240115-WA0001.jpg`,
/// `WhatsApp Image 2024-01-15 at …`) give the day of saving only.
#[must_use]
pub fn time_in_name(name: &str) -> Option<Taken> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let bytes = stem.as_bytes();
    let starts = (0..bytes.len()).filter(|&at| at == 0 || !bytes[at - 1].is_ascii_digit());
    starts.filter_map(|at| read(&bytes[at..], stem)).next()
}

fn read(bytes: &[u8], stem: &str) -> Option<Taken> {
    let (year, rest) = digits(bytes, 4)?;
    let (month, rest) = digits(separated(rest), 2)?;
    let (day, rest) = digits(separated(rest), 2)?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    if !(1990..2100).contains(&year) {
        return None;
    }
    let whatsapp = stem.starts_with("WhatsApp") || rest.starts_with(b"-WA");
    let clock = clock(rest).filter(|_| !whatsapp);
    let Some((hour, minute, second)) = clock else {
        // Longer runs of digits are numbers, not days.
        let ends = !rest.first().is_some_and(u8::is_ascii_digit);
        let day = day.signed_duration_since(NaiveDate::default()).num_days();
        return i32::try_from(day).ok().filter(|_| ends).map(Taken::Day);
    };
    let seconds = day.and_hms_opt(hour, minute, second)?.and_utc().timestamp();
    Some(if stem.starts_with("PXL_") { Taken::Utc(seconds) } else { Taken::Wall(seconds) })
}

/// Hour, minute and second after at most one separator or `at`.
fn clock(rest: &[u8]) -> Option<(u32, u32, u32)> {
    let rest = rest.strip_prefix(b" at ").unwrap_or_else(|| separated(rest));
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(separated(rest), 2)?;
    let (second, _) = digits(separated(rest), 2)?;
    // Cameras that count the hour after midnight as the 24th do so here, too.
    (hour <= 24 && minute < 60 && second < 60).then_some((hour % 24, minute, second))
}

fn separated(bytes: &[u8]) -> &[u8] {
    match bytes.first() {
        Some(b'-' | b'_' | b'.' | b' ' | b':' | b'T') => &bytes[1..],
        _ => bytes,
    }
}

fn digits(bytes: &[u8], count: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(count)?;
    let text =
        std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?;
    Some((text.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: Option<Taken>) {
        assert_eq!(time_in_name(name), want, "{name}");
    }

    #[test]
    fn reads_clocks_in_names() {
        let wall = Some(Taken::Wall(1_705_322_096));
        check("IMG_20240115_123456.jpg", wall);
        check("VID_20240115_123456_001.mp4", wall);
        check("20240115_123456.heic", wall);
        check("2024-01-15 12.34.56.jpg", wall);
        check("Screenshot_20240115-123456_Chrome.png", wall);
        check("IMG_20240115_240005.jpg", Some(Taken::Wall(1_705_276_805)));
        check("PXL_20240115_123456789.jpg", Some(Taken::Utc(1_705_322_096)));
    }

    #[test]
    fn whatsapp_names_give_a_day() {
        let day = Some(Taken::Day(19_737));
        check("IMG-20240115-WA0001.jpg", day);
        check("WhatsApp Image 2024-01-15 at 12.34.56.jpeg", day);
        check("holiday 2024-01-15.jpg", day);
    }

    #[test]
    fn refuses_what_is_no_time() {
        check("IMG_0412.HEIC", None);
        check("IMG-20231399-WA0001.jpg", None);
        check("1705322096123.jpg", None);
        check("20240115123.jpg", None);
        check("photo.jpg", None);
    }
}
