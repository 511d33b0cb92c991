//! A catalogue that the last program with one file for everything made, over
//! the cases `small` and `videos`, with three decisions in each: what it held
//! is all there, in the two files of today.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use heirloom_catalog::{Catalogue, Part, Volume};
use heirloom_core::job::SHELVES;
use heirloom_core::memory::Shelf;
use heirloom_core::plan::Answer;
use heirloom_core::settings::Settings;
use heirloom_media::memory;
use serde_json::Value;

use super::{built, finish};

/// What the versions of the cache's shelves were then.
const VERSIONS: [(&str, u32); 3] = [("files", 6), ("comparisons", 9), ("sums", 1)];

/// A file of `before.zip`: the catalogue, or what it exported as JSON.
pub(super) fn kept(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue_support/before.zip");
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

pub(super) fn opened(folder: &Path) -> Catalogue {
    let part = |part, name: &str| {
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false);
        Some(Volume::in_file(part, file.open(folder.join(name)).unwrap(), SHELVES).unwrap())
    };
    Catalogue::of(part(Part::Cache, "catalogue.redb"), part(Part::Forever, "decisions.redb"))
}

pub(super) fn exported(catalogue: &Catalogue) -> Value {
    let mut bytes = Vec::new();
    catalogue.export(&mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Whether this program's notes on a shelf are still those of then.
fn is_current(shelf: &Shelf) -> bool {
    VERSIONS.contains(&(shelf.name, shelf.version))
}

#[test]
fn a_catalogue_of_one_file_is_opened_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("catalogue.redb"), kept("catalogue.redb")).unwrap();
    let was: Value = serde_json::from_slice(&kept("catalogue.json")).unwrap();
    assert_eq!(was["answers"].as_object().unwrap().len(), 6);
    for time in ["the first time", "the second time"] {
        let is = exported(&opened(folder.path()));
        assert_eq!(is["runs"], was["runs"], "{time}");
        assert_eq!(is["answers"], was["answers"], "{time}");
        for shelf in SHELVES.iter().filter(|shelf| shelf.forever().is_none()) {
            let notes = &is[shelf.name];
            if is_current(shelf) {
                assert!(!notes.as_object().unwrap().is_empty(), "{time}: {}", shelf.name);
                assert_eq!(notes, &was[shelf.name], "{time}: {}", shelf.name);
            } else {
                assert_eq!(notes, &serde_json::json!({}), "{time}: {}", shelf.name);
            }
        }
    }
}

#[test]
fn decisions_of_a_catalogue_of_one_file_come_back_in_a_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("catalogue.redb"), kept("catalogue.redb")).unwrap();
    let catalogue = opened(folder.path());
    // Photos are known by their content; videos are hashed because files of
    // their size were decided on.
    for case in ["small", "videos"] {
        let built = built(case);
        let mut job = memory::job(&built.chat, &built.originals, Settings::default());
        job.remember(Box::new(catalogue.clone()));
        finish(&mut job);
        let item = |answer: &Answer| match answer {
            Answer::Pick(id) => job.library()[*id].path.clone(),
            other => format!("{other:?}"),
        };
        // The first picture of `small` was sent twice: a decision on it is one on both.
        let (picked, twice) = match case {
            "small" => ("DCIM/IMG_0001.JPG", Some((3, "Accept"))),
            _ => ("DCIM/IMG_0100.MOV", None),
        };
        let answers: BTreeMap<u32, String> =
            job.answers().iter().map(|(medium, answer)| (medium.0, item(answer))).collect();
        let want = [(0, "Accept"), (1, picked), (2, "Reject")].into_iter().chain(twice);
        let want = want.map(|(medium, word)| (medium, word.to_owned())).collect();
        assert_eq!(answers, want, "{case}");
        if SHELVES.iter().all(|shelf| shelf.forever().is_some() || is_current(shelf)) {
            assert_eq!(job.progress().bytes_read, 0, "{case}: something was not recalled");
        }
    }
}
