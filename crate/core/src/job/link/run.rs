//! The stages up to the decisions, a batch at a time.

use super::hashing::Left;
use super::state::{Job, Phase};
use crate::collect::Collected;
use crate::collect::kind::unlooked;
use crate::error::{Fatal, Issue, Problem};
use crate::examine::Depth;
use crate::io::Files;
use crate::job::examiner::Examiner;
use crate::ledger::Ledger;
use crate::matching::{Bench, Known, Matcher};
use crate::model::{ItemId, MediaKind};
use crate::progress::{Advance, Stage};

impl<F: Files> Job<F> {
    /// Does one batch of collect, examine or matching, asks the host for what the
    /// job waits for ([`Job::supply`]), or once all is decided notes answers. To
    /// cancel, drop the job.
    ///
    /// A batch is about 100 ms of work, whatever the input: at most 64 files opened
    /// or 48 MB read, or pieces of work as [`crate::matching::Step`] counts them.
    /// Two things are never split: decoding one file, and passes over the list of
    /// files, media or messages that take about a microsecond for each.
    ///
    /// # Errors
    /// [`Fatal::NoChat`]: there is nothing to work on.
    pub fn advance(&mut self) -> Result<Advance, Fatal> {
        match &mut self.phase {
            Phase::Collect(_) => self.collect()?,
            Phase::Examine(_) => self.examine(),
            Phase::Matching(_) => self.match_batch(),
            Phase::Recall(_) => self.recall_decided(),
            Phase::Look(_) => {
                if let Some((id, need)) = self.look() {
                    return Ok(Advance::Need(id, need));
                }
            }
            Phase::Decided | Phase::Rebuild(_) | Phase::Report(..) | Phase::Finished(_) => {
                self.note_answers(&mut Left::default());
            }
        }
        let done = self.is_decided() && self.unnoted.is_empty();
        Ok(if done {
            Advance::Done(self.desk.progress)
        } else {
            Advance::Working(self.desk.progress)
        })
    }

    fn collect(&mut self) -> Result<(), Fatal> {
        let Phase::Collect(collector) = &mut self.phase else { return Ok(()) };
        let collected = collector.advance(&self.desk.files);
        (self.desk.progress.done, self.desk.progress.total) = collector.progress();
        let Some(collected) = collected else { return Ok(()) };
        let Collected { mut library, export, mut issues } = collected?;
        library.add(&std::mem::take(&mut self.unnumbered));
        self.desk.issues.append(&mut issues);
        self.features = vec![None; library.items.len()];
        (self.library, self.export) = (library, export);
        let examiner = Examiner::new(&self.library.items, self.to_examine(), &self.desk.limits);
        self.desk.enter(Stage::Examine, examiner.left());
        self.phase = Phase::Examine(examiner);
        Ok(())
    }

    /// What is examined, and how deep: the chat's pictures and documents whole, of
    /// everything else the head.
    fn to_examine(&self) -> Vec<(ItemId, Depth)> {
        let exported = self.export.media.iter().filter_map(|medium| {
            let depth = match medium.kind {
                MediaKind::Image | MediaKind::Document => Depth::Whole,
                MediaKind::Video | MediaKind::Gif | MediaKind::Sticker => Depth::Head,
                MediaKind::Voice | MediaKind::Audio | MediaKind::Contact => return None,
            };
            medium.item.map(|item| (item, depth))
        });
        let originals = self.export.originals(&self.library).iter();
        exported.chain(originals.map(|item| (item.id, Depth::Head))).collect()
    }

    fn examine(&mut self) {
        let Phase::Examine(examiner) = &mut self.phase else { return };
        if examiner.advance(&mut self.desk, &self.library.items, &mut self.features) {
            self.start_matching();
        }
    }

    pub(super) fn originals(&self) -> Vec<ItemId> {
        self.export.originals(&self.library).iter().map(|item| item.id).collect()
    }

    fn start_matching(&mut self) {
        let originals = self.originals();
        for &id in &originals {
            let (item, features) = (&self.library[id], &self.features[id.0 as usize]);
            let kind = features.as_ref().and_then(|features| unlooked(item.name(), features.kind));
            let problem = kind.map(|kind| Problem::NotLookedAt { kind: kind.to_owned() });
            let issue = problem.map(|problem| Issue { path: item.path.clone(), problem });
            self.desk.issues.extend(issue);
        }
        let known = Known { library: &self.library, features: &self.features };
        let matcher = Matcher::new(known, originals, self.export.media.clone(), &self.settings);
        self.desk.enter(Stage::Matching, self.export.media.len() as u64);
        self.phase = Phase::Matching(Box::new(matcher));
    }

    fn match_batch(&mut self) {
        let Phase::Matching(matcher) = &mut self.phase else { return };
        let known = Known { library: &self.library, features: &self.features };
        let (files, memory) = (&self.desk.files, &*self.desk.memory);
        let bench = Bench { known, files, memory, settings: &self.settings };
        let mut ledger = Ledger::default();
        let step = matcher.advance(bench, &mut ledger);
        if self.desk.follow(&step, ledger) {
            let Phase::Matching(matcher) = std::mem::replace(&mut self.phase, Phase::Decided)
            else {
                return;
            };
            self.matches = matcher.into_matches();
            self.desk.enter(Stage::Plan, self.export.media.len() as u64);
            self.phase = Phase::Recall(self.recalling());
        }
    }

    fn recall_decided(&mut self) {
        let Phase::Recall(mut recalling) = std::mem::replace(&mut self.phase, Phase::Decided)
        else {
            return;
        };
        if self.recall_answers(&mut recalling) {
            self.desk.enter(Stage::Plan, 0);
            self.phase = self.looking().map_or(Phase::Decided, Phase::Look);
            return;
        }
        self.desk.progress.done = self.desk.progress.total.saturating_sub(recalling.left());
        self.phase = Phase::Recall(recalling);
    }
}
