//! What IPTC's older form says (Information Interchange Model 4.2): keywords, title,
//! caption, date of creation.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::noted::{Dated, Noted, line, lines, words};
use crate::examine::written_time::{written_time, zone_minutes};
use crate::model::{Metadata, Taken, TimeSource};

/// Byte that begins a data set.
const MARK: u8 = 0x1C;
/// Most data sets of a block; those behind are left. Chosen, not measured.
const MOST_SETS: usize = 4096;
/// Number of the resource of Photoshop that holds IPTC (Adobe, Photoshop File Formats).
const RESOURCE: u16 = 0x0404;

/// The IPTC block among Photoshop's resources (`8BIM`), as a JPEG's APP13 holds them
/// behind its name.
#[must_use]
pub fn in_resources(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let rest = bytes.strip_prefix(b"8BIM")?;
        let number = u16::from_be_bytes(*rest.first_chunk()?);
        // A name of one byte's length, and all of it of an even number of bytes.
        let named = 2 + (1 + usize::from(*rest.get(2)?)).next_multiple_of(2);
        let length = u32::from_be_bytes(*rest.get(named..)?.first_chunk()?) as usize;
        let data = rest.get(named + 4..)?;
        if number == RESOURCE {
            return Some(&data[..length.min(data.len())]);
        }
        bytes = data.get(length.checked_add(length % 2)?..)?;
    }
}

/// Reads a block; what is damaged ends it.
#[must_use]
pub fn read(block: &[u8]) -> Noted {
    let sets: Vec<Set<'_>> = Sets(block).take(MOST_SETS).collect();
    let first = |record, number| {
        sets.iter().find(|set| (set.record, set.number) == (record, number)).map(|set| set.value)
    };
    let encoding = encoding(first(1, 90), &sets);
    let text = |value: &[u8]| encoding.decode_without_bom_handling(value).0.into_owned();
    let keywords = sets.iter().filter(|set| (set.record, set.number) == (2, 25));
    let metadata = Metadata {
        tags: words(keywords.map(|set| text(set.value))),
        title: first(2, 5).map(text).as_deref().and_then(line),
        caption: first(2, 120).map(text).as_deref().and_then(lines),
        ..Metadata::default()
    };
    let date = first(2, 55).and_then(|day| date(day, first(2, 60)));
    Noted { dates: date.into_iter().collect(), metadata, ..Noted::default() }
}

/// One value, and what it is.
struct Set<'a> {
    record: u8,
    number: u8,
    value: &'a [u8],
}

/// The data sets of a block, up to one that is damaged.
struct Sets<'a>(&'a [u8]);

impl<'a> Iterator for Sets<'a> {
    type Item = Set<'a>;

    fn next(&mut self) -> Option<Set<'a>> {
        let &[MARK, record, number, high, low, ref rest @ ..] = self.0 else { return None };
        let short = u16::from_be_bytes([high, low]);
        // The first bit says that this is the length of the length.
        let wide = if short < 0x8000 { 0 } else { usize::from(short & 0x7FFF) };
        let (digits, rest) = rest.split_at_checked(wide).filter(|_| wide <= 4)?;
        let length = match wide {
            0 => usize::from(short),
            _ => digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Set { record, number, value })
    }
}

/// How the texts are written. Envelope 1:90 names it with an escape sequence of ISO 2022;
/// where it is absent, what can be UTF-8 is, and the rest is what Windows wrote.
fn encoding(named: Option<&[u8]>, sets: &[Set<'_>]) -> &'static Encoding {
    const NAMED: [(&[u8], &[u8]); 9] = [
        (b"\x1B%G", b"utf-8"),
        (b"\x1B%/I", b"utf-8"),
        (b"\x1B.A", b"iso-8859-1"),
        (b"\x1B-A", b"iso-8859-1"),
        (b"\x1B-B", b"iso-8859-2"),
        (b"\x1B-L", b"iso-8859-5"),
        (b"\x1B-F", b"iso-8859-7"),
        (b"\x1B-M", b"iso-8859-9"),
        (b"\x1B-b", b"iso-8859-15"),
    ];
    let known = NAMED.iter().find(|(escape, _)| named == Some(escape));
    let valid = || sets.iter().all(|set| set.record != 2 || std::str::from_utf8(set.value).is_ok());
    match known {
        Some((_, label)) => Encoding::for_label(label).unwrap_or(WINDOWS_1252),
        None if valid() => UTF_8,
        None => WINDOWS_1252,
    }
}

/// `20240303`, and `100500+0100` if that is there, too.
fn date(day: &[u8], time: Option<&[u8]>) -> Option<Dated> {
    let midnight = [day.get(..8)?, b" 000000"].concat();
    let (midnight, _) = written_time(&midnight)?;
    let clock = time.filter(|time| time.len() >= 6 && time[..6].iter().all(u8::is_ascii_digit));
    if let Some(clock) = clock {
        let (wall, _) = written_time(&[&day[..8], b" ", &clock[..6]].concat())?;
        return Some(Dated::new(TimeSource::Iptc, wall, zone_minutes(&clock[6..])));
    }
    let taken = Taken::Day(i32::try_from(midnight.div_euclid(86_400)).ok()?);
    Some(Dated { source: TimeSource::Iptc, taken, zone_minutes: None, sub_millis: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        let length = (value.len() as u16).to_be_bytes();
        [&[MARK, record, number][..], &length, value].concat()
    }

    #[test]
    fn reads_keywords_caption_and_date() {
        let block = [
            set(2, 25, b"lake"),
            set(2, 25, b"boat"),
            set(2, 5, b"Ossiach"),
            set(2, 120, b"On the\nlake"),
            set(2, 55, b"20240303"),
            set(2, 60, b"100500+0100"),
        ];
        let found = read(&block.concat());
        assert_eq!(found.metadata.tags, ["boat", "lake"]);
        assert_eq!(found.metadata.title.as_deref(), Some("Ossiach"));
        assert_eq!(found.metadata.caption.as_deref(), Some("On the\nlake"));
        assert_eq!(found.dates, [Dated::new(TimeSource::Iptc, 1_709_460_300, Some(60))]);
    }

    #[test]
    fn a_date_without_a_time_is_a_day() {
        let day = |value: &[u8]| read(&set(2, 55, value)).dates.first().map(|found| found.taken);
        assert_eq!(day(b"20240303"), Some(Taken::Day(19_785)));
        assert_eq!(day(b"00000000"), None);
        assert_eq!(day(b"2024"), None);
    }

    #[test]
    fn letters_are_read_as_they_were_written() {
        let title = |escape: &[u8], value: &[u8]| {
            let named = if escape.is_empty() { Vec::new() } else { set(1, 90, escape) };
            read(&[named, set(2, 5, value)].concat()).metadata.title.unwrap()
        };
        assert_eq!(title(b"\x1B%G", "Wörthersee".as_bytes()), "Wörthersee");
        assert_eq!(title(b"\x1B.A", b"W\xF6rthersee"), "Wörthersee");
        assert_eq!(title(b"\x1B-B", b"\xB9"), "š");
        assert_eq!(title(b"", b"W\xF6rthersee"), "Wörthersee");
        assert_eq!(title(b"", "Wörthersee".as_bytes()), "Wörthersee");
    }

    #[test]
    fn wrong_lengths_end_the_block() {
        let good = set(2, 25, b"lake");
        let tags = |more: &[u8]| read(&[&good, more].concat()).metadata.tags;
        assert_eq!(tags(&[MARK, 2, 25, 0x7F, 0xFF, b'x']), ["lake"]);
        assert_eq!(tags(&[MARK, 2, 25, 0x80, 4, 0xFF, 0xFF, 0xFF, 0xFF]), ["lake"]);
        assert_eq!(tags(&[MARK, 2, 25, 0xFF, 0xFF]), ["lake"]);
        assert_eq!(tags(&[MARK, 2, 25, 0x80, 1, 1, b'x']), ["lake", "x"]);
        for end in 0..good.len() {
            assert_eq!(read(&good[..end]).metadata.tags, [""; 0]);
        }
    }

    #[test]
    fn finds_the_block_among_resources() {
        let resource = |number: u16, name: &[u8], data: &[u8]| {
            let mut bytes = b"8BIM".to_vec();
            bytes.extend(number.to_be_bytes());
            bytes.push(name.len() as u8);
            bytes.extend(name);
            bytes.extend(name.len().is_multiple_of(2).then_some(0));
            bytes.extend((data.len() as u32).to_be_bytes());
            bytes.extend(data);
            bytes.extend((data.len() % 2 == 1).then_some(0));
            bytes
        };
        let both = [resource(0x03ED, b"odd", b"12345"), resource(0x0404, b"", b"abc")].concat();
        assert_eq!(in_resources(&both), Some(&b"abc"[..]));
        for end in 0..both.len() - 4 {
            assert_eq!(in_resources(&both[..end]), None, "cut at {end}");
        }
        let mut endless = both;
        endless[12..16].copy_from_slice(&[0xFF; 4]);
        assert_eq!(in_resources(&endless), None);
    }
}
