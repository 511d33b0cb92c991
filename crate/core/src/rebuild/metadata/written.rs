//! Values in the forms in which EXIF and XMP write them.

use chrono::DateTime;

/// `2024:07:01 14:03:20`, of seconds since 1970 on the wall's clock. `None`: the year has
/// not four digits.
#[must_use]
pub fn exif_date(seconds: i64) -> Option<String> {
    let text = DateTime::from_timestamp(seconds, 0)?.format("%Y:%m:%d %H:%M:%S").to_string();
    (text.len() == 19).then_some(text)
}

/// `2024-07-01T14:03:20+02:00`; without the zone where that is not known.
#[must_use]
pub fn xmp_date(seconds: i64, zone_minutes: Option<i32>) -> Option<String> {
    let text = DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%dT%H:%M:%S").to_string();
    let zone = zone_minutes.map(zone).unwrap_or_default();
    (text.len() == 19).then(|| text + &zone)
}

/// `+02:00`.
#[must_use]
pub fn zone(minutes: i32) -> String {
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A number as a fraction: the simplest that is off by at most a millionth of it.
/// `None`: it is not above 0, or too large.
#[must_use]
pub fn ratio(value: f64) -> Option<(u32, u32)> {
    let real = value.is_finite() && value > 0.0 && value < f64::from(u32::MAX);
    let whole = value.floor();
    // Continued fractions: each step is the best of its size.
    let (mut before, mut now) = ((1.0, 0.0), (whole, 1.0));
    let mut rest = value - whole;
    while real && ((now.0 / now.1 - value) / value).abs() > 1e-6 {
        rest = 1.0 / rest;
        let step = rest.floor();
        rest -= step;
        (before, now) = (now, (step * now.0 + before.0, step * now.1 + before.1));
    }
    let most = f64::from(u32::MAX);
    let fits = real && now.0 >= 1.0 && now.0 <= most && now.1 <= most;
    fits.then_some((now.0 as u32, now.1 as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_zones() {
        assert_eq!(exif_date(0).as_deref(), Some("1970:01:01 00:00:00"));
        let text = xmp_date(1_719_842_600, Some(-210));
        assert_eq!(text.as_deref(), Some("2024-07-01T14:03:20-03:30"));
        assert_eq!(xmp_date(0, None).as_deref(), Some("1970-01-01T00:00:00"));
        assert_eq!(exif_date(i64::MAX), None);
        assert_eq!(exif_date(1 << 40), None);
    }

    #[track_caller]
    fn check(value: f64, want: Option<(u32, u32)>) {
        assert_eq!(ratio(value), want, "{value}");
    }

    #[test]
    fn fractions_are_simple() {
        check(0.004, Some((1, 250)));
        check(1.0 / 60.0, Some((1, 60)));
        check(2.8, Some((14, 5)));
        check(1.3, Some((13, 10)));
        check(30.0, Some((30, 1)));
        check(4.25, Some((17, 4)));
        check(1e-6, Some((1, 1_000_000)));
        for none in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-12, 1e12] {
            check(none, None);
        }
    }

    #[test]
    fn every_number_that_a_camera_shows_comes_back() {
        for nth in 1..20_000 {
            let value = f64::from(nth) / 100.0;
            let (above, below) = ratio(value).unwrap();
            assert!((f64::from(above) / f64::from(below) - value).abs() <= value * 1e-6);
        }
    }
}
