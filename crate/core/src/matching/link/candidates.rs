//! Which originals an exported picture could come from: by shape, worth, time
//! window and fingerprint. Nothing is read for it.

use super::fingerprints::Fingerprints;
use super::precedence;
use crate::collect::Sent;
use crate::examine::look;
use crate::matching::clock::{Clock, Moment};
use crate::matching::evidence::residual::{self, COMPARED_EDGE};
use crate::matching::gates;
use crate::matching::units::{Known, Unit, UnitId};
use crate::model::{ItemId, MediumId, Size};
use crate::settings::{Search, Settings};
use crate::zones::{EARLIEST_S, LATEST_S};

/// Shortlists that are tried for one picture, one after the other; with a long
/// burst the true frame may be outside the first. Originals behind the last are not
/// compared. Chosen, not measured.
pub(in crate::matching) const ROUNDS: usize = 3;

/// Originals no better than the exported file that are compared for each picture,
/// so that the report can name them. Chosen, not measured.
const NO_BETTER: usize = 2;

/// Residual of two miniatures (RMS in grey levels) above which an original is
/// compared only if no likelier one fits. It is above what any mode accepts at 512
/// pixels, where the residual is larger still (docs/architecture.md).
const UNLIKE: f64 = 8.0;

/// What is searched for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::matching) enum Wanted {
    /// A better original of a picture that was sent.
    Original,
    /// Any other file of one library that shows the same shot: of each two, the better one
    /// is looked for, so that a pair is met once.
    Copy,
}

/// A picture of which the original, or another copy, is searched.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Query {
    pub medium: MediumId,
    pub item: ItemId,
    /// After orientation.
    pub size: Size,
    pub p64: u64,
    pub sent: Option<Sent>,
    /// Mean of its quantisation table, if it is a JPEG: how coarse its encoder was.
    pub quantisation: Option<f32>,
    pub wanted: Wanted,
}

/// An original in a shortlist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) struct Ranked {
    pub unit: UnitId,
    /// Bits by which the fingerprints differ.
    pub distance: u32,
    /// Whether it is worth linking.
    pub better: bool,
    /// Whether its miniature is within [`UNLIKE`] of the picture's.
    pub likely: bool,
}

/// Fingerprints that are scanned in one piece of work, some 20 microseconds
/// (measured: bench/results.md).
const SCANNED: usize = 10_000;
/// Originals that are looked at in one piece of work (estimated).
const SEEN: usize = 8;

/// The fingerprints of all units, ready to be searched.
pub(in crate::matching) fn looks(units: &[Unit]) -> Fingerprints {
    let own = |(id, unit): (UnitId, &Unit)| {
        let shown = unit.fingerprint.into_iter().chain(unit.on_black);
        shown.map(move |own| (own.p64, id)).collect::<Vec<_>>()
    };
    Fingerprints::new((0..).map(UnitId).zip(units).flat_map(own).collect())
}

/// The candidates of a query, and the work it took. Likely ones come first, then by
/// fingerprint, then the nearest in time; those that are no better than the
/// exported file come last.
pub(in crate::matching) fn rank(
    query: &Query,
    looks: &Fingerprints,
    units: &[Unit],
    known: Known<'_>,
    clock: &Clock,
    settings: &Settings,
) -> (Vec<Ranked>, u64) {
    let most = settings.proof().phash_distance;
    let mut better = Vec::new();
    let mut no_better = Vec::new();
    let mut near = looks.within(query.p64, most);
    near.retain(|(id, _)| gates::same_shape(query.size, units[*id].size));
    // The file may have been turned since: then its shape fits only so.
    let miniature = known.miniature(&[query.item]);
    for turned in miniature.map(look::turned).unwrap_or_default() {
        let lying = looks.within(turned.p64, most).into_iter();
        near.extend(lying.filter(|(id, _)| gates::fits_turned(query.size, units[*id].size)));
    }
    near.sort_unstable();
    near.dedup_by_key(|(id, _)| *id);
    let work = 1 + 3 * (units.len() / SCANNED) + near.len() / SEEN;
    for (id, distance) in near {
        let unit = &units[id];
        if !fits(query, unit, clock, settings) {
            continue;
        }
        let unlike = !is_likely(query, unit, known);
        let key = (unlike, distance, time_rank(query.sent, unit.moment, clock), id);
        match worth(query, unit, known) {
            true => better.push(key),
            false if query.wanted == Wanted::Original => no_better.push(key),
            false => {}
        }
    }
    better.sort_unstable();
    no_better.sort_unstable();
    better.truncate(settings.limits.shortlist * ROUNDS);
    no_better.truncate(NO_BETTER);
    let ranked = |better| {
        move |(unlike, distance, _, unit): (bool, u32, (u8, u64), UnitId)| Ranked {
            unit,
            distance,
            better,
            likely: !unlike,
        }
    };
    let no_better = no_better.into_iter().map(ranked(false));
    (better.into_iter().map(ranked(true)).chain(no_better).collect(), work as u64)
}

/// Whether an original could be the picture by shape, size and time.
pub(in crate::matching) fn possible(
    query: &Query,
    unit: &Unit,
    clock: &Clock,
    settings: &Settings,
) -> bool {
    gates::same_shape(query.size, unit.size) && fits(query, unit, clock, settings)
}

/// The same whatever the shape.
fn fits(query: &Query, unit: &Unit, clock: &Clock, settings: &Settings) -> bool {
    if unit.size.longest() < query.size.longest().min(COMPARED_EDGE) {
        return false;
    }
    if settings.search == Search::Library {
        return true;
    }
    // The camera's clock is not known yet: whatever any offset could move into the
    // window stays. `in_window` decides once the offset is known.
    let window = i64::from(settings.match_window_seconds);
    match (query.sent, unit.moment) {
        (Some(sent), Some(moment)) => {
            (EARLIEST_S - window..=LATEST_S + window).contains(&clock.difference(sent, moment))
        }
        _ => false,
    }
}

/// Whether two miniatures allow that the picture comes from the original. An
/// average over larger areas leaves less of any difference: what is this far off at
/// 32 pixels is further off at 512. But a thumbnail may be older than its picture,
/// so this only orders the candidates.
fn is_likely(query: &Query, unit: &Unit, known: Known<'_>) -> bool {
    let Some(exported) = known.miniature(&[query.item]) else { return true };
    let like = |original| residual::coarse(exported, original).is_none_or(|left| left <= UNLIKE);
    let black = unit.members.iter().find_map(|&id| known.features(id)?.on_black.as_ref());
    known.miniature(&unit.members).is_none_or(like) || black.is_some_and(|(_, own)| like(own))
}

/// Whether the unit's best file is better than the exported one.
pub(in crate::matching) fn worth(query: &Query, unit: &Unit, known: Known<'_>) -> bool {
    let Some(exported) = known.features(query.item) else { return false };
    if query.wanted == Wanted::Copy {
        let first = unit.members.first();
        return first.is_some_and(|&other| precedence::may_be_first(known, other, query.item));
    }
    unit.members.first().is_some_and(|&best| {
        known.features(best).is_some_and(|original| {
            gates::is_better((exported, known.item(query.item)), (original, known.item(best)))
        })
    })
}

/// Whether the capture lies inside the time window around the send time.
pub(in crate::matching) fn in_window(
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

/// Captures before the send time first, the nearest of them first; then later ones;
/// unknown times last.
fn time_rank(sent: Option<Sent>, moment: Option<Moment>, clock: &Clock) -> (u8, u64) {
    match (sent, moment) {
        (Some(sent), Some(moment)) => {
            let difference = clock.difference(sent, moment);
            (u8::from(difference < 0), difference.unsigned_abs())
        }
        _ => (2, 0),
    }
}
