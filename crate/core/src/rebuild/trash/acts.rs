//! A run as straight code, a future that nobody wakes: it asks for one [`Act`] and
//! waits until the host has answered.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::act::{Act, Outcome, Place, Record, STEP, Seen};

/// What stands between a run and its host.
#[derive(Default)]
pub(super) struct Acts {
    asked: RefCell<Option<Act>>,
    answer: RefCell<Option<Outcome>>,
    ended: Cell<bool>,
    done: Cell<u64>,
    total: Cell<u64>,
    read: Cell<u64>,
    unfinished: Cell<bool>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files whose turn is over.
    pub done: u64,
    /// Files in all.
    pub total: u64,
    /// Bytes read so far.
    pub bytes_read: u64,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is nothing.
    Gone,
    /// Something lies where the file should go.
    Taken,
    /// The two places are on different storages.
    Elsewhere,
    /// The rest of a sentence that begins "it".
    Failed(String),
}

impl Acts {
    async fn ask(&self, act: Act) -> Outcome {
        *self.asked.borrow_mut() = Some(act);
        poll_fn(|_| self.answer.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// An act that is done or not.
    pub(super) async fn act(&self, act: Act) -> Result<(), Fault> {
        match self.ask(act).await {
            Outcome::Done => Ok(()),
            other => Err(fault(other)),
        }
    }

    pub(super) async fn keep(&self, record: Record, bytes: Option<Vec<u8>>) -> Result<(), Fault> {
        self.act(Act::Keep(record, bytes)).await
    }

    pub(super) async fn recall(&self, record: Record, most: u64) -> Result<Vec<u8>, Fault> {
        match self.ask(Act::Recall(record, most)).await {
            Outcome::Bytes(bytes) => Ok(bytes),
            other => Err(fault(other)),
        }
    }

    pub(super) async fn look(&self, place: &Place) -> Result<Seen, Fault> {
        match self.ask(Act::Look(place.clone())).await {
            Outcome::Seen(seen) => Ok(seen),
            other => Err(fault(other)),
        }
    }

    /// BLAKE3 of a file, and how many bytes it has.
    pub(super) async fn hash(&self, place: &Place) -> Result<([u8; 32], u64), Fault> {
        let (mut hasher, mut at) = (blake3::Hasher::new(), 0);
        loop {
            match self.ask(Act::Read(place.clone(), at, STEP)).await {
                Outcome::Bytes(bytes) => {
                    hasher.update(&bytes);
                    at += bytes.len() as u64;
                    self.read.set(self.read.get() + bytes.len() as u64);
                    if (bytes.len() as u64) < STEP {
                        return Ok((*hasher.finalize().as_bytes(), at));
                    }
                }
                other => return Err(fault(other)),
            }
        }
    }

    /// Copies all bytes of a file into a new one; how many there were.
    pub(super) async fn copy(&self, from: &Place, to: &Place) -> Result<u64, Fault> {
        let mut at = 0;
        loop {
            match self.ask(Act::Copy(from.clone(), to.clone(), at, STEP)).await {
                Outcome::Copied(bytes) => {
                    at += bytes;
                    if bytes < STEP {
                        return Ok(at);
                    }
                }
                other => return Err(fault(other)),
            }
        }
    }

    /// A copy that was begun could not be removed.
    pub(super) fn leave_unfinished(&self) {
        self.unfinished.set(true);
    }

    /// Whether the next start must look for copies that could not be removed.
    pub(super) fn is_unfinished(&self) -> bool {
        self.unfinished.get()
    }

    /// Whether somebody wants an early end.
    pub(super) fn ended(&self) -> bool {
        self.ended.get()
    }

    /// Announces files.
    pub(super) fn expect(&self, files: usize) {
        self.total.set(self.total.get() + files as u64);
    }

    /// The turn of some of them is over.
    pub(super) fn did(&self, files: usize) {
        self.done.set(self.done.get() + files as u64);
    }
}

fn fault(outcome: Outcome) -> Fault {
    match outcome {
        Outcome::Gone => Fault::Gone,
        Outcome::Taken => Fault::Taken,
        Outcome::Elsewhere => Fault::Elsewhere,
        Outcome::Failed(why) => Fault::Failed(why),
        Outcome::Done | Outcome::Seen(_) | Outcome::Bytes(_) | Outcome::Copied(_) => {
            Fault::Failed("was answered in a wrong way".into())
        }
    }
}

/// A run under way.
pub struct Run<T> {
    acts: Rc<Acts>,
    work: Pin<Box<dyn Future<Output = T>>>,
}

/// What a run wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next<T> {
    /// This must be done, and [`Run::supply`] be told what came of it. Until then the
    /// run asks for the same.
    Act(Act),
    /// The run is over; it must not be asked again.
    Done(T),
}

impl<T> Run<T> {
    pub(super) fn new<W>(work: impl FnOnce(Rc<Acts>) -> W) -> Self
    where
        W: Future<Output = T> + 'static,
    {
        let acts = Rc::new(Acts::default());
        let work = Box::pin(work(Rc::clone(&acts)));
        Self { acts, work }
    }

    /// What is to be done next.
    pub fn wants(&mut self) -> Next<T> {
        if let Some(act) = self.acts.asked.borrow().clone() {
            return Next::Act(act);
        }
        let polled = self.work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        match (polled, self.acts.asked.borrow().clone()) {
            (Poll::Ready(done), _) => Next::Done(done),
            (Poll::Pending, Some(act)) => Next::Act(act),
            // A run waits for nothing but its acts.
            (Poll::Pending, None) => unreachable!("a run that waits has asked"),
        }
    }

    /// What came of the act that was asked for last.
    pub fn supply(&mut self, outcome: Outcome) {
        if self.acts.asked.borrow_mut().take().is_some() {
            *self.acts.answer.borrow_mut() = Some(outcome);
        }
    }

    /// Asks for an end: the unit in hand is completed or put back, and no other is
    /// begun.
    pub fn end(&self) {
        self.acts.ended.set(true);
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let acts = &self.acts;
        Progress { done: acts.done.get(), total: acts.total.get(), bytes_read: acts.read.get() }
    }
}
