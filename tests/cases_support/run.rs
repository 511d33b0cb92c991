//! One case: built, run in every mode and compared with what is expected.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use heirloom_core::settings::{Mode, Settings};
use heirloom_media::build::{self, Built};
use heirloom_media::memory::Shared;
use heirloom_media::recipe::{Page, Recipe};
use heirloom_media::{Outcome, disk, memory, saying};
use serde_json::Value;

use super::program;

const MODES: [Mode; 3] = [Mode::Strict, Mode::Balanced, Mode::Loose];

/// Runs a case; a known failure must fail.
pub fn case(folder: &Path) -> Outcome {
    let text = saying("case.toml", std::fs::read_to_string(folder.join("case.toml")))?;
    let recipe = Recipe::parse(&text)?;
    match (recipe.known_failure, check(folder, &recipe)) {
        (false, done) => done,
        (true, Err(_)) => Ok(()),
        (true, Ok(())) => Err("this known failure passes now: remove `known_failure`".into()),
    }
}

fn check(folder: &Path, recipe: &Recipe) -> Outcome {
    let built = build::build(recipe)?;
    let temp = saying("a folder", tempfile::tempdir())?;
    disk::write(&temp.path().join("chat"), &built.chat)?;
    disk::write(&temp.path().join("originals"), &built.originals)?;
    // As for somebody who tries one mode after the other.
    let notes = Shared::default();
    for mode in MODES {
        in_mode(folder, recipe, &built, temp.path(), (mode, &notes))?;
    }
    unchanged(&temp.path().join("chat"), &built.chat)?;
    unchanged(&temp.path().join("originals"), &built.originals)
}

fn in_mode(
    folder: &Path,
    recipe: &Recipe,
    built: &Built,
    inputs: &Path,
    (mode, notes): (Mode, &Shared),
) -> Outcome {
    let settings = Settings { mode, ..Settings::default() };
    let done = memory::run_with(&built.chat, &built.originals, settings, notes);
    let report = saying("the run", done)?.report();
    let entries = entries(&report.mapping_json)?;
    let mut decided = String::new();
    for entry in &entries {
        decided += &describe(entry);
    }
    let mut issues: Vec<String> =
        report.issues.iter().map(|issue| format!("{}: {}\n", issue.path, issue.problem)).collect();
    issues.sort();
    if !issues.is_empty() {
        let _ = write!(decided, "\nissues\n{}", issues.concat());
    }
    expect(&folder.join("expected").join(format!("{}.txt", mode.name())), &decided)?;
    nothing_wrong(built, &entries)?;
    as_program(recipe, built, inputs, mode, &report.mapping_json, &issues)
}

/// The program decides the same, byte for byte; in balanced it writes, and
/// what it writes holds the originals.
fn as_program(
    recipe: &Recipe,
    built: &Built,
    inputs: &Path,
    mode: Mode,
    mapping: &str,
    issues: &[String],
) -> Outcome {
    let export = program::export(inputs)?;
    let words = ["--confidence-mode", mode.name(), "--dry-run", "--json", "--quiet"];
    let output = program::link(inputs, &export, &words)?;
    if output.status.code() != Some(0) || output.stdout != mapping.as_bytes() {
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = printed.lines().zip(mapping.lines()).find(|(one, two)| one != two);
        let (code, errors) = (output.status.code(), String::from_utf8_lossy(&output.stderr));
        return Err(format!(
            "the program decides differently (exit {code:?}): {lines:?}\n{errors}"
        ));
    }
    if mode != Mode::Balanced {
        return Ok(());
    }
    let bundle = inputs.join("out");
    let media = bundle.join("original_media").display().to_string();
    let output = program::link(inputs, &export, &["--output-media-dir", &media])?;
    if output.status.code() != Some(0) {
        return Err(format!("the bundle was not written: {}", program::said(&output)));
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let shown = issues.iter().take(20).all(|issue| {
        let sentence = issue.trim_end().rsplit_once(": ").map_or(issue.as_str(), |(_, s)| s);
        said.contains(sentence)
    });
    if !shown {
        return Err(format!("an issue is not on the screen:\n{said}"));
    }
    whole_bundle(recipe, built, &bundle)
}

/// Every linked original is in the bundle, byte for byte.
fn whole_bundle(recipe: &Recipe, built: &Built, bundle: &Path) -> Outcome {
    let read = |path: &str| saying(path, std::fs::read(bundle.join(path)));
    read("report.html")?;
    match recipe.page {
        Page::None if recipe.text => drop(read("index.html")?),
        Page::None => {}
        Page::Linked => drop(read("chat.html").or_else(|_| read("index.html"))?),
    }
    let mapping = String::from_utf8_lossy(&read("mapping.json")?).into_owned();
    for entry in entries(&mapping)? {
        let (Some(original), Some(path)) =
            (entry["original"].as_str(), entry["bundle_path"].as_str())
        else {
            continue;
        };
        let source = built.originals.iter().find(|made| made.path == original);
        let source = source.ok_or_else(|| format!("{original} is not in the library"))?;
        if read(path)? != source.bytes {
            return Err(format!("{path} is not {original}"));
        }
    }
    Ok(())
}

/// A wrong link is worse than a missed one: no mode may make one. A picture
/// cut from another or sent twice may be answered by an equal one: those cases
/// list what is right in the recipe's truth.
fn nothing_wrong(built: &Built, entries: &[Value]) -> Outcome {
    let equal = |one: &str, two: &str| {
        let bytes = |path: &str| built.originals.iter().find(|made| made.path == path);
        match (bytes(one), bytes(two)) {
            (Some(one), Some(two)) => one.bytes == two.bytes,
            _ => false,
        }
    };
    let mut wrong = BTreeMap::new();
    for entry in entries {
        let (Some(name), Some(linked)) = (entry["exported"].as_str(), entry["original"].as_str())
        else {
            continue;
        };
        let right = built.truth.get(name).cloned().flatten();
        if !right.as_deref().is_some_and(|right| right == linked || equal(right, linked)) {
            wrong.insert(name.to_owned(), linked.to_owned());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("wrong links: {wrong:?}")) }
}

fn entries(mapping: &str) -> Outcome<Vec<Value>> {
    let value: Value = saying("mapping.json", serde_json::from_str(mapping))?;
    value["entries"].as_array().cloned().ok_or_else(|| "mapping.json has no entries".into())
}

fn describe(entry: &Value) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
    let edits = entry["edits"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let edits: Vec<&str> = edits.collect();
    let edits = if edits.is_empty() { String::new() } else { format!(" ({})", edits.join(", ")) };
    format!("{}\n  {}{edits} {}\n", text("exported"), text("decision"), text("original"))
}

/// Compares with a file, or rewrites it with `UPDATE=1`.
fn expect(path: &Path, found: &str) -> Outcome {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        if let Some(folder) = path.parent() {
            saying("expected", std::fs::create_dir_all(folder))?;
        }
        return saying("expected", std::fs::write(path, found));
    }
    let wanted = saying(&path.display().to_string(), std::fs::read_to_string(path))?;
    if wanted == found {
        return Ok(());
    }
    Err(format!("{} differs.\n--- expected\n{wanted}\n--- found\n{found}", path.display()))
}

/// The inputs are as they were, to the byte and the second.
fn unchanged(folder: &Path, files: &[disk::Made]) -> Outcome {
    for made in files {
        let path = folder.join(&made.path);
        let bytes = saying(&made.path, std::fs::read(&path))?;
        let meta = saying(&made.path, std::fs::metadata(&path))?;
        let since = saying(&made.path, meta.modified())?
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        if bytes != made.bytes || i64::try_from(since) != Ok(made.modified) {
            return Err(format!("the run changed {}", made.path));
        }
    }
    Ok(())
}
