//! Everything a developer runs: `cargo xtask serve | test | build | accuracy | bench`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accuracy;
mod bench;
mod build;
mod checks;
mod licences;
mod measure;
mod serve;
mod setup;
mod test;

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
    /// Builds both wasm packages and the page into `dist/`.
    Build,
    /// Builds and serves the app with a sample chat, and opens it.
    Serve {
        /// The port to listen on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Do not open a browser.
        #[arg(long)]
        no_open: bool,
    },
    /// Runs all tests, native and browser: what CI runs.
    Test {
        /// Only this step; may be given several times.
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().task {
        Task::Accuracy { words } => accuracy::accuracy(&words),
        Task::Bench(words) => bench::bench(&words),
        Task::Build => build::build(),
        Task::Serve { port, no_open } => serve::serve(port, no_open),
        Task::Test { only } => test::test(&only),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
