//! Real HEICs and odd ones made of them.

use super::super::{Odd, Payload, Spliced, Written, verify};
use super::*;
use crate::io::read_range;
use crate::settings::Limits;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("../../tests/fixtures/{name}")).unwrap()
}

fn fields() -> Fields {
    Fields {
        place: Some((46.624, -14.307)),
        taken: Some(1_719_842_600),
        zone_minutes: Some(120),
        ..Fields::default()
    }
}

fn try_write(file: &[u8]) -> Result<Written, Odd> {
    super::super::write(&file, &fields(), &Limits::default()).map_err(|left| match left {
        Left::Odd(odd) => odd,
        Left::Unreadable(error) => panic!("{error}"),
    })
}

fn written(file: &[u8]) -> Vec<u8> {
    let written = try_write(file).unwrap();
    assert!(written.edits.patches().is_some(), "something moved");
    let view = Spliced::new(&file, &written.edits);
    let checked = verify(&file, &view, &written.inside, &Limits::default());
    assert_eq!(checked.unwrap(), Payload::Same);
    read_range(&view, 0, view.size() as usize).unwrap()
}

#[test]
fn the_item_is_appended_once_and_then_written_in_place() {
    let file = fixture("photos/pug.heic");
    let once = written(&file);
    assert!(once.len() > file.len());
    assert!(try_write(&once).unwrap().edits.is_empty());
    let elsewhere = Fields { place: Some((1.0, 2.0)), ..Fields::default() };
    let twice = super::super::write(&once, &elsewhere, &Limits::default()).unwrap();
    assert_eq!(twice.edits.size(), once.len() as u64);
}

#[test]
fn odd_files_are_left() {
    let file = fixture("photos/pug.heic");
    let boxed = |name: &[u8], body: &[u8]| {
        [&(8 + body.len() as u32).to_be_bytes()[..], name, body].concat()
    };
    let odd = |behind: &[u8]| try_write(&[&file, behind].concat()).err();
    assert_eq!(odd(&boxed(b"sefd", b"trailer")), Some(Odd::Box(*b"sefd")));
    assert_eq!(odd(&boxed(b"mpvd", b"film")), Some(Odd::Box(*b"mpvd")));
    assert_eq!(odd(b"\0\0\0\0mdat"), Some(Odd::Box(*b"mdat")));
    assert_eq!(odd(b"SEFT"), Some(Odd::Structure));
    let signature = [&[0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C][..]].concat();
    let signature = [&signature[..], &[0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81]].concat();
    assert_eq!(odd(&boxed(b"uuid", &signature)), Some(Odd::Signed));
}

#[test]
fn broken_files_are_left() {
    for name in ["corrupted", "oom_large_box", "truncated"] {
        let file = fixture(&format!("broken/{name}.heic"));
        assert!(try_write(&file).is_err(), "{name}");
    }
}

#[test]
fn any_change_of_the_index_is_left_or_written_right() {
    let file = fixture("photos/pug.heic");
    let mut right = 0;
    for at in (0..4000).step_by(23) {
        for flip in [0x01, 0x80] {
            let mut file = file.clone();
            file[at] ^= flip;
            let Ok(written) = try_write(&file) else { continue };
            let view = Spliced::new(&file, &written.edits);
            let meant = verify(&file, &view, &written.inside, &Limits::default());
            // The payload may be none, and the reader may not find the item: then it is
            // put back. But no other byte is ever written.
            right += u32::from(meant.is_ok());
            let item = item(&file).unwrap();
            let places = [item.place, item.located.offset, item.located.length];
            for splice in written.edits.splices() {
                let inside = places.iter().any(|place| {
                    place.start <= splice.at && splice.at + splice.removed <= place.end
                });
                assert!(inside || splice.at == file.len() as u64, "byte {at}");
            }
        }
    }
    assert!(right > 30, "{right} were written");
}

fn table(version: u8, sizes: [u8; 2], rest: &[u8]) -> Result<Vec<Located>, Odd> {
    located::read(&[&[version, 0, 0, 0], &sizes[..], rest].concat(), 100)
}

#[test]
fn every_version_of_the_table_is_read() {
    let v0 = table(0, [0x44, 0x40], &[0, 1, 0, 7, 0, 0, 0, 0, 0, 9, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5]);
    let found = &v0.unwrap()[0];
    assert_eq!((found.id, found.extents.first()), (7, Some(&(10..15))));
    assert_eq!((&found.offset, &found.length), (&(118..122), &(122..126)));
    let v1 = table(1, [0x44, 0x00], &[0, 1, 0, 7, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5]);
    assert!(!v1.unwrap()[0].in_file, "inside an item");
    let v2 = [&[0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 1][..], &[0; 8], &[2; 12]].concat();
    let v2 = table(2, [0x84, 0x08], &v2).unwrap();
    assert_eq!(v2[0].offset, 128..136);
    assert_eq!(table(3, [0x44, 0], &[0, 0]), Err(Odd::Structure));
    assert_eq!(table(1, [0x45, 0], &[0, 0]), Err(Odd::Structure));
    assert_eq!(table(1, [0x04, 0], &[0, 0]), Err(Odd::ItemPlace));
    assert_eq!(table(1, [0x44, 0], &[0xFF, 0xFF]), Err(Odd::Structure));
}
