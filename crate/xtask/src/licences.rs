//! Every dependency, native and of the page, has a licence that lets everyone
//! use, change and pass on the whole.

use std::fs;

use serde_json::Value;

use crate::Outcome;
use crate::checks::metadata;
use crate::setup::root;

/// Licences that ask for no more than their text being passed on. MPL-2.0 asks
/// to publish changes to its own files; we change none.
const FREE: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "IJG",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks every package of `Cargo.lock` and of the page's `package-lock.json`.
pub(crate) fn check() -> Outcome {
    let mut bad = Vec::new();
    let metadata = metadata(&[])?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !package["source"].is_null() && !is_free(licence) {
            bad.push(format!("{name} ({licence})"));
        }
    }
    let lock = root().join("www/package-lock.json");
    let text = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let lock: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        let licence = package["license"].as_str().unwrap_or_default();
        if !path.is_empty() && !is_free(licence) {
            bad.push(format!("{path} ({licence})"));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(format!("not on the list: {}", bad.join(", "))) }
}

/// Whether an SPDX expression can be met with free licences alone. Old
/// manifests write `/` for `OR`.
fn is_free(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut at = 0;
    !words.is_empty() && any(&words, &mut at) && at == words.len()
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut free = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        free |= all(words, at);
    }
    free
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut free = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        free &= one(words, at);
    }
    free
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let free = any(words, at);
        *at += 1; // the closing bracket
        return free;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return FREE.contains(&format!("{word} WITH {exception}").as_str()) || FREE.contains(word);
    }
    FREE.contains(word)
}

#[cfg(test)]
mod tests {
    use super::is_free;

    #[test]
    fn expressions_are_read_as_they_mean() {
        for free in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-2.0) AND IJG"] {
            assert!(is_free(free), "{free}");
        }
        for bound in ["", "GPL-3.0", "MIT AND GPL-3.0", "AGPL-3.0 OR GPL-3.0", "MIT MIT"] {
            assert!(!is_free(bound), "{bound}");
        }
    }
}
