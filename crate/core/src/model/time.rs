//! Moments, and where they were found.

use serde::{Deserialize, Serialize};

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

/// Where a capture time was found; better sources first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TimeSource {
    /// A file beside it: a program's sidecar, or Google's note where the file says
    /// nothing itself.
    Sidecar,
    /// EXIF `DateTimeOriginal`.
    Exif,
    /// EXIF `DateTimeDigitized`, where there is no original date: a scanner writes the
    /// day of the scan there.
    Digitised,
    /// `com.apple.quicktime.creationdate`.
    QuickTime,
    /// `mvhd` of a video.
    MovieHeader,
    /// EXIF GPS date and time.
    Gps,
    /// XMP `exif:DateTimeOriginal`, else `photoshop:DateCreated`.
    Xmp,
    /// IPTC date and time of creation.
    Iptc,
    /// The file's name.
    Name,
    /// The file's last change.
    Modified,
}
