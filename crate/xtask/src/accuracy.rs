//! `cargo xtask accuracy`: the tests' own program, in the profile of the tests, which
//! optimises everything that touches pixels: no second build. `cargo xtask copies` is
//! another one; the Heirloom that it runs beside other programs is the released one.

use std::ffi::OsStr;
use std::process::Command;

use crate::Outcome;
use crate::setup::{root, run};
use crate::test::Strength;

/// Runs it with the words given.
pub(crate) fn accuracy(words: &[impl AsRef<OsStr>]) -> Outcome {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "-p", "heirloom-tests", "--bin", "accuracy", "--"]);
    run(command.args(words).current_dir(root()))
}

/// Counts copies with the words given.
pub(crate) fn copies(words: &[impl AsRef<OsStr>]) -> Outcome {
    let mut heirloom = std::ffi::OsString::from("heirloom=");
    heirloom.push(crate::bench::program()?);
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "-p", "heirloom-tests", "--bin", "copies", "--"]);
    run(command.args(words).arg("--program").arg(heirloom).current_dir(root()))
}

/// Kinds that a change tries: those in which links were wrong before they were mended. The
/// others tell what is missed, and take as long again.
const AT_EVERY_CHANGE: [&str; 24] = [
    "burst",
    "burst-absent",
    "copies",
    "crop",
    "drawing",
    "edited-absent",
    "featureless",
    "screens-absent",
    "filter",
    "mirror",
    "retouched",
    "relit",
    "enlarged",
    "chat-copies",
    "grey-copies",
    "glyphs",
    "strips",
    "templates",
    "cover-squares",
    "cover-painted",
    "sky",
    "video-cut",
    "video-other",
    "video-silent",
];

/// Fails if anything is worse than in the table: in the mode that people get, or
/// with every kind in every mode that the table has.
pub(crate) fn check(strength: Strength) -> Outcome {
    let words: Vec<&str> = match strength {
        Strength::Change => {
            let kinds = AT_EVERY_CHANGE.iter().flat_map(|kind| ["--only", kind]);
            ["--check", "--mode", "balanced"].into_iter().chain(kinds).collect()
        }
        Strength::All => vec!["--check", "--mode", "strict", "--mode", "balanced"],
    };
    accuracy(&words)
}
