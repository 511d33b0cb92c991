use super::*;
use crate::collect::Export;
use crate::examine::pixels::Plane;
use crate::io::ReadAt;
use crate::matching::evidence::sound::Heard;
use crate::matching::fixture::Fixture;
use crate::matching::scenes;
use crate::memory::Nothing;
use crate::model::{FileId, Kind, MediaKind, Taken, TimeSource, VideoShape};
use crate::need::Frame;
use crate::settings::Mode;

const SENT: i64 = 1_700_000_000;

/// No file is opened here.
struct Closed;

impl Files for Closed {
    fn open(&self, _: FileId) -> std::io::Result<Box<dyn ReadAt + '_>> {
        Err(std::io::Error::other("closed"))
    }
}

fn clip(size: Size, before_s: Option<i64>) -> Features {
    Features {
        size: Some(size),
        taken: before_s.map(|before| Taken::Wall(SENT - before)),
        time_source: before_s.map(|_| TimeSource::QuickTime),
        video: Some(VideoShape { duration_ms: Some(10_000), has_audio: true, is_gif: false }),
        ..Features::new(Kind::Video)
    }
}

fn frame(plane: &Plane) -> Frame {
    let rgba = plane.grey.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
    Frame { width: plane.width, height: plane.height, rgba }
}

/// A frame of a clip; every moment is another scene.
fn scene(clip: u64, moment: usize) -> Frame {
    frame(&scenes::scene(clip * 10 + moment as u64, 320, 180))
}

fn black() -> Frame {
    frame(&Plane { width: 320, height: 180, grey: vec![3; 320 * 180] })
}

/// What an original shows beside the exported clip 1.
fn shows(original: impl Fn(usize) -> Frame) -> Seen {
    std::array::from_fn(|moment| glimpse(&scene(1, moment), &[black(), original(moment), black()]))
}

/// Exported clip 1 against originals taken so many seconds before; returns what
/// time and length decide, and what the frames make of it.
fn run(before_s: &[i64], seen: &[Seen]) -> (Pairing, Pairing) {
    run_in(Mode::Balanced, before_s, seen)
}

fn run_in(mode: Mode, before_s: &[i64], seen: &[Seen]) -> (Pairing, Pairing) {
    run_heard(mode, before_s, seen, None)
}

/// The same; `shift_ms` is where the exported clip begins in the sound of every
/// original, if that was heard.
fn run_heard(
    mode: Mode,
    before_s: &[i64],
    seen: &[Seen],
    shift_ms: Option<i64>,
) -> (Pairing, Pairing) {
    let mut fixture = Fixture::default();
    let mut originals = Vec::new();
    for (index, &before) in before_s.iter().enumerate() {
        let features = clip(Size::new(1920, 1080), Some(before));
        originals.push(fixture.original(&format!("{index}.mov"), 9, features));
    }
    let sent = fixture.exported("v.mp4", 5, clip(Size::new(848, 480), None));
    fixture.send(MediaKind::Video, Some(sent), SENT);
    let (known, settings) = (fixture.known(), Settings { mode, ..Settings::default() });
    let (movies, clock) =
        (videos::movies(known, &originals), super::super::clock::Clock::default());
    let medium = (MediumId(0), &fixture.media[0]);
    let same = |&original| Some(((sent, original), Heard::Same { shift_ms: shift_ms? }));
    let sounds: videos::Sounds = originals.iter().filter_map(same).collect();
    let pairing = videos::video(medium, known, &movies, &clock, &sounds, &settings).unwrap();
    let (library, features) = (&fixture.library, &fixture.features[..]);
    let export = &Export { media: fixture.media.clone(), ..Export::default() };
    let (files, memory) = (&Closed, &Nothing);
    let (movies, settings) = (&movies[..], &settings);
    let context = Context { library, export, features, movies, files, memory, settings };
    let of = |item| originals.iter().position(|&one| one == item).and_then(|at| seen.get(at));
    let judged = judged(&pairing, &pairs(&pairing, context), of, context);
    (pairing, judged)
}

/// The parts of its length, in percent, at which a video shows the same.
fn same_at(reason: &Reason) -> Option<&[u32]> {
    match reason {
        Reason::SameFrames { percents, .. } => Some(percents),
        _ => None,
    }
}

#[test]
fn the_same_pictures_prove_what_time_and_length_only_say() {
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let (before, after) = run_in(mode, &[300], &[shows(|moment| scene(1, moment))]);
        assert_eq!(before.original.is_some(), mode == Mode::Loose, "{:?}", before.reason);
        assert_eq!((after.decision, after.original), (Decision::Matched, Some(ItemId(0))));
        assert!(after.score.residual.unwrap() < 1.0 && before.score.residual.is_none());
        assert_eq!(same_at(&after.reason), Some(&[10, 50, 90][..]), "{:?}", after.reason);
        let Reason::SameFrames { before, .. } = after.reason else { unreachable!() };
        assert!(!matches!(*before, Reason::Unproved { .. }), "pictures do prove it");
    }
}

#[test]
fn two_of_three_moments_are_enough_and_one_is_not() {
    let third = |moment| if moment == 2 { black() } else { scene(1, moment) };
    let (_, after) = run(&[300], &[shows(third)]);
    assert_eq!(same_at(&after.reason), Some(&[10, 50][..]), "{:?}", after.reason);
    let first = |moment| if moment == 0 { scene(1, 0) } else { black() };
    let (before, after) = run(&[300], &[shows(first)]);
    assert_eq!(before.reason, after.reason);
}

#[test]
fn other_pictures_undo_the_link() {
    let other = shows(|moment| scene(2, moment));
    let (before, after) = run_in(Mode::Loose, &[300], &[other]);
    assert_eq!(before.decision, Decision::Matched);
    assert_eq!((after.decision, after.original), (Decision::TooDifferent, None));
    assert!(matches!(after.reason, Reason::OtherFrames { .. }), "{:?}", after.reason);
}

#[test]
fn the_same_sound_under_other_pictures_is_another_video() {
    let heard = |seen| run_heard(Mode::Strict, &[300], &[seen], Some(0));
    let (before, after) = heard(shows(|moment| scene(2, moment)));
    assert!(matches!(before.reason, Reason::SameSound { .. }), "{:?}", before.reason);
    assert_eq!((after.decision, after.original), (Decision::TooDifferent, None));
    assert!(matches!(after.reason, Reason::OtherFrames { .. }), "{:?}", after.reason);
    // What was not seen, or is the same at one moment, leaves what sound proves.
    let one = |moment| scene(if moment == 1 { 1 } else { 2 }, moment);
    for seen in [Seen::default(), shows(one), shows(|moment| scene(1, moment))] {
        let (before, after) = heard(seen);
        assert_eq!((before.decision, before.reason), (after.decision, after.reason));
    }
}

#[test]
fn one_moment_is_enough_for_what_sound_proves() {
    let sound = |by_sound| VideoPair {
        medium: MediumId(0),
        exported: ItemId(1),
        original: ItemId(0),
        seconds: [1.0, 5.0, 9.0],
        start_s: 0.0,
        by_sound,
    };
    let first = glimpse(&scene(1, 0), &[black(), scene(1, 0), black()]);
    assert!(is_settled(&sound(true), &[first, None, None]));
    assert!(!is_settled(&sound(false), &[first, None, None]));
    let other = glimpse(&scene(1, 0), &[black(), scene(2, 0), black()]);
    assert!(!is_settled(&sound(true), &[other, None, None]));
}

#[test]
fn frames_that_show_nothing_change_nothing() {
    let (before, after) = run(&[300], &[shows(|_| black())]);
    assert_eq!(before, after);
    let mixed = |moment| if moment == 1 { scene(2, 1) } else { black() };
    let (before, after) = run(&[300], &[shows(mixed)]);
    assert_eq!(before.decision, after.decision);
}

/// Brighter towards its foot.
fn sky() -> Frame {
    let grey = (0..320 * 180).map(|at| 60 + (at / 320 * 100 / 180) as u8).collect();
    frame(&Plane { width: 320, height: 180, grey })
}

#[test]
fn a_plain_sky_under_the_same_music_was_taken_for_no_picture() {
    let (before, after) = run_in(Mode::Loose, &[300], &[shows(|_| sky())]);
    assert_eq!(before.decision, Decision::Matched);
    assert!(matches!(after.reason, Reason::OtherFrames { .. }), "{:?}", after.reason);
    // A sky that was sent shows too little to prove or to refute.
    let plain: Seen = std::array::from_fn(|_| glimpse(&sky(), &[black(), sky(), black()]));
    let (before, after) = run_in(Mode::Loose, &[300], &[plain]);
    assert_eq!(before, after);
}

#[test]
fn one_frame_alone_cannot_speak_against_an_original() {
    let seek_went_wrong =
        std::array::from_fn(|moment| glimpse(&scene(1, moment), &[scene(2, moment)]));
    let (before, after) = run_in(Mode::Loose, &[300], &[seek_went_wrong]);
    assert_eq!((before.decision, after.decision), (Decision::Matched, Decision::Matched));
}

#[test]
fn of_several_as_long_the_one_that_agrees_is_linked() {
    let (wrong, right) = (shows(|moment| scene(2, moment)), shows(|moment| scene(1, moment)));
    let (before, after) = run(&[300, 200], &[wrong, right]);
    assert_eq!(before.decision, Decision::Ambiguous);
    assert_eq!((after.decision, after.original), (Decision::Matched, Some(ItemId(1))));
    assert_eq!(after.candidates[0].item, ItemId(1));
    let (_, after) = run(&[300, 200], &[right, right]);
    assert_eq!(after.decision, Decision::Ambiguous, "two agree");
    let (_, after) = run(&[300, 200], &[shows(|_| black()), right]);
    assert_eq!(after.decision, Decision::Ambiguous, "one could not be seen");
    let (_, after) = run(&[300, 200], &[wrong, wrong]);
    assert_eq!(after.decision, Decision::TooDifferent, "none agrees");
}

#[test]
fn a_length_that_proves_nothing_is_proved_by_frames() {
    let month = 30 * 86_400;
    let right = shows(|moment| scene(1, moment));
    let (_, after) = run(&[month, 2 * month], &[right, shows(|moment| scene(2, moment))]);
    assert_eq!((after.decision, after.original), (Decision::Matched, Some(ItemId(0))));
    let (before, after) = run(&[-month, -2 * month], &[right, right]);
    assert_eq!(before.decision, after.decision, "taken after it was sent");
    assert_eq!(after.original, None);
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let good = scene(1, 0);
    let check = |frame: Frame| assert_eq!(glimpse(&frame, &[scene(1, 0)]), None);
    check(Frame { width: 0, ..good.clone() });
    check(Frame { width: 321, ..good.clone() });
    check(Frame { width: u32::MAX, height: u32::MAX, rgba: Vec::new() });
    let upright = frame(&scenes::scene(10, 180, 320));
    assert_eq!(glimpse(&good, &[upright]), None);
}
