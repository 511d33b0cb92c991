//! Invisible characters in chats and in the names of their files.

/// Whether a character is invisible and only steers the direction of text, or
/// marks the beginning of a file.
#[must_use]
pub fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
