//! Where somebody was, by time: photos with places and the points of tracks.

use super::bodies::BodyId;
use super::facts::{By, Facts};
use super::track::Track;
use super::when::When;
use crate::model::{Made, Place};

/// Who was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// A photo, by its place among the facts.
    File(usize),
    /// A track, by its place among the tracks.
    Track(usize),
}

/// Somebody was at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fix {
    /// Seconds since 1970 in UTC, and thousandths.
    pub utc: i64,
    pub millis: u16,
    pub place: Place,
    /// Metres above the sea.
    pub altitude: Option<f64>,
    pub who: Who,
    /// The camera, of a photo.
    pub body: Option<BodyId>,
    /// The zone that the photo says itself, in minutes.
    pub zone: Option<i32>,
    /// How good a source it is: 0 is best (camera data, then a place alone).
    pub rank: u8,
}

/// All fixes by time.
#[derive(Debug, Default)]
pub(super) struct Fixes {
    pub all: Vec<Fix>,
}

impl Fixes {
    /// Those of photos whose time is known, and of tracks.
    pub(super) fn new(
        facts: &[Facts],
        times: &[Option<When>],
        bodies: &[Option<BodyId>],
        tracks: &[Track],
    ) -> Self {
        let photo = |(at, of): (usize, &Facts)| {
            let (place, altitude) = of.known_place()?;
            let when = times[at].filter(|when| when.by != By::Name)?;
            let usable = of.made != Some(Made::Screen) && !of.outside;
            usable.then_some(Fix {
                utc: when.utc,
                millis: when.millis,
                place,
                altitude,
                who: Who::File(at),
                body: bodies[at],
                zone: when.zone.filter(|_| when.own_zone),
                rank: u8::from(of.camera.is_none()),
            })
        };
        let mut all: Vec<Fix> = facts.iter().enumerate().filter_map(photo).collect();
        for (track, of) in tracks.iter().enumerate() {
            all.extend(of.points.iter().map(|&(utc, place, altitude)| Fix {
                utc,
                millis: 0,
                place,
                altitude,
                who: Who::Track(track),
                body: None,
                zone: None,
                rank: 0,
            }));
        }
        all.sort_by_key(|fix| (fix.utc, fix.millis, fix.who));
        Self { all }
    }

    /// The fixes from one time to another, both included.
    pub(super) fn during(&self, from: i64, to: i64) -> &[Fix] {
        let first = self.all.partition_point(|fix| fix.utc < from);
        let last = self.all.partition_point(|fix| fix.utc <= to);
        &self.all[first..last.max(first)]
    }
}
