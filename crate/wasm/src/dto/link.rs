//! What crosses for the chat job: its settings, its review, and the user's answers.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::common::ItemInfo;
use super::dates::{DateChoice, DateEvidence, DateOrder};
use super::problem::FileIssue;
use super::reason::Reason;

/// How much proof a link needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Only what is beyond doubt.
    Strict,
    /// Safe and complete enough for most.
    Balanced,
    /// Finds more, for a user who looks at every pair.
    Loose,
}

/// Where candidates may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Search {
    /// The whole library.
    Library,
    /// Only originals inside the time window.
    Window,
}

/// What becomes of an HEIC original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Heic {
    /// The original and a JPEG that every browser shows.
    View,
    /// Only the original.
    Original,
}

/// What was decided for one exported medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Its original is known.
    Matched,
    /// Several different originals fit nearly equally well.
    Ambiguous,
    /// Nothing in the library could be it.
    NoCandidates,
    /// What came close is another picture.
    TooDifferent,
    /// The only match is no better than the exported file.
    NotBetter,
    /// The exported file cannot be read.
    Unreadable,
    /// There is no original to look for.
    NotMatchable,
    /// The chat names it, the export lacks it.
    Missing,
}

/// What a medium is to the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum MediaKind {
    /// A photo.
    Image,
    /// A video.
    Video,
    /// A GIF, which WhatsApp sends as a silent MP4.
    Gif,
    /// A sticker.
    Sticker,
    /// A voice note.
    Voice,
    /// Another sound file.
    Audio,
    /// A contact card.
    Contact,
    /// A file sent as a document.
    Document,
}

/// One way in which the exported picture was changed before it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Edit {
    /// A part was pixelated, blurred or painted over to hide it.
    Cover,
    /// Something drawn or written on it.
    Drawing,
    /// A part of the picture.
    Crop,
    /// Turned by a quarter or a half.
    Turn,
    /// Left and right swapped.
    Mirror,
    /// Colours changed.
    Filter,
    /// A video of which only a part was sent.
    Trim,
}

/// What the user may choose. A missing field is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Settings {
    /// How much proof a link needs.
    pub mode: Mode,
    /// Seconds to either side of the send time.
    pub match_window_seconds: u32,
    /// null: what the mode says.
    pub phash_threshold: Option<u32>,
    /// Where candidates may come from.
    pub search: Search,
    /// What becomes of HEIC originals.
    pub heic: Heic,
    /// Day, month and year as the chat writes them.
    pub date_order: DateOrder,
}

/// What the user chooses for one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct BundleChoices {
    /// The sender whose bubbles stand on the right; null: decided from the
    /// chat's name, if it can be.
    pub me: Option<String>,
    /// What becomes of HEIC originals.
    pub heic: Heic,
}

/// What was measured between an exported medium and one original; null: not
/// measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Score {
    /// Differing bits, 0 to 64.
    pub phash_distance: Option<u32>,
    /// RMS difference in grey levels at 512 pixels; of videos' frames, at 320.
    pub residual: Option<f32>,
    /// How many times larger the next best residual is.
    pub runner_up_ratio: Option<f32>,
    /// Sent minus taken, offset removed, in seconds.
    pub time_difference_s: Option<i64>,
    /// Exported minus original length, in seconds.
    pub duration_difference_s: Option<f32>,
}

/// One original that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The original.
    pub original: ItemInfo,
    /// What was measured.
    pub score: Score,
}

/// What the user decided about one medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Answer {
    /// The best candidate is the original.
    Accept,
    /// Keep the exported file.
    Reject,
    /// This one is the original.
    Pick {
        /// The original's number.
        item: u32,
    },
    /// This one is the original, and goes into the bundle although a part of it was
    /// hidden before it was sent.
    Reveal {
        /// The original's number.
        item: u32,
    },
}

/// One exported medium with its decision: a row of the review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Row {
    /// Its number.
    pub medium: u32,
    /// Its name in the export.
    pub name: String,
    /// What it is to the chat.
    pub kind: MediaKind,
    /// The exported file; null: missing.
    pub exported: Option<ItemInfo>,
    /// Wall-clock seconds since 1970; null: unknown.
    pub sent_s: Option<i64>,
    /// Who sent it; null: unknown.
    pub sender: Option<String>,
    /// The message's words.
    pub caption: String,
    /// What was decided, the user's answer included.
    pub decision: Decision,
    /// How the picture was changed before it was sent; empty: only made small.
    pub edits: Vec<Edit>,
    /// The original, if matched.
    pub original: Option<ItemInfo>,
    /// Paths of other files of the same picture.
    pub also: Vec<String>,
    /// The best candidate's measurements.
    pub score: Score,
    /// Why it was decided so.
    pub reason: Reason,
    /// What was considered, best first.
    pub candidates: Vec<Candidate>,
    /// The user's answer; null: none yet.
    pub answer: Option<Answer>,
}

/// How many media of one kind came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// In the export.
    pub exported: u32,
    /// With their original.
    pub matched: u32,
    /// Several originals fit.
    pub ambiguous: u32,
    /// The rest.
    pub unmatched: u32,
}

/// The counts of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Photos.
    pub images: Count,
    /// Videos.
    pub videos: Count,
    /// Everything else.
    pub others: Count,
}

/// The clock difference between the exporting phone and the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Offset {
    /// First wall-clock second it holds for.
    pub from_s: i64,
    /// Last wall-clock second it holds for.
    pub to_s: i64,
    /// Seconds to add to the camera's clock.
    pub seconds: i32,
    /// Proved matches that support it.
    pub evidence: u32,
}

/// What is known about the chat once it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ChatInfo {
    /// The chat's name; empty if unknown.
    pub title: String,
    /// Messages in all.
    pub messages: u32,
    /// Senders, by their first message.
    pub participants: Vec<String>,
    /// First message, wall-clock seconds since 1970; null: unknown.
    pub first_s: Option<i64>,
    /// Last message, wall-clock seconds since 1970; null: unknown.
    pub last_s: Option<i64>,
    /// How day and month were told apart.
    pub date_order: DateOrder,
    /// Why; null: no date was read.
    pub date_evidence: Option<DateEvidence>,
    /// Whether the evidence decides; if not, the user should be asked.
    pub dates_decided: bool,
    /// If not: what one of its dates means in each order that fits; the one
    /// used comes first.
    pub date_choices: Vec<DateChoice>,
    /// Files among the originals.
    pub originals: u32,
}

/// Everything the review shows. `missing_as_null` of the outermost type decides
/// for everything inside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Review {
    /// The chat.
    pub chat: ChatInfo,
    /// Photos.
    pub images: Count,
    /// Videos.
    pub videos: Count,
    /// Everything else.
    pub others: Count,
    /// Clock differences, ascending in time.
    pub offsets: Vec<Offset>,
    /// One for each exported medium, in chat order.
    pub rows: Vec<Row>,
    /// What was wrong with single files.
    pub issues: Vec<FileIssue>,
}
