//! The JPEGs of originals that browsers do not show, a few at a time over all
//! threads.

use rayon::prelude::*;

use super::state::{Inputs, Rebuilder, Task};
use crate::collect;
use crate::error::{Fatal, Issue, Problem};
use crate::examine::{self, pixels};
use crate::io::{Bundle, read_whole};
use crate::model::{Item, ItemId};
use crate::plan::Action;

/// Most views made in one batch: an HEIC of 12 megapixels takes about a second
/// (docs/decoders.md).
const BATCH: usize = 4;

impl Rebuilder {
    /// Makes and writes the next views.
    pub(super) fn write_views(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
    ) -> Result<(), Fatal> {
        let limits = &inputs.settings.limits;
        let mut batch = Vec::new();
        let mut held = 0;
        while batch.len() < BATCH && held < limits.batch_bytes {
            let Some(Task::View { original, path }) = self.tasks.front().cloned() else { break };
            self.tasks.pop_front();
            let bytes = load(inputs, &inputs.library[original]);
            held += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            batch.push((original, path, bytes));
        }
        self.bytes_read += held;
        let views: Vec<(ItemId, String, Result<Vec<u8>, Problem>)> = batch
            .into_par_iter()
            .map(|(original, path, bytes)| {
                let made = bytes.and_then(|bytes| {
                    examine::guarded(|| pixels::jpeg_view(&bytes, limits.view_edge, limits))
                });
                (original, path, made)
            })
            .collect();
        for (original, path, made) in views {
            self.done += 1;
            match made {
                Ok(jpeg) => self.write_whole(bundle, &path, &jpeg)?,
                Err(problem) => {
                    self.lose_view(inputs, original);
                    let path = inputs.library[original].path.clone();
                    issues.push(Issue { path, problem });
                }
            }
        }
        Ok(())
    }

    /// Without a view the chat shows the exported file; the original stays
    /// linked.
    fn lose_view(&mut self, inputs: &Inputs<'_>, item: ItemId) {
        for index in 0..self.plan.actions.len() {
            let kept = self.kept(index);
            let action = &mut self.plan.actions[index];
            if let Action::Replace { original, view, exported, .. } = action
                && *original == item
            {
                *view = None;
                *exported = kept;
                self.bring_exported(inputs, index);
            }
        }
    }
}

fn load(inputs: &Inputs<'_>, item: &Item) -> Result<Vec<u8>, Problem> {
    let source = collect::open(item, inputs.files).map_err(|error| Problem::reading(&error))?;
    read_whole(&*source, inputs.settings.limits.picture_bytes)
}
