//! Blocks made in code, in both orders of bytes; random ones are refused or written right.

use proptest::prelude::*;

use super::*;
use crate::model::Kind;
use crate::rebuild::metadata::exif::values::puts;
use crate::rebuild::metadata::fields::Fields;
use crate::rebuild::metadata::odd::Odd;
use crate::rebuild::metadata::verify::says;

type Field = (u16, u16, u32, Vec<u8>);

fn two(order: Order, number: u16) -> [u8; 2] {
    order.of_two(number)
}

/// A directory at the end of a block: its entries with their values behind it.
fn directory(block: &mut Vec<u8>, order: Order, fields: &[Field], next: u32) -> u32 {
    let at = block.len() as u32;
    let mut free = at + 2 + 12 * fields.len() as u32 + 4;
    let (mut entries, mut values) = (Vec::new(), Vec::new());
    for (tag, kind, count, value) in fields {
        entries.extend([two(order, *tag), two(order, *kind)].concat());
        entries.extend(order.of_four(*count));
        if value.len() <= 4 {
            entries.extend([&value[..], &[0; 4][value.len()..]].concat());
        } else {
            entries.extend(order.of_four(free));
            free += value.len() as u32;
            values.extend(value);
        }
    }
    block.extend(two(order, fields.len() as u16));
    block.extend([&entries[..], &order.of_four(next), &values].concat());
    at
}

fn ascii(tag: u16, text: &str) -> Field {
    (tag, 2, text.len() as u32 + 1, [text.as_bytes(), &[0]].concat())
}

/// A block as a camera writes it: EXIF's directory first, with a maker note that counts
/// from the beginning; a thumbnail's directory last.
fn camera(order: Order, exif: &[Field], gps: Option<&[Field]>) -> Vec<u8> {
    let mark = if order == Order::Little { b"II*\0" } else { b"MM\0*" };
    let mut block = [&mark[..], &[0; 4]].concat();
    let exif = directory(&mut block, order, exif, 0);
    let gps = gps.map(|gps| directory(&mut block, order, gps, 0));
    let thumbnail = directory(&mut block, order, &[(0x0103, 3, 1, two(order, 6).to_vec())], 0);
    let mut fields = vec![ascii(0x010F, "Maker"), (TO_EXIF, 4, 1, order.of_four(exif).to_vec())];
    fields.extend(gps.map(|gps| (TO_GPS, 4, 1, order.of_four(gps).to_vec())));
    let first = directory(&mut block, order, &fields, thumbnail);
    block[4..8].copy_from_slice(&order.of_four(first));
    block
}

fn all() -> Fields {
    let mut fields = Fields {
        place: Some((-46.624, 14.307)),
        altitude_m: Some(-430.0),
        taken: Some(1_719_842_600),
        zone_minutes: Some(120),
        lens: Some("50 mm".to_owned()),
        ..Fields::default()
    };
    fields.exposure.time_s = Some(0.004);
    fields.exposure.iso = Some(400);
    fields
}

fn written(block: &[u8], fields: &Fields) -> Vec<u8> {
    let puts = puts(fields, Some(&Block::read(block).unwrap())).unwrap();
    let new = append(block, &puts).unwrap();
    let said = crate::examine::said_by_exif(Kind::Jpeg, &new);
    assert_eq!(says(&said, fields), Ok(()));
    new
}

fn fields_of_a_camera() -> Vec<Field> {
    vec![
        (0x9000, 7, 4, b"0220".to_vec()),
        ascii(0x9003, "2020:01:01 10:00:00"),
        ascii(0x9004, "2020:01:01 10:00:01"),
        ascii(0x9291, "123"),
        (0x927C, 7, 9, b"ACME\0note".to_vec()),
    ]
}

#[test]
fn nothing_moves_and_all_is_read_back_in_both_orders() {
    for order in [Order::Little, Order::Big] {
        let old = camera(order, &fields_of_a_camera(), None);
        let new = written(&old, &all());
        let note = old.windows(9).position(|bytes| bytes == b"ACME\0note").unwrap();
        assert_eq!(&new[note..note + 9], b"ACME\0note");
        let block = Block::read(&new).unwrap();
        let text = |tag| {
            let entry = block.directory(Name::Exif).unwrap().tagged(tag).next().copied();
            String::from_utf8(block.value(&entry.unwrap()).unwrap().to_vec()).unwrap()
        };
        assert_eq!(text(0x9000), "0231");
        assert_eq!(text(0x9003), "2024:07:01 14:03:20\0");
        assert_eq!(text(0x9004), "2020:01:01 10:00:01\0", "the digitised date stays");
        assert_eq!(text(0x9291), "   \0");
        assert!(block.directory(Name::Chained(1)).is_some(), "the thumbnail is lost");
    }
}

#[test]
fn the_second_time_nothing_grows() {
    let old = camera(Order::Big, &fields_of_a_camera(), None);
    let once = written(&old, &all());
    assert_eq!(written(&once, &all()), once);
    let elsewhere = Fields { place: Some((12.5, -170.25)), ..Fields::default() };
    let twice = written(&once, &elsewhere);
    assert_eq!(twice.len(), once.len());
}

#[test]
fn a_gps_directory_keeps_what_it_says_besides() {
    let gps = [(0x10, 2, 2, b"T\0".to_vec()), (0x11, 5, 1, vec![0, 0, 0, 90, 0, 0, 0, 1])];
    let old = camera(Order::Big, &[], Some(&gps));
    let place = Fields { place: Some((1.0, 2.0)), ..Fields::default() };
    let new = written(&old, &place);
    let block = Block::read(&new).unwrap();
    let tags: Vec<u16> =
        block.directory(Name::Gps).unwrap().entries.iter().map(|entry| entry.tag).collect();
    assert_eq!(tags, [0, 1, 2, 3, 4, 0x10, 0x11]);
}

#[test]
fn a_value_that_two_tags_share_is_not_written_over() {
    let mut exif = fields_of_a_camera();
    exif.truncate(3);
    let mut block = camera(Order::Big, &exif, None);
    // The second date points to the bytes of the first.
    let at = 8 + 2 + 12;
    let place: Vec<u8> = block[at + 8..at + 12].to_vec();
    block[at + 20..at + 24].copy_from_slice(&place);
    let date = Fields { taken: Some(0), ..Fields::default() };
    let new = written(&block, &date);
    let read = Block::read(&new).unwrap();
    let digitised = *read.directory(Name::Exif).unwrap().tagged(0x9004).next().unwrap();
    assert_eq!(read.value(&digitised), Some(&b"2020:01:01 10:00:00\0"[..]));
}

#[test]
fn a_value_that_lies_behind_the_end_would_come_true() {
    let mut exif = fields_of_a_camera();
    exif.push((0xA420, 2, 400, vec![0, 0, 0, 16]));
    let block = camera(Order::Big, &exif, None);
    let puts = puts(&all(), Some(&Block::read(&block).unwrap())).unwrap();
    assert_eq!(append(&block, &puts), Err(Fault::Entangled(0xA420)));
}

#[test]
fn a_tag_that_is_there_twice_is_refused() {
    let exif = [ascii(0x9003, "2020:01:01 10:00:00"), ascii(0x9003, "2021:01:01 10:00:00")];
    let block = camera(Order::Little, &exif, None);
    let puts = puts(&all(), Some(&Block::read(&block).unwrap())).unwrap();
    assert_eq!(append(&block, &puts), Err(Fault::Twice(0x9003)));
}

#[test]
fn a_maker_note_keeps_its_camera() {
    let mut named = all();
    named.camera.make = Some("Acme".to_owned());
    named.camera.model = Some("Größe 7".to_owned());
    let block = camera(Order::Big, &fields_of_a_camera(), None);
    assert_eq!(puts(&named, Some(&Block::read(&block).unwrap())), Err(Odd::MakerNote));
    let mut bare = fields_of_a_camera();
    bare.pop();
    written(&camera(Order::Big, &bare, None), &named);
}

#[test]
fn a_link_that_comes_true_is_refused() {
    let mut block = camera(Order::Big, &fields_of_a_camera(), None);
    let end = block.len().next_multiple_of(2) as u32;
    // So short a name stands in its entry: what comes behind the end is the directory.
    let lens = Fields { lens: Some("50".to_owned()), ..Fields::default() };
    let thumbnail = Block::read(&block).unwrap().directory(Name::Chained(1)).unwrap().range();
    for behind in [end, 60_000] {
        block[thumbnail.end - 4..thumbnail.end].copy_from_slice(&behind.to_be_bytes());
        let puts = puts(&lens, Some(&Block::read(&block).unwrap())).unwrap();
        assert_eq!(append(&block, &puts).is_ok(), behind == 60_000, "{behind}");
    }
}

#[test]
fn a_new_block_has_what_exif_asks_for() {
    let block = fresh(&puts(&all(), None).unwrap()).unwrap();
    let read = Block::read(&block).unwrap();
    for tag in [0x9000, 0x9101, 0xA000] {
        assert!(read.directory(Name::Exif).unwrap().tagged(tag).next().is_some(), "{tag:#x}");
    }
    let said = crate::examine::said_by_exif(Kind::Jpeg, &block);
    assert_eq!(says(&said, &all()), Ok(()));
}

/// Fields with any tag that may meet ours, of any type and count, whose values lie
/// anywhere.
fn any_field() -> impl Strategy<Value = (u16, u16, u32, u32)> {
    let tag = prop_oneof![
        Just(TO_EXIF),
        Just(TO_GPS),
        Just(0xA005),
        Just(0x9003),
        Just(0x9000),
        Just(0x9291),
        0_u16..8,
        any::<u16>(),
    ];
    let kind = prop_oneof![Just(2_u16), Just(4), Just(5), Just(7), 0_u16..15, any::<u16>()];
    let count = prop_oneof![Just(1_u32), Just(20), Just(3), 0_u32..40, any::<u32>()];
    let raw = prop_oneof![0_u32..300, Just(8), any::<u32>()];
    (tag, kind, count, raw)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_directories_are_refused_or_written_right(
        little: bool,
        parts in prop::collection::vec((prop::collection::vec(any_field(), 0..6), 0_u32..220), 1..4),
        tail in prop::collection::vec(any::<u8>(), 0..80),
        first in prop_oneof![Just(8_u32), 0_u32..200],
    ) {
        let order = if little { Order::Little } else { Order::Big };
        let mark = if little { b"II*\0" } else { b"MM\0*" };
        let mut block = [&mark[..], &order.of_four(first)].concat();
        for (fields, next) in &parts {
            block.extend(two(order, fields.len() as u16));
            for (tag, kind, count, raw) in fields {
                block.extend([two(order, *tag), two(order, *kind)].concat());
                block.extend([order.of_four(*count), order.of_four(*raw)].concat());
            }
            let next = if next % 3 == 0 { 0 } else { *next };
            block.extend(order.of_four(next));
        }
        block.extend(&tail);
        refused_or_right(&block)?;
    }

    #[test]
    fn any_change_of_a_real_block_is_refused_or_written_right(
        little: bool,
        flips in prop::collection::vec((any::<u16>(), any::<u8>()), 0..4),
        cut in 0_usize..40,
    ) {
        let order = if little { Order::Little } else { Order::Big };
        let gps = [(0x10, 2, 2, b"T\0".to_vec()), (2, 5, 3, vec![1; 24])];
        let mut block = camera(order, &fields_of_a_camera(), Some(&gps));
        block.truncate(block.len() - if cut < 20 { 0 } else { cut });
        for (at, byte) in flips {
            let at = usize::from(at) % block.len();
            block[at] = byte;
        }
        refused_or_right(&block)?;
    }
}

fn refused_or_right(old: &[u8]) -> Result<(), TestCaseError> {
    let Ok(block) = Block::read(old) else { return Ok(()) };
    let fields = all();
    let Ok(meant) = puts(&fields, Some(&block)) else { return Ok(()) };
    let Ok(new) = append(old, &meant) else { return Ok(()) };
    // Every byte that changed lies in a place that the writer knows: all old values read
    // the same by a walk of its own.
    let again = Block::read(&new).unwrap();
    for (name, directory) in &block.directories {
        for entry in &directory.entries {
            let ours = meant.all().any(|(own, put)| own == *name && put.tag == entry.tag);
            if ours || matches!(entry.tag, TO_EXIF | TO_GPS) {
                continue;
            }
            let Some(value) = block.value(entry) else { continue };
            let kept = again.directory(*name).unwrap().tagged(entry.tag);
            let values: Vec<_> = kept.map(|entry| again.value(entry)).collect();
            prop_assert!(values.contains(&Some(value)), "{:?} {:#x}", name, entry.tag);
        }
    }
    for (name, put) in meant.all() {
        let entry = again.directory(name).and_then(|known| known.tagged(put.tag).next());
        let value = entry.and_then(|entry| again.value(entry));
        prop_assert_eq!(value, Some(&put.value.bytes(again.order)[..]));
    }
    prop_assert_eq!(append(&new, &meant).ok(), Some(new));
    Ok(())
}
