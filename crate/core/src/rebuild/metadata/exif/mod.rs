//! EXIF blocks: what is written, and how.

pub mod append;
pub mod block;
pub mod tags;
pub mod values;
