//! Photos of many days that nobody took, for the benchmark and a test.

use super::facts::{By, Facts, Shown, Stamp};
use super::suggest::Seen;
use crate::model::Place;

/// 2024-07-01 10:00:00 on a wall.
const TEN: i64 = 1_719_828_000;
/// Where the first photo was taken, and how many metres a degree of latitude has.
const FIRST: Place = Place { lat: 46.624, lon: 14.307 };
const DEGREE_M: f64 = 111_195.0;

/// Two phones and a camera, which took a third of them, without a place.
pub(crate) fn many(count: usize) -> Seen {
    let (mut random, mut minutes, mut metres) = (Random(77), 0, 0.0);
    let mut facts = Vec::with_capacity(count);
    for number in 0..count {
        let is_new_day = random.unit() < 0.01;
        minutes += if is_new_day { 700 } else { (random.unit() * 9.0) as i64 };
        metres += random.unit() * if is_new_day { 90_000.0 } else { 300.0 };
        let lat = FIRST.lat + metres % 4e6 / DEGREE_M;
        facts.push(photo(number, minutes, Place { lat, ..FIRST }));
    }
    let alike = (0..count / 30).map(|at| (30 * at, 30 * at + 1)).collect();
    Seen { facts, alike, ..Seen::default() }
}

fn photo(number: usize, minutes: i64, place: Place) -> Facts {
    let name = ["NIKON D5600", "Apple iPhone 13", "Pixel 7"][number % 3];
    let is_phone = !number.is_multiple_of(3);
    let shown = Shown::Wall(TEN + 60 * minutes, is_phone.then_some(120));
    Facts {
        path: format!("{}/{number}.jpg", number % 7),
        stamp: Some(Stamp { shown, millis: 0, by: By::Camera }),
        place: is_phone.then_some((place, Some(440.0))),
        camera: Some(name.into()),
        ..Facts::default()
    }
}

/// Numbers that look random and are the same in every run (Knuth's MMIX).
struct Random(u64);

impl Random {
    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
}
