//! Two videos of one library that may be one clip: as long, of one shape, and not known
//! to be two.

use super::SAME_LENGTH_MS;
use super::frames::{VideoPair, moments};
use crate::matching::clock;
use crate::matching::gates;
use crate::matching::units::Known;
use crate::model::{Features, ItemId, Kind, MediumId, Size};

/// Videos of one length that each is compared with, the nearest in length first. Chosen,
/// not measured.
const AS_LONG: usize = 24;

/// The pairs among these videos that may be one clip; the better file of each is the
/// original.
pub(in crate::matching) fn pairs(known: Known<'_>, videos: &[ItemId]) -> Vec<VideoPair> {
    let length = |id: ItemId| known.features(id)?.video?.duration_ms;
    let mut sorted: Vec<(u64, ItemId)> =
        videos.iter().filter_map(|&id| Some((length(id)?, id))).collect();
    sorted.sort_unstable();
    let mut pairs = Vec::new();
    for (at, &(first, a)) in sorted.iter().enumerate() {
        let near = sorted[at + 1..].iter().take_while(|(ms, _)| ms - first <= SAME_LENGTH_MS);
        let may_be = near.filter(|(_, b)| are_alike(known, a, *b)).take(AS_LONG);
        pairs.extend(may_be.filter_map(|&(_, b)| pair(known, a, b)));
    }
    pairs
}

/// Two files as a pair; the one with more pixels or bytes is the original.
pub(in crate::matching) fn pair(known: Known<'_>, a: ItemId, b: ItemId) -> Option<VideoPair> {
    let rank = |id: ItemId| {
        let pixels = known.features(id).and_then(|of| of.size).map_or(0, Size::pixels);
        (pixels, known.item(id).size, std::cmp::Reverse(id))
    };
    let (original, exported) = if rank(a) >= rank(b) { (a, b) } else { (b, a) };
    let seconds = moments(known, exported, original)?;
    let medium = MediumId(u32::MAX);
    Some(VideoPair { medium, exported, original, seconds, start_s: 0.0, by_sound: false })
}

fn are_alike(known: Known<'_>, a: ItemId, b: ItemId) -> bool {
    let Some((a, b)) = known.features(a).zip(known.features(b)) else { return false };
    let sound = |of: &Features| of.video.is_some_and(|video| video.has_audio);
    let shape = a.size.zip(b.size).is_some_and(|(a, b)| gates::same_video_shape(a, b));
    let cameras = a.camera.as_ref().zip(b.camera.as_ref()).is_some_and(|(a, b)| a != b);
    let both = a.kind == Kind::Video && b.kind == Kind::Video && sound(a) == sound(b);
    both && shape && !cameras && !clock::two_shots(a, b)
}
