//! The text of a chat becomes messages.

use std::collections::{HashMap, HashSet};

use super::chat_body::{self, Carried};
use super::chat_header::{Header, Shape, Stamp, header, is_mark};
use super::dates::{self, Clue};
use super::file_names::{FileNames, plain};
use super::wording::Wording;
use super::{Chat, Message, MessageKind, media_name};
use crate::model::{Item, ItemId};
use crate::settings::DateOrder;

/// Longest sender, in bytes: a group's name has at most 100 characters.
const SENDER_BYTES: usize = 400;
/// Most colons that a sender's name is looked for before.
const COLONS: usize = 4;

/// What is known beside the text itself.
pub struct Context<'a> {
    /// The files that messages may carry.
    pub names: &'a FileNames,
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

/// Bytes as text: UTF-8, or UTF-16 with its mark. The number counts the places
/// that are no valid text and were replaced.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> (String, usize) {
    let units = |read: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2).map(move |pair| read([pair[0], pair[1]]));
        let mut bad = bytes.len() % 2;
        let decoded = char::decode_utf16(pairs).map(|unit| {
            unit.unwrap_or_else(|_| {
                bad += 1;
                char::REPLACEMENT_CHARACTER
            })
        });
        let text: String = decoded.collect();
        (text, bad)
    };
    if bytes.starts_with(b"\xFF\xFE") {
        return units(u16::from_le_bytes);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return units(u16::from_be_bytes);
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, 0),
        Err(error) => {
            let bad = error.as_bytes().utf8_chunks().filter(|chunk| !chunk.invalid().is_empty());
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), bad.count())
        }
    }
}

/// Reads a chat text. The order of the file is kept: it is the truth, clocks
/// are not.
#[must_use]
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    let pieces = split(text);
    let words = Wording::new();
    let senders = Senders::learn(&pieces, &context.title);
    let mut parsed = Parsed::default();
    let mut clues = Vec::with_capacity(pieces.len());
    for (index, piece) in (0..).zip(&pieces) {
        let (sender, body) = senders.part(piece.rest);
        let body = chat_body::read(body, context.names, &words);
        clues.push(clue(&piece.stamp, body.carried.as_ref(), context.items));
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
    parsed.chat.dates = dates::read(&clues, context.order);
    let order = parsed.chat.dates.order;
    for (message, piece) in parsed.chat.messages.iter_mut().zip(&pieces) {
        message.time = order.and_then(|order| dates::wall(&piece.stamp, order));
    }
    parsed.chat.participants = participants(&parsed.chat.messages);
    parsed.chat.title = senders.title();
    parsed
}

/// A message before it is understood.
struct Piece<'a> {
    stamp: Stamp,
    shape: Shape,
    /// Sender and body, all lines.
    rest: &'a str,
}

/// Splits a text at its headers. All of them have the shape of the first line,
/// or of most lines if the text begins in the middle of a message; a line with
/// another shape was pasted by somebody.
fn split(text: &str) -> Vec<Piece<'_>> {
    let mut headers: Vec<(usize, Header<'_>)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(header) = header(line) {
            headers.push((at, header));
        }
        at += line.len();
    }
    let begins = |(at, _): &&(usize, Header<'_>)| text[..*at].trim().is_empty();
    let first = headers.first().filter(begins).map(|(_, header)| header.shape);
    let Some(shape) = first.or_else(|| most_frequent(&headers)) else { return Vec::new() };
    headers.retain(|(_, header)| header.shape == shape);
    let ends = headers.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let piece = |((at, header), end): (&(usize, Header<'_>), usize)| {
        // `rest` is a part of `text`; it goes on to the next header.
        let line_end = text[*at..].find('\n').map_or(text.len(), |length| at + length + 1);
        let start = line_end - header.rest.len();
        Piece { stamp: header.stamp, shape, rest: &text[start..end] }
    };
    headers.iter().zip(ends).map(piece).collect()
}

fn most_frequent(headers: &[(usize, Header<'_>)]) -> Option<Shape> {
    let mut counts: Vec<(Shape, usize)> = Vec::new();
    for (_, header) in headers {
        match counts.iter_mut().find(|(shape, _)| *shape == header.shape) {
            Some((_, count)) => *count += 1,
            None => counts.push((header.shape, 1)),
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(shape, _)| shape)
}

fn clue(stamp: &Stamp, carried: Option<&Carried>, items: &[Item]) -> Clue {
    let item = |id: &ItemId| items.get(id.0 as usize);
    let (named, changed) = match carried {
        Some(Carried::Here(id)) => (
            item(id).and_then(|item| media_name::day(item.name())),
            item(id).and_then(|item| i32::try_from(item.modified?.div_euclid(86_400)).ok()),
        ),
        Some(Carried::Missing(name)) => (media_name::day(name), None),
        None => (None, None),
    };
    Clue { date: stamp.date, named, changed }
}

fn participants(messages: &[Message]) -> Vec<String> {
    let mut seen = HashSet::new();
    let senders = messages.iter().filter_map(|message| message.sender.as_ref());
    senders.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

/// Who writes in this chat, learnt from the whole file before it is read.
struct Senders<'a> {
    /// How many messages could be by a name.
    counts: HashMap<&'a str, u32>,
    /// Names before WhatsApp's own mark: certain to end there.
    certain: HashSet<&'a str>,
    /// Names that write messages without that mark.
    writers: HashSet<&'a str>,
    /// The spelling to show, by the spelling to compare.
    shown: HashMap<String, &'a str>,
    /// The name of the chat, which signs system messages on iOS.
    chat: String,
    title: String,
}

impl<'a> Senders<'a> {
    fn learn(pieces: &[Piece<'a>], title: &str) -> Self {
        let mut senders = Self {
            counts: HashMap::new(),
            certain: HashSet::new(),
            writers: HashSet::new(),
            shown: HashMap::new(),
            chat: title.to_string(),
            title: title.to_string(),
        };
        for piece in pieces {
            for (name, body) in candidates(piece.rest) {
                *senders.counts.entry(name).or_default() += 1;
                if body.starts_with(['\u{200E}', '\u{200F}']) {
                    senders.certain.insert(name);
                }
            }
        }
        for piece in pieces {
            if let (Some(name), body) = senders.part(piece.rest) {
                senders.shown.entry(plain(name).into_owned()).or_insert(name);
                if !body.starts_with(['\u{200E}', '\u{200F}']) {
                    senders.writers.insert(name);
                }
            }
        }
        senders.find_chat_name(pieces);
        senders
    }

    /// An export of iOS begins with a message signed by the chat itself.
    fn find_chat_name(&mut self, pieces: &[Piece<'a>]) {
        let Some(piece) = pieces.first() else { return };
        if let (Some(name), body) = self.part(piece.rest)
            && body.starts_with(['\u{200E}', '\u{200F}'])
            && !body.contains(['<', '\n'])
        {
            self.chat = plain(name).into_owned();
            if self.title.is_empty() {
                self.title.clone_from(&self.chat);
            }
        }
    }

    /// Sender and body; no sender for system lines.
    fn part<'b>(&self, rest: &'b str) -> (Option<&'b str>, &'b str) {
        let mut best: Option<(&str, &str)> = None;
        for (name, body) in candidates(rest) {
            let better = match best {
                None => true,
                Some((_, body)) if is_tag(body) => false,
                Some((shorter, _)) => self.is_longer_name(shorter, name),
            };
            if better {
                best = Some((name, body));
            }
        }
        match best {
            Some((name, _)) if self.is_sentence(name) => (None, rest),
            Some((name, body)) => (Some(name), body),
            None => self.unspaced(rest).map_or((None, rest), |(name, body)| (Some(name), body)),
        }
    }

    /// Whether the name goes on after its first colon ("ACME: Support"): the
    /// chat has that name, WhatsApp's mark follows it, or everything that
    /// begins so goes on so.
    fn is_longer_name(&self, shorter: &str, longer: &str) -> bool {
        let count = |name| self.counts.get(name).copied().unwrap_or(0);
        let alike = |name: &str| name.replace([':', '_', ' '], "");
        self.certain.contains(longer)
            || !self.title.is_empty() && alike(longer) == alike(&self.title)
            || count(longer) >= 2 && count(longer) == count(shorter)
    }

    /// A system line of Android may hold a colon: `You changed the name to "A: b"`.
    fn is_sentence(&self, name: &str) -> bool {
        name.contains(['"', '“', '”', '«', '»', '„']) && self.counts.get(name) == Some(&1)
    }

    /// A colon without a space behind it ends only a name that is known, or
    /// begins an attachment.
    fn unspaced<'b>(&self, rest: &'b str) -> Option<(&'b str, &'b str)> {
        let line = rest.lines().next()?.trim_start_matches(is_mark);
        let (name, body) = line.split_once(':')?;
        let known = self.counts.contains_key(name);
        let tag = body.trim_start_matches(is_mark).starts_with('<');
        let empty = body.trim().is_empty() && !name.contains(['"', '“', '”']);
        let start = rest.len() - rest.trim_start_matches(is_mark).len() + name.len() + 1;
        (name.len() <= SENDER_BYTES && (known || tag || empty)).then(|| (name, &rest[start..]))
    }

    /// Whether WhatsApp wrote this in somebody's name.
    fn is_system(&self, name: &str, body: &chat_body::Body) -> bool {
        let own = matches!(body.kind, MessageKind::Ordinary) && body.carried.is_none();
        own && body.marked && (plain(name) == self.chat || !self.writers.contains(name))
    }

    /// One spelling for one person.
    fn display(&self, name: &str) -> String {
        (*self.shown.get(plain(name).as_ref()).unwrap_or(&name)).to_string()
    }

    fn title(self) -> String {
        self.title
    }
}

/// Whether a body begins with WhatsApp's own tag, `<attached: …>`. Its colon
/// ends no name, although everything that somebody sends who only sends photos
/// goes on so. A `<` that is closed before the colon may belong to a name.
fn is_tag(body: &str) -> bool {
    let text = body.trim_start_matches(is_mark);
    let before_colon = text.split(':').next().unwrap_or(text);
    before_colon.starts_with('<') && !before_colon.contains('>')
}

/// The places where a sender may end and the body begins: each `: ` of the
/// first line.
fn candidates(rest: &str) -> impl Iterator<Item = (&str, &str)> {
    let rest = rest.trim_start_matches(is_mark);
    let head = &rest[..rest.floor_char_boundary(SENDER_BYTES + 2)];
    let line = head.split(['\n', '\r']).next().unwrap_or(head);
    let ends = line.match_indices(':').filter_map(move |(at, _)| {
        let body = rest[at + 1..].strip_prefix([' ', '\u{A0}'])?;
        (at > 0).then(|| (&rest[..at], body))
    });
    ends.take(COLONS)
}

#[cfg(test)]
#[path = "chat_text_tests.rs"]
mod tests;
