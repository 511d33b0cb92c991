//! What a media file's name tells: the day it was sent, what it is.

use chrono::NaiveDate;

use crate::model::{MediaKind, Taken};

/// What a name in one of WhatsApp's patterns tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameTells {
    /// What it is; `None` if the pattern does not say.
    pub kind: Option<MediaKind>,
    /// When it was sent: [`Taken::Wall`] on iOS (the message's second, or the
    /// one before), [`Taken::Day`] on Android (the day it was saved).
    pub sent: Option<Taken>,
}

/// Reads a file name (without folders); `None` if it follows none of the
/// patterns of an export.
#[must_use]
pub fn read(name: &str) -> Option<NameTells> {
    let (stem, extension) = name.rsplit_once('.')?;
    if extension.is_empty() || extension.len() > 5 || !extension.is_ascii() {
        return None;
    }
    ios(stem, extension).or_else(|| android(stem)).or_else(|| old_ios(stem))
}

/// Whether WhatsApp gave the file its name: a picture or video that it saved.
#[must_use]
pub fn is_saved_by_chat(name: &str) -> bool {
    let tells = read(name).filter(|tells| tells.sent.is_some());
    tells.is_some_and(|tells| matches!(tells.kind, Some(MediaKind::Image | MediaKind::Video)))
}

/// The day a name tells, in days since 1970-01-01.
#[must_use]
pub fn day(name: &str) -> Option<i32> {
    match read(name)?.sent? {
        Taken::Wall(seconds) => i32::try_from(seconds.div_euclid(86_400)).ok(),
        Taken::Day(day) => Some(day),
        Taken::Utc(_) => None,
    }
}

/// `00000012-PHOTO-2024-12-22-20-36-00`, or `00000046-` and a document's name.
fn ios(stem: &str, extension: &str) -> Option<NameTells> {
    let rest = stem.get(8..)?.strip_prefix('-')?;
    numbers::<1>(&stem[..8], "########")?;
    if let Some((word, stamp)) = rest.split_once('-')
        && let Some([year, month, day, hour, minute, second]) =
            numbers(stamp, "####-##-##-##-##-##")
        && let Some(date) = days(year, month, day)
        && (hour < 24 && minute < 60 && second < 60)
    {
        let clock = i64::from(hour * 3600 + minute * 60 + second);
        let sent = Some(Taken::Wall(i64::from(date) * 86_400 + clock));
        return Some(NameTells { kind: ios_kind(word, extension), sent });
    }
    let kind = if extension.eq_ignore_ascii_case("vcf") {
        MediaKind::Contact
    } else {
        MediaKind::Document
    };
    (!rest.is_empty()).then_some(NameTells { kind: Some(kind), sent: None })
}

fn ios_kind(word: &str, extension: &str) -> Option<MediaKind> {
    Some(match word {
        "PHOTO" => MediaKind::Image,
        "VIDEO" => MediaKind::Video,
        "GIF" => MediaKind::Gif,
        "STICKER" => MediaKind::Sticker,
        "AUDIO" if extension.eq_ignore_ascii_case("opus") => MediaKind::Voice,
        "AUDIO" => MediaKind::Audio,
        "PTT" => MediaKind::Voice,
        _ => return None,
    })
}

/// `IMG-20241222-WA0001`.
fn android(stem: &str) -> Option<NameTells> {
    let (word, rest) = stem.split_once('-')?;
    let (date, number) = rest.split_once("-WA")?;
    let kind = match word {
        "IMG" => MediaKind::Image,
        "VID" => MediaKind::Video,
        "GIF" => MediaKind::Gif,
        "STK" => MediaKind::Sticker,
        "PTT" => MediaKind::Voice,
        "AUD" => MediaKind::Audio,
        "DOC" => MediaKind::Document,
        _ => return None,
    };
    // A second copy may carry " (1)" or "_1" after its number.
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits < 4 {
        return None;
    }
    let [date] = numbers(date, "########")?;
    let day = days(date / 10_000, date / 100 % 100, date % 100)?;
    Some(NameTells { kind: Some(kind), sent: Some(Taken::Day(day)) })
}

/// `2015-08-04-PHOTO-00004762`, until 2017.
fn old_ios(stem: &str) -> Option<NameTells> {
    let [year, month, day] = numbers(stem.get(..10)?, "####-##-##")?;
    let (word, number) = stem.get(10..)?.strip_prefix('-')?.split_once('-')?;
    numbers::<1>(number, "########")?;
    Some(NameTells { kind: ios_kind(word, ""), sent: Some(Taken::Day(days(year, month, day)?)) })
}

/// Days since 1970-01-01; `None` for a day that does not exist.
fn days(year: u32, month: u32, day: u32) -> Option<i32> {
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.to_epoch_days())
}

/// Matches text against a pattern where `#` is a digit; runs of digits become
/// numbers.
fn numbers<const N: usize>(text: &str, pattern: &str) -> Option<[u32; N]> {
    if text.len() != pattern.len() {
        return None;
    }
    let mut out = [0; N];
    let mut index = 0;
    let mut inside = false;
    for (byte, wanted) in text.bytes().zip(pattern.bytes()) {
        if wanted == b'#' {
            let slot = out.get_mut(index)?;
            *slot = *slot * 10 + char::from(byte).to_digit(10)?;
            inside = true;
        } else if byte == wanted {
            index += usize::from(inside);
            inside = false;
        } else {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, kind: MediaKind, sent: Option<Taken>) {
        assert_eq!(read(name), Some(NameTells { kind: Some(kind), sent }), "{name}");
    }

    #[track_caller]
    fn refuse(name: &str) {
        assert_eq!(read(name), None, "{name}");
    }

    #[test]
    fn reads_ios_names() {
        // 2024-12-22 is 20,079 days after 1970-01-01.
        let wall = Some(Taken::Wall(20_079 * 86_400 + 20 * 3600 + 36 * 60));
        check("00000012-PHOTO-2024-12-22-20-36-00.jpg", MediaKind::Image, wall);
        check("00000012-STICKER-2024-12-22-20-36-00.webp", MediaKind::Sticker, wall);
        check("00000012-AUDIO-2024-12-22-20-36-00.opus", MediaKind::Voice, wall);
        check("00000012-AUDIO-2024-12-22-20-36-00.m4a", MediaKind::Audio, wall);
        check("00000012-GIF-2024-12-22-20-36-00.mp4", MediaKind::Gif, wall);
        check("00000046-Holiday plan v1.2.pdf", MediaKind::Document, None);
        check("00000042-TR.vcf", MediaKind::Contact, None);
        check("2015-08-04-PHOTO-00004762.jpg", MediaKind::Image, Some(Taken::Day(16_651)));
    }

    #[test]
    fn reads_android_names() {
        let day = Some(Taken::Day(20_079));
        check("IMG-20241222-WA0001.jpg", MediaKind::Image, day);
        check("VID-20241222-WA0001.mp4", MediaKind::Video, day);
        check("PTT-20241222-WA12345.opus", MediaKind::Voice, day);
        check("STK-20241222-WA0001.webp", MediaKind::Sticker, day);
        check("AUD-20241222-WA0001.m4a", MediaKind::Audio, day);
        check("DOC-20241222-WA0001.pdf", MediaKind::Document, day);
        check("IMG-20241222-WA0001 (1).jpg", MediaKind::Image, day);
    }

    #[test]
    fn refuses_a_day_that_does_not_exist() {
        refuse("IMG-20231399-WA0001.jpg");
        assert_eq!(day("00000012-PHOTO-2024-13-22-20-36-00.jpg"), None);
    }

    #[test]
    fn refuses_other_names() {
        for name in
            ["IMG_0412.HEIC", "IMG-20241222.jpg", "holiday.jpg", "", ".", "a", "日本語日本.jpg"]
        {
            refuse(name);
        }
    }
}
