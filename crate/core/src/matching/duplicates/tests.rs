//! Whole judgements over a made-up library; no file is read.

use super::contents::{Contents, Findings, InChat, List, Rule};
use super::decided::{Choice, Content, Decided, Decisions};
use super::findings::findings;
use super::why::{Keep, Why};
use crate::examine::learnt::Digested;
use crate::matching::fixture::Fixture;
use crate::matching::likeness::{Likeness, Likenesses, Origin};
use crate::model::{Edit, Edits, Features, Fingerprint, ItemId, Kind, Size, Taken, TimeSource};

/// A library with what was hashed and compared.
#[derive(Default)]
struct Library {
    fixture: Fixture,
    digests: Vec<Digested>,
    likenesses: Likenesses,
    decisions: Decisions,
}

impl Library {
    /// Adds a file of this content.
    fn file(&mut self, path: &str, content: u8, features: Features) -> ItemId {
        let id = self.fixture.original(path, 1000 + u64::from(content), features);
        self.digests.push(Digested { blake3: Some([content; 32]), ..Digested::default() });
        id
    }

    fn like(&mut self, first: ItemId, second: ItemId, edits: Edits, residual: f64) {
        let origin = Origin::First;
        self.likenesses.add(Likeness { first, second, edits, residual, origin });
    }

    fn decide(&mut self, choice: Choice, contents: [u8; 2]) {
        let file = |content: u8| Content {
            blake3: [content; 32],
            size: 1000 + u64::from(content),
            path: String::new(),
        };
        self.decisions.add(Decided { choice, files: contents.map(file).to_vec() });
    }

    fn found(&self, keep: &[Keep]) -> Findings {
        let lists = [List::Exact, List::Payload, List::Shot];
        findings(
            Contents {
                known: self.fixture.known(),
                digests: &self.digests,
                likenesses: &self.likenesses,
                decisions: &self.decisions,
                whole: &|id| !self.path(id).starts_with("damaged"),
                in_chat: &|id| match self.path(id).split('/').next() {
                    Some("chat") => Some(InChat::Original),
                    Some("sent") => Some(InChat::Copy),
                    _ => None,
                },
                names: &|id| 1 + usize::from(self.path(id).starts_with("linked")),
            },
            &lists,
            keep,
        )
    }

    fn path(&self, id: ItemId) -> &str {
        &self.fixture.library[id].path
    }

    /// Groups as their files, the keeper's first; those of one shot joined by `+`.
    #[track_caller]
    fn check(&self, want: &[(List, &[&str])]) {
        let found = self.found(&[]);
        let groups: Vec<(List, Vec<String>)> = found
            .groups
            .iter()
            .map(|group| {
                let shot = |files: &Vec<ItemId>| {
                    let paths: Vec<&str> = files.iter().map(|&id| self.path(id)).collect();
                    paths.join("+")
                };
                (group.list, group.shots.iter().map(|of| shot(&of.files)).collect())
            })
            .collect();
        let want: Vec<(List, Vec<String>)> = want
            .iter()
            .map(|(list, shots)| (*list, shots.iter().map(|&shot| shot.to_owned()).collect()))
            .collect();
        assert_eq!(groups, want);
    }

    fn stacks(&self) -> Vec<(Rule, Vec<&str>)> {
        let found = self.found(&[]);
        let files = |files: &[ItemId]| files.iter().map(|&id| self.path(id)).collect();
        found.stacks.iter().map(|stack| (stack.rule, files(&stack.files))).collect()
    }
}

fn photo(kind: Kind) -> Features {
    Features { size: Some(Size::new(4000, 3000)), ..Features::new(kind) }
}

fn shot(kind: Kind, second: i64) -> Features {
    Features {
        taken: Some(Taken::Wall(second)),
        time_source: Some(TimeSource::Exif),
        camera: Some("Pixel 8".into()),
        fingerprint: Some(Fingerprint { p64: 7, contrast: 50.0 }),
        ..photo(kind)
    }
}

fn live(kind: Kind, content: &str) -> Features {
    Features { content_id: Some(content.into()), ..shot(kind, 9) }
}

#[test]
fn a_pair_stands_in_its_strongest_list_and_the_keeper_in_the_next() {
    let mut library = Library::default();
    let first = library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("b.jpg", 1, photo(Kind::Jpeg));
    let small = Features { size: Some(Size::new(400, 300)), ..Features::new(Kind::Jpeg) };
    let second = library.file("c.jpg", 2, small);
    library.like(first, second, Edits::EMPTY, 1.0);
    library.check(&[(List::Exact, &["a.jpg", "b.jpg"]), (List::Shot, &["a.jpg", "c.jpg"])]);
}

#[test]
fn a_live_photo_stays_over_its_still_alone() {
    let mut library = Library::default();
    library.file("2020/1.JPG", 1, live(Kind::Jpeg, "x"));
    library.file("phone/1.JPG", 1, live(Kind::Jpeg, "x"));
    library.file("phone/1.MOV", 2, live(Kind::Video, "x"));
    library.check(&[(List::Exact, &["phone/1.JPG+phone/1.MOV", "2020/1.JPG"])]);
    assert_eq!(library.stacks(), [(Rule::LivePhoto, vec!["phone/1.JPG", "phone/1.MOV"])]);
}

#[test]
fn two_raws_with_one_jpg_are_no_copies_of_each_other() {
    let mut library = Library::default();
    for (folder, raw) in [("x", 3), ("y", 4)] {
        library.file(&format!("{folder}/1.CR2"), raw, shot(Kind::Raw, 9));
        library.file(&format!("{folder}/1.JPG"), 1, shot(Kind::Jpeg, 9));
    }
    library.check(&[]);
}

#[test]
fn equal_sidecars_make_no_copies_of_their_photos() {
    let mut library = Library::default();
    for (name, content) in [("a", 1), ("b", 2)] {
        library.file(&format!("{name}.jpg"), content, photo(Kind::Jpeg));
        library.file(&format!("{name}.jpg.xmp"), 9, Features::new(Kind::Text));
    }
    library.check(&[]);
    assert_eq!(library.stacks().len(), 2);
}

#[test]
fn what_is_kept_apart_is_no_group_and_others_stay() {
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("b.jpg", 1, photo(Kind::Jpeg));
    let first = library.file("x.jpg", 3, photo(Kind::Jpeg));
    let second = library.file("y.jpg", 4, photo(Kind::Jpeg));
    library.like(first, second, Edits::EMPTY, 1.0);
    library.decide(Choice::NotADuplicate, [3, 4]);
    library.check(&[(List::Exact, &["a.jpg", "b.jpg"])]);
    // Copies, too.
    library.decide(Choice::NotADuplicate, [1, 1]);
    library.check(&[]);
}

#[test]
fn two_frames_are_never_one_shot_by_way_of_a_third() {
    let mut library = Library::default();
    let first = library.file("1.jpg", 1, shot(Kind::Jpeg, 100));
    let second = library.file("2.jpg", 2, shot(Kind::Jpeg, 101));
    let copy = library.file("copy.jpg", 3, photo(Kind::Jpeg));
    library.like(first, copy, Edits::EMPTY, 1.0);
    library.like(second, copy, Edits::EMPTY, 2.0);
    library.check(&[(List::Shot, &["1.jpg", "copy.jpg"])]);
}

#[test]
fn a_copy_was_kept_apart_by_a_changed_date_of_another_copy() {
    let mut library = Library::default();
    let camera = library.file("camera.jpg", 1, shot(Kind::Jpeg, 100));
    library.file("changed.jpg", 2, shot(Kind::Jpeg, 5000));
    let again = library.file("encoded again.jpg", 3, shot(Kind::Jpeg, 100));
    let next = library.file("next.jpg", 4, shot(Kind::Jpeg, 130));
    for at in [0, 1] {
        library.digests[at].payload = Some(Some([7; 32]));
    }
    library.like(camera, again, Edits::EMPTY, 1.0);
    library.like(camera, next, Edits::EMPTY, 0.5);
    library.check(&[
        (List::Payload, &["camera.jpg", "changed.jpg"]),
        (List::Shot, &["camera.jpg", "encoded again.jpg"]),
    ]);
}

#[test]
fn what_was_cropped_does_not_stay() {
    let mut library = Library::default();
    let whole = library.file("z/whole.jpg", 1, photo(Kind::Jpeg));
    let cut = library.file("cut.jpg", 2, shot(Kind::Jpeg, 9));
    library.like(whole, cut, Edit::Crop.into(), 1.0);
    library.check(&[(List::Shot, &["z/whole.jpg", "cut.jpg"])]);
    let found = library.found(&[]);
    assert_eq!(found.groups[0].why, Why::Unchanged);
    assert_eq!(found.groups[0].edits, [Edits::EMPTY, Edit::Crop.into()]);
}

#[test]
fn an_enlarged_copy_does_not_stay_for_its_pixels() {
    let mut library = Library::default();
    let large = library.file("large.jpg", 1, photo(Kind::Jpeg));
    let small = Features { size: Some(Size::new(2000, 1500)), ..shot(Kind::Jpeg, 9) };
    let small = library.file("small.jpg", 2, small);
    let (edits, residual) = (Edits::EMPTY, 1.0);
    library.likenesses.add(Likeness {
        first: large,
        second: small,
        edits,
        residual,
        origin: Origin::Second,
    });
    library.check(&[(List::Shot, &["small.jpg", "large.jpg"])]);
    assert_eq!(library.found(&[]).groups[0].why, Why::Source);
}

/// The keeper's path and the reason for it, of two files that are one shot.
#[track_caller]
fn check_keeper(first: Features, second: Features, (path, why): (&str, &Why)) {
    let mut library = Library::default();
    // In two folders: they are no stack.
    let first = library.file("x/a.jpg", 1, first);
    let second = library.file("y/b.jpg", 2, second);
    library.like(first, second, Edits::EMPTY, 1.0);
    let groups = library.found(&[]).groups;
    let kept = library.path(groups[0].shots[0].main());
    assert_eq!((kept, &groups[0].why), (path, why));
}

#[test]
fn each_rank_of_the_keeper_decides_before_the_next() {
    let small = || Features { size: Some(Size::new(400, 300)), ..shot(Kind::Jpeg, 9) };
    let steps = |steps| Features { quantisation: Some(steps), ..shot(Kind::Jpeg, 9) };
    let placed = |of: Features| Features { place: Some((46.0, 14.0)), ..of };
    check_keeper(small(), photo(Kind::Jpeg), ("y/b.jpg", &Why::Detail));
    check_keeper(photo(Kind::Png), shot(Kind::Jpeg, 9), ("y/b.jpg", &Why::Camera));
    check_keeper(placed(shot(Kind::Jpeg, 9)), shot(Kind::Heic, 9), ("y/b.jpg", &Why::Original));
    check_keeper(placed(steps(9.0)), steps(4.0), ("y/b.jpg", &Why::Original));
    check_keeper(shot(Kind::Jpeg, 9), placed(shot(Kind::Jpeg, 9)), ("y/b.jpg", &Why::Known));
    check_keeper(photo(Kind::Jpeg), photo(Kind::Jpeg), ("x/a.jpg", &Why::Name));
}

#[test]
fn what_is_damaged_does_not_stay() {
    let mut library = Library::default();
    library.file("damaged.jpg", 1, shot(Kind::Jpeg, 9));
    library.file("whole.jpg", 1, photo(Kind::Jpeg));
    library.check(&[(List::Exact, &["whole.jpg", "damaged.jpg"])]);
    assert_eq!(library.found(&[]).groups[0].why, Why::Whole);
}

#[test]
fn of_copies_the_one_with_a_sidecar_or_with_several_names_stays() {
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("noted.jpg", 1, photo(Kind::Jpeg));
    library.file("noted.jpg.xmp", 9, Features::new(Kind::Text));
    library.check(&[(List::Exact, &["noted.jpg+noted.jpg.xmp", "a.jpg"])]);
    assert_eq!(library.found(&[]).groups[0].why, Why::Noted);
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("linked.jpg", 1, photo(Kind::Jpeg));
    library.check(&[(List::Exact, &["linked.jpg", "a.jpg"])]);
    assert_eq!(library.found(&[]).groups[0].why, Why::Names);
}

#[test]
fn one_payload_is_no_exact_copy_and_no_weaker_pair() {
    let mut library = Library::default();
    let first = library.file("a.jpg", 1, photo(Kind::Jpeg));
    let second = library.file("b.jpg", 2, photo(Kind::Jpeg));
    for digested in &mut library.digests {
        digested.payload = Some(Some([7; 32]));
    }
    library.like(first, second, Edits::EMPTY, 1.0);
    library.check(&[(List::Payload, &["a.jpg", "b.jpg"])]);
}

#[test]
fn the_users_rules_go_first_in_their_order() {
    let mut library = Library::default();
    library.file("a/1.jpg", 1, photo(Kind::Jpeg));
    library.file("b/1.jpg", 1, photo(Kind::Jpeg));
    let kept = |keep: &[Keep]| {
        let found = library.found(keep);
        (library.path(found.groups[0].shots[0].main()).to_owned(), found.groups[0].why.clone())
    };
    assert_eq!(kept(&[]), ("a/1.jpg".into(), Why::Name));
    let folder = Keep::Folder("b".into());
    let asked = Why::Asked(folder.clone());
    assert_eq!(kept(&[Keep::Largest, folder]), ("b/1.jpg".into(), asked));
}

#[test]
fn the_keeper_is_not_chosen_against_the_original_of_a_chat() {
    let check = |name: &str, want: [&str; 2]| {
        let mut library = Library::default();
        let large = library.file("a.jpg", 1, shot(Kind::Jpeg, 9));
        let small = Features { size: Some(Size::new(2000, 1500)), ..Features::new(Kind::Jpeg) };
        let small = library.file(name, 2, small);
        library.like(large, small, Edits::EMPTY, 1.0);
        library.check(&[(List::Shot, &want)]);
    };
    check("chat/s.jpg", ["chat/s.jpg", "a.jpg"]);
    // The small copy that was sent stays for no camera's file.
    check("sent/s.jpg", ["a.jpg", "sent/s.jpg"]);
}

#[test]
fn what_another_program_manages_stays_and_is_never_spare() {
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("x.photoslibrary/a.jpg", 1, photo(Kind::Jpeg));
    library.file("y.photoslibrary/a.jpg", 1, photo(Kind::Jpeg));
    library.check(&[(List::Exact, &["x.photoslibrary/a.jpg", "a.jpg"])]);
}

#[test]
fn one_stem_is_a_stack_only_with_one_second_and_one_camera() {
    let mut library = Library::default();
    library.file("1.CR2", 1, shot(Kind::Raw, 100));
    library.file("1.JPG", 2, shot(Kind::Jpeg, 101));
    library.file("2.CR2", 3, shot(Kind::Raw, 100));
    library.file("2.JPG", 4, shot(Kind::Jpeg, 900));
    library.file("3.CR2", 5, shot(Kind::Raw, 100));
    let other = Features { camera: Some("Other".into()), ..shot(Kind::Jpeg, 100) };
    library.file("3.JPG", 6, other);
    library.file("4.jpg", 7, photo(Kind::Jpeg));
    library.file("4.jpeg", 8, photo(Kind::Jpeg));
    assert_eq!(library.stacks(), [(Rule::RawJpg, vec!["1.JPG", "1.CR2"])]);
}

#[test]
fn a_raw_whose_name_differs_is_joined_by_its_picture() {
    let mut library = Library::default();
    let jpg = library.file("PXL_1.RAW-01.COVER.jpg", 1, shot(Kind::Jpeg, 9));
    let raw = library.file("x.dng", 2, shot(Kind::Raw, 9));
    assert_eq!(library.stacks(), []);
    library.like(jpg, raw, Edits::EMPTY, 1.0);
    library.check(&[]);
    assert_eq!(library.stacks(), [(Rule::RawJpg, vec!["PXL_1.RAW-01.COVER.jpg", "x.dng"])]);
}

#[test]
fn two_photos_with_one_identifier_share_no_film() {
    let mut library = Library::default();
    library.file("1.HEIC", 1, live(Kind::Heic, "x"));
    library.file("1 (2).HEIC", 1, live(Kind::Heic, "x"));
    library.file("1.MOV", 2, live(Kind::Video, "x"));
    assert_eq!(library.stacks(), [(Rule::LivePhoto, vec!["1.HEIC", "1.MOV"])]);
    library.check(&[(List::Exact, &["1.HEIC+1.MOV", "1 (2).HEIC"])]);
}

#[test]
fn an_edited_version_belongs_to_its_original_alone() {
    let mut library = Library::default();
    library.file("IMG_0401.AAE", 1, Features::new(Kind::Text));
    library.file("IMG_0401.JPG", 2, shot(Kind::Jpeg, 100));
    library.file("IMG_E0401.JPG", 3, shot(Kind::Jpeg, 100));
    library.file("IMG_0402.JPG", 4, shot(Kind::Jpeg, 200));
    library.file("IMG_E0402.JPG", 5, shot(Kind::Jpeg, 900));
    assert_eq!(
        library.stacks(),
        [
            (Rule::Sidecar, vec!["IMG_0401.JPG", "IMG_0401.AAE"]),
            (Rule::Edited, vec!["IMG_0401.JPG", "IMG_E0401.JPG"]),
        ]
    );
}

#[test]
fn frames_of_a_burst_are_a_stack_and_no_unit() {
    let mut library = Library::default();
    let frame = |millis| Features { sub_millis: Some(millis), ..shot(Kind::Jpeg, 9) };
    library.file("1.jpg", 1, frame(100));
    library.file("2.jpg", 2, frame(300));
    // By the second alone it could be anything.
    library.file("3.jpg", 3, shot(Kind::Jpeg, 9));
    assert_eq!(library.stacks(), [(Rule::Burst, vec!["1.jpg", "2.jpg"])]);
    library.check(&[]);
    library.decide(Choice::Unstack, [1, 2]);
    assert_eq!(library.stacks(), []);
}

#[test]
fn a_sidecar_of_one_stem_went_to_the_only_raw_of_two_shots() {
    let mut library = Library::default();
    library.file("1.CR2", 1, shot(Kind::Raw, 100));
    library.file("1.JPG", 2, shot(Kind::Jpeg, 900));
    library.file("1.xmp", 3, Features::new(Kind::Text));
    // Of one shot it is the raw's, and one that has a file's time is that file's.
    library.file("2.CR2", 4, shot(Kind::Raw, 200));
    library.file("2.JPG", 5, shot(Kind::Jpeg, 200));
    library.file("2.xmp", 6, Features::new(Kind::Text));
    library.file("3.CR2", 7, shot(Kind::Raw, 300));
    library.file("3.JPG", 8, shot(Kind::Jpeg, 950));
    library.file(
        "3.xmp",
        9,
        Features { taken: Some(Taken::Wall(950)), ..Features::new(Kind::Text) },
    );
    let sidecars: Vec<Vec<&str>> = library
        .stacks()
        .into_iter()
        .filter(|(rule, _)| *rule == Rule::Sidecar)
        .map(|(_, files)| files)
        .collect();
    assert_eq!(sidecars, [vec!["2.CR2", "2.xmp"], vec!["3.JPG", "3.xmp"]]);
}

#[test]
fn what_the_user_stacked_is_a_stack_and_what_he_unstacked_is_none() {
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("b.jpg", 2, photo(Kind::Jpeg));
    library.file("1.CR2", 3, shot(Kind::Raw, 100));
    library.file("1.JPG", 4, shot(Kind::Jpeg, 100));
    library.decide(Choice::Stack, [1, 2]);
    library.decide(Choice::Unstack, [3, 4]);
    assert_eq!(library.stacks(), [(Rule::ByHand, vec!["a.jpg", "b.jpg"])]);
}

#[test]
fn two_films_behind_one_picture_are_no_copies_and_neither_goes_for_the_bare_picture() {
    let mut library = Library::default();
    let films = [("bare.jpg", None), ("one.jpg", Some(1)), ("other.jpg", Some(2))];
    for (content, (path, film)) in (1..).zip(films) {
        library.file(path, content, photo(Kind::Jpeg));
        let digested = library.digests.last_mut().unwrap();
        digested.payload = Some(Some([9; 32]));
        digested.film = film.map(|film| [film; 32]);
    }
    library.check(&[(List::Payload, &["one.jpg", "bare.jpg"])]);
    // Whatever the user ranked.
    let found = library.found(&[Keep::Folder(String::new()), Keep::Largest]);
    assert!(found.groups.iter().all(|group| library.path(group.shots[1].main()) == "bare.jpg"));
}

#[test]
fn of_equal_copies_the_one_in_an_album_is_kept() {
    let mut library = Library::default();
    library.file("a.jpg", 1, photo(Kind::Jpeg));
    library.file("Trips/Rome 2024/a.jpg", 1, photo(Kind::Jpeg));
    library.check(&[(List::Exact, &["Trips/Rome 2024/a.jpg", "a.jpg"])]);
    assert_eq!(library.found(&[]).groups[0].why, Why::Album);
}
