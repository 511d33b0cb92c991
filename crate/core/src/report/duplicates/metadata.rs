//! What else differs: lens, tags, rating, profile, turn, as the files' metadata and
//! their sidecars say it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::side::Side;
use crate::model::Metadata;

/// Adds those of the keys `lens`, `tags`, `rating`, `profile` and `turned` that differ.
pub(super) fn add(
    keeper: &Side<'_>,
    other: &Side<'_>,
    differs: &mut BTreeMap<String, (Value, Value)>,
) {
    let keys: [(&str, fn(&Metadata) -> Value); 5] = [
        ("lens", |known| json!(known.lens)),
        ("tags", |known| json!(known.tags)),
        ("rating", |known| json!(known.rating)),
        ("profile", |known| json!(known.profile)),
        ("turned", |known| json!(known.turned.or(known.orientation).unwrap_or(1))),
    ];
    let nothing = Metadata::default();
    let of = |side: &Side<'_>| side.features.as_ref().and_then(|known| known.metadata.clone());
    let [first, second] = [of(keeper), of(other)];
    let [first, second] = [&first, &second].map(|of| of.as_deref().unwrap_or(&nothing));
    for (key, value) in keys {
        let (first, second) = (value(first), value(second));
        if first != second {
            differs.insert(key.to_owned(), (first, second));
        }
    }
}
