//! What is kept of an examined file, and under which name it is found again.

use serde::{Deserialize, Serialize};

use super::extract::Depth;
use crate::error::Problem;
use crate::memory::{self, Key, Promise, Shelf};
use crate::model::{Features, Item, Source};
use crate::settings::Limits;

/// What was learnt about a file, by its path, size and last change.
///
/// The version is raised whenever examining a file may give another result than
/// before, or [`Features`] or [`Problem`] are written in another way (9 to 10: maker and
/// model by themselves, and pictures that no camera took).
pub static FILES: Shelf =
    Shelf { name: "files", version: 10, promise: Promise::Cache, json: memory::shown::<Learnt> };

/// SHA-1 of a file, by its path, size and last change.
pub static SUMS: Shelf =
    Shelf { name: "sums", version: 1, promise: Promise::Cache, json: memory::shown::<Sum> };

/// Hashes of a file, by its path, size and last change: as many as were asked for so
/// far.
///
/// The version is raised whenever one of them may come out differently (2 to 3: the
/// payloads of videos in fragments, of TIFFs and of camera raws).
pub static DIGESTS: Shelf =
    Shelf { name: "digests", version: 3, promise: Promise::Cache, json: memory::shown::<Digested> };

/// What was hashed of one file. Of two hashes that may not exist, the outer `None` says
/// that nobody asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digested {
    /// BLAKE3 of its first and last bytes.
    pub ends: Option<[u8; 32]>,
    /// How its payload begins.
    pub begin: Option<Option<[u8; 32]>>,
    /// BLAKE3 of all bytes.
    pub blake3: Option<[u8; 32]>,
    /// BLAKE3 of its picture or sound.
    pub payload: Option<Option<[u8; 32]>>,
    /// BLAKE3 of the film behind its picture, known with the payload.
    pub film: Option<[u8; 32]>,
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
pub(crate) struct Sum(#[serde(with = "memory::hex")] pub [u8; 20]);

/// The key of what is learnt about a file; `None` if the file has no time of
/// change, for then nothing tells that it changed. Limits bound what can be learnt,
/// so they are part of the key.
pub(crate) fn file_key(item: &Item, depth: Depth, limits: &Limits) -> Option<Key> {
    let bounds =
        (limits.head, limits.box_bytes, limits.picture_bytes, limits.pixels, limits.decode_bytes);
    let modified = item.modified?;
    let packed = match item.source {
        Source::File(_) => None,
        Source::Zipped { packed, .. } => Some(packed),
    };
    let state = (item.size, modified, packed);
    Some(memory::key(format!("{depth:?} {state:?} {bounds:?} {}", item.path).as_bytes()))
}

/// The key of what a file's bytes alone decide; `None` as for [`file_key`].
pub(crate) fn sum_key(item: &Item) -> Option<Key> {
    let (modified, size) = (item.modified?, item.size);
    Some(memory::key(format!("{size} {modified} {}", item.path).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{decoded, encoded};
    use crate::model::{FileId, Fingerprint, ItemId, Kind, Size, Taken, TimeSource, VideoShape};

    fn learnt() -> Learnt {
        let features = Features {
            size: Some(Size::new(4032, 3024)),
            taken: Some(Taken::Wall(-5)),
            zone_minutes: Some(-210),
            sub_millis: Some(7),
            time_source: Some(TimeSource::Gps),
            place: Some((-0.1, 51.477_222_222_222_22)),
            camera: Some("Äpfel".into()),
            content_id: Some("9F".into()),
            fingerprint: Some(Fingerprint { p64: 0x8000_0000_0000_0001, contrast: 12.3 }),
            video: Some(VideoShape { duration_ms: Some(1), has_audio: true, is_gif: false }),
            quantisation: Some(57.3),
            sha1: Some([3; 20]),
            ..Features::new(Kind::Heic)
        };
        let (named, found) = (Kind::Jpeg, Kind::Png);
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
        let json = (FILES.json)(&encoded(&learnt()).unwrap()).unwrap();
        assert!(json.contains(r#""sha1":"0303030303030303030303030303030303030303""#), "{json}");
        assert!(json.contains(r#""path":"ä/b.jpg""#), "{json}");
    }

    #[test]
    fn every_change_of_a_file_gives_another_name() {
        let file = Source::File(FileId(0));
        let item =
            Item { id: ItemId(0), path: "a".into(), size: 1, modified: Some(2), source: file };
        let limits = Limits::default();
        let name = |item: &Item| file_key(item, Depth::Head, &limits);
        let zipped = Source::Zipped {
            file: FileId(0),
            start: 0,
            packed: 1,
            packing: crate::model::Packing::Stored,
            crc: None,
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
