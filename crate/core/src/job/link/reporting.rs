//! What is written last, and how far that is.

use crate::plan::OwnNames;
use crate::rebuild::listing::Listing;
use crate::report::Report;

/// What is written last.
pub(super) struct Reporting {
    pub(super) report: Report,
    pub(super) listing: Listing,
    pub(super) own: OwnNames,
    /// Files of the report that are in the bundle.
    pub(super) written: usize,
}
