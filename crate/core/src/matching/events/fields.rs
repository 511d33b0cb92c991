//! What photos that were taken near a file in time give it: a place, along the way between
//! two, and the time that its camera's clock should have shown.

use super::asked::Asked;
use super::bodies::{Bodies, BodyId};
use super::clocks::Clock;
use super::confidence::{self, Evidence};
use super::conflicts::{Clash, DOUBTED_MPS, carrier, during};
use super::draft::{Draft, Source};
use super::facts::{By, Facts};
use super::fixes::{Fix, Fixes, Who};
use super::geo::{between, metres};
use super::shots::SAME_DATE_S;
use super::when::When;
use crate::model::{How, Place, Value, Written};

/// Most sources on one side that are passed over because they cannot have been there.
/// Chosen, not measured.
const MOST_PASSED: usize = 64;
/// Minutes of zones from which on two photos of one moment were not taken at one place.
const FAR_ZONES_MIN: i32 = 120;
/// Hours by which a zone may lie off the sun's: Xinjiang and western Alaska have three.
const FAR_FROM_SUN_H: f64 = 4.5;
/// Most scenes that are named as the sources of a corrected date.
const MOST_NAMED: usize = 2;

/// Everything that neighbours are asked with.
pub(super) struct Near<'a> {
    pub facts: &'a [Facts],
    pub times: &'a [Option<When>],
    pub bodies: &'a Bodies,
    pub clocks: &'a [Clock],
    pub fixes: &'a Fixes,
    pub clashes: &'a [Clash],
    pub names: &'a dyn Fn(Who) -> &'a str,
    pub asked: &'a Asked,
}

/// A place that neighbours give.
struct Found {
    place: Place,
    altitude: Option<f64>,
    how: How,
    from: Vec<Who>,
    /// Between the two sources, where there are two far apart.
    speed_kmh: Option<f64>,
    odds: f64,
}

impl Near<'_> {
    /// Place and altitude for a file that has none; and the contradictions that leave them
    /// open.
    pub(super) fn place(&self, file: usize) -> (Vec<Draft>, Vec<Clash>) {
        let of = &self.facts[file];
        let Some(when) = self.times[file]
            .filter(|_| of.known_place().is_none() && of.made.is_none() && !of.outside)
        else {
            return (Vec::new(), Vec::new());
        };
        let window = self.asked.seconds();
        let clashes: Vec<Clash> = during(self.clashes, when.utc - window, when.utc + window)
            .take(MOST_PASSED)
            .copied()
            .collect();
        let preferred = |fix: &Fix| {
            let path = (self.names)(fix.who);
            self.asked.prefer.iter().any(|folder| is_below(path, folder))
        };
        let own = |fix: &Fix| fix.body.is_some() && fix.body == self.bodies.of[file];
        let wished = self.sides(file, &when, &preferred);
        let (sides, open) = match wished {
            Some(sides) => (Some(sides), false),
            None if clashes.is_empty() => (self.sides(file, &when, &|_| true), false),
            // Its own receiver tells where its camera was, whoever else was elsewhere.
            None => match self.sides(file, &when, &own) {
                Some(sides) => (Some(sides), false),
                None => (self.sides(file, &when, &|_| true), true),
            },
        };
        let Some((before, after)) = sides else { return (Vec::new(), Vec::new()) };
        let Some(found) = self.found(file, &when, before, after) else {
            return (Vec::new(), Vec::new());
        };
        let drafts = self.drafts(file, &found, open);
        (drafts, if open { clashes } else { Vec::new() })
    }

    fn drafts(&self, file: usize, found: &Found, open: bool) -> Vec<Draft> {
        let odds = if open { confidence::contradicted(found.odds) } else { found.odds };
        let fast = found.speed_kmh.is_some_and(|speed| speed > DOUBTED_MPS * 3.6);
        let from: Vec<Source> = found
            .from
            .iter()
            .map(|who| match *who {
                Who::File(at) => Source::File(at),
                Who::Track(at) => Source::Track(at),
            })
            .collect();
        let draft = |value: Value| Draft {
            speed_kmh: found.speed_kmh,
            doubted: open || fast,
            ..Draft::new(file, value, found.how, from.clone(), odds)
        };
        let altitude = found.altitude.map(|metres| draft(Value::Altitude(metres)));
        std::iter::once(draft(Value::Place(found.place))).chain(altitude).collect()
    }

    /// The nearest source on each side within the limit of time.
    fn sides(
        &self,
        file: usize,
        when: &When,
        wanted: &dyn Fn(&Fix) -> bool,
    ) -> Option<(Option<Fix>, Option<Fix>)> {
        let window = self.asked.seconds();
        let may = |fix: &&Fix| {
            fix.who != Who::File(file) && wanted(fix) && self.may_be_there(file, when, fix)
        };
        let now = (when.utc, when.millis);
        let all = &self.fixes.all;
        let split = all.partition_point(|fix| (fix.utc, fix.millis) <= now);
        let near = |fix: &&Fix| fix.utc.abs_diff(when.utc) <= window.unsigned_abs();
        let before = all[..split].iter().rev().take_while(near).take(MOST_PASSED).find(may);
        let after = all[split..].iter().take_while(near).take(MOST_PASSED).find(may);
        let best = |side: Option<&Fix>| side.map(|fix| self.best_of_second(fix, &may));
        let both = (best(before), best(after));
        (both.0.is_some() || both.1.is_some()).then_some(both)
    }

    /// Of the sources of one second the best: camera data before a place alone.
    fn best_of_second(&self, fix: &Fix, may: &dyn Fn(&&Fix) -> bool) -> Fix {
        let same = self.fixes.during(fix.utc, fix.utc).iter().take(MOST_PASSED);
        let same = same.filter(|other| may(other));
        let close = same.filter(|other| metres(other.place, fix.place) <= self.limit());
        close.min_by_key(|other| (other.rank, other.who)).copied().unwrap_or(*fix)
    }

    fn limit(&self) -> f64 {
        f64::from(self.asked.metres)
    }

    /// Whether the zones allow that the file was taken where the source was.
    fn may_be_there(&self, file: usize, when: &When, fix: &Fix) -> bool {
        let Some(zone) = when.zone.filter(|_| when.own_zone) else { return true };
        let one_body = fix.body.is_some() && fix.body == self.bodies.of[file];
        let apart = fix.zone.map_or(0, |its| (its - zone).abs());
        let zones = apart == 0 || one_body || apart < FAR_ZONES_MIN && is_changing(when);
        let sun = (f64::from(zone) / 60.0 - fix.place.lon / 15.0).rem_euclid(24.0);
        zones && sun.min(24.0 - sun) <= FAR_FROM_SUN_H
    }

    /// The place between two sources, or that of the only one.
    fn found(
        &self,
        file: usize,
        when: &When,
        before: Option<Fix>,
        after: Option<Fix>,
    ) -> Option<Found> {
        let (Some(first), Some(second)) = (before, after) else {
            let fix = before.or(after)?;
            return Some(self.copied(file, when, &fix));
        };
        if thousandths(&first) == thousandths_of(when) {
            return Some(self.copied(file, when, &first));
        }
        let whole = (thousandths(&second) - thousandths(&first)).max(1) as f64;
        let part = (thousandths_of(when) - thousandths(&first)) as f64 / whole;
        let apart = metres(first.place, second.place);
        // Receivers scatter: a speed is one only over a way.
        let speed = (apart > self.limit()).then(|| libm::round(apart / whole * 3600.0));
        let altitude = first.altitude.zip(second.altitude).map(|(a, b)| a + (b - a) * part);
        let nearest = [first, second].map(|fix| fix.utc.abs_diff(when.utc));
        let evidence = Evidence {
            between: true,
            one_place: apart <= self.limit(),
            ..self.evidence(file, &[first, second], nearest[0].min(nearest[1]))
        };
        Some(Found {
            place: between(first.place, second.place, part),
            altitude: altitude.map(|metres| libm::round(metres * 10.0) / 10.0),
            how: How::Interpolated,
            from: vec![first.who, second.who],
            speed_kmh: speed,
            odds: evidence.odds(when),
        })
    }

    fn copied(&self, file: usize, when: &When, fix: &Fix) -> Found {
        let seconds = fix.utc.abs_diff(when.utc);
        Found {
            place: fix.place,
            altitude: fix.altitude,
            how: How::Copied,
            from: vec![fix.who],
            speed_kmh: None,
            odds: self.evidence(file, &[*fix], seconds).odds(when),
        }
    }

    fn evidence(&self, file: usize, sources: &[Fix], seconds: u64) -> Evidence {
        let (of, body) = (&self.facts[file], self.bodies.of[file]);
        let clock = body.map_or((0, false), |body: BodyId| {
            (self.clocks[body].evidence, self.clocks[body].anchored)
        });
        let zone = self.times[file].and_then(|when| when.zone.filter(|_| when.own_zone));
        let folder = |fix: &Fix| {
            let path = (self.names)(fix.who);
            path.rsplit_once('/').map_or("", |(folder, _)| folder) == of.folder()
        };
        Evidence {
            minutes: seconds as f64 / 60.0,
            between: false,
            one_place: false,
            one_body: body.is_some() && sources.iter().any(|fix| fix.body == body),
            clock,
            camera: of.camera.is_some(),
            one_zone: zone.is_some() && sources.iter().all(|fix| fix.zone == zone),
            one_folder: sources.iter().all(folder),
        }
    }

    /// The date that a camera's clock should have shown, where it was wrong by more than
    /// two dates of one moment may differ.
    pub(super) fn date(&self, file: usize) -> Option<Draft> {
        let (of, when, body) = (&self.facts[file], self.times[file]?, self.bodies.of[file]?);
        let usable = when.by == By::Camera && of.made.is_none() && !of.outside && !of.video;
        if !usable || when.shift.unsigned_abs() <= SAME_DATE_S {
            return None;
        }
        let clock = &self.clocks[body];
        let odds = confidence::of_clock(clock.evidence, clock.anchored);
        let value = Value::Date(Written { wall: when.wall(), zone_minutes: when.zone });
        Some(Draft {
            old: of.written.map(Value::Date),
            ..Draft::new(file, value, How::Clock, self.scenes(file, clock), odds)
        })
    }

    /// The other camera's pictures of the scenes nearest to a file: what its clock was
    /// held against.
    fn scenes(&self, file: usize, clock: &Clock) -> Vec<Source> {
        let wall = self.facts[file].wall().unwrap_or(0);
        let at = clock.scenes.partition_point(|(its, _)| *its < wall);
        let around = at.saturating_sub(MOST_NAMED)..(at + MOST_NAMED).min(clock.scenes.len());
        let mut near: Vec<(u64, usize)> =
            clock.scenes[around].iter().map(|(its, other)| (its.abs_diff(wall), *other)).collect();
        near.sort_unstable();
        let mut named: Vec<Source> = Vec::new();
        for source in near.into_iter().map(|(_, other)| Source::File(other)) {
            if named.len() < MOST_NAMED && !named.contains(&source) {
                named.push(source);
            }
        }
        named
    }
}

/// The files of a contradiction.
pub(super) fn of_clash(fixes: &Fixes, clash: &Clash) -> [(super::conflicts::Carrier, Who); 2] {
    let one = |at: usize| (carrier(&fixes.all[at]), fixes.all[at].who);
    [one(clash.pair.0), one(clash.pair.1)]
}

/// Whether a path lies in a folder; the empty folder holds all.
fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether clocks may have been changed for summer or winter on that day: then two phones
/// at one place show two zones. They are, on Sundays (and Fridays, of some countries) of
/// these months, in the early hours of UTC or the evening before.
fn is_changing(when: &When) -> bool {
    use chrono::Datelike;
    let Some(at) = chrono::DateTime::from_timestamp(when.utc, 0) else { return false };
    let month = matches!(at.month(), 3 | 4 | 9 | 10 | 11);
    month && matches!(at.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun)
}

fn thousandths(fix: &Fix) -> i64 {
    fix.utc * 1000 + i64::from(fix.millis)
}

fn thousandths_of(when: &When) -> i64 {
    when.utc * 1000 + i64::from(when.millis)
}
