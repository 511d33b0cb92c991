//! The line grammar of a chat text: where a message begins, and its stamp.
//!
//! Recognised by shape, for any language: a date of three numbers and a time
//! of two or three, in brackets (iOS), before a dash (Android), or before a
//! colon (until 2017). Which number is the day is not decided here.

use super::calendar::{self, Era};
use super::half_day::{self, Half, folded};
use super::tokens::{TOKENS, Token, digit, tokens};
use crate::collect::marks::is_mark;
use crate::settings::DateOrder;

/// Most bytes of a stamp; a longer one is no header. Those seen have at most 60
/// ("in the afternoon", three-byte digits).
const STAMP_BYTES: usize = 120;

/// What closes the stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enclosure {
    /// `[…] ` on iOS.
    Bracket,
    /// `… - ` on Android.
    Dash,
    /// `…: ` until 2017.
    Colon,
}

/// What all headers of one export have in common; a line of another shape is
/// pasted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What closes the stamp.
    pub enclosure: Enclosure,
    /// Whether the time comes first (Vietnamese).
    pub time_first: bool,
    /// Between the numbers of the date.
    pub date_mark: char,
    /// Between the numbers of the time.
    pub time_mark: char,
    /// Whether there are seconds.
    pub seconds: bool,
}

/// The three numbers of a date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateParts {
    /// In the order of the line.
    pub numbers: [u32; 3],
    /// How many digits each has.
    pub digits: [u8; 3],
    /// How the year counts.
    pub era: Era,
    /// The order, if the line itself tells: a month's name, an era's letter.
    pub order: Option<DateOrder>,
}

/// A stamp as written; day and month not yet told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// `None`: a day without a year.
    pub date: Option<DateParts>,
    /// Seconds since midnight, half of the day applied if it is known.
    pub seconds: u32,
    /// Which half of the day its words mean.
    pub half: Half,
}

/// A line that begins a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// What it has in common with the others.
    pub shape: Shape,
    /// When.
    pub stamp: Stamp,
    /// The stamp as it stands there.
    pub written: &'a str,
    /// The line after the stamp: sender and body.
    pub rest: &'a str,
}

/// Reads a line's header; `None` if it continues the message before it.
#[must_use]
pub fn header(line: &str) -> Option<Header<'_>> {
    let line = line.trim_start_matches(is_mark);
    if let Some(inner) = line.strip_prefix('[') {
        let end = within(inner, STAMP_BYTES).find(']')?;
        let written = &inner[..end];
        let (stamp, shape) = stamp(written, Enclosure::Bracket)?;
        let rest = inner[end + 1..].trim_start_matches([' ', '\u{A0}', '\u{202F}']);
        return Some(Header { shape, stamp, written, rest });
    }
    if !could_begin(line) {
        return None;
    }
    let start = within(line, STAMP_BYTES);
    for (at, mark) in start.match_indices(['-', '\u{2013}', ':']) {
        let rest = &line[at + mark.len()..];
        let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
        let enclosure = if mark == ":" { Enclosure::Colon } else { Enclosure::Dash };
        let apart = enclosure == Enclosure::Colon || line[..at].ends_with(char::is_whitespace);
        if !spaced || !apart {
            continue;
        }
        if let Some((stamp, shape)) = stamp(&line[..at], enclosure) {
            let rest = rest.strip_prefix([' ', '\u{A0}', '\u{202F}']).unwrap_or(rest);
            return Some(Header { shape, stamp, written: line[..at].trim_end(), rest });
        }
    }
    None
}

/// Most letters before the first number of a stamp without brackets. Those seen have
/// at most 8.
const FIRST_WORDS: usize = 16;

/// Whether a stamp without brackets can begin so: with a digit, or with an era's name
/// or the half of the day before one.
fn could_begin(line: &str) -> bool {
    let line = within(line, STAMP_BYTES);
    let Some(end) = line.find(|letter| digit(letter).is_some()) else { return false };
    let words = &line[..end];
    words.is_empty()
        || words.chars().count() <= FIRST_WORDS
            && (half_day::half(&folded(words)).is_some() || calendar::names_era(words))
}

/// The text's first `bytes` bytes, cut before a character.
fn within(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// A place in the tokens of a stamp.
struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// The words passed.
    words: Vec<&'a str>,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn skip_space(&mut self) {
        while let [Token::Space, rest @ ..] = self.tokens {
            self.tokens = rest;
        }
    }

    fn number(&mut self) -> Option<(u32, u8)> {
        match self.next()? {
            Token::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    fn take_mark(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        match self.tokens {
            [Token::Mark(mark), rest @ ..] if wanted(*mark) => {
                self.tokens = rest;
                Some(*mark)
            }
            _ => None,
        }
    }

    /// Passes words, spaces and commas up to a number, or an era's letter that
    /// belongs to one.
    fn pass_words(&mut self) {
        loop {
            match self.tokens {
                [Token::Word(word), Token::Number { value, digits }, ..]
                    if calendar::era(word, *value, *digits).is_some() =>
                {
                    return;
                }
                [Token::Word(word), ..]
                    if calendar::hebrew_number(word).is_some() && self.hebrew_date().is_some() =>
                {
                    return;
                }
                [Token::Word(word), rest @ ..] => {
                    self.words.push(word);
                    self.tokens = rest;
                }
                [Token::Space, Token::Mark('-'), Token::Space, rest @ ..] => self.tokens = rest,
                [Token::Space | Token::Mark(',' | '،' | '.'), rest @ ..] => self.tokens = rest,
                _ => return,
            }
        }
    }

    fn is_time(&self) -> bool {
        match self.tokens {
            [Token::Number { .. }, Token::Mark(':'), ..] => true,
            [Token::Number { .. }, Token::Word(word), ..]
            | [Token::Number { .. }, Token::Space, Token::Word(word), ..] => is_hour_word(word),
            _ => false,
        }
    }

    /// `H:MM`, `H.MM`, `H h MM`, with or without seconds: seconds since midnight, the
    /// mark, whether it has seconds.
    fn time(&mut self) -> Option<(u32, char, bool)> {
        let (hour, digits) = self.number()?;
        let mark = self.hour_mark()?;
        let (minute, two) = self.number()?;
        let with_seconds = match self.tokens {
            [Token::Mark(next), Token::Number { digits: 2, .. }, ..] => {
                *next == mark || *next == ':'
            }
            _ => mark == 'h' && self.take_unit() && self.is_number(),
        };
        let mut second = 0;
        if with_seconds {
            self.take_mark(|next| next == mark || next == ':');
            second = self.number()?.0;
            if mark == 'h' {
                self.take_unit();
            }
        }
        // Some clocks count the hours from 1 to 24.
        let hour = if hour == 24 { 0 } else { hour };
        let real = hour < 24 && digits <= 2 && minute < 60 && two == 2 && second < 60;
        real.then_some((hour * 3600 + minute * 60 + second, mark, with_seconds))
    }

    /// What parts hours and minutes; `h` for a word that means hours.
    fn hour_mark(&mut self) -> Option<char> {
        if let Some(mark) = self.take_mark(|mark| mark == ':' || mark == '.') {
            return Some(mark);
        }
        self.skip_space();
        let Token::Word(word) = self.next()? else { return None };
        self.skip_space();
        is_hour_word(word).then_some('h')
    }

    /// Passes the word for minutes or seconds, and the spaces around it.
    fn take_unit(&mut self) -> bool {
        const UNITS: [&str; 18] = [
            "min", "m", "s", "sec", "sek", "мин", "хв", "с", "分", "秒", "分钟", "분", "초",
            "phút", "giây", "mn", "ד", "ש",
        ];
        let before = self.tokens;
        self.skip_space();
        if let Some(Token::Word(word)) = self.next()
            && UNITS.contains(&folded(word).as_str())
        {
            self.skip_space();
            return true;
        }
        self.tokens = before;
        false
    }

    fn is_number(&self) -> bool {
        matches!(self.tokens, [Token::Number { .. }, ..])
    }

    /// A date of numbers, or with a month's name: its parts and its mark.
    fn date(&mut self) -> Option<(Option<DateParts>, char)> {
        if let Some((named, rest)) = self.hebrew_date() {
            self.tokens = rest;
            return Some((Some(named), 'M'));
        }
        let named = match self.tokens {
            [Token::Number { .. }, Token::Space, Token::Word(word), ..]
            | [Token::Number { .. }, Token::Mark('.'), Token::Space, Token::Word(word), ..]
            | [Token::Number { .. }, Token::Mark('-'), Token::Word(word), ..] => month(word),
            _ => None,
        };
        if let Some(month) = named {
            return self.named_date(month);
        }
        let (mut numbers, mut digits, mut years) = ([0; 3], [0; 3], None);
        let mut mark = None;
        for index in 0..3 {
            if let [Token::Word(word), Token::Number { value, digits }, ..] = self.tokens {
                years = Some((calendar::era(word, *value, *digits)?, index));
                self.next();
            }
            (numbers[index], digits[index]) = self.number()?;
            if index < 2 {
                self.skip_space();
                let same =
                    |next| matches!(next, '.' | '/' | '-' | '年') && mark.unwrap_or(next) == next;
                mark = Some(self.take_mark(same)?);
                self.skip_space();
            }
        }
        self.take_mark(|mark| mark == '.' || mark == '年');
        let order = match years {
            Some((_, 0)) => Some(DateOrder::YearMonthDay),
            Some((_, 1)) => return None,
            _ => None,
        };
        let era = years.map_or(Era::Common, |(era, _)| era);
        Some((Some(DateParts { numbers, digits, era, order }), mark?))
    }

    /// `9 Oct 2013`, `9. Oct 13`, or `9 Aug` without a year.
    fn named_date(&mut self, month: u32) -> Option<(Option<DateParts>, char)> {
        let day = self.number()?;
        while !matches!(self.next()?, Token::Word(_)) {}
        let rest = self.tokens;
        while let [Token::Space | Token::Mark('.' | '-'), ..] = self.tokens {
            self.next();
        }
        let year = match self.tokens {
            [Token::Number { value, digits: digits @ (2 | 4) }, ..] if !self.is_time() => {
                self.next();
                Some((*value, *digits))
            }
            _ => {
                self.tokens = rest;
                None
            }
        };
        let parts = year.map(|year| DateParts {
            numbers: [day.0, month, year.0],
            digits: [day.1, 0, year.1],
            era: Era::Common,
            order: Some(DateOrder::DayMonthYear),
        });
        Some((parts, 'M'))
    }

    /// `4 Heshvan 5785`, `24 באדר ב׳ 5784`, `ד׳ בחשוון תשפ״ה`.
    fn hebrew_date(&self) -> Option<(DateParts, &'t [Token<'a>])> {
        let mut parts = self.tokens.split(|token| *token == Token::Space);
        let number = |part: &[Token<'_>]| match part {
            [Token::Number { value, .. }] => Some(*value),
            [Token::Word(word)] => calendar::hebrew_number(word),
            _ => None,
        };
        let day = number(parts.next()?)?;
        let mut name = String::new();
        let mut used = 2;
        // The month has one word or two.
        for _ in 0..2 {
            let [Token::Word(word)] = parts.next()? else { return None };
            name.push_str(word);
            used += 2;
            let year = parts
                .clone()
                .next()
                .and_then(|part| number(part.strip_suffix(&[Token::Mark(',')]).unwrap_or(part)));
            let whole = |year: u32| if year < 1000 { year + 5000 } else { year };
            let year = year.map(whole).filter(|year| calendar::guess(*year, 4) == Era::Hebrew);
            if let Some((year, month)) =
                year.and_then(|year| Some((year, calendar::hebrew_month(&name, year)?)))
            {
                let order = Some(DateOrder::DayMonthYear);
                let numbers = [day, month, year];
                let parts = DateParts { numbers, digits: [2, 2, 4], era: Era::Hebrew, order };
                return Some((parts, &self.tokens[used + 1..]));
            }
        }
        None
    }
}

fn is_hour_word(word: &str) -> bool {
    const HOURS: [&str; 14] =
        ["h", "ч", "год", "u", "uur", "std", "ur", "godz", "giờ", "時", "时", "點", "点", "시"];
    HOURS.contains(&folded(word).as_str())
}

fn stamp(text: &str, enclosure: Enclosure) -> Option<(Stamp, Shape)> {
    let mut buffer = [Token::Space; TOKENS];
    let count = tokens(text, &mut buffer)?;
    let mut reader = Reader { tokens: &buffer[..count], words: Vec::new() };
    reader.pass_words();
    let time_first = reader.is_time();
    let mut clock = None;
    if time_first {
        clock = Some(reader.time()?);
        reader.pass_words();
    }
    let (mut date, date_mark) = reader.date()?;
    let before = std::mem::take(&mut reader.words);
    reader.pass_words();
    if !time_first {
        clock = Some(reader.time()?);
    }
    let between = std::mem::take(&mut reader.words);
    reader.pass_words();
    if !reader.tokens.is_empty() {
        return None;
    }
    let (seconds, time_mark, has_seconds) = clock?;
    let mut groups = [before, between, reader.words];
    if let Some(parts) = date.as_mut() {
        take_era(parts, &mut groups);
    }
    let half = judge(&groups, enclosure)?;
    let shape = Shape { enclosure, time_first, date_mark, time_mark, seconds: has_seconds };
    Some((Stamp { date, seconds: half_day::with_half(seconds, half), half }, shape))
}

/// Takes the name of an era, which stands before the date or behind it, out of the
/// words, if the date has a year of it.
fn take_era(date: &mut DateParts, groups: &mut [Vec<&str>; 3]) {
    for (place, group) in groups.iter_mut().enumerate() {
        // The longest name first, wherever among the words it stands.
        let lengths = (1..=group.len().min(3)).rev();
        let places =
            lengths.flat_map(|length| (0..=group.len() - length).map(move |at| (at, length)));
        for (start, length) in places.collect::<Vec<_>>() {
            let name: String = group[start..start + length].concat();
            let named = |at: &usize| calendar::era(&name, date.numbers[*at], date.digits[*at]);
            // A year of more than two digits is the only one that can be it.
            let places: &[usize] = match date.digits {
                [3..=4, _, _] => &[0],
                [_, _, 3..=4] => &[2],
                _ if place == 0 => &[0, 2],
                _ => &[2, 0],
            };
            let Some(at) = places.iter().find(|at| named(at).is_some()) else { continue };
            date.era = named(at).unwrap_or(date.era);
            if place == 0 && *at == 0 {
                date.order = date.order.or(Some(DateOrder::YearMonthDay));
            }
            group.drain(start..start + length);
            return;
        }
    }
}

/// Which half of the day the words of a stamp mean; `None` if there are too many for
/// a stamp.
fn judge(groups: &[Vec<&str>; 3], enclosure: Enclosure) -> Option<Half> {
    if groups.iter().all(Vec::is_empty) {
        return Some(Half::Whole);
    }
    let folded = groups.each_ref().map(|group| group.iter().map(|word| folded(word)).collect());
    let joined = |words: &[String]| half_day::half(&words.concat());
    let whole = folded.iter().find_map(|words: &Vec<String>| joined(words));
    // A word for "at" may stand before them, or a day of the week.
    let part = |words: &Vec<String>| {
        let (first, last) = (joined(words.get(1..)?), joined(words.split_last()?.1));
        first.or(last).or_else(|| words.iter().find_map(|word| half_day::half(word)))
    };
    if let Some(half) = whole.or_else(|| folded.iter().find_map(part)) {
        return Some(half);
    }
    // Letters that are no half of a day. Without brackets few are allowed: "5/6/20 at
    // 10:30 we meet - ok" must not be a header. Both numbers are chosen.
    let most = if enclosure == Enclosure::Bracket { 24 } else { 10 };
    let words: String = folded.concat().concat();
    let letters = words.chars().filter(|letter| letter.is_alphabetic()).count();
    (letters <= most).then(|| Half::Unknown(half_day::fingerprint(&words)))
}

/// English month names; the only ones seen in headers.
fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().zip(1..).find(|(month, _)| **month == start).map(|(_, number)| number)
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
