//! The real program: killed at random moments, and with a catalogue that it
//! cannot use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use heirloom_catalog::Catalogue;
use heirloom_media::disk;

use super::{built, numbers, program};

/// A case on disk.
struct Room(tempfile::TempDir);

impl Room {
    fn new(case: &str) -> Self {
        // Built here at the latest: what follows is timed.
        program::path().unwrap();
        let temp = tempfile::tempdir().unwrap();
        let built = built(case);
        disk::write(&temp.path().join("chat"), &built.chat).unwrap();
        disk::write(&temp.path().join("originals"), &built.originals).unwrap();
        Self(temp)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn link(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program::path().unwrap());
        command.args(["link", "--dry-run", "--json", "--export-media-dir"]);
        command.arg(program::export(self.0.path()).unwrap());
        command.arg("--original-media-dir").arg(self.at("originals"));
        command.arg("--catalogue").arg(self.at("catalogue.redb")).args(words);
        command
    }

    /// Runs to the end: `mapping.json`, and what was said beside it.
    #[track_caller]
    fn run(&self) -> (String, String) {
        let output = self.link(&[]).output().unwrap();
        assert!(output.status.success(), "{}", program::said(&output));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    }
}

#[test]
fn a_run_killed_at_any_moment_is_completed_by_the_next() {
    let room = Room::new("small");
    let start = Instant::now();
    let (whole, _) = room.run();
    let took = start.elapsed();
    for (round, number) in numbers(20_241_122).take(10).enumerate() {
        std::fs::remove_file(room.at("catalogue.redb")).ok();
        let moment = took.mul_f64(0.05 + 0.9 * (number % 1000) as f64 / 1000.0);
        let mut child = room.link(&["--quiet"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment);
        let killed = child.kill().is_ok();
        let status = child.wait().unwrap();
        let (mapping, said) = room.run();
        println!("round {round}: killed after {moment:?} of {took:?}: {killed} {status}");
        assert_eq!(mapping, whole, "killed after {moment:?} of {took:?}");
        assert!(!said.contains("cannot be used"), "{said}");
    }
}

#[test]
fn a_catalogue_whose_making_was_cut_short_is_begun_anew() {
    let room = Room::new("export_alone");
    std::fs::write(room.at("catalogue.redb"), [0; 8192]).unwrap();
    let (whole, said) = room.run();
    assert!(!said.contains("catalogue"), "{said}");
    let (again, said) = room.run();
    assert!(again == whole && !said.contains("catalogue"), "{said}");
    assert!(!room.at("catalogue.redb.aside").exists());
}

#[track_caller]
fn check_put_aside(room: &Room, whole: &str, damage: impl FnOnce(&Path)) {
    damage(&room.at("catalogue.redb"));
    let (mapping, said) = room.run();
    assert_eq!(mapping, whole);
    assert_eq!(said.matches("cannot be used").count(), 1, "{said}");
    assert!(said.contains("it was put aside as"), "{said}");
    std::fs::remove_file(room.at("catalogue.redb.aside")).unwrap();
    let (again, said) = room.run();
    assert!(again == whole && !said.contains("catalogue"), "{said}");
}

#[test]
fn a_catalogue_that_cannot_be_used_is_put_aside() {
    let room = Room::new("export_alone");
    let (whole, said) = room.run();
    assert!(!said.contains("catalogue"), "{said}");
    check_put_aside(&room, &whole, |path| std::fs::write(path, "a letter\n".repeat(999)).unwrap());
    check_put_aside(&room, &whole, |path| {
        let mut bytes = std::fs::read(path).unwrap();
        let half = bytes.len() / 2;
        bytes.truncate(half);
        std::fs::write(path, bytes).unwrap();
    });
    check_put_aside(&room, &whole, |path| {
        std::fs::remove_file(path).unwrap();
        drop(redb::Database::create(path).unwrap());
        let newer = redb::Database::open(path).unwrap();
        let transaction = newer.begin_write().unwrap();
        let table = redb::TableDefinition::<&str, u32>::new("versions");
        transaction.open_table(table).unwrap().insert("catalogue", 77).unwrap();
        transaction.commit().unwrap();
    });
}

#[test]
fn without_a_catalogue_the_run_goes_on() {
    let room = Room::new("export_alone");
    let (whole, _) = room.run();
    let file = std::fs::File::options().read(true).write(true).open(room.at("catalogue.redb"));
    let held = Catalogue::in_file(file.unwrap()).unwrap();
    let (mapping, said) = room.run();
    assert_eq!(mapping, whole);
    assert!(said.contains("another run is using the catalogue"), "{said}");
    drop(held);
    let inside = room.at("originals").join("catalogue.redb");
    let mut command = room.link(&[]);
    let words: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let at = words.iter().position(|word| word == "--catalogue").unwrap();
    command = Command::new(command.get_program());
    command.args(&words[..=at]).arg(&inside).args(&words[at + 2..]);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), whole);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("lies inside the input"), "{said}");
    assert!(!inside.exists());
}

#[test]
fn the_catalogue_can_be_shown_and_deleted() {
    let room = Room::new("export_alone");
    room.run();
    let path = room.at("catalogue.redb");
    let upkeep = |words: &[&str]| {
        let mut command = Command::new(program::path().unwrap());
        let output = command.arg("catalogue").args(words).arg("--catalogue").arg(&path).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", program::said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(upkeep(&["path"]).trim(), path.display().to_string());
    let json: serde_json::Value = serde_json::from_str(&upkeep(&["export"])).unwrap();
    assert_eq!(json["runs"].as_array().unwrap().len(), 1);
    assert!(!json["files"].as_object().unwrap().is_empty());
    let file = room.at("all.json");
    upkeep(&["export", &file.display().to_string()]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), upkeep(&["export"]));
    assert!(upkeep(&["delete"]).contains("was deleted"));
    assert!(!path.exists());
    assert!(upkeep(&["delete"]).contains("nothing is remembered"));
}

#[test]
fn the_cache_folder_is_the_default() {
    let room = Room::new("export_alone");
    let mut command = Command::new(program::path().unwrap());
    command.args(["catalogue", "path"]).env("XDG_CACHE_HOME", room.at("cache"));
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    if cfg!(target_os = "linux") {
        let want = room.at("cache/heirloom/catalogue.redb");
        assert_eq!(said.trim(), want.display().to_string());
    }
    assert!(said.trim().ends_with("catalogue.redb"));
}
