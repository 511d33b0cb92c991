//! The rules of the house that a machine can check: who may depend on whom,
//! and which words a source file may use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::setup::{capture, root};

/// Libraries that only some crates may name as a direct dependency.
const RESERVED: [(&[&str], &[&str]); 3] = [
    (
        &[
            "wasm-bindgen",
            "wasm-bindgen-rayon",
            "web-sys",
            "js-sys",
            "gloo",
            "tsify",
            "serde-wasm-bindgen",
            "console_error_panic_hook",
        ],
        &["heirloom-wasm"],
    ),
    (&["clap", "indicatif"], &["heirloom-cli", "heirloom-tests", "xtask"]),
    (&["wasm-bindgen-cli-support"], &["heirloom-pack"]),
];

/// Which of our own crates each may use.
const OWN: [(&str, &[&str]); 10] = [
    ("heirloom-features", &[]),
    // For its tests, as every crate: see that crate's manifest.
    ("heirloom-core", &["heirloom-features"]),
    ("heirloom-catalog", &["heirloom-core", "heirloom-features"]),
    ("heirloom-wasm", &["heirloom-core", "heirloom-catalog"]),
    ("heirloom-cli", &["heirloom-core", "heirloom-catalog", "heirloom-features"]),
    ("heirloom-pack", &["heirloom-features"]),
    ("heirloom-recipes", &["heirloom-features"]),
    ("heirloom-tests", &["heirloom-core", "heirloom-catalog", "heirloom-recipes"]),
    ("heirloom-fuzz", &["heirloom-core"]),
    ("xtask", &["heirloom-features"]),
];

/// Files whose types are written down: reports, what is remembered, and notes of others
/// that are read.
const SERIALISED: [&str; 33] = [
    "crate/core/src/report/files.rs",
    "crate/core/src/report/json.rs",
    "crate/core/src/memory.rs",
    "crate/core/src/examine/learnt.rs",
    "crate/core/src/job/link/decided.rs",
    "crate/core/src/model.rs",
    "crate/core/src/model/metadata.rs",
    "crate/core/src/model/time.rs",
    "crate/core/src/examine/metadata/takeout.rs",
    "crate/core/src/error.rs",
    "crate/core/src/matching/evidence/quantised.rs",
    "crate/core/src/matching/evidence/align.rs",
    "crate/core/src/matching/evidence/edited.rs",
    "crate/core/src/matching/evidence/question.rs",
    "crate/core/src/matching/evidence/motion.rs",
    "crate/core/src/matching/evidence/residual.rs",
    "crate/core/src/matching/evidence/sound.rs",
    "crate/core/src/matching/evidence/tint.rs",
    "crate/core/src/matching/link/searched.rs",
    "crate/core/src/rewrite/journal.rs",
    "crate/core/src/rebuild/trash/manifest.rs",
    "crate/core/src/report/duplicates.rs",
    "crate/core/src/report/trash_plan.rs",
    "crate/core/src/matching/duplicates/decided.rs",
    "crate/core/src/report/duplicates/differs.rs",
    "crate/core/src/report/duplicates/findings.rs",
    "crate/core/src/report/duplicates/metadata.rs",
    "crate/core/src/report/duplicates/side.rs",
    "crate/core/src/report/duplicates/page.rs",
    "crate/core/src/report/duplicates/words.rs",
    "crate/core/src/report/places/mod.rs",
    "crate/core/src/report/places/read.rs",
    "crate/core/src/report/places/values.rs",
];

/// Words that belong to some files only: where they are looked for, the word,
/// and the files that may use it.
const WORDS: [(&str, &str, &[&str]); 6] = [
    ("crate/core/src", "std::fs", &[]),
    ("crate/core/src", "println!", &[]),
    ("crate/core/src", "std::time::", &[]),
    ("crate/core/src", "serde", &SERIALISED),
    ("crate/wasm/src", "std::fs", &[]),
    ("www/src", "from 'preact", &["www/src/ui/", "www/src/main.ts"]),
];

/// Checks direct dependencies and reserved words.
pub(crate) fn directions() -> Outcome {
    let metadata = metadata(&["--no-deps"])?;
    let mut broken = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let dependency = dependency["name"].as_str().unwrap_or_default();
            broken.extend(fault(name, dependency));
        }
    }
    for (folder, word, allowed) in WORDS {
        for file in sources(&root().join(folder))? {
            broken.extend(misplaced(&file, word, allowed)?);
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) }
}

/// What `cargo metadata` says.
pub(crate) fn metadata(words: &[&str]) -> Outcome<Value> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["metadata", "--format-version", "1", "--locked"]).args(words);
    let text = capture(command.current_dir(root()))?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
}

fn fault(package: &str, dependency: &str) -> Option<String> {
    let reserved = RESERVED
        .iter()
        .any(|(names, users)| names.contains(&dependency) && !users.contains(&package));
    let ours = OWN.iter().any(|(name, _)| *name == dependency);
    let known = OWN.iter().find(|(name, _)| *name == package);
    let backward = ours && known.is_none_or(|(_, allowed)| !allowed.contains(&dependency));
    (reserved || backward).then(|| format!("{package} must not depend on {dependency}"))
}

/// Tests at the end of a file may use what they like.
fn misplaced(file: &Path, word: &str, allowed: &[&str]) -> Outcome<Option<String>> {
    let shown = file.strip_prefix(root()).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let test = shown.ends_with("tests.rs") || shown.contains("/tests/") || shown.contains(".test.");
    if test || allowed.iter().any(|place| shown.starts_with(place)) {
        return Ok(None);
    }
    let text = fs::read_to_string(file).map_err(|error| format!("{shown}: {error}"))?;
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let used = code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
    Ok(used.then(|| format!("{shown} must not use {word}")))
}

pub(crate) fn sources(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let listing =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in listing.filter_map(|entry| Some(entry.ok()?.path())) {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if ["rs", "ts", "tsx"].contains(&ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_point_one_way() {
        assert_eq!(fault("heirloom-cli", "heirloom-core"), None);
        assert!(fault("heirloom-core", "heirloom-cli").is_some());
        assert!(fault("heirloom-core", "web-sys").is_some());
        assert!(fault("heirloom-core", "clap").is_some());
        assert_eq!(fault("heirloom-wasm", "web-sys"), None);
    }
}
