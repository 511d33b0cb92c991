//! When things happened, on comparable clocks: the chat's wall clock and the
//! camera's differ by an unwritten offset.

use crate::collect::Sent;
use crate::model::{Features, Taken, TimeSource};

/// A capture time and the clock it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Seconds since 1970-01-01 00:00 on that clock.
    pub seconds: i64,
    /// The clock.
    pub face: Face,
    /// Whether a camera wrote it (not a file system or a name).
    pub by_camera: bool,
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// The wall clock where the picture was taken.
    Local,
    /// UTC; the place's zone is unknown.
    Utc,
}

/// What to add to a moment to get the chat's wall clock, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Clock {
    /// For [`Face::Local`], by the first second of the chat it holds for,
    /// ascending: usually nothing, or the hours someone travelled. What comes
    /// before the first counts to the first.
    pub local: Vec<(i64, i32)>,
    /// For [`Face::Utc`]: the chat's zone.
    pub utc: i32,
}

/// The capture time, if it is known to the second.
pub(super) fn moment(features: &Features) -> Option<Moment> {
    let by_camera =
        !matches!(features.time_source, None | Some(TimeSource::Name | TimeSource::Modified));
    let zone = features.zone_minutes.map(|minutes| i64::from(minutes) * 60);
    let (seconds, face) = match (features.taken?, zone) {
        (Taken::Wall(seconds), _) => (seconds, Face::Local),
        (Taken::Utc(seconds), Some(zone)) => (seconds.saturating_add(zone), Face::Local),
        (Taken::Utc(seconds), None) => (seconds, Face::Utc),
        (Taken::Day(_), _) => return None,
    };
    Some(Moment { seconds, face, by_camera })
}

impl Clock {
    /// Before anything is proved: the camera's clock shows the chat's time, and
    /// the chat's zone is the one most originals carry (UTC if none does).
    pub(super) fn assumed<'a>(originals: impl Iterator<Item = &'a Features>) -> Self {
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

    /// Sent minus taken in seconds; 0 anywhere inside the interval of a send
    /// time that is only known to the minute or the day. Negative: taken later.
    pub(super) fn difference(&self, sent: Sent, moment: Moment) -> i64 {
        let shift = match moment.face {
            Face::Local => self.local_at(sent.wall),
            Face::Utc => self.utc,
        };
        let taken = moment.seconds.saturating_add(i64::from(shift));
        let last = sent.wall.saturating_add(i64::from(sent.span.max(1)) - 1);
        if taken > last {
            last.saturating_sub(taken)
        } else {
            sent.wall.saturating_sub(taken).max(0)
        }
    }
}

/// Whether a camera says of both when they were taken, and it was not at the
/// same time: then they are two shots, however alike they look.
pub(super) fn two_shots(a: &Features, b: &Features) -> bool {
    let (Some(first), Some(second)) = (moment(a), moment(b)) else { return false };
    if !first.by_camera || !second.by_camera || first.face != second.face {
        return false;
    }
    let apart = first.seconds.abs_diff(second.seconds);
    // A zone that only one of the two files carries, or a copy that lost it,
    // moves the clock by whole quarters of an hour.
    let zone_only = apart <= 14 * 3600 && apart.is_multiple_of(900) && apart > 0;
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
            let at = Moment { seconds, face: Face::Local, by_camera: true };
            assert_eq!(clock.difference(Sent { wall: 1000, span }, at), want, "{span} {seconds}");
        };
        check(1, 600, 300);
        check(60, 930, 0);
        check(60, 959, 0);
        check(60, 960, -1);
        let utc = Moment { seconds: -3000, face: Face::Utc, by_camera: true };
        assert_eq!(clock.difference(Sent { wall: 1000, span: 1 }, utc), 400);
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
