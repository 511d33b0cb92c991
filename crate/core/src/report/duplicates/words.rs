//! The document in plain words, for a terminal.

use super::{Document, Group, List};
use crate::matching::duplicates::{Keep, Why};
use crate::page::frame::{bytes, counted};

/// Most groups that are shown; the document has all. Chosen, not measured.
const SHOWN: usize = 20;
/// Most issues that are shown.
const ISSUES: usize = 20;

/// Why a shot is suggested to stay.
pub(super) fn reason(why: &Why) -> String {
    let text = match why {
        Why::Asked(Keep::Folder(folder)) => {
            return format!("It lies in {folder}, which you ranked first.");
        }
        Why::Asked(Keep::Format) => "It has the format that you ranked first.",
        Why::Asked(Keep::Detail) => "It shows most detail, which you ranked first.",
        Why::Asked(Keep::Place) => "It has a place, which you ranked first.",
        Why::Asked(Keep::Date) => "It has a camera's date, which you ranked first.",
        Why::Asked(Keep::Oldest) | Why::Oldest => "It is the oldest file.",
        Why::Asked(Keep::Newest) => "It is the newest file, which you ranked first.",
        Why::Asked(Keep::Largest) => "It is the largest file, which you ranked first.",
        Why::Managed => "Another program manages it, so it stays where it is.",
        Why::Chat => "A chat shows it.",
        Why::Album => "It lies in an album.",
        Why::Whole => "It is whole; another one is damaged.",
        Why::Parts => "It has its other parts beside it: a raw, a film or an edited version.",
        Why::Unchanged => "Another one looks like an edited version of it.",
        Why::Source => {
            "Another one was enlarged or stored anew from a file like it, and shows no more."
        }
        Why::Detail => "It shows most detail.",
        Why::Camera => "It has the camera's data.",
        Why::Original => "Its format and encoding keep the most.",
        Why::Pixels => "It has the most pixels.",
        Why::Noted => "It has its sidecar beside it.",
        Why::Known => "It says where and when it was taken.",
        Why::Names => "It has several names on its disk, so moving it would gain nothing.",
        Why::Name => "They differ in their names alone; this one is the simplest.",
    };
    text.to_owned()
}

/// What a shot has in its sidecar that the one that stays lacks.
pub(super) fn noted(name: &str) -> String {
    format!("{name} has a sidecar that it lacks; that would go along.")
}

/// The document as sentences. Names are passed through `shown`: what a terminal would
/// obey must not reach it.
#[must_use]
pub fn summary(document: &Document, shown: fn(&str) -> String) -> String {
    let counts = &document.summary;
    let mut text =
        format!("{}, {}.\n", counted(counts.files, "file", "files"), bytes(counts.bytes));
    for list in [List::Exact, List::Payload, List::Shot, List::Similar] {
        let groups: Vec<&Group> =
            document.groups.iter().filter(|group| group.list == list).collect();
        if !groups.is_empty() {
            text.push_str(&heading(list, groups.len()));
        }
        for group in groups.iter().take(SHOWN) {
            text.push_str(&told(group, shown));
        }
        if groups.len() > SHOWN {
            text.push_str(&format!(
                "  and {} more, all in the output of --json\n",
                groups.len() - SHOWN
            ));
        }
    }
    if document.groups.is_empty() {
        text.push_str("There are no duplicates among them.\n");
    }
    match document.stacks.len() {
        0 => {}
        1 => text.push_str("\n1 stack of files that belong together.\n"),
        count => text.push_str(&format!("\n{count} stacks of files that belong together.\n")),
    }
    if counts.bytes_to_gain > 0 {
        text.push_str(&format!("\n{} could be gained.\n", bytes(counts.bytes_to_gain)));
    }
    text.push_str(&issues(document, shown));
    text.push_str("\nNothing was changed.\n");
    text
}

/// The document as JSON: what `--json` prints.
#[must_use]
pub fn json(document: &Document) -> String {
    // Its types always have a JSON.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    format!("{text}\n")
}

fn heading(list: List, count: usize) -> String {
    let what = match list {
        List::Exact => "with the same bytes",
        List::Payload => "with the same picture data under other metadata",
        List::Shot => "of one shot in several encodings",
        List::Similar => "of shots that look alike; nothing says that they are copies",
    };
    let noun = if count == 1 { "group" } else { "groups" };
    format!("\n{count} {noun} {what}:\n")
}

fn told(group: &Group, shown: fn(&str) -> String) -> String {
    let mut text = format!("  keep {}: {}\n", shown(&group.keeper), shown(&group.reason));
    for unit in group.units.iter().skip(1) {
        let names: Vec<String> = unit.files.iter().map(|file| shown(file)).collect();
        let edits = match unit.edits.is_empty() {
            true => String::new(),
            false => format!(" ({})", unit.edits.join(", ")),
        };
        text.push_str(&format!("       {}{edits}, {}\n", names.join(" + "), bytes(unit.bytes)));
    }
    text
}

fn issues(document: &Document, shown: fn(&str) -> String) -> String {
    let count = document.issues.len();
    if count == 0 {
        return String::new();
    }
    let mut text = match count {
        1 => "\n1 thing to know:\n".to_owned(),
        _ => format!("\n{count} things to know:\n"),
    };
    for issue in document.issues.iter().take(ISSUES) {
        text.push_str(&format!("  {}: {}\n", shown(&issue.file), shown(&issue.text)));
    }
    if count > ISSUES {
        text.push_str(&format!("  and {} more, all in the output of --json\n", count - ISSUES));
    }
    text
}
