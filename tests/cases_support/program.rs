//! The real program, as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use heirloom_media::{Outcome, saying};

/// Where the program is: `HEIRLOOM_BIN`, or built beside this test.
pub fn path() -> Outcome<PathBuf> {
    static BUILT: OnceLock<Outcome<PathBuf>> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> Outcome<PathBuf> {
    if let Some(given) = std::env::var_os("HEIRLOOM_BIN") {
        return Ok(PathBuf::from(given));
    }
    // With this package: alone, the program would ask less of its dependencies,
    // and they would be built once more.
    let packages = ["--package", "heirloom-cli", "--package", "heirloom-tests"];
    let status =
        Command::new(env!("CARGO")).args(["build", "--quiet", "--bins"]).args(packages).status();
    if !saying("building the program", status)?.success() {
        return Err("the program could not be built".into());
    }
    let this = saying("this test's place", std::env::current_exe())?;
    let folder = this.parent().and_then(Path::parent).ok_or("no target folder")?;
    Ok(folder.join(format!("heirloom{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs `heirloom link` with the two inputs of a case and more words. What it
/// learns is remembered beside the inputs, so that the second run of a case is
/// one that knows everything; the user's own catalogue is left alone.
#[allow(dead_code)] // Several tests share this file; one needs all of it.
pub fn link(inputs: &Path, export: &Path, words: &[&str]) -> Outcome<Output> {
    let mut command = Command::new(path()?);
    command.arg("link").arg("--catalogue").arg(inputs.join("catalogue.redb"));
    command.arg("--export-media-dir").arg(export);
    command.arg("--original-media-dir").arg(inputs.join("originals")).args(words);
    saying("running the program", command.output())
}

/// The export of a case: its folder, or the one zip in it.
#[allow(dead_code)] // As above.
pub fn export(inputs: &Path) -> Outcome<PathBuf> {
    let chat = inputs.join("chat");
    let mut files: Vec<PathBuf> = saying("the chat", std::fs::read_dir(&chat))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    match (files.len(), files.pop()) {
        (1, Some(only)) if only.extension().is_some_and(|ending| ending == "zip") => Ok(only),
        _ => Ok(chat),
    }
}

/// What the program printed, for messages.
#[allow(dead_code)] // As above.
pub fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("exit {:?}\n{}{}", output.status.code(), text(&output.stdout), text(&output.stderr))
}
