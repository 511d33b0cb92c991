//! `cargo xtask test`: everything that must hold, cheap steps first. It stops
//! at the first step that fails; what passes here passes in CI.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::setup::{self, root, run};
use crate::{Outcome, accuracy, build, checks, licences};

/// One step: its name for `--only`, what it does, and how.
struct Step {
    name: &'static str,
    does: &'static str,
    run: fn() -> Outcome,
}

const STEPS: [Step; 14] = [
    Step { name: "setup", does: "bringing what the builds need", run: setup::setup },
    Step { name: "format", does: "rustfmt has nothing to change", run: format },
    Step { name: "dependencies", does: "who may depend on whom", run: checks::directions },
    Step { name: "licences", does: "every dependency is free to use", run: licences::check },
    Step { name: "clippy", does: "no warning, native and wasm", run: clippy },
    Step { name: "docs", does: "the documentation builds without a warning", run: docs },
    Step { name: "rust", does: "unit tests and whole runs on real photos", run: rust },
    Step { name: "accuracy", does: "no worse than the table", run: accuracy::check },
    Step { name: "build", does: "both wasm builds and the page", run: build::build },
    Step { name: "types", does: "the generated types are committed", run: build::types_unchanged },
    Step { name: "tsc", does: "the page's types", run: tsc },
    Step { name: "page", does: "the page's unit tests", run: page },
    Step { name: "sizes", does: "what a visitor loads stays small", run: build::within_budget },
    Step { name: "browser", does: "the page in a real browser", run: browser },
];

/// Runs the steps; with names in `only`, those alone.
pub(crate) fn test(only: &[String]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step {unknown}; the steps are {}", names.join(", ")));
    }
    let wanted = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
    for (passed, step) in steps.iter().enumerate() {
        println!("== {}: {}", step.name, step.does);
        let start = Instant::now();
        let done = (step.run)();
        let seconds = start.elapsed().as_secs_f32();
        if let Err(sentence) = done {
            println!("== {}: FAILED after {seconds:.1} s: {sentence}", step.name);
            let left = steps.len() - passed - 1;
            println!("{passed} passed, 1 failed, {left} not run");
            return Err(format!("the step {} failed", step.name));
        }
        println!("== {}: passed in {seconds:.1} s", step.name);
    }
    println!("{} passed, 0 failed", steps.len());
    Ok(())
}

fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

fn format() -> Outcome {
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let wasm = ["clippy", "-p", "heirloom-wasm", "--target", setup::TARGET, "--", "-D", "warnings"];
    run(&mut cargo(&wasm))
}

fn docs() -> Outcome {
    let words = ["doc", "--workspace", "--no-deps", "--quiet"];
    run(cargo(&words).env("RUSTDOCFLAGS", "-D warnings"))
}

fn rust() -> Outcome {
    run(&mut cargo(&["test", "--workspace"]))
}

fn npm(script: &str) -> Outcome {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm).args(["run", "--silent", script]).current_dir(root().join("www")))
}

fn tsc() -> Outcome {
    npm("check")
}

fn page() -> Outcome {
    npm("test")
}

/// Node gets every file by name: what it makes of a folder differs between
/// its versions.
fn browser() -> Outcome {
    let folder = root().join("tests/web");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().contains(".test."))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{} holds no browser test", folder.display()));
    }
    let chromium = setup::chromium()?;
    run(&mut cargo(&["build", "--quiet", "-p", "heirloom-cli", "-p", "heirloom-tests", "--bins"]))?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1"]).args(files);
    run(node.env("CHROMIUM", chromium).current_dir(root()))
}
