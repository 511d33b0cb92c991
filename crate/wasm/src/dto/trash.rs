//! What crosses while files move to the trash and back: one act of a run, and what
//! came of it. Bytes cross beside them, as what they are.

use heirloom_core::rebuild::trash as core;
use heirloom_core::relpath::RelPath;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A record of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum TrashRecord {
    /// What the trash holds.
    Manifest,
    /// That a run is under way.
    Journal,
}

/// Where a file lies. A path is the names on the way to it, its own last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TrashAt {
    /// In a given folder, by its number.
    Given {
        /// The folder.
        folder: u32,
        /// The way.
        path: Vec<String>,
    },
    /// In the run's own folder.
    Kept {
        /// The way.
        path: Vec<String>,
    },
    /// The unfinished copy in the run's own folder.
    Part,
    /// An unfinished copy beside a place.
    Beside {
        /// The folder.
        folder: u32,
        /// The way to what it lies beside.
        path: Vec<String>,
        /// Its name.
        name: String,
    },
}

/// One thing that a run asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TrashAct {
    /// Replace a record by `TrashRun.bytes()`, or remove it where there are none.
    Keep {
        /// Which.
        record: TrashRecord,
    },
    /// Read a record of at most so many bytes.
    Recall {
        /// Which.
        record: TrashRecord,
        /// Bytes.
        most: u64,
    },
    /// See what lies at a place.
    Look {
        /// Where.
        place: TrashAt,
    },
    /// Read on.
    Read {
        /// Where.
        place: TrashAt,
        /// From which byte.
        from: u64,
        /// At most so many.
        most: u64,
    },
    /// Move a file, never over anything.
    Move {
        /// From where.
        from: TrashAt,
        /// To where.
        to: TrashAt,
    },
    /// Copy on; from the first byte on into a new file.
    Copy {
        /// From where.
        from: TrashAt,
        /// To where.
        to: TrashAt,
        /// From which byte.
        at: u64,
        /// At most so many.
        most: u64,
    },
    /// Complete the copy.
    Seal,
    /// Give a file its time.
    Date {
        /// Which file.
        place: TrashAt,
        /// Milliseconds since 1970.
        modified_ms: f64,
    },
    /// Remove a file that is elsewhere, too.
    Remove {
        /// Which.
        place: TrashAt,
    },
    /// Make moves durable.
    Sync,
    /// Remove empty folders.
    Tidy,
}

/// What kind of thing lies at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum TrashForm {
    /// A file.
    File,
    /// Something else.
    Other,
}

/// What came of an act; bytes are supplied by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[tsify(missing_as_null)]
pub enum TrashOutcome {
    /// It is done.
    Done,
    /// What lies there.
    Seen {
        /// Of what kind.
        form: TrashForm,
        /// Bytes.
        size: u64,
        /// Milliseconds since 1970 when it was last changed; null: unknown.
        modified_ms: Option<f64>,
    },
    /// So many bytes.
    Copied {
        /// Bytes.
        bytes: u64,
    },
    /// There is nothing.
    Gone,
    /// Something lies there already.
    Taken,
    /// It can only be copied.
    Elsewhere,
    /// Nothing was changed.
    Failed {
        /// The rest of a sentence that begins "it".
        text: String,
    },
}

/// A file that stayed where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TrashLeft {
    /// As the plan calls it.
    pub path: String,
    /// Why, as a sentence.
    pub text: String,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct TrashDone {
    /// Files that moved, as the plan calls them.
    pub moved: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// Files that did not.
    pub left: Vec<TrashLeft>,
    /// What went wrong with the run itself; null: nothing.
    pub trouble: Option<String>,
}

/// What a run wants next: an act, or nothing more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct TrashNext {
    /// What is to be done; null: it is over.
    pub act: Option<TrashAct>,
    /// What came of it; null: it goes on.
    pub done: Option<TrashDone>,
    /// Files whose turn is over.
    pub files: u64,
    /// Files in all.
    pub total: u64,
}

/// A file that would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TrashFile {
    /// As the plan calls it.
    pub path: String,
    /// Its length.
    pub bytes: u64,
}

/// What stays of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TrashKeeper {
    /// The group, by id.
    pub group: String,
    /// The unit, by number.
    pub unit: u32,
}

impl From<core::Record> for TrashRecord {
    fn from(record: core::Record) -> Self {
        match record {
            core::Record::Manifest => Self::Manifest,
            core::Record::Journal => Self::Journal,
        }
    }
}

/// The names of a path; `None`: one of them is no text, which no browser has.
fn names(path: &RelPath) -> Option<Vec<String>> {
    path.bytes().into_iter().map(|name| String::from_utf8(name).ok()).collect()
}

fn number(folder: usize) -> Option<u32> {
    u32::try_from(folder).ok()
}

impl TrashAt {
    fn of(place: &core::Place) -> Option<Self> {
        Some(match place {
            core::Place::Given(folder, path) => {
                Self::Given { folder: number(*folder)?, path: names(path)? }
            }
            core::Place::Kept(path) => Self::Kept { path: names(path)? },
            core::Place::Part => Self::Part,
            core::Place::Beside(folder, path, name) => {
                Self::Beside { folder: number(*folder)?, path: names(path)?, name: name.clone() }
            }
        })
    }
}

impl TrashAct {
    /// An act as the page does it; `None`: no page can, or it names what no browser has.
    pub(crate) fn of(act: &core::Act) -> Option<Self> {
        let at = TrashAt::of;
        Some(match act {
            core::Act::Keep(record, _) => Self::Keep { record: (*record).into() },
            core::Act::Recall(record, most) => {
                Self::Recall { record: (*record).into(), most: *most }
            }
            core::Act::Look(place) => Self::Look { place: at(place)? },
            core::Act::Read(place, from, most) => {
                Self::Read { place: at(place)?, from: *from, most: *most }
            }
            core::Act::Move(from, to) => Self::Move { from: at(from)?, to: at(to)? },
            core::Act::Copy(from, to, start, most) => {
                Self::Copy { from: at(from)?, to: at(to)?, at: *start, most: *most }
            }
            core::Act::Seal { .. } => Self::Seal,
            core::Act::Date(place, time) => {
                Self::Date { place: at(place)?, modified_ms: milliseconds(*time) }
            }
            core::Act::Remove(place) => Self::Remove { place: at(place)? },
            // Only the command line gives files to the system's trash.
            core::Act::Discard(_) => return None,
            core::Act::Sync(_) => Self::Sync,
            core::Act::Tidy => Self::Tidy,
        })
    }
}

/// Milliseconds since 1970, rounded down as browsers do.
#[allow(clippy::cast_precision_loss)] // Far below 2^53.
fn milliseconds(time: core::Time) -> f64 {
    (time.seconds * 1000 + i64::from(time.nanos / 1_000_000)) as f64
}

/// The time of so many milliseconds since 1970.
#[allow(clippy::cast_possible_truncation)] // Whole, and far below 2^53.
fn time(milliseconds: f64) -> core::Time {
    let whole = milliseconds.floor() as i64;
    // A remainder below a thousand.
    let rest = u32::try_from(whole.rem_euclid(1000)).unwrap_or_default();
    core::Time { seconds: whole.div_euclid(1000), nanos: rest * 1_000_000 }
}

impl From<TrashOutcome> for core::Outcome {
    fn from(outcome: TrashOutcome) -> Self {
        match outcome {
            TrashOutcome::Done => Self::Done,
            TrashOutcome::Seen { form, size, modified_ms } => Self::Seen(core::Seen {
                form: match form {
                    TrashForm::File => core::Form::File,
                    TrashForm::Other => core::Form::Other,
                },
                size,
                modified: modified_ms.map(time),
                identity: None,
            }),
            TrashOutcome::Copied { bytes } => Self::Copied(bytes),
            TrashOutcome::Gone => Self::Gone,
            TrashOutcome::Taken => Self::Taken,
            TrashOutcome::Elsewhere => Self::Elsewhere,
            TrashOutcome::Failed { text } => Self::Failed(text),
        }
    }
}

impl From<core::Done> for TrashDone {
    fn from(done: core::Done) -> Self {
        Self {
            bytes: done.moved.iter().map(|moved| moved.size).sum(),
            moved: done.moved.into_iter().map(|moved| moved.file).collect(),
            left: done.left.iter().map(Into::into).collect(),
            trouble: done.trouble,
        }
    }
}

impl From<&heirloom_core::plan::trash::Left> for TrashLeft {
    fn from(left: &heirloom_core::plan::trash::Left) -> Self {
        Self { path: left.file.clone(), text: left.why.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: i64, nanos: u32, want: f64) {
        let there = milliseconds(core::Time { seconds, nanos });
        assert!((there - want).abs() < f64::EPSILON, "{there}");
        let back = time(there);
        assert_eq!((back.seconds, back.nanos), (seconds, nanos / 1_000_000 * 1_000_000));
    }

    #[test]
    fn times_survive_to_the_millisecond_also_before_1970() {
        check(1_764_550_800, 123_456_789, 1_764_550_800_123.0);
        check(-1, 250_000_000, -750.0);
    }

    #[test]
    fn what_no_browser_has_is_not_asked_for() {
        let place = |path| core::Place::Given(0, RelPath::parse(path).unwrap());
        assert!(TrashAct::of(&core::Act::Look(place("a/b.jpg"))).is_some());
        assert!(TrashAct::of(&core::Act::Look(place("a/\\xff.jpg"))).is_none());
    }
}
