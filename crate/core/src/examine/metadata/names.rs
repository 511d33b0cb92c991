//! Which file a sidecar or note belongs to, by the names of one folder alone.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::collect::kind::{named_kind, unlooked};
use crate::model::Kind;

/// What Google's notes are called behind the name of their photo.
const NOTE: &str = "supplemental-metadata";
/// Most characters of a note's name before `.json`; Google cuts what is longer.
const MOST_NOTE_CHARS: usize = 46;

/// A kind of file that belongs to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sidecar {
    /// XMP of a program.
    Xmp,
    /// Apple's recipe of an edited picture.
    Aae,
    /// A note of Google's Takeout; other JSON files are called so too, but belong to
    /// nothing.
    Takeout,
}

impl Sidecar {
    /// What a name promises; `None`: no sidecar.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "xmp" => Some(Self::Xmp),
            "aae" => Some(Self::Aae),
            "json" => Some(Self::Takeout),
            _ => None,
        }
    }
}

/// The file beside which a sidecar lies, by its place among the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// This one.
    One(usize),
    /// One of these, at least two; what the sidecar says tells which
    /// ([`belongs`](super::belongs)), or they are one shot.
    OneOf(Vec<usize>),
}

/// For each name of one folder: to which file it belongs as a sidecar. `None`: it is no
/// sidecar, or nobody's. Capitals do not count, except where two names differ by
/// nothing else.
///
/// | sidecar | belongs to |
/// |---|---|
/// | `NAME.EXT.xmp` | `NAME.EXT`; `NAME_01.EXT.xmp` too (darktable's second version), where there is no `NAME_01.EXT` |
/// | `STEM.xmp` | the photo or video of that stem, else one of them |
/// | `STEM.aae` | the same; `IMG_O1.aae` to `IMG_1`, and where that is gone both to `IMG_E1` |
/// | `NAME.EXT.supplemental-metadata.json` | `NAME.EXT`; the part behind the name may be cut, and absent (older notes), the whole is cut to 46 characters; `(1)` stands before `.json` and belongs to `NAME(1).EXT` |
#[must_use]
pub fn owners<T: AsRef<str>>(names: &[T]) -> Vec<Option<Beside>> {
    let folder = Folder::of(names);
    let owner = |name: &T| {
        let name = name.as_ref();
        let found = match Sidecar::of(name)? {
            Sidecar::Xmp => folder.of_xmp(name),
            Sidecar::Aae => folder.of_recipe(name),
            Sidecar::Takeout => folder.of_note(name),
        };
        match found.as_slice() {
            [] => None,
            [one] => Some(Beside::One(*one)),
            _ => Some(Beside::OneOf(found)),
        }
    };
    names.iter().map(owner).collect()
}

/// The stem of the photo that an edited version belongs to: `IMG_1` of `IMG_E1`, as
/// iPhones call them.
#[must_use]
pub fn unedited_stem(stem: &str) -> Option<String> {
    unmarked(stem, 'E')
}

fn unmarked(stem: &str, mark: char) -> Option<String> {
    let (front, rest) = stem.split_at_checked(4)?;
    let digits = rest.strip_prefix([mark, mark.to_ascii_lowercase()])?;
    let real =
        front.eq_ignore_ascii_case("IMG_") && digits.starts_with(|c: char| c.is_ascii_digit());
    real.then(|| format!("{front}{digits}"))
}

/// The names of a folder that are no sidecars, by what sidecars call them.
#[derive(Default)]
struct Folder {
    /// As written.
    written: BTreeMap<String, usize>,
    /// Without capitals.
    plain: BTreeMap<String, Vec<usize>>,
    /// Photos and videos by their stems, without capitals.
    stems: BTreeMap<String, Vec<usize>>,
    /// By name without its number, and the number.
    numbered: BTreeMap<(String, Option<u32>), Vec<usize>>,
    /// By the cut name of their notes, and the number.
    cut: BTreeMap<(String, Option<u32>), Vec<usize>>,
}

impl Folder {
    fn of<T: AsRef<str>>(names: &[T]) -> Self {
        let mut folder = Self::default();
        for (index, name) in names.iter().enumerate() {
            let name = name.as_ref();
            if Sidecar::of(name).is_some() {
                continue;
            }
            let key = plain(name);
            folder.written.insert(name.to_owned(), index);
            folder.plain.entry(key.clone()).or_default().push(index);
            if !is_medium(name) {
                continue;
            }
            let (stem, extension) = key.rsplit_once('.').unwrap_or((&key, ""));
            folder.stems.entry(stem.to_owned()).or_default().push(index);
            let (stem, number) = unnumbered(stem);
            let base = format!("{stem}.{extension}");
            let note = format!("{base}.{NOTE}");
            let cut: String = note.chars().take(MOST_NOTE_CHARS).collect();
            folder.numbered.entry((base, number)).or_default().push(index);
            if cut != note {
                folder.cut.entry((cut, number)).or_default().push(index);
            }
        }
        folder
    }

    fn named(&self, name: &str) -> Vec<usize> {
        match self.written.get(name) {
            Some(&index) => vec![index],
            None => self.plain.get(&plain(name)).cloned().unwrap_or_default(),
        }
    }

    fn with_stem(&self, stem: &str) -> Vec<usize> {
        self.stems.get(&plain(stem)).cloned().unwrap_or_default()
    }

    fn of_xmp(&self, name: &str) -> Vec<usize> {
        let front = &name[..name.len() - ".xmp".len()];
        let full = self.named(front);
        if !full.is_empty() {
            return full;
        }
        let version = unversioned(front).map(|name| self.named(&name)).unwrap_or_default();
        if version.is_empty() { self.with_stem(front) } else { version }
    }

    fn of_recipe(&self, name: &str) -> Vec<usize> {
        let stem = &name[..name.len() - ".aae".len()];
        let original = unmarked(stem, 'O');
        let stem = original.as_deref().unwrap_or(stem);
        let found = self.with_stem(stem);
        let edited = || stem.split_at_checked(4).map(|(front, rest)| format!("{front}E{rest}"));
        match edited().filter(|_| found.is_empty()) {
            Some(edited) => self.with_stem(&edited),
            None => found,
        }
    }

    fn of_note(&self, name: &str) -> Vec<usize> {
        let front = plain(&name[..name.len() - ".json".len()]);
        let (called, number) = unnumbered(&front);
        let is_note = |(_, end): &(&str, &str)| NOTE.starts_with(end);
        let uncut = called.rsplit_once('.').filter(is_note).map(|(called, _)| called);
        for called in [uncut, Some(called)].into_iter().flatten() {
            if let Some(found) = self.numbered.get(&(called.to_owned(), number)) {
                return found.clone();
            }
            // A number that the photo had before it came to Google.
            let whole = number.is_none() && is_medium(called);
            if let Some(found) = self.plain.get(called).filter(|_| whole) {
                return found.clone();
            }
        }
        // Of two names that are equal where they are cut the second note has a number.
        let cut = |number| self.cut.get(&(called.to_owned(), number));
        cut(number).or_else(|| cut(None)).cloned().unwrap_or_default()
    }
}

/// A name without capitals, composed: one file system writes `é` as one letter, another
/// as two.
fn plain(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a name promises a photo or a video.
fn is_medium(name: &str) -> bool {
    match named_kind(name) {
        Some(kind) => kind.is_picture() || matches!(kind, Kind::Avif | Kind::Gif | Kind::Video),
        None => unlooked(name, Kind::Unknown).is_some(),
    }
}

/// `a(1)` as `a` and 1.
fn unnumbered(stem: &str) -> (&str, Option<u32>) {
    let numbered = || {
        let (front, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        Some((front, number.parse().ok().filter(|_| digits && !front.is_empty())?))
    };
    numbered().map_or((stem, None), |(front, number)| (front, Some(number)))
}

/// `a.cr2` of `a_01.cr2`.
fn unversioned(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (front, number) = stem.rsplit_once('_')?;
    let version = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    version.then(|| format!("{front}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sidecar of a folder, and those that it may belong to.
    #[track_caller]
    fn check(names: &[&str], want: &[(&str, &[&str])]) {
        let found = owners(names);
        for (sidecar, owner) in want {
            let at = names.iter().position(|name| name == sidecar).unwrap();
            let named = match &found[at] {
                None => Vec::new(),
                Some(Beside::One(one)) => vec![names[*one]],
                Some(Beside::OneOf(some)) => some.iter().map(|at| names[*at]).collect(),
            };
            assert_eq!(&named, owner, "{sidecar}");
        }
        let sidecars = found.iter().filter(|found| found.is_some()).count();
        assert_eq!(sidecars, want.iter().filter(|(_, owner)| !owner.is_empty()).count());
    }

    #[test]
    fn a_full_name_decides_and_a_stem_only_alone() {
        check(
            &["a.jpg", "a.cr2", "a.jpg.xmp", "a.xmp", "b.JPG", "B.xmp", "c.xmp", "b.txt"],
            &[
                ("a.jpg.xmp", &["a.jpg"]),
                ("a.xmp", &["a.jpg", "a.cr2"]),
                ("B.xmp", &["b.JPG"]),
                ("c.xmp", &[]),
            ],
        );
        check(&["a.jpg", "A.jpg", "A.jpg.xmp"], &[("A.jpg.xmp", &["A.jpg"])]);
    }

    #[test]
    fn a_second_version_belongs_to_the_first() {
        check(&["a.cr2", "a_01.cr2.xmp"], &[("a_01.cr2.xmp", &["a.cr2"])]);
        check(&["a.cr2", "a_01.cr2", "a_01.cr2.xmp"], &[("a_01.cr2.xmp", &["a_01.cr2"])]);
    }

    #[test]
    fn a_recipe_belongs_to_the_photo_of_its_stem() {
        check(
            &["IMG_1.HEIC", "IMG_E1.HEIC", "IMG_1.AAE", "IMG_E2.JPG", "IMG_2.aae", "IMG_3.AAE"],
            &[("IMG_1.AAE", &["IMG_1.HEIC"]), ("IMG_2.aae", &["IMG_E2.JPG"]), ("IMG_3.AAE", &[])],
        );
        check(&["IMG_1.HEIC", "IMG_O1.AAE"], &[("IMG_O1.AAE", &["IMG_1.HEIC"])]);
        assert_eq!(unedited_stem("IMG_E0401").as_deref(), Some("IMG_0401"));
        assert_eq!(unedited_stem("IMG_EDITED"), None);
    }

    #[test]
    fn notes_are_cut_and_numbered() {
        let long = "b7c1f0d2-5a64-4e0f-9f1d-3b2a6c8e7d90_holiday_2019.jpg";
        let short = "b7c1f0d2-5a64-4e0f-9f1d-3b2a6c8e7d90_holiday_2.json";
        let shot = "Screenshot_20190801-101112_Photo_Gallery.jpg";
        check(
            &[
                "IMG_20190704_183000.jpg",
                "IMG_20190704_183000(1).jpg",
                "IMG_20190704_183000.jpg.supplemental-metadata.json",
                "IMG_20190704_183000.jpg.supplemental-metadata(1).json",
                shot,
                "Screenshot_20190801-101112_Photo_Gallery.jpg.s.json",
                long,
                short,
                "metadata.json",
            ],
            &[
                (
                    "IMG_20190704_183000.jpg.supplemental-metadata.json",
                    &["IMG_20190704_183000.jpg"],
                ),
                (
                    "IMG_20190704_183000.jpg.supplemental-metadata(1).json",
                    &["IMG_20190704_183000(1).jpg"],
                ),
                ("Screenshot_20190801-101112_Photo_Gallery.jpg.s.json", &[shot]),
                (short, &[long]),
                ("metadata.json", &[]),
            ],
        );
    }

    #[test]
    fn older_notes_have_no_word_behind_the_name() {
        check(
            &["a.jpg", "a(1).jpg", "a.jpg.json", "a.jpg(1).json", "a.json"],
            &[("a.jpg.json", &["a.jpg"]), ("a.jpg(1).json", &["a(1).jpg"]), ("a.json", &[])],
        );
        check(&["a (2).jpg", "a (2).jpg.supp.json"], &[("a (2).jpg.supp.json", &["a (2).jpg"])]);
    }

    #[test]
    fn names_that_are_equal_where_they_are_cut_are_left_to_the_title() {
        let front = "x".repeat(46);
        let names = [
            format!("{front}a.jpg"),
            format!("{front}b.jpg"),
            format!("{front}.json"),
            format!("{front}(1).json"),
        ];
        let found = owners(&names);
        let both = Some(Beside::OneOf(vec![0, 1]));
        assert_eq!(found, [None, None, both.clone(), both]);
    }

    #[test]
    fn one_letter_may_be_written_as_two() {
        check(&["cafe\u{301}.jpg", "café.jpg.json"], &[("café.jpg.json", &["cafe\u{301}.jpg"])]);
    }
}
