use super::*;
use crate::collect::Sent;
use crate::examine::{self, Depth};
use crate::matching::evidence::sound::Heard;
use crate::matching::fixture::Fixture;
use crate::matching::{scenes, videos};
use crate::memory::Nothing;
use crate::model::MediaKind;

/// A chat of these fixtures, with these originals. What was sent has fewer pixels than
/// the others.
struct World {
    fixture: Fixture,
    files: scenes::InMemory,
    settings: Settings,
    ledger: Ledger,
}

impl World {
    fn new(sent: &[&str], originals: &[&str]) -> Self {
        let (mut fixture, mut files) = (Fixture::default(), Vec::new());
        let settings = Settings::default();
        for (at, name) in originals.iter().chain(sent).enumerate() {
            let bytes = std::fs::read(format!("../../tests/fixtures/videos/{name}")).unwrap();
            let extract = examine::gather(&bytes, Depth::Head, &settings.limits).unwrap();
            let mut features = examine::examine(name, None, &extract, &settings.limits).features;
            features.size = Some(if at < originals.len() {
                Size::new(1920, 1080)
            } else {
                Size::new(640, 360)
            });
            let size = bytes.len() as u64;
            if at < originals.len() {
                fixture.original(name, size, features);
            } else {
                let item = fixture.exported(name, size, features);
                fixture.send(MediaKind::Video, Some(item), 1_714_816_800);
            }
            files.push(bytes);
        }
        Self { fixture, files: scenes::InMemory(files), settings, ledger: Ledger::default() }
    }

    /// What is heard of each video that was sent, original by original; and how often
    /// `advance` was called.
    fn hear(&mut self) -> (Vec<Vec<Option<Heard>>>, usize) {
        let known = self.fixture.known();
        let movies = videos::movies(known, &self.fixture.originals);
        let (mut hearing, clock) = (Hearing::default(), Clock::default());
        for medium in &self.fixture.media {
            hearing.order(known, medium, &movies, &clock, &self.settings);
        }
        let (files, settings) = (&self.files, &self.settings);
        let bench = Bench { known, files, memory: &Nothing, settings };
        let mut calls = 0;
        while hearing.is_busy() {
            hearing.advance(bench, &mut self.ledger);
            calls += 1;
        }
        let heard = |medium: &Medium| {
            let of =
                |original: &ItemId| hearing.heard.get(&(medium.item.unwrap(), *original)).copied();
            self.fixture.originals.iter().map(of).collect()
        };
        (self.fixture.media.iter().map(heard).collect(), calls)
    }
}

#[test]
fn a_sound_is_known_again_at_other_bit_rates_and_in_parts() {
    let originals = ["made-sound.mp4", "made-other.mp4", "made-fragments.mp4"];
    let mut world = World::new(&["made-sent.mp4", "made-cut.mp4"], &originals);
    let (heard, _) = world.hear();
    // Steps have 20 milliseconds, and encoders delay by some.
    let at = |heard: Option<Heard>, from: std::ops::RangeInclusive<i64>| match heard {
        Some(Heard::Same { shift_ms }) => from.contains(&shift_ms),
        _ => false,
    };
    assert!(at(heard[0][0], -40..=40), "{:?}", heard[0]);
    assert_eq!(heard[0][1], Some(Heard::Other));
    assert!(at(heard[0][2], -40..=40), "{:?}", heard[0]);
    // Cut out at 2.43 seconds.
    assert!(at(heard[1][0], 2390..=2470), "{:?}", heard[1]);
    assert!(!at(heard[1][1], -1000..=9000), "{:?}", heard[1]);
    assert!(world.ledger.issues.is_empty(), "{:?}", world.ledger.issues);
    assert!(world.ledger.bytes_read < 300_000, "only the sound is read");
}

#[test]
fn sound_that_cannot_be_decoded_is_said_once() {
    let mut world = World::new(&["sample.3gp", "sample.3gp"], &["sample.3gp"]);
    let (heard, _) = world.hear();
    assert_eq!(heard, [[None], [None]]);
    let mut said: Vec<&str> = world.ledger.issues.iter().map(|issue| issue.path.as_str()).collect();
    said.dedup();
    assert!(!said.is_empty());
    assert!(world.ledger.issues.len() <= 3, "{:?}", world.ledger.issues);
    assert!(world.ledger.issues.iter().all(|issue| issue.problem == Problem::SoundNotDecoded));
}

#[test]
fn one_call_decodes_a_bounded_length_of_sound() {
    let sent = ["made-sent.mp4"; 60];
    let (heard, calls) = World::new(&sent, &["made-sound.mp4"]).hear();
    assert!(heard.iter().all(|heard| matches!(heard[0], Some(Heard::Same { .. }))));
    // Nine seconds each, 3 ms a second as estimated: four in a call for each thread.
    let each = 1 + 100 * rayon::current_num_threads() / 28;
    assert!(calls >= sent.len() / each, "{calls} calls");
}

#[test]
fn with_a_window_only_what_a_clock_could_move_into_it_is_heard() {
    let world = World::new(&["made-sent.mp4"], &["made-sound.mp4"]);
    let known = world.fixture.known();
    let movies = videos::movies(known, &world.fixture.originals);
    let near = Settings { search: Search::Window, ..world.settings.clone() };
    let asks = |wall: i64| {
        let sent = Some(Sent { wall, span: 1 });
        let medium = Medium { sent, ..world.fixture.media[0].clone() };
        let mut hearing = Hearing::default();
        hearing.order(known, &medium, &movies, &Clock::default(), &near);
        hearing.is_busy()
    };
    // Taken on 4 May 2024 at 10:00 UTC.
    assert!(asks(1_714_816_800 + 7200));
    assert!(!asks(1_714_816_800 + 20 * 3600));
}
