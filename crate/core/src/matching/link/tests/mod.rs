//! Whole runs of the matcher over drawn pictures. All fingerprints are equal,
//! so that only the proof can tell the pictures apart.

mod changed;
mod covers;
mod files;
mod plain;
mod proof;
mod readings;
mod sharing;
mod strangers;
mod templates;
mod versions;

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::Issue;
use crate::examine::look::miniature;
use crate::examine::pixels::{Plane, shrink};
use crate::ledger::Ledger;
use crate::matching::Bench;
use crate::matching::fixture::Fixture;
use crate::matching::pairing::{Decision, Matches, Pairing};
use crate::matching::scenes::{self, InMemory};
use crate::memory::{self, Key, Note, Nothing, Shelf};
use crate::model::{Features, Fingerprint, ItemId, Kind, MediaKind, Size, Taken, TimeSource};
use crate::settings::{Mode, Settings};

const SECOND: i64 = 1_700_000_000;

/// A memory that lasts as long as a test.
#[derive(Default)]
struct Notes(BTreeMap<(&'static str, Key), Vec<u8>>);

impl memory::Memory for Notes {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        keys.iter().map(|key| self.0.get(&(shelf.name, *key)).cloned()).collect()
    }

    fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        let from = from.map(|key| (shelf.name, key));
        let notes = self.0.range((from, Bound::Unbounded));
        let here = notes.filter(|((name, _), _)| *name == shelf.name);
        here.take(most).map(|((_, key), note)| (*key, note.clone())).collect()
    }

    fn note(&mut self, notes: Vec<Note>) {
        let kept =
            notes.into_iter().filter_map(|note| Some(((note.shelf.name, note.key), note.value?)));
        self.0.extend(kept);
    }
}

/// A library and a chat with their files.
#[derive(Default)]
struct World {
    fixture: Fixture,
    files: Vec<Vec<u8>>,
}

impl World {
    fn original(&mut self, path: &str, bytes: Vec<u8>, features: Features) -> ItemId {
        let id = self.exported(path, bytes, features);
        self.fixture.originals.push(id);
        id
    }

    fn exported(&mut self, path: &str, bytes: Vec<u8>, features: Features) -> ItemId {
        let id = self.fixture.exported(path, bytes.len() as u64, features);
        self.files.push(bytes);
        id
    }

    /// A photo of 1280 × 960 taken so many seconds after [`SECOND`].
    fn photo(&mut self, path: &str, plane: &Plane, quality: u8, second: i64) -> ItemId {
        let camera = Features {
            camera: Some("Pentax".into()),
            taken: Some(Taken::Wall(SECOND + second)),
            time_source: Some(TimeSource::Exif),
            ..picture(plane)
        };
        self.original(path, scenes::jpeg(plane, quality), camera)
    }

    /// Sends a picture at half its size, five minutes after [`SECOND`].
    fn send(&mut self, plane: &Plane) {
        self.send_as_it_is(&half(plane));
    }

    fn send_as_it_is(&mut self, small: &Plane) {
        let name = format!("sent{}.jpg", self.files.len());
        let item = self.exported(&name, scenes::jpeg(small, 80), picture(small));
        self.fixture.send(MediaKind::Image, Some(item), SECOND + 300);
    }

    /// Runs without a memory, and with one that is empty, then full: they must
    /// decide the same.
    fn run(&self, settings: &Settings) -> (Matches, Vec<Issue>) {
        let (found, issues) = self.run_with(&mut Nothing, settings);
        let mut notes = Notes::default();
        for state in ["empty", "full"] {
            let (matches, _) = self.run_with(&mut notes, settings);
            assert_eq!(matches.pairings, found.pairings, "the memory is {state}");
            assert_eq!(matches.offsets, found.offsets, "the memory is {state}");
        }
        (found, issues)
    }

    fn run_with(
        &self,
        memory: &mut dyn memory::Memory,
        settings: &Settings,
    ) -> (Matches, Vec<Issue>) {
        let (known, files) = (self.fixture.known(), InMemory(self.files.clone()));
        let mut matcher = self.fixture.matcher(settings);
        let mut ledger = Ledger::default();
        for _ in 0..1000 {
            let bench = Bench { known, files: &files, memory, settings };
            let step = matcher.advance(bench, &mut ledger);
            memory.note(std::mem::take(&mut ledger.notes));
            if step.finished {
                return (matcher.into_matches(), ledger.issues);
            }
        }
        panic!("the matcher does not finish");
    }

    /// Decision and linked path of every medium.
    #[track_caller]
    fn check(&self, mode: Mode, want: &[(Decision, Option<&str>)]) -> Vec<Pairing> {
        let pairings = self.run(&Settings { mode, ..Settings::default() }).0.pairings;
        let path = |id: ItemId| self.fixture.library.items[id.0 as usize].path.as_str();
        let got: Vec<_> =
            pairings.iter().map(|pairing| (pairing.decision, pairing.original.map(path))).collect();
        assert_eq!(got, want, "{}: {pairings:#?}", mode.name());
        pairings
    }
}

fn picture(plane: &Plane) -> Features {
    Features {
        size: Some(plane.size()),
        fingerprint: Some(Fingerprint { p64: 0x1234, contrast: 50.0 }),
        miniature: miniature(plane),
        ..Features::new(Kind::Jpeg)
    }
}

fn half(plane: &Plane) -> Plane {
    let map = shrink(plane, Size::new(plane.width / 2, plane.height / 2));
    let grey = map.levels.iter().map(|level| (level >> 8) as u8).collect();
    Plane { width: map.width, height: map.height, grey }
}

fn frame(seed: u64, step: u32) -> Plane {
    scenes::shifted(seed, 1280, 960, step)
}
