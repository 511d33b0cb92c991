//! Every dependency, native and of the page, has a licence that lets everyone
//! use, change and pass on the whole.
//!
//! `deny.toml` says which licences do. `cargo deny` reads it too, and looks for
//! advisories as well (`.github/workflows/advisories.yml`); it takes longer to build
//! than all other checks together, so each change is held against the list here.

use std::fs;

use serde::Deserialize;
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use crate::Outcome;
use crate::checks::metadata;
use crate::setup::root;

/// The part of `deny.toml` that is read here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

/// Checks every package of `Cargo.lock` and of the page's `package-lock.json`.
pub(crate) fn check() -> Outcome {
    let free = free(&read("deny.toml")?)?;
    let mut bad = Vec::new();
    let metadata = metadata(&[])?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !package["source"].is_null() && !is_free(licence, &free) {
            bad.push(format!("{name} ({licence})"));
        }
    }
    let lock: Value =
        serde_json::from_str(&read("www/package-lock.json")?).map_err(|error| error.to_string())?;
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        let licence = package["license"].as_str().unwrap_or_default();
        if !path.is_empty() && !is_free(licence, &free) {
            bad.push(format!("{path} ({licence})"));
        }
    }
    if bad.is_empty() {
        Ok(())
    } else {
        Err(format!("not allowed by deny.toml: {}", bad.join(", ")))
    }
}

fn read(path: &str) -> Outcome<String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// The licences that `deny.toml` allows.
fn free(deny: &str) -> Outcome<Vec<Licensee>> {
    let deny: Deny = toml::from_str(deny).map_err(|error| format!("deny.toml: {error}"))?;
    let licence = |name: &String| Licensee::parse(name).map_err(|error| error.to_string());
    deny.licenses.allow.iter().map(licence).collect()
}

/// Whether an SPDX expression can be met with these licences alone. Old
/// manifests write `/` for `OR`.
fn is_free(expression: &str, free: &[Licensee]) -> bool {
    let expression = Expression::parse_mode(expression, ParseMode::LAX);
    expression.is_ok_and(|expression| {
        expression.evaluate(|wanted| free.iter().any(|free| free.satisfies(wanted)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_they_mean() {
        let list = "[licenses]\nallow = ['MIT', 'IJG', 'Apache-2.0 WITH LLVM-exception']";
        let list = free(list).unwrap();
        for good in [
            "MIT",
            "MIT/GPL-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-2.0) AND IJG",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_free(good, &list), "{good}");
        }
        let bound = ["", "GPL-3.0", "MIT AND GPL-3.0", "AGPL-3.0 OR GPL-3.0", "MIT MIT"];
        for bound in bound.into_iter().chain(["Apache-2.0", "MIT OR (GPL-3.0"]) {
            assert!(!is_free(bound, &list), "{bound}");
        }
    }

    #[test]
    fn a_list_that_names_no_licence_is_refused() {
        assert!(free("[licenses]\nallow = ['Freeish']").is_err());
        assert!(free("[bans]").is_err());
    }
}
