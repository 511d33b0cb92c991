//! Pictures as the proof compares them: small, with a few cells of colour.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::residual;
use crate::error::Problem;
use crate::examine::decode::{self, GreyMap, Plane, Window};
use crate::examine::{guarded, look};
use crate::model::{Chroma, Features, ItemId, Miniature};
use crate::settings::Limits;

/// How many times larger than compared pictures are decoded at least: a
/// decoder's own reduced scales are sharper than an average over the area, and
/// must not be what makes the picture small.
pub(super) const OVERSIZE: u32 = 3;

/// Grey levels (RMS of two miniatures) by which a thumbnail may differ from its
/// picture.
const SHOWN: f64 = 3.0;

/// A picture as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sight {
    pub grey: GreyMap,
    pub chroma: Chroma,
    /// Whether the colours are those of the picture itself: a thumbnail may have
    /// others.
    pub own_colours: bool,
}

/// Sizes that each picture is wanted at.
pub(super) type Sizes = BTreeMap<ItemId, BTreeSet<(u32, u32)>>;

/// Small pictures by item and size, or why there are none.
pub(super) type Small = BTreeMap<ItemId, Result<Vec<Arc<Sight>>, Problem>>;

/// Decodes a picture once and makes it small to each size. Its colours are taken
/// from what is known of it, if that shows the same picture.
pub(super) fn small(
    bytes: &[u8],
    sizes: &BTreeSet<(u32, u32)>,
    known: Option<&Features>,
    limits: &Limits,
) -> Result<Vec<Arc<Sight>>, Problem> {
    guarded(|| {
        let longest = sizes.iter().map(|size| size.0.max(size.1)).max().unwrap_or(1);
        let edge = OVERSIZE * longest;
        if let Some((miniature, chroma)) = known.and_then(seen) {
            let luma = decode::luma(bytes, edge, limits)?;
            let sights = sights(&luma, chroma, sizes, false);
            if sights.last().is_some_and(|sight| shows(miniature, &sight.grey)) {
                return Ok(sights);
            }
        }
        let tones = decode::tones(bytes, edge, limits)?;
        let chroma = look::chroma(&tones, Window::whole(&tones.luma));
        Ok(sights(&tones.luma, &chroma, sizes, true))
    })
}

/// The picture at one of the sizes it was made small to.
pub(super) fn at_size(sights: &[Arc<Sight>], size: (u32, u32)) -> Option<Arc<Sight>> {
    sights.iter().find(|sight| (sight.grey.width, sight.grey.height) == size).cloned()
}

fn sights(
    luma: &Plane,
    chroma: &Chroma,
    sizes: &BTreeSet<(u32, u32)>,
    own_colours: bool,
) -> Vec<Arc<Sight>> {
    let sight = |&(width, height): &(u32, u32)| {
        let grey = decode::shrink(luma, width, height);
        Arc::new(Sight { grey, chroma: chroma.clone(), own_colours })
    };
    sizes.iter().map(sight).collect()
}

/// What was seen of a picture when it was examined, colours included.
fn seen(known: &Features) -> Option<(&Miniature, &Chroma)> {
    known.miniature.as_ref().zip(known.chroma.as_ref())
}

/// Whether a miniature was made from this picture: a thumbnail may be older than
/// what is in the file now.
fn shows(miniature: &Miniature, grey: &GreyMap) -> bool {
    let GreyMap { width, height, .. } = *grey;
    let plane =
        Plane { width, height, grey: grey.levels.iter().map(|&l| (l >> 8) as u8).collect() };
    let own = look::miniature(&plane);
    own.and_then(|own| residual::coarse(&own, miniature)).is_some_and(|left| left <= SHOWN)
}
