//! The door itself: a file that may be changed, and what may go wrong.

use std::io;

use crate::io::{ReadAt, read_range};

/// Most bytes that one change may replace or append; a larger change is refused,
/// and a journal that holds more is damaged. Directories of metadata have some
/// kilobytes. Chosen, not measured.
pub const MOST_CHANGED: u64 = 64 << 20;

/// One file that may be changed, and the journal beside it. A host implements
/// it over a file that the user opened for writing.
pub trait Rewrite: ReadAt {
    /// Replaces the journal by `entry`, or removes it; durable when it returns.
    ///
    /// # Errors
    /// The journal cannot be written: nothing may be changed then.
    fn keep_journal(&mut self, entry: Option<&[u8]>) -> io::Result<()>;

    /// The journal as it was kept last; `None`: there is none.
    ///
    /// # Errors
    /// It is there and cannot be read.
    fn journal(&self) -> io::Result<Option<Vec<u8>>>;

    /// Writes bytes at a place, beyond the end too. Not durable before
    /// [`Rewrite::sync`].
    ///
    /// # Errors
    /// The file cannot be written.
    fn write_at(&mut self, pos: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts the file off at this many bytes.
    ///
    /// # Errors
    /// The file cannot be written.
    fn cut(&mut self, size: u64) -> io::Result<()>;

    /// Makes all that was written durable.
    ///
    /// # Errors
    /// The file cannot be written.
    fn sync(&mut self) -> io::Result<()>;
}

/// New bytes for a place of a file; behind its end they are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// First byte that changes. At most the size of the file.
    pub at: u64,
    /// What stands there afterwards.
    pub bytes: Vec<u8>,
}

/// Why a change was not made, or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is another file than the one the change was made for.
    #[error("the file changed since it was examined; it was left as it is")]
    Changed,
    /// Patches overlap, lie behind the end, or are too large.
    #[error("the change does not fit the file; it was left as it is")]
    Unfit,
    /// After writing, the file was not what it should be; it was put back.
    #[error("what was written could not be read back; the file was put back as it was")]
    NotVerified,
    /// The journal is not one of ours, or damaged.
    #[error("the journal of an earlier change is damaged; the file was not touched")]
    Damaged,
    /// The storage refused.
    #[error("the file could not be written: {0}")]
    Storage(#[from] io::Error),
}

/// Reads a piece of a file that must be there whole.
pub(super) fn whole(file: &dyn Rewrite, at: u64, len: usize) -> io::Result<Vec<u8>> {
    let bytes = read_range(file, at, len)?;
    if bytes.len() == len { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
