//! Whole runs of the matcher over drawn pictures. All fingerprints are equal,
//! so that only the proof can tell the pictures apart.

use std::collections::BTreeMap;

use super::fixture::Fixture;
use super::scenes::{self, Memory};
use super::{Decision, Matcher, Matches, Pairing};
use crate::error::Issue;
use crate::examine::decode::{self, Plane, shrink};
use crate::examine::look::{self, miniature};
use crate::memory::{self, Key, Note, Nothing, Shelf};
use crate::model::{
    Chroma, Edit, Features, ItemId, Kind, Look, MediaKind, Side, Taken, TimeSource,
};
use crate::settings::{Mode, Search, Settings};

const SECOND: i64 = 1_700_000_000;

/// A memory that lasts as long as a test.
#[derive(Default)]
struct Notes(BTreeMap<(Shelf, Key), Vec<u8>>);

impl memory::Memory for Notes {
    fn recall(&self, shelf: Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        keys.iter().map(|key| self.0.get(&(shelf, *key)).cloned()).collect()
    }

    fn note(&mut self, notes: Vec<Note>) {
        let kept = notes.into_iter().filter_map(|note| Some(((note.shelf, note.key), note.value?)));
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
    fn add(&mut self, side: Side, path: &str, bytes: Vec<u8>, features: Features) -> ItemId {
        let id = self.fixture.add(side, path, bytes.len() as u64, features);
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
        self.add(Side::Originals, path, scenes::jpeg(plane, quality), camera)
    }

    /// Sends a picture at half its size, five minutes after [`SECOND`].
    fn send(&mut self, plane: &Plane) {
        self.send_as_it_is(&half(plane));
    }

    fn send_as_it_is(&mut self, small: &Plane) {
        let name = format!("sent{}.jpg", self.files.len());
        let item = self.add(Side::Export, &name, scenes::jpeg(small, 80), picture(small));
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
        let (inventory, features) = (&self.fixture.inventory, &self.fixture.features);
        let files = Memory(self.files.clone());
        let mut matcher = Matcher::new(inventory, features, settings);
        let mut issues = Vec::new();
        for _ in 0..1000 {
            let step = matcher.advance(inventory, features, &files, memory, settings, &mut issues);
            memory.note(matcher.take_notes());
            if step.finished {
                return (matcher.into_matches(), issues);
            }
        }
        panic!("the matcher does not finish");
    }

    /// Decision and linked path of every medium.
    #[track_caller]
    fn check(&self, mode: Mode, want: &[(Decision, Option<&str>)]) -> Vec<Pairing> {
        let pairings = self.run(&Settings { mode, ..Settings::default() }).0.pairings;
        let path = |id: ItemId| self.fixture.inventory.items[id.0 as usize].path.as_str();
        let got: Vec<_> =
            pairings.iter().map(|pairing| (pairing.decision, pairing.original.map(path))).collect();
        assert_eq!(got, want, "{}: {pairings:#?}", mode.name());
        pairings
    }
}

fn picture(plane: &Plane) -> Features {
    Features {
        size: Some((plane.width, plane.height)),
        look: Some(Look { p64: 0x1234, contrast: 50.0 }),
        miniature: miniature(plane),
        ..Features::new(Kind::Jpeg)
    }
}

fn half(plane: &Plane) -> Plane {
    let map = shrink(plane, plane.width / 2, plane.height / 2);
    let grey = map.levels.iter().map(|level| (level >> 8) as u8).collect();
    Plane { width: map.width, height: map.height, grey }
}

fn frame(seed: u64, step: u32) -> Plane {
    scenes::shifted(seed, 1280, 960, step)
}

#[test]
fn the_true_frame_of_a_burst_is_found() {
    let mut world = World::default();
    for (at, name) in (0..).zip(["b1.jpg", "b2.jpg", "b3.jpg"]) {
        world.photo(name, &frame(5, at * 3), 92, i64::from(at));
    }
    world.send(&frame(5, 3));
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("b2.jpg"))]);
        assert!(pairings[0].score.runner_up_ratio.is_none_or(|ratio| ratio > 2.0));
        assert_eq!(pairings[0].score.time_difference_s, Some(299));
    }
}

#[test]
fn a_neighbour_is_not_linked_when_the_true_frame_is_absent() {
    let mut world = World::default();
    world.photo("b1.jpg", &frame(5, 0), 92, 0);
    world.photo("b3.jpg", &frame(5, 6), 92, 2);
    world.send(&frame(5, 3));
    world.check(Mode::Strict, &[(Decision::TooDifferent, None)]);
    world.check(Mode::Balanced, &[(Decision::TooDifferent, None)]);
}

#[test]
fn copies_are_one_unit_and_the_best_is_linked() {
    let mut world = World::default();
    world.photo("a-copy.jpg", &frame(5, 0), 85, 0);
    world.photo("camera.jpg", &frame(5, 0), 95, 0);
    world.photo("later.jpg", &frame(6, 0), 92, 9);
    world.send(&frame(5, 0));
    for mode in [Mode::Strict, Mode::Balanced] {
        let pairings = world.check(mode, &[(Decision::Matched, Some("camera.jpg"))]);
        assert_eq!(pairings[0].also, [ItemId(0)]);
        assert!(pairings[0].score.runner_up_ratio.is_none_or(|ratio| ratio > 2.0));
    }
}

#[test]
fn two_shots_that_look_alike_stay_ambiguous() {
    let mut world = World::default();
    world.photo("first.jpg", &frame(5, 0), 92, 0);
    world.photo("second.jpg", &frame(5, 0), 91, 1);
    world.send(&frame(5, 0));
    world.check(Mode::Balanced, &[(Decision::Ambiguous, None)]);
}

#[test]
fn a_chats_own_small_copy_is_never_linked() {
    let mut world = World::default();
    let small = half(&frame(5, 0));
    let bytes = scenes::jpeg(&small, 80);
    world.add(Side::Originals, "WhatsApp Images/IMG-1.jpg", bytes, picture(&small));
    world.send(&frame(5, 0));
    world.check(Mode::Loose, &[(Decision::NotBetter, None)]);
    world.photo("camera.jpg", &frame(5, 0), 92, 0);
    world.check(Mode::Loose, &[(Decision::Matched, Some("camera.jpg"))]);
}

#[test]
fn another_picture_does_not_share_an_original() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    let mut other = scene.clone();
    for row in 300..600 {
        let part = other.grey[row * 1280 + 300..row * 1280 + 900].iter_mut();
        part.for_each(|grey| *grey = grey.saturating_add(12));
    }
    world.send(&other);
    world.send(&scene);
    world.send(&scene);
    let linked = (Decision::Matched, Some("a.jpg"));
    world.check(Mode::Balanced, &[(Decision::TooDifferent, None), linked, linked]);
    world.check(Mode::Loose, &[(Decision::Ambiguous, None), linked, linked]);
}

#[test]
fn a_changed_send_shares_the_original_with_an_unchanged_one() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    world.photo("b.jpg", &frame(6, 0), 92, 9);
    let mut drawn = scene.clone();
    drawn.grey[400 * 1280..480 * 1280].fill(255);
    let mut mirrored = scene.clone();
    mirrored.grey.chunks_exact_mut(1280).for_each(<[u8]>::reverse);
    for sent in [&drawn, &scene, &mirrored] {
        world.send(sent);
    }
    let linked = (Decision::Matched, Some("a.jpg"));
    for mode in [Mode::Balanced, Mode::Loose] {
        let pairings = world.check(mode, &[linked; 3]);
        let edits: Vec<Edit> = pairings.iter().map(|pairing| pairing.edit).collect();
        assert_eq!(edits, [Edit::Drawing, Edit::None, Edit::Mirror]);
    }
    let kept = (Decision::TooDifferent, None);
    world.check(Mode::Strict, &[kept, linked, kept]);
}

#[test]
fn two_sizes_of_one_picture_share_the_original() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    world.send(&scene);
    let map = shrink(&scene, 480, 360);
    let grey = map.levels.iter().map(|level| (level >> 8) as u8).collect();
    let small = Plane { width: 480, height: 360, grey };
    let item = world.add(Side::Export, "small.jpg", scenes::jpeg(&small, 65), picture(&small));
    world.fixture.send(MediaKind::Image, Some(item), SECOND + 400);
    let linked = (Decision::Matched, Some("a.jpg"));
    world.check(Mode::Balanced, &[linked, linked]);
}

#[test]
fn a_part_that_two_pictures_share_stays_ambiguous() {
    let mut world = World::default();
    let scene = frame(5, 0);
    let mut other = scene.clone();
    for row in other.grey.chunks_exact_mut(1280).take(60) {
        row[..300].fill(200);
    }
    world.photo("a.jpg", &scene, 92, 0);
    world.photo("b.jpg", &other, 92, 60);
    let grey = scene.grey.chunks_exact(1280).skip(96).flat_map(|row| row[100..].to_vec());
    world.send(&Plane { width: 1180, height: 864, grey: grey.collect() });
    let pairings = world.check(Mode::Balanced, &[(Decision::Ambiguous, None)]);
    assert_eq!(pairings[0].candidates.len(), 2);
}

#[test]
fn other_words_on_a_screen_are_no_drawing() {
    let scene = frame(5, 0);
    let mut written = scene.clone();
    for row in written.grey.chunks_exact_mut(1280).skip(400).take(80) {
        row[300..700].fill(255);
    }
    let mut world = World::default();
    world.photo("photo.jpg", &scene, 92, 0);
    world.send(&written);
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("photo.jpg"))]);
    assert_eq!(pairings[0].edit, Edit::Drawing);
    let mut world = World::default();
    let screen = Features { kind: Kind::Png, ..picture(&scene) };
    world.add(Side::Originals, "screen.png", scenes::jpeg(&scene, 92), screen);
    world.send(&written);
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        assert_eq!(world.check(mode, &[(Decision::TooDifferent, None)])[0].edit, Edit::None);
    }
}

#[test]
fn a_plain_picture_proves_nothing() {
    let grey = (0..960u32).flat_map(|y| (0..1280u32).map(move |x| ((y + x) / 16) as u8)).collect();
    let sky = Plane { width: 1280, height: 960, grey };
    let mut world = World::default();
    world.photo("sky.jpg", &sky, 92, 0);
    world.send(&sky);
    world.check(Mode::Loose, &[(Decision::Ambiguous, None)]);
}

#[test]
fn the_window_search_links_only_inside_the_window() {
    let mut world = World::default();
    world.photo("a.jpg", &frame(5, 0), 92, -3600);
    world.photo("b.jpg", &frame(6, 0), 92, 0);
    world.send(&frame(5, 0));
    world.send(&frame(6, 0));
    let settings = Settings { search: Search::Window, ..Settings::default() };
    let decisions: Vec<Decision> =
        world.run(&settings).0.pairings.iter().map(|pairing| pairing.decision).collect();
    // What is inside the window does not look like the first at all.
    assert_eq!(decisions, [Decision::NoCandidates, Decision::Matched]);
}

#[test]
fn a_shifted_clock_is_found_and_reported() {
    let mut world = World::default();
    for seed in 1..=4 {
        world.photo(&format!("{seed}.jpg"), &frame(seed, 0), 92, 7200 + seed as i64);
        world.send(&frame(seed, 0));
    }
    let settings = Settings { search: Search::Window, ..Settings::default() };
    let matches = world.run(&settings).0;
    let found: Vec<_> =
        matches.offsets.iter().map(|offset| (offset.seconds, offset.evidence)).collect();
    assert_eq!(found, [(-7200, 4)]);
    assert!(matches.pairings.iter().all(|pairing| pairing.decision == Decision::Matched));
}

#[test]
fn broken_files_are_reported_once_and_stop_nothing() {
    let mut world = World::default();
    let broken = world.photo("a.jpg", &frame(5, 0), 92, 0);
    world.files[broken.0 as usize].truncate(30);
    world.photo("b.jpg", &frame(6, 0), 92, 9);
    world.send(&frame(5, 0));
    world.send(&frame(6, 0));
    let (matches, issues) = world.run(&Settings::default());
    assert_eq!(matches.pairings[0].original, None);
    assert_eq!(matches.pairings[1].decision, Decision::Matched);
    assert_eq!(issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), ["a.jpg"]);
}

#[test]
fn documents_match_by_content() {
    let mut world = World::default();
    let text = |side, path: &str, bytes: &[u8], world: &mut World| {
        world.add(side, path, bytes.to_vec(), Features::new(Kind::Pdf))
    };
    text(Side::Originals, "b.pdf", b"%PDF one", &mut world);
    text(Side::Originals, "a.pdf", b"%PDF one", &mut world);
    text(Side::Originals, "c.pdf", b"%PDF two", &mut world);
    let sent = text(Side::Export, "x.pdf", b"%PDF one", &mut world);
    let other = text(Side::Export, "y.pdf", b"%PDF six", &mut world);
    world.fixture.send(MediaKind::Document, Some(sent), SECOND);
    world.fixture.send(MediaKind::Document, Some(other), SECOND);
    world.fixture.send(MediaKind::Voice, Some(other), SECOND);
    world.fixture.send(MediaKind::Image, None, SECOND);
    let want = [
        (Decision::Matched, Some("a.pdf")),
        (Decision::NoCandidates, None),
        (Decision::NotMatchable, None),
        (Decision::Missing, None),
    ];
    assert_eq!(world.check(Mode::Balanced, &want)[0].also, [ItemId(0)]);
}

#[test]
fn an_original_with_an_old_thumbnail_is_found_behind_likelier_ones() {
    let mut world = World::default();
    world.photo("neighbour.jpg", &frame(5, 6), 92, -7200);
    let id = world.photo("stale.jpg", &frame(5, 0), 92, 0);
    let stale = world.fixture.features[id.0 as usize].as_mut().unwrap();
    stale.miniature = miniature(&frame(9, 0));
    world.send(&frame(5, 0));
    world.check(Mode::Strict, &[(Decision::Matched, Some("stale.jpg"))]);
}

#[test]
fn a_neighbour_in_which_something_moved_does_not_end_the_search() {
    let mut world = World::default();
    let mut moved = frame(5, 0);
    for row in moved.grey.chunks_exact_mut(1280).skip(400).take(24) {
        row[600..624].iter_mut().for_each(|level| *level = level.wrapping_add(100));
    }
    world.photo("neighbour.jpg", &moved, 92, -7200);
    world.send(&frame(5, 0));
    let alone = &world.check(Mode::Balanced, &[(Decision::TooDifferent, None)])[0];
    assert!(alone.score.residual < Some(alone.thresholds.residual), "{alone:#?}");
    let id = world.photo("stale.jpg", &frame(5, 0), 92, 0);
    let stale = world.fixture.features[id.0 as usize].as_mut().unwrap();
    stale.miniature = miniature(&frame(9, 0));
    world.check(Mode::Balanced, &[(Decision::Matched, Some("stale.jpg"))]);
}

#[test]
fn what_looks_otherwise_is_not_read_once_the_original_is_found() {
    let mut world = World::default();
    world.photo("own.jpg", &frame(5, 0), 92, 0);
    let id = world.photo("other.jpg", &frame(6, 0), 92, 7200);
    // Reading it would be an issue.
    world.files[id.0 as usize] = b"no picture".to_vec();
    world.send(&frame(5, 0));
    let (matches, issues) = world.run(&Settings::default());
    assert_eq!(matches.pairings[0].decision, Decision::Matched);
    assert!(issues.is_empty(), "{issues:?}");
}

/// Every level through a curve of shares of white.
fn toned(plane: &Plane, curve: impl Fn(f64) -> f64) -> Plane {
    let toned = |&level: &u8| (255.0 * curve(f64::from(level) / 255.0)).round() as u8;
    Plane { grey: plane.grey.iter().map(toned).collect(), ..plane.clone() }
}

/// Dark darker and light lighter.
fn contrast(share: f64) -> f64 {
    0.1 * share + 0.9 * share * share * (3.0 - 2.0 * share)
}

/// A scene with grain on its left half.
fn grainy(seed: u64) -> Plane {
    let mut plane = frame(seed, 0);
    let mut bits = 1u32;
    for (at, level) in plane.grey.iter_mut().enumerate() {
        bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if at % 1280 < 640 {
            let grain = f64::from(bits >> 24) - 127.5;
            *level = (f64::from(*level) * 0.5 + 64.0 + grain * 0.9).clamp(0.0, 255.0) as u8;
        }
    }
    plane
}

#[test]
fn a_filter_bends_the_grain_of_a_picture_too() {
    let mut world = World::default();
    world.photo("grainy.jpg", &grainy(5), 95, 0);
    world.send_as_it_is(&toned(&half(&grainy(5)), contrast));
    let pairings = world.check(Mode::Balanced, &[(Decision::Matched, Some("grainy.jpg"))]);
    assert_eq!(pairings[0].edit, Edit::Filter);
}

#[test]
fn a_picture_and_its_filtered_copy_are_not_in_each_others_way() {
    let world_with = |second: i64| {
        let mut world = World::default();
        world.photo("taken.jpg", &frame(5, 0), 95, 0);
        world.photo("bright.jpg", &toned(&frame(5, 0), |share| share.powf(0.6)), 95, second);
        world.send_as_it_is(&toned(&half(&frame(5, 0)), |share| share.powf(1.8)));
        world
    };
    let settings = Settings::default();
    let copy = &world_with(0).run(&settings).0.pairings[0];
    assert_eq!((copy.decision, copy.edit), (Decision::Matched, Edit::Filter), "{copy:#?}");
    // A camera that says that these are two shots is believed.
    let shots = &world_with(40).run(&settings).0.pairings[0];
    assert_eq!(shots.decision, Decision::Ambiguous, "{shots:#?}");
}

#[test]
fn loose_takes_no_filter_for_noise() {
    let mut world = World::default();
    let scene = frame(5, 0);
    world.photo("a.jpg", &scene, 92, 0);
    let curve = |share: f64| share - 0.06 * (share * std::f64::consts::TAU).sin();
    world.send_as_it_is(&toned(&half(&scene), curve));
    for mode in [Mode::Balanced, Mode::Loose] {
        let found = &world.check(mode, &[(Decision::Matched, Some("a.jpg"))])[0];
        assert_eq!(found.edit, Edit::Filter, "{found:#?}");
    }
}

/// Warm light on a scene, as a JPEG.
fn warm(plane: &Plane, quality: u8) -> Vec<u8> {
    let pixels = plane.grey.iter().map(|&level| {
        let level = level / 2 + 64;
        [level + 40, level, level - 40]
    });
    let pixels: Vec<[u8; 3]> = pixels.collect();
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(pixels.as_flattened(), plane.width, plane.height, image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

impl World {
    /// A coarsely encoded warm photo, and its luma alone, finely.
    fn warm_and_grey(&mut self) -> (ItemId, ItemId) {
        let [fine, coarse] = [100, 70].map(|quality| warm(&frame(5, 0), quality));
        let grey = decode::luma(&fine, 1280, &Settings::default().limits).unwrap();
        let copy = self.photo("a grey.jpg", &grey, 98, 0);
        let photo = self.add(Side::Originals, "b warm.jpg", coarse, picture(&frame(5, 0)));
        (photo, copy)
    }

    fn send_warm(&mut self) {
        let sent = warm(&half(&frame(5, 0)), 80);
        let item = self.add(Side::Export, "sent.jpg", sent, picture(&half(&frame(5, 0))));
        self.fixture.send(MediaKind::Image, Some(item), SECOND + 300);
    }
}

#[test]
fn a_copy_without_its_colours_is_another_picture() {
    let mut world = World::default();
    let (photo, copy) = world.warm_and_grey();
    world.send_warm();
    for mode in [Mode::Strict, Mode::Balanced] {
        let found = &world.check(mode, &[(Decision::Matched, Some("b warm.jpg"))])[0];
        assert_eq!((found.edit, found.also.as_slice()), (Edit::None, &[][..]), "{found:#?}");
        assert_eq!(found.candidates[0].item, photo);
        assert_eq!(found.candidates[1].item, copy);
    }
}

/// The colours of a picture, or those of its luma alone.
fn colours(bytes: &[u8], coloured: bool) -> Option<Chroma> {
    let tones = decode::tones(bytes, 1280, &Settings::default().limits).ok()?;
    let own = look::chroma(&tones, decode::Window::whole(&tones.luma));
    Some(if coloured { own } else { Chroma(vec![128; 512].into()) })
}

#[test]
fn other_colours_are_looked_for_in_the_picture_itself() {
    let edit = |coloured: bool, thumbnail: &Plane| {
        let mut world = World::default();
        let bytes = warm(&frame(5, 0), 90);
        let chroma = colours(&bytes, !coloured);
        let noted = Features { miniature: miniature(thumbnail), chroma, ..picture(&frame(5, 0)) };
        let grey = decode::luma(&bytes, 1280, &Settings::default().limits).unwrap();
        let bytes = if coloured { bytes } else { scenes::jpeg(&grey, 90) };
        world.add(Side::Originals, "original.jpg", bytes, noted);
        world.send_warm();
        world.run(&Settings::default()).0.pairings[0].edit
    };
    assert_eq!(edit(true, &frame(5, 0)), Edit::None, "a thumbnail with other colours");
    assert_eq!(edit(false, &frame(6, 0)), Edit::Filter, "colours of an old thumbnail");
}
