//! A chat's text split at its headers.

use std::collections::HashSet;

use super::chat_header::{Header, Shape, Stamp, header};
use super::dates;
use super::senders::candidates;

/// Fewest messages that show that a chat goes on in another shape.
const FEWEST: usize = 2;

/// A message before it is understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// When, as written.
    pub(super) stamp: Stamp,
    /// What its header has in common with the others of its run.
    pub(super) shape: Shape,
    /// Which run of headers it belongs to: one, unless the phone's language or
    /// region was changed in between.
    pub(super) run: usize,
    /// Sender and body, all lines.
    pub(super) rest: &'a str,
}

/// A header and where its line begins.
type Found<'a> = (usize, Header<'a>);

/// Splits a text at its headers. All of them have the shape of the first line,
/// or of most lines if the text begins in the middle of a message; a line with
/// another shape was pasted by somebody, unless the chat goes on so to its end.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let mut all: Vec<Found<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(header) = header(line) {
            all.push((at, header));
        }
        at += line.len();
    }
    let headers = runs(text, &all);
    let ends = headers.iter().skip(1).map(|(_, (at, _))| *at).chain([text.len()]);
    let piece = |((run, (at, header)), end): (&(usize, Found<'_>), usize)| {
        // `rest` is a part of `text`; it goes on to the next header.
        let line_end = text[*at..].find('\n').map_or(text.len(), |length| at + length + 1);
        let start = line_end - header.rest.len();
        Piece { stamp: header.stamp, shape: header.shape, run: *run, rest: &text[start..end] }
    };
    headers.iter().zip(ends).map(piece).collect()
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

/// Whether the chat goes on in another shape: several messages, later than the
/// last of the old shape, most of them by people who wrote before. What
/// somebody pasted into a message is older than that message.
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
