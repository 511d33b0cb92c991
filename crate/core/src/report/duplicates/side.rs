//! One of two shots that are held against each other.

use serde_json::Value;

use crate::model::{Edits, Features, Item};

/// One of the two.
pub(super) struct Side<'a> {
    pub item: &'a Item,
    /// As the file and its sidecars say them.
    pub features: Option<Features>,
    /// How it was changed from the other.
    pub edits: Edits,
}

/// A key of what may differ, and how its value is read.
pub(super) type Told<Of> = (&'static str, fn(&Of) -> Value);
