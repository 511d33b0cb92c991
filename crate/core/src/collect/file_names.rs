//! Finds the file that a name in the chat or in a page means.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::marks::is_mark;
use super::media_name;
use crate::model::{Item, ItemId};

/// The files of an export by the names that a chat or a page may give them.
#[derive(Debug, Default)]
pub struct FileNames {
    /// By the name as it is compared; whether the file's name is spelled so.
    exact: HashMap<String, (ItemId, bool)>,
    /// By the file's own spelling, where that is another: composed and decomposed
    /// letters are two files on some systems.
    spelled: HashMap<String, ItemId>,
    /// `None`: several files have this name in different case.
    folded: HashMap<String, Option<ItemId>>,
    stems: HashMap<String, ItemId>,
}

impl FileNames {
    /// Names of the files as a chat text gives them: without folders. Of equal
    /// names in several folders the first given wins.
    #[must_use]
    pub fn by_name<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut names = Self::default();
        for item in items {
            names.add(item.name(), item.id);
        }
        names
    }

    /// Names of the files as a page gives them: with folders.
    #[must_use]
    pub fn by_path<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut names = Self::default();
        for item in items {
            names.add(&item.path, item.id);
        }
        names
    }

    /// Adds a name of a file.
    pub(super) fn add(&mut self, name: &str, id: ItemId) {
        let plain = plain(name).into_owned();
        let own = plain == name;
        if !own {
            self.spelled.entry(name.to_string()).or_insert(id);
        }
        let folded = plain.to_lowercase();
        if let Some((stem, _)) = plain.rsplit_once('.')
            && media_name::read(&plain).is_some()
        {
            self.stems.entry(stem.to_string()).or_insert(id);
        }
        if let Some(known) = self.exact.get_mut(&plain) {
            if own && !known.1 {
                *known = (id, true);
            }
            return;
        }
        self.exact.insert(plain, (id, own));
        self.folded.entry(folded).and_modify(|other| *other = None).or_insert(Some(id));
    }

    /// The file of this name: the same spelling, the same letters composed otherwise,
    /// or the only one that differs in case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ItemId> {
        let (name, plain) = (name.trim(), plain(name));
        if plain != name
            && let Some(id) = self.spelled.get(name)
        {
            return Some(*id);
        }
        if let Some((id, _)) = self.exact.get(plain.as_ref()) {
            return Some(*id);
        }
        self.folded.get(&plain.to_lowercase()).copied().flatten()
    }

    /// The file of this name without its extension: Android loses the one of
    /// an uploaded audio file, but leaves the dot.
    #[must_use]
    pub fn find_stem(&self, name: &str) -> Option<ItemId> {
        self.stems.get(plain(name).trim_end_matches('.')).copied()
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty()
    }
}

/// A name as it is compared: composed, without invisible marks, with common
/// spaces. WhatsApp and zip tools differ in all three.
#[must_use]
pub fn plain(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    let odd = |letter: char| is_mark(letter) || matches!(letter, '\u{A0}' | '\u{202F}');
    if !name.contains(odd) && is_nfc(name) {
        return Cow::Borrowed(name);
    }
    let kept = name.chars().filter(|letter| !is_mark(*letter));
    let spaced = kept.map(|letter| if odd(letter) { ' ' } else { letter });
    Cow::Owned(spaced.nfc().collect::<String>().trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, Source};

    fn names(paths: &[&str]) -> FileNames {
        let item = |(index, path): (u32, &&str)| Item {
            id: ItemId(index),
            path: (*path).to_string(),
            size: 1,
            modified: None,
            source: Source::File(FileId(index)),
        };
        let items: Vec<Item> = (0..).zip(paths).map(item).collect();
        FileNames::by_name(&items)
    }

    #[track_caller]
    fn check(paths: &[&str], name: &str, want: Option<u32>) {
        assert_eq!(names(paths).find(name), want.map(ItemId), "{name}");
    }

    #[test]
    fn compares_composed_and_without_marks() {
        check(&["Mu\u{308}ller.pdf"], "M\u{FC}ller.pdf", Some(0));
        check(&["\u{200E}IMG-20240101-WA0001.jpg"], "IMG-20240101-WA0001.jpg", Some(0));
        check(&["a b.pdf"], "a\u{A0}b.pdf", Some(0));
        check(&["media/a.jpg"], "a.jpg", Some(0));
    }

    #[test]
    fn composed_and_decomposed_names_are_two_files() {
        let both = ["Mu\u{308}ller.pdf", "M\u{FC}ller.pdf"];
        for (first, second) in [(0, 1), (1, 0)] {
            let paths = [both[first], both[second]];
            check(&paths, both[first], Some(0));
            check(&paths, both[second], Some(1));
        }
        check(
            &["Mu\u{308}ller.pdf", "\u{200E}Mu\u{308}ller.pdf"],
            "\u{200E}Mu\u{308}ller.pdf",
            Some(1),
        );
    }

    #[test]
    fn exact_case_wins_and_doubt_finds_nothing() {
        check(&["A.jpg", "a.jpg"], "a.jpg", Some(1));
        check(&["A.jpg"], "a.jpg", Some(0));
        check(&["A.jpg", "a.jpg"], "a.JPG", None);
    }

    #[test]
    fn finds_a_name_that_lost_its_extension() {
        let names = names(&["AUD-20190101-WA0000.mp3", "notes.txt"]);
        assert_eq!(names.find_stem("AUD-20190101-WA0000."), Some(ItemId(0)));
        assert_eq!(names.find_stem("notes"), None);
    }
}
