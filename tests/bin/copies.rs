//! Counts the copies that are found, and the pairs that are none, in a folder with a known
//! truth, by Heirloom and by other programs: `cargo xtask copies`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_media::accuracy::photos::{self, Known, Photo};
use heirloom_media::copies::corpus::{self, FILES, Sizes};
use heirloom_media::copies::programs::{PROGRAMS, Program};
use heirloom_media::copies::table::{self, Column};
use heirloom_media::copies::tools::{self, Tools, on_path};
use heirloom_media::copies::{File, score};
use heirloom_media::{Outcome, fixture, saying};

#[derive(Parser)]
#[command(name = "cargo xtask copies", about = "How many copies are found, and how many are none")]
struct Args {
    /// A folder of photos to make copies of (default: the tests' fixtures).
    #[arg(long, value_name = "DIR")]
    photos: Vec<PathBuf>,
    /// Makes another folder.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Most pictures of which copies are made.
    #[arg(long, default_value_t = 60)]
    pictures: usize,
    /// Copies of each kind of each picture.
    #[arg(long, default_value_t = 2)]
    each: u32,
    /// Most bursts, and as many scenes with retakes.
    #[arg(long, default_value_t = 30)]
    scenes: usize,
    /// Lengths of films, with several films each; they need `ffmpeg`.
    #[arg(long, default_value_t = 12)]
    lengths: usize,
    /// Where a program lies; others are looked for on PATH. The programs are heirloom,
    /// czkawka_cli, fclones, jdupes, rmlint, exiftool, heif-enc, cwebp and ffmpeg.
    #[arg(long, value_name = "NAME=FILE", value_parser = place)]
    program: Vec<(String, PathBuf)>,
    /// Do without this program, though it is there.
    #[arg(long, value_name = "NAME")]
    without: Vec<String>,
    /// Print what a program missed and what it wrongly called one, of those with this in
    /// their name; may be given several times.
    #[arg(long, value_name = "NAME")]
    list: Vec<String>,
    /// Where the folder is made (default: target/copies). It stays.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Write the table anew, here.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

fn place(word: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = word.split_once('=').ok_or("say it so: NAME=FILE")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("copies: {sentence}");
            ExitCode::FAILURE
        }
    }
}

impl Args {
    fn program(&self, name: &str) -> Option<PathBuf> {
        if self.without.iter().any(|without| without == name) {
            return None;
        }
        let named = self.program.iter().find(|(of, _)| of == name).map(|(_, file)| file.clone());
        named.or_else(|| on_path(name))
    }

    fn sizes(&self) -> Sizes {
        let Self { seed, pictures, each, scenes, lengths, .. } = *self;
        Sizes { seed, pictures, each, scenes, lengths }
    }

    fn folder(&self) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target/copies");
        self.to.clone().unwrap_or(root)
    }
}

fn run(args: &Args) -> Outcome {
    let folder = args.folder();
    let tools = Tools {
        exiftool: args.program("exiftool"),
        heif_enc: args.program("heif-enc"),
        cwebp: args.program("cwebp"),
        ffmpeg: args.program("ffmpeg"),
        scratch: folder.with_extension("scratch"),
    };
    let photos = read(args)?;
    println!("copies: making them of {} photos in {}", photos.len(), folder.display());
    let files = corpus::make(&photos, args.sizes(), &tools, &folder)?;
    println!("copies: {} files", files.len());
    let columns: Vec<Column> =
        PROGRAMS.iter().map(|program| column(args, program, &files)).collect::<Outcome<_>>()?;
    list(args, &columns);
    let text = head(args, &photos, &files, &tools) + &table::write(&columns);
    println!("\n{text}");
    if tools.scratch.exists() {
        saying("the scratch folder", std::fs::remove_dir_all(&tools.scratch))?;
    }
    match &args.save {
        Some(file) => saying(&file.display().to_string(), std::fs::write(file, text)),
        None => Ok(()),
    }
}

fn read(args: &Args) -> Outcome<Vec<Photo>> {
    let folders = match args.photos.as_slice() {
        [] => vec![fixture::root().join("photos"), fixture::root().join("whatsapp")],
        given => given.to_vec(),
    };
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("accuracy/pictures.toml");
    let known = Known::parse(&saying("pictures.toml", std::fs::read_to_string(words))?)?;
    photos::load(&folders, &known)
}

fn column(args: &Args, program: &Program, files: &[File]) -> Outcome<Column> {
    let Some(at) = args.program(program.file) else {
        println!("copies: {} is not there", program.name);
        return Ok(Column { program: *program, run: None });
    };
    println!("copies: {}", program.name);
    let folder = args.folder();
    let run = program.run(&at, &folder.join(FILES), &folder.with_extension("scratch"))?;
    let marks = score::marks(files, &run.groups);
    Ok(Column { program: *program, run: Some((run, marks)) })
}

fn list(args: &Args, columns: &[Column]) {
    for column in columns {
        let Some((_, marks)) = &column.run else { continue };
        let name = column.program.name;
        if args.list.iter().any(|wanted| name.to_lowercase().contains(&wanted.to_lowercase())) {
            marks.missed.iter().for_each(|line| println!("{name} missed {line}"));
            marks.wrong.iter().for_each(|line| println!("{name} calls one {line}"));
        }
    }
    let heirloom = columns.first().and_then(|column| column.run.as_ref());
    for unmet in heirloom.iter().flat_map(|(_, marks)| table::unmet(marks)) {
        println!("copies: not reached: {unmet}");
    }
}

fn head(args: &Args, photos: &[Photo], files: &[File], tools: &Tools) -> String {
    let Sizes { seed, pictures, each, scenes, lengths } = args.sizes();
    let places: Vec<String> =
        args.photos.iter().map(|folder| format!(" --photos {}", name(folder))).collect();
    let made: Vec<String> = tools
        .named()
        .iter()
        .map(|(name, place)| match place {
            Some(place) => tools::version(place).replace('|', "/") + &called(name, place),
            None => format!("no {name}"),
        })
        .collect();
    format!(
        "# Copies found, and pairs that are none\n\n\
         `cargo xtask copies{} --seed {seed} --pictures {pictures} --each {each} --scenes {scenes} \
         --lengths {lengths}`: {} files made of {} photos, with {}. A pair is a copy and its \
         original; it is found when a program calls both one, of other metadata and containers \
         only when the program's proof are the data. A false pair are two pictures that it calls \
         one. How it is made: `tests/README.md`.\n\n",
        places.concat(),
        files.len(),
        photos.len(),
        made.join("; ")
    )
}

/// A program's name, where its version does not say it.
fn called(name: &str, place: &Path) -> String {
    if tools::version(place).to_lowercase().contains(name) {
        String::new()
    } else {
        format!(" ({name})")
    }
}

fn name(folder: &Path) -> String {
    folder.file_name().map_or_else(|| ".".into(), |name| name.to_string_lossy().into_owned())
}
