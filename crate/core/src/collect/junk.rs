//! Files that operating systems leave in folders.

use crate::error::{Issue, Problem};
use crate::model::Entry;

/// Most placeholders that are named; of the others it is said how many they are.
const MOST_NAMED: usize = 3;

/// Whether an operating system left this file behind; it is never input.
#[must_use]
pub fn is_junk(path: &str) -> bool {
    let name = name_of(path);
    name.starts_with("._")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".nomedia")
        || path.split('/').any(|part| part == "__MACOSX")
        || placeholder(path).is_some()
}

/// The folder into which the duplicates job moves files.
pub const TRASH: &str = "Heirloom trash";

/// Whether a path lies in a bin: of a system, of a storage box, or Heirloom's own. What
/// lies there was thrown away and is no copy of anything.
#[must_use]
pub fn is_binned(path: &str) -> bool {
    path.rsplit('/').skip(1).any(is_bin)
}

/// Whether a folder of this name is a bin.
#[must_use]
pub fn is_bin(name: &str) -> bool {
    const BINS: [&str; 6] =
        ["$recycle.bin", "recycler", ".trashes", ".trash", "#recycle", "@recycle"];
    let lower = name.to_lowercase();
    // On most disks this is one name, however its letters are written.
    name.eq_ignore_ascii_case(TRASH)
        || BINS.contains(&lower.as_str())
        || lower.starts_with(".trash-")
}

/// The outermost folder on a path that another program manages: its files are named
/// in a database of that program, which would miss them.
#[must_use]
pub fn managed_by_other(path: &str) -> Option<&str> {
    const PACKAGES: [&str; 7] = [
        ".photoslibrary",
        ".photolibrary",
        ".migratedphotolibrary",
        ".aplibrary",
        ".lrdata",
        ".lrlibrary",
        ".cocatalog",
    ];
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        let lower = part.to_lowercase();
        if end < path.len() && PACKAGES.iter().any(|package| lower.ends_with(package)) {
            return Some(&path[..end]);
        }
        end += 1;
    }
    None
}

/// The name of the file for which this one stands: macOS leaves `.IMG_1.HEIC.icloud`
/// where it moved `IMG_1.HEIC` into iCloud.
#[must_use]
pub fn placeholder(path: &str) -> Option<&str> {
    let name = name_of(path).strip_prefix('.')?.strip_suffix(".icloud")?;
    (!name.is_empty()).then_some(name)
}

/// What is to be said of files that are not here, with the first of them.
pub fn in_cloud<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<Issue> {
    let mut paths: Vec<&str> = entries.map(|entry| entry.path.as_str()).collect();
    paths.retain(|path| placeholder(path).is_some());
    paths.sort_unstable();
    let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    let path = (*paths.first()?).to_owned();
    let names = paths.into_iter().filter_map(placeholder).take(MOST_NAMED).map(str::to_owned);
    Some(Issue { path, problem: Problem::InCloud { count, names: names.collect() } })
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    fn entry(path: &str) -> Entry {
        Entry { path: path.into(), size: 9, modified: None, file: FileId(0) }
    }

    #[test]
    fn what_lies_in_the_cloud_is_counted_in_one_sentence() {
        let paths = ["b/.4.jpg.icloud", "a/.1.HEIC.icloud", "a/2.HEIC", ".2.mov.icloud"];
        let mut entries = paths.map(entry).to_vec();
        entries.push(entry("b/.3.jpg.icloud"));
        let issue = in_cloud(entries.iter()).unwrap();
        assert_eq!(issue.path, ".2.mov.icloud");
        let names = ["2.mov", "1.HEIC", "3.jpg"].map(str::to_owned).to_vec();
        assert_eq!(issue.problem, Problem::InCloud { count: 4, names });
        assert_eq!(in_cloud([entry("a/2.HEIC")].iter()), None);
    }

    #[test]
    fn what_lies_in_a_bin_is_told_from_what_is_called_like_one() {
        for path in ["$RECYCLE.BIN/a.jpg", "x/.Trash-1000/files/a.jpg", "Heirloom trash/1/a.jpg"] {
            assert!(is_binned(path), "{path}");
        }
        for path in ["trash/a.jpg", "Heirloom trash", "x/$RECYCLE.BIN.jpg"] {
            assert!(!is_binned(path), "{path}");
        }
    }

    #[test]
    fn a_library_of_another_program_is_known_by_its_folder() {
        let managed = managed_by_other("x/Photos Library.photoslibrary/originals/a.jpg");
        assert_eq!(managed, Some("x/Photos Library.photoslibrary"));
        assert_eq!(managed_by_other("a.lrdata"), None);
        assert_eq!(managed_by_other("photos/a.jpg"), None);
    }

    #[test]
    fn a_placeholder_is_no_file_of_anyones() {
        assert!(is_junk("a/.1.HEIC.icloud"));
        for path in ["a/1.HEIC.icloud", ".icloud", "..icloud", "a.icloud/1.HEIC"] {
            assert!(!is_junk(path), "{path}");
        }
    }
}
