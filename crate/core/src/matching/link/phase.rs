//! The phases of the matching, and what one of them orders.

use std::collections::BTreeSet;

use super::candidates;
use super::inspect::Inspect;
use super::trial::TrialId;
use crate::matching::pairing::Pairing;
use crate::matching::units::UnitId;
use crate::model::Size;

/// Work of one batch that reads nothing, in pieces; the next batch goes on.
/// Considering one picture is one piece, some 20 microseconds (estimated), so a
/// batch takes about 80 ms.
pub(super) const CONSIDERED: u64 = 4096;

/// Neighbours, or videos of the library, that are looked at in one piece of work
/// (estimated).
pub(super) const SEEN: usize = 64;

/// What is compared now. A phase begins when all comparisons of the one before are
/// done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Fingerprints: the originals that each picture could come from.
    Rank,
    /// Shortlisted originals with their pictures; the next list where one holds no
    /// match.
    Shortlist(usize),
    /// Originals taken around the message of a picture without a match.
    Around,
    /// Originals taken around the best one.
    Neighbours,
    /// Originals that fit almost equally, with each other.
    Rivals,
    /// Originals that letters or near rivals make doubtful, at full size.
    Inspect,
    /// How much this chat's encoder leaves.
    Share,
    /// Pictures without a match, as if they had been changed before they were sent.
    Edits,
    /// Originals that fit such a picture almost equally, with each other.
    EditRivals,
    /// Those of them that differ, through a filter.
    Variants,
    /// Exported pictures that claim one original, with each other.
    Twins,
    /// Documents, by content.
    Documents,
    /// The sound of videos.
    Sounds,
    /// The clock difference, from what is proved.
    Clock,
    /// The final decisions on pictures, with the clock.
    Pictures,
    /// The final decisions on all media.
    Deciding,
    /// Everything is decided.
    Finished,
}

impl Phase {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Rank => Self::Shortlist(0),
            Self::Shortlist(round) if round + 1 < candidates::ROUNDS => Self::Shortlist(round + 1),
            Self::Shortlist(_) => Self::Around,
            Self::Around => Self::Neighbours,
            Self::Neighbours => Self::Rivals,
            Self::Rivals => Self::Inspect,
            Self::Inspect => Self::Share,
            Self::Share => Self::Edits,
            Self::Edits => Self::EditRivals,
            Self::EditRivals => Self::Variants,
            Self::Variants => Self::Twins,
            Self::Twins => Self::Documents,
            Self::Documents => Self::Sounds,
            Self::Sounds => Self::Clock,
            Self::Clock => Self::Pictures,
            Self::Pictures => Self::Deciding,
            Self::Deciding | Self::Finished => Self::Finished,
        }
    }
}

/// What the pictures of a phase ask for, collected until all were considered.
#[derive(Default)]
pub(super) struct Draft {
    /// The first trial (in [`Phase::Sounds`] and
    /// [`Phase::Deciding`] medium) that was not considered yet.
    pub at: usize,
    /// Comparisons to order: trial and unit.
    pub pairs: Vec<(TrialId, UnitId)>,
    /// Originals to compare with each other: the best one, the others, and the size
    /// in pixels.
    pub rivals: Vec<(UnitId, Vec<UnitId>, Size)>,
    /// Pairs of originals that `rivals` holds already.
    pub ordered: BTreeSet<(UnitId, UnitId)>,
    /// Pairs of originals that may be one through a filter, and the size in pixels.
    pub variants: BTreeSet<(UnitId, UnitId, Size)>,
    /// What is to be looked at in full size.
    pub inspections: Vec<Inspect>,
    /// Trials whose pictures may have been changed.
    pub wanted: Vec<TrialId>,
    /// Units with the second in which they were taken, ascending.
    pub by_time: Vec<(i64, UnitId)>,
    pub pairings: Vec<Pairing>,
}
