//! What examining reads from foreign bytes, one function for each parser: for the
//! targets in `tests/fuzz`. A fault is a panic, a hang or a broken promise.

use super::boxes::{children, find, follow};
use super::digest::{Digester, Step, Wanted};
use super::film::Film;
use super::jpeg_marks::{marks, without_detail};
use super::metadata::{self, Noted, apple, blocks, iptc, xmp};
use super::pixels::{self, raw_preview};
use super::{Depth, examine, gather, photo_heif, photo_time, sound};
use crate::io::{Files, ReadAt};
use crate::model::{Features, FileId, Item, ItemId, Kind, Metadata, Source};
use crate::settings::Limits;

/// Limits so low that a picture of any size is refused or decoded at once.
fn small() -> Limits {
    Limits { pixels: 1 << 16, decode_bytes: 4 << 20, ..Limits::default() }
}

/// EXIF from its TIFF header on.
pub fn exif(bytes: &[u8]) {
    let Some(exif) = photo_time::parse(bytes) else { return };
    let notes = photo_time::notes(&exif);
    assert!((1..=8).contains(&photo_time::orientation(&exif)));
    assert!(photo_time::thumbnail(&exif).is_none_or(|found| found.len() <= bytes.len()));
    assert!(notes.place.is_none_or(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0));
}

/// Boxes of videos: in a file, in memory, and what examining makes of them.
pub fn boxes(bytes: &[u8]) {
    let found = follow(&bytes, |_| false).unwrap_or_default();
    assert!(found.windows(2).all(|pair| pair[0].start < pair[1].start));
    assert!(found.iter().all(|found| found.body <= found.end && found.end <= bytes.len() as u64));
    let inside: usize = children(bytes).map(|(_, body)| body.len()).sum();
    assert!(inside <= bytes.len());
    assert!(find(bytes, &[b"moov", b"trak"]).is_none_or(|found| found.len() < bytes.len()));
    // Decoded or not: both are answers.
    drop(sound::gather(&bytes, &small()).and_then(|recording| sound::print(&recording)));
    drop(Film::of(&bytes, &small()));
    file("a.mp4", bytes);
}

/// The segments of a JPEG.
pub fn jpeg_marks(bytes: &[u8]) {
    if let Some(marks) = marks(bytes) {
        assert!(marks.exif.is_none_or(|exif| exif.len() < bytes.len()));
        assert!(without_detail(bytes).is_none_or(|short| short.len() <= bytes.len()));
    }
    file("a.jpg", bytes);
}

/// The container of an HEIC.
pub fn heif_boxes(bytes: &[u8]) {
    let ranges = photo_heif::item_ranges(bytes);
    assert!(ranges.iter().all(|(from, to)| from <= to));
    let notes = photo_heif::heif_notes(bytes, &bytes);
    assert!(notes.exif.is_none_or(|exif| exif.len() <= bytes.len()), "more EXIF than file");
    file("a.heic", bytes);
}

/// The previews of a camera raw.
pub fn raw_preview(bytes: &[u8]) {
    assert!(raw_preview::size(bytes).is_none() || bytes.len() > 20, "a size from nothing");
    // Refused or decoded: both are answers.
    drop(raw_preview::luma(bytes, 64, &small()));
    file("a.dng", bytes);
}

/// XMP: a packet, and the same beside a file.
pub fn xmp(bytes: &[u8]) {
    let Some(noted) = xmp::read(bytes) else { return };
    said(noted);
    if let Some(beside) = metadata::read_sidecar("a.xmp", bytes) {
        assert!(beside.film.is_none(), "a film beside the file");
        said(beside);
    }
}

/// IPTC's data sets, and the resources of Photoshop that hold them.
pub fn iptc(bytes: &[u8]) {
    said(iptc::read(bytes));
    if let Some(block) = iptc::in_resources(bytes) {
        assert!(block.len() < bytes.len());
        said(iptc::read(block));
    }
}

/// Google's notes.
pub fn takeout(bytes: &[u8]) {
    metadata::read_sidecar("a.json", bytes).into_iter().for_each(said);
}

/// Apple's maker note.
pub fn maker_note(bytes: &[u8]) {
    let note = apple::read(bytes);
    let found = [note.content_id, note.burst, note.image_id];
    assert!(found.iter().flatten().all(|id| !id.is_empty() && id.len() <= 100));
}

/// The parts of PNG, TIFF and WebP files that hold metadata.
pub fn metadata_blocks(bytes: &[u8]) {
    let found = blocks::png(bytes);
    drop((found.exif, found.xmp));
    assert!(blocks::tiff_ranges(bytes).iter().all(|(from, to)| from < to));
    drop(blocks::tiff(bytes, &bytes));
    file("a.png", bytes);
}

/// The names of a folder, a line each.
pub fn sidecar_names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let names: Vec<&str> = text.lines().take(1000).collect();
    let owners = metadata::owners(&names);
    assert_eq!(owners.len(), names.len());
    for (at, owner) in owners.into_iter().enumerate() {
        match owner {
            None => {}
            Some(metadata::Beside::One(one)) => assert!(one < names.len() && one != at),
            Some(metadata::Beside::OneOf(some)) => assert!(some.len() > 1 && !some.contains(&at)),
        }
    }
}

/// What was said is bounded, and goes into features.
fn said(noted: Noted) {
    assert!(noted.place.is_none_or(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0));
    let metadata = &noted.metadata;
    assert!(metadata.tags.is_sorted() && metadata.tags.len() <= Metadata::MOST_TAGS);
    let short = |text: &String| text.chars().count() <= Metadata::MOST_CHARS;
    assert!(metadata.tags.iter().chain(&metadata.people).all(short));
    assert!(metadata.rating.is_none_or(|stars| (-1..=5).contains(&stars)));
    let numbers = [metadata.altitude_m, metadata.direction_deg, metadata.accuracy_m];
    assert!(numbers.into_iter().flatten().all(f64::is_finite));
    metadata::settle(noted, &mut Features::new(Kind::Jpeg));
}

/// A whole file as a run takes it: the same twice, and again as a picture.
fn file(name: &str, bytes: &[u8]) {
    let limits = small();
    for depth in [Depth::Head, Depth::Whole] {
        let Ok(extract) = gather(&bytes, depth, &limits) else { continue };
        assert!(extract.taken() <= bytes.len() as u64, "more taken than there is");
        let found = examine(name, None, &extract, &limits);
        assert_eq!(format!("{found:?}"), format!("{:?}", examine(name, None, &extract, &limits)));
    }
    drop(pixels::jpeg_view(bytes, 64, &limits));
    assert_eq!(payload(bytes, 1 << 20), payload(bytes, 7), "another payload in other steps");
}

/// One file, whatever its number.
struct One<'a>(&'a [u8]);

impl Files for One<'_> {
    fn open(&self, _: FileId) -> std::io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0))
    }
}

/// The payload of a file that is read in steps of so many bytes.
fn payload(bytes: &[u8], most: usize) -> Option<[u8; 32]> {
    let (path, size, source) = ("a".into(), bytes.len() as u64, Source::File(FileId(0)));
    let item = Item { id: ItemId(0), path, size, modified: None, source };
    let wanted = Wanted { payload: true, ..Wanted::default() };
    let mut digester = Digester::new(wanted, &small());
    loop {
        match digester.advance(&item, &One(bytes), most) {
            Ok(Step { done: None, .. }) => {}
            Ok(Step { done: Some(digests), .. }) => return digests.payload,
            Err(error) => panic!("memory can be read: {error}"),
        }
    }
}
