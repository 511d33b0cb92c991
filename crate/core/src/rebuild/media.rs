//! Copies originals and exported files, and puts the exported file back where
//! an original cannot be read.

use std::collections::{BTreeSet, VecDeque};

use super::state::{BATCH_BYTES, Begun, Copy, Inputs, Rebuilder, Role, Task};
use crate::collect::checksum::Checksum;
use crate::collect::reading::Reading;
use crate::collect::{self, Export};
use crate::error::{Fatal, Issue, Problem, Unread};
use crate::io::{Bundle, read_range};
use crate::matching::{Decision, Reason};
use crate::model::{ItemId, Packing, Source};
use crate::plan::{Action, Plan};

/// All copies, each path once: originals in chat order, then exported files,
/// then the rest. Originals come first because exported files stand in for
/// those that fail.
pub(super) fn copies(plan: &Plan, export: &Export) -> VecDeque<Task> {
    let mut all = Vec::new();
    for action in &plan.actions {
        if let Action::Replace { original, path, .. } = action {
            all.push(Copy { item: *original, path: path.clone(), role: Role::Original });
        }
    }
    for (action, medium) in plan.actions.iter().zip(&export.media) {
        let exported = match action {
            Action::Keep { path } => Some(path),
            Action::Replace { exported, .. } => exported.as_ref(),
            Action::Absent => None,
        };
        if let (Some(item), Some(path)) = (medium.item, exported) {
            all.push(Copy { item, path: path.clone(), role: Role::Exported });
        }
    }
    for (item, path) in &plan.others {
        all.push(Copy { item: *item, path: path.clone(), role: Role::Other });
    }
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|copy| seen.insert(copy.path.clone())).map(Task::Copy).collect()
}

impl Rebuilder {
    /// Copies the next part of the first task's file, or all of a small one.
    pub(super) fn copy_some(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        issues: &mut Vec<Issue>,
        copy: &Copy,
    ) -> Result<(), Fatal> {
        if self.begun.is_none() && self.paths.contains(&copy.path) {
            self.copied(copy);
            return Ok(());
        }
        if self.begun.is_none() && linked(inputs, bundle, copy)? {
            self.begun = Some(Begun { position: 0, size: None });
        }
        match self.transfer(inputs, bundle, copy)? {
            Ok(true) => {
                // A damaged file is better than none, but not in silence.
                let item = &inputs.library[copy.item];
                if self.checksum.is_broken(item) {
                    let problem = Problem::Checksum;
                    issues.push(Issue { path: item.path.clone(), problem });
                }
                self.copied(copy);
            }
            Ok(false) => {}
            Err(problem) => {
                if self.begun.take().is_some() {
                    bundle.abandon().map_err(Fatal::Output)?;
                }
                self.tasks.pop_front();
                self.done += 1;
                self.stand_in(inputs, copy, &problem);
                let path = inputs.library[copy.item].path.clone();
                issues.push(Issue { path, problem });
            }
        }
        Ok(())
    }

    fn copied(&mut self, copy: &Copy) {
        self.paths.insert(copy.path.clone());
        self.begun = None;
        self.tasks.pop_front();
        self.done += 1;
    }

    /// Copies on. `Ok(Ok(true))`: the file is whole. `Ok(Err(_))`: the input
    /// failed. The outer error is the bundle's. The bundle's file is begun only
    /// once the first bytes could be read. The bytes of a link are read, too: the
    /// bundle lists their hash, and a link to an unreadable file is of no use.
    fn transfer(
        &mut self,
        inputs: &Inputs<'_>,
        bundle: &mut dyn Bundle,
        copy: &Copy,
    ) -> Result<Result<bool, Problem>, Fatal> {
        let item = &inputs.library[copy.item];
        let unreadable = |error: std::io::Error| Problem::unreadable(&error);
        if self.begun.is_none() {
            self.unpacking = Reading::default();
            self.checksum = Checksum::default();
        }
        let deflated = matches!(item.source, Source::Zipped { packing: Packing::Deflated, .. });
        let source = match collect::open(item, inputs.files) {
            Ok(_) if deflated => None,
            Ok(source) => Some(source),
            Err(error) => return Ok(Err(unreadable(error))),
        };
        let size = source.as_ref().map_or(item.size, |source| source.size());
        let start = self.begun.map_or(0, |begun| begun.position);
        if self.begun.and_then(|begun| begun.size).is_some_and(|told| told != size) {
            return Ok(Err(Problem::Unreadable(Unread::Changed)));
        }
        let stop = start + BATCH_BYTES;
        let mut position = start;
        loop {
            let most = BATCH_BYTES as usize;
            let part = match &source {
                Some(source) => read_range(&**source, position, most),
                None => self.unpacking.next(item, inputs.files, most),
            };
            let part = match part {
                Ok(part) if part.is_empty() && position < size => {
                    return Ok(Err(Problem::Truncated));
                }
                Ok(part) => part,
                Err(error) => return Ok(Err(unreadable(error))),
            };
            if self.begun.is_none() {
                bundle.begin(&copy.path, Some(size)).map_err(Fatal::Output)?;
            }
            bundle.write(&part).map_err(Fatal::Output)?;
            self.checksum.add(&part);
            position += part.len() as u64;
            self.begun = Some(Begun { position, size: Some(size) });
            self.bytes_written += part.len() as u64;
            self.bytes_read += part.len() as u64;
            if position >= size {
                bundle.end().map_err(Fatal::Output)?;
                return Ok(Ok(true));
            }
            if position >= stop {
                return Ok(Ok(false));
            }
        }
    }

    /// Handles the media of a file that cannot be read.
    fn stand_in(&mut self, inputs: &Inputs<'_>, copy: &Copy, problem: &Problem) {
        match copy.role {
            Role::Original => self.lose_original(inputs, copy.item, problem),
            Role::Exported => self.lose_exported(&copy.path),
            Role::Other => {}
        }
    }

    fn lose_original(&mut self, inputs: &Inputs<'_>, item: ItemId, problem: &Problem) {
        for index in 0..self.plan.actions.len() {
            let of_it = matches!(&self.plan.actions[index],
                Action::Replace { original, .. } if *original == item);
            if !of_it {
                continue;
            }
            self.plan.actions[index] = match self.kept(index) {
                Some(path) => Action::Keep { path },
                None => Action::Absent,
            };
            if let Some(pairing) = self.plan.pairings.get_mut(index) {
                pairing.decision = Decision::Unreadable;
                pairing.original = None;
                pairing.also = Vec::new();
                pairing.reason = Reason::OriginalUnusable { problem: problem.clone() };
            }
            self.bring_exported(inputs, index);
        }
        self.tasks.retain(|task| !matches!(task, Task::View { original, .. } if *original == item));
    }

    fn lose_exported(&mut self, lost: &str) {
        for action in &mut self.plan.actions {
            match action {
                Action::Keep { path } if path == lost => *action = Action::Absent,
                Action::Replace { exported, .. } if exported.as_deref() == Some(lost) => {
                    *exported = None;
                }
                _ => {}
            }
        }
    }

    pub(super) fn kept(&self, index: usize) -> Option<String> {
        self.plan.kept.get(index).cloned().flatten()
    }

    /// Orders that the exported file of a medium is written next, after all.
    pub(super) fn bring_exported(&mut self, inputs: &Inputs<'_>, index: usize) {
        let item = inputs.export.media.get(index).and_then(|medium| medium.item);
        if let (Some(item), Some(path)) = (item, self.kept(index)) {
            self.tasks.push_front(Task::Copy(Copy { item, path, role: Role::Exported }));
        }
    }
}

/// Whether the host began the file as a link to the original.
fn linked(inputs: &Inputs<'_>, bundle: &mut dyn Bundle, copy: &Copy) -> Result<bool, Fatal> {
    match inputs.library[copy.item].source {
        Source::File(file) if copy.role == Role::Original => {
            bundle.link(&copy.path, file).map(|link| link.is_some()).map_err(Fatal::Output)
        }
        _ => Ok(false),
    }
}
