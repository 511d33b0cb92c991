//! Decides on media that need no proof by pixels.

use crate::collect::Medium;
use crate::matching::pairing::{Decision, Pairing};
use crate::matching::reason::{Reason, Unmatchable};
use crate::matching::units::Known;
use crate::model::{MediaKind, MediumId};
use crate::settings::Settings;

/// All media with their numbers.
pub(super) fn numbered(media: &[Medium]) -> impl Iterator<Item = (MediumId, &Medium)> {
    (0u32..).map(MediumId).zip(media)
}

pub(super) fn unreadable(id: MediumId, settings: &Settings) -> Pairing {
    Pairing {
        decision: Decision::Unreadable,
        reason: Reason::Unreadable,
        ..Pairing::blank(id, settings)
    }
}

/// The decision on a medium that needs no proof by pixels; `None` for the others.
pub(super) fn without_proof(
    known: Known<'_>,
    id: MediumId,
    medium: &Medium,
    settings: &Settings,
) -> Option<Pairing> {
    let decided =
        |decision, reason| Some(Pairing { decision, reason, ..Pairing::blank(id, settings) });
    let Some(item) = medium.item else {
        return decided(Decision::Missing, Reason::Missing);
    };
    let features = known.features(item);
    let not_matchable = |what| decided(Decision::NotMatchable, Reason::NotMatchable(what));
    match medium.kind {
        MediaKind::Sticker => not_matchable(Unmatchable::Sticker),
        MediaKind::Gif => not_matchable(Unmatchable::Gif),
        MediaKind::Voice => not_matchable(Unmatchable::Voice),
        MediaKind::Audio => not_matchable(Unmatchable::Audio),
        MediaKind::Contact => not_matchable(Unmatchable::Contact),
        MediaKind::Document => None,
        MediaKind::Video => match features.and_then(|features| features.video) {
            Some(video) if video.is_gif => not_matchable(Unmatchable::Gif),
            Some(_) => None,
            None => Some(unreadable(id, settings)),
        },
        MediaKind::Image => {
            match features.and_then(|features| features.fingerprint.zip(features.size)) {
                Some(_) => None,
                None => Some(unreadable(id, settings)),
            }
        }
    }
}
