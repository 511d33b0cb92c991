//! How wrong each camera's clock is. Two cameras that were at one event took some of its
//! scenes at the same time, so that the difference of their clocks is the one that many of
//! the pictures that look alike agree in; all other differences scatter. One clock that is
//! right by itself (locked, set by a receiver, or a phone's) then tells the others.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::{Bodies, BodyId};
use super::facts::{Facts, Shown};
use super::votes::{Agreed, DAY_S, NEAR_QUARTER_S, QUARTER_S, agreed, median, votes};
use super::zones::Zones;

/// Fewest scenes of a part of a camera's files before it is taken for another body.
const FEWEST_OF_BODY: usize = 3;
/// Seconds by which two bodies of one name must differ to be two.
const APART_S: i64 = 300;
/// Fewest photos of which a receiver's time says how wrong the camera's is.
const FEWEST_GPS: usize = 3;
/// Most seconds between the photo's time and its receiver's, beyond which that is an old
/// fix or a date that rolled over (every 1,024 weeks): a zone and a half day.
const NEVER_GPS_S: i64 = 26 * 3600;
/// Rollover of a receiver's weeks, in seconds.
const ROLLOVER_S: i64 = 1024 * 7 * 86_400;
/// Most pairs of two cameras that are looked at. Chosen, not measured.
const MOST_PAIRS: usize = 2048;

/// One camera's clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clock {
    /// Maker and model.
    pub camera: String,
    /// Serial number.
    pub serial: Option<String>,
    /// How many files it took.
    pub files: usize,
    /// Seconds to add to what it shows.
    pub offset_s: i64,
    /// Seconds more for each day after [`Clock::from`].
    pub drift_s_per_day: f64,
    /// Where the drift is counted from: seconds since 1970 on its wall.
    pub from: i64,
    /// Scenes, or times of a receiver, that agree.
    pub evidence: usize,
    /// The user said that it is right.
    pub locked: bool,
    /// Whether the clock that it was held against is right by itself.
    pub anchored: bool,
    /// What is evidence, by time: what its wall showed, and the other camera's picture.
    pub scenes: Vec<(i64, usize)>,
}

impl Clock {
    /// What to add to its wall clock at this time, in seconds.
    #[must_use]
    pub(super) fn correction(&self, wall: i64) -> i64 {
        let days = (wall - self.from) as f64 / DAY_S as f64;
        // `f64` to `i64` saturates.
        self.offset_s.saturating_add(libm::round(self.drift_s_per_day * days) as i64)
    }
}

/// How sure it is by itself that a clock is right; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    Locked,
    /// Its receiver agrees with it.
    Receiver,
    /// It knows its zone and has places: a phone.
    Phone,
    /// It knows its zone.
    Zoned,
    None,
}

/// The clock of each body; splits bodies whose pictures say that they are two.
pub(super) fn clocks(
    facts: &[Facts],
    bodies: &mut Bodies,
    alike: &[(usize, usize)],
    locked: &[String],
) -> Vec<Clock> {
    divide(facts, bodies, alike);
    let mut clocks: Vec<Clock> = bodies
        .all
        .iter()
        .map(|body| Clock {
            camera: body.camera.clone(),
            serial: body.serial.clone(),
            files: body.files.len(),
            offset_s: 0,
            drift_s_per_day: 0.0,
            from: 0,
            evidence: 0,
            locked: locked.iter().any(|name| is_named(body.serial.as_deref(), &body.camera, name)),
            anchored: false,
            scenes: Vec::new(),
        })
        .collect();
    let zones = Zones::written(facts);
    let mut trust = Vec::new();
    for (clock, body) in clocks.iter_mut().zip(&bodies.all) {
        trust.push(by_itself(facts, &body.files, &zones, clock));
    }
    settle(facts, bodies, alike, &trust, &mut clocks);
    clocks
}

/// Whether the user named this camera: a part of its name, or its serial number.
#[must_use]
pub(crate) fn is_named(serial: Option<&str>, camera: &str, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let whole = serial.map(|serial| format!("{camera} {serial}").to_lowercase());
    !name.is_empty()
        && (camera.to_lowercase().contains(&name)
            || serial.is_some_and(|serial| serial.to_lowercase() == name)
            || whole.is_some_and(|whole| whole == name))
}

/// What a camera's own files say of its clock.
fn by_itself(facts: &[Facts], files: &[usize], zones: &Zones, clock: &mut Clock) -> Trust {
    let errors = receiver(facts, files, zones);
    if let Some(error) = errors.median.filter(|_| errors.count >= FEWEST_GPS && !clock.locked) {
        clock.evidence = errors.count;
        clock.offset_s = error;
        clock.anchored = true;
        return Trust::Receiver;
    }
    let share = |is: &dyn Fn(&Facts) -> bool| {
        let count = files.iter().filter(|&&file| is(&facts[file])).count();
        2 * count >= files.len()
    };
    let zoned = share(&|of| of.zone().is_some());
    let trust = match () {
        () if clock.locked => Trust::Locked,
        () if zoned && share(&|of| of.place.is_some()) => Trust::Phone,
        () if zoned => Trust::Zoned,
        () => Trust::None,
    };
    clock.anchored = trust <= Trust::Phone;
    trust
}

struct Errors {
    median: Option<i64>,
    count: usize,
}

/// By how many seconds the times of a camera's receiver lie off its clock.
fn receiver(facts: &[Facts], files: &[usize], zones: &Zones) -> Errors {
    let mut errors: Vec<i64> =
        files.iter().filter_map(|&file| error(&facts[file], zones)).collect();
    let median = median(&mut errors);
    let close = |median: &i64| {
        let near = errors.iter().filter(|error| error.abs_diff(*median) <= 60).count();
        2 * near > errors.len()
    };
    // Old fixes scatter, and a clock that is right to five minutes is left alone.
    let median = median.filter(close);
    let median = median.map(|error| if error.abs() <= NEAR_QUARTER_S { 0 } else { error });
    Errors { median, count: errors.len() }
}

/// What a photo's clock lacks by its receiver, where the zone is known: its own, or that of
/// a phone at that time.
fn error(of: &Facts, zones: &Zones) -> Option<i64> {
    let (gps, Shown::Wall(wall, zone)) = (of.gps_time?, of.stamp?.shown) else {
        return None;
    };
    let zone =
        zone.or_else(|| zones.at(gps).filter(|(apart, _)| *apart <= DAY_S).map(|of| of.1))?;
    let lacks = gps - (wall - 60 * i64::from(zone));
    // A receiver may forget whole rollovers.
    let lacks = (lacks + ROLLOVER_S / 2).rem_euclid(ROLLOVER_S) - ROLLOVER_S / 2;
    (lacks.abs() <= NEVER_GPS_S).then_some(lacks)
}

/// The zone in minutes that a photo's receiver gives its clock, where none is written.
#[must_use]
pub(super) fn zone_by_receiver(of: &Facts) -> Option<i32> {
    let (gps, Shown::Wall(wall, None)) = (of.gps_time?, of.stamp?.shown) else { return None };
    let ahead = wall - gps;
    let quarters = (ahead + QUARTER_S / 2).div_euclid(QUARTER_S);
    let near = (ahead - quarters * QUARTER_S).abs() <= NEAR_QUARTER_S;
    let real = (crate::zones::EARLIEST_S..=crate::zones::LATEST_S).contains(&ahead);
    (near && real).then(|| i32::try_from(quarters * QUARTER_S / 60).ok())?
}

/// Splits bodies of one name without numbers whose parts agree with other cameras in
/// different offsets.
fn divide(facts: &[Facts], bodies: &mut Bodies, alike: &[(usize, usize)]) {
    for body in 0..bodies.all.len() {
        if bodies.all[body].serial.is_some() {
            continue;
        }
        let shelves = Bodies::shelves(facts, &bodies.all[body]);
        if shelves.len() < 2 {
            continue;
        }
        let found: Vec<(Vec<usize>, Option<Agreed>)> = shelves
            .into_values()
            .map(|files| {
                let own: BTreeSet<usize> = files.iter().copied().collect();
                let is_other = |file: usize| bodies.of[file].is_some_and(|of| of != body);
                let votes = votes(facts, alike, |file| own.contains(&file), is_other);
                (files, agreed(votes).filter(|agreed| agreed.scenes >= FEWEST_OF_BODY))
            })
            .collect();
        let Some(first) = found.iter().find_map(|(_, agreed)| agreed.as_ref()) else { continue };
        let first = first.offset;
        for (files, agreed) in &found {
            if agreed.as_ref().is_some_and(|of| (of.offset - first).abs() > APART_S) {
                bodies.split(body, files);
            }
        }
    }
}

/// Goes from the clocks that are right by themselves to the others, the strongest evidence
/// first.
fn settle(
    facts: &[Facts],
    bodies: &Bodies,
    alike: &[(usize, usize)],
    trust: &[Trust],
    clocks: &mut [Clock],
) {
    let edges = edges(facts, bodies, alike);
    let mut known: BTreeSet<BodyId> = BTreeSet::new();
    let mut open: Vec<BodyId> = (0..clocks.len()).collect();
    open.sort_by_key(|&body| (trust[body], std::cmp::Reverse(clocks[body].files), body));
    // Clocks of the first two kinds are right without any other.
    known.extend(open.iter().filter(|&&body| trust[body] <= Trust::Receiver));
    for &root in &open {
        // All that can be reached from what is known, then the next by itself.
        while let Some((body, other, agreed)) = strongest(&edges, &known) {
            let base = clocks[other].clone();
            let at = agreed.votes.first().map_or(0, |vote| vote.wall + agreed.offset);
            let clock = &mut clocks[body];
            clock.offset_s = agreed.offset.saturating_add(base.correction(at));
            clock.drift_s_per_day = agreed.drift;
            clock.from = agreed.from;
            clock.evidence = agreed.scenes;
            clock.anchored = base.anchored;
            clock.scenes = agreed.votes.iter().map(|vote| (vote.wall, vote.other)).collect();
            clock.scenes.sort_unstable();
            known.insert(body);
        }
        known.insert(root);
    }
}

/// What each camera lacks to show another's time.
type Edges = BTreeMap<(BodyId, BodyId), Agreed>;

fn edges(facts: &[Facts], bodies: &Bodies, alike: &[(usize, usize)]) -> Edges {
    let mut pairs = BTreeMap::<(BodyId, BodyId), Vec<(usize, usize)>>::new();
    for &(a, b) in alike {
        let (Some(one), Some(other)) = (bodies.of[a], bodies.of[b]) else { continue };
        if one != other {
            pairs.entry((one, other)).or_default().push((a, b));
            pairs.entry((other, one)).or_default().push((b, a));
        }
    }
    let mut edges = Edges::new();
    for ((own, other), alike) in pairs {
        let is = |body: BodyId| move |file: usize| bodies.of[file] == Some(body);
        // Of more pairs every second, third … will do.
        let step = alike.len().div_ceil(MOST_PAIRS);
        let some: Vec<(usize, usize)> = alike.into_iter().step_by(step).collect();
        let votes = votes(facts, &some, is(own), is(other));
        edges.extend(agreed(votes).map(|agreed| ((own, other), agreed)));
    }
    edges
}

/// The edge with most scenes from a clock that is open to one that is known.
fn strongest<'a>(
    edges: &'a Edges,
    known: &BTreeSet<BodyId>,
) -> Option<(BodyId, BodyId, &'a Agreed)> {
    let leads = |own: &BodyId, other: &BodyId| !known.contains(own) && known.contains(other);
    let found = edges.iter().filter(|((own, other), _)| leads(own, other));
    let best = found.max_by_key(|(pair, agreed)| (agreed.scenes, std::cmp::Reverse(**pair)));
    best.map(|((own, other), agreed)| (*own, *other, agreed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_is_named_by_a_part_of_its_name_or_its_number() {
        assert!(is_named(None, "NIKON D5600", "d5600"));
        assert!(is_named(Some("77"), "NIKON D5600", "77"));
        assert!(!is_named(Some("77"), "NIKON D5600", "7"));
        assert!(!is_named(None, "NIKON D5600", " "));
    }
}
