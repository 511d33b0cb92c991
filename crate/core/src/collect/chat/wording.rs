//! WhatsApp's own words for what is not in an export (omitted, deleted and edited
//! messages, missed calls), and the labels of places.
//!
//! The tables come from WhatsApp's string tables. Attachments are recognised by
//! shape and by the file being there. Words only tell them from people's own text
//! where the shape does not, or vouch for a file that is missing.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::collect::marks::is_mark;

/// One language a line: name, attachment tag, seven omitted words, deleted.
pub const IOS: &str = include_str!("wording/ios.tsv");
/// One language a line: name, attachment line, omitted words (parted by
/// ` / `), location, live location, name of the export.
pub const ANDROID: &str = include_str!("wording/android.tsv");
/// One phrase a line, after what it says.
const EXTRA: &str = include_str!("wording/extra.tsv");

/// Most characters of a phrase that is looked up: the longest in the tables, with
/// some room.
const PHRASE_LETTERS: usize = 80;
/// Most bytes of a line that is searched for a phrase with something behind it: a
/// phrase and the words on what a tap does.
const LINE_BYTES: usize = 640;

/// The words of all languages, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    omitted: HashSet<String>,
    deleted: HashSet<String>,
    edited: HashSet<String>,
    once: HashSet<String>,
    calls: HashSet<String>,
    live_locations: HashSet<String>,
    place_labels: HashSet<String>,
    attached: HashSet<String>,
    unbracketed: Vec<(&'static str, &'static str)>,
    /// Last words of all phrases that may stand for a message.
    ends: HashSet<String>,
    /// Last words of phrases for what is left out.
    omitted_ends: HashSet<String>,
}

impl Wording {
    /// Builds the sets from the tables.
    #[must_use]
    pub fn new() -> Self {
        let mut words = Self::default();
        for columns in rows(IOS) {
            words.omitted.extend(columns[2..9].iter().map(|phrase| fold(phrase)));
            words.deleted.insert(fold(columns[9]));
        }
        for columns in rows(ANDROID) {
            words.omitted.extend(columns[2].split(" / ").map(fold));
            words.place_labels.insert(fold(&columns[3].replace("%s", "")));
            words.live_locations.insert(fold(columns[4]));
            words.attach(columns[1]);
        }
        for columns in rows(EXTRA) {
            let set = match columns[0] {
                "edited" => &mut words.edited,
                "deleted" => &mut words.deleted,
                "call" => &mut words.calls,
                "once" => &mut words.once,
                "live" => &mut words.live_locations,
                "attached" => &mut words.attached,
                _ => &mut words.omitted,
            };
            set.insert(fold(columns[1]));
        }
        let sets =
            [&words.omitted, &words.deleted, &words.once, &words.calls, &words.live_locations];
        let last = |phrase: &String| phrase.rsplit(' ').next().unwrap_or_default().to_string();
        let bare = |phrase: &String| last(phrase).trim_end_matches('>').to_string();
        let several = words.omitted.iter().filter(|phrase| phrase.contains(' '));
        words.omitted_ends = several.map(bare).filter(|word| !word.is_empty()).collect();
        words.ends = sets.into_iter().flatten().map(last).collect();
        words
    }

    /// The same, with what a chat shows to be WhatsApp's words: in brackets behind the
    /// names of files, and behind edited messages.
    #[must_use]
    pub fn learning(&self, attached: &[String], edited: &[&str]) -> Cow<'_, Self> {
        let known = attached.iter().all(|words| self.is_attached(words));
        if known && edited.iter().all(|words| self.is_edited(words)) {
            return Cow::Borrowed(self);
        }
        let mut words = self.clone();
        words.attached.extend(attached.iter().map(|phrase| fold(phrase)));
        words.edited.extend(edited.iter().map(|phrase| fold(phrase)));
        Cow::Owned(words)
    }

    /// Whether a line, or a part of it that may stand for a message, ends with the
    /// last word of any phrase. Nearly all lines do not, and need no further look.
    #[must_use]
    pub fn could_say(&self, line: &str) -> bool {
        let parts = [Some(line), before_hint(line), first_sentence(line)];
        parts.into_iter().flatten().any(|part| self.ends_so(part)) || is_by_admin(line)
    }

    fn ends_so(&self, line: &str) -> bool {
        let gap = |letter: char| letter.is_whitespace() || is_mark(letter);
        let closes = |letter: char| gap(letter) || is_end(letter);
        let word = line.trim_end_matches(closes).rsplit(gap).next().unwrap_or_default();
        short(word) && self.ends.contains(&fold(word))
    }

    /// Takes the words of an attachment line: those in its brackets, or those
    /// before and after the name.
    fn attach(&mut self, pattern: &'static str) {
        let Some((first, last)) = pattern.split_once("%s") else { return };
        match last.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => {
                self.attached.insert(fold(inner));
            }
            None => self.unbracketed.push((first.trim(), last.trim())),
        }
    }

    /// Whether these words, in brackets behind a name, say that it is a file
    /// of the message.
    #[must_use]
    pub fn is_attached(&self, text: &str) -> bool {
        is_phrase(&self.attached, text)
    }

    /// Words before and after an attached file's name, in the languages that
    /// have no brackets; one of both is empty.
    pub fn unbracketed(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.unbracketed.iter().copied()
    }

    /// Whether a text says that somebody called in vain; on iOS it may go on
    /// with what a tap does.
    #[must_use]
    pub fn is_call(&self, text: &str) -> bool {
        let said = |part: &str| is_phrase(&self.calls, part);
        said(text) || before_hint(text).is_some_and(said)
    }

    /// Whether a text says that the message could be seen once, and only on the
    /// phone. Its second sentence differs between builds.
    #[must_use]
    pub fn is_once(&self, text: &str) -> bool {
        first_sentence(text).is_some_and(|sentence| is_phrase(&self.once, sentence))
    }

    /// Whether a text says that somebody shares where they are.
    #[must_use]
    pub fn is_live_location(&self, text: &str) -> bool {
        is_phrase(&self.live_locations, text)
    }

    /// Whether a text says that a medium was left out.
    #[must_use]
    pub fn is_omitted(&self, text: &str) -> bool {
        is_phrase(&self.omitted, text)
    }

    /// Whether words in WhatsApp's brackets or behind its mark end as a language says
    /// that something is left out: what it is may be newer than the tables ("Videonotiz
    /// weggelassen").
    #[must_use]
    pub fn ends_as_omitted(&self, text: &str) -> bool {
        const WORDS: usize = 8;
        let phrase = fold(text.trim_matches(['<', '>']));
        let count = phrase.split(' ').count();
        let last = phrase.rsplit(' ').next().unwrap_or_default().trim_end_matches('>');
        short(text) && (2..=WORDS).contains(&count) && self.omitted_ends.contains(last)
    }

    /// Whether a text says that the message was deleted.
    #[must_use]
    pub fn is_deleted(&self, text: &str) -> bool {
        is_phrase(&self.deleted, text) || is_by_admin(text)
    }

    /// Whether a text, without its angle brackets, says that the message was
    /// edited.
    #[must_use]
    pub fn is_edited(&self, text: &str) -> bool {
        is_phrase(&self.edited, text)
    }

    /// Whether a text is what Android writes before the link of a place.
    #[must_use]
    pub fn is_place_label(&self, text: &str) -> bool {
        is_phrase(&self.place_labels, text)
    }
}

/// The columns of each line of a table.
pub fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().map(|line| line.split('\t').collect())
}

/// Whether an admin deleted the message, whose name ends the sentence.
fn is_by_admin(text: &str) -> bool {
    const WORDS: &str = "this message was deleted by admin ";
    let text = text.trim_start_matches(is_mark);
    short(text) && text.get(..WORDS.len()).is_some_and(|start| start.eq_ignore_ascii_case(WORDS))
}

/// The text before a second mark: iOS puts a mark before each of its own parts
/// (`Missed voice call, <mark>tap to call back`).
fn before_hint(line: &str) -> Option<&str> {
    let start = line.len() - line.trim_start_matches(is_mark).len();
    let end = start + line.get(start..).filter(|_| line.len() <= LINE_BYTES)?.find(is_mark)?;
    Some(line[..end].trim_end().trim_end_matches([',', '،', '、', '，']))
}

/// The text before the first full stop that something follows.
fn first_sentence(line: &str) -> Option<&str> {
    let (sentence, _) = (line.len() <= LINE_BYTES).then(|| line.split_once(". "))??;
    Some(sentence)
}

fn is_end(letter: char) -> bool {
    matches!(letter, ' ' | '.' | '。' | '।' | '۔' | ':' | '：')
}

fn short(text: &str) -> bool {
    text.len() <= PHRASE_LETTERS * 4
}

fn is_phrase(set: &HashSet<String>, text: &str) -> bool {
    short(text) && set.contains(&fold(text))
}

/// A phrase as it is compared: without marks, full stops, colons at its ends
/// and case; builds and languages differ in those.
fn fold(phrase: &str) -> String {
    let kept: String = phrase
        .chars()
        .filter(|letter| !is_mark(*letter))
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = kept.trim_matches(is_end).split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        assert!(rows(IOS).all(|columns| columns.len() == 10));
        assert!(rows(ANDROID).all(|columns| columns.len() == 6));
        assert_eq!((rows(IOS).count(), rows(ANDROID).count()), (41, 60));
    }

    /// What each line of the third table says is what is found.
    #[test]
    fn knows_every_extra_phrase() {
        let words = Wording::new();
        for columns in rows(EXTRA) {
            let [says, phrase] = columns[..] else { panic!("{columns:?}") };
            let known = match says {
                "edited" => words.is_edited(phrase),
                "deleted" => words.is_deleted(phrase) && words.could_say(phrase),
                "omitted" => words.is_omitted(phrase) && words.could_say(phrase),
                "once" => words.is_once(&format!("\u{200E}{phrase}. Open it on your phone.")),
                "live" => words.is_live_location(phrase) && words.could_say(phrase),
                "call" => words.is_call(phrase) && words.could_say(phrase),
                "attached" => words.is_attached(phrase),
                other => panic!("nothing is done with {other}"),
            };
            assert!(known, "{columns:?}");
        }
    }

    #[test]
    fn a_missed_call_may_say_what_a_tap_does() {
        let words = Wording::new();
        for call in [
            "\u{200E}Cevapsız sesli arama. \u{200E}Geri aramak için dokunun",
            "\u{200E}未接语音通话，\u{200E}点",
        ] {
            assert!(words.is_call(call) && words.could_say(call), "{call}");
        }
        assert!(!words.is_call("Missed voice call, so I wrote"));
    }

    #[test]
    fn knows_phrases_in_any_case() {
        let words = Wording::new();
        for phrase in
            ["image omitted", "\u{200E}Bild weggelassen", "<Media omitted>", "<média elhagyva>"]
        {
            assert!(words.is_omitted(phrase), "{phrase}");
        }
        assert!(words.is_deleted("This message was deleted"));
        assert!(words.is_deleted("This message was deleted by admin ~Bob"));
        assert!(words.is_edited("Dit bericht is bewerkt"));
        assert!(words.is_place_label("Standort:"));
        assert!(!words.is_omitted("I omitted the image"));
    }
}
