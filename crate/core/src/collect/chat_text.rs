//! The text of a chat becomes messages.

use std::collections::HashSet;

use super::chat_body::{self, Carried};
use super::chat_header::header;
use super::dates::{self, Clue};
use super::file_names::FileNames;
use super::pieces::{self, Piece};
use super::senders::Senders;
use super::wording::Wording;
use super::{Chat, Message, MessageKind, media_name};
use crate::model::{Item, ItemId};
use crate::settings::DateOrder;

/// Bytes of a message that WhatsApp cannot have sent: 65,536 characters of at
/// most four bytes.
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

/// Reads a chat text. The order of the file is kept: it is the truth, clocks
/// are not.
#[must_use]
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    let pieces = pieces::split(text);
    let senders = Senders::learn(&pieces, &context.title);
    let mut parsed = Parsed::default();
    let mut clues = Vec::with_capacity(pieces.len());
    for (index, piece) in (0..).zip(&pieces) {
        let (sender, body) = senders.part(piece.rest);
        let body = chat_body::read(body, context.names, context.words);
        clues.push(clue(piece, body.carried.as_ref(), context.items));
        parsed.carried.extend(body.carried.clone().map(|carried| (index, carried)));
        let system = sender.is_none_or(|name| senders.is_system(name, &body));
        parsed.chat.messages.push(Message {
            time: None,
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
/// changed in between writes another order, too.
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
        }
        // The first reading that does not decide is the one to ask about.
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

/// A sentence about the longest message, if it is so long that people should
/// know.
#[must_use]
pub fn long_message(messages: &[Message]) -> Option<String> {
    let longest = (1_u32..).zip(messages).max_by_key(|(_, message)| message.text.len());
    let (number, message) = longest.filter(|(_, message)| message.text.len() > LONG_BYTES)?;
    let megabytes = message.text.len() as f64 / 1e6;
    Some(format!("message {number} has {megabytes:.1} MB of text; it was kept whole"))
}

/// Senders of messages, by their first.
pub(super) fn participants(messages: &[Message]) -> Vec<String> {
    let mut seen = HashSet::new();
    let senders = messages.iter().filter_map(|message| message.sender.as_ref());
    senders.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

#[cfg(test)]
#[path = "chat_text_tests.rs"]
mod tests;
