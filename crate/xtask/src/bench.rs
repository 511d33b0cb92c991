//! `cargo xtask bench`: the same work done by Heirloom and by the common
//! recipe in Python, side by side in one run. The table goes to
//! `bench/results.md`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::measure::{Measured, measure};
use crate::setup::{self, root, run};

pub(crate) mod duplicates;
mod many;

/// What is to be measured.
#[derive(clap::Args)]
pub(crate) struct Words {
    /// How many originals of 12 MP.
    #[arg(long, default_value_t = 1000)]
    originals: u32,
    /// How many exported pictures and videos: of 100, 45 came from others and have no
    /// original, 6 were changed, 4 are screenshots, 3 are videos.
    #[arg(long, default_value_t = 100)]
    exported: u32,
    /// Originals that the recipe decodes; the rest is extrapolated, and the
    /// table says so.
    #[arg(long, default_value_t = 100)]
    recipe_sample: u32,
    /// Also in Chromium.
    #[arg(long)]
    browser: bool,
    /// A folder of photos to grow the library from (default: the tests'
    /// fixtures).
    #[arg(long, value_name = "DIR")]
    photos: Vec<PathBuf>,
}

/// Grows the library, runs everything, writes the table.
pub(crate) fn bench(words: &Words) -> Outcome {
    let world = root().join(format!("target/bench/{}-{}", words.originals, words.exported));
    println!("bench: growing {} originals in {}", words.originals, world.display());
    let sizes = [words.originals, words.exported].map(|count| count.to_string());
    grow(&world, &["--originals", &sizes[0], "--exported", &sizes[1]], &words.photos)?;
    let bytes = size(&world.join("originals"))?;
    let mut table = head(words, bytes)?;
    for (run, measured) in ["first", "second"].into_iter().zip(native(&world)?) {
        line(&mut table, "Heirloom, native", run, &measured.0, bytes, &measured.1);
    }
    if words.browser {
        for (run, seconds) in ["first", "second"].into_iter().zip(chromium(&world)?) {
            let _ =
                writeln!(table, "| Heirloom, Chromium | {run} | {seconds:.1} | - | - | - | - |");
        }
    }
    recipe(words, &world, bytes, &mut table)?;
    keep(&table)
}

/// Prints a section and puts it among the results.
fn keep(section: &str) -> Outcome {
    println!("\n{section}");
    let path = root().join("bench/results.md");
    let before = std::fs::read_to_string(&path).unwrap_or_else(|_| TITLE.to_owned());
    std::fs::write(&path, with_section(&before, section))
        .map_err(|error| format!("{}: {error}", path.display()))
}

const TITLE: &str = "# Measured with `cargo xtask bench`\n";

/// The text with a section of the same heading replaced, or one more.
fn with_section(text: &str, section: &str) -> String {
    let heading = section.lines().next().unwrap_or_default();
    let mut parts: Vec<&str> = text.split("\n## ").map(str::trim_end).collect();
    let title = parts.remove(0);
    let own = section.trim_end().trim_start_matches("## ");
    match parts.iter_mut().find(|part| part.lines().next() == heading.strip_prefix("## ")) {
        Some(part) => *part = own,
        None => parts.push(own),
    }
    let parts: String = parts.iter().map(|part| format!("\n\n## {part}")).collect();
    format!("{title}{parts}\n")
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn grow(world: &Path, sizes: &[&str], photos: &[PathBuf]) -> Outcome {
    std::fs::create_dir_all(root().join("target/bench")).map_err(|error| error.to_string())?;
    let mut grow = cargo();
    grow.args(["run", "--quiet", "--release", "-p", "heirloom-tests", "--bin", "grow"]);
    grow.arg("--").arg(world).args(sizes);
    photos.iter().for_each(|folder| {
        grow.arg("--photos").arg(folder);
    });
    run(&mut grow)
}

fn size(folder: &Path) -> Outcome<u64> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let known = entry.metadata().map_err(wrong)?;
        sum += if known.is_dir() { size(&entry.path())? } else { known.len() };
    }
    Ok(sum)
}

fn head(words: &Words, bytes: u64) -> Outcome<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    let commit = setup::capture(Command::new("git").args(["rev-parse", "--short", "HEAD"]))?;
    Ok(format!(
        "## {} originals, {} sends\n\n\
         `cargo xtask bench --originals {} --exported {}` at {}: {:.1} GB of 12 MP originals, one in five of them \
         HEIC, with screenshots and videos; of 100 sends 45 have no original, 6 were changed, 4 are screenshots, 3 are \
         videos; {cores} cores, load {load} before the start.\n\n\
         | program | run | seconds | bytes read | of the library | peak memory | links |\n\
         |---|---|---|---|---|---|---|\n",
        words.originals,
        words.exported,
        words.originals,
        words.exported,
        commit.trim(),
        bytes as f64 / 1e9
    ))
}

fn line(table: &mut String, program: &str, run: &str, by: &Measured, bytes: u64, links: &str) {
    let megabytes = |bytes: Option<u64>| {
        bytes.map_or("-".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6))
    };
    let share = by
        .bytes_read
        .map_or("-".to_owned(), |read| format!("{:.1} %", 100.0 * read as f64 / bytes as f64));
    let _ = writeln!(
        table,
        "| {program} | {run} | {:.1} | {} | {share} | {} | {links} |",
        by.seconds,
        megabytes(by.bytes_read),
        megabytes(by.peak)
    );
}

/// Heirloom as it is released, or the one in the variable `HEIRLOOM_BIN`.
pub(crate) fn program() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("HEIRLOOM_BIN") {
        return Ok(PathBuf::from(named));
    }
    run(cargo().args(["build", "--quiet", "--release", "-p", "heirloom-cli"]))?;
    Ok(root().join("target/release/heirloom"))
}

/// Two runs of the program; the first knows nothing.
fn native(world: &Path) -> Outcome<[(Measured, String); 2]> {
    let program = program()?;
    let cache = root().join("target/bench/cache");
    if cache.exists() {
        std::fs::remove_dir_all(&cache).map_err(|error| error.to_string())?;
    }
    let link = || -> Outcome<(Measured, String)> {
        let mut command = Command::new(&program);
        command.arg("link").arg("--export-media-dir").arg(world.join("chat"));
        command.arg("--original-media-dir").arg(world.join("originals"));
        command.arg("--output-media-dir").arg(world.join("bundle/original_media"));
        command.args(["--dry-run", "--json", "--quiet"]).env("XDG_CACHE_HOME", &cache);
        let (measured, output) = measure(&mut command)?;
        let mapping: Value =
            serde_json::from_str(&output).map_err(|error| format!("mapping.json: {error}"))?;
        Ok((measured, links(&mapping, world)?))
    };
    println!("bench: Heirloom, first and second run");
    Ok([link()?, link()?])
}

/// How many pictures were linked to what they were made from, of how many, and how many
/// to something else. Videos do not count: the library has copies of them.
fn links(mapping: &Value, world: &Path) -> Outcome<String> {
    let path = world.join("truth");
    let truth =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let truth: BTreeMap<&str, &str> =
        truth.lines().filter_map(|line| line.split_once('\t')).collect();
    let (mut right, mut wrong) = (0, 0);
    for entry in mapping["entries"].as_array().into_iter().flatten() {
        let (Some(name), Some(original)) = (entry["exported"].as_str(), entry["original"].as_str())
        else {
            continue;
        };
        match truth.get(name.rsplit('/').next().unwrap_or(name)) {
            Some(&"?") => {}
            Some(path) if original.ends_with(path) => right += 1,
            _ => wrong += 1,
        }
    }
    let all = truth.values().filter(|path| !matches!(**path, "-" | "?")).count();
    Ok(format!("{right} of {all}, {wrong} wrong"))
}

/// Two searches of the page, in one profile of the browser.
fn chromium(world: &Path) -> Outcome<[f64; 2]> {
    crate::build::build(crate::build::Grade::Shipped)?;
    println!("bench: Heirloom in Chromium, first and second run");
    let mut node = Command::new("node");
    node.arg(root().join("bench/browser.mjs")).arg(world).env("CHROMIUM", setup::chromium()?);
    let text = setup::capture(node.current_dir(root()))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("bench/browser.mjs: {error}"))?;
    let seconds = |at: usize| value[at].as_f64().ok_or("bench/browser.mjs printed no seconds");
    Ok([seconds(0)?, seconds(1)?])
}

fn recipe(words: &Words, world: &Path, bytes: u64, table: &mut String) -> Outcome {
    let python = python()?;
    println!("bench: the recipe");
    let mut command = Command::new(python);
    command.arg(root().join("bench/recipe.py")).arg(world.join("chat"));
    command.arg(world.join("originals")).args(["--sample", &words.recipe_sample.to_string()]);
    let (measured, output) = measure(&mut command)?;
    let value: Value = serde_json::from_str(&output).map_err(|error| format!("recipe: {error}"))?;
    let number = |name: &str| value[name].as_f64().ok_or(format!("the recipe lacks {name}"));
    let (library, decoded) = (number("library")?, number("decoded")?);
    let links = value["links"].to_string();
    if decoded >= library {
        line(table, "recipe (Pillow, imagehash)", "every", &measured, bytes, &links);
        return Ok(());
    }
    let whole = number("exported_seconds")? + number("originals_seconds")? * library / decoded;
    let program = format!("recipe, {decoded} originals decoded");
    line(table, &program, "every", &measured, bytes, "-");
    let _ = writeln!(
        table,
        "| recipe, **extrapolated** from these to all {library} | every | {whole:.0} | - | - | - | - |"
    );
    Ok(())
}

/// A Python with the recipe's packages: the system's, or one of our own.
fn python() -> Outcome<PathBuf> {
    let has = |python: &Path| {
        let found =
            Command::new(python).args(["-c", "import PIL, pillow_heif, imagehash"]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let own = root().join("target/bench/python/bin/python3");
    for python in [PathBuf::from("python3"), own.clone()] {
        if has(&python) {
            return Ok(python);
        }
    }
    println!("bench: installing the recipe's packages");
    let folder = root().join("target/bench/python");
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let list = root().join("bench/requirements.txt");
    run(Command::new(&own).args(["-m", "pip", "install", "--quiet", "-r"]).arg(list))?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_or_added() {
        let one = with_section(TITLE, "## 10 originals\nfirst\n");
        let two = with_section(&one, "## 20 originals\nsecond\n");
        let again = with_section(&two, "## 10 originals\nthird\n");
        let want = "\n\n## 10 originals\nthird\n\n## 20 originals\nsecond\n";
        assert_eq!(again, format!("{}{want}", TITLE.trim_end()));
    }
}
