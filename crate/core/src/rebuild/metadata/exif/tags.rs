//! What stands in a block, entry by entry, to be compared with another.

use super::block::{Block, Name, TO_EXIF, TO_GPS};

/// One entry with its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tagged<'a> {
    /// In which directory.
    pub directory: Name,
    /// What it says.
    pub tag: u16,
    kind: u16,
    count: u32,
    /// Where a value stands that is not in the entry: whoever counts from there (maker
    /// notes) must find the same bytes.
    place: Option<usize>,
    /// The value's bytes; those of the entry where its type is not known or the value
    /// lies outside the block.
    value: &'a [u8],
    /// Whether that is the value.
    whole: bool,
}

/// Every entry of a block, by directory and tag; several of one tag in the order of the
/// file. Those that lead to EXIF's and the place's directories are left out, for what is
/// in these is there.
#[must_use]
pub fn tags<'a>(block: &Block<'a>) -> Vec<Tagged<'a>> {
    let mut found = Vec::new();
    for (name, directory) in &block.directories {
        for entry in &directory.entries {
            if *name == Name::Chained(0) && matches!(entry.tag, TO_EXIF | TO_GPS) {
                continue;
            }
            let value = block.value(entry);
            let inline = entry.at + 8..entry.at + 12;
            let place = block.place(entry).map(|place| place.start);
            found.push(Tagged {
                directory: *name,
                tag: entry.tag,
                kind: entry.kind,
                count: entry.count,
                place: place.filter(|start| *start != inline.start),
                value: value.or_else(|| block.bytes.get(inline)).unwrap_or_default(),
                whole: value.is_some(),
            });
        }
    }
    found.sort_by_key(|found| (found.directory, found.tag));
    found
}
