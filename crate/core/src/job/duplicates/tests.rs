//! The job over files in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use super::{Asked, Deciding, Duplicates, Folders};
use crate::io::{Files, ReadAt};
use crate::matching::duplicates::Choice;
use crate::memory::{Key, Memory, Note, Shelf};
use crate::model::{Entry, FileId, ItemId};
use crate::progress::Advance;
use crate::report::duplicates::{Document, List};
use crate::settings::Settings;

/// Files in memory; it counts the bytes that are read.
#[derive(Default)]
struct Disk {
    files: Vec<Vec<u8>>,
    read: Mutex<u64>,
}

impl Files for &Disk {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let bytes = self.files.get(file.0 as usize).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Counted { bytes, read: &self.read }))
    }
}

struct Counted<'a> {
    bytes: &'a [u8],
    read: &'a Mutex<u64>,
}

impl ReadAt for Counted<'_> {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read_at(pos, buf)?;
        *self.read.lock().unwrap() += count as u64;
        Ok(count)
    }
}

/// By shelf and key.
type Notes = BTreeMap<(&'static str, Key), Vec<u8>>;

/// What is remembered, shared by runs.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Notes>>);

impl Memory for Kept {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        let kept = self.0.lock().unwrap();
        keys.iter().map(|key| kept.get(&(shelf.name, *key)).cloned()).collect()
    }

    fn scan(&self, shelf: &Shelf, from: std::ops::Bound<Key>, most: usize) -> Vec<(Key, Vec<u8>)> {
        let kept = self.0.lock().unwrap();
        let ours = kept.iter().filter(|((name, _), _)| *name == shelf.name);
        let behind = ours.filter(|((_, key), _)| match from {
            std::ops::Bound::Unbounded => true,
            std::ops::Bound::Included(from) => *key >= from,
            std::ops::Bound::Excluded(from) => *key > from,
        });
        behind.take(most).map(|((_, key), note)| (*key, note.clone())).collect()
    }

    fn note(&mut self, notes: Vec<Note>) {
        let mut kept = self.0.lock().unwrap();
        for note in notes {
            let key = (note.shelf.name, note.key);
            match note.value {
                Some(value) => drop(kept.insert(key, value)),
                None => drop(kept.remove(&key)),
            }
        }
    }
}

fn disk(files: &[(&str, Vec<u8>)]) -> (Disk, Vec<Entry>) {
    let entry = |(number, (path, bytes)): (u32, &(&str, Vec<u8>))| Entry {
        file: FileId(number),
        path: (*path).to_owned(),
        size: bytes.len() as u64,
        modified: Some(1_600_000_000 + i64::from(number)),
    };
    let entries = (0..).zip(files).map(entry).collect();
    let files = files.iter().map(|(_, bytes)| bytes.clone()).collect();
    (Disk { files, ..Disk::default() }, entries)
}

fn run(disk: &Disk, entries: &[Entry], kept: &Kept) -> Document {
    done(&mut job(disk, entries, kept))
}

fn job<'a>(disk: &'a Disk, entries: &[Entry], kept: &Kept) -> Duplicates<&'a Disk> {
    let folders = Folders { entries: entries.to_vec(), ..Folders::default() };
    let mut job = Duplicates::new(Settings::default(), Asked::default(), folders, disk);
    job.remember(Box::new(kept.clone()));
    job
}

fn done(job: &mut Duplicates<&Disk>) -> Document {
    while let Advance::Working(_) = job.advance().unwrap() {}
    job.document()
}

fn groups(document: &Document) -> Vec<(List, Vec<&str>)> {
    let units = |group: &crate::report::duplicates::Group| {
        group.units.iter().map(|unit| unit.files[0].clone()).collect::<Vec<_>>()
    };
    let files = |names: Vec<String>| -> Vec<&str> {
        names
            .iter()
            .filter_map(|name| document.hashes.get_key_value(name))
            .map(|(k, _)| k.as_str())
            .collect()
    };
    document.groups.iter().map(|group| (group.list, files(units(group)))).collect()
}

/// Bytes that are alike at both ends; `middle` makes them others.
fn large(middle: u8) -> Vec<u8> {
    let mut bytes = vec![7; 200_000];
    bytes[100_000] = middle;
    bytes
}

#[test]
fn only_files_of_the_same_bytes_are_exact_copies() {
    let files = [
        ("a.bin", large(1)),
        ("b.bin", large(2)),
        ("c.bin", large(1)),
        ("d.bin", vec![1; 30]),
        ("e.bin", vec![2; 30]),
        ("empty.jpg", Vec::new()),
        ("empty2.jpg", Vec::new()),
    ];
    let (disk, entries) = disk(&files);
    let document = run(&disk, &entries, &Kept::default());
    assert_eq!(groups(&document), [(List::Exact, vec!["a.bin", "c.bin"])]);
    assert_eq!(document.summary.bytes_to_gain, 200_000);
    assert_eq!(document.hashes["a.bin"], document.hashes["c.bin"]);
}

#[test]
fn for_equal_bytes_alone_only_copies_are_examined() {
    let files = [("1.bin", large(1)), ("2.bin", large(1)), ("IMG_0003.jpg", vec![3; 50_000])];
    let (disk, entries) = disk(&files);
    let asked = Asked { lists: vec![crate::matching::duplicates::List::Exact], ..Asked::default() };
    let folders = Folders { entries, ..Folders::default() };
    let mut job = Duplicates::new(Settings::default(), asked, folders, &disk);
    assert_eq!(groups(&done(&mut job)), [(List::Exact, vec!["1.bin", "2.bin"])]);
    let examined: Vec<bool> = job.features().iter().map(Option::is_some).collect();
    assert_eq!(examined, [true, true, false]);
}

#[test]
fn a_second_run_reads_nothing_and_says_the_same() {
    let files = [("a.bin", large(1)), ("b.bin", large(2)), ("c.bin", large(1))];
    let (disk, entries) = disk(&files);
    let kept = Kept::default();
    let first = run(&disk, &entries, &kept);
    assert!(*disk.read.lock().unwrap() > 600_000);
    *disk.read.lock().unwrap() = 0;
    assert_eq!(run(&disk, &entries, &kept), first);
    assert_eq!(*disk.read.lock().unwrap(), 0);
}

#[test]
fn what_is_remembered_under_a_name_is_not_believed_of_another_file() {
    let files = [("1.bin", large(1)), ("2.bin", large(1)), ("3.bin", large(3))];
    let (disk, entries) = disk(&files);
    let kept = Kept::default();
    assert_eq!(run(&disk, &entries, &kept).groups.len(), 1);
    // Renumbered: each has the name of the one before it, and its own time.
    let mut renamed = entries[1..].to_vec();
    renamed[0].path = "1.bin".into();
    renamed[1].path = "2.bin".into();
    assert_eq!(run(&disk, &renamed, &kept).groups, []);
}

#[test]
fn a_decision_is_about_contents() {
    let files =
        [("a.bin", large(1)), ("b.bin", large(1)), ("c.bin", large(3)), ("d.bin", large(3))];
    let (disk, mut entries) = disk(&files);
    let mut kept = Kept::default();
    let paths = ["a.bin", "b.bin"].map(str::to_owned);
    let mut deciding = Deciding::new(Choice::NotADuplicate, &paths, &entries, &disk).ok().unwrap();
    deciding.remember(Box::new(kept.clone()));
    while let Advance::Working(_) = deciding.advance() {}
    assert_eq!(deciding.issues(), []);
    entries[0].path = "moved/a.bin".into();
    let document = run(&disk, &entries, &kept);
    assert_eq!(groups(&document), [(List::Exact, vec!["c.bin", "d.bin"])]);
    assert_eq!(document.not_duplicates, [["b.bin", "moved/a.bin"]]);
    kept.note(Vec::new());
    assert!(Deciding::new(Choice::Stack, &["x".to_owned()], &entries, &disk).is_err());
}

#[test]
fn what_lies_in_a_bin_is_no_copy() {
    let files = [("a.bin", large(1)), ("Heirloom trash/2/a.bin", large(1))];
    let (disk, entries) = disk(&files);
    let document = run(&disk, &entries, &Kept::default());
    assert_eq!((document.groups.len(), document.summary.files), (0, 1));
}

#[test]
fn what_is_decided_in_a_run_holds_at_once_and_is_taken_back() {
    let files =
        [("a.bin", large(1)), ("b.bin", large(1)), ("c.bin", large(3)), ("d.bin", large(3))];
    let (disk, entries) = disk(&files);
    let kept = Kept::default();
    let mut job = job(&disk, &entries, &kept);
    let before = done(&mut job);
    assert_eq!(before.groups.len(), 2);
    *disk.read.lock().unwrap() = 0;
    job.decide(Choice::NotADuplicate, &[ItemId(0), ItemId(1)]).unwrap();
    let after = done(&mut job);
    assert_eq!(groups(&after), [(List::Exact, vec!["c.bin", "d.bin"])]);
    assert_eq!(run(&disk, &entries, &kept), after, "a run that comes later knows it");
    assert!(job.take_back());
    assert_eq!(done(&mut job), before);
    assert_eq!(run(&disk, &entries, &kept), before, "and what was taken back");
    assert!(!job.take_back());
    assert_eq!(*disk.read.lock().unwrap(), 0, "nothing is read again");
}

#[test]
fn a_stack_by_hand_is_taken_apart_and_comes_back() {
    let files = [("a.bin", large(1)), ("b.bin", large(1)), ("c.bin", vec![9; 30])];
    let (disk, entries) = disk(&files);
    let kept = Kept::default();
    let mut job = job(&disk, &entries, &kept);
    done(&mut job);
    // Of c.bin nothing was hashed yet, for nothing is like it.
    assert_eq!(job.decide(Choice::Stack, &[ItemId(0), ItemId(2)]), Err(vec![ItemId(2)]));
    let stacks = |document: &Document| document.stacks.len();
    job.decide(Choice::Stack, &[ItemId(0), ItemId(1)]).unwrap();
    assert_eq!(stacks(&done(&mut job)), 1);
    job.decide(Choice::Unstack, &[ItemId(0), ItemId(1)]).unwrap();
    assert_eq!(stacks(&done(&mut job)), 0);
    assert_eq!(stacks(&run(&disk, &entries, &kept)), 0);
    assert!(job.take_back());
    assert_eq!(stacks(&done(&mut job)), 1);
    assert_eq!(stacks(&run(&disk, &entries, &kept)), 1);
}

#[test]
fn several_stacks_are_taken_apart_and_come_back_at_once() {
    let pair = |content: u8| [large(content), large(content)];
    let [[a, b], [c, d]] = [pair(1), pair(2)];
    let (disk, entries) = disk(&[("a.bin", a), ("b.bin", b), ("c.bin", c), ("d.bin", d)]);
    let kept = Kept::default();
    let mut job = job(&disk, &entries, &kept);
    done(&mut job);
    let sets = [vec![ItemId(0), ItemId(1)], vec![ItemId(2), ItemId(3)]];
    let stacks = |document: &Document| document.stacks.len();
    job.decide_each(Choice::Stack, &sets).unwrap();
    assert_eq!(stacks(&done(&mut job)), 2);
    job.decide_each(Choice::Unstack, &sets).unwrap();
    assert_eq!(stacks(&run(&disk, &entries, &kept)), 0);
    assert!(job.take_back());
    assert_eq!((stacks(&done(&mut job)), stacks(&run(&disk, &entries, &kept))), (2, 2));
}
