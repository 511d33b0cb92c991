//! What crosses whatever the job is: progress, files, what is remembered, failures.

use heirloom_core::{need, progress};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// The six stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Folder entries and chat text to a library and an export.
    Collect,
    /// Bytes to features.
    Examine,
    /// Features to pairings.
    Matching,
    /// Pairings and answers to a plan.
    Plan,
    /// The plan to the bundle.
    Rebuild,
    /// What happened to each item, and why.
    Report,
}

/// How far the current stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The stage at work.
    pub stage: Stage,
    /// Items done in this stage.
    pub done: u64,
    /// Items in this stage.
    pub total: u64,
    /// Bytes read so far, over all stages.
    pub bytes_read: u64,
    /// Bytes written so far.
    pub bytes_written: u64,
    /// Pictures and videos matched so far.
    pub matched: u64,
}

/// What one batch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Batch {
    /// How far the job is.
    pub progress: Progress,
    /// Whether this phase of the job is complete.
    pub done: bool,
    /// What the job waits for; null: nothing.
    pub need: Option<Need>,
}

/// What a job asks the page for, and the number under which it is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Need {
    /// Frames of two videos.
    Frames {
        /// The question's number.
        id: u32,
        /// Which videos, and where in them.
        pair: VideoPair,
    },
}

/// A pair of videos that the page should look into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct VideoPair {
    /// The exported medium.
    pub medium: u32,
    /// Its file.
    pub exported: u32,
    /// The original it may come from.
    pub original: u32,
    /// Where frames of both are taken.
    pub moments: Vec<VideoMoment>,
    /// Long edge of the frames, in pixels.
    pub long_edge: u32,
}

/// One moment of both videos. A place before the beginning or behind the end
/// means the first or the last frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct VideoMoment {
    /// The place of the exported video's frame, in seconds from its start.
    pub exported_s: f64,
    /// The places of the original's frames, in seconds from its start.
    pub originals_s: Vec<f64>,
}

/// One input file, as the review shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ItemInfo {
    /// Its number.
    pub item: u32,
    /// Its path below the chosen folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Pixels, after orientation; null: unknown.
    pub width: Option<u32>,
    /// Pixels, after orientation; null: unknown.
    pub height: Option<u32>,
    /// Seconds since 1970 on the camera's wall clock, or in UTC where no zone
    /// was written; null: unknown.
    pub taken_s: Option<i64>,
    /// Maker and model; null: unknown.
    pub camera: Option<String>,
}

/// Why a call failed; the page owns the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCode {
    /// Nothing to work on in the export.
    NoChat,
    /// The chat is in a file that cannot be read.
    Locked,
    /// The output refused bytes.
    Output,
    /// A step was asked for before the one it needs.
    TooEarly,
    /// One file cannot be shown.
    Item,
    /// The page passed something this build does not understand.
    Unsupported,
    /// The catalogue is damaged, foreign or of another version.
    Unusable,
    /// A newer version of the page wrote the catalogue.
    Newer,
    /// The browser gives the catalogue no more space.
    Full,
    /// The catalogue's storage failed in another way.
    Storage,
}

/// How much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Remembered {
    /// Files that need not be examined again.
    pub files: u64,
    /// Decisions of the user.
    pub answers: u64,
    /// Bundles that were written.
    pub runs: u64,
    /// Bytes of what may be forgotten.
    pub bytes: u64,
    /// Bytes of what is kept until the user deletes it.
    pub forever_bytes: u64,
}

/// What is thrown by every call that fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Failure {
    /// Why.
    pub code: FailureCode,
    /// The file it is about; null: the job.
    pub item: Option<u32>,
    /// The core's own sentence.
    pub text: String,
}

impl From<progress::Progress> for Progress {
    fn from(progress: progress::Progress) -> Self {
        Self {
            stage: match progress.stage {
                progress::Stage::Collect => Stage::Collect,
                progress::Stage::Examine => Stage::Examine,
                progress::Stage::Matching => Stage::Matching,
                progress::Stage::Plan => Stage::Plan,
                progress::Stage::Rebuild => Stage::Rebuild,
                progress::Stage::Report => Stage::Report,
            },
            done: progress.done,
            total: progress.total,
            bytes_read: progress.bytes_read,
            bytes_written: progress.bytes_written,
            matched: progress.matched,
        }
    }
}

impl Batch {
    /// What a batch came to, of a job that is so far.
    pub fn new(advance: progress::Advance, progress: progress::Progress) -> Self {
        let (done, need) = match advance {
            progress::Advance::Working(_) => (false, None),
            progress::Advance::Need(id, need) => (false, Some(Need::new(id, need))),
            progress::Advance::Done(_) => (true, None),
        };
        Self { progress: progress.into(), done, need }
    }
}

impl Need {
    fn new(id: need::NeedId, need: need::Need) -> Self {
        match need {
            need::Need::Frames(frames) => Self::Frames { id: id.0, pair: frames.into() },
        }
    }
}

impl From<need::Frames> for VideoPair {
    fn from(frames: need::Frames) -> Self {
        let moment = |at: need::Moment| VideoMoment {
            exported_s: at.exported_s,
            originals_s: at.originals_s,
        };
        Self {
            medium: frames.medium.0,
            exported: frames.exported.0,
            original: frames.original.0,
            moments: frames.moments.into_iter().map(moment).collect(),
            long_edge: frames.long_edge,
        }
    }
}
