//! The nouns that every stage shares: files, chat media, messages, features.
//!
//! What is remembered between runs is serialised as it stands here: a change
//! raises [`crate::examine::FILES`].

mod edit;
mod metadata;
mod time;
mod value;

use serde::{Deserialize, Serialize};

use crate::settings::DateOrder;
pub use edit::{Edit, Edits};
pub use metadata::{Exposure, Made, Metadata, Motion};
pub use time::{Taken, TimeSource};
pub use value::{Camera, Field, How, Place, PlaceName, Value, Written};

/// A file as the host numbered it: an index into the entries it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One file of the inputs, on disk or inside the export's zip: an index into
/// [`crate::collect::Library::items`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);

/// One medium of the chat, present or only named: an index into
/// [`crate::collect::Export::media`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediumId(pub u32);

/// A file that the host found while walking an input.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The host's number for it.
    pub file: FileId,
    /// Path below the chosen folder, with `/`. Unique within its input: with
    /// several folders of originals the host puts the folder's name in front.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Last change, seconds since 1970 in UTC, when the host knows it.
    pub modified: Option<i64>,
}

/// Where an item's bytes are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A file of the host.
    File(FileId),
    /// An entry of a zip that is a file of the host, read in place.
    Zipped {
        /// The zip.
        file: FileId,
        /// Where the entry's data begin in the zip.
        start: u64,
        /// Bytes of the entry's data in the zip.
        packed: u64,
        /// How they are packed.
        packing: Packing,
        /// CRC-32 of what was packed; `None` if the zip does not tell.
        crc: Option<u32>,
    },
}

/// How a zip entry is packed. Others are reported as unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packing {
    /// As it is.
    Stored,
    /// Deflate.
    Deflated,
}

/// One input file that the job may use.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its own number.
    pub id: ItemId,
    /// As in [`Entry::path`], or the name inside the zip.
    pub path: String,
    /// Bytes, unpacked.
    pub size: u64,
    /// Last change, seconds since 1970 in UTC.
    pub modified: Option<i64>,
    /// Where its bytes are.
    pub source: Source,
}

impl Item {
    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it lies outside the export's folder, with a page that was asked
    /// for by name.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        self.path.starts_with("../")
    }
}

/// What a file's bytes say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// HEIF with HEVC pictures.
    Heic,
    /// AVIF; known, not decoded.
    Avif,
    /// PNG.
    Png,
    /// WebP, still or animated.
    Webp,
    /// GIF.
    Gif,
    /// TIFF that is not a camera raw.
    Tiff,
    /// A camera raw (DNG, CR2, CR3, NEF …); its preview is used.
    Raw,
    /// MP4, MOV or 3GP with a video track.
    Video,
    /// Sound: Ogg/Opus, MP3, M4A, AMR, WAV.
    Audio,
    /// PDF.
    Pdf,
    /// A zip archive (also office documents).
    Zip,
    /// HTML.
    Html,
    /// vCard.
    Contact,
    /// Other text.
    Text,
    /// No bytes at all.
    Empty,
    /// None of the above.
    Unknown,
}

impl Kind {
    /// Whether it is a still picture whose pixels can be had.
    #[must_use]
    pub fn is_picture(self) -> bool {
        use Kind::{Heic, Jpeg, Png, Raw, Tiff, Webp};
        matches!(self, Jpeg | Heic | Png | Webp | Tiff | Raw)
    }
}

/// What a medium is to the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    /// A photo.
    Image,
    /// A video.
    Video,
    /// A GIF (WhatsApp sends them as silent MP4).
    Gif,
    /// A sticker.
    Sticker,
    /// A voice note.
    Voice,
    /// Another sound file.
    Audio,
    /// A contact card.
    Contact,
    /// A file sent as a document.
    Document,
}

/// One way to read the dates of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateChoice {
    /// The order.
    pub order: DateOrder,
    /// A date of the chat as it is written: `08/04/22`.
    pub written: String,
    /// Which day that is in this order, in days since 1970-01-01.
    pub day: i32,
}

/// A picture averaged to [`Miniature::EDGE`] × [`Miniature::EDGE`] grey levels,
/// whatever its shape: what the search for cropped and changed pictures looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miniature(pub Box<[u8]>);

impl Miniature {
    /// Pixels along each edge. A crop of 2 % of an edge moves the picture by more
    /// than half a pixel of it. Chosen, not measured.
    pub const EDGE: usize = 32;
}

/// The colours of a picture averaged to [`Chroma::EDGE`] × [`Chroma::EDGE`]
/// cells, whatever its shape: enough to see a filter by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chroma(pub Box<[u8]>);

impl Chroma {
    /// Cells along each edge. There are two planes of them, blue minus luma and red
    /// minus luma as JFIF scales them: 128 is no colour. Chosen, not measured.
    pub const EDGE: usize = 16;
}

/// How large a picture is. Sizes are in order by width, then by height; in notes
/// they are a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// So many pixels across and down.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// As many pixels across as down.
    #[must_use]
    pub const fn square(edge: u32) -> Self {
        Self::new(edge, edge)
    }

    /// Pixels in all.
    #[must_use]
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Pixels along the long edge.
    #[must_use]
    pub fn longest(self) -> u32 {
        self.width.max(self.height)
    }

    /// Width by height; an edge without a pixel counts as if it had one.
    #[must_use]
    pub fn aspect(self) -> f64 {
        f64::from(self.width.max(1)) / f64::from(self.height.max(1))
    }

    /// The same shape with a long edge of at most `long_edge` pixels, and at least
    /// one pixel along each.
    #[must_use]
    pub fn within(self, long_edge: u32) -> Self {
        let longest = self.longest();
        if longest <= long_edge {
            return Self::new(self.width.max(1), self.height.max(1));
        }
        let scaled = |edge: u32| {
            let rounded = (u64::from(edge) * u64::from(long_edge) * 2 + u64::from(longest))
                / (u64::from(longest) * 2);
            u32::try_from(rounded).unwrap_or(long_edge).max(1)
        };
        Self::new(scaled(self.width), scaled(self.height))
    }

    /// The same after a quarter turn.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self::new(self.height, self.width)
    }
}

impl From<(u32, u32)> for Size {
    fn from((width, height): (u32, u32)) -> Self {
        Self::new(width, height)
    }
}

impl From<Size> for (u32, u32) {
    fn from(size: Size) -> Self {
        (size.width, size.height)
    }
}

/// A picture's fingerprint for the shortlist.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// 64-bit Median + DCT hash of `image_hasher`; it compares only with hashes
    /// made in the same way.
    pub p64: u64,
    /// Standard deviation of the grey levels, 0 to 127.
    pub contrast: f32,
}

/// Length and size of a video.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VideoShape {
    /// Milliseconds; `None`: nothing in the file tells.
    pub duration_ms: Option<u64>,
    /// Whether it has a sound track.
    pub has_audio: bool,
    /// Whether WhatsApp's GIF marks (`beam`, `loop`) were seen.
    pub is_gif: bool,
}

/// What was learnt about one file. Everything may be absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// By the first bytes, not the name.
    pub kind: Kind,
    /// After orientation.
    pub size: Option<Size>,
    /// When it was taken.
    pub taken: Option<Taken>,
    /// Minutes east of UTC on the camera's clock, if it wrote them.
    pub zone_minutes: Option<i32>,
    /// Thousandths of a second beside `taken`.
    pub sub_millis: Option<u16>,
    /// Which clue `taken` came from.
    pub time_source: Option<TimeSource>,
    /// What the name, or else the last change, says of it, where `taken` came from
    /// inside the file: asked where that cannot be.
    pub next_clue: Option<(Taken, TimeSource)>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Apple's content identifier, which a Live Photo's two files share.
    pub content_id: Option<String>,
    /// What else its metadata say; `None`: nothing.
    pub metadata: Option<Box<Metadata>>,
    /// Fingerprint, when pixels were seen (the picture's or its thumbnail's).
    pub fingerprint: Option<Fingerprint>,
    /// The picture at 32 × 32 pixels, when pixels were seen.
    pub miniature: Option<Miniature>,
    /// Its colours, when those of a JPEG were seen (the picture's or its
    /// thumbnail's).
    pub chroma: Option<Chroma>,
    /// The same of the picture over black, where a part of it is transparent: programs
    /// that know no transparency lay it over white or over black.
    pub on_black: Option<(Fingerprint, Miniature)>,
    /// Grey levels (RMS over colours of all kinds, rounded up) by which its profile changes
    /// brightness, if that says that its colours are not sRGB's: programs follow it or leave
    /// it aside.
    pub profiled: Option<u8>,
    /// Length and tracks, for videos.
    pub video: Option<VideoShape>,
    /// Mean of the luminance quantisation table: how coarse a JPEG's encoder was.
    /// The table of the JPEG standard (ITU-T T.81, table K.1), which encoders use
    /// at quality 50, has a mean of 57.6.
    pub quantisation: Option<f32>,
    /// SHA-1 of the whole file, when it was read whole.
    #[serde(with = "crate::memory::hex::option")]
    pub sha1: Option<[u8; 20]>,
}

impl Features {
    /// Nothing known but the kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            size: None,
            taken: None,
            zone_minutes: None,
            sub_millis: None,
            time_source: None,
            next_clue: None,
            place: None,
            camera: None,
            content_id: None,
            metadata: None,
            fingerprint: None,
            miniature: None,
            chroma: None,
            on_black: None,
            profiled: None,
            video: None,
            quantisation: None,
            sha1: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{decoded, encoded};

    #[test]
    fn a_smaller_size_keeps_the_shape() {
        let check = |size: (u32, u32), want: (u32, u32)| {
            assert_eq!(Size::from(size).within(512), want.into(), "{size:?}");
        };
        check((1600, 1200), (512, 384));
        check((1199, 1600), (384, 512));
        check((300, 2), (300, 2));
        check((100_000, 1), (512, 1));
    }

    #[test]
    fn sizes_are_noted_and_sorted_as_pairs() {
        let pairs = [(1, 9), (300, 2), (300, 70_000)];
        let sizes = pairs.map(Size::from);
        assert!(sizes.is_sorted_by(|one, other| one < other), "{sizes:?}");
        for (pair, size) in pairs.into_iter().zip(sizes) {
            let note = encoded(&pair).unwrap();
            assert_eq!(encoded(&size), Some(note.clone()));
            assert_eq!(decoded::<Size>(&note), Some(size));
            assert_eq!(
                serde_json::to_string(&size).unwrap(),
                serde_json::to_string(&pair).unwrap()
            );
        }
    }
}
