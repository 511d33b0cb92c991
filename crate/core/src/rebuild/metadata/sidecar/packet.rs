//! Fields as properties of XMP (XMP specification part 2; CIPA DC-010 for EXIF; IPTC Photo
//! Metadata for places).

use xmp_writer::{CustomNamespace, Namespace, XmpWriter};

use crate::rebuild::metadata::fields::Fields;
use crate::rebuild::metadata::written::{ratio, xmp_date};

const AUX: (&str, &str) = ("aux", "http://ns.adobe.com/exif/1.0/aux/");
const EXIF: (&str, &str) = ("exif", "http://ns.adobe.com/exif/1.0/");
const EXIF_EX: (&str, &str) = ("exifEX", "http://cipa.jp/exif/1.0/");
const IPTC: (&str, &str) = ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/");
const PHOTOSHOP: (&str, &str) = ("photoshop", "http://ns.adobe.com/photoshop/1.0/");
const TIFF: (&str, &str) = ("tiff", "http://ns.adobe.com/tiff/1.0/");

/// Parts of a minute of arc that a place is written in: less than a millimetre.
const ARC: f64 = 1e8;

type Texts = Vec<((&'static str, &'static str), &'static str, Option<String>)>;

/// A packet with one description that says these fields.
pub(super) fn packet(fields: &Fields) -> String {
    let mut writer = XmpWriter::new();
    for ((prefix, address), name, text) in texts(fields) {
        if let Some(text) = text {
            writer.element(name, space(prefix, address)).value(text.as_str());
        }
    }
    if let Some(iso) = fields.exposure.iso {
        let speed = writer.element("ISOSpeedRatings", space(EXIF.0, EXIF.1));
        speed.ordered_array([i64::from(iso)]);
    }
    if !fields.tags.is_empty() {
        writer.subject(fields.tags.iter().map(String::as_str));
    }
    writer.finish(None)
}

fn space(prefix: &'static str, address: &'static str) -> Namespace<'static> {
    Namespace::Custom(Box::new(CustomNamespace::new(prefix, prefix, address)))
}

/// The properties that are one text.
fn texts(fields: &Fields) -> Texts {
    let (latitude, longitude) = fields.place.unzip();
    let date = fields.taken.and_then(|taken| xmp_date(taken, fields.zone_minutes));
    let fraction = |value: Option<f64>| {
        let (above, below) = ratio(value?)?;
        Some(format!("{above}/{below}"))
    };
    let metres = fields.altitude_m.map(|metres| (metres.abs() * 1000.0).round() as u32);
    let below = fields.altitude_m.map(|metres| u8::from(metres < 0.0).to_string());
    let (exposure, name) = (&fields.exposure, fields.place_name.clone().unwrap_or_default());
    vec![
        (EXIF, "GPSLatitude", latitude.map(|value| arc(value, ['N', 'S']))),
        (EXIF, "GPSLongitude", longitude.map(|value| arc(value, ['E', 'W']))),
        (EXIF, "GPSAltitudeRef", below),
        (EXIF, "GPSAltitude", metres.map(|metres| format!("{metres}/1000"))),
        (EXIF, "DateTimeOriginal", date.clone()),
        (PHOTOSHOP, "DateCreated", date),
        (TIFF, "Make", fields.camera.make.clone()),
        (TIFF, "Model", fields.camera.model.clone()),
        (EXIF_EX, "LensModel", fields.lens.clone()),
        (AUX, "Lens", fields.lens.clone()),
        (EXIF, "ExposureTime", fraction(exposure.time_s)),
        (EXIF, "FNumber", fraction(exposure.f_number)),
        (EXIF, "FocalLength", fraction(exposure.focal_mm)),
        (EXIF_EX, "PhotographicSensitivity", exposure.iso.map(|iso| iso.to_string())),
        (PHOTOSHOP, "City", name.town),
        (PHOTOSHOP, "State", name.region),
        (PHOTOSHOP, "Country", name.country),
        (IPTC, "CountryCode", name.code),
    ]
}

/// `46,37.44000000N`
fn arc(degrees: f64, [positive, negative]: [char; 2]) -> String {
    let whole = (degrees.abs() * 60.0 * ARC).round() as u64;
    let minute = ARC as u64;
    let (degrees_of, rest) = (whole / (60 * minute), whole % (60 * minute));
    let side = if degrees < 0.0 { negative } else { positive };
    format!("{degrees_of},{}.{:08}{side}", rest / minute, rest % minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_carry_and_have_sides() {
        assert_eq!(arc(46.624, ['N', 'S']), "46,37.44000000N");
        assert_eq!(arc(-0.000_001, ['E', 'W']), "0,0.00006000W");
        assert_eq!(arc(59.999_999_999_999, ['N', 'S']), "60,0.00000000N");
    }
}
