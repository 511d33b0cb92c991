use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;
use crate::examine::payload_tests::{fixture, png, webp};
use crate::io::ReadAt;
use crate::model::{FileId, ItemId, Packing, Source};

const ALL: Wanted = Wanted { sha1: true, md5: true, blake3: true, payload: true };

/// One file, whatever its number; it tells another size than it has.
struct One<'a> {
    bytes: &'a [u8],
    told: u64,
}

impl ReadAt for One<'_> {
    fn size(&self) -> u64 {
        self.told
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.bytes.read_at(pos, buf)
    }
}

impl Files for One<'_> {
    fn open(&self, _: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(One { bytes: self.bytes, told: self.told }))
    }
}

fn item(size: u64, source: Source) -> Item {
    Item { id: ItemId(0), path: "a".into(), size, modified: None, source }
}

fn plain(size: u64) -> Item {
    item(size, Source::File(FileId(0)))
}

/// The sums of a file, each step as long as `most` says; also the bytes read.
fn read(
    item: &Item,
    files: &dyn Files,
    mut most: impl FnMut() -> usize,
) -> io::Result<(Digests, u64)> {
    let mut digester = Digester::new(ALL, &Limits::default());
    let (mut all, mut idle) = (0, 0);
    loop {
        let bound = most();
        let step = digester.advance(item, files, bound)?;
        assert!(step.read <= bound as u64, "{} bytes in a step of {bound}", step.read);
        all += step.read;
        idle = if step.read == 0 { idle + 1 } else { 0 };
        assert!(idle < 1000, "no step forward");
        if let Some(digests) = step.done {
            return Ok((digests, all));
        }
    }
}

fn sums(bytes: &[u8], most: impl FnMut() -> usize) -> Digests {
    let size = bytes.len() as u64;
    read(&plain(size), &One { bytes, told: size }, most).unwrap().0
}

/// Numbers that look like chance, the same every time.
fn chance(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bits = (state >> 40) % 17;
        (state % (1 << bits)) as usize + 1
    }
}

/// Files of every kind, with whether they have a payload.
fn files() -> Vec<(&'static str, Vec<u8>, bool)> {
    vec![
        ("JPEG", fixture("photos/thompson-springs.jpg"), true),
        ("progressive JPEG", fixture("photos/bridge-small.jpg"), true),
        ("HEIC", fixture("photos/no-pets.heic"), true),
        ("3GP, index first", fixture("videos/sample.3gp"), true),
        ("MP4, index last", fixture("videos/android.mp4"), true),
        ("MOV", fixture("videos/iphone-x.mov"), true),
        ("PNG", png(), true),
        ("WebP", webp(), true),
        ("damaged HEIC", fixture("broken/truncated.heic"), false),
        ("text", b"abc".to_vec(), false),
        ("nothing", Vec::new(), false),
    ]
}

#[test]
fn sums_are_those_that_others_know() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let digests = sums(b"abc", || 2);
    assert_eq!(hex(&digests.md5.unwrap()), "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(hex(&digests.sha1.unwrap()), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(digests.blake3, Some(*blake3::hash(b"abc").as_bytes()));
    assert_eq!(hex(&sums(b"", || 9).md5.unwrap()), "d41d8cd98f00b204e9800998ecf8427e");
}

#[test]
fn only_what_is_asked_for_is_there() {
    let bytes = fixture("photos/thompson-springs.jpg");
    let size = bytes.len() as u64;
    let wanted = Wanted { md5: true, ..Wanted::default() };
    let files = One { bytes: &bytes, told: size };
    let step = Digester::new(wanted, &Limits::default())
        .advance(&plain(size), &files, bytes.len())
        .unwrap();
    let done = step.done.unwrap();
    assert_eq!(step.read, size);
    assert!(done.md5.is_some());
    assert_eq!(Digests { md5: None, ..done }, Digests::default());
}

#[test]
fn no_sum_depends_on_how_the_reading_is_cut() {
    for (name, bytes, has_payload) in files() {
        let whole = sums(&bytes, || usize::MAX / 2);
        assert_eq!(whole.payload.is_some(), has_payload, "{name}");
        assert_eq!(whole.blake3, Some(*blake3::hash(&bytes).as_bytes()), "{name}");
        assert_eq!(sums(&bytes, || 1), whole, "{name}, byte by byte");
        for seed in 1..6 {
            assert_eq!(sums(&bytes, chance(seed * 0x9E37_79B9)), whole, "{name}, chance {seed}");
        }
    }
}

#[test]
fn a_deflated_entry_has_the_sums_of_the_file() {
    for (name, bytes, _) in files() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes).unwrap();
        let packed = encoder.finish().unwrap();
        let (size, length) = (bytes.len() as u64, packed.len() as u64);
        let source = Source::Zipped {
            file: FileId(0),
            start: 0,
            packed: length,
            packing: Packing::Deflated,
            crc: None,
        };
        let files = One { bytes: &packed, told: length };
        let (digests, read) = read(&item(size, source), &files, chance(7)).unwrap();
        assert_eq!(digests, sums(&bytes, || 1 << 16), "{name}");
        assert!(read <= 2 * size + 4096, "{name}: {read} bytes unpacked of {size}");
    }
}

#[test]
fn a_file_is_read_once_but_for_head_and_index() {
    for (name, bytes, _) in files() {
        let size = bytes.len() as u64;
        let files = One { bytes: &bytes, told: size };
        let (_, read) = read(&plain(size), &files, || 1 << 16).unwrap();
        assert!(read <= size + 4096 + 4500, "{name}: {read} bytes read of {size}");
    }
}

#[test]
fn a_file_that_lost_its_end_has_no_sum() {
    for (name, bytes, _) in files() {
        let size = bytes.len() as u64;
        for lost in [1, size / 2, size].into_iter().filter(|lost| (1..=size).contains(lost)) {
            let left = &bytes[..bytes.len() - lost as usize];
            for told in [size, left.len() as u64] {
                let error = read(&plain(size), &One { bytes: left, told }, chance(3)).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{name}, {lost} lost");
            }
        }
    }
}

#[test]
fn a_file_that_grew_has_no_sum() {
    let grown = One { bytes: b"abcd", told: 4 };
    let error = read(&plain(3), &grown, || 3).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}
