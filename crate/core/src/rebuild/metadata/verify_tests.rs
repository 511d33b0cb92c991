//! PNGs and WebPs are written and verified; what is wrong is found.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use super::super::{Spliced, write};
use super::*;

fn fields() -> Fields {
    Fields {
        place: Some((46.624, 14.307)),
        taken: Some(1_719_842_600),
        zone_minutes: Some(120),
        ..Fields::default()
    }
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let photo = std::fs::read("../../tests/fixtures/photos/thompson-springs.jpg").unwrap();
    let picture = image::load_from_memory(&photo).unwrap().thumbnail(90, 90).to_rgb8();
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn written(file: &[u8]) -> Vec<u8> {
    let written = write(&file, &fields(), &Limits::default()).unwrap();
    let view = Spliced::new(&file, &written.edits);
    let checked = verify(&file, &view, &written.inside, &Limits::default());
    assert_eq!(checked.unwrap(), Payload::Same);
    read_range(&view, 0, view.size() as usize).unwrap()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name, data].concat();
    let sum = crc32fast::hash(&named).to_be_bytes();
    [&(data.len() as u32).to_be_bytes()[..], &named, &sum].concat()
}

fn odd(file: &[u8]) -> Option<Odd> {
    match write(&file, &fields(), &Limits::default()) {
        Err(Left::Odd(odd)) => Some(odd),
        _ => None,
    }
}

#[test]
fn a_png_has_one_chunk_before_its_picture() {
    let file = picture(ImageFormat::Png);
    let once = written(&file);
    let names: Vec<[u8; 4]> = png::chunks(&once).unwrap().iter().map(|chunk| chunk.name).collect();
    let exif = names.iter().position(|name| name == b"eXIf").unwrap();
    assert_eq!(&names[exif + 1], b"IDAT");
    assert_eq!(written(&once), once);
}

#[test]
fn odd_pngs_are_left() {
    let file = picture(ImageFormat::Png);
    let with = |name, data: &[u8]| [&file[..33], &chunk(name, data), &file[33..]].concat();
    assert_eq!(odd(&with(b"caBX", b"signed")), Some(Odd::Signed));
    let older = b"Raw profile type exif\0\nexif\n 8\n4d4d";
    assert_eq!(odd(&with(b"tEXt", older)), Some(Odd::ManyBlocks));
    assert_eq!(odd(&with(b"tEXt", b"Title\0Lake")), None);
    let twice = [&file[..33], &chunk(b"eXIf", b"MM"), &chunk(b"eXIf", b"MM"), &file[33..]];
    assert_eq!(odd(&twice.concat()), Some(Odd::ManyBlocks));
    assert_eq!(odd(&file[..file.len() - 1]), Some(Odd::Structure));
}

#[test]
fn a_simple_webp_gets_its_canvas() {
    let file = picture(ImageFormat::WebP);
    assert_eq!(&file[12..16], b"VP8L");
    let once = written(&file);
    assert_eq!(&once[12..16], b"VP8X");
    let said = |at: usize| u32::from_le_bytes([once[at], once[at + 1], once[at + 2], 0]) + 1;
    let size = image::load_from_memory(&file).unwrap();
    assert_eq!((said(24), said(27)), (size.width(), size.height()));
    assert_eq!(image::load_from_memory(&once).unwrap(), size);
    assert_eq!(written(&once), once);
    assert_eq!(odd(&[&file[..], b"x"].concat()), Some(Odd::Structure));
}

#[test]
fn kinds_without_a_writer_are_left() {
    assert_eq!(odd(b"GIF89a\x01\0\x01\0"), Some(Odd::Kind(Kind::Gif)));
    assert_eq!(odd(b"II*\0\x08\0\0\0\0\0\0\0\0\0"), Some(Odd::Kind(Kind::Tiff)));
    assert_eq!(odd(b""), Some(Odd::Kind(Kind::Empty)));
}

/// What is wrong with a file that was changed at one byte after it was written.
fn wrong(file: &[u8], new: &[u8], at: usize) -> Option<Wrong> {
    let mut new = new.to_vec();
    new[at] ^= 1;
    match verify(&file, &new, &fields(), &Limits::default()) {
        Ok(_) => None,
        Err(Unverified::Wrong(wrong)) => Some(wrong),
        Err(Unverified::Unreadable(error)) => panic!("{error}"),
    }
}

#[test]
fn every_byte_of_a_written_file_is_looked_at() {
    let file = std::fs::read("../../tests/fixtures/photos/thompson-springs.jpg").unwrap();
    let new = written(&file);
    let (start, block) = jpeg::exif(&new).unwrap().unwrap();
    let scan = jpeg_segments::segments(&new).unwrap().scan as usize;
    assert!(matches!(wrong(&file, &new, scan + 1000), Some(Wrong::Bytes(_))));
    assert!(matches!(wrong(&file, &new, new.len() - 3), Some(Wrong::Bytes(_))));
    // Of the block only what nobody reads may differ: padding, and directories that were
    // left behind.
    let places: Vec<usize> = (0..block.len()).step_by(29).map(|at| start as usize + at).collect();
    let silent = places.iter().filter(|&&at| wrong(&file, &new, at).is_none()).count();
    assert!(silent * 3 < places.len(), "{silent} of {} are not looked at", places.len());
}

#[test]
fn a_value_that_is_not_there_is_said() {
    let file = picture(ImageFormat::Png);
    let new = written(&file);
    let elsewhere = Fields { place: Some((1.0, 2.0)), ..fields() };
    let checked = verify(&file, &new, &elsewhere, &Limits::default());
    assert!(matches!(checked, Err(Unverified::Wrong(Wrong::Tag(2)))));
    let more = Fields { lens: Some("50 mm".to_owned()), ..fields() };
    assert!(verify(&file, &new, &more, &Limits::default()).is_err());
}
