//! Fields as EXIF's tags (EXIF 2.32, sections 4.6.4 to 4.6.6).

use super::block::{Block, Name, Order};
use crate::rebuild::metadata::fields::Fields;
use crate::rebuild::metadata::odd::Odd;
use crate::rebuild::metadata::written::{exif_date, ratio, zone};

const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const EXPOSURE_TIME: u16 = 0x829A;
const F_NUMBER: u16 = 0x829D;
const SENSITIVITY: u16 = 0x8827;
const SENSITIVITY_TYPE: u16 = 0x8830;
const RECOMMENDED_INDEX: u16 = 0x8832;
const VERSION: u16 = 0x9000;
const ORIGINAL: u16 = 0x9003;
const OFFSET_ORIGINAL: u16 = 0x9011;
const COMPONENTS: u16 = 0x9101;
const FOCAL_LENGTH: u16 = 0x920A;
const MAKER_NOTE: u16 = 0x927C;
const SUBSECOND_ORIGINAL: u16 = 0x9291;
const FLASHPIX: u16 = 0xA000;
const LENS_MODEL: u16 = 0xA434;
const GPS_VERSION: u16 = 0x00;
const GPS_DATUM: u16 = 0x12;

/// The version of EXIF that has the tags of zones; older ones are raised to it.
const NEEDED: &[u8; 4] = b"0231";
/// Parts of a second of arc that a place is written in: 3 mm on the ground.
const ARC: f64 = 10_000.0;

/// A value as an entry holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Bytes.
    Byte(Vec<u8>),
    /// A text; its end is written behind it.
    Text(String),
    /// A number of two bytes.
    Short(u16),
    /// A number of four bytes.
    Long(u32),
    /// Fractions.
    Ratios(Vec<(u32, u32)>),
    /// Bytes of no type.
    Undefined(Vec<u8>),
}

impl Value {
    /// The number of its type (TIFF 6.0, section 2).
    pub fn kind(&self) -> u16 {
        match self {
            Self::Byte(_) => 1,
            Self::Text(_) => 2,
            Self::Short(_) => 3,
            Self::Long(_) => 4,
            Self::Ratios(_) => 5,
            Self::Undefined(_) => 7,
        }
    }

    /// How many there are; of a text its bytes with the end.
    pub fn count(&self) -> u32 {
        let count = match self {
            Self::Byte(bytes) | Self::Undefined(bytes) => bytes.len(),
            Self::Text(text) => text.len() + 1,
            Self::Short(_) | Self::Long(_) => 1,
            Self::Ratios(ratios) => ratios.len(),
        };
        count as u32
    }

    /// Its bytes.
    pub fn bytes(&self, order: Order) -> Vec<u8> {
        match self {
            Self::Byte(bytes) | Self::Undefined(bytes) => bytes.clone(),
            Self::Text(text) => [text.as_bytes(), &[0]].concat(),
            Self::Short(number) => order.of_two(*number).to_vec(),
            Self::Long(number) => order.of_four(*number).to_vec(),
            Self::Ratios(ratios) => {
                let both = ratios.iter().flat_map(|(above, below)| [*above, *below]);
                both.flat_map(|number| order.of_four(number)).collect()
            }
        }
    }
}

/// A tag that gets a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Which one.
    pub tag: u16,
    /// What it is to say.
    pub value: Value,
}

/// Tags of each directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Puts {
    /// Of the first directory.
    pub first: Vec<Put>,
    /// Of EXIF's.
    pub exif: Vec<Put>,
    /// Of the place's.
    pub gps: Vec<Put>,
}

impl Puts {
    /// All of them, with their directories.
    pub fn all(&self) -> impl Iterator<Item = (Name, &Put)> {
        let of = |name, puts: &'_ [Put]| (name, puts.len());
        let names = [
            of(Name::Chained(0), &self.first),
            of(Name::Exif, &self.exif),
            of(Name::Gps, &self.gps),
        ];
        let names = names.into_iter().flat_map(|(name, count)| std::iter::repeat_n(name, count));
        names.zip(self.first.iter().chain(&self.exif).chain(&self.gps))
    }
}

fn put(tag: u16, value: Value) -> Put {
    Put { tag, value }
}

/// The tags that say these fields in a block; `None`: there is no block yet.
///
/// # Errors
/// [`Odd`]: a value cannot be written here.
pub fn puts(fields: &Fields, block: Option<&Block<'_>>) -> Result<Puts, Odd> {
    let text = |tag, text: &Option<String>| text.clone().map(|text| put(tag, Value::Text(text)));
    let camera = [text(MAKE, &fields.camera.make), text(MODEL, &fields.camera.model)];
    let first: Vec<Put> = camera.into_iter().flatten().collect();
    if block.is_some_and(|block| is_noted(block) && first.iter().any(|put| !says(block, put))) {
        return Err(Odd::MakerNote);
    }
    Ok(Puts { first, exif: exif(fields, block)?, gps: gps(fields, block)? })
}

fn is_noted(block: &Block<'_>) -> bool {
    let exif = block.directory(Name::Exif);
    exif.is_some_and(|exif| exif.tagged(MAKER_NOTE).next().is_some())
}

/// Whether the first directory of a block has a value already.
fn says(block: &Block<'_>, put: &Put) -> bool {
    let first = block.directory(Name::Chained(0));
    let entry = first.and_then(|first| first.tagged(put.tag).next());
    let value = entry.and_then(|entry| block.value(entry));
    value == Some(&put.value.bytes(block.order))
}

fn exif(fields: &Fields, block: Option<&Block<'_>>) -> Result<Vec<Put>, Odd> {
    let directory = block.and_then(|block| block.directory(Name::Exif));
    let value = |tag| {
        let entry = directory?.tagged(tag).next()?;
        block?.value(entry).map(|value| (entry.kind, value))
    };
    let mut puts = exposure(fields);
    puts.extend(fields.lens.clone().map(|lens| put(LENS_MODEL, Value::Text(lens))));
    if let Some(seconds) = fields.taken {
        puts.push(put(ORIGINAL, Value::Text(exif_date(seconds).ok_or(Odd::NoDate)?)));
        // Parts of a second of the old date are none of the new one: blank means unknown.
        if let Some((2, old)) = value(SUBSECOND_ORIGINAL).filter(|(_, old)| !old.is_empty()) {
            puts.push(put(SUBSECOND_ORIGINAL, Value::Text(" ".repeat(old.len() - 1))));
        }
    }
    if let Some(minutes) = fields.zone_minutes {
        if fields.taken.is_none() && value(ORIGINAL).is_none() {
            return Err(Odd::NoDate);
        }
        puts.push(put(OFFSET_ORIGINAL, Value::Text(zone(minutes))));
    }
    let recent = puts.iter().any(|put| {
        matches!(put.tag, OFFSET_ORIGINAL | LENS_MODEL | SENSITIVITY_TYPE | RECOMMENDED_INDEX)
    });
    let version = value(VERSION).map(|(_, version)| version);
    let old = version.is_none_or(|version| version.len() != 4 || version < &NEEDED[..]);
    if !puts.is_empty() && directory.is_none() {
        puts.push(put(COMPONENTS, Value::Undefined(vec![1, 2, 3, 0])));
        puts.push(put(FLASHPIX, Value::Undefined(b"0100".to_vec())));
        puts.push(put(VERSION, Value::Undefined(NEEDED.to_vec())));
    } else if recent && old {
        puts.push(put(VERSION, Value::Undefined(NEEDED.to_vec())));
    }
    Ok(puts)
}

fn exposure(fields: &Fields) -> Vec<Put> {
    let exposure = &fields.exposure;
    let fractions = [
        (EXPOSURE_TIME, exposure.time_s),
        (F_NUMBER, exposure.f_number),
        (FOCAL_LENGTH, exposure.focal_mm),
    ];
    let fraction =
        |(tag, value): (u16, Option<f64>)| Some(put(tag, Value::Ratios(vec![ratio(value?)?])));
    let mut puts: Vec<Put> = fractions.into_iter().filter_map(fraction).collect();
    match exposure.iso.map(|iso| (iso, u16::try_from(iso))) {
        None => {}
        Some((_, Ok(iso))) if iso < u16::MAX => puts.push(put(SENSITIVITY, Value::Short(iso))),
        // A short number that is full refers to a longer one: type 2 says to which.
        Some((iso, _)) => {
            puts.push(put(SENSITIVITY, Value::Short(u16::MAX)));
            puts.push(put(SENSITIVITY_TYPE, Value::Short(2)));
            puts.push(put(RECOMMENDED_INDEX, Value::Long(iso)));
        }
    }
    puts
}

fn gps(fields: &Fields, block: Option<&Block<'_>>) -> Result<Vec<Put>, Odd> {
    let directory = block.and_then(|block| block.directory(Name::Gps));
    let mut puts = Vec::new();
    if let Some((latitude, longitude)) = fields.place {
        let datum = directory.and_then(|known| known.tagged(GPS_DATUM).next());
        let datum = datum.and_then(|entry| block?.value(entry)).unwrap_or_default();
        let named = datum.iter().any(u8::is_ascii_alphanumeric);
        if named && !datum.windows(2).any(|digits| digits == b"84") {
            return Err(Odd::OtherDatum);
        }
        let side = |value: f64, [positive, negative]: [&str; 2]| {
            Value::Text(if value < 0.0 { negative } else { positive }.to_owned())
        };
        puts.push(put(1, side(latitude, ["N", "S"])));
        puts.push(put(2, arc(latitude)));
        puts.push(put(3, side(longitude, ["E", "W"])));
        puts.push(put(4, arc(longitude)));
    }
    if let Some(metres) = fields.altitude_m {
        puts.push(put(5, Value::Byte(vec![u8::from(metres < 0.0)])));
        puts.push(put(6, Value::Ratios(vec![((metres.abs() * 1000.0).round() as u32, 1000)])));
    }
    let versioned = directory.and_then(|known| known.tagged(GPS_VERSION).next());
    if !puts.is_empty() && versioned.is_none() {
        puts.push(put(GPS_VERSION, Value::Byte(vec![2, 3, 0, 0])));
    }
    Ok(puts)
}

/// Degrees, minutes and seconds of arc.
fn arc(degrees: f64) -> Value {
    let whole = (degrees.abs() * 3600.0 * ARC).round() as u64;
    let minute = 60 * ARC as u64;
    let (degrees, rest) = (whole / (60 * minute), whole % (60 * minute));
    let parts = [(degrees, 1), (rest / minute, 1), (rest % minute, ARC as u32)];
    Value::Ratios(parts.map(|(above, below)| (above as u32, below)).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_carry() {
        let of = |degrees: f64| arc(degrees);
        assert_eq!(of(-46.624), Value::Ratios(vec![(46, 1), (37, 1), (264_000, 10_000)]));
        assert_eq!(of(59.999_999_999_9), Value::Ratios(vec![(60, 1), (0, 1), (0, 10_000)]));
        assert_eq!(of(180.0), Value::Ratios(vec![(180, 1), (0, 1), (0, 10_000)]));
    }

    #[test]
    fn a_large_speed_stands_in_a_longer_number() {
        let of = |iso| {
            let mut fields = Fields::default();
            fields.exposure.iso = Some(iso);
            exposure(&fields)
        };
        assert_eq!(of(400), [put(SENSITIVITY, Value::Short(400))]);
        assert_eq!(of(65_535).len(), 3);
        assert_eq!(of(102_400).last(), Some(&put(RECOMMENDED_INDEX, Value::Long(102_400))));
    }

    #[test]
    fn a_zone_needs_a_date() {
        let zone = Fields { zone_minutes: Some(60), ..Fields::default() };
        assert_eq!(puts(&zone, None), Err(Odd::NoDate));
    }
}
