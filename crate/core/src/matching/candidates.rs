//! Which originals could be behind an exported picture: shape, worth, time
//! window, fingerprint. Nothing is read for it.

use rayon::prelude::*;

use super::clock::{Clock, Moment};
use super::fingerprints::Fingerprints;
use super::gates;
use super::residual;
use super::units::{Known, Unit};
use crate::collect::Sent;
use crate::model::{ItemId, MediumId};
use crate::settings::{Search, Settings};

/// Shortlists that may follow each other for one picture: with a long burst
/// the true frame can be outside the first.
pub(super) const ROUNDS: usize = 3;

/// Originals that are no better than the exported file, kept per picture so
/// that the report can say so.
const NO_BETTER: usize = 2;

/// Grey levels (RMS of two miniatures) from which on an original waits until no
/// likelier one fits. No mode proves a picture that is as far off, nor can it be
/// the next best of one that is proved.
const UNLIKE: f64 = 8.0;

/// How far an unknown camera clock may be behind or ahead (design section 4,
/// step 7), in seconds.
pub(super) const EARLIEST_S: i64 = -12 * 3600;
pub(super) const LATEST_S: i64 = 14 * 3600;

/// An exported picture that is to be proved.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub medium: MediumId,
    pub item: ItemId,
    /// Pixels, after orientation.
    pub size: (u32, u32),
    pub p64: u64,
    pub sent: Option<Sent>,
    /// Mean of its quantisation table, if it is a JPEG.
    pub quantisation: Option<f32>,
}

/// An original in a shortlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranked {
    /// Index of the unit.
    pub unit: u32,
    /// Differing bits of the fingerprints.
    pub distance: u32,
    /// Whether it would be worth linking.
    pub better: bool,
    /// Whether its miniature looks like the picture's.
    pub likely: bool,
}

/// The candidates of every query: those with a miniature like its own, then by
/// fingerprint, nearest in time among equals; those that are no better come last.
pub(super) fn rank_all(
    queries: &[Query],
    units: &[Unit],
    known: Known<'_>,
    clock: &Clock,
    settings: &Settings,
) -> Vec<Vec<Ranked>> {
    let look = |(index, unit): (u32, &Unit)| unit.look.map(|look| (look.p64, index));
    let looks = Fingerprints::new((0u32..).zip(units).filter_map(look).collect());
    let rank = |query| rank(query, &looks, units, known, clock, settings);
    queries.par_iter().map(rank).collect()
}

fn rank(
    query: &Query,
    looks: &Fingerprints,
    units: &[Unit],
    known: Known<'_>,
    clock: &Clock,
    settings: &Settings,
) -> Vec<Ranked> {
    let most = settings.proof().phash_distance;
    let mut better = Vec::new();
    let mut no_better = Vec::new();
    for (index, distance) in looks.within(query.p64, most) {
        let unit = &units[index as usize];
        if !possible(query, unit, clock, settings) {
            continue;
        }
        let unlike = !is_likely(query, unit, known);
        let key = (unlike, distance, time_rank(query.sent, unit.moment, clock), index);
        match worth(query, unit, known) {
            true => better.push(key),
            false => no_better.push(key),
        }
    }
    better.sort_unstable();
    no_better.sort_unstable();
    better.truncate(settings.limits.shortlist * ROUNDS);
    no_better.truncate(NO_BETTER);
    let ranked = |better| {
        move |(unlike, distance, _, unit): (bool, u32, (u8, u64), u32)| Ranked {
            unit,
            distance,
            better,
            likely: !unlike,
        }
    };
    better.into_iter().map(ranked(true)).chain(no_better.into_iter().map(ranked(false))).collect()
}

/// The gates that a time neighbour of a candidate must pass, too.
pub(super) fn possible(query: &Query, unit: &Unit, clock: &Clock, settings: &Settings) -> bool {
    if !gates::same_shape(query.size, unit.size)
        || longest(unit.size) < longest(query.size).min(512)
    {
        return false;
    }
    if settings.search == Search::Library {
        return true;
    }
    // The camera's clock is not known yet: whatever an offset could move into
    // the window stays; `in_window` decides when the offset is known.
    let window = i64::from(settings.match_window_seconds);
    match (query.sent, unit.moment) {
        (Some(sent), Some(moment)) => {
            (EARLIEST_S - window..=LATEST_S + window).contains(&clock.difference(sent, moment))
        }
        _ => false,
    }
}

/// Whether two miniatures allow that the original is behind the picture. An average
/// over larger areas leaves less of any difference, so that what is this far off
/// at 32 pixels is further off at 512; but a thumbnail may be older than its
/// picture.
fn is_likely(query: &Query, unit: &Unit, known: Known<'_>) -> bool {
    let miniatures = known.miniature(&[query.item]).zip(known.miniature(&unit.members));
    let left = miniatures.and_then(|(exported, original)| residual::coarse(exported, original));
    left.is_none_or(|left| left <= UNLIKE)
}

/// Whether the unit's best file is better than the exported one.
pub(super) fn worth(query: &Query, unit: &Unit, known: Known<'_>) -> bool {
    let Some(exported) = known.features(query.item) else { return false };
    unit.members.first().is_some_and(|&best| {
        known.features(best).is_some_and(|original| {
            gates::is_better((exported, known.item(query.item)), (original, known.item(best)))
        })
    })
}

/// Whether the capture lies inside the time window around the send time.
pub(super) fn in_window(
    sent: Option<Sent>,
    moment: Option<Moment>,
    clock: &Clock,
    settings: &Settings,
) -> bool {
    let window = u64::from(settings.match_window_seconds);
    match (sent, moment) {
        (Some(sent), Some(moment)) => clock.difference(sent, moment).unsigned_abs() <= window,
        _ => false,
    }
}

fn longest(size: (u32, u32)) -> u32 {
    size.0.max(size.1)
}

/// Captures before the send time first, nearest first; unknown times last.
fn time_rank(sent: Option<Sent>, moment: Option<Moment>, clock: &Clock) -> (u8, u64) {
    match (sent, moment) {
        (Some(sent), Some(moment)) => {
            let difference = clock.difference(sent, moment);
            (u8::from(difference < 0), difference.unsigned_abs())
        }
        _ => (2, 0),
    }
}
