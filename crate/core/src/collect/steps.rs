//! Collecting in bounded steps. It is written as straight code, as a future that
//! nobody wakes: it stops wherever a step is full, and the next step goes on from
//! there. What it wants of the host's files it asks for, since those are lent to
//! one step only.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::reading::Reading;
use crate::io::{BATCH_FILES, Files, PIECE};
use crate::model::{Item, Kind, Source};

/// What one step may spend, in bytes read, and at most a [`PIECE`] more; the next
/// step goes on. Other work is converted into bytes below. A step takes about
/// 100 ms in a browser, where a read takes a millisecond.
pub(super) const STEP: u64 = 8 << 20;

/// Cost of opening a file, in bytes: a step opens at most [`BATCH_FILES`].
pub(super) const OPEN: u64 = STEP / BATCH_FILES;

/// Cost of parsing a byte of a chat's text, in bytes read (estimated).
pub(super) const PARSE: u64 = 8;

/// Bytes of text that are parsed between two looks at whether the step is full.
pub(super) const PARSED: usize = 16 << 10;

/// Bytes of text that count as much as one file in the progress.
const TEXT_UNIT: u64 = 64 << 10;

/// What a file's first bytes say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Head {
    /// `None`: it cannot be read.
    pub(super) kind: Option<Kind>,
    /// Whether it is a WebP picture of a sticker's size.
    pub(super) is_sticker: bool,
}

/// Something that is done with the host's files.
type Wish = Box<dyn FnOnce(&dyn Files)>;

/// What collecting asks for, and how much of a step is left.
#[derive(Default)]
pub(super) struct Steps {
    left: Cell<u64>,
    wish: RefCell<Option<Wish>>,
    /// What was seen of each file, so that it is read once.
    pub(super) heads: RefCell<BTreeMap<Source, Head>>,
    /// Which texts are chats.
    pub(super) chats: RefCell<BTreeMap<Source, bool>>,
    done: Cell<u64>,
    total: Cell<u64>,
}

impl Steps {
    /// Spends part of a step; waits for the next one if this one is full.
    pub(super) async fn spend(&self, bytes: u64) {
        poll_fn(|_| if self.left.get() > 0 { Poll::Ready(()) } else { Poll::Pending }).await;
        self.left.set(self.left.get().saturating_sub(bytes));
    }

    /// Does something with the host's files, at a cost of `bytes`.
    pub(super) async fn ask<T: 'static>(
        &self,
        bytes: u64,
        look: impl FnOnce(&dyn Files) -> T + 'static,
    ) -> T {
        self.spend(bytes).await;
        let answer = Rc::new(RefCell::new(None));
        let place = Rc::clone(&answer);
        let wish: Wish = Box::new(move |files| *place.borrow_mut() = Some(look(files)));
        *self.wish.borrow_mut() = Some(wish);
        poll_fn(|_| answer.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// The next bytes of a file; `reading` is where it goes on.
    pub(super) async fn read_on(
        &self,
        item: &Item,
        reading: &mut Reading,
        most: usize,
    ) -> io::Result<Vec<u8>> {
        let (item, mut own) = (item.clone(), std::mem::take(reading));
        let cost = OPEN.max(most as u64);
        let (bytes, own) = self
            .ask(cost, move |files| {
                let bytes = own.next(&item, files, most);
                (bytes, own)
            })
            .await;
        *reading = own;
        bytes
    }

    /// The first bytes of a file, at most `most`, which the caller has checked
    /// against a limit.
    pub(super) async fn read(&self, item: &Item, most: usize) -> io::Result<Vec<u8>> {
        let mut reading = Reading::default();
        let mut bytes = Vec::new();
        while bytes.len() < most {
            let piece = self.read_on(item, &mut reading, PIECE.min(most - bytes.len())).await?;
            if piece.is_empty() {
                break;
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// Files looked at and parts of texts read, and how many are known of.
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.done.get(), self.total.get())
    }

    /// Announces files that will be looked at.
    pub(super) fn expect(&self, files: u64) {
        self.total.set(self.total.get() + files);
    }

    /// One of them was looked at.
    pub(super) fn did(&self) {
        self.done.set(self.done.get() + 1);
    }

    /// Announces a text of this many bytes that will be parsed.
    pub(super) fn expect_text(&self, bytes: u64) {
        self.expect(bytes / TEXT_UNIT);
    }

    /// It was parsed from one byte to another.
    pub(super) fn did_text(&self, from: usize, to: usize) {
        let units = |bytes: usize| bytes as u64 / TEXT_UNIT;
        let done = self.done.get() + units(to) - units(from);
        self.done.set(done.min(self.total.get()));
    }
}

/// Does one step of some work.
pub(super) fn step<T>(
    steps: &Steps,
    mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
    files: &dyn Files,
) -> Option<T> {
    steps.left.set(STEP);
    loop {
        let wish = steps.wish.borrow_mut().take();
        if let Some(wish) = wish {
            wish(files);
        }
        if let Poll::Ready(done) = poll(work.as_mut()) {
            return Some(done);
        }
        if steps.wish.borrow().is_none() {
            return None;
        }
    }
}

fn poll<T>(work: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Poll<T> {
    work.poll(&mut Context::from_waker(Waker::noop()))
}

/// Does all of some work that asks for no files.
pub(super) fn at_once<T>(steps: &Steps, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        steps.left.set(u64::MAX);
        if let Poll::Ready(done) = poll(work.as_mut()) {
            return done;
        }
    }
}
