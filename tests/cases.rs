//! Every folder in `cases/` is one named test: a whole run on real photos.
//!
//! Each case is run in strict, balanced and loose, inside this process and by
//! the program; both must give the same `mapping.json`. `expected/` holds what
//! was decided, for people to read; `UPDATE=1` rewrites it.

mod cases_support;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use cases_support::{bad_places, run};

fn main() -> ExitCode {
    let words = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    names.sort();
    let mut trials: Vec<Trial> = names
        .into_iter()
        .map(|name| {
            let case = folder.join(&name);
            Trial::test(name, move || run::case(&case).map_err(Failed::from))
        })
        .collect();
    for (name, test) in bad_places::ALL {
        trials.push(Trial::test(name, move || test().map_err(Failed::from)));
    }
    libtest_mimic::run(&words, trials).exit_code()
}
