//! A folder of many files: small ones, photos, and large ones that are mostly holes.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::setup::root;

/// Files in one folder.
const TOGETHER: u64 = 500;

/// Bytes written at the head, in the middle and at the end of a file of holes.
const BLOCK: usize = 4096;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// 4 to 60 KB, written whole.
    Small,
    /// A photo of the fixtures with some bytes behind its end, written whole.
    Photo,
    /// 0.3 to 2 MB, mostly holes.
    Middle,
    /// 4 to 16 MB, mostly holes.
    Large,
}

/// A file before it is written.
#[derive(Clone, Copy)]
struct Shape {
    class: Class,
    size: u64,
    content: u64,
    /// What stands in the middle of the holes.
    middle: u64,
}

/// What the folder is, in words, for the table.
pub(super) const WORDS: &str = "of 100 files 67 are of 4 to 60 KB, 3 are photos with some bytes behind their end, 28 of 0.3 to 2 MB and 2 of \
     4 to 16 MB are mostly holes; half of all sizes are multiples of 512 bytes, which many share; one file in \
     10 is a copy, one in 50 differs from another of its size in a block in its middle alone";

/// Makes the folder, if it is not there yet.
pub(super) fn make(folder: &Path, files: u64) -> Outcome {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mark = folder.with_extension("made");
    let whole = format!("{files} files\n{WORDS}\n");
    if fs::read_to_string(&mark).is_ok_and(|made| made == whole) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(wrong)?;
    }
    let photos = photos()?;
    for number in 0..files {
        let below = folder.join(format!("{:03}", number / TOGETHER));
        if number % TOGETHER == 0 {
            fs::create_dir_all(&below).map_err(wrong)?;
        }
        let shape = shape(number, &photos);
        let ending = if shape.class == Class::Photo { "jpg" } else { "dat" };
        write(&below.join(format!("FILE_{number:06}.{ending}")), shape, &photos).map_err(wrong)?;
    }
    fs::write(mark, whole).map_err(wrong)
}

/// The JPEGs of the fixtures.
fn photos() -> Outcome<Vec<Vec<u8>>> {
    let folder = root().join("tests/fixtures/photos");
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(wrong)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jpg"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).map_err(wrong)).collect()
}

fn shape(number: u64, photos: &[Vec<u8>]) -> Shape {
    match number % 50 {
        9 | 19 | 29 | 39 | 49 => fresh(number - 5, photos),
        47 => Shape { middle: number, ..fresh(number - 3, photos) },
        _ => fresh(number, photos),
    }
}

/// A file like no other, but for its size.
fn fresh(number: u64, photos: &[Vec<u8>]) -> Shape {
    let mut chance = Chance(number);
    let mut between = |from: u64, to: u64| from + chance.next() % (to - from);
    let spread = between(0, 100);
    let (class, size) = match spread {
        0..67 => (Class::Small, between(4 << 10, 60 << 10)),
        67..70 => (Class::Photo, 0),
        70..98 => (Class::Middle, between(300 << 10, 2 << 20)),
        _ => (Class::Large, between(4 << 20, 16 << 20)),
    };
    let size = match class {
        Class::Photo => photos[number as usize % photos.len()].len() as u64 + 8,
        _ if between(0, 2) == 0 => size & !511,
        _ => size,
    };
    Shape { class, size, content: number, middle: 0 }
}

fn write(path: &Path, shape: Shape, photos: &[Vec<u8>]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    match shape.class {
        Class::Small => {
            file.write_all(&noise(shape.content ^ shape.middle << 32, shape.size as usize))
        }
        Class::Photo => {
            file.write_all(&photos[shape.content as usize % photos.len()])?;
            file.write_all(&(shape.content ^ shape.middle << 32).to_be_bytes())
        }
        Class::Middle | Class::Large => {
            file.set_len(shape.size)?;
            let block = noise(shape.content, BLOCK);
            file.write_all(&block)?;
            file.seek(SeekFrom::Start(shape.size / 2))?;
            file.write_all(&noise(shape.content ^ shape.middle << 32, BLOCK))?;
            file.seek(SeekFrom::End(-(BLOCK as i64)))?;
            file.write_all(&block)
        }
    }
}

fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut chance = Chance(seed);
    let mut bytes: Vec<u8> = std::iter::repeat_with(|| chance.next().to_le_bytes())
        .take(count.div_ceil(8))
        .flatten()
        .collect();
    bytes.truncate(count);
    bytes
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_in_ten_is_a_copy() {
        let photos = vec![vec![1; 1000], vec![2; 3000]];
        let written = |number: u64| {
            let shape = shape(number, &photos);
            (shape.size, shape.content, shape.middle)
        };
        let copies = (0..1000).filter(|&at| at > 4 && written(at) == written(at - 5)).count();
        assert_eq!(copies, 100);
        let (near, of) = (written(47), written(44));
        assert!(near.0 == of.0 && near.1 == of.1 && near.2 != of.2);
    }
}
