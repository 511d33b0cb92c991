//! Cheap conditions that a pair must meet before a file is read: the same shape,
//! and an original that is worth linking.

use crate::collect::is_saved_by_chat;
use crate::model::{Features, Item, Kind, Size};

/// Most by which two aspect ratios may differ, as a share of either, beside one
/// pixel of rounding. A pair beyond it is not compared as unchanged. Chosen, not
/// measured: scaling alone changes a shape by rounding only.
const SHAPE: f64 = 0.01;

/// Factor on the exported picture's pixels beyond which an original has more of them;
/// up to it something else must make it better. Chosen, not measured: above what
/// rounding an edge adds in a re-encoding.
const MORE_PIXELS: f64 = 1.01;

/// Most steps of an original's quantisation table, as a share of the exported one's,
/// with which a JPEG of as many pixels is more finely encoded. Encoders that ask for
/// one quality differ by less. Chosen, not measured.
const FINER: f32 = 0.75;

/// Whether the exported picture can be the original scaled down: aspect ratios
/// equal within [`SHAPE`] and one pixel of rounding in the exported size.
pub(in crate::matching) fn same_shape(exported: Size, original: Size) -> bool {
    let [we, he, wo, ho] = [exported.width, exported.height, original.width, original.height]
        .map(|edge| f64::from(edge.max(1)));
    let apart = (we * ho - he * wo).abs();
    apart <= SHAPE * (we * ho).min(he * wo) + wo.max(ho)
}

/// Whether the exported picture can be the original only if one of them was turned by a
/// quarter: viewers write that into a file, and its pixels stay as they are.
pub(in crate::matching) fn fits_turned(exported: Size, original: Size) -> bool {
    !same_shape(exported, original) && same_shape(exported, original.turned())
}

/// As [`same_shape`] for videos, within 5 %: encoders round edges to multiples of
/// 16 pixels, which is 5 % of an edge of 320.
pub(in crate::matching) fn same_video_shape(exported: Size, original: Size) -> bool {
    let (small, large) = (exported.aspect(), original.aspect());
    (small - large).abs() <= 0.05 * small.min(large)
}

/// Whether linking the original gives the chat more than it has: more pixels, or at
/// least as many and a camera's data, or as many without loss or with finer steps. The
/// same file is not better, nor is a copy that a chat saved unless it has more pixels.
pub(in crate::matching) fn is_better(
    (exported, exported_item): (&Features, &Item),
    (original, original_item): (&Features, &Item),
) -> bool {
    let (Some(small), Some(large)) = (exported.size, original.size) else { return false };
    let pixels = |size: Size| size.pixels() as f64;
    let camera = original.camera.is_some();
    if same_file((exported, exported_item), (original, original_item)) {
        return false;
    }
    let saved_by_chat = is_saved_by_chat(original_item.name());
    let is_finer = || is_lossless(original.kind) || is_finer(exported, original);
    let finer = camera || !saved_by_chat && is_finer();
    pixels(large) > pixels(small) * MORE_PIXELS || (finer && pixels(large) >= pixels(small))
}

/// Whether files of this kind keep every pixel as it was.
fn is_lossless(kind: Kind) -> bool {
    matches!(kind, Kind::Png | Kind::Tiff | Kind::Raw)
}

/// Whether the original's encoder rounded less, as far as both files tell.
fn is_finer(exported: &Features, original: &Features) -> bool {
    let steps = exported.quantisation.zip(original.quantisation);
    steps.is_some_and(|(sent, own)| own <= sent * FINER)
}

/// Whether the two are the same file: by SHA-1 where both are known, else by size,
/// kind, pixels and camera.
fn same_file(a: (&Features, &Item), b: (&Features, &Item)) -> bool {
    if a.1.size != b.1.size {
        return false;
    }
    match (a.0.sha1, b.0.sha1) {
        (Some(first), Some(second)) => first == second,
        _ => a.0.kind == b.0.kind && a.0.size == b.0.size && a.0.camera == b.0.camera,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, ItemId, Kind, Source};

    #[test]
    fn shapes_differ_by_rounding_at_most() {
        let check = |exported: (u32, u32), original: (u32, u32), want| {
            let same = same_shape(exported.into(), original.into());
            assert_eq!(same, want, "{exported:?} {original:?}");
        };
        check((1600, 1200), (4032, 3024), true);
        check((899, 1599), (3024, 5376), true);
        check((1200, 1600), (4032, 3024), false);
        check((1600, 1200), (4000, 3100), false);
        check((1600, 1190), (4032, 3024), true);
        check((1600, 1180), (4032, 3024), false);
        check((33, 100), (1000, 3000), true);
    }

    fn check_better(small: &Features, large: &Features, bytes: (u64, u64), want: bool) {
        let item = |size| Item {
            id: ItemId(0),
            path: "a.jpg".into(),
            size,
            modified: None,
            source: Source::File(FileId(0)),
        };
        let got = is_better((small, &item(bytes.0)), (large, &item(bytes.1)));
        assert_eq!(got, want, "{small:?} {large:?}");
    }

    fn sized(width: u32, height: u32, camera: Option<&str>) -> Features {
        let camera = camera.map(str::to_owned);
        Features { size: Some(Size::new(width, height)), camera, ..Features::new(Kind::Jpeg) }
    }

    #[test]
    fn an_original_must_be_better() {
        let small = sized(1600, 1200, None);
        check_better(&small, &sized(4032, 3024, None), (9, 10), true);
        check_better(&small, &sized(1600, 1200, Some("Apple")), (9, 10), true);
        check_better(&small, &sized(1600, 1200, None), (9, 10), false);
        check_better(&small, &sized(1280, 960, Some("Apple")), (9, 10), false);
        check_better(&small, &sized(1600, 1201, None), (9, 10), false);
        let camera = sized(1600, 1200, Some("Apple"));
        check_better(&camera, &camera, (10, 10), false);
    }

    #[test]
    fn as_many_pixels_without_loss_or_with_finer_steps_are_better() {
        let jpeg = |steps| Features { quantisation: Some(steps), ..sized(1600, 1200, None) };
        let png = Features { kind: Kind::Png, ..sized(1600, 1200, None) };
        check_better(&jpeg(12.0), &png, (9, 10), true);
        check_better(&jpeg(12.0), &jpeg(4.0), (9, 10), true);
        check_better(&jpeg(12.0), &jpeg(11.0), (9, 10), false);
        check_better(&jpeg(4.0), &jpeg(12.0), (9, 10), false);
        let smaller = Features { kind: Kind::Png, ..sized(1280, 960, None) };
        check_better(&jpeg(12.0), &smaller, (9, 10), false);
    }

    #[test]
    fn what_a_chat_saved_is_better_with_more_pixels_alone() {
        let item = |path: &str| Item {
            id: ItemId(0),
            path: path.into(),
            size: path.len() as u64,
            modified: None,
            source: Source::File(FileId(0)),
        };
        let check = |path: &str, large: &Features, want| {
            let small = Features { quantisation: Some(12.0), ..sized(1600, 1200, None) };
            let got = is_better((&small, &item("sent.jpg")), (large, &item(path)));
            assert_eq!(got, want, "{path}");
        };
        let fine = Features { quantisation: Some(4.0), ..sized(1600, 1200, None) };
        check("WhatsApp Images/IMG-20240303-WA0007.jpg", &fine, false);
        check("00000012-PHOTO-2024-12-22-20-36-00.jpg", &fine, false);
        check("IMG_20240303_WA0007.jpg", &fine, true);
        check("IMG-20240303-WA0007.jpg", &sized(1600, 1200, Some("Apple")), true);
        check("IMG-20240303-WA0007.jpg", &sized(4096, 3072, None), true);
    }
}
