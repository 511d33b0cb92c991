//! Why a decision was made, as data. `report::explain` puts it into English
//! sentences with the numbers of the [`Score`](super::Score); the page does so in
//! its reader's language.

use crate::error::Problem;
use crate::model::Edits;

/// Why a medium got its decision. Names are those of files, without folders.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Reason {
    /// Nothing is known yet.
    #[default]
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
        edits: Edits,
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
    NotMatchable(Unmatchable),
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
    OnlyAsLong {
        /// The original.
        original: String,
        /// Difference of the lengths in milliseconds.
        apart_ms: u64,
    },
    /// A longer original video was taken in the same minutes.
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
        videos: usize,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
