//! The real program over a real folder in the situations that lose files elsewhere.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use heirloom_core::plan::trash::TRASH;

use super::real::{Real, said};

/// A copy of one file, and a Live Photo with its backup.
fn small() -> Real {
    let mut real = Real::new();
    real.copies(&["a.jpg", "sub/b.jpg", "c.jpg"], b"one picture");
    for path in ["l.jpg", "l.mov", "old/l.jpg", "old/l.mov"] {
        real.put(path, path.as_bytes());
    }
    real.group(&[&["l.jpg", "l.mov"], &["old/l.jpg", "old/l.mov"]]);
    real
}

/// Somebody who is not the superuser, for whom permissions mean something.
const NOBODY: u32 = 65534;

/// Whether the tests run as the superuser, who may give files away.
fn is_root(real: &Real) -> bool {
    chown(real.root(), Some(NOBODY), Some(NOBODY)).is_ok()
}

/// The command as somebody whose folder it is.
fn as_nobody(real: &Real, mut command: Command) -> Command {
    if is_root(real) {
        give(real.root().parent().unwrap());
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn give(at: &Path) {
    chown(at, Some(NOBODY), Some(NOBODY)).unwrap();
    if at.is_dir() {
        fs::read_dir(at).unwrap().for_each(|child| give(&child.unwrap().path()));
    }
}

fn may(at: PathBuf, mode: u32) {
    fs::set_permissions(at, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn files_go_and_come_back_with_their_times() {
    let real = small();
    let before = real.tree();
    let goes = ["sub/b.jpg", "old/l.jpg", "old/l.mov"];
    let text = real.trash(&goes, 0);
    assert!(text.contains("3 files") && text.contains(TRASH), "{text}");
    assert!(goes.iter().all(|path| !real.at(path).exists()));
    let (run, manifest) = real.manifests().remove(0);
    assert!(run.join("files/sub/b.jpg").exists());
    assert_eq!(
        manifest.units.iter().map(|unit| unit.stays.join(" ")).collect::<Vec<_>>(),
        ["l.jpg l.mov", "a.jpg"]
    );
    // Somebody touches a file in the trash: it comes back with its own time.
    let touched = File::options().write(true).open(run.join("files/sub/b.jpg")).unwrap();
    touched.set_modified(std::time::SystemTime::now()).unwrap();
    real.restore(0);
    assert_eq!(real.tree(), before);
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn nothing_moves_without_the_right_number_or_when_it_is_dry() {
    let real = small();
    let before = real.tree();
    let plan = real.plan(&["sub/b.jpg", "c.jpg"]);
    let check = |words: &[&str], code: i32| {
        let mut command = real.command();
        command.arg("trash").arg(real.root()).arg("--plan").arg(&plan).args(words);
        let text = said(&command.output().unwrap(), code);
        assert_eq!(real.tree(), before, "{words:?}");
        assert!(!real.root().join(TRASH).exists(), "{words:?}");
        text
    };
    assert!(check(&[], 2).contains("--confirm 2"));
    for count in ["0", "1", "3"] {
        check(&["--confirm", count], 2);
    }
    check(&["--confirm", "1", "--dry-run"], 2);
    assert!(check(&["--dry-run"], 0).contains("sub/b.jpg"));
    let text = check(&["--confirm", "2", "--dry-run", "--json"], 0);
    assert!(text.contains("\"would_move\""), "{text}");
    for text in ["", "{", "[1]", "{\"version\": 9}"] {
        fs::write(&plan, text).unwrap();
        check(&["--confirm", "2"], 2);
    }
}

#[test]
fn half_a_unit_and_paths_outside_are_refused() {
    let mut real = small();
    fs::write(real.beside("secret.jpg"), "not mine").unwrap();
    real.copies(&["d.jpg", "d2.jpg"], b"d");
    real.put("d2.jpg.xmp", b"its sidecar");
    real.stack("sidecar", &["d2.jpg", "d2.jpg.xmp"]);
    let before = real.tree();
    let outside = real.beside("secret.jpg");
    for plan in [
        &["old/l.jpg"][..],
        &["d2.jpg"],
        &["../secret.jpg"],
        &[outside.to_str().unwrap()],
        &["sub/../../secret.jpg"],
        &["sub/b.jpg", "stranger.jpg"],
    ] {
        real.trash(plan, 2);
        assert_eq!(real.tree(), before, "{plan:?}");
    }
    assert!(outside.exists());
    real.trash(&["d2.jpg", "d2.jpg.xmp"], 0);
}

#[test]
fn what_changed_between_looking_and_acting_stays() {
    let mut real = small();
    real.copies(&["x.jpg", "y.jpg"], b"another");
    real.copies(&["v.jpg", "w.jpg"], b"a third");
    real.copies(&["g.jpg", "h.jpg"], b"a fourth");
    let goes = ["sub/b.jpg", "y.jpg", "w.jpg", "h.jpg", "c.jpg"];
    let time = fs::metadata(real.at("sub/b.jpg")).unwrap().modified().unwrap();
    fs::write(real.at("sub/b.jpg"), b"one Picture").unwrap();
    File::options().write(true).open(real.at("sub/b.jpg")).unwrap().set_modified(time).unwrap();
    fs::remove_file(real.at("x.jpg")).unwrap();
    fs::write(real.at("v.jpg"), b"a Third").unwrap();
    fs::remove_file(real.at("h.jpg")).unwrap();
    let before = real.tree();
    let text = real.trash(&goes, 1);
    for (path, why) in [
        ("sub/b.jpg", "it changed since"),
        ("y.jpg", "x.jpg, is not there"),
        ("w.jpg", "v.jpg, changed since"),
        ("h.jpg", "it is not there"),
    ] {
        let named =
            text.lines().any(|line| line.contains(&format!("{path}: ")) && line.contains(why));
        assert!(named, "{path}: {text}");
    }
    assert!(!real.at("c.jpg").exists());
    real.holds(&before, "after the run");
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn links_are_never_followed() {
    let mut real = small();
    // The keeper becomes a link, a file becomes a link, a folder becomes a link.
    real.copies(&["x.jpg", "y.jpg"], b"another");
    real.copies(&["v.jpg", "w.jpg"], b"a third");
    let outside = real.beside("outside");
    fs::create_dir(&outside).unwrap();
    for (path, name) in [("x.jpg", "x.jpg"), ("w.jpg", "w.jpg"), ("sub/b.jpg", "b.jpg")] {
        fs::rename(real.at(path), outside.join(name)).unwrap();
    }
    symlink(outside.join("x.jpg"), real.at("x.jpg")).unwrap();
    symlink(outside.join("w.jpg"), real.at("w.jpg")).unwrap();
    fs::remove_dir(real.at("sub")).unwrap();
    symlink(&outside, real.at("sub")).unwrap();
    let before = real.tree();
    let text = real.trash(&["y.jpg", "w.jpg", "sub/b.jpg"], 1);
    assert!(text.contains("link"), "{text}");
    assert_eq!(real.tree(), before);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 3);
}

#[test]
fn a_trash_that_is_a_link_is_not_used() {
    let real = small();
    let elsewhere = real.beside("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, real.root().join(TRASH)).unwrap();
    let before = real.tree();
    real.trash(&["c.jpg"], 1);
    assert_eq!(real.tree(), before);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn restore_does_not_leave_its_folder_by_a_link() {
    let real = small();
    real.trash(&["sub/b.jpg"], 0);
    let outside = real.beside("outside");
    fs::create_dir(&outside).unwrap();
    fs::remove_dir(real.at("sub")).unwrap();
    symlink(&outside, real.at("sub")).unwrap();
    real.restore(1);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    // A folder that is gone is made.
    fs::remove_file(real.at("sub")).unwrap();
    real.restore(0);
    assert!(real.at("sub/b.jpg").is_file());
}

#[test]
fn a_second_name_of_the_file_that_stays_is_left() {
    let mut real = small();
    real.copies(&["x.jpg", "y.jpg"], b"another");
    fs::remove_file(real.at("y.jpg")).unwrap();
    fs::hard_link(real.at("x.jpg"), real.at("y.jpg")).unwrap();
    // A copy with a second name elsewhere goes, and the other name stays.
    fs::hard_link(real.at("c.jpg"), real.beside("c again.jpg")).unwrap();
    let before = real.tree();
    let text = real.trash(&["y.jpg", "c.jpg"], 1);
    assert!(text.contains("same file as x.jpg"), "{text}");
    assert!(real.at("y.jpg").exists() && !real.at("c.jpg").exists());
    assert_eq!(fs::read(real.beside("c again.jpg")).unwrap(), b"one picture");
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn odd_names_come_back_as_they_were() {
    let mut real = Real::new();
    let long = format!("{}.jpg", "x".repeat(251));
    // In the trash longer than any path that a system takes at once.
    let deep = format!("{}/d.jpg", vec!["d".repeat(201); 20].join("/"));
    let names = [
        "-rf.jpg",
        "new\nline.jpg",
        " space .jpg",
        "\u{1f382} birthday.jpg",
        "caf\u{e9}.jpg",
        "cafe\u{301}.jpg",
        "%41&<b>.jpg",
        &long,
        &deep,
        "IMG.JPG",
        "IMG.jpg",
        "\\xff.jpg",
        "\\x5cxff.jpg",
        "back\\slash.jpg",
        "manifest.json",
        "files/manifest.json",
        "journal.json",
    ];
    let mut all = vec!["keeper.jpg"];
    all.extend(names);
    real.copies(&all, b"one picture");
    let before = real.tree();
    assert_eq!(before.len(), all.len());
    real.trash(&names, 0);
    assert_eq!(real.tree().len(), 1);
    assert_eq!(real.manifests()[0].1.units.len(), names.len());
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn runs_of_one_second_have_folders_of_their_own() {
    let mut real = Real::new();
    real.copies(&["a.jpg", "b.jpg", "sub/b.jpg", "c.jpg"], b"one picture");
    let before = real.tree();
    for file in ["b.jpg", "sub/b.jpg", "c.jpg"] {
        real.trash(&[file], 0);
    }
    assert_eq!(real.manifests().len(), 3);
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn restore_leaves_what_lies_there_and_names_it() {
    let real = small();
    real.trash(&["sub/b.jpg", "c.jpg"], 0);
    fs::write(real.at("sub/b.jpg"), "a new file").unwrap();
    let text = real.restore(1);
    assert!(text.contains("sub/b.jpg: something else lies where it was"), "{text}");
    assert_eq!(fs::read(real.at("sub/b.jpg")).unwrap(), b"a new file");
    assert!(real.at("c.jpg").exists());
    fs::remove_file(real.at("sub/b.jpg")).unwrap();
    real.restore(0);
    assert_eq!(fs::read(real.at("sub/b.jpg")).unwrap(), b"one picture");
}

#[test]
fn a_damaged_manifest_is_said_and_nothing_is_touched() {
    let real = small();
    real.trash(&["c.jpg"], 0);
    let (run, _) = real.manifests().remove(0);
    let manifest = run.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    for damaged in [&text[..25], "", &text.replace("c.jpg", "d.jpg")] {
        fs::write(&manifest, damaged).unwrap();
        let text = real.restore(1);
        assert!(text.contains("damaged"), "{text}");
        assert!(run.join("files/c.jpg").exists() && !real.at("c.jpg").exists());
    }
    fs::write(&manifest, text).unwrap();
    real.restore(0);
    assert!(real.at("c.jpg").exists());
}

#[test]
fn a_folder_out_of_its_place_is_not_restored() {
    let real = small();
    real.trash(&["c.jpg"], 0);
    let (run, _) = real.manifests().remove(0);
    let moved = real.beside("moved");
    fs::rename(run, &moved).unwrap();
    let output = real.command().arg("restore").arg(&moved).output().unwrap();
    assert!(said(&output, 1).contains("not known where its files belong"));
    assert!(moved.join("files/c.jpg").exists());
}

#[test]
fn a_folder_that_may_not_be_written_is_said() {
    let real = small();
    let before = real.tree();
    may(real.root(), 0o555);
    let text = said(&as_nobody(&real, real.trash_command(&["c.jpg"])).output().unwrap(), 1);
    assert!(text.contains("c.jpg: it was not moved"), "{text}");
    may(real.root(), 0o755);
    assert_eq!(real.tree(), before);
}

#[test]
fn a_unit_of_which_one_file_may_not_move_stays_whole() {
    let mut real = small();
    for path in ["k.jpg", "k.mov", "free/k.jpg", "locked/k.mov"] {
        real.put(path, path.as_bytes());
    }
    real.group(&[&["k.jpg", "k.mov"], &["free/k.jpg", "locked/k.mov"]]);
    let before = real.tree();
    may(real.at("locked"), 0o555);
    let command = real.trash_command(&["free/k.jpg", "locked/k.mov", "c.jpg"]);
    let text = said(&as_nobody(&real, command).output().unwrap(), 1);
    assert!(text.contains("free/k.jpg: it belongs to locked/k.mov"), "{text}");
    assert!(real.at("free/k.jpg").exists() && real.at("locked/k.mov").exists());
    assert!(!real.at("c.jpg").exists());
    // What may not be read is no better.
    may(real.at("locked"), 0o755);
    may(real.at("locked/k.mov"), 0o000);
    let command = real.trash_command(&["free/k.jpg", "locked/k.mov"]);
    said(&as_nobody(&real, command).output().unwrap(), 1);
    may(real.at("locked/k.mov"), 0o644);
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn a_restore_that_may_not_write_leaves_the_rest_in_the_trash() {
    let real = small();
    let before = real.tree();
    real.trash(&["sub/b.jpg", "c.jpg"], 0);
    let mut command = real.command();
    command.arg("restore").arg(real.root().join(TRASH));
    let mut command = as_nobody(&real, command);
    may(real.at("sub"), 0o555);
    let text = said(&command.output().unwrap(), 1);
    assert!(text.contains("sub/b.jpg: it cannot be moved"), "{text}");
    assert!(real.at("c.jpg").exists());
    may(real.at("sub"), 0o755);
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let real = small();
    real.trash(&["sub/b.jpg"], 0);
    let before = real.tree();
    let lock = File::open(real.root().join(TRASH).join(".lock")).unwrap();
    lock.lock().unwrap();
    let text = real.trash(&["c.jpg"], 1);
    assert!(text.contains("another run is using"), "{text}");
    real.restore(1);
    assert_eq!(real.tree(), before);
    drop(lock);
    // Many at once: each file moves once, or is said to be left.
    let mut real = Real::new();
    let names: Vec<String> = (0..30).map(|number| format!("n{number}.jpg")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    real.copies(&names, b"one picture");
    let before = real.tree();
    let commands: Vec<Command> = (0..4).map(|_| real.trash_command(&names[1..])).collect();
    let quiet = std::process::Stdio::null;
    let start = |mut run: Command| run.stdout(quiet()).stderr(quiet()).spawn();
    let runs: Vec<_> = commands.into_iter().map(start).collect();
    for run in runs {
        let code = run.unwrap().wait().unwrap().code();
        assert!(code.is_some_and(|code| code < 2), "{code:?}");
    }
    real.holds(&before, "after four runs at once");
    assert_eq!(real.tree().len(), 1);
    real.restore(0);
    assert_eq!(real.tree(), before);
}

#[test]
fn each_folder_has_its_own_trash() {
    let mut real = Real::new();
    for (path, bytes) in [("x/DCIM/a.jpg", "a"), ("y/DCIM/a.jpg", "a"), ("y/DCIM/b.jpg", "b")] {
        real.put(path, bytes.as_bytes());
    }
    let before = real.tree();
    let document = fs::read_to_string(real.plan(&["DCIM (2)/a.jpg"])).unwrap();
    let hash = blake3::hash(b"a").to_hex().to_string();
    let unit = |file: &str| {
        format!(
            "{{\"files\":[\"{file}\"],\"bytes\":1,\"pixels\":null,\"edits\":[],\"differs\":{{}}}}"
        )
    };
    let group = format!(
        "\"groups\":[{{\"id\":\"1\",\"list\":\"exact\",\"keeper\":\"DCIM/a.jpg\",\"reason\":\"\",\"units\":[{},{}]}}],\"hashes\":{{\"DCIM/a.jpg\":\"{hash}\",\"DCIM (2)/a.jpg\":\"{hash}\",",
        unit("DCIM/a.jpg"),
        unit("DCIM (2)/a.jpg"),
    );
    let document = document.replace("\"groups\":[],\"hashes\":{", &group);
    fs::write(real.beside("plan.json"), document).unwrap();
    let mut command = real.command();
    command.arg("trash").arg(real.at("x/DCIM")).arg(real.at("y/DCIM"));
    command.arg("--plan").arg(real.beside("plan.json")).args(["--confirm", "1"]);
    said(&command.output().unwrap(), 0);
    assert!(!real.at("y/DCIM/a.jpg").exists() && real.at("x/DCIM/a.jpg").exists());
    let trash = real.at("y/DCIM").join(TRASH);
    assert!(trash.is_dir() && !real.at("x/DCIM").join(TRASH).exists());
    let output = real.command().arg("restore").arg(&trash).output().unwrap();
    said(&output, 0);
    fs::remove_dir_all(trash).unwrap();
    assert_eq!(real.tree(), before);
}

#[test]
fn between_two_storages_a_file_is_copied_verified_and_removed() {
    let Some(mut real) = Real::on_two_storages() else {
        return println!("no second storage can be had here");
    };
    let large = vec![7; 9 << 20];
    real.copies(&["a.jpg", "other/b.jpg"], b"one picture");
    real.copies(&["l.mov", "other/deep/l.mov"], &large);
    may(real.at("other/deep/l.mov"), 0o640);
    let before = real.tree();
    real.trash(&["other/b.jpg", "other/deep/l.mov"], 0);
    assert!(!real.at("other/deep/l.mov").exists());
    let (run, _) = real.manifests().remove(0);
    let kept = fs::metadata(run.join("files/other/deep/l.mov")).unwrap();
    assert_eq!((kept.len(), kept.permissions().mode() & 0o777), (9 << 20, 0o640));
    assert!(!run.join("unfinished").exists());
    real.restore(0);
    assert_eq!(real.tree(), before);
    assert_eq!(
        fs::metadata(real.at("other/deep/l.mov")).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

/// Runs a script over a full disk of its own; what it printed. `None`: none can be had.
fn on_full_disk(real: &Real, script: &str) -> Option<String> {
    let program = super::program::path().unwrap();
    let mount = "mount -t tmpfs -o size=400k none \"$1\"";
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &format!("{mount} || exit 77\n{script}"), "sh"])
        .args([&real.root(), &program, &real.beside("seed"), &real.beside("plan.json")])
        .output()
        .ok()?;
    let text = super::program::said(&output);
    println!("{text}");
    (output.status.code() == Some(0)).then_some(text)
}

#[test]
fn on_a_full_disk_nothing_is_lost() {
    let mut real = small();
    let many: Vec<String> =
        (0..50).map(|number| format!("m/{}{number}.jpg", "n".repeat(200))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    real.copies(&many, b"many");
    let goes: Vec<&str> = many[1..].iter().copied().chain(["c.jpg"]).collect();
    real.plan(&goes);
    fs::rename(real.root(), real.beside("seed")).unwrap();
    fs::create_dir(real.root()).unwrap();
    // Filled to the last byte, to a few pages that are left, and to more: each time
    // another record is the one that does not fit.
    for left in ["0", "1", "2", "4", "8", "12", "16", "24", "32"] {
        let script = format!(
            "cp -a \"$3\"/. \"$1\"; cd \"$1\"; sums() {{ find . -type f ! -name 'fill*' ! -name '*.json' ! -name .lock -exec sha256sum {{}} + | cut -d' ' -f1 | sort | sha256sum; }}\n\
             sums; head -c {left}k /dev/zero > fill2; head -c 400k /dev/zero > fill 2>/dev/null; rm -f fill2\n\
             \"$2\" --no-catalogue duplicates trash \"$1\" --plan \"$4\" --confirm {}; echo \"exit $?\"; sums\n\
             rm fill; \"$2\" --no-catalogue duplicates trash \"$1\" --plan \"$4\" --confirm {0}; sums\n\
             \"$2\" --no-catalogue duplicates restore \"$1/{TRASH}\" > /dev/null; sums; find \"$1\" -name journal.json",
            goes.len()
        );
        let Some(text) = on_full_disk(&real, &script) else {
            return println!("no disk of one's own can be had here");
        };
        let sums: Vec<&str> = text.lines().filter(|line| line.ends_with("  -")).collect();
        assert_eq!(sums.len(), 4, "{text}");
        assert!(sums.iter().all(|sum| *sum == sums[0]), "{left}: {text}");
        assert!(!text.contains("journal.json"), "{text}");
    }
}

#[test]
fn a_plan_without_hashes_needs_the_catalogue_that_made_it() {
    let mut real = Real::new();
    real.copies(&["a.jpg", "b.jpg"], b"\xFF\xD8\xFF\xE0 one picture");
    let catalogue = real.beside("catalogue.redb");
    let program = super::program::path().unwrap();
    let run = |words: &[&str]| {
        let mut command = Command::new(&program);
        command.arg("--catalogue").arg(&catalogue).arg("duplicates").args(words);
        command
    };
    let root = real.root();
    let root = root.to_str().unwrap();
    let output = run(&[root, "--json"]).output().unwrap();
    let mut document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    document["hashes"] = serde_json::json!({});
    document["trash"] = serde_json::json!(["b.jpg"]);
    let plan = real.beside("plan.json");
    fs::write(&plan, document.to_string()).unwrap();
    let words = ["trash", root, "--plan", plan.to_str().unwrap(), "--confirm", "1"];
    // Another catalogue knows nothing.
    let mut without = real.command();
    said(&without.args(words).output().unwrap(), 2);
    assert!(real.at("b.jpg").exists());
    // What changed since it was hashed is not known any more.
    let time = fs::metadata(real.at("b.jpg")).unwrap().modified().unwrap();
    let date = |time| {
        File::options().write(true).open(real.at("b.jpg")).unwrap().set_modified(time).unwrap()
    };
    date(time + std::time::Duration::from_secs(9));
    said(&run(&words).output().unwrap(), 2);
    date(time);
    said(&run(&words).output().unwrap(), 0);
    assert!(!real.at("b.jpg").exists());
}

#[test]
fn the_systems_trash_takes_files_and_says_so() {
    let real = small();
    let home = real.beside("home");
    fs::create_dir(&home).unwrap();
    let mut command = real.trash_command(&["c.jpg", "old/l.jpg", "old/l.mov"]);
    command.arg("--system-trash").env("HOME", &home).env("XDG_DATA_HOME", home.join("data"));
    fs::write(real.at("c.jpg"), "changed").unwrap();
    let text = said(&command.output().unwrap(), 1);
    assert!(text.contains("c.jpg: it changed"), "{text}");
    assert!(real.at("c.jpg").exists() && !real.at("old/l.jpg").exists());
    assert!(!real.root().join(TRASH).exists());
}
