//! What the two ways of writing an attachment share.

use crate::collect::marks::is_mark;
use crate::model::ItemId;

/// Most bytes of a first line that is tried as an attachment: a file name has at
/// most 255 characters of four bytes, and words follow it.
pub(super) const LINE_BYTES: usize = 1200;

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// It is in the export.
    Here(ItemId),
    /// The message names it beyond doubt, but the export lacks it.
    Missing(String),
}

/// A text without invisible marks and carriage returns.
#[must_use]
pub fn clean(text: &str) -> String {
    let gone = |letter: char| is_mark(letter) || letter == '\r';
    if text.contains(gone) {
        text.chars().filter(|letter| !gone(*letter)).collect::<String>().trim().to_string()
    } else {
        text.trim().to_string()
    }
}
