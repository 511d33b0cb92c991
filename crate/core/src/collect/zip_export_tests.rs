use std::io::{Cursor as Memory, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::io::read_range;

const STORED: CompressionMethod = CompressionMethod::Stored;
const DEFLATED: CompressionMethod = CompressionMethod::Deflated;

fn zip(files: &[(&str, &[u8], CompressionMethod)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Memory::new(Vec::new()));
    for (name, bytes, method) in files {
        let options = SimpleFileOptions::default().compression_method(*method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Bytes that neither repeat nor pack well.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

fn opened<'a>(zip: &'a [u8], entry: &ZipEntry) -> Box<dyn ReadAt + 'a> {
    let Source::Zipped { start, packed, packing, .. } = entry.source else { panic!() };
    let slice = Slice::new(Box::new(zip), start, packed);
    match packing {
        Packing::Stored => Box::new(slice),
        Packing::Deflated => Box::new(Inflated::new(slice, entry.size)),
    }
}

fn listed(zip: &[u8]) -> (Vec<ZipEntry>, Vec<Issue>) {
    let (mut entries, issues) =
        super::listed(&zip, FileId(7), "export.zip", directory(&zip).unwrap()).unwrap();
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    (entries, issues)
}

/// The first place where `from` stands in `bytes` becomes `to`.
fn changed(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn entries_are_read_in_place_from_any_position() {
    let long = noise(300_000);
    let zip = zip(&[
        ("b/deflated.bin", &long, DEFLATED),
        ("a.bin", &long, STORED),
        ("empty", b"", STORED),
    ]);
    let (entries, issues) = listed(&zip);
    assert_eq!(issues, []);
    let names: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(names, ["a.bin", "b/deflated.bin", "empty"]);
    for entry in &entries[..2] {
        let source = opened(&zip, entry);
        assert_eq!((entry.size, source.size()), (300_000, 300_000));
        // Forward, far forward, backward, over the end.
        for (pos, count) in [(0, 10), (10, 70_000), (250_000, 9), (5, 100_000), (299_990, 50)] {
            let bytes = read_range(&*source, pos, count).unwrap();
            let end = (pos as usize + count).min(long.len());
            assert_eq!(bytes, long[pos as usize..end], "{} at {pos}", entry.path);
        }
        assert!(read_range(&*source, 300_000, 10).unwrap().is_empty());
    }
    assert!(read_range(&*opened(&zip, &entries[2]), 0, 10).unwrap().is_empty());
}

#[test]
fn what_systems_leave_behind_and_folders_are_no_entries() {
    let mut writer = ZipWriter::new(Memory::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.add_directory("media", options).unwrap();
    for name in ["__MACOSX/._a.jpg", "media/.DS_Store", "media/Mu\u{308}ller.jpg"] {
        writer.start_file(name, options).unwrap();
    }
    let (entries, issues) = listed(&writer.finish().unwrap().into_inner());
    let names: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!((names, issues), (vec!["media/Mu\u{308}ller.jpg"], Vec::new()));
}

#[test]
fn macs_write_names_as_utf_8_without_saying_so() {
    // Bit 11 of the flags, in the entry and in the directory.
    let zip = zip(&[("é.jpg", b"x", STORED)]);
    let mut plain = zip.clone();
    for at in 0..zip.len() - 10 {
        if zip[at..].starts_with(b"PK\x03\x04") {
            plain[at + 7] &= !8;
        } else if zip[at..].starts_with(b"PK\x01\x02") {
            plain[at + 9] &= !8;
        }
    }
    assert_ne!(plain, zip);
    assert_eq!(listed(&plain).0[0].path, "é.jpg");
}

#[test]
fn an_entry_that_lies_about_its_size_is_an_issue() {
    for method in [STORED, DEFLATED] {
        let mut lying = zip(&[("a.txt", &[7; 1000], method)]);
        // The size in the directory, in its lowest and its highest byte.
        let at = lying.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        assert_eq!(lying[at + 24..at + 28], 1000_u32.to_le_bytes());
        lying[at + 27] = 0x7F;
        let (entries, issues) = listed(&lying);
        assert_eq!((entries.len(), issues.len()), (0, 1));
        assert!(issues[0].problem.to_string().contains("size it cannot have"), "{issues:?}");
    }
}

#[test]
fn an_entry_with_more_or_fewer_bytes_than_it_claims_fails_at_its_end() {
    let zip = zip(&[("a.txt", &noise(5000), DEFLATED)]);
    let entry = &listed(&zip).0[0];
    let Source::Zipped { start, packed, .. } = entry.source else { panic!() };
    let whole = |size| Inflated::new(Slice::new(Box::new(zip.as_slice()), start, packed), size);
    let error = |size| read_range(&whole(size), 0, 10_000).unwrap_err().kind();
    assert_eq!(read_range(&whole(5000), 0, 10_000).unwrap().len(), 5000);
    assert_eq!(error(4999), io::ErrorKind::InvalidData);
    assert_eq!(error(5001), io::ErrorKind::UnexpectedEof);
    // Cut within the packed bytes.
    let cut = Inflated::new(Slice::new(Box::new(zip.as_slice()), start, packed / 2), 5000);
    assert_eq!(read_range(&cut, 0, 10_000).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn damaged_packed_bytes_are_an_error_and_no_panic() {
    let zip = zip(&[("a.txt", &[9; 5000], DEFLATED)]);
    let entry = &listed(&zip).0[0];
    let Source::Zipped { start, packed, .. } = entry.source else { panic!() };
    for at in 0..packed {
        let mut broken = zip.clone();
        broken[(start + at) as usize] ^= 0xFF;
        let slice = Slice::new(Box::new(broken.as_slice()), start, packed);
        // Some of these still unpack; none may do more than fail.
        let read = read_range(&Inflated::new(slice, 5000), 0, 5000);
        assert!(read.is_err() || read.is_ok_and(|bytes| bytes.len() == 5000), "{at}");
    }
}

#[test]
fn what_cannot_be_unpacked_is_an_issue_each() {
    let good = zip(&[("a.txt", b"one", STORED), ("b.txt", b"two", STORED)]);
    // The first entry of the directory gets an odd method, then a lock.
    let at = good.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for (place, value, text) in [
        (at + 10, 97, "packed with"),
        (at + 10, 9, "packed with Deflate64"),
        (at + 10, 12, "packed with BZip2"),
        (at + 10, 14, "packed with LZMA"),
        (at + 10, 99, "encrypted"),
        (at + 8, 1, "encrypted"),
    ] {
        let mut bad = good.clone();
        bad[place] = value;
        let (entries, issues) = listed(&bad);
        assert_eq!((entries.len(), issues.len()), (1, 1), "{text}");
        assert!(issues[0].problem.to_string().contains(text), "{issues:?}");
    }
}

#[test]
fn a_zip_without_its_end_has_no_directory() {
    let zip = zip(&[("a.txt", &noise(2000), STORED)]);
    for bytes in [&zip[..zip.len() / 2], &[][..], b"PK\x03\x04".as_slice()] {
        assert!(matches!(directory(&bytes), Err(Problem::BadZip(_))));
    }
}

#[test]
fn times_are_those_of_the_zip() {
    let mut writer = ZipWriter::new(Memory::new(Vec::new()));
    let time = zip::DateTime::from_date_and_time(2024, 12, 22, 20, 36, 8).unwrap();
    writer.start_file("a", SimpleFileOptions::default().last_modified_time(time)).unwrap();
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(listed(&zip).0[0].modified, Some(1_734_899_768));
    // The 31st of a month of 30 days is no time at all.
    let dos = ((2024_u16 - 1980) << 9 | 12 << 5 | 22).to_le_bytes();
    let zip = changed(zip, &dos, &((2024_u16 - 1980) << 9 | 11 << 5 | 31).to_le_bytes());
    let zip = changed(zip, &dos, &((2024_u16 - 1980) << 9 | 11 << 5 | 31).to_le_bytes());
    assert_eq!(listed(&zip).0[0].modified, None);
}
