//! What a chat export holds besides its files: the chat, its media, its pages.

use super::chat::message::Chat;
use super::chat_html::Outside;
use super::library::Library;
use crate::model::{Item, ItemId, MediaKind, MediumId};

/// A chat, its media and its pages. The export's files are the first of the
/// [`Library`], sorted by path; all files behind them are originals.
#[derive(Debug, Default)]
pub struct Export {
    /// How many files of the library are the export's (its zip is replaced by
    /// its entries).
    pub files: u32,
    /// The chat's media in chat order, by [`MediumId`]; those that no message
    /// names come last, by path.
    pub media: Vec<Medium>,
    /// The chat's text, if the export has one.
    pub chat: Option<Chat>,
    /// HTML pages of another exporter, by path.
    pub pages: Vec<HtmlPage>,
    /// Where the export lies, as far as that is known; its pages may name that
    /// place. `/` between parts.
    pub place: String,
    /// Files that another export of the same chat has better, each with the medium
    /// that stands for it: a page may show the lesser copy.
    pub copies: Vec<(ItemId, MediumId)>,
}

impl Export {
    /// Whether a file is the export's.
    #[must_use]
    pub fn holds(&self, id: ItemId) -> bool {
        id.0 < self.files
    }

    /// The export's files, sorted by path.
    #[must_use]
    pub fn items<'a>(&self, library: &'a Library) -> &'a [Item] {
        library.items.get(..self.files as usize).unwrap_or(&library.items)
    }

    /// All files that are not the export's, sorted by path.
    #[must_use]
    pub fn originals<'a>(&self, library: &'a Library) -> &'a [Item] {
        library.items.get(self.files as usize..).unwrap_or_default()
    }
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

/// An HTML page of the export and the media it refers to.
#[derive(Debug, Clone)]
pub struct HtmlPage {
    /// The page.
    pub item: ItemId,
    /// Media it refers to, each once, in page order.
    pub media: Vec<MediumId>,
    /// Photos and videos that stand in the page itself (`data:`).
    pub inside: u32,
    /// Photos and videos it shows that lie outside the export.
    pub outside: Outside,
}
