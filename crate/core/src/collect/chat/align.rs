//! Which messages of two exports of one chat are the same.

use std::collections::{HashMap, VecDeque};

use super::carried::Carried;
use super::message::{Message, MessageKind};
use crate::collect::file_names::plain;
use crate::model::MediaKind;

/// Most seconds between the times at which two phones note one message; further
/// apart they are two messages. The message travels, and Android writes no seconds.
/// Chosen, not measured.
pub(super) const NEAR: i64 = 120;

/// A message and its file.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) message: Message,
    pub(super) file: Option<Carried>,
    /// What the file is, by its name.
    pub(super) medium: Option<MediaKind>,
    /// Bytes of the file that is there.
    pub(super) bytes: u64,
}

impl Entry {
    /// Whether it carries a medium, or carried one that was left out.
    pub(super) fn is_media(&self) -> bool {
        self.file.is_some() || self.message.kind == MessageKind::Omitted
    }
}

/// One message in both exports, by its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) ours: usize,
    pub(super) theirs: usize,
}

/// Pairs of messages that are the same by their words, their card or their file.
pub(super) fn anchors(ours: &[Entry], theirs: &[Entry]) -> Vec<Pair> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, entry) in ours.iter().enumerate() {
        if let Some(key) = key(entry) {
            places.entry(key).or_default().push(index);
        }
    }
    let mut pairs: Vec<Pair> = Vec::new();
    let mut used = vec![false; ours.len()];
    for (index, entry) in theirs.iter().enumerate() {
        let Some(places) = key(entry).and_then(|key| places.get(&key)) else { continue };
        let from = places.partition_point(|at| time(&ours[*at]) < time(entry) - 86_400);
        let near = places[from..].iter().take(1000).copied().filter(|at| {
            !used[*at] && time(&ours[*at]).abs_diff(time(entry)) <= NEAR.unsigned_abs()
        });
        // Of several the first behind the last pair, else the first of all.
        let last = pairs.last().map_or(0, |pair| pair.ours);
        if let Some(at) = near.min_by_key(|at| (*at < last, *at)) {
            used[at] = true;
            pairs.push(Pair { ours: at, theirs: index });
        }
    }
    pairs
}

/// All messages that are the same, by their place in the first export: the anchors,
/// and between them media, which have no words.
pub(super) fn pairs(ours: &[Entry], theirs: &[Entry]) -> Vec<Pair> {
    let mut pairs = anchors(ours, theirs);
    let used = |pick: fn(&Pair) -> usize, length: usize| {
        let mut used = vec![false; length];
        pairs.iter().for_each(|pair| used[pick(pair)] = true);
        used
    };
    let (our_used, their_used) =
        (used(|pair| pair.ours, ours.len()), used(|pair| pair.theirs, theirs.len()));
    let mut found = Vec::new();
    let (mut our_start, mut their_start) = (0, 0);
    let mut ends = rising(&pairs);
    ends.push(Pair { ours: ours.len(), theirs: theirs.len() });
    for end in ends {
        let left = |used: &[bool], start: usize, end: usize| -> Vec<usize> {
            (start..end).filter(|at| !used[*at]).collect()
        };
        let here = left(&our_used, our_start, end.ours);
        let there = left(&their_used, their_start, end.theirs);
        found.extend(between(ours, theirs, &here, &there));
        (our_start, their_start) = (end.ours + 1, end.theirs + 1);
    }
    pairs.append(&mut found);
    let mut twins = twins(ours, theirs, &pairs);
    pairs.append(&mut twins);
    pairs.sort_by_key(|pair| pair.ours);
    pairs
}

/// The pairs that run forward in both exports, without those that cross.
fn rising(pairs: &[Pair]) -> Vec<Pair> {
    let mut rising: Vec<Pair> = Vec::new();
    for pair in pairs {
        if rising.last().is_none_or(|last| last.ours < pair.ours) {
            rising.push(*pair);
        }
    }
    rising
}

/// Pairs media and WhatsApp's own lines, whose words differ between phones, sender
/// by sender: in order if both exports have as many of them, else only where one
/// alone fits.
fn between(ours: &[Entry], theirs: &[Entry], here: &[usize], there: &[usize]) -> Vec<Pair> {
    let mut groups: Vec<(Class, Vec<usize>, Vec<usize>)> = Vec::new();
    for (side, (entries, places)) in [(ours, here), (theirs, there)].into_iter().enumerate() {
        for &at in places {
            let Some(class) = class(&entries[at]) else { continue };
            let known = groups.iter().position(|(other, ..)| *other == class);
            let index = known.unwrap_or_else(|| {
                groups.push((class, Vec::new(), Vec::new()));
                groups.len() - 1
            });
            let group = &mut groups[index];
            if side == 0 { group.1.push(at) } else { group.2.push(at) }
        }
    }
    let mut pairs = Vec::new();
    for (_, here, there) in groups {
        let fits = |our: usize, their: usize| could_be_one(&ours[our], &theirs[their]);
        let even = here.len() == there.len()
            && here.iter().zip(&there).all(|(our, their)| fits(*our, *their));
        if even {
            let pair = |(ours, theirs)| Pair { ours, theirs };
            pairs.extend(here.into_iter().zip(there).map(pair));
            continue;
        }
        for &our in &here {
            let mut fitting = there.iter().copied().filter(|their| fits(our, *their));
            if let (Some(their), None) = (fitting.next(), fitting.next())
                && here.iter().filter(|other| fits(**other, their)).count() == 1
            {
                pairs.push(Pair { ours: our, theirs: their });
            }
        }
    }
    pairs
}

/// Pairs what is left and looks the same in both exports, wherever it stands: it
/// has no file, so a wrong pair loses nothing.
fn twins(ours: &[Entry], theirs: &[Entry], known: &[Pair]) -> Vec<Pair> {
    let left = |length: usize, pick: fn(&Pair) -> usize| {
        let mut used = vec![false; length];
        known.iter().for_each(|pair| used[pick(pair)] = true);
        (0..length).filter(move |at| !used[*at])
    };
    let mut places: HashMap<_, VecDeque<usize>> = HashMap::new();
    for at in left(ours.len(), |pair| pair.ours) {
        if let Some(looks) = looks(&ours[at]) {
            places.entry(looks).or_default().push_back(at);
        }
    }
    let mut pairs = Vec::new();
    for their in left(theirs.len(), |pair| pair.theirs) {
        let Some(places) = looks(&theirs[their]).and_then(|looks| places.get_mut(&looks)) else {
            continue;
        };
        let after = |at: &usize| time(&ours[*at]) - time(&theirs[their]);
        while places.front().is_some_and(|at| after(at) < -NEAR) {
            places.pop_front();
        }
        if places.front().is_some_and(|at| after(at) <= NEAR) {
            pairs.extend(places.pop_front().map(|our| Pair { ours: our, theirs: their }));
        }
    }
    pairs
}

/// What an entry looks like: who, which words, which missing file, and whether it
/// was a medium.
type Looks = (Option<String>, String, Option<String>, bool);

/// What an entry looks like; `None` for cards, which are anchors, and for entries
/// with a file that is there.
fn looks(entry: &Entry) -> Option<Looks> {
    use MessageKind::{Deleted, Omitted, Ordinary, System};
    let message = &entry.message;
    if !matches!(message.kind, Ordinary | Omitted | Deleted | System) {
        return None;
    }
    let missing = match &entry.file {
        Some(Carried::Here(_)) => return None,
        Some(Carried::Missing(name)) => Some(name.clone()),
        None => None,
    };
    let words = plain(&message.text).into_owned();
    Some((message.sender.clone(), words, missing, entry.is_media()))
}

/// Entries of different classes cannot be the same.
type Class = (bool, Option<String>);

fn class(entry: &Entry) -> Option<Class> {
    let system = entry.message.kind == MessageKind::System;
    let deleted = entry.message.kind == MessageKind::Deleted;
    (system || deleted || entry.is_media()).then(|| (system, entry.message.sender.clone()))
}

fn could_be_one(ours: &Entry, theirs: &Entry) -> bool {
    let near = time(ours).abs_diff(time(theirs)) <= NEAR.unsigned_abs();
    let (one, other) = (plain(&ours.message.text), plain(&theirs.message.text));
    let system = ours.message.kind == MessageKind::System;
    let deleted = [ours, theirs].iter().any(|entry| entry.message.kind == MessageKind::Deleted);
    let words = system || deleted || one.is_empty() || other.is_empty() || one == other;
    // Names tell what media are, and a photo is a photo on both phones.
    let alike = ours.medium.zip(theirs.medium).is_none_or(|(one, other)| one == other);
    near && words && alike
}

fn time(entry: &Entry) -> i64 {
    entry.message.time.unwrap_or(i64::MIN / 4)
}

/// What tells a message from others on any phone; `None` for media that are not
/// there and for WhatsApp's own lines.
fn key(entry: &Entry) -> Option<String> {
    let message = &entry.message;
    message.time?;
    match &message.kind {
        // Both phones were sent the same bytes.
        MessageKind::Ordinary if entry.bytes > 0 => Some(format!("{} bytes", entry.bytes)),
        MessageKind::Ordinary if entry.file.is_none() => Some(plain(&message.text).into_owned()),
        MessageKind::Location { url } => Some(url.clone()),
        MessageKind::Poll { question, .. } => Some(format!("poll {question}")),
        MessageKind::Event { title, .. } => Some(format!("event {title}")),
        MessageKind::LiveLocation => Some("live location".into()),
        MessageKind::Call => Some("call".into()),
        _ => None,
    }
}
