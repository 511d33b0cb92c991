//! Comparisons that an earlier run made: what is known is not read again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::edited::EditedFit;
use super::proof::Bench;
use super::residual::Fit;
use crate::error::Problem;
use crate::memory::{self, Key, Note, Shelf};
use crate::model::ItemId;

/// How two pictures compare. Everything in it follows from the two files, the
/// question and the size; whatever else a result depends on must be spelled out
/// in the question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Compared {
    /// `None`: one of them could not be read, or the two cannot be compared.
    pub fit: Option<Fit>,
    /// The same for a picture that was changed before it was sent.
    pub edited: Option<EditedFit>,
    /// Why the first could not be read.
    pub first: Option<Problem>,
    /// Why the second could not be read.
    pub second: Option<Problem>,
}

/// What is asked about two files.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// The kind of comparison.
    pub what: Cow<'static, str>,
    /// The two files, in the order of [`Compared`].
    pub files: (ItemId, ItemId),
    /// Size at which they are compared.
    pub size: (u32, u32),
}

/// As it is kept; paths and size are in its name, and here for people.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    first: String,
    second: String,
    size: (u32, u32),
    compared: Compared,
}

/// What is known of these questions, in their order.
pub(super) fn recall(bench: Bench<'_>, questions: &[Question]) -> Vec<Option<Compared>> {
    let names: Vec<Option<Key>> = questions.iter().map(|question| name(bench, question)).collect();
    let asked: Vec<Key> = names.iter().flatten().copied().collect();
    let mut notes = bench.memory.recall(Shelf::Comparisons, &asked).into_iter();
    let mut known = |name: Option<Key>| {
        let note = name.and_then(|_| notes.next()?)?;
        Some(memory::decoded::<Kept>(&note)?.compared)
    };
    names.into_iter().map(&mut known).collect()
}

/// What to keep of an answer. Storage that failed once may not fail again, so
/// nothing is kept of that.
pub(super) fn note(bench: Bench<'_>, question: &Question, compared: &Compared) -> Option<Note> {
    let problems = [&compared.first, &compared.second].into_iter().flatten();
    if problems.into_iter().any(|problem| matches!(problem, Problem::Unreadable(_))) {
        return None;
    }
    let key = name(bench, question)?;
    let path = |id: ItemId| bench.known.item(id).path.clone();
    let kept = Kept {
        first: path(question.files.0),
        second: path(question.files.1),
        size: question.size,
        compared: compared.clone(),
    };
    Some(Note { shelf: Shelf::Comparisons, key, value: Some(memory::encoded(&kept)?) })
}

/// A kept comparison for people and other programs.
pub(super) fn json(value: &[u8]) -> Option<String> {
    memory::shown::<Kept>(value)
}

/// The files by their content where it is known, else by path, size and last
/// change.
fn name(bench: Bench<'_>, question: &Question) -> Option<Key> {
    let file = |id: ItemId| {
        let sha1 = bench.known.features(id).and_then(|features| features.sha1);
        sha1.map(Key).or_else(|| memory::sum_key(bench.known.item(id)))
    };
    let (first, second) = (file(question.files.0)?, file(question.files.1)?);
    let limits = &bench.settings.limits;
    let bounds = (limits.picture_bytes, limits.pixels, limits.decode_bytes);
    let (what, size) = (&question.what, question.size);
    Some(memory::key(format!("{what} {:?} {:?} {size:?} {bounds:?}", first.0, second.0).as_bytes()))
}
