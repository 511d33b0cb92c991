//! What is kept of the user's decisions, and how it is found again.

use serde::{Deserialize, Serialize};

use crate::memory::{self, Before, Forever, Key, Promise, Shelf};

/// What the user decided about an exported file, by its content.
pub static ANSWERS: Shelf = Shelf {
    name: "answers",
    version: 1,
    promise: Promise::Forever(Forever {
        migrate: no_other_version,
        before: Some(Before { shelf: "answers", version: 1, theirs: |_| true }),
    }),
    json: memory::shown::<Decided>,
};

/// Sizes of files that the user decided on: files of other sizes need not be hashed
/// to know that nothing was decided about them.
///
/// Older programs marked such a size by an empty note among the sums.
pub static ANSWERED_SIZES: Shelf = Shelf {
    name: "answered_sizes",
    version: 1,
    promise: Promise::Forever(Forever {
        migrate: no_other_version,
        before: Some(Before { shelf: "sums", version: 1, theirs: <[u8]>::is_empty }),
    }),
    json: memory::shown::<u64>,
};

/// What the user decided about one exported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decided {
    /// Its path when it was decided, for people: the key is its content.
    pub exported: String,
    pub choice: Choice,
    /// The original that was accepted or picked.
    pub original: Option<Pointer>,
}

/// [`crate::plan::Answer`] without the numbers of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Choice {
    Accept,
    Reject,
    Pick,
    /// Behind the others, whose notes are kept by their place.
    Reveal,
}

/// A file that is found again by its place, or else by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub path: String,
    pub size: u64,
    pub modified: Option<i64>,
    /// `None`: it was too large to hash, or could not be read.
    #[serde(with = "memory::hex::option")]
    pub sha1: Option<[u8; 20]>,
}

/// Marks that a file of this size was decided on.
pub(crate) fn size_key(size: u64) -> Key {
    memory::key(format!("decided on a file of {size} bytes").as_bytes())
}

/// The first version of a shelf has no older notes to take over.
fn no_other_version(_: u32, _: &[u8]) -> Option<Vec<u8>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_of_older_programs_keep_their_meaning() {
        let places = [Choice::Accept, Choice::Reject, Choice::Pick, Choice::Reveal];
        for (place, choice) in (0..).zip(places) {
            assert_eq!(memory::encoded(&choice), Some(vec![place]), "{choice:?}");
        }
    }
}
