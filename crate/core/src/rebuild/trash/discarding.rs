//! Files go to the system's own trash. What is looked at before is the same; but what
//! went cannot be taken back from here, and there is no manifest.

use std::rc::Rc;

use super::act::Act;
use super::acts::{Acts, Run};
use super::done::{Done, Moved, Task};
use super::moving::{all, are_whole, leave, stay, still, survey, with};
use super::numbered::Names;
use super::transfer::sentence;
use crate::plan::trash::{Left, Unit, Why};

/// Gives units to the system's trash.
#[must_use]
pub fn discard(task: Task) -> Run<Done> {
    Run::new(|acts| discarding(acts, task))
}

async fn discarding(acts: Rc<Acts>, task: Task) -> Done {
    let mut done = Done::default();
    acts.expect(task.units.iter().map(|unit| unit.files.len()).sum());
    for unit in &task.units {
        let went = if acts.ended() {
            Err(all(unit, &Why::Ended))
        } else {
            discard_unit(&acts, task.folder, unit).await
        };
        match went {
            Ok(moved) => {
                acts.did(moved.len());
                done.moved.extend(moved);
            }
            Err(left) => leave(&acts, &mut done, left),
        }
    }
    done.sorted()
}

async fn discard_unit(acts: &Acts, folder: usize, unit: &Unit) -> Result<Vec<Moved>, Vec<Left>> {
    let facts = survey(acts, folder, unit, &mut Names::default()).await?.facts;
    let stays = stay(acts, unit).await?;
    are_whole(acts, unit, &facts, &stays).await?;
    for (at, facts) in facts.iter().enumerate() {
        let went = match still(acts, unit, &stays).await {
            Ok(()) => acts
                .act(Act::Discard(facts.home.clone()))
                .await
                .map_err(|fault| with(unit, at, Why::Failed(sentence(fault)))),
            Err(left) => Err(left),
        };
        if let Err(mut left) = went {
            for left in &mut left[..at] {
                left.why = Why::Stuck("only the system's own trash can put it back".into());
            }
            return Err(left);
        }
    }
    let moved = |(file, facts): (&crate::plan::trash::Named, &super::manifest::Facts)| Moved {
        file: file.file.clone(),
        kept: String::new(),
        size: facts.size,
    };
    Ok(unit.files.iter().zip(&facts).map(moved).collect())
}
