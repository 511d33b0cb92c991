//! The result of matching: a [`Pairing`] for every exported medium, with its
//! evidence.

use super::reason::Reason;
use crate::model::{Edits, ItemId, MediumId};
use crate::settings::{Mode, Proof, Settings};

/// What was decided for one exported medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Bits by which the two fingerprints differ, 0 to 64.
    pub phash_distance: Option<u32>,
    /// RMS difference in grey levels (0 to 255) after a fit of gain and offset, at
    /// 512 pixels or less (frames of videos: at 320).
    pub residual: Option<f32>,
    /// Residual of the next best unit divided by the best one's.
    pub runner_up_ratio: Option<f32>,
    /// Sent minus taken in seconds, clock offset removed.
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
    pub edits: Edits,
    /// The original, only if matched.
    pub original: Option<ItemId>,
    /// Other files of the same picture (copies, HEIC beside JPG …), by path.
    pub also: Vec<ItemId>,
    /// The best candidate's measurements.
    pub score: Score,
    /// The limits that were applied.
    pub thresholds: Proof,
    /// The mode that was applied.
    pub mode: Mode,
    /// What was considered, best first, at most [`crate::settings::Limits::shortlist`].
    pub candidates: Vec<Candidate>,
    /// Why.
    pub reason: Reason,
}

impl Pairing {
    /// A pairing about which nothing is known yet.
    pub(super) fn blank(medium: MediumId, settings: &Settings) -> Self {
        Self {
            medium,
            decision: Decision::NoCandidates,
            edits: Edits::EMPTY,
            original: None,
            also: Vec::new(),
            score: Score::default(),
            thresholds: settings.proof(),
            mode: settings.mode,
            candidates: Vec::new(),
            reason: Reason::Open,
        }
    }
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

/// What one batch of matching did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Media decided so far, plus searches and comparisons of changed pictures made
    /// so far.
    pub done: u64,
    /// Media in all, plus the searches and comparisons of changed pictures known so
    /// far; it grows when more are found.
    pub total: u64,
    /// Work done in this batch without reading, in pieces of some 20 microseconds
    /// of one thread (estimated); at most `Matcher::most_work`.
    pub work: u64,
    /// Media matched so far.
    pub matched: u64,
    /// Whether all are decided.
    pub finished: bool,
}
