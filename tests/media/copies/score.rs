//! What a program found, counted against the truth.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Kind, Near};
use crate::accuracy::PictureId;

/// How sure a program is of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// The same bytes.
    Bytes,
    /// The same picture data.
    Data,
    /// It compared pictures.
    Looks,
}

/// Files that a program calls one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Paths below the folder.
    pub files: Vec<String>,
    /// How sure it is.
    pub proof: Proof,
}

/// Pairs of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that are true, or of pictures that are two.
    pub all: usize,
    /// Those that were found.
    pub found: usize,
}

/// What one program's groups came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Copies found together with their original.
    pub copies: BTreeMap<Kind, Count>,
    /// Pairs of different pictures that were called one; of how many is known only of those
    /// that are near each other.
    pub false_pairs: BTreeMap<Near, Count>,
    /// Copies that were not found, with how they were made.
    pub missed: Vec<String>,
    /// An example of each pair of pictures that was called one.
    pub wrong: Vec<String>,
}

/// Counts.
#[must_use]
pub fn marks(files: &[File], groups: &[Group]) -> Marks {
    let mut marks = Marks::default();
    let data: Vec<&Group> = groups.iter().filter(|group| group.proof <= Proof::Data).collect();
    let (sure, all) = (Sets::of(files, &data), Sets::of(files, &groups.iter().collect::<Vec<_>>()));
    let originals = originals(files);
    for (at, file) in files.iter().enumerate() {
        let Some((kind, original)) = file.kind.zip(originals.get(&file.picture)) else { continue };
        let sets = if kind.is_payload() || kind.is_exact() { &sure } else { &all };
        let count = marks.copies.entry(kind).or_default();
        count.all += 1;
        if original.iter().any(|&original| sets.are_one(at, original)) {
            count.found += 1;
        } else {
            marks.missed.push(format!("{}: {} ({})", kind.name(), file.path, file.note));
        }
    }
    for near in Near::ALL {
        marks.false_pairs.insert(near, Count { all: near_pairs(files, near), found: 0 });
    }
    wrong_pairs(files, &all, &mut marks);
    marks
}

/// The files that no copy was made to be, by what they show.
fn originals(files: &[File]) -> BTreeMap<PictureId, Vec<usize>> {
    let mut found = BTreeMap::<_, Vec<usize>>::new();
    for (at, file) in files.iter().enumerate().filter(|(_, file)| file.kind.is_none()) {
        found.entry(file.picture).or_default().push(at);
    }
    found
}

/// Pairs of pictures that are near each other in this way.
fn near_pairs(files: &[File], near: Near) -> usize {
    let mut scenes = BTreeMap::<PictureId, BTreeSet<PictureId>>::new();
    for file in files.iter().filter(|file| file.near == near && near != Near::Others) {
        scenes.entry(file.scene).or_default().insert(file.picture);
    }
    scenes.values().map(|pictures| pictures.len() * (pictures.len() - 1) / 2).sum()
}

fn wrong_pairs(files: &[File], sets: &Sets, marks: &mut Marks) {
    let mut together = BTreeMap::<usize, BTreeMap<PictureId, usize>>::new();
    for (at, file) in files.iter().enumerate() {
        together.entry(sets.0[at]).or_default().entry(file.picture).or_insert(at);
    }
    for pictures in together.values().filter(|pictures| pictures.len() > 1) {
        let firsts: Vec<usize> = pictures.values().copied().collect();
        for (number, &one) in firsts.iter().enumerate() {
            for &other in &firsts[number + 1..] {
                let (a, b) = (&files[one], &files[other]);
                let near = if a.scene == b.scene { a.near } else { Near::Others };
                marks.false_pairs.entry(near).or_default().found += 1;
                let text = format!("{}: {} and {} ({})", near.name(), a.path, b.path, b.note);
                marks.wrong.push(text);
            }
        }
    }
}

/// For each file, the first of those that are one with it.
struct Sets(Vec<usize>);

impl Sets {
    fn of(files: &[File], groups: &[&Group]) -> Self {
        let places: BTreeMap<&str, usize> =
            files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at)).collect();
        let mut sets = Self((0..files.len()).collect());
        for group in groups {
            let known: Vec<usize> =
                group.files.iter().filter_map(|file| places.get(file.as_str()).copied()).collect();
            known.windows(2).for_each(|two| sets.join(two[0], two[1]));
        }
        for at in 0..files.len() {
            sets.0[at] = sets.first(at);
        }
        sets
    }

    fn first(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }

    fn are_one(&self, one: usize, other: usize) -> bool {
        self.0[one] == self.0[other]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, picture: u32, scene: u32, kind: Option<Kind>) -> File {
        let (picture, scene) = (PictureId(picture), PictureId(scene));
        File { path: path.into(), picture, scene, near: Near::Burst, kind, note: String::new() }
    }

    fn group(files: &[&str], proof: Proof) -> Group {
        Group { files: files.iter().map(|&file| file.to_owned()).collect(), proof }
    }

    #[test]
    fn pairs_are_counted_by_kind() {
        let files = [
            file("a", 1, 9, None),
            file("a copy", 1, 9, Some(Kind::Tags)),
            file("a small", 1, 9, Some(Kind::Resized)),
            file("b", 2, 9, None),
            file("c", 3, 8, None),
        ];
        let said =
            [group(&["a", "a copy"], Proof::Looks), group(&["a small", "a", "b"], Proof::Looks)];
        let found = marks(&files, &said);
        assert_eq!(found.copies[&Kind::Tags], Count { all: 1, found: 0 }, "by its looks alone");
        assert_eq!(found.copies[&Kind::Resized], Count { all: 1, found: 1 });
        assert_eq!(found.false_pairs[&Near::Burst], Count { all: 1, found: 1 });
        assert_eq!(found.false_pairs[&Near::Others].found, 0);
        let sure = marks(&files, &[group(&["a", "a copy"], Proof::Data)]);
        assert_eq!(sure.copies[&Kind::Tags], Count { all: 1, found: 1 });
        assert_eq!(sure.missed.len(), 1);
    }
}
