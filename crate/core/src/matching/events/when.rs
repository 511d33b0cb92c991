//! Every file on one time line. A clock without a zone is on that of the nearest file that
//! has one, for people carry their cameras and their phones together.

use super::bodies::Bodies;
use super::clocks::{Clock, zone_by_receiver};
use super::facts::{By, Facts, Shown};
use super::track::Track;
use super::zones::Zones;

/// When a file was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// Seconds since 1970 in UTC; if no file has a zone, on the one wall of all.
    pub utc: i64,
    /// Thousandths of a second.
    pub millis: u16,
    /// Minutes east of UTC, if that is known of this time.
    pub zone: Option<i32>,
    /// Whether the file says its zone itself.
    pub own_zone: bool,
    /// Whether its zone is the likeliest of several that a track allows.
    pub guessed: bool,
    /// Seconds by which its camera's clock was put right.
    pub shift: i64,
    /// Who wrote it.
    pub by: By,
}

impl When {
    /// Seconds since 1970 on the wall of the place.
    pub(super) fn wall(&self) -> i64 {
        self.utc + 60 * i64::from(self.zone.unwrap_or(0))
    }
}

/// When each file was taken, as far as it is known; parallel to the facts.
pub(super) fn times(
    facts: &[Facts],
    bodies: &Bodies,
    clocks: &[Clock],
    tracks: &[Track],
) -> Vec<Option<When>> {
    let corrected = |at: usize| {
        let wall = facts[at].wall()?;
        let shift = bodies.of[at].map_or(0, |body| clocks[body].correction(wall));
        Some((wall.saturating_add(shift), shift))
    };
    let written = (0..facts.len()).filter_map(|at| {
        let zone = facts[at].zone()?;
        corrected(at).map(|(wall, _)| (wall, zone))
    });
    let mut zones = Zones::of(written);
    if zones.is_empty() {
        let derived = (0..facts.len()).filter_map(|at| Some((facts[at].wall()?, at)));
        let derived = derived.filter_map(|(wall, at)| Some((wall, zone_by_receiver(&facts[at])?)));
        zones = Zones::of(derived);
    }
    let mut guessed = false;
    if zones.is_empty() {
        let mut walls: Vec<i64> =
            (0..facts.len()).filter_map(|at| Some(corrected(at)?.0)).collect();
        walls.sort_unstable();
        if let Some((zone, sure)) = of_tracks(&walls, tracks) {
            guessed = !sure;
            zones = Zones::of(walls.first().map(|&wall| (wall, zone)).into_iter());
        }
    }
    let found = (0..facts.len()).map(|at| when(&facts[at], corrected(at), &zones));
    found.map(|when| when.map(|when| When { guessed, ..when })).collect()
}

fn when(of: &Facts, corrected: Option<(i64, i64)>, zones: &Zones) -> Option<When> {
    let stamp = of.stamp?;
    let (utc, zone, shift) = match stamp.shown {
        Shown::Utc(utc) => (utc, zones.at(utc).map(|(_, zone)| zone), 0),
        Shown::Wall(..) => {
            let (wall, shift) = corrected?;
            let near = || zones.at_wall(wall).map(|(_, zone)| zone);
            let zone = of.zone().or_else(|| zone_by_receiver(of).filter(|_| shift == 0));
            let zone = zone.or_else(near);
            (wall - 60 * i64::from(zone.unwrap_or(0)), zone, shift)
        }
    };
    let own_zone = of.zone().is_some();
    Some(When { utc, millis: stamp.millis, zone, own_zone, guessed: false, shift, by: stamp.by })
}

/// Where no file knows its zone: the one in which most photos were taken along the tracks,
/// in minutes, and whether no other is nearly as good. Of several the one that the sun and the
/// season make likeliest.
fn of_tracks(walls: &[i64], tracks: &[Track]) -> Option<(i32, bool)> {
    /// Most photos that are asked. Chosen, not measured.
    const MOST: usize = 1000;
    /// Seconds from a photo to a point of the track that it was taken along.
    const ALONG_S: i64 = 1800;
    /// Photos by which a zone must be better than the next to be sure. Chosen, not measured.
    const MARGIN: usize = 3;
    /// Hours by which zones lie behind and ahead of the sun's.
    const BEHIND_H: i32 = 2;
    const AHEAD_H: i32 = 3;
    let mut points: Vec<i64> =
        tracks.iter().flat_map(|track| track.points.iter().map(|point| point.0)).collect();
    points.sort_unstable();
    let &(utc, place, _) = tracks.iter().find_map(|track| track.points.first())?;
    let sun = libm::round(place.lon / 15.0) as i32;
    let along = |hours: &i32| {
        let step = walls.len().div_ceil(MOST).max(1);
        let near = |&&wall: &&i64| {
            let time = wall - 3600 * i64::from(*hours);
            let behind = points.partition_point(|point| *point < time);
            let both = [behind.checked_sub(1), Some(behind)].into_iter().flatten();
            both.filter_map(|at| points.get(at)).any(|point| (point - time).abs() <= ALONG_S)
        };
        walls.iter().step_by(step).filter(near).count()
    };
    let likely = sun + i32::from(is_summer(utc, place.lat));
    let mut found: Vec<(usize, i32)> =
        (sun - BEHIND_H..=sun + AHEAD_H).map(|hours| (along(&hours), hours)).collect();
    found.sort_by_key(|(count, hours)| (std::cmp::Reverse(*count), (hours - likely).abs()));
    let (most, best) = *found.first().filter(|(count, _)| *count > 0)?;
    let next = found.get(1).map_or(0, |(count, _)| *count);
    Some((60 * best, most >= next + MARGIN))
}

/// Whether clocks are likely to be on summer time: between the equinoxes, in the north.
fn is_summer(utc: i64, lat: f64) -> bool {
    use chrono::Datelike;
    /// Nearer to the equator clocks are not changed, and in the south by few.
    const TEMPERATE: f64 = 30.0;
    let month = chrono::DateTime::from_timestamp(utc, 0).map(|at| at.month());
    lat > TEMPERATE && month.is_some_and(|month| (4..=10).contains(&month))
}
