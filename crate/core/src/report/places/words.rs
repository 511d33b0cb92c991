//! GROUPS in plain words, for a terminal.

use super::values;
use crate::model::{How, Value};
use crate::page::frame::counted;
use crate::plan::places::{Change, Clock, Group, Groups};

/// Most groups, changes of a group and issues that are shown; the document has all.
/// Chosen, not measured.
const SHOWN: usize = 20;
/// From these confidences on a suggestion is called high or medium.
const HIGH: f64 = 0.9;
const MEDIUM: f64 = 0.7;

/// The word for a confidence.
#[must_use]
pub fn level(confidence: f64) -> &'static str {
    if confidence >= HIGH {
        "high"
    } else if confidence >= MEDIUM {
        "medium"
    } else {
        "low"
    }
}

/// GROUPS as sentences. Names are passed through `shown`: what a terminal would obey must
/// not reach it.
#[must_use]
pub fn summary(groups: &Groups, shown: fn(&str) -> String) -> String {
    let all = groups.groups.iter().flat_map(|group| &group.changes);
    let on = all.clone().filter(|change| change.on).count() as u64;
    let files = groups.changed_files().len() as u64;
    let mut text = format!(
        "{}, {} of {}; {on} of them are on.\n",
        counted(groups.groups.len() as u64, "group", "groups"),
        counted(all.count() as u64, "suggestion", "suggestions"),
        counted(files, "file", "files"),
    );
    for clock in groups.clocks.iter().filter(|clock| clock.offset_s != 0) {
        text.push_str(&told_clock(clock, shown));
    }
    let worth = |group: &&Group| !group.changes.is_empty() || !group.conflicts.is_empty();
    for group in groups.groups.iter().filter(worth).take(SHOWN) {
        text.push_str(&told(group, shown));
    }
    let left = groups.groups.iter().filter(worth).count().saturating_sub(SHOWN);
    if left > 0 {
        text.push_str(&format!("\nand {left} groups more, all in the output of --json\n"));
    }
    for issue in groups.issues.iter().take(SHOWN) {
        text.push_str(&format!("  {}: {}\n", shown(&issue.file), shown(&issue.text)));
    }
    text.push_str("\nNothing was changed.\n");
    text
}

fn told_clock(clock: &Clock, shown: fn(&str) -> String) -> String {
    let side = if clock.offset_s > 0 { "behind" } else { "ahead" };
    let seconds = clock.offset_s.unsigned_abs();
    let evidence = counted(clock.evidence, "scene", "scenes");
    format!("  the clock of {} is {seconds} s {side} ({evidence})\n", shown(&clock.camera))
}

fn told(group: &Group, shown: fn(&str) -> String) -> String {
    let mut text = format!("\n{} ({} confidence)\n", shown(&group.name), level(group.confidence));
    for change in group.changes.iter().take(SHOWN) {
        text.push_str(&told_change(change, shown));
    }
    if group.changes.len() > SHOWN {
        text.push_str(&format!("  and {} more\n", group.changes.len() - SHOWN));
    }
    for conflict in &group.conflicts {
        let files: Vec<String> = conflict.files.iter().map(|file| shown(file)).collect();
        let metres = conflict.metres.unwrap_or(0.0);
        text.push_str(&format!(
            "  ! {} contradict each other, {metres} m apart: you decide\n",
            files.join(" and ")
        ));
    }
    text
}

fn told_change(change: &Change, shown: fn(&str) -> String) -> String {
    let mark = if change.on { change.sign.name() } else { "?" };
    let value = change.value.as_ref().map(of_value).unwrap_or_default();
    let from: Vec<String> = change.from.iter().map(|file| shown(file)).collect();
    let how = match change.how {
        How::Copied => "from",
        How::Interpolated => "between",
        How::Clock => "by the clock, as in",
        How::Chat => "from the message of",
        How::Sidecar => "from the note",
        How::Given => "by hand",
    };
    let field = change.field.name().replace('_', " ");
    format!(
        "  {mark} {}: {field} {}, {how} {} ({} %)\n",
        shown(&change.file),
        shown(&value),
        from.join(" and "),
        (change.confidence * 100.0).round()
    )
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Place(place) => format!("{:.5}, {:.5}", place.lat, place.lon),
        Value::Altitude(metres) => format!("{metres} m"),
        Value::Date(date) => values::date_text(*date),
        Value::Zone(minutes) => values::zone_text(*minutes),
        Value::Camera(camera) => {
            [&camera.make, &camera.model].map(|part| part.clone().unwrap_or_default()).join(" ")
        }
        Value::Lens(lens) => lens.clone(),
        Value::Tags(tags) => tags.join(", "),
        Value::Exposure(_) | Value::PlaceName(_) => values::json(value).to_string(),
    }
}
