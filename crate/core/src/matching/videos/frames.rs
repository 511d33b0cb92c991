//! Videos: do frames at three moments show the same pictures?
//!
//! The core decodes H.264 (`watching`). For what it does not decode a host that has a
//! player (a browser) is asked, when everything else is decided, for frames of both
//! files ([`wanted`]); they are compared as photos are, at 320 pixels.
//!
//! - **Confirmed:** at two moments or all three the pictures are the same.
//! - **Contradicted:** at every moment that shows anything, and at two at least,
//!   they are clearly different.
//! - Anything else, and whatever cannot be decoded, changes nothing.
//!
//! How two frames are compared: [`glimpse`].

use crate::collect::{Export, Library};
use crate::io::Files;
use crate::matching::evidence::question::{self, Bench, Compared, Question, What};
use crate::matching::link::court::FLOOR;
use crate::matching::pairing::{Candidate, Decision, Pairing};
use crate::matching::reason::Reason;
use crate::matching::units::Known;
use crate::matching::videos::glimpse::{
    EDGE, FRAME_EDGE, Glimpse, SAME, Seen, Verdict, difference, glimpse, is_thorough,
    shows_the_same, verdict,
};
use crate::matching::videos::{self, Movie};
use crate::memory::{Memory, Note};
use crate::model::{Features, ItemId, MediumId, Size};
use crate::need::{Frames, Moment, Shown};
use crate::settings::{Search, Settings};

/// Where the frames are taken, as parts of the shorter of the two lengths.
pub(super) const MOMENTS: [f64; 3] = [0.1, 0.5, 0.9];

/// A player that seeks may land beside the frame it was asked for, and a video
/// with 60 frames a second is sent with 30: where the frame in place is another
/// picture, the original's frames this many seconds away have their chance.
const NEIGHBOURS: [f64; 6] =
    [-1.0 / 60.0, 1.0 / 60.0, -1.0 / 30.0, 1.0 / 30.0, -1.0 / 15.0, 1.0 / 15.0];

/// A pair of videos that the host should take frames of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VideoPair {
    /// The exported medium.
    pub medium: MediumId,
    /// Its file.
    pub exported: ItemId,
    /// The original it may come from.
    pub original: ItemId,
    /// Where the frames are taken, in seconds from the start of what was sent.
    pub(super) seconds: [f64; 3],
    /// Where in the original that begins, in seconds.
    pub(super) start_s: f64,
    /// Whether sound has proved it. Then only what the core decodes may contradict, so
    /// that every host decides the same.
    pub(crate) by_sound: bool,
}

/// How much of the original is looked at in one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The frame in its place.
    InPlace,
    /// Its neighbours as well.
    Around,
}

/// Who decoded what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The core: the same everywhere.
    Core,
    /// A player of the host.
    Host,
}

/// What the comparison of frames needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub library: &'a Library,
    pub export: &'a Export,
    pub features: &'a [Option<Features>],
    /// The library's videos.
    pub movies: &'a [Movie],
    pub files: &'a dyn Files,
    pub memory: &'a dyn Memory,
    pub settings: &'a Settings,
}

impl<'a> Context<'a> {
    pub(super) fn known(self) -> Known<'a> {
        Known { library: self.library, features: self.features }
    }

    fn bench(self) -> Bench<'a> {
        let Self { files, memory, settings, .. } = self;
        Bench { known: self.known(), files, memory, settings }
    }
}

/// What the host is asked for.
pub(crate) fn wanted(pair: &VideoPair, reach: Reach) -> Frames {
    let moment = |&second: &f64| Moment {
        exported_s: second,
        originals_s: steps(reach).map(|step| second + step).collect(),
    };
    Frames {
        medium: pair.medium,
        exported: pair.exported,
        original: pair.original,
        moments: pair.seconds.iter().map(moment).collect(),
        long_edge: FRAME_EDGE,
    }
}

/// How what was asked for compares, a moment each. What was not asked for is left
/// aside.
pub(crate) fn glimpses(shown: &[Shown], reach: Reach) -> Seen {
    let most = steps(reach).count();
    std::array::from_fn(|moment| {
        let Shown { exported, originals } = shown.get(moment)?;
        glimpse(exported, &originals[..originals.len().min(most)])
    })
}

/// The originals that frames could confirm or contradict: the one that sound proves, or
/// those with the length of what was sent (where a trimmed video begins, sound alone
/// tells) that are worth linking.
pub(crate) fn pairs(pairing: &Pairing, context: Context<'_>) -> Vec<VideoPair> {
    let known = context.known();
    let Some(exported) = context.export.media[pairing.medium.0 as usize].item else {
        return Vec::new();
    };
    let start_s = match pairing.reason {
        Reason::SameSoundCut { start_ms, .. } => start_ms as f64 / 1000.0,
        _ => 0.0,
    };
    let by_sound = is_by_sound(&pairing.reason);
    let pair = |original| {
        let seconds = moments(known, exported, original)?;
        let medium = pairing.medium;
        Some(VideoPair { medium, exported, original, seconds, start_s, by_sound })
    };
    let asked = asked(pairing, exported, known, context.settings);
    asked.into_iter().filter_map(pair).collect()
}

/// What time and length decided, corrected by the frames. `pairs` are those of the
/// pairing, `seen` tells what was seen of an original.
pub(crate) fn judged<'a>(
    pairing: &Pairing,
    pairs: &[VideoPair],
    seen: impl Fn(ItemId) -> Option<&'a Seen>,
    context: Context<'_>,
) -> Pairing {
    let mut judged = pairing.clone();
    for candidate in &mut judged.candidates {
        candidate.score.residual = seen(candidate.item).and_then(difference);
    }
    match pairing.original {
        Some(original) => confirm(&mut judged, original, seen(original), context),
        None => choose(&mut judged, pairs, seen, context),
    }
    judged
}

/// What an earlier run saw of a pair: what the core decoded, or else the host.
pub(crate) fn recall(pair: &VideoPair, context: Context<'_>) -> Seen {
    let recalled = |what: fn(u32) -> What| -> Seen {
        let questions: Vec<Question> =
            (0..MOMENTS.len()).map(|at| asked_at(pair, what, at)).collect();
        let mut known = question::recall(context.bench(), &questions).into_iter();
        let glimpse = |compared: Compared| Glimpse { fit: compared.fit, thorough: true };
        std::array::from_fn(|_| known.next().flatten().map(glimpse))
    };
    let own = recalled(What::Picture);
    let is_enough = pair.by_sound || own.iter().all(Option::is_some);
    if is_enough { own } else { recalled(What::Frame) }
}

/// The note of a glimpse; `None` if more frames may still change it.
pub(crate) fn note(
    pair: &VideoPair,
    moment: usize,
    glimpse: &Glimpse,
    by: By,
    context: Context<'_>,
) -> Option<Note> {
    if !glimpse.thorough && !glimpse.is_same() {
        return None;
    }
    let compared = Compared { fit: glimpse.fit, ..Compared::default() };
    let what = match by {
        By::Host => What::Frame,
        By::Core => What::Picture,
    };
    question::note(context.bench(), &asked_at(pair, what, moment), &compared)
}

/// Whether more frames cannot change the verdict on a pair.
pub(crate) fn is_settled(pair: &VideoPair, seen: &Seen) -> bool {
    pair.by_sound && shows_the_same(seen) || verdict(seen) != Verdict::Open || is_thorough(seen)
}

/// Where the original's frames lie, in seconds from the exported one.
fn steps(reach: Reach) -> impl Iterator<Item = f64> {
    let neighbours = match reach {
        Reach::InPlace => &[][..],
        Reach::Around => &NEIGHBOURS,
    };
    std::iter::once(0.0).chain(neighbours.iter().copied())
}

/// The linked original, or every candidate of an open question.
fn asked(
    pairing: &Pairing,
    exported: ItemId,
    known: Known<'_>,
    settings: &Settings,
) -> Vec<ItemId> {
    if is_by_sound(&pairing.reason) {
        return pairing.original.into_iter().collect();
    }
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

/// Whether sound has proved the link.
fn is_by_sound(reason: &Reason) -> bool {
    matches!(reason, Reason::SameSound { .. } | Reason::SameSoundCut { .. })
}

/// Whether it was not taken after it was sent; with `--search window`, whether it
/// is inside the window.
fn is_allowed(candidate: &Candidate, settings: &Settings) -> bool {
    let window = i64::from(settings.match_window_seconds);
    match candidate.score.time_difference_s {
        Some(apart) if settings.search == Search::Window => (-window..=window).contains(&apart),
        Some(apart) => apart >= -window,
        None => settings.search == Search::Library,
    }
}

pub(super) fn moments(known: Known<'_>, exported: ItemId, original: ItemId) -> Option<[f64; 3]> {
    let length = |id| known.features(id)?.video?.duration_ms;
    let shorter = length(exported)?.min(length(original)?) as f64 / 1000.0;
    Some(MOMENTS.map(|part| part * shorter))
}

/// For a video that is linked: the frames undo the link, or confirm what time and length
/// alone had said. The same sound lies under other pictures, too.
fn confirm(pairing: &mut Pairing, original: ItemId, seen: Option<&Seen>, context: Context<'_>) {
    let Some(seen) = seen else { return };
    pairing.score.residual = difference(seen);
    match verdict(seen) {
        Verdict::Confirmed if !is_by_sound(&pairing.reason) => say_the_same(pairing, seen),
        Verdict::Contradicted => {
            let original = context.known().item(original).name().to_owned();
            refuse(pairing, Reason::OtherFrames { original });
        }
        Verdict::Confirmed | Verdict::Open => {}
    }
}

/// For a video that is not linked: the one candidate whose frames agree is linked,
/// if no other could be the original as well.
fn choose<'a>(
    pairing: &mut Pairing,
    pairs: &[VideoPair],
    seen: impl Fn(ItemId) -> Option<&'a Seen>,
    context: Context<'_>,
) {
    let known = context.known();
    let verdict_of = |pair: &VideoPair| seen(pair.original).map_or(Verdict::Open, verdict);
    let confirmed = pairs.iter().filter(|pair| verdict_of(pair) == Verdict::Confirmed);
    let (chosen, proof, apart) = match confirmed.collect::<Vec<_>>()[..] {
        [only] => match seen(only.original).and_then(|seen| Some((seen, difference(seen)?))) {
            Some((seen, apart)) => (only.original, seen, apart),
            None => return,
        },
        [] => return refuse_all(pairing, pairs, verdict_of),
        _ => return,
    };
    let blocks = apart.max(FLOOR as f32) * context.settings.proof().runner_up_ratio;
    let worse = |pair: &VideoPair| {
        let other = seen(pair.original).filter(|seen| is_thorough(seen)).and_then(difference);
        verdict_of(pair) == Verdict::Contradicted || other.is_some_and(|other| other >= blocks)
    };
    let place = pairing.candidates.iter().position(|candidate| candidate.item == chosen);
    let Some(place) = place else { return };
    if !pairs.iter().filter(|pair| pair.original != chosen).all(worse) {
        return;
    }
    pairing.candidates[..=place].rotate_right(1);
    pairing.score = pairing.candidates[0].score;
    pairing.decision = Decision::Matched;
    pairing.original = Some(chosen);
    pairing.also = videos::copies(context.movies, chosen);
    pairing.reason = Reason::AsLong { original: known.item(chosen).name().to_owned() };
    say_the_same(pairing, proof);
}

/// If every candidate shows other pictures, none of them is the original.
fn refuse_all(pairing: &mut Pairing, pairs: &[VideoPair], verdict: impl Fn(&VideoPair) -> Verdict) {
    let all_asked = !pairs.is_empty() && pairing.candidates.len() == pairs.len();
    if all_asked && pairs.iter().all(|pair| verdict(pair) == Verdict::Contradicted) {
        refuse(pairing, Reason::AllOtherFrames { videos: pairs.len() });
    }
}

fn refuse(pairing: &mut Pairing, reason: Reason) {
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
    let before = match std::mem::take(&mut pairing.reason) {
        Reason::Unproved { before } => before,
        before => Box::new(before),
    };
    pairing.reason = Reason::SameFrames { before, percents };
}

/// The question under which a comparison of frames is remembered.
fn asked_at(pair: &VideoPair, what: fn(u32) -> What, moment: usize) -> Question {
    Question {
        what: what(percent(moment)),
        files: (pair.exported, pair.original),
        size: Size::square(EDGE),
    }
}

fn percent(moment: usize) -> u32 {
    (MOMENTS[moment] * 100.0).round() as u32
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;
