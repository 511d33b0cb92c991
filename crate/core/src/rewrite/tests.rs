//! Every change is killed at every moment: afterwards the file is old or new.

use std::cell::Cell;
use std::io;

use super::{Entry, Patch, Recovered, Refused, Rewrite, apply, recover, revert};
use crate::io::ReadAt;

/// A file with its journal on a disk whose power fails after so many steps. A
/// step that is cut off is half done.
#[derive(Clone)]
struct Disk {
    file: Vec<u8>,
    journal: Option<Vec<u8>>,
    steps: Cell<usize>,
}

impl Disk {
    fn new(file: &[u8]) -> Self {
        Self { file: file.to_vec(), journal: None, steps: Cell::new(usize::MAX) }
    }

    fn power(&self) -> io::Result<()> {
        let left = self.steps.get().checked_sub(1).ok_or_else(|| io::Error::other("no power"))?;
        self.steps.set(left);
        Ok(())
    }

    fn on_again(self) -> Self {
        Self { steps: Cell::new(usize::MAX), ..self }
    }
}

impl ReadAt for Disk {
    fn size(&self) -> u64 {
        self.file.len() as u64
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.as_slice().read_at(pos, buf)
    }
}

impl Rewrite for Disk {
    fn keep_journal(&mut self, entry: Option<&[u8]>) -> io::Result<()> {
        self.power()?;
        self.journal = entry.map(<[u8]>::to_vec);
        Ok(())
    }

    fn journal(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.journal.clone())
    }

    fn write_at(&mut self, pos: u64, bytes: &[u8]) -> io::Result<()> {
        let whole = self.power();
        let bytes = if whole.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        let (pos, end) = (pos as usize, pos as usize + bytes.len());
        if self.file.len() < end {
            self.file.resize(end, 0);
        }
        self.file[pos..end].copy_from_slice(bytes);
        whole
    }

    fn cut(&mut self, size: u64) -> io::Result<()> {
        self.power()?;
        self.file.truncate(size as usize);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.power()
    }
}

const OLD: &[u8] = b"The camera wrote this, and nothing of it may be lost.";
const NEW: &[u8] = b"The CAMERA wrote this, and NOTHING of it may be lost. Arezzo";

fn patches() -> [Patch; 3] {
    let patch = |at: u64, text: &[u8]| Patch { at, bytes: text.to_vec() };
    [patch(53, b" Arezzo"), patch(4, b"CAMERA"), patch(27, b"NOTHING")]
}

fn sum(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

#[test]
fn a_change_is_made_and_taken_back_to_the_byte() {
    let mut disk = Disk::new(OLD);
    let entry = apply(&mut disk, sum(OLD), &patches()).unwrap();
    assert_eq!(disk.file, NEW);
    assert_eq!(disk.journal, None);
    let kept = Entry::decoded(&entry.encoded().unwrap()).unwrap();
    revert(&mut disk, &kept).unwrap();
    assert_eq!(disk.file, OLD);
    assert_eq!(disk.journal, None);
}

#[test]
fn killed_at_any_step_the_file_is_old_or_new_after_the_next_start() {
    let mut outcomes = std::collections::BTreeSet::new();
    for steps in 0.. {
        let mut disk = Disk::new(OLD);
        disk.steps.set(steps);
        let done = apply(&mut disk, sum(OLD), &patches()).is_ok();
        let mut disk = disk.on_again();
        let recovered = recover(&mut disk).unwrap();
        assert!(disk.file == OLD || disk.file == NEW, "after {steps} steps");
        assert_eq!(disk.journal, None, "after {steps} steps");
        outcomes.insert(format!("{recovered:?}"));
        if done {
            assert_eq!(disk.file, NEW);
            break;
        }
    }
    assert_eq!(outcomes.into_iter().collect::<Vec<_>>(), ["Finished", "Nothing", "TakenBack"]);
}

#[test]
fn killed_while_it_is_taken_back_too() {
    let mut changed = Disk::new(OLD);
    let entry = apply(&mut changed, sum(OLD), &patches()).unwrap();
    for steps in 0.. {
        let mut disk = changed.clone();
        disk.steps.set(steps);
        let done = revert(&mut disk, &entry).is_ok();
        let mut disk = disk.on_again();
        recover(&mut disk).unwrap();
        assert!(disk.file == OLD || disk.file == NEW, "after {steps} steps");
        if done {
            assert_eq!(disk.file, OLD);
            break;
        }
    }
}

#[test]
fn another_file_is_left_alone() {
    let mut disk = Disk::new(b"Somebody edited it since.");
    assert!(matches!(apply(&mut disk, sum(OLD), &patches()), Err(Refused::Changed)));
    assert_eq!((disk.file.as_slice(), disk.journal), (&b"Somebody edited it since."[..], None));
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_put_back() {
    let mut disk = Disk::new(OLD);
    disk.steps.set(2);
    assert!(apply(&mut disk, sum(OLD), &patches()).is_err());
    let mut disk = disk.on_again();
    disk.file[0] = b'X';
    let before = disk.file.clone();
    assert!(matches!(recover(&mut disk), Err(Refused::Changed)));
    assert_eq!(disk.file, before);
}

#[test]
fn what_somebody_else_appended_meanwhile_is_not_cut_off() {
    let mut disk = Disk::new(OLD);
    disk.steps.set(3);
    assert!(apply(&mut disk, sum(OLD), &patches()).is_err());
    let mut disk = disk.on_again();
    disk.file.extend(b" A trailer of another program.");
    let before = disk.file.clone();
    assert!(matches!(recover(&mut disk), Err(Refused::Changed)));
    assert_eq!(disk.file, before);
}

#[test]
fn a_damaged_journal_touches_nothing() {
    let mut disk = Disk::new(OLD);
    disk.steps.set(2);
    assert!(apply(&mut disk, sum(OLD), &patches()).is_err());
    let kept = disk.journal.clone().unwrap();
    for at in 0..kept.len() {
        let mut disk = disk.clone().on_again();
        let before = disk.file.clone();
        let mut journal = kept.clone();
        journal[at] ^= 1;
        disk.journal = Some(journal);
        assert!(matches!(recover(&mut disk), Err(Refused::Damaged)), "byte {at}");
        assert_eq!(disk.file, before, "byte {at}");
    }
    let mut disk = disk.on_again();
    assert_eq!(recover(&mut disk).unwrap(), Recovered::TakenBack);
    assert_eq!(disk.file, OLD);
}

#[test]
fn patches_that_overlap_or_leave_a_hole_are_refused() {
    let patch = |at: u64, len: usize| Patch { at, bytes: vec![0; len] };
    let size = OLD.len() as u64;
    for patches in [
        vec![patch(4, 6), patch(9, 1)],
        vec![patch(size + 1, 1)],
        vec![patch(u64::MAX, 1)],
        vec![patch(size, 1), patch(size + 2, 1)],
        vec![patch(0, super::MOST_CHANGED as usize + 1)],
    ] {
        let mut disk = Disk::new(OLD);
        let refused = apply(&mut disk, sum(OLD), &patches);
        assert!(matches!(refused, Err(Refused::Unfit)));
        assert_eq!((disk.file.as_slice(), disk.journal), (OLD, None));
    }
}
