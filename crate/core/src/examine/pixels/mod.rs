//! Pixels, within a memory limit: decoders, and the one filter that makes
//! pictures small.

mod decode;
mod decode_heic;
pub(super) mod decode_jpeg;
pub(super) mod decode_other;
mod decode_tiles;
mod grid;
pub(super) mod heif;
mod jpeg_end;
pub(super) mod plane;
pub(super) mod profile;
pub(super) mod raw_preview;
mod shrink;

pub use decode::{Reading, Whole, jpeg_view, luma, tones, tones_as, whole};
pub use grid::Grid;
pub use plane::{Plane, Tones};
pub use shrink::{GreyMap, Window, shrink, shrink_window};
