//! A real folder, a plan for it, and the real program.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use heirloom_core::plan::trash::TRASH;
use heirloom_core::rebuild::trash::{JOURNAL, MANIFEST, Manifest};
use heirloom_core::relpath::RelPath;
use serde_json::{Value, json};

use super::program;

/// What a file is: BLAKE3 and time.
pub type What = (String, i64, i64);

/// A folder of photos, what stands beside it, and the groups of the document.
pub struct Real {
    temp: tempfile::TempDir,
    groups: Vec<Value>,
    stacks: Vec<Value>,
    hashes: BTreeMap<String, String>,
    /// Where what is below `other` lies, if that is another storage.
    pub other: Option<tempfile::TempDir>,
    files: i64,
}

impl Real {
    pub fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("photos")).unwrap();
        Self {
            temp,
            groups: Vec::new(),
            stacks: Vec::new(),
            hashes: BTreeMap::new(),
            other: None,
            files: 0,
        }
    }

    /// With a folder `other` on another storage, where that can be had: by mounts of a
    /// namespace of its own, which is the superuser's.
    pub fn on_two_storages() -> Option<Self> {
        let mut real = Self::new();
        let shared = tempfile::Builder::new().prefix("heirloom-").tempdir_in("/dev/shm").ok()?;
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        fs::create_dir(real.at("other")).unwrap();
        let mounts = Command::new("unshare").args(["--mount", "true"]).status();
        let can = mounts.is_ok_and(|status| status.success())
            && device(shared.path()) != device(real.temp.path());
        real.other = Some(shared);
        can.then_some(real)
    }

    pub fn root(&self) -> PathBuf {
        self.temp.path().join("photos")
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// Where a file of the folder lies.
    pub fn at(&self, path: &str) -> PathBuf {
        let path = RelPath::parse(path).unwrap();
        let mut names = path.bytes();
        let mut at = self.root();
        if let Some(other) = self.other.as_ref().filter(|_| names.len() > 1 && names[0] == b"other")
        {
            at = other.path().to_owned();
            names.remove(0);
        }
        at.extend(names.iter().map(|name| std::ffi::OsStr::from_bytes(name)));
        at
    }

    /// Writes a file, with an hour of its own as its time.
    pub fn put(&mut self, path: &str, bytes: &[u8]) {
        let at = self.at(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, bytes).unwrap();
        self.files += 1;
        let time = std::time::UNIX_EPOCH
            + std::time::Duration::new(1_620_000_000 + 3600 * self.files as u64, 123_456_789);
        fs::File::options().write(true).open(&at).unwrap().set_modified(time).unwrap();
        self.hashes.insert(path.to_owned(), blake3::hash(bytes).to_hex().to_string());
    }

    /// A group whose first unit stays.
    pub fn group(&mut self, units: &[&[&str]]) {
        let hash = |files: &&[&str]| self.hashes.get(files[0]);
        let is_exact = units.iter().all(|unit| hash(unit) == hash(&units[0]));
        let list = if is_exact { "exact" } else { "shot" };
        let unit = |files: &&[&str]| json!({ "files": files, "bytes": 1, "pixels": null, "edits": [], "differs": {} });
        self.groups.push(json!({
            "id": self.groups.len().to_string(), "list": list, "keeper": units[0][0],
            "reason": "It is the oldest.", "units": units.iter().map(unit).collect::<Vec<_>>(),
        }));
    }

    /// Copies of one file, the first of which stays.
    pub fn copies(&mut self, paths: &[&str], bytes: &[u8]) {
        paths.iter().for_each(|path| self.put(path, bytes));
        let units: Vec<&[&str]> = paths.iter().map(std::slice::from_ref).collect();
        self.group(&units);
    }

    pub fn stack(&mut self, rule: &str, files: &[&str]) {
        self.stacks.push(json!({ "id": "s", "rule": rule, "files": files }));
    }

    /// Writes a plan that sends these files to the trash.
    pub fn plan(&self, trash: &[&str]) -> PathBuf {
        let document = json!({
            "version": 1,
            "summary": { "files": 0, "bytes": 0, "bytes_to_gain": 0, "left": 0 },
            "stacks": self.stacks, "groups": self.groups, "hashes": self.hashes,
            "not_duplicates": [], "issues": [], "trash": trash,
        });
        let path = self.beside("plan.json");
        fs::write(&path, document.to_string()).unwrap();
        path
    }

    /// The program, with the other storage mounted if there is one.
    pub fn command(&self) -> Command {
        let program = program::path().unwrap();
        let mut command = match &self.other {
            None => Command::new(program),
            Some(other) => {
                let mut command = Command::new("unshare");
                command.args([
                    "--mount",
                    "sh",
                    "-c",
                    "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
                    "sh",
                ]);
                command.arg(other.path()).arg(self.root().join("other")).arg(program);
                command
            }
        };
        command.arg("--no-catalogue").arg("duplicates").stdin(Stdio::null());
        command
    }

    /// The command that sends the files of a plan to the trash.
    pub fn trash_command(&self, trash: &[&str]) -> Command {
        let mut command = self.command();
        command.arg("trash").arg(self.root()).arg("--plan").arg(self.plan(trash));
        command.arg("--confirm").arg(trash.len().to_string());
        command
    }

    /// Sends files to the trash.
    #[track_caller]
    pub fn trash(&self, trash: &[&str], code: i32) -> String {
        said(&self.trash_command(trash).output().unwrap(), code)
    }

    /// Puts back all that lies in the trash.
    #[track_caller]
    pub fn restore(&self, code: i32) -> String {
        if !self.root().join(TRASH).exists() {
            return String::new();
        }
        let output = self.command().arg("restore").arg(self.root().join(TRASH)).output();
        said(&output.unwrap(), code)
    }

    /// Every regular file outside the trash.
    pub fn tree(&self) -> BTreeMap<String, What> {
        let mut found = BTreeMap::new();
        walk(&self.root(), "", &mut found);
        if let Some(other) = &self.other {
            walk(other.path(), "other/", &mut found);
        }
        found
    }

    /// Every run's folder and manifest.
    pub fn manifests(&self) -> Vec<(PathBuf, Manifest)> {
        let mut runs: Vec<PathBuf> = match fs::read_dir(self.root().join(TRASH)) {
            Ok(runs) => runs.map(|run| run.unwrap().path()).filter(|run| run.is_dir()).collect(),
            Err(_) => Vec::new(),
        };
        runs.sort();
        let read = |run: PathBuf| {
            let text = fs::read(run.join(MANIFEST)).ok()?;
            Some((run, Manifest::parse(&text).unwrap()))
        };
        runs.into_iter().filter_map(read).collect()
    }

    /// Whether a journal is there.
    pub fn is_under_way(&self) -> bool {
        let runs = fs::read_dir(self.root().join(TRASH));
        runs.is_ok_and(|mut runs| runs.any(|run| run.unwrap().path().join(JOURNAL).exists()))
    }

    /// Every file of `before` is where it was, or in the trash under its manifest.
    #[track_caller]
    pub fn holds(&self, before: &BTreeMap<String, What>, when: &str) {
        let now = self.tree();
        let manifests = self.manifests();
        let listed: BTreeMap<&str, Vec<PathBuf>> = manifests
            .iter()
            .flat_map(|(run, manifest)| {
                let files = manifest.units.iter().flat_map(|unit| &unit.files);
                files.map(move |file| (file.path.as_str(), below(run, &file.kept)))
            })
            .fold(BTreeMap::new(), |mut all, (path, at)| {
                all.entry(path).or_insert_with(Vec::new).push(at);
                all
            });
        for (path, was) in before {
            let kept = || listed.get(path.as_str()).into_iter().flatten();
            let there = now.get(path) == Some(was)
                || kept().any(|at| what(at).is_some_and(|(hash, ..)| hash == was.0));
            assert!(there, "{path} is lost {when}");
        }
    }
}

fn below(folder: &Path, path: &str) -> PathBuf {
    let names = RelPath::parse(path).unwrap().bytes();
    let mut at = folder.to_owned();
    at.extend(names.iter().map(|name| std::ffi::OsStr::from_bytes(name)));
    at
}

fn what(at: &Path) -> Option<What> {
    let meta = fs::symlink_metadata(at).ok().filter(fs::Metadata::is_file)?;
    let hash = blake3::hash(&fs::read(at).ok()?).to_hex().to_string();
    Some((hash, meta.mtime(), meta.mtime_nsec()))
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, What>) {
    for child in fs::read_dir(folder).unwrap() {
        let child = child.unwrap();
        let name = heirloom_core::relpath::spelled(child.file_name().as_bytes());
        let path = format!("{prefix}{name}");
        if name == TRASH {
            continue;
        }
        if child.file_type().unwrap().is_dir() {
            walk(&child.path(), &format!("{path}/"), found);
        } else if let Some(what) = what(&child.path()) {
            found.insert(path, what);
        }
    }
}

/// What was said by a run that ended with this code.
#[track_caller]
pub fn said(output: &Output, code: i32) -> String {
    let said = program::said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}
