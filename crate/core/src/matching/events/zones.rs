//! Which zone holds when, by what files say.

use super::facts::Facts;

/// Files whose zone is known, by time.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// Seconds in UTC and minutes east of it.
    by_utc: Vec<(i64, i32)>,
    /// The same by the wall.
    by_wall: Vec<(i64, i32)>,
}

impl Zones {
    /// Those that files say themselves.
    pub(super) fn written(facts: &[Facts]) -> Self {
        Self::of(facts.iter().filter_map(|of| of.wall().zip(of.zone())))
    }

    /// Of walls and zones.
    pub(super) fn of(known: impl Iterator<Item = (i64, i32)>) -> Self {
        let mut by_wall: Vec<(i64, i32)> = known.collect();
        by_wall.sort_unstable();
        by_wall.dedup();
        let mut by_utc: Vec<(i64, i32)> =
            by_wall.iter().map(|&(wall, zone)| (wall - 60 * i64::from(zone), zone)).collect();
        by_utc.sort_unstable();
        Self { by_utc, by_wall }
    }

    /// Whether no zone is known.
    pub(super) fn is_empty(&self) -> bool {
        self.by_wall.is_empty()
    }

    /// The zone nearest to a time in UTC, and how many seconds away it is.
    pub(super) fn at(&self, utc: i64) -> Option<(i64, i32)> {
        nearest(&self.by_utc, utc)
    }

    /// The same for a time on the wall.
    pub(super) fn at_wall(&self, wall: i64) -> Option<(i64, i32)> {
        nearest(&self.by_wall, wall)
    }
}

fn nearest(sorted: &[(i64, i32)], time: i64) -> Option<(i64, i32)> {
    let behind = sorted.partition_point(|(at, _)| *at < time);
    let both = [behind.checked_sub(1), Some(behind)].into_iter().flatten();
    let found = both.filter_map(|at| sorted.get(at));
    found.map(|&(at, zone)| ((at - time).abs(), zone)).min_by_key(|(apart, _)| *apart)
}
