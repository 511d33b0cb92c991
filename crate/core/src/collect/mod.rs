//! Folder entries, chat text and HTML become an [`Inventory`]: messages,
//! chat media, originals.

pub mod chat_body;
pub mod chat_header;
pub mod chat_text;
pub mod dates;
pub mod file_names;
pub mod kind;
pub mod media_name;
pub mod wording;

use crate::error::{Fatal, Issue};
use crate::io::{Files, ReadAt};
use crate::model::{Entry, Item, ItemId, MediaKind, MediumId};
use crate::settings::{DateOrder, Settings};

/// Everything the two inputs hold.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Every file of both inputs (the export's zip is replaced by its
    /// entries), by [`ItemId`]; sorted by side, then path.
    pub items: Vec<Item>,
    /// The chat's media in chat order, by [`MediumId`]; those that no message
    /// names come last, by path.
    pub media: Vec<Medium>,
    /// The chat's text, if the export has one.
    pub chat: Option<Chat>,
    /// HTML pages of another exporter, by path.
    pub pages: Vec<HtmlPage>,
    /// What was wrong with single files and lines.
    pub issues: Vec<Issue>,
}

/// One medium of the chat.
#[derive(Debug, Clone)]
pub struct Medium {
    /// Path in the export (below the folder of the chat text), or the name as
    /// the chat gives it when the file is missing.
    pub name: String,
    /// The exported file; `None`: the chat names it, the export lacks it.
    pub item: Option<ItemId>,
    /// What it is, by name and content.
    pub kind: MediaKind,
    /// When it was sent.
    pub sent: Option<Sent>,
    /// The first message that carries it: an index into [`Chat::messages`].
    pub message: Option<u32>,
}

/// When a medium was sent, on the exporting phone's wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Seconds since 1970-01-01 00:00 on that clock.
    pub wall: i64,
    /// Length of the interval that `wall` begins, in seconds: 1 (iOS line), 60
    /// (Android line), 86,400 (a day in a file name).
    pub span: u32,
}

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
    /// Why, as a sentence for the report.
    pub evidence: String,
    /// Whether the evidence decides; if not, the user should be asked.
    pub decided: bool,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Wall-clock seconds since 1970-01-01 00:00; `None` if the stamp names no
    /// real moment.
    pub time: Option<i64>,
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
}

/// An HTML page of the export and the media it refers to.
#[derive(Debug, Clone)]
pub struct HtmlPage {
    /// The page.
    pub item: ItemId,
    /// Media it refers to, each once, in page order.
    pub media: Vec<MediumId>,
}

/// Finds the chat in the export and lists the media and the originals.
///
/// `entries` may come in any order. Reads the chat text, the HTML pages and
/// zip directories, and the first bytes of the export's files; originals are
/// not read.
///
/// # Errors
/// [`Fatal::NoChat`]: the export has no text, no HTML and no media.
pub fn collect(
    entries: &[Entry],
    files: &dyn Files,
    settings: &Settings,
) -> Result<Inventory, Fatal> {
    let _ = (entries, files, settings);
    unimplemented!("collect")
}

/// Opens an item, in the export's zip or on its own.
///
/// A deflated entry is unpacked as a stream: reading forward is cheap, reading
/// backward starts over.
///
/// # Errors
/// As [`Files::open`].
pub fn open<'a>(item: &Item, files: &'a dyn Files) -> std::io::Result<Box<dyn ReadAt + 'a>> {
    let _ = (item, files);
    unimplemented!("open")
}
