//! What can go wrong: [`Fatal`] ends the job, an [`Issue`] is about one file
//! and the job goes on.
//!
//! A problem is data. Its English is made once, here, for the command line and
//! the report; the page says it in its reader's language
//! (`www/src/text/en/problems.ts`). `report/sentences/problems.txt` holds both to
//! the same sentences. Texts inside are those of others: the storage's, a
//! decoder's, the zip library's.
//!
//! What is remembered between runs is serialised as it stands here: a change
//! raises [`crate::examine::FILES`] and [`crate::matching::COMPARISONS`].

use std::fmt;
use std::io;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{DateChoice, Kind};
use crate::settings::DateOrder;

/// The job cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// Neither chat text, HTML nor media in the export.
    #[error("there is no chat in the export: no chat text, no HTML page and no media")]
    NoChat,
    /// The chat is in a file that cannot be read.
    #[error("the chat in {path} cannot be had: {problem}")]
    Locked {
        /// The file.
        path: String,
        /// Why not.
        problem: Problem,
    },
    /// The output refused bytes.
    #[error("the bundle could not be written: {0}")]
    Output(io::Error),
    /// A step was asked for before the one it needs.
    #[error("{0} must be finished first")]
    TooEarly(&'static str),
}

/// One file or line suffers; the run goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The file it is about, as the user knows it.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// No bytes.
    #[error("the file is empty (0 bytes)")]
    Empty,
    /// Its bytes could not be had.
    #[error("the file could not be read: {0}")]
    Unreadable(Unread),
    /// It ends too early.
    #[error("the file ends too early; it is damaged or was not copied completely")]
    Truncated,
    /// Its bytes did not become a picture.
    #[error("the picture could not be decoded: {0}")]
    Decode(Undecoded),
    /// Too large to decode.
    #[error("the picture claims {width} × {height} pixels; the limit is {limit} million")]
    TooManyPixels {
        /// Claimed width.
        width: u32,
        /// Claimed height.
        height: u32,
        /// The limit, in millions of pixels.
        limit: u64,
    },
    /// Too large to hold.
    #[error("reading it needs {need} bytes; the limit is {limit}")]
    OverLimit {
        /// Bytes needed.
        need: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A picture by its name only.
    #[error("it is named like {}, but its content is {}", words(*.named), words(*.found))]
    NotWhatItsNameSays {
        /// What the name promises.
        named: Kind,
        /// What the bytes are.
        found: Kind,
    },
    /// A video without its index.
    #[error("the video has no index (moov box), so its length and date are unknown")]
    NoMoov,
    /// Sound of which no print can be made.
    #[error(
        "its sound is in a form that is not decoded here (only AAC is), so it cannot be compared"
    )]
    SoundNotDecoded,
    /// Named in the chat, absent from the export.
    #[error("the chat names this file, but the export does not contain it")]
    Missing,
    /// No text and no HTML in the export.
    #[error("no chat text was found in the export; only its media could be used")]
    NoChatText,
    /// Two names that differ only in case.
    #[error("another file has the same name in different case: {0}")]
    CaseCollision(String),
    /// Bytes that are not text.
    #[error("{0} places are not valid text and were replaced by �")]
    BadText(usize),
    /// A zip that cannot be listed, or an entry that cannot be unpacked.
    #[error("the zip could not be read: {0}")]
    BadZip(ZipFault),
    /// A zip that was packed again by the one around it.
    #[error("this zip is packed inside another zip; unpack the outer one first")]
    ZipInZip,
    /// A page that the user named.
    #[error("this page was asked for, but the export does not contain it")]
    NoSuchPage,
    /// Photos that are no files.
    #[error(
        "photos and videos that stand in the page itself: {count}; they stay as they are, and \
         no original is looked for"
    )]
    InsidePage {
        /// How many.
        count: u32,
    },
    /// Photos that a page shows from elsewhere.
    #[error(
        "photos and videos that the page shows from outside the export's folder: {count} ({}); \
         they are missing in the bundle. Choose the folder that holds them, too",
        some(.names, *.count)
    )]
    OutsidePage {
        /// How many.
        count: u32,
        /// The first of them, as the page names them.
        names: Vec<String>,
    },
    /// A text in UTF-16.
    #[error("the text is UTF-16, not WhatsApp's UTF-8; it was read as such")]
    Utf16,
    /// Another export of the chat, which became a part of it.
    #[error(
        "this is another export of the chat: {shared} of its messages were there already, {added} \
         were added, {better} of its media are better{}",
        moved(*.shift_s)
    )]
    SameChat {
        /// Its messages that were there already.
        shared: usize,
        /// Its messages that are new.
        added: usize,
        /// Its media that took the place of missing or lesser ones.
        better: usize,
        /// Seconds that were added to its clock.
        shift_s: i64,
    },
    /// An export of another chat.
    #[error("this is another chat; only one chat is read at a time")]
    OtherChat,
    /// A message that WhatsApp cannot have sent.
    #[error("message {number} has {:.1} MB of text; it was kept whole", *.bytes as f64 / 1e6)]
    LongMessage {
        /// Which one, counted from 1.
        number: u32,
        /// Bytes of its text.
        bytes: u64,
    },
    /// A text in a code page.
    #[error("the text is in the code page {0}, not in WhatsApp's UTF-8; it was read as such")]
    CodePage(String),
    /// An entry of a zip that is not what was packed.
    #[error("its content does not fit the zip's checksum (CRC-32); it is damaged")]
    Checksum,
    /// An original of a kind for which there is no decoder.
    #[error("{kind} files cannot be looked at, so this one is compared with no other picture")]
    NotLookedAt {
        /// The kind, as people call it.
        kind: String,
    },
    /// Files of which only a placeholder is here.
    #[error(
        "files that are in iCloud and not on this disk: {count} ({}); they could not be looked \
         at. Download them, then run again",
        some(.names, *.count)
    )]
    InCloud {
        /// How many.
        count: u32,
        /// The first of them.
        names: Vec<String>,
    },
    /// Day and month cannot be told apart. It must stay the last: what is never
    /// remembered would move the numbers of those behind it.
    #[error("day and month of the dates cannot be told apart; read as {0}")]
    #[serde(skip)]
    UnclearDates(DateDoubt),
}

/// Why the bytes of a file could not be had. Inside an [`io::Error`] it comes
/// through whatever reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unread {
    /// The storage's own words, or a parser's.
    #[error("{0}")]
    Told(String),
    /// An entry of a zip unpacks to more than the zip says.
    #[error("the entry holds more bytes than it claims")]
    MoreThanClaimed,
    /// It grew.
    #[error("the file is longer than it was when it was listed")]
    Longer,
    /// It changed its size.
    #[error("it was changed while it was being copied")]
    Changed,
    /// Only parts of it were taken, and this is none of them.
    #[error("this part of the file was not taken")]
    NotTaken,
}

/// Why bytes did not become a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Undecoded {
    /// The decoder's own words.
    #[error("it is damaged, or of a form that is not known here ({0})")]
    Told(String),
    /// The decoder panicked.
    #[error("its content made the decoder fail")]
    Panicked,
    /// A video's index, in the parser's words.
    #[error("its index is damaged ({0})")]
    Index(String),
    /// A camera raw without a JPEG inside.
    #[error("it carries no preview")]
    NoPreview,
    /// No JPEG's beginning.
    #[error("it is not a JPEG")]
    NotJpeg,
    /// Width or height is zero.
    #[error("it has no pixels")]
    NoPixels,
    /// The pixels do not fill the size that the decoder named.
    #[error("the decoder returned another number of pixels")]
    WrongLength,
    /// There is no decoder for it.
    #[error("this kind of file is not decoded")]
    NotDecoded,
}

/// What is wrong with a zip or one of its entries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ZipFault {
    /// The zip library's own words.
    #[error("{0}")]
    Told(String),
    /// Its directory is too long.
    #[error("it has more than {limit} entries")]
    TooMany {
        /// Most entries of a zip.
        limit: usize,
    },
    /// The entry needs a password.
    #[error("the entry is encrypted")]
    Encrypted,
    /// The entry is packed in a way that is not unpacked: its name, as the zip
    /// library has it.
    #[error("the entry is packed with {0}")]
    Packed(String),
    /// So few bytes cannot become so many.
    #[error("the entry claims a size it cannot have")]
    Size,
    /// Its directory, which stands at its end, is missing.
    #[error("its end is missing; it is damaged or was not copied completely")]
    Cut,
    /// A part of a zip that was split.
    #[error("it is one part of several; put the parts together first")]
    Part,
    /// It is packed by another program.
    #[error("it is no zip; unpack it first")]
    NoZip,
    /// There is nothing in it that was looked for.
    #[error("no chat is in it")]
    NoChat,
}

/// How dates were read that can be read in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateDoubt {
    /// The order used.
    pub order: DateOrder,
    /// What a date of the chat is in each order that fits, the one used first;
    /// empty if it is the same in all.
    pub choices: Vec<DateChoice>,
}

impl Problem {
    /// What a failed read means for the file.
    #[must_use]
    pub fn reading(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::unreadable(error),
        }
    }

    /// The file could not be read, whatever the error says.
    #[must_use]
    pub fn unreadable(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Unread>());
        Self::Unreadable(own.cloned().unwrap_or_else(|| Unread::Told(error.to_string())))
    }

    /// A decoder gave up, in its own words.
    #[must_use]
    pub fn decoding(error: &impl fmt::Display) -> Self {
        Self::Decode(Undecoded::Told(error.to_string()))
    }
}

impl fmt::Display for DateDoubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |choice: &DateChoice| {
            let day = NaiveDate::from_epoch_days(choice.day);
            day.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default()
        };
        write!(out, "{}", self.order.name())?;
        let [used, others @ ..] = self.choices.as_slice() else { return Ok(()) };
        let other = |choice: &DateChoice| format!("{} as {}", day(choice), choice.order.name());
        let others: Vec<String> = others.iter().map(other).collect();
        write!(out, ": {} is {}, or {}", used.written, day(used), others.join(", "))
    }
}

/// A kind of file in words.
fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Jpeg => "a JPEG picture",
        Kind::Heic => "an HEIC picture",
        Kind::Avif => "an AVIF picture",
        Kind::Png => "a PNG picture",
        Kind::Webp => "a WebP picture",
        Kind::Gif => "a GIF picture",
        Kind::Tiff => "a TIFF picture",
        Kind::Raw => "a camera raw",
        Kind::Video => "a video",
        Kind::Audio => "a sound file",
        Kind::Pdf => "a PDF document",
        Kind::Zip => "a zip archive",
        Kind::Html => "an HTML page",
        Kind::Contact => "a contact card",
        Kind::Text => "a text",
        Kind::Empty => "empty",
        Kind::Unknown => "something unknown",
    }
}

/// The names of some of so many.
fn some(names: &[String], count: u32) -> String {
    let named = names.join(", ");
    match (count as usize).saturating_sub(names.len()) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// How far a clock was moved, by seconds.
fn moved(shift: i64) -> String {
    match shift {
        0 => String::new(),
        seconds => format!("; its clock was moved by {} minutes", seconds / 60),
    }
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
