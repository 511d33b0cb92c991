//! A shot as it is held against another.

use crate::model::{Edits, Features, Item};

/// One of the two.
pub(super) struct Side<'a> {
    pub item: &'a Item,
    /// As the file and its sidecars say them.
    pub features: Option<Features>,
    /// How it was changed from the other.
    pub edits: Edits,
}
