//! Which videos are still to be looked into, and what was seen of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::job::desk::Needs;
use crate::matching::Pairing;
use crate::matching::videos::Movie;
use crate::matching::videos::frames::{self, By, Context, Reach, VideoPair};
use crate::matching::videos::glimpse::Seen;
use crate::matching::videos::watching::Watching;
use crate::memory::Note;
use crate::model::{ItemId, MediumId};
use crate::need::NeedId;

/// What is still to be looked into.
pub(super) struct Looking {
    /// The library's videos.
    pub(super) movies: Vec<Movie>,
    /// Exported videos of which nothing was recalled yet.
    pub(super) ahead: VecDeque<MediumId>,
    /// Those that the host is asked about.
    pub(super) open: BTreeMap<MediumId, Open>,
    /// What the host is to be asked, in the order of the media.
    pub(super) asks: VecDeque<Ask>,
    /// The first of them, while the core decodes it.
    pub(super) watching: Option<Box<Watching>>,
}

/// A video that frames may decide.
pub(super) struct Open {
    /// What time, length and sound decided.
    pub(super) pairing: Pairing,
    /// What could change it.
    pub(super) pairs: Vec<VideoPair>,
    /// By original.
    pub(super) seen: BTreeMap<ItemId, Seen>,
}

/// One question to the host.
pub(super) struct Ask {
    pub(super) id: NeedId,
    pub(super) pair: VideoPair,
    pub(super) reach: Reach,
    /// Whether the core cannot decode one of the two.
    pub(super) is_foreign: bool,
}

impl Looking {
    /// The host is asked about every pair that is not settled.
    pub(super) fn ask_about(&mut self, video: Open, needs: &mut Needs) {
        let unsettled = video.pairs.iter().filter(|pair| !video.is_settled(pair));
        let ask = |pair: &VideoPair| Ask {
            id: needs.number(),
            pair: pair.clone(),
            reach: Reach::InPlace,
            is_foreign: false,
        };
        let before = self.asks.len();
        self.asks.extend(unsettled.map(ask));
        if self.asks.len() > before {
            self.open.insert(video.pairing.medium, video);
        }
    }

    /// Videos that the host is still to be asked about.
    pub(super) fn left(&self) -> u64 {
        let media: BTreeSet<MediumId> = self.asks.iter().map(|ask| ask.pair.medium).collect();
        media.len() as u64
    }
}

impl Open {
    /// A video as time, length and sound left it, with what earlier runs saw.
    pub(super) fn recalled(pairing: &Pairing, context: Context<'_>) -> Self {
        let pairs = frames::pairs(pairing, context);
        let seen = pairs.iter().map(|pair| (pair.original, frames::recall(pair, context)));
        Self { pairing: pairing.clone(), seen: seen.collect(), pairs }
    }

    /// Takes what was seen of one pair, and says what is worth remembering of it.
    pub(super) fn take(
        &mut self,
        ask: &Ask,
        seen: &Seen,
        by: By,
        context: Context<'_>,
    ) -> Vec<Note> {
        let before = self.seen.entry(ask.pair.original).or_default();
        let mut notes = Vec::new();
        for (moment, glimpse) in seen.iter().enumerate() {
            let Some(glimpse) = glimpse else { continue };
            before[moment] = Some(*glimpse);
            notes.extend(frames::note(&ask.pair, moment, glimpse, by, context));
        }
        notes
    }

    pub(super) fn is_settled(&self, pair: &VideoPair) -> bool {
        self.seen.get(&pair.original).is_some_and(|seen| frames::is_settled(pair, seen))
    }

    /// What is decided with all that was seen.
    pub(super) fn judged(&self, context: Context<'_>) -> Pairing {
        frames::judged(&self.pairing, &self.pairs, |original| self.seen.get(&original), context)
    }
}
