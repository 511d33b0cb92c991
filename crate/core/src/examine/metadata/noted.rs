//! What one place says of a picture (a block inside its file, or a file beside it),
//! and which place is believed.

use std::collections::BTreeSet;

use crate::model::{Exposure, Features, Made, Metadata, Taken, TimeSource};

/// What one place says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Noted {
    /// When the picture was taken, the surest first.
    pub dates: Vec<Dated>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// Maker and model.
    pub camera: Option<String>,
    /// Apple's content identifier.
    pub content_id: Option<String>,
    /// All else.
    pub metadata: Metadata,
    /// Where the film of a motion photo lies, counted from the file's end: where it
    /// begins, and its bytes.
    pub film: Option<(u64, u64)>,
}

/// One date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// Where it stands.
    pub source: TimeSource,
    /// What it says.
    pub taken: Taken,
    /// Minutes east of UTC, if a zone stands beside it.
    pub zone_minutes: Option<i32>,
    /// Thousandths of a second beside it.
    pub sub_millis: Option<u16>,
}

impl Dated {
    /// Of a clock and, perhaps, its zone.
    #[must_use]
    pub fn new(source: TimeSource, wall: i64, zone_minutes: Option<i32>) -> Self {
        let taken = match zone_minutes {
            Some(minutes) => Taken::Utc(wall - 60 * i64::from(minutes)),
            None => Taken::Wall(wall),
        };
        Self { source, taken, zone_minutes, sub_millis: None }
    }

    /// Whether two dates say the same: on the clock, or in UTC, or the same day.
    fn agrees(&self, other: &Self) -> bool {
        let clock = |dated: &Self| match dated.taken {
            Taken::Wall(seconds) => Some(seconds),
            Taken::Utc(seconds) => Some(seconds + 60 * i64::from(dated.zone_minutes?)),
            Taken::Day(_) => None,
        };
        let day = |dated: &Self| match dated.taken {
            Taken::Day(day) => Some(i64::from(day)),
            _ => clock(dated).map(|seconds| seconds.div_euclid(86_400)),
        };
        match (self.taken, other.taken) {
            (Taken::Day(_), _) | (_, Taken::Day(_)) => day(self) == day(other),
            (one, another) => {
                one == another || clock(self).is_some_and(|own| clock(other) == Some(own))
            }
        }
    }
}

/// The order of belief, in one place. Of what stands inside one file the first that
/// says anything is believed, field by field, when they come as EXIF, XMP, IPTC: EXIF
/// is the camera's, XMP is kept by programs, IPTC is mostly left behind by both. Tags
/// and people are joined. (What a sidecar says is above them all: [`overrule`].)
#[must_use]
pub fn believed(parts: impl IntoIterator<Item = Noted>) -> Noted {
    let mut whole = Noted::default();
    for part in parts {
        whole.dates.extend(part.dates);
        whole.place = whole.place.or(part.place);
        whole.camera = whole.camera.take().or(part.camera);
        whole.content_id = whole.content_id.take().or(part.content_id);
        whole.film = whole.film.or(part.film);
        whole.metadata = over(whole.metadata, part.metadata);
    }
    whole
}

/// Every field of the first that says anything, else that of the second.
fn over(first: Metadata, second: Metadata) -> Metadata {
    Metadata {
        serial: first.serial.or(second.serial),
        make: first.make.or(second.make),
        model: first.model.or(second.model),
        made: first.made.or(second.made),
        lens: first.lens.or(second.lens),
        exposure: Exposure {
            time_s: first.exposure.time_s.or(second.exposure.time_s),
            f_number: first.exposure.f_number.or(second.exposure.f_number),
            iso: first.exposure.iso.or(second.exposure.iso),
            focal_mm: first.exposure.focal_mm.or(second.exposure.focal_mm),
        },
        tags: words(first.tags.into_iter().chain(second.tags)),
        people: words(first.people.into_iter().chain(second.people)),
        rating: first.rating.or(second.rating),
        title: first.title.or(second.title),
        caption: first.caption.or(second.caption),
        profile: first.profile.or(second.profile),
        orientation: first.orientation.or(second.orientation),
        turned: first.turned.or(second.turned),
        burst: first.burst.or(second.burst),
        image_id: first.image_id.or(second.image_id),
        motion: first.motion.or(second.motion),
        edited: first.edited.or(second.edited),
        altitude_m: first.altitude_m.or(second.altitude_m),
        direction_deg: first.direction_deg.or(second.direction_deg),
        accuracy_m: first.accuracy_m.or(second.accuracy_m),
        gps_time: first.gps_time.or(second.gps_time),
        dates: first.dates.into_iter().chain(second.dates).collect(),
        names: first.names.into_iter().chain(second.names).collect(),
    }
}

/// Puts what was found inside a file into its features. A date that is already there
/// (a video's) stands before all of these.
pub fn settle(noted: Noted, features: &mut Features) {
    features.place = features.place.or(noted.place);
    features.camera = features.camera.take().or(noted.camera);
    features.content_id = features.content_id.take().or(noted.content_id);
    let own = features.taken.zip(features.time_source).map(|(taken, source)| Dated {
        source,
        taken,
        zone_minutes: features.zone_minutes,
        sub_millis: features.sub_millis,
    });
    let mut dates = own.into_iter().chain(noted.dates);
    let mut metadata = noted.metadata;
    if let Some(first) = dates.next() {
        features.taken = Some(first.taken);
        features.time_source = Some(first.source);
        features.zone_minutes = first.zone_minutes;
        features.sub_millis = first.sub_millis;
        // A GPS time differs from the clock by its zone, and has a field of its own.
        let others = dates.filter(|dated| dated.source != TimeSource::Gps);
        metadata.dates =
            others.filter(|d| !d.agrees(&first)).map(|d| (d.source, d.taken)).collect();
    }
    let before = features.metadata.take().map(|boxed| *boxed).unwrap_or_default();
    features.metadata = over(before, metadata).some();
}

/// What a sidecar of a program (`NAME.EXT.xmp`) says stands above what the file says
/// itself: whoever wrote it meant to correct that. Tags and people are joined. What it
/// contradicts is kept among the dates.
pub fn overrule(features: &mut Features, sidecar: &Features) {
    let before = (features.taken, features.time_source);
    beside(features, sidecar, Belief::Sidecar);
    if let (Some(taken), Some(source)) = before
        && features.time_source == Some(TimeSource::Sidecar)
        && !matches!(source, TimeSource::Name | TimeSource::Modified)
    {
        let metadata = features.metadata.get_or_insert_default();
        metadata.dates.insert(0, (source, taken));
    }
}

/// What a note of Google's Takeout says is believed where the file itself says nothing:
/// its time is the file's own, put into UTC by a guess where that has no zone.
pub fn complete(features: &mut Features, note: &Features) {
    beside(features, note, Belief::File);
}

/// Who is believed first.
#[derive(Clone, Copy, PartialEq)]
enum Belief {
    Sidecar,
    File,
}

fn beside(features: &mut Features, note: &Features, first: Belief) {
    fn pick<T>(own: &mut Option<T>, other: Option<T>, first: Belief) {
        if other.is_some() && (own.is_none() || first == Belief::Sidecar) {
            *own = other;
        }
    }
    let outer =
        matches!(features.time_source, None | Some(TimeSource::Name | TimeSource::Modified));
    let dated = note.time_source == Some(TimeSource::Sidecar);
    if dated && (outer || first == Belief::Sidecar) {
        features.taken = note.taken;
        features.time_source = note.time_source;
        features.zone_minutes = note.zone_minutes;
        features.sub_millis = note.sub_millis;
    }
    pick(&mut features.place, note.place, first);
    pick(&mut features.camera, note.camera.clone(), first);
    let own = features.metadata.take().map(|boxed| *boxed).unwrap_or_default();
    let other = note.metadata.clone().map(|boxed| *boxed).unwrap_or_default();
    let (dates, names) = (own.dates.clone(), own.names.clone());
    let mut joined = match first {
        Belief::Sidecar => over(other, own),
        Belief::File => over(own, other),
    };
    (joined.dates, joined.names) = (dates, names);
    features.metadata = joined.some();
}

/// Texts of one line, sorted, each once, within the limits.
pub(super) fn words<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    let clean = texts.into_iter().filter_map(|text| line(text.as_ref()));
    let mut found = BTreeSet::new();
    for word in clean {
        if found.len() >= Metadata::MOST_TAGS {
            break;
        }
        found.insert(word);
    }
    found.into_iter().collect()
}

/// A text of one line within the limits; `None` if nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    let shown = text.chars().filter(|c| !c.is_control()).take(Metadata::MOST_CHARS);
    Some(shown.collect::<String>().trim_end().to_owned()).filter(|text| !text.is_empty())
}

/// A text of one line or more within the limits; `None` if nothing is left.
pub(super) fn lines(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    let shown = text.chars().filter(|c| *c == '\n' || !c.is_control());
    let shown: String = shown.take(Metadata::MOST_CAPTION).collect();
    Some(shown.trim_end().to_owned()).filter(|text| !text.is_empty())
}

/// Whether a comment says that the picture is what a screen showed, as phones write it.
pub(super) fn screen(comment: &str) -> Option<Made> {
    let word = comment.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    word.eq_ignore_ascii_case("screenshot").then_some(Made::Screen)
}

/// A number that can be one of these.
pub(super) fn within(value: f64, range: std::ops::RangeInclusive<f64>) -> Option<f64> {
    (value.is_finite() && range.contains(&value)).then_some(value)
}

/// Metres above the sea that a picture may be taken at: below the lowest shore, and
/// above every aeroplane.
pub(super) const ALTITUDES: std::ops::RangeInclusive<f64> = -12_000.0..=100_000.0;
/// Seconds of an exposure: up to a night.
pub(super) const TIMES: std::ops::RangeInclusive<f64> = 1e-7..=86_400.0;
/// Numbers of an aperture.
pub(super) const APERTURES: std::ops::RangeInclusive<f64> = 0.1..=1000.0;
/// Millimetres of a focal length.
pub(super) const FOCAL: std::ops::RangeInclusive<f64> = 0.1..=100_000.0;
/// Metres by which a receiver says that it may be wrong.
pub(super) const ACCURACIES: std::ops::RangeInclusive<f64> = 0.0..=1e7;

/// Stars from 1 to 5, or −1 for what is rejected; 0 is what is not rated (XMP
/// specification part 2, section 8.4).
pub(super) fn stars(value: f64) -> Option<i8> {
    let whole = within(value, -1.0..=5.0)?.round() as i8;
    (whole != 0).then_some(whole)
}

/// The program, if its name at the beginning is that of an editor of pictures: it
/// writes itself down when it saves pixels anew. Programs that only sort and tag are
/// not among them, and neither are cameras.
pub(super) fn editor(software: &str) -> Option<String> {
    const EDITORS: [&str; 19] = [
        "adobe photoshop",
        "adobe lightroom",
        "lightroom",
        "photoshop express",
        "snapseed",
        "gimp",
        "picasa",
        "darktable",
        "rawtherapee",
        "capture one",
        "affinity photo",
        "pixelmator",
        "vsco",
        "paint.net",
        "photoscape",
        "luminar",
        "dxo ",
        "polarr",
        "instagram",
    ];
    let name = software.trim().to_lowercase();
    EDITORS.iter().any(|editor| name.starts_with(editor)).then(|| line(software)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn dated(source: TimeSource, wall: i64, zone: Option<i32>) -> Dated {
        Dated::new(source, wall, zone)
    }

    fn tagged(tags: &[&str], rating: Option<i8>) -> Noted {
        let metadata = Metadata { tags: words(tags), rating, ..Metadata::default() };
        Noted { metadata, ..Noted::default() }
    }

    #[test]
    fn the_first_that_says_anything_is_believed_and_tags_are_joined() {
        let exif = Noted { place: Some((1.0, 2.0)), ..tagged(&["boat"], None) };
        let xmp = Noted { place: Some((3.0, 4.0)), ..tagged(&["lake", "boat"], Some(4)) };
        let whole = believed([exif, xmp, tagged(&["dog"], Some(1))]);
        assert_eq!(whole.place, Some((1.0, 2.0)));
        assert_eq!(whole.metadata.tags, ["boat", "dog", "lake"]);
        assert_eq!(whole.metadata.rating, Some(4));
    }

    #[test]
    fn only_dates_that_contradict_are_kept() {
        let ten = 36_000;
        let dates = vec![
            dated(TimeSource::Exif, ten, None),
            dated(TimeSource::Gps, 0, Some(0)),
            dated(TimeSource::Xmp, ten, Some(120)),
            dated(TimeSource::Iptc, ten + 60, None),
        ];
        let mut features = Features::new(Kind::Jpeg);
        settle(Noted { dates, ..Noted::default() }, &mut features);
        assert_eq!(features.taken, Some(Taken::Wall(ten)));
        let kept = &features.metadata.unwrap().dates;
        assert_eq!(kept, &[(TimeSource::Iptc, Taken::Wall(ten + 60))]);
    }

    #[test]
    fn a_day_agrees_with_its_hours() {
        let day = Dated { taken: Taken::Day(1), ..dated(TimeSource::Iptc, 0, None) };
        assert!(day.agrees(&dated(TimeSource::Exif, 86_400 + 5, None)));
        assert!(!day.agrees(&dated(TimeSource::Exif, 5, None)));
    }

    fn note(place: (f64, f64), seconds: i64) -> Features {
        let metadata = Metadata { tags: words(["lake"]), ..Metadata::default() };
        Features {
            place: Some(place),
            taken: Some(Taken::Utc(seconds)),
            time_source: Some(TimeSource::Sidecar),
            metadata: metadata.some(),
            ..Features::new(Kind::Text)
        }
    }

    fn photo() -> Features {
        let metadata = Metadata { tags: words(["boat"]), ..Metadata::default() };
        Features {
            place: Some((1.0, 2.0)),
            taken: Some(Taken::Wall(7)),
            time_source: Some(TimeSource::Exif),
            metadata: metadata.some(),
            ..Features::new(Kind::Jpeg)
        }
    }

    #[test]
    fn a_sidecar_overrules_and_what_it_contradicts_is_kept() {
        let mut features = photo();
        overrule(&mut features, &note((3.0, 4.0), 9));
        assert_eq!((features.place, features.taken), (Some((3.0, 4.0)), Some(Taken::Utc(9))));
        let metadata = features.metadata.unwrap();
        assert_eq!(metadata.tags, ["boat", "lake"]);
        assert_eq!(metadata.dates, [(TimeSource::Exif, Taken::Wall(7))]);
    }

    #[test]
    fn a_note_of_takeout_only_completes() {
        let mut features = photo();
        complete(&mut features, &note((3.0, 4.0), 9));
        assert_eq!((features.place, features.taken), (Some((1.0, 2.0)), Some(Taken::Wall(7))));
        let mut bare = Features { taken: Some(Taken::Day(5)), ..Features::new(Kind::Jpeg) };
        bare.time_source = Some(TimeSource::Name);
        complete(&mut bare, &note((3.0, 4.0), 9));
        assert_eq!((bare.place, bare.taken), (Some((3.0, 4.0)), Some(Taken::Utc(9))));
        assert_eq!(bare.metadata.unwrap().tags, ["lake"]);
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(line(" \0a\u{7}b \n").as_deref(), Some("ab"));
        assert_eq!(line("\0 "), None);
        let long = line(&"x".repeat(1000)).map(|text| text.len());
        assert_eq!(long, Some(Metadata::MOST_CHARS));
        assert_eq!(lines("a\nb\r\n").as_deref(), Some("a\nb"));
        let many: Vec<String> = (0..1000).map(|nth| nth.to_string()).collect();
        assert_eq!(words(&many).len(), Metadata::MOST_TAGS);
    }

    #[test]
    fn only_editors_prove_an_edit() {
        assert_eq!(editor("Adobe Photoshop 25.1").as_deref(), Some("Adobe Photoshop 25.1"));
        for camera in ["17.1.2", "HDR+ 1.0.345618096zd", "digiKam-8.1.0", "COOLPIX P6000V1.0"] {
            assert_eq!(editor(camera), None, "{camera}");
        }
    }

    #[test]
    fn what_is_not_rated_has_no_stars() {
        assert_eq!(stars(0.0), None);
        assert_eq!((stars(-1.0), stars(5.0)), (Some(-1), Some(5)));
        assert_eq!((stars(6.0), stars(f64::NAN)), (None, None));
    }
}
