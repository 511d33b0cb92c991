//! Pairings and the user's answers become a [`Plan`]: data, nothing done yet.

pub mod names;

use std::collections::BTreeMap;

use crate::collect::Inventory;
use crate::matching::Pairing;
use crate::model::{Features, ItemId, MediumId};
use crate::settings::Settings;

/// What the user decided about one medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The best candidate is the original.
    Accept,
    /// Keep the exported file.
    Reject,
    /// This one is the original.
    Pick(ItemId),
}

/// The user's answers, by medium.
pub type Answers = BTreeMap<MediumId, Answer>;

/// What will be done for one medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The exported file stays, at this path of the bundle.
    Keep {
        /// Below the bundle.
        path: String,
    },
    /// The original takes its place.
    Replace {
        /// The original.
        original: ItemId,
        /// Where the original goes, below the bundle.
        path: String,
        /// Where a JPEG view of it goes (HEIC, TIFF, raw).
        view: Option<String>,
        /// Where the exported file goes as well: videos (a second source that
        /// plays everywhere) and edited pictures (which stay in the chat).
        exported: Option<String>,
    },
    /// There is no file.
    Absent,
}

/// What will be written.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One per medium, by [`MediumId`].
    pub actions: Vec<Action>,
    /// The pairings after the user's answers, one per medium.
    pub pairings: Vec<Pairing>,
    /// Other files of the export that a given HTML page needs (styles,
    /// scripts, avatars), and where they go.
    pub others: Vec<(ItemId, String)>,
}

/// Decides what will be written; does nothing yet.
#[must_use]
pub fn plan(
    inventory: &Inventory,
    features: &[Option<Features>],
    pairings: &[Pairing],
    answers: &Answers,
    settings: &Settings,
) -> Plan {
    let _ = (inventory, features, pairings, answers, settings);
    unimplemented!("plan")
}
