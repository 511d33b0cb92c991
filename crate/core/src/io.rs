//! The only doors of the core: bytes enter through [`ReadAt`] and [`Files`],
//! the bundle leaves through [`Bundle`]. No door can write to an input.

use std::io;

use crate::error::Problem;
use crate::model::{FileId, Item};

/// Most files that one batch opens or begins to write, however small they are: 64
/// heads take about 100 ms.
pub const BATCH_FILES: u64 = 64;

/// Bytes of a file that are read at once.
pub(crate) const PIECE: usize = 1 << 20;

/// Random access to one input file: the only way bytes enter the core.
pub trait ReadAt {
    /// Bytes in the file.
    fn size(&self) -> u64;

    /// Fills `buf` from byte `pos`. A short count means the file ended.
    ///
    /// # Errors
    /// Whatever the host's storage reports: gone, changed, not permitted.
    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize>;
}

/// What the host lends the core: every input file, by number.
pub trait Files {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// The file is gone or may not be read.
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>>;

    /// Is asked before an item is opened, in a zip or on its own. A host whose
    /// engine can die over a file learns here which one is in hand, and can keep a
    /// file closed over which it died before.
    ///
    /// # Errors
    /// The item must stay closed; the error says why.
    fn admit(&self, _item: &Item) -> io::Result<()> {
        Ok(())
    }
}

/// How a file of the bundle stands for an input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// A second name for the same bytes.
    Hard,
    /// A pointer to where the input lies.
    Symbolic,
}

/// Where the bundle goes: a zip stream, a folder on disk, a folder in the
/// browser. Files are written one after another, never two at once.
pub trait Bundle {
    /// Starts a file. `path` is relative, uses `/`, and is safe on every
    /// system (`plan::names` made it). `size` is its exact length when known.
    ///
    /// # Errors
    /// The output cannot be written.
    fn begin(&mut self, path: &str, size: Option<u64>) -> io::Result<()>;

    /// Appends to the file that was begun last.
    ///
    /// # Errors
    /// The output cannot be written, or is full.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Completes the file that was begun last; only now may it look whole.
    ///
    /// # Errors
    /// The output cannot be written.
    fn end(&mut self) -> io::Result<()>;

    /// Gives up the file that was begun last, because its source failed in the
    /// middle: it must not appear in the bundle, and its path may be begun again.
    ///
    /// # Errors
    /// The output cannot take back what was written.
    fn abandon(&mut self) -> io::Result<()>;

    /// Begins a file that is a link to an input file. Nothing is written to it: the
    /// caller reads the input through, then calls [`Bundle::end`], or
    /// [`Bundle::abandon`] if it cannot be read. `Ok(None)`: links are not possible
    /// here and nothing was begun; the caller copies instead.
    ///
    /// # Errors
    /// The output cannot be written.
    fn link(&mut self, _path: &str, _file: FileId) -> io::Result<Option<Link>> {
        Ok(None)
    }

    /// Completes the whole bundle (a zip's central directory).
    ///
    /// # Errors
    /// The output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

/// A sink for bytes that cannot seek: a download, a pipe, a callback.
pub trait Sink {
    /// Takes all of `bytes`.
    ///
    /// # Errors
    /// The output cannot be written, or is full.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// [`ReadAt`] over bytes in memory.
impl ReadAt for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(pos).unwrap_or(usize::MAX).min(self.len());
        let count = buf.len().min(self.len() - start);
        buf[..count].copy_from_slice(&self[start..start + count]);
        Ok(count)
    }
}

/// [`ReadAt`] over bytes in memory that are borrowed.
impl ReadAt for &[u8] {
    fn size(&self) -> u64 {
        (**self).size()
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(pos, buf)
    }
}

/// [`ReadAt`] over bytes in memory that it owns.
impl ReadAt for Vec<u8> {
    fn size(&self) -> u64 {
        self.as_slice().size()
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(pos, buf)
    }
}

/// Reads up to `len` bytes from `pos`; fewer when the file ends there.
///
/// The caller has checked `len` against a limit: it is allocated here.
///
/// # Errors
/// As [`ReadAt::read_at`].
pub fn read_range(source: &dyn ReadAt, pos: u64, len: usize) -> io::Result<Vec<u8>> {
    let left = source.size().saturating_sub(pos);
    let want = usize::try_from(left).unwrap_or(usize::MAX).min(len);
    let mut bytes = vec![0; want];
    let mut filled = 0;
    while filled < want {
        match source.read_at(pos + filled as u64, &mut bytes[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// [`Problem::OverLimit`], [`Problem::Truncated`] where it ends before the size
/// that it told, [`Problem::Unreadable`].
pub fn read_whole(source: &dyn ReadAt, limit: u64) -> Result<Vec<u8>, Problem> {
    let need = source.size();
    let length = usize::try_from(need).ok().filter(|_| need <= limit);
    let length = length.ok_or(Problem::OverLimit { need, limit })?;
    let bytes = read_range(source, 0, length).map_err(|error| Problem::reading(&error))?;
    if (bytes.len() as u64) < need { Err(Problem::Truncated) } else { Ok(bytes) }
}

/// [`ReadAt`] as [`io::Read`] + [`io::Seek`], for libraries that want those.
pub struct Cursor<'a> {
    source: &'a dyn ReadAt,
    pos: u64,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first byte.
    #[must_use]
    pub fn new(source: &'a dyn ReadAt) -> Self {
        Self { source, pos: 0 }
    }
}

impl io::Read for Cursor<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read_at(self.pos, buf)?;
        self.pos += count as u64;
        Ok(count)
    }
}

impl io::Seek for Cursor<'_> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let target = match to {
            io::SeekFrom::Start(pos) => Some(pos),
            io::SeekFrom::End(delta) => self.source.size().checked_add_signed(delta),
            io::SeekFrom::Current(delta) => self.pos.checked_add_signed(delta),
        };
        self.pos = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.pos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that has lost its end since it was listed.
    struct Cut(u64);

    impl ReadAt for Cut {
        fn size(&self) -> u64 {
            100
        }

        fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
            let left = usize::try_from(self.0.saturating_sub(pos)).unwrap();
            Ok(left.min(buf.len()).min(7))
        }
    }

    #[track_caller]
    fn check(file: &dyn ReadAt, limit: u64, want: &Result<usize, Problem>) {
        assert_eq!(read_whole(file, limit).map(|bytes| bytes.len()), *want);
    }

    #[test]
    fn a_whole_file_is_whole_or_says_why_not() {
        check(&Cut(100), 100, &Ok(100));
        check(&Cut(99), 100, &Err(Problem::Truncated));
        check(&Cut(100), 99, &Err(Problem::OverLimit { need: 100, limit: 99 }));
        check(&Vec::new(), 0, &Ok(0));
    }
}
