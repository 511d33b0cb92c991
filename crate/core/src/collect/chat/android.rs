//! Attachments as Android writes them: the file's name beside words in
//! brackets.

use std::collections::{HashMap, HashSet};

use super::carried::{Carried, LINE_BYTES, clean};
use super::pieces::{Piece, candidates};
use super::wording::Wording;
use crate::collect::file_names::FileNames;
use crate::collect::marks::is_mark;
use crate::collect::media_name;

/// The file that a message carries, and its caption: the file's line is the
/// first one, and with WhatsApp's own words also the last one.
#[must_use]
pub fn read(body: &str, names: &FileNames, words: &Wording) -> Option<(Carried, String)> {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    if let Some(found) = first_line(first, rest, names, words) {
        return Some(found);
    }
    let (before, last) = body.rsplit_once('\n')?;
    let (carried, beside) = by_words(last, names, words)?;
    Some((carried, format!("{before}\n{beside}")))
}

/// `FILE (words)` on the first line; two languages write words without
/// brackets, before or after.
fn first_line(
    line: &str,
    rest: &str,
    names: &FileNames,
    words: &Wording,
) -> Option<(Carried, String)> {
    if line.len() > LINE_BYTES {
        return None;
    }
    let line = line.trim_matches(|letter: char| is_mark(letter) || letter.is_whitespace());
    if line.ends_with([')', '）']) {
        if let Some((carried, beside)) = bracketed(line, names) {
            let rest = without_title(rest, line);
            // Words that WhatsApp does not use are somebody's own.
            return Some(match words.is_attached(inner(beside)) {
                true => (carried, rest),
                false => (carried, format!("{beside}\n{rest}")),
            });
        }
    } else if line.contains('.')
        && line.contains(' ')
        && !line.contains("://")
        && let Some(carried) = beside_words(line, names)
    {
        return Some((carried, without_title(rest, line)));
    }
    let (carried, beside) = by_words(line, names, words)?;
    Some((carried, format!("{beside}\n{}", without_title(rest, line))))
}

/// Any words in brackets behind the name of a file that is there, or of one that
/// only WhatsApp names so; and those words with their brackets.
fn bracketed<'a>(line: &'a str, names: &FileNames) -> Option<(Carried, &'a str)> {
    let before =
        || line.rmatch_indices(['(', '（']).map(|(at, _)| (line[..at].trim_end(), &line[at..]));
    let there = |(name, words): (&str, &'a str)| {
        Some((Carried::Here(names.find(name).or_else(|| names.find_stem(name))?), words))
    };
    if let Some(found) = before().find_map(there) {
        return Some(found);
    }
    let named = |(name, words): (&str, &'a str)| {
        let name = clean(name);
        media_name::read(&name).is_some().then_some((Carried::Missing(name), words))
    };
    before().find_map(named)
}

/// Words without the brackets around them.
fn inner(words: &str) -> &str {
    words.trim_start_matches(['(', '（']).trim_end_matches([')', '）'])
}

/// Most words that say that a file is attached. Those known have at most five.
const ATTACHED_WORDS: usize = 6;

/// The words in brackets that stand behind the names of two files or more: they are
/// WhatsApp's, whatever the language.
pub(super) fn attached_words(pieces: &[Piece<'_>], names: &FileNames) -> Vec<String> {
    let mut files: HashMap<&str, Carried> = HashMap::new();
    let mut found = HashSet::new();
    for piece in pieces {
        let line = piece.rest.lines().next().unwrap_or_default().trim_end();
        if line.len() > LINE_BYTES || !line.ends_with([')', '）']) {
            continue;
        }
        for (_, body) in candidates(piece.rest) {
            let body = body.lines().next().unwrap_or_default();
            let body = body.trim_matches(|c: char| is_mark(c) || c.is_whitespace());
            let Some((carried, words)) = bracketed(body, names) else { continue };
            if words.split_whitespace().count() <= ATTACHED_WORDS
                && *files.entry(words).or_insert_with(|| carried.clone()) != carried
            {
                found.insert(inner(words).to_string());
            }
        }
    }
    found.into_iter().collect()
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

/// WhatsApp's own words beside a name make it an attachment wherever in the
/// line both stand; the rest of the line is caption.
fn by_words(line: &str, names: &FileNames, words: &Wording) -> Option<(Carried, String)> {
    // Only other scripts do without brackets.
    let bare = !line.is_ascii() && line.contains('.');
    if line.len() > LINE_BYTES || !bare && !line.contains(['(', '（']) {
        return None;
    }
    let line = clean(line);
    let opens = line.match_indices(['(', '（']);
    let bracketed = opens.filter_map(|(open, bracket)| {
        let inner = &line[open + bracket.len()..];
        let close = inner.find([')', '）'])?;
        if !words.is_attached(&inner[..close]) {
            return None;
        }
        let after = inner[close..].trim_start_matches([')', '）']);
        let (before, carried) = file_at_end(line[..open].trim_end(), names)?;
        Some((carried, format!("{} {}", before.trim_end(), after.trim_start())))
    });
    bracketed.into_iter().next().or_else(|| by_bare_words(&line, names, words))
}

/// As [`by_words`], in the languages without brackets.
fn by_bare_words(line: &str, names: &FileNames, words: &Wording) -> Option<(Carried, String)> {
    let joined = |before: &str, after: &str| format!("{} {}", before.trim_end(), after.trim());
    words.unbracketed().find_map(|(first, last)| {
        if first.is_empty() {
            let (head, after) = line.split_once(last)?;
            let (before, carried) = file_at_end(head.trim_end(), names)?;
            return Some((carried, joined(before, after)));
        }
        let (before, tail) = line.split_once(first)?;
        let (carried, after) = file_at_start(tail.trim_start(), names)?;
        Some((carried, joined(before, after)))
    })
}

/// The file whose name a text ends with, and the text before it.
fn file_at_end<'a>(text: &'a str, names: &FileNames) -> Option<(&'a str, Carried)> {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    let there = |name: &str| names.find(name).or_else(|| names.find_stem(name));
    let here = |at: usize| Some((&text[..at], Carried::Here(there(&text[at..])?)));
    if let Some(found) = starts.clone().find_map(here) {
        return Some(found);
    }
    // The words vouch for a name that is not there.
    let missing = |at: usize| {
        let name = clean(&text[at..]);
        let known = media_name::read(&name).is_some() || at == 0 && has_extension(&name);
        known.then(|| (&text[..at], Carried::Missing(name)))
    };
    starts.into_iter().find_map(missing)
}

/// The file whose name a text begins with, and the text after it.
fn file_at_start<'a>(text: &'a str, names: &FileNames) -> Option<(Carried, &'a str)> {
    let ends = text.rmatch_indices(' ').map(|(at, _)| at);
    let mut ends = std::iter::once(text.len()).chain(ends);
    ends.find_map(|at| Some((Carried::Here(names.find(&text[..at])?), &text[at..])))
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty()
            && (1..=5).contains(&end.len())
            && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
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
