//! The catalogue over memory and over files.

use std::fs::{File, OpenOptions};
use std::ops::Bound;
use std::path::Path;

use heirloom_core::memory::{Before, Forever, Key, Memory, Note, Promise, Shelf};
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition};

use crate::prepare::VERSIONS;
use crate::{Catalogue, Part, Refused, Run, Volume};

/// Shelves as the program has them.
pub(crate) static FILES: Shelf = cache("files", 4);
pub(crate) static COMPARISONS: Shelf = cache("comparisons", 1);
pub(crate) static SUMS: Shelf = cache("sums", 1);
pub(crate) static ANSWERS: Shelf = forever("answers", 1, "answers", |_| true);
pub(crate) static MARKS: Shelf = forever("marks", 1, "sums", <[u8]>::is_empty);
pub(crate) static SHELVES: &[&Shelf] = &[&FILES, &COMPARISONS, &SUMS, &ANSWERS, &MARKS];

/// As a later program has them.
static NEW_ANSWERS: Shelf = forever("answers", 3, "answers", |_| true);
static NEW_FILES: Shelf = cache("files", 5);
static NEW_SHELVES: &[&Shelf] = &[&NEW_FILES, &COMPARISONS, &SUMS, &NEW_ANSWERS, &MARKS];

const fn cache(name: &'static str, version: u32) -> Shelf {
    let json = |note: &[u8]| (note.len() == 20).then(|| format!("{}", note[0]));
    Shelf { name, version, promise: Promise::Cache, json }
}

const fn forever(
    name: &'static str,
    version: u32,
    shelf: &'static str,
    theirs: fn(&[u8]) -> bool,
) -> Shelf {
    let promise = Promise::Forever(Forever {
        // A note of today begins with the version that wrote it first.
        migrate: |version, note| {
            let readable = std::str::from_utf8(note).ok()?;
            Some(format!("{version}: {readable}").into_bytes())
        },
        before: Some(Before { shelf, version: 1, theirs }),
    });
    Shelf { name, version, promise, json: |_| Some("true".into()) }
}

fn note(shelf: &'static Shelf, name: u8, value: Option<&[u8]>) -> Note {
    Note { shelf, key: [name; 20].into(), value: value.map(<[u8]>::to_vec) }
}

pub(crate) fn known(catalogue: &Catalogue, shelf: &Shelf, name: u8) -> Option<Vec<u8>> {
    catalogue.recall(shelf, &[[name; 20].into()]).remove(0)
}

fn file(path: &Path) -> File {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).open(path).unwrap()
}

fn volume(part: Part, path: &Path) -> Result<Volume, Refused> {
    Volume::in_file(part, file(path), SHELVES)
}

/// The cache alone.
fn in_file(path: &Path) -> Result<Catalogue, Refused> {
    Ok(Catalogue::of(Some(volume(Part::Cache, path)?), None))
}

/// What is kept forever alone, with these shelves.
fn lasting(path: &Path, shelves: &'static [&'static Shelf]) -> Result<Catalogue, Refused> {
    Ok(Catalogue::of(None, Some(Volume::in_file(Part::Forever, file(path), shelves)?)))
}

/// Both, in memory.
fn empty() -> Catalogue {
    let part = |part| Volume::over(part, InMemoryBackend::new(), SHELVES).unwrap();
    Catalogue::of(Some(part(Part::Cache)), Some(part(Part::Forever)))
}

fn run(when: i64) -> Run {
    Run { when, chat: "Ä".into(), bundle: None, exported: 2, matched: 1 }
}

#[test]
fn notes_come_back_and_shelves_stay_apart() {
    let mut catalogue = empty();
    catalogue.note(vec![note(&FILES, 1, Some(b"one")), note(&SUMS, 1, Some(b"sum"))]);
    assert_eq!(known(&catalogue, &FILES, 1).as_deref(), Some(&b"one"[..]));
    assert_eq!(known(&catalogue, &SUMS, 1).as_deref(), Some(&b"sum"[..]));
    assert_eq!(known(&catalogue, &COMPARISONS, 1), None);
    catalogue.note(vec![note(&FILES, 1, Some(b"two")), note(&SUMS, 1, None)]);
    assert_eq!(known(&catalogue, &FILES, 1).as_deref(), Some(&b"two"[..]));
    assert_eq!(known(&catalogue, &SUMS, 1), None);
    assert_eq!((catalogue.count(&FILES), catalogue.count(&SUMS)), (Ok(1), Ok(0)));
    assert_eq!(catalogue.trouble(Part::Cache), None);
}

#[test]
fn a_catalogue_that_was_never_closed_holds_every_batch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = in_file(&path).unwrap();
    for name in 0..50 {
        catalogue.note(vec![note(&FILES, name, Some(&[name; 300]))]);
    }
    // What a killed program leaves behind is the file as it is now.
    let left = folder.path().join("left.redb");
    std::fs::copy(&path, &left).unwrap();
    let after = in_file(&left).unwrap();
    for name in 0..50 {
        assert_eq!(known(&after, &FILES, name), Some(vec![name; 300]), "{name}");
    }
}

#[test]
fn one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let first = in_file(&path).unwrap();
    assert!(matches!(in_file(&path), Err(Refused::Busy)));
    drop(first);
    assert!(in_file(&path).is_ok());
}

#[track_caller]
fn check_unusable(what: &str, path: &Path) {
    match in_file(path) {
        Err(Refused::Unusable(why)) => assert!(!why.is_empty(), "{what}"),
        Ok(_) => panic!("{what}: opened"),
        Err(other) => panic!("{what}: {other:?}"),
    }
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("text"), "not a database at all, but longer than a header".repeat(200))
        .unwrap();
    check_unusable("text", &path("text"));
    std::fs::write(path("short"), "x").unwrap();
    check_unusable("one byte", &path("short"));

    let foreign = Database::create(path("foreign")).unwrap();
    let transaction = foreign.begin_write().unwrap();
    let table = TableDefinition::<u64, u64>::new("theirs");
    transaction.open_table(table).unwrap().insert(1, 1).unwrap();
    transaction.commit().unwrap();
    drop(foreign);
    check_unusable("another program's database", &path("foreign"));

    drop(in_file(&path("newer")).unwrap());
    let newer = Database::create(path("newer")).unwrap();
    let transaction = newer.begin_write().unwrap();
    transaction.open_table(VERSIONS).unwrap().insert("catalogue", 99).unwrap();
    transaction.commit().unwrap();
    drop(newer);
    check_unusable("a newer layout", &path("newer"));
}

#[test]
fn damage_anywhere_is_refused_or_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = in_file(&path).unwrap();
    let notes = (0..200).map(|name| note(&FILES, name, Some(&[name; 500])));
    catalogue.note(notes.collect());
    drop(catalogue);
    let whole = std::fs::read(&path).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut damaged = whole.clone();
        let end = (at + 700).min(damaged.len());
        damaged[at..end].fill(0xA5);
        std::fs::write(&path, &damaged).unwrap();
        match in_file(&path) {
            // Nothing that was kept may come back as something else.
            Ok(catalogue) => (0..200).for_each(|name| {
                let note = known(&catalogue, &FILES, name);
                assert!(note.is_none_or(|note| note == vec![name; 500]), "byte {at}, note {name}");
            }),
            Err(Refused::Unusable(_)) => refused += 1,
            Err(other) => panic!("byte {at}: {other:?}"),
        }
    }
    assert!(refused > 10, "only {refused} damages were seen");
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    check_unusable("cut in half", &path);
}

#[test]
fn notes_of_another_version_are_forgotten_in_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = in_file(&path).unwrap();
    catalogue.note(vec![note(&FILES, 1, Some(b"a")), note(&SUMS, 1, Some(b"b"))]);
    drop(catalogue);
    let newer = Volume::in_file(Part::Cache, file(&path), NEW_SHELVES).unwrap();
    let newer = Catalogue::of(Some(newer), None);
    assert_eq!(known(&newer, &NEW_FILES, 1), None);
    assert!(known(&newer, &SUMS, 1).is_some());
    drop(newer);
    assert_eq!(known(&in_file(&path).unwrap(), &FILES, 1), None);
}

#[test]
fn raising_a_version_migrates_what_is_kept_forever_and_deletes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.redb");
    let mut catalogue = lasting(&path, SHELVES).unwrap();
    catalogue.note((0..100).map(|name| note(&ANSWERS, name, Some(b"reject"))).collect());
    catalogue.note(vec![note(&ANSWERS, 200, Some(&[0xFF, 0xFE]))]);
    catalogue.note_run(&run(7));
    drop(catalogue);
    for turn in 0..2 {
        let newer = lasting(&path, NEW_SHELVES).unwrap();
        for name in 0..100 {
            let note = known(&newer, &NEW_ANSWERS, name);
            assert_eq!(note.as_deref(), Some(&b"1: reject"[..]), "{turn}: {name}");
        }
        assert_eq!((newer.count(&NEW_ANSWERS), newer.runs()), (Ok(100), Ok(vec![run(7)])));
    }
    // What nobody could read stays as it was, beside the shelf.
    let database = Database::open(&path).unwrap();
    let beside = TableDefinition::<&[u8], &[u8]>::new("answers of version 1");
    let left = database.begin_read().unwrap().open_table(beside).unwrap();
    assert_eq!(left.len().unwrap(), 1);
    assert_eq!(left.get([200; 20].as_slice()).unwrap().unwrap().value(), [0xFF, 0xFE]);
}

#[test]
fn what_a_newer_program_keeps_forever_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.redb");
    let mut newer = lasting(&path, NEW_SHELVES).unwrap();
    newer.note(vec![note(&NEW_ANSWERS, 1, Some(b"in a form of its own"))]);
    drop(newer);
    assert!(matches!(lasting(&path, SHELVES), Err(Refused::Newer)));
    let newer = lasting(&path, NEW_SHELVES).unwrap();
    assert_eq!(known(&newer, &NEW_ANSWERS, 1).as_deref(), Some(&b"in a form of its own"[..]));
}

#[test]
fn neither_database_is_taken_for_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    drop((in_file(&path("c")).unwrap(), lasting(&path("f"), SHELVES).unwrap()));
    assert!(matches!(volume(Part::Forever, &path("c")), Err(Refused::Unusable(_))));
    assert!(matches!(volume(Part::Cache, &path("f")), Err(Refused::Unusable(_))));
}

#[test]
fn a_list_is_read_page_by_page_in_the_order_of_its_keys() {
    let mut catalogue = empty();
    let entry = |number: u64| Note {
        shelf: &ANSWERS,
        key: Key::number(number),
        value: Some(number.to_string().into_bytes()),
    };
    catalogue.note((0..1000).rev().map(entry).collect());
    catalogue.note(vec![note(&MARKS, 0, Some(b"of another shelf"))]);
    let (mut read, mut from) = (Vec::new(), Bound::Unbounded);
    loop {
        let page = catalogue.scan(&ANSWERS, from, 300);
        assert!(page.len() <= 300);
        let Some((last, _)) = page.last() else { break };
        from = Bound::Excluded(*last);
        read.extend(page);
    }
    let want: Vec<_> =
        (0..1000).map(|number| (Key::number(number), entry(number).value.unwrap())).collect();
    assert_eq!(read, want);
    let some = catalogue.scan(&ANSWERS, Bound::Included(Key::number(997)), 10);
    assert_eq!(some, want[997..]);
    assert_eq!(catalogue.scan(&FILES, Bound::Unbounded, 10), []);
}

#[test]
fn forgetting_the_cache_gives_its_space_back_and_leaves_what_was_decided() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let part = |part, name: &str| volume(part, &path(name)).ok();
    let mut catalogue = Catalogue::of(part(Part::Cache, "c"), part(Part::Forever, "f"));
    for name in 0..100 {
        catalogue
            .note(vec![note(&FILES, name, Some(&[7; 20_000])), note(&ANSWERS, name, Some(b"a"))]);
    }
    catalogue.note_run(&run(1));
    let before = path("c").metadata().unwrap().len();
    catalogue.forget_cache().unwrap();
    assert_eq!((catalogue.count(&FILES), catalogue.count(&ANSWERS)), (Ok(0), Ok(100)));
    assert_eq!(catalogue.runs(), Ok(vec![run(1)]));
    catalogue.note(vec![note(&FILES, 1, Some(b"new"))]);
    assert!(known(&catalogue, &FILES, 1).is_some());
    drop(catalogue);
    let after = path("c").metadata().unwrap().len();
    assert!(after < before / 4, "{before} bytes, then {after}");
    assert_eq!(
        known(&lasting(&path("f"), SHELVES).unwrap(), &ANSWERS, 99).as_deref(),
        Some(&b"a"[..])
    );
}

#[test]
fn every_run_is_remembered_in_order() {
    let catalogue = empty();
    (0..300).for_each(|when| catalogue.note_run(&run(when)));
    let runs = catalogue.runs().unwrap();
    assert_eq!(runs.iter().map(|run| run.when).collect::<Vec<_>>(), (0..300).collect::<Vec<_>>());
}

#[test]
fn a_part_that_could_not_be_opened_remembers_nothing_and_harms_nothing() {
    let mut catalogue = Catalogue::of(None, None);
    catalogue.note(vec![note(&FILES, 1, Some(b"a")), note(&ANSWERS, 1, Some(b"b"))]);
    catalogue.note_run(&run(1));
    assert_eq!((known(&catalogue, &FILES, 1), known(&catalogue, &ANSWERS, 1)), (None, None));
    assert_eq!((catalogue.count(&ANSWERS), catalogue.runs()), (Ok(0), Ok(Vec::new())));
    assert_eq!(catalogue.scan(&ANSWERS, Bound::Unbounded, 9), []);
}

#[test]
fn the_export_is_json_without_damaged_notes() {
    let mut catalogue = empty();
    catalogue.note_run(&run(5));
    catalogue.note(vec![
        note(&SUMS, 0xAB, Some(&[0x11; 20])),
        note(&SUMS, 0xCD, Some(b"damaged")),
        note(&FILES, 1, Some(b"damaged")),
        note(&ANSWERS, 12, Some(b"kept")),
    ]);
    let mut bytes = Vec::new();
    catalogue.export(&mut bytes).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["runs"][0]["chat"], "Ä");
    assert_eq!(json["sums"]["ab".repeat(20)], 0x11);
    assert_eq!(json["answers"]["0c".repeat(20)], true);
    assert_eq!(json["sums"].as_object().unwrap().len(), 1);
    assert_eq!(json["files"].as_object().unwrap().len(), 0);
}
