//! What noting and recalling decisions hold between two batches: files that are
//! hashed for them.

use std::collections::{BTreeMap, VecDeque};

use crate::examine::digest::Digester;
use crate::io::BATCH_FILES;
use crate::model::{ItemId, MediumId};

/// Bytes hashed in one batch, beyond which the next call goes on. SHA-1 takes about
/// 3 ms for a megabyte (estimated).
const BATCH_HASHED: u64 = 16 << 20;

/// Files whose content a decision waits for.
#[derive(Default)]
pub(super) struct Hashing {
    pub(super) current: Option<(ItemId, Digester)>,
    /// `None`: it cannot be read.
    pub(super) done: BTreeMap<ItemId, Option<[u8; 20]>>,
}

/// A file that must be hashed first.
pub(super) struct Later(pub(super) ItemId);

/// What a batch may still hash.
pub(super) struct Left {
    pub(super) bytes: u64,
    pub(super) files: u64,
}

impl Default for Left {
    fn default() -> Self {
        Self { bytes: BATCH_HASHED, files: BATCH_FILES }
    }
}

impl Left {
    pub(super) fn nothing() -> Self {
        Self { bytes: 0, files: 0 }
    }

    pub(super) fn is_some(&self) -> bool {
        self.bytes > 0 && self.files > 0
    }
}

/// The media whose decisions are still to be asked for.
pub(super) struct Recalling {
    /// Media that were not asked for yet, and their files.
    pub(super) media: VecDeque<(MediumId, ItemId)>,
    /// The originals by size.
    pub(super) originals: BTreeMap<u64, Vec<ItemId>>,
}

impl Recalling {
    /// Media that are still to be asked for.
    pub(super) fn left(&self) -> u64 {
        self.media.len() as u64
    }
}
