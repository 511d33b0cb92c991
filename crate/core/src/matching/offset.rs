//! The clock difference between the exporting phone and the camera, found from
//! pairs that pictures have proved: an exporter's zone is unwritten.
//!
//! One offset for the whole chat; [`sweep`] works on any list of proofs, so
//! that clusters of days can get their own.

use super::Offset;
use super::candidates::{EARLIEST_S, LATEST_S};
use crate::collect::Sent;

/// Step of the sweep: zones lie on quarters of an hour.
const STEP_S: i64 = 900;

/// How long after a capture a picture counts as sent at once, in seconds.
const AT_ONCE_S: i64 = 600;

/// How much a capture may seem to lie after its send time: clocks drift.
const DRIFT_S: i64 = 120;

/// Longest interval of a send time that says something about minutes.
const SHARPEST_SPAN_S: u32 = 60;

/// Fewest proved pairs that may move the clock.
const FEWEST: i64 = 3;

/// A proved pair: when it was sent, and its capture on the camera's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proved {
    pub sent: Sent,
    pub taken: i64,
}

/// The offset that most proved pairs support; `None` without usable pairs.
///
/// A pair supports an offset if the picture was sent within ten minutes of its
/// capture, and contradicts it if it was sent before. Zero stays unless
/// another offset has at least three supporters and is clearly ahead.
pub(super) fn sweep(proved: &[Proved]) -> Option<Offset> {
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
