//! What rebuilding holds between two batches.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use super::chat_render::Outline;
use super::chat_rewrite::PageRewriter;
use super::listing::Listing;
use super::reference::Places;
use crate::collect::checksum::Checksum;
use crate::collect::reading::Reading;
use crate::collect::{Export, Library};
use crate::io::Files;
use crate::model::ItemId;
use crate::plan::Plan;
use crate::settings::Settings;

/// Bytes written in one batch, beyond which the next call goes on. Chosen, not
/// measured.
pub(crate) const BATCH_BYTES: u64 = 4 << 20;

/// Everything rebuilding reads from.
pub struct Inputs<'a> {
    /// Every file of both inputs.
    pub library: &'a Library,
    /// The chat.
    pub export: &'a Export,
    /// The input files.
    pub files: &'a dyn Files,
    /// The user's choices.
    pub settings: &'a Settings,
}

/// Writing in bounded batches (a few megabytes each).
pub struct Rebuilder {
    pub(super) plan: Plan,
    pub(super) outline: Outline,
    pub(super) tasks: VecDeque<Task>,
    /// How far the first task's file is, if it was begun.
    pub(super) begun: Option<Begun>,
    /// How far a deflated file was unpacked.
    pub(super) unpacking: Reading,
    /// What was read of the file that is being copied.
    pub(super) checksum: Checksum,
    /// The given page that is being rewritten.
    pub(super) given: Option<Given>,
    /// Paths that are in the bundle already: a file that several media share is
    /// written once.
    pub(super) paths: BTreeSet<String>,
    /// Where every file went; made when the first given page needs it.
    pub(super) places: Option<Rc<Places>>,
    pub(super) listing: Listing,
    pub(super) done: u64,
    pub(super) bytes_written: u64,
    pub(super) bytes_read: u64,
}

/// A file that is partly in the bundle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    /// Bytes that are in it.
    pub(super) position: u64,
    /// The input's size when its first bytes were read; another one later means
    /// that the input changed.
    pub(super) size: Option<u64>,
}

/// One file of the bundle.
#[derive(Debug, Clone)]
pub(super) enum Task {
    Copy(Copy),
    /// The JPEG of an original that browsers do not show.
    View {
        original: ItemId,
        path: String,
    },
    Page(Page),
}

/// A file of the inputs on its way into the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    pub(super) item: ItemId,
    pub(super) path: String,
    pub(super) role: Role,
}

/// What a file is to the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The original of one or more media.
    Original,
    /// The exported file of one or more media.
    Exported,
    /// Something that a given page needs.
    Other,
}

/// One page, style or script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// Chat page, counted from 0.
    Chat(usize),
    /// Gallery page, counted from 0.
    Gallery(usize),
    Search,
    /// Page of the calendar, counted from 0.
    Dates(usize),
    /// The calendar for the script.
    DatesData,
    Statistics,
    /// The search index of a chat page.
    SearchIndex(usize),
    /// A given page with its references swapped.
    Rewritten(ItemId, String),
    /// `index.html` that leads to the first given page.
    Welcome(String),
    Asset(&'static str, &'static str),
}

/// A given page that is being rewritten.
pub(super) struct Given {
    pub(super) rewriter: PageRewriter,
    pub(super) reading: Reading,
    /// Whether the bundle's file was begun.
    pub(super) begun: bool,
}
