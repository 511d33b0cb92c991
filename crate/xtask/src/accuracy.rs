//! `cargo xtask accuracy`: the tests' own program, in the profile of the tests, which
//! optimises everything that touches pixels: no second build.

use std::process::Command;

use crate::Outcome;
use crate::setup::{root, run};

/// Runs it with the words given.
pub(crate) fn accuracy(words: &[String]) -> Outcome {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "-p", "heirloom-tests", "--bin", "accuracy", "--"]);
    run(command.args(words).current_dir(root()))
}

/// Fails if anything is worse than in the table.
pub(crate) fn check() -> Outcome {
    accuracy(&["--check", "--mode", "strict", "--mode", "balanced"].map(str::to_owned))
}
