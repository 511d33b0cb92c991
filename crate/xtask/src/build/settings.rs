//! Our part of `wasm-pack.toml`; Cargo reads the rest.

use serde::Deserialize;

use crate::Outcome;
use crate::setup::root;

/// What the two wasm builds need beyond Cargo's own settings.
pub(crate) struct WasmSettings {
    /// The nightly of the `threads` build.
    pub(crate) threads_toolchain: String,
    /// Flags of the `single` build.
    pub(crate) single_flags: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    heirloom: Ours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ours {
    threads: Threads,
    single: Single,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Threads {
    toolchain: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Single {
    rustflags: Vec<String>,
}

impl WasmSettings {
    /// Reads the file.
    pub(crate) fn read() -> Outcome<Self> {
        let path = root().join("wasm-pack.toml");
        let bad = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| bad(&error))?;
        let File { heirloom } = toml::from_str(&text).map_err(|error| bad(&error))?;
        let threads_toolchain = heirloom.threads.toolchain;
        Ok(Self { threads_toolchain, single_flags: heirloom.single.rustflags })
    }
}
