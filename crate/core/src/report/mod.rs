//! What happened to each item, and why: [`Report`], for programs
//! (`mapping.json`) and for people (`report.html`).

mod dates;
pub mod duplicates;
mod explain;
pub mod files;
mod html;
mod json;
pub mod places;
pub mod trash_plan;

use crate::collect::{Export, Library};
use crate::error::Issue;
use crate::matching::{Decision, Offset, Pairing};
use crate::model::MediaKind;
use crate::plan::{self, Action, Plan};
use crate::settings::Settings;
pub use explain::explain;

/// How many media of one kind got which decision.
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

/// How many media got which decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Photos.
    pub images: Count,
    /// Videos.
    pub videos: Count,
    /// Documents, voice notes, stickers and the rest.
    pub others: Count,
}

/// What happened, ready to be written.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many media got which decision.
    pub counts: Counts,
    /// Photos and videos in given pages themselves.
    pub inside_pages: u32,
    /// Photos and videos that given pages show from outside the export.
    pub outside_export: u32,
    /// Originals that were found and stay out of the bundle, because a part of them was
    /// hidden before they were sent; one for each medium.
    pub hidden: u32,
    /// `mapping.json`, version 2: `json.rs` has its keys.
    pub mapping_json: String,
    /// `report.html` and the pages that go on from it, by name.
    pub html: Vec<(String, String)>,
    /// Every issue of the run, sorted by path.
    pub issues: Vec<Issue>,
}

/// Says what happened to each item, and why. The same inputs give the same
/// bytes.
#[must_use]
pub fn report(
    library: &Library,
    export: &Export,
    plan: &Plan,
    offsets: &[Offset],
    issues: &[Issue],
    settings: &Settings,
) -> Report {
    let counts = count(export, plan.pairings.iter().map(|pairing| pairing.decision));
    let mut report = Report {
        counts,
        inside_pages: export.pages.iter().map(|page| page.inside).sum(),
        outside_export: export.pages.iter().map(|page| page.outside.count).sum(),
        hidden: hidden(plan),
        issues: sorted(issues),
        ..Report::default()
    };
    report.mapping_json = json::mapping(library, export, plan, offsets, settings, &report);
    report.html = html::pages(library, export, plan, offsets, settings, &report);
    report
}

/// How many media have an original that stays out of the bundle.
fn hidden(plan: &Plan) -> u32 {
    let decided = plan.pairings.iter().zip(&plan.actions);
    let hidden = decided.filter(|(pairing, action)| plan::stays_hidden(pairing, action));
    u32::try_from(hidden.count()).unwrap_or(u32::MAX)
}

/// Why a medium got its decision, and why its original is left out, if it is.
fn why(pairing: &Pairing, action: &Action) -> String {
    let reason = explain(&pairing.reason, &pairing.score);
    match plan::stays_hidden(pairing, action) {
        true => format!("{reason} {}", explain::HIDDEN),
        false => reason,
    }
}

/// The issues by path, each once.
#[must_use]
pub fn sorted(issues: &[Issue]) -> Vec<Issue> {
    let mut issues = issues.to_vec();
    issues.sort_by(|a, b| {
        let text = |issue: &Issue| issue.problem.to_string();
        a.path.cmp(&b.path).then_with(|| text(a).cmp(&text(b)))
    });
    issues.dedup();
    issues
}

/// Counts what became of the media; `decisions` has one for each, in their
/// order.
pub fn count(export: &Export, decisions: impl Iterator<Item = Decision>) -> Counts {
    let mut counts = Counts::default();
    for (medium, decision) in export.media.iter().zip(decisions) {
        let count = match medium.kind {
            MediaKind::Image => &mut counts.images,
            MediaKind::Video => &mut counts.videos,
            _ => &mut counts.others,
        };
        // A medium the export lacks counts only when it was matched.
        if medium.item.is_none() && decision != Decision::Matched {
            continue;
        }
        count.exported += 1;
        match decision {
            Decision::Matched => count.matched += 1,
            Decision::Ambiguous => count.ambiguous += 1,
            _ => count.unmatched += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests;
