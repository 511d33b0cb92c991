//! Pieces of work for the proof: what is compared with what.

use super::cache::AtSize;
use super::proof::{EDGE, Trial};

/// Something to compare.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Work {
    /// An original with the exported pictures that shortlist it.
    Compare {
        unit: u32,
        /// Which of the unit's files; the next is tried if it cannot be read.
        member: usize,
        trials: Vec<u32>,
    },
    /// The first original with the others, at the size of an exported picture.
    Rivals { units: Vec<u32>, size: (u32, u32) },
    /// The first exported picture with the others.
    Twins { trials: Vec<u32> },
}

impl Work {
    /// Size of the comparison.
    pub(super) fn size(&self, trials: &[Trial]) -> (u32, u32) {
        let target = |trial: &u32| trials[*trial as usize].target();
        let size = match self {
            Self::Rivals { size, .. } => Some(*size),
            Self::Compare { trials: asked, .. } => asked.first().map(target),
            // Two exports of one picture may have been made small differently.
            Self::Twins { trials: asked } => asked.iter().map(target).min(),
        };
        size.unwrap_or((EDGE, EDGE))
    }

    /// The exported pictures that it reads, each at the size it is compared at.
    pub(super) fn exported(&self, trials: &[Trial]) -> Vec<AtSize> {
        let size = |asked: u32| match self {
            Self::Twins { .. } => self.size(trials),
            _ => trials[asked as usize].target(),
        };
        self.sides().0.into_iter().map(|asked| (asked, size(asked))).collect()
    }

    /// The sizes that its originals are compared at.
    pub(super) fn sizes(&self, trials: &[Trial]) -> Vec<(u32, u32)> {
        match self {
            Self::Compare { trials: asked, .. } => {
                asked.iter().map(|&trial| trials[trial as usize].target()).collect()
            }
            _ => vec![self.size(trials)],
        }
    }

    /// Trials and `(unit, member)`s that it reads.
    pub(super) fn sides(&self) -> (Vec<u32>, Vec<(u32, usize)>) {
        match self {
            Self::Compare { unit, member, trials } => (trials.clone(), vec![(*unit, *member)]),
            Self::Rivals { units, .. } => {
                (Vec::new(), units.iter().map(|&unit| (unit, 0)).collect())
            }
            Self::Twins { trials } => (trials.clone(), Vec::new()),
        }
    }

    /// What is compared with what: an original with exported pictures, two
    /// originals, or two exported pictures.
    pub(super) fn pairs(&self) -> Vec<(u32, u32)> {
        let with_first = |ids: &[u32]| match ids.split_first() {
            Some((&first, others)) => others.iter().map(|&other| (first, other)).collect(),
            None => Vec::new(),
        };
        match self {
            Self::Compare { unit, trials, .. } => {
                trials.iter().map(|&trial| (*unit, trial)).collect()
            }
            Self::Rivals { units, .. } => with_first(units),
            Self::Twins { trials } => with_first(trials),
        }
    }

    /// The work in two: the pairs that are known, and the others.
    pub(super) fn split(self, known: &[bool]) -> (Self, Self) {
        let part = |ids: &[u32], want: bool| -> Vec<u32> {
            let chosen = ids.iter().zip(known).filter(|(_, known)| **known == want);
            chosen.map(|(id, _)| *id).collect()
        };
        let below_first = |ids: &[u32], want: bool| match ids.split_first() {
            Some((&first, others)) => std::iter::once(first).chain(part(others, want)).collect(),
            None => Vec::new(),
        };
        let of = |want| match &self {
            Self::Compare { unit, member, trials } => {
                Self::Compare { unit: *unit, member: *member, trials: part(trials, want) }
            }
            Self::Rivals { units, size } => {
                Self::Rivals { units: below_first(units, want), size: *size }
            }
            Self::Twins { trials } => Self::Twins { trials: below_first(trials, want) },
        };
        (of(true), of(false))
    }
}
