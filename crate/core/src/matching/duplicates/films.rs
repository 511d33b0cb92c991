//! Compares videos of one library in bounded batches: by length, by sound where there is
//! any, and by their pictures. Only pictures prove; the same music lies under many.

use std::collections::VecDeque;

use crate::collect::Export;
use crate::ledger::Ledger;
use crate::matching::evidence::question::Bench;
use crate::matching::evidence::sound::Heard;
use crate::matching::likeness::{Likeness, Likenesses, Origin};
use crate::matching::videos::copies;
use crate::matching::videos::frames::{self, By, Context, VideoPair};
use crate::matching::videos::glimpse::{self, Seen, Verdict};
use crate::matching::videos::hearing::Hearing;
use crate::matching::videos::watching::{Watched, Watching};
use crate::model::{Edits, ItemId};

/// Pairs of which one batch recalls what earlier runs saw: three notes for each.
const BATCH_PAIRS: usize = 64;

/// The comparison of videos.
pub(crate) struct Films {
    /// Pairs whose sound is still to be heard.
    unheard: Vec<VideoPair>,
    /// Pairs of which nothing was recalled yet.
    ahead: VecDeque<VideoPair>,
    /// Pairs that are to be looked into.
    open: VecDeque<VideoPair>,
    hearing: Hearing,
    watching: Option<Box<Watching>>,
    /// No chat is asked about.
    nothing: Export,
}

impl Films {
    /// Will compare these videos; reads no file.
    pub(crate) fn new(bench: Bench<'_>, videos: &[ItemId], also: &[(ItemId, ItemId)]) -> Self {
        let known = bench.known;
        let mut pairs = copies::pairs(known, videos);
        pairs.extend(also.iter().filter_map(|&(a, b)| copies::pair(known, a, b)));
        let mut hearing = Hearing::default();
        for pair in &pairs {
            hearing.ask(known, pair.original, pair.exported);
        }
        let (ahead, open) = (VecDeque::new(), VecDeque::new());
        Self { unheard: pairs, ahead, open, hearing, watching: None, nothing: Export::default() }
    }

    /// Pairs that are still to be compared.
    pub(crate) fn left(&self) -> u64 {
        (self.unheard.len() + self.ahead.len() + self.open.len()) as u64
    }

    /// Does one batch: about 100 ms of decoding, or some pairs recalled. Says whether all
    /// is done.
    pub(crate) fn advance(
        &mut self,
        bench: Bench<'_>,
        ledger: &mut Ledger,
        found: &mut Likenesses,
    ) -> bool {
        if self.hearing.is_busy() {
            self.hearing.advance(bench, ledger);
            return false;
        }
        for pair in std::mem::take(&mut self.unheard) {
            let heard = self.hearing.heard.get(&(pair.exported, pair.original));
            if !matches!(heard, Some(Heard::Other)) {
                self.ahead.push_back(pair);
            }
        }
        if self.ahead.is_empty() {
            self.watch(bench, ledger, found);
        } else {
            self.recall(bench, found);
        }
        self.left() == 0
    }

    fn recall(&mut self, bench: Bench<'_>, found: &mut Likenesses) {
        for _ in 0..BATCH_PAIRS {
            let Some(pair) = self.ahead.pop_front() else { break };
            let seen = frames::recall(&pair, context(&self.nothing, bench));
            if frames::is_settled(&pair, &seen) {
                judge(&pair, &seen, found);
            } else {
                self.open.push_back(pair);
            }
        }
    }

    fn watch(&mut self, bench: Bench<'_>, ledger: &mut Ledger, found: &mut Likenesses) {
        let context = context(&self.nothing, bench);
        let Some(pair) = self.open.front() else { return };
        if self.watching.is_none() {
            self.watching = Watching::begin(pair, context).map(Box::new);
        }
        let watched = match &mut self.watching {
            Some(watching) => watching.step(context, ledger),
            None => Watched::Foreign,
        };
        match watched {
            Watched::More => return,
            Watched::Foreign => {}
            Watched::Seen(seen) => {
                for (moment, glimpse) in seen.iter().enumerate() {
                    let note = glimpse
                        .as_ref()
                        .and_then(|glimpse| frames::note(pair, moment, glimpse, By::Core, context));
                    ledger.notes.extend(note);
                }
                judge(pair, &seen, found);
            }
        }
        self.watching = None;
        self.open.pop_front();
    }
}

fn judge(pair: &VideoPair, seen: &Seen, found: &mut Likenesses) {
    if glimpse::verdict(seen) == Verdict::Confirmed {
        found.add(Likeness {
            first: pair.original,
            second: pair.exported,
            edits: Edits::default(),
            residual: glimpse::difference(seen).map_or(f64::MAX, f64::from),
            origin: Origin::First,
        });
    }
}

fn context<'a>(nothing: &'a Export, bench: Bench<'a>) -> Context<'a> {
    let Bench { known, files, memory, settings } = bench;
    let (library, features) = (known.library, known.features);
    Context { library, export: nothing, features, movies: &[], files, memory, settings }
}
