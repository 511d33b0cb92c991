//! Pixels, within a memory limit.

use crate::error::Problem;
use crate::settings::Limits;

/// Grey levels of a picture after orientation, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height` grey levels (luma), 0 to 255.
    pub grey: Vec<u8>,
}

/// Decodes the grey levels of a whole picture file at the smallest scale the
/// codec offers whose long edge is at least `long_edge` (or at full size).
///
/// # Errors
/// The bytes are no picture, are damaged, or exceed a limit.
pub fn luma(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Plane, Problem> {
    let _ = (bytes, long_edge, limits);
    unimplemented!("luma")
}

/// Decodes a whole picture file, oriented, with its long edge at most
/// `long_edge` pixels, and encodes it as a JPEG that every browser shows.
/// For HEIC views in the bundle and for previews on the page.
///
/// # Errors
/// As [`luma`].
pub fn jpeg_view(bytes: &[u8], long_edge: u32, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let _ = (bytes, long_edge, limits);
    unimplemented!("jpeg_view")
}
