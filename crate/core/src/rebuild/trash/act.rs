//! What a run asks its host to do, one thing at a time, and what comes of it.

use crate::relpath::RelPath;

/// Most bytes that one [`Act::Read`] or [`Act::Copy`] asks for: some 5 ms of a disk.
/// Chosen, not measured.
pub const STEP: u64 = 4 << 20;

/// Where a file lies. No part of the way to it may be a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In a given folder, by its number.
    Given(usize, RelPath),
    /// In the run's own folder in the trash.
    Kept(RelPath),
    /// An unfinished copy in the run's own folder, named [`PART`].
    Part,
    /// An unfinished copy beside a place of a given folder, under this name.
    Beside(usize, RelPath, String),
}

/// The name of an unfinished copy in the run's own folder.
pub const PART: &str = "unfinished";

/// A record of a run, in its own folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// What the trash holds: [`MANIFEST`].
    Manifest,
    /// That a run is under way: [`JOURNAL`].
    Journal,
}

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";

/// The journal's name.
pub const JOURNAL: &str = "journal.json";

impl Record {
    /// Its file's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => MANIFEST,
            Self::Journal => JOURNAL,
        }
    }
}

/// A time in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Billionths of a second behind them.
    pub nanos: u32,
}

/// What lies at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Whether it is a file, not a link, a folder or something else.
    pub form: Form,
    /// Bytes.
    pub size: u64,
    /// When its bytes changed last.
    pub modified: Option<Time>,
    /// What tells it from every other file, under whatever name: device and number,
    /// where the host knows them.
    pub identity: Option<(u64, u64)>,
}

/// What kind of thing lies at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A file.
    File,
    /// A link, a folder, a pipe.
    Other,
}

/// One thing that a host is asked to do. What it changes is durable when it is done
/// only where that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Replace a record in one step, or remove it; durable. Answers: `Done`.
    Keep(Record, Option<Vec<u8>>),
    /// Read a record, which may have this many bytes. Answers: `Bytes`, `Gone`.
    Recall(Record, u64),
    /// See what lies at a place, links not followed. Answers: `Seen`, `Gone`.
    Look(Place),
    /// Read on from a byte, at most so many; fewer only at the end. Answers: `Bytes`,
    /// `Gone`.
    Read(Place, u64, u64),
    /// Move a file, its folders made where they are missing, and never over anything.
    /// Answers: `Done`, `Gone`, `Taken`; `Elsewhere`: it would have to be copied.
    Move(Place, Place),
    /// Copy on from a byte, at most so many, to the end of a second file, which is
    /// made anew, and never over anything, if the byte is the first. Its folders are
    /// made where they are missing. Answers: `Copied`, `Gone`, `Taken`.
    Copy(Place, Place, u64, u64),
    /// Give a copy the time and what else can be copied of a first file, and make it
    /// durable. Answers: `Done`.
    Seal {
        /// The copy.
        copy: Place,
        /// What it is a copy of.
        of: Place,
        /// When its bytes changed last.
        modified: Option<Time>,
    },
    /// Set when a file's bytes changed last. Answers: `Done`.
    Date(Place, Time),
    /// Remove a file of which an equal one is elsewhere, or an unfinished copy; durable.
    /// Answers: `Done`, `Gone`.
    Remove(Place),
    /// Give a file to the system's own trash. Answers: `Done`, `Gone`.
    Discard(Place),
    /// Make it durable that files came to these places or left them. Answers: `Done`.
    Sync(Vec<Place>),
    /// Remove empty folders from the run's own folder, and that itself if it is empty.
    /// Answers: `Done`.
    Tidy,
}

/// What came of an [`Act`]. An answer of a kind that the act does not have counts as
/// a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// What lies there.
    Seen(Seen),
    /// The bytes.
    Bytes(Vec<u8>),
    /// So many bytes; fewer than asked for only at the end.
    Copied(u64),
    /// There is nothing at the first place.
    Gone,
    /// Something lies at the second place already.
    Taken,
    /// The two places are on different storages.
    Elsewhere,
    /// Nothing was changed; why, as the rest of a sentence that begins "it".
    Failed(String),
}
