//! One exported picture on its way through the proof.

use std::collections::BTreeMap;
use std::ops::{Index, IndexMut, Range};

use super::candidates::{Query, Ranked};
use crate::error::Problem;
use crate::matching::evidence::edited::EditedFit;
use crate::matching::evidence::grid::{CLUSTERED, STORED_AGAIN};
use crate::matching::evidence::quantised::Violation;
use crate::matching::evidence::residual::{COMPARED_EDGE, Fit};
use crate::matching::units::UnitId;
use crate::model::Size;

/// Smallest long edge in pixels at which a picture is compared. Others are compared
/// at half their size or less: at full size the sharpness that the chat's filter
/// left would count as a difference. That it is 96 is chosen.
const LEAST_EDGE: u32 = 96;

/// One exported picture that is to be proved, by its place among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::matching) struct TrialId(pub u32);

/// One original measured against an exported picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct Tested {
    pub unit: UnitId,
    /// Bits by which the fingerprints differ.
    pub distance: u32,
    /// Whether the original is worth linking.
    pub better: bool,
    /// `None`: no file of the unit could be read.
    pub fit: Option<Fit>,
}

/// One original beside an exported picture at full size.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::matching) struct Inspected {
    /// What the exported picture violates of its own quantisation, if the original was
    /// sent. `None`: that cannot be measured.
    pub violation: Option<Violation>,
    /// Detail of the original beyond the exported picture, where it may be enlarged.
    pub beyond: Option<f64>,
}

/// Whether a file was made of another one that is as large or smaller.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::matching) struct Made {
    /// Its detail beyond the other, where it is larger.
    pub beyond: Option<f64>,
    /// How much of the other's encoder it still shows.
    pub clustering: Option<f64>,
    /// How much of it is what storing the other again gives.
    pub stored_again: Option<f64>,
}

impl Made {
    /// Whether it was decoded and stored again, enlarged or as it was.
    pub(super) fn is_stored_again(&self) -> bool {
        self.clustering.is_some_and(|share| share >= CLUSTERED)
            || self.stored_again.is_some_and(|share| share >= STORED_AGAIN)
    }
}

/// One exported picture on its way through the proof.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Trial {
    pub query: Query,
    /// Candidates, best first.
    pub ranked: Vec<Ranked>,
    /// How many of `ranked` were ordered.
    pub issued: usize,
    /// Ordered comparisons that are not answered yet.
    pub pending: usize,
    /// What was measured, in the order of `ranked`.
    pub tested: Vec<Tested>,
    /// What was measured at full size.
    pub inspected: BTreeMap<UnitId, Inspected>,
    /// Whether originals were made of the picture.
    pub made: BTreeMap<UnitId, Made>,
    /// What was measured through guesses: crop, mirror, filter, drawing.
    pub edits: Vec<TestedEdit>,
    /// Why the exported picture cannot be compared.
    pub failed: Option<Problem>,
}

impl TrialId {
    /// Those at these places.
    pub(super) fn at_places(places: Range<usize>) -> impl Iterator<Item = Self> {
        places.map(|place| Self(place as u32))
    }

    /// Its place.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

impl Index<TrialId> for [Trial] {
    type Output = Trial;

    fn index(&self, id: TrialId) -> &Trial {
        &self[id.place()]
    }
}

impl IndexMut<TrialId> for [Trial] {
    fn index_mut(&mut self, id: TrialId) -> &mut Trial {
        &mut self[id.place()]
    }
}

impl Trial {
    /// Of which nothing is known yet.
    pub(super) fn new(query: Query) -> Self {
        Self {
            query,
            ranked: Vec::new(),
            issued: 0,
            pending: 0,
            tested: Vec::new(),
            inspected: BTreeMap::new(),
            made: BTreeMap::new(),
            edits: Vec::new(),
            failed: None,
        }
    }

    /// Size in pixels at which this picture is compared.
    pub(in crate::matching) fn target(&self) -> Size {
        let size = self.query.size;
        size.within(COMPARED_EDGE.min(size.longest() / 2).max(LEAST_EDGE))
    }

    /// The best original that is worth linking, and its fit.
    pub(in crate::matching) fn best(&self) -> Option<(UnitId, Fit)> {
        let fits = self.tested.iter().filter(|tested| tested.better);
        fits.filter_map(|tested| tested.fit.map(|fit| (tested.unit, fit)))
            .min_by(|a, b| a.1.residual.total_cmp(&b.1.residual).then(a.0.cmp(&b.0)))
    }
}

/// One original compared with a picture that may have been changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct TestedEdit {
    pub unit: UnitId,
    pub fit: EditedFit,
}

/// How two originals, or two exported pictures, differ. Grey levels are divided by
/// [`residual::noise`], so that they can be held against limits at 512 pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct Apart {
    pub residual: f64,
    pub worst_block: f64,
    /// Whether the camera moved between them, or may have without the pictures
    /// showing it.
    pub moved: bool,
}
