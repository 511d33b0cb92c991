//! GROUPS: what the places job suggests and what the user makes of it, as data. Nothing is
//! written yet.

use std::collections::BTreeMap;

use crate::matching::events::{
    Because, Change as FoundChange, Clock as FoundClock, Conflict as FoundConflict, Facts,
    Group as FoundGroup, Source, Suggestions, Track, is_named,
};
use crate::model::{Field, How, Value};

/// Digits of a group's id.
const ID: usize = 16;

/// Everything that is suggested.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Groups {
    /// The folders that were looked through, as they were given.
    pub folders: Vec<String>,
    /// BLAKE3 of the files that have a change.
    pub hashes: BTreeMap<String, [u8; 32]>,
    /// The clock of each camera.
    pub clocks: Vec<Clock>,
    /// Files of one event.
    pub groups: Vec<Group>,
    /// What is to be said of single files.
    pub issues: Vec<FileIssue>,
}

/// The clock of one camera.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clock {
    /// Maker and model.
    pub camera: String,
    /// Serial number of the body.
    pub serial: Option<String>,
    /// How many of the files it took.
    pub files: u64,
    /// Seconds to add to what it shows, to get true time.
    pub offset_s: i64,
    /// Seconds more for each day.
    pub drift_s_per_day: f64,
    /// How many scenes, or times of a receiver, agree in that.
    pub evidence: u64,
    /// The user said that it is right.
    pub locked: bool,
}

/// Files of one event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// Of its files: the same files give the same id.
    pub id: String,
    /// For people.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// 0 to 1.
    pub confidence: f64,
    /// Why these files are one group, as words of [`because`] or the user's own.
    pub because: Vec<String>,
    /// All files, by time.
    pub files: Vec<String>,
    /// Those that others take values from.
    pub sources: Vec<String>,
    /// Those that change.
    pub targets: Vec<String>,
    /// What changes.
    pub changes: Vec<Change>,
    /// What cannot be true together.
    pub conflicts: Vec<Conflict>,
}

/// What became of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// Nobody decided yet.
    #[default]
    Suggested,
    /// The user wants it.
    Pending,
    /// It was written.
    Applied,
    /// It was written and taken back.
    Reverted,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Suggested, Self::Pending, Self::Applied, Self::Reverted];

    /// Its word in GROUPS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Reverted => "reverted",
        }
    }
}

/// What happens to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It gets a value; `old` says which it had.
    Plus,
    /// Its value goes.
    Minus,
    /// It keeps its value.
    Equal,
}

impl Sign {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plus, Self::Minus, Self::Equal];

    /// Its character in GROUPS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Equal => "=",
        }
    }
}

/// One field of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The file.
    pub file: String,
    /// Which field.
    pub field: Field,
    /// What happens to it.
    pub sign: Sign,
    /// What it had.
    pub old: Option<Value>,
    /// What it gets; nothing only with [`Sign::Minus`].
    pub value: Option<Value>,
    /// The files that the value comes from.
    pub from: Vec<String>,
    /// How it comes from them.
    pub how: How,
    /// 0 to 1.
    pub confidence: f64,
    /// Whether it is to be written.
    pub on: bool,
    /// Kilometres an hour between the two sources of a place, if they are far apart.
    pub speed_kmh: Option<f64>,
}

/// Sources that contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// In which field.
    pub field: Field,
    /// Which files.
    pub files: Vec<String>,
    /// How far apart their places are at most.
    pub metres: Option<f64>,
}

/// A sentence about one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileIssue {
    /// Its path.
    pub file: String,
    /// The sentence.
    pub text: String,
}

impl Groups {
    /// What is switched on, file by file: each field of a file once. Of two the later one
    /// counts; a document that was read has no two.
    #[must_use]
    pub fn switched_on(&self) -> BTreeMap<&str, BTreeMap<Field, &Change>> {
        let mut files = BTreeMap::<&str, BTreeMap<Field, &Change>>::new();
        let changes = self.groups.iter().flat_map(|group| &group.changes);
        for change in changes.filter(|change| change.on && change.sign != Sign::Equal) {
            files.entry(&change.file).or_default().insert(change.field, change);
        }
        files
    }

    /// Whether a clock that is locked is called so: a part of its camera's name, or its
    /// serial number.
    #[must_use]
    pub fn has_clock(&self, name: &str) -> bool {
        let called = |clock: &Clock| is_named(clock.serial.as_deref(), &clock.camera, name);
        self.clocks.iter().any(called)
    }

    /// Every file that has a change, on or off.
    #[must_use]
    pub fn changed_files(&self) -> Vec<&str> {
        let changes = self.groups.iter().flat_map(|group| &group.changes);
        let mut files: Vec<&str> = changes.map(|change| change.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// The word for a reason.
#[must_use]
pub fn because(why: Because) -> &'static str {
    match why {
        Because::Time => "time",
        Because::Place => "place",
        Because::Look => "look",
        Because::Shot => "same_shot",
        Because::Folder => "folder",
        Because::Note => "sidecar",
        Because::Chat => "chat",
        Because::Track => "track",
    }
}

/// What GROUPS is made of.
pub(crate) struct Found<'a> {
    pub facts: &'a [Facts],
    pub tracks: &'a [Track],
    pub suggestions: &'a Suggestions,
}

impl Found<'_> {
    /// GROUPS, without hashes, folders and issues of the reading.
    pub(crate) fn groups(&self) -> Groups {
        Groups {
            clocks: self.suggestions.clocks.iter().map(clock).collect(),
            groups: self.suggestions.groups.iter().map(|group| self.group(group)).collect(),
            issues: self.issues(),
            ..Groups::default()
        }
    }

    fn path(&self, source: Source) -> String {
        match source {
            Source::File(at) => self.facts[at].path.clone(),
            Source::Note(at) => {
                self.facts[at].note.as_ref().map_or_else(String::new, |note| note.path.clone())
            }
            Source::Track(at) => self.tracks[at].path.clone(),
        }
    }

    fn group(&self, group: &FoundGroup) -> Group {
        let path = |&at: &usize| self.facts[at].path.clone();
        let files: Vec<String> = group.files.iter().map(path).collect();
        let mut changes: Vec<Change> =
            group.changes.iter().map(|change| self.change(change)).collect();
        changes.sort_by(|a, b| (&a.file, a.field).cmp(&(&b.file, b.field)));
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names.dedup();
            names
        };
        Group {
            id: id(&files),
            name: name(group.wall, &files),
            status: Status::Suggested,
            confidence: group.confidence,
            because: group.because.iter().map(|why| because(*why).to_owned()).collect(),
            sources: sorted(changes.iter().flat_map(|change| change.from.clone()).collect()),
            targets: sorted(changes.iter().map(|change| change.file.clone()).collect()),
            files,
            changes,
            conflicts: group.conflicts.iter().map(|conflict| self.conflict(conflict)).collect(),
        }
    }

    fn change(&self, change: &FoundChange) -> Change {
        let mut from: Vec<String> = change.from.iter().map(|of| self.path(*of)).collect();
        // Two points of one track.
        from.dedup();
        Change {
            file: self.facts[change.file].path.clone(),
            field: change.value.field(),
            sign: Sign::Plus,
            old: change.old.clone(),
            value: Some(change.value.clone()),
            from,
            how: change.how,
            confidence: change.confidence,
            on: change.on,
            speed_kmh: change.speed_kmh,
        }
    }

    fn conflict(&self, conflict: &FoundConflict) -> Conflict {
        let mut files: Vec<String> =
            conflict.files.iter().map(|source| self.path(*source)).collect();
        files.sort();
        Conflict { field: conflict.field, files, metres: Some(conflict.metres) }
    }

    fn issues(&self) -> Vec<FileIssue> {
        let say = |at: &usize, text: &str| FileIssue {
            file: self.facts[*at].path.clone(),
            text: text.to_owned(),
        };
        let assumed = self.suggestions.assumed.iter().map(|at| {
            say(at, "its time is taken for the local time of the camera: the file does not say it")
        });
        let days = self.suggestions.days.iter().map(|at| {
            say(at, "many files have the same time of day as this one: only its date is believed")
        });
        assumed.chain(days).collect()
    }
}

fn clock(clock: &FoundClock) -> Clock {
    Clock {
        camera: clock.camera.clone(),
        serial: clock.serial.clone(),
        files: clock.files as u64,
        offset_s: clock.offset_s,
        drift_s_per_day: (clock.drift_s_per_day * 1000.0).round() / 1000.0,
        evidence: clock.evidence as u64,
        locked: clock.locked,
    }
}

fn id(files: &[String]) -> String {
    let mut sorted: Vec<&String> = files.iter().collect();
    sorted.sort();
    let mut hash = blake3::Hasher::new();
    for file in sorted {
        hash.update(file.as_bytes());
        hash.update(&[0]);
    }
    hash.finalize().to_hex().chars().take(ID).collect()
}

/// When it began, else the name of its first file.
fn name(wall: Option<i64>, files: &[String]) -> String {
    let first = || files.first().cloned().unwrap_or_default();
    let moment = wall.and_then(|wall| chrono::DateTime::from_timestamp(wall, 0));
    moment.map_or_else(first, |moment| moment.format("%-d %B %Y, %H:%M").to_string())
}
