//! Writes a case's inputs to a folder: `make-case NAME DIR`, or `make-case sample DIR`;
//! `make-case page-sample DIR` writes the sample as the page wants it, with its list.
//!
//! `DIR/chat` and `DIR/originals` are the inputs, `DIR/truth.json` says which
//! original each exported file came from.

use std::path::Path;
use std::process::ExitCode;

use heirloom_recipes::build::{self, Built};
use heirloom_recipes::recipe::Recipe;
use heirloom_recipes::{Outcome, disk, sample, saying};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.as_slice() {
        [name, folder] => make(name, Path::new(folder)),
        _ => Err("usage: make-case NAME DIR".into()),
    };
    if let Err(sentence) = done {
        eprintln!("make-case: {sentence}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn make(name: &str, folder: &Path) -> Outcome {
    if name == "page-sample" {
        return sample::write(folder);
    }
    let built = if name == "sample" { sample::build()? } else { build::build(&recipe(name)?)? };
    write(&built, folder)
}

fn recipe(name: &str) -> Outcome<Recipe> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("cases").join(name).join("case.toml");
    Recipe::parse(&saying(&path.display().to_string(), std::fs::read_to_string(&path))?)
}

fn write(built: &Built, folder: &Path) -> Outcome {
    disk::write(&folder.join("chat"), &built.chat)?;
    disk::write(&folder.join("originals"), &built.originals)?;
    let truth = saying("truth.json", serde_json::to_string_pretty(&built.truth))?;
    saying("truth.json", std::fs::write(folder.join("truth.json"), truth + "\n"))
}
