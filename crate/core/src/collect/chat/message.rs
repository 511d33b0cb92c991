//! A chat as it was read: messages, who writes, and how its dates were understood.

use crate::model::{DateChoice, MediumId};
use crate::settings::DateOrder;

/// A parsed chat text.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    /// The chat's name, from the file's or folder's name; empty if unknown.
    pub title: String,
    /// Messages in the order of the file.
    pub messages: Vec<Message>,
    /// Senders of ordinary messages, by their first message.
    pub participants: Vec<String>,
    /// How day and month were told apart.
    pub dates: DateReading,
}

/// How the dates of a chat were read.
#[derive(Debug, Clone, Default)]
pub struct DateReading {
    /// The order used.
    pub order: Option<DateOrder>,
    /// Why; `None` while no date was read.
    pub evidence: Option<DateEvidence>,
    /// Whether the evidence decides; if not, the user should be asked.
    pub decided: bool,
    /// If not: the orders that fit, the one used first, and what a date of the
    /// chat is in each.
    pub choices: Vec<DateChoice>,
}

/// Why dates were read in an order, as data: words are made at the edge
/// (`report/dates.rs`, the page's `text/en/dates.ts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateEvidence {
    /// The user said so.
    Asked,
    /// Every date tells its order by itself.
    Each,
    /// The days in the names of media are those of their messages.
    MediaNames {
        /// How many media.
        media: usize,
    },
    /// In another order some dates are no days.
    NoSuchDays {
        /// How many dates.
        dates: usize,
        /// That other order.
        order: DateOrder,
    },
    /// The dates run forward.
    Forward,
    /// In every other order the dates jump about.
    OnlyForward,
    /// In every other order the dates lie before those of the run before.
    OnlyAfter,
    /// The last changes of media are on the days of their messages.
    Changes {
        /// How many files.
        files: usize,
    },
    /// Nothing tells day and month apart.
    Nothing,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Wall-clock seconds since 1970-01-01 00:00; `None` if the stamp names no
    /// real moment.
    pub time: Option<i64>,
    /// The stamp as the chat has it, where that says more than the time: another
    /// calendar, no real moment, a clock that was understood by its order.
    pub written: Option<String>,
    /// Whether the stamp has seconds.
    pub has_seconds: bool,
    /// Who sent it; `None` for system lines.
    pub sender: Option<String>,
    /// Its text without attachment marks and invisible marks: a caption, if it
    /// has media.
    pub text: String,
    /// What it carries.
    pub media: Vec<MediumId>,
    /// What it is.
    pub kind: MessageKind,
    /// Whether it carries an edited mark.
    pub edited: bool,
}

/// What a message is, beyond its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageKind {
    /// Words, media, or both.
    Ordinary,
    /// Written by WhatsApp, not by a person.
    System,
    /// A medium that the export left out.
    Omitted,
    /// Deleted by its sender or an admin.
    Deleted,
    /// A place.
    Location {
        /// A link to a map, `https:` only.
        url: String,
    },
    /// A poll: the question and its options with votes, as written.
    Poll {
        /// The question.
        question: String,
        /// Options as written, and their votes if given.
        options: Vec<(String, Option<u32>)>,
    },
    /// An event; what else is known of it is the message's text.
    Event {
        /// What it is called.
        title: String,
        /// When it begins, seconds since 1970 in UTC.
        start: Option<i64>,
    },
    /// Somebody let others see where they are, for a while.
    LiveLocation,
    /// A call that nobody took; the text says which kind, as written.
    Call,
}
