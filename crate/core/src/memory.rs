//! What is remembered between runs. A stage says what is worth keeping, on which
//! [`Shelf`] and under which key; the host keeps it (`crate/catalog`).
//!
//! A shelf makes a promise. What lies in the cache can be worked out again if it
//! was forgotten: it changes how long a run takes, never what it decides. What is
//! kept forever nobody can work out again. Only the user deletes it, and a newer
//! version of the program takes it over.
//!
//! Shelves are declared by the stage that owns their notes, and listed in
//! [`crate::job::SHELVES`]; this file knows none of them.

use std::fmt;
use std::ops::Bound;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

/// Most notes that one batch asks for: each takes a few microseconds.
pub(crate) const BATCH_RECALLED: usize = 4096;

/// One kind of notes, apart from all others.
#[derive(Debug)]
pub struct Shelf {
    /// Its name, spelled here alone; no two shelves share one.
    pub name: &'static str,
    /// Raised whenever its notes would say something else than before, or are
    /// written in another way. The promise says what becomes of older notes.
    pub version: u32,
    /// What may become of its notes.
    pub promise: Promise,
    /// A note as JSON, for people and other programs; `None` if it is damaged
    /// or says nothing to them.
    pub json: fn(&[u8]) -> Option<String>,
}

/// What may become of the notes on a shelf.
#[derive(Debug)]
pub enum Promise {
    /// They may be forgotten at any time, and are when the version is raised.
    Cache,
    /// They stay until the user deletes them.
    Forever(Forever),
}

/// How notes outlive the program that wrote them.
#[derive(Debug)]
pub struct Forever {
    /// A note that this older version wrote, in the form of today; `None` if
    /// that cannot be done: it is then kept apart, as it is.
    pub migrate: fn(version: u32, note: &[u8]) -> Option<Vec<u8>>,
    /// Where such notes lay when a catalogue was one file.
    pub before: Option<Before>,
}

/// Notes that lay elsewhere when a catalogue was one file for everything.
#[derive(Debug)]
pub struct Before {
    /// The shelf they lay on; it may be one of the cache's.
    pub shelf: &'static str,
    /// Which version of today's shelf they are.
    pub version: u32,
    /// Which of the notes on that shelf they are.
    pub theirs: fn(note: &[u8]) -> bool,
}

/// The name of a note: a hash of everything that it depends on or, on a shelf that
/// is a list, its place in the list. Keys are ordered as their bytes are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    bytes: [u8; Key::MOST],
    /// How many of them; the others are zero.
    len: u8,
}

/// A note to keep.
#[derive(Debug, Clone)]
pub struct Note {
    /// On which shelf.
    pub shelf: &'static Shelf,
    /// Under which name; an older note of that name is replaced.
    pub key: Key,
    /// The note; `None` takes the older one away.
    pub value: Option<Vec<u8>>,
}

/// Where the host keeps notes.
pub trait Memory {
    /// The notes of these keys, in their order; `None` where there is none or it
    /// cannot be read.
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>>;

    /// At most `most` notes in the order of their keys, the first at `from`: for
    /// lists, logs and queues. To go on, ask from behind the last key. Notes that
    /// cannot be read are left out.
    fn scan(&self, shelf: &Shelf, from: Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)>;

    /// Keeps a batch, each promise for itself: its notes are kept whole or not at
    /// all, those kept forever first. A memory that fails tells its host, not the
    /// core; the run goes on without it.
    fn note(&mut self, notes: Vec<Note>);
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Memory for Nothing {
    fn recall(&self, _: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        vec![None; keys.len()]
    }

    fn scan(&self, _: &Shelf, _: Bound<Key>, _: usize) -> Vec<(Key, Vec<u8>)> {
        Vec::new()
    }

    fn note(&mut self, _: Vec<Note>) {}
}

impl Shelf {
    /// How its notes outlive the program; `None`: they need not.
    #[must_use]
    pub fn forever(&self) -> Option<&Forever> {
        match &self.promise {
            Promise::Cache => None,
            Promise::Forever(forever) => Some(forever),
        }
    }
}

impl Key {
    /// Most bytes of a key; a longer one is refused. Room for a BLAKE3 (32 bytes)
    /// and something behind it.
    pub const MOST: usize = 64;

    /// A key of these bytes; `None` if they are more than [`Self::MOST`].
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let mut key = Self { bytes: [0; Self::MOST], len: u8::try_from(bytes.len()).ok()? };
        key.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(key)
    }

    /// The key of a place in a list: keys of greater numbers come later.
    #[must_use]
    pub fn number(number: u64) -> Self {
        Self::fitting(&number.to_be_bytes())
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// A key of bytes that are not too many; of more, only the first count.
    fn fitting(bytes: &[u8]) -> Self {
        Self::of(&bytes[..bytes.len().min(Self::MOST)])
            .unwrap_or(Self { bytes: [0; Self::MOST], len: 0 })
    }
}

impl From<[u8; 20]> for Key {
    fn from(sha1: [u8; 20]) -> Self {
        Self::fitting(&sha1)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// A key for whatever these bytes spell out: their SHA-1.
pub(crate) fn key(bytes: &[u8]) -> Key {
    Key::from(<[u8; 20]>::from(Sha1::digest(bytes)))
}

/// A note's bytes. The types that are kept always have some.
pub(crate) fn encoded<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}

/// A note from its bytes; damaged ones count as unknown.
pub(crate) fn decoded<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<T> {
    postcard::take_from_bytes(bytes)
        .ok()
        .filter(|(_, rest)| rest.is_empty())
        .map(|(value, _)| value)
}

/// [`Shelf::json`] of notes of one type.
pub(crate) fn shown<T: Serialize + for<'de> Deserialize<'de>>(value: &[u8]) -> Option<String> {
    serde_json::to_string(&decoded::<T>(value)?).ok()
}

/// Twenty bytes: as they are in notes, as hexadecimal digits for people.
pub(crate) mod hex {
    use std::fmt::Write;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 20], to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            return bytes.serialize(to);
        }
        let mut text = String::with_capacity(40);
        for byte in bytes {
            write!(text, "{byte:02x}").map_err(serde::ser::Error::custom)?;
        }
        to.serialize_str(&text)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 20], D::Error> {
        <[u8; 20]>::deserialize(from)
    }

    /// As its parent, for twenty bytes that may be absent.
    pub(crate) mod option {
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize)]
        struct Twenty(#[serde(with = "super")] [u8; 20]);

        pub(crate) fn serialize<S: Serializer>(
            bytes: &Option<[u8; 20]>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match bytes {
                None => to.serialize_none(),
                Some(bytes) => to.serialize_some(&Twenty(*bytes)),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<[u8; 20]>, D::Error> {
            Option::<[u8; 20]>::deserialize(from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_order_as_their_bytes_are() {
        let bytes: [&[u8]; 7] = [b"", b"a", b"a\0", b"a\0\0", b"aa", b"b", &[0xFF; Key::MOST]];
        let keys = bytes.map(|bytes| Key::of(bytes).unwrap());
        assert!(keys.is_sorted_by(|one, other| one < other), "{keys:?}");
        assert_eq!(keys.map(|key| key.bytes().to_vec()), bytes.map(<[u8]>::to_vec));
        assert_eq!(Key::of(&[0; Key::MOST + 1]), None);
        assert!(Key::number(255) < Key::number(256));
    }
}
