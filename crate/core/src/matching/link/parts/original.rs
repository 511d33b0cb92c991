//! What a picture may come from, and whether their shapes allow it.

use crate::matching::units::UnitId;
use crate::model::{Miniature, Size};

/// Most by which the aspect ratios of window and picture may differ, as a share:
/// each edge of a coarse window is up to 2.5 % off at both ends.
const SHAPE: f64 = 0.09;

/// An original that a picture could come from.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) struct Original<'a> {
    pub unit: UnitId,
    pub miniature: &'a Miniature,
    pub size: Size,
}

/// Whether two shapes are one, as nearly as crops are told.
pub(super) fn is_close(aspect: f64, asked: f64) -> bool {
    (aspect / asked - 1.0).abs() <= SHAPE
}
