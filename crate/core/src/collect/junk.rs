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
    fn a_placeholder_is_no_file_of_anyones() {
        assert!(is_junk("a/.1.HEIC.icloud"));
        for path in ["a/1.HEIC.icloud", ".icloud", "..icloud", "a.icloud/1.HEIC"] {
            assert!(!is_junk(path), "{path}");
        }
    }
}
