//! The payload of a file: its picture or sound, without what is said about it.
//!
//! A file comes in order, cut anywhere. Its payload is the BLAKE3 of the bytes that
//! stay the same when only metadata change; each format says which those are.

mod begin;
mod behind;
mod chunks;
mod find;
mod heif_items;
mod jpeg;
mod part;
mod streams;
mod sums;
mod taker;
mod tiff;
mod video_samples;

pub(crate) use self::begin::beginning;
pub(super) use self::find::Finder;
#[cfg(test)]
pub(super) use self::sums::Sums;
pub(super) use self::taker::Payload;
