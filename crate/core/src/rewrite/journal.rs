//! What is kept of a file before it changes, and how the state of an interrupted
//! change is recognised.

use std::io;

use serde::{Deserialize, Serialize};

use super::door::{MOST_CHANGED, Patch, Refused, Rewrite, whole};
use crate::io::PIECE;

/// Raised when the form changes. Older forms stay readable: a history may be
/// years old.
const VERSION: u32 = 1;

/// Bytes of a file as they were before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Their place.
    pub at: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// All that is needed to take one change back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    version: u32,
    /// BLAKE3 of the file before the change.
    pub before: [u8; 32],
    /// BLAKE3 of the file after it.
    pub after: [u8; 32],
    /// Bytes of the file before the change.
    pub size: u64,
    /// What was replaced; what was appended is cut off.
    pub pieces: Vec<Piece>,
    /// The places that the change writes, as first byte and length: they tell a
    /// half-made change from somebody else's.
    places: Vec<(u64, u64)>,
    /// BLAKE3 of all bytes that the change leaves alone.
    rest: [u8; 32],
}

/// How a file stands to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As before it.
    Before,
    /// As after it.
    After,
    /// Some of it is written.
    Between,
    /// Somebody else changed the file.
    Foreign,
}

impl Entry {
    /// Its bytes, as they are kept.
    ///
    /// # Errors
    /// Never, as far as is known; the encoder's signature allows it.
    pub fn encoded(&self) -> io::Result<Vec<u8>> {
        let mut bytes = postcard::to_allocvec(self).map_err(io::Error::other)?;
        bytes.extend(blake3::hash(&bytes).as_bytes());
        Ok(bytes)
    }

    /// The entry of kept bytes; `None`: they are damaged, cut off, or from a newer
    /// program.
    #[must_use]
    pub fn decoded(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<32>()?;
        let sound = blake3::hash(content).as_bytes() == sum;
        let entry: Self = sound.then(|| postcard::from_bytes(content).ok())??;
        (entry.version == VERSION).then_some(entry)
    }

    /// Most bytes that the file may have while the change is made.
    fn end(&self) -> u64 {
        self.places.iter().map(|(at, len)| at + len).fold(self.size, u64::max)
    }

    /// How a file stands to this change.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn state(&self, file: &dyn Rewrite) -> io::Result<State> {
        let now = hash(file, &[])?;
        Ok(if now == self.before {
            State::Before
        } else if now == self.after {
            State::After
        } else if (self.size..=self.end()).contains(&file.size())
            && hash_of_rest(file, &self.places, self.size)? == self.rest
        {
            State::Between
        } else {
            State::Foreign
        })
    }
}

/// Keeps what stands at these places, durable in the journal.
pub(super) fn keep(
    file: &mut dyn Rewrite,
    before: [u8; 32],
    after: [u8; 32],
    places: Vec<(u64, u64)>,
) -> Result<Entry, Refused> {
    let size = file.size();
    let mut pieces = Vec::new();
    for &(at, len) in &places {
        let there = len.min(size.saturating_sub(at));
        let there = usize::try_from(there).map_err(|_| Refused::Unfit)?;
        if there > 0 {
            pieces.push(Piece { at, bytes: whole(file, at, there)? });
        }
    }
    let rest = hash_of_rest(file, &places, size)?;
    let entry = Entry { version: VERSION, before, after, size, pieces, places, rest };
    file.keep_journal(Some(&entry.encoded()?))?;
    Ok(entry)
}

/// The places that patches write, ascending; `None`: they overlap, leave a hole
/// behind the end, or are too large.
pub(super) fn places(patches: &[Patch], size: u64) -> Option<Vec<(u64, u64)>> {
    let mut places: Vec<(u64, u64)> =
        patches.iter().map(|patch| (patch.at, patch.bytes.len() as u64)).collect();
    places.sort_unstable();
    let (mut free, mut end, mut sum) = (0, size, 0u64);
    for &(at, len) in &places {
        if at < free || at > end {
            return None;
        }
        free = at.checked_add(len)?;
        end = end.max(free);
        sum = sum.checked_add(len)?;
    }
    (sum <= MOST_CHANGED).then_some(places)
}

/// BLAKE3 of a file as it would be with these patches, in pieces of [`PIECE`].
pub(super) fn hash(file: &dyn Rewrite, patches: &[Patch]) -> io::Result<[u8; 32]> {
    let end = patches.iter().map(|patch| patch.at + patch.bytes.len() as u64).max();
    let end = end.unwrap_or(0).max(file.size());
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    let mut piece = Vec::new();
    while at < end {
        let len = (end - at).min(PIECE as u64);
        piece.clear();
        piece.resize(len as usize, 0);
        let there = len.min(file.size().saturating_sub(at)) as usize;
        piece[..there].copy_from_slice(&whole(file, at, there)?);
        for patch in patches {
            lay_over(&mut piece, at, patch);
        }
        hasher.update(&piece);
        at += len;
    }
    Ok(*hasher.finalize().as_bytes())
}

/// Writes the part of a patch that falls into a piece of the file.
fn lay_over(piece: &mut [u8], at: u64, patch: &Patch) {
    let (from, to) =
        (patch.at.max(at), (patch.at + patch.bytes.len() as u64).min(at + piece.len() as u64));
    if from < to {
        let (target, source) = ((from - at) as usize, (from - patch.at) as usize);
        let len = (to - from) as usize;
        piece[target..target + len].copy_from_slice(&patch.bytes[source..source + len]);
    }
}

/// BLAKE3 of the first `size` bytes without these places.
fn hash_of_rest(file: &dyn Rewrite, places: &[(u64, u64)], size: u64) -> io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    for (from, len) in places.iter().copied().chain([(size, 0)]) {
        while at < from.min(size) {
            let piece = (from.min(size) - at).min(PIECE as u64);
            hasher.update(&whole(file, at, piece as usize)?);
            at += piece;
        }
        at = at.max(from.saturating_add(len));
    }
    Ok(*hasher.finalize().as_bytes())
}
