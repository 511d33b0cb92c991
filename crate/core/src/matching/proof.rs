//! The proof: pictures are read, made small with one filter, and compared, in
//! bounded batches. One thread reads, all compute.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use super::cache::Maps;
use super::candidates::{Query, Ranked};
use super::residual::{self, Fit};
use super::units::{Known, Unit};
use crate::collect;
use crate::error::{Issue, Problem};
use crate::examine::decode::{self, GreyMap};
use crate::examine::guarded;
use crate::io::{Files, read_range};
use crate::model::{ItemId, Kind};
use crate::settings::{Limits, Settings};

/// Long edge at which pictures are compared (design section 4). Every
/// shortlisted original is compared at this size at once: decoding it a second
/// time for the best two would cost more than the larger size does.
pub(super) const EDGE: u32 = 512;

/// Smallest long edge for comparing. Pictures are compared at half their size
/// or less: at their own size the sharpness that the chat's filter left would
/// count as a difference.
const LEAST_EDGE: u32 = 96;

/// How many times larger than compared pictures are decoded at least: a
/// decoder's own reduced scales are sharper than an average over the area, and
/// must not be what makes the picture small.
const OVERSIZE: u32 = 3;

/// Exported pictures compared with one original in one batch.
const QUERIES: usize = 32;

/// Work per thread and batch, in milliseconds as estimated below.
const BATCH_MS: u64 = 100;

/// Milliseconds to decode a megabyte: an HEIC of 1.8 MB takes 0.5 to 1 s, a
/// JPEG of 2.5 MB 50 ms.
const HEIC_MS_PER_MB: u64 = 400;
const OTHER_MS_PER_MB: u64 = 20;

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

/// Something to compare.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Work {
    /// An original with the exported pictures that shortlist it.
    Compare {
        unit: u32,
        /// Which of the unit's files; the next is tried if it cannot be read.
        member: usize,
        trials: Vec<u32>,
    },
    /// The first original with the others, at the size of an exported picture.
    Rivals { units: Vec<u32>, size: (u32, u32) },
    /// The first exported picture with the others.
    Twins { trials: Vec<u32> },
}

/// Reads and compares.
#[derive(Default)]
pub(super) struct Prover {
    pub trials: Vec<Trial>,
    pub works: VecDeque<Work>,
    /// Residuals between originals, the smaller unit first.
    pub rivals: BTreeMap<(u32, u32), f64>,
    /// Residuals between exported pictures, the smaller trial first.
    pub twins: BTreeMap<(u32, u32), f64>,
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
    pub settings: &'a Settings,
}

/// Small pictures by item and size, or why there are none.
type Small = BTreeMap<ItemId, Result<Vec<GreyMap>, Problem>>;

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
        let batch = self.take_batch(bench);
        let mut read = 0;
        let exported = self.exported(bench, &batch, &mut read, issues);
        let originals = originals(bench, &self.trials, &batch, &mut read);
        let results: Vec<Vec<(u32, u32, Option<Fit>)>> = batch
            .par_iter()
            .map(|work| compare(work, bench.units, &self.trials, &exported, &originals))
            .collect();
        for (work, fits) in batch.into_iter().zip(results) {
            self.keep(bench, work, &fits, &originals, issues);
        }
        read
    }

    fn take_batch(&mut self, bench: Bench<'_>) -> Vec<Work> {
        let budget = BATCH_MS * rayon::current_num_threads() as u64;
        let (mut spent, mut bytes) = (0, 0);
        let mut batch = Vec::new();
        while let Some(work) = self.works.front() {
            let ids = self.items(bench.units, work);
            bytes += ids.iter().map(|&id| bench.known.item(id).size).sum::<u64>();
            spent += ids.iter().map(|&id| cost_ms(bench.known, id)).sum::<u64>();
            let full = spent > budget || bytes > bench.settings.limits.batch_bytes;
            if full && !batch.is_empty() {
                break;
            }
            batch.extend(self.works.pop_front());
        }
        batch
    }

    /// Files that a piece of work reads.
    fn items(&self, units: &[Unit], work: &Work) -> Vec<ItemId> {
        let (trials, originals) = sides(work);
        let exported = trials
            .iter()
            .filter(|&&trial| !self.maps.has(trial))
            .map(|&trial| self.trials[trial as usize].query.item);
        let members =
            originals.iter().filter_map(|&(unit, member)| units[unit as usize].members.get(member));
        exported.chain(members.copied()).collect()
    }

    /// The exported pictures of a batch, from the cache or read now.
    fn exported(
        &mut self,
        bench: Bench<'_>,
        batch: &[Work],
        read: &mut u64,
        issues: &mut Vec<Issue>,
    ) -> BTreeMap<u32, Arc<GreyMap>> {
        let wanted: BTreeSet<u32> = batch.iter().flat_map(|work| sides(work).0).collect();
        let fresh: Vec<(u32, Result<Vec<u8>, Problem>)> = wanted
            .iter()
            .filter(|&&trial| !self.maps.has(trial) && self.trials[trial as usize].failed.is_none())
            .map(|&trial| (trial, load(bench, self.trials[trial as usize].query.item, read)))
            .collect();
        let limits = &bench.settings.limits;
        let made: Vec<(u32, Result<GreyMap, Problem>)> = fresh
            .into_par_iter()
            .map(|(trial, bytes)| {
                let target = self.trials[trial as usize].target();
                (trial, bytes.and_then(|bytes| small(&bytes, &[target], limits)).and_then(only))
            })
            .collect();
        let mut maps = BTreeMap::new();
        for (trial, map) in made {
            match map {
                Ok(map) => {
                    maps.insert(trial, self.maps.keep(trial, map));
                }
                Err(problem) => self.fail(bench.known, trial, problem, issues),
            }
        }
        for trial in wanted {
            if let (false, Some(map)) = (maps.contains_key(&trial), self.maps.get(trial)) {
                maps.insert(trial, map);
            }
        }
        maps
    }

    fn fail(&mut self, known: Known<'_>, trial: u32, problem: Problem, issues: &mut Vec<Issue>) {
        let trial = &mut self.trials[trial as usize];
        if self.bad.insert(trial.query.item) {
            let path = known.item(trial.query.item).path.clone();
            issues.push(Issue { path, problem: problem.clone() });
        }
        trial.failed = Some(problem);
    }

    /// Stores what a piece of work found.
    fn keep(
        &mut self,
        bench: Bench<'_>,
        work: Work,
        fits: &[(u32, u32, Option<Fit>)],
        originals: &Small,
        issues: &mut Vec<Issue>,
    ) {
        for &(unit, member) in &sides(&work).1 {
            let id = bench.units[unit as usize].members[member];
            if let Some(Err(problem)) = originals.get(&id)
                && self.bad.insert(id)
            {
                let path = bench.known.item(id).path.clone();
                issues.push(Issue { path, problem: problem.clone() });
            }
        }
        let pair = |a: u32, b: u32| (a.min(b), a.max(b));
        match work {
            Work::Compare { unit, member, trials } => {
                let members = &bench.units[unit as usize].members;
                let unread = originals.get(&members[member]).is_none_or(Result::is_err);
                if unread && member + 1 < members.len() {
                    self.works.push_front(Work::Compare { unit, member: member + 1, trials });
                    return;
                }
                for &(_, trial, fit) in fits {
                    self.record(unit, trial, fit);
                }
            }
            Work::Rivals { .. } => self
                .rivals
                .extend(fits.iter().filter_map(|&(a, b, fit)| Some((pair(a, b), fit?.residual)))),
            Work::Twins { .. } => self
                .twins
                .extend(fits.iter().filter_map(|&(a, b, fit)| Some((pair(a, b), fit?.residual)))),
        }
    }

    fn record(&mut self, unit: u32, trial: u32, fit: Option<Fit>) {
        let trial = &mut self.trials[trial as usize];
        trial.pending = trial.pending.saturating_sub(1);
        // Time neighbours are not in the ranking; they are checked for worth
        // before they are ordered.
        let ranked = trial.ranked.iter().find(|ranked| ranked.unit == unit);
        if let Some(&Ranked { distance, better, .. }) = ranked {
            trial.tested.push(Tested { unit, distance, better, fit });
        }
    }
}

/// Trials and `(unit, member)`s of a piece of work.
fn sides(work: &Work) -> (Vec<u32>, Vec<(u32, usize)>) {
    match work {
        Work::Compare { unit, member, trials } => (trials.clone(), vec![(*unit, *member)]),
        Work::Rivals { units, .. } => (Vec::new(), units.iter().map(|&unit| (unit, 0)).collect()),
        Work::Twins { trials } => (trials.clone(), Vec::new()),
    }
}

fn cost_ms(known: Known<'_>, id: ItemId) -> u64 {
    let kind = known.features(id).map(|features| features.kind);
    let per_mb = if kind == Some(Kind::Heic) { HEIC_MS_PER_MB } else { OTHER_MS_PER_MB };
    (known.item(id).size >> 10).saturating_mul(per_mb) >> 10
}

/// The originals of a batch at the sizes they are compared at.
fn originals(bench: Bench<'_>, trials: &[Trial], batch: &[Work], read: &mut u64) -> Small {
    let mut wanted = BTreeMap::<ItemId, BTreeSet<(u32, u32)>>::new();
    for work in batch {
        for (unit, member) in sides(work).1 {
            let sizes = wanted.entry(bench.units[unit as usize].members[member]).or_default();
            match work {
                Work::Rivals { size, .. } => sizes.extend([*size]),
                _ => {
                    sizes.extend(sides(work).0.iter().map(|&trial| trials[trial as usize].target()))
                }
            }
        }
    }
    let loaded: Vec<_> = wanted
        .into_iter()
        .map(|(id, sizes)| (id, Vec::from_iter(sizes), load(bench, id, read)))
        .collect();
    let limits = &bench.settings.limits;
    loaded
        .into_par_iter()
        .map(|(id, sizes, bytes)| (id, bytes.and_then(|bytes| small(&bytes, &sizes, limits))))
        .collect()
}

/// Reads a whole picture file.
fn load(bench: Bench<'_>, id: ItemId, read: &mut u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
    let source = collect::open(bench.known.item(id), bench.files).map_err(unreadable)?;
    let (need, limit) = (source.size(), bench.settings.limits.picture_bytes);
    let len = usize::try_from(need).ok().filter(|_| need <= limit);
    let bytes = read_range(&*source, 0, len.ok_or(Problem::OverLimit { need, limit })?)
        .map_err(unreadable)?;
    *read += bytes.len() as u64;
    if (bytes.len() as u64) < need { Err(Problem::Truncated) } else { Ok(bytes) }
}

/// Decodes a picture once and makes it small to each size.
fn small(bytes: &[u8], sizes: &[(u32, u32)], limits: &Limits) -> Result<Vec<GreyMap>, Problem> {
    guarded(|| {
        let edge = sizes.iter().map(|size| size.0.max(size.1)).max().unwrap_or(EDGE);
        let plane = decode::luma(bytes, edge * OVERSIZE, limits)?;
        Ok(sizes.iter().map(|&(width, height)| decode::shrink(&plane, width, height)).collect())
    })
}

fn only(maps: Vec<GreyMap>) -> Result<GreyMap, Problem> {
    maps.into_iter().next().ok_or_else(|| Problem::Decode("it has no pixels".into()))
}

/// Fits of one piece of work: `(unit, trial)`, two units, or two trials.
fn compare(
    work: &Work,
    units: &[Unit],
    trials: &[Trial],
    exported: &BTreeMap<u32, Arc<GreyMap>>,
    originals: &Small,
) -> Vec<(u32, u32, Option<Fit>)> {
    let original = |unit: u32, member: usize, size: (u32, u32)| {
        let id = units[unit as usize].members.get(member)?;
        let maps = originals.get(id)?.as_ref().ok()?;
        maps.iter().find(|map| (map.width, map.height) == size)
    };
    match work {
        Work::Compare { unit, member, trials: asked } => {
            let fit = |trial: u32| {
                let original = original(*unit, *member, trials[trial as usize].target())?;
                residual::fit_sent(exported.get(&trial)?, original)
            };
            asked.iter().map(|&trial| (*unit, trial, fit(trial))).collect()
        }
        Work::Rivals { units, size } => {
            let fit = |a, b| residual::fit(original(a, 0, *size)?, original(b, 0, *size)?);
            with_first(units, fit)
        }
        Work::Twins { trials } => {
            with_first(trials, |a, b| residual::fit(exported.get(&a)?, exported.get(&b)?))
        }
    }
}

fn with_first(ids: &[u32], fit: impl Fn(u32, u32) -> Option<Fit>) -> Vec<(u32, u32, Option<Fit>)> {
    let Some((&first, others)) = ids.split_first() else { return Vec::new() };
    others.iter().map(|&other| (first, other, fit(first, other))).collect()
}
