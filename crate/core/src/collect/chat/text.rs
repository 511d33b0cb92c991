//! The text of a chat becomes messages.

use std::collections::HashSet;

use super::body as chat_body;
use super::carried::{Carried, clean};
use super::dates::{self, Clue};
use super::header::header;
use super::message::{Chat, Message, MessageKind};
use super::pieces::{self, Piece};
use super::senders::Senders;
use super::wording::Wording;
use super::{android, pasted};
use crate::collect::file_names::FileNames;
use crate::collect::media_name;
use crate::collect::steps::{self, PARSE, PARSED, Steps};
use crate::error::Problem;
use crate::model::{Item, ItemId};
use crate::settings::DateOrder;

/// Bytes of a message beyond which the report mentions it; it is kept whole.
/// WhatsApp sends at most 65,536 characters of at most four bytes.
const LONG_BYTES: usize = 1 << 18;

/// What is known beside the text itself.
pub struct Context<'a> {
    /// The files that messages may carry.
    pub names: &'a FileNames,
    /// WhatsApp's own words.
    pub words: &'a Wording,
    /// Every file, by [`ItemId`].
    pub items: &'a [Item],
    /// The chat's name, or nothing.
    pub title: String,
    /// The user's order of day and month.
    pub order: Option<DateOrder>,
}

/// A chat, and the files its messages carry.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The chat; [`Message::media`] are still empty.
    pub chat: Chat,
    /// Which message carries which file, in chat order.
    pub carried: Vec<(u32, Carried)>,
}

/// Whether a text is a chat: at least two lines of it begin a message.
#[must_use]
pub fn is_chat(text: &str) -> bool {
    text.lines().filter_map(header).take(2).count() == 2
}

/// Whether the first line of a text begins a message.
#[must_use]
pub fn begins_chat(text: &str) -> bool {
    text.lines().next().is_some_and(|line| header(line).is_some())
}

/// Reads a chat text. Messages stay in the order of the file, which is reliable
/// where clocks are not.
#[must_use]
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    let steps = Steps::default();
    steps::at_once(&steps, parse_on(text, context, &steps))
}

/// [`parse`], in bounded steps.
pub(super) async fn parse_on(text: &str, context: &Context<'_>, steps: &Steps) -> Parsed {
    steps.expect_text(text.len() as u64);
    let mut pieces = pieces::split(text, steps).await;
    let mut senders = Senders::learn(&pieces, &context.title);
    let pasted = pasted::pasted(&pieces, &senders, context.order);
    if pasted.contains(&true) {
        pieces = pieces::rejoin(text, &pieces, &pasted);
        senders = Senders::learn(&pieces, &context.title);
    }
    let attached = android::attached_words(&pieces, context.names);
    let edited = chat_body::edited_words(&pieces, context.words);
    let words = context.words.learning(&attached, &edited);
    let mut parsed = Parsed::default();
    let mut clues = Vec::with_capacity(pieces.len());
    let (mut at, mut paid) = (0, 0);
    for (index, piece) in (0..).zip(&pieces) {
        at += piece.rest.len();
        if at - paid >= PARSED {
            steps.spend((at - paid) as u64 * PARSE).await;
            steps.did_text(paid, at);
            paid = at;
        }
        let (sender, body) = senders.part(piece.rest);
        let body = chat_body::read(body, context.names, &words);
        clues.push(clue(piece, body.carried.as_ref(), context.items));
        parsed.carried.extend(body.carried.clone().map(|carried| (index, carried)));
        let system = sender.is_none_or(|name| senders.is_system(name, &body));
        parsed.chat.messages.push(Message {
            time: None,
            written: None,
            has_seconds: piece.shape.seconds,
            sender: sender.filter(|_| !system).map(|name| senders.display(name)),
            text: body.text,
            media: Vec::new(),
            kind: if system { MessageKind::System } else { body.kind },
            edited: body.edited,
        });
    }
    set_times(&mut parsed.chat, &pieces, &clues, context.order);
    parsed.chat.participants = participants(&parsed.chat.messages);
    parsed.chat.title = senders.title();
    parsed
}

/// Reads the dates of each run of headers by itself: a phone whose region was
/// changed in between also writes another order.
fn set_times(chat: &mut Chat, pieces: &[Piece<'_>], clues: &[Clue], wanted: Option<DateOrder>) {
    let mut start = 0;
    while start < pieces.len() {
        let run = pieces[start].run;
        let length = pieces[start..].iter().take_while(|piece| piece.run == run).count();
        let range = start..start + length;
        let mut reading = dates::read(&clues[range.clone()], wanted);
        let before = chat.messages[..start].iter().rev().find_map(|message| message.time);
        if let Some(before) = before.filter(|_| !reading.decided) {
            dates::follow(&mut reading, &clues[range.clone()], before);
        }
        let order = reading.order;
        for (message, piece) in chat.messages[range.clone()].iter_mut().zip(&pieces[range]) {
            message.time = order.and_then(|order| dates::wall(&piece.stamp, order));
            let told = message.time.is_some() && !piece.by_order;
            if !told || order.is_some_and(|order| dates::is_other(&piece.stamp, order)) {
                message.written = Some(clean(piece.written));
            }
        }
        // The user is asked about the first run whose order is undecided.
        if start == 0 || chat.dates.decided && !reading.decided {
            chat.dates = reading;
        }
        start += length;
    }
}

fn clue(piece: &Piece<'_>, carried: Option<&Carried>, items: &[Item]) -> Clue {
    let item = |id: &ItemId| items.get(id.0 as usize);
    let (named, changed) = match carried {
        Some(Carried::Here(id)) => (
            item(id).and_then(|item| media_name::day(item.name())),
            item(id).and_then(|item| i32::try_from(item.modified?.div_euclid(86_400)).ok()),
        ),
        Some(Carried::Missing(name)) => (media_name::day(name), None),
        None => (None, None),
    };
    Clue { date: piece.stamp.date, mark: piece.shape.date_mark, named, changed }
}

/// The longest message, if it is longer than a chat allows.
#[must_use]
pub fn long_message(messages: &[Message]) -> Option<Problem> {
    let longest = (1_u32..).zip(messages).max_by_key(|(_, message)| message.text.len());
    let (number, message) = longest.filter(|(_, message)| message.text.len() > LONG_BYTES)?;
    Some(Problem::LongMessage { number, bytes: message.text.len() as u64 })
}

/// Senders of messages, by their first.
pub(super) fn participants(messages: &[Message]) -> Vec<String> {
    let mut seen = HashSet::new();
    let senders = messages.iter().filter_map(|message| message.sender.as_ref());
    senders.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
