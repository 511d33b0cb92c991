//! What earlier runs learnt changes how long a run takes, never what it
//! decides: whole runs with a catalogue that is empty, full, cut off at any
//! moment, forgetful, or about files that have changed since.

// All of this file is a test, its helpers included.
#![allow(clippy::unwrap_used)]

#[path = "catalogue_support/before.rs"]
mod before;
#[path = "catalogue_support/killed.rs"]
mod killed;
#[path = "cases_support/program.rs"]
mod program;

use std::ops::Bound;
use std::path::Path;

use heirloom_catalog::{Catalogue, Part, Volume};
use heirloom_core::examine::FILES;
use heirloom_core::job::{Job, SHELVES};
use heirloom_core::matching::{COMPARISONS, Decision, Reason};
use heirloom_core::memory::{Key, Memory, Note, Shelf};
use heirloom_core::model::MediumId;
use heirloom_core::plan::Answer;
use heirloom_core::progress::Advance;
use heirloom_core::settings::Settings;
use heirloom_media::build::{self, Built};
use heirloom_media::memory;
use heirloom_media::recipe::Recipe;
use redb::backends::InMemoryBackend;
use serde_json::Value;

fn built(case: &str) -> Built {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = match case {
        "small" => tests.join("catalogue_support/small.toml"),
        _ => tests.join("cases").join(case).join("case.toml"),
    };
    let text = std::fs::read_to_string(file).unwrap();
    build::build(&Recipe::parse(&text).unwrap()).unwrap()
}

fn empty() -> Catalogue {
    let part = |part| Volume::over(part, InMemoryBackend::new(), SHELVES).ok();
    Catalogue::of(part(Part::Cache), part(Part::Forever))
}

/// `mapping.json` and the bytes of media that were read for it.
fn run(built: &Built, with: impl Memory + 'static) -> (String, u64) {
    let mut job = memory::job(&built.chat, &built.originals, Settings::default());
    job.remember(Box::new(with));
    finish(&mut job);
    (job.report().mapping_json, job.progress().bytes_read)
}

fn finish(job: &mut Job<memory::Memory<'_>>) {
    while let Advance::Working(_) = job.advance().unwrap() {}
}

/// Numbers that look random and are the same in every run.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    println!("seed {seed}");
    let mut state = seed;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

#[track_caller]
fn check_second_run(case: &str) {
    let built = built(case);
    let (without, all) = run(&built, heirloom_core::memory::Nothing);
    let catalogue = empty();
    let (first, read) = run(&built, catalogue.clone());
    assert_eq!(first, without, "{case}: an empty catalogue");
    // A picture that was sent twice is known the second time.
    assert!(read > 0 && read <= all, "{case}: {read} of {all} bytes");
    let (second, read) = run(&built, catalogue.clone());
    assert_eq!(second, without, "{case}: a full catalogue");
    assert_eq!(read, 0, "{case}: the second run reads media");
    assert_eq!(catalogue.trouble(Part::Cache), None);
    assert_eq!(catalogue.trouble(Part::Forever), None);
}

#[test]
fn a_second_run_decodes_nothing_and_decides_the_same() {
    check_second_run("ios_export");
}

#[test]
fn a_second_run_over_a_zip_decodes_nothing() {
    check_second_run("ios_zip");
}

#[test]
fn a_second_run_over_broken_files_says_the_same_of_them() {
    check_second_run("broken_files");
}

#[test]
fn a_second_run_over_documents_hashes_nothing() {
    check_second_run("documents_and_stickers");
}

#[test]
fn a_run_cut_off_after_any_batch_goes_on() {
    let built = built("small");
    let (whole, all) = run(&built, empty());
    for batches in 1.. {
        let catalogue = empty();
        let mut job = memory::job(&built.chat, &built.originals, Settings::default());
        job.remember(Box::new(catalogue.clone()));
        let mut cut = false;
        for _ in 0..batches {
            cut = matches!(job.advance().unwrap(), Advance::Working(_));
        }
        drop(job);
        let (mapping, read) = run(&built, catalogue);
        assert_eq!(mapping, whole, "cut off after {batches} batches");
        assert!(read <= all, "{read} of {all} bytes");
        if !cut {
            assert_eq!(read, 0);
            break;
        }
    }
}

/// Forgets some of what it was told.
struct Forgetful(Catalogue, u8);

impl Memory for Forgetful {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let notes = self.0.recall(shelf, keys).into_iter().zip(keys);
        notes.map(|(note, key)| note.filter(|_| key.bytes()[3] % 6 != self.1)).collect()
    }

    fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        self.0.scan(shelf, from, most)
    }

    fn note(&mut self, notes: Vec<Note>) {
        self.0.note(notes);
    }
}

#[test]
fn a_catalogue_with_holes_decides_the_same() {
    let built = built("small");
    let catalogue = empty();
    let (whole, all) = run(&built, catalogue.clone());
    let mut partly = 0;
    for part in 0..6 {
        let (mapping, read) = run(&built, Forgetful(catalogue.clone(), part));
        assert_eq!(mapping, whole, "without part {part}");
        partly += u32::from(read > 0 && read < all);
    }
    assert!(partly > 2, "{partly} of the runs read some of the media");
}

#[test]
fn a_file_that_changed_is_examined_again() {
    let mut built = built("small");
    let catalogue = empty();
    let (before, _) = run(&built, catalogue.clone());
    // Two photos change places: names and sizes would still tell the same.
    let at =
        |name: &str| built.originals.iter().position(|made| made.path.ends_with(name)).unwrap();
    let (one, two) = (at("DCIM/IMG_0001.JPG"), at("DCIM/IMG_0002.JPG"));
    let bytes = built.originals[one].bytes.clone();
    built.originals[one].bytes = std::mem::replace(&mut built.originals[two].bytes, bytes);
    let (fresh, _) = run(&built, empty());
    let (after, read) = run(&built, catalogue);
    assert_ne!(fresh, before);
    assert_eq!(after, fresh);
    let changed = (built.originals[one].bytes.len() + built.originals[two].bytes.len()) as u64;
    assert!(read > 0 && read < 4 * changed, "{read} bytes for {changed} changed ones");
}

#[test]
fn a_new_time_alone_makes_a_file_new() {
    let mut built = built("small");
    let catalogue = empty();
    let (before, _) = run(&built, catalogue.clone());
    let touched = built.originals.iter_mut().find(|made| made.path.ends_with("IMG_0004.JPG"));
    touched.unwrap().modified += 60;
    let (after, read) = run(&built, catalogue);
    assert_eq!(after, before);
    assert!(read > 0);
}

#[test]
fn decisions_survive_renames() {
    let mut built = built("small");
    let catalogue = empty();
    let mut job = memory::job(&built.chat, &built.originals, Settings::default());
    job.remember(Box::new(catalogue.clone()));
    finish(&mut job);
    let matched: Vec<MediumId> = job
        .pairings()
        .iter()
        .filter(|pairing| pairing.decision == Decision::Matched)
        .map(|pairing| pairing.medium)
        .collect();
    // The first picture was sent twice: a decision on it would be one on both.
    let other = job.pairings()[matched[0].0 as usize].original.unwrap();
    let picked = job.library()[other].path.clone();
    job.answer(matched[1], Some(Answer::Pick(other)));
    job.answer(matched[2], Some(Answer::Reject));
    job.answer(matched[0], Some(Answer::Reject));
    job.answer(matched[0], None);
    // An original is hashed before it is noted.
    finish(&mut job);
    let decided = job.report().mapping_json;
    drop(job);
    assert_eq!(run(&built, catalogue.clone()), (decided, 0));

    let moved = built.originals.iter_mut().find(|made| made.path == picked).unwrap();
    moved.path = "Elsewhere/renamed.jpg".into();
    moved.modified += 9;
    built.chat.iter_mut().for_each(|made| made.modified += 100);
    let mut job = memory::job(&built.chat, &built.originals, Settings::default());
    job.remember(Box::new(catalogue));
    finish(&mut job);
    let pairings = job.plan().pairings;
    let of = |medium: MediumId| &pairings[medium.0 as usize];
    let path = |medium| Some(job.library()[of(medium).original?].path.as_str());
    assert_eq!(path(matched[1]), Some("Elsewhere/renamed.jpg"));
    assert_eq!(of(matched[1]).reason, Reason::Chosen);
    assert_eq!(of(matched[2]).reason, Reason::Kept);
    assert_eq!(of(matched[0]).decision, Decision::Matched);
    assert_eq!(job.answers().len(), 2);
}

/// Results that change without a new version would be mixed with old ones.
/// After raising the version, `UPDATE=1` writes the new sums.
#[test]
fn results_that_change_have_a_new_version() {
    let catalogue = empty();
    run(&built("ios_export"), catalogue.clone());
    let mut bytes = Vec::new();
    catalogue.export(&mut bytes).unwrap();
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    let digest = |shelf: &str| {
        let notes = json[shelf].as_object().unwrap();
        let mut notes: Vec<String> = notes.values().map(Value::to_string).collect();
        assert!(notes.len() > 5, "{shelf}: {}", notes.len());
        notes.sort();
        let fnv = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        notes.concat().bytes().fold(0xcbf2_9ce4_8422_2325, fnv)
    };
    let found = format!(
        "EXAMINE_VERSION {}: {:016x}\nCOMPARE_VERSION {}: {:016x}\n",
        FILES.version,
        digest("files"),
        COMPARISONS.version,
        digest("comparisons")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue_support/versions.txt");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        found, kept,
        "what is learnt or compared has changed: raise the version of FILES \
         (crate/core/src/examine/learnt.rs) or COMPARISONS \
         (crate/core/src/matching/evidence/question.rs), then run this test with UPDATE=1"
    );
}
