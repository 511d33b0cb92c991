//! What is known of the files, and the nouns of what is found.

use std::collections::BTreeMap;

use crate::examine::learnt::Digested;
use crate::matching::likeness::Likenesses;
use crate::matching::units::Known;
use crate::model::{Edits, ItemId};

use super::decided::{Choice, Decisions};
use super::why::Why;

/// How sure it is that two shots are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// The same bytes.
    Exact,
    /// The same picture data under other metadata.
    Payload,
    /// The same shot in another encoding.
    Shot,
    /// Shots that look alike.
    Similar,
}

/// Why files belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Photo and video with one content identifier.
    LivePhoto,
    /// A camera raw and its JPEG.
    RawJpg,
    /// An HEIC and its JPEG.
    HeicJpg,
    /// A photo and its film in a file of its own.
    MotionPhoto,
    /// The photo and an edited version of it.
    Edited,
    /// A file and its sidecar.
    Sidecar,
    /// Frames of a burst: different shots.
    Burst,
    /// The user said so.
    ByHand,
}

/// What a file is to a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InChat {
    /// The original of what was sent, in a bundle.
    Original,
    /// As it was sent or received.
    Copy,
}

/// Everything that is known of the files.
#[derive(Clone, Copy)]
pub(crate) struct Contents<'a> {
    pub known: Known<'a>,
    /// Parallel to the library.
    pub digests: &'a [Digested],
    /// What comparing proved.
    pub likenesses: &'a Likenesses,
    /// What the user said.
    pub decisions: &'a Decisions,
    /// Whether a file can be read to its end, as far as it was.
    pub whole: &'a dyn Fn(ItemId) -> bool,
    /// Whether a chat has the file, as it is.
    pub in_chat: &'a dyn Fn(ItemId) -> Option<InChat>,
    /// Other names of one file on its disk: how many each file has.
    pub names: &'a dyn Fn(ItemId) -> usize,
}

impl<'a> Contents<'a> {
    pub(crate) fn digested(&self, id: ItemId) -> &'a Digested {
        &self.digests[id.0 as usize]
    }

    /// Whether the user said that two files are no duplicates.
    pub(crate) fn apart(&self, a: ItemId, b: ItemId) -> bool {
        let [a, b] = [a, b].map(|id| self.digested(id).blake3);
        a.zip(b).is_some_and(|(a, b)| self.decisions.apart(a, b))
    }

    /// Whether the user said that two files are of different stacks.
    pub(crate) fn unstacked(&self, a: ItemId, b: ItemId) -> bool {
        let [a, b] = [a, b].map(|id| self.digested(id).blake3);
        a.zip(b).is_some_and(|(a, b)| self.decisions.unstacked(a, b))
    }

    /// The files of each decision of this kind that are here.
    pub(crate) fn decided(&self, choice: Choice) -> Vec<Vec<ItemId>> {
        let mut by_content = BTreeMap::<[u8; 32], Vec<ItemId>>::new();
        for item in &self.known.library.items {
            if let Some(blake3) = self.digested(item.id).blake3 {
                by_content.entry(blake3).or_default().push(item.id);
            }
        }
        self.decisions.here(&by_content, choice)
    }
}

/// The files of one shot, which act together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shot {
    /// Its photos and videos, the one that stands for it first, then its sidecars.
    pub files: Vec<ItemId>,
    /// How many of them are photos or videos; a file that is neither counts as one.
    pub media: usize,
}

impl Shot {
    /// The file that stands for it.
    pub(crate) fn main(&self) -> ItemId {
        self.files[0]
    }

    /// Its photos and videos.
    pub(crate) fn media(&self) -> &[ItemId] {
        &self.files[..self.media]
    }
}

/// Files that belong together by one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stack {
    pub files: Vec<ItemId>,
    pub rule: Rule,
}

/// Shots that are one picture, or look alike.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub list: List,
    /// The one that is suggested to stay first.
    pub shots: Vec<Shot>,
    pub why: Why,
    /// How each shot was changed from the first one's picture; parallel to `shots`.
    pub edits: Vec<Edits>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Findings {
    pub stacks: Vec<Stack>,
    pub groups: Vec<Group>,
}
