//! Features of exported media and originals become [`Pairing`]s, each with its
//! evidence.
//!
//! - `evidence`: compares two files.
//! - `units`: which files are one picture; `clock` and `gates`: when, and whether
//!   two files could be one.
//! - `link`: which original was sent as which picture.
//! - `videos`: the same for clips.
//! - `duplicates`: which files are one shot, and which shots are one picture.
//! - `events`: what photos of one event can give each other: places, dates, clocks.

mod clock;
pub mod duplicates;
pub mod events;
mod evidence;
#[cfg(test)]
mod fixture;
mod gates;
pub(crate) mod likeness;
mod link;
mod pairing;
mod reason;
#[cfg(test)]
pub(crate) mod scenes;
mod sets;
mod units;
pub(crate) mod videos;

pub(crate) use clock::by_camera as clock_by_camera;
pub(crate) use evidence::question::Bench;
pub use evidence::question::COMPARISONS;
pub(crate) use link::matcher::Matcher;
pub use link::searched::SEARCHES;
pub use pairing::{Candidate, Decision, Matches, Offset, Pairing, Score, Step};
pub use reason::{Reason, Unmatchable};
pub(crate) use units::Known;

/// Parts whose speed `benches/` measures; not for other use.
#[doc(hidden)]
pub mod bench {
    pub use super::link::fingerprints::Fingerprints;
    use crate::examine::pixels::GreyMap;

    use super::link::parts;
    pub use super::units::UnitId;
    use crate::model::{Miniature, Size};

    /// For each picture, how many originals it could be a changed copy of. All are
    /// taken to have 1600 × 1200 pixels.
    #[must_use]
    pub fn parts(wanted: &[Miniature], originals: &[Miniature]) -> Vec<usize> {
        let size = Size::new(1600, 1200);
        let wanted: Vec<parts::Wanted<'_>> =
            wanted.iter().map(|miniature| parts::Wanted { miniature, size }).collect();
        let originals: Vec<parts::Original<'_>> = (0..)
            .map(UnitId)
            .zip(originals)
            .map(|(unit, miniature)| parts::Original { unit, miniature, size })
            .collect();
        parts::search(&wanted, &originals).iter().map(Vec::len).collect()
    }

    /// Limits that the accuracy tool draws beside what it measured: mean of the worst cell,
    /// violation of the worst block, least detail beyond an enlargement, and least likeness of a sound.
    pub const LIMITS: [f64; 4] = [
        super::link::inspect::SPOT,
        super::evidence::quantised::ALLOWED,
        super::evidence::enlarged::DETAILED,
        super::evidence::sound::SAME,
    ];

    /// How like the sound of one video is to that of another, as a correlation; `None`
    /// where one of them cannot be decoded or too little is shared.
    #[must_use]
    pub fn sound(original: &[u8], sent: &[u8]) -> Option<f64> {
        let limits = crate::settings::Limits::default();
        let print = |bytes: &[u8]| {
            let recording = crate::examine::sound::gather(&bytes, &limits).ok()?;
            crate::examine::sound::print(&recording).ok()
        };
        let (original, sent) = (print(original)?, print(sent)?);
        let shifts = super::evidence::sound::Shifts::Part;
        super::evidence::sound::likeness(&original, &sent, shifts)
    }

    /// Photos of many days that nobody took.
    pub struct Photos(super::events::Seen);

    impl Photos {
        /// So many.
        #[must_use]
        pub fn many(count: usize) -> Self {
            Self(super::events::many(count))
        }

        /// Into how many groups they go, with all that they can give each other.
        pub fn groups(&mut self) -> usize {
            super::events::suggest(&mut self.0, &super::events::Asked::default()).groups.len()
        }
    }

    /// What a fit leaves of two small pictures: RMS in grey levels.
    #[must_use]
    pub fn residual(exported: &GreyMap, original: &GreyMap) -> Option<f64> {
        super::evidence::residual::fit_sent(exported, original).map(|fit| fit.residual)
    }
}
