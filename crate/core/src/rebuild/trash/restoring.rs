//! Files go back where they were, from the manifest alone.

use super::act::{Act, Place, Record, Seen};
use super::acts::{Acts, Fault};
use super::done::{Done, Moved};
use super::manifest::{Doing, Facts, Journal, Manifest, Unit};
use super::moving::{close, uncompleted};
use super::transfer::{State, Trouble, sentence};
use crate::plan::trash::{Left, Why};

/// Whether an earlier restore of the same trash was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    /// No.
    Now,
    /// Yes: its journal is there.
    Before,
}

/// What becomes of a file.
enum Fate {
    /// It goes back.
    Goes(Seen),
    /// It is back.
    Back,
    /// It stays, and others of its shot need not.
    Never(Why),
    /// It stays, and so does its shot, until something changes.
    NotYet(Why),
}

/// Puts back what can be.
pub(super) async fn restoring(
    acts: &Acts,
    folder: usize,
    mut manifest: Manifest,
    begun: Begun,
) -> Done {
    let (mut done, mut places) = (Done::default(), Vec::new());
    if begun == Begun::Now {
        let back = manifest.units.iter().flat_map(|unit| &unit.files).filter(|file| file.restored);
        done.there = back.map(|file| file.path.clone()).collect();
    }
    let waits = |unit: &&mut Unit| unit.files.iter().any(|file| !file.restored);
    if !manifest.units.iter_mut().any(|unit| waits(&unit)) {
        // It was killed when only its journal was left to be removed.
        if begun == Begun::Before
            && let Err(fault) = close(acts, &manifest, places).await
        {
            done.trouble = Some(uncompleted(fault));
        }
        return done.sorted();
    }
    if let Err(fault) = acts.keep(Record::Journal, Some(Journal::text(Doing::Restore))).await {
        let why = sentence(fault);
        return Done::trouble(format!(
            "nothing was put back: the trash cannot be written: it {why}"
        ));
    }
    let files = |unit: &Unit| unit.files.iter().filter(|file| !file.restored).count();
    acts.expect(manifest.units.iter().map(files).sum());
    for unit in manifest.units.iter_mut().filter(waits) {
        let turn = files(unit);
        put_back(acts, folder, unit, (&mut done, &mut places)).await;
        acts.did(turn);
    }
    if let Err(fault) = close(acts, &manifest, places).await {
        done.trouble = Some(uncompleted(fault));
    }
    done.sorted()
}

/// Puts one unit back.
async fn put_back(
    acts: &Acts,
    folder: usize,
    unit: &mut Unit,
    (done, places): (&mut Done, &mut Vec<Place>),
) {
    let mut fates: Vec<(usize, Facts, Fate)> = Vec::new();
    for at in (0..unit.files.len()).filter(|at| !unit.files[*at].restored) {
        // Parsing a manifest reads all of its texts.
        let Some(facts) = unit.files[at].facts(folder) else { return };
        let fate = if acts.ended() { Fate::NotYet(Why::Ended) } else { fate(acts, &facts).await };
        fates.push((at, facts, fate));
    }
    let waits = fates.iter().find(|(_, _, fate)| matches!(fate, Fate::NotYet(_)));
    let waits = waits.map(|(at, ..)| unit.files[*at].path.clone());
    let mut moved = Vec::new();
    for (at, facts, fate) in fates {
        let path = unit.files[at].path.clone();
        let left = |why: Why| Left { file: path.clone(), why };
        match (fate, &waits) {
            (Fate::Back, _) => {
                unit.files[at].restored = true;
                done.there.push(path);
            }
            (Fate::Never(why) | Fate::NotYet(why), _) => done.left.push(left(why)),
            (Fate::Goes(_), Some(other)) => done.left.push(left(Why::With(other.clone()))),
            (Fate::Goes(seen), None) => moved.push((at, facts, seen)),
        }
    }
    go_back(acts, unit, &moved, (done, places)).await;
}

/// Moves files of one unit back, all of them or none.
async fn go_back(
    acts: &Acts,
    unit: &mut Unit,
    files: &[(usize, Facts, Seen)],
    (done, places): (&mut Done, &mut Vec<Place>),
) {
    for (turn, (at, facts, seen)) in files.iter().enumerate() {
        places.extend([facts.home.clone(), facts.kept.clone()]);
        let Err(trouble) = acts.transfer((&facts.kept, &facts.home), facts, seen).await else {
            continue;
        };
        for (at, facts, seen) in files[..turn].iter().rev() {
            let again = acts.transfer((&facts.home, &facts.kept), facts, seen).await;
            unit.files[*at].restored = again.is_err();
        }
        let first = unit.files[*at].path.clone();
        for (other, ..) in files.iter().filter(|(at, ..)| !unit.files[*at].restored) {
            let why = if other == at { why(&trouble) } else { Why::With(first.clone()) };
            done.left.push(Left { file: unit.files[*other].path.clone(), why });
        }
        return;
    }
    for (at, facts, _) in files {
        let file = &mut unit.files[*at];
        file.restored = true;
        let (path, kept) = (file.path.clone(), file.kept.clone());
        if let Err(why) = date(acts, facts).await {
            done.left.push(Left { file: path.clone(), why: Why::Failed(why) });
        }
        done.moved.push(Moved { file: path, kept, size: facts.size });
    }
}

/// What becomes of a file, as it and its place are now.
async fn fate(acts: &Acts, facts: &Facts) -> Fate {
    let failed = |why: String| Fate::NotYet(Why::Failed(why));
    let is_home = match acts.look(&facts.home).await {
        Ok(_) => true,
        Err(Fault::Gone) => false,
        Err(fault) => return failed(sentence(fault)),
    };
    let kept = acts.state(&facts.kept, &facts.blake3).await;
    let is_back =
        is_home && matches!(acts.state(&facts.home, &facts.blake3).await, State::Whole(_));
    match kept {
        // Also where the trash has it still, because a copy was cut short or somebody
        // copied it: what lies there is no loss, and is not removed.
        State::Gone | State::Whole(_) if is_back => match date(acts, facts).await {
            Ok(()) => Fate::Back,
            Err(why) => failed(why),
        },
        State::Gone => Fate::Never(Why::Lost),
        State::Whole(_) | State::Changed if is_home => Fate::NotYet(Why::Occupied),
        State::Whole(seen) => Fate::Goes(seen),
        State::Changed => Fate::Never(Why::Damaged),
        State::NoFile => Fate::Never(Why::NoFile),
        State::Unread(why) => failed(why),
    }
}

/// Gives a file that is back the time that it had.
async fn date(acts: &Acts, facts: &Facts) -> Result<(), String> {
    let Some(modified) = facts.modified else { return Ok(()) };
    if acts.look(&facts.home).await.is_ok_and(|seen| seen.modified == Some(modified)) {
        return Ok(());
    }
    let set = acts.act(Act::Date(facts.home.clone(), modified)).await;
    set.map_err(|fault| format!("is back, and its time could not be set: it {}", sentence(fault)))
}

fn why(trouble: &Trouble) -> Why {
    match trouble {
        Trouble::Gone => Why::Lost,
        Trouble::Taken => Why::Occupied,
        Trouble::Changed => Why::Damaged,
        Trouble::Failed(why) | Trouble::Stuck(why) => Why::Failed(why.clone()),
    }
}
