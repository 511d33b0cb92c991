//! Zip exports, read in place: the directory becomes items, and an item's
//! bytes come straight from the host's zip.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Read};

use chrono::NaiveDate;
use flate2::{Decompress, FlushDecompress, Status};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::junk::is_junk;
use crate::error::{Issue, Problem, Unread, ZipFault};
use crate::io::{Cursor, ReadAt};
use crate::model::{FileId, Packing, Source};

/// Most bytes that deflate makes of one: 258 bytes of two bits (RFC 1951). An entry
/// that claims more is refused.
const MOST_PER_BYTE: u64 = 1032;
/// Bytes read from the zip at once for its directory.
const WINDOW: usize = 8 << 10;
/// Packed bytes read at once while an entry is unpacked.
const PACKED: usize = 64 << 10;
/// Most entries of a zip; one with more is refused. An export holds some 10,000
/// media. Chosen, not measured.
const ENTRIES: usize = 1_000_000;

/// One file in a zip.
#[derive(Debug, Clone)]
pub struct ZipEntry {
    /// As the zip names it. It is untrusted: it may hold `..` or be absolute.
    pub path: String,
    /// Its name's bytes, if the zip does not say how they are encoded.
    pub raw: Option<Vec<u8>>,
    /// Bytes, unpacked, as the zip claims.
    pub size: u64,
    /// Last change on an unknown clock, taken as UTC.
    pub modified: Option<i64>,
    /// Where its bytes are.
    pub source: Source,
}

/// What a zip's directory says of one file.
pub(super) struct Claim {
    /// As the zip names it; `Err`: why that cannot be read.
    path: Result<String, String>,
    /// The name's bytes, if they are not UTF-8.
    raw: Option<Vec<u8>>,
    /// Whether it is a folder.
    is_dir: bool,
    /// Where its own header begins.
    header: u64,
    size: u64,
    packed: u64,
    method: CompressionMethod,
    encrypted: bool,
    crc: u32,
    modified: Option<i64>,
}

/// Reads a zip's directory, in one piece.
///
/// # Errors
/// [`Problem::BadZip`]: it has no readable directory, or one that is too long.
pub(super) fn directory(zip: &dyn ReadAt) -> Result<Vec<Claim>, Problem> {
    let window = Window::new(zip);
    ends(zip)?;
    let archive = ZipArchive::new(Cursor::new(&window)).map_err(|error| bad(&error))?;
    if archive.len() > ENTRIES {
        return Err(Problem::BadZip(ZipFault::TooMany { limit: ENTRIES }));
    }
    let claim = |index: usize| {
        let entry = archive.by_index_data(index).map_err(|error| bad(&error))?;
        // Macs write UTF-8 without setting its flag.
        let path = std::str::from_utf8(entry.name_raw()).map(str::to_string);
        let named = |_| entry.name().map(Cow::into_owned).map_err(|error| error.to_string());
        Ok(Claim {
            raw: path.is_err().then(|| entry.name_raw().to_vec()),
            path: path.or_else(named),
            is_dir: entry.is_dir(),
            header: entry.header_start(),
            size: entry.size(),
            packed: entry.compressed_size(),
            method: entry.compression(),
            encrypted: entry.encrypted(),
            crc: entry.crc32(),
            modified: entry.last_modified().and_then(seconds),
        })
    };
    (0..archive.len()).map(claim).collect()
}

/// Looks for the end of a zip's directory: its mark, two numbers of two bytes that tell
/// which part of a split zip this is (APPNOTE 4.3.16), and at most 65,535 bytes of
/// comment behind 22 of its own.
fn ends(zip: &dyn ReadAt) -> Result<(), Problem> {
    const END: usize = 22 + 0xFFFF;
    let from = zip.size().saturating_sub(END as u64);
    let tail =
        crate::io::read_range(zip, from, END).map_err(|error| Problem::unreadable(&error))?;
    let Some(at) = tail.windows(4).rposition(|four| four == b"PK\x05\x06") else {
        // The first part of a split zip begins with a mark of its own.
        let head = crate::io::read_range(zip, 0, 4).unwrap_or_default();
        let fault = if head == b"PK\x07\x08" { ZipFault::Part } else { ZipFault::Cut };
        return Err(Problem::BadZip(fault));
    };
    match tail.get(at + 4..at + 6) {
        Some([0, 0] | [0xFF, 0xFF]) | None => Ok(()),
        Some(_) => Err(Problem::BadZip(ZipFault::Part)),
    }
}

/// Reads the headers of some files of a zip. Returns the files, and what is wrong
/// with others.
///
/// # Errors
/// [`Problem::BadZip`]: a name cannot be read.
pub(super) fn listed(
    zip: &dyn ReadAt,
    file: FileId,
    shown: &str,
    claims: Vec<Claim>,
) -> Result<(Vec<ZipEntry>, Vec<Issue>), Problem> {
    let window = Window::new(zip);
    let (mut entries, mut issues) = (Vec::new(), Vec::new());
    for claim in claims {
        let start = match data_start(&window, claim.header) {
            Ok(start) => start,
            Err(error) => {
                issues.push(Issue { path: shown.to_string(), problem: bad(&error) });
                continue;
            }
        };
        let source = place(&claim, start, file, zip.size());
        let Claim { path, raw, is_dir, size, modified, .. } = claim;
        let mut path = path.map_err(|why| Problem::BadZip(ZipFault::Told(why)))?;
        if raw.is_none() {
            path = with_slashes(&path);
        }
        if is_dir || path.ends_with('/') || is_junk(&path) {
            continue;
        }
        match source {
            Ok(source) => entries.push(ZipEntry { path, raw, size, modified, source }),
            Err(problem) => issues.push(Issue { path, problem }),
        }
    }
    Ok((entries, issues))
}

/// Windows has tools that part folders with `\`, which no file's name has there.
pub(super) fn with_slashes(path: &str) -> String {
    path.replace('\\', "/")
}

/// Where an entry's bytes begin, by its own header: a mark of four bytes, then the
/// lengths of name and extra fields at 26 and 28 (APPNOTE 4.3.7).
fn data_start(zip: &dyn ReadAt, header: u64) -> Result<u64, ZipError> {
    const HEADER: usize = 30;
    let bytes = crate::io::read_range(zip, header, HEADER)?;
    let mut fixed = [0; HEADER];
    bytes.as_slice().read_exact(&mut fixed)?;
    if !fixed.starts_with(b"PK\x03\x04") {
        return Err(ZipError::InvalidArchive("Invalid local file header".into()));
    }
    let two = |at: usize| u64::from(u16::from_le_bytes([fixed[at], fixed[at + 1]]));
    Ok(header.saturating_add(HEADER as u64 + two(26) + two(28)))
}

fn bad(error: &ZipError) -> Problem {
    Problem::BadZip(ZipFault::Told(error.to_string()))
}

/// Where an entry's bytes are, if what it claims is possible.
fn place(claim: &Claim, start: u64, file: FileId, zip_size: u64) -> Result<Source, Problem> {
    if claim.encrypted || claim.method == CompressionMethod::AES {
        return Err(Problem::BadZip(ZipFault::Encrypted));
    }
    let packed = claim.packed;
    let (packing, most) = match claim.method {
        CompressionMethod::Stored => (Packing::Stored, packed),
        CompressionMethod::Deflated => (Packing::Deflated, packed.saturating_mul(MOST_PER_BYTE)),
        other => return Err(Problem::BadZip(ZipFault::Packed(method_name(other)))),
    };
    if start.checked_add(packed).is_none_or(|end| end > zip_size) {
        return Err(Problem::Truncated);
    }
    let stored_size = packing == Packing::Stored && claim.size != packed;
    if stored_size || claim.size > most {
        return Err(Problem::BadZip(ZipFault::Size));
    }
    // A writer that does not count leaves zeros.
    let crc = (claim.crc != 0 || claim.size == 0).then_some(claim.crc);
    Ok(Source::Zipped { file, start, packed, packing, crc })
}

/// What a way of packing is called (APPNOTE 4.4.5).
fn method_name(method: CompressionMethod) -> String {
    const NAMES: [(CompressionMethod, &str); 9] = [
        (CompressionMethod::SHRINK, "Shrink"),
        (CompressionMethod::IMPLODE, "Implode"),
        (CompressionMethod::DEFLATE64, "Deflate64"),
        (CompressionMethod::BZIP2, "BZip2"),
        (CompressionMethod::LZMA, "LZMA"),
        (CompressionMethod::ZSTD, "Zstandard"),
        (CompressionMethod::ZSTD_DEPRECATED, "Zstandard"),
        (CompressionMethod::XZ, "XZ"),
        (CompressionMethod::PPMD, "PPMd"),
    ];
    let known = NAMES.iter().find(|(known, _)| *known == method);
    known.map_or_else(|| method.to_string(), |(_, name)| (*name).to_string())
}

fn seconds(time: zip::DateTime) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?;
    let (hour, minute, second) = (time.hour().into(), time.minute().into(), time.second().into());
    Some(date.and_hms_opt(hour, minute, second)?.and_utc().timestamp())
}

/// Holds the bytes around the last position: a zip's directory is read in small
/// steps, and reads of the host are slow.
struct Window<'a> {
    source: &'a dyn ReadAt,
    held: RefCell<(u64, Vec<u8>)>,
}

impl<'a> Window<'a> {
    fn new(source: &'a dyn ReadAt) -> Self {
        Self { source, held: RefCell::new((0, Vec::new())) }
    }
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

/// How far an entry was unpacked.
pub(crate) struct Stream {
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

    /// The same, from where another one [`Inflated::stopped`]; from the beginning
    /// if there was none.
    pub(crate) fn going_on(packed: Slice<'a>, size: u64, stream: Option<Box<Stream>>) -> Self {
        let stream = stream.map_or_else(Stream::new, |stream| *stream);
        Self { packed, size, stream: RefCell::new(stream) }
    }

    /// How far it was unpacked.
    pub(crate) fn stopped(self) -> Box<Stream> {
        Box::new(self.stream.into_inner())
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
            return Err(io::Error::new(io::ErrorKind::InvalidData, Unread::MoreThanClaimed));
        }
        Ok(filled)
    }
}

#[cfg(test)]
#[path = "zip_export_tests.rs"]
mod tests;
