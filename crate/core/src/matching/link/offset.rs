//! Finds the clock difference between the exporting phone and the camera from pairs
//! that pictures have proved: an export does not state its time zone.
//!
//! A phone that travels, or a change to summer time, changes the difference in the
//! middle of a chat: [`clusters`] finds the days between which it did.

use std::collections::BTreeMap;

use crate::collect::Sent;
use crate::matching::clock::DRIFT_S;
use crate::matching::pairing::Offset;
use crate::zones::{EARLIEST_S, LATEST_S, STEP_S};

/// Most seconds between capture and sending of a pair that supports an offset; a
/// pair further apart says nothing. Chosen, not measured.
const AT_ONCE_S: i64 = 600;

/// Longest interval in seconds of a send time that is used: a day says nothing
/// about minutes.
const SHARPEST_SPAN_S: u32 = 60;

/// Fewest proved pairs that support an offset; with fewer it is not believed.
/// Chosen, not measured.
const FEWEST: i64 = 3;

/// Seconds of a day; the clock is taken to change only between days.
const DAY_S: i64 = 86_400;

/// A proved pair: when it was sent, and its capture on the camera's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) struct Proved {
    pub sent: Sent,
    pub taken: i64,
}

/// The one offset that most proved pairs support; `None` without usable pairs.
///
/// A pair supports an offset if the picture was sent within [`AT_ONCE_S`] of its
/// capture, and speaks against it if it was sent before. Zero stays unless another
/// offset has [`FEWEST`] supporters and is clearly ahead.
pub(in crate::matching) fn sweep(proved: &[Proved]) -> Option<Offset> {
    let sharp: Vec<Proved> =
        proved.iter().filter(|pair| pair.sent.span <= SHARPEST_SPAN_S).copied().collect();
    let from = sharp.iter().map(|pair| pair.sent.wall).min()?;
    let to = sharp.iter().map(|pair| pair.sent.wall).max()?;
    let none = tally(&sharp, 0);
    let steps = EARLIEST_S / STEP_S..=LATEST_S / STEP_S;
    let best = steps
        .map(|step| step * STEP_S)
        .map(|seconds| (tally(&sharp, seconds), seconds))
        .max_by_key(|(tally, seconds)| (tally.score(), -seconds.abs(), *seconds))?;
    let ahead = best.0.score() >= none.score() + FEWEST.max(none.support / 2);
    let (tally, seconds) = if best.0.support >= FEWEST && ahead { best } else { (none, 0) };
    Some(Offset {
        from,
        to,
        seconds: i32::try_from(seconds).unwrap_or(0),
        evidence: u32::try_from(tally.support).unwrap_or(u32::MAX),
    })
}

/// What a change of the clock costs, in hundredths of a pair. A cluster costs two
/// changes, there and back: 2.5 pairs, so that three pairs pay for it and two do
/// not.
const CHANGE: i64 = 125;

/// The offsets of the chat, ascending in time, each for a run of days that
/// [`FEWEST`] pairs support. Empty without usable pairs.
pub(in crate::matching) fn clusters(proved: &[Proved]) -> Vec<Offset> {
    let mut days = BTreeMap::<i64, Vec<Proved>>::new();
    for pair in proved.iter().filter(|pair| pair.sent.span <= SHARPEST_SPAN_S) {
        days.entry(pair.sent.wall.div_euclid(DAY_S)).or_default().push(*pair);
    }
    let days: Vec<Vec<Proved>> = days.into_values().collect();
    let mut clusters: Vec<(i64, Vec<Proved>)> = Vec::new();
    for (seconds, pairs) in best_path(&days).into_iter().zip(days) {
        join(&mut clusters, seconds, pairs);
    }
    let mut proved = Vec::new();
    for (seconds, pairs) in clusters {
        let before = proved.last().map_or(0, |(before, _)| *before);
        let enough = seconds == 0 || tally(&pairs, seconds).support >= FEWEST;
        join(&mut proved, if enough { seconds } else { before }, pairs);
    }
    proved.iter().filter_map(|(seconds, pairs)| offset(pairs, *seconds)).collect()
}

fn join(clusters: &mut Vec<(i64, Vec<Proved>)>, seconds: i64, pairs: Vec<Proved>) {
    match clusters.last_mut() {
        Some((same, cluster)) if *same == seconds => cluster.extend(pairs),
        _ => clusters.push((seconds, pairs)),
    }
}

fn offset(pairs: &[Proved], seconds: i64) -> Option<Offset> {
    Some(Offset {
        from: pairs.iter().map(|pair| pair.sent.wall).min()?,
        to: pairs.iter().map(|pair| pair.sent.wall).max()?,
        seconds: i32::try_from(seconds).ok()?,
        evidence: u32::try_from(tally(pairs, seconds).support).unwrap_or(u32::MAX),
    })
}

/// The offset of each day, beginning at zero, that explains most pairs if every
/// change costs [`CHANGE`] (Viterbi's algorithm).
fn best_path(days: &[Vec<Proved>]) -> Vec<i64> {
    // Zero and small offsets first: they win where others explain no more.
    let mut offsets: Vec<i64> =
        (EARLIEST_S / STEP_S..=LATEST_S / STEP_S).map(|step| step * STEP_S).collect();
    offsets.sort_by_key(|seconds| (seconds.abs(), *seconds));
    let mut scores: Vec<i64> =
        offsets.iter().map(|seconds| if *seconds == 0 { 0 } else { -CHANGE }).collect();
    let mut came_from = Vec::with_capacity(days.len());
    for day in days {
        let (jump, best) = first_max(&scores);
        let stay = |state: usize| scores[state] >= best - CHANGE;
        let from: Vec<usize> =
            (0..offsets.len()).map(|state| if stay(state) { state } else { jump }).collect();
        let before = |state: usize| if stay(state) { scores[state] } else { best - CHANGE };
        scores = (0..offsets.len())
            .map(|state| before(state) + 100 * tally(day, offsets[state]).score())
            .collect();
        came_from.push(from);
    }
    let mut state = first_max(&scores).0;
    let mut path = Vec::with_capacity(days.len());
    for from in came_from.iter().rev() {
        path.push(offsets[state]);
        state = from[state];
    }
    path.reverse();
    path
}

/// The first of the largest.
fn first_max(scores: &[i64]) -> (usize, i64) {
    let mut best = (0, i64::MIN);
    for (index, &score) in scores.iter().enumerate() {
        if score > best.1 {
            best = (index, score);
        }
    }
    best
}

#[derive(Clone, Copy)]
struct Tally {
    support: i64,
    against: i64,
}

impl Tally {
    fn score(self) -> i64 {
        self.support - self.against
    }
}

fn tally(proved: &[Proved], offset: i64) -> Tally {
    let mut tally = Tally { support: 0, against: 0 };
    for pair in proved {
        let since = pair.sent.wall - pair.taken.saturating_add(offset);
        let last = since + i64::from(pair.sent.span.max(1)) - 1;
        if last < -DRIFT_S {
            tally.against += 1;
        } else if since <= AT_ONCE_S {
            tally.support += 1;
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs whose camera clock needs `offset`, sent so long after capture.
    fn pairs(offset: i64, delays: &[i64]) -> Vec<Proved> {
        let pair = |(index, delay): (usize, &i64)| {
            let wall = 1_700_000_000 + index as i64 * 7777;
            Proved { sent: Sent { wall, span: 1 }, taken: wall - delay - offset }
        };
        delays.iter().enumerate().map(pair).collect()
    }

    #[track_caller]
    fn check(proved: &[Proved], want: Option<(i32, u32)>) {
        assert_eq!(sweep(proved).map(|offset| (offset.seconds, offset.evidence)), want);
    }

    #[test]
    fn finds_whole_and_quarter_hours() {
        let delays = [10, 40, 100, 300, 90_000, 5000];
        check(&pairs(0, &delays), Some((0, 4)));
        check(&pairs(3600, &delays), Some((3600, 4)));
        check(&pairs(-7 * 3600, &delays), Some((-25_200, 4)));
        check(&pairs(20_700, &delays), Some((20_700, 4)));
    }

    #[test]
    fn pictures_sent_days_later_move_nothing() {
        check(&pairs(0, &[86_400, 90_100, 200_000, 300_300]), Some((0, 0)));
    }

    /// Pairs of a day, sent at once, whose camera clock needs `offset`.
    fn day(day: i64, offset: i64, count: i64) -> Vec<Proved> {
        let pair = |index: i64| {
            let wall = 1_699_920_000 + day * DAY_S + 30_000 + index * 1234;
            Proved { sent: Sent { wall, span: 1 }, taken: wall - 30 - 40 * index - offset }
        };
        (0..count).map(pair).collect()
    }

    #[track_caller]
    fn check_clusters(days: &[Vec<Proved>], want: &[(i32, u32)]) {
        let found = clusters(&days.concat());
        let found: Vec<_> = found.iter().map(|offset| (offset.seconds, offset.evidence)).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn a_week_abroad_is_a_cluster_of_its_own() {
        let home = |at| day(at, 0, 3);
        let away = |at| day(at, -25_200, 2);
        let days = [home(0), home(1), away(3), away(4), away(5), home(8), home(9)];
        check_clusters(&days, &[(0, 6), (-25_200, 6), (0, 6)]);
    }

    #[test]
    fn summer_time_begins_in_the_middle() {
        check_clusters(&[day(0, 0, 4), day(2, 0, 3), day(3, 3600, 4)], &[(0, 7), (3600, 4)]);
    }

    #[test]
    fn two_pairs_make_no_cluster() {
        check_clusters(&[day(0, 0, 4), day(1, 3600, 2), day(2, 0, 4)], &[(0, 8)]);
        check_clusters(&[day(0, 7200, 5)], &[(7200, 5)]);
        check_clusters(&[], &[]);
    }

    #[test]
    fn two_pairs_are_too_few() {
        check(&pairs(3600, &[10, 20]), Some((0, 0)));
        check(&[], None);
    }

    #[test]
    fn a_day_in_a_name_says_nothing() {
        let mut proved = pairs(3600, &[10, 20, 30, 40]);
        proved.iter_mut().for_each(|pair| pair.sent.span = 86_400);
        check(&proved, None);
    }
}
