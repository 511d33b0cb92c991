//! What an HEIC tells without being decoded: size, EXIF, thumbnail.
//!
//! The file is read in parts, so that items are given to the container library
//! in a small copy: `ftyp`, `meta` and the wanted items, with their places
//! changed to those in the copy.

use std::borrow::Cow;

use heifer::heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer::heifer_hevc_dec::recon;
use heifer::heifer_isobmff::boxes::{ColorInfo, ConstructionMethod, ItemLocation, Property};
use heifer::heifer_isobmff::{HeifFile, ItemId};
use image::GrayImage;

use super::pixels::Plane;
use super::pixels::heif::turns;
use super::pixels::plane::oriented;
use crate::io::{ReadAt, read_range};
use crate::model::Size;

/// Most bytes of an EXIF, XMP or thumbnail item; a larger one is ignored. Chosen, not
/// measured.
const MOST_ITEM_BYTES: u64 = 8 << 20;
/// Most pixels of a thumbnail; a larger one is not decoded, for it is a picture of
/// its own. Chosen, not measured.
const MOST_THUMBNAIL_PIXELS: u64 = 4 << 20;

/// What the container tells.
#[derive(Debug, Clone, Default)]
pub struct HeifNotes {
    /// After rotation.
    pub size: Option<Size>,
    /// The EXIF block from its TIFF header on.
    pub exif: Option<Vec<u8>>,
    /// The XMP packet of the picture.
    pub xmp: Option<Vec<u8>>,
    /// The thumbnail, oriented.
    pub thumbnail: Option<Plane>,
    /// How the picture is turned to stand upright: orientations as EXIF numbers
    /// them, one after the other.
    pub turns: Vec<u8>,
    /// Its colour profile.
    pub profile: Option<Vec<u8>>,
}

/// Where the EXIF, XMP and thumbnail items lie in the file: first byte and end.
/// `front` holds the `ftyp` and `meta` boxes.
#[must_use]
pub fn item_ranges(front: &[u8]) -> Vec<(u64, u64)> {
    let Ok(file) = HeifFile::parse(front) else { return Vec::new() };
    let places = wanted(&file).into_iter().filter_map(|index| file.items[index].location.as_ref());
    let in_file = places.filter(|place| place.construction_method == ConstructionMethod::File);
    let extents = in_file.filter(|place| bytes(place) <= MOST_ITEM_BYTES);
    extents
        .flat_map(|place| &place.extents)
        .filter(|extent| extent.length > 0)
        .map(|extent| (extent.offset, extent.offset.saturating_add(extent.length)))
        .collect()
}

/// Bytes of all parts of an item; it may name one part again and again.
fn bytes(place: &ItemLocation) -> u64 {
    place.extents.iter().fold(0, |sum, extent| sum.saturating_add(extent.length))
}

/// Reads what the container tells. `source` must hold the [`item_ranges`];
/// items that it does not hold are absent.
#[must_use]
pub fn heif_notes(front: &[u8], source: &dyn ReadAt) -> HeifNotes {
    let Ok(original) = HeifFile::parse(front) else { return HeifNotes::default() };
    let (copy, places) = copy_with_items(front, &original, source);
    let Ok(mut file) = HeifFile::parse(&copy) else { return HeifNotes::default() };
    for (index, (offset, length)) in places {
        if let Some(place) = &mut file.items[index].location {
            place.extents.truncate(1);
            if let Some(extent) = place.extents.first_mut() {
                (extent.offset, extent.length) = (offset, length);
            }
        }
    }
    HeifNotes {
        size: size(&file),
        exif: file.exif(file.primary_id).ok().flatten(),
        xmp: packet(&file).and_then(|id| file.item_data(id).ok()).map(Cow::into_owned),
        thumbnail: thumbnail(&file),
        turns: turns(&file, file.primary_id),
        profile: profile(&file),
    }
}

fn profile(file: &HeifFile<'_>) -> Option<Vec<u8>> {
    file.item_properties(file.primary_id).ok()?.find_map(|property| match property {
        Property::Color(ColorInfo::Icc(icc)) => Some(icc.clone()),
        _ => None,
    })
}

/// The XMP packet that describes the primary picture. Others describe its depths and
/// gain maps.
fn packet(file: &HeifFile<'_>) -> Option<ItemId> {
    let describing = file.referencing_items(file.primary_id, b"cdsc");
    let is_packet = |id: &ItemId| {
        file.item(*id).is_ok_and(|item| {
            let kind = item.content_type.as_deref();
            item.item_type.0 == *b"mime" && kind == Some("application/rdf+xml")
        })
    };
    describing.into_iter().find(is_packet)
}

/// Indices of the EXIF items, of the primary picture's XMP packet and thumbnails.
fn wanted(file: &HeifFile<'_>) -> Vec<usize> {
    let thumbnails = file.referencing_items(file.primary_id, b"thmb");
    let packet = packet(file);
    let is_wanted = |index: &usize| {
        let item = &file.items[*index];
        let known = thumbnails.contains(&item.id) || packet == Some(item.id);
        item.item_type.0 == *b"Exif" || known
    };
    (0..file.items.len()).filter(is_wanted).take(8).collect()
}

type Places = Vec<(usize, (u64, u64))>;

fn copy_with_items(front: &[u8], file: &HeifFile<'_>, source: &dyn ReadAt) -> (Vec<u8>, Places) {
    let mut items = Vec::new();
    let mut places = Vec::new();
    let base = front.len() as u64 + 8;
    for index in wanted(file) {
        let Some(place) = &file.items[index].location else { continue };
        let whole = bytes(place) <= MOST_ITEM_BYTES;
        if !whole || place.construction_method != ConstructionMethod::File {
            continue;
        }
        let start = items.len();
        for extent in &place.extents {
            items.extend(
                read_range(source, extent.offset, extent.length as usize).unwrap_or_default(),
            );
        }
        places.push((index, (base + start as u64, (items.len() - start) as u64)));
    }
    let mut copy = front.to_vec();
    copy.extend((u32::try_from(items.len()).unwrap_or(0) + 8).to_be_bytes());
    copy.extend(b"free");
    copy.extend(items);
    (copy, places)
}

/// Size after the transformations, in their order.
fn size(file: &HeifFile<'_>) -> Option<Size> {
    let start = Size::from(file.image_size(file.primary_id).ok()??);
    let properties = file.item_properties(file.primary_id).ok()?;
    Some(properties.fold(start, |size, property| match *property {
        Property::Rotation(quarters) if quarters % 2 == 1 => size.turned(),
        Property::CleanAperture { width, height, .. } => {
            Size::new(part(width, size.width), part(height, size.height))
        }
        _ => size,
    }))
}

/// A clean aperture's edge, a fraction, if it lies within the coded edge.
fn part<N: TryInto<u32>, D: TryInto<u32>>((above, below): (N, D), edge: u32) -> u32 {
    let value = above.try_into().ok().zip(below.try_into().ok());
    let whole = value.and_then(|(above, below)| above.checked_div(below));
    whole.filter(|whole| (1..=edge).contains(whole)).unwrap_or(edge)
}

/// The smallest thumbnail, decoded and oriented.
fn thumbnail(file: &HeifFile<'_>) -> Option<Plane> {
    let sizes = file.referencing_items(file.primary_id, b"thmb").into_iter().filter_map(|id| {
        let (width, height) = file.image_size(id).ok()??;
        Some((u64::from(width) * u64::from(height), id, width, height))
    });
    let (pixels, id, width, height) = sizes.min()?;
    if pixels == 0 || pixels > MOST_THUMBNAIL_PIXELS || file.item(id).ok()?.item_type.0 != *b"hvc1"
    {
        return None;
    }
    let options = DecodeOptions { max_pixels: 2 * MOST_THUMBNAIL_PIXELS, ..Default::default() };
    let frame = decode_picture(&file.hevc_bitstream(id).ok()?, options).ok()?;
    let image = grey(&frame, width, height)?;
    let plane = Plane { width: image.width(), height: image.height(), grey: image.into_raw() };
    upright(plane, &turns(file, id))
}

/// Turns a picture as the container says.
#[must_use]
pub fn upright(plane: Plane, turns: &[u8]) -> Option<Plane> {
    turns.iter().try_fold(plane, |plane, turn| oriented(plane, *turn)).ok()
}

/// The luma plane in eight bits of full range.
fn grey(frame: &recon::Frame, width: u32, height: u32) -> Option<GrayImage> {
    let (across, down) = (frame.widths[0], frame.heights[0]);
    let shift = frame.bit_depth[0].checked_sub(8)?;
    let full = frame.full_range;
    let level = |sample: &u16| {
        let level = u32::from(sample >> shift).min(255);
        if full { level as u8 } else { (level.saturating_sub(16) * 255 / 219).min(255) as u8 }
    };
    let plane = frame.planes[0].iter().map(level).collect();
    let image = GrayImage::from_raw(across, down, plane)?;
    // What is coded past the named size is padding.
    let (width, height) = (width.min(across), height.min(down));
    Some(image::imageops::crop_imm(&image, 0, 0, width, height).to_image())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::testing::boxed;
    use super::*;

    /// Zeros without end; counts what is read of them.
    struct Counted(Cell<u64>);

    impl ReadAt for Counted {
        fn size(&self) -> u64 {
            1 << 40
        }

        fn read_at(&self, _: u64, buf: &mut [u8]) -> std::io::Result<usize> {
            self.0.set(self.0.get() + buf.len() as u64);
            Ok(buf.len())
        }
    }

    /// `ftyp` and `meta` of a file whose EXIF item names one part so often.
    fn repeated(times: u16, length: u32) -> Vec<u8> {
        let full = |name, version, body: &[u8]| boxed(name, &[&[version, 0, 0, 0], body].concat());
        let entry = |id, name: &[u8]| full(b"infe", 2, &[&[0, id, 0, 0], name, &[0]].concat());
        let items = [&[0, 2][..], &entry(1, b"hvc1"), &entry(2, b"Exif")].concat();
        let part = [[0; 4], length.to_be_bytes()].concat();
        let places = [
            &[0x44, 0, 0, 2, 0, 1, 0, 0, 0, 1][..],
            &[0; 8],
            &[0, 2, 0, 0],
            &times.to_be_bytes(),
            &part.repeat(times.into()),
        ];
        let handler = [&[0; 4][..], b"pict", &[0; 13]].concat();
        let meta = [
            full(b"hdlr", 0, &handler),
            full(b"pitm", 0, &[0, 1]),
            full(b"iinf", 0, &items),
            full(b"iloc", 0, &places.concat()),
        ];
        let meta = full(b"meta", 0, &meta.concat());
        [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), meta].concat()
    }

    #[test]
    fn a_part_named_again_and_again_is_not_gathered_again_and_again() {
        let read = |times, length| {
            let source = Counted(Cell::new(0));
            let front = repeated(times, length);
            assert_eq!(HeifFile::parse(&front).unwrap().items.len(), 2);
            assert!(heif_notes(&front, &source).thumbnail.is_none());
            (source.0.get(), item_ranges(&front).len())
        };
        assert_eq!(read(3, 1000), (3000, 3));
        assert_eq!(read(3000, 1 << 20), (0, 0));
    }
}
