//! The payload of an HEIC or an AVIF: the bytes of its image items, tiles and
//! thumbnails among them, without EXIF, XMP and properties.

use heifer::heifer_isobmff::boxes::ConstructionMethod;
use heifer::heifer_isobmff::{HeifFile, Item, is_image_item};

use super::streams::Streams;

/// What `front`, the `ftyp` and `meta` boxes, names in a file of `size` bytes.
/// `None`: no picture, or one that is put together from others.
pub(super) fn streams(front: &[u8], size: u64) -> Option<Streams> {
    let file = HeifFile::parse(front).ok()?;
    let mut items: Vec<&Item> =
        file.items.iter().filter(|item| is_image_item(item.item_type)).collect();
    items.sort_by_key(|item| item.id);
    let mut streams = Streams::new();
    let mut held = 0;
    for item in items {
        streams.begin(item.item_type.0)?;
        // Identity items have no bytes.
        let Some(location) = &item.location else { continue };
        match location.construction_method {
            ConstructionMethod::File => {
                for extent in &location.extents {
                    // No length means: to the end of the file, whatever follows there.
                    let length = Some(extent.length).filter(|length| *length > 0)?;
                    streams.place(extent.offset, length)?;
                }
            }
            ConstructionMethod::Idat => {
                let bytes = file.item_data(item.id).ok()?;
                held += bytes.len();
                // Items that name the same bytes again and again are not followed.
                streams.hold(Some(&*bytes).filter(|_| held <= front.len())?);
            }
            ConstructionMethod::Item => return None,
        }
    }
    streams.within(size)
}
