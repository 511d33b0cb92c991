//! A free name for a file whose name is taken.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::relpath::RelPath;

/// Most bytes of a name on the file systems of today.
const MOST_NAME: usize = 255;

/// The names of one run's files in the trash. None is another one's in other letters,
/// so that a file system that takes them for one does not.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The path itself, or the first numbered one that is free.
    pub(super) fn free(&mut self, path: &RelPath) -> RelPath {
        let numbers = (2..).map_while(|number| numbered(path, number));
        let mut names = std::iter::once(path.clone()).chain(numbers);
        names.find(|name| self.0.insert(folded(name))).unwrap_or_else(|| path.clone())
    }
}

/// Names that some file system takes for one are one here: cases of letters, and
/// letters with accents written in other ways.
fn folded(path: &RelPath) -> String {
    let plain: String = path.as_str().nfkc().collect();
    plain.to_uppercase().to_lowercase().nfkc().collect()
}

/// `a/b (2).jpg` of `a/b.jpg`, the name cut where it would be too long.
pub(super) fn numbered(path: &RelPath, number: u32) -> Option<RelPath> {
    let name = path.bytes().pop()?;
    let dot = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    let tail = [format!(" ({number})").as_bytes(), ending].concat();
    // An ending that leaves no room is no ending.
    let (stem, tail) = if tail.len() < MOST_NAME {
        (stem, tail)
    } else {
        (&name[..], format!(" ({number})").into_bytes())
    };
    let mut end = stem.len().min(MOST_NAME - tail.len());
    // No letter is cut in the middle.
    while end > 0 && end < stem.len() && stem[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    path.renamed(&[&stem[..end], &tail[..]].concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, want: &str) {
        let path = RelPath::parse(path).unwrap();
        assert_eq!(numbered(&path, 2).unwrap().as_str(), want);
    }

    #[test]
    fn a_number_comes_before_the_ending() {
        check("a/b.jpg", "a/b (2).jpg");
        check("b", "b (2)");
        check(".jpg", ".jpg (2)");
        check("a.b/c.jpg.xmp", "a.b/c.jpg (2).xmp");
        check("\\xff.jpg", "\\xff (2).jpg");
    }

    #[test]
    fn names_that_some_system_takes_for_one_are_told_apart() {
        let mut names = Names::default();
        for (path, want) in [
            ("a/IMG.jpg", "a/IMG.jpg"),
            ("a/img.JPG", "a/img (2).JPG"),
            ("A/img.jpg", "A/img (3).jpg"),
            ("caf\u{e9}", "caf\u{e9}"),
            ("cafe\u{301}", "cafe\u{301} (2)"),
            ("stra\u{df}e", "stra\u{df}e"),
            ("STRASSE", "STRASSE (2)"),
        ] {
            assert_eq!(names.free(&RelPath::parse(path).unwrap()).as_str(), want);
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        check(&format!("{}.jpg", "x".repeat(251)), &format!("{} (2).jpg", "x".repeat(247)));
        check(&format!("{}.jpg", "é".repeat(125)), &format!("{} (2).jpg", "é".repeat(123)));
        check(&format!("a.{}", "x".repeat(253)), &format!("a.{} (2)", "x".repeat(249)));
    }
}
