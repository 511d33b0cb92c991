//! Programs of the machine that make copies as people do; each is used where it is there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Outcome, saying};

/// The programs that make files, and a place for them to work in.
#[derive(Debug, Default)]
pub struct Tools {
    /// Changes metadata.
    pub exiftool: Option<PathBuf>,
    /// Writes HEICs.
    pub heif_enc: Option<PathBuf>,
    /// Writes WebPs that lose something.
    pub cwebp: Option<PathBuf>,
    /// Makes films.
    pub ffmpeg: Option<PathBuf>,
    /// Where files lie while they are made.
    pub scratch: PathBuf,
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A program of this name among the folders of `PATH`.
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|place| place.is_file())
}

/// What a program says of its version: the first line, on whichever stream.
#[must_use]
pub fn version(program: &Path) -> String {
    let is = |name: &str| program.file_stem().is_some_and(|stem| stem == name);
    let word = match () {
        () if is("exiftool") => "-ver",
        () if is("ffmpeg") || is("cwebp") => "-version",
        () if is("heif-enc") => "-h",
        () => "--version",
    };
    let Ok(output) = Command::new(program).arg(word).output() else { return String::new() };
    let lines = [output.stdout, output.stderr];
    let lines = lines.iter().map(|text| String::from_utf8_lossy(text).trim().to_owned());
    let mut line = lines.filter_map(|text| Some(text.lines().next()?.trim().to_owned()));
    line.find(|line| !line.is_empty()).unwrap_or_default()
}

impl Tools {
    /// Each with its name and where it is.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<&Path>); 4] {
        [
            ("exiftool", self.exiftool.as_deref()),
            ("heif-enc", self.heif_enc.as_deref()),
            ("cwebp", self.cwebp.as_deref()),
            ("ffmpeg", self.ffmpeg.as_deref()),
        ]
    }

    /// What a program makes of these bytes: `words` gets the place of the file with them
    /// and that of the file to be made.
    pub(super) fn made(
        &self,
        program: &Path,
        (bytes, ending): (&[u8], &str),
        made: &str,
        words: impl Fn(&str, &str) -> Vec<String>,
    ) -> Outcome<Vec<u8>> {
        let name = program.display().to_string();
        saying("a place to work in", std::fs::create_dir_all(&self.scratch))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let place =
            |what: &str, ending: &str| self.scratch.join(format!("{number}-{what}.{ending}"));
        let (from, to) = (place("from", ending), place("to", made));
        saying(&name, std::fs::write(&from, bytes))?;
        let words = words(&from.to_string_lossy(), &to.to_string_lossy());
        let output = saying(&name, Command::new(program).args(words).output())?;
        if !output.status.success() {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let bytes = saying(&name, std::fs::read(&to))?;
        for file in [from, to] {
            saying(&name, std::fs::remove_file(file))?;
        }
        Ok(bytes)
    }
}
