//! Messages that somebody pasted into another: their stamps are older than both
//! neighbours.
//!
//! Phones deliver late, travel and set their clocks, so times of real messages go
//! backwards as well. A stamp in front is pasted only where more speaks for it: the
//! message before it begins with such a stamp, somebody writes who never writes
//! otherwise, or the time jumps further back than any journey does.

use std::collections::HashSet;

use super::dates::{self, Clue};
use super::header::header;
use super::pieces::Piece;
use super::senders::Senders;
use crate::collect::file_names::plain;
use crate::settings::DateOrder;

/// Most bytes of pasted messages: WhatsApp sends at most 65,536 characters of at most
/// four bytes in one message.
const PASTED_BYTES: usize = 1 << 18;

/// Seconds by which a stranger's message is older than both neighbours at least: the
/// order of messages that were sent at one time differs between phones. Chosen, not
/// measured.
const STRANGER_S: i64 = 600;

/// Seconds by which anybody's message is older than both neighbours at least: a
/// journey moves a clock by at most 26 hours.
const ANYBODY_S: i64 = 26 * 3600;

/// Which pieces are a part of the one before them.
pub(super) fn pasted(
    pieces: &[Piece<'_>],
    senders: &Senders<'_>,
    wanted: Option<DateOrder>,
) -> Vec<bool> {
    let mut pasted = vec![false; pieces.len()];
    let mut start = 0;
    for run in pieces.chunk_by(|one, next| one.run == next.run) {
        let range = start..start + run.len();
        start = range.end;
        let found = orders(run, wanted).into_iter().map(|order| in_run(run, senders, order));
        let all = found.reduce(|one, other| {
            one.into_iter().zip(other).map(|(one, other)| one && other).collect()
        });
        if let Some(all) = all {
            pasted[range].copy_from_slice(&all);
        }
    }
    pasted
}

/// The orders of day and month that a run may have.
fn orders(run: &[Piece<'_>], wanted: Option<DateOrder>) -> Vec<DateOrder> {
    let clue = |piece: &Piece<'_>| Clue {
        date: piece.stamp.date,
        mark: piece.shape.date_mark,
        ..Clue::default()
    };
    let clues: Vec<Clue> = run.iter().map(clue).collect();
    let reading = dates::read(&clues, wanted);
    let choices = reading.choices.iter().map(|choice| choice.order);
    let mut orders: Vec<DateOrder> = reading.order.into_iter().chain(choices).collect();
    orders.dedup();
    orders
}

/// A stretch of pieces that are older than the one before them and the one after.
struct Block {
    /// The piece before it.
    before: usize,
    /// The piece that was kept before that.
    earlier: Option<usize>,
    range: std::ops::Range<usize>,
    /// Seconds by which it is older than the piece before it, at least.
    gap: i64,
}

fn in_run(run: &[Piece<'_>], senders: &Senders<'_>, order: DateOrder) -> Vec<bool> {
    let times: Vec<Option<i64>> =
        run.iter().map(|piece| dates::wall(&piece.stamp, order)).collect();
    let mut pasted = vec![false; run.len()];
    let blocks = blocks(run, &times);
    if blocks.is_empty() {
        return pasted;
    }
    let parts: Vec<(Option<&str>, &str)> =
        run.iter().map(|piece| senders.part(piece.rest)).collect();
    // Who writes outside of all that may be pasted.
    let mut inside = vec![false; run.len()];
    blocks.iter().for_each(|block| inside[block.range.clone()].fill(true));
    let outside = parts.iter().zip(&inside).filter(|(_, inside)| !**inside);
    let known: HashSet<_> = outside.filter_map(|((name, _), _)| name.map(plain)).collect();
    for block in blocks {
        let (sender, body) = parts[block.before];
        if sender.is_none() || body.starts_with(['\u{200E}', '\u{200F}']) {
            continue; // WhatsApp's own words paste nothing.
        }
        let names = || parts[block.range.clone()].iter().map(|(name, _)| *name);
        let strange = |name: &&str| !known.contains(&plain(name));
        let newest = block.range.clone().filter_map(|at| times[at]).max();
        let earlier = block.earlier.and_then(|at| times[at]);
        // Else the message before may be the one with the wrong time.
        let jumps = newest.zip(earlier).is_some_and(|(newest, earlier)| newest < earlier);
        let followed = block.range.end < run.len();
        let begun = begins_so(body, &run[block.before]);
        let strangers = block.gap >= STRANGER_S
            && names().flatten().any(|name| strange(&name))
            && (jumps || followed && names().flatten().all(|name| strange(&name)));
        let far = block.gap >= ANYBODY_S && followed && jumps && names().all(|name| name.is_some());
        if begun || strangers || far {
            pasted[block.range].fill(true);
        }
    }
    pasted
}

/// The stretches of pieces that may be pasted, by their times.
fn blocks(run: &[Piece<'_>], times: &[Option<i64>]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut earlier, mut before, mut at) = (None, 0, 1);
    while at < run.len() {
        let limit = times[before];
        let older = |at: usize| times[at].zip(limit).is_some_and(|(time, limit)| time < limit);
        let from = run[at].at;
        let mut end = at;
        while end < run.len() && older(end) && run[end].at - from <= PASTED_BYTES {
            end += 1;
        }
        let whole = end == run.len() || !older(end);
        if end > at && whole {
            let newest = (at..end).filter_map(|at| times[at]).max();
            let gap = limit.zip(newest).map_or(0, |(limit, newest)| limit - newest);
            blocks.push(Block { before, earlier, range: at..end, gap });
            // What follows the stretch has the same message before it.
            (earlier, before, at) = (Some(before), end, end + 1);
        } else {
            (earlier, before, at) = (Some(before), at, at + 1);
        }
    }
    blocks
}

/// Whether a message begins with a stamp of the chat's own shape.
fn begins_so(body: &str, piece: &Piece<'_>) -> bool {
    let line = body.lines().next().unwrap_or_default();
    header(line).is_some_and(|inner| inner.shape == piece.shape)
}
