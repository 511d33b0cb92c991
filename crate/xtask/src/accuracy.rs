//! `cargo xtask accuracy`: the tests' own program, in the profile of the tests, which
//! optimises everything that touches pixels: no second build.

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

/// Fails if anything is worse than in the table: in the mode that people get, or
/// in every mode that the table has.
pub(crate) fn check(strength: Strength) -> Outcome {
    accuracy(match strength {
        Strength::Change => &["--check", "--mode", "balanced"][..],
        Strength::All => &["--check", "--mode", "strict", "--mode", "balanced"],
    })
}
