//! Two videos of one library that may be one clip: as long, of one shape, and not known
//! to be two.

use super::SAME_LENGTH_MS;
use super::frames::{VideoPair, moments};
use crate::matching::clock;
use crate::matching::gates;
use crate::matching::units::Known;
use crate::model::{ItemId, Kind, MediumId, Size};

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

/// Two files as a pair; the one with more pixels or bytes is the original. `None`: one of
/// them alone has a sound, or too little is known.
pub(in crate::matching) fn pair(known: Known<'_>, a: ItemId, b: ItemId) -> Option<VideoPair> {
    let sound = |id: ItemId| known.features(id)?.video.map(|video| video.has_audio);
    if sound(a) != sound(b) {
        return None;
    }
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
    let shape = a.size.zip(b.size).is_some_and(|(a, b)| gates::same_video_shape(a, b));
    let cameras = a.camera.as_ref().zip(b.camera.as_ref()).is_some_and(|(a, b)| a != b);
    let both = a.kind == Kind::Video && b.kind == Kind::Video;
    both && shape && !cameras && !clock::two_shots(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::fixture::Fixture;
    use crate::model::{Features, VideoShape};

    #[test]
    fn the_films_of_two_live_photos_were_one_although_one_is_silent() {
        let film = |has_audio| Features {
            size: Some(Size::new(1440, 1080)),
            video: Some(VideoShape { duration_ms: Some(2500), has_audio, is_gif: false }),
            ..Features::new(Kind::Video)
        };
        let files = [("1.mov", film(true)), ("2.mov", film(false)), ("3.mov", film(true))];
        let fixture = Fixture::of_originals(&files);
        let [first, silent, third] = [0, 1, 2].map(ItemId);
        assert!(pair(fixture.known(), first, silent).is_none());
        assert!(pair(fixture.known(), first, third).is_some());
        assert_eq!(pairs(fixture.known(), &fixture.originals).len(), 1);
    }
}
