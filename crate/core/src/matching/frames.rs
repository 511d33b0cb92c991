//! Videos: do frames at three moments show the same pictures?
//!
//! The core has no video decoder. A host that has one (a browser) is asked,
//! when everything is decided by time and length, for frames of both files
//! ([`Look`]); they are compared as photos are, at 320 pixels.
//!
//! - **Confirmed:** at two moments or all three the pictures are the same.
//! - **Contradicted:** at every moment that has something to see, and at two at
//!   least, they are clearly others.
//! - Anything else, and whatever cannot be decoded, changes nothing.
//!
//! Measured with four files in seven parts, each encoded again with H.264 at 150 kbit/s to
//! 2 Mbit/s: `docs/architecture.md` has the numbers behind the limits below.

use super::decide::{DETAIL, FLOOR, GAIN};
use super::memo::{self, Compared, Question};
use super::proof::Bench;
use super::residual::{self, Fit};
use super::units::Known;
use super::{Candidate, Decision, Pairing, explain, gates, videos};
use crate::collect::Inventory;
use crate::examine::decode::{self, Plane, Tones};
use crate::io::Files;
use crate::memory::{Memory, Note};
use crate::model::{Features, ItemId, MediumId};
use crate::settings::{Search, Settings};

/// Where the frames are taken, as parts of the shorter of the two lengths.
pub const MOMENTS: [f64; 3] = [0.1, 0.5, 0.9];

/// A player that seeks may land beside the frame it was asked for, and a video
/// with 60 frames a second is sent with 30: where the frame in place is another
/// picture, the original's frames this many seconds away have their chance.
pub const NEIGHBOURS: [f64; 6] =
    [-1.0 / 60.0, 1.0 / 60.0, -1.0 / 30.0, 1.0 / 30.0, -1.0 / 15.0, 1.0 / 15.0];

/// Long edge of the frames asked for, in pixels: twice what is compared.
pub const FRAME_EDGE: u32 = 640;

/// Longest edge of a frame that is looked at, in pixels.
const MOST_EDGE: u32 = 4 * FRAME_EDGE;

/// Long edge at which frames are compared, in pixels.
const EDGE: u32 = 320;

/// Most grey levels (RMS) between frames that show the same: true ones differed
/// by 1.4 to 5.7 above 400 kbit/s, the same clip 0.4 seconds later by 7.5.
const SAME: f64 = 6.0;

/// Fewest grey levels (RMS) between frames that clearly show something else,
/// and the share of the exported frame's detail that must be left unexplained.
/// Other clips left about 22 and 1.07; a true one, 7.7 and 0.18 at 150 kbit/s.
const OTHER: f64 = 15.0;
const OTHER_SHARE: f64 = 0.8;

/// Detail in grey levels below which a frame is black, white or fog: players
/// also draw black where they cannot decode.
const PLAIN: f64 = 5.0;

/// Originals' frames needed at one moment before they can speak against it.
const ENOUGH: usize = 3;

/// A pair of videos that the host should look into.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The exported medium.
    pub medium: MediumId,
    /// Its file.
    pub exported: ItemId,
    /// The original it may come from.
    pub original: ItemId,
    /// Where the frames are taken, in seconds from the start of both.
    pub seconds: [f64; 3],
}

/// A frame as a player shows it, after rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// What looking into videos needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub inventory: &'a Inventory,
    pub features: &'a [Option<Features>],
    pub files: &'a dyn Files,
    pub memory: &'a dyn Memory,
    pub settings: &'a Settings,
}

impl<'a> Context<'a> {
    fn known(self) -> Known<'a> {
        Known { inventory: self.inventory, features: self.features }
    }

    fn bench(self) -> Bench<'a> {
        let Self { files, memory, settings, .. } = self;
        Bench { known: self.known(), units: &[], files, memory, settings }
    }
}

/// What was seen at the three moments; `None`: no frames yet.
pub(crate) type Seen = [Option<Glimpse>; 3];

/// How the frames of one moment compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glimpse {
    /// `None`: one of the two shows nothing.
    fit: Option<Fit>,
    /// Whether the original's neighbouring frames had their chance.
    thorough: bool,
}

/// What three glimpses come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Confirmed,
    Contradicted,
    Open,
}

/// Compares an exported frame with the original's frames around that moment;
/// the one that fits best counts. `None`: there is nothing that can be compared.
pub(crate) fn glimpse(exported: &Frame, originals: &[Frame]) -> Option<Glimpse> {
    let sent = plane(exported)?;
    let (width, height) = residual::target((sent.width, sent.height), EDGE);
    let small = decode::shrink(&sent, width, height);
    let planes = originals.iter().filter_map(plane).filter(|original| {
        gates::same_video_shape((sent.width, sent.height), (original.width, original.height))
    });
    let maps: Vec<_> = planes.map(|original| decode::shrink(&original, width, height)).collect();
    if maps.is_empty() {
        return None;
    }
    let shown = maps.iter().filter(|map| residual::detail(map) >= PLAIN);
    let fits = shown.filter_map(|map| residual::fit_sent(&small, map));
    let best = fits.min_by(|a, b| a.residual.total_cmp(&b.residual));
    let fit = best.filter(|fit| fit.detail >= PLAIN);
    Some(Glimpse { fit, thorough: maps.len() >= ENOUGH })
}

/// Whether the frames prove anything.
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

/// The originals that frames could prove or refute: as long as what was sent
/// (frames of a trimmed video are other ones), and worth linking.
pub(crate) fn looks(pairing: &Pairing, context: Context<'_>) -> Vec<Look> {
    let known = context.known();
    let Some(exported) = context.inventory.media[pairing.medium.0 as usize].item else {
        return Vec::new();
    };
    let look = |original| {
        let seconds = moments(known, exported, original)?;
        Some(Look { medium: pairing.medium, exported, original, seconds })
    };
    let asked = asked(pairing, exported, known, context.settings);
    asked.into_iter().filter_map(look).collect()
}

/// What time and length decided, as the frames leave it. `looks` are those of
/// the pairing, `seen` tells what was seen of an original.
pub(crate) fn judged<'a>(
    pairing: &Pairing,
    looks: &[Look],
    seen: impl Fn(ItemId) -> Option<&'a Seen>,
    context: Context<'_>,
) -> Pairing {
    let mut judged = pairing.clone();
    for candidate in &mut judged.candidates {
        candidate.score.residual = seen(candidate.item).and_then(difference);
    }
    match pairing.original {
        Some(original) => confirm(&mut judged, original, seen(original), context),
        None => choose(&mut judged, looks, seen, context),
    }
    judged
}

/// What an earlier run saw of a pair.
pub(crate) fn recall(look: &Look, context: Context<'_>) -> Seen {
    let questions: Vec<Question> = (0..MOMENTS.len()).map(|at| question(look, at)).collect();
    let mut known = memo::recall(context.bench(), &questions).into_iter();
    let recalled = |compared: Compared| Glimpse { fit: compared.fit, thorough: true };
    std::array::from_fn(|_| known.next().flatten().map(recalled))
}

/// What is worth remembering of a glimpse: nothing if more frames may change it.
pub(crate) fn note(
    look: &Look,
    moment: usize,
    glimpse: &Glimpse,
    context: Context<'_>,
) -> Option<Note> {
    if !glimpse.thorough && !glimpse.is_same() {
        return None;
    }
    let compared = Compared { fit: glimpse.fit, edited: None, first: None, second: None };
    memo::note(context.bench(), &question(look, moment), &compared)
}

/// Whether more frames could change nothing.
pub(crate) fn is_settled(seen: &Seen) -> bool {
    verdict(seen) != Verdict::Open || is_thorough(seen)
}

impl Glimpse {
    fn is_same(&self) -> bool {
        self.fit.is_some_and(|fit| {
            fit.residual <= SAME && fit.detail >= DETAIL * fit.residual && GAIN.contains(&fit.gain)
        })
    }

    fn is_other(&self) -> bool {
        let clear = |fit: Fit| fit.residual >= OTHER && fit.residual >= OTHER_SHARE * fit.detail;
        self.thorough && self.fit.is_some_and(clear)
    }
}

/// The linked original, or every candidate of an open question.
fn asked(
    pairing: &Pairing,
    exported: ItemId,
    known: Known<'_>,
    settings: &Settings,
) -> Vec<ItemId> {
    let linked = pairing.original;
    let open = matches!(pairing.decision, Decision::Ambiguous | Decision::TooDifferent);
    let may_be = |candidate: &&Candidate| match linked {
        Some(original) => candidate.item == original,
        None => open && is_allowed(candidate, settings),
    };
    let worth = |&original: &ItemId| {
        videos::as_long(known, exported, original) && videos::is_better(known, exported, original)
    };
    pairing.candidates.iter().filter(may_be).map(|candidate| candidate.item).filter(worth).collect()
}

/// Not taken after it was sent; with `--search window`, inside the window.
fn is_allowed(candidate: &Candidate, settings: &Settings) -> bool {
    let window = i64::from(settings.match_window_seconds);
    match candidate.score.time_difference_s {
        Some(apart) if settings.search == Search::Window => (-window..=window).contains(&apart),
        Some(apart) => apart >= -window,
        None => settings.search == Search::Library,
    }
}

fn moments(known: Known<'_>, exported: ItemId, original: ItemId) -> Option<[f64; 3]> {
    let length = |id| Some(known.features(id)?.video?.duration_ms);
    let shorter = length(exported)?.min(length(original)?) as f64 / 1000.0;
    Some(MOMENTS.map(|part| part * shorter))
}

/// Linked by time and length: the frames agree, or they undo it.
fn confirm(pairing: &mut Pairing, original: ItemId, seen: Option<&Seen>, context: Context<'_>) {
    let Some(seen) = seen else { return };
    pairing.score.residual = difference(seen);
    match verdict(seen) {
        Verdict::Confirmed => say_the_same(pairing, seen),
        Verdict::Contradicted => {
            let name = context.known().item(original).name();
            refuse(pairing, explain::other_frames(name, &pairing.score));
        }
        Verdict::Open => {}
    }
}

/// Nothing is linked: one candidate whose frames agree is, if no other could be
/// it as well.
fn choose<'a>(
    pairing: &mut Pairing,
    looks: &[Look],
    seen: impl Fn(ItemId) -> Option<&'a Seen>,
    context: Context<'_>,
) {
    let known = context.known();
    let verdict_of = |look: &Look| seen(look.original).map_or(Verdict::Open, verdict);
    let confirmed = looks.iter().filter(|look| verdict_of(look) == Verdict::Confirmed);
    let (chosen, proof, apart) = match confirmed.collect::<Vec<_>>()[..] {
        [only] => match seen(only.original).and_then(|seen| Some((seen, difference(seen)?))) {
            Some((seen, apart)) => (only.original, seen, apart),
            None => return,
        },
        [] => return refuse_all(pairing, looks, verdict_of),
        _ => return,
    };
    let blocks = apart.max(FLOOR as f32) * context.settings.proof().runner_up_ratio;
    let worse = |look: &Look| {
        let other = seen(look.original).filter(|seen| is_thorough(seen)).and_then(difference);
        verdict_of(look) == Verdict::Contradicted || other.is_some_and(|other| other >= blocks)
    };
    let place = pairing.candidates.iter().position(|candidate| candidate.item == chosen);
    let Some(place) = place else { return };
    if !looks.iter().filter(|look| look.original != chosen).all(worse) {
        return;
    }
    pairing.candidates[..=place].rotate_right(1);
    pairing.score = pairing.candidates[0].score;
    pairing.decision = Decision::Matched;
    pairing.original = Some(chosen);
    pairing.also = videos::copies(known, chosen);
    pairing.reason = explain::as_long(known.item(chosen).name(), &pairing.score);
    say_the_same(pairing, proof);
}

/// If every candidate shows other pictures, none of them is the original.
fn refuse_all(pairing: &mut Pairing, looks: &[Look], verdict: impl Fn(&Look) -> Verdict) {
    let all_asked = !looks.is_empty() && pairing.candidates.len() == looks.len();
    if all_asked && looks.iter().all(|look| verdict(look) == Verdict::Contradicted) {
        refuse(pairing, explain::all_other_frames(looks.len()));
    }
}

fn refuse(pairing: &mut Pairing, reason: String) {
    pairing.decision = Decision::TooDifferent;
    pairing.original = None;
    pairing.also.clear();
    pairing.thresholds.residual = SAME as f32;
    pairing.reason = reason;
}

fn say_the_same(pairing: &mut Pairing, seen: &Seen) {
    pairing.thresholds.residual = SAME as f32;
    let same = (0..).zip(seen).filter(|(_, one)| one.is_some_and(|one| one.is_same()));
    let percents: Vec<u32> = same.map(|(moment, _)| percent(moment)).collect();
    pairing.score.residual = difference(seen);
    let words = explain::same_frames(&percents, &pairing.score);
    pairing.reason = format!("{}; {words}.", pairing.reason.trim_end_matches('.'));
}

/// The second smallest of the moments' differences, in grey levels: what holds
/// for two of them.
fn difference(seen: &Seen) -> Option<f32> {
    let fits = seen.iter().flatten().filter_map(|glimpse| glimpse.fit);
    let mut all: Vec<f64> = fits.map(|fit| fit.residual).collect();
    all.sort_by(f64::total_cmp);
    all.get(1).map(|residual| *residual as f32)
}

fn is_thorough(seen: &Seen) -> bool {
    seen.iter().all(|glimpse| glimpse.is_some_and(|glimpse| glimpse.thorough))
}

/// The name under which a comparison of frames is remembered.
fn question(look: &Look, moment: usize) -> Question {
    let what = format!("frame at {} %", percent(moment));
    Question { what: what.into(), files: (look.exported, look.original), size: (EDGE, EDGE) }
}

fn percent(moment: usize) -> u32 {
    (MOMENTS[moment] * 100.0).round() as u32
}

/// The frame's grey levels; `None` if its sizes do not fit together.
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

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;
