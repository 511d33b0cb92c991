//! Files that are one picture, by each proof: equal bytes, equal payload, proved by
//! comparing.

use std::collections::BTreeMap;

use super::contents::{Contents, List};
use crate::matching::link::precedence::are_two_shots;
use crate::matching::sets::Sets;
use crate::model::ItemId;

/// For each proof, the file that stands for all that are one picture by it or a stronger
/// one; parallel to the library.
pub(super) struct Classes {
    exact: Vec<usize>,
    payload: Vec<usize>,
    shot: Vec<usize>,
}

impl Classes {
    pub(super) fn of(contents: Contents<'_>) -> Self {
        let mut sets = Sets::new(contents.known.library.items.len());
        join_equal(contents, &mut sets, |contents, id| contents.digested(id).blake3);
        let exact = settled(contents, &mut sets);
        join_equal(contents, &mut sets, |contents, id| contents.digested(id).payload?);
        let payload = settled(contents, &mut sets);
        join_alike(contents, &mut sets);
        let shot = settled(contents, &mut sets);
        Self { exact, payload, shot }
    }

    /// The number of the files that are one picture with this one.
    pub(super) fn class(&self, list: List, id: ItemId) -> usize {
        let classes = match list {
            List::Exact => &self.exact,
            List::Payload => &self.payload,
            List::Shot | List::Similar => &self.shot,
        };
        classes[id.0 as usize]
    }
}

fn settled(contents: Contents<'_>, sets: &mut Sets) -> Vec<usize> {
    (0..contents.known.library.items.len()).map(|at| sets.find(at)).collect()
}

fn join_equal(
    contents: Contents<'_>,
    sets: &mut Sets,
    key: fn(Contents<'_>, ItemId) -> Option<[u8; 32]>,
) {
    let mut first = BTreeMap::new();
    for item in &contents.known.library.items {
        if let Some(key) = key(contents, item.id).filter(|_| item.size > 0) {
            let at = item.id.0 as usize;
            sets.join(*first.entry(key).or_insert(at), at);
        }
    }
}

/// Joins what comparing proved, the surest first. Two shots of cameras are never one,
/// also not by way of a third picture.
fn join_alike(contents: Contents<'_>, sets: &mut Sets) {
    let mut sorted: Vec<_> = contents.likenesses.all().collect();
    sorted.sort_by(|a, b| {
        let edited = a.edits.is_empty().cmp(&b.edits.is_empty()).reverse();
        edited
            .then(a.residual.total_cmp(&b.residual))
            .then((a.first, a.second).cmp(&(b.first, b.second)))
    });
    let mut members = BTreeMap::<usize, Vec<ItemId>>::new();
    for item in &contents.known.library.items {
        members.entry(sets.find(item.id.0 as usize)).or_default().push(item.id);
    }
    for like in sorted {
        let (a, b) = (sets.find(like.first.0 as usize), sets.find(like.second.0 as usize));
        let of = |set: usize| members.get(&set).map_or(&[][..], Vec::as_slice);
        let apart =
            |&first: &ItemId| of(b).iter().any(|&second| two_shots(contents, first, second));
        if a == b || of(a).iter().any(apart) {
            continue;
        }
        sets.join(a, b);
        let moved = members.remove(&a.max(b)).unwrap_or_default();
        members.entry(a.min(b)).or_default().extend(moved);
    }
}

fn two_shots(contents: Contents<'_>, a: ItemId, b: ItemId) -> bool {
    let both = contents.known.features(a).zip(contents.known.features(b));
    both.is_some_and(|(a, b)| are_two_shots(a, b))
}
