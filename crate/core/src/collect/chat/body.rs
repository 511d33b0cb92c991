//! What one message carries and says: attachment, omitted medium, place, poll,
//! marks of editing and deletion.

use std::collections::{HashMap, HashSet};

use super::carried::{Carried, LINE_BYTES, clean};
use super::message::MessageKind;
use super::pieces::{Piece, candidates};
use super::wording::Wording;
use super::{android, cards};
use crate::collect::file_names::FileNames;
use crate::collect::marks::is_mark;
use crate::collect::media_name;

/// Most `<…>` of one message that are tried as a tag, from the last to the first.
/// Chosen, not measured.
const GROUPS: usize = 8;

/// A message without its header and sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// What it is; never [`MessageKind::System`], which the sender tells.
    pub kind: MessageKind,
    /// Its text or caption.
    pub text: String,
    /// Its file.
    pub carried: Option<Carried>,
    /// Whether it was edited.
    pub edited: bool,
    /// Whether it begins with the mark that WhatsApp puts before its own
    /// words on iOS.
    pub marked: bool,
}

/// Reads a message's body, all its lines.
#[must_use]
pub fn read(body: &str, names: &FileNames, words: &Wording) -> Body {
    let body = body.trim_end();
    let marked = body.trim_start_matches(' ').starts_with(['\u{200E}', '\u{200F}']);
    let (body, edited) = without_edited(body, names, words);
    let found = |kind, text: &str| Body { kind, text: clean(text), carried: None, edited, marked };
    if let Some((carried, text)) = tagged(body, names).or_else(|| android::read(body, names, words))
    {
        return Body { carried: Some(carried), ..found(MessageKind::Ordinary, &text) };
    }
    if let Some((kind, text)) = own_words(body, words) {
        return found(kind, text);
    }
    if let Some((url, text)) = place(body, words) {
        return found(MessageKind::Location { url }, text);
    }
    if let Some(poll) = cards::poll(body) {
        return found(poll, "");
    }
    if let Some((event, text)) = cards::event(body) {
        return found(event, &text);
    }
    found(MessageKind::Ordinary, body)
}

/// What WhatsApp says in its own words, and the caption.
fn own_words<'a>(body: &'a str, words: &Wording) -> Option<(MessageKind, &'a str)> {
    // What WhatsApp cannot write out: media to be seen once, calls, messages that
    // disappeared. Some builds write "null"; people may
    // have written it as well, so it stays readable.
    if body.is_empty() || body == "null" {
        return Some((MessageKind::Omitted, body));
    }
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let last = body.rsplit('\n').next().unwrap_or(body);
    let newly = || newly_omitted(body, words);
    if !words.could_say(first) && !words.could_say(last) {
        return newly().map(|caption| (MessageKind::Omitted, caption));
    }
    if words.is_deleted(body) {
        return Some((MessageKind::Deleted, body));
    }
    if words.is_call(body) {
        return Some((MessageKind::Call, body));
    }
    if words.is_once(body) {
        return Some((MessageKind::Omitted, ""));
    }
    if words.is_live_location(first) {
        return Some((MessageKind::LiveLocation, rest));
    }
    omitted(body, words).or_else(newly).map(|caption| (MessageKind::Omitted, caption))
}

/// The `<…>` of a text from the last to the first, but not more than
/// [`GROUPS`]: before it, inside, after it.
fn groups(body: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut end = body.len();
    let next = move || {
        let close = body[..end].rfind('>')?;
        let open = body[..close].rfind('<')?;
        end = open;
        Some((&body[..open], &body[open + 1..close], &body[close + 1..]))
    };
    let short = |(_, inner, _): &(&str, &str, &str)| inner.len() <= LINE_BYTES;
    std::iter::from_fn(next).take(GROUPS).filter(short)
}

/// Takes the trailing `<This message was edited>` off: known by its words, or
/// by the mark before it if it can be nothing else.
fn without_edited<'a>(body: &'a str, names: &FileNames, words: &Wording) -> (&'a str, bool) {
    if !body.ends_with('>') {
        return (body, false);
    }
    let Some((before, inner, "")) = groups(body).next() else { return (body, false) };
    let empty = before.trim_end_matches(is_mark).trim().is_empty();
    let marked = before.ends_with(['\u{200E}', '\u{200F}']);
    let other = inner.contains([':', '：', '/']) || file_in(inner, names).is_some();
    // Thai, Chinese and Japanese have no spaces.
    let several = inner.contains(' ') || !inner.is_ascii() && inner.chars().count() >= 4;
    let by_shape = marked && !empty && !other && several && !inner.contains('.');
    if words.is_edited(inner) || by_shape && !words.is_omitted(&body[before.len()..]) {
        return (before.trim_end_matches(is_mark).trim_end(), true);
    }
    (body, false)
}

/// iOS: `<attached: FILE>` in any language, or `FILE <attached>` until 2017. The
/// last `<…>` that is such a tag counts: people may write brackets, too.
fn tagged(body: &str, names: &FileNames) -> Option<(Carried, String)> {
    groups(body).find_map(|(before, inner, after)| {
        let file = file_in(inner, names);
        match file {
            Some(carried) => Some((carried, beside(before, after))),
            None => old_tag(before, inner, after, names),
        }
    })
}

/// What stands around an attachment, as one text.
fn beside(before: &str, after: &str) -> String {
    let before = before.trim_end_matches(is_mark).trim_end();
    let after = after.trim_end();
    let space = if after.starts_with(char::is_whitespace) { "" } else { " " };
    format!("{before}{space}{after}")
}

/// The name stands before the tag, on the same line.
fn old_tag(before: &str, inner: &str, after: &str, names: &FileNames) -> Option<(Carried, String)> {
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let name = before[start..].trim_matches(is_mark).trim();
    let rest = || format!("{}{after}", &before[..start]);
    let id = (name.len() <= LINE_BYTES).then(|| names.find(name)).flatten();
    if let Some(id) = id.filter(|_| !name.is_empty()) {
        return Some((Carried::Here(id), rest()));
    }
    // If the file is missing, only a name of the old pattern before one word is certain.
    let sure = !inner.contains(' ') && media_name::read(name).is_some();
    sure.then(|| (Carried::Missing(clean(name)), rest()))
}

/// The file inside a tag: all of it, what follows its colon, or what stands
/// before its last word.
fn file_in(inner: &str, names: &FileNames) -> Option<Carried> {
    let mut candidates = vec![inner];
    candidates.extend(inner.split_once([':', '：']).map(|(_, name)| name));
    candidates.extend(inner.rsplit_once([':', '：']).map(|(_, name)| name));
    candidates.extend(inner.rsplit_once(' ').map(|(name, _)| name));
    candidates.extend(inner.split_once(' ').map(|(_, name)| name));
    if let Some(id) = candidates.iter().find_map(|name| names.find(name)) {
        return Some(Carried::Here(id));
    }
    let sure =
        candidates[1..].iter().find(|name| media_name::read(clean(name).as_str()).is_some())?;
    Some(Carried::Missing(clean(sure)))
}

/// The caption of something that was left out and that the tables do not know:
/// `<…>` alone on the first line, or words behind the last mark of the last one.
fn newly_omitted<'a>(body: &'a str, words: &Wording) -> Option<&'a str> {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let first = first.trim_matches(is_mark).trim();
    let inner = first.strip_prefix('<').and_then(|inner| inner.strip_suffix('>'));
    if inner.is_some_and(|inner| !inner.contains(['<', ':']) && words.ends_as_omitted(inner)) {
        return Some(rest);
    }
    let start = body.rfind('\n').map_or(0, |at| at + 1);
    let (at, mark) = body[start..].char_indices().rfind(|(_, letter)| is_mark(*letter))?;
    let at = start + at;
    let told = &body[at + mark.len_utf8()..];
    let own = matches!(mark, '\u{200E}' | '\u{200F}') && !told.contains(['<', ':']);
    (own && words.ends_as_omitted(told)).then(|| &body[..at])
}

/// The phrases in `<…>` that end messages of several people: WhatsApp's mark of an
/// edited message in a language that is not known.
pub(super) fn edited_words<'a>(pieces: &[Piece<'a>], words: &Wording) -> Vec<&'a str> {
    /// Fewest messages that end so. Chosen, not measured.
    const FEWEST: u32 = 3;
    let mut found: HashMap<&'a str, (u32, HashSet<&'a str>)> = HashMap::new();
    for piece in pieces {
        let rest = piece.rest.trim_end();
        let Some((sender, body)) = candidates(rest).next().filter(|_| rest.ends_with('>')) else {
            continue;
        };
        let Some((before, inner, "")) = groups(body).next() else { continue };
        let alone = before.trim_matches(|c: char| is_mark(c) || c.is_whitespace()).is_empty();
        let several = inner.contains(' ') || !inner.is_ascii() && inner.chars().count() >= 4;
        let other = inner.contains([':', '：', '/', '@']) || words.ends_as_omitted(inner);
        if !alone && several && !other {
            let entry = found.entry(inner).or_default();
            entry.0 += 1;
            entry.1.insert(sender);
        }
    }
    let often = |entry: &(&str, (u32, HashSet<&str>))| entry.1.0 >= FEWEST && entry.1.1.len() >= 2;
    found.into_iter().filter(often).map(|(phrase, _)| phrase).collect()
}

/// The caption of a medium that was left out; captions stand before the words
/// (iOS) or on the lines after them (Android).
fn omitted<'a>(body: &'a str, words: &Wording) -> Option<&'a str> {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    if words.is_omitted(first) {
        return Some(rest);
    }
    let start = body.rfind('\n').map_or(0, |at| at + 1);
    let last = &body[start..];
    if start > 0 && words.is_omitted(last) {
        return Some(&body[..start]);
    }
    // At the end of a line: after the mark, or at one of the last words.
    let tail = &last[last.ceil_char_boundary(last.len().saturating_sub(240))..];
    let offset = body.len() - tail.len();
    let ends = tail.char_indices().rev().filter(|(_, c)| *c == ' ' || is_mark(*c)).take(8);
    let mut starts = ends.map(|(at, letter)| offset + at + letter.len_utf8());
    let found = starts.find(|at| words.is_omitted(&body[*at..]))?;
    Some(&body[..found])
}

/// A link to a map, and the words around it.
fn place<'a>(body: &'a str, words: &Wording) -> Option<(String, &'a str)> {
    const MAPS: [&str; 4] =
        ["maps.google.com/", "foursquare.com/v/", "www.google.com/maps", "maps.app.goo.gl/"];
    let at = body.rfind("http")?;
    let link = body[at..].trim_end_matches(is_mark);
    let bare = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"))?;
    let one = !link.contains(char::is_whitespace) && link.len() < 2000;
    if !one || !MAPS.iter().any(|host| bare.starts_with(host)) {
        return None;
    }
    let before = body[..at].trim_end_matches(is_mark).trim();
    let label = before.ends_with([':', '：']);
    if !label && !before.is_empty() && !before.contains('\n') && !body[..at].ends_with('\n') {
        return None; // A link in somebody's sentence.
    }
    let name = before.trim_end_matches([':', '：', ' ']);
    let word = name.trim_start_matches(is_mark);
    let only_label = words.is_place_label(name) || label && word.split_whitespace().count() == 1;
    let google = bare.starts_with("maps.google.com/");
    let text = if only_label && (google || words.is_place_label(name)) { "" } else { name };
    Some((format!("https://{bare}"), text))
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
