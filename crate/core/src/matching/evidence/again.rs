//! Originals that are decoded once more, because what was seen of them leaves a doubt
//! that another decode may settle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::question::{Bench, Compared, Question, What};
use super::sight::Sight;
use crate::error::Problem;
use crate::examine::pixels::{Tones, Whole};
use crate::model::{ItemId, Size};

/// Residual (RMS in grey levels) up to which a pair that seems recoloured is
/// decoded again with its own colours. No mode links above it: loose allows 6.0,
/// and 1.15 times that at most (`link/limit.rs`).
const ONE_PICTURE: f64 = 7.0;

/// Residual and worst block (RMS in grey levels) up to which a pair is proved in every
/// mode, so that no other reading of the original is tried: the limits of strict.
const CERTAIN: f64 = 2.2;
const CERTAIN_BLOCK: f64 = 3.9;

/// The forms in which a file must be decoded.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub sizes: BTreeSet<Size>,
    pub tones: bool,
    pub whole: bool,
}

/// A file in those forms.
#[derive(Debug, Clone, Default)]
pub(super) struct Decoded {
    pub sights: Vec<Arc<Sight>>,
    pub tones: Option<Arc<Tones>>,
    /// As it is shown, then in every other reading.
    pub wholes: Vec<Arc<Whole>>,
}

/// The files of a batch, or why they cannot be decoded.
pub(super) type Shown = BTreeMap<ItemId, Result<Decoded, Problem>>;

/// Originals that differ from a sent picture in colour alone, and whose colours are
/// known from a thumbnail only. They are decoded again: some cameras' thumbnails
/// have other colours than the picture.
pub(super) fn doubted(
    asked: &[Question],
    found: &[Compared],
    shown: &Shown,
) -> BTreeMap<ItemId, Wanted> {
    let mut doubted = BTreeMap::new();
    for (one, found) in asked.iter().zip(found) {
        let original = one.files.0;
        let Some(Ok(of)) = shown.get(&original) else { continue };
        let by_thumbnail = of.sights.iter().any(|sight| !sight.own_colours);
        if one.what == What::Sent && by_thumbnail && is_recoloured(found) {
            let sizes = of.sights.iter().map(|sight| sight.grey.size());
            doubted.insert(original, Wanted { sizes: sizes.collect(), ..Wanted::default() });
        }
    }
    doubted
}

/// Whether the pair differs in colour alone.
pub(super) fn is_recoloured(found: &Compared) -> bool {
    found.fit.is_some_and(|fit| fit.residual <= ONE_PICTURE && fit.tint.is_filter())
}

/// Originals that a comparison does not prove, and which show something else in another
/// reading.
pub(super) fn unproved(
    bench: Bench<'_>,
    asked: &[Question],
    found: &[Compared],
    shown: &Shown,
) -> BTreeMap<ItemId, Wanted> {
    let mut unproved = BTreeMap::new();
    for (one, found) in asked.iter().zip(found).filter(|(_, found)| !is_proof(found)) {
        let (first, second) = one.files;
        let originals = match one.what {
            What::Sent => vec![first],
            What::Rivals => vec![first, second],
            _ => Vec::new(),
        };
        for id in originals {
            let (Some(Ok(of)), Some(known)) = (shown.get(&id), bench.known.features(id)) else {
                continue;
            };
            // Other colours change a picture by so much at most, what lies under its
            // transparent parts by any amount.
            let near = |shift: u8| {
                let most = CERTAIN + f64::from(shift);
                found.fit.is_some_and(|fit| fit.residual <= most)
            };
            let colours = known.profiled.is_some_and(near);
            let black = known.on_black.is_some();
            if colours || black {
                let sizes = of.sights.iter().map(|sight| sight.grey.size());
                unproved.insert(id, Wanted { sizes: sizes.collect(), ..Wanted::default() });
            }
        }
    }
    unproved
}

/// Whether a comparison leaves nothing that another reading could explain.
pub(super) fn is_proof(found: &Compared) -> bool {
    found.fit.is_some_and(|fit| {
        fit.residual <= CERTAIN && fit.worst_block <= CERTAIN_BLOCK && !fit.tint.is_filter()
    })
}
