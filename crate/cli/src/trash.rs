//! `heirloom duplicates trash` and `heirloom duplicates restore`: files go to the trash
//! of their folder, and back.

mod ground;
mod host;
mod say;
#[cfg(unix)]
mod tree;
#[cfg(not(unix))]
#[path = "trash/tree_other.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};
use clap::Args;
use heirloom_core::job::duplicates::remembered;
use heirloom_core::model::{Entry, FileId};
use heirloom_core::plan::trash::{Asked, Moves, TRASH, Unit, check, place};
use heirloom_core::report::trash_plan;

use crate::Outcome;
use crate::args::Kept;
use crate::show::bad;
use crate::{catalogue, stop, walk};
use ground::{Ground, Ran};
use tree::Tree;

/// What `heirloom duplicates trash` is told.
#[derive(Debug, Args)]
pub struct TrashArgs {
    /// The folders, as they were given when the plan was made.
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// What `heirloom duplicates DIR… --json` printed, with the files that are to go
    /// under "trash".
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    /// How many files the plan names, sidecars included: they move without a question.
    #[arg(long, value_name = "FILES")]
    pub confirm: Option<u64>,
    /// Check the plan and say what would move; move nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Use the system's own trash, which has its own way back, instead of a folder
    /// `Heirloom trash` in each DIR.
    #[arg(long)]
    pub system_trash: bool,
    /// Print what became of each file as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `heirloom duplicates restore` is told.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A folder in `Heirloom trash`; `Heirloom trash` itself means all of them.
    #[arg(required = true, value_name = "TRASH")]
    pub trash: Vec<PathBuf>,
    /// Print what became of each file as JSON.
    #[arg(long)]
    pub json: bool,
}

/// A given folder.
struct Root {
    /// What paths of a plan begin with when there are several.
    name: String,
    /// Where it is.
    at: PathBuf,
}

/// Moves what a plan names to the trash. What its files were when they were examined it
/// says itself, or else the catalogue does.
///
/// # Errors
/// Files were left, or the trash cannot be used. Bad arguments end the program.
pub fn trash(args: &TrashArgs, kept: &Kept) -> Outcome {
    let roots = roots(&args.folders)?;
    let names: Vec<String> = roots.iter().map(|root| root.name.clone()).collect();
    let mut asked = trash_plan::asked(plan(&args.plan).unwrap_or_else(|why| bad(&why)));
    let given: Vec<Tree> = roots.iter().map(open).collect::<Outcome<_>>()?;
    recall(&mut asked, &roots, &given, kept);
    let moves = check(&asked, &names).unwrap_or_else(|refused| bad(&refused.to_string()));
    let mut show = say::shown(args.json);
    if args.dry_run {
        if let Some(files) = args.confirm {
            moves.clone().confirmed(files).unwrap_or_else(|refused| bad(&refused.to_string()));
        }
        return say::planned(&moves, &given, args.json);
    }
    let moves = confirmed(moves, &given, args.confirm)?;
    let _alone = alone();
    stop::hold();
    let Moves { units, left, .. } = moves;
    let mut said = say::Said::default();
    said.left = left;
    let mut of_folder: BTreeMap<usize, Vec<Unit>> = BTreeMap::new();
    for unit in units {
        // A unit has files, all of them in one folder.
        let folder = unit.files.first().map_or(0, |file| file.folder);
        of_folder.entry(folder).or_default().push(unit);
    }
    for (folder, units) in of_folder {
        if args.system_trash {
            said.ran(ground::to_system(&given, &roots, (folder, units), &mut show));
            continue;
        }
        let ran = Ground::made(&given, folder, &roots[folder].at).and_then(|ground| {
            settle(&ground, &mut said)?;
            ground.trash(units.clone(), &now(), &mut show)
        });
        match ran {
            Ok(ran) => said.ran(ran),
            Err(sentence) => said.failed(&units, &sentence),
        }
    }
    show.done();
    say::told(said, say::Way::There, args.json)
}

/// Puts back what lies in folders of the trash.
///
/// # Errors
/// Files were left, or a folder is none of the trash.
pub fn restore(args: &RestoreArgs, _kept: &Kept) -> Outcome {
    let mut show = say::shown(args.json);
    let mut said = say::Said::default();
    let _alone = alone();
    stop::hold();
    for trash in &args.trash {
        let (at, name) = belongs(trash)?;
        let root = Root { name: String::new(), at };
        let given = [open(&root)?];
        let ground = Ground::found(&given, 0, &root.at)?;
        settle(&ground, &mut said)?;
        let names = name.map_or_else(|| ground.runs(), |name| Ok(vec![name]))?;
        for name in names {
            said.ran(ground.restore(&name, &mut show)?);
        }
    }
    show.done();
    say::told(said, say::Way::Back, args.json)
}

/// Waits until no other run of this user moves files, and holds them off.
fn alone() -> Option<File> {
    let lock = catalogue::lock()?;
    if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
        eprintln!("heirloom: another run is moving files; this one goes on when it has ended");
        // Some network drives know no locks.
        lock.lock().unwrap_or_default();
    }
    Some(lock)
}

/// Settles what earlier runs left, and notes what is to be said of it.
fn settle(ground: &Ground<'_>, said: &mut say::Said) -> Outcome {
    ground.settle()?.into_iter().for_each(|ran: Ran| said.settled(ran));
    Ok(())
}

/// Takes from the catalogue what a plan does not say: what its files were.
fn recall(asked: &mut Asked, roots: &[Root], given: &[Tree], kept: &Kept) {
    let all = asked.groups.iter().flat_map(|group| &group.units).chain(&asked.shots).flatten();
    let unknown = |file: &&String| !asked.hashes.contains_key(*file);
    let names: Vec<String> = roots.iter().map(|root| root.name.clone()).collect();
    let entry = |file: &String| {
        let (folder, path) = place(file, &names).ok()?;
        let seen = given.get(folder)?.look(&path.bytes()).ok()?;
        let modified = seen.modified.map(|time| time.seconds);
        Some(Entry { file: FileId(0), path: file.clone(), size: seen.size, modified })
    };
    let entries: Vec<Entry> = all.filter(unknown).filter_map(entry).collect();
    if entries.is_empty() {
        return;
    }
    let is_outside = |place: &Path| match fs::canonicalize(place.parent().unwrap_or(place)) {
        Ok(real) if roots.iter().any(|root| real.starts_with(&root.at)) => {
            Err("the catalogue lies inside a given folder".to_owned())
        }
        _ => Ok(()),
    };
    let say = |sentence: &str| eprintln!("heirloom: {sentence}");
    let Some(catalogue) = catalogue::of_run(kept, is_outside, say) else { return };
    let hashes = remembered(&catalogue, &entries);
    for (entry, hash) in entries.into_iter().zip(hashes) {
        asked.hashes.extend(hash.map(|hash| (entry.path, hash)));
    }
}

/// Reads a plan.
fn plan(path: &Path) -> Outcome<heirloom_core::report::duplicates::Document> {
    let said = |why: &dyn std::fmt::Display| format!("the plan {}: {why}", path.display());
    let file = File::open(path).map_err(|error| said(&error))?;
    let mut bytes = Vec::new();
    // One byte more shows that it is too long.
    file.take(trash_plan::MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    trash_plan::read(&bytes).map_err(|unread| said(&unread))
}

/// The given folders under the names that a document has for them.
fn roots(folders: &[PathBuf]) -> Outcome<Vec<Root>> {
    let named = |(at, prefix): (PathBuf, String)| {
        let name = prefix.trim_end_matches('/').to_owned();
        Root { name, at }
    };
    Ok(walk::roots(folders)?.into_iter().map(named).collect())
}

fn open(root: &Root) -> Outcome<Tree> {
    Tree::open(&root.at).map_err(|error| format!("{} cannot be read: {error}", root.at.display()))
}

/// Asks, or believes the number.
fn confirmed(moves: Moves, given: &[Tree], files: Option<u64>) -> Outcome<Moves> {
    let named = moves.named;
    let files = match files {
        Some(files) => files,
        None if std::io::stdin().is_terminal() => {
            if !say::asked(&moves, given) {
                return Err("nothing was moved".into());
            }
            named
        }
        None => bad(&format!(
            "nothing was moved: without a terminal to ask, say --confirm {named}, the number of \
             files that the plan names"
        )),
    };
    let confirmed = moves.confirmed(files).unwrap_or_else(|refused| bad(&refused.to_string()));
    Ok(confirmed.into_moves())
}

/// The folder to which a trash belongs, and the name of one run; `None`: all runs.
fn belongs(trash: &Path) -> Outcome<(PathBuf, Option<Vec<u8>>)> {
    let shown = trash.display();
    let mut real = fs::canonicalize(trash).map_err(|error| format!("{shown}: {error}"))?;
    if real.is_file() {
        real.pop();
    }
    let is_trash = |place: &Path| place.file_name().is_some_and(|name| name == TRASH);
    let above = |place: &Path| place.parent().map(Path::to_owned);
    if is_trash(&real) {
        return above(&real).map(|at| (at, None)).ok_or_else(|| format!("{shown} is no trash"));
    }
    let name = real.file_name().map(|name| name.as_encoded_bytes().to_owned());
    match (above(&real).filter(|parent| is_trash(parent)).and_then(|parent| above(&parent)), name) {
        (Some(at), Some(name)) => Ok((at, Some(name))),
        _ => Err(format!(
            "{shown} is no folder of a `{TRASH}`, so that it is not known where its files belong"
        )),
    }
}

/// The time, in UTC.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(0);
    let now = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}
