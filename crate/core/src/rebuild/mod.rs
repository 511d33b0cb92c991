//! The plan becomes bytes in a [`Bundle`].

pub mod chat_render;
mod chat_rewrite;
pub(crate) mod fuzz;
pub mod listing;
mod media;
pub mod metadata;
mod pages;
mod reference;
mod state;
pub mod trash;
mod views;
pub mod zip_stream;

use std::collections::{BTreeSet, VecDeque};

use crate::collect::checksum::Checksum;
use crate::collect::reading::Reading;
use crate::error::{Fatal, Issue};
use crate::io::{BATCH_FILES, Bundle};
use crate::plan::{Action, Plan};
use chat_render::Outline;
use listing::{Listing, Watched};
pub(crate) use state::BATCH_BYTES;
pub use state::{Inputs, Rebuilder};
use state::{Page, Task};

/// What one batch of writing did.
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

impl Rebuilder {
    /// Lists what will be written; writes nothing. Media come before pages, so that
    /// the pages show what was really written.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, plan: Plan) -> Self {
        let mut outline = Outline::new(inputs.export, inputs.settings, &plan.own.first_page);
        outline.prefix.clone_from(&plan.own.prefix);
        let mut tasks: VecDeque<Task> = media::copies(&plan, inputs.export);
        let mut seen = BTreeSet::new();
        for action in &plan.actions {
            if let Action::Replace { original, view: Some(path), .. } = action
                && seen.insert(*original)
            {
                tasks.push_back(Task::View { original: *original, path: path.clone() });
            }
        }
        tasks.extend(pages::list(inputs.export, &plan, &outline).into_iter().map(Task::Page));
        Self {
            plan,
            outline,
            tasks,
            begun: None,
            unpacking: Reading::default(),
            checksum: Checksum::default(),
            given: None,
            paths: BTreeSet::new(),
            places: None,
            listing: Listing::default(),
            done: 0,
            bytes_written: 0,
            bytes_read: 0,
        }
    }

    /// Writes one batch: 64 files or 4 MB, one page, or a few views. If an original
    /// cannot be read, that is an issue, its action becomes `Keep`, its pairing
    /// `unreadable`, and the exported file takes its place. Does not call
    /// [`Bundle::finish`].
    ///
    /// # Errors
    /// [`Fatal::Output`]: the bundle cannot be written.
    pub fn advance(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
    ) -> Result<Written, Fatal> {
        let mut listing = std::mem::take(&mut self.listing);
        let written = self.write_some(inputs, &mut Watched::new(bundle, &mut listing), issues);
        self.listing = listing;
        written
    }

    fn write_some(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
    ) -> Result<Written, Fatal> {
        self.bytes_read = 0;
        let (start, first) = (self.bytes_written, self.done);
        while self.bytes_written - start < BATCH_BYTES && self.done - first < BATCH_FILES {
            let more = match self.tasks.front().cloned() {
                Some(Task::Copy(copy)) => {
                    self.copy_some(inputs, bundle, issues, &copy)?;
                    true
                }
                Some(Task::View { .. }) => {
                    self.write_views(inputs, bundle, issues)?;
                    false
                }
                Some(Task::Page(Page::Rewritten(item, path))) => {
                    if self.rewrite_some(inputs, bundle, issues, (item, &path))? {
                        self.tasks.pop_front();
                        self.done += 1;
                    }
                    false
                }
                Some(Task::Page(page)) => {
                    self.tasks.pop_front();
                    self.write_page(inputs, bundle, &page)?;
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

    /// The plan as it was carried out, and the files that were written.
    #[must_use]
    pub fn into_done(self) -> (Plan, Listing) {
        (self.plan, self.listing)
    }

    /// Writes a whole file from memory.
    fn write_whole(
        &mut self,
        bundle: &mut dyn Bundle,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), Fatal> {
        write_whole(bundle, path, bytes)?;
        self.bytes_written += bytes.len() as u64;
        self.paths.insert(path.to_owned());
        Ok(())
    }
}

/// Writes a whole file from memory.
pub(crate) fn write_whole(bundle: &mut dyn Bundle, path: &str, bytes: &[u8]) -> Result<(), Fatal> {
    let written = bundle
        .begin(path, Some(bytes.len() as u64))
        .and_then(|()| bundle.write(bytes))
        .and_then(|()| bundle.end());
    written.map_err(Fatal::Output)
}

#[cfg(test)]
mod tests;
