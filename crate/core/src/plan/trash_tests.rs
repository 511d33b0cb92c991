use super::*;

fn texts(files: &[&str]) -> Vec<String> {
    files.iter().map(|file| (*file).to_owned()).collect()
}

fn group(list: &str, keeper: &str, units: &[&[&str]]) -> Group {
    let units = units.iter().map(|unit| texts(unit)).collect();
    Group { list: list.into(), reason: "It is the oldest.".into(), keeper: keeper.into(), units }
}

/// Three copies, a Live Photo with its backup, and a sidecar that only a stack ties to
/// its photo.
fn asked(trash: &[&str]) -> Asked {
    let groups = vec![
        group("exact", "a.jpg", &[&["a.jpg"], &["b.jpg"], &["c.jpg"]]),
        group("exact", "l.jpg", &[&["l.jpg", "l.mov"], &["old/l.jpg", "old/l.mov"]]),
        group("payload", "x.jpg", &[&["x.jpg"], &["y.jpg"]]),
        group("shot", "P.photoslibrary/p.jpg", &[&["P.photoslibrary/p.jpg"], &["p.jpg"]]),
        group("shot", "q.jpg", &[&["q.jpg"], &["P.photoslibrary/q.jpg"]]),
        group("shot", "z.jpg", &[&["z.jpg"], &["a.jpg"]]),
    ];
    let shots = vec![texts(&["y.jpg", "y.jpg.xmp"])];
    let all = groups.iter().flat_map(|group| &group.units).chain(&shots).flatten();
    // Of equal ones, that of the keeper's file at the same place.
    let hash = |file: &String| {
        let equal = groups.iter().filter(|group| group.list == EXACT);
        let mut like = equal.filter_map(|group| {
            let mut places = group.units.iter().map(|unit| unit.iter().position(|of| of == file));
            places.find_map(|at| group.units[0].get(at?))
        });
        let bytes = like.next().unwrap_or(file).as_bytes();
        (file.clone(), blake3::hash(bytes).to_hex().to_string())
    };
    let hashes = all.map(hash).collect();
    Asked { hashes, groups, shots, trash: texts(trash) }
}

/// What moves, each unit as its files and what stays for it; and what is left.
#[track_caller]
fn check_moves(trash: &[&str], moving: &[(&str, &str)], left: &[(&str, Why)]) {
    let moves = check(&asked(trash), &[]).unwrap();
    let join =
        |files: &[Named]| files.iter().map(|file| file.file.as_str()).collect::<Vec<_>>().join(" ");
    let found: Vec<(String, String)> =
        moves.units.iter().map(|unit| (join(&unit.files), join(&unit.stays))).collect();
    let moving: Vec<(String, String)> =
        moving.iter().map(|(files, stays)| ((*files).to_owned(), (*stays).to_owned())).collect();
    assert_eq!(found, moving);
    let want: Vec<Left> =
        left.iter().map(|(file, why)| Left { file: (*file).into(), why: why.clone() }).collect();
    assert_eq!(moves.left, want);
    assert_eq!(moves.named, trash.len() as u64);
}

#[track_caller]
fn check_refused(asked: &Asked, want: &Refused) {
    assert_eq!(check(asked, &[]).as_ref(), Err(want));
}

#[test]
fn copies_move_and_the_keeper_stays() {
    check_moves(&["b.jpg", "c.jpg"], &[("b.jpg", "a.jpg"), ("c.jpg", "a.jpg")], &[]);
    let live = ["old/l.mov", "old/l.jpg"];
    check_moves(&live, &[("old/l.jpg old/l.mov", "l.jpg l.mov")], &[]);
}

#[test]
fn a_keeper_moves_by_no_part_of_a_plan() {
    let kept = [("a.jpg", Why::Keeper)];
    check_moves(&["a.jpg", "b.jpg"], &[("b.jpg", "a.jpg")], &kept);
    // The keeper of one group is a duplicate in another.
    check_moves(&["a.jpg"], &[], &kept);
    check_moves(&["l.jpg", "l.mov"], &[], &[("l.jpg", Why::Keeper), ("l.mov", Why::Keeper)]);
}

#[test]
fn what_a_program_manages_stays() {
    check_moves(&["P.photoslibrary/q.jpg"], &[], &[("P.photoslibrary/q.jpg", Why::Managed)]);
    check_moves(&["p.jpg"], &[("p.jpg", "P.photoslibrary/p.jpg")], &[]);
}

#[test]
fn half_a_unit_is_refused() {
    let half = |has: &str, lacks: &str| Refused::Half(has.into(), lacks.into());
    check_refused(&asked(&["old/l.jpg"]), &half("old/l.jpg", "old/l.mov"));
    check_refused(&asked(&["old/l.mov", "b.jpg"]), &half("old/l.mov", "old/l.jpg"));
    // Tied by a stack alone.
    check_refused(&asked(&["y.jpg"]), &half("y.jpg", "y.jpg.xmp"));
    check_moves(&["y.jpg", "y.jpg.xmp"], &[("y.jpg y.jpg.xmp", "x.jpg")], &[]);
}

#[test]
fn a_path_outside_is_refused() {
    for path in ["../b.jpg", "/b.jpg", "", "a//b", "a/../../b", "b.jpg\0"] {
        let refused = check(&asked(&["b.jpg", path]), &[]);
        assert!(matches!(refused, Err(Refused::Path(..))), "{path:?}: {refused:?}");
    }
    let inside = ["Heirloom trash/2026/files/b.jpg", "sub/heirloom TRASH/b.jpg"];
    for path in inside {
        check_refused(&asked(&[path]), &Refused::InTrash(path.into()));
    }
}

#[test]
fn a_file_may_be_called_as_the_trash_is() {
    let mut asked = asked(&["b.jpg"]);
    let hash = asked.hashes["a.jpg"].clone();
    asked.groups[0].units.push(texts(&["sub/heirloom trash"]));
    asked.hashes.insert("sub/heirloom trash".into(), hash);
    asked.trash = texts(&["sub/heirloom trash"]);
    assert_eq!(check(&asked, &[]).map(|moves| moves.units.len()), Ok(1));
}

#[test]
fn files_said_to_be_equal_must_have_equal_hashes() {
    let mut asked = asked(&["b.jpg"]);
    asked.hashes.insert("b.jpg".into(), blake3::hash(b"other").to_hex().to_string());
    check_refused(&asked, &Refused::Unequal("b.jpg".into(), "a.jpg".into()));
    // A list that says less asks for less.
    asked.groups[0].list = "shot".into();
    assert!(check(&asked, &[]).is_ok());
}

#[test]
fn what_is_in_no_group_is_refused() {
    check_refused(&asked(&["b.jpg", "stranger.jpg"]), &Refused::Alone("stranger.jpg".into()));
    check_refused(&asked(&[]), &Refused::Nothing);
    check_refused(&asked(&["b.jpg", "b.jpg"]), &Refused::Twice("b.jpg".into()));
    let mut broken = asked(&["b.jpg"]);
    broken.groups[0].keeper = "none.jpg".into();
    check_refused(&broken, &Refused::NoKeeper("none.jpg".into()));
}

#[test]
fn what_a_file_was_must_be_known_of_it_and_of_its_keeper() {
    for file in ["a.jpg", "b.jpg"] {
        let mut asked = asked(&["b.jpg"]);
        asked.hashes.insert(file.into(), "no hash".into());
        check_refused(&asked, &Refused::NoHash(file.into()));
        asked.hashes.remove(file);
        check_refused(&asked, &Refused::NoHash(file.into()));
    }
}

#[test]
fn the_number_of_files_must_fit() {
    let moves = || check(&asked(&["old/l.jpg", "old/l.mov"]), &[]).unwrap();
    assert!(moves().confirmed(2).is_ok());
    for count in [0, 1, 3] {
        let said = moves().confirmed(count).unwrap_err().to_string();
        assert!(said.starts_with("the plan names 2 files, and "), "{said}");
    }
}

#[test]
fn with_several_folders_a_path_begins_with_the_folders_name() {
    let folders = texts(&["DCIM", "DCIM (2)"]);
    let mut asked = Asked {
        groups: vec![group("exact", "DCIM/x.jpg", &[&["DCIM/x.jpg"], &["DCIM (2)/s/x.jpg"]])],
        ..Asked::default()
    };
    for file in ["DCIM/x.jpg", "DCIM (2)/s/x.jpg"] {
        asked.hashes.insert(file.into(), blake3::hash(b"x").to_hex().to_string());
    }
    asked.trash = texts(&["DCIM (2)/s/x.jpg"]);
    let moves = check(&asked, &folders).unwrap();
    let (file, stays) = (&moves.units[0].files[0], &moves.units[0].stays[0]);
    assert_eq!((file.folder, file.path.as_str()), (1, "s/x.jpg"));
    assert_eq!((stays.folder, stays.path.as_str()), (0, "x.jpg"));
    for path in ["x.jpg", "Other/x.jpg"] {
        asked.trash = texts(&[path]);
        assert_eq!(check(&asked, &folders), Err(Refused::Elsewhere(path.into())));
    }
    asked.groups[0].units[1].push("DCIM/y.jpg".into());
    asked.hashes.insert("DCIM/y.jpg".into(), blake3::hash(b"y").to_hex().to_string());
    asked.trash = texts(&["DCIM (2)/s/x.jpg", "DCIM/y.jpg"]);
    assert!(matches!(check(&asked, &folders), Err(Refused::Apart(..))));
}
