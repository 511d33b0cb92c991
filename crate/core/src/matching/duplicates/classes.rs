//! Files that are one picture, by each proof: equal bytes, equal payload, proved by
//! comparing.

use std::collections::BTreeMap;

use super::contents::{Contents, List};
use super::shots::is_one_press;
use crate::matching::link::precedence::are_two_shots;
use crate::matching::sets::Sets;
use crate::model::{Item, ItemId};

/// For each proof, the file that stands for all that are one picture by it or a stronger
/// one; parallel to the library.
pub(super) struct Classes {
    exact: Vec<usize>,
    payload: Vec<usize>,
    shot: Vec<usize>,
    /// For each file that holds a film as well, the number of that film: none of a file.
    films: Vec<Option<usize>>,
}

impl Classes {
    pub(super) fn of(contents: Contents<'_>) -> Self {
        let mut sets = Sets::new(contents.known.library.items.len());
        join_equal(contents, &mut sets);
        let exact = settled(contents, &mut sets);
        join_payloads(contents, &mut sets);
        let payload = settled(contents, &mut sets);
        join_alike(contents, &payload, &mut sets);
        let shot = settled(contents, &mut sets);
        Self { exact, payload, shot, films: films(contents) }
    }

    /// The numbers of all that a file shows: it may be given up only for files that show
    /// all of it. Files of equal bytes hold one film.
    pub(super) fn held(&self, list: List, id: ItemId) -> impl Iterator<Item = usize> {
        let film = self.films[id.0 as usize].filter(|_| list != List::Exact);
        std::iter::once(self.class(list, id)).chain(film)
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

/// Films that files hold: of those that were not read to their end, each has its own.
fn films(contents: Contents<'_>) -> Vec<Option<usize>> {
    let items = &contents.known.library.items;
    let mut first = BTreeMap::new();
    let film = |item: &Item| {
        let own = items.len() + item.id.0 as usize;
        let metadata = contents.known.features(item.id).and_then(|of| of.metadata.as_ref());
        match contents.digested(item.id).film {
            Some(film) => Some(*first.entry(film).or_insert(own)),
            None => metadata.and_then(|known| known.motion).map(|_| own),
        }
    };
    items.iter().map(film).collect()
}

fn settled(contents: Contents<'_>, sets: &mut Sets) -> Vec<usize> {
    (0..contents.known.library.items.len()).map(|at| sets.find(at)).collect()
}

/// Joins files of equal bytes.
fn join_equal(contents: Contents<'_>, sets: &mut Sets) {
    let mut first = BTreeMap::new();
    for item in contents.known.library.items.iter().filter(|item| item.size > 0) {
        if let Some(blake3) = contents.digested(item.id).blake3 {
            let at = item.id.0 as usize;
            sets.join(*first.entry(blake3).or_insert(at), at);
        }
    }
}

/// Joins files of equal picture data. Two films behind one picture are two files, either
/// of which covers the picture without a film.
fn join_payloads(contents: Contents<'_>, sets: &mut Sets) {
    let mut first = BTreeMap::<[u8; 32], BTreeMap<Option<[u8; 32]>, usize>>::new();
    for item in contents.known.library.items.iter().filter(|item| item.size > 0) {
        let digested = contents.digested(item.id);
        if let Some(payload) = digested.payload.flatten() {
            let at = item.id.0 as usize;
            sets.join(*first.entry(payload).or_default().entry(digested.film).or_insert(at), at);
        }
    }
    for films in first.values() {
        // Without a film sorts first.
        let mut first = films.iter();
        if let (Some((None, bare)), Some((_, with))) = (first.next(), first.next()) {
            sets.join(*bare, *with);
        }
    }
}

/// Joins what comparing proved, the surest first. Two shots of cameras are never one,
/// also not by way of a third picture.
fn join_alike(contents: Contents<'_>, payload: &[usize], sets: &mut Sets) {
    let mut sorted: Vec<_> = contents.likenesses.all().collect();
    sorted.sort_by(|a, b| {
        let edited = a.edits.is_empty().cmp(&b.edits.is_empty()).reverse();
        edited
            .then(a.residual.total_cmp(&b.residual))
            .then((a.first, a.second).cmp(&(b.first, b.second)))
    });
    let mut members = BTreeMap::<usize, BTreeMap<usize, Vec<ItemId>>>::new();
    for item in &contents.known.library.items {
        let at = item.id.0 as usize;
        let set = members.entry(sets.find(at)).or_default();
        set.entry(payload[at]).or_default().push(item.id);
    }
    for like in sorted {
        let (a, b) = (sets.find(like.first.0 as usize), sets.find(like.second.0 as usize));
        let of = |set: usize| members.get(&set).into_iter().flat_map(BTreeMap::values);
        let apart = |first: &Vec<ItemId>| of(b).any(|second| are_apart(contents, first, second));
        if a == b || of(a).any(apart) {
            continue;
        }
        sets.join(a, b);
        let moved = members.remove(&a.max(b)).unwrap_or_default();
        members.entry(a.min(b)).or_default().extend(moved);
    }
}

/// Whether cameras say that the files of one picture data and those of another are two
/// shots. Where the files of one disagree somebody changed a date, and a pair that fits is
/// enough.
fn are_apart(contents: Contents<'_>, first: &[ItemId], second: &[ItemId]) -> bool {
    let features = |id: ItemId| contents.known.features(id);
    let pairs = || first.iter().flat_map(|&a| second.iter().map(move |&b| (a, b)));
    let fits = |(a, b): (ItemId, ItemId)| {
        let both = features(a).zip(features(b));
        both.is_some_and(|(a, b)| is_one_press(a, b)) && !two_shots(contents, a, b)
    };
    pairs().any(|(a, b)| two_shots(contents, a, b)) && !pairs().any(fits)
}

fn two_shots(contents: Contents<'_>, a: ItemId, b: ItemId) -> bool {
    let both = contents.known.features(a).zip(contents.known.features(b));
    both.is_some_and(|(a, b)| are_two_shots(a, b))
}
