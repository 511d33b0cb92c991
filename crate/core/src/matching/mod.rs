//! Features of both sides become [`Pairing`]s, each with its evidence.
//!
//! The cascade of the design: units → gates → candidates → shortlist → proof.
//! [`Matcher`] is driven in bounded batches because the proof reads files.

mod align;
mod assign;
mod blocks;
mod cache;
mod candidates;
mod clock;
mod decide;
mod documents;
mod edit_verdict;
mod edited;
mod edits;
mod explain;
mod fingerprints;
#[cfg(test)]
mod fixture;
pub(crate) mod frames;
mod gates;
mod limit;
mod matcher;
mod memo;
mod motion;
mod offset;
mod parts;
mod proof;
mod residual;
mod robust;
#[cfg(test)]
mod scenes;
mod sight;
mod solve;
#[cfg(test)]
mod tests;
mod tint;
mod tone;
mod units;
mod videos;
mod work;

use crate::model::{Edit, ItemId, MediumId};
use crate::settings::{Mode, Proof};

pub use frames::{FRAME_EDGE, Frame, Look, NEIGHBOURS};
pub use matcher::Matcher;

/// What the speed of is measured (`benches/`); not for other use.
#[doc(hidden)]
pub mod bench {
    pub use super::fingerprints::Fingerprints;
    use crate::examine::decode::GreyMap;

    use super::parts;
    use crate::model::Miniature;

    /// How many originals could be behind each picture, had it been changed; all
    /// are as large.
    #[must_use]
    pub fn parts(wanted: &[Miniature], originals: &[Miniature]) -> Vec<usize> {
        let size = (1600, 1200);
        let wanted: Vec<parts::Wanted<'_>> =
            wanted.iter().map(|miniature| parts::Wanted { miniature, size }).collect();
        let originals: Vec<parts::Original<'_>> = (0u32..)
            .zip(originals)
            .map(|(unit, miniature)| parts::Original { unit, miniature, size })
            .collect();
        parts::search(&wanted, &originals).iter().map(Vec::len).collect()
    }

    /// What is left of two small pictures after a fit, in grey levels.
    #[must_use]
    pub fn residual(exported: &GreyMap, original: &GreyMap) -> Option<f64> {
        super::residual::fit_sent(exported, original).map(|fit| fit.residual)
    }
}

/// A remembered comparison as JSON; `None` if it is damaged.
pub(crate) fn comparison_json(value: &[u8]) -> Option<String> {
    memo::json(value)
}

/// What was decided for one exported medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Its original is known.
    Matched,
    /// Several different originals fit too equally.
    Ambiguous,
    /// Nothing in the library could be it.
    NoCandidates,
    /// What came close is another picture.
    TooDifferent,
    /// The only match is no better than the exported file.
    NotBetter,
    /// The exported file cannot be read.
    Unreadable,
    /// Stickers, GIFs, voice notes, contacts: there is no original to look for.
    NotMatchable,
    /// The chat names it, the export lacks it.
    Missing,
}

impl Decision {
    /// The one spelling of its name, as in `mapping.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Ambiguous => "ambiguous",
            Self::NoCandidates => "no_candidates",
            Self::TooDifferent => "too_different",
            Self::NotBetter => "not_better",
            Self::Unreadable => "unreadable",
            Self::NotMatchable => "not_matchable",
            Self::Missing => "missing",
        }
    }
}

/// What was measured between an exported medium and one original. `None`:
/// not measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score {
    /// Differing bits of the two fingerprints, 0 to 64.
    pub phash_distance: Option<u32>,
    /// RMS difference in grey levels at 512 pixels (frames of videos: at 320),
    /// after a gain and offset fit.
    pub residual: Option<f32>,
    /// How many times larger the residual of the next best unit is.
    pub runner_up_ratio: Option<f32>,
    /// Sent minus taken, offset removed, in seconds.
    pub time_difference_s: Option<i64>,
    /// Exported minus original length, in seconds.
    pub duration_difference_s: Option<f32>,
}

/// One original that was considered, best first, for the review.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The best member of its unit.
    pub item: ItemId,
    /// What was measured.
    pub score: Score,
}

/// The decision for one exported medium, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// The exported medium.
    pub medium: MediumId,
    /// What was decided.
    pub decision: Decision,
    /// How the picture was changed before it was sent.
    pub edit: Edit,
    /// The original, only if matched.
    pub original: Option<ItemId>,
    /// Other files of the same unit (copies, HEIC beside JPG …), by path.
    pub also: Vec<ItemId>,
    /// The best candidate's measurements.
    pub score: Score,
    /// The limits that were applied.
    pub thresholds: Proof,
    /// The mode that was applied.
    pub mode: Mode,
    /// What was considered, best first, at most [`crate::settings::Limits::shortlist`].
    pub candidates: Vec<Candidate>,
    /// The decision in one plain sentence.
    pub reason: String,
}

/// The clock difference between the exporting phone and the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// First wall-clock second it holds for.
    pub from: i64,
    /// Last wall-clock second it holds for.
    pub to: i64,
    /// Seconds to add to a capture's wall clock to get the chat's.
    pub seconds: i32,
    /// Proved matches that support it.
    pub evidence: u32,
}

/// What matching found.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    /// One per medium, by [`MediumId`].
    pub pairings: Vec<Pairing>,
    /// Clock differences, ascending in time.
    pub offsets: Vec<Offset>,
}

/// What one batch of matching came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Media decided so far.
    pub done: u64,
    /// Media in all.
    pub total: u64,
    /// Bytes read in this batch.
    pub bytes_read: u64,
    /// Media matched so far.
    pub matched: u64,
    /// Whether all are decided.
    pub finished: bool,
}
