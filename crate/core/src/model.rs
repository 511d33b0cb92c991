//! The nouns that every stage shares: files, chat media, messages, features.
//!
//! What is remembered between runs is serialised as it stands here: a change
//! raises [`crate::memory::EXAMINE_VERSION`].

use serde::{Deserialize, Serialize};

/// A file as the host numbered it: an index into the entries it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One file of the inputs, on disk or inside the export's zip: an index into
/// [`crate::collect::Inventory::items`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);

/// One medium of the chat, present or only named: an index into
/// [`crate::collect::Inventory::media`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediumId(pub u32);

/// Which of the two inputs a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The chat export: text or HTML, and small media.
    Export,
    /// The camera roll.
    Originals,
}

/// A file that the host found while walking an input.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The host's number for it.
    pub file: FileId,
    /// Which input it was found in.
    pub side: Side,
    /// Path below the chosen folder, with `/`. Unique within its side: with
    /// several folders of originals the host puts the folder's name in front.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Last change, seconds since 1970 in UTC, when the host knows it.
    pub modified: Option<i64>,
}

/// Where an item's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    },
}

/// How a zip entry is packed. Others are reported as unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Which input it is from.
    pub side: Side,
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
}

/// A moment, and how much of it is known. A wall clock is not UTC, and an
/// absent zone is never guessed while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Taken {
    /// Seconds since 1970 in UTC (QuickTime, EXIF with an offset, GPS time).
    Utc(i64),
    /// Wall-clock seconds since 1970-01-01 00:00, zone unknown (EXIF without
    /// an offset tag, a line of a chat).
    Wall(i64),
    /// Only a calendar day, in days since 1970-01-01 (WhatsApp file names).
    Day(i32),
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

/// How the exported picture was changed before it was sent.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Edit {
    /// Not changed, only made small.
    #[default]
    None,
    /// A part of the picture.
    Crop,
    /// Something drawn or written on it.
    Drawing,
    /// Colours changed.
    Filter,
    /// Left and right swapped.
    Mirror,
}

impl Edit {
    /// Its word in `mapping.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Crop => "crop",
            Self::Drawing => "drawing",
            Self::Filter => "filter",
            Self::Mirror => "mirror",
        }
    }
}

/// A picture averaged to [`Miniature::EDGE`] × [`Miniature::EDGE`] grey levels,
/// whatever its shape: what the search for cropped and changed pictures looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miniature(pub Box<[u8]>);

impl Miniature {
    /// Pixels along each edge. A crop of 2 % a side moves the picture by more
    /// than half a pixel.
    pub const EDGE: usize = 32;
}

/// The colours of a picture averaged to [`Chroma::EDGE`] × [`Chroma::EDGE`]
/// cells, whatever its shape: enough to see a filter by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chroma(pub Box<[u8]>);

impl Chroma {
    /// Cells along each edge. There are two planes of them, blue minus luma and
    /// red minus luma, as JFIF scales them: 128 is no colour.
    pub const EDGE: usize = 16;
}

/// A picture's fingerprint for the shortlist.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// 64-bit Median + DCT hash of `image_hasher`; comparable only with itself.
    pub p64: u64,
    /// Standard deviation of the grey levels, 0 to 127. Below
    /// [`crate::settings::Limits::featureless`] a picture proves nothing.
    pub contrast: f32,
}

/// Length and size of a video.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VideoShape {
    /// Milliseconds.
    pub duration_ms: u64,
    /// Whether it has a sound track.
    pub has_audio: bool,
    /// Whether WhatsApp's GIF marks (`beam`, `loop`) were seen.
    pub is_gif: bool,
}

/// Where a capture time was found; better sources first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TimeSource {
    /// EXIF `DateTimeOriginal` (or `CreateDate`).
    Exif,
    /// `com.apple.quicktime.creationdate`.
    QuickTime,
    /// `mvhd` of a video.
    MovieHeader,
    /// EXIF GPS date and time.
    Gps,
    /// The file's name.
    Name,
    /// The file's last change.
    Modified,
}

/// What was learnt about one file. Everything may be absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// By the first bytes, not the name.
    pub kind: Kind,
    /// Width × height in pixels, after orientation.
    pub size: Option<(u32, u32)>,
    /// When it was taken.
    pub taken: Option<Taken>,
    /// Minutes east of UTC on the camera's clock, if it wrote them.
    pub zone_minutes: Option<i32>,
    /// Thousandths of a second beside `taken`.
    pub sub_millis: Option<u16>,
    /// Which clue `taken` came from.
    pub time_source: Option<TimeSource>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Apple's content identifier, which a Live Photo's two files share.
    pub content_id: Option<String>,
    /// Fingerprint, when pixels were seen (the picture's or its thumbnail's).
    pub look: Option<Look>,
    /// The picture very small, when pixels were seen.
    pub miniature: Option<Miniature>,
    /// Its colours, when those of a JPEG were seen (the picture's or its
    /// thumbnail's).
    pub chroma: Option<Chroma>,
    /// Length and tracks, for videos.
    pub video: Option<VideoShape>,
    /// Mean of the luminance quantisation table: how coarse a JPEG's encoder
    /// was (16 at quality 50 of the standard table is about 57).
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
            place: None,
            camera: None,
            content_id: None,
            look: None,
            miniature: None,
            chroma: None,
            video: None,
            quantisation: None,
            sha1: None,
        }
    }
}
