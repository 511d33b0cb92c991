//! What else differs: lens, tags, rating, profile, turn, as the files' metadata say it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::differs::Side;

/// Adds those of the keys `lens`, `tags`, `rating`, `profile` and `turned` that differ.
pub(super) fn add(
    _keeper: &Side<'_>,
    _other: &Side<'_>,
    _differs: &mut BTreeMap<String, (Value, Value)>,
) {
}
