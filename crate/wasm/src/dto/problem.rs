//! What was wrong with a file, as it crosses: the page has the words
//! (`www/src/text/en/problems.ts`). Texts inside are those of others: the
//! browser's, a decoder's, the zip library's.

use heirloom_core::error as core;
use heirloom_core::model;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::dates::{DateChoice, DateOrder};

/// What was wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FileIssue {
    /// The file.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Problem {
    /// No bytes.
    Empty,
    /// Its bytes could not be had.
    Unreadable {
        /// Why not.
        why: Unread,
    },
    /// It ends too early.
    Truncated,
    /// Its bytes did not become a picture.
    Decode {
        /// Why not.
        why: Undecoded,
    },
    /// Too large to decode.
    TooManyPixels {
        /// Claimed width.
        width: u32,
        /// Claimed height.
        height: u32,
        /// The limit, in millions of pixels.
        limit: u64,
    },
    /// Too large to hold.
    OverLimit {
        /// Bytes needed.
        need: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A picture by its name only.
    NotWhatItsNameSays {
        /// What the name promises.
        named: FileKind,
        /// What the bytes are.
        found: FileKind,
    },
    /// A video without its index.
    NoMoov,
    /// Sound of which no print can be made.
    SoundNotDecoded,
    /// Named in the chat, absent from the export.
    Missing,
    /// No text and no HTML in the export.
    NoChatText,
    /// Two names that differ only in case.
    CaseCollision {
        /// The other file.
        other: String,
    },
    /// Bytes that are not text.
    BadText {
        /// How many places.
        places: u64,
    },
    /// A zip that cannot be listed, or an entry that cannot be unpacked.
    BadZip {
        /// Why not.
        why: ZipFault,
    },
    /// A zip that was packed again by the one around it.
    ZipInZip,
    /// A page that the user named.
    NoSuchPage,
    /// Photos that are no files.
    InsidePage {
        /// How many.
        count: u32,
    },
    /// Photos that a page shows from elsewhere.
    OutsidePage {
        /// How many.
        count: u32,
        /// The first of them, as the page names them.
        names: Vec<String>,
    },
    /// A text in UTF-16.
    Utf16,
    /// Another export of the chat, which became a part of it.
    #[serde(rename_all = "camelCase")]
    SameChat {
        /// Its messages that were there already.
        shared: u64,
        /// Its messages that are new.
        added: u64,
        /// Its media that took the place of missing or lesser ones.
        better: u64,
        /// Seconds that were added to its clock.
        shift_s: i64,
    },
    /// An export of another chat.
    OtherChat,
    /// A message that WhatsApp cannot have sent.
    LongMessage {
        /// Which one, counted from 1.
        number: u32,
        /// Bytes of its text.
        bytes: u64,
    },
    /// A text in a code page.
    CodePage {
        /// Its name.
        name: String,
    },
    /// An entry of a zip that is not what was packed.
    Checksum,
    /// An original of a kind for which there is no decoder.
    NotLookedAt {
        /// The kind, as people call it.
        format: String,
    },
    /// Files of which only a placeholder is here.
    InCloud {
        /// How many.
        count: u32,
        /// The first of them.
        names: Vec<String>,
    },
    /// Day and month cannot be told apart.
    UnclearDates {
        /// The order used.
        order: DateOrder,
        /// What a date of the chat is in each order that fits, the one used
        /// first; empty if it is the same in all.
        choices: Vec<DateChoice>,
    },
}

/// Why the bytes of a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Unread {
    /// The browser's own words, or a parser's.
    Told {
        /// They.
        text: String,
    },
    /// An entry of a zip unpacks to more than the zip says.
    MoreThanClaimed,
    /// It grew.
    Longer,
    /// It changed its size.
    Changed,
    /// Only parts of it were taken, and this is none of them.
    NotTaken,
}

/// Why bytes did not become a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Undecoded {
    /// The decoder's own words.
    Told {
        /// They.
        text: String,
    },
    /// The decoder panicked.
    Panicked,
    /// A video's index is damaged.
    Index {
        /// The parser's own words.
        text: String,
    },
    /// A camera raw without a JPEG inside.
    NoPreview,
    /// No JPEG's beginning.
    NotJpeg,
    /// Width or height is zero.
    NoPixels,
    /// The pixels do not fill the size that the decoder named.
    WrongLength,
    /// There is no decoder for it.
    NotDecoded,
}

/// What is wrong with a zip or one of its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ZipFault {
    /// The zip library's own words.
    Told {
        /// They.
        text: String,
    },
    /// Its directory is too long.
    TooMany {
        /// Most entries of a zip.
        limit: u64,
    },
    /// The entry needs a password.
    Encrypted,
    /// The entry is packed in a way that is not unpacked.
    Packed {
        /// Its name, as the zip library has it.
        method: String,
    },
    /// So few bytes cannot become so many.
    Size,
    /// Its directory, which stands at its end, is missing.
    Cut,
    /// A part of a zip that was split.
    Part,
    /// It is packed by another program.
    NoZip,
    /// There is nothing in it that was looked for.
    NoChat,
}

/// What a file is by its bytes or its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// HEIF with HEVC pictures.
    Heic,
    /// AVIF.
    Avif,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// TIFF that is not a camera raw.
    Tiff,
    /// A camera raw.
    Raw,
    /// A video.
    Video,
    /// Sound.
    Audio,
    /// PDF.
    Pdf,
    /// A zip archive.
    Zip,
    /// HTML.
    Html,
    /// A contact card.
    Contact,
    /// Other text.
    Text,
    /// No bytes at all.
    Empty,
    /// None of these.
    Unknown,
}

impl From<&core::Issue> for FileIssue {
    fn from(issue: &core::Issue) -> Self {
        Self { path: issue.path.clone(), problem: (&issue.problem).into() }
    }
}

impl From<&core::Problem> for Problem {
    #[allow(clippy::too_many_lines)] // A table.
    fn from(problem: &core::Problem) -> Self {
        match problem {
            core::Problem::Empty => Self::Empty,
            core::Problem::Unreadable(why) => Self::Unreadable { why: why.into() },
            core::Problem::Truncated => Self::Truncated,
            core::Problem::Decode(why) => Self::Decode { why: why.into() },
            core::Problem::TooManyPixels { width, height, limit } => {
                Self::TooManyPixels { width: *width, height: *height, limit: *limit }
            }
            core::Problem::OverLimit { need, limit } => {
                Self::OverLimit { need: *need, limit: *limit }
            }
            core::Problem::NotWhatItsNameSays { named, found } => {
                Self::NotWhatItsNameSays { named: (*named).into(), found: (*found).into() }
            }
            core::Problem::NoMoov => Self::NoMoov,
            core::Problem::SoundNotDecoded => Self::SoundNotDecoded,
            core::Problem::Missing => Self::Missing,
            core::Problem::NoChatText => Self::NoChatText,
            core::Problem::CaseCollision(other) => Self::CaseCollision { other: other.clone() },
            core::Problem::BadText(places) => Self::BadText { places: *places as u64 },
            core::Problem::BadZip(why) => Self::BadZip { why: why.into() },
            core::Problem::ZipInZip => Self::ZipInZip,
            core::Problem::NoSuchPage => Self::NoSuchPage,
            core::Problem::InsidePage { count } => Self::InsidePage { count: *count },
            core::Problem::OutsidePage { count, names } => {
                Self::OutsidePage { count: *count, names: names.clone() }
            }
            core::Problem::Utf16 => Self::Utf16,
            core::Problem::CodePage(name) => Self::CodePage { name: name.clone() },
            core::Problem::Checksum => Self::Checksum,
            core::Problem::SameChat { shared, added, better, shift_s } => Self::SameChat {
                shared: *shared as u64,
                added: *added as u64,
                better: *better as u64,
                shift_s: *shift_s,
            },
            core::Problem::OtherChat => Self::OtherChat,
            core::Problem::LongMessage { number, bytes } => {
                Self::LongMessage { number: *number, bytes: *bytes }
            }
            core::Problem::NotLookedAt { kind } => Self::NotLookedAt { format: kind.clone() },
            core::Problem::InCloud { count, names } => {
                Self::InCloud { count: *count, names: names.clone() }
            }
            core::Problem::UnclearDates(core::DateDoubt { order, choices }) => Self::UnclearDates {
                order: Some(*order).into(),
                choices: choices.iter().map(DateChoice::from).collect(),
            },
        }
    }
}

impl From<&core::Unread> for Unread {
    fn from(why: &core::Unread) -> Self {
        match why {
            core::Unread::Told(text) => Self::Told { text: text.clone() },
            core::Unread::MoreThanClaimed => Self::MoreThanClaimed,
            core::Unread::Longer => Self::Longer,
            core::Unread::Changed => Self::Changed,
            core::Unread::NotTaken => Self::NotTaken,
        }
    }
}

impl From<&core::Undecoded> for Undecoded {
    fn from(why: &core::Undecoded) -> Self {
        match why {
            core::Undecoded::Told(text) => Self::Told { text: text.clone() },
            core::Undecoded::Panicked => Self::Panicked,
            core::Undecoded::Index(text) => Self::Index { text: text.clone() },
            core::Undecoded::NoPreview => Self::NoPreview,
            core::Undecoded::NotJpeg => Self::NotJpeg,
            core::Undecoded::NoPixels => Self::NoPixels,
            core::Undecoded::WrongLength => Self::WrongLength,
            core::Undecoded::NotDecoded => Self::NotDecoded,
        }
    }
}

impl From<&core::ZipFault> for ZipFault {
    fn from(why: &core::ZipFault) -> Self {
        match why {
            core::ZipFault::Told(text) => Self::Told { text: text.clone() },
            core::ZipFault::TooMany { limit } => Self::TooMany { limit: *limit as u64 },
            core::ZipFault::Encrypted => Self::Encrypted,
            core::ZipFault::Packed(method) => Self::Packed { method: method.clone() },
            core::ZipFault::Size => Self::Size,
            core::ZipFault::Cut => Self::Cut,
            core::ZipFault::Part => Self::Part,
            core::ZipFault::NoZip => Self::NoZip,
            core::ZipFault::NoChat => Self::NoChat,
        }
    }
}

impl From<model::Kind> for FileKind {
    fn from(kind: model::Kind) -> Self {
        match kind {
            model::Kind::Jpeg => Self::Jpeg,
            model::Kind::Heic => Self::Heic,
            model::Kind::Avif => Self::Avif,
            model::Kind::Png => Self::Png,
            model::Kind::Webp => Self::Webp,
            model::Kind::Gif => Self::Gif,
            model::Kind::Tiff => Self::Tiff,
            model::Kind::Raw => Self::Raw,
            model::Kind::Video => Self::Video,
            model::Kind::Audio => Self::Audio,
            model::Kind::Pdf => Self::Pdf,
            model::Kind::Zip => Self::Zip,
            model::Kind::Html => Self::Html,
            model::Kind::Contact => Self::Contact,
            model::Kind::Text => Self::Text,
            model::Kind::Empty => Self::Empty,
            model::Kind::Unknown => Self::Unknown,
        }
    }
}
