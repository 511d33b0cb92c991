//! Hashes files in bounded batches. What an earlier run hashed is recalled; of small
//! files one thread reads and all hash, large ones are read on over several calls.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::io;

use crate::ahead::read_ahead;
use crate::collect;
use crate::error::{Issue, Problem, Unread};
use crate::examine::digest::{Digester, Digests, Wanted};
use crate::examine::learnt::{Digested, sum_key};
use crate::examine::{self, DIGESTS};
use crate::io::{BATCH_FILES, Files, PIECE, ReadAt, read_range};
use crate::job::desk::Desk;
use crate::memory::{self, BATCH_RECALLED, Key, Note};
use crate::model::{FileId, Item, ItemId};
use crate::settings::Limits;

/// Bytes at either end of a file that are looked at before it is read whole: one block
/// of most disks. Chosen, not measured.
const END: usize = 4096;

/// Bytes up to which a file is read at once and hashed by any thread; larger ones are
/// read piece by piece. Chosen, not measured.
const SMALL: u64 = 8 << 20;

/// Bytes hashed in one batch, beyond which the next call goes on. BLAKE3 takes less
/// than 1 ms for a megabyte (../shared measurements: 0.4 natively, 0.7 in a browser).
const BATCH: u64 = 48 << 20;

/// Files whose notes are kept in one transaction: each costs a write that waits for the
/// disk. What a kill loses is hashed again. Chosen, not measured.
const NOTED_TOGETHER: usize = 1024;

/// What is asked about files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Their first and last bytes.
    Ends,
    /// How their payload begins.
    Begin,
    /// BLAKE3 of all bytes.
    Blake3,
    /// BLAKE3 of the payload, and of all bytes: they are read anyway.
    Payload,
}

impl Ask {
    fn is_answered(self, of: &Digested) -> bool {
        match self {
            Self::Ends => of.ends.is_some(),
            Self::Begin => of.begin.is_some(),
            Self::Blake3 => of.blake3.is_some(),
            Self::Payload => of.payload.is_some(),
        }
    }
}

/// Files that are still to be hashed.
pub(super) struct Digesting {
    ask: Ask,
    /// Those that the memory was not asked for yet.
    unasked: VecDeque<ItemId>,
    /// Those that it did not know.
    queue: VecDeque<ItemId>,
    /// The first of them, if it was begun.
    current: Option<Digester>,
    /// What is not kept yet.
    notes: Vec<Note>,
}

impl Digesting {
    /// Will hash these files, but those of which the answer is known.
    pub(super) fn new(
        ask: Ask,
        files: impl IntoIterator<Item = ItemId>,
        known: &[Digested],
    ) -> Self {
        let open = |id: &ItemId| !ask.is_answered(&known[id.0 as usize]);
        let unasked = files.into_iter().filter(open).collect();
        Self { ask, unasked, queue: VecDeque::new(), current: None, notes: Vec::new() }
    }

    /// Files that are still to be hashed.
    pub(super) fn left(&self) -> u64 {
        (self.unasked.len() + self.queue.len()) as u64
    }

    /// Does one batch: 4,096 files recalled, or 64 files or 48 MB read. `known` is
    /// parallel to `items`. A file that cannot be read stays unknown, with an issue on
    /// the desk. Says whether all is done.
    pub(super) fn advance<F: Files>(
        &mut self,
        desk: &mut Desk<F>,
        items: &[Item],
        known: &mut [Digested],
    ) -> bool {
        let before = self.left();
        if !self.unasked.is_empty() {
            self.recall(desk, items, known);
        } else if self.current.is_some()
            || self.queue.front().is_some_and(|id| self.is_large(items, *id))
        {
            self.go_on(desk, items, known);
        } else {
            self.hash_small(desk, items, known);
        }
        desk.progress.done += before.saturating_sub(self.left());
        let done = self.left() == 0;
        if (done || self.notes.len() >= NOTED_TOGETHER) && !self.notes.is_empty() {
            desk.memory.note(std::mem::take(&mut self.notes));
        }
        done
    }

    fn is_large(&self, items: &[Item], id: ItemId) -> bool {
        matches!(self.ask, Ask::Blake3 | Ask::Payload) && items[id.0 as usize].size > SMALL
    }

    /// Takes what the memory knows of the next files.
    fn recall<F: Files>(&mut self, desk: &Desk<F>, items: &[Item], known: &mut [Digested]) {
        let count = self.unasked.len().min(BATCH_RECALLED);
        let asked: Vec<ItemId> = self.unasked.drain(..count).collect();
        let name = |id: &ItemId| sum_key(&items[id.0 as usize]);
        let names: Vec<Key> = asked.iter().filter_map(name).collect();
        let mut notes = desk.memory.recall(&DIGESTS, &names).into_iter();
        for id in asked {
            let note = name(&id).and_then(|_| notes.next()?);
            let of = &mut known[id.0 as usize];
            if let Some(noted) = note.and_then(|note| memory::decoded::<Digested>(&note)) {
                merge(of, &noted);
            }
            if !self.ask.is_answered(of) {
                self.queue.push_back(id);
            }
        }
    }

    /// Hashes the next small files.
    fn hash_small<F: Files>(&mut self, desk: &mut Desk<F>, items: &[Item], known: &mut [Digested]) {
        let (mut count, loaded, ask) = (0, Cell::new(0u64), self.ask);
        let is_large = |id: &ItemId| {
            matches!(ask, Ask::Blake3 | Ask::Payload) && items[id.0 as usize].size > SMALL
        };
        let queue = &mut self.queue;
        let next = std::iter::from_fn(|| {
            let room = count < BATCH_FILES && loaded.get() < BATCH;
            count += 1;
            if room { queue.pop_front_if(|id| !is_large(id)) } else { None }
        });
        let (files, limits) = (&desk.files, &desk.limits);
        let read = |id: &ItemId| {
            let taken = taken(ask, &items[id.0 as usize], files, limits);
            loaded.set(loaded.get() + taken.as_ref().map_or(0, Taken::bytes));
            taken
        };
        let hash = |id: &ItemId, taken: io::Result<Taken>| {
            taken.and_then(|taken| taken.hashed(ask, &items[id.0 as usize], limits))
        };
        let found = read_ahead(next, read, hash);
        desk.progress.bytes_read += loaded.get();
        for (id, found) in found {
            self.keep(desk, items, known, id, found);
        }
    }

    /// Reads a large file on.
    fn go_on<F: Files>(&mut self, desk: &mut Desk<F>, items: &[Item], known: &mut [Digested]) {
        let Some(&id) = self.queue.front() else { return };
        let item = &items[id.0 as usize];
        let begun = || Digester::new(wanted(self.ask), &desk.limits);
        let mut digester = self.current.take().unwrap_or_else(begun);
        let mut read = 0;
        let found = loop {
            match digester.advance(item, &desk.files, PIECE) {
                Ok(step) => {
                    read += step.read;
                    if let Some(digests) = step.done {
                        break Some(Ok(digested(self.ask, digests)));
                    }
                    if read >= BATCH {
                        break None;
                    }
                }
                Err(error) => break Some(Err(error)),
            }
        };
        desk.progress.bytes_read += read;
        let Some(found) = found else {
            self.current = Some(digester);
            return;
        };
        self.queue.pop_front();
        self.keep(desk, items, known, id, found);
    }

    fn keep<F: Files>(
        &mut self,
        desk: &mut Desk<F>,
        items: &[Item],
        known: &mut [Digested],
        id: ItemId,
        found: io::Result<Digested>,
    ) {
        let (item, of) = (&items[id.0 as usize], &mut known[id.0 as usize]);
        match found {
            Ok(found) => {
                merge(of, &found);
                let note = |key| {
                    let value = Some(memory::encoded(of)?);
                    Some(Note { shelf: &DIGESTS, key, value })
                };
                self.notes.extend(sum_key(item).and_then(note));
            }
            Err(error) => {
                let problem = Problem::reading(&error);
                desk.issues.push(Issue { path: item.path.clone(), problem });
            }
        }
    }
}

/// What was read of a small file.
enum Taken {
    /// All of it, and perhaps a byte that should not be there.
    Whole(Vec<u8>),
    /// What is asked for, hashed already.
    Done(Digested, u64),
}

impl Taken {
    fn bytes(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Done(_, read) => *read,
        }
    }

    fn hashed(self, ask: Ask, item: &Item, limits: &Limits) -> io::Result<Digested> {
        let bytes = match self {
            Self::Done(digested, _) => return Ok(digested),
            Self::Whole(bytes) => bytes,
        };
        if ask == Ask::Blake3 {
            is_whole(&bytes, item)?;
            let blake3 = Some(*blake3::hash(&bytes).as_bytes());
            return Ok(Digested { blake3, ..Digested::default() });
        }
        let (held, mut digester) = (Held(bytes), Digester::new(wanted(ask), limits));
        // A zipped file was unpacked when it was read.
        let item = Item { source: crate::model::Source::File(FileId(0)), ..item.clone() };
        loop {
            if let Some(digests) = digester.advance(&item, &held, SMALL as usize + 1)?.done {
                return Ok(digested(ask, digests));
            }
        }
    }
}

/// Whether these are all bytes of a file, and no more.
fn is_whole(bytes: &[u8], item: &Item) -> io::Result<()> {
    match (bytes.len() as u64).cmp(&item.size) {
        Ordering::Equal => Ok(()),
        Ordering::Less => Err(io::ErrorKind::UnexpectedEof.into()),
        Ordering::Greater => Err(io::Error::new(io::ErrorKind::InvalidData, Unread::Longer)),
    }
}

/// A file in memory, as the only one of a host.
struct Held(Vec<u8>);

impl Files for Held {
    fn open(&self, _: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0.as_slice()))
    }
}

fn taken(ask: Ask, item: &Item, files: &dyn Files, limits: &Limits) -> io::Result<Taken> {
    match ask {
        Ask::Begin => {
            let begin = Some(examine::beginning(item, files, limits)?);
            Ok(Taken::Done(Digested { begin, ..Digested::default() }, END as u64))
        }
        Ask::Ends => {
            let source = collect::open(item, files)?;
            let mut hash = blake3::Hasher::new();
            hash.update(&read_range(&*source, 0, END)?);
            hash.update(&read_range(&*source, item.size.saturating_sub(END as u64), END)?);
            let ends = Some(*hash.finalize().as_bytes());
            Ok(Taken::Done(Digested { ends, ..Digested::default() }, 2 * END as u64))
        }
        Ask::Blake3 | Ask::Payload => {
            let source = collect::open(item, files)?;
            // One byte more tells that the file grew.
            read_range(&*source, 0, item.size.min(SMALL) as usize + 1).map(Taken::Whole)
        }
    }
}

fn wanted(ask: Ask) -> Wanted {
    Wanted { blake3: true, payload: ask == Ask::Payload, ..Wanted::default() }
}

fn digested(ask: Ask, digests: Digests) -> Digested {
    let payload = (ask == Ask::Payload).then_some(digests.payload);
    Digested { blake3: digests.blake3, payload, film: digests.film, ..Digested::default() }
}

/// Takes over what else is known.
fn merge(of: &mut Digested, other: &Digested) {
    of.ends = of.ends.or(other.ends);
    of.begin = of.begin.or(other.begin);
    of.blake3 = of.blake3.or(other.blake3);
    of.payload = of.payload.or(other.payload);
    of.film = of.film.or(other.film);
}
