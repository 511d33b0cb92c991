//! What can be written, by name.

/// One of the fields that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Where it was taken.
    Place,
    /// How high.
    Altitude,
    /// When it was taken.
    Date,
    /// The zone of that clock.
    Zone,
    /// Make and model.
    Camera,
    /// The lens.
    Lens,
    /// Time, aperture, sensitivity and focal length.
    Exposure,
    /// Names of the place.
    PlaceName,
    /// Tags.
    Tags,
}
