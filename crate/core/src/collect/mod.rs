//! Folder entries, chat text and HTML become an [`Inventory`]: messages,
//! chat media, originals.

mod align;
pub mod body_android;
pub mod body_cards;
pub mod chat_body;
pub mod chat_header;
pub mod chat_html;
pub mod chat_text;
pub mod dates;
pub mod encoding;
pub mod export;
pub mod file_names;
pub mod kind;
pub mod media_list;
pub mod media_name;
pub mod merge;
mod pieces;
pub mod pixel_size;
mod senders;
pub mod title;
pub mod wording;
pub mod zip_export;

use self::chat_text::Parsed;
use self::encoding::Encoding;
use self::export::Sources;
use self::media_list::Media;
use self::wording::Wording;
use self::zip_export::{Inflated, Slice};
use crate::error::{Fatal, Issue, Problem};
use crate::io::{Files, ReadAt, read_range};
use crate::model::{Entry, Item, ItemId, MediaKind, MediumId, Packing, Source};
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
    /// If not: the orders that fit, the one used first, and what a date of the
    /// chat is in each.
    pub choices: Vec<DateChoice>,
}

/// One way to read the dates of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateChoice {
    /// The order.
    pub order: DateOrder,
    /// A date of the chat as it is written: `08/04/22`.
    pub written: String,
    /// Which day that is in this order, in days since 1970-01-01.
    pub day: i32,
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
    let mut found = export::sources(entries, files, &settings.limits);
    let chat = read_chat(&mut found, files, settings);
    let mut media = Media::new(&found);
    let chat = chat.map(|parsed| media.take_chat(parsed));
    let pages = media.take_pages(&mut found, files, settings);
    media.take_rest();
    let (media, mut issues) = media.finish(files);
    found.issues.append(&mut issues);
    if chat.is_none() && pages.is_empty() {
        if media.is_empty() {
            return Err(Fatal::NoChat);
        }
        let path = found.zip.unwrap_or_else(|| "chat export".into());
        found.issues.push(Issue { path, problem: Problem::NoChatText });
    }
    found.issues.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Inventory { items: found.items, media, chat, pages, issues: found.issues })
}

/// Reads the chat's text, if there is one, and adds other exports of the same
/// chat to it.
fn read_chat(found: &mut Sources, files: &dyn Files, settings: &Settings) -> Option<Parsed> {
    let id = found.chat?;
    let words = Wording::new();
    let read = |found: &Sources, id, report: &mut Vec<Problem>| {
        read_text(found, id, files, settings, &words, report)
    };
    let mut report = Vec::new();
    let mut chat = read(found, id, &mut report);
    found.report(id, report);
    for id in std::mem::take(&mut found.other_chats) {
        let mut report = Vec::new();
        let other = read(found, id, &mut report);
        let both = chat.as_mut().zip(other.as_ref());
        match both.and_then(|(chat, other)| merge::merge(chat, other, &found.items, files)) {
            Some(merged) => {
                report.push(Problem::Note(merged.note()));
                found.report(id, report);
                found.spent.push(id);
                found.spent.extend(merged.spare);
            }
            None => {
                let note = "this is another chat; only one chat is read at a time";
                found.report(id, vec![Problem::Note(note.into())]);
                found.other_chats.push(id);
            }
        }
    }
    chat
}

/// Reads one text as a chat.
fn read_text(
    found: &Sources,
    id: ItemId,
    files: &dyn Files,
    settings: &Settings,
    words: &Wording,
    report: &mut Vec<Problem>,
) -> Option<Parsed> {
    let item = &found.items[id.0 as usize];
    let limit = settings.limits.text_bytes;
    if item.size > limit {
        report.push(Problem::OverLimit { need: item.size, limit });
    }
    let most = usize::try_from(limit.min(item.size)).unwrap_or(usize::MAX);
    let bytes = match open(item, files).and_then(|source| read_range(&*source, 0, most)) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.push(Problem::Unreadable(error.to_string()));
            return None;
        }
    };
    let decoded = encoding::decode(bytes);
    if decoded.encoding != Encoding::Utf8 {
        let note = "the text is UTF-16, not WhatsApp's UTF-8; it was read as such";
        report.push(Problem::Note(note.into()));
    }
    if decoded.bad > 0 {
        report.push(Problem::BadText(decoded.bad));
    }
    let names = media_list::names(&found.items, item);
    let context = chat_text::Context {
        names: &names,
        words,
        items: &found.items,
        title: title::title(&item.path, found.zip.as_deref().or(Some(&settings.export_name))),
        order: settings.date_order,
    };
    let parsed = chat_text::parse(&decoded.text, &context);
    if let Some(doubt) = dates::doubt(&parsed.chat.dates) {
        report.push(Problem::UnclearDates(doubt.into()));
    }
    if let Some(note) = chat_text::long_message(&parsed.chat.messages) {
        report.push(Problem::Note(note));
    }
    Some(parsed)
}

/// Whether a path is of the kind that systems leave behind and nobody means.
#[must_use]
pub fn is_junk(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("._")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".nomedia")
        || path.split('/').any(|part| part == "__MACOSX")
}

/// Opens an item, in the export's zip or on its own.
///
/// A deflated entry is unpacked as a stream: reading forward is cheap, reading
/// backward starts over.
///
/// # Errors
/// As [`Files::admit`] and [`Files::open`].
pub fn open<'a>(item: &Item, files: &'a dyn Files) -> std::io::Result<Box<dyn ReadAt + 'a>> {
    files.admit(item)?;
    match item.source {
        Source::File(file) => files.open(file),
        Source::Zipped { file, start, packed, packing } => {
            let slice = Slice::new(files.open(file)?, start, packed);
            Ok(match packing {
                Packing::Stored => Box::new(slice),
                Packing::Deflated => Box::new(Inflated::new(slice, item.size)),
            })
        }
    }
}

#[cfg(test)]
#[path = "collect_tests.rs"]
mod tests;
