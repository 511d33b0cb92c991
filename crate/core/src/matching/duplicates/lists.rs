//! Groups of shots, list by list: a pair stands in its strongest list alone, and a weaker
//! list takes the keeper of each stronger group for the whole of it.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::Classes;
use super::contents::{Contents, Group, List, Shot};
use super::keeper::{self, is_managed};
use super::why::Keep;
use crate::matching::sets::Sets;
use crate::model::{Edits, ItemId};

/// The groups of the first three lists, those asked for.
pub(super) fn groups(
    contents: Contents<'_>,
    shots: &[Shot],
    lists: &[List],
    keep: &[Keep],
) -> Vec<Group> {
    let classes = Classes::of(contents);
    let usable = |shot: &&Shot| contents.known.item(shot.main()).size > 0;
    let mut left: Vec<&Shot> = shots.iter().filter(usable).collect();
    let mut found = Vec::new();
    for list in [List::Exact, List::Payload, List::Shot] {
        // A list that nobody asked for still decides which pairs are not of a weaker one.
        let groups = of_list(contents, &classes, &left, list, keep);
        let gone: BTreeSet<ItemId> =
            groups.iter().flat_map(|group| group.shots[1..].iter().map(Shot::main)).collect();
        left.retain(|shot| !gone.contains(&shot.main()));
        if lists.contains(&list) {
            found.extend(groups);
        }
    }
    found
}

/// The groups of one list among these shots.
fn of_list(
    contents: Contents<'_>,
    classes: &Classes,
    shots: &[&Shot],
    list: List,
    keep: &[Keep],
) -> Vec<Group> {
    let held: Vec<BTreeSet<usize>> = shots
        .iter()
        .map(|shot| shot.media().iter().flat_map(|&id| classes.held(list, id)).collect())
        .collect();
    let mut by_class = BTreeMap::<usize, Vec<usize>>::new();
    for (at, classes) in held.iter().enumerate() {
        for &class in classes {
            by_class.entry(class).or_default().push(at);
        }
    }
    let mut sets = Sets::new(shots.len());
    for mut alike in by_class.into_values().filter(|alike| alike.len() > 1) {
        // Those with most files first: a Live Photo covers its still, not the reverse.
        alike.sort_by_key(|&at| (std::cmp::Reverse(held[at].len()), at));
        for (place, &small) in alike.iter().enumerate() {
            let covers = |&&large: &&usize| {
                held[small].is_subset(&held[large]) && !apart(contents, shots[large], shots[small])
            };
            if let Some(&large) = alike[..place].iter().find(covers) {
                sets.join(large, small);
            }
        }
    }
    let several = sets.several().into_iter();
    several.filter_map(|set| group(contents, shots, &held, &set, list, keep)).collect()
}

/// A group of shots that its keeper can stand for, every file of them.
fn group(
    contents: Contents<'_>,
    shots: &[&Shot],
    held: &[BTreeSet<usize>],
    set: &[usize],
    list: List,
    keep: &[Keep],
) -> Option<Group> {
    let of: Vec<&Shot> = set.iter().map(|&at| shots[at]).collect();
    let chosen = keeper::choose(contents, &of, keep)?;
    let keeper = set[chosen.at];
    let stands_for = |at: &&usize| {
        let shot = shots[**at];
        **at == keeper
            || held[**at].is_subset(&held[keeper])
                && !apart(contents, shots[keeper], shot)
                && !is_managed(contents, shot)
    };
    let mut members: Vec<usize> = set.iter().filter(stands_for).copied().collect();
    members.sort_by(|&a, &b| {
        let path = |at: usize| &contents.known.item(shots[at].main()).path;
        (a != keeper).cmp(&(b != keeper)).then(path(a).cmp(path(b)))
    });
    let shots: Vec<Shot> = members.iter().map(|&at| shots[at].clone()).collect();
    let edits = shots.iter().map(|shot| edits(contents, shots[0].main(), shot.main())).collect();
    (shots.len() > 1).then_some(Group { list, shots, why: chosen.why, edits })
}

/// Whether the user said that two shots are no duplicates.
fn apart(contents: Contents<'_>, a: &Shot, b: &Shot) -> bool {
    contents.apart(a.main(), b.main())
}

/// How the second file was changed from the first, or the first from the second: found
/// directly, or by way of other files.
fn edits(contents: Contents<'_>, first: ItemId, second: ItemId) -> Edits {
    if first == second {
        return Edits::default();
    }
    let by_others = || contents.likenesses.of(second).find(|like| !like.edits.is_empty());
    let like = contents.likenesses.between(first, second).or_else(by_others);
    like.map_or_else(Edits::default, |like| like.edits)
}
