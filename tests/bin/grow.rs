//! Writes the library and the chat that `cargo xtask bench` measures with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_media::accuracy::photos::{self, Known};
use heirloom_media::fixture;
use heirloom_media::grown::{self, Manner, Sizes};

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
    /// How many exported pictures and videos.
    #[arg(long, default_value_t = 100)]
    exported: u32,
    /// Of these, pictures of others (default: 45 of 100).
    #[arg(long)]
    strangers: Option<u32>,
    /// Changed pictures (default: 6 of 100).
    #[arg(long)]
    edited: Option<u32>,
    /// Screenshots (default: 4 of 100).
    #[arg(long)]
    screens: Option<u32>,
    /// Videos (default: 3 of 100).
    #[arg(long)]
    videos: Option<u32>,
    /// Photos alone, put together from stripes of a few hundred: ten thousand in minutes.
    #[arg(long)]
    striped: bool,
}

impl Args {
    fn sizes(&self) -> Sizes {
        let usual = Sizes::usual(self.originals, self.exported);
        Sizes {
            strangers: self.strangers.unwrap_or(usual.strangers),
            edited: self.edited.unwrap_or(usual.edited),
            screens: self.screens.unwrap_or(usual.screens),
            videos: self.videos.unwrap_or(usual.videos),
            ..usual
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let folders = match args.photos.as_slice() {
        [] => vec![fixture::root().join("photos")],
        given => given.to_vec(),
    };
    let grown = photos::load(&folders, &Known::default()).and_then(|photos| {
        let folder: &Path = &args.folder;
        let manner = if args.striped { Manner::Striped } else { Manner::Whole };
        grown::grow_once(&photos, args.sizes(), manner, folder)
    });
    match grown {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("grow: {sentence}");
            ExitCode::FAILURE
        }
    }
}
