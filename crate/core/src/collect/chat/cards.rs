//! Messages that are a card: polls and events, known by their shape.

use super::carried::clean;
use super::message::MessageKind;

/// A poll in any language: a heading in capitals with a colon, the question,
/// and at least two options that all begin with one word in capitals.
#[must_use]
pub fn poll(body: &str) -> Option<MessageKind> {
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
    (all && first > 0 && options.len() >= 2).then_some(MessageKind::Poll { question, options })
}

/// An event in any language: a label in capitals and its title, and on a later
/// line of its own the start, in milliseconds since 1970. Its other lines are
/// the text.
#[must_use]
pub fn event(body: &str) -> Option<(MessageKind, String)> {
    let (heading, rest) = body.split_once('\n')?;
    let heading = clean(heading);
    let (label, title) = heading.split_once([':', '：'])?;
    if !is_label(label) || title.trim().is_empty() {
        return None;
    }
    let mut start = None;
    let mut others = Vec::new();
    for line in rest.lines().map(clean) {
        match milliseconds(&line) {
            Some(found) if start.is_none() => start = Some(found.div_euclid(1000)),
            _ => others.push(line),
        }
    }
    let event = MessageKind::Event { title: title.trim().to_string(), start: Some(start?) };
    Some((event, others.join("\n")))
}

/// `Event Start time: 1765279800000`: thirteen digits after the last colon.
fn milliseconds(line: &str) -> Option<i64> {
    let (label, number) = line.rsplit_once([':', '：'])?;
    let number = number.trim();
    let digits = number.len() == 13 && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && label.contains(char::is_alphabetic) { number.parse().ok() } else { None }
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
