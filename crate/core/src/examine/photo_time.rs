//! What a camera wrote into EXIF: time, zone, place, camera, orientation.

use exif::{Exif, In, Reader, Tag};

/// Reads an EXIF block from its TIFF header on; a broken block gives what is
/// readable of it.
#[must_use]
pub fn parse(block: &[u8]) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| {})).ok()
}

/// How the picture must be turned to stand upright: 1 to 8, as EXIF numbers it.
#[must_use]
pub fn orientation(exif: &Exif) -> u8 {
    let field = exif.get_field(Tag::Orientation, In::PRIMARY);
    let value = field.and_then(|field| field.value.get_uint(0)).unwrap_or(1);
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}
