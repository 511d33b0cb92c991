//! Originals that time leads to, whatever their looks: those taken around the best
//! one, and those taken around the message.

use std::ops::Range;

use super::candidates::{self, Ranked};
use super::court::Court;
use super::matcher::Matcher;
use super::phase::{Draft, Phase, SEEN};
use super::trial::{Trial, TrialId};
use super::{decide, limit};
use crate::collect::Sent;
use crate::matching::clock::{Clock, Moment};
use crate::matching::units::{Known, Unit, UnitId};
use crate::settings::Settings;

/// Originals taken within this many seconds of the best one are compared whatever
/// their fingerprint: the next frame of a burst must have its chance to fit better.
/// Chosen, not measured.
const NEIGHBOUR_S: u64 = 3;

/// Most such neighbours compared for one picture, the nearest in time first.
/// Chosen, not measured.
const NEIGHBOURS: usize = 4;

/// Most originals taken around a message that are compared with its picture although
/// they do not look like it, as a wrong thumbnail or a plain picture makes them seem;
/// the nearest in time first. Each is decoded for it. Chosen, not measured.
const AROUND: usize = 4;

/// Units that a camera dated, with a second of that time, ascending.
pub(super) fn by_time(units: &[Unit], second: impl Fn(Moment) -> i64) -> Vec<(i64, UnitId)> {
    let dated = |(id, unit): (UnitId, &Unit)| {
        let moment = unit.moment.filter(|moment| moment.by_camera)?;
        Some((second(moment), id))
    };
    let mut by_time: Vec<_> = (0..).map(UnitId).zip(units).filter_map(dated).collect();
    by_time.sort_unstable();
    by_time
}

impl Matcher {
    /// Originals that no shortlist held, by time alone: for pictures without a match
    /// those taken inside the window around the message, so that none is said to look
    /// unlike it only because its thumbnail does; for the others those taken around the
    /// best one. Returns the work done.
    pub(super) fn by_moment(
        &mut self,
        draft: &mut Draft,
        range: Range<usize>,
        most: u64,
        known: Known<'_>,
        settings: &Settings,
    ) -> u64 {
        let around = self.phase == Phase::Around;
        let count = if around { AROUND } else { NEIGHBOURS };
        let mut work = 0;
        for id in TrialId::at_places(range) {
            draft.at = id.place() + 1;
            work += 1;
            let (trial, court) = (&self.prover.trials[id], self.court(known, settings));
            let near = if around {
                self.around(trial, &draft.by_time, court)
            } else {
                neighbours(trial, &draft.by_time, court)
            };
            work += (near.len() / SEEN) as u64;
            let fresh = near
                .into_iter()
                .filter_map(|unit| fresh(trial, &self.units, unit, known, &self.clock, settings));
            let fresh: Vec<Ranked> = fresh.take(count).collect();
            draft.pairs.extend(fresh.iter().map(|ranked| (id, ranked.unit)));
            self.prover.trials[id].ranked.extend(fresh);
            if work >= most {
                break;
            }
        }
        work
    }

    /// Units taken inside the window around the message of a picture without a match,
    /// those taken before it first, then the nearest in time.
    fn around(&self, trial: &Trial, by_time: &[(i64, UnitId)], court: Court<'_>) -> Vec<UnitId> {
        let sent = trial.query.sent.filter(|_| trial.failed.is_none());
        let Some(sent) = sent.filter(|_| !decide::is_found(trial, court)) else {
            return Vec::new();
        };
        let apart = |unit: UnitId| self.clock_difference(sent, unit);
        let mut near: Vec<(bool, u64, UnitId)> = inside(by_time, sent, court.settings)
            .iter()
            .map(|&(_, unit)| (apart(unit) < 0, apart(unit).unsigned_abs(), unit))
            .collect();
        near.sort_unstable();
        near.into_iter().map(|(_, _, unit)| unit).collect()
    }

    /// Sent minus taken in seconds; 0 if the unit is not dated.
    fn clock_difference(&self, sent: Sent, unit: UnitId) -> i64 {
        self.units.as_slice()[unit].moment.map_or(0, |moment| self.clock.difference(sent, moment))
    }
}

/// Units taken inside the window around a message.
fn inside<'a>(
    by_time: &'a [(i64, UnitId)],
    sent: Sent,
    settings: &Settings,
) -> &'a [(i64, UnitId)] {
    let window = i64::from(settings.match_window_seconds);
    let (from, to) = (sent.wall - window, sent.wall + i64::from(sent.span) + window);
    let start = by_time.partition_point(|(second, _)| *second < from);
    let end = by_time.partition_point(|(second, _)| *second < to);
    &by_time[start..end.max(start)]
}

/// Units taken within [`NEIGHBOUR_S`] of the best one of a trial, nearest first.
fn neighbours(trial: &Trial, by_time: &[(i64, UnitId)], court: Court<'_>) -> Vec<UnitId> {
    let limit = limit::residual(trial, court);
    let best = trial.best().filter(|(_, fit)| fit.residual <= limit);
    let at = best.and_then(|(best, _)| court.units[best].moment);
    let Some(at) = at.filter(|moment| moment.by_camera) else {
        return Vec::new();
    };
    let reach = i64::try_from(NEIGHBOUR_S).unwrap_or(i64::MAX);
    let from = by_time.partition_point(|(seconds, _)| *seconds < at.seconds - reach);
    let mut near: Vec<(u64, UnitId)> = by_time[from..]
        .iter()
        .take_while(|(seconds, _)| *seconds <= at.seconds + reach)
        .map(|&(seconds, unit)| (seconds.abs_diff(at.seconds), unit))
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, unit)| unit).collect()
}

/// A neighbour as a candidate, if it was not compared yet and is possible.
fn fresh(
    trial: &Trial,
    units: &[Unit],
    unit: UnitId,
    known: Known<'_>,
    clock: &Clock,
    settings: &Settings,
) -> Option<Ranked> {
    let of = &units[unit];
    let tested = trial.tested.iter().any(|tested| tested.unit == unit);
    let passes = candidates::possible(&trial.query, of, clock, settings)
        && candidates::worth(&trial.query, of, known);
    let distance = of.fingerprint.map_or(64, |own| (own.p64 ^ trial.query.p64).count_ones());
    (!tested && passes).then_some(Ranked { unit, distance, better: true, likely: true })
}
