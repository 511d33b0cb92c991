//! Files that are broken, need not be read, or are no pictures.

use super::*;
use crate::error::Problem;

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

#[test]
fn documents_match_by_content() {
    let mut world = World::default();
    let pdf = || Features::new(Kind::Pdf);
    world.original("b.pdf", b"%PDF one".to_vec(), pdf());
    world.original("a.pdf", b"%PDF one".to_vec(), pdf());
    world.original("c.pdf", b"%PDF two".to_vec(), pdf());
    let sent = world.exported("x.pdf", b"%PDF one".to_vec(), pdf());
    let other = world.exported("y.pdf", b"%PDF six".to_vec(), pdf());
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
fn documents_that_lost_their_ends_are_not_taken_for_one() {
    let mut world = World::default();
    let (bytes, pdf) = (|| b"%PDF one".to_vec(), Features::new(Kind::Pdf));
    let original = world.original("a.pdf", bytes(), pdf.clone());
    let sent = world.exported("x.pdf", bytes(), pdf);
    for id in [original, sent] {
        world.fixture.library.items[id.0 as usize].size = 20;
    }
    world.fixture.send(MediaKind::Document, Some(sent), SECOND);
    let (matches, issues) = world.run(&Settings::default());
    assert_eq!(matches.pairings[0].decision, Decision::NoCandidates);
    let problems: Vec<_> = issues.iter().map(|issue| &issue.problem).collect();
    assert_eq!(problems, [&Problem::Truncated; 2]);
}
