//! Stacks that are no one shot: frames of a burst, and what the user stacked.

use std::collections::BTreeMap;

use super::contents::{Contents, Rule, Shot, Stack};
use super::decided::Choice;
use super::shots::{folder, is_one_press};
use crate::matching::clock;
use crate::matching::sets::Sets;
use crate::model::{Features, ItemId};

/// Most bits (of 64) by which the fingerprints of two frames of a burst differ. The next
/// frame of a burst was 0 to 4 bits off (docs/architecture.md); twice that is chosen.
const ONE_SCENE_BITS: u32 = 8;

/// Frames of bursts: of one camera, kind and folder, within a second of each other by
/// times that know thousandths, and alike; or with one identifier of a burst.
pub(super) fn bursts(contents: Contents<'_>, shots: &[Shot]) -> Vec<Stack> {
    let mut cameras = BTreeMap::<(&str, &str), Vec<(i64, ItemId)>>::new();
    for id in shots.iter().map(Shot::main) {
        let Some(features) = contents.known.features(id) else { continue };
        let known =
            millis(features).or_else(|| second(features).filter(|_| burst(features).is_some()));
        if let (Some(camera), Some(at)) = (&features.camera, known) {
            let folder = folder(contents.known.item(id));
            cameras.entry((folder, camera)).or_default().push((at, id));
        }
    }
    let mut stacks = Vec::new();
    for mut frames in cameras.into_values() {
        frames.sort_unstable();
        let mut sets = Sets::new(frames.len());
        for at in 1..frames.len() {
            let [first, second] = [frames[at - 1].1, frames[at].1];
            if is_next_frame(contents, first, second) {
                sets.join(at - 1, at);
            }
        }
        for set in sets.several() {
            let files = set.into_iter().map(|at| frames[at].1).collect();
            stacks.push(Stack { files, rule: Rule::Burst });
        }
    }
    stacks
}

/// What the user stacked.
pub(super) fn by_hand(contents: Contents<'_>) -> Vec<Stack> {
    let pairs = contents.decided(Choice::Stack);
    let mut sets = Sets::new(contents.known.library.items.len());
    for pair in &pairs {
        for two in pair.windows(2) {
            sets.join(two[0].0 as usize, two[1].0 as usize);
        }
    }
    let files = |set: Vec<usize>| set.into_iter().map(|at| ItemId(at as u32)).collect();
    let several = sets.several().into_iter();
    several.map(|set| Stack { files: files(set), rule: Rule::ByHand }).collect()
}

/// Whether two shots are neighbours in a burst, and two pictures.
fn is_next_frame(contents: Contents<'_>, a: ItemId, b: ItemId) -> bool {
    let known = contents.known;
    let Some((first, second)) = known.features(a).zip(known.features(b)) else { return false };
    let looks = first.fingerprint.zip(second.fingerprint);
    let alike = looks.is_some_and(|(a, b)| (a.p64 ^ b.p64).count_ones() <= ONE_SCENE_BITS);
    let same = contents.likenesses.between(a, b).is_some();
    let digests = [a, b].map(|id| contents.digested(id).blake3);
    let copies = digests[0].is_some() && digests[0] == digests[1];
    let apart = first.sub_millis != second.sub_millis || first.taken != second.taken;
    let unstacked = contents.unstacked(a, b);
    // A camera that names its bursts says it itself.
    let named = burst(first).is_some() && burst(first) == burst(second);
    let close = is_one_press(first, second) && alike && apart;
    first.kind == second.kind && (named || close) && !same && !copies && !unstacked
}

/// The capture time in thousandths of a second, where the camera wrote those.
fn millis(features: &Features) -> Option<i64> {
    second(features)?.checked_add(i64::from(features.sub_millis?))
}

/// The second of the capture, in thousandths.
fn second(features: &Features) -> Option<i64> {
    let moment = clock::moment(features).filter(|moment| moment.by_camera)?;
    moment.seconds.checked_mul(1000)
}

/// The name of the burst.
fn burst(features: &Features) -> Option<&str> {
    features.metadata.as_ref()?.burst.as_deref()
}
