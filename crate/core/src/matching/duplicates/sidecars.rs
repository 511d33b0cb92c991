//! Which file a sidecar belongs to, by the names in one folder.
//!
//! - `IMG_7.jpg.xmp`, or `IMG_7.xmp` where only one shot has that stem or it has a raw.
//! - `IMG_7.AAE`: what was edited on a phone.
//! - Google Takeout's notes: `NAME.supplemental-metadata.json`, cut to 46 characters
//!   before `.json`; the number of a second file of one name stands before `.json`
//!   (ente/ente#4956, TheLastGimbus/GooglePhotosTakeoutHelper#449).

use std::collections::BTreeMap;

use crate::model::{ItemId, Kind};

/// The word that Takeout puts behind a file's name.
const WORD: &str = ".supplemental-metadata";

/// Characters to which Takeout cuts the name of a note, `.json` left out.
const CUT: usize = 46;

/// A file of the folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub id: ItemId,
    pub name: &'a str,
    pub kind: Kind,
}

/// Whether a file of this name is a sidecar, of whatever file. Takeout's notes are
/// known by their owner alone.
pub(super) fn is_sidecar(name: &str) -> bool {
    let (_, ending) = split(name);
    ending.eq_ignore_ascii_case("xmp") || ending.eq_ignore_ascii_case("aae")
}

/// Each sidecar and the file it belongs to. What could belong to two belongs to none.
pub(super) fn owners(folder: &[Named<'_>]) -> Vec<(ItemId, ItemId)> {
    let media: Vec<Named<'_>> =
        folder.iter().copied().filter(|file| is_medium(file.kind)).collect();
    let mut by_name = BTreeMap::<String, Vec<Named<'_>>>::new();
    let mut by_stem = BTreeMap::<String, Vec<Named<'_>>>::new();
    let mut by_note = BTreeMap::<String, Vec<Named<'_>>>::new();
    for &file in &media {
        by_name.entry(file.name.to_lowercase()).or_default().push(file);
        by_stem.entry(split(file.name).0.to_lowercase()).or_default().push(file);
        for note in notes(file.name) {
            by_note.entry(note).or_default().push(file);
        }
    }
    let one = |files: Option<&Vec<Named<'_>>>, file: &Named<'_>| -> Option<ItemId> {
        let files = files?;
        let exact = files.iter().find(|of| file.name.starts_with(of.name));
        exact.or_else(|| files.first().filter(|_| files.len() == 1)).map(|of| of.id)
    };
    let owner = |file: &Named<'_>| {
        let (stem, ending) = split(file.name);
        let lower = stem.to_lowercase();
        match ending.to_lowercase().as_str() {
            "xmp" => {
                one(by_name.get(&lower), file).or_else(|| of_stem(by_stem.get(&lower)?, Kind::Raw))
            }
            "aae" => one(by_name.get(&lower), file)
                .or_else(|| of_stem(by_stem.get(&recipe(&lower))?, Kind::Heic)),
            "json" => {
                let files = by_note.get(stem)?;
                files.first().filter(|_| files.len() == 1).map(|of| of.id)
            }
            _ => None,
        }
    };
    let sidecars = folder.iter().filter(|file| !is_medium(file.kind));
    let mut owners: Vec<(ItemId, ItemId)> =
        sidecars.filter_map(|file| Some((file.id, owner(file)?))).collect();
    owners.extend(longer_notes(folder, &media, &owners));
    owners
}

/// Notes whose word is cut elsewhere: what stands before `.json` is the file's name and
/// a beginning of the word, and no file has a note yet.
fn longer_notes(
    folder: &[Named<'_>],
    media: &[Named<'_>],
    owners: &[(ItemId, ItemId)],
) -> Vec<(ItemId, ItemId)> {
    let owned = |id: ItemId| owners.iter().any(|(note, _)| *note == id);
    let has_note = |id: ItemId| {
        let notes = owners.iter().filter(|(_, owner)| *owner == id).map(|(note, _)| *note);
        let is_note = |note: ItemId| folder.iter().any(|of| of.id == note && ends_json(of.name));
        notes.into_iter().any(is_note)
    };
    let notes = folder.iter().filter(|file| ends_json(file.name) && !owned(file.id));
    let found = notes.filter_map(|note| {
        let (stem, number) = numbered(split(note.name).0);
        let fits = |file: &&Named<'_>| {
            let (bare, own) = bare(file.name);
            let whole = format!("{bare}{WORD}");
            own == number && stem.len() >= bare.len() && whole.starts_with(stem)
        };
        let mut fitting = media.iter().filter(fits).filter(|file| !has_note(file.id));
        let first = fitting.next()?;
        fitting.next().is_none().then_some((note.id, first.id))
    });
    found.collect()
}

fn ends_json(name: &str) -> bool {
    split(name).1.eq_ignore_ascii_case("json")
}

/// The names, without `.json`, that Takeout's note of a file may have.
fn notes(name: &str) -> Vec<String> {
    let (bare, number) = bare(name);
    let cut = |text: String| text.chars().take(CUT).collect::<String>();
    let mut names = vec![
        cut(format!("{bare}{WORD}")) + number,
        cut(bare.clone()) + number,
        name.to_owned(),
        cut(format!("{name}{WORD}")),
        cut(name.to_owned()),
    ];
    names.sort();
    names.dedup();
    names
}

/// A file's name without the number that tells it from another of one name, and that
/// number with its brackets.
fn bare(name: &str) -> (String, &str) {
    let (stem, ending) = split(name);
    let (stem, number) = numbered(stem);
    let ending = if ending.is_empty() { String::new() } else { format!(".{ending}") };
    (format!("{stem}{ending}"), number)
}

/// Parts `IMG(1)` into `IMG` and `(1)`.
fn numbered(stem: &str) -> (&str, &str) {
    let number = stem.rfind('(').filter(|&at| {
        let inside = stem[at + 1..].strip_suffix(')').unwrap_or_default();
        at > 0 && !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit())
    });
    stem.split_at(number.unwrap_or(stem.len()))
}

/// The stem of the photo whose recipe has this stem: `IMG_E1` and `IMG_O1` are versions
/// of `IMG_1`.
fn recipe(stem: &str) -> String {
    for version in ["img_e", "img_o"] {
        if let Some(rest) = stem.strip_prefix(version) {
            return format!("img_{rest}");
        }
    }
    stem.to_owned()
}

/// The one file of a stem, or the one of this kind.
fn of_stem(files: &[Named<'_>], kind: Kind) -> Option<ItemId> {
    let one = |files: &mut dyn Iterator<Item = &Named<'_>>| {
        let first = files.next()?;
        files.next().is_none().then_some(first.id)
    };
    one(&mut files.iter())
        .or_else(|| one(&mut files.iter().filter(|file| file.kind == kind)))
        .or_else(|| one(&mut files.iter().filter(|file| file.kind.is_picture())))
}

/// Whether a sidecar can be about it.
pub(super) fn is_medium(kind: Kind) -> bool {
    kind.is_picture() || matches!(kind, Kind::Video | Kind::Avif | Kind::Gif | Kind::Audio)
}

/// A name's stem and its ending.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], want: &[(&str, &str)]) {
        let kind = |name: &str| match split(name).1.to_lowercase().as_str() {
            "cr2" | "dng" => Kind::Raw,
            "heic" => Kind::Heic,
            "mov" => Kind::Video,
            "jpg" | "jpeg" => Kind::Jpeg,
            _ => Kind::Text,
        };
        let folder: Vec<Named<'_>> = (0..)
            .zip(names)
            .map(|(id, &name)| Named { id: ItemId(id), name, kind: kind(name) })
            .collect();
        let named = |id: ItemId| names[id.0 as usize];
        let mut got: Vec<(&str, &str)> = owners(&folder)
            .into_iter()
            .map(|(sidecar, owner)| (named(sidecar), named(owner)))
            .collect();
        got.sort_unstable();
        assert_eq!(got, want);
    }

    #[test]
    fn a_sidecar_of_a_whole_name_belongs_to_that_file_alone() {
        check(
            &["IMG_7.jpg", "IMG_7.CR2", "IMG_7.jpg.xmp", "IMG_7.xmp"],
            &[("IMG_7.jpg.xmp", "IMG_7.jpg"), ("IMG_7.xmp", "IMG_7.CR2")],
        );
        check(&["a.jpg", "a.jpeg", "a.xmp"], &[]);
        check(&["IMG_8.MOV", "IMG_8.JPG", "img_8.xmp"], &[("img_8.xmp", "IMG_8.JPG")]);
    }

    #[test]
    fn a_recipe_belongs_to_the_photo_and_not_to_its_edited_version() {
        let names = ["IMG_0401.AAE", "IMG_0401.JPG", "IMG_E0401.JPG"];
        check(&names, &[("IMG_0401.AAE", "IMG_0401.JPG")]);
        let names = ["IMG_0401.HEIC", "IMG_0401.MOV", "IMG_O0401.aae"];
        check(&names, &[("IMG_O0401.aae", "IMG_0401.HEIC")]);
    }

    #[test]
    fn takeouts_notes_are_cut_and_numbered() {
        check(
            &[
                "IMG_1(1).jpg",
                "IMG_1.jpg",
                "IMG_1.jpg.supplemental-metadata(1).json",
                "IMG_1.jpg.supplemental-metadata.json",
                "metadata.json",
            ],
            &[
                ("IMG_1.jpg.supplemental-metadata(1).json", "IMG_1(1).jpg"),
                ("IMG_1.jpg.supplemental-metadata.json", "IMG_1.jpg"),
            ],
        );
        let (photo, note) = (
            "b7c1f0d2-5a64-4e0f-9f1d-3b2a6c8e7d90_holiday_2019.jpg",
            "b7c1f0d2-5a64-4e0f-9f1d-3b2a6c8e7d90_holiday_2.json",
        );
        check(&[photo, note], &[(note, photo)]);
        // Cut short of 46 characters, as some exports do.
        check(
            &["a.jpg", "a.jpg.supplemental-met.json"],
            &[("a.jpg.supplemental-met.json", "a.jpg")],
        );
        check(&["a.jpg", "a.jpg(2).json"], &[]);
    }
}
