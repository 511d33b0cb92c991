//! Whether Cargo's commands agree on features. Each builds the features that its own
//! packages ask for, so that a library two of them disagree on is built twice, with
//! everything that uses it: once it was the core, for the accuracy table.

use std::collections::BTreeSet;
use std::process::Command;

use crate::Outcome;
use crate::setup::{capture, root};

/// What the steps build beside `cargo test --workspace`.
const SELECTIONS: [&[&str]; 4] = [
    &["-p", "xtask"],
    &["-p", "heirloom-tests"],
    &["-p", "heirloom-pack", "-p", "heirloom-recipes"],
    &["-p", "heirloom-cli", "-p", "heirloom-recipes", "-p", "heirloom-tests"],
];

/// Fails if a step would build a library with other features than the tests do;
/// `crate/features` is where they are named.
pub(crate) fn built_once() -> Outcome {
    let all = built(&["--workspace"], "normal,build,dev")?;
    let mut twice = BTreeSet::new();
    for words in SELECTIONS {
        twice.extend(built(words, "normal,build")?.difference(&all).cloned());
    }
    if twice.is_empty() {
        return Ok(());
    }
    let twice: Vec<String> = twice.into_iter().collect();
    Err(format!("name in crate/features what the tests build of {}", twice.join(", ")))
}

/// Each library with its version and features.
fn built(words: &[&str], edges: &str) -> Outcome<BTreeSet<String>> {
    let mut tree = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    tree.args(["tree", "--locked", "--prefix", "none", "--format", "{p} [{f}]"]);
    tree.args(["--edges", edges]).args(words).current_dir(root());
    Ok(libraries(&capture(&mut tree)?))
}

/// The lines of `cargo tree`, without what it says of how often it showed one.
fn libraries(tree: &str) -> BTreeSet<String> {
    let lines = tree.lines().filter(|line| !line.is_empty() && !line.starts_with('['));
    lines.map(|line| line.replace(" (*)", "").replace(" (proc-macro)", "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_shown_again_is_the_same() {
        let tree = "serde v1 [std]\nsyn v2 (proc-macro) [full]\n\n[build-dependencies]\nserde v1 [std] (*)\n";
        assert_eq!(Vec::from_iter(libraries(tree)), ["serde v1 [std]", "syn v2 [full]"]);
    }
}
