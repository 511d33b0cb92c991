//! Who writes in a chat: where a sender ends and the message begins, and which
//! messages are WhatsApp's own.

use std::collections::{HashMap, HashSet};

use super::body as chat_body;
use super::header::Enclosure;
use super::message::MessageKind;
use super::pieces::{Piece, SENDER_BYTES, candidates};
use crate::collect::file_names::plain;
use crate::collect::marks::is_mark;
use crate::collect::media_name;

/// Who writes in this chat, learnt from the whole file before it is read.
pub(super) struct Senders<'a> {
    /// How many messages could be from a name.
    counts: HashMap<&'a str, u32>,
    /// Names that are followed by WhatsApp's own mark, and so certainly end there.
    certain: HashSet<&'a str>,
    /// Names with a colon in them, by what the whole chat tells; `false`: it is a
    /// name and a word before a colon.
    longer: HashMap<&'a str, bool>,
    /// Names that are followed by words without that mark.
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
            longer: HashMap::new(),
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
        senders.longer = senders.longer_names(pieces);
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

    /// Learns the chat's name from an export of iOS, which begins with a message
    /// signed by the chat itself. On Android system lines have no sender, and a
    /// mark is a person's own.
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
            Some((name, _)) if self.is_sentence(name) || self.is_inside(name, rest) => (None, rest),
            Some((name, body)) => (Some(name), body),
            None => self.unspaced(rest).map_or((None, rest), |(name, body)| (Some(name), body)),
        }
    }

    /// Whether a name goes on after its first colon ("ACME: Support"): if the chat
    /// has the longer name, WhatsApp's mark follows it, or all messages that begin
    /// with the shorter name go on so.
    fn is_longer_name(&self, shorter: &str, longer: &str) -> bool {
        let titled = |name| !self.title.is_empty() && letters(name).eq(letters(&self.title));
        self.certain.contains(longer)
            || titled(longer)
            || !titled(shorter) && self.longer.get(longer).copied().unwrap_or(false)
    }

    /// The names that all messages from a shorter name go on with, and whether they
    /// are names. People begin their messages with a word and a colon, too ("Note:
    /// bring keys"); what tells is a medium right behind the colon, which nothing can
    /// be written before, or a line of WhatsApp that names them.
    fn longer_names(&self, pieces: &[Piece<'a>]) -> HashMap<&'a str, bool> {
        let count = |name: &str| self.counts.get(name).copied().unwrap_or(0);
        let mut names: HashMap<&'a str, (&'a str, bool)> = HashMap::new();
        for piece in pieces {
            let mut before: Option<&str> = None;
            for (name, body) in candidates(piece.rest) {
                if let Some(shorter) = before
                    && count(name) >= 2
                    && count(name) == count(shorter)
                {
                    let entry = names.entry(name).or_insert((shorter, false));
                    entry.1 |= is_medium(body);
                }
                before = Some(name);
            }
        }
        if names.is_empty() {
            return HashMap::new();
        }
        let own = |piece: &&Piece<'a>| {
            candidates(piece.rest).next().is_none_or(|(name, _)| count(name) == 1)
        };
        let lines: Vec<&str> = pieces.iter().filter(own).map(|piece| piece.rest).collect();
        let mut labels: HashMap<String, u32> = HashMap::new();
        for (name, (shorter, _)) in &names {
            *labels.entry(label(name, shorter)).or_default() += 1;
        }
        let judge = |(name, (shorter, medium)): (&'a str, (&'a str, bool))| {
            let word = label(name, shorter);
            let named = |name: &str| lines.iter().any(|line| line.contains(name));
            let is_label =
                LABELS.contains(&word.as_str()) || labels[&word] > 1 || word.split(' ').count() > 4;
            (name, medium || named(name) || !named(shorter) && !is_label)
        };
        names.into_iter().map(judge).collect()
    }

    /// Whether it is what somebody of the chat, or the reader, did: `Ann added this
    /// group to the community: Neighbours`.
    fn is_deed(&self, name: &str) -> bool {
        const WORDS: usize = 4;
        const LONG: usize = 7;
        let words = name.split(' ').count();
        if words <= WORDS || self.counts.get(name).is_none_or(|count| *count > 3) {
            return false;
        }
        let did = |end: usize| {
            let who = &name[..end];
            let more = name[end..].split(' ').filter(|word| !word.is_empty()).count();
            more >= WORDS && (YOU.contains(&who) || self.counts.contains_key(who))
        };
        words >= LONG && self.counts.get(name) == Some(&1)
            || name.match_indices(' ').any(|(at, _)| did(at))
    }

    /// Whether the colon behind a name is that of another name further in: `Ann added
    /// ACME: Support`.
    fn is_inside(&self, name: &str, rest: &str) -> bool {
        let rest = rest.trim_start_matches(is_mark);
        let around = |longer: &str| {
            rest.match_indices(longer)
                .any(|(at, _)| (at + 1..at + longer.len()).contains(&name.len()) && at > 0)
        };
        self.counts.get(name) == Some(&1)
            && self.longer.iter().any(|(longer, is_name)| *is_name && around(longer))
    }

    /// A system line of Android may hold a colon: `You changed the name to "A: b"`.
    fn is_sentence(&self, name: &str) -> bool {
        let once = self.counts.get(name) == Some(&1);
        // "Dr. Smith" is no sentence.
        let stops = || name.split_once(". ").is_some_and(|(before, _)| before.contains(' '));
        let quotes = || name.contains(['"', '“', '”', '«', '»', '„', '「', '『']);
        // A name may begin with one, and who writes again is somebody.
        is_open(name) && (once || !name.starts_with(QUOTES))
            || self.is_deed(name)
            || once && (stops() || quotes() && name.split(' ').count() > 4)
    }

    /// Sender and body at a colon without a space behind it: only after a name that
    /// is known, or before an attachment.
    fn unspaced<'b>(&self, rest: &'b str) -> Option<(&'b str, &'b str)> {
        let line = rest.lines().next()?.trim_start_matches(is_mark);
        let (name, body) = line.split_once(':')?;
        let known = self.counts.contains_key(name);
        let tag = body.trim_start_matches(is_mark).starts_with('<');
        let empty = body.trim().is_empty() && !name.contains(['"', '“', '”']);
        let start = rest.len() - rest.trim_start_matches(is_mark).len() + name.len() + 1;
        (name.len() <= SENDER_BYTES && (known || tag || empty)).then(|| (name, &rest[start..]))
    }

    /// Whether WhatsApp wrote this in somebody's name: behind its mark, by nobody who
    /// writes otherwise, or about somebody of the chat.
    pub(super) fn is_system(&self, name: &str, body: &chat_body::Body) -> bool {
        let own = matches!(body.kind, MessageKind::Ordinary) && body.carried.is_none();
        own && body.marked
            && (plain(name) == self.chat
                || !self.writers.contains(name)
                || self.is_about(name, &body.text))
    }

    /// Whether a text tells what somebody did in the chat: it names its sender, another
    /// member, or the reader, or has a name in quotes.
    fn is_about(&self, name: &str, text: &str) -> bool {
        if text.contains(['\n', '@', '?']) || text.contains("://") {
            return false;
        }
        let text = plain(text);
        let bare =
            |name: &str| name.trim_start_matches(['~', ' ', '\u{A0}', '\u{202F}']).to_string();
        let own = bare(&plain(name));
        let begins = |start: &&str| {
            text.strip_prefix(*start).is_some_and(|rest| rest.starts_with([' ', '\'', '’']))
        };
        let others = || self.writers.iter().map(|name| bare(&plain(name)));
        let told = |name: &str| name.chars().count() >= 2 && has_word(&text, name);
        told(&own)
            || YOU.iter().any(begins)
            || text.contains(['“', '«', '„', '「'])
            || others().any(|name| told(&name))
    }

    /// One spelling for one person, without the marks that steer the direction of
    /// text.
    pub(super) fn display(&self, name: &str) -> String {
        let shown = self.shown.get(plain(name).as_ref()).unwrap_or(&name);
        shown.chars().filter(|letter| !is_mark(*letter)).collect()
    }

    pub(super) fn title(self) -> String {
        self.title
    }
}

/// What people begin a message with, before a colon. A name that goes on with one of
/// these is none.
const LABELS: [&str; 62] = [
    "note",
    "nb",
    "ps",
    "pps",
    "re",
    "fyi",
    "edit",
    "update",
    "todo",
    "info",
    "reminder",
    "question",
    "answer",
    "q",
    "a",
    "also",
    "btw",
    "tip",
    "warning",
    "important",
    "urgent",
    "link",
    "address",
    "tel",
    "phone",
    "email",
    "today",
    "tomorrow",
    "ok",
    "yes",
    "no",
    "hinweis",
    "achtung",
    "wichtig",
    "frage",
    "antwort",
    "notiz",
    "nota",
    "ojo",
    "importante",
    "pregunta",
    "respuesta",
    "remarque",
    "attention",
    "réponse",
    "rappel",
    "attenzione",
    "domanda",
    "risposta",
    "let op",
    "vraag",
    "antwoord",
    "viktigt",
    "obs",
    "huom",
    "uwaga",
    "внимание",
    "важно",
    "вопрос",
    "ответ",
    "注意",
    "ملاحظة",
];

/// How WhatsApp begins a line on what the reader did. In many languages it says so by
/// the verb alone.
const YOU: [&str; 27] = [
    "You",
    "You're",
    "You’re",
    "Your",
    "Du",
    "Sie",
    "Vous",
    "Tu",
    "Tú",
    "Usted",
    "Você",
    "Hai",
    "Je",
    "U",
    "Вы",
    "Ви",
    "Ви",
    "Kamu",
    "Anda",
    "Bạn",
    "आप",
    "আপনি",
    "คุณ",
    "شما",
    "أنت",
    "Has",
    "Siz",
];

/// What stands between a shorter name and the colon behind a longer one.
fn label(longer: &str, shorter: &str) -> String {
    longer[shorter.len()..].trim_start_matches(':').trim().to_lowercase()
}

/// Whether a body begins with a medium: WhatsApp's brackets, or a name of its pattern.
fn is_medium(body: &str) -> bool {
    let body = body.trim_start_matches(is_mark);
    let line = body.lines().next().unwrap_or_default().trim_end();
    let first = line.split([' ', '\u{A0}']).next().unwrap_or_default();
    line.starts_with('<') && line.ends_with('>')
        || line.ends_with(')') && media_name::read(first).is_some()
}

/// Whether a text holds a name that no letter goes on.
fn has_word(text: &str, name: &str) -> bool {
    let outer = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    text.match_indices(name).any(|(at, _)| {
        outer(text[..at].chars().next_back()) && outer(text[at + name.len()..].chars().next())
    })
}

/// Marks of quotations, of either side.
const QUOTES: [char; 12] = ['"', '“', '”', '„', '‟', '«', '»', '「', '」', '『', '』', '＂'];

/// Whether quotes are left open: the colon behind it is inside of them. A quote
/// between two letters is a part of a word (Hebrew `ד"ר`).
fn is_open(name: &str) -> bool {
    let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let inside = |at: usize, quote: &str| {
        letter(name[..at].chars().next_back()) && letter(name[at + quote.len()..].chars().next())
    };
    let quotes = name.match_indices(QUOTES).filter(|(at, quote)| !inside(*at, quote));
    quotes.count() % 2 == 1
}

/// A name without what file systems change in it.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !matches!(letter, ':' | '_' | ' '))
}

/// Whether a body begins with WhatsApp's own tag, `<attached: …>`. Its colon ends
/// no name, although everything from somebody who sends nothing but photos goes on
/// so. A `<` that is closed before the colon may belong to a name.
fn is_tag(body: &str) -> bool {
    let text = body.trim_start_matches(is_mark);
    let before_colon = text.split(':').next().unwrap_or(text);
    before_colon.starts_with('<') && !before_colon.contains('>')
}
