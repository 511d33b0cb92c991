//! The proof: pictures are read, made small with one filter, and compared, in
//! bounded batches. One thread reads, all compute.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use super::cache::{AtSize, Maps};
use super::candidates::{Query, Ranked};
use super::edited::EditedFit;
use super::edits::TestedEdit;
use super::memo::{self, Compared, Question};
use super::residual::{self, Fit};
use super::sight::{self, Sight, Sizes, Small, at_size};
use super::tint::Tint;
use super::units::{Known, Unit};
use super::work::Work;
use crate::ahead::read_ahead;
use crate::collect;
use crate::error::{Issue, Problem};
use crate::io::{Files, read_range};
use crate::memory::{Memory, Note};
use crate::model::{ItemId, Kind};
use crate::settings::Settings;

/// Long edge at which pictures are compared (design section 4). Every
/// shortlisted original is compared at this size at once: decoding it a second
/// time for the best two would cost more than the larger size does.
pub(super) const EDGE: u32 = 512;

/// Smallest long edge for comparing. Pictures are compared at half their size
/// or less: at their own size the sharpness that the chat's filter left would
/// count as a difference.
const LEAST_EDGE: u32 = 96;

/// Grey levels (RMS) up to which two pictures may be one: colours that then look
/// changed are looked at again. No mode links at more.
const ONE_PICTURE: f64 = 7.0;

/// Exported pictures compared with one original in one batch.
const QUERIES: usize = 32;

/// Comparisons recalled in one batch: each takes a few microseconds.
const RECALLED: usize = 4096;

/// Work per thread and batch, in milliseconds as estimated below.
const BATCH_MS: u64 = 120;

/// Milliseconds to decode a megabyte: an HEIC of 1.8 MB takes 0.5 to 1 s, a
/// JPEG of 12 megapixels and 1.8 MB 60 ms.
const HEIC_MS_PER_MB: u64 = 400;
const OTHER_MS_PER_MB: u64 = 35;

/// One original measured against an exported picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tested {
    pub unit: u32,
    pub distance: u32,
    pub better: bool,
    /// `None`: no file of the unit could be read.
    pub fit: Option<Fit>,
}

/// One exported picture on its way through the proof.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub query: Query,
    /// Candidates, best first.
    pub ranked: Vec<Ranked>,
    /// How many of `ranked` were given to the proof.
    pub issued: usize,
    /// Comparisons that are still to come.
    pub pending: usize,
    pub tested: Vec<Tested>,
    /// What was measured through a crop, a mirror or a filter.
    pub edits: Vec<TestedEdit>,
    /// Why the exported picture cannot be compared.
    pub failed: Option<Problem>,
}

impl Trial {
    /// Size at which this picture is compared.
    pub(super) fn target(&self) -> (u32, u32) {
        let longest = self.query.size.0.max(self.query.size.1);
        residual::target(self.query.size, EDGE.min(longest / 2).max(LEAST_EDGE))
    }

    /// The best original that would be worth linking, and its fit.
    pub(super) fn best(&self) -> Option<(u32, Fit)> {
        let fits = self.tested.iter().filter(|tested| tested.better);
        fits.filter_map(|tested| tested.fit.map(|fit| (tested.unit, fit)))
            .min_by(|a, b| a.1.residual.total_cmp(&b.1.residual).then(a.0.cmp(&b.0)))
    }
}

/// How two pictures of one side differ, in grey levels as noise at 512 pixels
/// would leave them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Apart {
    pub residual: f64,
    pub worst_block: f64,
    /// Whether one shows the scene from elsewhere, or could without showing it.
    pub moved: bool,
}

/// Reads and compares.
#[derive(Default)]
pub(super) struct Prover {
    pub trials: Vec<Trial>,
    pub works: VecDeque<Work>,
    /// How originals differ from each other, the smaller unit first.
    pub rivals: BTreeMap<(u32, u32), Apart>,
    /// How the second original differs from the first through a filter.
    pub variants: BTreeMap<(u32, u32), EditedFit>,
    /// How exported pictures differ, the smaller trial first.
    pub twins: BTreeMap<(u32, u32), Apart>,
    /// What is worth remembering of the batches since the last look.
    pub notes: Vec<Note>,
    maps: Maps,
    /// Files whose problem was reported.
    bad: BTreeSet<ItemId>,
}

/// What the proof reads from.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub known: Known<'a>,
    pub units: &'a [Unit],
    pub files: &'a dyn Files,
    pub memory: &'a dyn Memory,
    pub settings: &'a Settings,
}

impl Prover {
    /// Orders comparisons of `(trial, unit)` so that each original is decoded
    /// once for all exported pictures that list it.
    pub(super) fn order(&mut self, pairs: &[(u32, u32)]) {
        let mut by_unit = BTreeMap::<u32, Vec<u32>>::new();
        for &(trial, unit) in pairs {
            by_unit.entry(unit).or_default().push(trial);
            self.trials[trial as usize].pending += 1;
        }
        let mut works: Vec<(Vec<u32>, u32)> = Vec::new();
        for (unit, mut trials) in by_unit {
            trials.sort_unstable();
            works.extend(trials.chunks(QUERIES).map(|part| (part.to_vec(), unit)));
        }
        works.sort();
        self.works.extend(works.into_iter().map(|(trials, unit)| Work::Compare {
            unit,
            member: 0,
            trials,
        }));
    }

    /// Does one batch; returns the bytes read.
    pub(super) fn run(&mut self, bench: Bench<'_>, issues: &mut Vec<Issue>) -> u64 {
        let batch = self.take_batch(bench, issues);
        let mut read = 0;
        let mut decoded = decode(bench, self.wanted(bench, &batch), Colours::AsSeen, &mut read);
        let exported = self.exported(bench.known, &batch, &decoded, issues);
        let compared = |work: &Work, decoded: &Small| {
            compare(work, bench.units, &self.trials, &exported, decoded)
        };
        let mut results: Vec<Vec<Compared>> =
            batch.par_iter().map(|work| compared(work, &decoded)).collect();
        let doubted = doubted(&results, &batch, bench.units, &decoded);
        if !doubted.is_empty() {
            decoded.extend(decode(bench, doubted, Colours::Own, &mut read));
            results.par_iter_mut().zip(&batch).for_each(|(found, work)| {
                if found.iter().any(is_recoloured) {
                    let again = found.iter_mut().zip(compared(work, &decoded));
                    again.filter(|(found, _)| is_recoloured(found)).for_each(|(f, own)| *f = own);
                }
            });
        }
        for (work, results) in batch.into_iter().zip(results) {
            let questions = self.questions(bench, &work);
            let notes = questions.iter().zip(&results);
            self.notes.extend(notes.filter_map(|(asked, found)| memo::note(bench, asked, found)));
            self.keep(bench, work, &results, issues);
        }
        read
    }

    fn take_batch(&mut self, bench: Bench<'_>, issues: &mut Vec<Issue>) -> Vec<Work> {
        let budget = BATCH_MS * rayon::current_num_threads() as u64;
        let (mut spent, mut bytes, mut recalled) = (0, 0, 0);
        let mut batch = Vec::new();
        while recalled < RECALLED
            && let Some(work) = self.works.pop_front()
        {
            recalled += work.pairs().len();
            let Some(work) = self.without_known(bench, work, issues) else { continue };
            let ids = self.items(bench.units, &work);
            bytes += ids.iter().map(|&id| bench.known.item(id).size).sum::<u64>();
            spent += ids.iter().map(|&id| cost_ms(bench.known, id)).sum::<u64>();
            let full = spent > budget || bytes > bench.settings.limits.batch_bytes;
            if full && !batch.is_empty() {
                self.works.push_front(work);
                break;
            }
            batch.push(work);
        }
        batch
    }

    /// Takes what is remembered of a piece of work for granted; what is left
    /// must be read and compared.
    fn without_known(
        &mut self,
        bench: Bench<'_>,
        work: Work,
        issues: &mut Vec<Issue>,
    ) -> Option<Work> {
        let known = memo::recall(bench, &self.questions(bench, &work));
        let found: Vec<Compared> = known.iter().flatten().cloned().collect();
        if found.is_empty() {
            return Some(work);
        }
        let (old, new) = work.split(&known.iter().map(Option::is_some).collect::<Vec<_>>());
        self.keep(bench, old, &found, issues);
        (!new.pairs().is_empty()).then_some(new)
    }

    /// What a piece of work asks, in the order of [`Work::pairs`].
    fn questions(&self, bench: Bench<'_>, work: &Work) -> Vec<Question> {
        let original = |unit: u32, member: usize| bench.units[unit as usize].members[member];
        let trial = |index: u32| &self.trials[index as usize];
        let question = |(a, b): (u32, u32)| match work {
            Work::Compare { member, .. } => Question {
                what: "sent".into(),
                files: (original(a, *member), trial(b).query.item),
                size: trial(b).target(),
            },
            Work::Rivals { size, .. } => Question {
                what: "rivals".into(),
                files: (original(a, 0), original(b, 0)),
                size: *size,
            },
            Work::Twins { .. } => Question {
                what: "twins".into(),
                files: (trial(a).query.item, trial(b).query.item),
                size: work.size(&self.trials),
            },
        };
        work.pairs().into_iter().map(question).collect()
    }

    /// Files that a piece of work reads.
    fn items(&self, units: &[Unit], work: &Work) -> Vec<ItemId> {
        let (_, originals) = work.sides();
        let exported = work
            .exported(&self.trials)
            .into_iter()
            .filter(|&of| !self.maps.has(of))
            .map(|(trial, _)| self.trials[trial as usize].query.item);
        let members =
            originals.iter().filter_map(|&(unit, member)| units[unit as usize].members.get(member));
        exported.chain(members.copied()).collect()
    }

    /// The files of a batch that are not in the cache, and the sizes they are
    /// compared at.
    fn wanted(&self, bench: Bench<'_>, batch: &[Work]) -> Sizes {
        let mut wanted = Sizes::new();
        for work in batch {
            for of in work.exported(&self.trials) {
                let trial = &self.trials[of.0 as usize];
                if trial.failed.is_none() && !self.maps.has(of) {
                    wanted.entry(trial.query.item).or_default().insert(of.1);
                }
            }
            for (unit, member) in work.sides().1 {
                let item = bench.units[unit as usize].members[member];
                wanted.entry(item).or_default().extend(work.sizes(&self.trials));
            }
        }
        wanted
    }

    /// The exported pictures of a batch, from the cache or just decoded.
    fn exported(
        &mut self,
        known: Known<'_>,
        batch: &[Work],
        decoded: &Small,
        issues: &mut Vec<Issue>,
    ) -> BTreeMap<AtSize, Arc<Sight>> {
        let wanted: BTreeSet<AtSize> =
            batch.iter().flat_map(|work| work.exported(&self.trials)).collect();
        let cached = wanted.iter().filter_map(|&of| Some((of, self.maps.get(of)?)));
        let mut sights: BTreeMap<AtSize, Arc<Sight>> = cached.collect();
        for of in wanted {
            match decoded.get(&self.trials[of.0 as usize].query.item) {
                Some(Ok(sizes)) if !sights.contains_key(&of) => {
                    sights
                        .extend(at_size(sizes, of.1).map(|sight| (of, self.maps.keep(of, sight))));
                }
                Some(Err(problem)) => self.fail(known, of.0, problem.clone(), issues),
                _ => {}
            }
        }
        sights
    }

    fn fail(&mut self, known: Known<'_>, trial: u32, problem: Problem, issues: &mut Vec<Issue>) {
        self.report(known, self.trials[trial as usize].query.item, &problem, issues);
        self.trials[trial as usize].failed = Some(problem);
    }

    /// Reports what is wrong with a file, once.
    pub(super) fn report(
        &mut self,
        known: Known<'_>,
        id: ItemId,
        problem: &Problem,
        issues: &mut Vec<Issue>,
    ) {
        if self.bad.insert(id) {
            let path = known.item(id).path.clone();
            issues.push(Issue { path, problem: problem.clone() });
        }
    }

    /// Reports what a comparison says about its two files.
    pub(super) fn report_both(
        &mut self,
        known: Known<'_>,
        question: &Question,
        found: &Compared,
        issues: &mut Vec<Issue>,
    ) {
        let (first, second) = question.files;
        for (id, problem) in [(first, &found.first), (second, &found.second)] {
            if let Some(problem) = problem {
                self.report(known, id, problem, issues);
            }
        }
    }

    /// Stores what a piece of work found.
    fn keep(
        &mut self,
        bench: Bench<'_>,
        work: Work,
        results: &[Compared],
        issues: &mut Vec<Issue>,
    ) {
        for (question, found) in self.questions(bench, &work).iter().zip(results) {
            self.report_both(bench.known, question, found, issues);
        }
        let pairs = work.pairs();
        let noise = residual::noise(work.size(&self.trials));
        let apart = |fit: Fit| Apart {
            residual: fit.residual / noise,
            worst_block: fit.worst_block / noise,
            moved: fit.motion.is_move() || fit.motion.is_blind(),
        };
        let fits = pairs
            .iter()
            .zip(results)
            .filter_map(|(&(a, b), found)| Some(((a.min(b), a.max(b)), apart(found.fit?))));
        match work {
            Work::Compare { unit, member, trials } => {
                let members = bench.units[unit as usize].members.len();
                let unread = results.iter().any(|found| found.first.is_some());
                if unread && member + 1 < members {
                    self.works.push_front(Work::Compare { unit, member: member + 1, trials });
                    return;
                }
                for (trial, found) in trials.into_iter().zip(results) {
                    if found.second.is_some() {
                        self.trials[trial as usize].failed.clone_from(&found.second);
                    }
                    self.record(unit, trial, found.fit);
                }
            }
            Work::Rivals { .. } => self.rivals.extend(fits),
            Work::Twins { .. } => self.twins.extend(fits),
        }
    }

    fn record(&mut self, unit: u32, trial: u32, fit: Option<Fit>) {
        let trial = &mut self.trials[trial as usize];
        trial.pending = trial.pending.saturating_sub(1);
        // Time neighbours are not in the ranking; they are checked for worth
        // before they are ordered.
        let rank = |unit: u32| trial.ranked.iter().position(|ranked| ranked.unit == unit);
        if let Some(rank_here) = rank(unit) {
            let Ranked { distance, better, .. } = trial.ranked[rank_here];
            // In the order of the ranking, whatever was known before.
            let at = trial.tested.partition_point(|tested| rank(tested.unit) < Some(rank_here));
            trial.tested.insert(at, Tested { unit, distance, better, fit });
        }
    }
}

fn cost_ms(known: Known<'_>, id: ItemId) -> u64 {
    let kind = known.features(id).map(|features| features.kind);
    let per_mb = if kind == Some(Kind::Heic) { HEIC_MS_PER_MB } else { OTHER_MS_PER_MB };
    (known.item(id).size >> 10).saturating_mul(per_mb) >> 10
}

/// Reads a whole picture file.
pub(super) fn load(bench: Bench<'_>, id: ItemId, read: &mut u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
    let source = collect::open(bench.known.item(id), bench.files).map_err(unreadable)?;
    let (need, limit) = (source.size(), bench.settings.limits.picture_bytes);
    let len = usize::try_from(need).ok().filter(|_| need <= limit);
    let bytes = read_range(&*source, 0, len.ok_or(Problem::OverLimit { need, limit })?)
        .map_err(unreadable)?;
    *read += bytes.len() as u64;
    if (bytes.len() as u64) < need { Err(Problem::Truncated) } else { Ok(bytes) }
}

/// Where a picture's colours come from.
#[derive(Clone, Copy, PartialEq)]
enum Colours {
    /// From what examining saw, where that shows the picture: its luma is decoded
    /// much faster than all of it.
    AsSeen,
    /// From the picture itself.
    Own,
}

/// Reads and decodes each picture once.
fn decode(bench: Bench<'_>, wanted: Sizes, colours: Colours, read: &mut u64) -> Small {
    let limits = &bench.settings.limits;
    let load = |(id, _): &(ItemId, _)| load(bench, *id, read);
    let decode = |(id, sizes): &(ItemId, BTreeSet<_>), bytes: Result<Vec<u8>, Problem>| {
        let seen = bench.known.features(*id).filter(|_| colours == Colours::AsSeen);
        sight::small(&bytes?, sizes, seen, limits)
    };
    let decoded = read_ahead(wanted, load, decode);
    decoded.into_iter().map(|((id, _), sights)| (id, sights)).collect()
}

/// Whether a picture equals an original but for its colours.
fn is_recoloured(found: &Compared) -> bool {
    found.fit.is_some_and(|fit| fit.residual <= ONE_PICTURE && fit.tint.is_filter())
}

/// Originals that equal a sent picture but for colours that are only known from
/// a thumbnail: some cameras' thumbnails have colours of their own.
fn doubted(results: &[Vec<Compared>], batch: &[Work], units: &[Unit], decoded: &Small) -> Sizes {
    let mut doubted = Sizes::new();
    for (work, results) in batch.iter().zip(results) {
        let Work::Compare { unit, member, .. } = work else { continue };
        let item = units[*unit as usize].members[*member];
        let Some(Ok(sights)) = decoded.get(&item) else { continue };
        let seen = sights.iter().any(|sight| !sight.own_colours);
        if seen && results.iter().any(is_recoloured) {
            let sizes = sights.iter().map(|sight| (sight.grey.width, sight.grey.height));
            doubted.insert(item, sizes.collect());
        }
    }
    doubted
}

fn sent(exported: &Sight, original: &Sight) -> Option<Fit> {
    let fit = residual::fit_sent(&exported.grey, &original.grey)?;
    Some(Fit { tint: Tint::between(&exported.chroma, &original.chroma), ..fit })
}

/// Compares the pairs of one piece of work, in the order of [`Work::pairs`].
fn compare(
    work: &Work,
    units: &[Unit],
    trials: &[Trial],
    exported: &BTreeMap<AtSize, Arc<Sight>>,
    decoded: &Small,
) -> Vec<Compared> {
    let original = |unit: u32, member: usize, size: (u32, u32)| {
        let id = units[unit as usize].members.get(member)?;
        at_size(decoded.get(id)?.as_ref().ok()?, size)
    };
    let unread = |unit: u32, member: usize| {
        let id = units[unit as usize].members.get(member)?;
        decoded.get(id)?.as_ref().err().cloned()
    };
    let failed = |trial: u32| trials[trial as usize].failed.clone();
    let compared = |(a, b): (u32, u32)| match work {
        Work::Compare { member, .. } => {
            let target = trials[b as usize].target();
            let both = exported.get(&(b, target)).zip(original(a, *member, target));
            let fit = both.and_then(|(exported, original)| sent(exported, &original));
            Compared { fit, edited: None, first: unread(a, *member), second: failed(b) }
        }
        Work::Rivals { size, .. } => {
            let both = original(a, 0, *size).zip(original(b, 0, *size));
            let fit = both.and_then(|(a, b)| residual::fit_copies(&a.grey, &b.grey));
            Compared { fit, edited: None, first: unread(a, 0), second: unread(b, 0) }
        }
        Work::Twins { .. } => {
            let size = work.size(trials);
            let both = exported.get(&(a, size)).zip(exported.get(&(b, size)));
            let fit = both.and_then(|(a, b)| residual::fit_copies(&a.grey, &b.grey));
            Compared { fit, edited: None, first: failed(a), second: failed(b) }
        }
    };
    work.pairs().into_iter().map(compared).collect()
}
