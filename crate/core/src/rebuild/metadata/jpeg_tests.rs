//! Real JPEGs, and odd ones made of them: written, read again, or left.

use super::super::exif::block::{Name, TO_GPS};
use super::super::{Fault, Odd, Payload, Spliced, Written, verify};
use super::*;
use crate::settings::Limits;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("../../tests/fixtures/{name}")).unwrap()
}

fn fields() -> Fields {
    Fields {
        place: Some((-46.624, 14.307)),
        altitude_m: Some(-430.0),
        taken: Some(1_719_842_600),
        zone_minutes: Some(-210),
        ..Fields::default()
    }
}

fn try_write(file: &[u8]) -> Result<Written, Odd> {
    super::super::write(&file, &fields(), &Limits::default()).map_err(|left| match left {
        Left::Odd(odd) => odd,
        Left::Unreadable(error) => panic!("{error}"),
    })
}

fn odd(file: &[u8]) -> Odd {
    try_write(file).err().unwrap()
}

/// The file as it is written, verified.
fn written(file: &[u8]) -> Vec<u8> {
    let written = try_write(file).unwrap();
    let view = Spliced::new(&file, &written.edits);
    let checked = verify(&file, &view, &written.inside, &Limits::default());
    assert_eq!(checked.unwrap(), Payload::Same);
    read_range(&view, 0, view.size() as usize).unwrap()
}

/// The file with a segment more, behind its first marker or in front of its scan.
fn with(file: &[u8], marker: u8, content: &[u8], in_front: bool) -> Vec<u8> {
    let at = if in_front { 2 } else { segments(&file).unwrap().scan as usize };
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&file[..at], &[0xFF, marker], &length, content, &file[at..]].concat()
}

/// The file without its segments of this marker.
fn without(file: &[u8], marker: u8) -> Vec<u8> {
    let found = segments(&file).unwrap();
    let mut kept = file[..2].to_vec();
    for segment in found.all.iter().filter(|segment| segment.marker != marker) {
        kept.extend(&file[segment.start as usize..segment.body.end as usize]);
    }
    [&kept, &file[found.scan as usize..]].concat()
}

/// The file without EXIF.
fn bare(file: &[u8]) -> Vec<u8> {
    without(file, 0xE1)
}

const PHOTOS: [&str; 8] = [
    "berlin.jpg",
    "bridge.jpg",
    "htc-desire.jpg",
    "iphone4.jpg",
    "nikon-d5000.jpg",
    "portrait-8.jpg",
    "sony-hx5v.jpg",
    "thompson-springs.jpg",
];

#[test]
fn photos_of_cameras_are_written_twice_and_grow_once() {
    for name in PHOTOS {
        let file = fixture(&format!("photos/{name}"));
        let once = written(&file);
        assert!(try_write(&once).unwrap().edits.is_empty(), "{name}");
    }
}

#[test]
fn a_photo_without_exif_gets_it_behind_jfif() {
    let file = without(&bare(&fixture("photos/thompson-springs.jpg")), 0xE0);
    assert_eq!(segments(&written(&file)).unwrap().exif(), Ok(Some(0)));
    let jfif = b"JFIF\0\x01\x02\x02\0\x64\0\x32\0\0";
    let file = with(&with(&file, 0xE0, b"JFXX\0", true), 0xE0, jfif, true);
    let new = written(&file);
    let found = segments(&new).unwrap();
    assert_eq!(found.exif(), Ok(Some(2)));
    let (_, block) = exif(&new).unwrap().unwrap();
    let block = Block::read(&block).unwrap();
    let first = block.directory(Name::Chained(0)).unwrap();
    let value = |tag| block.value(first.tagged(tag).next().unwrap()).unwrap().to_vec();
    assert_eq!(value(0x011A), [0, 0, 0, 100, 0, 0, 0, 1], "pixels a centimetre, as JFIF has them");
    assert_eq!(value(0x0128), [0, 3]);
    assert!(first.tagged(TO_GPS).next().is_some());
}

#[test]
fn odd_files_are_left() {
    let file = fixture("photos/thompson-springs.jpg");
    assert_eq!(odd(&with(&file, 0xEB, b"JP\0\x01jumb", false)), Odd::Signed);
    assert_eq!(odd(&with(&file, 0xE1, b"Exif\0\0MM\0*", false)), Odd::ManyBlocks);
    assert_eq!(odd(&with(&bare(&file), 0xE1, b"Exif\0\x01MM\0*", true)), Odd::Structure);
    let junk = with(&bare(&file), 0xE1, b"Exif\0\0junk", true);
    assert_eq!(odd(&junk), Odd::Exif(Fault::Header));
    assert_eq!(odd(&with(&file, 0xE2, b"MPF\0MM\0*", true)), Odd::ListBeforeExif);
    assert_eq!(odd(&file[..3000]), Odd::Structure);
    let scan = segments(&file).unwrap().scan as usize;
    assert_eq!(odd(&[&file[..scan], &[7], &file[scan..]].concat()), Odd::Structure);
}

#[test]
fn a_full_block_is_left() {
    let file = bare(&fixture("photos/thompson-springs.jpg"));
    let block = [&b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"[..], &[7; 65_480]].concat();
    let full = with(&file, 0xE1, &block, true);
    assert!(matches!(odd(&full), Odd::Full { bytes } if bytes > MOST_BLOCK));
}

#[test]
fn a_picture_behind_moves_only_where_a_list_tells_of_it() {
    let file = fixture("photos/thompson-springs.jpg");
    let second = [&file[..], &[0; 20], &file].concat();
    assert_eq!(odd(&second), Odd::PictureBehind);
    written(&with(&second, 0xE2, b"MPF\0MM\0*", false));
    // A maker note that counts from the beginning of the file.
    let listed = with(&second, 0xE2, b"MPF\0MM\0*", false);
    let (start, _) = exif(&listed).unwrap().unwrap();
    let second = (listed.len() - file.len()) as u32;
    let mut pointed = listed.clone();
    let note = start as usize + 200;
    pointed[note..note + 4].copy_from_slice(&(second - start as u32).to_le_bytes());
    let left = super::super::write(&pointed, &fields(), &Limits::default()).err();
    assert!(matches!(left, Some(Left::Odd(Odd::PictureBehind | Odd::Exif(_)))), "{left:?}");
}

#[test]
fn any_cut_is_left_or_written_right() {
    let file = fixture("photos/thompson-springs.jpg");
    for end in (0..file.len()).step_by(1201) {
        let cut = &file[..end];
        let Ok(written) = try_write(cut) else { continue };
        let view = Spliced::new(&cut, &written.edits);
        let checked = verify(&cut, &view, &written.inside, &Limits::default());
        assert_eq!(checked.unwrap(), Payload::Unknown, "cut at {end}");
    }
}

#[test]
fn a_value_that_is_none_is_not_written() {
    let file = fixture("photos/thompson-springs.jpg");
    let nowhere = Fields { place: Some((0.0, 0.0)), ..Fields::default() };
    let left = super::super::write(&file, &nowhere, &Limits::default()).err();
    let want = Odd::Value(crate::model::Field::Place);
    assert!(matches!(left, Some(Left::Odd(odd)) if odd == want));
}
