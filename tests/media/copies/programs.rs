//! The programs that look for duplicates, and how their results are read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use super::score::{Group, Proof};
use super::tools;
use crate::{Outcome, saying};

/// A program and how it is called.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// What the table calls it.
    pub name: &'static str,
    /// What its file is called.
    pub file: &'static str,
    /// What it looks for.
    pub scope: Scope,
    /// Its words; `DIR` and `OUT` stand for the folder and a file for the result.
    pub words: &'static [&'static str],
    read: fn(&str) -> Outcome<Groups>,
}

/// Groups of files by path, each with its proof.
type Groups = Vec<(Proof, Vec<String>)>;

/// What a program looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All kinds.
    All,
    /// Pictures only.
    Pictures,
    /// Files with the same bytes.
    Bytes,
}

/// All of them, in the table's order.
pub const PROGRAMS: [Program; 6] = [
    Program {
        name: "Heirloom",
        file: "heirloom",
        scope: Scope::All,
        words: &["--no-catalogue", "duplicates", "DIR", "--json", "--quiet"],
        read: heirloom,
    },
    Program {
        name: "czkawka, its defaults",
        file: "czkawka_cli",
        scope: Scope::Pictures,
        words: &["image", "-W", "-H", "-d", "DIR", "-p", "OUT"],
        read: czkawka,
    },
    Program {
        name: "czkawka, `-m 1 -s 20 -c 16`",
        file: "czkawka_cli",
        scope: Scope::Pictures,
        words: &["image", "-W", "-H", "-m", "1", "-s", "20", "-c", "16", "-d", "DIR", "-p", "OUT"],
        read: czkawka,
    },
    Program {
        name: "fclones",
        file: "fclones",
        scope: Scope::Bytes,
        words: &["group", "-f", "json", "DIR"],
        read: fclones,
    },
    Program {
        name: "jdupes",
        file: "jdupes",
        scope: Scope::Bytes,
        words: &["-r", "-q", "-j", "DIR"],
        read: jdupes,
    },
    Program {
        name: "rmlint",
        file: "rmlint",
        scope: Scope::Bytes,
        words: &["-T", "df", "-o", "json:OUT", "DIR"],
        read: rmlint,
    },
];

/// What one run of a program gave.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its groups.
    pub groups: Vec<Group>,
    /// What it says of its version.
    pub version: String,
    /// How long it took.
    pub seconds: f64,
}

impl Program {
    /// Runs it on a folder; `scratch` is a folder for what it writes.
    ///
    /// # Errors
    /// It does not run, or what it writes cannot be read.
    pub fn run(&self, at: &Path, folder: &Path, scratch: &Path) -> Outcome<Run> {
        saying(self.name, std::fs::create_dir_all(scratch))?;
        let (out, folder) = (scratch.join("found.json"), saying(self.name, folder.canonicalize())?);
        let word = |word: &&str| {
            word.replace("DIR", &folder.to_string_lossy()).replace("OUT", &out.to_string_lossy())
        };
        let start = Instant::now();
        let mut command = Command::new(at);
        // What it remembers of earlier runs would tell on the time.
        command.args(self.words.iter().map(word)).env("XDG_CACHE_HOME", scratch.join("cache"));
        let output = saying(self.name, command.env("HOME", scratch).output())?;
        let seconds = start.elapsed().as_secs_f64();
        let writes = self.words.iter().any(|word| word.contains("OUT"));
        let text = match writes {
            true => std::fs::read_to_string(&out).unwrap_or_default(),
            false => String::from_utf8_lossy(&output.stdout).into_owned(),
        };
        if writes && out.exists() {
            saying(self.name, std::fs::remove_file(&out))?;
        }
        let groups = (self.read)(&text).map_err(|error| {
            format!("{}: {error}; {}", self.name, String::from_utf8_lossy(&output.stderr))
        })?;
        let below = |path: String| below(&folder, &path);
        let group = |(proof, files): (Proof, Vec<String>)| Group {
            files: files.into_iter().map(below).collect(),
            proof,
        };
        let groups = groups.into_iter().map(group).collect();
        Ok(Run { groups, version: tools::version(at), seconds })
    }
}

/// The groups of equal bytes, as sets.
#[must_use]
pub fn exact_sets(groups: &[Group]) -> BTreeSet<BTreeSet<&str>> {
    let exact = groups.iter().filter(|group| group.proof == Proof::Bytes);
    exact.map(|group| group.files.iter().map(String::as_str).collect()).collect()
}

/// A path below the folder, with `/`.
fn below(folder: &Path, path: &str) -> String {
    let whole = PathBuf::from(path);
    let below = whole.strip_prefix(folder).unwrap_or(&whole);
    below.to_string_lossy().replace('\\', "/")
}

fn document(text: &str) -> Outcome<Value> {
    serde_json::from_str(text).map_err(|error| format!("its result is no JSON: {error}"))
}

fn texts<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The files that stand for the units of each group.
fn heirloom(text: &str) -> Outcome<Groups> {
    let found = document(text)?;
    let group = |group: &Value| {
        let proof = match group["list"].as_str() {
            Some("exact") => Proof::Bytes,
            Some("payload") => Proof::Data,
            _ => Proof::Looks,
        };
        (proof, texts(list(&group["units"]).map(|unit| &unit["files"][0])))
    };
    Ok(list(&found["groups"]).map(group).collect())
}

fn czkawka(text: &str) -> Outcome<Groups> {
    // It writes no file when it found nothing.
    let found = if text.is_empty() { Value::Null } else { document(text)? };
    let group = |group: &Value| (Proof::Looks, texts(list(group).map(|file| &file["path"])));
    Ok(list(&found).map(group).collect())
}

fn fclones(text: &str) -> Outcome<Groups> {
    let found = document(text)?;
    Ok(list(&found["groups"]).map(|group| (Proof::Bytes, texts(list(&group["files"])))).collect())
}

fn jdupes(text: &str) -> Outcome<Groups> {
    let found = document(text)?;
    let files = |set: &Value| texts(list(&set["fileList"]).map(|file| &file["filePath"]));
    Ok(list(&found["matchSets"]).map(|set| (Proof::Bytes, files(set))).collect())
}

/// It lists files one by one, each with the checksum of its set.
fn rmlint(text: &str) -> Outcome<Groups> {
    let found = document(text)?;
    let mut sets = BTreeMap::<&str, Vec<String>>::new();
    for file in list(&found).filter(|file| file["type"] == "duplicate_file") {
        if let Some((sum, path)) = file["checksum"].as_str().zip(file["path"].as_str()) {
            sets.entry(sum).or_default().push(path.to_owned());
        }
    }
    Ok(sets.into_values().map(|files| (Proof::Bytes, files)).collect())
}
