//! What one message carries and says: attachment, omitted medium, place, poll,
//! marks of editing and deletion.

use super::MessageKind;
use super::chat_header::is_mark;
use super::file_names::FileNames;
use super::media_name;
use super::wording::Wording;
use crate::model::ItemId;

/// Longest first line that may be an attachment, in bytes: a file name has at
/// most 255 characters.
const LINE_BYTES: usize = 1200;

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// It is in the export.
    Here(ItemId),
    /// The message names it beyond doubt, but the export lacks it.
    Missing(String),
}

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
    if let Some((carried, text)) = tagged(body, names).or_else(|| named_first(body, names)) {
        return Body { carried: Some(carried), ..found(MessageKind::Ordinary, &text) };
    }
    if words.is_deleted(body) {
        return found(MessageKind::Deleted, body);
    }
    if let Some(caption) = omitted(body, words) {
        return found(MessageKind::Omitted, caption);
    }
    if let Some((url, text)) = place(body, words) {
        return found(MessageKind::Location { url }, text);
    }
    if let Some(poll) = poll(body) {
        return found(poll, "");
    }
    found(MessageKind::Ordinary, body)
}

/// A text without invisible marks and carriage returns.
#[must_use]
pub fn clean(text: &str) -> String {
    let gone = |letter: char| is_mark(letter) || letter == '\r';
    if text.contains(gone) {
        text.chars().filter(|letter| !gone(*letter)).collect::<String>().trim().to_string()
    } else {
        text.trim().to_string()
    }
}

/// The last `<…>` of a text: before it, inside, after it.
fn last_group(body: &str) -> Option<(&str, &str, &str)> {
    let close = body.rfind('>')?;
    let open = body[..close].rfind('<')?;
    let inner = &body[open + 1..close];
    (inner.len() <= LINE_BYTES).then(|| (&body[..open], inner, &body[close + 1..]))
}

/// Takes the trailing `<This message was edited>` off: known by its words, or
/// by the mark before it if it can be nothing else.
fn without_edited<'a>(body: &'a str, names: &FileNames, words: &Wording) -> (&'a str, bool) {
    if !body.ends_with('>') {
        return (body, false);
    }
    let Some((before, inner, "")) = last_group(body) else { return (body, false) };
    let empty = before.trim_end_matches(is_mark).trim().is_empty();
    let marked = before.ends_with(['\u{200E}', '\u{200F}']);
    let other = inner.contains([':', '：', '/']) || file_in(inner, names).is_some();
    let by_shape = marked && !empty && !other && inner.contains(' ') && !inner.contains('.');
    if words.is_edited(inner) || by_shape && !words.is_omitted(&body[before.len()..]) {
        return (before.trim_end_matches(is_mark).trim_end(), true);
    }
    (body, false)
}

/// iOS: `<attached: FILE>` in any language, or `FILE <attached>` until 2017.
fn tagged(body: &str, names: &FileNames) -> Option<(Carried, String)> {
    let (before, inner, after) = last_group(body)?;
    if let Some(carried) = file_in(inner, names) {
        return Some((
            carried,
            format!("{} {}", before.trim_end_matches(is_mark).trim_end(), after),
        ));
    }
    // Old: the name stands before the tag, on the same line.
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let name = before[start..].trim_matches(is_mark).trim();
    let rest = || format!("{}{after}", &before[..start]);
    let id = (name.len() <= LINE_BYTES).then(|| names.find(name)).flatten();
    if let Some(id) = id.filter(|_| !name.is_empty()) {
        return Some((Carried::Here(id), rest()));
    }
    // Without the file, only an old name right before one word is certain.
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

/// Android: `FILE (words)` on the first line; two languages write words
/// without brackets, before or after.
fn named_first(body: &str, names: &FileNames) -> Option<(Carried, String)> {
    let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
    if line.len() > LINE_BYTES {
        return None;
    }
    let line = line.trim_matches(|letter: char| is_mark(letter) || letter.is_whitespace());
    let carried = if line.ends_with([')', '）']) {
        bracketed(line, names)
    } else if line.contains('.') && line.contains(' ') && !line.contains("://") {
        beside_words(line, names)
    } else {
        None
    }?;
    Some((carried, without_title(rest, line)))
}

fn bracketed(line: &str, names: &FileNames) -> Option<Carried> {
    let before = || line.rmatch_indices(['(', '（']).map(|(at, _)| line[..at].trim_end());
    let there = |name: &str| names.find(name).or_else(|| names.find_stem(name));
    if let Some(id) = before().find_map(there) {
        return Some(Carried::Here(id));
    }
    let name = before().map(clean).find(|name| media_name::read(name).is_some())?;
    Some(Carried::Missing(name))
}

/// `words FILE` (Persian) and `FILE words` (Tamil). The words have no Latin
/// letters; so "see a.jpg" stays a text.
fn beside_words(line: &str, names: &FileNames) -> Option<Carried> {
    let foreign = |words: &str| {
        words.chars().any(char::is_alphabetic)
            && !words.contains(|c: char| c.is_ascii_alphanumeric())
    };
    let spaces = || line.match_indices(' ').map(|(at, _)| (&line[..at], &line[at + 1..]));
    let first = spaces().filter(|(_, words)| foreign(words)).map(|(name, _)| name);
    let last = spaces().filter(|(words, _)| foreign(words)).map(|(_, name)| name);
    let candidates: Vec<&str> = first.chain(last).collect();
    if let Some(id) = candidates.iter().find_map(|name| names.find(name)) {
        return Some(Carried::Here(id));
    }
    let name = candidates.iter().map(|name| clean(name));
    name.filter(|name| media_name::read(name).is_some()).map(Carried::Missing).next()
}

/// A document's title is repeated below its name; that is no caption.
fn without_title(rest: &str, line: &str) -> String {
    let rest = clean(rest);
    let stem = rest.rsplit_once('.').map_or(rest.as_str(), |(stem, _)| stem);
    let repeated = !stem.is_empty()
        && line
            .strip_prefix(stem)
            .is_some_and(|more| more.starts_with('.') || more.starts_with(' '));
    if repeated { String::new() } else { rest }
}

/// The caption of a medium that was left out; captions stand before the words
/// (iOS) or on the lines after them (Android).
fn omitted<'a>(body: &'a str, words: &Wording) -> Option<&'a str> {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    if words.is_omitted(first) {
        return Some(rest);
    }
    if body == "null" {
        return Some("");
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

/// A poll in any language: a heading in capitals with a colon, the question,
/// and options that all begin with one word in capitals.
fn poll(body: &str) -> Option<MessageKind> {
    let (heading, rest) = body.split_once('\n')?;
    let heading = clean(heading);
    let title = heading.strip_suffix([':', '：'])?;
    if !is_label(title) {
        return None;
    }
    let lines: Vec<String> = rest.lines().map(clean).filter(|line| !line.is_empty()).collect();
    let word = lines.last()?.split_once([':', '：'])?.0.to_string();
    if !is_label(&word) {
        return None;
    }
    let option = |line: &String| {
        let text = line.strip_prefix(word.as_str())?.strip_prefix([':', '：'])?;
        Some(votes(text.trim()))
    };
    let first = lines.iter().position(|line| option(line).is_some())?;
    let options: Vec<_> = lines[first..].iter().map_while(option).collect();
    let all = options.len() == lines.len() - first;
    let question = lines[..first].join("\n");
    (all && first > 0).then_some(MessageKind::Poll { question, options })
}

/// A short word in capitals, or in a script that has none.
fn is_label(word: &str) -> bool {
    let letters = word.chars().count();
    (1..=24).contains(&letters)
        && word.chars().any(char::is_alphabetic)
        && !word.contains(|letter: char| letter.is_lowercase() || letter.is_ascii_digit())
}

/// `Pizza (3 votes)`: the option, and how many chose it.
fn votes(text: &str) -> (String, Option<u32>) {
    let counted = text.strip_suffix(')').and_then(|inner| inner.rsplit_once('('));
    let number = counted.and_then(|(_, inside)| {
        let digits: String = inside.chars().filter(char::is_ascii_digit).collect();
        let words = inside.split_whitespace().count();
        if words == 2 { digits.parse().ok() } else { None }
    });
    match (counted, number) {
        (Some((option, _)), Some(votes)) => (option.trim().to_string(), Some(votes)),
        _ => (text.to_string(), None),
    }
}

#[cfg(test)]
#[path = "chat_body_tests.rs"]
mod tests;
