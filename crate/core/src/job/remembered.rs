//! What earlier runs knew: what was learnt about files is not examined again,
//! and the user's decisions come back.

use sha1::{Digest, Sha1};

use super::{Errand, Job};
use crate::collect;
use crate::examine::Examined;
use crate::io::{Files, read_range};
use crate::matching::Pairing;
use crate::memory::{self, Choice, Decided, Key, Learnt, Note, Pointer, Shelf, Sum};
use crate::model::{ItemId, MediumId, Side};
use crate::plan::Answer;

/// Bytes hashed at once.
const PIECE: usize = 1 << 20;

impl<F: Files> Job<F> {
    /// What is known of these files, in their order.
    pub(super) fn recall_files(&self, errands: &[Errand]) -> Vec<Option<Examined>> {
        let names: Vec<Key> = errands.iter().filter_map(|errand| errand.name).collect();
        let mut notes = self.memory.recall(Shelf::Files, &names).into_iter();
        let known = |errand: &Errand| {
            let note = errand.name.and_then(|_| notes.next()?)?;
            let Learnt { path, features, problems, .. } = memory::decoded(&note)?;
            let same = path == self.inventory.items[errand.id.0 as usize].path;
            same.then_some(Examined { features, problems })
        };
        errands.iter().map(known).collect()
    }

    /// A note of what was learnt about a file.
    pub(super) fn learnt(&self, errand: &Errand, examined: &Examined) -> Option<Note> {
        let item = &self.inventory.items[errand.id.0 as usize];
        let Examined { features, problems } = examined.clone();
        let (size, modified) = (item.size, item.modified);
        let learnt = Learnt { path: item.path.clone(), size, modified, features, problems };
        let value = Some(memory::encoded(&learnt)?);
        Some(Note { shelf: Shelf::Files, key: errand.name?, value })
    }

    /// Keeps a decision under the content of the exported file.
    pub(super) fn note_answer(&mut self, medium: MediumId, answer: Option<Answer>) {
        let Some(item) = self.inventory.media.get(medium.0 as usize).and_then(|of| of.item) else {
            return;
        };
        let Some(content) = self.sum(item) else { return };
        let decided = answer.map(|answer| self.decided(medium, item, answer));
        let value = decided.as_ref().and_then(memory::encoded);
        let mut notes = vec![Note { shelf: Shelf::Answers, key: Key(content), value }];
        // Files of this size are hashed when they are seen again.
        let key = size_key(self.inventory.items[item.0 as usize].size);
        notes.push(Note { shelf: Shelf::Sums, key, value: Some(Vec::new()) });
        self.memory.note(notes);
    }

    /// Takes the decisions that are remembered about this chat's files.
    pub(super) fn recall_answers(&mut self) {
        let media = (0..).map(MediumId).zip(&self.inventory.media);
        let media: Vec<(MediumId, ItemId)> =
            media.filter_map(|(id, medium)| Some((id, medium.item?))).collect();
        let mut asked = Vec::new();
        for (medium, item) in media {
            if let Some(content) = self.sum_if_answered(item) {
                asked.push((medium, Key(content)));
            }
        }
        let keys: Vec<Key> = asked.iter().map(|(_, key)| *key).collect();
        let notes = self.memory.recall(Shelf::Answers, &keys);
        for ((medium, _), note) in asked.into_iter().zip(notes) {
            let decided = note.and_then(|note| memory::decoded::<Decided>(&note));
            let answer = decided.and_then(|decided| self.answer_again(medium, &decided));
            if let Some(answer) = answer {
                self.answers.insert(medium, answer);
            }
        }
    }

    fn decided(&mut self, medium: MediumId, item: ItemId, answer: Answer) -> Decided {
        let best = self.matches.pairings.get(medium.0 as usize).and_then(best);
        let (choice, original) = match answer {
            Answer::Accept => (Choice::Accept, best),
            Answer::Reject => (Choice::Reject, None),
            Answer::Pick(original) => (Choice::Pick, Some(original)),
        };
        let exported = self.inventory.items[item.0 as usize].path.clone();
        Decided { exported, choice, original: original.map(|id| self.pointer(id)) }
    }

    fn pointer(&mut self, id: ItemId) -> Pointer {
        let sha1 = self.sum(id);
        let item = &self.inventory.items[id.0 as usize];
        Pointer { path: item.path.clone(), size: item.size, modified: item.modified, sha1 }
    }

    /// The answer in the numbers of this run; `None` if the original that was
    /// chosen is not in this library.
    fn answer_again(&mut self, medium: MediumId, decided: &Decided) -> Option<Answer> {
        if decided.choice == Choice::Reject {
            return Some(Answer::Reject);
        }
        let original = self.find(decided.original.as_ref()?)?;
        let best = self.matches.pairings.get(medium.0 as usize).and_then(best);
        let accepted = decided.choice == Choice::Accept && best == Some(original);
        Some(if accepted { Answer::Accept } else { Answer::Pick(original) })
    }

    /// An original where it was, or wherever its content is now.
    fn find(&mut self, pointer: &Pointer) -> Option<ItemId> {
        let originals = self.inventory.items.iter().filter(|item| item.side == Side::Originals);
        let alike = originals.filter(|item| item.size == pointer.size);
        let alike: Vec<ItemId> = alike.map(|item| item.id).collect();
        let in_place = alike.iter().copied().find(|id| {
            let item = &self.inventory.items[id.0 as usize];
            item.path == pointer.path && item.modified == pointer.modified
        });
        if in_place.is_some() {
            return in_place;
        }
        let content = pointer.sha1?;
        alike.into_iter().find(|&id| self.sum(id) == Some(content))
    }

    /// The SHA-1 of an exported file, if a file of its size was ever decided on.
    fn sum_if_answered(&mut self, id: ItemId) -> Option<[u8; 20]> {
        if let Some(sum) = self.known_sum(id) {
            return Some(sum);
        }
        let size = self.inventory.items[id.0 as usize].size;
        let answered = self.memory.recall(Shelf::Sums, &[size_key(size)]);
        answered.first()?.as_ref()?;
        self.sum(id)
    }

    /// The SHA-1 of a file, hashed now if it is not known; `None` for files
    /// that cannot be read or are larger than a picture may be.
    fn sum(&mut self, id: ItemId) -> Option<[u8; 20]> {
        if let Some(sum) = self.known_sum(id) {
            return Some(sum);
        }
        let item = &self.inventory.items[id.0 as usize];
        if item.size > self.settings.limits.picture_bytes {
            return None;
        }
        let source = collect::open(item, &self.files).ok()?;
        let (mut sha1, mut at) = (Sha1::new(), 0);
        loop {
            let piece = read_range(&*source, at, PIECE).ok()?;
            sha1.update(&piece);
            at += piece.len() as u64;
            if piece.len() < PIECE {
                break;
            }
        }
        self.progress.bytes_read += at;
        let sum = sha1.finalize().into();
        let key = memory::sum_key(item);
        drop(source);
        if let (Some(key), value @ Some(_)) = (key, memory::encoded(&Sum(sum))) {
            self.memory.note(vec![Note { shelf: Shelf::Sums, key, value }]);
        }
        Some(sum)
    }

    fn known_sum(&self, id: ItemId) -> Option<[u8; 20]> {
        let features = self.features[id.0 as usize].as_ref();
        if let Some(sum) = features.and_then(|features| features.sha1) {
            return Some(sum);
        }
        let key = memory::sum_key(&self.inventory.items[id.0 as usize])?;
        let note = self.memory.recall(Shelf::Sums, &[key]).pop()??;
        Some(memory::decoded::<Sum>(&note)?.0)
    }
}

/// The original that accepting a pairing means.
fn best(pairing: &Pairing) -> Option<ItemId> {
    pairing.original.or_else(|| Some(pairing.candidates.first()?.item))
}

/// Marks that a file of this size was decided on; the note is empty.
fn size_key(size: u64) -> Key {
    memory::key(format!("decided on a file of {size} bytes").as_bytes())
}
