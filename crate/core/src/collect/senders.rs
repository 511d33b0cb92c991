//! Who writes in a chat: where a sender ends and the message begins, and which
//! messages are WhatsApp's own.

use std::collections::{HashMap, HashSet};

use super::chat_header::{Enclosure, is_mark};
use super::file_names::plain;
use super::pieces::Piece;
use super::{MessageKind, chat_body};

/// Longest sender, in bytes: a group's name has at most 100 characters.
const SENDER_BYTES: usize = 400;
/// Most colons that a sender's name is looked for before.
const COLONS: usize = 4;

/// Who writes in this chat, learnt from the whole file before it is read.
pub(super) struct Senders<'a> {
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
    pub(super) fn learn(pieces: &[Piece<'a>], title: &str) -> Self {
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
                let plain = plain(name);
                if !senders.shown.contains_key(plain.as_ref()) {
                    senders.shown.insert(plain.into_owned(), name);
                }
                if !body.starts_with(['\u{200E}', '\u{200F}']) {
                    senders.writers.insert(name);
                }
            }
        }
        senders.find_chat_name(pieces);
        senders
    }

    /// An export of iOS begins with a message signed by the chat itself; on
    /// Android system lines have no sender, and a mark is only somebody's own.
    fn find_chat_name(&mut self, pieces: &[Piece<'a>]) {
        let ios = |piece: &&Piece<'_>| piece.shape.enclosure == Enclosure::Bracket;
        let Some(piece) = pieces.first().filter(ios) else { return };
        if let (Some(name), body) = self.part(piece.rest)
            && body.starts_with(['\u{200E}', '\u{200F}'])
            && !body.trim_end().contains(['<', '\n'])
        {
            self.chat = plain(name).into_owned();
            if self.title.is_empty() {
                self.title.clone_from(&self.chat);
            }
        }
    }

    /// Sender and body; no sender for system lines.
    pub(super) fn part<'b>(&self, rest: &'b str) -> (Option<&'b str>, &'b str) {
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
        self.certain.contains(longer)
            || !self.title.is_empty() && letters(longer).eq(letters(&self.title))
            || count(longer) >= 2 && count(longer) == count(shorter)
    }

    /// A system line of Android may hold a colon: `You changed the name to "A: b"`.
    fn is_sentence(&self, name: &str) -> bool {
        let sentence = name.contains(['"', '“', '”', '«', '»', '„']) || name.contains(". ");
        sentence && self.counts.get(name) == Some(&1)
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
    pub(super) fn is_system(&self, name: &str, body: &chat_body::Body) -> bool {
        let own = matches!(body.kind, MessageKind::Ordinary) && body.carried.is_none();
        own && body.marked && (plain(name) == self.chat || !self.writers.contains(name))
    }

    /// One spelling for one person, without the marks that only steer the
    /// direction of text: those before it are gone already.
    pub(super) fn display(&self, name: &str) -> String {
        let shown = self.shown.get(plain(name).as_ref()).unwrap_or(&name);
        shown.chars().filter(|letter| !is_mark(*letter)).collect()
    }

    pub(super) fn title(self) -> String {
        self.title
    }
}

/// A name without what file systems change in it.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !matches!(letter, ':' | '_' | ' '))
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
