//! What happened to each item, and why: [`Report`], for programs
//! (`mapping.json`) and for people (`report.html`).

mod html;
mod json;

use crate::collect::Inventory;
use crate::error::Issue;
use crate::matching::{Decision, Offset};
use crate::model::MediaKind;
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
    let mut issues = issues.to_vec();
    issues.sort_by(|a, b| {
        let text = |issue: &Issue| issue.problem.to_string();
        a.path.cmp(&b.path).then_with(|| text(a).cmp(&text(b)))
    });
    issues.dedup();
    let mut report = Report { issues, ..Report::default() };
    for (medium, pairing) in inventory.media.iter().zip(&plan.pairings) {
        let count = match medium.kind {
            MediaKind::Image => &mut report.images,
            MediaKind::Video => &mut report.videos,
            _ => &mut report.others,
        };
        // What the export lacks is no loss of matching.
        if medium.item.is_none() && pairing.decision != Decision::Matched {
            continue;
        }
        count.exported += 1;
        match pairing.decision {
            Decision::Matched => count.matched += 1,
            Decision::Ambiguous => count.ambiguous += 1,
            _ => count.unmatched += 1,
        }
    }
    report.mapping_json = json::mapping(inventory, plan, offsets, settings, &report);
    report.html = html::page(inventory, plan, offsets, settings, &report);
    report
}

#[cfg(test)]
mod tests;
