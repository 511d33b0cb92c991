//! What can be asked about two files, and how an answer is remembered, so that a
//! later run need not read the files again.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::edited::{EditedFit, Guess};
use super::quantised::Violation;
use super::residual::Fit;
use super::sound::{Heard, Shifts};
use crate::error::Problem;
use crate::examine::learnt::sum_key;
use crate::io::Files;
use crate::matching::units::Known;
use crate::memory::{self, Key, Memory, Note, Promise, Shelf};
use crate::model::{ItemId, Size};
use crate::settings::Settings;

/// What a comparison needs: the files, what is known of them, what earlier runs
/// noted, the settings.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a> {
    pub known: Known<'a>,
    pub files: &'a dyn Files,
    pub memory: &'a dyn Memory,
    pub settings: &'a Settings,
}

/// A kind of comparison. `comparer.rs` says how each is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) enum What {
    /// Was the second made from the first by a chat, which only scaled and encoded
    /// it?
    Sent,
    /// Are these two originals copies of one picture?
    Rivals,
    /// Are these two sent pictures one?
    Twins,
    /// At full size: does the second, a sent picture, lie within what its own
    /// quantisation allows, if the first was sent? And if that `may_be_made` of the
    /// second: what [`What::Made`] asks, for both files are decoded anyway.
    Quantised { may_be_made: bool },
    /// The same of two copies, also where the second is no JPEG: then it may lie as far
    /// off as a coarse encoder would leave it.
    Copied { may_be_made: bool },
    /// Does the first, a larger picture, show more detail than the second, a camera's?
    Enlarged,
    /// Was the first, as large as the second or larger, made of it: enlarged, or decoded
    /// and stored again?
    Made,
    /// Was the second made from the first by somebody who changed it, roughly in
    /// this way?
    Edited(Guess),
    /// Do two videos show the same at this part of their length (percent)? The host
    /// supplies the frames.
    Frame(u32),
    /// The same of the pictures that the core decodes.
    Picture(u32),
    /// Is the sound of the second, a video that was sent, in that of the first?
    Sound(Shifts),
}

/// The name of the kind. Answers are remembered under it: with another name, all
/// answers of that kind are forgotten.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent => f.write_str("sent"),
            Self::Rivals => f.write_str("rivals"),
            Self::Twins => f.write_str("twins"),
            Self::Quantised { may_be_made: false } => f.write_str("quantised"),
            Self::Quantised { may_be_made: true } => f.write_str("quantised, made"),
            Self::Copied { may_be_made: false } => f.write_str("copied"),
            Self::Copied { may_be_made: true } => f.write_str("copied, made"),
            Self::Enlarged => f.write_str("enlarged"),
            Self::Made => f.write_str("made"),
            Self::Edited(guess) => write!(f, "edited {guess:?}"),
            Self::Frame(percent) => write!(f, "frame at {percent} %"),
            Self::Picture(percent) => write!(f, "picture at {percent} %"),
            Self::Sound(shifts) => write!(f, "sound {shifts:?}"),
        }
    }
}

/// A comparison that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct Question {
    pub what: What,
    /// The two files, in the order of [`Compared`].
    pub files: (ItemId, ItemId),
    /// At which they are compared.
    pub size: Size,
}

/// Answers, by question, the two files and the size.
///
/// The version is raised whenever a comparison may give another result than before,
/// or a result is written in another way (14 to 15: whether an original was made of what
/// was sent).
pub static COMPARISONS: Shelf = Shelf {
    name: "comparisons",
    version: 15,
    promise: Promise::Cache,
    json: memory::shown::<Kept>,
};

/// The answer. It must follow from the two files, the question and the size alone:
/// whatever else it depends on belongs into the question's name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::matching) struct Compared {
    /// For unchanged pictures. `None`: one of them could not be read, or the two
    /// cannot be compared.
    pub fit: Option<Fit>,
    /// For pictures that may have been changed before they were sent.
    pub edited: Option<EditedFit>,
    /// For sent pictures at full size: what they violate.
    pub violation: Option<Violation>,
    /// For originals that may be enlarged: how much detail they have beyond the other
    /// ([`super::enlarged::beyond`]).
    pub beyond: Option<f64>,
    /// How much of the second's encoder the first still shows
    /// ([`super::grid::clustering`]).
    pub clustering: Option<f64>,
    /// How much of the first is what storing the second again gives
    /// ([`super::grid::stored_again`]).
    pub stored_again: Option<f64>,
    /// For the sound of videos. `None`: one of them could not be decoded.
    pub heard: Option<Heard>,
    /// Why the first could not be read.
    pub first: Option<Problem>,
    /// Why the second could not be read.
    pub second: Option<Problem>,
}

/// An answer as it is kept. Paths and size are part of its key, too; here they are
/// for people.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    first: String,
    second: String,
    size: Size,
    compared: Compared,
}

/// What the memory knows of these questions, in their order.
pub(in crate::matching) fn recall(
    bench: Bench<'_>,
    questions: &[Question],
) -> Vec<Option<Compared>> {
    let names: Vec<Option<Key>> = questions.iter().map(|question| name(bench, question)).collect();
    let asked: Vec<Key> = names.iter().flatten().copied().collect();
    let mut notes = bench.memory.recall(&COMPARISONS, &asked).into_iter();
    let mut known = |name: Option<Key>| {
        let note = name.and_then(|_| notes.next()?)?;
        Some(memory::decoded::<Kept>(&note)?.compared)
    };
    names.into_iter().map(&mut known).collect()
}

/// The note of an answer; `None` if a file could not be read from storage, which
/// may succeed next time.
pub(in crate::matching) fn note(
    bench: Bench<'_>,
    question: &Question,
    compared: &Compared,
) -> Option<Note> {
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
    Some(Note { shelf: &COMPARISONS, key, value: Some(memory::encoded(&kept)?) })
}

/// The key of a question: each file by SHA-1 where it is known, else by path, size
/// and last change.
fn name(bench: Bench<'_>, question: &Question) -> Option<Key> {
    let file = |id: ItemId| {
        let sha1 = bench.known.features(id).and_then(|features| features.sha1);
        sha1.map(Key::from).or_else(|| sum_key(bench.known.item(id)))
    };
    let (first, second) = (file(question.files.0)?, file(question.files.1)?);
    let limits = &bench.settings.limits;
    let bounds = (limits.picture_bytes, limits.pixels, limits.decode_bytes);
    // Notes of earlier versions are found by names that spell sizes as pairs.
    let (what, size) = (question.what, <(u32, u32)>::from(question.size));
    let (first, second) = (first.bytes(), second.bytes());
    Some(memory::key(format!("{what} {first:?} {second:?} {size:?} {bounds:?}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::fixture::Fixture;
    use crate::matching::scenes;
    use crate::memory::Nothing;
    use crate::model::{Features, Kind};

    #[test]
    fn comparisons_of_earlier_versions_are_found_by_their_names() {
        let mut fixture = Fixture::default();
        let mut file = |path: &str, sha1| {
            fixture.exported(path, 9, Features { sha1: Some(sha1), ..Features::new(Kind::Jpeg) })
        };
        let files = (file("taken.jpg", [1; 20]), file("sent.jpg", [2; 20]));
        let (unread, settings) = (scenes::InMemory(Vec::new()), Settings::default());
        let bench =
            Bench { known: fixture.known(), files: &unread, memory: &Nothing, settings: &settings };
        let question = Question { what: What::Sent, files, size: Size::new(512, 384) };
        let (one, two) = (["1"; 20].join(", "), ["2"; 20].join(", "));
        let spelled = format!("sent [{one}] [{two}] (512, 384) (268435456, 250000000, 1073741824)");
        assert_eq!(name(bench, &question), Some(memory::key(spelled.as_bytes())));
    }
}
