//! Groups files that are one picture: a Live Photo's two files, RAW+JPG, HEIC+JPG,
//! files with the same content. Any list of files can be grouped; a unit is matched
//! once.
//!
//! Copies that only their pixels reveal (backups, re-encodings) are found later,
//! when pixels are compared: `same_picture` in `link/court.rs`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Index;

use crate::collect::Library;
use crate::matching::clock::{self, Moment};
use crate::matching::gates;
use crate::matching::sets::Sets;
use crate::model::{Features, Fingerprint, Item, ItemId, Kind, Miniature, Size};

/// Most seconds between the capture times of two files that one press of the
/// shutter made; further apart they are two units. Chosen, not measured.
const ONE_SHOT_S: u64 = 1;

/// Most bits (of 64) by which the fingerprints of one picture's two formats differ;
/// beyond it, one file is an edited version. Two bits for each thumbnail and two
/// for the re-encoding: a thumbnail's fingerprint was at most 2 bits from its
/// picture's, and so was a copy's (docs/architecture.md).
const ONE_LOOK_BITS: u32 = 6;

/// One picture of the library, by its place among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u32);

/// The files of one picture.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Unit {
    /// Its picture files, the best first ([`sort_best_first`]).
    pub members: Vec<ItemId>,
    /// Files that belong to it but are no pictures, such as a Live Photo's video.
    pub companions: Vec<ItemId>,
    /// Pixels of the best member.
    pub size: Size,
    /// Fingerprint of the best member that has one.
    pub fingerprint: Option<Fingerprint>,
    /// Fingerprint of the first member that has one over black.
    pub on_black: Option<Fingerprint>,
    /// Capture time of the best member that has one.
    pub moment: Option<Moment>,
}

impl Index<UnitId> for [Unit] {
    type Output = Unit;

    fn index(&self, id: UnitId) -> &Unit {
        &self[id.0 as usize]
    }
}

/// Every file of the job, and what was learnt about each.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub library: &'a Library,
    pub features: &'a [Option<Features>],
}

impl<'a> Known<'a> {
    pub(in crate::matching) fn item(&self, id: ItemId) -> &'a Item {
        &self.library[id]
    }

    pub(crate) fn features(&self, id: ItemId) -> Option<&'a Features> {
        self.features.get(id.0 as usize)?.as_ref()
    }

    /// The first miniature among these files.
    pub(in crate::matching) fn miniature(&self, members: &[ItemId]) -> Option<&'a Miniature> {
        let mut features = members.iter().filter_map(|&id| self.features(id));
        features.find_map(|features| features.miniature.as_ref())
    }

    /// Those of these files that were examined.
    pub(in crate::matching) fn examined(
        self,
        files: &[ItemId],
    ) -> impl Iterator<Item = (&'a Item, &'a Features)> {
        files.iter().filter_map(move |&id| self.features(id).map(|known| (self.item(id), known)))
    }
}

/// Whether the file holds one picture that can be compared.
pub(in crate::matching) fn is_picture(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Jpeg | Kind::Heic | Kind::Png | Kind::Webp | Kind::Tiff | Kind::Raw | Kind::Gif
    )
}

/// Groups the pictures among these files, in the order in which the files come.
pub(in crate::matching) fn group(known: Known<'_>, files: &[ItemId]) -> Vec<Unit> {
    let pictures: Vec<(&Item, &Features)> = known
        .examined(files)
        .filter(|(_, features)| is_picture(features.kind) && features.size.is_some())
        .collect();
    let mut sets = Sets::new(pictures.len());
    join_by_content(&pictures, &mut sets);
    join_by_identifier(&pictures, &mut sets);
    join_by_name(&pictures, &mut sets);
    let mut groups = BTreeMap::<usize, Vec<ItemId>>::new();
    for (index, (item, _)) in pictures.iter().enumerate() {
        groups.entry(sets.find(index)).or_default().push(item.id);
    }
    let movies = movies_by_identifier(known, files);
    groups.into_values().filter_map(|members| unit(known, members, &movies)).collect()
}

/// The pictures among these files, each alone.
pub(in crate::matching) fn alone(known: Known<'_>, files: &[ItemId]) -> Vec<Unit> {
    let pictures = known
        .examined(files)
        .filter(|(_, features)| is_picture(features.kind) && features.size.is_some());
    let nothing = BTreeMap::new();
    pictures.filter_map(|(item, _)| unit(known, vec![item.id], &nothing)).collect()
}

/// Same SHA-1: the same file.
fn join_by_content(pictures: &[(&Item, &Features)], sets: &mut Sets) {
    let mut first = BTreeMap::new();
    for (index, (_, features)) in pictures.iter().enumerate() {
        if let Some(sha1) = features.sha1 {
            sets.join(*first.entry(sha1).or_insert(index), index);
        }
    }
}

/// Joins files with the same content identifier that look alike. The looks are
/// needed because Apple gives an edited version its original's identifier.
fn join_by_identifier(pictures: &[(&Item, &Features)], sets: &mut Sets) {
    let mut groups = BTreeMap::<&str, Vec<usize>>::new();
    for (index, (_, features)) in pictures.iter().enumerate() {
        if let Some(id) = &features.content_id {
            groups.entry(id).or_default().push(index);
        }
    }
    for group in groups.into_values() {
        join_alike(pictures, &group, sets, |_, _| true);
    }
}

/// Joins files of one name without extension, one camera, two formats, and times
/// within [`ONE_SHOT_S`]: RAW+JPG or HEIC+JPG.
fn join_by_name(pictures: &[(&Item, &Features)], sets: &mut Sets) {
    let mut groups = BTreeMap::<(String, &str), Vec<usize>>::new();
    for (index, (item, features)) in pictures.iter().enumerate() {
        if let Some(camera) = &features.camera {
            groups.entry((stem(item.name()), camera)).or_default().push(index);
        }
    }
    for group in groups.into_values() {
        join_alike(pictures, &group, sets, |a, b| a.kind != b.kind && one_shot(a, b));
    }
}

fn one_shot(a: &Features, b: &Features) -> bool {
    match (clock::moment(a), clock::moment(b)) {
        (Some(a), Some(b)) => a.face == b.face && a.seconds.abs_diff(b.seconds) <= ONE_SHOT_S,
        _ => false,
    }
}

/// Most files of one name and camera, or of one identifier, that are compared with
/// each other (2,016 pairs); in a larger group none are, for a name that common
/// says nothing. Chosen, not measured.
const GROUP: usize = 64;

fn join_alike(
    pictures: &[(&Item, &Features)],
    group: &[usize],
    sets: &mut Sets,
    same: impl Fn(&Features, &Features) -> bool,
) {
    if group.len() > GROUP {
        return;
    }
    for (at, &first) in group.iter().enumerate() {
        for &second in &group[at + 1..] {
            let (a, b) = (pictures[first].1, pictures[second].1);
            if same(a, b) && alike(a, b) {
                sets.join(first, second);
            }
        }
    }
}

/// The same shape and nearly the same fingerprint, as far as both are known.
fn alike(a: &Features, b: &Features) -> bool {
    let shape = match (a.size, b.size) {
        (Some(a), Some(b)) => gates::same_shape(a, b),
        _ => false,
    };
    let fingerprint = match (a.fingerprint, b.fingerprint) {
        (Some(a), Some(b)) => (a.p64 ^ b.p64).count_ones() <= ONE_LOOK_BITS,
        _ => true,
    };
    shape && fingerprint
}

fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

fn movies_by_identifier<'a>(known: Known<'a>, files: &[ItemId]) -> BTreeMap<&'a str, Vec<ItemId>> {
    let mut movies = BTreeMap::<&str, Vec<ItemId>>::new();
    for (item, features) in known.examined(files) {
        if let (Kind::Video, Some(id)) = (features.kind, &features.content_id) {
            movies.entry(id).or_default().push(item.id);
        }
    }
    movies
}

fn unit(
    known: Known<'_>,
    mut members: Vec<ItemId>,
    movies: &BTreeMap<&str, Vec<ItemId>>,
) -> Option<Unit> {
    sort_best_first(known, &mut members);
    let of = |id: &ItemId| known.features(*id);
    let mut companions: Vec<ItemId> = members
        .iter()
        .filter_map(|id| movies.get(of(id)?.content_id.as_deref()?))
        .flatten()
        .copied()
        .collect();
    companions.sort();
    companions.dedup();
    Some(Unit {
        size: of(members.first()?)?.size?,
        fingerprint: members.iter().filter_map(of).find_map(|features| features.fingerprint),
        on_black: members
            .iter()
            .filter_map(of)
            .find_map(|features| features.on_black.as_ref().map(|(fingerprint, _)| *fingerprint)),
        moment: members.iter().filter_map(of).find_map(clock::moment),
        members,
        companions,
    })
}

/// Sorts files of one picture, the one to link first:
///
/// 1. no camera raw: browsers and viewers open the JPG beside it, which the camera
///    made of the same shot;
/// 2. most pixels;
/// 3. a camera's data;
/// 4. the format that was most likely written first;
/// 5. most bytes;
/// 6. the path.
pub(in crate::matching) fn sort_best_first(known: Known<'_>, members: &mut [ItemId]) {
    members.sort_by_cached_key(|&id| {
        let item = known.item(id);
        let features = known.features(id);
        let kind = features.map_or(Kind::Unknown, |features| features.kind);
        let camera = features.is_some_and(|features| features.camera.is_some());
        let pixels = features.and_then(|features| features.size).map_or(0, Size::pixels);
        let rank = (kind == Kind::Raw, Reverse(pixels), !camera, format_rank(kind, camera));
        (rank, Reverse(item.size), item.path.clone())
    });
}

/// Rank of a format among files with the same pixels, the one most likely written
/// first at 0: cameras write HEIC or JPEG, screenshots are PNG, and a JPG beside an
/// HEIC was made from it.
pub(in crate::matching) fn format_rank(kind: Kind, camera: bool) -> u8 {
    match kind {
        Kind::Heic => 0,
        Kind::Png if !camera => 1,
        Kind::Jpeg => 2,
        Kind::Png => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::fixture::Fixture;
    use crate::model::{Taken, TimeSource};

    fn shot(kind: Kind, second: i64, p64: u64) -> Features {
        Features {
            size: Some(Size::new(4032, 3024)),
            taken: Some(Taken::Wall(second)),
            time_source: Some(TimeSource::Exif),
            camera: Some("Apple iPhone 12".into()),
            fingerprint: Some(Fingerprint { p64, contrast: 50.0 }),
            ..Features::new(kind)
        }
    }

    #[track_caller]
    fn check(files: &[(&str, Features)], want: &[&[&str]]) {
        let fixture = Fixture::of_originals(files);
        let known = fixture.known();
        let units = group(known, &fixture.originals);
        let path = |id: &ItemId| known.item(*id).path.as_str();
        let got: Vec<Vec<&str>> = units
            .iter()
            .map(|unit| unit.members.iter().chain(&unit.companions).map(path).collect())
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn heic_and_jpg_of_one_shot_are_one() {
        let files = [
            ("a/IMG_1.HEIC", shot(Kind::Heic, 100, 7)),
            ("b/img_1.jpg", shot(Kind::Jpeg, 101, 6)),
            ("c/IMG_1.JPG", shot(Kind::Jpeg, 900, 7)),
        ];
        check(&files, &[&["a/IMG_1.HEIC", "b/img_1.jpg"], &["c/IMG_1.JPG"]]);
    }

    #[test]
    fn an_edited_version_of_the_same_name_stays_apart() {
        let files = [
            ("IMG_1.HEIC", shot(Kind::Heic, 100, 7)),
            ("IMG_1.JPG", shot(Kind::Jpeg, 100, 0xFFFF_0007)),
        ];
        check(&files, &[&["IMG_1.HEIC"], &["IMG_1.JPG"]]);
    }

    #[test]
    fn a_second_apart_is_one_shot_and_two_are_two() {
        let at =
            |second| [("A.HEIC", shot(Kind::Heic, 100, 7)), ("A.JPG", shot(Kind::Jpeg, second, 7))];
        check(&at(101), &[&["A.HEIC", "A.JPG"]]);
        check(&at(102), &[&["A.HEIC"], &["A.JPG"]]);
    }

    #[test]
    fn a_raw_comes_after_its_jpg() {
        let raw = Features { size: Some(Size::new(4096, 3072)), ..shot(Kind::Raw, 100, 7) };
        let files = [("P1.DNG", raw), ("P1.JPG", shot(Kind::Jpeg, 100, 7))];
        check(&files, &[&["P1.JPG", "P1.DNG"]]);
    }

    #[test]
    fn a_live_photo_keeps_its_video() {
        let id = || Some("9F".to_owned());
        let still = Features { content_id: id(), ..shot(Kind::Heic, 100, 7) };
        let movie = Features { content_id: id(), fingerprint: None, ..shot(Kind::Video, 100, 7) };
        check(&[("L.HEIC", still), ("L.MOV", movie)], &[&["L.HEIC", "L.MOV"]]);
    }

    #[test]
    fn equal_content_is_one_and_the_first_path_leads() {
        let copy = || Features { sha1: Some([3; 20]), ..shot(Kind::Jpeg, 100, 7) };
        check(&[("z.jpg", copy()), ("backup/y.jpg", copy())], &[&["backup/y.jpg", "z.jpg"]]);
    }
}
