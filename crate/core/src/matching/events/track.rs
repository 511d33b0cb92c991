//! Tracks of receivers.

use crate::model::Place;

/// A track that was given as a source.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Track {
    /// What the document calls it.
    pub path: String,
    /// Its points: seconds since 1970 in UTC, where, and metres above the sea.
    pub points: Vec<(i64, Place, Option<f64>)>,
}
