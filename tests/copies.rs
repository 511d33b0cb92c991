//! Copies of a few photos in every way that people make them, beside bursts, retakes and
//! another video as long: what `cargo xtask copies` counts, as goals.

// All of this file is a test, its helpers included.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // Others of the tests need more of it.
#[path = "cases_support/program.rs"]
mod program;

use heirloom_media::accuracy::photos::{self, Known, Photo};
use heirloom_media::copies::corpus::{self, FILES, Sizes};
use heirloom_media::copies::programs::PROGRAMS;
use heirloom_media::copies::tools::Tools;
use heirloom_media::copies::{score, table};
use heirloom_media::fixture;

/// Pixels up to which a photo serves: the rest would only take longer.
const QUICK: u32 = 2_500_000;

/// Kinds whose goals are not reached yet: HEICs of qualities 45 and 60 that are smaller than
/// 1,000 pixels differ by more than the proof allows.
const NOT_REACHED: [&str; 1] = ["as HEIC:"];

const SIZES: Sizes = Sizes { seed: 1, pictures: 5, each: 2, scenes: 1, lengths: 0 };

fn photos() -> Vec<Photo> {
    let words =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/accuracy/pictures.toml"));
    let known = Known::parse(&words.unwrap()).unwrap();
    let mut photos = photos::load(&[fixture::root().join("photos")], &known).unwrap();
    photos.retain(|photo| photo.pixels.width() * photo.pixels.height() <= QUICK);
    photos
}

#[test]
fn every_copy_is_found_and_nothing_else() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, scratch) = (temp.path().join("copies"), temp.path().join("scratch"));
    let tools = Tools { scratch: scratch.clone(), ..Tools::default() };
    let files = corpus::make(&photos(), SIZES, &tools, &folder).unwrap();
    let run = PROGRAMS[0].run(&program::path().unwrap(), &folder.join(FILES), &scratch).unwrap();
    let marks = score::marks(&files, &run.groups);
    assert!(marks.copies.len() > 12, "{:?}", marks.copies);
    assert_eq!(marks.wrong, Vec::<String>::new());
    let mut unmet = table::unmet(&marks);
    unmet.retain(|goal| !NOT_REACHED.iter().any(|kind| goal.starts_with(kind)));
    assert_eq!(unmet, Vec::<String>::new(), "{:#?}", marks.missed);
}
