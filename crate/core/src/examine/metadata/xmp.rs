//! What an XMP packet says, inside a file or beside it.

use super::noted::{self, Dated, Noted, line, lines, stars, within, words};
use super::xmp_tree::{self, Properties, Value};
use crate::examine::photo_time::{joined_camera, real_place};
use crate::examine::written_time::written_time;
use crate::model::{Exposure, Made, Metadata, Taken, TimeSource};

const AUX: &str = "http://ns.adobe.com/exif/1.0/aux/";
const CAMERA_RAW: &str = "http://ns.adobe.com/camera-raw-settings/1.0/";
const CONTAINER: &str = "http://ns.google.com/photos/1.0/container/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const DIGIKAM: &str = "http://www.digikam.org/ns/1.0/";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const EXIF_EX: &str = "http://cipa.jp/exif/1.0/";
const GOOGLE_CAMERA: &str = "http://ns.google.com/photos/1.0/camera/";
const IPTC_EXT: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const ITEM: &str = "http://ns.google.com/photos/1.0/container/item/";
const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0/";
const MEDIA: &str = "http://ns.adobe.com/xap/1.0/mm/";
const MICROSOFT: &str = "http://ns.microsoft.com/photo/1.0/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const REGIONS: &str = "http://www.metadataworkinggroup.com/schemas/regions/";
const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// Most items of a list of films or regions that are looked at. Chosen, not measured.
const MOST_ITEMS: usize = 256;

/// Reads a packet; `None`: it is none, or too large.
#[must_use]
pub fn read(packet: &[u8]) -> Option<Noted> {
    let text = xmp_tree::text(packet)?;
    let document = xmp_tree::parse(&text)?;
    let known = Properties::of(&document)?;
    Some(Noted {
        dates: date(&known).into_iter().collect(),
        place: place(&known),
        camera: joined_camera(
            known.text(TIFF, "Make").and_then(line),
            known.text(TIFF, "Model").and_then(line),
        ),
        content_id: None,
        metadata: metadata(&known),
        film: film(&known),
    })
}

/// Whether a text file begins like a sidecar.
#[must_use]
pub fn begins(head: &[u8]) -> bool {
    /// Bytes in which the word is looked for.
    const BEGINNING: usize = 1024;
    let head = &head[..head.len().min(BEGINNING)];
    head.windows(8).any(|word| word == b"xmpmeta " || word == b"<rdf:RDF")
}

fn metadata(known: &Properties<'_>) -> Metadata {
    let text = |space, name| known.text(space, name);
    let number = |space, name| text(space, name).and_then(ratio);
    let below = text(EXIF, "GPSAltitudeRef") == Some("1");
    let altitude = number(EXIF, "GPSAltitude").map(|metres| if below { -metres } else { metres });
    let serial = text(EXIF_EX, "BodySerialNumber").or_else(|| text(AUX, "SerialNumber"));
    let lens = text(EXIF_EX, "LensModel").or_else(|| text(AUX, "Lens"));
    let turn = text(TIFF, "Orientation").and_then(|text| text.parse().ok());
    Metadata {
        serial: serial.and_then(line),
        make: text(TIFF, "Make").and_then(line),
        model: text(TIFF, "Model").and_then(line),
        made: made(known),
        lens: lens.and_then(line),
        exposure: exposure(known),
        tags: tags(known),
        people: people(known),
        rating: rating(known),
        title: text(DC, "title").and_then(line),
        caption: text(DC, "description").and_then(lines),
        orientation: turn.filter(|turn| (1..=8).contains(turn)),
        burst: text(GOOGLE_CAMERA, "BurstID").and_then(line),
        image_id: text(EXIF, "ImageUniqueID").and_then(line),
        edited: edited(known),
        altitude_m: altitude.and_then(|metres| within(metres, noted::ALTITUDES)),
        direction_deg: number(EXIF, "GPSImgDirection").and_then(|turn| within(turn, 0.0..=360.0)),
        accuracy_m: number(EXIF_EX, "GPSHPositioningError")
            .or_else(|| number(EXIF, "GPSHPositioningError"))
            .and_then(|metres| within(metres, noted::ACCURACIES)),
        gps_time: text(EXIF, "GPSTimeStamp").and_then(|text| {
            let (wall, zone) = written_time(text.as_bytes())?;
            Some(wall - 60 * i64::from(zone.unwrap_or(0)))
        }),
        names: names(known),
        ..Metadata::default()
    }
}

fn exposure(known: &Properties<'_>) -> Exposure {
    let number = |name| known.text(EXIF, name).and_then(ratio);
    let speed = known.text(EXIF_EX, "PhotographicSensitivity");
    let speed = speed.or_else(|| known.text(EXIF, "ISOSpeedRatings"));
    Exposure {
        time_s: number("ExposureTime").and_then(|value| within(value, noted::TIMES)),
        f_number: number("FNumber").and_then(|value| within(value, noted::APERTURES)),
        iso: speed.and_then(|speed| speed.parse().ok()).filter(|speed| *speed > 0),
        focal_mm: number("FocalLength").and_then(|value| within(value, noted::FOCAL)),
    }
}

/// A scanner or a screen, by IPTC's list of sources
/// (`cv.iptc.org/newscodes/digitalsourcetype`) or by the comment that phones write.
fn made(known: &Properties<'_>) -> Option<Made> {
    let source = known.text(IPTC_EXT, "DigitalSourceType").unwrap_or_default();
    match source.rsplit('/').next().unwrap_or_default() {
        "negativeFilm" | "positiveFilm" | "print" => Some(Made::Scan),
        "screenCapture" => Some(Made::Screen),
        _ => known.text(EXIF, "UserComment").and_then(noted::screen),
    }
}

/// Keywords; of a hierarchy the last word.
fn tags(known: &Properties<'_>) -> Vec<String> {
    let plain = [known.texts(DC, "subject"), known.texts(MICROSOFT, "LastKeywordXMP")].concat();
    let leaves = [
        (known.texts(LIGHTROOM, "hierarchicalSubject"), '|'),
        (known.texts(DIGIKAM, "TagsList"), '/'),
    ];
    let leaves = leaves.into_iter().flat_map(|(paths, mark)| {
        paths.into_iter().filter_map(move |path| path.rsplit(mark).next())
    });
    words(plain.into_iter().chain(leaves))
}

/// People by name: those that a list names, and faces that are framed.
fn people(known: &Properties<'_>) -> Vec<String> {
    let mut found = known.texts(IPTC_EXT, "PersonInImage");
    let regions = known.get(REGIONS, "Regions").and_then(Value::members);
    let list = regions.and_then(|regions| regions.get(REGIONS, "RegionList"));
    for region in list.map(Value::items).unwrap_or_default().into_iter().take(MOST_ITEMS) {
        let Some(region) = region.members() else { continue };
        if region.text(REGIONS, "Type") == Some("Face") {
            found.extend(region.text(REGIONS, "Name"));
        }
    }
    words(found)
}

/// Stars; Windows counts them in percent, too.
fn rating(known: &Properties<'_>) -> Option<i8> {
    let own = known.text(XMP, "Rating").and_then(|text| stars(text.parse().ok()?));
    own.or_else(|| {
        let percent: f64 = known.text(MICROSOFT, "Rating")?.parse().ok()?;
        // 1, 25, 50, 75 and 99 are one to five stars.
        (percent > 0.0).then(|| stars((percent / 25.0).round() + 1.0)).flatten()
    })
}

/// An editor that calls itself the file's, or settings that were applied to its pixels.
fn edited(known: &Properties<'_>) -> Option<String> {
    let software = [(TIFF, "Software"), (XMP, "CreatorTool")];
    let named = software.iter().filter_map(|(space, name)| known.text(space, name));
    let applied = known.text(CAMERA_RAW, "AlreadyApplied") == Some("True");
    named.filter_map(noted::editor).next().or_else(|| applied.then(|| "Camera Raw".to_owned()))
}

/// The file that a sidecar was written for, as Camera Raw, Bridge and darktable note it.
fn names(known: &Properties<'_>) -> Vec<String> {
    let derived = known.get(MEDIA, "DerivedFrom").and_then(Value::text);
    let whole = [known.text(CAMERA_RAW, "RawFileName"), known.text(MEDIA, "PreservedFileName")];
    let whole = whole.into_iter().flatten().chain(derived);
    let ending = known.text(PHOTOSHOP, "SidecarForExtension").map(|ending| format!(".{ending}"));
    let file = |path: &str| path.rsplit(['/', '\\']).next().and_then(line);
    let mut names: Vec<String> = whole.filter_map(file).chain(ending).collect();
    names.dedup();
    names
}

/// The date of the shot: that of the camera, else the one that programs let people set.
fn date(known: &Properties<'_>) -> Option<Dated> {
    let written = known.text(EXIF, "DateTimeOriginal").and_then(moment);
    written.or_else(|| known.text(PHOTOSHOP, "DateCreated").and_then(moment))
}

/// `2024-03-03T10:05:00.25+01:00`, or a day alone.
fn moment(text: &str) -> Option<Dated> {
    if let Some((wall, zone)) = written_time(text.as_bytes()) {
        let dated = Dated::new(TimeSource::Xmp, wall, zone);
        return Some(Dated { sub_millis: thousandths(text), ..dated });
    }
    let midnight = || written_time(format!("{text} 00:00:00").as_bytes());
    let (wall, _) = (text.len() == "2024-03-03".len()).then(midnight).flatten()?;
    let taken = Taken::Day(i32::try_from(wall.div_euclid(86_400)).ok()?);
    Some(Dated { source: TimeSource::Xmp, taken, zone_minutes: None, sub_millis: None })
}

/// The fraction of a second behind a time.
fn thousandths(text: &str) -> Option<u16> {
    let fraction = text.get(19..)?.strip_prefix('.')?;
    let digits: String = fraction.chars().take_while(char::is_ascii_digit).take(3).collect();
    (!digits.is_empty()).then(|| format!("{digits:0<3}").parse().ok()).flatten()
}

fn place(known: &Properties<'_>) -> Option<(f64, f64)> {
    let degrees = |name, sides| known.text(EXIF, name).and_then(|text| degrees(text, sides));
    real_place(degrees("GPSLatitude", ['N', 'S'])?, degrees("GPSLongitude", ['E', 'W'])?)
}

/// `48,12.492N` or `48,12,29.5N`; without a side it is no place.
fn degrees(text: &str, [positive, negative]: [char; 2]) -> Option<f64> {
    let side = text.chars().next_back()?.to_ascii_uppercase();
    let sign = if side == positive { 1.0 } else { -1.0 };
    let numbers = text.get(..text.len() - 1).filter(|_| side == positive || side == negative)?;
    let (mut sum, mut unit) = (0.0, 1.0);
    for part in numbers.split(',').take(3) {
        sum += part.trim().parse::<f64>().ok().filter(|value| *value >= 0.0)? / unit;
        unit *= 60.0;
    }
    Some(sign * sum)
}

/// `1/250` or `0.004`.
fn ratio(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((above, below)) => {
            above.trim().parse::<f64>().ok()? / below.trim().parse::<f64>().ok()?
        }
        None => text.parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// Where the film of a motion photo begins, counted from the file's end, and its bytes:
/// its item in the container's list (Android's Motion Photo format 1.0), or what was
/// written before that.
fn film(known: &Properties<'_>) -> Option<(u64, u64)> {
    let flag = |name| known.text(GOOGLE_CAMERA, name);
    let directory = known.get(CONTAINER, "Directory");
    let items = directory.map(Value::items).unwrap_or_default();
    let items = items.into_iter().take(MOST_ITEMS).filter_map(item);
    let mut behind = items.skip_while(|item| item.semantic != "MotionPhoto").peekable();
    if let Some(bytes) = behind.peek().map(|film| film.bytes)
        && flag("MotionPhoto") != Some("0")
        && bytes > 0
    {
        let add = |sum: u64, item: Item| sum.checked_add(item.bytes)?.checked_add(item.padding);
        return Some((behind.try_fold(0, add)?, bytes));
    }
    let bytes = flag("MicroVideoOffset")?.parse().ok()?;
    (flag("MicroVideo") == Some("1") && bytes > 0).then_some((bytes, bytes))
}

/// One item of a container's list.
struct Item<'d> {
    semantic: &'d str,
    bytes: u64,
    padding: u64,
}

fn item(value: Value<'_>) -> Option<Item<'_>> {
    let outer = value.members()?;
    let inner = outer.get(CONTAINER, "Item").and_then(Value::members);
    let item = inner.unwrap_or(outer);
    let number = |name| item.text(ITEM, name).and_then(|text| text.parse().ok()).unwrap_or(0);
    let semantic = item.text(ITEM, "Semantic")?;
    Some(Item { semantic, bytes: number("Length"), padding: number("Padding") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(attributes: &str, elements: &str) -> Noted {
        let spaces = [
            ("exif", EXIF),
            ("dc", DC),
            ("xmp", XMP),
            ("GCamera", GOOGLE_CAMERA),
            ("Container", CONTAINER),
            ("Item", ITEM),
            ("photoshop", PHOTOSHOP),
            ("lr", LIGHTROOM),
            ("crs", CAMERA_RAW),
            ("mr", REGIONS),
            ("MicrosoftPhoto", MICROSOFT),
            ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ];
        let spaces: String =
            spaces.iter().map(|(prefix, uri)| format!(" xmlns:{prefix}='{uri}'")).collect();
        let packet = format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'{spaces}><rdf:RDF><rdf:Description rdf:about='' \
             {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
        );
        read(packet.as_bytes()).unwrap()
    }

    #[test]
    fn a_place_needs_its_sides() {
        let place = |north, east| {
            of(&format!("exif:GPSLatitude='{north}' exif:GPSLongitude='{east}'"), "").place
        };
        let near = |found: Option<(f64, f64)>, want: (f64, f64)| {
            let (north, east) = found.unwrap();
            assert!((north - want.0).abs() < 1e-9 && (east - want.1).abs() < 1e-9);
        };
        near(place("48,12.492000N", "16,22.428000E"), (48.2082, 16.3738));
        near(place("31,30,0S", "35,28,48W"), (-31.5, -35.48));
        assert_eq!(place("48,12.492000", "16,22.428000E"), None);
        assert_eq!(place("0,0.0N", "0,0.0E"), None);
        assert_eq!(place("N", "E"), None);
    }

    #[test]
    fn the_cameras_date_comes_before_the_programs() {
        let camera = "exif:DateTimeOriginal='2024-03-03T10:05:00.25+01:00'";
        let program = "photoshop:DateCreated='2020-01-01'";
        let found = of(&format!("{camera} {program}"), "").dates;
        let want =
            Dated { sub_millis: Some(250), ..Dated::new(TimeSource::Xmp, 1_709_460_300, Some(60)) };
        assert_eq!(found, [want]);
        assert_eq!(of(program, "").dates[0].taken, Taken::Day(18_262));
        assert_eq!(of("photoshop:DateCreated='2020'", "").dates, []);
        assert_eq!(of("photoshop:DateCreated='0001-01-01'", "").dates, []);
    }

    #[test]
    fn tags_of_every_kind_are_joined() {
        let tags = of(
            "",
            "<dc:subject><rdf:Bag><rdf:li>lake</rdf:li><rdf:li>boat</rdf:li></rdf:Bag>\
             </dc:subject><lr:hierarchicalSubject><rdf:Bag><rdf:li>places|Ossiach</rdf:li>\
             <rdf:li>water|lake</rdf:li></rdf:Bag></lr:hierarchicalSubject>",
        );
        assert_eq!(tags.metadata.tags, ["Ossiach", "boat", "lake"]);
    }

    #[test]
    fn stars_and_percents() {
        let rating = |attributes| of(attributes, "").metadata.rating;
        assert_eq!(rating("xmp:Rating='4'"), Some(4));
        assert_eq!(rating("xmp:Rating='-1'"), Some(-1));
        assert_eq!(rating("xmp:Rating='0' MicrosoftPhoto:Rating='99'"), Some(5));
        assert_eq!(rating("MicrosoftPhoto:Rating='1'"), Some(1));
        assert_eq!(rating("xmp:Rating='400'"), None);
    }

    #[test]
    fn alternatives_give_that_of_no_language() {
        let found = of(
            "",
            "<dc:title><rdf:Alt><rdf:li xml:lang='de'>See</rdf:li>\
             <rdf:li xml:lang='x-default'>Lake</rdf:li></rdf:Alt></dc:title>",
        );
        assert_eq!(found.metadata.title.as_deref(), Some("Lake"));
    }

    #[test]
    fn a_film_is_counted_from_the_end() {
        let item = |semantic, length, padding| {
            format!(
                "<rdf:li rdf:parseType='Resource'><Container:Item Item:Semantic='{semantic}' \
                 Item:Length='{length}' Item:Padding='{padding}'/></rdf:li>"
            )
        };
        let list = format!(
            "<Container:Directory><rdf:Seq>{}{}{}</rdf:Seq></Container:Directory>",
            item("Primary", 0, 8),
            item("MotionPhoto", 1000, 4),
            item("Depth", 50, 0)
        );
        assert_eq!(of("GCamera:MotionPhoto='1'", &list).film, Some((1054, 1000)));
        assert_eq!(of("GCamera:MotionPhoto='0'", &list).film, None);
        let old = "GCamera:MicroVideo='1' GCamera:MicroVideoOffset='77'";
        assert_eq!(of(old, "").film, Some((77, 77)));
        let huge = list.replace("1000", "18446744073709551615");
        assert_eq!(of("GCamera:MotionPhoto='1'", &huge).film, None);
    }

    #[test]
    fn framed_faces_are_people() {
        let region = |name, kind| {
            format!("<rdf:li><rdf:Description mr:Name='{name}' mr:Type='{kind}'/></rdf:li>")
        };
        let found = of(
            "",
            &format!(
                "<mr:Regions rdf:parseType='Resource'><mr:RegionList><rdf:Bag>{}{}</rdf:Bag>\
                 </mr:RegionList></mr:Regions>",
                region("Ann", "Face"),
                region("Rex", "Pet")
            ),
        );
        assert_eq!(found.metadata.people, ["Ann"]);
    }

    #[test]
    fn a_sidecar_may_name_its_file() {
        let found = of("crs:RawFileName='IMG_1.CR2' photoshop:SidecarForExtension='CR2'", "");
        assert_eq!(found.metadata.names, ["IMG_1.CR2", ".CR2"]);
    }

    #[test]
    fn numbers_that_cannot_be_are_left() {
        let found = of(
            "exif:GPSAltitude='430/1' exif:GPSAltitudeRef='1' exif:GPSImgDirection='1/0' \
             exif:FNumber='28/10' exif:ExposureTime='x'",
            "",
        );
        let metadata = found.metadata;
        assert_eq!((metadata.altitude_m, metadata.direction_deg), (Some(-430.0), None));
        assert_eq!((metadata.exposure.f_number, metadata.exposure.time_s), (Some(2.8), None));
    }
}
