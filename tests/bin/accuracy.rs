//! Counts right, wrong and missed links on cases with a known truth:
//! `cargo xtask accuracy`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use heirloom_core::settings::Mode;
use heirloom_media::accuracy::case::{self, Given};
use heirloom_media::accuracy::photos::{self, Known};
use heirloom_media::accuracy::table::{self, Row};
use heirloom_media::accuracy::{Kind, measured, score};
use heirloom_media::memory::Shared;
use heirloom_media::{Outcome, fixture, saying};

#[derive(Parser)]
#[command(name = "cargo xtask accuracy", about = "How many pictures find their original")]
struct Args {
    /// A folder of photos to make cases from (default: the tests' fixtures).
    #[arg(long, value_name = "DIR")]
    photos: Vec<PathBuf>,
    /// Makes other cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many exported pictures, about.
    #[arg(long, default_value_t = 60)]
    count: u32,
    /// Only this kind; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    only: Vec<Kind>,
    /// Only this mode; may be given several times.
    #[arg(long, value_parser = mode)]
    mode: Vec<Mode>,
    /// Print everything that is not right, with its evidence.
    #[arg(long)]
    list_wrong: bool,
    /// Write the cases here, for `heirloom link`.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write the files of each wrong link here, each in a folder of its own.
    #[arg(long, value_name = "DIR")]
    keep_wrong: Option<PathBuf>,
    /// Add what the runs measured to this file, for `plots`.
    #[arg(long, value_name = "FILE")]
    measure: Option<PathBuf>,
    /// The program `ffmpeg`, to make videos with; without it there is one of the
    /// fixtures for each kind.
    #[arg(long, value_name = "FILE")]
    ffmpeg: Option<PathBuf>,
    /// Fail if anything is worse than in the table.
    #[arg(long)]
    check: bool,
    /// Write the table anew.
    #[arg(long)]
    save: bool,
    /// The table (default: tests/accuracy/fixtures.md).
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
}

const MODES: [Mode; 3] = [Mode::Strict, Mode::Balanced, Mode::Loose];

fn kind(word: &str) -> Result<Kind, String> {
    let names: Vec<&str> = Kind::all().map(Kind::name).collect();
    Kind::all()
        .find(|kind| kind.name() == word)
        .ok_or(format!("the kinds are {}", names.join(", ")))
}

fn mode(word: &str) -> Result<Mode, String> {
    let found = MODES.into_iter().find(|mode| mode.name() == word);
    found.ok_or("the modes are strict, balanced, loose".into())
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("accuracy: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn tables() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("accuracy")
}

fn run(args: &Args) -> Outcome {
    let folders = match args.photos.as_slice() {
        [] => vec![fixture::root().join("photos"), fixture::root().join("whatsapp")],
        given => given.to_vec(),
    };
    let words = tables().join("pictures.toml");
    let known = Known::parse(&saying("pictures.toml", std::fs::read_to_string(words))?)?;
    let photos = photos::load(&folders, &known)?;
    println!("{} photos, seed {}, count {}", photos.len(), args.seed, args.count);
    let rows = rows(args, &photos)?;
    let text = table::write(&rows);
    println!("\n{text}");
    let path = args.table.clone().unwrap_or_else(|| tables().join("fixtures.md"));
    if args.save {
        let head = format!(
            "{} photos, seed {}, count {}. How to read and renew it: `tests/README.md`.\n\n",
            photos.len(),
            args.seed,
            args.count
        );
        saying(&path.display().to_string(), std::fs::write(&path, head + &text))?;
    }
    if args.check { check(&path, &rows, args) } else { Ok(()) }
}

fn rows(args: &Args, photos: &[photos::Photo]) -> Outcome<Vec<Row>> {
    let modes = if args.mode.is_empty() { MODES.to_vec() } else { args.mode.clone() };
    let mut rows = Vec::new();
    for kind in Kind::all() {
        if !args.only.is_empty() && !args.only.contains(&kind) {
            continue;
        }
        let start = Instant::now();
        let given = Given { photos, seed: args.seed, ffmpeg: args.ffmpeg.as_deref() };
        let case = case::build(kind, given, kind.share(args.count))?;
        if case.truth.is_empty() {
            println!("{}: these photos have none", kind.name());
            continue;
        }
        let built = start.elapsed().as_secs_f32();
        if let Some(folder) = &args.keep {
            case::keep(&case, folder)?;
        }
        let memory = Shared::default();
        for &mode in &modes {
            let result = score::run(&case, mode, &memory)?;
            for (number, (name, linked)) in result.wrong.iter().enumerate() {
                let Some(folder) = &args.keep_wrong else { break };
                let own = format!("{}-{}-{}-{number}", kind.name(), args.seed, mode.name());
                case::keep_wrong(&case, (name, linked), &folder.join(own))?;
            }
            if args.list_wrong {
                let name = format!("{} {}", kind.name(), mode.name());
                result.remarks.iter().for_each(|remark| println!("{name}: {remark}"));
            }
            let (kind, mode) = (kind.name().to_owned(), mode.name().to_owned());
            rows.push(Row { kind, mode, marks: result.marks });
        }
        if let Some(file) = &args.measure {
            let lines = measured::lines(kind, &measured::of(&case, &memory));
            let name = file.display().to_string();
            let mut out = saying(&name, OpenOptions::new().create(true).append(true).open(file))?;
            saying(&name, out.write_all(lines.as_bytes()))?;
        }
        let took = start.elapsed().as_secs_f32();
        println!("{}: made in {built:.1} s, matched in {:.1} s", kind.name(), took - built);
    }
    Ok(rows)
}

fn check(path: &Path, rows: &[Row], args: &Args) -> Outcome {
    let text = saying(&path.display().to_string(), std::fs::read_to_string(path))?;
    let wanted = |row: &Row| {
        let kind = args.only.is_empty() || args.only.iter().any(|kind| kind.name() == row.kind);
        kind && (args.mode.is_empty() || args.mode.iter().any(|mode| mode.name() == row.mode))
    };
    let then: Vec<Row> = table::read(&text)?.into_iter().filter(wanted).collect();
    match table::worse(&then, rows).as_slice() {
        [] => Ok(()),
        worse => Err(format!("worse than {}: {}", path.display(), worse.join("; "))),
    }
}
