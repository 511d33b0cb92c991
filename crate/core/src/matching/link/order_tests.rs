use super::*;
use crate::ledger::Ledger;
use crate::matching::evidence::sound::Heard;
use crate::matching::fixture::Fixture;
use crate::matching::scenes::InMemory;
use crate::matching::{Bench, Step};
use crate::memory::Nothing;
use crate::model::{Features, Fingerprint, Kind, Miniature, Size, Taken, TimeSource, VideoShape};

const SECOND: i64 = 1_700_000_000;

/// Pictures of a library and of a chat, each of which shows something else.
fn world(originals: usize, pictures: usize, p64: impl Fn(usize) -> u64) -> Fixture {
    let mut state = 9u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let mut features = |at: usize, size| Features {
        size: Some(size),
        fingerprint: Some(Fingerprint { p64: p64(at), contrast: 50.0 }),
        miniature: Some(Miniature(
            (0..Miniature::EDGE * Miniature::EDGE).map(|_| next()).collect(),
        )),
        camera: Some("Pentax".into()),
        ..Features::new(Kind::Jpeg)
    };
    let mut fixture = Fixture::default();
    for at in 0..originals {
        let path = format!("{at:05}.jpg");
        fixture.original(&path, 3_000_000, features(at, Size::new(4000, 3000)));
    }
    for at in 0..pictures {
        let path = format!("sent{at:05}.jpg");
        let item = fixture.exported(&path, 9, features(originals + at, Size::new(1600, 1200)));
        fixture.send(MediaKind::Image, Some(item), SECOND);
    }
    fixture
}

/// Calls the matcher until it wants to read or is done; each call does no more
/// than it may. Returns the calls.
#[track_caller]
fn drive(fixture: &Fixture) -> (usize, Option<Step>) {
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    two.install(|| driven(fixture))
}

fn driven(fixture: &Fixture) -> (usize, Option<Step>) {
    let settings = Settings::default();
    let mut matcher = fixture.matcher(&settings);
    let (files, mut ledger) = (InMemory(Vec::new()), Ledger::default());
    let bench =
        Bench { known: fixture.known(), files: &files, memory: &Nothing, settings: &settings };
    let (mut calls, mut done, mut last) = (0, 0, None);
    while matcher.prover.is_idle() {
        let step = matcher.advance(bench, &mut ledger);
        assert!(step.work <= Matcher::most_work(), "{} in one call", step.work);
        assert!(done <= step.done && step.done <= step.total, "{done} {step:?}");
        (calls, done, last) = (calls + 1, step.done, Some(step));
        if step.finished {
            break;
        }
    }
    (calls, last)
}

#[test]
fn many_pictures_beside_many_lookalikes_are_ranked_in_small_calls() {
    let (calls, _) = drive(&world(600, 4000, |_| 0x1234));
    assert!(calls > 50, "{calls} calls");
}

#[test]
fn many_pictures_without_an_original_are_searched_in_small_calls_that_count() {
    // Originals and pictures have nothing in common, but any may be a part.
    let far = |at: usize| if at < 1200 { 0 } else { u64::MAX };
    let (calls, last) = drive(&world(1200, 30, far));
    assert!(calls > 8, "{calls} calls");
    let step = last.unwrap();
    assert!(step.finished);
    assert_eq!((step.done, step.total), (60, 60), "30 decided, and searched for");
}

#[test]
fn a_chat_of_videos_alone_finds_its_two_hours() {
    let mut fixture = Fixture::default();
    let clip = |size, taken: Option<i64>| Features {
        size: Some(size),
        taken: taken.map(Taken::Wall),
        time_source: taken.map(|_| TimeSource::QuickTime),
        video: Some(VideoShape { duration_ms: Some(9000), has_audio: true, is_gif: false }),
        ..Features::new(Kind::Video)
    };
    let mut heard = Vec::new();
    for at in 0..4 {
        let sent = SECOND + 4000 * at;
        let taken = Some(sent - 7200 - 60);
        let features = clip(Size::new(1920, 1080), taken);
        let original = fixture.original(&format!("{at}.mov"), 9000 + at as u64, features);
        let item = fixture.exported(&format!("{at}.mp4"), 9, clip(Size::new(848, 480), None));
        fixture.send(MediaKind::Video, Some(item), sent);
        heard.push(((item, original), Heard::Same { shift_ms: 0 }));
    }
    let settings = Settings::default();
    let mut matcher = fixture.matcher(&settings);
    matcher.movies = videos::movies(fixture.known(), &fixture.originals);
    matcher.set_clock(fixture.known(), &[]);
    assert_eq!(matcher.offsets, [], "nothing is proved");
    matcher.hearing.heard.extend(heard);
    matcher.set_clock(fixture.known(), &[]);
    let found: Vec<_> = matcher.offsets.iter().map(|of| (of.seconds, of.evidence)).collect();
    assert_eq!(found, [(7200, 4)]);
}
