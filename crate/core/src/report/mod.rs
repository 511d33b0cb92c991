//! What happened to each item, and why: [`Report`], for programs
//! (`mapping.json`) and for people (`report.html`).

use crate::collect::Inventory;
use crate::error::Issue;
use crate::matching::Offset;
use crate::plan::Plan;
use crate::settings::Settings;

/// How many media of one kind came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// In the export.
    pub exported: u32,
    /// With their original.
    pub matched: u32,
    /// Several originals fit.
    pub ambiguous: u32,
    /// The rest.
    pub unmatched: u32,
}

/// What happened, ready to be written.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Photos.
    pub images: Count,
    /// Videos.
    pub videos: Count,
    /// Documents, voice notes, stickers and the rest.
    pub others: Count,
    /// `mapping.json` (version 1; design section 3).
    pub mapping_json: String,
    /// `report.html`.
    pub html: String,
    /// Every issue of the run, sorted by path.
    pub issues: Vec<Issue>,
}

/// Says what happened to each item, and why. The same inputs give the same
/// bytes.
#[must_use]
pub fn report(
    inventory: &Inventory,
    plan: &Plan,
    offsets: &[Offset],
    issues: &[Issue],
    settings: &Settings,
) -> Report {
    let _ = (inventory, plan, offsets, issues, settings);
    unimplemented!("report")
}
