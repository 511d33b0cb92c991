//! Which of two files of one library may be what the other was made from.

use std::cmp::Reverse;

use crate::matching::clock;
use crate::matching::units::{Known, format_rank};
use crate::model::{Chroma, Features, ItemId, Size};

/// Levels of chroma (mean of both planes' distance from no colour) below which a picture
/// counts as grey: decoders round. Chosen, not measured.
const GREY: u32 = 2;

/// Whether the first of two files may be what the second was made from: of each pair one
/// direction is asked. Two shots of cameras are never asked.
pub(super) fn may_be_first(known: Known<'_>, first: ItemId, second: ItemId) -> bool {
    let both = known.features(first).zip(known.features(second));
    let Some((a, b)) = both else { return false };
    first != second && !are_two_shots(a, b) && order(known, first) < order(known, second)
}

/// Whether one camera says that two files are different shots: by their times, or by what
/// it calls the shot.
pub(in crate::matching) fn are_two_shots(a: &Features, b: &Features) -> bool {
    let metadata = a.metadata.as_ref().zip(b.metadata.as_ref());
    let images = metadata.and_then(|(a, b)| a.image_id.as_ref().zip(b.image_id.as_ref()));
    let others = clock::two_shots(a, b) || images.is_some_and(|(a, b)| a != b);
    others && !are_of_two_cameras(a, b)
}

/// Whether two files say that different cameras took them. Two cameras never see a scene
/// alike to a part of a pixel, so that pixels that agree prove that one of the files has
/// another's data.
pub(in crate::matching) fn are_of_two_cameras(a: &Features, b: &Features) -> bool {
    let cameras = a.camera.as_ref().zip(b.camera.as_ref());
    let metadata = a.metadata.as_ref().zip(b.metadata.as_ref());
    let bodies = metadata.and_then(|(a, b)| a.serial.as_ref().zip(b.serial.as_ref()));
    cameras.is_some_and(|(a, b)| a != b) || bodies.is_some_and(|(a, b)| a != b)
}

/// Files in the order in which one may come from another: most pixels first, colour
/// before grey, a camera's file before others, then by format, encoding and bytes.
fn order(known: Known<'_>, id: ItemId) -> impl Ord + use<'_> {
    let item = known.item(id);
    let features = known.features(id);
    let camera = features.is_some_and(|features| features.camera.is_some());
    let pixels = features.and_then(|features| features.size).map_or(0, Size::pixels);
    let grey = features.and_then(|features| features.chroma.as_ref()).is_some_and(is_grey);
    let format = features.map_or(u8::MAX, |features| format_rank(features.kind, camera));
    let steps = features.and_then(|features| features.quantisation).unwrap_or(0.0);
    let descending = (Reverse(pixels), grey, !camera);
    (descending, format, (steps * 8.0) as u32, Reverse(item.size), &item.path)
}

fn is_grey(chroma: &Chroma) -> bool {
    let far: u32 = chroma.0.iter().map(|level| u32::from(level.abs_diff(128))).sum();
    far < GREY * chroma.0.len() as u32
}
