//! What can go wrong: [`Fatal`] ends the job, an [`Issue`] is about one file
//! and the job goes on. Texts are made once, here.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};

/// The job cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// Neither chat text, HTML nor media in the export.
    #[error("there is no chat in the export: no chat text, no HTML page and no media")]
    NoChat,
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

/// What is wrong with one file, as one clear sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// No bytes.
    #[error("the file is empty (0 bytes)")]
    Empty,
    /// The storage refused.
    #[error("the file could not be read: {0}")]
    Unreadable(String),
    /// It ends too early.
    #[error("the file ends too early; it is damaged or was not copied completely")]
    Truncated,
    /// The decoder gave up.
    #[error("the picture could not be decoded: {0}")]
    Decode(String),
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
    #[error("it is named like {named}, but its content is {found}")]
    NotWhatItsNameSays {
        /// What the name promises.
        named: Cow<'static, str>,
        /// What the bytes are.
        found: Cow<'static, str>,
    },
    /// A video without its index.
    #[error("the video has no index (moov box), so its length and date are unknown")]
    NoMoov,
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
    BadZip(String),
    /// Day and month cannot be told apart.
    #[error("day and month of the dates cannot be told apart; read as {0}")]
    UnclearDates(Cow<'static, str>),
    /// Something odd that did not stop the file from being used.
    #[error("{0}")]
    Note(String),
}
