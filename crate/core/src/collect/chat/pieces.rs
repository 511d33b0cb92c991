//! A chat's text split at its headers.

use std::collections::HashSet;

use super::dates;
use super::half_day::{self, Half, Timed};
use super::header::{Header, Shape, Stamp, header};
use crate::collect::marks::is_mark;
use crate::collect::steps::{PARSE, PARSED, Steps};

/// Fewest messages in another shape that continue a chat; fewer are pasted text.
/// Chosen, not measured.
const FEWEST: usize = 2;

/// Most colons that a sender's name is looked for before.
const COLONS: usize = 4;

/// Longest sender, in bytes: a group's name has at most 100 characters.
pub(super) const SENDER_BYTES: usize = 400;

/// A message before it is understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// When, as read.
    pub(super) stamp: Stamp,
    /// The stamp as it stands there.
    pub(super) written: &'a str,
    /// Whether only the order of the messages told what the clock means.
    pub(super) by_order: bool,
    /// What its header has in common with the others of its run.
    pub(super) shape: Shape,
    /// Which run of headers it belongs to: one, unless the phone's language or
    /// region was changed in between.
    pub(super) run: usize,
    /// Where its line begins in the text.
    pub(super) at: usize,
    /// Sender and body, all lines.
    pub(super) rest: &'a str,
}

impl Piece<'_> {
    /// Where its rest begins in the text.
    fn start(&self, text: &str) -> usize {
        let line = &text[self.at..];
        let line = &line[..line.find('\n').map_or(line.len(), |length| length + 1)];
        self.at + line.len() - header(line).map_or(0, |header| header.rest.len())
    }
}

/// A header and where its line begins.
type Found<'a> = (usize, Header<'a>);

/// Splits a text at its headers. A header has the shape of the first line, or of
/// most lines if the text begins in the middle of a message. A line of another
/// shape was pasted by somebody, unless the chat goes on in that shape to its end.
pub(super) async fn split<'a>(text: &'a str, steps: &Steps) -> Vec<Piece<'a>> {
    let mut all: Vec<Found<'_>> = Vec::new();
    let (mut at, mut paid) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(header) = header(line) {
            all.push((at, header));
        }
        at += line.len();
        if at - paid >= PARSED {
            steps.spend((at - paid) as u64 * PARSE).await;
            paid = at;
        }
    }
    let headers = runs(text, &all);
    let ends = headers.iter().skip(1).map(|(_, (at, _))| *at).chain([text.len()]);
    let piece = |((run, (at, header)), end): (&(usize, Found<'a>), usize)| {
        // `rest` is a part of `text`; it goes on to the next header.
        let line_end = text[*at..].find('\n').map_or(text.len(), |length| at + length + 1);
        let start = line_end - header.rest.len();
        let Header { stamp, shape, written, .. } = *header;
        let rest = &text[start..end];
        Piece { stamp, written, by_order: false, shape, run: *run, at: *at, rest }
    };
    let mut pieces: Vec<Piece<'_>> = headers.iter().zip(ends).map(piece).collect();
    pieces.chunk_by_mut(|one, next| one.run == next.run).for_each(settle_clock);
    pieces
}

/// Makes those pieces a part of the one before them that are pasted: `pasted` says so
/// of each.
pub(super) fn rejoin<'a>(text: &'a str, pieces: &[Piece<'a>], pasted: &[bool]) -> Vec<Piece<'a>> {
    let kept = || pieces.iter().zip(pasted).filter(|(_, pasted)| !**pasted).map(|(piece, _)| piece);
    let ends = kept().skip(1).map(|piece| piece.at).chain([text.len()]);
    kept()
        .zip(ends)
        .map(|(piece, end)| Piece { rest: &text[piece.start(text)..end], ..*piece })
        .collect()
}

/// Finds out what the words of a run's stamps mean, if they are of a language that is
/// not known.
fn settle_clock(run: &mut [Piece<'_>]) {
    if !run.iter().any(|piece| matches!(piece.stamp.half, Half::Unknown(_))) {
        return;
    }
    let mut before = None;
    let timed = |piece: &Piece<'_>| {
        let Stamp { date, seconds, half } = piece.stamp;
        let same_day = before == Some(date);
        before = Some(date);
        Timed { seconds, half, same_day }
    };
    let times: Vec<Timed> = run.iter().map(timed).collect();
    let found = half_day::settle(&times);
    for piece in run {
        let known = found.iter().find(|(word, _)| piece.stamp.half == Half::Unknown(*word));
        if let Some((_, half)) = known {
            piece.stamp.seconds = half_day::with_half(piece.stamp.seconds, *half);
            piece.stamp.half = *half;
            piece.by_order = true;
        }
    }
}

/// The headers that begin a message, with the number of their run.
fn runs<'a>(text: &str, all: &[Found<'a>]) -> Vec<(usize, Found<'a>)> {
    let begins = |(at, _): &&Found<'_>| text[..*at].trim().is_empty();
    let first = all.first().filter(begins).map(|(_, header)| header.shape);
    let mut shape = first.or_else(|| most_frequent(all));
    let (mut rest, mut kept, mut run) = (all, Vec::new(), 0);
    while let Some(wanted) = shape {
        let of_shape = |(_, header): &Found<'a>| header.shape == wanted;
        let last = rest.iter().rposition(of_shape).map_or(0, |at| at + 1);
        let (here, after) = rest.split_at(last);
        let new: Vec<Found<'a>> = here.iter().copied().filter(of_shape).collect();
        shape = most_frequent(after).filter(|shape| goes_on(&new, after, *shape));
        kept.extend(new.into_iter().map(|header| (run, header)));
        (rest, run) = (after, run + 1);
    }
    kept
}

/// Whether the chat goes on in another shape: several messages, later than the last
/// of the old shape, at least half of them by people who wrote before. A pasted
/// message is older than the message that it is pasted into.
fn goes_on(before: &[Found<'_>], after: &[Found<'_>], shape: Shape) -> bool {
    let new = || after.iter().filter(|(_, header)| header.shape == shape);
    let (Some((_, last)), Some((_, next))) = (before.last(), new().next()) else { return false };
    let later = dates::could_follow(&last.stamp, &next.stamp);
    let known: HashSet<&str> =
        before.iter().filter_map(|(_, header)| first_name(header.rest)).collect();
    let heard =
        |found: &&Found<'_>| first_name(found.1.rest).is_none_or(|name| known.contains(name));
    let count = new().count();
    later && count >= FEWEST && new().filter(heard).count() * 2 >= count
}

/// The name before the first colon.
fn first_name(rest: &str) -> Option<&str> {
    candidates(rest).next().map(|(name, _)| name)
}

fn most_frequent(headers: &[Found<'_>]) -> Option<Shape> {
    let mut counts: Vec<(Shape, usize)> = Vec::new();
    for (_, header) in headers {
        match counts.iter_mut().find(|(shape, _)| *shape == header.shape) {
            Some((_, count)) => *count += 1,
            None => counts.push((header.shape, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(shape, _)| shape)
}

/// The places where a sender may end and the body begins: each `: ` of the
/// first line.
pub(super) fn candidates(rest: &str) -> impl Iterator<Item = (&str, &str)> {
    let rest = rest.trim_start_matches(is_mark);
    let head = &rest[..rest.floor_char_boundary(SENDER_BYTES + 2)];
    let line = head.split(['\n', '\r']).next().unwrap_or(head);
    let ends = line.match_indices(':').filter_map(move |(at, _)| {
        let body = rest[at + 1..].strip_prefix([' ', '\u{A0}'])?;
        (at > 0).then(|| (&rest[..at], body))
    });
    ends.take(COLONS)
}
