//! Shots that look alike and are none of the others: bursts and retakes. Nothing is
//! proved, so nothing of it is waste.

use std::collections::BTreeSet;

use super::contents::{Contents, Group, List, Shot};
use super::keeper;
use super::why::Keep;
use crate::matching::clock;
use crate::matching::evidence::residual;
use crate::matching::link::fingerprints::Fingerprints;
use crate::matching::sets::Sets;
use crate::matching::units::UnitId;
use crate::model::{Edits, ItemId};

/// Most bits (of 64) by which the fingerprints of two such shots differ: balanced's limit
/// of a shortlist (docs/architecture.md).
const BITS: u32 = 10;

/// Most grey levels (RMS) by which their miniatures differ: the limit up to which an
/// original is a likely one. Chosen, not measured.
const LEVELS: f64 = 8.0;

/// Least contrast (standard deviation of grey levels) of a picture that looks like
/// anything: below it all are alike. Chosen, not measured.
const CONTRAST: f32 = 8.0;

/// Most seconds between two takes of one scene. Chosen, not measured.
const RETAKE_S: u64 = 600;

/// The groups of what looks alike among the shots that no group takes the place of.
pub(super) fn groups(
    contents: Contents<'_>,
    shots: &[Shot],
    groups: &[Group],
    keep: &[Keep],
) -> Vec<Group> {
    let gone: BTreeSet<ItemId> =
        groups.iter().flat_map(|group| group.shots[1..].iter().map(Shot::main)).collect();
    let left: Vec<&Shot> = shots.iter().filter(|shot| !gone.contains(&shot.main())).collect();
    let looks: Vec<(u64, UnitId)> = (0..)
        .map(UnitId)
        .zip(&left)
        .filter_map(|(at, shot)| Some((look(contents, shot.main())?, at)))
        .collect();
    let found = Fingerprints::new(looks.clone());
    let mut sets = Sets::new(left.len());
    for (look, at) in looks {
        for (other, _) in found.within(look, BITS) {
            let [a, b] = [at, other].map(|at| left[at.0 as usize].main());
            if at < other && alike(contents, a, b) {
                sets.join(at.0 as usize, other.0 as usize);
            }
        }
    }
    let several = sets.several().into_iter();
    several.filter_map(|set| group(contents, &left, &set, keep)).collect()
}

fn group(contents: Contents<'_>, shots: &[&Shot], set: &[usize], keep: &[Keep]) -> Option<Group> {
    let of: Vec<&Shot> = set.iter().map(|&at| shots[at]).collect();
    let chosen = keeper::choose(contents, &of, keep)?;
    let mut sorted: Vec<Shot> = of.iter().map(|shot| (*shot).clone()).collect();
    let first = sorted.remove(chosen.at);
    sorted.sort_by(|a, b| {
        let path = |shot: &Shot| &contents.known.item(shot.main()).path;
        path(a).cmp(path(b))
    });
    sorted.insert(0, first);
    let edits = vec![Edits::default(); sorted.len()];
    Some(Group { list: List::Similar, shots: sorted, why: chosen.why, edits })
}

/// The fingerprint of a picture that looks like something.
fn look(contents: Contents<'_>, id: ItemId) -> Option<u64> {
    let features = contents.known.features(id).filter(|of| of.kind.is_picture())?;
    features.fingerprint.filter(|own| own.contrast >= CONTRAST).map(|own| own.p64)
}

fn alike(contents: Contents<'_>, a: ItemId, b: ItemId) -> bool {
    let Some((first, second)) = contents.known.features(a).zip(contents.known.features(b)) else {
        return false;
    };
    let miniatures = first.miniature.as_ref().zip(second.miniature.as_ref());
    let close =
        miniatures.and_then(|(a, b)| residual::coarse(a, b)).is_some_and(|left| left <= LEVELS);
    let then = match (clock::moment(first), clock::moment(second)) {
        (Some(a), Some(b)) if a.by_camera && b.by_camera => {
            a.seconds.abs_diff(b.seconds) <= RETAKE_S
        }
        _ => true,
    };
    close && then && !contents.apart(a, b)
}
