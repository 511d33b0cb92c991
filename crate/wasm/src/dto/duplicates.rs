//! What crosses for the duplicates job: light rows for the list, one group's
//! details, and counts.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use super::common::ItemInfo;

/// How sure it is that units are one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum DuplicateList {
    /// The same bytes.
    Exact,
    /// The same picture data under other metadata.
    Payload,
    /// The same shot in another encoding.
    Shot,
    /// Shots that look alike.
    Similar,
}

/// Why files belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum StackRule {
    /// Photo and video with one content identifier.
    LivePhoto,
    /// A camera raw and its JPEG.
    RawJpg,
    /// An HEIC and its JPEG.
    HeicJpg,
    /// A photo and its film in a file of its own.
    MotionPhoto,
    /// The photo and an edited version of it.
    Edited,
    /// A file and its sidecar.
    Sidecar,
    /// Frames of a burst: different shots.
    Burst,
    /// The user said so.
    ByHand,
}

/// What a group is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum GroupMedia {
    /// Photos.
    Photo,
    /// Videos.
    Video,
    /// Anything else.
    Other,
}

/// One unit of a group, as far as lists, filters and helpers need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct UnitRow {
    /// Its number: the same unit has the same in every group.
    pub unit: u32,
    /// The file that stands for it.
    pub item: u32,
    /// That file's path.
    pub path: String,
    /// Files of the unit.
    pub files: u32,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Pixels of the file that stands for it, width times height; null: unknown.
    pub pixels: Option<u64>,
    /// Seconds since 1970 when it was taken, else when the file was last changed;
    /// null: unknown.
    pub date_s: Option<i64>,
}

/// One group, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct GroupRow {
    /// Of its content: the same files give the same id.
    pub id: String,
    /// Which list it stands in.
    pub list: DuplicateList,
    /// What it is of.
    pub media: GroupMedia,
    /// Its units; the one that is suggested to stay comes first.
    pub units: Vec<UnitRow>,
}

/// One file of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct UnitFile {
    /// The file.
    pub info: ItemInfo,
    /// Whether there is a picture of it to show.
    pub media: GroupMedia,
}

/// One property in which a unit is not as the suggested keeper. Values are JSON:
/// what they mean depends on the property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Which property.
    pub key: String,
    /// The keeper's value.
    pub keeper: String,
    /// This unit's.
    pub own: String,
}

/// One unit of a group, as its card shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct UnitDetails {
    /// Its number.
    pub unit: u32,
    /// Its files; the one that stands for it first.
    pub files: Vec<UnitFile>,
    /// Why they belong together; null: it is one file.
    pub rule: Option<StackRule>,
    /// How it was changed from the keeper's picture.
    pub edits: Vec<String>,
    /// Files of the given chats that are this one.
    pub chats: Vec<String>,
    /// What differs from the keeper.
    pub differs: Vec<Difference>,
}

/// One group, as the review shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct GroupDetails {
    /// Which group.
    pub id: String,
    /// Why its first unit is suggested to stay, as a sentence.
    pub reason: String,
    /// Its units, in the order of [`GroupRow::units`].
    pub units: Vec<UnitDetails>,
}

/// How many stacks there are by one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct StackCount {
    /// The rule.
    pub rule: StackRule,
    /// How many.
    pub stacks: u32,
}

/// One file with something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DuplicatesIssue {
    /// Its path.
    pub path: String,
    /// One sentence.
    pub text: String,
}

/// What was looked at, and what stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct DuplicatesSummary {
    /// Files that were looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files not examined yet.
    pub left: u64,
    /// What is wrong with single files.
    pub issues: Vec<DuplicatesIssue>,
}
