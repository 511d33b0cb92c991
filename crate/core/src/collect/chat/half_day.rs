//! Clocks of twelve hours: which half of the day a word of a stamp means.
//!
//! The words of all languages come from the day periods of Unicode's CLDR 45 and of
//! earlier versions, which older phones wrote. A language without a row is read all
//! the same: two unknown words on hours up to 12 are the halves of the day, and the
//! order of the messages says which is which.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::wording::rows;

/// One half a line: its name, and the words for it, as [`folded`].
const WORDS: &str = include_str!("wording/half_days.tsv");

/// Which part of the day the words of a stamp mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// There are no words, or they mean no part of the day: a clock of 24 hours.
    Whole,
    /// Before noon.
    Morning,
    /// From noon to midnight.
    Afternoon,
    /// Before six in the morning or after six in the evening.
    Night,
    /// Around noon, and the hours after it.
    Noon,
    /// Words that the table lacks, by their fingerprint.
    Unknown(u64),
}

/// A stamp's time as written, with its words, and the day it is on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timed {
    /// Seconds since midnight; not yet moved if the half is unknown.
    pub(super) seconds: u32,
    /// What its words mean.
    pub(super) half: Half,
    /// Whether it is on the day of the one before.
    pub(super) same_day: bool,
}

/// What a word, or several joined, means; `None` if it is no part of the day.
#[must_use]
pub fn half(word: &str) -> Option<Half> {
    static TABLE: LazyLock<HashMap<&str, Half>> = LazyLock::new(|| {
        let named = |name: &str| match name {
            "am" => Half::Morning,
            "pm" => Half::Afternoon,
            "noon" => Half::Noon,
            _ => Half::Night,
        };
        let row = |columns: Vec<&'static str>| {
            let half = named(columns[0]);
            columns[1].split(' ').map(move |word| (word, half)).collect::<Vec<_>>()
        };
        rows(WORDS).flat_map(row).collect()
    });
    TABLE.get(word).copied()
}

/// A word as it is compared: small letters and their marks only. Languages put full
/// stops, quotes and joiners into them, and builds differ in those.
#[must_use]
pub fn folded(word: &str) -> String {
    let kept = |letter: &char| letter.is_alphabetic() || is_combining_mark(*letter);
    word.nfc().flat_map(char::to_lowercase).filter(kept).collect()
}

/// The fingerprint of unknown words (FNV-1a, 64 bits).
#[must_use]
pub fn fingerprint(words: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    words.bytes().fold(0xCBF2_9CE4_8422_2325, step)
}

/// Seconds since midnight, with the half of the day applied.
#[must_use]
pub fn with_half(seconds: u32, half: Half) -> u32 {
    let (hour, rest) = (seconds / 3600, seconds % 3600);
    let hour = match (half, hour) {
        (Half::Morning | Half::Night, 12) => 0,
        (Half::Afternoon, 0..12) | (Half::Noon, 1..7) | (Half::Night, 6..12) => hour + 12,
        _ => hour,
    };
    hour * 3600 + rest
}

/// What the unknown words of a run of stamps mean, by fingerprint: nothing, unless
/// there are exactly two kinds of words, one at each stamp, and all hours are those
/// of a clock of twelve. Then one of both is known, or the order of the messages of
/// one day tells them apart.
pub(super) fn settle(times: &[Timed]) -> Vec<(u64, Half)> {
    let mut kinds: Vec<Half> = Vec::new();
    for time in times {
        if !kinds.contains(&time.half) {
            kinds.push(time.half);
        }
        if kinds.len() > 2 || time.half == Half::Whole {
            return Vec::new();
        }
        if matches!(time.half, Half::Unknown(_)) && time.seconds >= 13 * 3600 {
            return Vec::new();
        }
    }
    match kinds[..] {
        [Half::Unknown(one), Half::Morning] | [Half::Morning, Half::Unknown(one)] => {
            vec![(one, Half::Afternoon)]
        }
        [Half::Unknown(one), Half::Afternoon] | [Half::Afternoon, Half::Unknown(one)] => {
            vec![(one, Half::Morning)]
        }
        [Half::Unknown(one), Half::Unknown(other)] => by_order(times, one, other),
        _ => Vec::new(),
    }
}

/// Of two words on one day the one that comes first is the morning's.
fn by_order(times: &[Timed], one: u64, other: u64) -> Vec<(u64, Half)> {
    let changes = |from: u64, to: u64| {
        let change = |pair: &&[Timed]| {
            pair[1].same_day
                && pair[0].half == Half::Unknown(from)
                && pair[1].half == Half::Unknown(to)
        };
        times.windows(2).filter(change).count()
    };
    match changes(one, other).cmp(&changes(other, one)) {
        std::cmp::Ordering::Greater => vec![(one, Half::Morning), (other, Half::Afternoon)],
        std::cmp::Ordering::Less => vec![(other, Half::Morning), (one, Half::Afternoon)],
        std::cmp::Ordering::Equal => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_as_it_stands_in_the_table() {
        for columns in rows(WORDS) {
            for word in columns[1].split(' ') {
                assert_eq!(folded(word), word, "{columns:?}");
                assert!(half(word).is_some(), "{word}");
            }
        }
    }

    #[test]
    fn a_word_of_the_afternoon_is_moved_but_noon_is_not() {
        let hour = |hour: u32, half| with_half(hour * 3600, half) / 3600;
        assert_eq!(hour(12, Half::Morning), 0);
        assert_eq!(hour(12, Half::Afternoon), 12);
        // Japanese clocks count from 0 to 11.
        assert_eq!(hour(0, Half::Afternoon), 12);
        assert_eq!(hour(13, Half::Afternoon), 13);
        assert_eq!((hour(11, Half::Noon), hour(2, Half::Noon)), (11, 14));
        assert_eq!((hour(2, Half::Night), hour(10, Half::Night)), (2, 22));
    }

    fn timed(hours: &[(u32, Half, bool)]) -> Vec<Timed> {
        let timed = |&(hour, half, same_day)| Timed { seconds: hour * 3600, half, same_day };
        hours.iter().map(timed).collect()
    }

    #[test]
    fn two_unknown_words_are_told_apart_by_their_order() {
        let (a, b) = (Half::Unknown(1), Half::Unknown(2));
        let day = [(9, b, false), (9, a, true), (10, a, true), (8, b, false), (7, a, true)];
        assert_eq!(settle(&timed(&day)), [(2, Half::Morning), (1, Half::Afternoon)]);
        // A word that only ever changes with the day may be a weekday's.
        assert_eq!(settle(&timed(&[(9, a, false), (9, b, false)])), []);
        // Hours above 12 are a clock of 24.
        assert_eq!(settle(&timed(&[(9, a, false), (9, b, true), (21, b, true)])), []);
        // Three words, or stamps without any, are something else.
        assert_eq!(settle(&timed(&[(9, a, false), (9, b, true), (9, Half::Whole, true)])), []);
        assert_eq!(settle(&timed(&[(9, a, false), (9, b, true), (9, Half::Unknown(3), true)])), []);
    }

    #[test]
    fn an_unknown_word_beside_a_known_one_is_the_other_half() {
        let times = timed(&[(9, Half::Unknown(1), false), (9, Half::Afternoon, true)]);
        assert_eq!(settle(&times), [(1, Half::Morning)]);
    }
}
