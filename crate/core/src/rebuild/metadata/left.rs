//! Why nothing was written, and reading that believes no size.

use std::io;

use super::odd::{Fault, Odd};
use crate::io::{ReadAt, read_range};

/// Most bytes of an EXIF block that is held. A JPEG's has at most 64 KB; those of others
/// hold previews. Chosen, not measured.
const MOST_BLOCK: u64 = 8 << 20;

/// Why a file is left.
#[derive(Debug, thiserror::Error)]
pub enum Left {
    /// It is odd: a sidecar is used.
    #[error("the file is left as it is: {0:?}")]
    Odd(Odd),
    /// It cannot be read.
    #[error("the file could not be read: {0}")]
    Unreadable(#[from] io::Error),
}

impl From<Odd> for Left {
    fn from(odd: Odd) -> Self {
        Self::Odd(odd)
    }
}

impl From<Fault> for Left {
    fn from(fault: Fault) -> Self {
        Self::Odd(fault.into())
    }
}

/// So many bytes of a header.
///
/// # Errors
/// [`Odd::Structure`]: the file ends before them.
pub(super) fn head<const N: usize>(source: &dyn ReadAt, at: u64) -> Result<[u8; N], Left> {
    let bytes = read_range(source, at, N)?;
    Ok(*bytes.first_chunk().ok_or(Odd::Structure)?)
}

/// A block, which must be there whole.
///
/// # Errors
/// [`Odd::TooLarge`], [`Odd::Structure`]: the file ends before it does.
pub(super) fn block(source: &dyn ReadAt, from: u64, to: u64) -> Result<Vec<u8>, Left> {
    let bytes = to.checked_sub(from).ok_or(Odd::Structure)?;
    let length = usize::try_from(bytes).ok().filter(|_| bytes <= MOST_BLOCK);
    let length = length.ok_or(Odd::TooLarge { bytes, limit: MOST_BLOCK })?;
    let block = read_range(source, from, length)?;
    if block.len() < length { Err(Odd::Structure.into()) } else { Ok(block) }
}
