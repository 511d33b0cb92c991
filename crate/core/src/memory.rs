//! What is remembered between runs. The core says what is worth keeping and
//! under which name; the host keeps it (`crate/catalog`). Whatever a memory
//! forgets or never knew is worked out again: it changes how long a run takes,
//! never what it decides.

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::error::Problem;
use crate::examine::Depth;
use crate::model::{Features, Item, Source};
use crate::settings::Limits;

/// Raised whenever examining one file may give another result than before, or
/// [`Features`] are written in another way: everything learnt is forgotten.
pub const EXAMINE_VERSION: u32 = 6;

/// Raised whenever comparing two pictures may give another result than before,
/// or a result is written in another way: every comparison is forgotten.
pub const COMPARE_VERSION: u32 = 9;

/// Raised when the form of an answer changes. The older form must stay
/// readable, for nobody can work a decision out again.
const ANSWER_VERSION: u32 = 1;

/// The kinds of things that are remembered, apart from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// What was learnt about a file, by its path, size and last change.
    Files,
    /// How two pictures compare, by the two files and the size they were
    /// compared at.
    Comparisons,
    /// SHA-1 of a file, by its path, size and last change.
    Sums,
    /// What the user decided about an exported file, by its content.
    Answers,
}

impl Shelf {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Files, Self::Comparisons, Self::Sums, Self::Answers];

    /// The one spelling of its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Comparisons => "comparisons",
            Self::Sums => "sums",
            Self::Answers => "answers",
        }
    }

    /// Notes of another version are of no use to this program.
    #[must_use]
    pub fn version(self) -> u32 {
        match self {
            Self::Files => EXAMINE_VERSION,
            Self::Comparisons => COMPARE_VERSION,
            Self::Sums => 1,
            Self::Answers => ANSWER_VERSION,
        }
    }

    /// A note as JSON, for people and other programs; `None` if it is damaged.
    #[must_use]
    pub fn json(self, value: &[u8]) -> Option<String> {
        match self {
            Self::Files => shown::<Learnt>(value),
            Self::Comparisons => crate::matching::comparison_json(value),
            Self::Sums => shown::<Sum>(value),
            Self::Answers => shown::<Decided>(value),
        }
    }
}

/// The name of a note: a SHA-1 of everything that the note depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(#[serde(with = "hex")] pub [u8; 20]);

/// Something to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub shelf: Shelf,
    /// Under which name; an older note of that name is replaced.
    pub key: Key,
    /// The note; `None` takes the older one away.
    pub value: Option<Vec<u8>>,
}

/// Where the host keeps notes.
pub trait Memory {
    /// The notes of these names, in their order; `None` where there is none.
    /// What cannot be read counts as unknown.
    fn recall(&self, shelf: Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>>;

    /// Keeps a batch, whole or not at all. A memory that fails tells its host,
    /// not the core: the run goes on without it.
    fn note(&mut self, notes: Vec<Note>);
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Memory for Nothing {
    fn recall(&self, _: Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        vec![None; keys.len()]
    }

    fn note(&mut self, _: Vec<Note>) {}
}

/// What was learnt about one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Learnt {
    /// As [`Item::path`]; it is in the key, and here for people.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Seconds since 1970 in UTC.
    pub modified: Option<i64>,
    pub features: Features,
    /// Why not more.
    pub problems: Vec<Problem>,
}

/// A file's SHA-1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum(#[serde(with = "hex")] pub [u8; 20]);

/// What the user decided about one exported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decided {
    /// Its path when it was decided, for people: the key is its content.
    pub exported: String,
    pub choice: Choice,
    /// The original that was accepted or picked.
    pub original: Option<Pointer>,
}

/// [`crate::plan::Answer`] without numbers that only one run knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Choice {
    Accept,
    Reject,
    Pick,
}

/// A file, found again by its place or else by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub path: String,
    pub size: u64,
    pub modified: Option<i64>,
    /// `None`: it was too large to hash, or could not be read.
    #[serde(with = "hex::option")]
    pub sha1: Option<[u8; 20]>,
}

/// The name of what is learnt about a file; `None` if nothing would tell that
/// the file changed. Limits bound what can be learnt, so they are part of it.
pub(crate) fn file_key(item: &Item, depth: Depth, limits: &Limits) -> Option<Key> {
    let bounds =
        (limits.head, limits.box_bytes, limits.picture_bytes, limits.pixels, limits.decode_bytes);
    let modified = item.modified?;
    let packed = match item.source {
        Source::File(_) => None,
        Source::Zipped { packed, .. } => Some(packed),
    };
    let state = (item.size, modified, packed);
    Some(key(format!("{depth:?} {state:?} {bounds:?} {}", item.path).as_bytes()))
}

/// The name of what only a file's bytes decide; `None` as for [`file_key`].
pub(crate) fn sum_key(item: &Item) -> Option<Key> {
    let (modified, size) = (item.modified?, item.size);
    Some(key(format!("{size} {modified} {}", item.path).as_bytes()))
}

/// A name for whatever these bytes spell out.
pub(crate) fn key(bytes: &[u8]) -> Key {
    Key(Sha1::digest(bytes).into())
}

/// A note's bytes. The types here always have some.
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

/// [`Shelf::json`] of one type.
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
        use serde::{Deserialize, Deserializer, Serializer};

        pub(crate) fn serialize<S: Serializer>(
            bytes: &Option<[u8; 20]>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match bytes {
                None => to.serialize_none(),
                Some(bytes) => to.serialize_some(&crate::memory::Sum(*bytes)),
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
    use crate::model::{FileId, ItemId, Kind, Look, Side, Taken, TimeSource, VideoShape};

    fn learnt() -> Learnt {
        let features = Features {
            size: Some((4032, 3024)),
            taken: Some(Taken::Wall(-5)),
            zone_minutes: Some(-210),
            sub_millis: Some(7),
            time_source: Some(TimeSource::Gps),
            place: Some((-0.1, 51.477_222_222_222_22)),
            camera: Some("Äpfel".into()),
            content_id: Some("9F".into()),
            look: Some(Look { p64: 0x8000_0000_0000_0001, contrast: 12.3 }),
            video: Some(VideoShape { duration_ms: 1, has_audio: true, is_gif: false }),
            quantisation: Some(57.3),
            sha1: Some([3; 20]),
            ..Features::new(Kind::Heic)
        };
        let (named, found) = ("a JPEG".into(), "a PNG".into());
        let problems = vec![Problem::Empty, Problem::NotWhatItsNameSays { named, found }];
        Learnt { path: "ä/b.jpg".into(), size: 9, modified: Some(-1), features, problems }
    }

    #[test]
    fn what_was_learnt_comes_back_to_the_bit() {
        let bytes = encoded(&learnt()).unwrap();
        assert!(bytes.len() < 160, "{} bytes", bytes.len());
        assert_eq!(decoded(&bytes), Some(learnt()));
    }

    #[test]
    fn damaged_notes_are_unknown() {
        let bytes = encoded(&learnt()).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(decoded::<Learnt>(&bytes[..end]), None, "cut at {end}");
        }
        assert_eq!(decoded::<Learnt>(&[bytes, vec![0]].concat()), None);
        assert_eq!(decoded::<Learnt>(&[0xFF; 64]), None);
    }

    #[test]
    fn json_shows_sums_as_people_write_them() {
        let json = Shelf::Files.json(&encoded(&learnt()).unwrap()).unwrap();
        assert!(json.contains(r#""sha1":"0303030303030303030303030303030303030303""#), "{json}");
        assert!(json.contains(r#""path":"ä/b.jpg""#), "{json}");
    }

    #[test]
    fn every_change_of_a_file_gives_another_name() {
        let file = Source::File(FileId(0));
        let (id, side) = (ItemId(0), Side::Originals);
        let item = Item { id, side, path: "a".into(), size: 1, modified: Some(2), source: file };
        let limits = Limits::default();
        let name = |item: &Item| file_key(item, Depth::Head, &limits);
        let zipped = Source::Zipped {
            file: FileId(0),
            start: 0,
            packed: 1,
            packing: crate::model::Packing::Stored,
        };
        let others = [
            Item { path: "b".into(), ..item.clone() },
            Item { size: 2, ..item.clone() },
            Item { modified: Some(3), ..item.clone() },
            Item { source: zipped, ..item.clone() },
        ];
        for other in others {
            assert_ne!(name(&other), name(&item), "{other:?}");
        }
        assert_ne!(file_key(&item, Depth::Whole, &limits), name(&item));
        let smaller = Limits { head: 1, ..Limits::default() };
        assert_ne!(file_key(&item, Depth::Head, &smaller), name(&item));
        assert_eq!(name(&Item { id: ItemId(7), ..item.clone() }), name(&item));
        assert_eq!(name(&Item { modified: None, ..item }), None);
    }
}
