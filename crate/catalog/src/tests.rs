//! The catalogue over memory and over files.

use std::fs::{File, OpenOptions};
use std::path::Path;

use heirloom_core::memory::{Key, Memory, Note, Shelf};
use redb::backends::InMemoryBackend;
use redb::{Database, TableDefinition};

use crate::{Catalogue, Refused, Run, VERSIONS};

fn note(shelf: Shelf, name: u8, value: Option<&[u8]>) -> Note {
    Note { shelf, key: Key([name; 20]), value: value.map(<[u8]>::to_vec) }
}

fn known(catalogue: &Catalogue, shelf: Shelf, name: u8) -> Option<Vec<u8>> {
    catalogue.recall(shelf, &[Key([name; 20])]).remove(0)
}

fn file(path: &Path) -> File {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).open(path).unwrap()
}

fn run(when: i64) -> Run {
    Run { when, chat: "Ä".into(), bundle: None, exported: 2, matched: 1 }
}

#[test]
fn notes_come_back_and_shelves_stay_apart() {
    let mut catalogue = Catalogue::over(InMemoryBackend::new()).unwrap();
    catalogue.note(vec![note(Shelf::Files, 1, Some(b"one")), note(Shelf::Sums, 1, Some(b"sum"))]);
    assert_eq!(known(&catalogue, Shelf::Files, 1).as_deref(), Some(&b"one"[..]));
    assert_eq!(known(&catalogue, Shelf::Sums, 1).as_deref(), Some(&b"sum"[..]));
    assert_eq!(known(&catalogue, Shelf::Comparisons, 1), None);
    catalogue.note(vec![note(Shelf::Files, 1, Some(b"two")), note(Shelf::Sums, 1, None)]);
    assert_eq!(known(&catalogue, Shelf::Files, 1).as_deref(), Some(&b"two"[..]));
    assert_eq!(known(&catalogue, Shelf::Sums, 1), None);
    assert_eq!((catalogue.count(Shelf::Files), catalogue.count(Shelf::Sums)), (Ok(1), Ok(0)));
    assert_eq!(catalogue.trouble(), None);
}

#[test]
fn a_catalogue_that_was_never_closed_holds_every_batch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = Catalogue::in_file(file(&path)).unwrap();
    for name in 0..50 {
        catalogue.note(vec![note(Shelf::Files, name, Some(&[name; 300]))]);
    }
    // What a killed program leaves behind is the file as it is now.
    let left = folder.path().join("left.redb");
    std::fs::copy(&path, &left).unwrap();
    let after = Catalogue::in_file(file(&left)).unwrap();
    for name in 0..50 {
        assert_eq!(known(&after, Shelf::Files, name), Some(vec![name; 300]), "{name}");
    }
}

#[test]
fn one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let first = Catalogue::in_file(file(&path)).unwrap();
    assert!(matches!(Catalogue::in_file(file(&path)), Err(Refused::Busy)));
    drop(first);
    assert!(Catalogue::in_file(file(&path)).is_ok());
}

#[track_caller]
fn check_unusable(what: &str, path: &Path) {
    match Catalogue::in_file(file(path)) {
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

    drop(Catalogue::in_file(file(&path("newer"))).unwrap());
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
    let mut catalogue = Catalogue::in_file(file(&path)).unwrap();
    let notes = (0..200).map(|name| note(Shelf::Files, name, Some(&[name; 500])));
    catalogue.note(notes.collect());
    drop(catalogue);
    let whole = std::fs::read(&path).unwrap();
    let mut refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut damaged = whole.clone();
        let end = (at + 700).min(damaged.len());
        damaged[at..end].fill(0xA5);
        std::fs::write(&path, &damaged).unwrap();
        match Catalogue::in_file(file(&path)) {
            // Nothing that was kept may come back as something else.
            Ok(catalogue) => (0..200).for_each(|name| {
                let note = known(&catalogue, Shelf::Files, name);
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
fn notes_of_another_version_are_forgotten_and_decisions_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = Catalogue::in_file(file(&path)).unwrap();
    catalogue.note(vec![note(Shelf::Files, 1, Some(b"a")), note(Shelf::Answers, 1, Some(b"b"))]);
    drop(catalogue);
    let older = Database::create(&path).unwrap();
    let transaction = older.begin_write().unwrap();
    transaction.open_table(VERSIONS).unwrap().insert("files", 0).unwrap();
    transaction.commit().unwrap();
    drop(older);
    let catalogue = Catalogue::in_file(file(&path)).unwrap();
    assert_eq!(known(&catalogue, Shelf::Files, 1), None);
    assert!(known(&catalogue, Shelf::Answers, 1).is_some());
}

#[test]
fn forgetting_leaves_nothing_and_gives_the_space_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redb");
    let mut catalogue = Catalogue::in_file(file(&path)).unwrap();
    for name in 0..100 {
        catalogue.note(vec![note(Shelf::Answers, name, Some(&[7; 20_000]))]);
    }
    catalogue.note_run(&run(1));
    let before = path.metadata().unwrap().len();
    catalogue.forget().unwrap();
    assert_eq!(known(&catalogue, Shelf::Answers, 1), None);
    assert_eq!(catalogue.runs().unwrap(), []);
    catalogue.note(vec![note(Shelf::Files, 1, Some(b"new"))]);
    assert!(known(&catalogue, Shelf::Files, 1).is_some());
    drop(catalogue);
    let after = path.metadata().unwrap().len();
    assert!(after < before / 4, "{before} bytes, then {after}");
}

#[test]
fn the_last_hundred_runs_are_remembered() {
    let catalogue = Catalogue::over(InMemoryBackend::new()).unwrap();
    (0..130).for_each(|when| catalogue.note_run(&run(when)));
    let runs = catalogue.runs().unwrap();
    assert_eq!((runs.len(), runs[0].when, runs[99].when), (100, 30, 129));
}

#[test]
fn the_export_is_json_without_damaged_notes() {
    let mut catalogue = Catalogue::over(InMemoryBackend::new()).unwrap();
    catalogue.note_run(&run(5));
    catalogue.note(vec![
        note(Shelf::Sums, 0xAB, Some(&[0x11; 20])),
        note(Shelf::Sums, 0xCD, Some(b"damaged")),
        note(Shelf::Files, 1, Some(b"damaged")),
    ]);
    let mut bytes = Vec::new();
    catalogue.export(&mut bytes).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["runs"][0]["chat"], "Ä");
    assert_eq!(json["sums"]["ab".repeat(20)], "11".repeat(20));
    assert_eq!(json["sums"].as_object().unwrap().len(), 1);
    assert_eq!(json["files"].as_object().unwrap().len(), 0);
}
