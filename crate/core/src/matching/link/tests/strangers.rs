//! Pictures that came from others: nothing in the library shows them.

use std::io;
use std::sync::Mutex;

use super::*;
use crate::io::{Files, ReadAt};
use crate::model::FileId;

/// Files that remember which of them were opened.
struct Watched(InMemory, Mutex<Vec<FileId>>);

impl Files for Watched {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        self.1.lock().unwrap().push(file);
        self.0.open(file)
    }
}

/// Light from the left and from below, with bars that lie otherwise for each `turn`:
/// alike from afar.
fn light(turn: f64, width: u32, height: u32) -> Plane {
    let level = |x: u32, y: u32| {
        let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let along = x * turn.cos() + y * turn.sin();
        60.0 + 70.0 * x + 60.0 * y + 14.0 * (along * 36.0).sin()
    };
    let grey = (0..height).flat_map(|y| (0..width).map(move |x| level(x, y) as u8));
    Plane { width, height, grey: grey.collect() }
}

/// What a search over four originals finds for a picture of another shape than theirs,
/// so that only a changed one can come from them; and how many files it opened.
fn search(turn: f64, memory: &mut dyn memory::Memory) -> (Decision, usize) {
    let mut world = World::default();
    for seed in 0..4 {
        let name = format!("{seed}.jpg");
        world.photo(&name, &light(f64::from(seed) * 0.8, 1280, 960), 92, i64::from(seed));
    }
    let part = light(turn, 1280, 960).grey;
    let part = part.chunks_exact(1280).skip(20).take(900).flat_map(|row| row[..1240].to_vec());
    world.send(&Plane { width: 1240, height: 900, grey: part.collect() });
    let files = Watched(InMemory(world.files.clone()), Mutex::default());
    let settings = Settings::default();
    let mut matcher = world.fixture.matcher(&settings);
    let mut ledger = Ledger::default();
    for _ in 0..1000 {
        let bench =
            Bench { known: world.fixture.known(), files: &files, memory, settings: &settings };
        let step = matcher.advance(bench, &mut ledger);
        memory.note(std::mem::take(&mut ledger.notes));
        if step.finished {
            let decision = matcher.into_matches().pairings[0].decision;
            return (decision, files.1.into_inner().unwrap().len());
        }
    }
    panic!("the matcher does not finish");
}

#[test]
fn a_stranger_that_is_alike_from_afar_is_refused_without_opening_a_file() {
    assert_eq!(search(2.0, &mut Nothing), (Decision::NoCandidates, 0));
    let (decision, opened) = search(0.8, &mut Nothing);
    assert_eq!(decision, Decision::Matched);
    assert_eq!(opened, 2, "the picture and its original");
}

#[test]
fn what_a_search_found_is_not_searched_again_but_decided_the_same() {
    for turn in [0.8, 2.0] {
        let mut notes = Notes::default();
        let (first, _) = search(turn, &mut notes);
        let searched = notes.0.keys().filter(|(shelf, _)| *shelf == "searches").count();
        assert_eq!(searched, 1);
        assert_eq!(search(turn, &mut notes), (first, 0));
    }
}

#[test]
fn a_search_in_another_library_is_another_search() {
    let mut notes = Notes::default();
    let mut world = World::default();
    let settings = Settings::default();
    for count in 1..4 {
        world.photo(&format!("{count}.jpg"), &frame(count, 0), 92, 0);
        if count == 1 {
            world.send(&frame(9, 0));
        }
        world.run_with(&mut notes, &settings);
        let searched = notes.0.keys().filter(|(shelf, _)| *shelf == "searches").count();
        assert_eq!(searched as u64, count);
    }
}
