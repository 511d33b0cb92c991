//! Keeps the user's decisions, and finds them again in a later run.

use std::collections::BTreeMap;

use super::decided::{ANSWERED_SIZES, ANSWERS, Choice, Decided, Pointer, size_key};
use super::hashing::{Later, Left, Recalling};
use super::state::Job;
use crate::examine::SUMS;
use crate::examine::digest::{Digester, Wanted};
use crate::examine::learnt::{Sum, sum_key};
use crate::io::{Files, PIECE};
use crate::matching::Pairing;
use crate::memory::{self, Note};
use crate::model::{ItemId, MediumId};
use crate::plan::Answer;

/// Most media whose decision is asked for in one batch. Chosen, not measured.
const BATCH_ASKED: usize = 1024;

impl<F: Files> Job<F> {
    /// Notes the decisions whose files' contents are known, in the order in which
    /// they were made; hashes what others wait for, as far as `left` goes.
    pub(super) fn note_answers(&mut self, left: &mut Left) {
        while let Some(&(medium, answer)) = self.unnoted.front() {
            match self.note_answer(medium, answer) {
                Ok(()) => drop(self.unnoted.pop_front()),
                Err(Later(id)) if left.is_some() => self.hash_on(id, left),
                Err(Later(_)) => break,
            }
        }
    }

    /// Keeps a decision under the content of the exported file.
    fn note_answer(&mut self, medium: MediumId, answer: Option<Answer>) -> Result<(), Later> {
        let Some(item) = self.export.media.get(medium.0 as usize).and_then(|of| of.item) else {
            return Ok(());
        };
        let Some(content) = self.sum(item)? else { return Ok(()) };
        let decided = answer.map(|answer| self.decided(medium, item, answer)).transpose()?;
        let value = decided.as_ref().and_then(memory::encoded);
        let mut notes = vec![Note { shelf: &ANSWERS, key: content.into(), value }];
        // Files of this size are hashed when they are seen again.
        let size = self.library[item].size;
        notes.push(Note {
            shelf: &ANSWERED_SIZES,
            key: size_key(size),
            value: memory::encoded(&size),
        });
        self.desk.memory.note(notes);
        Ok(())
    }

    /// What may have been decided on before.
    pub(super) fn recalling(&self) -> Recalling {
        let media = (0..).map(MediumId).zip(&self.export.media);
        let media = media.filter_map(|(id, medium)| Some((id, medium.item?))).collect();
        let mut originals = BTreeMap::<u64, Vec<ItemId>>::new();
        for item in self.export.originals(&self.library) {
            originals.entry(item.size).or_default().push(item.id);
        }
        Recalling { media, originals }
    }

    /// Takes some of the decisions that are remembered about this chat's files;
    /// says whether those were all.
    pub(super) fn recall_answers(&mut self, recalling: &mut Recalling) -> bool {
        let mut left = Left::default();
        let mut asked = 0;
        while let Some(&(medium, item)) = recalling.media.front() {
            if asked >= BATCH_ASKED || !left.is_some() {
                return false;
            }
            match self.recall_answer(medium, item, &recalling.originals) {
                Ok(answer) => {
                    asked += 1;
                    recalling.media.pop_front();
                    self.answers.extend(answer.map(|answer| (medium, answer)));
                }
                Err(Later(id)) => self.hash_on(id, &mut left),
            }
        }
        true
    }

    fn recall_answer(
        &mut self,
        medium: MediumId,
        item: ItemId,
        originals: &BTreeMap<u64, Vec<ItemId>>,
    ) -> Result<Option<Answer>, Later> {
        let Some(content) = self.sum_if_answered(item)? else { return Ok(None) };
        let note = self.desk.memory.recall(&ANSWERS, &[content.into()]).pop().flatten();
        let decided = note.and_then(|note| memory::decoded::<Decided>(&note));
        decided.map_or(Ok(None), |decided| self.answer_again(medium, &decided, originals))
    }

    fn decided(
        &mut self,
        medium: MediumId,
        item: ItemId,
        answer: Answer,
    ) -> Result<Decided, Later> {
        let best = self.matches.pairings.get(medium.0 as usize).and_then(best);
        let (choice, original) = match answer {
            Answer::Accept => (Choice::Accept, best),
            Answer::Reject => (Choice::Reject, None),
            Answer::Pick(original) => (Choice::Pick, Some(original)),
            Answer::Reveal(original) => (Choice::Reveal, Some(original)),
        };
        let exported = self.library[item].path.clone();
        let original = original.map(|id| self.pointer(id)).transpose()?;
        Ok(Decided { exported, choice, original })
    }

    fn pointer(&mut self, id: ItemId) -> Result<Pointer, Later> {
        let sha1 = self.sum(id)?;
        let item = &self.library[id];
        Ok(Pointer { path: item.path.clone(), size: item.size, modified: item.modified, sha1 })
    }

    /// The answer in the numbers of this run; `None` if the original that was
    /// chosen is not in this library.
    fn answer_again(
        &mut self,
        medium: MediumId,
        decided: &Decided,
        originals: &BTreeMap<u64, Vec<ItemId>>,
    ) -> Result<Option<Answer>, Later> {
        if decided.choice == Choice::Reject {
            return Ok(Some(Answer::Reject));
        }
        let Some(pointer) = &decided.original else { return Ok(None) };
        let alike = originals.get(&pointer.size).map_or(&[][..], Vec::as_slice);
        let Some(original) = self.find(pointer, alike)? else { return Ok(None) };
        let best = self.matches.pairings.get(medium.0 as usize).and_then(best);
        Ok(Some(match decided.choice {
            Choice::Reveal => Answer::Reveal(original),
            Choice::Accept if best == Some(original) => Answer::Accept,
            _ => Answer::Pick(original),
        }))
    }

    /// An original at its old place, or wherever its content is now among the files
    /// of its size.
    fn find(&mut self, pointer: &Pointer, alike: &[ItemId]) -> Result<Option<ItemId>, Later> {
        let in_place = alike.iter().copied().find(|id| {
            let item = &self.library[*id];
            item.path == pointer.path && item.modified == pointer.modified
        });
        let (None, Some(content)) = (in_place, pointer.sha1) else { return Ok(in_place) };
        for &id in alike {
            if self.sum(id)? == Some(content) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The SHA-1 of an exported file, if a file of its size was ever decided on.
    fn sum_if_answered(&mut self, id: ItemId) -> Result<Option<[u8; 20]>, Later> {
        if let Some(sum) = self.known_sum(id) {
            return Ok(Some(sum));
        }
        let size = self.library[id].size;
        let answered = self.desk.memory.recall(&ANSWERED_SIZES, &[size_key(size)]);
        match answered.first() {
            Some(Some(_)) => self.sum(id),
            _ => Ok(None),
        }
    }

    /// The SHA-1 of a file; `None` for files that cannot be read or are larger
    /// than a picture may be. What is not known must be hashed first.
    fn sum(&mut self, id: ItemId) -> Result<Option<[u8; 20]>, Later> {
        if let Some(sum) = self.known_sum(id) {
            return Ok(Some(sum));
        }
        if let Some(sum) = self.hashing.done.get(&id) {
            return Ok(*sum);
        }
        let size = self.library[id].size;
        if size > self.settings.limits.picture_bytes { Ok(None) } else { Err(Later(id)) }
    }

    /// Hashes a file on, as far as `left` goes.
    fn hash_on(&mut self, id: ItemId, left: &mut Left) {
        let begun = self.hashing.current.take().filter(|(begun, ..)| *begun == id);
        let wanted = Wanted { sha1: true, ..Wanted::default() };
        let mut digester =
            begun.map_or_else(|| Digester::new(wanted, &self.settings.limits), |(_, begun)| begun);
        left.files = left.files.saturating_sub(1);
        let item = &self.library[id];
        while left.bytes > 0 {
            let Ok(step) = digester.advance(item, &self.desk.files, PIECE) else {
                self.hashing.done.insert(id, None);
                return;
            };
            self.desk.progress.bytes_read += step.read;
            left.bytes = left.bytes.saturating_sub(step.read);
            if let Some(sum) = step.done.and_then(|digests| digests.sha1) {
                return self.hashed(id, sum);
            }
        }
        self.hashing.current = Some((id, digester));
    }

    fn hashed(&mut self, id: ItemId, sum: [u8; 20]) {
        self.hashing.done.insert(id, Some(sum));
        let key = sum_key(&self.library[id]);
        if let (Some(key), value @ Some(_)) = (key, memory::encoded(&Sum(sum))) {
            self.desk.memory.note(vec![Note { shelf: &SUMS, key, value }]);
        }
    }

    fn known_sum(&self, id: ItemId) -> Option<[u8; 20]> {
        let features = self.features[id.0 as usize].as_ref();
        if let Some(sum) = features.and_then(|features| features.sha1) {
            return Some(sum);
        }
        let key = sum_key(&self.library[id])?;
        let note = self.desk.memory.recall(&SUMS, &[key]).pop()??;
        Some(memory::decoded::<Sum>(&note)?.0)
    }
}

/// The original that accepting a pairing means.
fn best(pairing: &Pairing) -> Option<ItemId> {
    pairing.original.or_else(|| Some(pairing.candidates.first()?.item))
}
