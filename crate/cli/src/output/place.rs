//! A whole bundle takes its place in the folder, file by file.
//!
//! Media go first and the pages that a person opens last; what the new bundle
//! does not have goes away after that, and the list of files changes at the
//! very end. So every page finds its pictures at any moment, and a run that is
//! killed can be finished by the next: what was not moved yet still lies in
//! the hidden folder, and the list still names what is to go.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use heirloom_core::plan::names::{LIST, key};

use super::earlier::{self, Files, Plan, Stamp, Survey};
use super::staging::Staging;
use crate::disk::{Inputs, identity};

/// What the user is told of the files that were there before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Files of the earlier bundle that were removed.
    pub removed: usize,
    /// Files that lay where a new one goes, and what they are called now.
    pub aside: Vec<(String, String)>,
    /// What was left as it is; a folder of which nothing is the bundle's is
    /// named as one, with a slash.
    pub left: Vec<String>,
    /// Whether the earlier bundle had no list of its files.
    pub unlisted: bool,
}

/// Puts a bundle in place that is whole. Nothing is changed before everything
/// was looked at.
///
/// # Errors
/// Something is in the way, the disk refuses, or the run was asked to end
/// while nothing was changed yet.
pub fn place(target: &Path, staging: &mut Staging, inputs: &Inputs) -> io::Result<Told> {
    place_while(target, staging, inputs, &mut || Ok(()))
}

/// As [`place`]; asks before each change, and ends where the answer is an
/// error, as a killed run does.
pub(super) fn place_while(
    target: &Path,
    staging: &mut Staging,
    inputs: &Inputs,
    go_on: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Told> {
    let from = staging.new_files();
    let waiting = earlier::below(&from)?;
    let listed = earlier::list(&target.join(LIST));
    let new = earlier::list(&from.join(LIST));
    // The list goes last: without one, all is in place, and what lies there is
    // the new bundle itself.
    let all_known = new.is_some();
    let new = new.unwrap_or_default();
    let mut planned = waiting.clone();
    planned.extend(new.keys().cloned());
    let plan = Plan {
        target,
        inputs,
        earlier: listed.as_ref(),
        unlisted: listed.is_none() && target.join("mapping.json").exists(),
        new: &new,
        planned: &planned,
        waiting: &waiting,
    };
    look_for_obstacles(&plan)?;
    let survey = earlier::survey(&plan)?;
    staging.start_placing()?;
    let survey = if all_known { survey } else { Survey { gone: BTreeMap::new(), ..survey } };
    change(&plan, &from, survey, go_on)
}

/// Moves the files and removes what is to go.
fn change(
    plan: &Plan<'_>,
    from: &Path,
    survey: Survey,
    go_on: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Told> {
    let mut told = Told { unlisted: plan.unlisted, ..Told::default() };
    let Survey { aside, gone, mut left } = survey;
    let put = |told: &mut Told, path: &str, go_on: &mut dyn FnMut() -> io::Result<()>| {
        go_on()?;
        if let Some(lying) = aside.get(path) {
            told.aside.push((lying.clone(), put_aside(plan, lying)?));
            go_on()?;
        }
        put(plan, from, path)
    };
    for path in in_order(plan.waiting) {
        put(&mut told, path, go_on)?;
    }
    for (path, stamp) in gone {
        go_on()?;
        match remove(plan, &path, stamp) {
            true => told.removed += 1,
            false => drop(left.insert(path)),
        }
    }
    if plan.waiting.contains(LIST) {
        put(&mut told, LIST, go_on)?;
    }
    told.left = summed_up(left, plan.planned, plan.earlier);
    Ok(told)
}

/// The chat's first page and the mapping make a bundle look whole: last. The
/// list follows when all else is done.
fn in_order(waiting: &BTreeSet<String>) -> Vec<&String> {
    let rank = |path: &str| match path {
        "index.html" => 4,
        "mapping.json" => 3,
        _ if path.ends_with(".html") || path.ends_with(".htm") => 2,
        _ if path.starts_with("assets/") => 1,
        _ => 0,
    };
    let mut paths: Vec<&String> = waiting.iter().filter(|path| *path != LIST).collect();
    paths.sort_by_key(|path| rank(path));
    paths
}

/// Folders on the way to a new file must be real ones of this disk, and no
/// folder may have a new file's name.
fn look_for_obstacles(plan: &Plan<'_>) -> io::Result<()> {
    let mut known = BTreeSet::new();
    for path in plan.waiting {
        for (end, _) in path.match_indices('/') {
            let folder = plan.target.join(&path[..end]);
            let there = fs::symlink_metadata(&folder).is_ok();
            if known.insert(path[..end].to_owned()) && there && !earlier::is_plain(plan, &folder) {
                let text = format!("{} is not a folder of the bundle", folder.display());
                return Err(io::Error::new(io::ErrorKind::NotADirectory, text));
            }
        }
        let place = plan.target.join(path);
        if fs::symlink_metadata(&place).is_ok_and(|meta| meta.is_dir()) {
            let text = format!("{} is a folder; a file goes there", place.display());
            return Err(io::Error::new(io::ErrorKind::IsADirectory, text));
        }
    }
    Ok(())
}

/// Moves one complete file to its place. Renaming replaces a name, it does
/// not write through it.
fn put(plan: &Plan<'_>, from: &Path, path: &str) -> io::Result<()> {
    let place = plan.target.join(path);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(from.join(path), place)
}

/// Gives a file of somebody else another name beside its own. Where the disk
/// can, the old name stays until the new file takes it.
fn put_aside(plan: &Plan<'_>, path: &str) -> io::Result<String> {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let taken: BTreeSet<String> = plan.planned.iter().map(|path| key(path)).collect();
    for number in 1u32.. {
        let mark = if number == 1 { "yours".to_owned() } else { format!("yours {number}") };
        let free = format!("{stem} ({mark}){ending}");
        let free = if folder.is_empty() { free } else { format!("{folder}/{free}") };
        let place = plan.target.join(&free);
        let from = plan.target.join(path);
        if taken.contains(&key(&free)) || is_other(&from, &place) {
            continue;
        }
        if fs::symlink_metadata(&place).is_err() && fs::hard_link(&from, &place).is_err() {
            fs::rename(from, place)?;
        }
        return Ok(free);
    }
    Err(io::Error::other("there is no free name"))
}

/// Whether there is something of the second name, and not the same file, as a
/// run leaves it that is killed between two names.
fn is_other(one: &Path, other: &Path) -> bool {
    let plain = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
    let same = || Some(identity(one).ok()? == identity(other).ok()?);
    match fs::symlink_metadata(other) {
        Ok(_) => !(plain(one) && plain(other) && same().unwrap_or(false)),
        Err(_) => false,
    }
}

/// Removes a file that the new bundle does not have, and the folders that are
/// empty then. Whether it is gone: one that changed meanwhile, or is reached by
/// a link now, stays.
fn remove(plan: &Plan<'_>, path: &str, stamp: Stamp) -> bool {
    let place = plan.target.join(path);
    let folders = path.match_indices('/').map(|(end, _)| plan.target.join(&path[..end]));
    let folders: Vec<_> = folders.collect();
    let same = Stamp::of(&place).is_ok_and(|now| now == stamp);
    let plain = folders.iter().all(|folder| earlier::is_plain(plan, folder));
    if !same || !plain || fs::remove_file(&place).is_err() {
        return false;
    }
    // The first that is not empty ends it.
    let emptied = folders.iter().rev().take_while(|folder| fs::remove_dir(folder).is_ok());
    emptied.for_each(drop);
    true
}

/// Names what was left: a folder without a file of a bundle in one word, and
/// nothing of what systems leave everywhere.
fn summed_up(
    left: BTreeSet<String>,
    planned: &BTreeSet<String>,
    earlier: Option<&Files>,
) -> Vec<String> {
    let ours: BTreeSet<&str> = planned
        .iter()
        .chain(earlier.into_iter().flat_map(Files::keys))
        .flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end]))
        .collect();
    let short = |path: String| {
        let mut ends = path.match_indices('/').map(|(end, _)| end);
        match ends.find(|end| !ours.contains(&path[..*end])) {
            Some(end) => path[..=end].to_owned(),
            None => path,
        }
    };
    let junk = |path: &String| {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        crate::disk::is_junk(name)
    };
    let named: BTreeSet<String> = left.into_iter().filter(|path| !junk(path)).map(short).collect();
    named.into_iter().collect()
}
