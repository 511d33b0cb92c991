//! Writes the library and the chat that `cargo xtask bench` measures with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_media::accuracy::photos::{self, Known};
use heirloom_media::{fixture, grown};

#[derive(Parser)]
#[command(about = "A large library, grown from a few photos")]
struct Args {
    /// Where `chat` and `originals` go; made again only if something changed.
    folder: PathBuf,
    /// A folder of photos to grow from (default: the tests' fixtures).
    #[arg(long, value_name = "DIR")]
    photos: Vec<PathBuf>,
    /// How many originals.
    #[arg(long, default_value_t = 1000)]
    originals: u32,
    /// How many exported pictures.
    #[arg(long, default_value_t = 100)]
    exported: u32,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let folders = match args.photos.as_slice() {
        [] => vec![fixture::root().join("photos")],
        given => given.to_vec(),
    };
    let grown = photos::load(&folders, &Known::default()).and_then(|photos| {
        let folder: &Path = &args.folder;
        grown::grow_once(&photos, args.originals, args.exported, folder)
    });
    match grown {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("grow: {sentence}");
            ExitCode::FAILURE
        }
    }
}
