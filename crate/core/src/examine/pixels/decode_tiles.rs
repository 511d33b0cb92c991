//! HEICs that are too large to be decoded whole: tile by tile, each made small before
//! the next one is decoded.
//!
//! Phones with 200 megapixels store them as a grid of tiles. Luma and chroma are taken
//! as they are coded, for a proof and a view need no more.

use heifer::Error;
use heifer::heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer::heifer_hevc_dec::recon::Frame;
use heifer::heifer_isobmff::boxes::Property;
use heifer::heifer_isobmff::{HeifFile, ItemId};

use super::heif::{problem, turns};
use super::plane::{Plane, Tones, within};
use crate::error::{Problem, Undecoded};
use crate::model::Size;
use crate::settings::Limits;

/// Most pixels of one tile. Phones write 512 × 512 and 1024 × 1024.
const MOST_TILE_PIXELS: u64 = 4 << 20;
/// Bytes held for one pixel of the result.
const BYTES_PER_PIXEL: u64 = 10;
/// Edges, in pixels, of the squares that become one: the least that fits is taken.
const FACTORS: [u32; 3] = [2, 4, 8];

/// The picture at a half, a quarter or an eighth of its size, oriented.
///
/// # Errors
/// It is no grid of tiles, is damaged, or exceeds a limit even so.
pub(super) fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    let broken = |error: heifer::heifer_isobmff::Error| problem(&Error::from(error));
    let file = HeifFile::parse(bytes).map_err(broken)?;
    let id = file.primary_id;
    let named = file.image_size(id).map_err(broken)?.map_or(0, |size| Size::from(size).pixels());
    let not_tiled = || Problem::OverLimit {
        need: named.saturating_mul(BYTES_PER_PIXEL),
        limit: limits.decode_bytes,
    };
    if file.item(id).map_err(broken)?.item_type.0 != *b"grid" {
        return Err(not_tiled());
    }
    let grid = file.grid(id).map_err(broken)?;
    let full = Size::new(grid.output_width, grid.output_height);
    let tiles = file.referenced_items(id, b"dimg");
    let first = *tiles.first().ok_or_else(&not_tiled)?;
    let tile: Size = file.image_size(first).map_err(broken)?.ok_or_else(&not_tiled)?.into();
    let (columns, rows) = (u32::from(grid.columns), u32::from(grid.rows));
    // Tiles that lie outside would be decoded for nothing.
    let all = full.width.div_ceil(tile.width.max(1)) == columns
        && full.height.div_ceil(tile.height.max(1)) == rows
        && tiles.len() as u64 == u64::from(columns) * u64::from(rows);
    let cropped = file.item_properties(id).map_err(broken)?.any(is_cropped);
    if !all || tile.pixels() > MOST_TILE_PIXELS || cropped {
        return Err(not_tiled());
    }
    let factor = factor(full, tile, limits)?;
    let mut small = blank(Size::new(full.width / factor, full.height / factor));
    for (at, &item) in (0u32..).zip(tiles) {
        let each = Size::new(tile.width / factor, tile.height / factor);
        let corner = (at % columns * each.width, at / columns * each.height);
        lay(&mut small, corner, each, &decoded(&file, item, tile)?, factor);
    }
    turns(&file, id).into_iter().try_fold(small, Tones::oriented)
}

fn is_cropped(property: &Property) -> bool {
    matches!(property, Property::CleanAperture { .. })
}

/// How many pixels along each edge become one.
fn factor(full: Size, tile: Size, limits: &Limits) -> Result<u32, Problem> {
    within(full, 0, limits)?;
    let small = |factor: u32| Size::new(full.width / factor, full.height / factor);
    let whole =
        |factor: u32| tile.width.is_multiple_of(factor) && tile.height.is_multiple_of(factor);
    let fits = |factor: &u32| within(small(*factor), BYTES_PER_PIXEL, limits).is_ok();
    let found = FACTORS.into_iter().filter(|&factor| whole(factor)).find(fits);
    // As large as it is at the least: the limit that is told is that of the memory.
    found.ok_or(Problem::OverLimit {
        need: small(8).pixels() * BYTES_PER_PIXEL,
        limit: limits.decode_bytes,
    })
}

fn blank(size: Size) -> Tones {
    let plane = |level: u8| Plane {
        width: size.width,
        height: size.height,
        grey: vec![level; size.pixels() as usize],
    };
    Tones { luma: plane(0), chroma: [plane(128), plane(128)] }
}

/// One tile, whose coded size must not be less than the named one.
fn decoded(file: &HeifFile<'_>, item: ItemId, tile: Size) -> Result<Frame, Problem> {
    let coded = file.hevc_bitstream(item).map_err(|error| problem(&Error::from(error)))?;
    // What is coded past the named size is padding.
    let options = DecodeOptions { max_pixels: 2 * MOST_TILE_PIXELS, ..Default::default() };
    let frame = decode_picture(&coded, options).map_err(|error| problem(&Error::from(error)))?;
    let covers = frame.widths[0] >= tile.width && frame.heights[0] >= tile.height;
    if covers { Ok(frame) } else { Err(Problem::Decode(Undecoded::WrongLength)) }
}

/// Lays a tile of so many small pixels into the picture, as far as it lies inside.
fn lay(small: &mut Tones, (left, top): (u32, u32), each: Size, frame: &Frame, factor: u32) {
    let [blue, red] = &mut small.chroma;
    for (part, plane) in [&mut small.luma, blue, red].into_iter().enumerate() {
        let (across, down) = (frame.widths[part], frame.heights[part]);
        if across == 0 || down == 0 {
            continue;
        }
        // Chroma may be stored at half the size.
        let [step_x, step_y] = [(across, frame.widths[0]), (down, frame.heights[0])]
            .map(|(own, luma)| (factor * own / luma).max(1));
        let shift = frame.bit_depth[usize::from(part > 0)].saturating_sub(8);
        let level = level(frame.full_range, part > 0);
        let inside = |own: u32, each: u32, left: u32| own.min(each).min(left);
        let columns = inside(across / step_x, each.width, plane.width.saturating_sub(left));
        let rows = inside(down / step_y, each.height, plane.height.saturating_sub(top));
        for y in 0..rows {
            for x in 0..columns {
                let mut sum = 0;
                for row in y * step_y..(y + 1) * step_y {
                    let from = (row * across + x * step_x) as usize;
                    let samples = &frame.planes[part][from..from + step_x as usize];
                    sum += samples.iter().map(|&sample| u32::from(sample >> shift)).sum::<u32>();
                }
                let mean = (sum + step_x * step_y / 2) / (step_x * step_y);
                plane.grey[((top + y) * plane.width + left + x) as usize] = level(mean);
            }
        }
    }
}

/// A sample in full range; of chroma around 128.
fn level(full_range: bool, is_chroma: bool) -> impl Fn(u32) -> u8 {
    move |sample: u32| {
        let sample = sample.min(255) as i32;
        let level = match (full_range, is_chroma) {
            (true, _) => sample,
            (false, false) => (sample - 16) * 255 / 219,
            (false, true) => (sample - 128) * 255 / 224 + 128,
        };
        level.clamp(0, 255) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::pixels::{self, shrink};

    #[test]
    fn a_picture_above_the_memory_limit_is_the_same_by_tiles() {
        let path = "../../tests/fixtures/photos/pug.heic";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let bytes = std::fs::read(path).unwrap();
        let whole = pixels::luma(&bytes, 512, &Limits::default()).unwrap();
        // Four bytes for each pixel, where the whole needs ten.
        let limits = Limits { decode_bytes: 4 * whole.size().pixels(), ..Limits::default() };
        let tiled = pixels::tones(&bytes, 512, &limits).unwrap();
        assert_eq!((tiled.luma.width, tiled.luma.height), (whole.width / 2, whole.height / 2));
        let size = whole.size().within(256);
        let apart = shrink(&whole, size).levels.into_iter().zip(shrink(&tiled.luma, size).levels);
        let most = apart.map(|(a, b)| a.abs_diff(b)).max().unwrap();
        assert!(most <= 2 * 256, "{most} of 256ths");
        let limits = Limits { decode_bytes: whole.size().pixels() / 100, ..Limits::default() };
        assert!(matches!(pixels::luma(&bytes, 512, &limits), Err(Problem::OverLimit { .. })));
    }
}
