//! What a search for a changed picture's originals found, remembered: a second run over
//! the same library need not search again.

use serde::{Deserialize, Serialize};

use super::candidates::Wanted;
use super::parts::Found;
use crate::examine::learnt::file_key;
use crate::examine::{Depth, FILES};
use crate::matching::evidence::edited::Guess;
use crate::matching::evidence::question::Bench;
use crate::matching::units::{Known, Unit, UnitId};
use crate::memory::{self, Key, Note, Promise, Shelf};
use crate::model::ItemId;
use crate::settings::Limits;

/// What was found, by the picture and everything that it was searched among. Whatever a
/// search looks at was learnt about files, so the version of [`FILES`] is in the key.
///
/// The version is raised whenever a search may give another result than before, or a
/// result is written in another way.
pub static SEARCHES: Shelf =
    Shelf { name: "searches", version: 1, promise: Promise::Cache, json: memory::shown::<Kept> };

/// The result of one search. The picture's path is part of its key, too; here it is for
/// people.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    picture: String,
    found: Vec<KeptFound>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFound {
    /// The path of the unit's best file.
    original: String,
    /// Its place among the units.
    unit: u32,
    guess: Guess,
    likeness: f64,
}

/// The key of everything that is searched; `None` if a file has no time of change, for
/// then nothing tells that it changed.
pub(super) fn library(
    known: Known<'_>,
    units: &[Unit],
    wanted: Wanted,
    limits: &Limits,
) -> Option<Key> {
    let mut all = Vec::new();
    for unit in units {
        for &member in &unit.members {
            all.extend_from_slice(file_key(known.item(member), Depth::Head, limits)?.bytes());
        }
        // Where a unit ends.
        all.push(0);
    }
    // Among copies only the nearest originals of each picture are looked at.
    if wanted == Wanted::Copy {
        all.extend_from_slice(b"copies");
    }
    Some(memory::key(&all))
}

/// The key of a search for one picture's originals in a library.
pub(super) fn name(
    known: Known<'_>,
    picture: ItemId,
    library: Key,
    limits: &Limits,
) -> Option<Key> {
    let picture = file_key(known.item(picture), Depth::Whole, limits)?;
    Some(memory::key(format!("{picture:?} {library:?} {}", FILES.version).as_bytes()))
}

/// What the memory knows of these searches, in their order.
pub(super) fn recall(
    bench: Bench<'_>,
    units: &[Unit],
    names: &[Option<Key>],
) -> Vec<Option<Vec<Found>>> {
    let asked: Vec<Key> = names.iter().flatten().copied().collect();
    let mut notes = bench.memory.recall(&SEARCHES, &asked).into_iter();
    let mut one = |name: &Option<Key>| {
        let note = name.and_then(|_| notes.next()?)?;
        let kept = memory::decoded::<Kept>(&note)?;
        kept.found.into_iter().map(|found| found.shown(bench.known, units)).collect()
    };
    names.iter().map(&mut one).collect()
}

/// A note of what was found.
pub(super) fn note(
    known: Known<'_>,
    units: &[Unit],
    picture: ItemId,
    key: Key,
    found: &[Found],
) -> Option<Note> {
    let kept = |found: &Found| KeptFound {
        original: known.item(units[found.unit].members[0]).path.clone(),
        unit: found.unit.0,
        guess: found.guess,
        likeness: found.likeness,
    };
    let picture = known.item(picture).path.clone();
    let kept = Kept { picture, found: found.iter().map(kept).collect() };
    Some(Note { shelf: &SEARCHES, key, value: Some(memory::encoded(&kept)?) })
}

impl KeptFound {
    /// `None` if the unit is not the one it was.
    fn shown(self, known: Known<'_>, units: &[Unit]) -> Option<Found> {
        let Self { original, unit, guess, likeness } = self;
        let best = *units.get(unit as usize)?.members.first()?;
        let is_same = known.item(best).path == original;
        is_same.then_some(Found { unit: UnitId(unit), guess, likeness })
    }
}
