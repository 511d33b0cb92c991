//! The real program: killed at random moments, and with a catalogue that it
//! cannot use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use heirloom_catalog::{Part, Volume};
use heirloom_core::job::SHELVES;
use heirloom_media::disk;
use redb::{ReadableDatabase, ReadableTableMetadata};

use super::{before, built, numbers, program};

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
    let rounds = if std::env::var_os("HEIRLOOM_TEST_ALL").is_some() { 10 } else { 3 };
    for (round, number) in numbers(20_241_122).take(rounds).enumerate() {
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

/// Damages a file of the catalogue; where it was put aside.
#[track_caller]
fn check_put_aside(
    room: &Room,
    whole: &str,
    (name, aside): (&str, &str),
    damage: impl FnOnce(&Path),
) -> PathBuf {
    damage(&room.at(name));
    let (mapping, said) = room.run();
    assert_eq!(mapping, whole);
    assert_eq!(said.matches("cannot be used").count(), 1, "{said}");
    assert!(said.contains("it was put aside as"), "{said}");
    let aside = room.at(aside);
    assert!(said.contains(&format!("{},", aside.display())), "{said}");
    assert!(aside.metadata().unwrap().len() > 0);
    let (again, said) = room.run();
    assert!(again == whole && !said.contains("catalogue"), "{said}");
    aside
}

fn into_a_letter(path: &Path) {
    std::fs::write(path, "a letter\n".repeat(999)).unwrap();
}

fn into_half(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let half = bytes.len() / 2;
    bytes.truncate(half);
    std::fs::write(path, bytes).unwrap();
}

/// Says that a newer program wrote it.
fn into_newer(path: &Path, name: &str) {
    let newer = redb::Database::open(path).unwrap();
    let transaction = newer.begin_write().unwrap();
    let table = redb::TableDefinition::<&str, u32>::new("versions");
    transaction.open_table(table).unwrap().insert(name, 77).unwrap();
    transaction.commit().unwrap();
}

#[test]
fn a_catalogue_that_cannot_be_used_is_put_aside() {
    let room = Room::new("export_alone");
    let (whole, said) = room.run();
    assert!(!said.contains("catalogue"), "{said}");
    let names = ("catalogue.redb", "catalogue.redb.aside");
    check_put_aside(&room, &whole, names, into_a_letter);
    check_put_aside(&room, &whole, names, into_half);
    check_put_aside(&room, &whole, names, |path| into_newer(path, "catalogue"));
}

#[test]
fn a_file_of_decisions_that_cannot_be_used_is_put_aside_and_never_written_over() {
    let room = Room::new("export_alone");
    let (whole, _) = room.run();
    let name = "catalogue.redb.decisions";
    let mut kept = Vec::new();
    for (ending, damage) in [
        (".aside", into_a_letter as fn(&Path)),
        (".aside-2", into_half),
        (".aside-3", |path| {
            std::fs::write(path, [&[0; 9], "x".repeat(9000).as_bytes()].concat()).unwrap()
        }),
    ] {
        let aside = check_put_aside(&room, &whole, (name, &format!("{name}{ending}")), damage);
        kept.push((std::fs::read(&aside).unwrap(), aside));
    }
    for (bytes, aside) in kept {
        assert!(std::fs::read(&aside).unwrap() == bytes, "{}", aside.display());
    }
}

#[test]
fn decisions_of_a_newer_program_are_left_alone() {
    let room = Room::new("export_alone");
    let (whole, _) = room.run();
    let path = room.at("catalogue.redb.decisions");
    into_newer(&path, "answers");
    let (mapping, said) = room.run();
    assert_eq!(mapping, whole);
    assert!(said.contains("a newer version of the program wrote"), "{said}");
    assert!(!said.contains("put aside"), "{said}");
    let (_, said) = room.run();
    assert!(said.contains("a newer version of the program wrote"), "{said}");
    let newer = redb::Database::open(&path).unwrap().begin_read().unwrap();
    let versions = newer.open_table(redb::TableDefinition::<&str, u32>::new("versions")).unwrap();
    assert_eq!(versions.get("answers").unwrap().unwrap().value(), 77);
    let runs = newer.open_table(redb::TableDefinition::<&[u8], &[u8]>::new("runs")).unwrap();
    assert_eq!(runs.len().unwrap(), 1, "the run of before, and none since");
}

#[test]
fn without_a_catalogue_the_run_goes_on() {
    let room = Room::new("export_alone");
    let (whole, _) = room.run();
    let file = std::fs::File::options().read(true).write(true).open(room.at("catalogue.redb"));
    let held = Volume::in_file(Part::Cache, file.unwrap(), SHELVES).unwrap();
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

/// `heirloom catalogue …` over a room's catalogue: what it printed, and said beside it.
#[track_caller]
fn upkeep(room: &Room, words: &[&str]) -> (String, String) {
    let mut command = Command::new(program::path().unwrap());
    command.arg("catalogue").args(words).arg("--catalogue").arg(room.at("catalogue.redb"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", program::said(&output));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn the_catalogue_can_be_shown_and_deleted() {
    let room = Room::new("export_alone");
    room.run();
    let (cache, forever) = (room.at("catalogue.redb"), room.at("catalogue.redb.decisions"));
    // One line, for scripts; the other place is said beside it.
    let (printed, said) = upkeep(&room, &["path"]);
    assert_eq!(printed.trim(), cache.display().to_string());
    assert!(said.contains(&forever.display().to_string()), "{said}");
    let (printed, _) = upkeep(&room, &["path", "--decisions"]);
    assert_eq!(printed.trim(), forever.display().to_string());

    let (printed, _) = upkeep(&room, &["export"]);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["runs"].as_array().unwrap().len(), 1);
    assert!(!json["files"].as_object().unwrap().is_empty());
    let file = room.at("all.json");
    upkeep(&room, &["export", &file.display().to_string()]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), printed);

    let (printed, _) = upkeep(&room, &["delete"]);
    assert!(printed.contains("was deleted") && printed.contains("--decisions"), "{printed}");
    assert!(!cache.exists() && forever.exists());
    let (printed, _) = upkeep(&room, &["export"]);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["runs"].as_array().unwrap().len(), 1, "what is kept forever is gone");
    assert!(json["files"].as_object().unwrap().is_empty());

    let (printed, _) = upkeep(&room, &["delete", "--decisions"]);
    assert!(printed.contains("was deleted"), "{printed}");
    assert!(!cache.exists() && !forever.exists());
    let (printed, _) = upkeep(&room, &["delete"]);
    assert!(printed.contains("nothing is remembered"), "{printed}");
    assert!(!cache.exists() && !forever.exists());
}

#[test]
fn deleting_what_an_older_program_learnt_keeps_its_decisions() {
    let room = Room::new("export_alone");
    std::fs::write(room.at("catalogue.redb"), before::kept("catalogue.redb")).unwrap();
    upkeep(&room, &["delete"]);
    assert!(!room.at("catalogue.redb").exists());
    let was: serde_json::Value = serde_json::from_slice(&before::kept("catalogue.json")).unwrap();
    let is: serde_json::Value = serde_json::from_str(&upkeep(&room, &["export"]).0).unwrap();
    assert_eq!((&is["answers"], &is["runs"]), (&was["answers"], &was["runs"]));
}

#[test]
fn what_is_learnt_is_in_the_cache_folder_and_what_is_decided_is_not() {
    let room = Room::new("export_alone");
    let place = |words: &[&str]| {
        let mut command = Command::new(program::path().unwrap());
        command.args(["catalogue", "path"]).args(words);
        command.env("XDG_CACHE_HOME", room.at("cache")).env("XDG_DATA_HOME", room.at("data"));
        String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_owned()
    };
    let (cache, forever) = (place(&[]), place(&["--decisions"]));
    if cfg!(target_os = "linux") {
        assert_eq!(cache, room.at("cache/heirloom/catalogue.redb").display().to_string());
        assert_eq!(forever, room.at("data/heirloom/decisions.redb").display().to_string());
    }
    assert!(cache.ends_with("catalogue.redb") && forever.ends_with("decisions.redb"));
}
