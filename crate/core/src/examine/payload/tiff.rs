//! The payload of a TIFF, and of camera raws that are built like one (DNG, NEF, CR2, ARW): the
//! strips and tiles of its pictures, and the fields that say how they are coded (TIFF 6.0).
//!
//! Where directories and data lie does not count, nor what other fields say. Pictures of
//! reduced size, previews and thumbnails, count only where there is no other, as the
//! thumbnail of a JPEG does not count. The crate `tiff` opens no file whose first directory it
//! cannot decode, as those of raws are.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::streams::Streams;
use crate::io::{ReadAt, read_range};

/// Most directories of a file; one with more has no payload hash. Raws have about six.
/// Chosen, not measured.
const MOST_DIRECTORIES: usize = 64;

/// Most numbers of a field: the strips of a picture of 65,535 rows, and more than any palette
/// has. Chosen, not measured.
const MOST_NUMBERS: u64 = 1 << 20;

/// `NewSubfileType`, whose first bit says that a larger picture is in the file.
const SUBFILE: u16 = 254;
/// `StripOffsets` and `StripByteCounts`, `TileOffsets` and `TileByteCounts`.
const DATA: [[u16; 2]; 2] = [[273, 279], [324, 325]];
/// `SubIFDs`: directories of other pictures.
const INNER: u16 = 330;
/// Width, height, bits, compression, colours, order of bits, samples, rows of a strip, planes,
/// predictor, palette, width and height of a tile, further samples, their format, tables of a
/// JPEG, and how brightness and colours are coded.
const CODING: [u16; 20] = [
    256, 257, 258, 259, 262, 266, 277, 278, 284, 317, 320, 322, 323, 338, 339, 347, 529, 530, 531,
    532,
];

/// What the directories of a file name. `None`: no picture, or one whose tables contradict
/// each other, or tables of more than `most` bytes.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub(super) fn streams(source: &dyn ReadAt, most: u64) -> io::Result<Option<Streams>> {
    let head = read_range(source, 0, 8)?;
    let little = match head.get(..4) {
        // Olympus writes letters of its own for the number of the format.
        Some(b"II*\0" | b"IIRO" | b"IIRS") => true,
        Some(b"MM\0*" | b"MMOR") => false,
        _ => return Ok(None),
    };
    let tables = Tables { source, little, left: Cell::new(most) };
    Ok(tables.directories(&head)?.and_then(|all| named(&all, little, source.size())))
}

/// The numbers of a directory's fields, of those that matter here.
type Directory = BTreeMap<u16, Vec<u64>>;

fn named(directories: &[Directory], little: bool, size: u64) -> Option<Streams> {
    let data = |of: &Directory| {
        let [starts, lengths] = DATA.into_iter().find(|[starts, _]| of.contains_key(starts))?;
        let (starts, lengths) = (of.get(&starts)?.clone(), of.get(&lengths)?.clone());
        (starts.len() == lengths.len()).then_some((starts, lengths))
    };
    let is_reduced = |kind: &u64| kind & 1 == 1;
    let is_whole = |of: &&Directory| !of.get(&SUBFILE).into_iter().flatten().any(is_reduced);
    let pictures: Vec<&Directory> = directories
        .iter()
        .filter(|of| DATA.iter().any(|[starts, _]| of.contains_key(starts)))
        .collect();
    let whole: Vec<&Directory> = pictures.iter().copied().filter(is_whole).collect();
    let mut streams = Streams::new();
    for picture in if whole.is_empty() { pictures } else { whole } {
        streams.begin(*b"tiff")?;
        streams.hold(&[u8::from(little)]);
        for tag in CODING {
            for number in picture.get(&tag).into_iter().flatten() {
                streams.hold(&tag.to_le_bytes());
                streams.hold(&number.to_le_bytes());
            }
        }
        let (starts, lengths) = data(picture)?;
        for (start, length) in starts.into_iter().zip(lengths) {
            streams.place(start, length)?;
        }
    }
    streams.within(size)
}

/// Reads directories.
struct Tables<'a> {
    source: &'a dyn ReadAt,
    little: bool,
    /// Bytes that may still be read.
    left: Cell<u64>,
}

impl Tables<'_> {
    /// All directories: those of the chain, each with its inner ones behind it.
    fn directories(&self, head: &[u8]) -> io::Result<Option<Vec<Directory>>> {
        let mut waiting = vec![self.number(&head[4..])];
        let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
        while let Some(at) = waiting.pop() {
            if at == 0 || !seen.insert(at) {
                continue;
            }
            if seen.len() > MOST_DIRECTORIES {
                return Ok(None);
            }
            let Some((directory, next)) = self.directory(at)? else { return Ok(None) };
            waiting.push(next);
            waiting.extend(directory.get(&INNER).into_iter().flatten().rev());
            all.push(directory);
        }
        Ok(Some(all))
    }

    /// A directory, and where the next of the chain begins (0: there is none).
    fn directory(&self, at: u64) -> io::Result<Option<(Directory, u64)>> {
        let Some(count) = self.read(at, 2)? else { return Ok(None) };
        let count = self.number(&count) as usize;
        let Some(bytes) = self.read(at + 2, 12 * count as u64 + 4)? else { return Ok(None) };
        let mut directory = Directory::new();
        let (fields, next) = bytes.split_at(12 * count);
        for field in fields.chunks_exact(12) {
            let tag = self.number(&field[..2]) as u16;
            let data = DATA.as_flattened();
            if !data.contains(&tag) && !CODING.contains(&tag) && ![SUBFILE, INNER].contains(&tag) {
                continue;
            }
            let Some(numbers) = self.numbers(field)? else { return Ok(None) };
            directory.insert(tag, numbers);
        }
        Ok(Some((directory, self.number(next))))
    }

    /// The numbers of a field. Those of other types are taken by their bytes.
    fn numbers(&self, field: &[u8]) -> io::Result<Option<Vec<u64>>> {
        let size = match self.number(&field[2..4]) {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let count = self.number(&field[4..8]);
        if count > MOST_NUMBERS {
            return Ok(None);
        }
        let bytes = count * size;
        let read = match usize::try_from(bytes).ok().and_then(|bytes| field[8..].get(..bytes)) {
            Some(own) => Some(own.to_vec()),
            None => self.read(self.number(&field[8..]), bytes)?,
        };
        let number = |bytes: &[u8]| {
            let parts = bytes.chunks(4).map(|part| self.number(part));
            parts.fold(0, |number, part| number << 32 | part)
        };
        Ok(read.map(|read| read.chunks(size as usize).map(number).collect()))
    }

    /// Exactly these bytes. `None`: the file ends before, or they are too many.
    fn read(&self, at: u64, bytes: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(left) = self.left.get().checked_sub(bytes) else { return Ok(None) };
        self.left.set(left);
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        Ok(Some(read_range(self.source, at, length)?).filter(|read| read.len() == length))
    }

    /// A number of one, two or four bytes.
    fn number(&self, bytes: &[u8]) -> u64 {
        let byte = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.little { bytes.iter().rev().fold(0, byte) } else { bytes.iter().fold(0, byte) }
    }
}
