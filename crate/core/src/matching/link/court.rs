//! What a decision about a trial looks at, and the limits that it applies.

use std::collections::BTreeMap;

use super::candidates::{self, Wanted};
use super::precedence;
use super::trial::{Apart, Trial};
use crate::matching::clock::{self, Clock};
use crate::matching::evidence::edited::EditedFit;
use crate::matching::evidence::residual;
use crate::matching::units::{Known, Unit, UnitId};
use crate::model::{Features, ItemId, Kind};
use crate::settings::{Mode, Proof, Search, Settings};

/// Most grey levels (RMS at 512 pixels) between two originals that are one picture
/// in two files; above it [`COPY`] must hold. Re-encoded and resized copies of the
/// corpus differed by less, two frames of one bird by 1.0 (docs/architecture.md).
pub(super) const SAME_PICTURE: f64 = 0.7;

/// The same where one of the two cannot be the camera's own file, as copies that
/// were scaled down or encoded coarsely. Chosen on the corpus; the figures are not
/// recorded.
pub(in crate::matching) const COPY: f64 = 2.4;
/// Most grey levels (RMS at 512 pixels) in the worst block of two such copies; the
/// same as balanced's [`worst_block`].
const COPY_BLOCK: f64 = 4.2;

/// Factor: an exported picture's detail must be at least this many times its
/// residual, else it proves nothing, for anything smooth would fit. Chosen, not
/// measured.
pub(in crate::matching) const DETAIL: f64 = 3.0;

/// Range of the factor on contrast that re-encoding, colour profiles and decoders
/// cause; outside it a picture is too different. Chosen, not measured.
pub(in crate::matching) const GAIN: std::ops::RangeInclusive<f64> = 0.8..=1.25;

/// The same for a picture that nobody changed: encoders keep the contrast, a colour
/// profile that was left out moves it by some hundredths. Beyond it somebody made the
/// picture darker or lighter. Chosen, not measured.
pub(in crate::matching) const UNCHANGED: std::ops::RangeInclusive<f64> = 0.87..=1.15;

/// Smallest residual in grey levels that a runner-up is divided by: below it lies
/// rounding. Chosen, not measured.
pub(in crate::matching) const FLOOR: f64 = 0.25;

/// Most grey levels (RMS at 512 pixels) in the block that differs most (1/16 of the
/// long edge, squared); above it the picture is another shot. Copies of the corpus
/// stayed below 3.9; next shots, taken with a steady hand, began at 4.5 where
/// something moved (docs/architecture.md). Loose's 9.0 is chosen.
pub(in crate::matching) fn worst_block(mode: Mode) -> f64 {
    match mode {
        Mode::Strict => 3.9,
        Mode::Balanced => 4.2,
        Mode::Loose => 9.0,
    }
}

/// Most pixels by which the blocks of a copy lie apart at 512 pixels; above it the
/// picture is another shot. Blocks of copies lie within a few hundredths. Chosen
/// between those and two shots of the corpus, taken two pixels apart, that had been
/// linked without this limit.
pub(in crate::matching) const DRIFT: f64 = 0.1;

/// Factor on the worst block where letters may explain it: a coarse encoder leaves
/// rings around them, and every resizer rounds their edges in its own way. A changed
/// digit can differ by less (docs/architecture.md), so what lies between the limit
/// and this is decided at full size (`inspect.rs`). Chosen on the screenshots of our
/// own corpus.
pub(in crate::matching) const LETTERS: f64 = 2.2;

/// What a decision looks at besides its trial. It reads no file.
#[derive(Clone, Copy)]
pub(in crate::matching) struct Court<'a> {
    pub known: Known<'a>,
    pub units: &'a [Unit],
    /// How originals that fit one picture differ from each other, by unit, the
    /// smaller number first.
    pub rivals: &'a BTreeMap<(UnitId, UnitId), Apart>,
    /// How the second original differs from the first through a filter, by unit.
    pub variants: &'a BTreeMap<(UnitId, UnitId), EditedFit>,
    /// How much detail a large original shows beyond the size of a small one, by unit,
    /// the large one first.
    pub enlarged: &'a BTreeMap<(UnitId, UnitId), f64>,
    /// For each unit the one that stands for all that other pictures proved to be one shot
    /// with it; empty where nothing is known of that.
    pub kin: &'a [usize],
    pub clock: &'a Clock,
    pub wanted: Wanted,
    /// Factor on the residual limit, at most 1, learnt from this chat
    /// (`limit::share`).
    pub share: f64,
    pub settings: &'a Settings,
    /// How strictly it judges: in loose first as balanced, then as loose.
    pub mode: Mode,
}

impl Court<'_> {
    /// How much proof a link needs.
    pub(in crate::matching) fn proof(&self) -> Proof {
        self.settings.proof_in(self.mode)
    }

    /// The same court, judging at least as strictly as balanced.
    pub(in crate::matching) fn careful(self) -> Self {
        let mode = if self.mode == Mode::Loose { Mode::Balanced } else { self.mode };
        Self { mode, ..self }
    }

    pub(super) fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id]
    }

    pub(super) fn features(&self, id: UnitId) -> Option<&Features> {
        self.known.features(self.unit(id).members[0])
    }

    pub(super) fn best_name(&self, id: UnitId) -> &str {
        self.known.item(self.unit(id).members[0]).name()
    }

    /// Whether the original is a screenshot, as far as its file tells: a PNG
    /// without camera data.
    pub(in crate::matching) fn is_screen(&self, unit: UnitId) -> bool {
        self.features(unit).is_some_and(|known| known.kind == Kind::Png && known.camera.is_none())
    }

    /// Whether the original has a camera's data.
    pub(in crate::matching) fn is_camera_photo(&self, unit: UnitId) -> bool {
        self.features(unit).is_some_and(|known| known.camera.is_some())
    }

    /// Whether the files say that two cameras took them.
    pub(super) fn by_two_cameras(&self, item: ItemId, unit: UnitId) -> bool {
        let both = self.known.features(item).zip(self.features(unit));
        both.is_some_and(|(a, b)| precedence::are_of_two_cameras(a, b))
    }

    /// Whether both files have a camera's data, its size and its format: a copy with other
    /// metadata, or the next shot.
    pub(super) fn by_one_camera(&self, item: ItemId, unit: UnitId) -> bool {
        let both = self.known.features(item).zip(self.features(unit));
        both.is_some_and(|(a, b)| {
            a.camera.is_some() && b.camera.is_some() && a.size == b.size && a.kind == b.kind
        })
    }

    /// Most grey levels (RMS) in the worst block of this picture.
    pub(super) fn worst_block(&self, trial: &Trial) -> f64 {
        // Noise squared: in one block of a small picture the sharpness of texture
        // adds to it. One block of a true pair at 320 pixels differed by 8.6.
        worst_block(self.mode) * residual::noise(trial.target()).powi(2)
    }

    /// Whether the search settings allow this original for the picture.
    pub(in crate::matching) fn inside(&self, trial: &Trial, unit: UnitId) -> bool {
        let moment = self.unit(unit).moment;
        self.settings.search == Search::Library
            || candidates::in_window(trial.query.sent, moment, self.clock, self.settings)
    }

    /// Whether cameras say that the two are different shots.
    pub(in crate::matching) fn two_shots(&self, a: UnitId, b: UnitId) -> bool {
        match (self.features(a), self.features(b)) {
            (Some(a), Some(b)) if self.wanted == Wanted::Copy => precedence::are_two_shots(a, b),
            (Some(a), Some(b)) => clock::two_shots(a, b),
            _ => false,
        }
    }

    /// Whether two originals are copies of one picture, as far as they were
    /// compared.
    pub(in crate::matching) fn same_picture(&self, a: UnitId, b: UnitId) -> bool {
        let kin = |unit: UnitId| self.kin.get(unit.0 as usize);
        if kin(a).is_some() && kin(a) == kin(b) {
            return true;
        }
        let Some(apart) = self.rivals.get(&(a.min(b), a.max(b))) else { return a == b };
        let copy = !apart.moved && apart.residual <= COPY && apart.worst_block <= COPY_BLOCK;
        apart.residual <= SAME_PICTURE || (copy && self.made_from_each_other(a, b))
    }

    /// Whether one of the two cannot be the camera's own file: a camera's shots
    /// have one size and format, and its data.
    fn made_from_each_other(&self, a: UnitId, b: UnitId) -> bool {
        let Some((a, b)) = self.features(a).zip(self.features(b)) else { return false };
        let unsigned = a.camera.is_none() || b.camera.is_none();
        unsigned || a.size != b.size || a.kind != b.kind
    }
}
