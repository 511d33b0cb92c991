//! What comes of a file once all of it was taken.

/// What came of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::examine) struct Sums {
    /// BLAKE3 of its picture or sound; `None`: it cannot be told which bytes those are.
    pub payload: Option<[u8; 32]>,
    /// BLAKE3 of the film behind a JPEG's picture; `None`: there is none.
    pub film: Option<[u8; 32]>,
}
