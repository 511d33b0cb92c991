//! The two programs of ours that a build runs: compiled in one command, then run
//! from where Cargo put them.

use std::path::PathBuf;
use std::process::Command;

use crate::Outcome;
use crate::setup::{root, run};

/// Compiles both; does nothing where nothing changed.
pub(super) fn compile() -> Outcome {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--package", "heirloom-pack", "--package", "heirloom-recipes"]);
    cargo.args(["--bins", "--target-dir"]).arg(root().join("target"));
    run(cargo.current_dir(root()))
}

/// Where one of them is.
pub(super) fn path(name: &str) -> PathBuf {
    root().join("target/debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
