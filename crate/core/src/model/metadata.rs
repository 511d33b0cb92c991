//! What a file says of its picture besides time, place and camera: what lists show
//! where two copies differ, and what may be carried from one to the other.
//!
//! It is remembered as it stands here: a change raises [`crate::examine::FILES`].

use serde::{Deserialize, Serialize};

use super::time::{Taken, TimeSource};

/// What EXIF, XMP and IPTC say beyond the fields of
/// [`Features`](super::Features). Everything may be absent. Texts are trimmed and
/// bounded, numbers are real ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Serial number of the camera's body: two bodies of one model are two clocks.
    pub serial: Option<String>,
    /// Who made the camera, as it is written.
    pub make: Option<String>,
    /// What its maker calls it, as it is written.
    pub model: Option<String>,
    /// What made the picture, where that is said and was no camera.
    pub made: Option<Made>,
    /// Name of the lens.
    pub lens: Option<String>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// Keywords, sorted and each once. Hierarchies (`places|lake`) count by their
    /// last word.
    pub tags: Vec<String>,
    /// Names of people in the picture, sorted and each once.
    pub people: Vec<String>,
    /// Stars: 1 to 5; −1 is rejected. What is not rated (XMP's 0) has none.
    pub rating: Option<i8>,
    /// Title.
    pub title: Option<String>,
    /// Caption, or description.
    pub caption: Option<String>,
    /// What the embedded colour profile calls itself (`Display P3`); empty where it
    /// has no name. `None`: there is no profile.
    pub profile: Option<String>,
    /// How the picture must be turned, as EXIF writes it: 1 to 8. Of an HEIC it says
    /// nothing of how the picture is shown ([`Self::turned`] does).
    pub orientation: Option<u8>,
    /// The same by an HEIC's own turns and mirrorings, which alone count there;
    /// `None`: not turned, or no HEIC.
    pub turned: Option<u8>,
    /// Identifier that the frames of one burst share.
    pub burst: Option<String>,
    /// Identifier of the shot that the camera gave (EXIF `ImageUniqueID`, Apple's photo
    /// identifier).
    pub image_id: Option<String>,
    /// The film inside a motion photo.
    pub motion: Option<Motion>,
    /// The mark that proves that the picture was changed after it was taken: the
    /// editor's name, mostly.
    pub edited: Option<String>,
    /// Metres above sea level; below it is negative.
    pub altitude_m: Option<f64>,
    /// Where the camera looked: degrees clockwise from north.
    pub direction_deg: Option<f64>,
    /// How many metres the place may be wrong, as the receiver said.
    pub accuracy_m: Option<f64>,
    /// GPS date and time: seconds since 1970 in UTC, beside the camera's own clock.
    pub gps_time: Option<i64>,
    /// Every date inside the file that is no [`Features::taken`](super::Features::taken),
    /// best source first: they tell what contradicts it.
    pub dates: Vec<(TimeSource, Taken)>,
    /// Of a sidecar: names of the file that it belongs to, or its ending alone (`.cr2`).
    pub names: Vec<String>,
}

impl Metadata {
    /// Most tags, and most names, of one file; others are left out.
    /// Chosen, not measured.
    pub const MOST_TAGS: usize = 256;
    /// Most characters of a tag, a name, a lens, an identifier; others are cut.
    /// Chosen, not measured: IPTC allows 64 bytes for a keyword.
    pub const MOST_CHARS: usize = 128;
    /// Most characters of a title or caption. IPTC allows 2,000 bytes for a caption.
    pub const MOST_CAPTION: usize = 2000;

    /// Itself for [`Features`](super::Features): `None` if it says nothing.
    #[must_use]
    pub fn some(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// What made a picture that no camera took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// A scanner: its date is that of the scan.
    Scan,
    /// What a screen showed: it shows no place.
    Screen,
}

/// How a picture was exposed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Seconds.
    pub time_s: Option<f64>,
    /// Focal length over aperture.
    pub f_number: Option<f64>,
    /// ISO speed.
    pub iso: Option<u32>,
    /// Focal length in millimetres, as it is (not for 35 mm film).
    pub focal_mm: Option<f64>,
}

/// The film inside a motion photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Motion {
    /// Its first byte in the file.
    pub start: u64,
    /// Its bytes.
    pub bytes: u64,
}
