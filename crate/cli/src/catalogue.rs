//! The catalogue on disk: what was learnt lies in the user's cache folder, what was
//! decided in the user's data folder, unless told otherwise, and neither ever
//! inside an input. Without them a run only takes longer and asks again; so
//! whatever is wrong with them is a sentence, not a failure.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use etcetera::BaseStrategy;
use heirloom_catalog::{Catalogue, Part, Refused, Run, Volume, was_never_begun};
use heirloom_core::collect::kind::{HEAD, kind};
use heirloom_core::job::SHELVES;
use heirloom_core::model::Kind;
use heirloom_core::report::Report;

use crate::Outcome;
use crate::args::{Kept, Upkeep};
use crate::output::is_catalogue_export;

/// The cache's name below the user's cache folder.
const CACHE: &str = "heirloom/catalogue.redb";

/// The name of what is kept forever below the user's data folder.
const FOREVER: &str = "heirloom/decisions.redb";

/// Where the catalogue's two files are.
struct Places {
    cache: PathBuf,
    forever: PathBuf,
}

/// Opens the catalogue of a run. Sentences about what is wrong with it are
/// passed to `say`; `apart` refuses places inside an input.
pub fn of_run(
    kept: &Kept,
    apart: impl Fn(&Path) -> Outcome,
    say: impl Fn(&str),
) -> Option<Catalogue> {
    if kept.no_catalogue {
        return None;
    }
    let places = places(kept).map_err(|sentence| say(&sentence)).ok()?;
    let opened = |part: Part, without: &str| {
        let path = places.of(part);
        let opened = apart(path).and_then(|()| open(part, path, &say));
        opened.map_err(|sentence| say(&format!("{sentence}; {without}"))).ok()
    };
    let forever = opened(Part::Forever, "this run neither recalls nor keeps what you decide");
    let cache = opened(Part::Cache, "this run neither recalls nor keeps what it learns");
    Some(Catalogue::of(cache, forever))
}

/// `heirloom catalogue …`
pub fn upkeep(kept: &Kept, task: &Upkeep) -> Outcome {
    let places = places(kept)?;
    match task {
        Upkeep::Path { decisions: false } => {
            println!("{}", places.cache.display());
            eprintln!("What you decided is kept in {}", places.forever.display());
            Ok(())
        }
        Upkeep::Path { decisions: true } => {
            println!("{}", places.forever.display());
            Ok(())
        }
        Upkeep::Delete { decisions: false } => delete_cache(&places),
        Upkeep::Delete { decisions: true } => delete_all(&places),
        Upkeep::Export { file } => export(&places, file.as_deref()),
    }
}

/// Notes the result of a run in the catalogue.
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

/// What went wrong with the catalogue in the middle of a run.
pub fn troubles(catalogue: &Catalogue) -> impl Iterator<Item = String> {
    [Part::Cache, Part::Forever].into_iter().filter_map(|part| catalogue.trouble(part))
}

impl Places {
    fn of(&self, part: Part) -> &Path {
        match part {
            Part::Cache => &self.cache,
            Part::Forever => &self.forever,
        }
    }
}

/// The file of which whoever moves files holds the lock: of two runs one may move what the
/// other keeps, wherever their folders are. `None`: the system has no place for it.
pub fn lock() -> Option<File> {
    let place = places(&Kept::default()).ok()?.forever.with_file_name("trash.lock");
    fs::create_dir_all(place.parent()?).ok()?;
    OpenOptions::new().create(true).append(true).open(place).ok()
}

/// Where both are. If the cache's place is named, what is kept forever lies beside
/// it.
fn places(kept: &Kept) -> Outcome<Places> {
    if let Some(cache) = &kept.catalogue {
        return Ok(Places { cache: cache.clone(), forever: with_ending(cache, ".decisions") });
    }
    let folders = etcetera::base_strategy::choose_native_strategy()
        .map_err(|error| format!("there are no folders for the catalogue: {error}"))?;
    let (cache, forever) = (folders.cache_dir().join(CACHE), folders.data_dir().join(FOREVER));
    Ok(Places { cache, forever })
}

fn open(part: Part, path: &Path, say: &impl Fn(&str)) -> Outcome<Volume> {
    match try_open(part, path) {
        Ok(volume) => Ok(volume),
        Err(Refused::Unusable(_)) if is_empty(path) => {
            let begun =
                fs::remove_file(path).map_err(Refused::Storage).and_then(|()| try_open(part, path));
            begun.map_err(|refused| refusal(part, path, &refused))
        }
        // A letter is put aside as a damaged catalogue is; a photo or an archive is
        // certainly somebody's.
        Err(Refused::Unusable(_)) if foreign(path).is_some_and(|kind| kind != Kind::Text) => {
            Err(not_ours(path))
        }
        Err(Refused::Unusable(why)) => {
            let aside = free_aside(part, path);
            let storage = |error| refusal(part, path, &Refused::Storage(error));
            fs::rename(path, &aside).map_err(storage)?;
            let new = try_open(part, path).map_err(|refused| refusal(part, path, &refused))?;
            say(&format!(
                "{} {} cannot be used: {why}; it was put aside as {}, and a new one is begun",
                called(part),
                path.display(),
                aside.display()
            ));
            Ok(new)
        }
        Err(refused) => Err(refusal(part, path, &refused)),
    }
}

/// What a file is, if it is certainly no catalogue, damaged or not.
fn foreign(path: &Path) -> Option<Kind> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD as u64).read_to_end(&mut head).ok()?;
    Some(kind(&head)).filter(|kind| !matches!(kind, Kind::Unknown | Kind::Empty))
}

fn not_ours(path: &Path) -> String {
    format!("{} is no catalogue of Heirloom's: it is left as it is", path.display())
}

/// Whether the program was killed while it made the file.
fn is_empty(path: &Path) -> bool {
    File::open(path).and_then(|mut file| was_never_begun(&mut file)).unwrap_or(false)
}

fn try_open(part: Part, path: &Path) -> Result<Volume, Refused> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Refused::Storage)?;
    }
    Volume::in_file(part, private(path).map_err(Refused::Storage)?, SHELVES)
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

/// What a part is called in a sentence, before its place.
fn called(part: Part) -> &'static str {
    match part {
        Part::Cache => "the catalogue",
        Part::Forever => "the file of your decisions",
    }
}

fn refusal(part: Part, path: &Path, refused: &Refused) -> String {
    let it = format!("{} {}", called(part), path.display());
    match refused {
        Refused::Busy => format!("another run is using {it}"),
        Refused::Newer => {
            format!("a newer version of the program wrote {it}; this version leaves it alone")
        }
        Refused::Unusable(why) => format!("{it} cannot be used: {why}"),
        Refused::Storage(error) => format!("{it} cannot be opened: {error}"),
    }
}

/// Where a file goes that cannot be used. Of the cache only the last one is kept;
/// what was to be kept forever is never written over.
fn free_aside(part: Part, path: &Path) -> PathBuf {
    let first = with_ending(path, ".aside");
    if part == Part::Cache {
        return first;
    }
    let numbered = (2..).map(|number| with_ending(path, &format!(".aside-{number}")));
    let mut places = std::iter::once(first.clone()).chain(numbered);
    places.find(|place| place.symlink_metadata().is_err()).unwrap_or(first)
}

/// Every file that was put aside.
fn asides(path: &Path) -> Vec<PathBuf> {
    let numbered = (2..).map(|number| with_ending(path, &format!(".aside-{number}")));
    let there = |place: &PathBuf| place.symlink_metadata().is_ok();
    let first = with_ending(path, ".aside");
    std::iter::once(first).filter(there).chain(numbered.take_while(there)).collect()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Deletes what was learnt. A cache of an older program may hold decisions:
/// they are taken over first.
fn delete_cache(places: &Places) -> Outcome {
    let Places { cache, forever } = places;
    let say = |sentence: &str| eprintln!("heirloom: {sentence}");
    if cache.exists() {
        match try_open(Part::Cache, cache) {
            Ok(volume) if volume.holds_decisions_of_before()? => {
                let forever = open(Part::Forever, forever, &say)?;
                let both = Catalogue::of(Some(volume), Some(forever));
                let sentence = |why| format!("{} cannot be deleted: {why}", cache.display());
                both.forget_cache().map_err(sentence)?;
            }
            Ok(_) | Err(Refused::Unusable(_)) => {}
            Err(refused) => return Err(refusal(Part::Cache, cache, &refused)),
        }
    }
    delete(cache, Part::Cache)?;
    if forever.exists() {
        println!(
            "What you decided stays in {}. To delete that as well: heirloom catalogue delete \
             --decisions",
            forever.display()
        );
    }
    Ok(())
}

/// Deletes both.
fn delete_all(places: &Places) -> Outcome {
    delete(&places.cache, Part::Cache)?;
    delete(&places.forever, Part::Forever)
}

fn delete(path: &Path, part: Part) -> Outcome {
    if foreign(path).is_some() {
        return Err(not_ours(path));
    }
    let mut deleted = false;
    for file in std::iter::once(path.to_owned()).chain(asides(path)) {
        match fs::remove_file(&file) {
            Ok(()) => deleted = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{} cannot be deleted: {error}", file.display())),
        }
    }
    let it = called(part).replacen('t', "T", 1);
    let done = if deleted { "was deleted" } else { "does not exist: nothing is remembered" };
    println!("{it} {} {done}.", path.display());
    Ok(())
}

/// What there is of the catalogue, open for reading.
fn existing(places: &Places) -> Outcome<Catalogue> {
    let Places { cache, forever } = places;
    if !cache.exists() && !forever.exists() {
        return Err(format!("there is no catalogue {}: nothing is remembered", cache.display()));
    }
    let open = |part: Part| {
        let path = places.of(part);
        try_open(part, path).map_err(|refused| refusal(part, path, &refused))
    };
    let learnt = cache.exists().then(|| open(Part::Cache)).transpose()?;
    let of_before = learnt.as_ref().map_or(Ok(false), Volume::holds_decisions_of_before)?;
    let decided = (forever.exists() || of_before).then(|| open(Part::Forever)).transpose()?;
    Ok(Catalogue::of(learnt, decided))
}

fn export(places: &Places, file: Option<&Path>) -> Outcome {
    let catalogue = existing(places)?;
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
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| format!("the catalogue cannot be read: {error}"))?;
    crate::put_whole(file, &bytes, is_catalogue_export)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_named_as_the_catalogue_stays_where_and_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, forever) = (folder.path().join("a.jpg"), folder.path().join("a.jpg.decisions"));
        let photo = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
        fs::write(&cache, photo).unwrap();
        let places = Places { cache, forever };
        assert!(delete_cache(&places).is_err() && delete_all(&places).is_err());
        assert!(open(Part::Cache, &places.cache, &|_| ()).is_err());
        assert_eq!(fs::read(&places.cache).unwrap(), photo);
        fs::rename(&places.cache, &places.forever).unwrap();
        assert!(delete_all(&places).is_err());
        assert_eq!(fs::read(&places.forever).unwrap(), photo);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
