//! Joins two exports of one chat: from two phones, or from two years. Messages that
//! both hold are kept once, each with the better of its media.

use std::collections::{BTreeMap, HashMap};

use super::align::{self, Entry, Pair};
use super::carried::Carried;
use super::message::{Message, MessageKind};
use super::text::{Parsed, participants};
use crate::collect::file_names::plain;
use crate::collect::steps::{OPEN, Steps};
use crate::collect::{media_list, pixel_size};
use crate::error::Problem;
use crate::model::{Item, ItemId};
use crate::zones::{EARLIEST_S, LATEST_S, STEP_S};

/// Fewest messages that both exports must hold, each unlike all others of its chat;
/// with fewer they are joined only if one continues the other. Chosen, not
/// measured.
const FEWEST: usize = 3;
/// One in this many of the messages that both could hold must be in both; with
/// fewer they are two chats, for people send the same wishes to many. Chosen, not
/// measured.
const SHARE: usize = 3;

/// What became of the second export.
#[derive(Debug, Default)]
pub struct Merged {
    /// Its messages that the first one had.
    pub shared: usize,
    /// Its messages that are new.
    pub added: usize,
    /// Its media that replaced missing or lesser ones.
    pub better: usize,
    /// Files that are not used any more, each with the one that the chat has
    /// instead.
    pub spare: Vec<(ItemId, ItemId)>,
    /// Seconds that were added to its clock.
    pub shift: i64,
}

impl Merged {
    /// What to tell people.
    #[must_use]
    pub fn told(&self) -> Problem {
        let Self { shared, added, better, shift: shift_s, .. } = *self;
        Problem::SameChat { shared, added, better, shift_s }
    }
}

/// Adds a second export to a first one; `None` if they are not of one chat. Reads
/// the first bytes of pictures that both hold.
pub(super) async fn merge(
    first: &mut Parsed,
    second: &Parsed,
    items: &[Item],
    steps: &Steps,
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
        let better = better(our.file.as_ref(), their.file.as_ref(), items, steps).await;
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

/// Texts that only one message of its chat has, with the message's time.
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

/// Seconds to add to the second clock; `None` if the two are not of one chat.
fn shift(first: &Parsed, second: &Parsed) -> Option<i64> {
    let (ours, theirs) = (unique(first), unique(second));
    let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
    for (words, time) in &theirs {
        let Some(apart) = ours.get(words).map(|our| our - time) else { continue };
        let step = (apart + STEP_S / 2).div_euclid(STEP_S) * STEP_S;
        if step.abs() <= LATEST_S - EARLIEST_S && (apart - step).abs() <= align::NEAR {
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
        merged.spare.extend(here(ours.file.as_ref()).zip(here(theirs.file.as_ref())));
        ours.file.clone_from(&theirs.file);
        ours.message.kind = theirs.message.kind.clone();
    } else {
        let kept = here(ours.file.as_ref());
        let spare = here(theirs.file.as_ref()).zip(kept);
        merged.spare.extend(spare.filter(|(spare, kept)| spare != kept));
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

/// Which of two files of one message to keep: the one that is there; of two, the
/// one with more pixels, then with more bytes. WhatsApp encodes both from one
/// original, so more of either is more of the original.
async fn better(
    ours: Option<&Carried>,
    theirs: Option<&Carried>,
    items: &[Item],
    steps: &Steps,
) -> Better {
    let theirs_wins = match (ours, theirs) {
        (Some(Carried::Here(ours)), Some(Carried::Here(theirs))) => {
            let (ours, theirs) = (&items[ours.0 as usize], &items[theirs.0 as usize]);
            // Of equal size they are most likely the same file.
            ours.size != theirs.size
                && (pixels(ours, steps).await, ours.size)
                    < (pixels(theirs, steps).await, theirs.size)
        }
        (_, Some(Carried::Here(_))) => true,
        (None, Some(Carried::Missing(_))) => true,
        _ => false,
    };
    if theirs_wins { Better::Theirs } else { Better::Ours }
}

/// How many pixels a file has, as its first bytes say; 0 for what is no picture.
async fn pixels(item: &Item, steps: &Steps) -> u64 {
    let own = item.clone();
    steps.ask(OPEN, move |files| pixel_size::pixels(&own, files).unwrap_or(0)).await
}

/// Both exports as one, each in its own order: the pairs tie them together, and
/// between those time decides.
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
