//! GROUPS as JSON, version 1: what `heirloom places DIR… --json` prints, and what comes
//! back edited. `docs/formats.md` has its keys.

pub mod read;
pub mod values;
pub mod words;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::plan::places::{Change, Clock, Conflict, FileIssue, Group, Groups};

/// The version that is written and read.
pub const VERSION: u32 = 1;

/// GROUPS as JSON: the same input gives the same bytes.
#[must_use]
pub fn json(groups: &Groups) -> String {
    let hashes = groups
        .hashes
        .iter()
        .map(|(file, hash)| (file.as_str(), blake3::Hash::from_bytes(*hash).to_hex().to_string()));
    let document = Document {
        version: VERSION,
        folders: &groups.folders,
        hashes: hashes.collect(),
        clocks: groups.clocks.iter().map(clock).collect(),
        groups: groups.groups.iter().map(group).collect(),
        issues: groups.issues.iter().map(issue).collect(),
    };
    // Its types always have a JSON.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{text}\n")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    folders: &'a [String],
    hashes: BTreeMap<&'a str, String>,
    clocks: Vec<ClockJson<'a>>,
    groups: Vec<GroupJson<'a>>,
    issues: Vec<IssueJson<'a>>,
}

#[derive(Serialize)]
struct ClockJson<'a> {
    camera: &'a str,
    serial: Option<&'a str>,
    files: u64,
    offset_s: i64,
    drift_s_per_day: f64,
    evidence: u64,
    locked: bool,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    id: &'a str,
    name: &'a str,
    status: &'a str,
    confidence: f64,
    because: &'a [String],
    files: &'a [String],
    sources: &'a [String],
    targets: &'a [String],
    changes: Vec<ChangeJson<'a>>,
    conflicts: Vec<ConflictJson<'a>>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    file: &'a str,
    field: &'a str,
    sign: &'a str,
    old: Option<Json>,
    value: Option<Json>,
    from: &'a [String],
    how: &'a str,
    confidence: f64,
    on: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed_kmh: Option<f64>,
}

#[derive(Serialize)]
struct ConflictJson<'a> {
    field: &'a str,
    files: &'a [String],
    metres: Option<f64>,
}

#[derive(Serialize)]
struct IssueJson<'a> {
    file: &'a str,
    text: &'a str,
}

fn clock(clock: &Clock) -> ClockJson<'_> {
    ClockJson {
        camera: &clock.camera,
        serial: clock.serial.as_deref(),
        files: clock.files,
        offset_s: clock.offset_s,
        drift_s_per_day: clock.drift_s_per_day,
        evidence: clock.evidence,
        locked: clock.locked,
    }
}

fn group(group: &Group) -> GroupJson<'_> {
    GroupJson {
        id: &group.id,
        name: &group.name,
        status: group.status.name(),
        confidence: group.confidence,
        because: &group.because,
        files: &group.files,
        sources: &group.sources,
        targets: &group.targets,
        changes: group.changes.iter().map(change).collect(),
        conflicts: group.conflicts.iter().map(conflict).collect(),
    }
}

fn change(change: &Change) -> ChangeJson<'_> {
    ChangeJson {
        file: &change.file,
        field: change.field.name(),
        sign: change.sign.name(),
        old: change.old.as_ref().map(values::json),
        value: change.value.as_ref().map(values::json),
        from: &change.from,
        how: change.how.name(),
        confidence: change.confidence,
        on: change.on,
        speed_kmh: change.speed_kmh,
    }
}

fn conflict(conflict: &Conflict) -> ConflictJson<'_> {
    ConflictJson { field: conflict.field.name(), files: &conflict.files, metres: conflict.metres }
}

fn issue(issue: &FileIssue) -> IssueJson<'_> {
    IssueJson { file: &issue.file, text: &issue.text }
}
