//! What lies in the folder of a bundle before a new one takes its place: which
//! files an earlier bundle put there, and which belong to somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use heirloom_core::plan::names::{LIST, key};
use heirloom_core::rebuild::listing::{Listed, Sum};
use heirloom_core::report::files;

use super::staging::{PREFIX, checked};
use crate::disk::{Inputs, identity};

/// Most bytes of a list or a mapping that is read, about a million files; a larger
/// one counts as none. Chosen, not measured.
const MOST: u64 = 256 << 20;

/// Bytes hashed between two looks at whether the run was asked to end.
const PART: usize = 1 << 20;

/// Files of a bundle by their path; one entry for each.
pub type Files = BTreeMap<String, Listed>;

/// Reads a bundle's list; `None` if there is none that can be used.
pub fn list(path: &Path) -> Option<Files> {
    let listed = files::read(&text(path)?)?;
    let inside = listed.iter().all(|file| checked(&file.path).is_ok());
    inside.then(|| listed.into_iter().map(|file| (file.path.clone(), file)).collect())
}

/// Empty, or the place of an earlier bundle (unfinished ones count as empty).
///
/// # Errors
/// The folder cannot be listed.
pub fn is_ours(folder: &Path) -> io::Result<bool> {
    if let Some(text) = text(&folder.join("mapping.json")) {
        return Ok(maps(&text));
    }
    for child in fs::read_dir(folder)? {
        if !child?.file_name().to_string_lossy().starts_with(PREFIX) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a file is a mapping that the program wrote.
pub fn is_mapping(path: &Path) -> bool {
    text(path).is_some_and(|text| maps(&text))
}

/// Whether a file is what `heirloom catalogue export` writes.
pub fn is_catalogue_export(path: &Path) -> bool {
    let value = text(path).and_then(|text| parsed(&text));
    value.is_some_and(|value| value["version"].is_u64() && value["runs"].is_array())
}

fn maps(text: &str) -> bool {
    let version = |value: &serde_json::Value| matches!(value["version"].as_u64(), Some(1 | 2));
    parsed(text).is_some_and(|value| version(&value) && value["entries"].is_array())
}

fn parsed(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text).ok()
}

fn text(path: &Path) -> Option<String> {
    let mut text = String::new();
    let file = File::open(path).ok().filter(|_| path.is_file())?;
    let read = file.take(MOST + 1).read_to_string(&mut text).ok()?;
    (read as u64 <= MOST).then_some(text)
}

/// The state of a file when it was looked at; in another state it is another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    link: bool,
}

impl Stamp {
    /// # Errors
    /// There is nothing of that name.
    pub fn of(path: &Path) -> io::Result<Self> {
        let meta = fs::symlink_metadata(path)?;
        Ok(Self { size: meta.len(), modified: meta.modified().ok(), link: meta.is_symlink() })
    }
}

/// What becomes of the files that lie in the folder.
#[derive(Debug, Default)]
pub struct Survey {
    /// Paths of new files where somebody else's file lies, and its name on the
    /// disk.
    pub aside: BTreeMap<String, String>,
    /// Files of the earlier bundle that the new one does not have.
    pub gone: BTreeMap<String, Stamp>,
    /// All else, by the names on the disk.
    pub left: BTreeSet<String>,
}

/// What a survey needs to know.
pub struct Plan<'a> {
    /// The folder of the bundle.
    pub target: &'a Path,
    /// The inputs; their folders are never walked into.
    pub inputs: &'a Inputs,
    /// The earlier bundle's list.
    pub earlier: Option<&'a Files>,
    /// Whether there is an earlier bundle without a list. Then whatever lies where
    /// a new file goes counts as that bundle's, and nothing else does.
    pub unlisted: bool,
    /// The new bundle's files as far as they are listed.
    pub new: &'a Files,
    /// Where the new bundle has a file.
    pub planned: &'a BTreeSet<String>,
    /// Those of them that are not in place yet.
    pub waiting: &'a BTreeSet<String>,
}

/// Looks at every file in the folder, and changes nothing. Files that may be
/// the earlier bundle's are read whole.
///
/// # Errors
/// The folder cannot be listed, or the run was asked to end.
pub fn survey(plan: &Plan<'_>) -> io::Result<Survey> {
    let mut walk = Walk { files: BTreeSet::new(), left: BTreeSet::new() };
    walk.folder(plan, plan.target, "")?;
    let Walk { files: lying, left } = walk;
    let mut survey = Survey { left, ..Survey::default() };
    let planned = Names::new(plan.target, plan.planned.iter(), &lying);
    let known = plan.earlier.into_iter().flat_map(BTreeMap::keys);
    let earlier = Names::new(plan.target, known, &lying);
    for name in &lying {
        let path = plan.target.join(name);
        let known = earlier.of(name).and_then(|path| plan.earlier?.get(path));
        let stamp = Stamp::of(&path)?;
        let Some(new) = planned.of(name) else {
            match known {
                Some(file) if fits(&path, file)? => drop(survey.gone.insert(name.clone(), stamp)),
                _ => drop(survey.left.insert(name.clone())),
            }
            continue;
        };
        if !plan.waiting.contains(new) {
            continue;
        }
        let is_list = new == LIST && plan.earlier.is_some();
        let ours = is_list
            || plan.unlisted && new != LIST
            || known.map_or(Ok(false), |file| fits(&path, file))?
            || plan.new.get(new).map_or(Ok(false), |file| fits(&path, file))?;
        if !ours {
            survey.aside.insert(new.clone(), name.clone());
        }
    }
    Ok(survey)
}

/// Whether a file is still as it was listed. A link that was listed as a file does
/// not fit, nor a file that was listed as a link. A listed link still fits if what
/// it pointed to is gone.
fn fits(path: &Path, listed: &Listed) -> io::Result<bool> {
    let Ok(meta) = fs::symlink_metadata(path) else { return Ok(false) };
    // What a link points to is only read.
    let real = match fs::metadata(path) {
        Ok(real) => real,
        Err(error) => return Ok(listed.symbolic && error.kind() == io::ErrorKind::NotFound),
    };
    if meta.is_symlink() != listed.symbolic || !real.is_file() || real.len() != listed.size {
        return Ok(false);
    }
    let Ok(mut file) = File::open(path) else { return Ok(false) };
    let (mut sum, mut part) = (Sum::default(), vec![0; PART]);
    loop {
        if crate::stop::asked() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match file.read(&mut part) {
            Ok(0) => return Ok(sum.done() == (listed.size, listed.hash)),
            Ok(count) => sum.take(&part[..count]),
            // A file that cannot be read is not removed.
            Err(_) => return Ok(false),
        }
    }
}

/// Paths that a bundle knows, by the names that the disk shows: it may keep another
/// case or form of letters than it was given.
struct Names<'a> {
    exact: BTreeSet<&'a String>,
    /// By their key, those that are there under a name that the disk shows
    /// otherwise.
    other: BTreeMap<String, &'a String>,
}

impl<'a> Names<'a> {
    fn new(
        target: &Path,
        paths: impl Iterator<Item = &'a String> + Clone,
        lying: &BTreeSet<String>,
    ) -> Self {
        let there = |path: &String| fs::symlink_metadata(target.join(path)).is_ok();
        let hidden = paths.clone().filter(|path| !lying.contains(*path) && there(path));
        Self { exact: paths.collect(), other: hidden.map(|path| (key(path), path)).collect() }
    }

    /// The bundle's path of a name on the disk.
    fn of(&self, name: &String) -> Option<&'a String> {
        self.exact.get(name).or_else(|| self.other.get(&key(name))).copied()
    }
}

/// The names below a folder.
struct Walk {
    files: BTreeSet<String>,
    /// What is not looked into, with a slash at the end, and names that are no
    /// text.
    left: BTreeSet<String>,
}

impl Walk {
    fn folder(&mut self, plan: &Plan<'_>, folder: &Path, below: &str) -> io::Result<()> {
        for child in fs::read_dir(folder)? {
            let child = child?;
            let real = child.file_name();
            let name = real.to_string_lossy();
            let path = format!("{below}{name}");
            let is_folder = child.file_type()?.is_dir();
            if below.is_empty() && is_folder && name == PREFIX {
                continue;
            }
            if !is_folder {
                let known = if real.to_str().is_some() { &mut self.files } else { &mut self.left };
                known.insert(path);
            } else if real.to_str().is_some() && is_plain(plan, &child.path()) {
                let inner = format!("{path}/");
                if self.folder(plan, &child.path(), &inner).is_err() {
                    self.left.insert(inner);
                }
            } else {
                self.left.insert(format!("{path}/"));
            }
        }
        Ok(())
    }
}

/// Whether a folder of the bundle is one: no link, no other disk, no input.
pub fn is_plain(plan: &Plan<'_>, folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir())
        && same_disk(plan.target, folder)
        && identity(folder).is_ok_and(|known| !plan.inputs.is_folder(&known))
}

#[cfg(unix)]
fn same_disk(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| fs::symlink_metadata(path).map(|meta| meta.dev());
    // The folder of the bundle itself may be reached through a link.
    match (fs::metadata(one), disk(other)) {
        (Ok(one), Ok(other)) => one.dev() == other,
        _ => false,
    }
}

/// Mounted folders are links here.
#[cfg(windows)]
fn same_disk(_: &Path, _: &Path) -> bool {
    true
}

/// Files below a folder of ours, by their paths with `/`.
///
/// # Errors
/// It cannot be listed.
pub fn below(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut folders: Vec<(PathBuf, String)> = vec![(folder.to_owned(), String::new())];
    while let Some((folder, below)) = folders.pop() {
        for child in fs::read_dir(folder)? {
            let child = child?;
            let path = format!("{below}{}", child.file_name().to_string_lossy());
            if child.file_type()?.is_dir() {
                folders.push((child.path(), format!("{path}/")));
            } else {
                found.insert(path);
            }
        }
    }
    Ok(found)
}
