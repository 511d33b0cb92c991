//! `cargo xtask test`: everything that must hold. Two lanes go side by side, what
//! Cargo checks and what the page's tools check; the browser comes last. What
//! passes here passes in CI.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::build::{self, Grade};
use crate::setup::{self, root, run};
use crate::{Outcome, accuracy, checks, features, licences, tree};

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// What every change must pass.
    Change,
    /// What a release must pass, and every night: the page as visitors get it,
    /// and more rounds of what is tried at random.
    All,
}

/// What may be done at the same time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Native,
    Page,
    /// After both others.
    Last,
}

/// One step: its name for `--only`, what it does, and how.
struct Step {
    name: &'static str,
    does: &'static str,
    lane: Lane,
    run: fn(Strength) -> Outcome,
}

/// In the order in which a lane does them, cheap ones first.
const STEPS: [Step; 15] = [
    step(Lane::Page, "setup", "bringing what the builds need", |_| setup::setup()),
    step(Lane::Page, "tsc", "the page's types", |_| npm("check")),
    step(Lane::Page, "lint", "the page, its tests and the bundle's scripts", |_| npm("lint")),
    step(Lane::Page, "page", "the page's unit tests", |_| npm("test")),
    step(Lane::Page, "build", "both wasm builds and the page", build),
    step(Lane::Page, "types", "the generated types are committed", |_| build::types_unchanged()),
    // On one core, beside tests that use what is left.
    step(Lane::Page, "accuracy", "no worse than the table", accuracy::check),
    step(Lane::Native, "format", "rustfmt has nothing to change", |_| format()),
    step(
        Lane::Native,
        "dependencies",
        "who may depend on whom, and each library built once",
        |_| checks::directions().and_then(|()| tree::check()).and_then(|()| features::built_once()),
    ),
    step(Lane::Native, "licences", "every dependency is free to use", |_| licences::check()),
    step(Lane::Native, "clippy", "no warning; before a release for wasm, too", clippy),
    step(Lane::Native, "docs", "the documentation builds without a warning", |_| docs()),
    step(Lane::Native, "rust", "unit tests and whole runs on real photos", rust),
    step(Lane::Last, SIZES, "what a visitor loads stays small", |_| build::within_budget()),
    step(Lane::Last, "browser", "the page in a real browser", browser),
];

/// The one step that needs the builds for visitors, which take minutes: only
/// with `--all`, or when it is named.
const SIZES: &str = "sizes";

const fn step(
    lane: Lane,
    name: &'static str,
    does: &'static str,
    run: fn(Strength) -> Outcome,
) -> Step {
    Step { name, does, lane, run }
}

/// What came of the steps so far.
#[derive(Default)]
struct Tally {
    passed: AtomicUsize,
    failed: AtomicUsize,
}

/// Runs the steps; with names in `only`, those alone. A lane stops when a step
/// failed, here or in the other. The last line is `N passed, M failed`.
pub(crate) fn test(only: &[String], strength: Strength) -> ExitCode {
    if let Some(unknown) = only.iter().find(|name| find(name).is_none()) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        eprintln!("xtask: there is no step {unknown}; the steps are {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let wanted = |step: &&Step| match only {
        [] => strength == Strength::All || step.name != SIZES,
        only => only.iter().any(|name| name == step.name),
    };
    let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
    let lane = |lane: Lane| -> Vec<&Step> {
        steps.iter().copied().filter(|step| step.lane == lane).collect()
    };
    let (native, page, last) = (lane(Lane::Native), lane(Lane::Page), lane(Lane::Last));
    let tally = Tally::default();
    // Asked now: while the tests compile, Cargo may replace the file.
    let program = std::env::current_exe().unwrap_or_else(|_| "xtask".into());
    if native.is_empty() || page.is_empty() {
        go([native, page].concat(), &tally, &|step| here(step, strength));
    } else {
        thread::scope(|scope| {
            scope.spawn(|| go(page, &tally, &|step| apart(step, strength, &program)));
            go(native, &tally, &|step| here(step, strength));
        });
    }
    go(last, &tally, &|step| here(step, strength));
    let (passed, failed) = (tally.passed.into_inner(), tally.failed.into_inner());
    if passed + failed < steps.len() {
        println!("{} steps were not run", steps.len() - passed - failed);
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn find(name: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.name == name)
}

fn go(steps: Vec<&Step>, tally: &Tally, does: &dyn Fn(&Step) -> bool) {
    for step in steps {
        if tally.failed.load(Ordering::SeqCst) > 0 {
            return;
        }
        let count = if does(step) { &tally.passed } else { &tally.failed };
        count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Runs a step with its output as it comes.
fn here(step: &Step, strength: Strength) -> bool {
    println!("== {}: {}", step.name, step.does);
    let start = Instant::now();
    let done = (step.run)(strength);
    told(step, start, &done)
}

/// Runs a step in a process of its own and prints what it said when it ends, so
/// that two lanes do not talk at once.
fn apart(step: &Step, strength: Strength, program: &Path) -> bool {
    let start = Instant::now();
    let (mut output, done) = match output_of(step, strength, program) {
        Ok((output, true)) => (output, Ok(())),
        Ok((output, false)) => (output, Err("see above".to_owned())),
        Err(error) => (String::new(), Err(error.to_string())),
    };
    output.insert_str(0, &format!("== {}: {} (beside)\n", step.name, step.does));
    print!("{output}");
    told(step, start, &done)
}

fn output_of(step: &Step, strength: Strength, program: &Path) -> std::io::Result<(String, bool)> {
    let (mut reader, writer) = std::io::pipe()?;
    let mut command = Command::new(program);
    command.args(["step", step.name]);
    if strength == Strength::All {
        command.arg("--all");
    }
    command.stdin(std::process::Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    drop(command); // its ends of the pipe; the reader waits for all
    let mut said = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut said)?;
    Ok((String::from_utf8_lossy(&said).into_owned(), child.wait()?.success()))
}

fn told(step: &Step, start: Instant, done: &Outcome) -> bool {
    let seconds = start.elapsed().as_secs_f32();
    match done {
        Ok(()) => println!("== {}: passed in {seconds:.1} s", step.name),
        Err(sentence) => println!("== {}: FAILED after {seconds:.1} s: {sentence}", step.name),
    }
    done.is_ok()
}

/// One step alone, without a word around it: for [`apart`].
pub(crate) fn one(name: &str, strength: Strength) -> Outcome {
    let step = find(name).ok_or_else(|| format!("there is no step {name}"))?;
    (step.run)(strength)
}

fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

fn format() -> Outcome {
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

/// No code is for wasm alone, so that a change is looked at natively.
fn clippy(strength: Strength) -> Outcome {
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    if strength == Strength::Change {
        return Ok(());
    }
    setup::rust_target()?;
    let wasm = ["clippy", "-p", "heirloom-wasm", "--target", setup::TARGET, "--", "-D", "warnings"];
    run(&mut cargo(&wasm))
}

fn docs() -> Outcome {
    let words = ["doc", "--workspace", "--no-deps", "--quiet"];
    run(cargo(&words).env("RUSTDOCFLAGS", "-D warnings"))
}

fn rust(strength: Strength) -> Outcome {
    run(cargo(&["test", "--workspace"]).envs(more(strength)))
}

/// What the tests read to know how often to try what is random.
fn more(strength: Strength) -> Option<(&'static str, &'static str)> {
    (strength == Strength::All).then_some(("HEIRLOOM_TEST_ALL", "1"))
}

fn build(strength: Strength) -> Outcome {
    build::build(match strength {
        Strength::Change => Grade::Quick,
        Strength::All => Grade::Shipped,
    })
}

fn npm(script: &str) -> Outcome {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm).args(["run", "--silent", script]).current_dir(root().join("www")))
}

/// Browser tests that measure how fast something answers, or wait for a player: no
/// other runs beside them.
const ALONE: [&str; 2] = ["videos.test.mjs", "whole.test.mjs"];

/// Node gets every file by name: what it makes of a folder differs between
/// its versions.
fn browser(strength: Strength) -> Outcome {
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
    let (chromium, firefox) = (setup::chromium()?, setup::firefox()?);
    setup::screen();
    let made = ["-p", "heirloom-cli", "-p", "heirloom-recipes", "-p", "heirloom-tests", "--bins"];
    run(cargo(&["build", "--quiet"]).args(made))?;
    let node = |file: &Path| {
        let mut node = Command::new("node");
        node.arg("--test").arg(file).env("CHROMIUM", &chromium).env("FIREFOX", &firefox);
        node.envs(more(strength)).current_dir(root());
        node
    };
    let (alone, together): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().partition(|file| ALONE.iter().any(|name| file.ends_with(name)));
    let disturbed = two_at_once(together, &node);
    for file in &disturbed {
        println!("browser: {} failed beside another and is tried alone", file.display());
    }
    disturbed.iter().chain(&alone).try_for_each(|file| run(&mut node(file)))
}

/// Runs these browser tests, two files at once; each is printed when it ends. Returns
/// the files that failed: two share the cores, so that a wait may have been too short.
fn two_at_once(files: Vec<PathBuf>, node: &(dyn Fn(&Path) -> Command + Sync)) -> Vec<PathBuf> {
    let (waiting, failed) = (Mutex::new(files.into_iter()), Mutex::new(Vec::new()));
    let next = || waiting.lock().ok()?.next();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(file) = next() {
                    let done = node(&file).output();
                    let passed = done.as_ref().is_ok_and(|done| done.status.success());
                    if let Ok(done) = done {
                        print!("{}", String::from_utf8_lossy(&done.stdout));
                        eprint!("{}", String::from_utf8_lossy(&done.stderr));
                    }
                    if let (false, Ok(mut failed)) = (passed, failed.lock()) {
                        failed.push(file);
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap_or_default()
}
