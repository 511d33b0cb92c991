//! Where the blocks of a JPEG lie in its picture.

/// The blocks of 8 × 8 pixels of a JPEG, as its picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// The steps of each frequency, row by row.
    pub steps: [u16; 64],
    /// Pixels before the first whole block: those of a turned picture's last ones.
    pub left: u32,
    /// The same of rows.
    pub top: u32,
}
