//! Runs of the trash, for the page: each asks for one act after another, which the
//! worker does over the browser's handles.

use std::panic::AssertUnwindSafe;

use heirloom_core::plan::trash::{self as plan, Left};
use heirloom_core::rebuild::trash::{self as core, Act, Done, Next, Outcome, Run, Task};
use heirloom_core::report::duplicates::Document;
use heirloom_core::report::trash_plan;
use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::*;

use crate::crossing;
use crate::dto::{self, TrashAct, TrashNext};
use crate::error::Thrown;

/// One run, which ends where the tab ends; the next start settles it.
#[wasm_bindgen]
pub struct TrashRun {
    core: AssertUnwindSafe<Run<Done>>,
    /// Of the record that is to be kept.
    bytes: Option<Vec<u8>>,
}

#[wasm_bindgen]
impl TrashRun {
    /// Puts back what the folder of the trash holds that the acts are done in;
    /// `folder` is the number of the given folder that it lies in.
    #[must_use]
    pub fn restore(folder: u32) -> Self {
        Self::of(core::restore(folder as usize))
    }

    /// Finishes or takes back a run that was ended in the middle.
    #[must_use]
    pub fn recover(folder: u32) -> Self {
        Self::of(core::recover(folder as usize))
    }

    /// What is to be done next; it is the same until something is supplied.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    #[allow(clippy::should_implement_trait)] // It is no list.
    pub fn next(&mut self) -> Result<Ts<TrashNext>, JsValue> {
        loop {
            let (act, done) = match self.core.wants() {
                Next::Done(done) => (None, Some(done.into())),
                Next::Act(act) => {
                    let Some(there) = TrashAct::of(&act) else {
                        self.core.supply(beyond(&act));
                        continue;
                    };
                    self.bytes = if let Act::Keep(_, bytes) = act { bytes } else { None };
                    (Some(there), None)
                }
            };
            let progress = self.core.progress();
            return crossing(&TrashNext { act, done, files: progress.done, total: progress.total });
        }
    }

    /// The bytes of the record that is to be kept; undefined: it is to be removed.
    #[must_use]
    pub fn bytes(&self) -> Option<Uint8Array> {
        self.bytes.as_deref().map(Uint8Array::from)
    }

    /// What came of the act.
    ///
    /// # Errors
    /// `unsupported`: it is no outcome.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn supply(&mut self, outcome: Ts<dto::TrashOutcome>) -> Result<(), JsValue> {
        let outcome = outcome.to_rust().map_err(Thrown::from)?;
        self.core.supply(outcome.into());
        Ok(())
    }

    /// The bytes that were asked for.
    #[wasm_bindgen(js_name = supplyBytes)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn supply_bytes(&mut self, bytes: Uint8Array) {
        self.core.supply(Outcome::Bytes(bytes.to_vec()));
    }

    /// Asks for an early end: the unit in hand is completed or put back.
    pub fn end(&self) {
        self.core.end();
    }
}

/// What comes of an act that no page can do.
fn beyond(act: &Act) -> Outcome {
    match act {
        Act::Discard(_) => Outcome::Failed("cannot go to the system's trash from a page".into()),
        // It names what is no text, and no browser has such a name.
        _ => Outcome::Gone,
    }
}

impl TrashRun {
    fn of(run: Run<Done>) -> Self {
        Self { core: AssertUnwindSafe(run), bytes: None }
    }
}

/// What is to move, folder by folder.
#[wasm_bindgen]
pub struct TrashTasks {
    tasks: AssertUnwindSafe<Vec<Task>>,
    left: AssertUnwindSafe<Vec<Left>>,
}

#[wasm_bindgen]
impl TrashTasks {
    /// The numbers of the folders in which something moves, each with a run.
    #[must_use]
    pub fn folders(&self) -> Vec<u32> {
        self.tasks.iter().filter_map(|task| u32::try_from(task.folder).ok()).collect()
    }

    /// What stays whatever the files are now.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn left(&self) -> Result<Vec<Ts<dto::TrashLeft>>, JsValue> {
        self.left.iter().map(|left| crossing(&dto::TrashLeft::from(left))).collect()
    }

    /// The run of a folder, once.
    ///
    /// # Errors
    /// `item`: nothing moves in that folder.
    pub fn run(&mut self, folder: u32) -> Result<TrashRun, JsValue> {
        let at = self.tasks.iter().position(|task| task.folder == folder as usize);
        let at = at.ok_or_else(|| Thrown::no_such("folder", folder))?;
        Ok(TrashRun::of(core::trash(self.tasks.remove(at))))
    }
}

impl TrashTasks {
    /// What a plan moves in folders of these names. The page asked about its number of
    /// files before.
    pub(crate) fn planned(
        document: Document,
        folders: &[String],
        when: &str,
    ) -> Result<Self, plan::Refused> {
        let files = document.trash.len() as u64;
        let moves = plan::check(&trash_plan::asked(document), folders)?;
        let moves = moves.confirmed(files)?.into_moves();
        let mut tasks: Vec<Task> = Vec::new();
        for unit in moves.units {
            let folder = unit.files.first().map_or(0, |file| file.folder);
            match tasks.iter_mut().find(|task| task.folder == folder) {
                Some(task) => task.units.push(unit),
                None => tasks.push(Task { folder, when: when.to_owned(), units: vec![unit] }),
            }
        }
        tasks.sort_by_key(|task| task.folder);
        Ok(Self { tasks: AssertUnwindSafe(tasks), left: AssertUnwindSafe(moves.left) })
    }
}
