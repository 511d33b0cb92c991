//! The sample chat of the page: real free photos, an invented family.

use std::path::Path;

use crate::build::{self, Built};
use crate::disk::{self, Made};
use crate::recipe::Recipe;
use crate::{Outcome, saying};

/// The chat and its camera roll.
///
/// # Errors
/// A fixture is missing.
pub fn build() -> Outcome<Built> {
    build::build(&Recipe::parse(include_str!("sample.toml"))?)
}

/// Writes `chat/…`, `originals/…` and `list.json` below `folder`. The list
/// names both inputs' files, relative to `folder`:
/// `{ "chat": ["chat/_chat.txt", …], "originals": ["originals/DCIM/…", …] }`.
///
/// # Errors
/// The disk refuses, or a fixture is missing.
pub fn write(folder: &Path) -> Outcome {
    let built = build()?;
    disk::write(&folder.join("chat"), &built.chat)?;
    disk::write(&folder.join("originals"), &built.originals)?;
    let paths = |under: &str, files: &[Made]| -> Vec<String> {
        let mut paths: Vec<String> =
            files.iter().map(|made| format!("{under}/{}", made.path)).collect();
        paths.sort();
        paths
    };
    let list = serde_json::json!({
        "chat": paths("chat", &built.chat),
        "originals": paths("originals", &built.originals),
    });
    let text = saying("list.json", serde_json::to_string_pretty(&list))?;
    saying("list.json", std::fs::write(folder.join("list.json"), text + "\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sample_is_a_whole_chat_with_a_library_around_it() {
        let built = super::build().unwrap();
        let text = built.chat.iter().find(|made| made.path == "_chat.txt").unwrap();
        let text = std::str::from_utf8(&text.bytes).unwrap();
        assert_eq!(built.truth.len(), 13);
        for name in built.truth.keys() {
            assert!(text.contains(name.as_str()), "{name}");
        }
        assert!(built.originals.len() > built.truth.len());
    }
}
