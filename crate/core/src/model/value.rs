//! What is carried from one photo to another: fields, their values, and where each value
//! comes from.

use super::metadata::Exposure;

/// A field of a photo that the places job may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Where it was taken.
    Place,
    /// How high above the sea.
    Altitude,
    /// When it was taken.
    Date,
    /// The zone of the clock that its date is on.
    Zone,
    /// Which camera took it.
    Camera,
    /// Which lens.
    Lens,
    /// How it was exposed.
    Exposure,
    /// What its place is called.
    PlaceName,
    /// Its keywords.
    Tags,
}

impl Field {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Place,
        Self::Altitude,
        Self::Date,
        Self::Zone,
        Self::Camera,
        Self::Lens,
        Self::Exposure,
        Self::PlaceName,
        Self::Tags,
    ];

    /// Its word in GROUPS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Altitude => "altitude",
            Self::Date => "date",
            Self::Zone => "zone",
            Self::Camera => "camera",
            Self::Lens => "lens",
            Self::Exposure => "exposure",
            Self::PlaceName => "place_name",
            Self::Tags => "tags",
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// As another file has it.
    Copied,
    /// Between two fixes, along time.
    Interpolated,
    /// The file's own time, by what is known of its camera's clock.
    Clock,
    /// The time of the message that carried the picture.
    Chat,
    /// As the file's own sidecar or note has it.
    Sidecar,
    /// The user said so.
    Given,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Copied, Self::Interpolated, Self::Clock, Self::Chat, Self::Sidecar, Self::Given];

    /// Its word in GROUPS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Interpolated => "interpolated",
            Self::Clock => "clock",
            Self::Chat => "chat",
            Self::Sidecar => "sidecar",
            Self::Given => "given",
        }
    }
}

/// A point on the globe, in degrees (WGS 84, as receivers write it).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Latitude, −90 to 90; south is negative.
    pub lat: f64,
    /// Longitude, −180 to 180; west is negative.
    pub lon: f64,
}

/// A date as a clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Seconds since 1970-01-01 00:00 on that clock.
    pub wall: i64,
    /// Minutes east of UTC, if they are known.
    pub zone_minutes: Option<i32>,
}

/// A camera by its two names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Camera {
    /// Who made it.
    pub make: Option<String>,
    /// What its maker calls it.
    pub model: Option<String>,
}

/// What a place is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceName {
    /// Town or village.
    pub town: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Country, by its name.
    pub country: Option<String>,
    /// Country, by its two letters (ISO 3166-1).
    pub code: Option<String>,
}

/// A value of a [`Field`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Where.
    Place(Place),
    /// Metres above the sea; below it is negative.
    Altitude(f64),
    /// When.
    Date(Written),
    /// Minutes east of UTC.
    Zone(i32),
    /// Which camera.
    Camera(Camera),
    /// Name of the lens.
    Lens(String),
    /// How it was exposed.
    Exposure(Exposure),
    /// What the place is called.
    PlaceName(PlaceName),
    /// All keywords: those that were there, too.
    Tags(Vec<String>),
}

impl Value {
    /// Of which field.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Place(_) => Field::Place,
            Self::Altitude(_) => Field::Altitude,
            Self::Date(_) => Field::Date,
            Self::Zone(_) => Field::Zone,
            Self::Camera(_) => Field::Camera,
            Self::Lens(_) => Field::Lens,
            Self::Exposure(_) => Field::Exposure,
            Self::PlaceName(_) => Field::PlaceName,
            Self::Tags(_) => Field::Tags,
        }
    }
}
