use std::cell::RefCell;
use std::io;

use super::super::edited::Guess;
use super::*;
use crate::io::{Files, ReadAt};
use crate::matching::fixture::Fixture;
use crate::matching::scenes;
use crate::memory::Nothing;
use crate::model::{Features, FileId};
use crate::settings::Settings;

/// Files that count how often each is opened.
struct Counted(scenes::InMemory, RefCell<BTreeMap<FileId, u32>>);

impl Files for Counted {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        *self.1.borrow_mut().entry(file).or_default() += 1;
        self.0.open(file)
    }
}

/// Asks about a sent picture and each of four originals, one question a batch;
/// returns the answers and how often each file was opened.
fn ask_four(what: What) -> (Vec<Compared>, Vec<u32>) {
    let mut fixture = Fixture::default();
    let mut files = Vec::new();
    let mut add = |path: &str, seed| {
        files.push(scenes::jpeg(&scenes::shifted(seed, 640, 480, 0), 90));
        fixture.exported(path, 1000, Features::new(Kind::Jpeg))
    };
    let sent = add("sent.jpg", 5);
    let originals: Vec<ItemId> = (5..9).map(|seed| add("original.jpg", seed)).collect();
    let files = Counted(scenes::InMemory(files), RefCell::default());
    let settings = Settings::default();
    let (known, memory) = (fixture.known(), &Nothing);
    let bench = Bench { known, files: &files, memory, settings: &settings };
    let mut comparer = Comparer::default();
    let mut answers = Vec::new();
    for original in originals {
        comparer.ask(Question { what, files: (original, sent), size: Size::new(320, 240) });
        while !comparer.is_idle() {
            let answered = comparer.advance(bench, &mut Ledger::default());
            answers.extend(answered.into_iter().map(|(_, _, found)| found));
        }
    }
    (answers, files.1.into_inner().into_values().collect())
}

#[test]
fn a_sent_picture_is_not_decoded_again_for_each_original() {
    let (answers, opened) = ask_four(What::Edited(Guess::WHOLE));
    let fits: Vec<bool> = answers.iter().map(|found| found.edited.is_some()).collect();
    assert_eq!(fits, [true, false, false, false], "its own original alone");
    assert_eq!(opened, [1; 5]);
    let (answers, opened) = ask_four(What::Sent);
    assert!(answers.iter().all(|found| found.fit.is_some()));
    assert_eq!(opened, [1; 5]);
}

/// A photo in ProPhoto, and what a program that follows profiles sends of it.
fn in_prophoto() -> (Vec<u8>, Vec<u8>) {
    let plane = scenes::scene(5, 960, 720);
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95);
    let profile = moxcms::ColorProfile::new_pro_photo_rgb().encode().unwrap();
    image::ImageEncoder::set_icc_profile(&mut encoder, profile).unwrap();
    let image = image::RgbImage::from_fn(960, 720, |x, y| {
        let level = plane.grey[(y * 960 + x) as usize];
        image::Rgb([level, level / 2 + 40, 200 - level / 2])
    });
    image.write_with_encoder(encoder).unwrap();
    let limits = Limits::default();
    let reading = pixels::Reading::OtherColours;
    let tones = pixels::tones_as(&bytes, 960, reading, &limits).unwrap().unwrap();
    let sent = scenes::jpeg(&tones.luma, 85);
    (bytes, sent)
}

#[test]
fn a_photo_in_other_colours_is_compared_through_its_profile_too() {
    let (original, sent) = in_prophoto();
    let fit = |profiled: bool, sent: &[u8]| {
        let mut fixture = Fixture::default();
        let features = Features { profiled: profiled.then_some(20), ..Features::new(Kind::Jpeg) };
        let first = fixture.exported("original.jpg", 1000, features);
        let second = fixture.exported("sent.jpg", 1000, Features::new(Kind::Jpeg));
        let files = scenes::InMemory(vec![original.clone(), sent.to_vec()]);
        let (known, settings) = (fixture.known(), Settings::default());
        let bench = Bench { known, files: &files, memory: &Nothing, settings: &settings };
        let mut comparer = Comparer::default();
        let (what, size) = (What::Sent, Size::new(320, 240));
        comparer.ask(Question { what, files: (first, second), size });
        let answered = comparer.advance(bench, &mut Ledger::default());
        answered[0].2.fit.unwrap().residual
    };
    let (without, with) = (fit(false, &sent), fit(true, &sent));
    assert!(without > 2.5 && with < 1.0, "{without} without the profile, {with} with it");
    // A program that leaves profiles aside.
    let plain = pixels::luma(&original, 960, &Limits::default()).unwrap();
    let plain = scenes::jpeg(&plain, 85);
    assert_eq!(fit(true, &plain), fit(false, &plain));
}
