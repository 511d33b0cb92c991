//! Where equal bytes alone are asked for, no file is examined before it is known to be a
//! copy: then the copies are, and the files that may be of one shot with them, for a shot's
//! files act together. Of 100,000 files few are copies.

use std::collections::BTreeSet;

use super::state::{Duplicates, Phase};
use crate::io::Files;
use crate::job::examiner::Examiner;
use crate::model::{Item, ItemId};

/// Digits from which on they are a number that cameras count, not one of copies.
const COUNTED: usize = 3;

impl<F: Files> Duplicates<F> {
    /// The copies, and the files beside them whose names have the same number: other
    /// formats, edited versions and sidecars of one shot.
    pub(super) fn copies(&self) -> Examiner {
        let copies = self.sharing(|_, known| known.blake3);
        let places: BTreeSet<(&str, &str)> =
            copies.iter().map(|&id| place(&self.library[id])).collect();
        let items = &self.library.items;
        let beside = items.iter().filter(|item| places.contains(&place(item)));
        Examiner::of_heads(items, beside.map(|item| item.id), &self.desk.limits)
    }

    /// Halves of Live Photos know each other by what is in them: the rest of the folders
    /// with one among the copies.
    fn halves(&self) -> Examiner {
        let items = &self.library.items;
        let known = |item: &&Item| self.features[item.id.0 as usize].as_ref();
        let is_live = |item: &&Item| known(item).is_some_and(|of| of.content_id.is_some());
        let folders: BTreeSet<&str> =
            items.iter().filter(is_live).map(|item| place(item).0).collect();
        // What could not be read was said already.
        let failed: BTreeSet<&str> =
            self.desk.issues.iter().map(|issue| issue.path.as_str()).collect();
        let is_open = |item: &&Item| {
            let unknown = known(item).is_none() && !failed.contains(item.path.as_str());
            unknown && folders.contains(place(item).0)
        };
        let rest: Vec<ItemId> = items.iter().filter(is_open).map(|item| item.id).collect();
        Examiner::of_heads(items, rest, &self.desk.limits)
    }

    /// Examines on, and puts together what was found.
    pub(super) fn examine_copies(&mut self) {
        let Self { desk, library, features, phase, .. } = self;
        let (Phase::Copies(examiner) | Phase::Halves(examiner)) = phase else { return };
        if !examiner.advance(desk, &library.items, features) {
            return;
        }
        if matches!(self.phase, Phase::Halves(_)) {
            self.say_unlooked();
            return self.name();
        }
        self.phase = Phase::Halves(self.halves());
        self.enter_hashing();
    }
}

/// The folder of a file and the number in its name.
fn place(item: &Item) -> (&str, &str) {
    let (folder, name) = item.path.rsplit_once('/').unwrap_or(("", &item.path));
    (folder, number(name))
}

/// The longest run of digits in a name, the first of several; none if that is short.
fn number(name: &str) -> &str {
    let runs = name.split(|letter: char| !letter.is_ascii_digit());
    let longest =
        runs.fold("", |longest, run| if run.len() > longest.len() { run } else { longest });
    if longest.len() < COUNTED { "" } else { longest }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[track_caller]
    fn check(one: &str, other: &str) {
        assert_eq!(number(one), number(other), "{one} and {other}");
    }

    #[test]
    fn files_of_one_shot_have_one_number() {
        check("IMG_1234.HEIC", "IMG_E1234.HEIC");
        check("IMG_1234.HEIC", "IMG_1234.mov");
        check("IMG_1234(1).jpg", "IMG_1234.jpg(1).json");
        check(
            "PXL_20210504_101112345.RAW-01.COVER.jpg",
            "PXL_20210504_101112345.RAW-02.ORIGINAL.dng",
        );
        check("harbour.jpg", "harbour-edited 2.jpg");
        assert_ne!(number("IMG_1234.jpg"), number("IMG_1235.jpg"));
    }
}
