//! The one engine that answers [`Question`]s about two files, in bounded batches.
//! Answers of earlier runs are recalled. For the others one thread reads each file
//! once, all threads decode and compare, and the answers are noted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use super::again::{Decoded, Shown, Wanted, doubted, is_proof, is_recoloured, unproved};
use super::question::{self, Bench, Compared, Question, What};
use super::recent::Recent;
use super::residual::{self, COMPARED_EDGE, Fit};
use super::sight::{self, Colours, Sight};
use super::tint::{self, Tint};
use super::{bare, edited, enlarged, grid, quantised};
use crate::ahead::read_ahead;
use crate::collect;
use crate::error::{Issue, Problem};
use crate::examine::guarded;
use crate::examine::pixels::{self, Plane, Tones, Whole};
use crate::io::read_whole;
use crate::ledger::Ledger;
use crate::memory::BATCH_RECALLED;
use crate::model::{ItemId, Kind, Size};
use crate::settings::Limits;

/// Work of one batch for each thread, in milliseconds as estimated below; a batch
/// ends when it is spent. Chosen so that a call returns after about 100 ms.
const BATCH_MS: u64 = 120;

/// Milliseconds to decode a megabyte of HEIC. A file of 1.8 MB and 12 megapixels
/// takes 0.5 to 1 s (docs/decoders.md). The estimates decide only where a batch
/// ends.
const HEIC_MS_PER_MB: u64 = 400;
/// The same for other formats: a JPEG of 1.8 MB and 12 megapixels takes 60 ms.
const OTHER_MS_PER_MB: u64 = 35;

/// Milliseconds to open a file, however small it is (estimated).
const FILE_MS: u64 = 1;

/// Milliseconds to compare two pictures through a guess (estimated).
const EDITED_MS: u64 = 65;
/// Milliseconds to compare two pictures as they are (estimated).
const PLAIN_MS: u64 = 1;
/// Milliseconds to compare two pictures at full size (estimated).
const WHOLE_MS: u64 = 400;

/// Most bytes of decoded pictures that are kept for later questions, for each of
/// the two forms; beyond it those unused for longest are dropped and decoded again
/// when needed. Room for about 340 sights of 512 × 384, or 23 pictures of 1600 ×
/// 1200 with colours. Chosen, not measured.
const KEPT_BYTES: usize = 128 << 20;

/// Number of a question, in the order of asking; its answer carries it.
pub(in crate::matching) type Ticket = u32;

/// The engine. Whoever asks remembers what a ticket was for.
pub(in crate::matching) struct Comparer {
    waiting: VecDeque<Waiting>,
    tickets: Ticket,
    sights: Recent<AtSize, Arc<Sight>>,
    tones: Recent<ItemId, Arc<Tones>>,
    /// Files that cannot be decoded, and why: each is reported once and not tried
    /// again.
    bad: BTreeMap<ItemId, Problem>,
}

/// A file at a size.
type AtSize = (ItemId, Size);

#[derive(Clone, Copy)]
struct Waiting {
    ticket: Ticket,
    question: Question,
    /// Whether the memory was asked and did not know it.
    is_new: bool,
}

/// A question and what was found.
pub(in crate::matching) type Answered = (Ticket, Question, Compared);

impl Default for Comparer {
    fn default() -> Self {
        let (sights, tones) = (Recent::within(KEPT_BYTES), Recent::within(KEPT_BYTES));
        let (waiting, bad) = (VecDeque::new(), BTreeMap::new());
        Self { waiting, tickets: 0, sights, tones, bad }
    }
}

impl Comparer {
    /// Asks behind all waiting questions. Questions about one first file should
    /// follow each other: it is decoded once for them.
    pub(in crate::matching) fn ask(&mut self, question: Question) -> Ticket {
        let waiting = self.waiting(question);
        self.waiting.push_back(waiting);
        waiting.ticket
    }

    /// Asks before all waiting questions.
    pub(in crate::matching) fn ask_first(&mut self, question: Question) -> Ticket {
        let waiting = self.waiting(question);
        self.waiting.push_front(waiting);
        waiting.ticket
    }

    /// Whether every question is answered.
    pub(in crate::matching) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Answers one batch: at most [`BATCH_RECALLED`] from memory, and [`BATCH_MS`] of
    /// estimated work for each thread (one large picture may be more).
    pub(in crate::matching) fn advance(
        &mut self,
        bench: Bench<'_>,
        ledger: &mut Ledger,
    ) -> Vec<Answered> {
        let (mut answered, batch) = self.take_batch(bench);
        let mut shown = self.show(bench, &batch, ledger);
        let asked: Vec<Question> = batch.iter().map(|one| one.question).collect();
        let compare = |shown: &Shown, question: &Question| compared(question, shown);
        let mut found: Vec<Compared> =
            batch.par_iter().map(|one| compare(&shown, &one.question)).collect();
        let doubted = doubted(&asked, &found, &shown);
        if !doubted.is_empty() {
            shown.extend(decoded(bench, doubted, Colours::Own, ledger));
            let again = batch.par_iter().zip(&mut found).filter(|(_, found)| is_recoloured(found));
            again.for_each(|(one, found)| *found = compare(&shown, &one.question));
        }
        let unproved = unproved(bench, &asked, &found, &shown);
        if !unproved.is_empty() {
            for (id, other) in decoded(bench, unproved, Colours::Other, ledger) {
                if let (Some(Ok(of)), Ok(other)) = (shown.get_mut(&id), other) {
                    of.sights.extend(other.sights);
                }
            }
            let again = batch.par_iter().zip(&mut found).filter(|(_, found)| !is_proof(found));
            again.for_each(|(one, found)| *found = compare(&shown, &one.question));
        }
        for (one, found) in batch.into_iter().zip(found) {
            ledger.notes.extend(question::note(bench, &one.question, &found));
            answered.push((one.ticket, one.question, found));
        }
        for (_, question, found) in &answered {
            self.report(bench, question, found, ledger);
        }
        answered
    }

    fn waiting(&mut self, question: Question) -> Waiting {
        self.tickets += 1;
        Waiting { ticket: self.tickets, question, is_new: false }
    }

    /// Answers that the memory knows, and the next of the questions that it does
    /// not know.
    fn take_batch(&mut self, bench: Bench<'_>) -> (Vec<Answered>, Vec<Waiting>) {
        let fresh = self.waiting.iter().take(BATCH_RECALLED).position(|one| one.is_new);
        let asked = self.waiting.len().min(fresh.unwrap_or(BATCH_RECALLED));
        let asked: Vec<Waiting> = self.waiting.drain(..asked).collect();
        let questions: Vec<Question> = asked.iter().map(|one| one.question).collect();
        let known = question::recall(bench, &questions);
        let (mut answered, mut unknown) = (Vec::new(), Vec::new());
        for (one, known) in asked.into_iter().zip(known) {
            match known {
                Some(found) => answered.push((one.ticket, one.question, found)),
                None => unknown.push(Waiting { is_new: true, ..one }),
            }
        }
        unknown.into_iter().rev().for_each(|one| self.waiting.push_front(one));
        (answered, self.take_new(bench))
    }

    /// The next questions that the memory did not know, within the bounds of a
    /// batch.
    fn take_new(&mut self, bench: Bench<'_>) -> Vec<Waiting> {
        let budget = BATCH_MS * rayon::current_num_threads() as u64;
        let (mut spent, mut bytes) = (0, 0);
        let (mut batch, mut files) = (Vec::<Waiting>::new(), BTreeSet::new());
        while let Some(&one) = self.waiting.front().filter(|one| one.is_new) {
            let (first, second) = one.question.files;
            let fresh = [first, second].into_iter().filter(|id| !files.contains(id));
            for id in fresh.filter(|&id| !self.is_kept(id, &one.question)) {
                bytes += bench.known.item(id).size;
                spent += decode_ms(bench, id);
            }
            spent += one.question.what.compare_ms();
            let full = spent > budget || bytes > bench.settings.limits.batch_bytes;
            // Questions about a first file that is in this batch already may exceed
            // the budget, up to twice it: else that file would be decoded again in
            // the next batch.
            let splits = files.contains(&first) && spent <= 2 * budget;
            if full && !splits && !batch.is_empty() {
                break;
            }
            files.extend([first, second]);
            batch.push(one);
            self.waiting.pop_front();
        }
        batch
    }

    /// Whether a file need not be read for a question.
    fn is_kept(&self, id: ItemId, question: &Question) -> bool {
        let kept = match question.what.form() {
            Form::Sight => self.sights.has((id, question.size)),
            Form::Tones => self.tones.has(id),
            Form::Whole => false,
            Form::Frame => true,
        };
        kept || self.bad.contains_key(&id)
    }

    /// The files of a batch in the forms in which they are compared. A question's
    /// second file is kept, because more questions ask about it.
    fn show(&mut self, bench: Bench<'_>, batch: &[Waiting], ledger: &mut Ledger) -> Shown {
        let (mut shown, mut wanted) = (Shown::new(), BTreeMap::<ItemId, Wanted>::new());
        for question in batch.iter().map(|one| &one.question) {
            for id in [question.files.0, question.files.1] {
                self.take_kept(id, question, &mut shown, &mut wanted);
            }
        }
        for (id, new) in decoded(bench, wanted, Colours::AsSeen, ledger) {
            match (shown.get_mut(&id), new) {
                (Some(Ok(old)), Ok(new)) => {
                    old.sights.extend(new.sights);
                    old.tones = new.tones.or(old.tones.take());
                    old.wholes.extend(new.wholes);
                }
                (_, new) => drop(shown.insert(id, new)),
            }
        }
        for question in batch.iter().map(|one| &one.question) {
            self.keep(question, &shown);
        }
        shown
    }

    /// Takes a file from what is kept, or has it decoded.
    fn take_kept(
        &mut self,
        id: ItemId,
        question: &Question,
        shown: &mut Shown,
        wanted: &mut BTreeMap<ItemId, Wanted>,
    ) {
        if let Some(problem) = self.bad.get(&id) {
            shown.insert(id, Err(problem.clone()));
            return;
        }
        let have = shown.entry(id).or_insert_with(|| Ok(Decoded::default()));
        let Ok(have) = have else { return };
        match question.what.form() {
            Form::Sight if sight::at_size(&have.sights, question.size).is_none() => {
                match self.sights.get((id, question.size)) {
                    Some(sight) => have.sights.push(sight),
                    None => drop(wanted.entry(id).or_default().sizes.insert(question.size)),
                }
            }
            Form::Tones if have.tones.is_none() => match self.tones.get(id) {
                Some(tones) => have.tones = Some(tones),
                None => wanted.entry(id).or_default().tones = true,
            },
            // As large as the picture itself, and asked once: never kept.
            Form::Whole if have.wholes.is_empty() => wanted.entry(id).or_default().whole = true,
            _ => {}
        }
    }

    fn keep(&mut self, question: &Question, shown: &Shown) {
        let (first, second) = question.files;
        let kept = match question.what {
            What::Sent | What::Edited(_) => vec![second],
            What::Twins => vec![first, second],
            What::Rivals
            | What::Quantised { .. }
            | What::Copied { .. }
            | What::Enlarged
            | What::Made
            | What::Frame(_)
            | What::Picture(_)
            | What::Sound(_) => Vec::new(),
        };
        for id in kept {
            let Some(Ok(of)) = shown.get(&id) else { continue };
            match question.what.form() {
                Form::Sight if !self.sights.has((id, question.size)) => {
                    if let Some(sight) = sight::at_size(&of.sights, question.size) {
                        let bytes = sight.grey.levels.len() * size_of::<u16>();
                        self.sights.keep((id, question.size), sight, bytes);
                    }
                }
                Form::Tones if !self.tones.has(id) => {
                    if let Some(tones) = &of.tones {
                        self.tones.keep(id, Arc::clone(tones), 3 * tones.luma.grey.len());
                    }
                }
                _ => {}
            }
        }
    }

    /// Reports what is wrong with the two files, once for each file.
    fn report(
        &mut self,
        bench: Bench<'_>,
        question: &Question,
        found: &Compared,
        ledger: &mut Ledger,
    ) {
        let (first, second) = question.files;
        for (id, problem) in [(first, &found.first), (second, &found.second)] {
            let Some(problem) = problem else { continue };
            if self.bad.insert(id, problem.clone()).is_none() {
                let path = bench.known.item(id).path.clone();
                ledger.issues.push(Issue { path, problem: problem.clone() });
            }
        }
    }
}

/// What a kind of comparison looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Both pictures at the size of the question.
    Sight,
    /// Both at several times that size, with colours.
    Tones,
    /// Both at full size, without colours.
    Whole,
    /// Nothing that is decoded here: frames are the host's, sounds `videos/` hears.
    Frame,
}

impl What {
    fn form(self) -> Form {
        match self {
            Self::Sent | Self::Rivals | Self::Twins => Form::Sight,
            Self::Edited(_) => Form::Tones,
            Self::Quantised { .. } | Self::Copied { .. } | Self::Enlarged | Self::Made => {
                Form::Whole
            }
            Self::Frame(_) | Self::Picture(_) | Self::Sound(_) => Form::Frame,
        }
    }

    fn compare_ms(self) -> u64 {
        match self.form() {
            Form::Tones => EDITED_MS,
            Form::Whole => WHOLE_MS,
            Form::Sight | Form::Frame => PLAIN_MS,
        }
    }
}

/// Answers one question from its decoded files.
fn compared(question: &Question, shown: &Shown) -> Compared {
    let (first, second) = question.files;
    let of = |id: ItemId| shown.get(&id).and_then(|shown| shown.as_ref().ok());
    let problem = |id: ItemId| shown.get(&id).and_then(|shown| shown.as_ref().err().cloned());
    let sights =
        |id| of(id).into_iter().flat_map(|of| sight::all_at_size(&of.sights, question.size));
    // A file that shows its picture in several ways may do so in each: the best one counts.
    let best = |fit: &dyn Fn(&Sight, &Sight) -> Option<Fit>| {
        let pairs = sights(first).flat_map(|a| sights(second).map(move |b| (a, b)));
        let fits = pairs.filter_map(|(a, b)| fit(a, b));
        fits.min_by(|a, b| a.residual.total_cmp(&b.residual))
    };
    let tones = || of(first)?.tones.as_ref().zip(of(second)?.tones.as_ref());
    let wholes = |id| of(id).map_or(&[][..], |of| &of.wholes);
    let made = |answer: &mut Compared, beyond: fn(&Plane, &Plane) -> Option<f64>| {
        if let Some((one, other)) = wholes(first).first().zip(wholes(second).first()) {
            answer.beyond = beyond(&one.luma, &other.luma);
            answer.clustering = grid::clustering(one, other);
            answer.stored_again = grid::stored_again(one, other);
        }
    };
    let mut answer =
        Compared { first: problem(first), second: problem(second), ..Compared::default() };
    match question.what {
        What::Sent => answer.fit = best(&|original, sent| sent_fit(sent, original)),
        What::Rivals | What::Twins => {
            answer.fit = best(&|a, b| residual::fit_copies(&a.grey, &b.grey));
        }
        What::Edited(guess) => {
            let compare = |(original, sent): (&Arc<Tones>, &Arc<Tones>)| {
                edited::compare(sent, original, guess, question.size)
            };
            answer.edited = tones().and_then(compare);
        }
        What::Quantised { may_be_made } | What::Copied { may_be_made } => {
            let sent = wholes(second).first();
            let judge = |of: &Arc<Whole>| match question.what {
                What::Copied { .. } => quantised::judge_copy(&of.luma, sent?),
                _ => quantised::judge(&of.luma, sent?),
            };
            let found = wholes(first).iter().filter_map(judge);
            answer.violation = found.min_by(|a, b| a.worst.total_cmp(&b.worst));
            match question.what {
                _ if !may_be_made => {}
                What::Copied { .. } => made(&mut answer, enlarged::beyond_repeated),
                _ => made(&mut answer, enlarged::beyond),
            }
        }
        What::Enlarged => {
            let both = wholes(first).first().zip(wholes(second).first());
            answer.beyond =
                both.and_then(|(large, small)| enlarged::beyond_camera(&large.luma, &small.luma));
        }
        What::Made => made(&mut answer, enlarged::beyond_repeated),
        What::Frame(_) | What::Picture(_) | What::Sound(_) => {}
    }
    answer
}

fn sent_fit(sent: &Sight, original: &Sight) -> Option<Fit> {
    let fit = residual::fit_sent(&sent.grey, &original.grey)?;
    let luma = || tint::cells(&sent.grey.rounded());
    let tint = Tint::between(&sent.chroma, &original.chroma, luma);
    let far = fit.residual > residual::FAR;
    let missing = if far { 0.0 } else { bare::most(&sent.grey, &original.grey) };
    Some(Fit { missing, tint, ..fit })
}

/// Milliseconds that decoding a file takes, estimated from its size and kind.
fn decode_ms(bench: Bench<'_>, id: ItemId) -> u64 {
    let kind = bench.known.features(id).map(|features| features.kind);
    let per_mb = if kind == Some(Kind::Heic) { HEIC_MS_PER_MB } else { OTHER_MS_PER_MB };
    ((bench.known.item(id).size >> 10).saturating_mul(per_mb) >> 10) + FILE_MS
}

/// Reads each file once and decodes it to every form that is wanted.
fn decoded(
    bench: Bench<'_>,
    wanted: BTreeMap<ItemId, Wanted>,
    colours: Colours,
    ledger: &mut Ledger,
) -> Shown {
    let limits = &bench.settings.limits;
    let load = |(id, _): &(ItemId, Wanted)| load(bench, *id, &mut ledger.bytes_read);
    let decode = |(id, wanted): &(ItemId, Wanted), bytes: Result<Vec<u8>, Problem>| {
        let bytes = bytes?;
        let seen = bench.known.features(*id).filter(|_| colours == Colours::AsSeen);
        let mut decoded = Decoded::default();
        if !wanted.sizes.is_empty() {
            let known = bench.known.features(*id).filter(|_| colours == Colours::Other);
            decoded.sights = match known {
                Some(known) => sight::otherwise(&bytes, &wanted.sizes, known, limits)?,
                None => sight::small(&bytes, &wanted.sizes, seen, limits)?,
            };
        }
        if wanted.tones {
            decoded.tones = Some(Arc::new(tones(&bytes, limits)?));
        }
        if wanted.whole {
            let known = bench.known.features(*id);
            decoded.wholes = guarded(|| sight::wholes(&bytes, known, limits))?;
        }
        Ok(decoded)
    };
    read_ahead(wanted, load, decode).into_iter().map(|((id, _), decoded)| (id, decoded)).collect()
}

fn tones(bytes: &[u8], limits: &Limits) -> Result<Tones, Problem> {
    guarded(|| pixels::tones(bytes, COMPARED_EDGE * sight::OVERSIZE, limits))
}

/// Reads a whole picture file.
fn load(bench: Bench<'_>, id: ItemId, read: &mut u64) -> Result<Vec<u8>, Problem> {
    let opened = collect::open(bench.known.item(id), bench.files);
    let source = opened.map_err(|error| Problem::reading(&error))?;
    let bytes = read_whole(&*source, bench.settings.limits.picture_bytes)?;
    *read += bytes.len() as u64;
    Ok(bytes)
}

#[cfg(test)]
#[path = "comparer_tests.rs"]
mod tests;
