//! Why a decision was made, as it crosses: the page has the words
//! (`www/src/text/en/reasons.ts`), and takes the numbers from the score.

use heirloom_core::matching as core;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::link::Edit;
use super::problem::Problem;

/// Why a medium got its decision. Names are those of files, without folders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Reason {
    /// Nothing is known yet.
    Open,
    /// This original was sent, only made small.
    Equal {
        /// The original.
        original: String,
    },
    /// This original was sent, but changed before.
    Changed {
        /// The original.
        original: String,
        /// The changes.
        edits: Vec<Edit>,
    },
    /// Two different originals fit nearly equally well.
    TwoFit {
        /// The better one.
        first: String,
        /// The other one.
        second: String,
    },
    /// The closest original differs by more than the limit.
    TooDifferent {
        /// The closest original.
        closest: String,
        /// The limit: grey levels (RMS).
        limit: f64,
    },
    /// In the closest original something moved, or the camera did: it is another
    /// shot.
    Moved {
        /// The closest original.
        closest: String,
    },
    /// Only the colours of the closest original differ.
    Coloured {
        /// The closest original.
        closest: String,
    },
    /// The closest original differs too much in brightness or contrast.
    Shaded {
        /// The closest original.
        closest: String,
    },
    /// The picture has too little detail to prove anything.
    Plain,
    /// Nothing in the library looks like it.
    NoneAlike,
    /// Nothing that was taken around that time looks like it.
    NoneAlikeThen,
    /// The only match is no better than what was sent.
    NotBetter {
        /// The match.
        original: String,
    },
    /// What looks like it cannot be read.
    Unread {
        /// The file.
        original: String,
    },
    /// The original was linked to another message, whose picture fits it better.
    TakenByOther {
        /// The original.
        original: String,
        /// The exported file that it belongs to.
        other: String,
    },
    /// The exported picture cannot be compared.
    Unusable {
        /// Why not.
        problem: Problem,
    },
    /// The exported file cannot be read.
    Unreadable,
    /// The chat names a file that the export does not contain.
    Missing,
    /// There is no original to look for.
    NotMatchable {
        /// What it is.
        what: Unmatchable,
    },
    /// No original has the content of this document.
    NoDocument,
    /// The document is this file.
    SameDocument {
        /// The original.
        original: String,
    },
    /// No original video has its length.
    NoVideoAsLong,
    /// An original has its length, which alone proves nothing.
    LengthAlone {
        /// The original.
        original: String,
    },
    /// An original has its length, but is no better.
    VideoNotBetter {
        /// The original.
        original: String,
    },
    /// Two original videos have its length.
    TwoVideos {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// This original is the only video of its length.
    #[serde(rename_all = "camelCase")]
    OnlyAsLong {
        /// The original.
        original: String,
        /// Difference of the lengths in milliseconds.
        apart_ms: u64,
    },
    /// A longer original video was taken in the same minutes.
    #[serde(rename_all = "camelCase")]
    Trimmed {
        /// The original.
        original: String,
        /// Milliseconds that it is longer.
        longer_ms: u64,
    },
    /// This original has its length, and is not the only one.
    AsLong {
        /// The original.
        original: String,
    },
    /// The frames of this original are the same at these parts of its length.
    SameFrames {
        /// What time and length had decided.
        before: Box<Reason>,
        /// The parts, in percent.
        percents: Vec<u32>,
    },
    /// An original has its length, but its frames show something else.
    OtherFrames {
        /// The video.
        original: String,
    },
    /// The frames of every original of its length show something else.
    AllOtherFrames {
        /// How many they are.
        videos: u64,
    },
    /// Only time and length speak for what was decided: neither sound nor pictures
    /// prove it.
    Unproved {
        /// What they say.
        before: Box<Reason>,
    },
    /// An original has its length, but only one of the two has sound.
    OneIsSilent {
        /// The original.
        original: String,
    },
    /// This original has the same sound.
    SameSound {
        /// The original.
        original: String,
    },
    /// This original has the same sound, and was cut before it was sent.
    #[serde(rename_all = "camelCase")]
    SameSoundCut {
        /// The original.
        original: String,
        /// Milliseconds that were cut off at its start.
        start_ms: u64,
        /// And at its end.
        end_ms: u64,
    },
    /// An original has its length, but another sound.
    OtherSound {
        /// The original.
        original: String,
    },
    /// Two original videos have its sound.
    TwoSameSound {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// The user chose this original.
    Chosen,
    /// The user accepted this original.
    Accepted,
    /// The user kept the exported file.
    Kept,
    /// The original was found, but could not be used.
    OriginalUnusable {
        /// Why not.
        problem: Problem,
    },
}

/// Media without an original to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Unmatchable {
    /// Stickers.
    Sticker,
    /// Silent short videos that play like a GIF.
    Gif,
    /// Voice notes.
    Voice,
    /// Sound files.
    Audio,
    /// Contacts.
    Contact,
}

impl From<&core::Reason> for Reason {
    #[allow(clippy::too_many_lines)] // A table.
    fn from(reason: &core::Reason) -> Self {
        match reason {
            core::Reason::Open => Self::Open,
            core::Reason::Equal { original } => Self::Equal { original: original.clone() },
            core::Reason::Changed { original, edits } => {
                let edits = edits.iter().map(Edit::from).collect();
                Self::Changed { original: original.clone(), edits }
            }
            core::Reason::TwoFit { first, second } => {
                Self::TwoFit { first: first.clone(), second: second.clone() }
            }
            core::Reason::TooDifferent { closest, limit } => {
                Self::TooDifferent { closest: closest.clone(), limit: *limit }
            }
            core::Reason::Moved { closest } => Self::Moved { closest: closest.clone() },
            core::Reason::Coloured { closest } => Self::Coloured { closest: closest.clone() },
            core::Reason::Shaded { closest } => Self::Shaded { closest: closest.clone() },
            core::Reason::Plain => Self::Plain,
            core::Reason::NoneAlike => Self::NoneAlike,
            core::Reason::NoneAlikeThen => Self::NoneAlikeThen,
            core::Reason::NotBetter { original } => Self::NotBetter { original: original.clone() },
            core::Reason::Unread { original } => Self::Unread { original: original.clone() },
            core::Reason::TakenByOther { original, other } => {
                Self::TakenByOther { original: original.clone(), other: other.clone() }
            }
            core::Reason::Unusable { problem } => Self::Unusable { problem: problem.into() },
            core::Reason::Unreadable => Self::Unreadable,
            core::Reason::Missing => Self::Missing,
            core::Reason::NotMatchable(what) => Self::NotMatchable { what: (*what).into() },
            core::Reason::NoDocument => Self::NoDocument,
            core::Reason::SameDocument { original } => {
                Self::SameDocument { original: original.clone() }
            }
            core::Reason::NoVideoAsLong => Self::NoVideoAsLong,
            core::Reason::LengthAlone { original } => {
                Self::LengthAlone { original: original.clone() }
            }
            core::Reason::VideoNotBetter { original } => {
                Self::VideoNotBetter { original: original.clone() }
            }
            core::Reason::TwoVideos { first, second } => {
                Self::TwoVideos { first: first.clone(), second: second.clone() }
            }
            core::Reason::OnlyAsLong { original, apart_ms } => {
                Self::OnlyAsLong { original: original.clone(), apart_ms: *apart_ms }
            }
            core::Reason::Trimmed { original, longer_ms } => {
                Self::Trimmed { original: original.clone(), longer_ms: *longer_ms }
            }
            core::Reason::AsLong { original } => Self::AsLong { original: original.clone() },
            core::Reason::SameFrames { before, percents } => Self::SameFrames {
                before: Box::new(before.as_ref().into()),
                percents: percents.clone(),
            },
            core::Reason::OtherFrames { original } => {
                Self::OtherFrames { original: original.clone() }
            }
            core::Reason::AllOtherFrames { videos } => {
                Self::AllOtherFrames { videos: *videos as u64 }
            }
            core::Reason::Unproved { before } => {
                Self::Unproved { before: Box::new(before.as_ref().into()) }
            }
            core::Reason::OneIsSilent { original } => {
                Self::OneIsSilent { original: original.clone() }
            }
            core::Reason::SameSound { original } => Self::SameSound { original: original.clone() },
            core::Reason::SameSoundCut { original, start_ms, end_ms } => Self::SameSoundCut {
                original: original.clone(),
                start_ms: *start_ms,
                end_ms: *end_ms,
            },
            core::Reason::OtherSound { original } => {
                Self::OtherSound { original: original.clone() }
            }
            core::Reason::TwoSameSound { first, second } => {
                Self::TwoSameSound { first: first.clone(), second: second.clone() }
            }
            core::Reason::Chosen => Self::Chosen,
            core::Reason::Accepted => Self::Accepted,
            core::Reason::Kept => Self::Kept,
            core::Reason::OriginalUnusable { problem } => {
                Self::OriginalUnusable { problem: problem.into() }
            }
        }
    }
}

impl From<core::Unmatchable> for Unmatchable {
    fn from(what: core::Unmatchable) -> Self {
        match what {
            core::Unmatchable::Sticker => Self::Sticker,
            core::Unmatchable::Gif => Self::Gif,
            core::Unmatchable::Voice => Self::Voice,
            core::Unmatchable::Audio => Self::Audio,
            core::Unmatchable::Contact => Self::Contact,
        }
    }
}
