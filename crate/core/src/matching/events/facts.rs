//! What is known of one photo or video, as far as events ask; what is no place and no
//! time is left out here.

use std::collections::BTreeMap;

use crate::model::{Exposure, Features, Kind, Made, Metadata, Place, Taken, TimeSource, Written};

/// Files of one camera at exactly noon (or exactly midnight) from which on that is no time:
/// whoever dates prints by hand writes it. One photo in 86,400 is of that second. Chosen,
/// not measured.
const MANY_AT_NOON: usize = 3;

/// Clocks as they leave the factory, in seconds since 1970 on the wall: 1970, 1980, 1990,
/// 2000 and later first days of a year begin so. A photo of exactly that second is of a
/// clock that nobody set.
const FIRST_YEARS: [i32; 5] = [1970, 1980, 1990, 2000, 2001];

/// One file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// As the document calls it.
    pub path: String,
    /// What its clock showed.
    pub stamp: Option<Stamp>,
    /// The date that it has, for people: also one that is no time of the shot.
    pub written: Option<Written>,
    /// What its receiver showed: seconds since 1970 in UTC.
    pub gps_time: Option<i64>,
    /// Where it was taken, with metres above the sea.
    pub place: Option<(Place, Option<f64>)>,
    /// Maker and model in one.
    pub camera: Option<String>,
    /// Maker and model.
    pub named: crate::model::Camera,
    /// Serial number of the body.
    pub serial: Option<String>,
    /// Name of the lens.
    pub lens: Option<String>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// Keywords.
    pub tags: Vec<String>,
    /// What made it, if no camera did.
    pub made: Option<Made>,
    /// What a note beside it says.
    pub note: Option<Note>,
    /// The message that carried it, in a chat that was given as a source.
    pub sent: Option<Sent>,
    /// Whether it is only a source: a file of a chat outside the folders.
    pub outside: bool,
    /// Whether it is a video.
    pub video: bool,
}

/// What a note beside a photo says (Google's Takeout).
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Note {
    /// Its path.
    pub path: String,
    /// Where, with metres above the sea.
    pub place: Option<(Place, Option<f64>)>,
    /// When: seconds since 1970 in UTC.
    pub utc: Option<i64>,
    /// Keywords.
    pub tags: Vec<String>,
}

/// When a message was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Seconds since 1970 on the wall clock of the chat.
    pub wall: i64,
    /// Its length in seconds: a line may know the minute only.
    pub span: u32,
}

/// A moment as a file tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// What it shows.
    pub shown: Shown,
    /// Thousandths of a second.
    pub millis: u16,
    /// Who wrote it.
    pub by: By,
}

/// What a clock showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Seconds on the wall, and minutes east of UTC if they are known.
    Wall(i64, Option<i32>),
    /// Seconds since 1970 in UTC; the zone of the place is unknown.
    Utc(i64),
}

/// Who wrote a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The camera that took it.
    Camera,
    /// Nobody says that it was a camera.
    Program,
    /// A film in QuickTime's form, in which cameras write the wall clock although the form
    /// asks for UTC. It is an assumption.
    Film,
    /// The file's name.
    Name,
}

impl Facts {
    /// What the features of a file say. What its sidecar says is among them.
    #[must_use]
    pub(crate) fn of(path: &str, features: &Features) -> Self {
        let empty = Metadata::default();
        let metadata = features.metadata.as_deref().unwrap_or(&empty);
        let made = metadata.made.or_else(|| names_a_screen(path).then_some(Made::Screen));
        let place = features.place.map(|(lat, lon)| (Place { lat, lon }, metadata.altitude_m));
        Self {
            path: path.to_owned(),
            stamp: stamp(path, features).filter(|_| made != Some(Made::Scan)),
            written: written(features),
            gps_time: metadata.gps_time,
            place,
            camera: features.camera.clone(),
            named: crate::model::Camera {
                make: metadata.make.clone(),
                model: metadata.model.clone(),
            },
            serial: metadata.serial.clone(),
            lens: metadata.lens.clone(),
            exposure: metadata.exposure,
            tags: metadata.tags.clone(),
            made,
            note: None,
            sent: None,
            outside: false,
            video: features.kind == Kind::Video,
        }
    }

    /// The folder in which it lies.
    #[must_use]
    pub(super) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its name.
    #[must_use]
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Where it was taken: as it says itself, else as its note does.
    #[must_use]
    pub(super) fn known_place(&self) -> Option<(Place, Option<f64>)> {
        self.place.or_else(|| self.note.as_ref()?.place)
    }

    /// Takes what a note beside it says. Its time is that of the shot, where the file tells
    /// none itself.
    pub(crate) fn add_note(&mut self, note: Note) {
        let named = self.stamp.is_none_or(|stamp| stamp.by == By::Name);
        if let Some(utc) = note.utc.filter(|_| named && self.made != Some(Made::Scan)) {
            self.stamp = Some(Stamp { shown: Shown::Utc(utc), millis: 0, by: By::Camera });
        }
        self.note = Some(note);
    }

    /// What it shows on the wall, if it shows that.
    #[must_use]
    pub(super) fn wall(&self) -> Option<i64> {
        match self.stamp?.shown {
            Shown::Wall(wall, _) => Some(wall),
            Shown::Utc(_) => None,
        }
    }

    /// The zone that stands beside its date.
    #[must_use]
    pub(super) fn zone(&self) -> Option<i32> {
        match self.stamp?.shown {
            Shown::Wall(_, zone) => zone,
            Shown::Utc(_) => None,
        }
    }
}

/// Takes times away that are dates alone: many files of one camera at exactly noon or at
/// exactly midnight.
pub(super) fn drop_days(facts: &mut [Facts]) {
    let exact = |of: &Facts| of.wall().map(|wall| wall.rem_euclid(86_400));
    let exact = |of: &Facts| exact(of).filter(|second| matches!(second, 0 | 43_200));
    let mut counted = BTreeMap::<(Option<String>, i64), usize>::new();
    for of in facts.iter() {
        if let Some(second) = exact(of) {
            *counted.entry((of.camera.clone(), second)).or_default() += 1;
        }
    }
    for of in facts.iter_mut() {
        let Some(second) = exact(of) else { continue };
        let count = counted.get(&(of.camera.clone(), second)).copied().unwrap_or(0);
        if count >= MANY_AT_NOON {
            of.stamp = None;
        }
    }
}

/// The moment of the shot, as far as the file tells it to the second.
fn stamp(path: &str, features: &Features) -> Option<Stamp> {
    let (taken, source) = (features.taken?, features.time_source?);
    let own = moment(path, features, taken, source);
    // A day, or the time of a scan, may have a name beside it that tells the second.
    own.or_else(|| {
        let (taken, source) = features.next_clue?;
        (source == TimeSource::Name).then(|| moment(path, features, taken, source))?
    })
}

fn moment(path: &str, features: &Features, taken: Taken, source: TimeSource) -> Option<Stamp> {
    if matches!(source, TimeSource::Digitised | TimeSource::Modified) {
        return None;
    }
    let zone = features.zone_minutes.filter(|_| source != TimeSource::Name);
    let film = source == TimeSource::MovieHeader && is_quicktime(path);
    let shown = match (taken, zone) {
        (Taken::Day(_), _) => return None,
        (Taken::Wall(wall), _) => Shown::Wall(wall, None),
        (Taken::Utc(utc), Some(zone)) => Shown::Wall(utc + 60 * i64::from(zone), Some(zone)),
        (Taken::Utc(utc), None) if film => Shown::Wall(utc, None),
        (Taken::Utc(utc), None) => Shown::Utc(utc),
    };
    let second = match shown {
        Shown::Wall(second, _) | Shown::Utc(second) => second,
    };
    if is_factory(second) {
        return None;
    }
    let by = match source {
        TimeSource::Name => By::Name,
        _ if film => By::Film,
        TimeSource::MovieHeader | TimeSource::QuickTime => By::Camera,
        _ if features.camera.is_some() => By::Camera,
        _ => By::Program,
    };
    Some(Stamp { shown, millis: features.sub_millis.unwrap_or(0), by })
}

/// The date inside the file, as it is written.
fn written(features: &Features) -> Option<Written> {
    let inside =
        |source| !matches!(source, TimeSource::Name | TimeSource::Modified | TimeSource::Digitised);
    features.time_source.filter(|source| inside(*source))?;
    let zone_minutes = features.zone_minutes;
    match features.taken? {
        Taken::Wall(wall) => Some(Written { wall, zone_minutes: None }),
        Taken::Utc(utc) => {
            let zone = zone_minutes.unwrap_or(0);
            Some(Written { wall: utc + 60 * i64::from(zone), zone_minutes: Some(zone) })
        }
        Taken::Day(_) => None,
    }
}

/// Whether a file's name says that its film is in QuickTime's own form.
fn is_quicktime(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    ending.eq_ignore_ascii_case("mov") || ending.eq_ignore_ascii_case("qt")
}

/// Whether a second is that of a clock as it left the factory.
fn is_factory(second: i64) -> bool {
    let first = |year: i32| {
        let day = chrono::NaiveDate::from_ymd_opt(year, 1, 1)?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp())
    };
    FIRST_YEARS.iter().any(|&year| first(year) == Some(second))
}

/// Whether a name says that the picture is what a screen showed: as phones and desktops
/// name it in the languages of this program's users.
fn names_a_screen(path: &str) -> bool {
    const WORDS: [&str; 9] = [
        "screenshot",
        "screen shot",
        "screen_shot",
        "bildschirmfoto",
        "capture d’écran",
        "capture d'écran",
        "captura de pantalla",
        "schermafbeelding",
        "istantanea schermo",
    ];
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    WORDS.iter().any(|word| name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-03-03 10:05:00.
    const TEN: i64 = 1_709_460_300;

    fn features(taken: Taken, source: TimeSource) -> Features {
        let camera = Some("Canon".to_owned());
        Features {
            taken: Some(taken),
            time_source: Some(source),
            camera,
            ..Features::new(Kind::Jpeg)
        }
    }

    #[track_caller]
    fn check(path: &str, features: &Features, want: Option<Shown>) {
        assert_eq!(Facts::of(path, features).stamp.map(|stamp| stamp.shown), want, "{path}");
    }

    #[test]
    fn what_is_no_time_of_the_shot_is_none() {
        let of = |taken, source| features(taken, source);
        check("a.jpg", &of(Taken::Utc(TEN), TimeSource::Modified), None);
        check("a.jpg", &of(Taken::Wall(TEN), TimeSource::Digitised), None);
        check("a.jpg", &of(Taken::Day(19_000), TimeSource::Name), None);
        check("a.jpg", &of(Taken::Wall(946_684_800), TimeSource::Exif), None);
        check("a.jpg", &of(Taken::Wall(315_532_800), TimeSource::Exif), None);
        let known = Some(Shown::Wall(946_684_801, None));
        check("a.jpg", &of(Taken::Wall(946_684_801), TimeSource::Exif), known);
        let scan = Metadata { made: Some(Made::Scan), ..Metadata::default() };
        let scanned = Features { metadata: scan.some(), ..of(Taken::Wall(TEN), TimeSource::Exif) };
        check("a.jpg", &scanned, None);
    }

    #[test]
    fn a_film_of_quicktime_is_on_the_wall_and_an_mp4_is_not() {
        let header = features(Taken::Utc(TEN), TimeSource::MovieHeader);
        check("a.MOV", &header, Some(Shown::Wall(TEN, None)));
        check("a.mp4", &header, Some(Shown::Utc(TEN)));
        let zoned =
            Features { zone_minutes: Some(60), ..features(Taken::Utc(TEN), TimeSource::QuickTime) };
        check("a.mov", &zoned, Some(Shown::Wall(TEN + 3600, Some(60))));
    }

    #[test]
    fn many_at_noon_have_a_date_alone() {
        let noon = |day: i64| {
            Facts::of("a.jpg", &features(Taken::Wall(day * 86_400 + 43_200), TimeSource::Exif))
        };
        let times = |facts: &[Facts]| facts.iter().filter(|of| of.stamp.is_some()).count();
        let mut few = vec![noon(19_000), noon(19_001)];
        drop_days(&mut few);
        assert_eq!(times(&few), 2);
        let mut many = vec![noon(19_000), noon(19_001), noon(19_001)];
        drop_days(&mut many);
        assert_eq!(times(&many), 0);
    }

    #[test]
    fn names_tell_screens() {
        for name in ["x/Screenshot_20240701-100400.png", "Bildschirmfoto 2024.png"] {
            assert_eq!(Facts::of(name, &Features::new(Kind::Png)).made, Some(Made::Screen));
        }
        assert_eq!(Facts::of("screens.png", &Features::new(Kind::Png)).made, None);
    }
}
