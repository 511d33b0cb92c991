//! Reads a storage in large blocks and holds them. A database reads page by page:
//! opening one of 34 MB took 11 seconds in a browser's private window
//! (bench/results.md).

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

/// Bytes read at once. Chosen: with it, opening 2,000 photos' notes went from 1.1
/// to 0.1 s (bench/results.md).
const BLOCK: usize = 256 << 10;

/// Most blocks that are held, 64 MB: the notes on about 20,000 photos. Beyond it
/// the oldest block goes, and is read again when needed.
const MOST: usize = 256;

/// A storage and what was read of it. What is written goes through at once.
#[derive(Debug)]
pub(crate) struct Blocks<S> {
    storage: S,
    held: Mutex<Held>,
}

/// Blocks by number; the last of the storage may be shorter than the others.
#[derive(Debug, Default)]
struct Held {
    blocks: BTreeMap<u64, Vec<u8>>,
    /// Their numbers, the oldest first.
    order: VecDeque<u64>,
}

impl<S: StorageBackend> Blocks<S> {
    pub(crate) fn over(storage: S) -> Self {
        Self { storage, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a block; shorter at the end of the storage, empty beyond it.
    fn fetch(&self, number: u64) -> io::Result<Vec<u8>> {
        let start = number.saturating_mul(BLOCK as u64);
        let rest = self.storage.len()?.saturating_sub(start);
        let mut block = vec![0; BLOCK.min(usize::try_from(rest).unwrap_or(BLOCK))];
        self.storage.read(start, &mut block)?;
        Ok(block)
    }
}

impl Held {
    fn keep(&mut self, number: u64, block: Vec<u8>) {
        if self.blocks.len() >= MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.blocks.remove(&oldest);
        }
        self.order.push_back(number);
        self.blocks.insert(number, block);
    }

    /// Lets go of every block that is not `good`.
    fn retain(&mut self, good: impl Fn(u64, &[u8]) -> bool) {
        self.blocks.retain(|&number, block| good(number, block));
        self.order.retain(|number| self.blocks.contains_key(number));
    }

    /// Brings the blocks up to what was written.
    fn patch(&mut self, offset: u64, data: &[u8]) {
        let mut outgrown = Vec::new();
        for (number, skip, piece) in pieces(offset, data.len()) {
            let Some(block) = self.blocks.get_mut(&number) else { continue };
            match block.get_mut(skip..skip + piece.len()) {
                Some(old) => old.copy_from_slice(&data[piece]),
                None => outgrown.push(number),
            }
        }
        self.retain(|number, _| !outgrown.contains(&number));
    }
}

/// The blocks that a range lies in: their numbers, where it begins in each, and
/// which part of it that is.
fn pieces(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let at = offset + done as u64;
        let skip = (at % BLOCK as u64) as usize;
        let piece = done..len.min(done + BLOCK - skip);
        done = piece.end;
        (!piece.is_empty()).then_some((at / BLOCK as u64, skip, piece))
    })
}

impl<S: StorageBackend> StorageBackend for Blocks<S> {
    fn len(&self) -> io::Result<u64> {
        self.storage.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut held = self.held();
        for (number, skip, piece) in pieces(offset, out.len()) {
            if !held.blocks.contains_key(&number) {
                let block = self.fetch(number)?;
                held.keep(number, block);
            }
            let block = held.blocks.get(&number).map_or(&[][..], Vec::as_slice);
            let found = block.get(skip..skip + piece.len());
            out[piece].copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut held = self.held();
        let whole = |number: u64, block: &[u8]| {
            block.len() == BLOCK && (number + 1).saturating_mul(BLOCK as u64) <= len
        };
        held.retain(whole);
        self.storage.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.storage.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut held = self.held();
        let written = self.storage.write(offset, data);
        match written {
            Ok(()) => held.patch(offset, data),
            // What the storage holds now is unknown.
            Err(_) => *held = Held::default(),
        }
        written
    }

    fn close(&self) -> io::Result<()> {
        self.storage.close()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use redb::backends::InMemoryBackend;

    use super::*;

    /// A storage that counts how often it is read.
    #[derive(Debug, Default)]
    struct Counting(InMemoryBackend, AtomicUsize);

    impl StorageBackend for Counting {
        fn len(&self) -> io::Result<u64> {
            self.0.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.read(offset, out)
        }

        fn set_len(&self, len: u64) -> io::Result<()> {
            self.0.set_len(len)
        }

        fn sync_data(&self) -> io::Result<()> {
            self.0.sync_data()
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.0.write(offset, data)
        }
    }

    #[test]
    fn pages_of_one_block_are_one_read() {
        let blocks = Blocks::over(Counting::default());
        blocks.set_len(3 * BLOCK as u64).unwrap();
        let mut page = [1; 4096];
        for at in 0..64 {
            blocks.read(at * 4096, &mut page).unwrap();
        }
        assert_eq!((page, blocks.storage.1.load(Ordering::Relaxed)), ([0; 4096], 1));
    }

    #[test]
    fn reads_what_the_storage_holds_whatever_was_done_to_it() {
        let blocks = Blocks::over(Counting::default());
        let mut bits = 7u64;
        let mut random = |below: u64| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            (bits >> 33) % below
        };
        let mut len = 0;
        for turn in 0..2000 {
            let (offset, size) = (random(3 * BLOCK as u64), random(80_000));
            let size = usize::try_from(size).unwrap();
            let inside = offset + size as u64 <= len;
            match random(8) {
                0 => {
                    len = random(4 * BLOCK as u64);
                    blocks.set_len(len).unwrap();
                }
                1..4 if inside => blocks.write(offset, &vec![turn as u8; size]).unwrap(),
                _ => {
                    let (mut held, mut stored) = (vec![0; size], vec![1; size]);
                    assert_eq!(blocks.read(offset, &mut held).is_ok(), inside || size == 0);
                    if inside {
                        blocks.storage.0.read(offset, &mut stored).unwrap();
                        assert!(held == stored, "turn {turn}");
                    }
                }
            }
        }
    }
}
