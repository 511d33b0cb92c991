//! One crate, two packages: compile, make the JavaScript around it, optimise.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use super::settings::WasmSettings;
use super::{Grade, saying, tools};
use crate::Outcome;
use crate::setup::{TARGET, root, run};

/// The package's file names begin with this.
const NAME: &str = "heirloom_wasm";

/// Raise it when packaging changes, so that packages are made anew.
const PACKAGING: u32 = 4;

/// What the code may contain; without naming it `wasm-opt` refuses the file.
const FEATURES: [&str; 9] = [
    "simd",
    "bulk-memory",
    "bulk-memory-opt",
    "mutable-globals",
    "nontrapping-float-to-int",
    "sign-ext",
    "reference-types",
    "multivalue",
    "extended-const",
];

/// The two builds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// Runs in every page.
    Single,
    /// Runs on all cores where the page is isolated.
    Threads,
}

impl Build {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Single, Self::Threads];

    /// Its folder below `engine/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Threads => "threads",
        }
    }

    /// Where its finished package is.
    pub(crate) fn package(self, grade: Grade) -> PathBuf {
        let folder = match grade {
            Grade::Quick => "www/generated/quick",
            Grade::Shipped => "www/generated",
        };
        root().join(folder).join(self.name())
    }

    fn folder(self) -> PathBuf {
        root().join("target").join(format!("wasm-{}", self.name()))
    }

    fn module(self, grade: Grade) -> PathBuf {
        self.folder().join(TARGET).join(profile(grade)).join(format!("{NAME}.wasm"))
    }
}

/// Cargo's profile.
fn profile(grade: Grade) -> &'static str {
    match grade {
        Grade::Quick => "wasm-quick",
        Grade::Shipped => "wasm",
    }
}

/// Makes the package of a compiled build; does nothing where nothing changed.
pub(crate) fn package(build: Build, grade: Grade) -> Outcome {
    let compiled = build.module(grade);
    let stamp = stamp_of(&compiled)?;
    let folder = build.package(grade);
    let stamp_file = folder.join("stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|last| last == stamp) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(saying(&folder))?;
    }
    bind(&compiled, &folder)?;
    if grade == Grade::Shipped {
        optimise(build, &folder.join(format!("{NAME}_bg.wasm")))?;
    }
    fs::write(&stamp_file, stamp).map_err(saying(&stamp_file))
}

/// Compiles one build; does nothing where nothing changed.
pub(crate) fn compile(build: Build, grade: Grade, settings: &WasmSettings) -> Outcome {
    let mut command = match build {
        Build::Single => {
            let flags = toml::Value::from(settings.single_flags.clone());
            let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
            cargo.arg("--config").arg(format!("target.{TARGET}.rustflags={flags}"));
            cargo
        }
        Build::Threads => {
            let mut cargo = Command::new("rustup");
            cargo.args(["run", &settings.threads_toolchain, "cargo"]);
            cargo.args(["--config", "wasm-pack.toml"]);
            // Set by the toolchain that runs this program; the nightly has its own.
            cargo.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTDOC");
            cargo
        }
    };
    command.args(["build", "--quiet", "--package", "heirloom-wasm", "--lib", "--target", TARGET]);
    command.args(["--profile", profile(grade)]).arg("--target-dir").arg(build.folder());
    if build == Build::Threads {
        command.args(["--features", "threads"]);
    }
    // These would win over the flags in the file.
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(command.current_dir(root()))
}

/// Changes whenever the compiler wrote the file anew, or we package it in
/// another way.
fn stamp_of(compiled: &Path) -> Outcome<String> {
    let about = compiled.metadata().map_err(saying(compiled))?;
    let changed = about.modified().map_err(saying(compiled))?;
    let nanos = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let lock = root().join("www/package-lock.json").metadata().map_or(0, |lock| lock.len());
    Ok(format!("{nanos} {} {lock} {PACKAGING}", about.len()))
}

/// The JavaScript around the module, by our own `heirloom-pack`.
fn bind(compiled: &Path, folder: &Path) -> Outcome {
    run(Command::new(tools::path("heirloom-pack")).arg(compiled).arg(folder).arg(NAME))
}

fn optimise(build: Build, module: &Path) -> Outcome {
    let mut command = Command::new("node");
    command.arg(root().join("www/node_modules/binaryen/bin/wasm-opt"));
    command.arg(module).args(["-Os", "--strip-debug", "--strip-producers", "-o"]).arg(module);
    command.args(FEATURES.map(|feature| format!("--enable-{feature}")));
    if build == Build::Threads {
        command.args(["--enable-threads", "--enable-exception-handling"]);
    }
    run(&mut command)
}

/// The declarations that the page imports: all but the loader, whose list of
/// internal names changes with the compiler.
pub(crate) fn declarations(grade: Grade) -> Outcome<String> {
    let path = Build::Single.package(grade).join(format!("{NAME}.d.ts"));
    let text = fs::read_to_string(&path).map_err(saying(&path))?;
    let kept = text.split("export type InitInput").next().unwrap_or(&text);
    Ok(format!(
        "// Generated from crate/wasm by `cargo xtask build`; not to be edited.\n{}\n",
        kept.trim_end()
    ))
}
