use super::*;
use crate::matching::fixture::Fixture;
use crate::model::{Edits, MediaKind, Taken, TimeSource, VideoShape};

const SENT: i64 = 1_700_000_000;

fn clip(duration_ms: u64, size: Size, before_s: Option<i64>) -> Features {
    Features {
        size: Some(size),
        taken: before_s.map(|before| Taken::Wall(SENT - before)),
        time_source: before_s.map(|_| TimeSource::QuickTime),
        video: Some(VideoShape { duration_ms: Some(duration_ms), has_audio: true, is_gif: false }),
        ..Features::new(Kind::Video)
    }
}

/// Original 1080p videos (name, milliseconds, seconds before it was sent, what their
/// sound says), and the decision on a video of 12.34 seconds.
#[track_caller]
fn decide(mode: Mode, originals: &[(&str, u64, i64, Option<Heard>)]) -> (Pairing, Option<String>) {
    let mut fixture = Fixture::default();
    let mut heard = Vec::new();
    for &(path, duration, before, sound) in originals {
        let features = clip(duration, Size::new(1920, 1080), Some(before));
        heard.push((fixture.original(path, duration, features), sound));
    }
    let sent = fixture.exported("v.mp4", 99, clip(12_340, Size::new(848, 480), None));
    fixture.send(MediaKind::Video, Some(sent), SENT);
    let of_sent = |(original, heard): (ItemId, Option<Heard>)| Some(((sent, original), heard?));
    let sounds: Sounds = heard.into_iter().filter_map(of_sent).collect();
    let (known, settings) = (fixture.known(), Settings { mode, ..Settings::default() });
    let medium = (MediumId(0), &fixture.media[0]);
    let movies = movies(known, &fixture.originals);
    let got = video(medium, known, &movies, &Clock::default(), &sounds, &settings).unwrap();
    let path = got.original.map(|id| known.item(id).path.clone());
    (got, path)
}

/// Nothing is known of their sound.
#[track_caller]
fn check(mode: Mode, originals: &[(&str, u64, i64)], want: (Decision, Option<&str>)) {
    let unheard = |&(path, duration, before): &(_, _, _)| (path, duration, before, None);
    let originals: Vec<_> = originals.iter().map(unheard).collect();
    let (got, path) = decide(mode, &originals);
    assert_eq!((got.decision, path.as_deref()), want, "{mode:?} {:?}", got.reason);
    let unproved = matches!(got.reason, Reason::Unproved { .. });
    assert_eq!(unproved, got.original.is_some(), "{:?}", got.reason);
}

const DAY: i64 = 86_400;
const HERE: Option<Heard> = Some(Heard::Same { shift_ms: 0 });

#[test]
fn time_and_length_alone_link_in_loose_only() {
    let both = [("a.mov", 12_600, 300), ("b.mov", 12_340, 9 * DAY), ("c.mov", 9_000, 200)];
    check(Mode::Loose, &both, (Decision::Matched, Some("a.mov")));
    check(Mode::Balanced, &both, (Decision::TooDifferent, None));
    check(Mode::Strict, &both, (Decision::TooDifferent, None));
    check(Mode::Balanced, &[("a.mov", 13_000, 300)], (Decision::NoCandidates, None));
}

#[test]
fn two_in_the_window_are_ambiguous_but_copies_are_one() {
    let two = [("a.mov", 12_300, 300), ("b.mov", 12_400, 400)];
    check(Mode::Loose, &two, (Decision::Ambiguous, None));
    let copies = [("a.mov", 12_300, 300), ("b.mov", 12_300, 300)];
    check(Mode::Loose, &copies, (Decision::Matched, Some("a.mov")));
}

#[test]
fn outside_the_window_a_length_alone_proves_nothing() {
    let late = [("a.mov", 12_330, 3 * DAY), ("b.mov", 12_700, DAY)];
    check(Mode::Loose, &late, (Decision::Matched, Some("a.mov")));
    check(Mode::Balanced, &late, (Decision::TooDifferent, None));
    check(Mode::Strict, &late, (Decision::TooDifferent, None));
    check(Mode::Loose, &[("a.mov", 12_200, 3 * DAY)], (Decision::TooDifferent, None));
    check(Mode::Loose, &[("a.mov", 12_330, -3 * DAY)], (Decision::TooDifferent, None));
}

#[test]
fn a_longer_video_is_a_candidate_in_loose_only() {
    let longer = [("a.mov", 40_000, 300)];
    check(Mode::Loose, &longer, (Decision::Matched, Some("a.mov")));
    check(Mode::Balanced, &longer, (Decision::NoCandidates, None));
}

#[test]
fn the_same_sound_proves_a_video_whenever_it_was_taken() {
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let (got, path) =
            decide(mode, &[("a.mov", 12_300, 300, None), ("b.mov", 12_400, 90 * DAY, HERE)]);
        assert_eq!(path.as_deref(), Some("b.mov"));
        assert_eq!(got.reason, Reason::SameSound { original: "b.mov".into() });
        assert_eq!(got.edits, Edits::EMPTY);
    }
}

#[test]
fn a_part_that_was_sent_is_a_trim() {
    let cut = Some(Heard::Same { shift_ms: 20_000 });
    let (got, path) = decide(Mode::Strict, &[("a.mov", 40_000, 300, cut)]);
    assert_eq!((path.as_deref(), got.edits), (Some("a.mov"), Edit::Trim.into()));
    let (start_ms, end_ms) = (20_000, 7_660);
    assert_eq!(got.reason, Reason::SameSoundCut { original: "a.mov".into(), start_ms, end_ms });
    // Somebody kept the part: that was sent, whole.
    let both = [("a.mov", 40_000, 300, cut), ("part.mov", 12_340, 200, HERE)];
    let (got, path) = decide(Mode::Strict, &both);
    assert_eq!((path.as_deref(), got.edits), (Some("part.mov"), Edits::EMPTY));
}

#[test]
fn of_two_with_the_same_sound_pictures_decide() {
    let two = [("a.mov", 12_300, 300, HERE), ("b.mov", 12_400, 400, HERE)];
    let (got, path) = decide(Mode::Loose, &two);
    assert_eq!((got.decision, path), (Decision::Ambiguous, None));
    assert!(matches!(got.reason, Reason::TwoSameSound { .. }), "{:?}", got.reason);
}

#[test]
fn another_sound_refutes_what_time_and_length_say() {
    let (got, _) = decide(Mode::Loose, &[("a.mov", 12_340, 300, Some(Heard::Other))]);
    assert_eq!(got.decision, Decision::TooDifferent);
    assert_eq!(got.reason, Reason::OtherSound { original: "a.mov".into() });
    let one_left = [("a.mov", 12_340, 300, Some(Heard::Other)), ("b.mov", 12_340, 301, None)];
    assert_eq!(decide(Mode::Loose, &one_left).1.as_deref(), Some("b.mov"));
}

#[test]
fn a_silent_video_is_no_source_of_sound_nor_the_reverse() {
    for original_has_audio in [true, false] {
        let mut fixture = Fixture::default();
        let mut silent = |path: &str, size, before, has_audio| {
            let mut features = clip(12_340, size, before);
            features.video = Some(VideoShape { has_audio, ..features.video.unwrap() });
            fixture.original(path, 1000, features)
        };
        let original = silent("a.mov", Size::new(1920, 1080), Some(300), original_has_audio);
        let sent = silent("v.mp4", Size::new(848, 480), None, !original_has_audio);
        fixture.send(MediaKind::Video, Some(sent), SENT);
        let settings = Settings { mode: Mode::Loose, ..Settings::default() };
        let (medium, known) = ((MediumId(0), &fixture.media[0]), fixture.known());
        let (movies, clock) = (movies(known, &[original]), Clock::default());
        let got = video(medium, known, &movies, &clock, &Sounds::new(), &settings).unwrap();
        assert_eq!(got.decision, Decision::TooDifferent);
        assert_eq!(got.reason, Reason::OneIsSilent { original: "a.mov".into() });
    }
}
