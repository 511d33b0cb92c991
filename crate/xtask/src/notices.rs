//! The licence texts of what is shipped, as their authors ask: one file beside
//! the command-line program, one that the page carries.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::build::saying;
use crate::checks::metadata;
use crate::setup::{TARGET, capture, root};

/// What is shipped.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Shipped {
    /// The program for every system.
    CommandLine,
    /// Both engines and the page's own libraries.
    Page,
}

/// A library and the texts that lie in it.
struct Library {
    name: String,
    licence: String,
    texts: Vec<String>,
}

/// How a file with a licence begins, in lower case.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// The page's libraries that a visitor loads.
const PAGE: [&str; 1] = ["preact"];

/// Writes the texts of everything that is shipped in one file.
///
/// # Errors
/// A library is without a licence's text.
pub(crate) fn write(shipped: Shipped, path: &Path) -> Outcome {
    let mut libraries = crates(shipped)?;
    if matches!(shipped, Shipped::Page) {
        for name in PAGE {
            libraries.push(of_page(name)?);
        }
    }
    fs::write(path, text(&completed(libraries)?)).map_err(saying(path))
}

/// A library that names its licence without repeating the text gets it from
/// another under the same.
fn completed(mut libraries: Vec<Library>) -> Outcome<Vec<Library>> {
    for at in 0..libraries.len() {
        if !libraries[at].texts.is_empty() {
            continue;
        }
        let licence = &libraries[at].licence;
        let same = |other: &&Library| other.licence == *licence && !other.texts.is_empty();
        let texts = match (usual(licence), libraries.iter().find(same)) {
            (Some(text), _) => vec![text],
            (None, Some(other)) => other.texts.clone(),
            (None, None) => return Err(format!("{} has no licence text", libraries[at].name)),
        };
        libraries[at].texts = texts;
    }
    Ok(libraries)
}

/// The crates in it: without ours, with what they use in turn.
fn crates(shipped: Shipped) -> Outcome<Vec<Library>> {
    let (tree, platform): (&[&str], &[&str]) = match shipped {
        Shipped::CommandLine => (&["-p", "heirloom-cli", "--target", "all"], &[]),
        Shipped::Page => (
            &["-p", "heirloom-wasm", "--features", "threads", "--target", TARGET],
            &["--filter-platform", TARGET, "--features", "heirloom-wasm/threads"],
        ),
    };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["tree", "--locked", "--edges", "normal", "--prefix", "none"]).args(tree);
    let tree = capture(command.args(["--format", "{p}"]).current_dir(root()))?;
    let used = |name: &str, version: &str| {
        let line = format!("{name} v{version}");
        tree.lines().any(|used| used == line || used.starts_with(&format!("{line} ")))
    };
    let mut found = Vec::new();
    for package in metadata(platform)?["packages"].as_array().into_iter().flatten() {
        let word = |key: &str| package[key].as_str().unwrap_or_default();
        let (name, version) = (word("name"), word("version"));
        if package["source"].is_null() || !used(name, version) {
            continue;
        }
        let folder = Path::new(word("manifest_path")).parent().unwrap_or(Path::new("."));
        found.push(library(format!("{name} {version}"), word("license"), folder)?);
    }
    Ok(found)
}

fn of_page(name: &str) -> Outcome<Library> {
    let folder = root().join("www/node_modules").join(name);
    let path = folder.join("package.json");
    let about = fs::read_to_string(&path).map_err(saying(&path))?;
    let about: serde_json::Value =
        serde_json::from_str(&about).map_err(|error| format!("{}: {error}", path.display()))?;
    let word = |key: &str| about[key].as_str().unwrap_or_default();
    library(format!("{name} {}", word("version")), word("license"), &folder)
}

fn library(name: String, licence: &str, folder: &Path) -> Outcome<Library> {
    let mut texts = Vec::new();
    for path in files(folder)? {
        let bytes = fs::read(&path).map_err(saying(&path))?;
        texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned());
    }
    Ok(Library { name, licence: licence.to_owned(), texts })
}

/// The files of a library's folder that hold a licence, sorted.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let holds = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        let code = path.extension().is_some_and(|ending| ending == "rs");
        path.is_file()
            && !code
            && name.is_some_and(|name| NAMES.iter().any(|begin| name.starts_with(begin)))
    };
    let listing = fs::read_dir(folder).map_err(saying(folder))?;
    let mut found: Vec<PathBuf> =
        listing.filter_map(|entry| Some(entry.ok()?.path())).filter(holds).collect();
    found.sort();
    Ok(found)
}

/// The text of the two most common licences: ours.
fn usual(licence: &str) -> Option<String> {
    let words: Vec<&str> = licence.split([' ', '/', '(', ')']).collect();
    if words.contains(&"Apache-2.0") {
        return Some(include_str!("../../../LICENSE-APACHE").trim().to_owned());
    }
    let (_, terms) = include_str!("../../../LICENSE-MIT").split_once("Permission is")?;
    let text = format!("MIT License\n\nCopyright its authors\n\nPermission is{terms}");
    words.contains(&"MIT").then(|| text.trim().to_owned())
}

/// Who is in it, then each text once with those whose it is.
fn text(libraries: &[Library]) -> String {
    let mut page = String::from(
        "Heirloom is under the MIT licence or the Apache License 2.0, as you like.\n\
         With it come these libraries, and Rust's standard library (MIT or Apache-2.0).\n\n",
    );
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Library { name, licence, texts } in libraries {
        let _ = writeln!(page, "{name}: {licence}");
        for text in texts {
            by_text.entry(text).or_default().push(name);
        }
    }
    for (text, names) in by_text {
        let _ = write!(page, "\n{}\n{}\n\n{text}\n", "-".repeat(72), names.join(", "));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &str, texts: &[&str]) -> Library {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        Library { name: name.into(), licence: "MIT".into(), texts }
    }

    #[test]
    fn a_text_that_two_share_is_there_once() {
        let page = text(&[made("one 1.0", &["terms"]), made("two 2.0", &["terms", "more"])]);
        assert_eq!(page.matches("\n\nterms\n").count(), 1, "{page}");
        assert!(page.contains("one 1.0, two 2.0\n\nterms"), "{page}");
        assert!(page.contains("two 2.0\n\nmore"), "{page}");
    }

    #[test]
    fn a_library_without_a_text_is_an_error_unless_the_text_is_known() {
        let under =
            |licence: &str, texts| Library { licence: licence.into(), ..made("one", texts) };
        assert!(completed(vec![under("Odd-1.0", &[]), made("two", &["terms"])]).is_err());
        let known = completed(vec![under("MIT OR Odd-1.0", &[])]).unwrap();
        assert!(known[0].texts[0].contains("Permission is hereby granted"));
        let shared = completed(vec![under("Odd-1.0", &[]), under("Odd-1.0", &["odd"])]).unwrap();
        assert_eq!(shared[0].texts, ["odd"]);
    }

    #[test]
    fn the_engine_carries_the_texts_of_what_it_is_made_of() {
        let found = completed(crates(Shipped::Page).unwrap()).unwrap();
        let has = |name: &str| found.iter().any(|library| library.name.starts_with(name));
        assert!(has("heifer 0.") && has("lol_html "));
        assert!(!has("heirloom") && !has("clap "), "neither ours nor what is not shipped");
    }
}
