//! The core's tree: no file is too long, no stage uses a later one, and no file
//! needs one that needs it. Read from the text of its files, as people do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::checks::sources;
use crate::setup::root;

/// Most lines of a file, tests included.
const LINES: usize = 500;

/// Where data flows: a stage uses earlier ones.
const STAGES: [&str; 6] = ["collect", "examine", "matching", "plan", "rebuild", "report"];

/// Modules, each with those that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Checks the tree of the core.
pub(crate) fn check() -> Outcome {
    let folder = root().join("crate/core/src");
    let mut broken = Vec::new();
    let mut texts = BTreeMap::new();
    for path in sources(&folder)? {
        let text = fs::read_to_string(&path).map_err(crate::build::saying(&path))?;
        let shown = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
        if text.lines().count() > LINES {
            broken.push(format!("{shown} has more than {LINES} lines"));
        }
        texts.insert(module(path.strip_prefix(&folder).unwrap_or(&path)), text);
    }
    let uses = uses(&texts);
    broken.extend(backward(&uses));
    broken.extend(circles(&uses));
    if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) }
}

/// `matching::link` of `matching/link/mod.rs`.
fn module(path: &Path) -> String {
    let path = path.with_extension("").to_string_lossy().replace('\\', "/");
    path.strip_suffix("/mod").unwrap_or(&path).replace('/', "::")
}

/// What each module uses outside its tests.
fn uses(texts: &BTreeMap<String, String>) -> Uses {
    let known = |path: &str| {
        let parts: Vec<&str> = path.split("::").collect();
        (1..=parts.len()).rev().map(|end| parts[..end].join("::")).find(|m| texts.contains_key(m))
    };
    let of = |(name, text): (&String, &String)| {
        let found = paths(text).into_iter().filter_map(|path| known(&absolute(name, &path)));
        (name.clone(), found.filter(|other| other != name).collect())
    };
    texts.iter().filter(|(name, _)| !is_test(name)).map(of).collect()
}

fn is_test(module: &str) -> bool {
    module.contains("tests") || module.ends_with("fixture") || module.ends_with("scenes")
}

/// A path from the crate's root. One of another crate ends below the module that
/// names it, where nothing is.
fn absolute(module: &str, path: &str) -> String {
    if let Some(path) = path.strip_prefix("crate::") {
        return path.to_owned();
    }
    let mut place: Vec<&str> = module.split("::").collect();
    let mut path = path.strip_prefix("self::").unwrap_or(path);
    while let Some(rest) = path.strip_prefix("super::") {
        place.pop();
        path = rest;
    }
    place.push(path);
    place.join("::")
}

/// Every path that begins with `crate::`, `super::` or `self::`, and what is imported
/// without such a word, but for those of tests.
fn paths(text: &str) -> Vec<String> {
    let code = without_tests(text);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String =
        lines.map(|line| format!("{line}\n").replace("pub(in crate", "pub(")).collect();
    let words = ["crate::", "super::", "self::"];
    let starts = words.into_iter().flat_map(|word| code.match_indices(word));
    let inside = |at: usize| {
        code[..at].ends_with(|before: char| before.is_alphanumeric() || "_:".contains(before))
    };
    let named = starts.filter(|(at, _)| !inside(*at)).flat_map(|(at, _)| spread(&code[at..]));
    let plain = code.match_indices("use ").map(|(at, word)| &code[at + word.len()..]);
    let plain = plain.filter(|path| !words.iter().any(|word| path.starts_with(word)));
    named.chain(plain.flat_map(spread)).collect()
}

/// A file without what is compiled for tests only: a line that names another file
/// or item, or a block that goes on to a brace at the line's beginning.
fn without_tests(text: &str) -> String {
    let (mut kept, mut lines) = (String::new(), text.lines());
    while let Some(line) = lines.next() {
        if line != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        let item = lines.by_ref().find(|line| !line.starts_with("#["));
        if !item.is_some_and(|line| line.ends_with(';')) {
            lines.by_ref().find(|line| line.starts_with('}'));
        }
    }
    kept
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn spread(code: &str) -> Vec<String> {
    let name = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
    let end = code.find(|letter| !name(letter)).unwrap_or(code.len());
    let (head, rest) = code.split_at(end);
    let Some(list) = rest.strip_prefix('{').filter(|_| head.ends_with("::")) else {
        return vec![head.trim_end_matches(':').to_owned()];
    };
    let (mut depth, mut found, mut from) = (0usize, Vec::new(), 0);
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                let parts = spread(list[from..at].trim());
                found.extend(parts.into_iter().map(|part| format!("{head}{part}")));
                from = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Stages that use a later one.
fn backward(uses: &Uses) -> Vec<String> {
    let stage = |module: &str| {
        let room = module.split("::").next().unwrap_or_default();
        STAGES.iter().position(|stage| *stage == room)
    };
    let mut broken = Vec::new();
    for (module, others) in uses {
        let later = |other: &&String| stage(module).zip(stage(other)).is_some_and(|(a, b)| a < b);
        broken.extend(others.iter().filter(later).map(|other| {
            format!("{module} is of an earlier stage than {other}, and must not use it")
        }));
    }
    broken
}

/// Modules that reach themselves.
fn circles(uses: &Uses) -> Vec<String> {
    let mut broken = Vec::new();
    for start in uses.keys() {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&String> = uses[start].iter().collect();
        while let Some(module) = waiting.pop() {
            if seen.insert(module) {
                waiting.extend(uses.get(module).into_iter().flatten());
            }
        }
        if seen.contains(start) {
            broken.push(format!("{start} needs files that need it"));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
    }

    #[test]
    fn lists_of_imports_are_spread() {
        assert_eq!(
            spread("crate::a::{self, b, c::{d, e}};"),
            ["crate::a::self", "crate::a::b", "crate::a::c::d", "crate::a::c::e"]
        );
        assert_eq!(
            paths("// crate::no\nuse super::x;\npub use b::{c, d};\nlet y = crate::z::f();"),
            ["crate::z::f", "super::x", "b::c", "b::d"]
        );
    }

    #[test]
    fn only_tests_are_left_out_wherever_they_stand() {
        let text = "#[cfg(test)]\n#[path = \"x.rs\"]\nmod x;\nuse super::a;\n#[cfg(test)]\nmod tests {\n    \
            use super::b;\n}\nuse super::c;\n";
        assert_eq!(paths(text), ["super::a", "super::c"]);
    }

    #[test]
    fn a_circle_is_found() {
        let round = texts(&[("a", "use crate::b::B;"), ("b", "fn f() { crate::a::g() }")]);
        assert_eq!(circles(&uses(&round)).len(), 2);
        let facade = texts(&[("a", "mod b;\npub use b::B;"), ("a::b", "use super::A;")]);
        assert_eq!(circles(&uses(&facade)).len(), 2);
        let straight =
            texts(&[("a", "use crate::b::B;"), ("b", "struct B;\n#[cfg(test)]\nuse crate::a::A;")]);
        assert_eq!(circles(&uses(&straight)), [""; 0]);
    }

    #[test]
    fn no_stage_uses_a_later_one() {
        let wrong = texts(&[("collect::x", "use crate::plan::Plan;"), ("plan", "")]);
        assert_eq!(backward(&uses(&wrong)).len(), 1);
        let right = texts(&[("plan", "use crate::collect::x::X;"), ("collect::x", "")]);
        assert_eq!(backward(&uses(&right)), [""; 0]);
    }
}
