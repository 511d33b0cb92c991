//! What all that reads HEICs needs of `heifer`.

use heifer::Error;
use heifer::heifer_isobmff::boxes::Property;
use heifer::heifer_isobmff::{HeifFile, ItemId};

use crate::error::Problem;

/// Rotations (counted in quarters against the clock) and mirrorings of an item.
pub(in crate::examine) fn turns(file: &HeifFile<'_>, id: ItemId) -> Vec<u8> {
    let Ok(properties) = file.item_properties(id) else { return Vec::new() };
    let turn = |property: &Property| match *property {
        Property::Rotation(1) => Some(8),
        Property::Rotation(2) => Some(3),
        Property::Rotation(3) => Some(6),
        Property::Mirror(true) => Some(4),
        Property::Mirror(false) => Some(2),
        _ => None,
    };
    properties.filter_map(turn).collect()
}

/// What a failure of `heifer` means for the file.
pub(super) fn problem(error: &Error) -> Problem {
    match error {
        Error::Container(heifer::heifer_isobmff::Error::UnexpectedEof) => Problem::Truncated,
        other => Problem::decoding(other),
    }
}
