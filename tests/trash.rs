//! Nothing is lost: runs of the trash over a disk in memory that fails at any act, and
//! the real program, killed at random moments.

// All of this file is a test, its helpers included.
#![allow(clippy::unwrap_used)]

#[path = "trash_support/disk.rs"]
mod disk;
#[path = "trash_support/killed.rs"]
mod killed;
#[path = "trash_support/library.rs"]
mod library;
#[path = "cases_support/program.rs"]
mod program;
#[path = "trash_support/real.rs"]
mod real;
#[path = "trash_support/situations.rs"]
mod situations;

use std::collections::BTreeMap;

use disk::{Disk, End, Half, Node, Wrong};
use heirloom_core::plan::trash::{Asked, Why};
use heirloom_core::rebuild::trash::{Done, JOURNAL, recover, restore, trash};
use library::{Shape, library, task, units};
use proptest::prelude::*;

/// The run's own folder.
const RUN: &str = "T/1";

/// Whether as much is tried as every night.
fn all() -> bool {
    std::env::var_os("HEIRLOOM_TEST_ALL").is_some()
}

/// Everything that must hold at any moment.
#[track_caller]
fn nothing_is_lost(disk: &Disk, before: &BTreeMap<String, Node>, when: &str) {
    disk.holds(before, when);
}

/// What must hold when no run is under way: no journal, no unfinished copy, each unit
/// whole, and of each group its keeper where it was.
#[track_caller]
fn is_settled(disk: &Disk, asked: &Asked, before: &BTreeMap<String, Node>, when: &str) {
    nothing_is_lost(disk, before, when);
    let unfinished = |key: &&String| {
        key.ends_with(JOURNAL) || key.contains(".part") || key.ends_with("unfinished")
    };
    assert_eq!(disk.files.keys().find(unfinished), None, "{when}");
    for unit in units(asked) {
        let home =
            unit.files.iter().filter(|file| disk.files.contains_key(&format!("0/{}", file.path)));
        let home = home.count();
        assert!(home == 0 || home == unit.files.len(), "{when}: {:?}", unit.files);
        for stays in &unit.stays {
            assert!(disk.files.contains_key(&format!("0/{}", stays.path)), "{when}: {stays:?}");
        }
    }
    // Each file is in one place.
    assert_eq!(
        disk.files.values().filter(|node| node.bytes.len() > 3 && is_photo(node)).count(),
        before.len(),
        "{when}"
    );
}

fn is_photo(node: &Node) -> bool {
    !node.bytes.starts_with(b"{")
}

fn done<T>(end: End<T>) -> T {
    match end {
        End::Done(done) => done,
        End::Killed => panic!("killed"),
    }
}

fn calm(disk: &mut Disk, run: heirloom_core::rebuild::trash::Run<Done>) -> Done {
    done(disk.drive(RUN, run, Wrong::Nothing, |_, _| {}))
}

/// After whatever happened, the next start settles it, and restore gives the library
/// back.
#[track_caller]
fn comes_back(mut disk: Disk, asked: &Asked, before: &BTreeMap<String, Node>, when: &str) {
    let settled = calm(&mut disk, recover(0));
    assert_eq!(settled.trouble, None, "{when}");
    assert_eq!(settled.left, [], "{when}");
    is_settled(&disk, asked, before, when);
    // In the order of the manifests, if there is one.
    if !disk.manifests().is_empty() {
        let back = calm(&mut disk, restore(0));
        assert_eq!((back.trouble, back.left), (None, Vec::new()), "{when}");
        // A second time there is nothing to do.
        let again = calm(&mut disk, restore(0));
        let done: Vec<&str> = back.moved.iter().map(|moved| moved.file.as_str()).collect();
        assert!(done.iter().all(|file| again.there.iter().any(|there| there == file)), "{when}");
        assert_eq!(again, Done { there: again.there.clone(), ..Done::default() }, "{when}");
    }
    assert_eq!(same(disk.outside()), same(before.clone()), "{when}");
}

/// Bytes and times; a copy has another number.
fn same(files: BTreeMap<String, Node>) -> BTreeMap<String, Node> {
    files.into_iter().map(|(key, node)| (key, Node { inode: 0, ..node })).collect()
}

/// Units of one, two and three files on two storages.
fn shape() -> Shape {
    vec![vec![1, 1, 1], vec![2, 2], vec![3, 3]]
}

const HALVES: [Half; 3] = [Half::None, Half::Middle, Half::All];

#[test]
fn a_plan_is_carried_out_and_taken_back() {
    let (mut disk, asked) = library(&shape(), 0b10 | 1 << 8);
    let before = disk.outside();
    let went = calm(&mut disk, trash(task(&asked)));
    assert_eq!((went.trouble, went.left.len(), went.moved.len()), (None, 0, asked.trash.len()));
    for file in &asked.trash {
        assert!(!disk.files.contains_key(&format!("0/{file}")), "{file}");
    }
    is_settled(&disk, &asked, &before, "after the run");
    comes_back(disk, &asked, &before, "at the end");
}

#[test]
fn killed_at_any_act_the_next_start_settles_it() {
    for links in [false, true] {
        for how in HALVES {
            for at in 0.. {
                let (mut disk, asked) = library(&shape(), 0b10 | 1 << 8);
                disk.links = links;
                let before = disk.outside();
                let when = format!("killed at {at} {how:?} {links}");
                let end =
                    disk.drive(RUN, trash(task(&asked)), Wrong::Killed { at, how }, |disk, _| {
                        nothing_is_lost(disk, &before, &when);
                    });
                let over = end != End::Killed;
                // The start that settles it is killed as well.
                for again in if all() { 0..60 } else { 11..13 } {
                    let mut disk = disk.clone();
                    let when = format!("{when}, then at {again}");
                    let wrong = Wrong::Killed { at: again, how };
                    disk.drive(RUN, recover(0), wrong, |disk, _| {
                        nothing_is_lost(disk, &before, &when)
                    });
                    comes_back(disk, &asked, &before, &when);
                }
                comes_back(disk, &asked, &before, &when);
                if over {
                    break;
                }
            }
        }
    }
}

#[test]
fn one_refusal_leaves_no_half_of_a_unit() {
    for at in 0.. {
        let (mut disk, asked) = library(&shape(), 0b10 | 1 << 8);
        let before = disk.outside();
        let when = format!("refused at {at}");
        let mut acts = 0;
        let end = disk.drive(RUN, trash(task(&asked)), Wrong::RefusedOnce(at), |disk, _| {
            acts += 1;
            nothing_is_lost(disk, &before, &when);
        });
        assert!(done(end).left.iter().all(|left| !matches!(left.why, Why::Stuck(_))), "{when}");
        comes_back(disk, &asked, &before, &when);
        if acts <= at {
            break;
        }
    }
}

#[test]
fn what_somebody_changes_while_it_is_copied_is_not_removed() {
    // The first unit that goes lies on the other storage.
    for at in 0..40 {
        for what in [2, 3] {
            let (mut disk, asked) = library(&vec![vec![1, 1]], 0b10);
            let mut before = disk.outside();
            let which = before.keys().position(|key| key.contains("other/")).unwrap();
            disk.drive(RUN, trash(task(&asked)), Wrong::Nothing, |disk, turn| {
                if turn == at {
                    harmed(disk, &mut before, which, what);
                }
                nothing_is_lost(disk, &before, &format!("changed at {at} by {what}"));
            });
        }
    }
}

#[test]
fn a_keeper_that_vanishes_in_the_middle_of_a_run_holds_the_rest_back() {
    for at in 0..40 {
        let (disk, asked) = library(&vec![vec![1, 1], vec![2, 2]], 0);
        for (keeper, copies) in [(0, &asked.trash[..1]), (1, &asked.trash[1..])] {
            let keeper = format!("0/{}", asked.groups[keeper].keeper);
            let mut disk = disk.clone();
            let there = |disk: &Disk| {
                copies.iter().filter(|path| disk.files.contains_key(&format!("0/{path}"))).count()
            };
            let mut last = copies.len();
            disk.drive(RUN, trash(task(&asked)), Wrong::Nothing, |disk, turn| {
                // Each keeper of the unit is looked at just before the move.
                let now = there(disk);
                assert!(turn <= at + copies.len() || now >= last, "gone at {at}, moved at {turn}");
                last = now;
                if turn == at {
                    disk.files.remove(&keeper);
                }
            });
        }
    }
}

#[test]
fn somebodys_file_in_the_trash_outlives_a_kill() {
    for at in 0.. {
        let (mut disk, asked) = library(&vec![vec![1, 1]], 0);
        let kept = format!("T/1/files/{}", asked.trash[0]);
        disk.put(&kept, b"somebody's file", 3);
        let end =
            disk.drive(RUN, trash(task(&asked)), Wrong::Killed { at, how: Half::All }, |_, _| {});
        calm(&mut disk, recover(0));
        assert_eq!(disk.files[&kept].bytes, b"somebody's file", "killed at {at}");
        if end != End::Killed {
            break;
        }
    }
}

#[test]
fn killed_while_it_is_put_back_the_next_start_puts_it_back() {
    let (mut whole, asked) = library(&shape(), 0b10 | 1 << 8);
    let before = whole.outside();
    calm(&mut whole, trash(task(&asked)));
    for how in HALVES {
        for at in 0.. {
            let mut disk = whole.clone();
            let when = format!("killed at {at} {how:?} of the restore");
            let wrong = Wrong::Killed { at, how };
            let end =
                disk.drive(RUN, restore(0), wrong, |disk, _| nothing_is_lost(disk, &before, &when));
            let mut settled = disk.clone();
            calm(&mut settled, recover(0));
            is_whole_again(settled, &before, &when);
            is_whole_again(disk, &before, &when);
            if end != End::Killed {
                break;
            }
        }
    }
}

#[track_caller]
fn is_whole_again(mut disk: Disk, before: &BTreeMap<String, Node>, when: &str) {
    let back = calm(&mut disk, restore(0));
    assert_eq!((back.trouble, back.left), (None, Vec::new()), "{when}");
    assert_eq!(same(disk.outside()), same(before.clone()), "{when}");
    assert!(!disk.files.keys().any(|key| key.ends_with(JOURNAL)), "{when}");
}

/// A copy that could be neither completed nor removed lay beside its file for good: the run
/// ended, and no start looked for it.
#[test]
fn an_unfinished_copy_that_could_not_be_removed_goes_at_a_later_start() {
    let is_left = |disk: &Disk| disk.files.keys().any(|key| key.contains(".part"));
    let mut left = 0;
    for seed in 0..400 {
        let (mut disk, asked) = library(&vec![vec![1, 2], vec![2, 3]], 0b1010);
        let before = disk.outside();
        disk.drive(RUN, trash(task(&asked)), Wrong::Refused { one_in: 9, seed }, |_, _| {});
        left += usize::from(is_left(&disk));
        calm(&mut disk, recover(0));
        assert!(!is_left(&disk), "{seed}: {:?}", disk.files.keys());
        if !disk.manifests().is_empty() {
            calm(&mut disk, restore(0));
        }
        assert_eq!(same(disk.outside()), same(before), "{seed}");
    }
    assert!(left > 0, "no copy was left");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if all() { 5000 } else { 300 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_whatever_happens(
        shape in prop::collection::vec(prop::collection::vec(1usize..4, 2..5), 1..6),
        storage in any::<u64>(),
        (folds, links) in (any::<bool>(), any::<bool>()),
        kill in prop::option::of((0usize..150, 0usize..3)),
        (one_in, seed) in (2u64..40, any::<u64>()),
        kept in prop::collection::vec(any::<bool>(), 30),
        harm in prop::option::of((0usize..60, 0usize..40, 0u8..4)),
    ) {
        let (mut disk, mut asked) = library(&shape, storage);
        (disk.folds, disk.links) = (folds, links);
        // The user wants only some of the units to go.
        let goes: Vec<String> = asked.groups.iter().flat_map(|group| &group.units[1..]).zip(&kept)
            .filter(|(_, goes)| **goes).flat_map(|(unit, _)| unit.clone()).collect();
        prop_assume!(!goes.is_empty());
        asked.trash = goes;
        let before = std::cell::RefCell::new(disk.outside());
        let wrong = match kill {
            Some((at, how)) => Wrong::Killed { at, how: HALVES[how] },
            None => Wrong::Refused { one_in, seed },
        };
        disk.drive(RUN, trash(task(&asked)), wrong, |disk, turn| {
            // Somebody else changes or removes a file, or makes it a link.
            if let Some((at, which, what)) = harm && at == turn {
                harmed(disk, &mut before.borrow_mut(), which, what);
            }
            nothing_is_lost(disk, &before.borrow(), "in the run");
        });
        let before = before.into_inner();
        disk.drive(RUN, recover(0), wrong, |disk, _| nothing_is_lost(disk, &before, "in the settling"));
        let settled = calm(&mut disk, recover(0));
        prop_assert_eq!(settled.trouble, None);
        nothing_is_lost(&disk, &before, "at the end");
        if harm.is_none() {
            // A take-back that was refused is made good by a restore.
            disk.drive(RUN, restore(0), wrong, |disk, _| nothing_is_lost(disk, &before, "in the restore"));
            let back = calm(&mut disk, restore(0));
            prop_assert!(back.left.is_empty(), "{:?}", back);
            prop_assert_eq!(same(disk.outside()), same(before));
        }
    }
}

/// Somebody else's act on a file that lies where it was.
fn harmed(disk: &mut Disk, before: &mut BTreeMap<String, Node>, which: usize, what: u8) {
    let home: Vec<String> =
        disk.outside().into_keys().filter(|key| !key.contains(".part")).collect();
    let Some(key) = home.get(which % home.len().max(1)) else { return };
    // Of a file that is being copied the copy is what is listed: leave that alone.
    let path = key.strip_prefix("0/").unwrap();
    let copied = disk.manifests().iter().any(|(run, manifest)| {
        manifest.units.iter().flat_map(|unit| &unit.files).any(|file| {
            file.path == path && disk.files.contains_key(&format!("{run}/{}", file.kept))
        })
    });
    if copied {
        return;
    }
    match what {
        0 => drop(disk.files.remove(key)),
        1 => disk.files.get_mut(key).unwrap().is_link = true,
        2 => disk.files.get_mut(key).unwrap().bytes[0] ^= 1,
        _ => disk.put(key, b"a new file", 5),
    }
    match disk.files.get(key).filter(|node| !node.is_link) {
        Some(node) => before.insert(key.clone(), node.clone()),
        None => before.remove(key),
    };
}

/// Runs after a change to the library: why each file of the plan was left.
#[track_caller]
fn check_left(change: impl FnOnce(&mut Disk), want: &[(&str, Why)]) {
    let (mut disk, asked) = library(&vec![vec![1, 1], vec![2, 2]], 0);
    change(&mut disk);
    let before: BTreeMap<String, Node> =
        disk.outside().into_iter().filter(|(_, node)| !node.is_link).collect();
    let went = calm(&mut disk, trash(task(&asked)));
    let left: Vec<(&str, Why)> =
        went.left.iter().map(|left| (left.file.as_str(), left.why.clone())).collect();
    assert_eq!(left, want);
    assert_eq!(went.moved.len(), asked.trash.len() - want.len());
    nothing_is_lost(&disk, &before, "at the end");
}

#[test]
fn what_changed_or_lost_its_keeper_stays() {
    use heirloom_core::plan::trash::Loss;
    let (keeper, copy) = ("g0/u0/IMG_0.jpg", "g0/u0/img_0.jpg");
    let keep = |loss: Loss| Why::Keep(keeper.into(), loss);
    let at = |path: &str| format!("0/{path}");
    check_left(|_| {}, &[]);
    check_left(|disk| disk.put(&at(copy), b"other", 1), &[(copy, Why::Changed)]);
    check_left(|disk| drop(disk.files.remove(&at(copy))), &[(copy, Why::Gone)]);
    check_left(|disk| disk.put(&at(keeper), b"other", 1), &[(copy, keep(Loss::Changed))]);
    check_left(|disk| drop(disk.files.remove(&at(keeper))), &[(copy, keep(Loss::Gone))]);
    let linked =
        |key: String| move |disk: &mut Disk| disk.files.get_mut(&key).unwrap().is_link = true;
    check_left(linked(at(keeper)), &[(copy, keep(Loss::NoFile))]);
    check_left(linked(at(copy)), &[(copy, Why::NoFile)]);
    // Half a unit does not move.
    let pair = ["g1/u0/img_0.jpg", "g1/u0/img_1.jpg"];
    check_left(
        |disk| disk.put(&at(pair[1]), b"other", 1),
        &[(pair[0], Why::With(pair[1].into())), (pair[1], Why::Changed)],
    );
    // Neither does a second name of the file that stays.
    let one = |disk: &mut Disk| {
        let node = disk.files[&at(keeper)].clone();
        disk.files.get_mut(&at(copy)).unwrap().inode = node.inode;
    };
    check_left(one, &[(copy, Why::Same(keeper.into()))]);
}

#[test]
fn same_size_and_time_do_not_hide_a_change() {
    let copy = "g0/u0/img_0.jpg";
    check_left(
        |disk| disk.files.get_mut(&format!("0/{copy}")).unwrap().bytes[5] ^= 0x15,
        &[(copy, Why::Changed)],
    );
}

#[test]
fn names_that_clash_in_the_trash_get_a_number_and_come_back() {
    let (mut disk, asked) = library(&vec![vec![1, 1]], 0);
    disk.folds = false;
    // Somebody's file lies there.
    disk.put("T/1/files/g0/u0/img_0.jpg", b"somebody's file", 3);
    let before = disk.outside();
    let went = calm(&mut disk, trash(task(&asked)));
    assert_eq!(went.moved[0].kept, "files/g0/u0/img_0 (2).jpg");
    assert_eq!(disk.files["T/1/files/g0/u0/img_0.jpg"].bytes, b"somebody's file");
    calm(&mut disk, restore(0));
    assert_eq!(same(disk.outside()), same(before));
}

/// The trash of a small library, and what it was.
fn gone() -> (Disk, BTreeMap<String, Node>) {
    let (mut disk, asked) = library(&vec![vec![1, 1], vec![2, 2]], 0);
    let before = disk.outside();
    calm(&mut disk, trash(task(&asked)));
    (disk, before)
}

#[test]
fn restore_writes_nothing_over() {
    let (mut disk, before) = gone();
    let (taken, with) = ("g1/u0/img_0.jpg", "g1/u0/img_1.jpg");
    disk.put(&format!("0/{taken}"), b"a new file", 9);
    let back = calm(&mut disk, restore(0));
    let left: Vec<_> =
        back.left.iter().map(|left| (left.file.as_str(), left.why.clone())).collect();
    assert_eq!(left, [(taken, Why::Occupied), (with, Why::With(taken.into()))]);
    assert_eq!(disk.files[&format!("0/{taken}")].bytes, b"a new file");
    assert_eq!((back.moved.len(), back.there.len()), (1, 0));
    // When the place is free, the rest comes back, and what is back is said.
    disk.files.remove(&format!("0/{taken}"));
    let rest = calm(&mut disk, restore(0));
    assert_eq!(rest.moved.len(), 2);
    assert_eq!(rest.there, [back.moved[0].file.as_str()]);
    assert_eq!(calm(&mut disk, restore(0)).there.len(), 3);
    assert_eq!(same(disk.outside()), same(before));
}

#[test]
fn a_damaged_manifest_touches_nothing() {
    let (disk, _) = gone();
    let text = disk.files["T/1/manifest.json"].bytes.clone();
    let mut damaged: Vec<Vec<u8>> =
        (0..text.len()).step_by(97).map(|at| text[..at].to_vec()).collect();
    damaged.extend((0..text.len()).step_by(31).map(|at| {
        let mut text = text.clone();
        text[at] ^= 1;
        text
    }));
    for text in damaged {
        let mut disk = disk.clone();
        disk.put("T/1/manifest.json", &text, 0);
        let before = disk.files.clone();
        let back = calm(&mut disk, restore(0));
        assert!(back.trouble.unwrap().contains("manifest.json"));
        assert_eq!(disk.files, before);
    }
}

#[test]
fn what_rotted_in_the_trash_stays_there_and_is_said() {
    let (mut disk, _) = gone();
    let path = "g1/u0/img_0.jpg";
    disk.files.get_mut(&format!("T/1/files/{path}")).unwrap().bytes[3] ^= 1;
    let back = calm(&mut disk, restore(0));
    assert_eq!((back.left.len(), back.moved.len()), (1, 2));
    assert_eq!((back.left[0].file.as_str(), &back.left[0].why), (path, &Why::Damaged));
}

#[test]
fn a_large_file_goes_and_comes_back_in_pieces() {
    let (mut disk, mut asked) = library(&vec![vec![1, 1]], 0b10);
    let path = asked.trash[0].clone();
    assert!(path.starts_with("other/"));
    // Three pieces, the last one of no bytes.
    let bytes: Vec<u8> = (0..8u32 << 20).map(|at| (at / 7) as u8).collect();
    disk.put(&format!("0/{path}"), &bytes, 77);
    asked.hashes.insert(path, blake3::hash(&bytes).to_hex().to_string());
    let before = disk.outside();
    assert_eq!(calm(&mut disk, trash(task(&asked))).left, []);
    comes_back(disk, &asked, &before, "at the end");
}

#[test]
fn an_early_end_leaves_the_rest_and_says_so() {
    let (mut disk, asked) = library(&shape(), 0);
    let before = disk.outside();
    let run = trash(task(&asked));
    run.end();
    let went = calm(&mut disk, run);
    assert!(went.left.iter().all(|left| left.why == Why::Ended));
    assert_eq!((went.left.len(), went.moved.len()), (asked.trash.len(), 0));
    assert_eq!(disk.files, before);
}
