//! Everything a developer runs: `cargo xtask serve | test | build | accuracy | copies | bench`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use build::Grade;
use test::Strength;

mod accuracy;
mod bench;
mod beside;
mod build;
mod checks;
mod features;
mod licences;
mod measure;
mod notices;
mod serve;
mod setup;
mod test;
mod tree;

/// What a step failed with: a sentence that says what to do.
pub(crate) type Outcome<T = ()> = Result<T, String>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything a developer of Heirloom runs")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Counts right, wrong and missed links on cases with a known truth;
    /// `--help` names its options.
    #[command(disable_help_flag = true)]
    Accuracy {
        /// Passed on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Times Heirloom and the common recipe over a large library.
    Bench(bench::Words),
    /// Times Heirloom and other programs that look for duplicates.
    BenchDuplicates(bench::duplicates::Words),
    /// Builds both wasm packages and the page into `dist/`.
    Build,
    /// Counts copies found and pairs that are none, by Heirloom and other programs, in a
    /// folder with a known truth; `--help` names its options.
    #[command(disable_help_flag = true)]
    Copies {
        /// Passed on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Writes the licence texts of what is shipped into a file.
    Notices {
        /// Of which program.
        #[arg(value_enum)]
        of: notices::Shipped,
        /// The file.
        file: PathBuf,
    },
    /// Builds and serves the app with a sample chat, and opens it.
    Serve {
        /// The port to listen on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Do not open a browser.
        #[arg(long)]
        no_open: bool,
    },
    /// One step of `test` alone.
    #[command(hide = true)]
    Step {
        name: String,
        #[arg(long)]
        all: bool,
    },
    /// Runs all tests of a change, native and browser: what CI runs.
    Test {
        /// Also what a release must pass: the page as visitors get it and its
        /// size, and more rounds of what is tried at random.
        #[arg(long)]
        all: bool,
        /// Only this step; may be given several times.
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
    },
}

fn strength(all: bool) -> Strength {
    if all { Strength::All } else { Strength::Change }
}

fn main() -> ExitCode {
    let done = match Args::parse().task {
        Task::Accuracy { words } => accuracy::accuracy(&words),
        Task::Bench(words) => bench::bench(&words),
        Task::BenchDuplicates(words) => bench::duplicates::bench(&words),
        Task::Build => build::build(Grade::Shipped),
        Task::Copies { words } => accuracy::copies(&words),
        Task::Notices { of, file } => notices::write(of, &file),
        Task::Serve { port, no_open } => serve::serve(port, no_open),
        Task::Step { name, all } => test::one(&name, strength(all)),
        Task::Test { all, only } => return test::test(&only, strength(all)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
