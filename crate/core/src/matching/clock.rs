//! Capture and send times on comparable clocks. The chat's wall clock and the
//! camera's differ by an offset that no file states.

use crate::collect::Sent;
use crate::model::{Features, Taken, TimeSource};
use crate::zones::{EARLIEST_S, LATEST_S, STEP_S};

/// How much later than its send time a capture may seem, in seconds: clocks drift.
pub(in crate::matching) const DRIFT_S: i64 = 120;

/// How much later than its send time nothing can have been taken, in seconds, whatever
/// the zones of chat and camera: a clock that says so was never set.
const NEVER_S: i64 = LATEST_S - EARLIEST_S + DRIFT_S;

/// A capture time and the clock it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) struct Moment {
    /// Seconds since 1970-01-01 00:00 on that clock.
    pub seconds: i64,
    /// The clock.
    pub face: Face,
    /// Whether a camera wrote it (not a file system or a name).
    pub by_camera: bool,
    /// Whether it is only when the file was last changed, which copying does, too.
    pub is_change: bool,
    /// What the next clue says, where the first one cannot be: seconds and clock.
    pub next: Option<(i64, Face)>,
}

/// Which time a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Face {
    /// The wall clock where the picture was taken.
    Local,
    /// UTC; the place's zone is unknown.
    Utc,
}

/// What to add to a moment to get the chat's wall clock, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::matching) struct Clock {
    /// For [`Face::Local`]: the first second of the chat for which an offset holds,
    /// and the offset; ascending in time. Empty: no offset. Times before the first
    /// pair use the first offset.
    pub local: Vec<(i64, i32)>,
    /// For [`Face::Utc`]: the chat's zone.
    pub utc: i32,
}

/// The capture time, if it is known to the second.
pub(in crate::matching) fn moment(features: &Features) -> Option<Moment> {
    let by_camera =
        !matches!(features.time_source, None | Some(TimeSource::Name | TimeSource::Modified));
    let zone = features.zone_minutes.map(|minutes| i64::from(minutes) * 60);
    let (seconds, face) = match (features.taken?, zone) {
        (Taken::Wall(seconds), _) => (seconds, Face::Local),
        (Taken::Utc(seconds), Some(zone)) => (seconds.saturating_add(zone), Face::Local),
        (Taken::Utc(seconds), None) => (seconds, Face::Utc),
        (Taken::Day(_), _) => return None,
    };
    let next = features.next_clue.and_then(|(taken, _)| match taken {
        Taken::Wall(seconds) => Some((seconds, Face::Local)),
        Taken::Utc(seconds) => Some((seconds, Face::Utc)),
        Taken::Day(_) => None,
    });
    let is_change = features.time_source == Some(TimeSource::Modified);
    Some(Moment { seconds, face, by_camera, is_change, next })
}

/// Whether a camera wrote when the picture was taken.
pub(crate) fn by_camera(features: &Features) -> bool {
    moment(features).is_some_and(|moment| moment.by_camera)
}

impl Clock {
    /// The clock before anything is proved: camera and chat agree, and the chat's
    /// zone is the one that most originals carry (UTC if none carries one).
    pub(in crate::matching) fn assumed<'a>(originals: impl Iterator<Item = &'a Features>) -> Self {
        let mut zones = std::collections::BTreeMap::<i32, u32>::new();
        for minutes in originals.filter_map(|features| features.zone_minutes) {
            *zones.entry(minutes).or_default() += 1;
        }
        let most = zones.iter().max_by_key(|(minutes, count)| (**count, -minutes.abs()));
        let utc = most.map_or(0, |(minutes, _)| minutes.saturating_mul(60));
        Self { local: Vec::new(), utc }
    }

    fn local_at(&self, wall: i64) -> i32 {
        let after = self.local.partition_point(|(from, _)| *from <= wall);
        self.local.get(after.saturating_sub(1)).map_or(0, |(_, seconds)| *seconds)
    }

    /// The second that the chat's wall clock showed at this moment, by the offset of
    /// that time.
    pub(in crate::matching) fn shown(&self, moment: Moment) -> i64 {
        let shift = match moment.face {
            Face::Local => self.local_at(moment.seconds),
            Face::Utc => self.utc,
        };
        moment.seconds.saturating_add(i64::from(shift))
    }

    /// Sent minus taken in seconds; negative if taken later. Send times known to
    /// the minute or the day are intervals: 0 anywhere inside. A capture time that
    /// cannot be gives way to the next clue, if that can.
    pub(in crate::matching) fn difference(&self, sent: Sent, moment: Moment) -> i64 {
        let first = self.apart(sent, moment.seconds, moment.face);
        let next = moment.next.filter(|_| first < -NEVER_S);
        let next = next.map(|(seconds, face)| self.apart(sent, seconds, face));
        next.filter(|next| *next >= -NEVER_S).unwrap_or(first)
    }

    /// The difference as people are told it: that a file was changed after its picture
    /// was sent says nothing of when that was taken.
    pub(in crate::matching) fn told(&self, sent: Sent, moment: Moment) -> Option<i64> {
        let difference = self.difference(sent, moment);
        (difference >= 0 || !moment.is_change).then_some(difference)
    }

    fn apart(&self, sent: Sent, seconds: i64, face: Face) -> i64 {
        let shift = match face {
            Face::Local => self.local_at(sent.wall),
            Face::Utc => self.utc,
        };
        let taken = seconds.saturating_add(i64::from(shift));
        let last = sent.wall.saturating_add(i64::from(sent.span.max(1)) - 1);
        if taken > last {
            last.saturating_sub(taken)
        } else {
            sent.wall.saturating_sub(taken).max(0)
        }
    }
}

/// Whether both files carry a camera's capture time and the two times differ: then
/// they are two shots, however alike they look. Equal seconds are told apart by
/// thousandths, if both files have them.
pub(in crate::matching) fn two_shots(a: &Features, b: &Features) -> bool {
    let (Some(first), Some(second)) = (moment(a), moment(b)) else { return false };
    if !first.by_camera || !second.by_camera || first.face != second.face {
        return false;
    }
    let apart = first.seconds.abs_diff(second.seconds);
    // If only one of the two files carries a zone, the times differ by that zone:
    // quarters of an hour, 14 hours at most (UTC+14 is the widest zone in use).
    let [step, most] = [STEP_S, LATEST_S].map(i64::unsigned_abs);
    let zone_only = apart <= most && apart.is_multiple_of(step) && apart > 0;
    match (a.sub_millis, b.sub_millis) {
        (Some(x), Some(y)) if apart == 0 => x != y,
        _ => apart > 0 && !zone_only,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn taken(taken: Taken, zone_minutes: Option<i32>) -> Features {
        let time_source = Some(TimeSource::Exif);
        Features { taken: Some(taken), zone_minutes, time_source, ..Features::new(Kind::Jpeg) }
    }

    #[test]
    fn a_zone_turns_utc_into_the_wall_clock() {
        let known = moment(&taken(Taken::Utc(1000), Some(60))).unwrap();
        assert_eq!((known.seconds, known.face), (4600, Face::Local));
        assert_eq!(moment(&taken(Taken::Utc(1000), None)).unwrap().face, Face::Utc);
        assert_eq!(moment(&taken(Taken::Day(3), None)), None);
    }

    #[test]
    fn differences_end_at_the_interval_of_the_send_time() {
        let clock = Clock { local: vec![(0, 100), (5000, 9)], utc: 3600 };
        let check = |span, seconds, want| {
            let at = Moment {
                seconds,
                face: Face::Local,
                by_camera: true,
                is_change: false,
                next: None,
            };
            assert_eq!(clock.difference(Sent { wall: 1000, span }, at), want, "{span} {seconds}");
        };
        check(1, 600, 300);
        check(60, 930, 0);
        check(60, 959, 0);
        check(60, 960, -1);
        let utc = Moment {
            seconds: -3000,
            face: Face::Utc,
            by_camera: true,
            is_change: false,
            next: None,
        };
        assert_eq!(clock.difference(Sent { wall: 1000, span: 1 }, utc), 400);
    }

    #[test]
    fn a_clock_that_was_never_set_gives_way_to_the_name() {
        let (sent, clock) = (Sent { wall: 1_000_000, span: 60 }, Clock::default());
        let check = |first, next: Option<i64>, want| {
            let named = next.map(|seconds| (Taken::Wall(seconds), TimeSource::Name));
            let features = Features { next_clue: named, ..taken(Taken::Utc(first), None) };
            assert_eq!(clock.difference(sent, moment(&features).unwrap()), want);
        };
        check(9_000_000, Some(999_600), 400);
        check(9_000_000, Some(8_000_000), 1_000_059 - 9_000_000);
        check(9_000_000, None, 1_000_059 - 9_000_000);
        // Half a day may be a zone, and what was taken before may have been taken then.
        check(1_043_259, Some(999_600), -43_200);
        check(5, Some(999_600), 999_995);
    }

    #[test]
    fn the_day_of_a_copy_is_not_told_as_the_day_of_the_picture() {
        let (sent, clock) = (Sent { wall: 1000, span: 1 }, Clock::default());
        let told = |source, seconds| {
            let found = Features { time_source: Some(source), ..taken(Taken::Utc(seconds), None) };
            clock.told(sent, moment(&found).unwrap())
        };
        assert_eq!(told(TimeSource::Modified, 900_000), None);
        assert_eq!(told(TimeSource::Modified, 400), Some(600));
        assert_eq!(told(TimeSource::Exif, 900_000), Some(1000 - 900_000));
    }

    #[test]
    fn the_assumed_zone_is_the_most_common() {
        let features = [
            taken(Taken::Utc(0), Some(60)),
            taken(Taken::Utc(0), Some(60)),
            taken(Taken::Utc(0), Some(-300)),
        ];
        assert_eq!(Clock::assumed(features.iter()), Clock { utc: 3600, ..Clock::default() });
        assert_eq!(Clock::assumed([].iter()), Clock::default());
    }

    #[test]
    fn shots_a_second_apart_are_two() {
        let check = |a: &Features, b: &Features, want| assert_eq!(two_shots(a, b), want);
        let first = taken(Taken::Wall(100), None);
        check(&first, &taken(Taken::Wall(101), None), true);
        check(&first, &taken(Taken::Wall(100), None), false);
        check(&first, &taken(Taken::Wall(3700), None), false);
        let split = |millis| Features { sub_millis: Some(millis), ..first.clone() };
        check(&split(10), &split(90), true);
        check(&split(10), &first, false);
    }
}
