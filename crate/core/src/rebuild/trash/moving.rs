//! Files go to the trash.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::act::{Act, Form, Place, Record, Seen};
use super::acts::{Acts, Fault, Run};
use super::done::{Done, Moved, Task};
use super::manifest::{self, Doing, FILES, Facts, File, Journal, Manifest};
use super::numbered::{Names, numbered};
use super::transfer::{State, Trouble, sentence};
use crate::plan::trash::{Left, Loss, Named, Unit, Why};
use crate::relpath::RelPath;

/// How many names are tried for a file in the trash. Chosen, not measured.
const MOST_NAMES: u32 = 1000;

/// Moves units to the trash, in a folder of its own that the host has made for this
/// run. Whatever happens, each unit is in the trash under its manifest or where it
/// was; what is killed is settled by [`super::recover`].
#[must_use]
pub fn trash(task: Task) -> Run<Done> {
    Run::new(|acts| moving(acts, task))
}

/// A unit that was looked at.
pub(super) struct Going {
    unit: Unit,
    /// Of each file.
    pub(super) facts: Vec<Facts>,
    /// The file's places in the manifest.
    listed: manifest::Unit,
    /// Which files lie in the trash.
    there: Vec<bool>,
    /// Whether a file of it moved, perhaps to and fro.
    touched: bool,
}

async fn moving(acts: Rc<Acts>, task: Task) -> Done {
    let mut done = Done::default();
    acts.expect(task.units.iter().map(|unit| unit.files.len()).sum());
    let (mut going, mut names) = (Vec::new(), Names::default());
    for unit in task.units {
        match survey(&acts, task.folder, &unit, &mut names).await {
            Ok(unit) => going.push(unit),
            Err(left) => leave(&acts, &mut done, left),
        }
    }
    if going.is_empty() {
        tidy(&acts).await;
        return done.sorted();
    }
    let when = task.when;
    if let Err(fault) = begin(&acts, &manifest_of(&when, &going)).await {
        let why =
            format!("was not moved, because the trash cannot be written: it {}", sentence(fault));
        for going in &going {
            leave(&acts, &mut done, all(&going.unit, &Why::Failed(why.clone())));
        }
        return done.sorted();
    }
    for at in 0..going.len() {
        let moved = if acts.ended() {
            Err(all(&going[at].unit, &Why::Ended))
        } else {
            move_unit(&acts, &when, &mut going, at).await
        };
        match moved {
            Ok(()) => acts.did(going[at].facts.len()),
            Err(left) => leave(&acts, &mut done, left),
        }
    }
    complete(&acts, &when, &going, &mut done).await;
    done.sorted()
}

pub(super) fn leave(acts: &Acts, done: &mut Done, left: Vec<Left>) {
    acts.did(left.len());
    done.left.extend(left);
}

/// Looks at each file of a unit.
pub(super) async fn survey(
    acts: &Acts,
    folder: usize,
    unit: &Unit,
    names: &mut Names,
) -> Result<Going, Vec<Left>> {
    let mut going = Going {
        facts: Vec::new(),
        listed: manifest::Unit {
            why: unit.why.clone(),
            reason: unit.reason.clone(),
            stays: unit.stays.iter().map(|stays| stays.file.clone()).collect(),
            files: Vec::new(),
        },
        there: vec![false; unit.files.len()],
        touched: false,
        unit: unit.clone(),
    };
    for (at, file) in unit.files.iter().enumerate() {
        let seen = match acts.look(&Place::Given(file.folder, file.path.clone())).await {
            Ok(seen) if seen.form == Form::File => seen,
            Ok(_) => return Err(with(unit, at, Why::NoFile)),
            Err(Fault::Gone) => return Err(with(unit, at, Why::Gone)),
            Err(fault) => return Err(with(unit, at, Why::Failed(sentence(fault)))),
        };
        let listed = File {
            path: file.path.to_string(),
            kept: format!("{FILES}/{}", names.free(&file.path)),
            blake3: blake3::Hash::from(file.blake3).to_hex().to_string(),
            size: seen.size,
            modified: seen.modified.and_then(manifest::written),
            restored: false,
        };
        // A path that was checked can be read again.
        let Some(facts) = listed.facts(folder) else {
            return Err(with(unit, at, Why::Failed("has a name that cannot be written".into())));
        };
        going.facts.push(facts);
        going.listed.files.push(listed);
    }
    Ok(going)
}

/// The manifest as it is planned.
fn manifest_of(when: &str, going: &[Going]) -> Manifest {
    let units = going.iter().map(|going| going.listed.clone()).collect();
    Manifest { version: manifest::VERSION, when: when.to_owned(), units }
}

/// Writes the journal, then the manifest; nothing moves before both are durable.
async fn begin(acts: &Acts, manifest: &Manifest) -> Result<(), Fault> {
    let journal = Journal::text(Doing::Trash);
    let written = match acts.keep(Record::Journal, Some(journal)).await {
        Ok(()) => acts.keep(Record::Manifest, Some(manifest.text())).await,
        Err(fault) => Err(fault),
    };
    if written.is_err() {
        // What stays of them is settled at the next start.
        acts.keep(Record::Manifest, None).await.unwrap_or_default();
        acts.keep(Record::Journal, None).await.unwrap_or_default();
        tidy(acts).await;
    }
    written
}

/// Moves a whole unit, or nothing of it but what is listed as stuck.
async fn move_unit(
    acts: &Acts,
    when: &str,
    going: &mut [Going],
    at: usize,
) -> Result<(), Vec<Left>> {
    let unit = going[at].unit.clone();
    let stays = stay(acts, &unit).await?;
    let seen = are_whole(acts, &unit, &going[at].facts, &stays).await?;
    for file in 0..unit.files.len() {
        let moved = match still(acts, &unit, &stays).await {
            Ok(()) => into_trash(acts, when, going, (at, file), &seen[file]).await,
            Err(left) => {
                take_back(acts, &mut going[at], &seen).await;
                return Err(stuck(&going[at], left));
            }
        };
        let why = match moved {
            Ok(()) => {
                going[at].there[file] = true;
                going[at].touched = true;
                continue;
            }
            Err(Trouble::Gone) => Why::Gone,
            Err(Trouble::Changed) => Why::Changed,
            Err(Trouble::Taken) => Why::Failed("found no free name in the trash".into()),
            Err(Trouble::Failed(why)) => Why::Failed(why),
            Err(Trouble::Stuck(why)) => {
                going[at].there[file] = true;
                Why::Stuck(why)
            }
        };
        let left = with(&unit, file, why);
        take_back(acts, &mut going[at], &seen).await;
        return Err(stuck(&going[at], left));
    }
    Ok(())
}

/// Whether what stays in a unit's place is whole.
pub(super) async fn stay(acts: &Acts, unit: &Unit) -> Result<Vec<Seen>, Vec<Left>> {
    let mut found = Vec::new();
    for stays in &unit.stays {
        let loss = match acts.state(&place(stays), &stays.blake3).await {
            State::Whole(seen) => {
                found.push(seen);
                continue;
            }
            State::Changed => Loss::Changed,
            State::Gone => Loss::Gone,
            State::NoFile => Loss::NoFile,
            State::Unread(why) => Loss::Unread(why),
        };
        return Err(all(unit, &Why::Keep(stays.file.clone(), loss)));
    }
    Ok(found)
}

/// Whether the files of a unit are what they were, and none of them is what stays.
pub(super) async fn are_whole(
    acts: &Acts,
    unit: &Unit,
    facts: &[Facts],
    stays: &[Seen],
) -> Result<Vec<Seen>, Vec<Left>> {
    let mut found = Vec::new();
    for (at, facts) in facts.iter().enumerate() {
        let seen = match acts.state(&facts.home, &facts.blake3).await {
            State::Whole(seen) => seen,
            State::Changed => return Err(with(unit, at, Why::Changed)),
            State::Gone => return Err(with(unit, at, Why::Gone)),
            State::NoFile => return Err(with(unit, at, Why::NoFile)),
            State::Unread(why) => return Err(with(unit, at, Why::Failed(why))),
        };
        let same = |stays: &&Seen| stays.identity.is_some() && stays.identity == seen.identity;
        if let Some(same) = stays.iter().position(|stays| same(&stays)) {
            return Err(with(unit, at, Why::Same(unit.stays[same].file.clone())));
        }
        found.push(seen);
    }
    Ok(found)
}

/// Whether what stays still looks as it did when it was hashed.
pub(super) async fn still(acts: &Acts, unit: &Unit, stays: &[Seen]) -> Result<(), Vec<Left>> {
    for (named, seen) in unit.stays.iter().zip(stays) {
        let loss = match acts.look(&place(named)).await {
            Ok(now) if now == *seen => continue,
            Ok(now) if now.form == Form::File => Loss::Changed,
            Ok(_) => Loss::NoFile,
            Err(Fault::Gone) => Loss::Gone,
            Err(fault) => Loss::Unread(sentence(fault)),
        };
        return Err(all(unit, &Why::Keep(named.file.clone(), loss)));
    }
    Ok(())
}

/// Moves one file; where its name is taken in the trash, under another one, which the
/// manifest has before the file moves.
async fn into_trash(
    acts: &Acts,
    when: &str,
    going: &mut [Going],
    (at, file): (usize, usize),
    seen: &Seen,
) -> Result<(), Trouble> {
    for number in 2..MOST_NAMES {
        let facts = going[at].facts[file].clone();
        match acts.transfer((&facts.home, &facts.kept), &facts, seen).await {
            Err(Trouble::Taken) => {}
            other => return other,
        }
        let kept = numbered(&going[at].unit.files[file].path, number).ok_or(Trouble::Taken)?;
        going[at].listed.files[file].kept = format!("{FILES}/{kept}");
        let kept = RelPath::parse(&going[at].listed.files[file].kept);
        going[at].facts[file].kept = Place::Kept(kept.map_err(|_| Trouble::Taken)?);
        let text = manifest_of(when, going).text();
        let kept = acts.keep(Record::Manifest, Some(text)).await;
        kept.map_err(|fault| Trouble::Failed(sentence(fault)))?;
    }
    Err(Trouble::Taken)
}

/// Puts back what moved of a unit.
async fn take_back(acts: &Acts, going: &mut Going, seen: &[Seen]) {
    for (file, facts) in going.facts.iter().enumerate().rev() {
        if !going.there[file] {
            continue;
        }
        let back = acts.transfer((&facts.kept, &facts.home), facts, &seen[file]).await;
        going.there[file] = back.is_err();
    }
}

/// What is left of a unit, when some of it may be stuck in the trash.
fn stuck(going: &Going, mut left: Vec<Left>) -> Vec<Left> {
    for (left, there) in left.iter_mut().zip(&going.there) {
        if *there && !matches!(left.why, Why::Stuck(_)) {
            left.why = Why::Stuck("could not be put back".into());
        }
    }
    left
}

/// Lists what is in the trash, and removes the journal.
async fn complete(acts: &Acts, when: &str, going: &[Going], done: &mut Done) {
    let (mut manifest, mut places) = (manifest_of(when, &[]), Vec::new());
    // What is stuck did not move: it is named with what is left.
    let left: BTreeSet<&str> = done.left.iter().map(|left| left.file.as_str()).collect();
    for going in going {
        if going.touched {
            places.extend(going.facts.iter().flat_map(|f| [f.home.clone(), f.kept.clone()]));
        }
        let (mut listed, mut at) = (going.listed.clone(), going.there.iter());
        listed.files.retain(|_| at.next() == Some(&true));
        let named = going.unit.files.iter().zip(&going.listed.files).zip(&going.there);
        for ((named, file), _) in
            named.filter(|((named, _), there)| **there && !left.contains(named.file.as_str()))
        {
            let (name, kept) = (named.file.clone(), file.kept.clone());
            done.moved.push(Moved { file: name, kept, size: file.size });
        }
        if !listed.files.is_empty() {
            manifest.units.push(listed);
        }
    }
    if let Err(fault) = close(acts, &manifest, places).await {
        done.trouble = Some(uncompleted(fault));
    }
}

/// The record of a run is not what it should be.
pub(super) fn uncompleted(fault: Fault) -> String {
    let why = sentence(fault);
    format!("the record of the trash could not be completed: it {why}; the next start completes it")
}

/// Makes it durable where files are, writes the manifest as it is now, and removes the
/// journal. Where an unfinished copy could not be removed both stay as they are: the next
/// start settles the run as one that was killed just before this.
pub(super) async fn close(
    acts: &Acts,
    manifest: &Manifest,
    places: Vec<Place>,
) -> Result<(), Fault> {
    if !places.is_empty() {
        acts.act(Act::Sync(places)).await?;
    }
    if acts.is_unfinished() {
        return Ok(());
    }
    let text = (!manifest.units.is_empty()).then(|| manifest.text());
    acts.keep(Record::Manifest, text).await?;
    acts.keep(Record::Journal, None).await?;
    tidy(acts).await;
    Ok(())
}

/// Removes empty folders: if that fails, they stay.
pub(super) async fn tidy(acts: &Acts) {
    acts.act(Act::Tidy).await.unwrap_or_default();
}

fn place(named: &Named) -> Place {
    Place::Given(named.folder, named.path.clone())
}

/// All files of a unit are left for one reason.
pub(super) fn all(unit: &Unit, why: &Why) -> Vec<Left> {
    let left = |file: &Named| Left { file: file.file.clone(), why: why.clone() };
    unit.files.iter().map(left).collect()
}

/// One file of a unit is left, and so are the others with it.
pub(super) fn with(unit: &Unit, at: usize, why: Why) -> Vec<Left> {
    let mut left = all(unit, &Why::With(unit.files[at].file.clone()));
    left[at].why = why;
    left
}
