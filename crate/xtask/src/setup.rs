//! Brings what the builds need and says so; does nothing where all is there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::build::settings::WasmSettings;

/// The target of both wasm builds.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // Two folders above this crate's manifest.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map_or_else(PathBuf::new, Into::into)
}

/// The Rust toolchains and the page's packages.
pub(crate) fn setup() -> Outcome {
    rust_target()?;
    nightly(&WasmSettings::read()?.threads_toolchain)?;
    packages()
}

/// Where Chromium is, installed from the system's packages if need be. Only
/// the browser tests want it.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    browser("Chromium", "chromium", &usual)
}

/// Where Firefox is, in the same way.
pub(crate) fn firefox() -> Outcome<PathBuf> {
    browser("Firefox", "firefox-esr", &["/usr/bin/firefox-esr", "/usr/bin/firefox"])
}

/// A screen that nobody sees, and hands for it: without them the one test that needs a
/// person's permission is skipped, and says so.
pub(crate) fn screen() {
    let there = ["/usr/bin/Xvfb", "/usr/bin/xdotool"].iter().all(|path| Path::new(path).exists());
    if there || !cfg!(target_os = "linux") {
        return;
    }
    println!("setup: installing a screen for the browser tests");
    if let Err(why) = install(&["xvfb", "xdotool"]) {
        println!("setup: there is none: {why}");
    }
}

/// A browser: named by a variable, at one of its usual places, or installed.
fn browser(name: &str, package: &str, usual: &[&str]) -> Outcome<PathBuf> {
    let variable = name.to_uppercase();
    let here = || {
        let named = std::env::var_os(&variable).map(PathBuf::from);
        named.into_iter().chain(usual.iter().map(PathBuf::from)).find(|path| path.exists())
    };
    if let Some(found) = here() {
        return Ok(found);
    }
    println!("setup: installing {name} for the browser tests");
    install(&[package]).map_err(|why| {
        format!("{why}; install {name} by hand, or name it in the variable {variable}")
    })?;
    here().ok_or_else(|| format!("{name} was installed, but is not where it should be"))
}

/// Installs packages of the system.
fn install(packages: &[&str]) -> Outcome {
    let sudo = !is_root();
    let wanted = [&["apt-get", "install", "-qy"], packages].concat();
    for line in [&["apt-get", "update", "-q"][..], &wanted] {
        let line: Vec<&str> = if sudo { [&["sudo"], line].concat() } else { line.to_vec() };
        run(Command::new(line[0]).args(&line[1..]))?;
    }
    Ok(())
}

fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The wasm target for the toolchain that is pinned.
pub(crate) fn rust_target() -> Outcome {
    let mut list = Command::new("rustup");
    let installed = capture(list.args(["target", "list", "--installed"]).current_dir(root()))?;
    if !installed.lines().any(|line| line == TARGET) {
        println!("setup: adding {TARGET} to the Rust toolchain");
        run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))?;
    }
    Ok(())
}

/// The nightly of the `threads` build, with the source of the standard library.
pub(crate) fn nightly(toolchain: &str) -> Outcome {
    let toolchains = capture(Command::new("rustup").args(["toolchain", "list"]))?;
    if !toolchains.lines().any(|line| line.starts_with(toolchain)) {
        println!("setup: installing {toolchain} for the `threads` build");
        run(Command::new("rustup").args(["toolchain", "install", toolchain]).args([
            "--profile",
            "minimal",
            "--no-self-update",
        ]))?;
    }
    let list = ["component", "list", "--installed", "--toolchain", toolchain];
    let components = capture(Command::new("rustup").args(list))?;
    if !components.lines().any(|line| line == "rust-src") {
        println!("setup: adding the standard library's source to {toolchain}");
        run(Command::new("rustup").args([
            "component",
            "add",
            "rust-src",
            "--toolchain",
            toolchain,
        ]))?;
    }
    Ok(())
}

/// `npm ci` when the lock file is newer than what it was last installed from.
pub(crate) fn packages() -> Outcome {
    let page = root().join("www");
    let changed = |path: PathBuf| path.metadata().and_then(|meta| meta.modified()).ok();
    let installed = changed(page.join("node_modules/.package-lock.json"));
    if installed.is_none() || changed(page.join("package-lock.json")) > installed {
        println!("setup: installing the page's packages");
        run(Command::new(npm()).arg("ci").current_dir(page)).map_err(|why| {
            format!("{why}; Node 20.19 or newer with npm is needed (https://nodejs.org)")
        })?;
    }
    Ok(())
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Runs a program with this one's output.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name} could not be run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// Runs a program and returns what it prints.
pub(crate) fn capture(command: &mut Command) -> Outcome<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{name} could not be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} failed ({})", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{name} printed something unreadable"))
}
