//! The document of the duplicates job as it comes back: read as a plan for the trash.

use crate::plan::trash::{Asked, Group};
use crate::report::duplicates::{Document, List, Rule, VERSION};

/// Most bytes of a plan: some 600 for each file, so that a million files fit with
/// room. Chosen, not measured.
pub const MOST_BYTES: u64 = 1 << 30;

/// Why a text is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// More than [`MOST_BYTES`].
    #[error("it has {0} bytes, and a plan has at most {MOST_BYTES}")]
    TooLong(u64),
    /// It is no document, or cut off.
    #[error("it is not a document of `heirloom duplicates --json`, or not all of it: {0}")]
    NoDocument(String),
    /// Of another version of the program.
    #[error("it has version {0}, and this program reads version {VERSION}")]
    Version(u64),
}

/// Reads a plan.
///
/// # Errors
/// [`Unread`].
pub fn read(text: &[u8]) -> Result<Document, Unread> {
    let bytes = text.len() as u64;
    if bytes > MOST_BYTES {
        return Err(Unread::TooLong(bytes));
    }
    // Windows' editors begin a text with these three bytes.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let no_document = |error: serde_json::Error| Unread::NoDocument(error.to_string());
    let document = serde_json::from_slice::<Document>(text);
    match document {
        Ok(document) if document.version == VERSION => Ok(document),
        Ok(document) => Err(Unread::Version(document.version.into())),
        // Another version may have another form: then its number says more.
        Err(error) => Err(version(text).map_or_else(|| no_document(error), Unread::Version)),
    }
}

/// The number of a document that is not of [`VERSION`].
fn version(text: &[u8]) -> Option<u64> {
    let value: serde_json::Value = serde_json::from_slice(text).ok()?;
    value.get("version")?.as_u64().filter(|version| *version != u64::from(VERSION))
}

/// What a document asks of the trash.
#[must_use]
pub fn asked(document: Document) -> Asked {
    let groups = document.groups.into_iter().map(|group| Group {
        list: word(group.list).to_owned(),
        reason: group.reason,
        keeper: group.keeper,
        units: group.units.into_iter().map(|unit| unit.files).collect(),
    });
    let shots = document.stacks.into_iter().filter(|stack| is_one_shot(stack.rule));
    Asked {
        groups: groups.collect(),
        shots: shots.map(|stack| stack.files).collect(),
        hashes: document.hashes,
        trash: document.trash,
    }
}

/// Whether the files of such a stack are one shot, and act together unasked.
fn is_one_shot(rule: Rule) -> bool {
    match rule {
        Rule::LivePhoto
        | Rule::RawJpg
        | Rule::HeicJpg
        | Rule::MotionPhoto
        | Rule::Edited
        | Rule::Sidecar => true,
        Rule::Burst | Rule::ByHand => false,
    }
}

fn word(list: List) -> &'static str {
    match list {
        List::Exact => "exact",
        List::Payload => "payload",
        List::Shot => "shot",
        List::Similar => "similar",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"{ "version": 1,
        "summary": { "files": 5, "bytes": 9, "bytes_to_gain": 1, "left": 0 },
        "stacks": [
            { "id": "s", "rule": "sidecar", "files": ["b.jpg", "b.jpg.xmp"] },
            { "id": "t", "rule": "burst", "files": ["b.jpg", "c.jpg"] } ],
        "groups": [{ "id": "g", "list": "exact", "keeper": "a.jpg", "reason": "Oldest.",
            "units": [
                { "files": ["a.jpg"], "bytes": 1, "pixels": [3, 2], "edits": [], "differs": {} },
                { "files": ["b.jpg", "b.jpg.xmp"], "bytes": 2, "pixels": null, "edits": [],
                  "differs": { "name": ["a", "b"] } } ] }],
        "hashes": { "a.jpg": "00" }, "not_duplicates": [], "issues": [],
        "trash": ["b.jpg", "b.jpg.xmp"] }"#;

    #[test]
    fn a_plan_is_read() {
        let asked = asked(read(PLAN.as_bytes()).unwrap());
        assert_eq!(asked.shots, [["b.jpg", "b.jpg.xmp"]]);
        assert_eq!(asked.groups[0].units[1], ["b.jpg", "b.jpg.xmp"]);
        assert_eq!((asked.groups[0].list.as_str(), asked.hashes.len()), ("exact", 1));
        assert_eq!(asked.trash, ["b.jpg", "b.jpg.xmp"]);
        let marked = [b"\xEF\xBB\xBF", PLAN.as_bytes()].concat();
        assert!(read(&marked).is_ok());
    }

    #[track_caller]
    fn check(text: &str, says: &str) {
        let said = read(text.as_bytes()).unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }

    #[test]
    fn what_is_no_plan_says_why() {
        check("", "not a document");
        check(&PLAN[..PLAN.len() / 2], "not all of it");
        check("[]", "not a document");
        check(&PLAN.replace("\"version\": 1", "\"version\": 2"), "version 2");
        check("{ \"version\": 7, \"other\": [] }", "version 7");
        check(&PLAN.replace("\"keeper\": \"a.jpg\", ", ""), "keeper");
    }
}
