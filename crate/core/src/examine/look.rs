//! What a picture looks like: the 64-bit fingerprint of the shortlist, the
//! miniature, the colours.

use std::ops::Range;

use image::GrayImage;
use image_hasher::{HashAlg, HasherConfig};

use super::pixels::plane::oriented;
use super::pixels::{GreyMap, Plane, Tones, Window, shrink, shrink_window};
use crate::model::{Chroma, Fingerprint, Miniature, Size};

/// Edge in pixels to which every picture is averaged before it is hashed, so that
/// thumbnail and picture are hashed alike and the hasher's own resizer has little
/// to do. Chosen, not measured.
const EDGE: u32 = 64;
/// Highest grey level of a bar at a thumbnail's edge; brighter, and it is taken for
/// picture. Chosen, not measured.
const DARKEST_BAR: u8 = 40;
/// Width of a border, as a share of the edge: four pixels of 160, narrower than any
/// frame that was laid around a picture of another shape. Chosen, not measured.
const BORDER_SHARE: (u32, u32) = (1, 50);
/// Highest grey level of a border: black, and what a JPEG makes of it beside a bright
/// picture. Chosen, not measured.
const BLACKEST_BORDER: u8 = 12;
/// Most by which a thumbnail's aspect ratio may differ from its picture's, as a
/// share; further apart it must have bars. Thumbnails are rounded to whole pixels.
/// Chosen, not measured.
const ASPECT_TOLERANCE: f64 = 0.02;

/// The fingerprint of a picture; `None` if it is empty.
#[must_use]
pub fn fingerprint(plane: &Plane) -> Option<Fingerprint> {
    let map = shrink(plane, Size::square(EDGE));
    let grey = map.levels.iter().copied().map(rounded).collect();
    let contrast = contrast(&map.levels);
    let image = GrayImage::from_raw(EDGE, EDGE, grey)?;
    let hasher =
        HasherConfig::new().hash_alg(HashAlg::Median).hash_size(8, 8).preproc_dct().to_hasher();
    let bits: [u8; 8] = hasher.hash_image(&image).as_bytes().try_into().ok()?;
    Some(Fingerprint { p64: u64::from_be_bytes(bits), contrast })
}

/// The picture very small; `None` if it is empty.
#[must_use]
pub fn miniature(plane: &Plane) -> Option<Miniature> {
    let levels = shrink(plane, Size::square(Miniature::EDGE as u32)).levels;
    (!levels.is_empty()).then(|| Miniature(levels.into_iter().map(rounded).collect()))
}

/// The fingerprints of a picture turned a quarter to the right and to the left, from its
/// miniature: a bit or two from those that all its pixels would give.
#[must_use]
pub fn turned(miniature: &Miniature) -> Vec<Fingerprint> {
    let edge = Miniature::EDGE as u32;
    let upright = Plane { width: edge, height: edge, grey: miniature.0.to_vec() };
    let turned = [6, 8].into_iter().filter_map(|turn| oriented(upright.clone(), turn).ok());
    turned.filter_map(|plane| fingerprint(&plane)).collect()
}

/// The colours seen through a window; empty without pixels.
#[must_use]
pub fn chroma(tones: &Tones, window: Window) -> Chroma {
    let size = Size::square(Chroma::EDGE as u32);
    let cells = |plane: &Plane| shrink_window(plane, window, size).levels;
    Chroma(tones.chroma.iter().flat_map(cells).map(rounded).collect())
}

/// A level in 1/256 as a whole one.
fn rounded(level: u16) -> u8 {
    (level.saturating_add(128) >> 8) as u8
}

/// A part of a picture in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Part {
    /// What this part shows of a plane that it lies in.
    #[must_use]
    pub fn of(self, plane: Plane) -> Plane {
        let Self { left, top, width, height } = self;
        if Size::new(width, height) == plane.size() {
            return plane;
        }
        let rows = plane.grey.chunks_exact(plane.width as usize);
        let rows = rows.skip(top as usize).take(height as usize);
        let columns = left as usize..(left + width) as usize;
        let grey = rows.flat_map(|row| row[columns.clone()].iter().copied()).collect();
        Plane { width, height, grey }
    }
}

/// The part of a thumbnail that shows a picture of `size`: all of it, or what lies
/// between dark bars. `None` if its shape fits neither.
#[must_use]
pub fn without_bars(thumbnail: &Plane, size: Size) -> Option<Part> {
    let (width, height) = (f64::from(thumbnail.width), f64::from(thumbnail.height));
    let aspect = f64::from(size.width) / f64::from(size.height);
    let ratio = width / height / aspect;
    if !ratio.is_finite() || ratio <= 0.0 {
        return None;
    }
    // One pixel of a small thumbnail may be more than the tolerance.
    let tolerance = ASPECT_TOLERANCE.max(1.0 / width.min(height));
    if (ratio - 1.0).abs() <= tolerance {
        let Plane { width, height, .. } = *thumbnail;
        let part = Part { left: 0, top: 0, width, height };
        return Some(part).filter(|_| !has_border(thumbnail, part));
    }
    let (inner_width, inner_height) =
        if ratio > 1.0 { (height * aspect, height) } else { (width, width / aspect) };
    // Rounded down: a row of bar in the cut does more harm than a row of picture lost.
    let (width, height) = (inner_width as u32, inner_height as u32);
    let (left, top) = ((thumbnail.width - width) / 2, (thumbnail.height - height) / 2);
    let part = Part { left, top, width, height };
    let shows = width > 0 && height > 0 && bars_are_dark(thumbnail, left, top);
    (shows && !has_border(thumbnail, part)).then_some(part)
}

/// Standard deviation in grey levels of levels in 1/256. The sums are whole
/// numbers, so the result is the same on every machine.
fn contrast(levels: &[u16]) -> f32 {
    let count = levels.len() as u64;
    let sum: u64 = levels.iter().map(|&level| u64::from(level)).sum();
    let squares: u64 = levels.iter().map(|&level| u64::from(level) * u64::from(level)).sum();
    let spread = (count * squares).saturating_sub(sum * sum);
    ((spread as f64).sqrt() / (count.max(1) as f64) / GreyMap::LEVEL) as f32
}

/// Whether a side of this part is an even, black strip, as a thumbnail has that was
/// laid into a frame of another shape. A picture that is black there itself must be
/// looked at to tell.
fn has_border(thumbnail: &Plane, part: Part) -> bool {
    let strip = |edge: u32| (edge * BORDER_SHARE.0).div_ceil(BORDER_SHARE.1);
    let black = |x: u32, y: u32| {
        let at = (part.top + y) * thumbnail.width + part.left + x;
        thumbnail.grey[at as usize] <= BLACKEST_BORDER
    };
    let rows = |mut rows: Range<u32>| rows.all(|y| (0..part.width).all(|x| black(x, y)));
    let columns = |mut columns: Range<u32>| columns.all(|x| (0..part.height).all(|y| black(x, y)));
    let (across, down) = (strip(part.width), strip(part.height));
    rows(0..down)
        || rows(part.height - down..part.height)
        || columns(0..across)
        || columns(part.width - across..part.width)
}

/// Whether the outer half of the bars, which no rounding reaches, is dark.
fn bars_are_dark(plane: &Plane, left: u32, top: u32) -> bool {
    let (columns, rows) = (left.div_ceil(2), top.div_ceil(2));
    plane.grey.chunks_exact(plane.width as usize).enumerate().all(|(y, row)| {
        let y = y as u32;
        let in_bar = y < rows || y >= plane.height - rows;
        row.iter().enumerate().all(|(x, &level)| {
            let x = x as u32;
            let outside = in_bar || x < columns || x >= plane.width - columns;
            !outside || level <= DARKEST_BAR
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A smooth scene without symmetry.
    fn scene(width: u32, height: u32) -> Plane {
        let level = |x: u32, y: u32| {
            let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            127.0 + 60.0 * (7.0 * x + 3.0 * y * y).sin() + 50.0 * (5.0 * y - 9.0 * x * y).cos()
        };
        let grey = (0..height).flat_map(|y| (0..width).map(move |x| level(x, y) as u8));
        Plane { width, height, grey: grey.collect() }
    }

    #[test]
    fn size_does_not_change_the_fingerprint() {
        let large = fingerprint(&scene(1200, 800)).unwrap();
        let small = fingerprint(&scene(150, 100)).unwrap();
        assert!((large.p64 ^ small.p64).count_ones() <= 2);
        assert!((large.contrast - small.contrast).abs() < 1.0);
        let mut other = scene(150, 100);
        other.grey.reverse();
        assert!((large.p64 ^ fingerprint(&other).unwrap().p64).count_ones() > 14);
    }

    #[test]
    fn an_even_grey_has_no_contrast() {
        let even = Plane { width: 9, height: 9, grey: vec![77; 81] };
        assert_eq!(fingerprint(&even).unwrap().contrast, 0.0);
        let halves = Plane { width: 2, height: 1, grey: vec![0, 200] };
        assert_eq!(fingerprint(&halves).unwrap().contrast, 100.0);
    }

    /// A 3:2 scene between bars of `level` in a 160 × 120 thumbnail.
    fn barred(level: u8) -> Plane {
        let scene = scene(160, 106);
        let bar = vec![level; 160 * 7];
        Plane { width: 160, height: 120, grey: [bar.clone(), scene.grey, bar].concat() }
    }

    #[test]
    fn black_bars_are_cut_off() {
        let cut = without_bars(&barred(0), Size::new(6000, 4000)).unwrap().of(barred(0));
        assert_eq!(cut.size(), Size::new(160, 106));
        let want = fingerprint(&scene(1200, 800)).unwrap();
        assert!((fingerprint(&cut).unwrap().p64 ^ want.p64).count_ones() <= 4);
    }

    #[test]
    fn a_thumbnail_with_black_borders_is_not_believed() {
        let inside = scene(160, 120);
        // Borders to the left, to the right and below, in a frame of the picture's shape.
        let bordered = |left: u32, right: u32, below: u32| {
            let mut framed = inside.clone();
            for (at, level) in framed.grey.iter_mut().enumerate() {
                let (x, y) = (at as u32 % 160, at as u32 / 160);
                if x < left || x >= 160 - right || y >= 120 - below {
                    *level = 5;
                }
            }
            without_bars(&framed, Size::new(4032, 3024))
        };
        assert!(bordered(0, 0, 0).is_some());
        assert!(bordered(2, 2, 2).is_some(), "a dark edge of two pixels");
        assert_eq!(bordered(20, 20, 30), None);
        assert_eq!(bordered(0, 4, 0), None);
        let mut barred = barred(0);
        barred
            .grey
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| at % 160 < 12)
            .for_each(|(_, l)| *l = 0);
        assert_eq!(without_bars(&barred, Size::new(6000, 4000)), None, "bars on three sides");
    }

    #[test]
    fn a_thumbnail_of_another_shape_is_refused() {
        assert_eq!(without_bars(&barred(90), Size::new(6000, 4000)), None);
        assert_eq!(without_bars(&scene(160, 120), Size::square(100)), None);
        assert!(without_bars(&scene(160, 120), Size::new(4032, 3024)).is_some());
        assert_eq!(without_bars(&scene(160, 120), Size::new(100, 0)), None);
    }
}
