//! The formats, as one.

use super::chunks::Chunks;
use super::jpeg::Jpeg;
use super::streams::Streams;
use super::sums::Sums;

/// What takes the bytes of a file.
#[derive(Default)]
pub(in crate::examine) enum Payload {
    /// Nothing: it cannot be told which bytes are picture, or nobody asks.
    #[default]
    None,
    /// Segments.
    Jpeg(Box<Jpeg>),
    /// PNG and WebP.
    Chunks(Box<Chunks>),
    /// HEIC, AVIF, TIFF and videos: places named by an index.
    Streams(Streams),
}

impl Payload {
    /// The bytes behind those that came before.
    pub(in crate::examine) fn take(&mut self, bytes: &[u8]) {
        match self {
            Self::None => {}
            Self::Jpeg(jpeg) => jpeg.take(bytes),
            Self::Chunks(chunks) => chunks.take(bytes),
            Self::Streams(streams) => streams.take(bytes),
        }
    }

    /// The sums, once the whole file came.
    pub(in crate::examine) fn sums(self) -> Sums {
        let payload = match self {
            Self::None => None,
            Self::Jpeg(jpeg) => return jpeg.sums(),
            Self::Chunks(chunks) => chunks.sum(),
            Self::Streams(streams) => streams.sum(),
        };
        Sums { payload, film: None }
    }
}
