//! How sure a value is. Each piece of evidence adds its log-odds (natural logarithm of
//! right to wrong), as if they were independent; their sum becomes a probability. The
//! weights are chosen, to be calibrated on sets whose places and times are known: of the
//! suggestions at 90 % nine in ten shall be right.

use super::facts::By;
use super::when::When;

/// From this confidence on a change is on by itself.
pub(super) const ON: f64 = 0.9;
/// Most that is said of anything that was worked out.
const MOST: f64 = 0.99;
/// Log-odds of a value beside its source in time, before all else.
const BESIDE: f64 = 3.4;
/// What each minute to the nearest source takes away, if there is one on one side alone.
const MINUTE: f64 = 0.1;
/// The same between two sources.
const MINUTE_BETWEEN: f64 = 0.05;
/// Both sources are at one place.
const ONE_PLACE: f64 = 1.0;
/// One camera has the target and the source.
const ONE_BODY: f64 = 1.0;
/// Scenes show that the target's clock is right, or by how much it is wrong.
const CLOCK: f64 = 0.8;
/// They show it against a clock that may itself be wrong.
const CLOCK_ALONE: f64 = -1.0;
/// No camera took the target, as far as it says.
const NO_CAMERA: f64 = -1.5;
/// Its time is that of its name.
const NAMED: f64 = -0.8;
/// Its time was assumed to be that of the wall.
const FILM: f64 = -0.5;
/// It does not say its zone.
const NO_ZONE: f64 = -0.2;
/// Its zone is the likeliest of several.
const GUESSED: f64 = -2.5;
/// Target and source say the same zone.
const ONE_ZONE: f64 = 0.4;
/// They lie in one folder.
const ONE_FOLDER: f64 = 0.3;
/// What a contradiction leaves at most.
const CONTRADICTED: f64 = -0.4;

/// Log-odds of what a proved encoding of the same shot says.
pub(super) const SAME_SHOT: f64 = 4.0;
/// Of what the note beside a file says.
pub(super) const NOTE: f64 = 3.6;
/// Of the time of the message that carried a picture: it was taken then or before.
pub(super) const MESSAGE: f64 = 2.3;

/// What speaks for and against a place from neighbours in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// Minutes to the nearest source.
    pub minutes: f64,
    /// Whether there is a source on each side.
    pub between: bool,
    /// Whether both are at one place.
    pub one_place: bool,
    /// Whether the target's camera took a source.
    pub one_body: bool,
    /// Scenes that show the target's clock, and whether the other clock is right.
    pub clock: (usize, bool),
    /// Whether a camera took the target.
    pub camera: bool,
    /// Whether both say one zone.
    pub one_zone: bool,
    /// Whether they lie in one folder.
    pub one_folder: bool,
}

impl Evidence {
    /// Its log-odds, for a target of this time.
    pub(super) fn odds(&self, when: &When) -> f64 {
        let each = if self.between { MINUTE_BETWEEN } else { MINUTE };
        let add = |is: bool, odds: f64| if is { odds } else { 0.0 };
        let clock = match self.clock {
            (0 | 1, _) => 0.0,
            (_, true) => CLOCK,
            (_, false) => CLOCK_ALONE,
        };
        let by = match when.by {
            By::Camera | By::Program => 0.0,
            By::Film => FILM,
            By::Name => NAMED,
        };
        BESIDE - each * self.minutes
            + add(self.between && self.one_place, ONE_PLACE)
            + add(self.one_body, ONE_BODY)
            + clock
            + by
            + add(!self.camera, NO_CAMERA)
            + add(!when.own_zone, NO_ZONE)
            + add(when.guessed, GUESSED)
            + add(self.one_zone, ONE_ZONE)
            + add(self.one_folder, ONE_FOLDER)
    }
}

/// Log-odds of a date that was put right by this many scenes.
pub(super) fn of_clock(scenes: usize, anchored: bool) -> f64 {
    let by_scenes = match scenes {
        0..=2 => 0.6,
        3 => 2.4,
        4 => 2.8,
        _ => 3.4,
    };
    if anchored { by_scenes } else { by_scenes - 2.0 }
}

/// What is left where sources contradict each other.
pub(super) fn contradicted(odds: f64) -> f64 {
    odds.min(CONTRADICTED)
}

/// The probability of log-odds, in thousandths.
pub(super) fn probability(odds: f64) -> f64 {
    let exact = 1.0 / (1.0 + libm::exp(-odds));
    libm::round(exact.min(MOST) * 1000.0) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Evidence = Evidence {
        minutes: 10.0,
        between: false,
        one_place: false,
        one_body: false,
        clock: (0, false),
        camera: true,
        one_zone: false,
        one_folder: true,
    };

    fn of(evidence: Evidence, by: By) -> f64 {
        let when =
            When { utc: 0, millis: 0, zone: None, own_zone: false, guessed: false, shift: 0, by };
        probability(evidence.odds(&when))
    }

    #[test]
    fn the_nearer_the_surer() {
        let at = |minutes| of(Evidence { minutes, ..PLAIN }, By::Camera);
        assert!(at(5.0) > at(10.0) && at(10.0) >= ON && at(25.0) < ON);
        let between = Evidence { between: true, one_place: true, ..PLAIN };
        assert!(of(between, By::Camera) > at(10.0));
    }

    #[test]
    fn what_no_camera_took_is_not_sure() {
        assert!(of(Evidence { camera: false, minutes: 0.0, ..PLAIN }, By::Program) < ON);
        assert!(of(Evidence { minutes: 4.0, ..PLAIN }, By::Name) < of(PLAIN, By::Camera) + 0.05);
    }

    #[test]
    fn a_contradiction_leaves_less_than_even() {
        assert!(probability(contradicted(9.0)) < 0.5);
        assert_eq!(probability(99.0), MOST);
    }
}
