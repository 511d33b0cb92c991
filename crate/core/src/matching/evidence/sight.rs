//! Pictures in the form in which the proof compares them: grey and small, with 16 ×
//! 16 cells of colour.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::residual;
use crate::error::Problem;
use crate::examine::pixels::{self, GreyMap, Plane, Reading, Tones, Whole, Window};
use crate::examine::{guarded, look};
use crate::matching::gates;
use crate::model::{Chroma, Features, Miniature, Size};
use crate::settings::Limits;

/// Factor: pictures are decoded to at least this many times the compared size, and
/// our own filter scales them down from there. A decoder's reduced scales are
/// sharper than an average over the area: true pairs then differed by 3 to 9 grey
/// levels instead of 0.5 to 2.3 (docs/architecture.md).
pub(in crate::matching) const OVERSIZE: u32 = 3;

/// Residual of two miniatures (RMS in grey levels) above which a thumbnail is not
/// trusted to show its picture, and the picture's own colours are decoded. Of 782
/// originals of the corpus 431 differed by less than 2.5, two by 3 to 3.5 and 349
/// by 4 to 13.5 (docs/architecture.md).
const SHOWN: f64 = 3.0;

/// Where a picture's colours come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    /// From what was examined, if that shows the picture: decoding luma alone is
    /// much faster.
    AsSeen,
    /// From the picture itself.
    Own,
    /// From every other [`Reading`] that the file allows.
    Other,
}

/// A picture in the form in which it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::matching) struct Sight {
    pub grey: GreyMap,
    pub chroma: Chroma,
    /// Whether the colours are the picture's own, and not its thumbnail's.
    pub own_colours: bool,
}

/// Decodes a picture once and scales it to each size. Its colours are taken from
/// what was examined, if that shows the same picture.
pub(in crate::matching) fn small(
    bytes: &[u8],
    sizes: &BTreeSet<Size>,
    known: Option<&Features>,
    limits: &Limits,
) -> Result<Vec<Arc<Sight>>, Problem> {
    guarded(|| {
        let longest = sizes.iter().map(|size| size.longest()).max().unwrap_or(1);
        let edge = OVERSIZE * longest;
        if let Some((miniature, chroma)) = known.and_then(seen) {
            let luma = pixels::luma(bytes, edge, limits)?;
            let lies = sizes.iter().any(|&size| gates::fits_turned(size, luma.size()));
            let sights = sights(&luma, chroma, sizes, false);
            if !lies && sights.last().is_some_and(|sight| shows(miniature, &sight.grey)) {
                return Ok(sights);
            }
        }
        coloured(&pixels::tones(bytes, edge, limits)?, sizes)
    })
}

/// As [`small`], in every other reading that the file allows.
pub(super) fn otherwise(
    bytes: &[u8],
    sizes: &BTreeSet<Size>,
    known: &Features,
    limits: &Limits,
) -> Result<Vec<Arc<Sight>>, Problem> {
    let longest = sizes.iter().map(|size| size.longest()).max().unwrap_or(1);
    let mut sights = Vec::new();
    for reading in readings(known) {
        let read = || pixels::tones_as(bytes, OVERSIZE * longest, reading, limits);
        if let Some(tones) = guarded(read)? {
            sights.extend(coloured(&tones, sizes)?);
        }
    }
    Ok(sights)
}

/// A picture at full size: as it is shown, then in every other reading.
pub(super) fn wholes(
    bytes: &[u8],
    known: Option<&Features>,
    limits: &Limits,
) -> Result<Vec<Arc<Whole>>, Problem> {
    let mut wholes = vec![Arc::new(pixels::whole(bytes, limits)?)];
    for reading in known.into_iter().flat_map(readings) {
        if let Some(tones) = pixels::tones_as(bytes, u32::MAX, reading, limits)? {
            wholes.push(Arc::new(Whole { luma: tones.luma, steps: None, grid: None }));
        }
    }
    Ok(wholes)
}

/// The other readings that a file allows.
fn readings(known: &Features) -> impl Iterator<Item = Reading> {
    let (profiled, on_black) = (known.profiled.is_some(), known.on_black.is_some());
    let each = [
        (profiled, Reading::OtherColours),
        (on_black, Reading::OnBlack),
        (profiled && on_black, Reading::OtherColoursOnBlack),
    ];
    each.into_iter().filter(|(allowed, _)| *allowed).map(|(_, reading)| reading)
}

/// The sight of this size; the first, if there are several.
pub(in crate::matching) fn at_size(sights: &[Arc<Sight>], size: Size) -> Option<Arc<Sight>> {
    all_at_size(sights, size).next().cloned()
}

/// Every sight of this size: a file may show its picture in more ways than one.
pub(super) fn all_at_size(
    sights: &[Arc<Sight>],
    size: Size,
) -> impl Iterator<Item = &Arc<Sight>> + Clone {
    sights.iter().filter(move |sight| sight.grey.size() == size)
}

/// Sights with the picture's own colours. Where it has a size's shape only if it is
/// turned by a quarter, it is turned both ways.
fn coloured(tones: &Tones, sizes: &BTreeSet<Size>) -> Result<Vec<Arc<Sight>>, Problem> {
    let shown = |tones: &Tones, sizes: &BTreeSet<Size>| {
        let chroma = look::chroma(tones, Window::whole(&tones.luma));
        sights(&tones.luma, &chroma, sizes, true)
    };
    let lies = |size: &Size| gates::fits_turned(*size, tones.luma.size());
    let (lying, upright): (BTreeSet<Size>, BTreeSet<Size>) =
        sizes.iter().partition(|&size| lies(size));
    let mut sights = if upright.is_empty() { Vec::new() } else { shown(tones, &upright) };
    if !lying.is_empty() {
        for turned in tones.turned()? {
            sights.extend(shown(&turned, &lying));
        }
    }
    Ok(sights)
}

fn sights(
    luma: &Plane,
    chroma: &Chroma,
    sizes: &BTreeSet<Size>,
    own_colours: bool,
) -> Vec<Arc<Sight>> {
    let sight = |&size: &Size| {
        let grey = pixels::shrink(luma, size);
        Arc::new(Sight { grey, chroma: chroma.clone(), own_colours })
    };
    sizes.iter().map(sight).collect()
}

/// Miniature and colours that were examined, if both are known.
fn seen(known: &Features) -> Option<(&Miniature, &Chroma)> {
    known.miniature.as_ref().zip(known.chroma.as_ref())
}

/// Whether a miniature was made from this picture: a thumbnail may be older than
/// the picture in its file.
fn shows(miniature: &Miniature, grey: &GreyMap) -> bool {
    let own = look::miniature(&grey.rounded());
    own.and_then(|own| residual::coarse(&own, miniature)).is_some_and(|left| left <= SHOWN)
}
