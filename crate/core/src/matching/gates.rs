//! Cheap conditions that a pair must meet before anything is read: shape, and
//! that the original is worth having.

use crate::model::{Features, Item};

/// Most by which the two shapes may differ, beyond rounding.
const SHAPE: f64 = 0.01;

/// How many more pixels make an original better without a camera's word for
/// it: rounding in a re-encoding must not.
const MORE_PIXELS: f64 = 1.01;

/// Whether the exported picture can be the original made smaller: the same
/// shape within 1 % and one pixel of rounding in the exported size.
pub(super) fn same_shape(exported: (u32, u32), original: (u32, u32)) -> bool {
    let [we, he, wo, ho] =
        [exported.0, exported.1, original.0, original.1].map(|edge| f64::from(edge.max(1)));
    let apart = (we * ho - he * wo).abs();
    apart <= SHAPE * (we * ho).min(he * wo) + wo.max(ho)
}

/// As [`same_shape`] for videos, whose encoders round to multiples of 16
/// pixels.
pub(super) fn same_video_shape(exported: (u32, u32), original: (u32, u32)) -> bool {
    let ratio = |size: (u32, u32)| f64::from(size.0.max(1)) / f64::from(size.1.max(1));
    let (small, large) = (ratio(exported), ratio(original));
    (small - large).abs() <= 0.05 * small.min(large)
}

/// Whether linking the original would give the chat more than it has: more
/// pixels, or the same and a camera's data. The same file is not better.
pub(super) fn is_better(
    (exported, exported_item): (&Features, &Item),
    (original, original_item): (&Features, &Item),
) -> bool {
    let (Some(small), Some(large)) = (exported.size, original.size) else { return false };
    let pixels = |size: (u32, u32)| f64::from(size.0) * f64::from(size.1);
    if same_file((exported, exported_item), (original, original_item)) {
        return false;
    }
    let camera = original.camera.is_some();
    pixels(large) > pixels(small) * MORE_PIXELS || (camera && pixels(large) >= pixels(small))
}

/// Whether the two are byte for byte the same, as far as is known.
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
    use crate::model::{FileId, ItemId, Kind, Side, Source};

    #[test]
    fn shapes_differ_by_rounding_at_most() {
        let check = |exported, original, want| {
            assert_eq!(same_shape(exported, original), want, "{exported:?} {original:?}");
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
            side: Side::Originals,
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
        Features { size: Some((width, height)), camera, ..Features::new(Kind::Jpeg) }
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
}
