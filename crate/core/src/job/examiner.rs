//! Examines a list of files in bounded batches: what an earlier run learnt is
//! recalled; of the others one thread reads the bytes, and all threads examine
//! them.

use std::cell::Cell;
use std::collections::VecDeque;

use super::desk::Desk;
use crate::ahead::read_ahead;
use crate::collect;
use crate::error::{Issue, Problem};
use crate::examine::learnt::{Learnt, file_key};
use crate::examine::{self, Depth, Examined, Extract, FILES};
use crate::io::{BATCH_FILES, Files};
use crate::memory::{self, BATCH_RECALLED, Key, Note};
use crate::model::{Features, Item, ItemId, Kind};
use crate::settings::Limits;

/// Files that are still to be examined.
pub(super) struct Examiner {
    /// Those that the memory was not asked for yet.
    unasked: VecDeque<Errand>,
    /// Those that it did not know.
    queue: VecDeque<Errand>,
    pixels: Pixels,
}

/// What becomes of a picture whose head holds no thumbnail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pixels {
    /// It is decoded for its fingerprint.
    Decoded,
    /// It has none.
    Left,
}

/// A file to examine.
#[derive(Clone, Copy)]
struct Errand {
    id: ItemId,
    depth: Depth,
    /// The key of what is learnt about it.
    name: Option<Key>,
}

impl Examiner {
    /// Will examine these items, each to the depth given.
    pub(super) fn new(
        items: &[Item],
        wanted: impl IntoIterator<Item = (ItemId, Depth)>,
        limits: &Limits,
    ) -> Self {
        let errand = |(id, depth): (ItemId, Depth)| {
            let name = file_key(&items[id.0 as usize], depth, limits);
            Errand { id, depth, name }
        };
        let unasked = wanted.into_iter().map(errand).collect();
        Self { unasked, queue: VecDeque::new(), pixels: Pixels::Decoded }
    }

    /// Will examine the heads of these items: nobody asks what they look like.
    pub(super) fn of_heads(
        items: &[Item],
        wanted: impl IntoIterator<Item = ItemId>,
        limits: &Limits,
    ) -> Self {
        let wanted = wanted.into_iter().map(|id| (id, Depth::Head));
        Self { pixels: Pixels::Left, ..Self::new(items, wanted, limits) }
    }

    /// Files that are not examined yet.
    pub(super) fn left(&self) -> u64 {
        (self.unasked.len() + self.queue.len()) as u64
    }

    /// Does one batch: 4,096 files recalled, or 64 files or 48 MB read. `features`
    /// is parallel to `items`; an item that cannot be read stays `None`, with an
    /// issue on the desk. Says whether all is done.
    pub(super) fn advance<F: Files>(
        &mut self,
        desk: &mut Desk<F>,
        items: &[Item],
        features: &mut [Option<Features>],
    ) -> bool {
        let before = self.left();
        let learnt = match self.unasked.is_empty() {
            false => self.recall(desk, items),
            true => self.examine(desk, items),
        };
        for (id, examined) in learnt {
            let path = &items[id.0 as usize].path;
            let issue = |problem| Issue { path: path.clone(), problem };
            desk.issues.extend(examined.problems.into_iter().map(issue));
            features[id.0 as usize] = Some(examined.features);
        }
        desk.progress.done += before.saturating_sub(self.left());
        self.left() == 0
    }

    /// Takes what the memory knows of the next files; the rest is queued to be
    /// read.
    fn recall<F: Files>(&mut self, desk: &Desk<F>, items: &[Item]) -> Vec<(ItemId, Examined)> {
        let count = self.unasked.len().min(BATCH_RECALLED);
        let asked: Vec<Errand> = self.unasked.drain(..count).collect();
        let names: Vec<Key> = asked.iter().filter_map(|errand| errand.name).collect();
        let mut notes = desk.memory.recall(&FILES, &names).into_iter();
        let mut learnt = Vec::new();
        for errand in asked {
            let note = errand.name.and_then(|_| notes.next()?);
            match note.and_then(|note| known(&note, &items[errand.id.0 as usize])) {
                Some(examined) => learnt.push((errand.id, examined)),
                None => self.queue.push_back(errand),
            }
        }
        learnt
    }

    /// Examines the next files. Originals without a usable thumbnail need the whole
    /// file for their fingerprint, and come again at once.
    fn examine<F: Files>(&mut self, desk: &mut Desk<F>, items: &[Item]) -> Vec<(ItemId, Examined)> {
        let mut learnt = Vec::new();
        let (mut again, mut notes) = (Vec::new(), Vec::new());
        for (errand, result) in self.read(desk, items) {
            let item = &items[errand.id.0 as usize];
            match result {
                Ok(mut examined) if errand.depth == Depth::Head && needs_pixels(&examined) => {
                    if self.pixels == Pixels::Decoded {
                        again.push(Errand { depth: Depth::Whole, ..errand });
                        examined.problems.clear();
                    }
                    // Not noted: a run that needs the pixels must look itself.
                    learnt.push((errand.id, examined));
                }
                Ok(examined) => {
                    notes.extend(errand.name.and_then(|name| note(name, item, &examined)));
                    learnt.push((errand.id, examined));
                }
                Err(error) => {
                    let problem = Problem::reading(&error);
                    desk.issues.push(Issue { path: item.path.clone(), problem });
                }
            }
        }
        desk.memory.note(notes);
        // Reading the head was a piece of work, too.
        desk.progress.total += again.len() as u64;
        desk.progress.done += again.len() as u64;
        again.into_iter().rev().for_each(|errand| self.queue.push_front(errand));
        learnt
    }

    /// Reads one batch; one thread reads, all compute.
    fn read<F: Files>(
        &mut self,
        desk: &mut Desk<F>,
        items: &[Item],
    ) -> Vec<(Errand, std::io::Result<Examined>)> {
        let (files, limits) = (&desk.files, &desk.limits);
        let (mut count, loaded) = (0, Cell::new(0));
        let next = std::iter::from_fn(|| {
            let room = count < BATCH_FILES && loaded.get() < limits.batch_bytes;
            count += 1;
            if room { self.queue.pop_front() } else { None }
        });
        let item = |errand: &Errand| &items[errand.id.0 as usize];
        let read = |errand: &Errand| {
            let taken = collect::open(item(errand), files)
                .and_then(|source| examine::gather(&*source, errand.depth, limits));
            loaded.set(loaded.get() + taken.as_ref().map_or(0, Extract::taken));
            taken
        };
        let compute = |errand: &Errand, taken: std::io::Result<Extract>| {
            taken.map(|extract| examined(item(errand), &extract, limits))
        };
        let results = read_ahead(next, read, compute);
        desk.progress.bytes_read += loaded.get();
        results
    }
}

/// What was noted about a file, if it is that file's.
fn known(note: &[u8], item: &Item) -> Option<Examined> {
    let Learnt { path, features, problems, .. } = memory::decoded(note)?;
    (path == item.path).then_some(Examined { features, problems })
}

/// A note of what was learnt about a file.
fn note(key: Key, item: &Item, examined: &Examined) -> Option<Note> {
    let Examined { features, problems } = examined.clone();
    let (size, modified) = (item.size, item.modified);
    let learnt = Learnt { path: item.path.clone(), size, modified, features, problems };
    Some(Note { shelf: &FILES, key, value: Some(memory::encoded(&learnt)?) })
}

/// Whether a picture has no fingerprint yet and may be decoded for it. Its problems
/// are reported after that.
fn needs_pixels(examined: &Examined) -> bool {
    let harmless = |problem: &Problem| matches!(problem, Problem::NotWhatItsNameSays { .. });
    examined.features.fingerprint.is_none()
        && examined.features.kind.is_picture()
        && examined.problems.iter().all(harmless)
}

/// What the bytes read of a file tell; a decoder that panics is that file's
/// problem.
fn examined(item: &Item, extract: &Extract, limits: &Limits) -> Examined {
    let done =
        examine::guarded(|| Ok(examine::examine(item.name(), item.modified, extract, limits)));
    done.unwrap_or_else(|problem| Examined {
        features: Features::new(Kind::Unknown),
        problems: vec![problem],
    })
}
