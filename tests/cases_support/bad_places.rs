//! Inputs and outputs that cannot be read or written: each ends with one clear
//! sentence, and nothing half-written is left looking whole.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heirloom_media::build::{self, Built};
use heirloom_media::recipe::Recipe;
use heirloom_media::{Outcome, disk, saying};

use super::program;

/// A test: its name and what it does.
pub type Place = (&'static str, fn() -> Outcome);

/// All of them.
pub const ALL: [Place; 7] = [
    ("place_empty_export", empty_export),
    ("place_output_inside_input", output_inside_input),
    ("place_output_of_somebody_else", output_of_somebody_else),
    ("place_output_not_writable", output_not_writable),
    ("place_input_not_readable", input_not_readable),
    ("place_disk_full_folder", disk_full_folder),
    ("place_disk_full_zip", disk_full_zip),
];

const SMALL: &str = r#"
about = "Two photos."
platform = "ios"
[[original]]
path = "DCIM/a.jpg"
fixture = "photos/nikon-d5000.jpg"
[[original]]
path = "DCIM/b.jpg"
fixture = "photos/bridge.jpg"
[[message]]
at = "2024-05-04T12:00:00"
from = "Nora"
send = { original = "DCIM/a.jpg", long_edge = 640 }
[[message]]
at = "2024-05-04T12:01:00"
from = "Theo"
text = "Nice!"
"#;

struct Room {
    temp: tempfile::TempDir,
    built: Built,
}

impl Room {
    fn new() -> Outcome<Self> {
        let temp = saying("a folder", tempfile::tempdir())?;
        let built = build::build(&Recipe::parse(SMALL)?)?;
        disk::write(&temp.path().join("chat"), &built.chat)?;
        disk::write(&temp.path().join("originals"), &built.originals)?;
        Ok(Self { temp, built })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    fn link(&self, words: &[&str]) -> Outcome<Output> {
        program::link(self.temp.path(), &self.at("chat"), words)
    }

    fn inputs_are_whole(&self) -> Outcome {
        for (folder, files) in [("chat", &self.built.chat), ("originals", &self.built.originals)] {
            for made in files {
                let bytes = saying(&made.path, std::fs::read(self.at(folder).join(&made.path)))?;
                if bytes != made.bytes {
                    return Err(format!("the run changed {}", made.path));
                }
            }
        }
        Ok(())
    }
}

fn fails_with(output: &Output, sentence: &str) -> Outcome {
    let said = program::said(output);
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().last().unwrap_or_default();
    if output.status.code() == Some(1) && last.contains(sentence) {
        return Ok(());
    }
    Err(format!("expected exit 1 and “{sentence}”, got {said}"))
}

fn empty_export() -> Outcome {
    let room = Room::new()?;
    saying("a folder", std::fs::create_dir(room.at("empty")))?;
    let out = room.at("out/original_media").display().to_string();
    let output = program::link(room.temp.path(), &room.at("empty"), &["--output-media-dir", &out])?;
    fails_with(&output, "there is no chat in the export")?;
    let output =
        program::link(room.temp.path(), &room.at("absent"), &["--output-media-dir", &out])?;
    fails_with(&output, "cannot be read")
}

fn output_inside_input() -> Outcome {
    let room = Room::new()?;
    for place in ["chat/out/original_media", "originals/original_media"] {
        let place = room.at(place).display().to_string();
        let output = room.link(&["--output-media-dir", &place])?;
        fails_with(&output, "lies inside")?;
    }
    let zip = room.at("originals/DCIM/a.zip").display().to_string();
    fails_with(&room.link(&["--zip", &zip])?, "lies inside")?;
    room.inputs_are_whole()
}

fn output_of_somebody_else() -> Outcome {
    let room = Room::new()?;
    saying("a folder", std::fs::create_dir(room.at("out")))?;
    saying("a file", std::fs::write(room.at("out/index.html"), "somebody's page"))?;
    let out = room.at("out/original_media").display().to_string();
    fails_with(&room.link(&["--output-media-dir", &out])?, "is not empty")?;
    let page = saying("the page", std::fs::read_to_string(room.at("out/index.html")))?;
    if page == "somebody's page" { Ok(()) } else { Err("somebody's page was overwritten".into()) }
}

fn output_not_writable() -> Outcome {
    let room = Room::new()?;
    saying("a file", std::fs::write(room.at("wall"), "a file, not a folder"))?;
    let out = room.at("wall/out/original_media").display().to_string();
    fails_with(&room.link(&["--output-media-dir", &out])?, "cannot be made")?;
    let zip = room.at("nowhere/chat.zip").display().to_string();
    fails_with(&room.link(&["--zip", &zip])?, "cannot be written")
}

/// As a user who may not read one folder and one file. The administrator may
/// read everything, so the program is then run as nobody.
#[cfg(unix)]
fn input_not_readable() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let room = Room::new()?;
    let forbid = |path: PathBuf, mode: u32| {
        saying("permissions", std::fs::set_permissions(path, PermissionsExt::from_mode(mode)))
    };
    saying("a folder", std::fs::create_dir(room.at("originals/locked")))?;
    let copy = room.at("heirloom");
    saying("the program", std::fs::copy(program::path()?, &copy))?;
    forbid(room.temp.path().to_owned(), 0o755)?;
    forbid(room.at("originals/locked"), 0o000)?;
    forbid(room.at("originals/DCIM/b.jpg"), 0o000)?;
    let mut command = Command::new(&copy);
    command
        .args(["link", "--no-catalogue", "--dry-run", "--export-media-dir"])
        .arg(room.at("chat"));
    command.arg("--original-media-dir").arg(room.at("originals"));
    if std::fs::read(room.at("originals/DCIM/b.jpg")).is_ok() {
        command.uid(65_534);
    }
    let output = saying("running the program", command.output())?;
    forbid(room.at("originals/locked"), 0o755)?;
    let said = program::said(&output);
    let told = ["locked: the file could not be read", "DCIM/b.jpg: the file could not be read"];
    if output.status.success() && told.iter().all(|part| said.contains(part)) {
        return Ok(());
    }
    Err(said)
}

#[cfg(not(unix))]
fn input_not_readable() -> Outcome {
    Ok(())
}

/// A limit on the size of a file stops a write in its middle, as a full disk
/// does; the signal that goes with it is ignored, so that an error comes back.
fn on_a_full_disk(room: &Room, words: &[&str]) -> Outcome<Output> {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]);
    command.arg(program::path()?).arg("link").arg("--catalogue").arg(room.at("catalogue.redb"));
    command.arg("--export-media-dir").arg(room.at("chat"));
    command.arg("--original-media-dir").arg(room.at("originals")).args(words);
    saying("running the program", command.output())
}

fn disk_full_folder() -> Outcome {
    let room = Room::new()?;
    let out = room.at("out/original_media").display().to_string();
    let output = on_a_full_disk(&room, &["--output-media-dir", &out])?;
    fails_with(&output, "the bundle could not be written")?;
    nothing_in(&room.at("out"))?;
    room.inputs_are_whole()
}

fn disk_full_zip() -> Outcome {
    let room = Room::new()?;
    saying("a folder", std::fs::create_dir(room.at("out")))?;
    let zip = room.at("out/chat.zip").display().to_string();
    let output = on_a_full_disk(&room, &["--zip", &zip])?;
    fails_with(&output, "the bundle could not be written")?;
    nothing_in(&room.at("out"))
}

fn nothing_in(folder: &Path) -> Outcome {
    let left: Vec<_> = saying("the output", std::fs::read_dir(folder))?.flatten().collect();
    if left.is_empty() { Ok(()) } else { Err(format!("left behind: {left:?}")) }
}
