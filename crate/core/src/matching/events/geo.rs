//! Distances on the globe, and points between two others. All by `libm`, so that every
//! machine gives the same numbers.

use crate::model::Place;

/// Mean radius of the earth in metres (IUGG 1980, R1).
const RADIUS_M: f64 = 6_371_008.8;

/// Metres below which a straight line between two points is as good as a great circle.
/// Chosen, not measured: the two differ by less than a millimetre there.
const NEAR_M: f64 = 100.0;

/// Metres between two places, by the haversine.
#[must_use]
pub(crate) fn metres(a: Place, b: Place) -> f64 {
    let [(p, q), (r, s)] = [a, b].map(|at| (at.lat.to_radians(), at.lon.to_radians()));
    let square = |x: f64| x * x;
    let h = square(libm::sin((r - p) / 2.0))
        + libm::cos(p) * libm::cos(r) * square(libm::sin((s - q) / 2.0));
    2.0 * RADIUS_M * libm::asin(libm::sqrt(h.clamp(0.0, 1.0)))
}

/// The point at this part (0 to 1) of the way from one place to another, along the great
/// circle; longitudes stay within ±180.
#[must_use]
pub(super) fn between(a: Place, b: Place, part: f64) -> Place {
    let angle = metres(a, b) / RADIUS_M;
    let sine = libm::sin(angle);
    // Opposite points have no one way between them.
    if angle * RADIUS_M < NEAR_M || sine.abs() < 1e-9 {
        return straight(a, b, part);
    }
    let (u, v) = (libm::sin((1.0 - part) * angle) / sine, libm::sin(part * angle) / sine);
    let [x, y] = [a, b].map(vector);
    let at = [0, 1, 2].map(|axis| u * x[axis] + v * y[axis]);
    let flat = libm::sqrt(at[0] * at[0] + at[1] * at[1]);
    Place {
        lat: rounded(libm::atan2(at[2], flat).to_degrees()),
        lon: rounded(libm::atan2(at[1], at[0]).to_degrees()),
    }
}

/// Along straight lines of latitude and longitude, the short way round.
fn straight(a: Place, b: Place, part: f64) -> Place {
    let turn = wrapped(b.lon - a.lon);
    Place {
        lat: rounded(a.lat + (b.lat - a.lat) * part),
        lon: rounded(wrapped(a.lon + turn * part)),
    }
}

fn vector(at: Place) -> [f64; 3] {
    let (lat, lon) = (at.lat.to_radians(), at.lon.to_radians());
    let flat = libm::cos(lat);
    [flat * libm::cos(lon), flat * libm::sin(lon), libm::sin(lat)]
}

/// A longitude within ±180.
fn wrapped(lon: f64) -> f64 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

/// Ten millionths of a degree, a centimetre: no receiver tells more.
fn rounded(degrees: f64) -> f64 {
    libm::round(degrees * 1e7) / 1e7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Place {
        Place { lat, lon }
    }

    #[test]
    fn distances_are_those_of_the_globe() {
        let check = |a, b, want: f64, off: f64| {
            let found = metres(a, b);
            assert!((found - want).abs() <= off, "{found}");
        };
        check(at(46.624, 14.307), at(48.2082, 16.3738), 234_300.0, 1500.0);
        check(at(0.0, 179.9995), at(0.0, -179.9995), 111.2, 0.1);
        check(at(90.0, 0.0), at(90.0, 120.0), 0.0, 1e-6);
        check(at(0.0, 0.0), at(0.0, 180.0), 20_015_114.0, 10.0);
    }

    #[test]
    fn half_way_across_the_date_line_is_on_it() {
        let found = between(at(-16.8, 179.999), at(-16.8, -179.999), 0.5);
        assert!((found.lon.abs() - 180.0).abs() < 1e-6 && (found.lat + 16.8).abs() < 1e-4);
        let near = between(at(0.0, 179.9998), at(0.0, -179.9998), 0.75);
        assert_eq!(near, at(0.0, -179.9999));
    }

    #[test]
    fn a_way_over_the_pole_is_the_short_one() {
        let found = between(at(80.0, 0.0), at(80.0, 180.0), 0.5);
        assert!((found.lat - 90.0).abs() < 1e-6, "{found:?}");
    }
}
