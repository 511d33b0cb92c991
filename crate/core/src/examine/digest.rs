//! The hashes of one file, all of them in one reading, in steps that the caller
//! bounds.

use std::io;

use md5::Md5;
use sha1::{Digest, Sha1};

use super::payload::{Finder, Payload};
use crate::collect::reading::Reading;
use crate::error::Unread;
use crate::io::Files;
use crate::model::Item;
use crate::settings::Limits;

/// Which hashes are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// SHA-1 of all bytes.
    pub sha1: bool,
    /// MD5 of all bytes.
    pub md5: bool,
    /// BLAKE3 of all bytes.
    pub blake3: bool,
    /// BLAKE3 of the picture or sound alone: it stays the same when metadata
    /// change.
    pub payload: bool,
}

/// The hashes that were asked for; the others are `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digests {
    /// SHA-1 of all bytes.
    pub sha1: Option<[u8; 20]>,
    /// MD5 of all bytes.
    pub md5: Option<[u8; 16]>,
    /// BLAKE3 of all bytes.
    pub blake3: Option<[u8; 32]>,
    /// As [`Wanted::payload`]. `None` also where it cannot be told which bytes are
    /// picture: some camera raws, damaged files, texts.
    pub payload: Option<[u8; 32]>,
    /// BLAKE3 of the film behind a JPEG's picture, where the payload is asked for.
    /// `None` also where there is none.
    pub film: Option<[u8; 32]>,
}

/// What one call did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Bytes that were read or unpacked.
    pub read: u64,
    /// The hashes, once the file was read to its end.
    pub done: Option<Digests>,
}

/// Reads one file forward and hashes it.
///
/// For the payload the first 4096 bytes are read twice, and so is the index of a
/// video or an HEIC, which may stand behind the bytes that it names. A deflated
/// entry of a zip is unpacked twice as far as its index.
pub struct Digester {
    sums: Sums,
    stage: Stage,
}

enum Stage {
    Finding(Box<Finder>),
    Summing(Reading, Payload),
}

impl Digester {
    /// Begins a file; all steps must be about the same one. An index above
    /// [`Limits::box_bytes`] is not loaded, and then there is no payload hash.
    #[must_use]
    pub fn new(wanted: Wanted, limits: &Limits) -> Self {
        let stage = if wanted.payload {
            Stage::Finding(Box::new(Finder::new(limits.box_bytes as u64)))
        } else {
            Stage::Summing(Reading::default(), Payload::None)
        };
        Self { sums: Sums::new(wanted), stage }
    }

    /// Reads on, at most `most_bytes` (at least one); every call comes nearer to the
    /// end. After an error, or when it is done, the file is begun anew with another
    /// `Digester`.
    ///
    /// # Errors
    /// As [`crate::io::ReadAt::read_at`]. [`io::ErrorKind::UnexpectedEof`]: the file
    /// ends before its size. [`io::ErrorKind::InvalidData`]: it goes on behind it.
    pub fn advance(
        &mut self,
        item: &Item,
        files: &dyn Files,
        most_bytes: usize,
    ) -> io::Result<Step> {
        let most = most_bytes.max(1);
        let (reading, payload) = match &mut self.stage {
            Stage::Summing(reading, payload) => (reading, payload),
            Stage::Finding(finder) => {
                let (read, found) = finder.step(item, files, most)?;
                if let Some(payload) = found {
                    self.stage = Stage::Summing(Reading::default(), payload);
                }
                return Ok(Step { read, done: None });
            }
        };
        let piece = piece(reading, item, files, most)?;
        self.sums.take(&piece);
        payload.take(&piece);
        let ended = reading.at() == item.size;
        let done = ended.then(|| {
            let own = std::mem::take(payload).sums();
            let digests = std::mem::take(&mut self.sums).digests();
            Digests { payload: own.payload, film: own.film, ..digests }
        });
        Ok(Step { read: piece.len() as u64, done })
    }
}

/// The next bytes of a file that must have exactly the size it was listed with: at
/// its end one more byte is asked for.
fn piece(
    reading: &mut Reading,
    item: &Item,
    files: &dyn Files,
    most: usize,
) -> io::Result<Vec<u8>> {
    let left = item.size.saturating_sub(reading.at());
    let want = usize::try_from(left).unwrap_or(usize::MAX);
    let asked = if want <= most { want.saturating_add(1) } else { most };
    let piece = reading.next(item, files, asked)?;
    if piece.len() > want {
        return Err(io::Error::new(io::ErrorKind::InvalidData, Unread::Longer));
    }
    if piece.len() < want.min(most) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(piece)
}

/// The hashes of all bytes.
#[derive(Default)]
struct Sums {
    sha1: Option<Sha1>,
    md5: Option<Md5>,
    blake3: Option<Box<blake3::Hasher>>,
}

impl Sums {
    fn new(wanted: Wanted) -> Self {
        Self {
            sha1: wanted.sha1.then(Sha1::new),
            md5: wanted.md5.then(Md5::new),
            blake3: wanted.blake3.then(Box::default),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(bytes);
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        if let Some(blake3) = &mut self.blake3 {
            blake3.update(bytes);
        }
    }

    fn digests(self) -> Digests {
        Digests {
            sha1: self.sha1.map(|sha1| sha1.finalize().into()),
            md5: self.md5.map(|md5| md5.finalize().into()),
            blake3: self.blake3.map(|blake3| *blake3.finalize().as_bytes()),
            payload: None,
            film: None,
        }
    }
}

#[cfg(test)]
#[path = "digest_tests.rs"]
mod tests;
