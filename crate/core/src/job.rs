//! Strings the six stages together. The host calls [`Job::advance`] until the
//! plan is made, shows it, passes answers on, and calls [`Job::rebuild`] until
//! the bundle is whole. Each call does one bounded batch.

mod frames;
mod remembered;
mod review;

use std::cell::Cell;

use crate::ahead::read_ahead;
use crate::collect::{self, Inventory};
use crate::error::{Fatal, Issue, Problem};
use crate::examine::{self, Depth, Examined, Extract};
use crate::io::{Bundle, Files};
use crate::matching::{Matcher, Matches, Pairing};
use crate::memory::{self, Key, Memory, Nothing};
use crate::model::{Entry, Features, Item, ItemId, Kind, MediaKind, MediumId, Side};
use crate::plan::{self, Answer, Answers, Plan};
use crate::progress::{Advance, Progress, Stage};
use crate::rebuild::{Inputs, Rebuilder};
use crate::report::{self, Report};
use crate::settings::{HeicView, Limits, Settings};

/// Most files examined in one batch: 64 heads take about 100 ms.
const BATCH_FILES: usize = 64;

/// Files asked of the memory in one batch: each takes a few microseconds.
const BATCH_RECALLED: usize = 4096;

/// One run over two inputs.
pub struct Job<F: Files> {
    files: F,
    settings: Settings,
    entries: Vec<Entry>,
    inventory: Inventory,
    features: Vec<Option<Features>>,
    issues: Vec<Issue>,
    answers: Answers,
    phase: Phase,
    progress: Progress,
    matches: Matches,
    looked: frames::Looked,
    memory: Box<dyn Memory>,
}

/// A file that is to be examined.
#[derive(Clone, Copy)]
struct Errand {
    id: ItemId,
    depth: Depth,
    /// Under which name the memory knows what is learnt.
    name: Option<Key>,
}

/// Where the job is; each phase owns what only it needs.
enum Phase {
    Collect,
    /// What is still to be asked of the memory, and what it did not know and
    /// must be examined, both in reverse order.
    Examine {
        unasked: Vec<Errand>,
        queue: Vec<Errand>,
    },
    Matching(Box<Matcher>),
    /// Everything is decided; answers may come.
    Decided,
    Rebuild(Box<Rebuilder>),
    /// The report on the plan as it was carried out.
    Finished(Box<Report>),
}

impl<F: Files> Job<F> {
    /// A job over the files the host found. Reads nothing yet.
    #[must_use]
    pub fn new(settings: Settings, entries: Vec<Entry>, files: F) -> Self {
        let progress = Progress {
            stage: Stage::Collect,
            done: 0,
            total: entries.len() as u64,
            bytes_read: 0,
            bytes_written: 0,
            matched: 0,
        };
        Self {
            files,
            settings,
            entries,
            inventory: Inventory::default(),
            features: Vec::new(),
            issues: Vec::new(),
            answers: Answers::new(),
            phase: Phase::Collect,
            progress,
            matches: Matches::default(),
            looked: frames::Looked::default(),
            memory: Box::new(Nothing),
        }
    }

    /// Lends the job what earlier runs knew, before the first batch. What is
    /// new is noted after every batch.
    pub fn remember(&mut self, memory: Box<dyn Memory>) {
        self.memory = memory;
    }

    /// Does one batch of collect, examine or matching. To cancel, drop the job.
    ///
    /// # Errors
    /// [`Fatal::NoChat`]: there is nothing to work on.
    pub fn advance(&mut self) -> Result<Advance, Fatal> {
        match &mut self.phase {
            Phase::Collect => self.collect()?,
            Phase::Examine { unasked, .. } if !unasked.is_empty() => self.recall_batch(),
            Phase::Examine { .. } => self.examine_batch(),
            Phase::Matching(_) => self.match_batch(),
            Phase::Decided | Phase::Rebuild(_) | Phase::Finished(_) => {}
        }
        Ok(match self.phase {
            Phase::Collect | Phase::Examine { .. } | Phase::Matching(_) => {
                Advance::Working(self.progress)
            }
            _ => Advance::Done(self.progress),
        })
    }

    /// Writes one batch of the bundle. The first call makes the plan from the
    /// answers given until then.
    ///
    /// # Errors
    /// [`Fatal::Output`]: the bundle cannot be written; what was written is
    /// not whole. [`Fatal::TooEarly`]: matching has not finished.
    pub fn rebuild(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        if matches!(self.phase, Phase::Decided) {
            self.start_rebuilding();
        }
        match &mut self.phase {
            Phase::Rebuild(_) => self.rebuild_batch(bundle),
            Phase::Finished(_) => Ok(Advance::Done(self.progress)),
            _ => Err(Fatal::TooEarly("matching")),
        }
    }

    /// Goes back to the answers after a bundle was written or failed, so that
    /// another can be written.
    pub fn reopen(&mut self) {
        if matches!(self.phase, Phase::Rebuild(_) | Phase::Finished(_)) {
            self.phase = Phase::Decided;
        }
    }

    /// Adds an issue that the host met while walking the inputs.
    pub fn note(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// Records the user's decision on one medium; `None` takes it back.
    pub fn answer(&mut self, medium: MediumId, answer: Option<Answer>) {
        match answer {
            Some(answer) => self.answers.insert(medium, answer),
            None => self.answers.remove(&medium),
        };
        self.note_answer(medium, answer);
    }

    /// Chooses what becomes of HEIC originals in the next bundle.
    pub fn show_heic_as(&mut self, heic: HeicView) {
        self.settings.heic = heic;
    }

    /// Chooses whose bubbles stand on the right in the next bundle.
    pub fn show_as_me(&mut self, sender: Option<String>) {
        self.settings.me = sender;
    }

    /// The user's decisions so far.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The plan as the answers stand, for showing it.
    #[must_use]
    pub fn plan(&self) -> Plan {
        plan::plan(
            &self.inventory,
            &self.features,
            &self.matches.pairings,
            &self.answers,
            &self.settings,
        )
    }

    /// The report as the answers stand (also for `--dry-run`).
    #[must_use]
    pub fn report(&self) -> Report {
        match &self.phase {
            Phase::Finished(report) => (**report).clone(),
            _ => self.report_on(&self.plan()),
        }
    }

    /// What was found.
    #[must_use]
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// What was learnt about each item; parallel to [`Inventory::items`].
    #[must_use]
    pub fn features(&self) -> &[Option<Features>] {
        &self.features
    }

    /// Decisions so far: all of them once matching has finished.
    #[must_use]
    pub fn pairings(&self) -> &[Pairing] {
        match &self.phase {
            Phase::Matching(matcher) => matcher.so_far(),
            _ => &self.matches.pairings,
        }
    }

    /// Matching's result.
    #[must_use]
    pub fn matches(&self) -> &Matches {
        &self.matches
    }

    /// The user's choices.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How far the job is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The input files.
    #[must_use]
    pub fn files(&self) -> &F {
        &self.files
    }

    /// A JPEG of a picture for the screen, its long edge at most `long_edge`.
    ///
    /// # Errors
    /// The file cannot be read or decoded.
    pub fn preview(&self, item: ItemId, long_edge: u32) -> Result<Vec<u8>, Problem> {
        let item = &self.inventory.items[item.0 as usize];
        let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
        let source = collect::open(item, &self.files).map_err(unreadable)?;
        let limits = &self.settings.limits;
        let extract = examine::gather(&*source, Depth::Whole, limits).map_err(unreadable)?;
        let need = extract.size;
        let bytes =
            extract.whole().ok_or(Problem::OverLimit { need, limit: limits.picture_bytes })?;
        examine::guarded(|| examine::decode::jpeg_view(bytes, long_edge, limits))
    }

    fn collect(&mut self) -> Result<(), Fatal> {
        self.inventory = collect::collect(&self.entries, &self.files, &self.settings)?;
        self.issues.append(&mut self.inventory.issues);
        self.features = vec![None; self.inventory.items.len()];
        let mut unasked = self.to_examine();
        unasked.reverse();
        self.enter(Stage::Examine, unasked.len() as u64);
        self.phase = Phase::Examine { unasked, queue: Vec::new() };
        Ok(())
    }

    /// The chat's pictures are read whole, for they are the query; of
    /// everything else only the head.
    fn to_examine(&self) -> Vec<Errand> {
        let exported = self.inventory.media.iter().filter_map(|medium| {
            let depth = match medium.kind {
                MediaKind::Image | MediaKind::Document => Depth::Whole,
                MediaKind::Video | MediaKind::Gif | MediaKind::Sticker => Depth::Head,
                MediaKind::Voice | MediaKind::Audio | MediaKind::Contact => return None,
            };
            medium.item.map(|item| (item, depth))
        });
        let originals = self.inventory.items.iter().filter(|item| item.side == Side::Originals);
        let errand = |(id, depth): (ItemId, Depth)| {
            let item = &self.inventory.items[id.0 as usize];
            Errand { id, depth, name: memory::file_key(item, depth, &self.settings.limits) }
        };
        exported.chain(originals.map(|item| (item.id, Depth::Head))).map(errand).collect()
    }

    /// Takes what the memory knows; the rest is queued.
    fn recall_batch(&mut self) {
        let Phase::Examine { unasked, .. } = &mut self.phase else { return };
        let mut asked = unasked.split_off(unasked.len().saturating_sub(BATCH_RECALLED));
        asked.reverse();
        let known = self.recall_files(&asked);
        let mut unknown = Vec::new();
        for (errand, known) in asked.into_iter().zip(known) {
            match known {
                Some(examined) => {
                    self.progress.done += 1;
                    self.learn(errand.id, examined);
                }
                None => unknown.push(errand),
            }
        }
        unknown.reverse();
        let Phase::Examine { queue, .. } = &mut self.phase else { return };
        queue.splice(0..0, unknown);
    }

    fn examine_batch(&mut self) {
        let Phase::Examine { queue, .. } = &mut self.phase else { return };
        let (inventory, files) = (&self.inventory, &self.files);
        let limits = &self.settings.limits;
        let (mut count, loaded) = (0, Cell::new(0));
        let next = std::iter::from_fn(|| {
            let room = count < BATCH_FILES && loaded.get() < limits.batch_bytes;
            count += 1;
            if room { queue.pop() } else { None }
        });
        let item = |errand: &Errand| &inventory.items[errand.id.0 as usize];
        let read = |errand: &Errand| {
            let taken = collect::open(item(errand), files)
                .and_then(|source| examine::gather(&*source, errand.depth, limits));
            loaded.set(loaded.get() + taken.as_ref().map_or(0, Extract::taken));
            taken
        };
        let compute = |errand: &Errand, taken: std::io::Result<Extract>| {
            taken.map(|extract| examined(item(errand), &extract, limits))
        };
        let results = read_ahead(next, read, compute);
        self.progress.done += results.len() as u64;
        self.progress.bytes_read += loaded.get();
        let mut done = Vec::new();
        for (errand, result) in results {
            match result {
                Ok(examined) => done.push((errand, examined)),
                Err(error) => {
                    let problem = Problem::Unreadable(error.to_string());
                    self.issues.push(Issue { path: item(&errand).path.clone(), problem });
                }
            }
        }
        let again = self.keep(done);
        let Phase::Examine { queue, .. } = &mut self.phase else { return };
        self.progress.total += again.len() as u64;
        queue.splice(0..0, again);
        if queue.is_empty() {
            self.start_matching();
        }
    }

    /// Stores what was learnt; returns the originals whose fingerprint needs
    /// the whole file because they have no usable thumbnail.
    fn keep(&mut self, done: Vec<(Errand, Examined)>) -> Vec<Errand> {
        let (mut again, mut notes) = (Vec::new(), Vec::new());
        for (errand, mut examined) in done {
            if errand.depth == Depth::Head && needs_pixels(&examined) {
                again.push(Errand { depth: Depth::Whole, ..errand });
                examined.problems.clear();
            } else {
                notes.extend(self.learnt(&errand, &examined));
            }
            self.learn(errand.id, examined);
        }
        self.memory.note(notes);
        again
    }

    fn learn(&mut self, id: ItemId, examined: Examined) {
        let path = &self.inventory.items[id.0 as usize].path;
        let issue = |problem| Issue { path: path.clone(), problem };
        self.issues.extend(examined.problems.into_iter().map(issue));
        self.features[id.0 as usize] = Some(examined.features);
    }

    fn start_matching(&mut self) {
        let matcher = Matcher::new(&self.inventory, &self.features, &self.settings);
        self.enter(Stage::Matching, self.inventory.media.len() as u64);
        self.phase = Phase::Matching(Box::new(matcher));
    }

    fn match_batch(&mut self) {
        let Phase::Matching(matcher) = &mut self.phase else { return };
        let step = matcher.advance(
            &self.inventory,
            &self.features,
            &self.files,
            &*self.memory,
            &self.settings,
            &mut self.issues,
        );
        let notes = matcher.take_notes();
        if !notes.is_empty() {
            self.memory.note(notes);
        }
        self.progress.done = step.done;
        self.progress.total = step.total;
        self.progress.matched = step.matched;
        self.progress.bytes_read += step.bytes_read;
        if step.finished {
            let Phase::Matching(matcher) = std::mem::replace(&mut self.phase, Phase::Decided)
            else {
                return;
            };
            self.matches = matcher.into_matches();
            self.recall_answers();
            self.enter(Stage::Plan, 0);
        }
    }

    fn start_rebuilding(&mut self) {
        let plan = self.plan();
        let rebuilder = Rebuilder::new(&inputs(&self.inventory, &self.files, &self.settings), plan);
        self.enter(Stage::Rebuild, 0);
        self.progress.bytes_written = 0;
        self.phase = Phase::Rebuild(Box::new(rebuilder));
    }

    fn rebuild_batch(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        let Phase::Rebuild(rebuilder) = &mut self.phase else {
            return Err(Fatal::TooEarly("matching"));
        };
        let inputs = inputs(&self.inventory, &self.files, &self.settings);
        let written = rebuilder.advance(&inputs, bundle, &mut self.issues)?;
        self.progress.done = written.done;
        self.progress.total = written.total;
        self.progress.bytes_written = written.bytes_written;
        self.progress.bytes_read += written.bytes_read;
        if written.finished { self.finish(bundle) } else { Ok(Advance::Working(self.progress)) }
    }

    /// Reports on what was really written, which may be less than was planned,
    /// and completes the bundle.
    fn finish(&mut self, bundle: &mut dyn Bundle) -> Result<Advance, Fatal> {
        let Phase::Rebuild(rebuilder) = std::mem::replace(&mut self.phase, Phase::Decided) else {
            return Err(Fatal::TooEarly("rebuild"));
        };
        let report = self.report_on(&rebuilder.into_plan());
        self.enter(Stage::Report, report.html.len() as u64 + 1);
        let pages = report.html.iter().map(|(path, text)| (path.as_str(), text));
        for (path, text) in pages.chain([("mapping.json", &report.mapping_json)]) {
            write_whole(bundle, path, text.as_bytes()).map_err(Fatal::Output)?;
            self.progress.done += 1;
            self.progress.bytes_written += text.len() as u64;
        }
        bundle.finish().map_err(Fatal::Output)?;
        self.phase = Phase::Finished(Box::new(report));
        Ok(Advance::Done(self.progress))
    }

    fn report_on(&self, plan: &Plan) -> Report {
        let offsets = &self.matches.offsets;
        report::report(&self.inventory, plan, offsets, &self.issues, &self.settings)
    }

    fn enter(&mut self, stage: Stage, total: u64) {
        self.progress = Progress { stage, done: 0, total, ..self.progress };
    }
}

fn inputs<'a>(
    inventory: &'a Inventory,
    files: &'a dyn Files,
    settings: &'a Settings,
) -> Inputs<'a> {
    Inputs { inventory, files, settings }
}

/// Whether a picture's fingerprint is still unknown and nothing speaks against
/// decoding the whole file for it. Its problems are told when that was done.
fn needs_pixels(examined: &Examined) -> bool {
    let harmless = |problem: &Problem| matches!(problem, Problem::NotWhatItsNameSays { .. });
    examined.features.look.is_none()
        && examined.features.kind.is_picture()
        && examined.problems.iter().all(harmless)
}

/// What was read of a file tells this; a decoder that fails is the file's problem.
fn examined(item: &Item, extract: &Extract, limits: &Limits) -> Examined {
    let done =
        examine::guarded(|| Ok(examine::examine(item.name(), item.modified, extract, limits)));
    done.unwrap_or_else(|problem| Examined {
        features: Features::new(Kind::Unknown),
        problems: vec![problem],
    })
}

fn write_whole(bundle: &mut dyn Bundle, path: &str, bytes: &[u8]) -> std::io::Result<()> {
    bundle.begin(path, Some(bytes.len() as u64))?;
    bundle.write(bytes)?;
    bundle.end()
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
