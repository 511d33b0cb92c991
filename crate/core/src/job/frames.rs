//! Looking into videos, for hosts that can decode them: frames of both files
//! confirm or undo what time and length decided.

use std::collections::BTreeMap;

use super::{Job, Phase};
use crate::io::Files;
use crate::matching::frames::{self, Context, Seen};
use crate::matching::{Frame, Look, Pairing};
use crate::model::{ItemId, MediaKind, MediumId};

/// What was looked into so far.
#[derive(Default)]
pub(super) struct Looked {
    /// By medium: what time and length decided, and what could change it.
    open: BTreeMap<MediumId, (Pairing, Vec<Look>)>,
    seen: BTreeMap<(MediumId, ItemId), Seen>,
}

impl<F: Files> Job<F> {
    /// The pairs of videos that the host should look into, once matching has
    /// finished; what earlier runs saw is taken over and not asked again. Videos
    /// that the user decided on stay as they are.
    pub fn looks(&mut self) -> Vec<Look> {
        if matches!(self.phase, Phase::Collect | Phase::Examine { .. } | Phase::Matching(_)) {
            return Vec::new();
        }
        let mut to_ask = Vec::new();
        for medium in self.videos() {
            let Some(pairing) = self.matches.pairings.get(medium.0 as usize) else { continue };
            let context = context(self);
            let looks = match self.looked.open.get(&medium) {
                Some((_, looks)) => looks.clone(),
                None => frames::looks(pairing, context),
            };
            let known: Vec<Seen> = looks.iter().map(|look| frames::recall(look, context)).collect();
            self.looked.open.entry(medium).or_insert((pairing.clone(), looks.clone()));
            for (look, known) in looks.into_iter().zip(known) {
                let seen = self.looked.seen.entry((medium, look.original)).or_insert(known);
                if !frames::is_settled(seen) {
                    to_ask.push(look);
                }
            }
            self.judge(medium);
        }
        to_ask
    }

    /// Takes frames of one pair at one of [`Look::seconds`]: the exported one, and
    /// the original's around that moment. The pairing follows at once. Returns
    /// whether more frames of this pair could change nothing. A pair that was
    /// not asked for, and frames of odd sizes, are left aside.
    pub fn look(
        &mut self,
        medium: MediumId,
        original: ItemId,
        moment: usize,
        exported: &Frame,
        originals: &[Frame],
    ) -> bool {
        let open = self.looked.open.get(&medium);
        let look = open.and_then(|(_, looks)| looks.iter().find(|look| look.original == original));
        let Some(look) = look.cloned().filter(|_| moment < frames::MOMENTS.len()) else {
            return true;
        };
        let seen = self.looked.seen.entry((medium, original)).or_default();
        if let Some(glimpse) = frames::glimpse(exported, originals) {
            seen[moment] = Some(glimpse);
            let note = frames::note(&look, moment, &glimpse, context(self));
            self.memory.note(note.into_iter().collect());
            self.judge(medium);
        }
        self.looked.seen.get(&(medium, original)).is_none_or(frames::is_settled)
    }

    fn judge(&mut self, medium: MediumId) {
        if self.answers.contains_key(&medium) {
            return;
        }
        let Some((pairing, looks)) = self.looked.open.get(&medium) else { return };
        let seen = |original| self.looked.seen.get(&(medium, original));
        let judged = frames::judged(pairing, looks, seen, context(self));
        if let Some(place) = self.matches.pairings.get_mut(medium.0 as usize) {
            *place = judged;
        }
    }

    /// Videos on which the user has not decided.
    fn videos(&self) -> Vec<MediumId> {
        let media = (0..).map(MediumId).zip(&self.inventory.media);
        let videos = media.filter(|(_, medium)| medium.kind == MediaKind::Video);
        videos.map(|(id, _)| id).filter(|id| !self.answers.contains_key(id)).collect()
    }
}

fn context<F: Files>(job: &Job<F>) -> Context<'_> {
    Context {
        inventory: &job.inventory,
        features: &job.features,
        files: &job.files,
        memory: &*job.memory,
        settings: &job.settings,
    }
}
