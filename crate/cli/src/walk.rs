//! Walks the folders of the duplicates job. A file is met once, however it is reached:
//! folders that are given twice, lie inside each other or come by another path are one,
//! and so are all names of one file. Links are never followed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use glob::{MatchOptions, Pattern};
use heirloom_core::collect::{is_bin, placeholder};
use heirloom_core::error::{Issue, Problem};
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::job::duplicates::Folders;
use heirloom_core::model::{Entry, FileId};
use heirloom_core::relpath;

use crate::Outcome;
use crate::disk::{self, Identity, OnDisk, identity, is_junk};

/// Every file of the folders, by the number the core knows it by.
#[derive(Debug, Default)]
pub struct Tree {
    /// What the core is told.
    pub folders: Folders,
    /// What could not be walked.
    pub issues: Vec<Issue>,
    /// The folders that were given, without those that lie inside others: where each is,
    /// and what its paths begin with (empty: nothing).
    pub roots: Vec<(PathBuf, String)>,
    paths: Vec<PathBuf>,
    /// Where every path of the document lies.
    places: BTreeMap<String, PathBuf>,
    walked: BTreeSet<Identity>,
}

impl Tree {
    /// Walks the folders.
    ///
    /// # Errors
    /// One of them is no folder or cannot be read; a pattern is none.
    pub fn walk(folders: &[PathBuf], exclude: &[String]) -> Outcome<Self> {
        let pattern = |text: &String| {
            Pattern::new(text).map_err(|error| format!("{text} is no pattern of names: {error}"))
        };
        let exclude = exclude.iter().map(pattern).collect::<Outcome<Vec<Pattern>>>()?;
        let mut tree = Self { roots: roots(folders)?, ..Self::default() };
        let mut found = Found::default();
        for (root, prefix) in tree.roots.clone() {
            let mut walk = Walk { tree: &mut tree, found: &mut found, exclude: &exclude };
            walk.folder(&root, &prefix, "");
        }
        tree.take(found);
        Ok(tree)
    }

    /// Adds the files of a chat: an export or a bundle, its folder or its zip.
    ///
    /// # Errors
    /// As [`Tree::walk`].
    pub fn add_chat(&mut self, chat: &Path) -> Outcome {
        if chat.is_file() {
            return self.add_zip(chat);
        }
        let whole = Self::walk(&[chat.to_owned()], &[])?;
        let name = chat.file_name().map_or_else(|| "chat".to_owned(), spelled);
        let Ok(before) = u32::try_from(self.paths.len()) else { return Ok(()) };
        self.paths.extend(whole.paths);
        let numbered = whole.folders.entries.into_iter().map(|entry| Entry {
            file: FileId(entry.file.0 + before),
            path: format!("{name}/{}", entry.path),
            ..entry
        });
        self.folders.chats.extend(numbered);
        self.issues.extend(whole.issues);
        Ok(())
    }

    fn add_zip(&mut self, zip: &Path) -> Outcome {
        let unread = |error: io::Error| format!("{} cannot be read: {error}", zip.display());
        let meta = fs::metadata(zip).map_err(unread)?;
        let Ok(number) = u32::try_from(self.paths.len()) else { return Ok(()) };
        let path = zip.file_name().map_or_else(|| "chat.zip".to_owned(), spelled);
        if !path.to_lowercase().ends_with(".zip") {
            return Err(format!("{} is neither a folder nor a zip", zip.display()));
        }
        let (size, modified) = (meta.len(), modified(&meta));
        self.paths.push(zip.to_owned());
        self.folders.chats.push(Entry { file: FileId(number), path, size, modified });
        Ok(())
    }

    /// Adds a file that is only read, under its own name.
    ///
    /// # Errors
    /// It is no file, or cannot be read.
    pub fn add_file(&mut self, file: &Path) -> Outcome<Entry> {
        let unread = |error: io::Error| format!("{} cannot be read: {error}", file.display());
        let meta = fs::metadata(file).map_err(unread)?;
        if !meta.is_file() {
            return Err(format!("{} is no file", file.display()));
        }
        let number = u32::try_from(self.paths.len()).map_err(|_| "there are too many files")?;
        let path = file.file_name().map_or_else(|| "file".to_owned(), spelled);
        let (size, modified) = (meta.len(), modified(&meta));
        self.paths.push(file.to_owned());
        Ok(Entry { file: FileId(number), path, size, modified })
    }

    /// Where the file of a path of the document lies.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&Path> {
        self.places.get(path).map(PathBuf::as_path)
    }

    /// The path by which the document knows a file, given as it is there or as a file is
    /// named on the command line.
    #[must_use]
    pub fn known(&self, named: &Path) -> Option<String> {
        let spelled = spelled(named.as_os_str());
        if self.places.contains_key(&spelled) {
            return Some(spelled);
        }
        let real = fs::canonicalize(named).ok()?;
        let same = |(_, place): &(&String, &PathBuf)| {
            fs::canonicalize(place).is_ok_and(|place| place == real)
        };
        self.places.iter().find(same).map(|(path, _)| path.clone())
    }

    /// The path among the entries under which the core knows a file: another name of one
    /// file gives the first.
    #[must_use]
    pub fn entry_of(&self, path: &str) -> String {
        let mut links = self.folders.links.iter();
        let linked = links.find(|(_, names)| names.iter().any(|name| name == path));
        linked.map_or(path, |(first, _)| first).to_owned()
    }

    /// The folder that was walked in which a place lies, if it lies in one.
    #[must_use]
    pub fn around(&self, place: &Path) -> Option<PathBuf> {
        let walked = |folder: &&Path| identity(folder).is_ok_and(|one| self.walked.contains(&one));
        place.ancestors().find(walked).map(Path::to_owned)
    }

    /// Numbers the files; of the names of one file the simplest stands for it.
    fn take(&mut self, found: Found) {
        for mut names in found.files.into_values() {
            names.sort_by(|(a, ..), (b, ..)| {
                let rank = |path: &String| (path.matches('/').count(), path.chars().count());
                rank(a).cmp(&rank(b)).then(a.cmp(b))
            });
            let links: Vec<String> = names[1..].iter().map(|(path, ..)| path.clone()).collect();
            for (path, place, _) in &names {
                self.places.insert(path.clone(), place.clone());
            }
            let (path, place, meta) = names.swap_remove(0);
            let Ok(number) = u32::try_from(self.paths.len()) else { break };
            if !links.is_empty() {
                self.folders.links.insert(path.clone(), links);
            }
            let (size, modified) = (meta.len(), modified(&meta));
            self.folders.entries.push(Entry { file: FileId(number), path, size, modified });
            self.paths.push(place);
        }
    }
}

/// One name of a file, where it lies, and what the system says of it.
type Name = (String, PathBuf, Metadata);

/// What tells files apart: device and number or, where nothing tells them, the path.
type Number = (Option<(u64, u64)>, String);

/// What was found so far.
#[derive(Default)]
struct Found {
    /// Files with all their names.
    files: BTreeMap<Number, Vec<Name>>,
}

struct Walk<'a> {
    tree: &'a mut Tree,
    found: &'a mut Found,
    exclude: &'a [Pattern],
}

impl Walk<'_> {
    /// Walks a folder in the order of its names. `below` is its path below the root, with
    /// `/` behind it.
    fn folder(&mut self, folder: &Path, prefix: &str, below: &str) {
        let name = format!("{prefix}{below}");
        let fresh = identity(folder).map(|one| self.tree.walked.insert(one));
        let listing = match (fresh, fs::read_dir(folder)) {
            (Ok(false), _) => return,
            (_, Ok(listing)) => listing,
            (_, Err(error)) => return self.suffer(name.trim_end_matches('/'), &error),
        };
        let mut children = Vec::new();
        for child in listing {
            match child {
                Ok(child) => children.push(child.path()),
                Err(error) => self.suffer(name.trim_end_matches('/'), &error),
            }
        }
        children.sort();
        for child in children {
            self.child(&child, prefix, below);
        }
    }

    fn child(&mut self, child: &Path, prefix: &str, below: &str) {
        let Some(name) = child.file_name().map(spelled) else { return };
        // Placeholders are no files, but are counted.
        let hidden = name.starts_with('.') && placeholder(&name).is_none();
        let below_root = format!("{below}{name}");
        if hidden || is_junk(&name) || self.is_excluded(&below_root, &name) {
            return;
        }
        let path = format!("{prefix}{below_root}");
        let meta = match fs::symlink_metadata(child) {
            Ok(meta) => meta,
            Err(error) => return self.suffer(&path, &error),
        };
        if meta.is_dir() {
            if !is_bin(&name) {
                self.folder(child, prefix, &format!("{below_root}/"));
            }
        } else if meta.is_file() && !is_elsewhere(&meta) {
            let file = number(&meta);
            let key = (file, if file.is_some() { String::new() } else { path.clone() });
            let names = self.found.files.entry(key).or_default();
            // One name that is reached by two ways is one name.
            if names.is_empty() || links(&meta) > 1 {
                names.push((path, child.to_owned(), meta));
            }
        } else if meta.is_file() {
            self.tree.issues.push(Issue { path: path.clone(), problem: in_cloud(&name) });
        }
    }

    fn is_excluded(&self, path: &str, name: &str) -> bool {
        let options = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let parts = |pattern: &Pattern| pattern.as_str().contains('/');
        self.exclude
            .iter()
            .any(|pattern| pattern.matches_with(if parts(pattern) { path } else { name }, options))
    }

    fn suffer(&mut self, path: &str, error: &io::Error) {
        let path = if path.is_empty() { "." } else { path };
        self.tree.issues.push(Issue { path: path.to_owned(), problem: Problem::unreadable(error) });
    }
}

impl Files for &Tree {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let path = self.paths.get(file.0 as usize);
        let path = path.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        OnDisk::new(File::open(path)?).map(|file| Box::new(file) as Box<dyn ReadAt>)
    }
}

/// The real folders, without those that are others or lie inside them, with what their
/// paths begin with.
///
/// # Errors
/// One of them is no folder, or cannot be read.
pub fn roots(folders: &[PathBuf]) -> Outcome<Vec<(PathBuf, String)>> {
    let mut real = Vec::new();
    for folder in folders {
        let shown = folder.display();
        let unreadable = |error| format!("the folder {shown} cannot be read: {error}");
        let place = fs::canonicalize(folder).map_err(unreadable)?;
        fs::read_dir(&place).map_err(unreadable)?;
        let known = identity(&place).map_err(unreadable)?;
        if real.iter().all(|(_, other)| *other != known) {
            real.push((place, known));
        }
    }
    let known: BTreeSet<Identity> = real.iter().map(|(_, known)| known).cloned().collect();
    let inside = |place: &Path| {
        let mut above = place.ancestors().skip(1);
        above.any(|folder| identity(folder).is_ok_and(|one| known.contains(&one)))
    };
    let outer: Vec<PathBuf> =
        real.into_iter().map(|(place, _)| place).filter(|place| !inside(place)).collect();
    if let [only] = outer.as_slice() {
        return Ok(vec![(only.clone(), String::new())]);
    }
    let mut names = BTreeSet::new();
    let mut roots = Vec::new();
    for place in outer {
        let name = place.file_name().map_or_else(|| "folder".to_owned(), spelled);
        let name = disk::unused(&name, |name| !names.contains(name));
        names.insert(name.clone());
        roots.push((place, format!("{name}/")));
    }
    Ok(roots)
}

/// A name as text; bytes that are none as `\xNN`.
#[must_use]
pub fn spelled(name: &OsStr) -> String {
    relpath::spelled(name.as_encoded_bytes())
}

/// Seconds since 1970 in UTC; before it they are negative.
fn modified(meta: &Metadata) -> Option<i64> {
    let time: SystemTime = meta.modified().ok()?;
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

fn in_cloud(name: &str) -> Problem {
    Problem::InCloud { count: 1, names: vec![name.to_owned()] }
}

/// Which file this is, whatever it is called.
#[cfg(unix)]
fn number(meta: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.dev(), meta.ino()))
}

/// How many names the file has.
#[cfg(unix)]
fn links(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}

/// Whether its bytes are in a cloud and would have to be fetched.
#[cfg(unix)]
fn is_elsewhere(_: &Metadata) -> bool {
    false
}

#[cfg(windows)]
fn number(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(windows)]
fn links(_: &Metadata) -> u64 {
    1
}

/// OneDrive and others mark such files so (`FILE_ATTRIBUTE_OFFLINE`,
/// `FILE_ATTRIBUTE_RECALL_ON_OPEN`, `FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS`).
#[cfg(windows)]
fn is_elsewhere(meta: &Metadata) -> bool {
    const MARKS: u32 = 0x1000 | 0x4_0000 | 0x40_0000;
    std::os::windows::fs::MetadataExt::file_attributes(meta) & MARKS != 0
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn made(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    fn paths(tree: &Tree) -> Vec<&str> {
        let mut paths: Vec<&str> =
            tree.folders.entries.iter().map(|entry| entry.path.as_str()).collect();
        paths.sort_unstable();
        paths
    }

    #[test]
    fn a_folder_given_twice_or_inside_another_is_one() {
        let folder = made(&["a/1.jpg", "2.jpg"]);
        let alias = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), alias.path().join("x")).unwrap();
        let given = [folder.path().to_owned(), folder.path().join("a"), alias.path().join("x")];
        assert_eq!(paths(&Tree::walk(&given, &[]).unwrap()), ["2.jpg", "a/1.jpg"]);
    }

    #[test]
    fn links_are_not_followed_and_names_of_one_file_are_one() {
        let folder = made(&["a.jpg", "$RECYCLE.BIN/b.jpg", "Heirloom trash/1/c.jpg", ".x/d.jpg"]);
        let at = |name: &str| folder.path().join(name);
        fs::hard_link(at("a.jpg"), at("a-link.jpg")).unwrap();
        std::os::unix::fs::symlink(folder.path(), at("loop")).unwrap();
        std::os::unix::fs::symlink("a.jpg", at("soft.jpg")).unwrap();
        let tree = Tree::walk(&[folder.path().to_owned()], &[]).unwrap();
        assert_eq!(paths(&tree), ["a.jpg"]);
        assert_eq!(tree.folders.links["a.jpg"], ["a-link.jpg"]);
        assert_eq!(tree.place("a-link.jpg").unwrap(), fs::canonicalize(at("a-link.jpg")).unwrap());
        assert_eq!(tree.entry_of("a-link.jpg"), "a.jpg");
    }

    #[test]
    fn two_folders_of_one_name_are_told_apart() {
        let folder = made(&["old/DCIM/x.jpg", "new/DCIM/x.jpg"]);
        let given = ["old/DCIM", "new/DCIM"].map(|name| folder.path().join(name));
        let tree = Tree::walk(&given, &[]).unwrap();
        assert_eq!(paths(&tree), ["DCIM (2)/x.jpg", "DCIM/x.jpg"]);
        assert!(tree.place("DCIM (2)/x.jpg").unwrap().ends_with("new/DCIM/x.jpg"));
    }

    #[test]
    fn what_is_excluded_is_not_met() {
        let folder = made(&["a.jpg", "b.tmp", "x/c.tmp", "x/d.jpg", "y/x/d.jpg"]);
        let walked = |exclude: &[&str]| {
            let exclude: Vec<String> = exclude.iter().map(|&text| text.to_owned()).collect();
            let tree = Tree::walk(&[folder.path().to_owned()], &exclude).unwrap();
            paths(&tree).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(walked(&["*.tmp"]), ["a.jpg", "x/d.jpg", "y/x/d.jpg"]);
        assert_eq!(walked(&["x/*.jpg", "*.tmp"]), ["a.jpg", "y/x/d.jpg"]);
        assert_eq!(walked(&["x"]), ["a.jpg", "b.tmp"]);
    }

    #[test]
    fn names_that_are_no_text_are_spelled_by_their_bytes() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(spelled(OsStr::from_bytes(b"a\xff\xfe.jpg")), "a\\xff\\xfe.jpg");
    }
}
