//! Two exports of one chat become one: from two phones, or from two years.
//! Messages that both hold are kept once, each with the better of its media.

use std::collections::{BTreeMap, HashMap};

use super::align::{self, Pair};
use super::chat_body::Carried;
use super::chat_text::{Parsed, participants};
use super::file_names::plain;
use super::{Message, MessageKind, media_list, pixel_size};
use crate::io::Files;
use crate::model::{Item, ItemId, MediaKind};

/// Fewest messages that must be the same, each unlike all others of its chat.
const FEWEST: usize = 3;
/// Of the messages that could be the same, one in so many must be: people send
/// the same wishes to many chats.
const SHARE: usize = 3;
/// Zones lie apart by multiples of this, in seconds.
const ZONE_STEP: i64 = 900;
/// Zones lie apart by at most this, in seconds.
const ZONES: i64 = 26 * 3600;

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
    /// Whether it carries or carried a medium.
    pub(super) fn is_media(&self) -> bool {
        self.file.is_some() || self.message.kind == MessageKind::Omitted
    }
}

/// What became of a second export.
#[derive(Debug, Default)]
pub struct Merged {
    /// Its messages that the first one had.
    pub shared: usize,
    /// Its messages that are new.
    pub added: usize,
    /// Its media that were taken for missing or lesser ones.
    pub better: usize,
    /// Files that are now of no use, for the chat has better ones.
    pub spare: Vec<ItemId>,
    /// Seconds that were added to its clock.
    pub shift: i64,
}

impl Merged {
    /// What to tell people.
    #[must_use]
    pub fn note(&self) -> String {
        let shift = match self.shift {
            0 => String::new(),
            seconds => format!("; its clock was moved by {} minutes", seconds / 60),
        };
        format!(
            "this is another export of the chat: {} of its messages were there already, {} were \
             added, {} of its media are better{shift}",
            self.shared, self.added, self.better
        )
    }
}

/// Adds a second export to a first one; `None` if they are not of one chat.
/// Reads the first bytes of pictures that both have.
pub fn merge(
    first: &mut Parsed,
    second: &Parsed,
    items: &[Item],
    files: &dyn Files,
) -> Option<Merged> {
    let shift = shift(first, second)?;
    let mut ours = entries(first, items);
    let mut theirs = entries(second, items);
    for entry in &mut theirs {
        entry.message.time = entry.message.time.map(|time| time + shift);
    }
    rename(&ours, &mut theirs);
    let pairs = align::pairs(&ours, &theirs);
    let mut merged = Merged { shift, shared: pairs.len(), ..Merged::default() };
    merged.added = theirs.len() - pairs.len();
    for pair in &pairs {
        let (our, their) = (&mut ours[pair.ours], &theirs[pair.theirs]);
        let better = better(our.file.as_ref(), their.file.as_ref(), items, files);
        join(our, their, better, &mut merged);
    }
    let whole = interleave(ours, theirs, &pairs);
    first.carried.clear();
    first.chat.messages.clear();
    for (index, entry) in (0..).zip(whole) {
        first.carried.extend(entry.file.map(|file| (index, file)));
        first.chat.messages.push(entry.message);
    }
    if first.chat.dates.decided && !second.chat.dates.decided {
        first.chat.dates = second.chat.dates.clone();
    }
    first.chat.participants = participants(&first.chat.messages);
    Some(merged)
}

fn entries(parsed: &Parsed, items: &[Item]) -> Vec<Entry> {
    let entry =
        |message: &Message| Entry { message: message.clone(), file: None, medium: None, bytes: 0 };
    let mut entries: Vec<Entry> = parsed.chat.messages.iter().map(entry).collect();
    for (index, file) in &parsed.carried {
        let item = here(Some(file)).map(|id| &items[id.0 as usize]);
        let name = match file {
            Carried::Here(_) => item.map_or("", Item::name),
            Carried::Missing(name) => name,
        };
        let entry = &mut entries[*index as usize];
        entry.medium = Some(media_list::media_kind(name, None, || false));
        entry.file = Some(file.clone());
        entry.bytes = item.map_or(0, |item| item.size);
    }
    entries
}

/// Words of a message that no other message of its chat has.
fn unique(parsed: &Parsed) -> HashMap<String, i64> {
    let mut seen: HashMap<String, Option<i64>> = HashMap::new();
    for message in &parsed.chat.messages {
        let Some(time) = message.time.filter(|_| message.kind == MessageKind::Ordinary) else {
            continue;
        };
        let words = plain(&message.text);
        if !words.is_empty() {
            seen.entry(words.into_owned()).and_modify(|time| *time = None).or_insert(Some(time));
        }
    }
    seen.into_iter().filter_map(|(words, time)| Some((words, time?))).collect()
}

/// What must be added to the second clock, if both are of one chat.
fn shift(first: &Parsed, second: &Parsed) -> Option<i64> {
    let (ours, theirs) = (unique(first), unique(second));
    let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
    for (words, time) in &theirs {
        let Some(apart) = ours.get(words).map(|our| our - time) else { continue };
        let step = (apart + ZONE_STEP / 2).div_euclid(ZONE_STEP) * ZONE_STEP;
        if step.abs() <= ZONES && (apart - step).abs() <= align::NEAR {
            *votes.entry(step).or_default() += 1;
        }
    }
    let best = votes.iter().max_by_key(|(step, count)| (**count, -step.abs()));
    if let Some((step, count)) = best.filter(|(_, count)| **count >= FEWEST) {
        let possible = within(&theirs, &ours, *step).min(within(&ours, &theirs, -step));
        return (count * SHARE >= possible).then_some(*step);
    }
    (is_continued(first, second)).then_some(0)
}

/// How many messages lie in the time that the other chat spans.
fn within(some: &HashMap<String, i64>, others: &HashMap<String, i64>, step: i64) -> usize {
    let (Some(first), Some(last)) = (others.values().min(), others.values().max()) else {
        return 0;
    };
    some.values().filter(|time| (*first..=*last).contains(&(**time + step))).count()
}

/// Whether one export begins when the other has ended, under the same name and
/// with the same people.
fn is_continued(first: &Parsed, second: &Parsed) -> bool {
    let span = |parsed: &Parsed| {
        let times = || parsed.chat.messages.iter().filter_map(|message| message.time);
        times().min().zip(times().max())
    };
    let (Some((begin, end)), Some((later, latest))) = (span(first), span(second)) else {
        return false;
    };
    let same =
        |name: &&String| second.chat.participants.iter().any(|other| plain(other) == plain(name));
    let shared = first.chat.participants.iter().filter(same).count();
    let fewer = first.chat.participants.len().min(second.chat.participants.len());
    let named =
        !first.chat.title.is_empty() && plain(&first.chat.title) == plain(&second.chat.title);
    named && shared > 0 && shared * 2 >= fewer && (end <= later || latest <= begin)
}

/// Calls people in the second export as the first one does: two phones know
/// them by other names.
fn rename(ours: &[Entry], theirs: &mut [Entry]) {
    let mut votes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for pair in align::anchors(ours, theirs) {
        let names = (&theirs[pair.theirs].message.sender, &ours[pair.ours].message.sender);
        if let (Some(theirs), Some(ours)) = names {
            *votes.entry((theirs.clone(), ours.clone())).or_default() += 1;
        }
    }
    let mut best: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for ((theirs, ours), count) in votes {
        let entry = best.entry(theirs).or_default();
        if count > entry.0 {
            *entry = (count, ours);
        }
    }
    for entry in theirs {
        let sender = &mut entry.message.sender;
        if let Some((_, name)) = sender.as_ref().and_then(|name| best.get(name)) {
            *sender = Some(name.clone());
        }
    }
}

/// Takes from the second of two equal messages what is better there.
fn join(ours: &mut Entry, theirs: &Entry, better: Better, merged: &mut Merged) {
    let (message, other) = (&mut ours.message, &theirs.message);
    if other.has_seconds && !message.has_seconds {
        (message.time, message.has_seconds) = (other.time, true);
    }
    let deleted = message.kind == MessageKind::Deleted && other.kind != MessageKind::Deleted;
    if deleted || message.text.is_empty() && other.kind != MessageKind::Deleted {
        message.text.clone_from(&other.text);
    }
    message.edited |= other.edited;
    if better == Better::Theirs {
        merged.better += 1;
        merged.spare.extend(here(ours.file.as_ref()));
        ours.file.clone_from(&theirs.file);
        ours.message.kind = theirs.message.kind.clone();
    } else {
        let kept = here(ours.file.as_ref());
        merged.spare.extend(here(theirs.file.as_ref()).filter(|id| Some(*id) != kept));
        if deleted {
            ours.message.kind = theirs.message.kind.clone();
        }
    }
}

fn here(file: Option<&Carried>) -> Option<ItemId> {
    match file {
        Some(Carried::Here(id)) => Some(*id),
        _ => None,
    }
}

/// Which of two files of one message is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    Ours,
    Theirs,
}

/// The file that is there; of two the one with more pixels, then with more
/// bytes: WhatsApp encodes both from one original, so that is more of it.
fn better(
    ours: Option<&Carried>,
    theirs: Option<&Carried>,
    items: &[Item],
    files: &dyn Files,
) -> Better {
    let theirs_wins = match (ours, theirs) {
        (Some(Carried::Here(ours)), Some(Carried::Here(theirs))) => {
            let (ours, theirs) = (&items[ours.0 as usize], &items[theirs.0 as usize]);
            let pixels = |item| pixel_size::pixels(item, files).unwrap_or(0);
            // Of one size they are most likely the same file.
            let more = |(our, their)| (our, ours.size) < (their, theirs.size);
            ours.size != theirs.size && more((pixels(ours), pixels(theirs)))
        }
        (_, Some(Carried::Here(_))) => true,
        (None, Some(Carried::Missing(_))) => true,
        _ => false,
    };
    if theirs_wins { Better::Theirs } else { Better::Ours }
}

/// Both exports as one, each in its own order: equal messages tie them
/// together, and between those time decides.
fn interleave(ours: Vec<Entry>, theirs: Vec<Entry>, pairs: &[Pair]) -> Vec<Entry> {
    let mut paired = vec![false; theirs.len()];
    // Their message after which ours come: only those that keep the order.
    let mut anchor: Vec<Option<usize>> = vec![None; ours.len()];
    let mut last = 0;
    for pair in pairs {
        paired[pair.theirs] = true;
        if pair.theirs >= last {
            anchor[pair.ours] = Some(pair.theirs);
            last = pair.theirs;
        }
    }
    let mut rest = theirs.into_iter().zip(paired).enumerate().peekable();
    let mut whole = Vec::new();
    // The next anchor decides how far theirs may go before one of ours.
    let mut bounds = vec![usize::MAX; ours.len()];
    let mut bound = usize::MAX;
    for (index, at) in anchor.iter().enumerate().rev() {
        bound = at.unwrap_or(bound);
        bounds[index] = bound;
    }
    for (index, entry) in ours.into_iter().enumerate() {
        let time = entry.message.time;
        let tied = anchor[index].is_some();
        while let Some((_, (their, taken))) = rest.next_if(|(at, (their, taken))| {
            *at < bounds[index] && (*taken || tied || their.message.time < time)
        }) {
            if !taken {
                whole.push(their);
            }
        }
        whole.push(entry);
    }
    whole.extend(rest.filter(|(_, (_, taken))| !taken).map(|(_, (their, _))| their));
    whole
}
