//! What may change in a file and leave its payload as it was, and what may not.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use super::payload::{Finder, Payload, Sums};
use super::testing::{boxed, words};
use crate::collect::jpeg_segments::{is_last, next};
use crate::io::{Files, ReadAt};
use crate::model::{FileId, Item, ItemId, Source};

/// A real file.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("../../tests/fixtures/{name}")).unwrap()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let photo = fixture("photos/thompson-springs.jpg");
    let picture = image::load_from_memory(&photo).unwrap().thumbnail(200, 200).to_rgb8();
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png() -> Vec<u8> {
    encoded(ImageFormat::Png)
}

pub fn webp() -> Vec<u8> {
    encoded(ImageFormat::WebP)
}

struct One<'a>(&'a [u8]);

impl Files for One<'_> {
    fn open(&self, _: FileId) -> std::io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0))
    }
}

fn payload_within(bytes: &[u8], most_index: u64) -> Option<[u8; 32]> {
    sums(bytes, most_index).payload
}

fn sums(bytes: &[u8], most_index: u64) -> Sums {
    let (path, source) = ("a".into(), Source::File(FileId(0)));
    let size = bytes.len() as u64;
    let item = Item { id: ItemId(0), path, size, modified: None, source };
    let mut finder = Finder::new(most_index);
    let mut payload: Payload = loop {
        if let Some(payload) = finder.step(&item, &One(bytes), 1 << 20).unwrap().1 {
            break payload;
        }
    };
    bytes.chunks(1000).for_each(|piece| payload.take(piece));
    payload.sums()
}

fn payload(bytes: &[u8]) -> Option<[u8; 32]> {
    payload_within(bytes, 1 << 20)
}

#[track_caller]
fn same(one: &[u8], other: &[u8]) {
    assert!(payload(one).is_some(), "no payload");
    assert_eq!(payload(one), payload(other));
}

/// Another payload once a bit is changed there.
#[track_caller]
fn counts(bytes: &[u8], at: usize) {
    let mut changed = bytes.to_vec();
    changed[at] ^= 4;
    assert!(payload(bytes).is_some(), "no payload");
    assert_ne!(payload(bytes), payload(&changed), "byte {at}");
}

fn at(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

fn insert(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    [&bytes[..at], new, &bytes[at..]].concat()
}

/// A JPEG's segments up to the first scan: marker, and where it begins and ends.
fn segments(bytes: &[u8]) -> Vec<(u8, usize, usize)> {
    let (mut all, mut pos) = (Vec::new(), 2);
    loop {
        let header = next(&bytes[pos..]).unwrap();
        all.push((header.marker, pos, pos + header.end));
        pos += header.end;
        if is_last(header.marker) {
            return all;
        }
    }
}

#[test]
fn a_jpeg_keeps_its_payload_whatever_is_said_about_it() {
    for name in ["bridge.jpg", "nikon-d5000.jpg", "iphone4.jpg", "thompson-springs.jpg"] {
        let bytes = fixture(&format!("photos/{name}"));
        let exif = [&b"\xFF\xE1\0\x20Exif\0\0"[..], &[0xFF; 24]].concat();
        let comment = b"\xFF\xFE\0\x06\xFF\xD9\xFF\xDA";
        same(&bytes, &insert(&bytes, 2, &exif));
        let scan = segments(&bytes).last().unwrap().1;
        same(&bytes, &insert(&bytes, scan, comment));
        same(&bytes, &[&bytes, &exif[..], b"\xFF\xD8\xFF\xD9"].concat());
        let mut bare = bytes[..2].to_vec();
        for (marker, start, end) in segments(&bytes) {
            if !matches!(marker, 0xE0..=0xED | 0xEF | 0xFE) {
                bare.extend(&bytes[start..end]);
            }
        }
        bare.extend(&bytes[segments(&bytes).last().unwrap().2..]);
        assert!(bare.len() < bytes.len(), "{name} has nothing to remove");
        same(&bytes, &bare);
    }
}

#[test]
fn a_jpeg_of_other_tables_or_pixels_has_another_payload() {
    let bytes = fixture("photos/bridge.jpg");
    for (marker, start, end) in segments(&bytes) {
        if matches!(marker, 0xDB | 0xC4 | 0xC0 | 0xC2 | 0xDA) {
            counts(&bytes, start + 5);
            counts(&bytes, end - 1);
        }
    }
    let scan = segments(&bytes).last().unwrap().2;
    counts(&bytes, scan + 100);
    counts(&bytes, bytes.len() - 40);
}

#[test]
fn adobe_says_how_colours_are_coded_and_that_counts() {
    let bytes = fixture("photos/thompson-springs.jpg");
    let adobe = |colours| [&b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0"[..], &[colours]].concat();
    let with = |colours| insert(&bytes, 2, &adobe(colours));
    assert_ne!(payload(&with(0)), payload(&with(1)));
    assert_ne!(payload(&with(0)), payload(&bytes));
    let other = [&b"\xFF\xEE\0\x0EOther\0\x64\0\0\0\0"[..], &[0]].concat();
    same(&bytes, &insert(&bytes, 2, &other));
}

#[test]
fn a_picture_without_its_end_has_no_payload() {
    let jpeg = fixture("photos/thompson-springs.jpg");
    for whole in [jpeg, png(), webp()] {
        assert!(payload(&whole).is_some());
        assert_eq!(payload(&whole[..whole.len() / 2]), None);
    }
    assert_eq!(payload(b"\xFF\xD8\xFF\xD9"), None);
}

/// A chunk of a PNG; nobody looks at its check sum here.
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes()[..], name, content, &[9; 4]].concat()
}

#[test]
fn a_png_keeps_its_payload_whatever_is_said_about_it() {
    let bytes = png();
    let pixels = at(&bytes, b"IDAT") - 4;
    same(&bytes, &insert(&bytes, pixels, &chunk(b"tEXt", b"Title\0IDAT")));
    same(&bytes, &insert(&bytes, bytes.len() - 12, &chunk(b"eXIf", &[1; 300])));
    same(&bytes, &[&bytes[..], b"more"].concat());
    let length = u32::from_be_bytes(*bytes[pixels..].first_chunk().unwrap()) as usize;
    let content = &bytes[pixels + 8..pixels + 8 + length];
    let (one, two) = content.split_at(length / 3);
    let parts = [chunk(b"IDAT", one), chunk(b"IDAT", two)].concat();
    let cut = [&bytes[..pixels], &parts, &bytes[pixels + 12 + length..]].concat();
    same(&bytes, &cut);
    counts(&bytes, pixels + 8 + length / 2);
    counts(&bytes, 19);
    let palette = insert(&bytes, pixels, &chunk(b"PLTE", &[1, 2, 3]));
    assert_ne!(payload(&palette), payload(&bytes));
    let frame = insert(&bytes, bytes.len() - 12, &chunk(b"fdAT", &[0, 0, 0, 2, 7, 7]));
    counts(&frame, bytes.len() - 12 + 13);
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [b"WEBP".to_vec(), chunks.concat()].concat();
    [&b"RIFF"[..], &(content.len() as u32).to_le_bytes(), &content].concat()
}

fn riff_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let padding = &[0][..content.len() % 2];
    [name, &(content.len() as u32).to_le_bytes()[..], content, padding].concat()
}

#[test]
fn a_webp_keeps_its_payload_whatever_is_said_about_it() {
    let bytes = webp();
    assert_eq!(&bytes[12..16], b"VP8L");
    let picture = bytes[12..].to_vec();
    let large = riff_chunk(b"VP8X", &[8, 0, 0, 0, 199, 0, 0, 149, 0, 0]);
    let exif = riff_chunk(b"EXIF", b"Exif\0\0MM\0");
    let told = riff(&[large.clone(), picture.clone(), exif]);
    same(&bytes, &told);
    same(&bytes, &[&told[..], b"more"].concat());
    counts(&bytes, bytes.len() / 2);
    let alpha = riff_chunk(b"ALPH", &[1, 2, 3]);
    assert_ne!(payload(&bytes), payload(&riff(&[large, alpha, picture.clone()])));
    let beyond = [&b"RIFF"[..], &50_u32.to_le_bytes(), b"WEBP", &picture].concat();
    assert_eq!(payload(&beyond), None);
}

/// A picture in a TIFF: numbers of its fields, and its strips.
#[derive(Clone, Copy)]
struct Strips<'a> {
    fields: &'a [(u16, u32)],
    strips: [&'a [u8]; 2],
}

/// A TIFF of such pictures, of which each but the first is an inner one; so many bytes lie
/// before its directories, and text in a field.
fn tiff(little: bool, pictures: &[Strips<'_>], before: usize, text: &[u8]) -> Vec<u8> {
    let order = |bytes: Vec<u8>| if little { bytes.into_iter().rev().collect() } else { bytes };
    let two = |number: u16| order(number.to_be_bytes().to_vec());
    let four = |number: u32| order(number.to_be_bytes().to_vec());
    let mut file = [if little { b"II" } else { b"MM" }.to_vec(), two(42), vec![0; 4]].concat();
    file.extend(vec![9; before]);
    let mut put = |bytes: &[u8]| {
        let at = file.len() as u32;
        file.extend(bytes);
        at
    };
    let mut inner = Vec::new();
    for (place, Strips { fields, strips }) in pictures.iter().enumerate().rev() {
        let places = strips.map(|strip| four(put(strip))).concat();
        let lengths = strips.map(|strip| four(strip.len() as u32)).concat();
        let field = |tag: u16, kind: u16, count: u32, at: u32| {
            [two(tag), two(kind), four(count), four(at)].concat()
        };
        let mut all: Vec<Vec<u8>> =
            fields.iter().map(|(tag, number)| field(*tag, 4, 1, *number)).collect();
        all.push(field(270, 2, text.len() as u32, put(text)));
        all.push(field(273, 4, 2, put(&places)));
        all.push(field(279, 4, 2, put(&lengths)));
        if place == 0 && !inner.is_empty() {
            let to: Vec<u8> = inner.iter().copied().flat_map(four).collect();
            let at = if inner.len() == 1 { inner[0] } else { put(&to) };
            all.push(field(330, 4, inner.len() as u32, at));
        }
        let directory = [two(all.len() as u16), all.concat(), vec![0; 4]].concat();
        inner.push(put(&directory));
    }
    let first = four(inner[inner.len() - 1]);
    file[4..8].copy_from_slice(&first);
    file
}

#[test]
fn a_tiff_keeps_its_payload_whatever_is_said_about_it() {
    let size = [(256, 20), (257, 2), (259, 1), (262, 1)];
    let picture =
        Strips { fields: &size, strips: [b"the first half of it", b"the other half of it"] };
    // A preview, and one of a kind that programs add.
    let preview = [(254, 0x1_0001), (256, 2), (257, 1)];
    let small = |strip| Strips { fields: &preview, strips: [strip, b"-"] };
    for little in [true, false] {
        let bytes = tiff(little, &[picture], 0, b"a text");
        let one = [picture];
        same(&bytes, &tiff(little, &one, 100, b"a longer text about it"));
        // The preview is no part of the picture, wherever it stands.
        same(&bytes, &tiff(little, &[small(b"shown"), picture], 0, b"a text"));
        same(&bytes, &tiff(little, &[small(b"other"), picture], 7, b""));
        let alone = payload(&tiff(little, &[small(b"shown")], 0, b""));
        assert!(alone.is_some_and(|own| Some(own) != payload(&bytes)));
        counts(&bytes, at(&bytes, b"other half"));
        assert_ne!(payload(&bytes), payload(&tiff(!little, &one, 0, b"a text")), "orders of bytes");
        let inverted = [(256, 20), (257, 2), (259, 1), (262, 0)];
        let inverted = [Strips { fields: &inverted, strips: picture.strips }];
        assert_ne!(payload(&bytes), payload(&tiff(little, &inverted, 0, b"a text")));
        assert_eq!(payload_within(&bytes, 60), None, "the tables are larger");
        for end in [bytes.len() - 1, at(&bytes, b"a text")] {
            assert_eq!(payload(&bytes[..end]), None);
        }
    }
}

#[test]
fn directories_in_a_circle_end() {
    let picture = Strips { fields: &[(256, 1)], strips: [b"a", b"b"] };
    let mut bytes = tiff(true, &[picture], 0, b"");
    let whole = payload(&bytes);
    let first: [u8; 4] = bytes[4..8].try_into().unwrap();
    let end = bytes.len() - 4;
    bytes[end..].copy_from_slice(&first);
    assert_eq!(payload(&bytes), whole);
}

/// A video with `by` more bytes before its samples.
fn moved(index: &[u8], by: u32) -> Vec<u8> {
    let mut index = index.to_vec();
    for at in
        (0..index.len() - 8).filter(|at| index[*at..].starts_with(b"stco")).collect::<Vec<_>>()
    {
        let word = |at: usize| u32::from_be_bytes(*index[at..].first_chunk().unwrap());
        let count = word(at + 8) as usize;
        let places: Vec<u32> = (0..count).map(|entry| word(at + 12 + entry * 4) + by).collect();
        index[at + 12..at + 12 + count * 4].copy_from_slice(&words(&places));
    }
    index
}

#[test]
fn a_video_keeps_its_payload_where_its_index_or_its_samples_move() {
    for (name, front) in [("android.mp4", 24), ("iphone-x.mov", 28)] {
        let bytes = fixture(&format!("videos/{name}"));
        let index = at(&bytes, b"moov") - 4;
        let (before, samples) = bytes[..index].split_at(front);
        let free = boxed(b"free", &[7; 1000]);
        let by = moved(&bytes[index..], 1008);
        same(&bytes, &[before, &free, samples, &by].concat());
        let by = moved(&bytes[index..], (bytes.len() - index) as u32);
        same(&bytes, &[before, &by, samples].concat());
        let unmoved = [before, &free, samples, &bytes[index..]].concat();
        assert_ne!(payload(&unmoved), payload(&bytes));
        same(&bytes, &[&bytes, &free[..]].concat());
        counts(&bytes, bytes.len() / 2);
    }
}

/// An index of one track, with the tables of its samples and what else stands in it.
fn movie(tables: &[Vec<u8>], more: &[u8]) -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8][..], b"vide", &[0; 13]].concat());
    let information = boxed(b"minf", &boxed(b"stbl", &tables.concat()));
    let media = boxed(b"mdia", &[handler, information].concat());
    let track = [boxed(b"tkhd", &words(&[0, 0, 0, 7])), media].concat();
    boxed(b"moov", &[&boxed(b"trak", &track)[..], more].concat())
}

/// These samples in one piece behind their index.
fn in_one_piece(samples: &[&[u8]]) -> Vec<u8> {
    let lengths: Vec<u32> = samples.iter().map(|sample| sample.len() as u32).collect();
    let count = samples.len() as u32;
    let front = boxed(b"ftyp", b"isom");
    let index = |start: u32| {
        let sizes = words(&[&[0, 0, count][..], &lengths].concat());
        movie(
            &[
                boxed(b"stsz", &sizes),
                boxed(b"stsc", &words(&[0, 1, 1, count, 1])),
                boxed(b"stco", &words(&[0, 1, start])),
            ],
            &[],
        )
    };
    let start = (front.len() + index(0).len() + 8) as u32;
    [front, index(start), boxed(b"mdat", &samples.concat())].concat()
}

/// These samples in fragments of so many, each behind its own table.
fn in_fragments(samples: &[&[u8]], each: usize) -> Vec<u8> {
    let none = [boxed(b"stsz", &words(&[0, 0, 0])), boxed(b"stco", &words(&[0, 0]))];
    let usual = boxed(b"trex", &words(&[0, 7, 1, 20, 0, 0]));
    let mut file = [boxed(b"ftyp", b"iso5"), movie(&none, &boxed(b"mvex", &usual))].concat();
    for part in samples.chunks(each) {
        let lengths: Vec<u32> = part.iter().map(|sample| sample.len() as u32).collect();
        let moof = |offset: u32| {
            let run = words(&[&[0x201, part.len() as u32, offset][..], &lengths].concat());
            let tables = [boxed(b"tfhd", &words(&[0, 7])), boxed(b"trun", &run)].concat();
            boxed(b"moof", &boxed(b"traf", &tables))
        };
        let offset = (moof(0).len() + 8) as u32;
        file.extend([moof(offset), boxed(b"mdat", &part.concat())].concat());
    }
    file
}

#[test]
fn a_video_stored_in_fragments_had_no_payload() {
    let samples: [&[u8]; 5] = [b"first", b"of", b"five", b"samples", b"!"];
    let whole = in_one_piece(&samples);
    for each in [1, 2, 5] {
        same(&whole, &in_fragments(&samples, each));
    }
    let fragments = in_fragments(&samples, 2);
    same(&fragments, &[&fragments[..], &boxed(b"mfra", &[0; 9])].concat());
    counts(&fragments, fragments.len() - 1);
    assert_ne!(payload(&fragments), payload(&in_fragments(&samples[..4], 2)));
    assert_eq!(payload(&fragments[..fragments.len() - 1]), None, "the last sample is cut off");
    assert_eq!(payload_within(&fragments, 200), None, "the tables are larger together");
}

#[test]
fn what_is_said_in_the_index_of_a_video_does_not_count() {
    let bytes = fixture("videos/sample.3gp");
    let mut other = bytes.clone();
    let created = at(&bytes, b"mvhd") + 8;
    other[created..created + 8].fill(0x5A);
    same(&bytes, &other);
    counts(&bytes, bytes.len() - 100);
}

#[test]
fn an_index_that_cannot_be_right_or_is_too_large_gives_no_payload() {
    let bytes = fixture("videos/android.mp4");
    assert!(payload(&bytes).is_some());
    assert_eq!(payload_within(&bytes, 1323), None);
    let table = at(&bytes, b"stsz");
    let mut more = bytes.clone();
    more[table + 12] = 0x7F;
    assert_eq!(payload(&more), None, "more samples than sizes");
    let places = at(&bytes, b"stco");
    let mut away = bytes.clone();
    away[places + 12] = 0x7F;
    assert_eq!(payload(&away), None, "samples behind the end");
    let mut fragments = bytes.clone();
    let spare = at(&fragments, b"udta");
    fragments[spare..spare + 4].copy_from_slice(b"mvex");
    // No fragment follows: all samples are in the index.
    same(&bytes, &fragments);
}

/// An HEIC with `new` before its `mdat`, its places changed accordingly: a table of
/// version 1 with words of four bytes, as in the fixtures.
fn pushed(bytes: &[u8], new: &[u8]) -> Vec<u8> {
    let data = at(bytes, b"mdat") - 4;
    let table = at(bytes, b"iloc");
    assert_eq!(&bytes[table + 4..table + 10], [1, 0, 0, 0, 0x44, 0]);
    let mut all = insert(bytes, data, new);
    let short = |all: &[u8], at: usize| u16::from_be_bytes(*all[at..].first_chunk().unwrap());
    let mut entry = table + 12;
    for _ in 0..short(bytes, table + 10) {
        assert_eq!(short(bytes, entry + 6), 1, "parts of an item");
        if short(bytes, entry + 2) == 0 {
            let place = u32::from_be_bytes(*bytes[entry + 8..].first_chunk().unwrap());
            all[entry + 8..entry + 12].copy_from_slice(&words(&[place + new.len() as u32]));
        }
        entry += 16;
    }
    all
}

#[test]
fn an_heic_keeps_its_payload_where_its_items_move() {
    for name in ["photos/no-pets.heic", "photos/pug.heic"] {
        let bytes = fixture(name);
        let free = boxed(b"free", &[3; 777]);
        same(&bytes, &pushed(&bytes, &free));
        let unmoved = insert(&bytes, at(&bytes, b"mdat") - 4, &free);
        assert_ne!(payload(&bytes), payload(&unmoved));
    }
}

#[test]
fn bytes_that_belong_to_two_items_give_no_payload() {
    let bytes = fixture("photos/no-pets.heic");
    let first = at(&bytes, b"iloc") + 12;
    let mut twice = bytes.clone();
    twice.copy_within(first + 8..first + 16, first + 24);
    assert!(payload(&bytes).is_some());
    assert_eq!(payload(&twice), None);
}

#[test]
fn an_heic_keeps_its_payload_whatever_is_said_about_it() {
    for name in ["photos/no-pets.heic", "photos/pug.heic"] {
        let bytes = fixture(name);
        let mut dated = bytes.clone();
        let data = at(&bytes, b"mdat");
        let exif = data + at(&bytes[data..], b"Exif\0\0");
        dated[exif + 40..exif + 60].fill(0x41);
        same(&bytes, &dated);
        same(&bytes, &[&bytes[..], &boxed(b"free", &[1; 50])].concat());
        counts(&bytes, bytes.len() / 2);
        counts(&bytes, bytes.len() * 3 / 4);
    }
}

#[test]
fn a_film_behind_a_picture_is_known_with_and_without_marks() {
    let photo = fixture("photos/thompson-springs.jpg");
    let film = || boxed(b"ftyp", b"mp42\0\0\0\0isom");
    let of = |behind: &[u8]| sums(&[&photo, behind].concat(), 1 << 20);
    let (plain, one) = (of(b""), of(&[film(), vec![1; 3000]].concat()));
    let other = of(&[film(), vec![2; 3000]].concat());
    assert_eq!((plain.payload, plain.film), (one.payload, None));
    assert!(one.film.is_some() && one.film != other.film);
    // Samsung writes a word before it, and padding is common.
    let marked =
        [b"\0\0\x30\x0A\x10\0\0\0MotionPhoto_Data".to_vec(), film(), vec![1; 3000]].concat();
    assert_eq!(of(&marked).film, one.film);
    // What a recovered card held next is no film.
    for junk in [vec![0; 5000], photo.clone(), b"a text about ftyp boxes".to_vec()] {
        assert_eq!(of(&junk), plain);
    }
}
