//! The line grammar of a chat text: where a message begins, and its stamp.
//!
//! Recognised by shape, for any language: a date of three numbers and a time
//! of two or three, in brackets (iOS), before a dash (Android), or before a
//! colon (until 2017). Which number is the day is not decided here.

use crate::settings::DateOrder;

/// Longest stamp, in bytes: those seen have at most 60 ("in the afternoon",
/// three-byte digits).
const STAMP_BYTES: usize = 120;
/// Most tokens in a stamp; those seen have at most 22.
const TOKENS: usize = 40;

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

/// How the year counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// As everywhere; two digits mean 2000 and later.
    Common,
    /// Buddhist years, 543 ahead.
    Buddhist,
    /// Japanese years that begin with this one's successor.
    After(u32),
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
    /// Seconds since midnight, half of the day applied.
    pub seconds: u32,
}

/// A line that begins a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// What it has in common with the others.
    pub shape: Shape,
    /// When.
    pub stamp: Stamp,
    /// The line after the stamp: sender and body.
    pub rest: &'a str,
}

/// Whether a character is invisible and only steers the direction of text, or
/// marks the beginning of a file.
#[must_use]
pub fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Reads a line's header; `None` if it continues the message before it.
#[must_use]
pub fn header(line: &str) -> Option<Header<'_>> {
    let line = line.trim_start_matches(is_mark);
    if let Some(inner) = line.strip_prefix('[') {
        let end = within(inner, STAMP_BYTES).find(']')?;
        let (stamp, shape) = stamp(&inner[..end], Enclosure::Bracket)?;
        let rest = inner[end + 1..].trim_start_matches([' ', '\u{A0}', '\u{202F}']);
        return Some(Header { shape, stamp, rest });
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
            return Some(Header { shape, stamp, rest });
        }
    }
    None
}

/// Whether a stamp without brackets can begin so: with a digit, the letter of
/// a Japanese era, or the half of the day, which stands before the time in
/// Chinese and Korean.
fn could_begin(line: &str) -> bool {
    let mut letters = line.chars();
    match letters.next() {
        Some('上' | '下' | '오' | '令' | '平') => true,
        Some('R' | 'H') => letters.next().and_then(digit).is_some(),
        first => first.and_then(digit).is_some(),
    }
}

/// The text's first `bytes` bytes, cut before a character.
fn within(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Number { value: u32, digits: u8 },
    Mark(char),
    Word(&'a str),
    Space,
}

/// Digits of the scripts that WhatsApp's languages use.
fn digit(letter: char) -> Option<u32> {
    const ZEROS: [char; 12] = [
        '0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{BE6}',
        '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}',
    ];
    let code = u32::from(letter);
    ZEROS.iter().map(|zero| code.wrapping_sub(u32::from(*zero))).find(|value| *value < 10)
}

/// Splits a stamp; `None` if it has anything that no stamp has.
fn tokens<'a>(text: &'a str, out: &mut [Token<'a>; TOKENS]) -> Option<usize> {
    let mut count = 0;
    let mut letters = text.char_indices().filter(|(_, letter)| !is_mark(*letter)).peekable();
    while let Some((at, letter)) = letters.next() {
        let token = if let Some(first) = digit(letter) {
            let (mut value, mut digits) = (first, 1);
            while let Some(next) = letters.peek().and_then(|(_, letter)| digit(*letter)) {
                (value, digits) = (value * 10 + next, digits + 1);
                if digits > 4 {
                    return None;
                }
                letters.next();
            }
            Token::Number { value, digits }
        } else if letter.is_whitespace() {
            while letters.next_if(|(_, letter)| letter.is_whitespace()).is_some() {}
            Token::Space
        } else if matches!(letter, '.' | '/' | '-' | ':' | ',' | '،' | '\u{2011}') {
            Token::Mark(if letter == '\u{2011}' { '-' } else { letter })
        } else if matches!(letter, '年' | '月' | '日' | '년' | '월' | '일') {
            Token::Mark('年')
        } else if letter.is_alphabetic() {
            let mut end = at + letter.len_utf8();
            while let Some((at, letter)) = letters.next_if(|(_, letter)| in_word(*letter)) {
                end = at + letter.len_utf8();
            }
            Token::Word(&text[at..end])
        } else {
            return None;
        };
        *out.get_mut(count)? = token;
        count += 1;
    }
    Some(count)
}

fn in_word(letter: char) -> bool {
    let joined = letter.is_alphabetic() || unicode_normalization::char::is_combining_mark(letter);
    joined && !matches!(letter, '年' | '月' | '日' | '년' | '월' | '일')
}

/// A place in the tokens of a stamp.
struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// Lower-case letters of the words passed, and each of them.
    words: Vec<&'a str>,
}

impl<'a> Reader<'_, 'a> {
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
                [Token::Word(word), Token::Number { .. }, ..] if era(word).is_some() => return,
                [Token::Word(word), rest @ ..] => {
                    self.words.push(word);
                    self.tokens = rest;
                }
                [Token::Space | Token::Mark(',' | '،' | '.'), rest @ ..] => self.tokens = rest,
                _ => return,
            }
        }
    }

    fn is_time(&self) -> bool {
        matches!(self.tokens, [Token::Number { .. }, Token::Mark(':'), ..])
    }

    /// `H:MM`, `H.MM`, with or without seconds: seconds since midnight, the
    /// mark, whether it has seconds.
    fn time(&mut self) -> Option<(u32, char, bool)> {
        let (hour, digits) = self.number()?;
        let mark = self.take_mark(|mark| mark == ':' || mark == '.')?;
        let (minute, two) = self.number()?;
        let with_seconds = matches!(
            self.tokens,
            [Token::Mark(next), Token::Number { digits: 2, .. }, ..] if *next == mark
        );
        let mut second = 0;
        if with_seconds {
            self.next();
            second = self.number()?.0;
        }
        let real = hour < 24 && digits <= 2 && minute < 60 && two == 2 && second < 60;
        real.then_some((hour * 3600 + minute * 60 + second, mark, with_seconds))
    }

    /// A date of numbers, or with a month's name: its parts and its mark.
    fn date(&mut self) -> Option<(Option<DateParts>, char)> {
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
            if let [Token::Word(word), Token::Number { .. }, ..] = self.tokens {
                years = Some((era(word)?, index));
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
        let era = years.map_or(Era::Common, |(start, _)| Era::After(start));
        Some((Some(DateParts { numbers, digits, era, order }), mark?))
    }

    /// `9 Oct 2013`, `9. Oct 13`, or `9 Aug`, whose year nobody knows.
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
    let before = reader.words.len();
    reader.pass_words();
    if !time_first {
        clock = Some(reader.time()?);
    }
    let between = reader.words.len();
    reader.pass_words();
    if !reader.tokens.is_empty() {
        return None;
    }
    let (seconds, time_mark, has_seconds) = clock?;
    let (half, buddhist) = judge(&reader.words, before, between, enclosure)?;
    if let Some(parts) = date.as_mut().filter(|_| buddhist) {
        parts.era = Era::Buddhist;
    }
    let shape = Shape { enclosure, time_first, date_mark, time_mark, seconds: has_seconds };
    Some((Stamp { date, seconds: with_half(seconds, half) }, shape))
}

/// What the words of a stamp say; `None` if they are too many for a stamp.
fn judge(
    words: &[&str],
    before: usize,
    between: usize,
    enclosure: Enclosure,
) -> Option<(Half, bool)> {
    if words.is_empty() {
        return Some((Half::Whole, false));
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let joined = |range: &[String]| half(&range.concat());
    let found = joined(&lower[..before])
        .or_else(|| joined(&lower[before..between]))
        .or_else(|| joined(&lower[between..]))
        .or_else(|| lower.iter().find_map(|word| half(word)));
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    // Without brackets, "5/6/20 at 10:30 we meet - ok" must not be a header.
    let most = if enclosure == Enclosure::Bracket { 24 } else { 8 };
    if found.is_none() && letters > most {
        return None;
    }
    let buddhist = lower.iter().any(|word| word == "be") || lower.concat().contains("พศ");
    Some((found.unwrap_or(Half::Whole), buddhist))
}

/// Which part of the day a clock of twelve hours means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Whole,
    Morning,
    Afternoon,
    /// Before six in the morning or after six in the evening.
    Night,
    /// From eleven to one.
    Noon,
}

fn half(word: &str) -> Option<Half> {
    Some(match word {
        "am"
        | "上午"
        | "오전"
        | "午前"
        | "ص"
        | "صباحا"
        | "قظ"
        | "凌晨"
        | "清晨"
        | "早上"
        | "πμ"
        | "öö"
        | "de"
        | "पूर्वाह्न"
        | "dop"
        | "fm"
        | "пп"
        | "sa"
        | "inthemorning"
        | "vm" => Half::Morning,
        "pm"
        | "下午"
        | "오후"
        | "午後"
        | "م"
        | "مساء"
        | "بظ"
        | "晚上"
        | "傍晚"
        | "μμ"
        | "ös"
        | "du"
        | "अपराह्न"
        | "odp"
        | "em"
        | "ch"
        | "intheafternoon"
        | "intheevening"
        | "nm" => Half::Afternoon,
        "中午" | "正午" | "noon" => Half::Noon,
        "atnight" | "夜" => Half::Night,
        _ => return None,
    })
}

fn with_half(seconds: u32, half: Half) -> u32 {
    let (hour, rest) = (seconds / 3600, seconds % 3600);
    let hour = match (half, hour) {
        (Half::Morning | Half::Night, 12) => 0,
        (Half::Afternoon, 1..12) | (Half::Noon, 1..6) | (Half::Night, 6..12) => hour + 12,
        _ => hour,
    };
    hour * 3600 + rest
}

/// The year before a Japanese era's first.
fn era(word: &str) -> Option<u32> {
    match word {
        "R" | "令和" => Some(2018),
        "H" | "平成" => Some(1988),
        _ => None,
    }
}

/// English month names; the only ones seen in headers.
fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().zip(1..).find(|(month, _)| **month == start).map(|(_, number)| number)
}

#[cfg(test)]
#[path = "chat_header_tests.rs"]
mod tests;
