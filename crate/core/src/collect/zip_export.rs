//! Zip exports, read in place: the directory becomes items, and an item's
//! bytes come straight from the host's zip.

use std::cell::RefCell;
use std::io::{self, Read};

use chrono::NaiveDate;
use flate2::{Decompress, FlushDecompress, Status};
use zip::{CompressionMethod, ZipArchive};

use crate::error::{Issue, Problem};
use crate::io::{Cursor, ReadAt};
use crate::model::{FileId, Packing, Source};

/// Deflate cannot make more than this many bytes of one (RFC 1951 allows 258
/// bytes for two bits).
const MOST_PER_BYTE: u64 = 1032;
/// Bytes read from the zip at once.
const WINDOW: usize = 8 << 10;
/// Packed bytes read at once while unpacking.
const PACKED: usize = 64 << 10;
/// Most entries of a zip; an export holds some 10,000 media.
const ENTRIES: usize = 1_000_000;

/// One file in a zip.
#[derive(Debug, Clone)]
pub struct ZipEntry {
    /// As the zip names it. Data: it may hold `..` or be absolute.
    pub path: String,
    /// Bytes, unpacked, as the zip claims.
    pub size: u64,
    /// Last change on an unknown clock, taken as UTC.
    pub modified: Option<i64>,
    /// Where its bytes are.
    pub source: Source,
}

/// Lists the files of a zip, sorted by name; entries that cannot be unpacked
/// become issues.
///
/// # Errors
/// [`Problem::BadZip`]: it has no readable directory.
pub fn list(
    zip: &dyn ReadAt,
    file: FileId,
    shown: &str,
) -> Result<(Vec<ZipEntry>, Vec<Issue>), Problem> {
    let bad = |error: zip::result::ZipError| Problem::BadZip(error.to_string());
    let window = Window { source: zip, held: RefCell::new((0, Vec::new())) };
    let mut archive = ZipArchive::new(Cursor::new(&window)).map_err(bad)?;
    if archive.len() > ENTRIES {
        return Err(Problem::BadZip(format!("it has more than {ENTRIES} entries")));
    }
    let (mut entries, mut issues) = (Vec::new(), Vec::new());
    for index in 0..archive.len() {
        let entry = match archive.by_index_raw(index) {
            Ok(entry) => entry,
            Err(error) => {
                issues.push(Issue { path: shown.to_string(), problem: bad(error) });
                continue;
            }
        };
        // Macs write UTF-8 without saying so.
        let path = std::str::from_utf8(entry.name_raw()).map(str::to_string);
        let path = path.or_else(|_| entry.name().map(std::borrow::Cow::into_owned)).map_err(bad)?;
        if entry.is_dir() || super::is_junk(&path) {
            continue;
        }
        match place(&entry, file, zip.size()) {
            Ok(source) => {
                let (size, modified) = (entry.size(), entry.last_modified().and_then(seconds));
                entries.push(ZipEntry { path, size, modified, source });
            }
            Err(problem) => issues.push(Issue { path, problem }),
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((entries, issues))
}

/// Where an entry's bytes are, if its claims can be true.
fn place<R: Read + ?Sized>(
    entry: &zip::read::ZipFile<'_, R>,
    file: FileId,
    zip_size: u64,
) -> Result<Source, Problem> {
    if entry.encrypted() {
        return Err(Problem::BadZip("the entry is encrypted".into()));
    }
    let packed = entry.compressed_size();
    let (packing, most) = match entry.compression() {
        CompressionMethod::Stored => (Packing::Stored, packed),
        CompressionMethod::Deflated => (Packing::Deflated, packed.saturating_mul(MOST_PER_BYTE)),
        other => return Err(Problem::BadZip(format!("the entry is packed with {other}"))),
    };
    let start = entry.data_start().ok_or(Problem::Truncated)?;
    if start.checked_add(packed).is_none_or(|end| end > zip_size) {
        return Err(Problem::Truncated);
    }
    let stored_size = packing == Packing::Stored && entry.size() != packed;
    if stored_size || entry.size() > most {
        return Err(Problem::BadZip("the entry claims a size it cannot have".into()));
    }
    Ok(Source::Zipped { file, start, packed, packing })
}

fn seconds(time: zip::DateTime) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?;
    let (hour, minute, second) = (time.hour().into(), time.minute().into(), time.second().into());
    Some(date.and_hms_opt(hour, minute, second)?.and_utc().timestamp())
}

/// Holds the bytes around the last position: a zip's directory is read in
/// small steps, and the host's reads are dear.
struct Window<'a> {
    source: &'a dyn ReadAt,
    held: RefCell<(u64, Vec<u8>)>,
}

impl ReadAt for Window<'_> {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut held = self.held.borrow_mut();
        let inside = |(start, bytes): &(u64, Vec<u8>)| {
            let from = usize::try_from(pos.checked_sub(*start)?).ok()?;
            (from < bytes.len()).then_some(from)
        };
        if inside(&held).is_none() {
            *held = (pos, crate::io::read_range(self.source, pos, WINDOW)?);
        }
        let Some(from) = inside(&held) else { return Ok(0) };
        let count = buf.len().min(held.1.len() - from);
        buf[..count].copy_from_slice(&held.1[from..from + count]);
        Ok(count)
    }
}

/// A part of a file: a stored entry.
pub struct Slice<'a> {
    source: Box<dyn ReadAt + 'a>,
    start: u64,
    size: u64,
}

impl<'a> Slice<'a> {
    /// `size` bytes from `start`.
    #[must_use]
    pub fn new(source: Box<dyn ReadAt + 'a>, start: u64, size: u64) -> Self {
        Self { source, start, size }
    }
}

impl ReadAt for Slice<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(pos)).unwrap_or(usize::MAX);
        let count = buf.len().min(left);
        self.source.read_at(self.start.saturating_add(pos), &mut buf[..count])
    }
}

/// A deflated entry, unpacked as a stream: forward is cheap, backward starts
/// over. Never holds more than a window of either side.
pub struct Inflated<'a> {
    packed: Slice<'a>,
    size: u64,
    stream: RefCell<Stream>,
}

struct Stream {
    inflate: Decompress,
    input: Vec<u8>,
    used: usize,
    read: u64,
    ended: bool,
}

impl Stream {
    fn new() -> Self {
        let inflate = Decompress::new(false);
        Self { inflate, input: Vec::new(), used: 0, read: 0, ended: false }
    }

    /// Unpacks some more bytes; 0 only at the end of the stream.
    fn step(&mut self, packed: &Slice<'_>, out: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !out.is_empty() {
            if self.used == self.input.len() {
                self.input = crate::io::read_range(packed, self.read, PACKED)?;
                self.used = 0;
                self.read += self.input.len() as u64;
            }
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let input = &self.input[self.used..];
            let status = self
                .inflate
                .decompress(input, out, FlushDecompress::None)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            let taken = self.inflate.total_in() - read;
            let made = self.inflate.total_out() - written;
            self.used += usize::try_from(taken).unwrap_or(usize::MAX);
            self.ended = status == Status::StreamEnd;
            if made > 0 {
                return Ok(usize::try_from(made).unwrap_or(usize::MAX));
            }
            if taken == 0 && !self.ended && input.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

impl<'a> Inflated<'a> {
    /// Unpacks `packed`; its result must have exactly `size` bytes.
    #[must_use]
    pub fn new(packed: Slice<'a>, size: u64) -> Self {
        Self { packed, size, stream: RefCell::new(Stream::new()) }
    }

    /// Brings the stream to `pos` by unpacking and dropping what is before.
    fn forward(&self, stream: &mut Stream, pos: u64) -> io::Result<()> {
        if pos < stream.inflate.total_out() {
            *stream = Stream::new();
        }
        let mut dropped = [0; WINDOW];
        while stream.inflate.total_out() < pos {
            let left = pos - stream.inflate.total_out();
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(WINDOW);
            if stream.step(&self.packed, &mut dropped[..count])? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}

impl ReadAt for Inflated<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(pos)).unwrap_or(usize::MAX);
        let count = buf.len().min(left);
        if count == 0 {
            return Ok(0);
        }
        let mut stream = self.stream.borrow_mut();
        self.forward(&mut stream, pos)?;
        let mut filled = 0;
        while filled < count {
            match stream.step(&self.packed, &mut buf[filled..count])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                made => filled += made,
            }
        }
        if stream.inflate.total_out() == self.size && stream.step(&self.packed, &mut [0])? > 0 {
            let text = "the entry holds more bytes than it claims";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(filled)
    }
}

#[cfg(test)]
#[path = "zip_export_tests.rs"]
mod tests;
