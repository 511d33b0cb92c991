//! `mapping.json`, version 2: what was decided for every exported medium, for
//! programs (`docs/mapping.md`). Keys stand in the order of the fields here.

use serde::Serialize;

use super::why;
use super::{Count, Report};
use crate::collect::{Export, Library, Medium};
use crate::matching::{Offset, Pairing};
use crate::model::{Edit, ItemId, MediaKind};
use crate::page::moment;
use crate::plan::{self, Action, Plan};
use crate::settings::{DateOrder, HeicView, Search};

/// The format's version; it changes when a key changes its meaning. Version 2 has
/// `edits`, and `bundle_path` is null behind a cover; `edit` is one word as before.
const VERSION: u32 = 2;

#[derive(Serialize)]
struct Mapping<'a> {
    version: u32,
    settings: Settings<'a>,
    offsets: Vec<OffsetRow>,
    summary: Summary,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Settings<'a> {
    match_window_seconds: u32,
    phash_threshold: u32,
    confidence_mode: &'static str,
    search: &'static str,
    heic: &'static str,
    date_order: &'static str,
    html: &'a [String],
    reveal: &'a [String],
}

#[derive(Serialize)]
struct OffsetRow {
    from: String,
    to: String,
    seconds: i32,
    evidence: u32,
}

#[derive(Serialize)]
struct Summary {
    images: CountRow,
    videos: CountRow,
}

#[derive(Serialize)]
struct CountRow {
    exported: u32,
    matched: u32,
    ambiguous: u32,
    unmatched: u32,
}

#[derive(Serialize)]
struct Entry<'a> {
    exported: &'a str,
    kind: &'static str,
    message_time: Option<String>,
    decision: &'static str,
    edit: &'static str,
    edits: Vec<&'static str>,
    original: Option<&'a str>,
    bundle_path: Option<&'a str>,
    also: Vec<&'a str>,
    score: Score,
    thresholds: Thresholds,
    mode: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct Score {
    phash_distance: Option<u32>,
    residual: Option<f64>,
    runner_up_ratio: Option<f64>,
    time_difference_s: Option<i64>,
    duration_difference_s: Option<f64>,
}

#[derive(Serialize)]
struct Thresholds {
    phash_distance: u32,
    residual: Option<f64>,
    runner_up_ratio: Option<f64>,
}

/// The whole file, with a line feed at its end.
pub(super) fn mapping(
    library: &Library,
    export: &Export,
    plan: &Plan,
    offsets: &[Offset],
    settings: &crate::settings::Settings,
    report: &Report,
) -> String {
    let media = export.media.iter().zip(&plan.pairings).zip(&plan.actions);
    let mapping = Mapping {
        version: VERSION,
        settings: settings_row(settings),
        offsets: offsets.iter().map(offset_row).collect(),
        summary: Summary {
            images: count_row(report.counts.images),
            videos: count_row(report.counts.videos),
        },
        entries: media
            .map(|((medium, pairing), action)| entry(library, medium, pairing, action))
            .collect(),
    };
    // Writing plain structs of numbers and texts to memory does not fail.
    let mut text = serde_json::to_string_pretty(&mapping).unwrap_or_default();
    text.push('\n');
    text
}

fn settings_row(settings: &crate::settings::Settings) -> Settings<'_> {
    Settings {
        match_window_seconds: settings.match_window_seconds,
        phash_threshold: settings.proof().phash_distance,
        confidence_mode: settings.mode.name(),
        search: match settings.search {
            Search::Library => "library",
            Search::Window => "window",
        },
        heic: match settings.heic {
            HeicView::View => "view",
            HeicView::Original => "original",
        },
        date_order: match settings.date_order {
            None => "auto",
            Some(DateOrder::DayMonthYear) => "dmy",
            Some(DateOrder::MonthDayYear) => "mdy",
            Some(DateOrder::YearMonthDay) => "ymd",
        },
        html: &settings.html,
        reveal: &settings.reveal,
    }
}

fn offset_row(offset: &Offset) -> OffsetRow {
    OffsetRow {
        from: moment::iso(offset.from),
        to: moment::iso(offset.to),
        seconds: offset.seconds,
        evidence: offset.evidence,
    }
}

fn count_row(count: Count) -> CountRow {
    CountRow {
        exported: count.exported,
        matched: count.matched,
        ambiguous: count.ambiguous,
        unmatched: count.unmatched,
    }
}

fn entry<'a>(
    library: &'a Library,
    medium: &'a Medium,
    pairing: &'a Pairing,
    action: &'a Action,
) -> Entry<'a> {
    let path = |id: ItemId| library.get(id).map(|item| item.path.as_str());
    Entry {
        exported: &medium.name,
        kind: kind_name(medium.kind),
        message_time: medium.sent.map(|sent| moment::iso(sent.wall)),
        decision: pairing.decision.name(),
        edit: pairing.edits.first().map_or("none", Edit::name),
        edits: pairing.edits.iter().map(Edit::name).collect(),
        original: pairing.original.and_then(path),
        bundle_path: match action {
            _ if plan::stays_hidden(pairing, action) => None,
            Action::Keep { path } | Action::Replace { path, .. } => Some(path),
            Action::Absent => None,
        },
        also: pairing.also.iter().filter_map(|id| path(*id)).collect(),
        score: Score {
            phash_distance: pairing.score.phash_distance,
            residual: pairing.score.residual.and_then(tenths),
            runner_up_ratio: pairing.score.runner_up_ratio.and_then(tenths),
            time_difference_s: pairing.score.time_difference_s,
            duration_difference_s: pairing.score.duration_difference_s.and_then(tenths),
        },
        thresholds: Thresholds {
            phash_distance: pairing.thresholds.phash_distance,
            residual: tenths(pairing.thresholds.residual),
            runner_up_ratio: tenths(pairing.thresholds.runner_up_ratio),
        },
        mode: pairing.mode.name(),
        reason: why(pairing, action),
    }
}

/// Rounded to one decimal, so that the text does not depend on a last bit.
/// What JSON cannot hold (an infinite ratio) is `null`.
fn tenths(value: f32) -> Option<f64> {
    let rounded = (f64::from(value) * 10.0).round() / 10.0;
    rounded.is_finite().then_some(rounded)
}

/// The one spelling of a kind's name.
fn kind_name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Gif => "gif",
        MediaKind::Sticker => "sticker",
        MediaKind::Voice => "voice",
        MediaKind::Audio => "audio",
        MediaKind::Contact => "contact",
        MediaKind::Document => "document",
    }
}
