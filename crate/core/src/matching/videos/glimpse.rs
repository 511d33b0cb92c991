//! Do frames of two videos at one moment show the same picture, and what do three moments
//! prove?
//!
//! The limits were measured with four files in seven parts, each encoded again with H.264 at
//! 150 kbit/s to 2 Mbit/s: docs/architecture.md has the figures.

use crate::examine::pixels::{self, GreyMap, Plane, Tones};
use crate::matching::evidence::residual::{self, Fit};
use crate::matching::gates;
use crate::matching::link::court::{DETAIL, GAIN};
use crate::need::Frame;

/// Long edge of the frames asked for, in pixels: twice what is compared.
pub(super) const FRAME_EDGE: u32 = 640;

/// Longest edge in pixels of a frame; a larger one is refused before anything is
/// allocated for it.
const MOST_EDGE: u32 = 4 * FRAME_EDGE;

/// Long edge in pixels at which frames are compared. Chosen, not measured.
pub(super) const EDGE: u32 = 320;

/// Most grey levels (RMS) between frames that show the same. True ones differed by
/// 1.4 to 5.7 above 400 kbit/s, the same clip 0.4 seconds later by 7.5.
pub(super) const SAME: f64 = 6.0;

/// Fewest grey levels (RMS) between frames that clearly show something else. Other
/// clips differed by about 22 where it was least certain, a true one by 7.7 at 150
/// kbit/s.
const OTHER: f64 = 15.0;
/// Least share of the exported frame's detail that must be left unexplained as
/// well. Other clips left 1.07, a true one 0.18 at 150 kbit/s.
const OTHER_SHARE: f64 = 0.8;

/// Detail in grey levels (standard deviation) below which a frame shows nothing:
/// black, white or fog. Chosen, not measured.
const PLAIN: f64 = 5.0;

/// Most grey levels between the darkest and the brightest part of a frame of one level: players
/// draw black where they cannot decode. A plain sky has more, and shows that it is one.
/// Chosen, not measured.
const EVEN: u16 = 8;

/// Frames of the original that are needed at one moment before it can speak against
/// the original: one seek may have gone wrong. Chosen, not measured.
const ENOUGH: usize = 3;

/// The glimpses at the three moments; `None`: no frames yet.
pub(crate) type Seen = [Option<Glimpse>; 3];

/// How the frames at one moment compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glimpse {
    /// `None`: one of the two frames shows nothing.
    pub(super) fit: Option<Fit>,
    /// Whether the original's neighbouring frames were compared, too.
    pub(super) thorough: bool,
}

/// What the three glimpses prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Confirmed,
    Contradicted,
    Open,
}

impl Glimpse {
    pub(super) fn is_same(&self) -> bool {
        self.fit.is_some_and(|fit| {
            fit.residual <= SAME && fit.detail >= DETAIL * fit.residual && GAIN.contains(&fit.gain)
        })
    }

    fn is_other(&self) -> bool {
        let clear = |fit: Fit| fit.residual >= OTHER && fit.residual >= OTHER_SHARE * fit.detail;
        self.thorough && self.fit.is_some_and(clear)
    }
}

/// Compares an exported frame with the original's frames around that moment.
pub(super) fn glimpse(exported: &Frame, originals: &[Frame]) -> Option<Glimpse> {
    let originals: Vec<Plane> = originals.iter().filter_map(plane).collect();
    compared(&[plane(exported)?], &originals)
}

/// Compares the frames of both around one moment; the two that fit best count. `None`:
/// there is nothing that can be compared.
pub(super) fn compared(sent: &[Plane], originals: &[Plane]) -> Option<Glimpse> {
    let fitting = |sent: &Plane| {
        let (size, small) = (sent.size().within(EDGE), sent.size());
        let same = originals.iter().filter(|of| gates::same_video_shape(small, of.size()));
        let maps: Vec<_> = same.map(|original| pixels::shrink(original, size)).collect();
        (pixels::shrink(sent, size), maps)
    };
    let pairs: Vec<_> = sent.iter().map(fitting).collect();
    let count: usize = pairs.iter().map(|(_, maps)| maps.len()).sum();
    if count == 0 {
        return None;
    }
    let fits = pairs.iter().flat_map(|(small, maps)| {
        let shown = maps.iter().filter(|map| residual::detail(map) >= PLAIN || !is_even(map));
        shown.filter_map(|map| residual::fit_sent(small, map))
    });
    let best = fits.min_by(|a, b| a.residual.total_cmp(&b.residual));
    let fit = best.filter(|fit| fit.detail >= PLAIN);
    Some(Glimpse { fit, thorough: count >= ENOUGH })
}

/// Whether a frame has one level, which may be no picture at all.
fn is_even(map: &GreyMap) -> bool {
    let levels = map.levels.iter().map(|level| level >> 8);
    let most = levels.clone().max().unwrap_or(0);
    most - levels.min().unwrap_or(0) <= EVEN
}

/// What the glimpses prove.
pub(crate) fn verdict(seen: &Seen) -> Verdict {
    let same = seen.iter().flatten().filter(|glimpse| glimpse.is_same()).count();
    let other = seen.iter().flatten().filter(|glimpse| glimpse.is_other()).count();
    let plain = seen.iter().flatten().filter(|glimpse| glimpse.fit.is_none()).count();
    if same >= 2 && other == 0 {
        Verdict::Confirmed
    } else if other >= 2 && other + plain == seen.len() {
        Verdict::Contradicted
    } else {
        Verdict::Open
    }
}

/// Whether some moment shows the same in both.
pub(super) fn shows_the_same(seen: &Seen) -> bool {
    seen.iter().flatten().any(Glimpse::is_same)
}

/// Whether more frames cannot change what any moment shows.
pub(super) fn is_thorough(seen: &Seen) -> bool {
    seen.iter().all(|glimpse| glimpse.is_some_and(|glimpse| glimpse.thorough))
}

/// The second smallest residual of the three moments, in grey levels: two moments
/// are that close or closer.
pub(crate) fn difference(seen: &Seen) -> Option<f32> {
    let fits = seen.iter().flatten().filter_map(|glimpse| glimpse.fit);
    let mut all: Vec<f64> = fits.map(|fit| fit.residual).collect();
    all.sort_by(f64::total_cmp);
    all.get(1).map(|residual| *residual as f32)
}

/// The frame's grey levels; `None` if its size and its bytes do not fit.
fn plane(frame: &Frame) -> Option<Plane> {
    let Frame { width, height, rgba } = frame;
    let edges = 1..=MOST_EDGE;
    let inside = edges.contains(width) && edges.contains(height);
    if !inside || rgba.len() != *width as usize * *height as usize * 4 {
        return None;
    }
    let pixels = rgba.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    Some(Tones::from_rgb(*width, *height, pixels).luma)
}
