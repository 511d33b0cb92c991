//! Looking into videos, from the host's side: what it is asked for, and what
//! becomes of its replies.

use std::cell::Cell;
use std::ops::Bound;
use std::rc::Rc;

use super::super::bounded_tests::Notes;
use super::*;
use crate::error::Fatal;
use crate::examine::testing::{boxed, moov, words};
use crate::job::link::Sides;
use crate::matching::{Decision, Reason, scenes};
use crate::memory::{Key, Memory, Note, Shelf};
use crate::model::{Entry, FileId, ItemId};
use crate::need::{Frame, Frames, Shown};
use crate::plan::Answer;
use crate::plan::sample;
use crate::progress::Advance;
use crate::settings::Mode;

/// A video of 2.5 s, in a file that is `room` bytes longer than it must be.
fn video(width: u32, height: u32, room: usize) -> Vec<u8> {
    let parts = [boxed(b"ftyp", b"mp42\0\0\0\0"), moov(false), boxed(b"free", &vec![0; room])];
    let mut bytes = parts.concat();
    let made = words(&[640 << 16, 360 << 16]);
    let at = bytes.windows(made.len()).position(|eight| eight == made).unwrap();
    bytes[at..at + made.len()].copy_from_slice(&words(&[width << 16, height << 16]));
    bytes
}

/// A chat with so many videos, and so many originals that each may come from.
fn job(sent: usize, originals: usize) -> Job<scenes::InMemory> {
    job_in(Mode::Balanced, sent, originals)
}

fn job_in(mode: Mode, sent: usize, originals: usize) -> Job<scenes::InMemory> {
    let name = |at: usize| format!("VID-20241222-WA{at:04}.mp4");
    let line = |at| format!("22/12/2024, 20:36 - Bob: {} (file attached)\n", name(at));
    let chat: String = (0..sent).map(line).collect();
    let mut files = vec![("WhatsApp Chat with Bob.txt".into(), chat.into_bytes())];
    files.extend((0..sent).map(|at| (name(at), video(320, 180, at))));
    files.extend((0..originals).map(|at| (format!("{at}.mov"), video(640, 360, at))));
    over(mode, files, sent)
}

/// A job over these files: the chat's text and so many media, then the originals.
fn over(mode: Mode, files: Vec<(String, Vec<u8>)>, sent: usize) -> Job<scenes::InMemory> {
    let entry = |(number, (path, bytes)): (u32, &(String, Vec<u8>))| Entry {
        file: FileId(number),
        path: path.clone(),
        size: bytes.len() as u64,
        modified: Some(1),
    };
    let mut export: Vec<Entry> = (0..).zip(&files).map(entry).collect();
    let originals = export.split_off(sent + 1);
    let files = files.into_iter().map(|(_, bytes)| bytes).collect();
    let settings = Settings { mode, ..Settings::default() };
    Job::new(settings, Sides { export, originals }, scenes::InMemory(files))
}

/// The same, with a host that can take frames.
fn able(sent: usize, originals: usize) -> Job<scenes::InMemory> {
    let mut job = job(sent, originals);
    job.can(Ability::Frames);
    job
}

/// What the host is asked next; `None`: everything is decided.
fn asked(job: &mut Job<scenes::InMemory>) -> Option<(NeedId, Frames)> {
    loop {
        match job.advance().expect("a chat") {
            Advance::Working(_) => {}
            Advance::Need(id, Need::Frames(frames)) => return Some((id, frames)),
            Advance::Done(_) => return None,
        }
    }
}

/// A frame of a clip; every moment is another scene.
fn scene(clip: u64, moment: usize) -> Frame {
    let plane = scenes::scene(clip * 10 + moment as u64, 320, 180);
    let rgba = plane.grey.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
    Frame { width: plane.width, height: plane.height, rgba }
}

/// What was asked for: the exported video is clip 1, the original this one.
fn shows(frames: &Frames, clip: u64) -> Reply {
    let shown = |(moment, asked): (usize, &crate::need::Moment)| Shown {
        exported: scene(1, moment),
        originals: vec![scene(clip, moment); asked.originals_s.len()],
    };
    Reply::Frames(frames.moments.iter().enumerate().map(shown).collect())
}

/// The first medium's decision, and why.
fn decided(job: &Job<scenes::InMemory>) -> (Decision, &Reason) {
    let pairing = &job.pairings()[0];
    (pairing.decision, &pairing.reason)
}

#[test]
fn a_host_that_cannot_take_frames_is_never_asked() {
    let mut job = job(1, 1);
    assert_eq!(asked(&mut job), None);
    assert!(matches!(decided(&job), (Decision::TooDifferent, Reason::LengthAlone { .. })));
}

#[test]
fn frames_in_their_place_confirm_at_once() {
    let mut job = able(1, 1);
    let (id, frames) = asked(&mut job).unwrap();
    let places: Vec<f64> = frames.moments.iter().map(|at| at.exported_s).collect();
    assert_eq!(places, [0.25, 1.25, 2.25]);
    assert!(frames.moments.iter().all(|at| at.originals_s == [at.exported_s]));
    let path = |id: ItemId| job.library()[id].path.as_str();
    let paths = (path(frames.exported), path(frames.original));
    assert_eq!(paths, ("VID-20241222-WA0000.mp4", "0.mov"));
    job.supply(id, shows(&frames, 1));
    assert_eq!(asked(&mut job), None);
    assert!(matches!(decided(&job), (Decision::Matched, Reason::SameFrames { .. })));
}

#[test]
fn other_frames_undo_a_link_when_their_neighbours_are_others_too() {
    let mut job = job_in(Mode::Loose, 1, 1);
    job.can(Ability::Frames);
    let (first, frames) = asked(&mut job).unwrap();
    job.supply(first, shows(&frames, 2));
    assert_eq!(decided(&job).0, Decision::Matched, "one frame alone");
    let (second, frames) = asked(&mut job).unwrap();
    assert_ne!(second, first);
    let around = &frames.moments[0].originals_s;
    assert_eq!((around.len(), around[0], around[1]), (7, 0.25, 0.25 - 1.0 / 60.0));
    job.supply(second, shows(&frames, 2));
    assert_eq!(asked(&mut job), None);
    assert!(matches!(decided(&job), (Decision::TooDifferent, Reason::OtherFrames { .. })));
}

#[test]
fn of_two_originals_each_is_asked_for_and_the_one_that_agrees_is_linked() {
    let mut job = able(1, 2);
    let mut asked_for = Vec::new();
    while let Some((id, frames)) = asked(&mut job) {
        let path = job.library()[frames.original].path.clone();
        job.supply(id, shows(&frames, if path == "1.mov" { 1 } else { 2 }));
        asked_for.push(path);
    }
    assert_eq!(asked_for, ["0.mov", "0.mov", "1.mov"]);
    assert!(matches!(decided(&job), (Decision::Matched, Reason::SameFrames { .. })));
}

#[test]
fn nothing_settles_a_pair_and_leaves_what_was_decided() {
    let (mut without, mut with) = (job(2, 1), able(2, 1));
    assert_eq!(asked(&mut without), None);
    let mut told = Vec::new();
    while let Some((id, frames)) = asked(&mut with) {
        with.supply(id, Reply::Nothing);
        told.push((frames.medium, with.progress().done, with.progress().total));
    }
    assert_eq!(told, [(MediumId(0), 0, 2), (MediumId(1), 1, 2)]);
    assert_eq!(with.report().mapping_json, without.report().mapping_json);
}

#[test]
fn frames_that_cannot_be_compared_are_not_asked_for_again() {
    let mut job = able(1, 1);
    let (id, _) = asked(&mut job).unwrap();
    let odd = Frame { width: 0, height: 0, rgba: Vec::new() };
    let shown = Shown { exported: odd.clone(), originals: vec![odd] };
    job.supply(id, Reply::Frames(vec![shown; 3]));
    assert_eq!(asked(&mut job), None);
    assert!(matches!(decided(&job), (Decision::TooDifferent, Reason::LengthAlone { .. })));
}

#[test]
fn frames_that_nobody_asked_for_are_left_aside() {
    let mut job = able(1, 1);
    let (id, frames) = asked(&mut job).unwrap();
    let Reply::Frames(mut shown) = shows(&frames, 2) else { panic!("no frames") };
    for (moment, shown) in shown.iter_mut().enumerate() {
        shown.originals.push(scene(1, moment));
    }
    job.supply(id, Reply::Frames(shown));
    assert!(asked(&mut job).is_some(), "the neighbours count before they were asked for");
}

#[test]
fn what_is_not_answered_is_asked_again() {
    let mut job = able(1, 2);
    let first = asked(&mut job).unwrap();
    assert_eq!(asked(&mut job).as_ref(), Some(&first));
    // A number that nobody was asked under.
    job.supply(NeedId(1000), Reply::Nothing);
    assert_eq!(asked(&mut job).as_ref(), Some(&first));
    job.supply(first.0, Reply::Nothing);
    let second = asked(&mut job).unwrap();
    assert_ne!(second.1.original, first.1.original);
    // A second reply to the same question.
    job.supply(first.0, shows(&first.1, 1));
    assert_eq!(asked(&mut job).as_ref(), Some(&second));
    assert_eq!(decided(&job).0, Decision::Ambiguous);
}

#[test]
fn a_reply_after_the_user_decided_changes_nothing() {
    let mut job = able(2, 2);
    let (id, frames) = asked(&mut job).unwrap();
    let before = job.pairings()[0].clone();
    job.answer(MediumId(0), Some(Answer::Accept));
    job.supply(id, shows(&frames, 1));
    assert_eq!(job.pairings()[0], before);
    // Nor is its other original asked for.
    assert_eq!(asked(&mut job).unwrap().1.medium, MediumId(1));
}

#[test]
fn a_question_that_the_user_answered_is_not_asked_again() {
    let mut job = able(1, 1);
    let (id, frames) = asked(&mut job).unwrap();
    let before = job.pairings()[0].clone();
    job.answer(MediumId(0), Some(Answer::Reject));
    assert_eq!(asked(&mut job), None);
    job.supply(id, shows(&frames, 1));
    assert_eq!(job.pairings()[0], before);
}

#[test]
fn what_earlier_runs_saw_is_not_asked_again() {
    let notes = Notes::default();
    let mut first = able(1, 1);
    first.remember(Box::new(notes.clone()));
    let (id, frames) = asked(&mut first).unwrap();
    first.supply(id, shows(&frames, 1));
    assert_eq!(asked(&mut first), None);
    let mut again = able(1, 1);
    again.remember(Box::new(notes));
    assert_eq!(asked(&mut again), None);
    assert!(matches!(decided(&again), (Decision::Matched, Reason::SameFrames { .. })));
    assert_eq!(again.report().mapping_json, first.report().mapping_json);
}

#[test]
fn no_bundle_is_written_before_the_videos_were_looked_into() {
    let mut job = able(1, 1);
    let (id, _) = asked(&mut job).unwrap();
    let mut out = sample::Shelf::default();
    assert!(matches!(job.rebuild(&mut out), Err(Fatal::TooEarly(_))));
    job.supply(id, Reply::Nothing);
    assert_eq!(asked(&mut job), None);
    assert!(job.rebuild(&mut out).is_ok());
}

/// Knows nothing, and counts the notes that it was asked for.
struct Asked(Rc<Cell<usize>>);

impl Memory for Asked {
    fn recall(&self, _: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        self.0.set(self.0.get() + keys.len());
        vec![None; keys.len()]
    }

    fn scan(&self, _: &Shelf, _: Bound<Key>, _: usize) -> Vec<(Key, Vec<u8>)> {
        unreachable!("the chat job lists no shelf")
    }

    fn note(&mut self, _: Vec<Note>) {}
}

#[test]
fn what_was_seen_of_many_videos_is_recalled_in_small_calls_and_once() {
    const SENT: usize = 200;
    let mut job = able(SENT, 2);
    let counted = Rc::new(Cell::new(0));
    job.remember(Box::new(Asked(Rc::clone(&counted))));
    let (mut most, mut all, mut questions) = (0, 0, 0);
    loop {
        let looking = matches!(job.phase, Phase::Look(_));
        counted.set(0);
        let advance = job.advance().expect("a chat");
        if looking {
            most = most.max(counted.get());
            all += counted.get();
        }
        match advance {
            Advance::Working(_) => {}
            Advance::Need(id, _) => {
                questions += 1;
                job.supply(id, Reply::Nothing);
            }
            Advance::Done(_) => break,
        }
    }
    assert!(most <= BATCH_VIDEOS * 2 * 6, "{most} notes in one call");
    // Three moments of two originals each, as the core and as the host see them.
    assert_eq!((all, questions), (SENT * 2 * 6, SENT * 2));
}

/// A clip of the fixtures whose sound nothing can be told of.
fn unheard(name: &str) -> Vec<u8> {
    let mut bytes = std::fs::read(format!("../../tests/fixtures/videos/{name}")).unwrap();
    let at = bytes.windows(4).position(|name| name == b"soun").unwrap();
    bytes[at..at + 4].copy_from_slice(b"text");
    bytes
}

/// A chat with one of these clips, and originals.
fn of_clips(sent: &str, originals: &[&str]) -> Job<scenes::InMemory> {
    let chat = "04/05/2024, 12:02 - Bob: VID-20240504-WA0000.mp4 (file attached)\n";
    let mut files = vec![("WhatsApp Chat with Bob.txt".to_owned(), chat.as_bytes().to_vec())];
    files.push(("VID-20240504-WA0000.mp4".into(), unheard(sent)));
    files.extend(originals.iter().map(|name| ((*name).to_owned(), unheard(name))));
    over(Mode::Balanced, files, 1)
}

#[test]
fn pictures_that_the_core_decodes_prove_and_no_host_is_asked() {
    let originals = ["made-other.mp4", "made-sound.mp4"];
    let mut without = of_clips("made-sent.mp4", &originals);
    assert_eq!(asked(&mut without), None);
    let pairing = &without.pairings()[0];
    assert!(matches!(pairing.reason, Reason::SameFrames { .. }), "{:?}", pairing.reason);
    let linked = pairing.original.map(|id| without.library()[id].path.as_str());
    assert_eq!(linked, Some("made-sound.mp4"));
    let mut with = of_clips("made-sent.mp4", &originals);
    with.can(Ability::Frames);
    assert_eq!(asked(&mut with), None);
    assert_eq!(with.report().mapping_json, without.report().mapping_json);
}

#[test]
fn a_film_in_hevc_was_left_to_a_host() {
    let mut job = of_clips("made-sent.mp4", &["made-other.mp4", "made-hevc.mp4"]);
    job.can(Ability::Frames);
    assert_eq!(asked(&mut job), None);
    let pairing = &job.pairings()[0];
    assert!(matches!(pairing.reason, Reason::SameFrames { .. }), "{:?}", pairing.reason);
    let linked = pairing.original.map(|id| job.library()[id].path.as_str());
    assert_eq!(linked, Some("made-hevc.mp4"));
}

#[test]
fn pictures_that_the_core_decodes_refute_and_are_remembered() {
    let notes = Notes::default();
    let run = || {
        let mut job = of_clips("made-sent.mp4", &["made-other.mp4"]);
        job.remember(Box::new(notes.clone()));
        assert_eq!(asked(&mut job), None);
        let read = job.progress().bytes_read;
        assert!(matches!(decided(&job), (Decision::TooDifferent, Reason::AllOtherFrames { .. })));
        read
    };
    let (first, again) = (run(), run());
    assert!(again < first, "{again} of {first} bytes were read again");
}
