//! The plan becomes bytes in a [`Bundle`].

pub mod chat_render;
mod chat_rewrite;
mod media;
mod pages;
mod reference;
mod views;
pub mod zip_stream;

use std::collections::{BTreeSet, VecDeque};

use crate::collect::Inventory;
use crate::error::{Fatal, Issue};
use crate::io::{Bundle, Files};
use crate::model::ItemId;
use crate::plan::{Action, Plan};
use crate::settings::Settings;
use chat_render::Outline;
use media::Copy;
use pages::Page;

/// Bytes copied in one batch.
const BATCH_BYTES: u64 = 4 << 20;

/// Everything rebuilding reads from.
pub struct Inputs<'a> {
    /// What was found.
    pub inventory: &'a Inventory,
    /// The input files.
    pub files: &'a dyn Files,
    /// The user's choices.
    pub settings: &'a Settings,
}

/// What one batch of writing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files written so far.
    pub done: u64,
    /// Files in all.
    pub total: u64,
    /// Bytes written so far.
    pub bytes_written: u64,
    /// Bytes read in this batch.
    pub bytes_read: u64,
    /// Whether media and pages are complete.
    pub finished: bool,
}

/// Writing in bounded batches (a few megabytes each).
pub struct Rebuilder {
    plan: Plan,
    outline: Outline,
    tasks: VecDeque<Task>,
    /// Bytes of the first task's file that are in the bundle, if it was begun.
    begun: Option<u64>,
    /// What is in the bundle already: a file that several media share is
    /// written once.
    paths: BTreeSet<String>,
    done: u64,
    bytes_written: u64,
    bytes_read: u64,
}

/// One file of the bundle.
#[derive(Debug, Clone)]
enum Task {
    Copy(Copy),
    /// The JPEG of an original that browsers do not show.
    View {
        original: ItemId,
        path: String,
    },
    Page(Page),
}

impl Rebuilder {
    /// Lists what will be written; writes nothing. Media come first, then the
    /// pages, so that the pages show what was really written.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, plan: Plan) -> Self {
        let first_page = pages::first_page(&plan);
        let outline = Outline::new(inputs.inventory, inputs.settings, first_page);
        let mut tasks: VecDeque<Task> = media::copies(&plan, inputs.inventory);
        let mut seen = BTreeSet::new();
        for action in &plan.actions {
            if let Action::Replace { original, view: Some(path), .. } = action
                && seen.insert(*original)
            {
                tasks.push_back(Task::View { original: *original, path: path.clone() });
            }
        }
        tasks.extend(pages::list(inputs.inventory, &plan, &outline).into_iter().map(Task::Page));
        Self {
            plan,
            outline,
            tasks,
            begun: None,
            paths: BTreeSet::new(),
            done: 0,
            bytes_written: 0,
            bytes_read: 0,
        }
    }

    /// Writes one batch. An original that cannot be read becomes an issue, its
    /// action becomes `Keep` and its pairing `unreadable`: the exported file
    /// takes its place. Does not call [`Bundle::finish`].
    ///
    /// # Errors
    /// [`Fatal::Output`]: the bundle cannot be written.
    pub fn advance(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
    ) -> Result<Written, Fatal> {
        self.bytes_read = 0;
        let start = self.bytes_written;
        while self.bytes_written - start < BATCH_BYTES {
            let more = match self.tasks.front().cloned() {
                Some(Task::Copy(copy)) => {
                    self.copy_some(inputs, bundle, issues, &copy)?;
                    true
                }
                Some(Task::View { .. }) => {
                    self.write_views(inputs, bundle, issues)?;
                    false
                }
                Some(Task::Page(page)) => {
                    self.tasks.pop_front();
                    self.write_page(inputs, bundle, issues, &page)?;
                    self.done += 1;
                    false
                }
                None => false,
            };
            if !more {
                break;
            }
        }
        Ok(Written {
            done: self.done,
            total: self.done + self.tasks.len() as u64,
            bytes_written: self.bytes_written,
            bytes_read: self.bytes_read,
            finished: self.tasks.is_empty(),
        })
    }

    /// The plan as it was carried out.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// Writes a whole file from memory.
    fn write_whole(
        &mut self,
        bundle: &mut dyn Bundle,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), Fatal> {
        bundle.begin(path, Some(bytes.len() as u64)).map_err(Fatal::Output)?;
        bundle.write(bytes).map_err(Fatal::Output)?;
        bundle.end().map_err(Fatal::Output)?;
        self.bytes_written += bytes.len() as u64;
        self.paths.insert(path.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
