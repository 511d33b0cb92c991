//! `report.html`: what happened to each file, for people.

use super::explain::changes;
use super::{Count, Report, dates, why};
use crate::collect::{Export, Library, Medium};
use crate::matching::{Decision, Offset, Pairing};
use crate::model::MediaKind;
use crate::page::escape::{escape, url_path};
use crate::page::frame::{self, Script, grouped};
use crate::page::{bar, moment};
use crate::plan::names::INDEX;
use crate::plan::{Action, Plan};
use crate::settings::{DateOrder, Settings};

/// Most rows of files on one page; more go to the next. About half a megabyte
/// (estimated).
const PAGE_ROWS: usize = 1000;

/// What all pages of the report need to know.
struct About<'a> {
    title: &'a str,
    library: &'a Library,
    export: &'a Export,
    plan: &'a Plan,
    report: &'a Report,
}

/// The pages with their names, `report.html` first: what was found, then the
/// files, a thousand on a page.
pub(super) fn pages(
    library: &Library,
    export: &Export,
    plan: &Plan,
    offsets: &[Offset],
    settings: &Settings,
    report: &Report,
) -> Vec<(String, String)> {
    let title = export.chat.as_ref().map_or("", |chat| chat.title.trim());
    let title = if title.is_empty() { "Chat" } else { title };
    let about = About { title, library, export, plan, report };
    let summary = how(export, offsets, settings, report);
    let rows = export.media.len().max(report.issues.len());
    let pages = rows.div_ceil(PAGE_ROWS).max(1);
    let page = |number| (name(plan, number), page(&about, &summary, number, pages));
    (0..pages).map(page).collect()
}

fn name(plan: &Plan, number: usize) -> String {
    match number {
        0 => plan.own.of("report.html"),
        _ => plan.own.of(&format!("report-{}.html", number + 1)),
    }
}

fn page(about: &About<'_>, summary: &str, number: usize, pages: usize) -> String {
    let title = format!("Report – {}", about.title);
    let mut out = frame::head(&about.plan.own.prefix, &title, "report", Script::None);
    out.push_str(&format!(
        "<main id=\"content\">\n<h1>What was found</h1>\n<p class=\"lead\"><a href=\"{}\" dir=\"auto\">{}</a> · \
         <a href=\"{}\">the same for programs</a></p>\n",
        first_page(about),
        escape(about.title),
        about.plan.own.mapping,
    ));
    if number == 0 {
        out.push_str("<div class=\"counts\">\n");
        let counts = &about.report.counts;
        for (name, count) in
            [("Photos", counts.images), ("Videos", counts.videos), ("Other files", counts.others)]
        {
            out.push_str(&count_card(name, count));
        }
        out.push_str("</div>\n");
        out.push_str(summary);
    }
    out.push_str(&issues(about.report, number));
    out.push_str(&table(about, number));
    out.push_str(&bar::numbers(
        pages,
        number,
        |page| name(about.plan, page),
        "Pages of the report",
    ));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}

/// What a person opens: the chat as it is drawn, or what leads to the pages.
fn first_page<'a>(about: &About<'a>) -> &'a str {
    let drawn = about.export.chat.is_some() || about.plan.pages.is_empty();
    if drawn { &about.plan.own.first_page } else { INDEX }
}

fn count_card(name: &str, count: Count) -> String {
    if count.exported == 0 {
        return String::new();
    }
    let share = |part: u32| f64::from(part) * 100.0 / f64::from(count.exported);
    let (good, doubt) = (share(count.matched), share(count.ambiguous));
    format!(
        "<section class=\"count\"><h2>{name}</h2><strong>{} <small>of {} with their original</small></strong>\n\
         <svg role=\"img\" aria-label=\"{good:.0} %\"><rect class=\"good\" width=\"{good:.1}%\" height=\"100%\"/>\
         <rect class=\"doubt\" x=\"{good:.1}%\" width=\"{doubt:.1}%\" height=\"100%\"/></svg>\n\
         <p class=\"legend\">{} ambiguous · {} kept as exported</p></section>\n",
        grouped(u64::from(count.matched)),
        grouped(u64::from(count.exported)),
        grouped(u64::from(count.ambiguous)),
        grouped(u64::from(count.unmatched)),
    )
}

fn how(export: &Export, offsets: &[Offset], settings: &Settings, report: &Report) -> String {
    let mut rows = vec![("Proof asked for", settings.mode.name().to_owned())];
    if let Some(chat) = &export.chat {
        let order = match chat.dates.order {
            Some(DateOrder::DayMonthYear) => "day, month, year",
            Some(DateOrder::MonthDayYear) => "month, day, year",
            Some(DateOrder::YearMonthDay) => "year, month, day",
            None => "not known",
        };
        let doubt = if chat.dates.decided { "" } else { " (not certain)" };
        let why = chat.dates.evidence.map(dates::evidence).unwrap_or_default();
        rows.push(("Dates were read as", format!("{order}{doubt}: {why}")));
    }
    for offset in offsets {
        let support = match u64::from(offset.evidence) {
            0 => String::new(),
            matches => format!(", supported by {}", frame::counted(matches, "match", "matches")),
        };
        rows.push((
            "Clock difference",
            format!(
                "{} from {} to {}{support}",
                clock_difference(offset.seconds),
                moment::date(offset.from),
                moment::date(offset.to),
            ),
        ));
    }
    let unlooked = [
        ("Photos and videos in the pages themselves", report.inside_pages),
        ("Photos and videos outside the export’s folder", report.outside_export),
        ("Originals left out, because a part was hidden before they were sent", report.hidden),
    ];
    for (name, count) in unlooked.into_iter().filter(|(_, count)| *count > 0) {
        rows.push((name, grouped(u64::from(count))));
    }
    let rows: String = rows
        .iter()
        .map(|(name, value)| {
            format!("<tr><th scope=\"row\">{name}</th><td>{}</td></tr>\n", escape(value))
        })
        .collect();
    format!(
        "<h2>How it was read</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// `+5 h 30 min`: what to add to the camera's clock to get the chat's.
fn clock_difference(seconds: i32) -> String {
    let sign = if seconds < 0 { "−" } else { "+" };
    let seconds = seconds.unsigned_abs();
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

fn table(about: &About<'_>, page: usize) -> String {
    let About { library, export, plan, .. } = about;
    if export.media.len() <= page * PAGE_ROWS {
        return String::new();
    }
    let mut out = "<h2>Every file</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><thead><tr>\
        <th scope=\"col\">Sent</th><th scope=\"col\">In the chat</th><th scope=\"col\">Result</th>\
        <th scope=\"col\">Original, and why</th></tr></thead><tbody>\n"
        .to_owned();
    let all = export.media.iter().zip(&plan.pairings).zip(&plan.actions);
    for ((medium, pairing), action) in all.skip(page * PAGE_ROWS).take(PAGE_ROWS) {
        out.push_str(&row(library, medium, pairing, action));
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn row(library: &Library, medium: &Medium, pairing: &Pairing, action: &Action) -> String {
    let sent = medium.sent.map(|sent| moment::iso(sent.wall).replace('T', " ")).unwrap_or_default();
    let sent = sent.get(..16).unwrap_or(&sent);
    let original = pairing
        .original
        .and_then(|id| library.get(id))
        .map(|item| match action {
            Action::Replace { path, .. } => {
                format!("<a href=\"{}\"><bdi>{}</bdi></a>", url_path(path), escape(&item.path))
            }
            _ => format!("<bdi>{}</bdi>", escape(&item.path)),
        })
        .unwrap_or_default();
    let edits = match pairing.edits.is_empty() {
        true => String::new(),
        false => format!("<small>{} before it was sent</small>", changes(pairing.edits)),
    };
    let name = match action {
        Action::Keep { path } => {
            format!("<a href=\"{}\"><bdi>{}</bdi></a>", url_path(path), escape(&medium.name))
        }
        _ => format!("<bdi>{}</bdi>", escape(&medium.name)),
    };
    format!(
        "<tr><td class=\"nowrap\">{sent}</td><td>{name}<small>{kind}</small></td>\
         <td><span class=\"word {class}\">{word}</span></td><td>{original}{edits}<small dir=\"auto\">{reason}</small></td></tr>\n",
        kind = kind_word(medium.kind),
        class = pairing.decision.name(),
        word = decision_word(pairing.decision),
        reason = escape(&why(pairing, action)),
    )
}

fn kind_word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "photo",
        MediaKind::Video => "video",
        MediaKind::Gif => "GIF",
        MediaKind::Sticker => "sticker",
        MediaKind::Voice => "voice message",
        MediaKind::Audio => "audio",
        MediaKind::Contact => "contact",
        MediaKind::Document => "document",
    }
}

fn decision_word(decision: Decision) -> &'static str {
    match decision {
        Decision::Matched => "original found",
        Decision::Ambiguous => "ambiguous",
        Decision::NoCandidates => "no original found",
        Decision::TooDifferent => "kept",
        Decision::NotBetter => "already the best",
        Decision::Unreadable => "unreadable",
        Decision::NotMatchable => "not looked for",
        Decision::Missing => "missing",
    }
}

fn issues(report: &Report, page: usize) -> String {
    let issues = report.issues.iter().skip(page * PAGE_ROWS).take(PAGE_ROWS);
    if issues.len() == 0 {
        return String::new();
    }
    let rows: String = issues
        .map(|issue| {
            format!(
                "<tr><td><bdi>{}</bdi></td><td>{}</td></tr>\n",
                escape(&issue.path),
                escape(&issue.problem.to_string())
            )
        })
        .collect();
    format!(
        "<h2>What needs attention</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><thead><tr><th scope=\"col\">File</th>\
         <th scope=\"col\">What is wrong</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}
