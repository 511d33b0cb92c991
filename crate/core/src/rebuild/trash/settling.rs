//! A run that was cut short is finished or taken back, and what lies in the trash
//! goes back.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::act::{Act, Place, Record, Seen};
use super::acts::{Acts, Fault, Run};
use super::done::{Done, Moved};
use super::manifest::{Doing, Facts, Journal, MOST_BYTES, Manifest, Unit, Unread};
use super::moving::{close, tidy, uncompleted};
use super::restoring::{Begun, restoring};
use super::transfer::{State, Trouble, part, sentence};
use crate::plan::trash::{Left, Why};

/// Settles a run that was killed: of the trash, each unit that moved whole stays there
/// and every other goes back; a restore is completed. `folder` is the number of the
/// folder that has the trash. Without a journal there is nothing to do.
#[must_use]
pub fn recover(folder: usize) -> Run<Done> {
    Run::new(|acts| async move { recovering(&acts, folder).await })
}

/// Puts back what a folder of the trash holds, where it was: from the manifest alone,
/// and as often as one likes. Nothing is written over.
#[must_use]
pub fn restore(folder: usize) -> Run<Done> {
    Run::new(|acts| from_trash(acts, folder))
}

async fn from_trash(acts: Rc<Acts>, folder: usize) -> Done {
    let settled = recovering(&acts, folder).await;
    if settled.trouble.is_some() {
        return settled;
    }
    match manifest(&acts).await {
        // All of it went back just now.
        Err(Unread::None) if settled != Done::default() => settled,
        Err(unread) => Done::trouble(unread.to_string()),
        Ok(manifest) => {
            let mut done = restoring(&acts, folder, manifest, Begun::Now).await;
            done.moved.extend(settled.moved);
            done.sorted()
        }
    }
}

async fn recovering(acts: &Acts, folder: usize) -> Done {
    let journal = match acts.recall(Record::Journal, MOST_BYTES).await {
        Ok(journal) => journal,
        Err(Fault::Gone) => return Done::default(),
        Err(fault) => return Done::trouble(format!("its journal {}", sentence(fault))),
    };
    let Some(doing) = Journal::parse(&journal) else {
        return Done::trouble(
            "its journal is damaged or of a newer program, so nothing was touched".into(),
        );
    };
    match (manifest(acts).await, doing) {
        (Ok(manifest), Doing::Trash) => settle(acts, folder, manifest).await,
        (Ok(manifest), Doing::Restore) => {
            drop_parts(acts, folder, &manifest).await;
            restoring(acts, folder, manifest, Begun::Before).await
        }
        // It was killed before anything moved.
        (Err(Unread::None), Doing::Trash) => {
            let removed = acts.keep(Record::Journal, None).await;
            tidy(acts).await;
            removed.map_or_else(|fault| Done::trouble(uncompleted(fault)), |()| Done::default())
        }
        (Err(unread), _) => Done::trouble(unread.to_string()),
    }
}

async fn manifest(acts: &Acts) -> Result<Manifest, Unread> {
    match acts.recall(Record::Manifest, MOST_BYTES).await {
        Ok(bytes) => Manifest::parse(&bytes),
        Err(Fault::Gone) => Err(Unread::None),
        Err(fault) => Err(Unread::Failed(sentence(fault))),
    }
}

/// Where a file is.
enum Stand {
    /// Where it was, or nowhere.
    Home,
    /// In the trash.
    There(Seen),
    /// In the trash, and something else lies where it was.
    Apart,
    /// Where it was, and an equal file in the trash: a copy, or a second name.
    Twice,
}

/// Finishes or takes back what the manifest planned.
async fn settle(acts: &Acts, folder: usize, mut manifest: Manifest) -> Done {
    drop_parts(acts, folder, &manifest).await;
    let (mut done, mut places) = (Done::default(), Vec::new());
    let shared = shared(acts, folder, &manifest).await;
    for unit in &mut manifest.units {
        if let Err(why) = settle_unit(acts, (folder, &shared), unit, (&mut done, &mut places)).await
        {
            return Done::trouble(format!(
                "a run that was cut short could not be settled: it {why}"
            ));
        }
    }
    manifest.units.retain(|unit| !unit.files.is_empty());
    if let Err(fault) = close(acts, &manifest, places).await {
        done.trouble = Some(uncompleted(fault));
    }
    done.sorted()
}

/// Leaves those files in a unit that lie in the trash: all of them, or what could not
/// be taken back.
async fn settle_unit(
    acts: &Acts,
    (folder, shared): (usize, &BTreeSet<(u64, u64)>),
    unit: &mut Unit,
    (done, places): (&mut Done, &mut Vec<Place>),
) -> Result<(), String> {
    let mut stands = Vec::new();
    for file in &unit.files {
        // Parsing a manifest reads all of its texts.
        let facts = file.facts(folder).ok_or("has a name that cannot be read")?;
        stands.push((stand(acts, &facts, shared).await?, facts));
    }
    let whole = stands.iter().all(|(at, _)| matches!(at, Stand::There(_) | Stand::Apart));
    let mut there = Vec::new();
    for (file, (stand, facts)) in unit.files.iter().zip(&stands) {
        places.extend([facts.home.clone(), facts.kept.clone()]);
        let stuck = match stand {
            Stand::Home => None,
            Stand::There(_) | Stand::Apart if whole => {
                let (file, kept) = (file.path.clone(), file.kept.clone());
                done.moved.push(Moved { file, kept, size: facts.size });
                there.push(true);
                continue;
            }
            Stand::There(seen) => {
                let back = acts.transfer((&facts.kept, &facts.home), facts, seen).await;
                back.err().map(said)
            }
            Stand::Apart => Some("something else lies where it was".into()),
            Stand::Twice => {
                let removed = acts.act(Act::Remove(facts.kept.clone())).await;
                removed.err().map(sentence)
            }
        };
        there.push(stuck.is_some());
        let left = |why| Left { file: file.path.clone(), why: Why::Stuck(why) };
        done.left.extend(stuck.map(left));
    }
    let mut there = there.iter();
    unit.files.retain(|_| there.next() == Some(&true));
    Ok(())
}

/// Where a file is. What cannot be looked at ends the settling.
async fn stand(acts: &Acts, facts: &Facts, shared: &BTreeSet<(u64, u64)>) -> Result<Stand, String> {
    let is_there = |looked: Result<Seen, Fault>| match looked {
        Ok(seen) => Ok(Some(seen)),
        Err(Fault::Gone) => Ok(None),
        Err(fault) => Err(sentence(fault)),
    };
    let home = is_there(acts.look(&facts.home).await)?;
    let kept = is_there(acts.look(&facts.kept).await)?;
    let Some(kept) = kept else { return Ok(Stand::Home) };
    if home.is_none() {
        return Ok(Stand::There(kept));
    }
    let is_home = match acts.state(&facts.home, &facts.blake3).await {
        State::Unread(why) => return Err(why),
        state => matches!(state, State::Whole(_)),
    };
    if !is_home {
        return Ok(Stand::Apart);
    }
    // What is in the trash under this name may be another file: one that this system
    // takes for the same name, or somebody's.
    match acts.state(&facts.kept, &facts.blake3).await {
        State::Whole(seen) if !seen.identity.is_some_and(|it| shared.contains(&it)) => {
            Ok(Stand::Twice)
        }
        State::Unread(why) => Err(why),
        _ => Ok(Stand::Home),
    }
}

/// Files in the trash to which more than one entry of the manifest leads.
async fn shared(acts: &Acts, folder: usize, manifest: &Manifest) -> BTreeSet<(u64, u64)> {
    let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for file in manifest.units.iter().flat_map(|unit| &unit.files) {
        let Some(facts) = file.facts(folder) else { continue };
        let looked = acts.look(&facts.kept).await;
        if let Some(identity) = looked.ok().and_then(|seen| seen.identity)
            && !seen.insert(identity)
        {
            shared.insert(identity);
        }
    }
    shared
}

/// Removes copies that a killed run left unfinished: what they were copied from is
/// whole.
async fn drop_parts(acts: &Acts, folder: usize, manifest: &Manifest) {
    acts.drop_part(&Place::Part).await;
    for file in manifest.units.iter().flat_map(|unit| &unit.files) {
        if let Some(facts) = file.facts(folder) {
            acts.drop_part(&part(&facts.home)).await;
        }
    }
}

/// The rest of a sentence about a file that could not be taken back.
fn said(trouble: Trouble) -> String {
    match trouble {
        Trouble::Gone => "is not there any more".into(),
        Trouble::Taken => "something lies where it was".into(),
        Trouble::Changed => "changed while it was put back".into(),
        Trouble::Failed(why) | Trouble::Stuck(why) => why,
    }
}
