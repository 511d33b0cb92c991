//! What is to be written.

use super::odd::Odd;
use crate::model::{Camera, Exposure, Field, PlaceName};

/// Most characters of a text: the reader takes no more of one (`photo_time.rs`), and
/// what does not read back is not written.
const MOST_CHARS: usize = 100;
/// Seconds since 1970 of 1826-01-01 and of 2200-01-01: no picture is older than
/// photography, and the reader believes no other year.
const YEARS: std::ops::Range<i64> = -4_544_208_000..7_258_118_400;
/// Minutes that a zone may lie east or west of UTC, as the reader believes them.
const ZONES: std::ops::RangeInclusive<i32> = -899..=899;
/// Metres above the sea: below the lowest shore, and above every aeroplane.
const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;

/// Values for one file. What is `None` or empty stays as it is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {
    /// Latitude and longitude in degrees, north and east positive (WGS 84).
    pub place: Option<(f64, f64)>,
    /// Metres above the sea; below it is negative.
    pub altitude_m: Option<f64>,
    /// When the picture was taken: seconds since 1970 on the clock of the wall there.
    pub taken: Option<i64>,
    /// Minutes that this clock is east of UTC.
    pub zone_minutes: Option<i32>,
    /// Maker and model.
    pub camera: Camera,
    /// Name of the lens.
    pub lens: Option<String>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// What the place is called. It goes into sidecars only.
    pub place_name: Option<PlaceName>,
    /// All tags, those that the file has included. They go into sidecars only.
    pub tags: Vec<String>,
}

impl Fields {
    /// Whether nothing is to be written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what EXIF has no tag for, and that alone.
    #[must_use]
    pub fn parted(&self) -> (Self, Self) {
        let beside = Self {
            place_name: self.place_name.clone(),
            tags: self.tags.clone(),
            ..Self::default()
        };
        let inside = Self { place_name: None, tags: Vec::new(), ..self.clone() };
        (inside, beside)
    }

    /// Looks whether every value can be, and would be read back.
    ///
    /// # Errors
    /// [`Odd::Value`] with the first that cannot.
    pub fn check(&self) -> Result<(), Odd> {
        let name = self.place_name.clone().unwrap_or_default();
        let names = [&name.town, &name.region, &name.country, &name.code];
        let camera = [&self.camera.make, &self.camera.model];
        let sound = |texts: &[&Option<String>]| texts.iter().copied().flatten().all(is_text);
        let checks = [
            (Field::Place, self.place.is_none_or(is_place)),
            (Field::Altitude, self.altitude_m.is_none_or(|metres| ALTITUDES.contains(&metres))),
            (Field::Date, self.taken.is_none_or(|seconds| YEARS.contains(&seconds))),
            (Field::Zone, self.zone_minutes.is_none_or(|minutes| ZONES.contains(&minutes))),
            (Field::Camera, sound(&camera)),
            (Field::Lens, sound(&[&self.lens])),
            (Field::Exposure, can_be(&self.exposure)),
            (Field::PlaceName, sound(&names)),
            (Field::Tags, self.tags.iter().all(is_text)),
        ];
        match checks.into_iter().find(|(_, sound)| !sound) {
            Some((field, _)) => Err(Odd::Value(field)),
            None => Ok(()),
        }
    }
}

/// On the globe, and not the point 0, 0 of a receiver without a fix.
fn is_place((latitude, longitude): (f64, f64)) -> bool {
    let somewhere = latitude.abs() > 1e-7 || longitude.abs() > 1e-7;
    latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && somewhere
}

/// One line that begins and ends with something to be seen.
fn is_text(text: &String) -> bool {
    let whole = !text.is_empty() && text.trim() == text;
    let forbidden = |c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    whole && text.chars().count() <= MOST_CHARS && !text.contains(forbidden)
}

/// Numbers that the reader believes (`noted.rs`).
fn can_be(exposure: &Exposure) -> bool {
    let within = |value: Option<f64>, range: std::ops::RangeInclusive<f64>| {
        value.is_none_or(|value| range.contains(&value))
    };
    within(exposure.time_s, 1e-6..=86_400.0)
        && within(exposure.f_number, 0.1..=1000.0)
        && within(exposure.focal_mm, 0.1..=100_000.0)
        && exposure.iso.is_none_or(|iso| iso > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &Fields, want: Result<(), Field>) {
        assert_eq!(fields.check(), want.map_err(Odd::Value));
    }

    #[test]
    fn what_cannot_be_is_not_written() {
        let place = |place| Fields { place: Some(place), ..Fields::default() };
        check(&place((90.0, -180.0)), Ok(()));
        check(&place((0.0, 0.0)), Err(Field::Place));
        check(&place((90.1, 0.0)), Err(Field::Place));
        check(&place((f64::NAN, 1.0)), Err(Field::Place));
        let height = |metres| Fields { altitude_m: Some(metres), ..Fields::default() };
        check(&height(-430.0), Ok(()));
        check(&height(f64::INFINITY), Err(Field::Altitude));
        let lens = |lens: &str| Fields { lens: Some(lens.to_owned()), ..Fields::default() };
        check(&lens("Größe 50 mm"), Ok(()));
        for odd in ["", " a", "a\0", "a\nb", &"x".repeat(101)] {
            check(&lens(odd), Err(Field::Lens));
        }
        check(&Fields { zone_minutes: Some(900), ..Fields::default() }, Err(Field::Zone));
        check(&Fields { taken: Some(i64::MAX), ..Fields::default() }, Err(Field::Date));
        let exposure = Exposure { time_s: Some(0.0), ..Exposure::default() };
        check(&Fields { exposure, ..Fields::default() }, Err(Field::Exposure));
    }
}
