//! The document of the duplicates job, version 1: what `heirloom duplicates DIR…
//! --json` prints, and with `trash` the plan that comes back. `docs/formats.md` has
//! its keys.

mod differs;
pub(crate) mod findings;
mod metadata;
pub mod page;
mod side;
pub mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version that is written and read.
pub const VERSION: u32 = 1;

/// Everything found. Paths are relative to the given folder, with `/`; with several
/// folders the folder's name comes first. All lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// [`VERSION`].
    pub version: u32,
    /// Counts.
    pub summary: Summary,
    /// Files that belong together.
    pub stacks: Vec<Stack>,
    /// Duplicates, list by list.
    pub groups: Vec<Group>,
    /// BLAKE3 in hex of every file of a group or stack.
    pub hashes: BTreeMap<String, String>,
    /// Pairs that the user called different.
    pub not_duplicates: Vec<Vec<String>>,
    /// What is wrong with single files.
    pub issues: Vec<FileIssue>,
    /// In a plan: the files that go to the trash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trash: Vec<String>,
}

/// Counts of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Files that were looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of all units but the keepers, each file once, over the first three lists.
    pub bytes_to_gain: u64,
    /// Files not examined yet.
    pub left: u64,
}

/// Files that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// Of its content: the same files give the same id.
    pub id: String,
    /// By which rule.
    pub rule: Rule,
    /// Its files; the one that stands for it first.
    pub files: Vec<String>,
}

/// Why files are one stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
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

/// How sure it is that two units are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The same bytes.
    Exact,
    /// The same picture data under other metadata.
    Payload,
    /// The same shot in another encoding.
    Shot,
    /// Shots that look alike.
    Similar,
}

/// Units that are one picture, or look alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Of its content: the same files give the same id.
    pub id: String,
    /// Which list it stands in.
    pub list: List,
    /// The file whose unit is suggested to stay.
    pub keeper: String,
    /// Why that one, as a sentence.
    pub reason: String,
    /// The keeper's unit first.
    pub units: Vec<Unit>,
}

/// The files of one shot, which act together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its files; the one that stands for it first.
    pub files: Vec<String>,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Width and height of the first file as shown; `None`: unknown.
    pub pixels: Option<(u32, u32)>,
    /// How it was changed from the keeper's picture.
    pub edits: Vec<String>,
    /// Files of the given chats that are this one, as they are called there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chats: Vec<String>,
    /// What differs from the keeper: key, the keeper's value, this unit's value.
    pub differs: BTreeMap<String, (Value, Value)>,
}

/// What is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileIssue {
    /// Its path.
    pub file: String,
    /// One sentence.
    pub text: String,
}
