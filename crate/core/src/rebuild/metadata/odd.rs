//! Why a file is left as it is, and a sidecar says what was to be written.

use crate::model::Field;
use crate::model::Kind;

/// Why a file is not changed. The words are made where they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// Files of this kind are never changed.
    Kind(Kind),
    /// This value cannot be written: it is none, or would not be read back.
    Value(Field),
    /// Content credentials (C2PA) would no longer fit the file.
    Signed,
    /// Segments, chunks or boxes do not fit the file, or are too many.
    Structure,
    /// Something is larger than what is read.
    TooLarge {
        /// Bytes that it has.
        bytes: u64,
        /// Bytes that are read.
        limit: u64,
    },
    /// There are several EXIF blocks, or older forms beside the one of today.
    ManyBlocks,
    /// The EXIF block of a JPEG would be larger than its segment may be.
    Full {
        /// Bytes that the block would have.
        bytes: usize,
    },
    /// The list of further pictures stands before EXIF, and counts from where it stands.
    ListBeforeExif,
    /// A further picture hangs behind the first, and nothing tells who points to it.
    PictureBehind,
    /// The EXIF block itself is odd.
    Exif(Fault),
    /// A maker note would be read as that of another camera, or not at all: programs know
    /// by the camera's name how.
    MakerNote,
    /// The places in the file are measured on another globe than WGS 84.
    OtherDatum,
    /// An HEIC has no EXIF item for its picture, or several.
    Items(usize),
    /// The EXIF item of an HEIC lies where nothing can be written: in parts, in another
    /// file, inside another item or in bytes of another.
    ItemPlace,
    /// A box that is not known on the top level, or one that goes to the file's end.
    Box([u8; 4]),
    /// The headers of a video are in UTC, and the zone of the new date is not known.
    NoZone,
    /// A date is there that is believed before the one that could be written.
    OtherDate,
    /// A zone alone is given, but the file has no date that it could belong to.
    NoDate,
    /// The index of a video has no header with a date.
    NoHeader,
}

/// What is odd about an EXIF block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It begins with no TIFF header.
    Header,
    /// A directory lies outside the block, in part or wholly.
    Outside,
    /// Directories lie over each other, or follow each other in a circle.
    Overlap,
    /// There are more directories or entries than cameras write.
    TooMany,
    /// The entry that leads to a directory is none, or there are two.
    Pointer(u16),
    /// A tag that was to be written is there twice.
    Twice(u16),
    /// Another tag would change with those that were to be written.
    Entangled(u16),
}

impl From<Fault> for Odd {
    fn from(fault: Fault) -> Self {
        Self::Exif(fault)
    }
}
