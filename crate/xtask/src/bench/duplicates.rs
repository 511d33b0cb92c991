//! `cargo xtask bench-duplicates`: Heirloom beside fclones over many files, beside
//! czkawka over photos of 12 MP, in one run, and the page's review of many groups. The
//! tables go to `bench/results.md`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{grow, keep, many, program, size};
use crate::Outcome;
use crate::measure::{Measured, measure};
use crate::setup::{self, root};

/// What is to be measured.
#[derive(clap::Args)]
pub(crate) struct Words {
    /// How many files for the pass over bytes; 0 leaves it out.
    #[arg(long, default_value_t = 100_000)]
    files: u64,
    /// How often each is run there; the run in the middle counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many photos of 12 MP for the pass over looks; 0 leaves it out.
    #[arg(long, default_value_t = 1000)]
    photos: u32,
    /// Of how many of them czkawka looks at; what all would take is extrapolated, and the
    /// table says so.
    #[arg(long, default_value_t = 1000)]
    sample: u32,
    /// How many groups the page's review is scrolled through; 0 leaves it out.
    #[arg(long, default_value_t = 10_000)]
    groups: u32,
    /// A folder of photos to grow them from (default: the tests' fixtures).
    #[arg(long, value_name = "DIR")]
    from: Vec<PathBuf>,
    /// Where fclones is.
    #[arg(long, value_name = "FILE", default_value = "fclones")]
    fclones: PathBuf,
    /// Where czkawka is.
    #[arg(long, value_name = "FILE", default_value = "czkawka_cli")]
    czkawka: PathBuf,
}

/// Runs what is asked for, and writes the tables.
pub(crate) fn bench(words: &Words) -> Outcome {
    if words.files > 0 {
        bytes(words)?;
    }
    if words.photos > 0 {
        looks(words)?;
    }
    if words.groups > 0 {
        review(words.groups)?;
    }
    Ok(())
}

/// Whether the system still holds in memory what was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cache {
    Cold,
    Warm,
}

impl Cache {
    fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
        }
    }

    /// Makes it so before a run; what is warm was read by the run before.
    fn prepare(self) -> Outcome {
        if self == Self::Warm {
            return Ok(());
        }
        setup::run(&mut Command::new("sync"))?;
        std::fs::write("/proc/sys/vm/drop_caches", "3")
            .map_err(|error| format!("a cold cache needs the rights of root on Linux: {error}"))
    }
}

/// One row: a program under one condition.
struct Row {
    program: &'static str,
    cache: &'static str,
    run: &'static str,
    /// One for each round.
    rounds: Vec<Measured>,
    /// What it found, in words.
    found: String,
}

fn bytes(words: &Words) -> Outcome {
    let folder = root().join(format!("target/bench/many-{}", words.files));
    println!("bench: making {} files in {}", words.files, folder.display());
    std::fs::create_dir_all(root().join("target/bench")).map_err(|error| error.to_string())?;
    many::make(&folder, words.files)?;
    let (heirloom, known) = (program()?, root().join("target/bench/duplicates.redb"));
    let ours = |folder: &Path| {
        let mut command = Command::new(&heirloom);
        command.arg("--catalogue").arg(&known).arg("duplicates").arg(folder);
        command.args(["--list", "exact", "--json", "--quiet"]);
        command
    };
    let theirs = |folder: &Path| {
        let mut command = Command::new(&words.fclones);
        command.args(["group", "-f", "json"]).arg(folder);
        command
    };
    let mut rows = Vec::new();
    for cache in [Cache::Cold, Cache::Warm] {
        let mut of = ["Heirloom", "fclones", "Heirloom"].map(|program| Row {
            program,
            cache: cache.name(),
            run: "first",
            rounds: Vec::new(),
            found: String::new(),
        });
        of[2].run = "second";
        for round in 0..words.rounds.max(1) {
            println!("bench: {} cache, round {}", cache.name(), round + 1);
            forget(&known)?;
            let sets = [
                timed(&mut of[0], cache, ours(&folder), heirloom_sets)?,
                timed(&mut of[1], cache, theirs(&folder), fclones_sets)?,
                timed(&mut of[2], cache, ours(&folder), heirloom_sets)?,
            ];
            if sets[0] != sets[1] || sets[0] != sets[2] {
                return Err("Heirloom and fclones do not find the same sets".into());
            }
        }
        rows.extend(of);
    }
    let version = setup::capture(Command::new(&words.fclones).arg("--version"))?;
    let title = format!("Equal bytes among {} files", words.files);
    let said = format!(
        "{:.1} GB; {}. {} with its defaults; both found the same sets. Heirloom first without what an earlier run \
         learnt (its catalogue is written), then with it; of {} rounds the one in the middle.",
        size(&folder)? as f64 / 1e9,
        many::WORDS,
        version.trim(),
        words.rounds.max(1)
    );
    keep(&section(&title, &format!("--files {}", words.files), &said, &rows)?)
}

type Sets = BTreeSet<BTreeSet<String>>;

/// Runs a program once more, and says what it found.
fn timed(
    row: &mut Row,
    cache: Cache,
    mut command: Command,
    read: fn(&Value) -> Sets,
) -> Outcome<Sets> {
    cache.prepare()?;
    let (measured, output) = measure(&mut command)?;
    let found: Value =
        serde_json::from_str(&output).map_err(|error| format!("{}: {error}", row.program))?;
    let sets = read(&found);
    row.found = format!("{} sets", sets.len());
    row.rounds.push(measured);
    // Names alone, for each program spells folders in its own way.
    let name = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(sets.iter().map(|set| set.iter().map(name).collect()).collect())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts<'a>(values: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn heirloom_sets(found: &Value) -> Sets {
    let files = |group: &Value| texts(list(&group["units"]).map(|unit| &unit["files"][0]));
    list(&found["groups"]).map(files).collect()
}

fn fclones_sets(found: &Value) -> Sets {
    list(&found["groups"]).map(|group| texts(list(&group["files"]))).collect()
}

/// Removes what Heirloom learnt.
fn forget(known: &Path) -> Outcome {
    for path in [known.to_owned(), known.with_extension("redb.decisions")] {
        if path.exists() {
            std::fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

fn looks(words: &Words) -> Outcome {
    let world = root().join(format!("target/bench/photos-{}", words.photos));
    println!("bench: growing {} photos in {}", words.photos, world.display());
    let count = words.photos.to_string();
    grow(&world, &["--originals", &count, "--exported", "0", "--striped"], &words.from)?;
    let folder = world.join("originals");
    let seen = words.sample.min(words.photos);
    let sample = if seen < words.photos { sample(&folder, words)? } else { folder.clone() };
    // Read once, so that no run finds the disk slower than another.
    warm(&folder)?;
    let known = root().join("target/bench/duplicates.redb");
    forget(&known)?;
    let mut rows = vec![ours("first", &folder, &known)?, ours("second", &folder, &known)?];
    warm(&sample)?;
    rows.push(theirs(&sample, &words.czkawka)?);
    let [first, _, last] = [&rows[0], &rows[1], &rows[2]].map(|row| row.rounds[0].seconds);
    let times = last / first * f64::from(words.photos) / f64::from(seen);
    let version = setup::capture(Command::new(&words.czkawka).arg("--version"))?;
    let extrapolated = match seen < words.photos {
        true => format!(", **extrapolated** from {seen} of them"),
        false => String::new(),
    };
    let said = format!(
        "{:.1} GB of JPEGs of 4032 × 3024 with thumbnails, each put together from seven stripes of 400 that `grow` made from {}; {} `image` with its defaults, without what \
         it remembers. czkawka takes {times:.1} times as long as Heirloom's first run{extrapolated}.",
        size(&folder)? as f64 / 1e9,
        if words.from.is_empty() { "the fixtures" } else { "other photos" },
        version.trim()
    );
    let title = format!("Shots among {} photos", words.photos);
    keep(&section(&title, &format!("--photos {} --sample {seen}", words.photos), &said, &rows)?)
}

fn ours(run: &'static str, folder: &Path, known: &Path) -> Outcome<Row> {
    println!("bench: Heirloom, {run} run");
    let mut command = Command::new(program()?);
    command.arg("--catalogue").arg(known).arg("duplicates").arg(folder);
    let (measured, output) = measure(command.args(["--json", "--quiet"]))?;
    let found: Value = serde_json::from_str(&output).map_err(|error| error.to_string())?;
    let found = format!("{} groups", list(&found["groups"]).count());
    Ok(Row { program: "Heirloom", cache: "warm", run, rounds: vec![measured], found })
}

fn theirs(folder: &Path, czkawka: &Path) -> Outcome<Row> {
    println!("bench: czkawka");
    let scratch = root().join("target/bench/czkawka");
    if scratch.exists() {
        std::fs::remove_dir_all(&scratch).map_err(|error| error.to_string())?;
    }
    std::fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
    let (out, mut command) = (scratch.join("found.json"), Command::new(czkawka));
    command.args(["image", "-W", "-H", "-d"]).arg(folder).arg("-p").arg(&out);
    let (measured, _) = measure(command.env("HOME", &scratch).env("XDG_CACHE_HOME", &scratch))?;
    // It writes no file when it found nothing.
    let text = std::fs::read_to_string(&out).unwrap_or_else(|_| "[]".into());
    let found: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let found = format!("{} groups", list(&found).count());
    Ok(Row { program: "czkawka", cache: "warm", run: "first", rounds: vec![measured], found })
}

/// Scrolls and decides in the page's review of so many groups, in Chromium.
fn review(groups: u32) -> Outcome {
    crate::build::build(crate::build::Grade::Shipped)?;
    println!("bench: the review of {groups} groups");
    let mut node = Command::new("node");
    node.arg(root().join("bench/review.mjs")).arg(groups.to_string());
    let text = setup::capture(node.env("CHROMIUM", setup::chromium()?).current_dir(root()))?;
    let found: Value =
        serde_json::from_str(&text).map_err(|error| format!("bench/review.mjs: {error}"))?;
    let mut table = format!(
        "## The review of {groups} groups\n\n\
         `cargo xtask bench-duplicates --files 0 --photos 0 --groups {groups}`{}: the page in Chromium without a screen's \
         graphics card, its engine a stand-in that only says which groups there are. A frame shows 900 pixels further \
         down; a decision keeps the best of a group and goes on to the next. 50 frames a second leave 20 ms for each.\n\n\
         | | median | slow | own work of the page |\n|---|---|---|---|\n",
        of_machine()?
    );
    for (name, title) in [
        ("frame", "a frame (slow: 95 % are quicker)"),
        ("decision", "a decision (slow: the slowest of nine)"),
    ] {
        let ms = |part: &str| format!("{:.1} ms", found[name][part].as_f64().unwrap_or(f64::NAN));
        let _ = writeln!(table, "| {title} | {} | {} | {} |", ms("median"), ms("slow"), ms("work"));
    }
    keep(&table)
}

/// The commit, and what it ran on, as a table's heading says it.
fn of_machine() -> Outcome<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let commit = setup::capture(Command::new("git").args(["rev-parse", "--short", "HEAD"]))?;
    Ok(format!(" at {}, {cores} cores", commit.trim()))
}

/// A folder with some of the photos: other names of the same files.
fn sample(folder: &Path, words: &Words) -> Outcome<PathBuf> {
    let to = root().join(format!("target/bench/sample-{}-{}", words.sample, words.photos));
    let wrong = |error: std::io::Error| format!("{}: {error}", to.display());
    if to.exists() {
        std::fs::remove_dir_all(&to).map_err(wrong)?;
    }
    std::fs::create_dir_all(&to).map_err(wrong)?;
    let mut files = Vec::new();
    for below in std::fs::read_dir(folder).map_err(wrong)? {
        for file in std::fs::read_dir(below.map_err(wrong)?.path()).map_err(wrong)? {
            files.push(file.map_err(wrong)?.path());
        }
    }
    files.sort();
    let step = (files.len() / words.sample.max(1) as usize).max(1);
    for file in files.iter().step_by(step).take(words.sample as usize) {
        let name = file.file_name().unwrap_or_default();
        std::fs::hard_link(file, to.join(name)).map_err(wrong)?;
    }
    Ok(to)
}

/// Reads all files of a folder.
fn warm(folder: &Path) -> Outcome {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            warm(&path)?;
        } else {
            let mut file = std::fs::File::open(&path).map_err(wrong)?;
            std::io::copy(&mut file, &mut std::io::sink()).map_err(wrong)?;
        }
    }
    Ok(())
}

fn section(title: &str, call: &str, said: &str, rows: &[Row]) -> Outcome<String> {
    let mut text = format!(
        "## {title}\n\n`cargo xtask bench-duplicates {call}`{}: {said}\n\n\
         | program | cache | run | seconds | all rounds | bytes read | peak memory | found |\n\
         |---|---|---|---|---|---|---|---|\n",
        of_machine()?
    );
    for row in rows {
        let mut rounds: Vec<&Measured> = row.rounds.iter().collect();
        rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let middle = rounds[rounds.len() / 2];
        let all: Vec<String> =
            row.rounds.iter().map(|round| format!("{:.1}", round.seconds)).collect();
        let megabytes = |bytes: Option<u64>| {
            bytes.map_or("-".into(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6))
        };
        let peak = row.rounds.iter().filter_map(|round| round.peak).max();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} | {} | {} | {} | {} |",
            row.program,
            row.cache,
            row.run,
            middle.seconds,
            all.join(", "),
            megabytes(middle.bytes_read),
            megabytes(peak),
            row.found
        );
    }
    Ok(text)
}
