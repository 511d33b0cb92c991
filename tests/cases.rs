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
use heirloom_media::{Outcome, saying};

fn main() -> ExitCode {
    let words = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let names = match names(&folder) {
        Ok(names) => names,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
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
    trials.push(Trial::test("a_folder_without_cases_is_no_pass", || {
        without_cases().map_err(Failed::from)
    }));
    libtest_mimic::run(&words, trials).exit_code()
}

/// The cases of a folder, sorted.
fn names(folder: &Path) -> Outcome<Vec<String>> {
    let shown = folder.display().to_string();
    let entries = saying(&shown, std::fs::read_dir(folder))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(saying(&shown, entry)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    if names.is_empty() { Err(format!("{shown} holds no case")) } else { Ok(names) }
}

fn without_cases() -> Outcome {
    let temp = saying("a folder", tempfile::tempdir())?;
    for folder in [temp.path().to_owned(), temp.path().join("absent")] {
        if names(&folder).is_ok() {
            return Err(format!("{} was taken for a folder of cases", folder.display()));
        }
    }
    Ok(())
}
