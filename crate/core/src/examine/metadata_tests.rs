//! Whole runs of gather and examine over files with metadata, made in code.

use std::cell::RefCell;
use std::io;

use image::ImageFormat;

use super::testing::boxed;
use super::*;
use crate::io::ReadAt;
use crate::model::{Metadata, Motion};

/// 2024-03-03 10:05:00.
const TEN: i64 = 1_709_460_300;
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

fn packet(attributes: &str) -> Vec<u8> {
    let text = format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='{RDF}'><r:Description \
         xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/' \
         xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' \
         xmlns:g='http://ns.google.com/photos/1.0/camera/' {attributes}/></r:RDF></x:xmpmeta>"
    );
    text.into_bytes()
}

/// EXIF with the time 2024-01-15 12:34:56 and an orientation.
fn exif() -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    block.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    block.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    block.extend([0, 1, 0x90, 0x03, 0, 2, 0, 0, 0, 20, 0, 0, 0, 56, 0, 0, 0, 0]);
    block.extend(b"2024:01:15 12:34:56\0");
    block
}

/// A picture, coded by `image`.
fn coded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 30).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with segments behind its beginning.
fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    for (marker, segment) in segments {
        bytes.extend([0xFF, *marker]);
        bytes.extend((segment.len() as u16 + 2).to_be_bytes());
        bytes.extend(segment);
    }
    bytes.extend(&coded(ImageFormat::Jpeg)[2..]);
    bytes
}

fn xmp_segment(attributes: &str) -> (u8, Vec<u8>) {
    (0xE1, [b"http://ns.adobe.com/xap/1.0/\0", &packet(attributes)[..]].concat())
}

fn exif_segment() -> (u8, Vec<u8>) {
    (0xE1, [b"Exif\0\0", &exif()[..]].concat())
}

fn iptc_segment(sets: &[(u8, &[u8])]) -> (u8, Vec<u8>) {
    let mut block = Vec::new();
    for (number, value) in sets {
        block.extend([0x1C, 2, *number, 0, value.len() as u8]);
        block.extend(*value);
    }
    let length = (block.len() as u32).to_be_bytes();
    (0xED, [b"Photoshop 3.0\08BIM\x04\x04\0\0", &length[..], &block].concat())
}

fn run(name: &str, bytes: &[u8], depth: Depth) -> Features {
    let limits = Limits::default();
    let extract = gather(&bytes, depth, &limits).unwrap();
    examine(name, None, &extract, &limits).features
}

fn said(features: &Features) -> Metadata {
    features.metadata.clone().map(|boxed| *boxed).unwrap_or_default()
}

#[test]
fn exif_is_believed_before_xmp_and_xmp_before_iptc() {
    let bytes = jpeg(&[
        exif_segment(),
        xmp_segment("exif:DateTimeOriginal='2020-01-01T00:00:00' xmp:Rating='4'"),
        iptc_segment(&[(25, b"lake"), (55, b"20240115"), (5, b"Ossiach")]),
    ]);
    let features = run("a.jpg", &bytes, Depth::Head);
    assert_eq!(features.time_source, Some(TimeSource::Exif));
    let metadata = said(&features);
    assert_eq!((metadata.rating, metadata.orientation), (Some(4), Some(6)));
    assert_eq!(metadata.tags, ["lake"]);
    assert_eq!(metadata.title.as_deref(), Some("Ossiach"));
    // The day of IPTC is that of EXIF.
    assert_eq!(metadata.dates, [(TimeSource::Xmp, Taken::Wall(1_577_836_800))]);
}

#[test]
fn dates_of_programs_come_before_the_name() {
    let name = "IMG_20230101_000000.jpg";
    let time = |segments: &[(u8, Vec<u8>)]| {
        let features = run(name, &jpeg(segments), Depth::Head);
        (features.taken.unwrap(), features.time_source.unwrap())
    };
    let xmp = xmp_segment("photoshop:DateCreated='2024-03-03T10:05:00'");
    let iptc = iptc_segment(&[(55, b"20240303"), (60, b"100500")]);
    assert_eq!(time(&[xmp]), (Taken::Wall(TEN), TimeSource::Xmp));
    assert_eq!(time(&[iptc]), (Taken::Wall(TEN), TimeSource::Iptc));
    // A day alone says less than the name.
    let day = iptc_segment(&[(55, b"20240303")]);
    assert_eq!(time(std::slice::from_ref(&day)), (Taken::Wall(1_672_531_200), TimeSource::Name));
    let features = run("a.jpg", &jpeg(&[day]), Depth::Head);
    assert_eq!(features.taken, Some(Taken::Day(19_785)));
}

/// Notes what is read.
struct Watched<'a>(&'a [u8], RefCell<Vec<(u64, usize)>>);

impl ReadAt for Watched<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.1.borrow_mut().push((pos, buf.len()));
        self.0.read_at(pos, buf)
    }
}

#[track_caller]
fn check_reads(bytes: &[u8], want: &[(u64, usize)]) {
    let watched = Watched(bytes, RefCell::default());
    gather(&watched, Depth::Head, &Limits::default()).unwrap();
    assert_eq!(watched.1.into_inner(), want);
}

#[test]
fn an_ordinary_jpeg_is_read_once() {
    let mut bytes = jpeg(&[exif_segment(), xmp_segment("xmp:Rating='4'")]);
    bytes.resize(1 << 20, 0);
    check_reads(&bytes, &[(0, 64 << 10)]);
}

#[test]
fn a_film_far_behind_is_looked_for_where_it_should_be() {
    let film = [boxed(b"ftyp", b"mp42\0\0\0\0"), vec![0; 4000]].concat();
    let mark = format!("g:MicroVideo='1' g:MicroVideoOffset='{}'", film.len());
    let mut bytes = jpeg(&[xmp_segment(&mark)]);
    bytes.resize(200_000, 0);
    bytes.extend(&film);
    let motion = Motion { start: 200_000, bytes: film.len() as u64 };
    assert_eq!(said(&run("a.jpg", &bytes, Depth::Head)).motion, Some(motion));
    assert_eq!(said(&run("a.jpg", &bytes, Depth::Whole)).motion, Some(motion));
    check_reads(&bytes, &[(0, 64 << 10), (200_000, 8)]);
    bytes.truncate(200_000);
    assert_eq!(said(&run("a.jpg", &bytes, Depth::Head)).motion, None);
}

#[test]
fn a_png_may_speak_behind_its_picture() {
    let chunk = |name: &[u8; 4], data: &[u8]| {
        [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat()
    };
    let mut bytes = coded(ImageFormat::Png);
    let end = bytes.split_off(bytes.len() - 12);
    let text = [&b"XML:com.adobe.xmp\0\0\0\0\0"[..], &packet("xmp:Rating='3'")].concat();
    bytes.extend([chunk(b"eXIf", &exif()), chunk(b"iTXt", &text), end].concat());
    let features = run("a.png", &bytes, Depth::Whole);
    assert_eq!(features.time_source, Some(TimeSource::Exif));
    assert_eq!(said(&features).rating, Some(3));
    // Decoders do not turn it for what stands there.
    assert_eq!(features.size.map(|size| size.width), Some(40));
}

#[test]
fn a_tiff_keeps_its_packet_anywhere() {
    let value = packet("xmp:Rating='2'");
    let mut bytes = b"II*\0\x08\0\0\0\x01\0\xBC\x02\x01\0".to_vec();
    bytes.extend((value.len() as u32).to_le_bytes());
    bytes.extend(100_000_u32.to_le_bytes());
    bytes.resize(100_000, 0);
    bytes.extend(&value);
    assert_eq!(said(&run("a.tif", &bytes, Depth::Head)).rating, Some(2));
    assert_eq!(said(&run("a.tif", &bytes, Depth::Whole)).rating, Some(2));
}

#[test]
fn a_sidecar_is_examined_as_any_file() {
    let place = "exif:GPSLatitude='48,12.492N' exif:GPSLongitude='16,22.428E'";
    let date = "exif:DateTimeOriginal='2024-03-03T10:05:00+01:00'";
    let mut bytes = packet(&format!("{place} {date}"));
    bytes.resize(100_000, b'\n');
    let sidecar = run("a.jpg.xmp", &bytes, Depth::Head);
    assert_eq!(sidecar.time_source, Some(TimeSource::Sidecar));
    assert_eq!(sidecar.zone_minutes, Some(60));
    assert!(sidecar.place.is_some_and(|(north, _)| (north - 48.2082).abs() < 1e-9));
    let note = br#"{"title": "a.jpg", "photoTakenTime": {"timestamp": "1691227800"}}"#;
    let note = run("a.jpg.supplemental-metadata.json", note, Depth::Head);
    assert_eq!(note.taken, Some(Taken::Utc(1_691_227_800)));
    assert_eq!(said(&note).names, ["a.jpg"]);
    assert_eq!(run("a.txt", &bytes, Depth::Head).place, None);
}
