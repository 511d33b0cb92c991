//! What the user sees: progress on stderr, results on stdout, in plain words.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use heirloom_core::error::{Issue, Problem};
use heirloom_core::progress::{Progress, Stage};
use heirloom_core::report::{Count, Report};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Told;

/// Most issues that are listed on the screen; the report has all. Chosen, not
/// measured.
const LISTED: usize = 20;

/// Ends the program because of what it was told.
pub fn bad(sentence: &str) -> ! {
    eprintln!("heirloom: {}", printable(sentence));
    std::process::exit(BAD)
}

/// The exit code for what cannot be done as it was said, as that of the parser of arguments.
const BAD: i32 = 2;

/// How progress is shown.
pub enum Show {
    /// A bar, on a terminal.
    Bar(ProgressBar),
    /// A line for each stage, and one every few seconds.
    Lines(Option<Stage>, Instant),
    /// Not at all.
    Quiet,
}

impl Show {
    /// A bar on a terminal, lines otherwise.
    #[must_use]
    pub fn on_stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(None, Instant::now());
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{msg:>9} {wide_bar} {pos} of {len}  {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Bar(bar)
    }

    /// Shows how far the job is.
    pub fn progress(&mut self, now: &Progress) {
        match self {
            Self::Bar(bar) => {
                if bar.message() != now.stage.name() {
                    bar.reset_eta();
                    bar.set_message(now.stage.name());
                }
                bar.set_length(now.total);
                bar.set_position(now.done);
            }
            Self::Lines(stage, shown) => {
                let waited = shown.elapsed() > Duration::from_secs(5);
                if *stage != Some(now.stage) || waited {
                    eprintln!("{}", line(now));
                    *stage = Some(now.stage);
                    *shown = Instant::now();
                }
            }
            Self::Quiet => {}
        }
    }

    /// Takes the bar away before results are printed.
    pub fn done(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn line(now: &Progress) -> String {
    let megabytes = now.bytes_read / 1_000_000;
    match now.total {
        0 => now.stage.name().into(),
        total => format!("{} {} of {total} ({megabytes} MB read)", now.stage.name(), now.done),
    }
}

/// Where the result went.
pub enum Place<'a> {
    /// A folder.
    Folder(&'a Path),
    /// A zip.
    Zip(&'a Path),
    /// Nowhere: a dry run.
    Nowhere,
}

/// The summary, in plain words.
#[must_use]
pub fn summary(report: &Report, place: &Place<'_>) -> String {
    let mut text = String::new();
    for (one, many, count) in [
        ("photo", "photos", &report.counts.images),
        ("video", "videos", &report.counts.videos),
        ("other file", "other files", &report.counts.others),
    ] {
        text.push_str(&counted(one, many, count));
    }
    text.push_str(&left_out(report.hidden));
    if report.counts.images.exported + report.counts.videos.exported + report.counts.others.exported
        == 0
    {
        text.push_str(match report.inside_pages + report.outside_export {
            0 => "The chat has no media.\n",
            _ => "The photos of the chat are no files of the export.\n",
        });
    }
    if !report.issues.is_empty() {
        let count = report.issues.len();
        let what = if count == 1 { "thing" } else { "things" };
        text.push_str(&format!("\n{count} {what} to know:\n"));
        for issue in report.issues.iter().take(LISTED) {
            text.push_str(&format!(
                "  {}: {}\n",
                printable(&issue.path),
                printable(&issue.problem.to_string())
            ));
        }
        if count > LISTED {
            text.push_str(&format!("  and {} more, all in report.html\n", count - LISTED));
        }
    }
    text.push_str(&unclear_dates(&report.issues));
    text.push_str(&match place {
        Place::Folder(at) => format!("\nOpen {}\n", at.join("index.html").display()),
        Place::Zip(at) => format!("\nWritten to {}; unpack it and open index.html\n", at.display()),
        Place::Nowhere => "\nA dry run: nothing was written.\n".into(),
    });
    text
}

/// Most files left as they are that are named; the others are counted. Chosen, not
/// measured.
const NAMED: usize = 200;

/// What became of the files that were in the folder before, in sentences.
#[must_use]
pub fn before(told: &Told) -> Vec<String> {
    let mut text = Vec::new();
    match told.removed {
        0 => {}
        1 => text.push("1 file of the earlier bundle, which the new one lacks, was removed".into()),
        count => text.push(format!(
            "{count} files of the earlier bundle, which the new one lacks, were removed"
        )),
    }
    for (was, is) in &told.aside {
        let (was, is) = (printable(was), printable(is));
        text.push(format!("{was} was not as the earlier bundle left it; it is now called {is}"));
    }
    if told.unlisted {
        text.push(
            "the earlier bundle has no list of its files: where it had a file of the same name \
             as the new one, that was replaced, and nothing else was removed"
                .into(),
        );
    }
    text.extend(
        told.left.iter().take(NAMED).map(|path| format!("left as it was: {}", printable(path))),
    );
    if told.left.len() > NAMED {
        text.push(format!("and {} more were left as they were", told.left.len() - NAMED));
    }
    text
}

/// What to do about dates that can be read in two ways; nothing, if they can
/// not. Said however many other things there are to know.
fn unclear_dates(issues: &[Issue]) -> String {
    let doubt = issues.iter().find_map(|issue| match &issue.problem {
        Problem::UnclearDates(doubt) => Some(printable(&doubt.to_string())),
        _ => None,
    });
    doubt.map_or_else(String::new, |doubt| {
        format!(
            "\nThe chat's dates can be read in two ways. They were read as {doubt}.\n\
             Say which is right with --date-order dmy, mdy or ymd.\n"
        )
    })
}

fn counted(one: &str, many: &str, count: &Count) -> String {
    if count.exported == 0 {
        return String::new();
    }
    let noun = if count.exported == 1 { one } else { many };
    format!(
        "{} {noun}: {} with the original, {} ambiguous, {} as exported\n",
        count.exported, count.matched, count.ambiguous, count.unmatched
    )
}

/// What stays out of the bundle, and how it gets in.
fn left_out(hidden: u32) -> String {
    let (noun, stays) = if hidden == 1 { ("original", "stays") } else { ("originals", "stay") };
    match hidden {
        0 => String::new(),
        _ => format!(
            "{hidden} {noun} {stays} out of the bundle, because a part was hidden before it was sent; \
             --reveal NAME puts one in\n"
        ),
    }
}

/// A chat's names and texts without what a terminal would obey or reorder.
#[must_use]
pub fn printable(text: &str) -> String {
    let steering = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steering(c) { '\u{fffd}' } else { c }).collect()
}

/// Writes a result to stdout.
///
/// # Errors
/// The reader of a pipe has gone.
pub fn result(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use heirloom_core::error::DateDoubt;
    use heirloom_core::model::DateChoice;
    use heirloom_core::report::Counts;
    use heirloom_core::settings::DateOrder;

    #[test]
    fn the_summary_is_plain_and_cannot_steer_a_terminal() {
        let images = Count { exported: 3, matched: 1, ambiguous: 0, unmatched: 2 };
        let report = Report {
            counts: Counts { images, ..Counts::default() },
            issues: vec![Issue { path: "\u{1b}[2J\u{202e}gpj.a".into(), problem: Problem::Empty }],
            ..Report::default()
        };
        let text = summary(&report, &Place::Nowhere);
        assert!(text.starts_with("3 photos: 1 with the original, 0 ambiguous, 2 as exported\n"));
        assert!(!text.contains("--date-order") && !text.contains("--reveal"));
        let hidden = summary(&Report { hidden: 1, ..report }, &Place::Nowhere);
        assert!(hidden.contains("\n1 original stays out of the bundle, because"), "{hidden}");
        assert!(text.contains("1 thing to know:\n  \u{fffd}[2J\u{fffd}gpj.a: the file is empty"));
    }

    #[test]
    fn dates_in_doubt_are_said_however_much_else_there_is() {
        let empty = || Issue { path: "a.jpg".into(), problem: Problem::Empty };
        let mut issues: Vec<Issue> = (0..LISTED).map(|_| empty()).collect();
        let choice = |order, day| DateChoice { order, written: "08/04/22".into(), day };
        let (order, other) = (DateOrder::DayMonthYear, DateOrder::MonthDayYear);
        let choices = vec![choice(order, 19_090), choice(other, 19_208)];
        let problem = Problem::UnclearDates(DateDoubt { order, choices });
        issues.push(Issue { path: "_chat.txt".into(), problem });
        let text = summary(&Report { issues, ..Report::default() }, &Place::Nowhere);
        assert!(text.contains(
            "They were read as day-month-year: 08/04/22 is 8 April 2022, or 4 August 2022 as \
                 month-day-year.\nSay which is right with --date-order"
        ));
    }
}
