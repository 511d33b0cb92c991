//! The catalogue on disk: in the user's cache folder unless told otherwise,
//! and never inside an input. Without it a run only takes longer, so whatever
//! is wrong with it is a sentence, not a failure.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use etcetera::BaseStrategy;
use heirloom_catalog::{Catalogue, Refused, Run};
use heirloom_core::report::Report;

use crate::Outcome;
use crate::args::{Kept, Upkeep};

/// The file's name below the cache folder.
const NAME: &str = "heirloom/catalogue.redb";

/// Opens the catalogue of a run. Sentences about what is wrong with it are
/// passed to `say`; `apart` refuses places inside an input.
pub fn of_run(
    kept: &Kept,
    apart: impl FnOnce(&Path) -> Outcome,
    say: impl Fn(&str),
) -> Option<Catalogue> {
    if kept.no_catalogue {
        return None;
    }
    let opened = place(kept).and_then(|path| {
        apart(&path)?;
        open(&path, &say)
    });
    opened
        .map_err(|sentence| say(&format!("{sentence}; this run remembers and recalls nothing")))
        .ok()
}

/// `heirloom catalogue …`
pub fn upkeep(kept: &Kept, task: &Upkeep) -> Outcome {
    let path = place(kept)?;
    match task {
        Upkeep::Path => {
            println!("{}", path.display());
            Ok(())
        }
        Upkeep::Delete => delete(&path),
        Upkeep::Export { file } => export(&path, file.as_deref()),
    }
}

/// Remembers what a run came to.
pub fn note_run(catalogue: &Catalogue, chat: &Path, bundle: Option<String>, report: &Report) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    catalogue.note_run(&Run {
        when: since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0),
        chat: chat.display().to_string(),
        bundle,
        exported: report.counts.images.exported + report.counts.videos.exported,
        matched: report.counts.images.matched + report.counts.videos.matched,
    });
}

fn place(kept: &Kept) -> Outcome<PathBuf> {
    if let Some(path) = &kept.catalogue {
        return Ok(path.clone());
    }
    let folders = etcetera::base_strategy::choose_native_strategy()
        .map_err(|error| format!("there is no cache folder for the catalogue: {error}"))?;
    Ok(folders.cache_dir().join(NAME))
}

fn open(path: &Path, say: &impl Fn(&str)) -> Outcome<Catalogue> {
    let shown = path.display();
    match try_open(path) {
        Ok(catalogue) => Ok(catalogue),
        Err(Refused::Unusable(_)) if was_never_begun(path) => {
            let begun =
                fs::remove_file(path).map_err(Refused::Storage).and_then(|()| try_open(path));
            begun.map_err(|refused| refusal(path, &refused))
        }
        Err(Refused::Unusable(why)) => {
            let aside = aside(path);
            fs::rename(path, &aside).map_err(|error| refusal(path, &Refused::Storage(error)))?;
            let new = try_open(path).map_err(|refused| refusal(path, &refused))?;
            say(&format!(
                "the catalogue {shown} cannot be used: {why}; it was put aside as {}, and a new \
                 one is begun",
                aside.display()
            ));
            Ok(new)
        }
        Err(refused) => Err(refusal(path, &refused)),
    }
}

/// Whether the program was killed while it made the file: `redb` writes its magic
/// number last, and until then there is nothing in it.
fn was_never_begun(path: &Path) -> bool {
    let mut magic = [1u8; 9];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == [0; 9]
}

fn try_open(path: &Path) -> Result<Catalogue, Refused> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Refused::Storage)?;
    }
    Catalogue::in_file(private(path).map_err(Refused::Storage)?)
}

/// Opens or makes a file that only its owner may read: it says where photos
/// were taken.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn refusal(path: &Path, refused: &Refused) -> String {
    let shown = path.display();
    match refused {
        Refused::Busy => format!("another run is using the catalogue {shown}"),
        Refused::Unusable(why) => format!("the catalogue {shown} cannot be used: {why}"),
        Refused::Storage(error) => format!("the catalogue {shown} cannot be opened: {error}"),
    }
}

fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".aside");
    PathBuf::from(name)
}

fn delete(path: &Path) -> Outcome {
    let mut deleted = false;
    for file in [path.to_owned(), aside(path)] {
        match fs::remove_file(&file) {
            Ok(()) => deleted = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{} cannot be deleted: {error}", file.display())),
        }
    }
    let shown = path.display();
    let done = if deleted { "was deleted" } else { "does not exist: nothing is remembered" };
    println!("The catalogue {shown} {done}.");
    Ok(())
}

fn export(path: &Path, file: Option<&Path>) -> Outcome {
    if !path.exists() {
        return Err(format!("there is no catalogue {}: nothing is remembered", path.display()));
    }
    let catalogue = try_open(path).map_err(|refused| refusal(path, &refused))?;
    let write = |out: &mut dyn Write| {
        let mut out = io::BufWriter::new(out);
        catalogue.export(&mut out)?;
        out.flush()
    };
    let Some(file) = file else {
        return match write(&mut io::stdout().lock()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(format!("the catalogue cannot be printed: {error}"))
            }
            _ => Ok(()),
        };
    };
    let whole = || -> io::Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        crate::put_whole(file, &bytes)
    };
    whole().map_err(|error| format!("{} cannot be written: {error}", file.display()))
}
