//! `manifest.json`: what a folder of the trash holds, and where each file belongs.
//! `docs/trash.md` has its keys.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::act::{Place, Time};
use crate::relpath::RelPath;

/// The version that is written and read.
pub const VERSION: u32 = 1;

/// Most bytes of a manifest or journal: some 400 for each file, so that half a
/// million files fit. Chosen, not measured.
pub const MOST_BYTES: u64 = 256 << 20;

/// The folder of the files, below a run's own folder: none of them can be taken for a
/// record.
pub(super) const FILES: &str = "files";

/// Before the sum of all bytes that stand before it.
const SUM: &str = "  \"sum\": \"";

/// What a folder of the trash holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this form: 1.
    pub version: u32,
    /// When the run was begun, as the host says it.
    pub when: String,
    /// The units, each with all its files.
    pub units: Vec<Unit>,
}

/// The files of one shot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The list they were found by.
    pub why: String,
    /// Why the other one stayed, as a sentence.
    pub reason: String,
    /// What stayed in their place, as the plan called it.
    pub stays: Vec<String>,
    /// The files.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it belongs, below the folder that has the trash.
    pub path: String,
    /// Where it lies, below the folder of the manifest.
    #[serde(rename = "in")]
    pub kept: String,
    /// BLAKE3 in hex.
    pub blake3: String,
    /// Bytes.
    pub size: u64,
    /// When its bytes changed last, as RFC 3339; `None`: not known.
    pub modified: Option<String>,
    /// Whether it was put back.
    #[serde(default)]
    pub restored: bool,
}

/// Why a manifest is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is not there.
    #[error("there is no manifest.json")]
    None,
    /// It cannot be read.
    #[error("its manifest.json {0}")]
    Failed(String),
    /// It is cut off, or bytes of it changed.
    #[error(
        "its manifest.json is damaged, so nothing was touched; docs/trash.md says how to put files back by hand"
    )]
    Damaged,
    /// A newer program wrote it.
    #[error("its manifest.json has version {0}, and this program reads version {VERSION}")]
    Version(u32),
}

/// A file of a manifest, its texts read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// Where it belongs.
    pub(super) home: Place,
    /// Where it lies.
    pub(super) kept: Place,
    pub(super) blake3: [u8; 32],
    pub(super) size: u64,
    pub(super) modified: Option<Time>,
}

impl File {
    /// Its texts, read. `folder` is the number of the folder that has the trash.
    pub(super) fn facts(&self, folder: usize) -> Option<Facts> {
        let kept = RelPath::parse(&self.kept).ok()?;
        if kept.below_first()?.0 != FILES {
            return None;
        }
        Some(Facts {
            home: Place::Given(folder, RelPath::parse(&self.path).ok()?),
            kept: Place::Kept(kept),
            blake3: *blake3::Hash::from_hex(&self.blake3).ok()?.as_bytes(),
            size: self.size,
            modified: self.modified.as_deref().and_then(time),
        })
    }
}

impl Manifest {
    /// As it is written.
    pub(super) fn text(&self) -> Vec<u8> {
        // A type of texts and numbers can always be written.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        let body = text.strip_suffix("\n}").unwrap_or(&text);
        let text = format!("{body},\n");
        let sum = blake3::hash(text.as_bytes()).to_hex();
        format!("{text}{SUM}{sum}\"\n}}\n").into_bytes()
    }

    /// Reads what a run wrote.
    ///
    /// # Errors
    /// It is damaged, or newer.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unread> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unread::Damaged)?;
        let (body, sum) = text.rsplit_once(SUM).ok_or(Unread::Damaged)?;
        if sum != format!("{}\"\n}}\n", blake3::hash(body.as_bytes()).to_hex()) {
            return Err(Unread::Damaged);
        }
        let version: Version = serde_json::from_str(text).map_err(|_| Unread::Damaged)?;
        if version.version != VERSION {
            return Err(Unread::Version(version.version));
        }
        let manifest: Self = serde_json::from_str(text).map_err(|_| Unread::Damaged)?;
        let mut files = manifest.units.iter().flat_map(|unit| &unit.files);
        let sound = files.all(|file| file.facts(0).is_some());
        if sound { Ok(manifest) } else { Err(Unread::Damaged) }
    }
}

/// A manifest of any version.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// What a run under way is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doing {
    /// Files go to the trash: the manifest lists what was planned.
    Trash,
    /// Files go back.
    Restore,
}

/// The journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    version: u32,
    pub(super) doing: Doing,
}

impl Journal {
    /// The bytes of a journal.
    pub(super) fn text(doing: Doing) -> Vec<u8> {
        let journal = Self { version: VERSION, doing };
        serde_json::to_string_pretty(&journal).unwrap_or_default().into_bytes()
    }

    /// What was under way; `None`: it is damaged or newer.
    pub(super) fn parse(bytes: &[u8]) -> Option<Doing> {
        let journal: Self = serde_json::from_slice(bytes).ok()?;
        (journal.version == VERSION).then_some(journal.doing)
    }
}

/// A time as it is written. Beyond the years that RFC 3339 can write there is none.
pub(super) fn written(time: Time) -> Option<String> {
    let date = DateTime::<Utc>::from_timestamp(time.seconds, time.nanos)?;
    let text = date.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    (self::time(&text) == Some(time)).then_some(text)
}

/// A written time.
fn time(text: &str) -> Option<Time> {
    let date = DateTime::parse_from_rfc3339(text).ok()?;
    Some(Time { seconds: date.timestamp(), nanos: date.timestamp_subsec_nanos() })
}
