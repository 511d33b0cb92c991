//! The chat's name, from the name of its file, folder or zip.

use super::wording::{ANDROID, rows};
use crate::collect::file_names::plain;

/// Names of files that do not name a chat.
const GENERIC: [&str; 6] = ["_chat", "chat", "messages", "index", "export", "msg"];

/// The chat's name from the path of its text (`Family/_chat.txt`) and, if it
/// lay in a zip, the zip's name. Empty if neither tells.
#[must_use]
pub fn title(text_path: &str, zip: Option<&str>) -> String {
    let mut names: Vec<&str> = text_path.rsplit('/').collect();
    names.extend(zip.map(|zip| zip.rsplit('/').next().unwrap_or(zip)));
    if let Some(found) = names.iter().find_map(|name| known(&stem(name))) {
        return found;
    }
    // No known name: the file's own, or the one of what it lies in.
    let telling =
        |name: &String| !name.is_empty() && !GENERIC.contains(&name.to_lowercase().as_str());
    let own = stem(names[0]);
    let around = names.get(1).map(|name| stem(name));
    [Some(own), around].into_iter().flatten().find(telling).unwrap_or_default()
}

/// Whether a file's name is one that WhatsApp gives to a chat.
#[must_use]
pub fn is_known(name: &str) -> bool {
    known(&stem(name)).is_some()
}

/// Without extension and without what browsers add to a second download.
fn stem(name: &str) -> String {
    let name = plain(name);
    let lower = name.to_lowercase();
    let stem = match lower.strip_suffix(".txt").or_else(|| lower.strip_suffix(".zip")) {
        Some(short) if name.is_char_boundary(short.len()) => &name[..short.len()],
        _ => &name,
    };
    let counted = stem.strip_suffix(')').and_then(|inner| inner.rsplit_once(" ("));
    match counted {
        Some((before, digits)) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            before.into()
        }
        _ => stem.trim().to_string(),
    }
}

/// What stands in the place of the name in one of WhatsApp's patterns.
fn known(name: &str) -> Option<String> {
    // Some systems put `_` for spaces; then the pattern has them too.
    let spaced = name.replace('_', " ");
    let fits = |text: &str, pattern: &str| {
        let (before, after) = pattern.split_once("%s")?;
        let inner = strip_start(text, before)?.strip_suffix(after)?.trim();
        (!inner.is_empty()).then(|| inner.to_string())
    };
    let fixed = ["WhatsApp Chat - %s", "WhatsApp-Chat - %s", "WhatsApp Chat with %s"];
    let patterns = || fixed.into_iter().chain(rows(ANDROID).map(|columns| columns[5]));
    let best = |text: &str| {
        // The most specific pattern leaves the shortest title.
        patterns().filter_map(|pattern| fits(text, pattern)).min_by_key(String::len)
    };
    best(name)
        .or_else(|| if name.contains(' ') { None } else { best(&spaced) })
        .or_else(|| other_language(name))
}

/// iOS in other languages: words with "WhatsApp" among them, then ` - `.
fn other_language(name: &str) -> Option<String> {
    let (words, title) = name.split_once(" - ")?;
    let ours = words.contains("WhatsApp") && !title.trim().is_empty();
    ours.then(|| title.trim().to_string())
}

fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, zip: Option<&str>, want: &str) {
        assert_eq!(title(path, zip), want, "{path} in {zip:?}");
    }

    #[test]
    fn strips_every_known_name() {
        for columns in rows(ANDROID) {
            check(&format!("{}.txt", columns[5].replace("%s", "Müller & Co")), None, "Müller & Co");
        }
        check("WhatsApp_Chat_with_Bob.txt", None, "Bob");
        check("WhatsApp Chat with Bob (1).txt", None, "Bob");
        check("_chat.txt", Some("WhatsApp Chat - Family.zip"), "Family");
        check("_chat.txt", Some("downloads/Chat de WhatsApp - Ana.zip"), "Ana");
        check("WhatsApp Chat - Family/_chat.txt", None, "Family");
    }

    #[test]
    fn falls_back_on_what_it_lies_in() {
        check("Holidays/_chat.txt", None, "Holidays");
        check("_chat.txt", Some("Holidays.zip"), "Holidays");
        check("_chat.txt", None, "");
        check("Bob and me.txt", None, "Bob and me");
    }
}
