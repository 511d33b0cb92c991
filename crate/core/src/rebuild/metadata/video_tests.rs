//! Real videos get their date in place; those that say it elsewhere are left.

use super::super::{Payload, Spliced, verify};
use super::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("../../tests/fixtures/videos/{name}")).unwrap()
}

fn fields() -> Fields {
    Fields { taken: Some(1_719_842_600), zone_minutes: Some(120), ..Fields::default() }
}

fn odd(file: &[u8], fields: &Fields) -> Option<Odd> {
    match super::super::write(&file, fields, &Limits::default()) {
        Err(Left::Odd(odd)) => Some(odd),
        _ => None,
    }
}

#[test]
fn the_date_is_written_in_place_and_in_utc() {
    for name in ["android.mp4", "made-other.mp4", "sample.3gp", "made-fragments.mp4"] {
        let file = fixture(name);
        let written = super::super::write(&file, &fields(), &Limits::default()).unwrap();
        assert_eq!(written.edits.size(), file.len() as u64, "{name}");
        assert_eq!(written.beside, fields(), "the zone goes beside it");
        let view = Spliced::new(&file, &written.edits);
        let checked = verify(&file, &view, &written.inside, &Limits::default());
        assert_eq!(checked.unwrap(), Payload::Same, "{name}");
        for place in places(&view).unwrap() {
            let time = read_range(&view, place.start, 4).unwrap();
            assert_eq!(time, (1_719_842_600_u32 - 7200 + 2_082_844_800).to_be_bytes());
        }
    }
}

#[test]
fn a_date_of_apple_is_believed_first() {
    assert_eq!(odd(&fixture("iphone-x.mov"), &fields()), Some(Odd::OtherDate));
}

#[test]
fn without_its_zone_a_date_is_no_utc() {
    let file = fixture("android.mp4");
    let unzoned = Fields { zone_minutes: None, ..fields() };
    assert_eq!(odd(&file, &unzoned), Some(Odd::NoZone));
    let old = Fields { taken: Some(0), ..fields() };
    assert_eq!(odd(&file, &old), Some(Odd::Value(Field::Date)));
    let place = Fields { place: Some((1.0, 2.0)), ..Fields::default() };
    let written = super::super::write(&file, &place, &Limits::default()).unwrap();
    assert!(written.edits.is_empty() && written.inside.is_empty());
    assert_eq!(written.beside, place);
}

#[test]
fn times_fit_their_bytes() {
    assert_eq!(written(4_294_967_295 - FROM_1904, 4), Some(vec![0xFF; 4]));
    assert_eq!(written(4_294_967_296 - FROM_1904, 4), None);
    assert_eq!(written(4_294_967_296 - FROM_1904, 8).map(|bytes| bytes.len()), Some(8));
    assert_eq!(written(i64::MAX, 8), None);
}
