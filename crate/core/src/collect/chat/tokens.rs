//! The parts of a stamp: numbers, marks, words.

use unicode_normalization::char::is_combining_mark;

use crate::collect::marks::is_mark;

/// Most tokens of a stamp; one with more is no header. Those seen have at most 22.
pub(super) const TOKENS: usize = 40;

/// A part of a stamp.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// A number of at most four digits.
    Number { value: u32, digits: u8 },
    /// What parts numbers; `年` stands for the signs that name a date's numbers.
    Mark(char),
    /// Letters, with what languages write inside a word.
    Word(&'a str),
    /// Any space.
    Space,
}

/// The value of a decimal digit of any script, by the script's zero.
pub(super) fn digit(letter: char) -> Option<u32> {
    const ZEROS: [char; 32] = [
        '0',
        '\u{660}',
        '\u{6F0}',
        '\u{7C0}',
        '\u{966}',
        '\u{9E6}',
        '\u{A66}',
        '\u{AE6}',
        '\u{B66}',
        '\u{BE6}',
        '\u{C66}',
        '\u{CE6}',
        '\u{D66}',
        '\u{DE6}',
        '\u{E50}',
        '\u{ED0}',
        '\u{F20}',
        '\u{1040}',
        '\u{1090}',
        '\u{17E0}',
        '\u{1810}',
        '\u{1946}',
        '\u{19D0}',
        '\u{1B50}',
        '\u{1C40}',
        '\u{1C50}',
        '\u{A8D0}',
        '\u{A9D0}',
        '\u{ABF0}',
        '\u{FF10}',
        '\u{11136}',
        '\u{1E950}',
    ];
    if letter.is_ascii() {
        return letter.to_digit(10);
    }
    let code = u32::from(letter);
    ZEROS.iter().map(|zero| code.wrapping_sub(u32::from(*zero))).find(|value| *value < 10)
}

/// Splits a stamp; `None` if it has anything that stamps do not have.
pub(super) fn tokens<'a>(text: &'a str, out: &mut [Token<'a>; TOKENS]) -> Option<usize> {
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
        } else if let Some(mark) = mark(letter) {
            Token::Mark(mark)
        } else if letter == '元' {
            // The first year of a Japanese era.
            Token::Number { value: 1, digits: 1 }
        } else if letter.is_alphabetic() {
            let mut end = at + letter.len_utf8();
            while let Some((at, letter)) = letters.next_if(|(_, letter)| in_word(*letter)) {
                end = at + letter.len_utf8();
            }
            Token::Word(&text[at..end])
        } else if matches!(letter, '(' | ')') {
            // Uzbek puts the era's name in brackets.
            continue;
        } else {
            return None;
        };
        *out.get_mut(count)? = token;
        count += 1;
    }
    Some(count)
}

/// One sign for all that mean the same.
fn mark(letter: char) -> Option<char> {
    Some(match letter {
        '.' | '/' | '-' | ':' | ',' | '،' => letter,
        '\u{2011}' | '\u{2010}' => '-',
        '：' | '\u{2236}' => ':',
        '，' | '、' => ',',
        '／' => '/',
        '．' => '.',
        '年' | '月' | '日' | '년' | '월' | '일' => '年',
        _ => return None,
    })
}

/// Letters go on with their marks, joiners and quotes: `לפנה״צ`, `o‘`.
fn in_word(letter: char) -> bool {
    let joined = letter.is_alphabetic() || is_combining_mark(letter);
    let inside = matches!(
        letter,
        '"' | '\''
            | '’'
            | '‘'
            | 'ʻ'
            | 'ʼ'
            | '`'
            | '״'
            | '׳'
            | '\u{200C}'
            | '\u{200D}'
            | '\u{F0B}'
            | '·'
    );
    inside || joined && mark(letter).is_none() && letter != '元'
}
