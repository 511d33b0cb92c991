//! Every call of the job does a bounded amount of work, however large the input:
//! files opened and bytes read are counted, never seconds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::ops::Bound;
use std::rc::Rc;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::state::Phase;
use super::*;
use crate::io::{Files, ReadAt};
use crate::memory::{Key, Memory, Note, Shelf};
use crate::model::{Entry, FileId, MediumId};
use crate::plan::Answer;
use crate::plan::sample::Shelf as Out;
use crate::progress::{Advance, Stage};
use crate::settings::Settings;

/// Most files that one call opens, and bytes that it reads: a batch of hashing
/// and the piece that fills it.
const MOST_OPENED: u64 = 64;
const MOST_READ: u64 = 33 << 20;

/// A made-up file: its first bytes, and its size; all else is zero.
#[derive(Clone)]
struct Made {
    path: String,
    head: Rc<Vec<u8>>,
    size: u64,
}

/// Files that count what is asked of them.
#[derive(Default)]
struct Counting {
    files: Vec<Made>,
    opened: Cell<u64>,
    read: Cell<u64>,
}

struct Lent<'a>(&'a Counting, &'a Made);

impl ReadAt for Lent<'_> {
    fn size(&self) -> u64 {
        self.1.size
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.1.size.saturating_sub(pos)).unwrap();
        let most = left.min(buf.len());
        let buf = &mut buf[..most];
        buf.fill(0);
        let head = self.1.head.get(pos as usize..).unwrap_or_default();
        let count = head.len().min(buf.len());
        buf[..count].copy_from_slice(&head[..count]);
        self.0.read.set(self.0.read.get() + buf.len() as u64);
        Ok(buf.len())
    }
}

impl Files for &Counting {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        self.opened.set(self.opened.get() + 1);
        Ok(Box::new(Lent(self, &self.files[file.0 as usize])))
    }
}

impl Counting {
    fn add(&mut self, path: &str, head: &[u8], size: usize) {
        let size = size.max(head.len()) as u64;
        self.files.push(Made { path: path.to_owned(), head: Rc::new(head.to_vec()), size });
    }

    fn job(&self) -> Job<&Self> {
        let mut sides = Sides::default();
        for (index, made) in (0..).zip(&self.files) {
            let original = made.path.strip_prefix("originals/");
            let path = original.unwrap_or(&made.path).to_owned();
            let side = if original.is_some() { &mut sides.originals } else { &mut sides.export };
            side.push(Entry { file: FileId(index), path, size: made.size, modified: Some(1) });
        }
        Job::new(Settings::default(), sides, self)
    }

    /// Files opened by one call, which must not be too many.
    #[track_caller]
    fn counted<T>(&self, call: impl FnOnce() -> T) -> (T, u64) {
        self.opened.set(0);
        self.read.set(0);
        let done = call();
        let (opened, read) = (self.opened.get(), self.read.get());
        assert!(opened <= MOST_OPENED && read <= MOST_READ, "{opened} files, {read} bytes");
        (done, opened)
    }

    /// Runs a job until it is in another stage; returns its calls and the files
    /// opened in all of them.
    #[track_caller]
    fn run(&self, job: &mut Job<&Self>, until: Stage) -> (u64, u64) {
        let (mut calls, mut all) = (0, 0);
        while job.progress().stage < until || !matches!(job.phase, Phase::Decided) {
            if job.progress().stage >= until && until < Stage::Plan {
                break;
            }
            let before = job.progress();
            let (_, opened) = self.counted(|| job.advance().expect("a chat"));
            (calls, all) = (calls + 1, all + opened);
            let now = job.progress();
            assert!(now.done <= now.total, "{now:?}");
            let goes_on = now.stage != before.stage || now.done >= before.done || now.total == 0;
            assert!(goes_on, "{before:?} {now:?}");
        }
        (calls, all)
    }
}

/// A memory that lasts as long as a test.
#[derive(Clone, Default)]
pub(super) struct Notes(Rc<RefCell<Shelves>>);

type Shelves = BTreeMap<(&'static str, Key), Vec<u8>>;

impl Memory for Notes {
    fn recall(&self, shelf: &Shelf, keys: &[Key]) -> Vec<Option<Vec<u8>>> {
        keys.iter().map(|key| self.0.borrow().get(&(shelf.name, *key)).cloned()).collect()
    }

    fn scan(&self, _: &Shelf, _: Bound<Key>, _: usize) -> Vec<(Key, Vec<u8>)> {
        unreachable!("the chat job lists no shelf")
    }

    fn note(&mut self, notes: Vec<Note>) {
        for note in notes {
            if let Some(value) = note.value {
                self.0.borrow_mut().insert((note.shelf.name, note.key), value);
            }
        }
    }
}

impl Notes {
    fn answers(&self) -> usize {
        let of_answers = |(shelf, _): &&(&'static str, Key)| *shelf == ANSWERS.name;
        self.0.borrow().keys().filter(of_answers).count()
    }
}

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
const VIDEO: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

/// A chat that names so many files.
fn chat(count: usize, name: impl Fn(usize) -> String) -> String {
    let line = |at: usize| format!("22/12/2024, 20:36 - Bob: {} (file attached)\n", name(at));
    (0..count).map(line).collect()
}

fn photo(at: usize) -> String {
    format!("IMG-20241222-WA{at:05}.jpg")
}

fn voice(at: usize) -> String {
    format!("PTT-20241222-WA{at:05}.opus")
}

#[test]
fn thirty_thousand_media_are_collected_in_small_calls_and_looked_at_once() {
    let mut files = Counting::default();
    files.add("WhatsApp Chat with Bob.txt", chat(30_000, photo).as_bytes(), 0);
    (0..30_000).for_each(|at| files.add(&photo(at), JPEG, 0));
    let mut job = files.job();
    let (calls, opened) = files.run(&mut job, Stage::Examine);
    assert_eq!(job.export().media.len(), 30_000);
    assert!(calls > 30_000 / MOST_OPENED, "{calls} calls");
    assert!(opened < 30_100, "{opened} files opened");
}

#[test]
fn a_zip_of_many_media_is_listed_in_small_calls_and_looked_at_once() {
    const COUNT: usize = 3000;
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let text = chat(COUNT, photo);
    let names = (0..COUNT).map(photo).map(|name| (name, JPEG));
    let chat = ("_chat.txt".to_owned(), text.as_bytes());
    for (name, bytes) in std::iter::once(chat).chain(names) {
        zip.start_file(name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let mut files = Counting::default();
    files.add("export.zip", &zip.finish().unwrap().into_inner(), 0);
    let mut job = files.job();
    let (calls, opened) = files.run(&mut job, Stage::Examine);
    assert_eq!(job.export().media.len(), COUNT);
    assert!(calls > COUNT as u64 / MOST_OPENED, "{calls} calls");
    // Listing takes one opening for each 64.
    assert!(opened < COUNT as u64 + 100, "{opened} files opened");
}

#[test]
fn a_long_text_and_a_long_page_are_read_in_small_calls() {
    let mut files = Counting::default();
    let line = "22/12/2024, 20:36 - Bob: words and more words, again and again\n";
    files.add("WhatsApp Chat with Bob.txt", line.repeat(500_000).as_bytes(), 0);
    let page = format!("<html>{}", "<p>so many words</p><img src='a.jpg'>".repeat(300_000));
    files.add("talk.html", page.as_bytes(), 0);
    files.add("a.jpg", JPEG, 0);
    let mut job = files.job();
    let mut most = 0;
    while job.progress().stage == Stage::Collect {
        files.counted(|| job.advance().expect("a chat"));
        most = most.max(files.read.get());
    }
    assert!(most <= 9 << 20, "{most} bytes in one call");
    assert_eq!(job.export().chat.as_ref().unwrap().messages.len(), 500_000);
    assert_eq!(job.export().pages[0].media.len(), 1);
}

#[test]
fn an_answer_reads_nothing_and_is_noted_when_its_files_were_hashed() {
    let mut files = Counting::default();
    let name = |_| "VID-20241222-WA0001.mp4".to_owned();
    files.add("WhatsApp Chat with Bob.txt", chat(2, name).as_bytes(), 0);
    files.add(&name(0), VIDEO, 90 << 20);
    files.add("originals/a.mov", VIDEO, 120 << 20);
    let notes = Notes::default();
    let mut job = files.job();
    job.remember(Box::new(notes.clone()));
    files.run(&mut job, Stage::Plan);
    let original = job.library().items.iter().find(|item| item.path == "a.mov").unwrap().id;
    files.read.set(0);
    job.answer(MediumId(0), Some(Answer::Pick(original)));
    assert_eq!(files.read.get(), 0, "bytes read at a click");
    assert_eq!(job.pairing(MediumId(0)).unwrap().original, Some(original));
    assert_eq!(notes.answers(), 0);
    let mut calls = 0;
    while let Advance::Working(_) = files.counted(|| job.advance().expect("a chat")).0 {
        assert!(files.read.get() <= 17 << 20, "{} bytes in one call", files.read.get());
        calls += 1;
    }
    assert!(calls > 10, "{calls} calls");
    assert_eq!(notes.answers(), 1);
    // The next run knows it again.
    let mut again = files.job();
    again.remember(Box::new(notes));
    files.run(&mut again, Stage::Plan);
    assert_eq!(again.answers().get(&MediumId(0)), Some(&Answer::Pick(original)));
}

#[test]
fn what_was_revealed_is_revealed_in_the_next_run() {
    let mut files = Counting::default();
    let name = |_| "IMG-20241222-WA0001.jpg".to_owned();
    files.add("WhatsApp Chat with Bob.txt", chat(2, name).as_bytes(), 0);
    files.add(&name(0), JPEG, 0);
    files.add("originals/a.jpg", JPEG, 7);
    let notes = Notes::default();
    let mut job = files.job();
    job.remember(Box::new(notes.clone()));
    files.run(&mut job, Stage::Plan);
    let original = job.library().items.iter().find(|item| item.path == "a.jpg").unwrap().id;
    job.answer(MediumId(0), Some(Answer::Reveal(original)));
    while let Advance::Working(_) = job.advance().expect("a chat") {}
    let mut again = files.job();
    again.remember(Box::new(notes));
    files.run(&mut again, Stage::Plan);
    assert_eq!(again.answers().get(&MediumId(0)), Some(&Answer::Reveal(original)));
}

#[test]
fn the_answers_of_many_files_are_recalled_in_small_calls() {
    const COUNT: usize = 2000;
    let mut files = Counting::default();
    files.add("WhatsApp Chat with Bob.txt", chat(COUNT, voice).as_bytes(), 0);
    (0..COUNT).for_each(|at| files.add(&voice(at), b"OggS\0voice", 0));
    let notes = Notes::default();
    let mut job = files.job();
    job.remember(Box::new(notes.clone()));
    files.run(&mut job, Stage::Plan);
    job.answer(MediumId(7), Some(Answer::Reject));
    while let Advance::Working(_) = job.advance().expect("a chat") {}
    // All have one content: the next run hashes every one, and knows it.
    let mut again = files.job();
    again.remember(Box::new(notes));
    let (_, opened) = files.run(&mut again, Stage::Plan);
    assert!(opened > COUNT as u64 * 2, "{opened} files opened");
    assert_eq!(again.answers().len(), COUNT);
}

#[test]
fn many_small_documents_are_hashed_in_small_calls() {
    const COUNT: usize = 400;
    let name = |at: usize| format!("paper-{at:05}.pdf");
    let mut files = Counting::default();
    files.add("WhatsApp Chat with Bob.txt", chat(COUNT, name).as_bytes(), 0);
    for at in 0..COUNT {
        // Longer than what is read of every original.
        let content = format!("%PDF-1.4 {at:05}");
        files.add(&name(at), content.as_bytes(), 70_000);
        files.add(&format!("originals/{at}.pdf"), content.as_bytes(), 70_000);
    }
    let mut job = files.job();
    files.run(&mut job, Stage::Plan);
    assert_eq!(job.counts().others.matched, COUNT as u32);
}

#[test]
fn many_small_files_are_written_in_small_calls() {
    const COUNT: usize = 1000;
    let mut files = Counting::default();
    files.add("WhatsApp Chat with Bob.txt", chat(COUNT, voice).as_bytes(), 0);
    (0..COUNT).for_each(|at| files.add(&voice(at), b"OggS\0voice", 0));
    let mut job = files.job();
    files.run(&mut job, Stage::Plan);
    let mut out = Out::default();
    let mut calls = 0;
    while let Advance::Working(_) = files.counted(|| job.rebuild(&mut out).expect("a bundle")).0 {
        calls += 1;
    }
    assert!(calls > COUNT as u64 / MOST_OPENED, "{calls} calls");
    assert!(out.files.len() > COUNT);
}

#[test]
fn a_given_page_of_many_megabytes_is_rewritten_in_small_calls() {
    let mut files = Counting::default();
    let page = format!("<html>{}", "<p>so many words</p><img src='a.jpg'>".repeat(300_000));
    files.add("talk.html", page.as_bytes(), 0);
    files.add("a.jpg", JPEG, 0);
    let mut job = files.job();
    files.run(&mut job, Stage::Plan);
    let mut out = Out::default();
    let mut most = 0;
    while let Advance::Working(_) = files.counted(|| job.rebuild(&mut out).expect("a bundle")).0 {
        most = most.max(files.read.get());
    }
    assert!(most <= 5 << 20, "{most} bytes in one call");
    let path = job.plan().kept[0].clone().unwrap();
    let want = page.replace("a.jpg", &path);
    assert!(out.text("talk.html") == want, "the page is another one");
}
