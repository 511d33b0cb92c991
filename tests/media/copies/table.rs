//! The table: pairs found and false pairs, by kind and program.

use std::fmt::Write;

use super::programs::{Program, Run, Scope, exact_sets};
use super::score::{Count, Marks};
use super::{Kind, Near};

/// One program's column: its run and its marks, or why there are none.
pub struct Column {
    /// Which.
    pub program: Program,
    /// What it gave, if it was there.
    pub run: Option<(Run, Marks)>,
}

/// The table as Markdown, its columns as they are given.
#[must_use]
pub fn write(columns: &[Column]) -> String {
    let mut text = String::from("| | goal |");
    columns.iter().for_each(|column| text += &format!(" {} |", column.program.name));
    text += "\n|---|---|";
    text += &"---|".repeat(columns.len());
    text += "\n";
    let mut row = |name: &str, goal: &str, cell: &dyn Fn(&Column) -> String| {
        text += &format!("| {name} | {goal} |");
        columns.iter().for_each(|column| text += &format!(" {} |", cell(column)));
        text += "\n";
    };
    for kind in Kind::all() {
        let count =
            |column: &Column| marks(column).and_then(|marks| marks.copies.get(&kind).copied());
        if columns.iter().any(|column| count(column).is_some()) {
            let cell = |column: &Column| match count(column).filter(|_| looks_for(column, kind)) {
                Some(count) => share(count),
                None => absent(column),
            };
            row(kind.name(), &kind.goal().words(), &cell);
        }
    }
    for near in Near::ALL {
        let goal = if near == Near::Given { "-" } else { "0" };
        let cell = |column: &Column| {
            let count = marks(column).and_then(|marks| marks.false_pairs.get(&near).copied());
            count.map_or_else(|| absent(column), wrong)
        };
        row(&format!("**false pairs**: {}", near.name()), goal, &cell);
    }
    row("sets of equal bytes", "as fclones", &|column| sets(columns, column));
    row("seconds", "-", &|column| {
        column.run.as_ref().map_or_else(|| absent(column), |(run, _)| format!("{:.1}", run.seconds))
    });
    text + &versions(columns)
}

fn marks(column: &Column) -> Option<&Marks> {
    column.run.as_ref().map(|(_, marks)| marks)
}

fn absent(column: &Column) -> String {
    if column.run.is_some() { "-".into() } else { "not there".into() }
}

fn looks_for(column: &Column, kind: Kind) -> bool {
    match column.program.scope {
        Scope::All => true,
        Scope::Pictures => !kind.is_video(),
        Scope::Bytes => kind.is_exact(),
    }
}

fn share(count: Count) -> String {
    let percent = 100.0 * count.found as f64 / count.all.max(1) as f64;
    format!("{} of {} ({percent:.1} %)", count.found, count.all)
}

fn wrong(count: Count) -> String {
    match count.all {
        0 => count.found.to_string(),
        all => format!("{} of {all}", count.found),
    }
}

/// How a program's sets of equal bytes stand to those of fclones.
fn sets(columns: &[Column], column: &Column) -> String {
    let of = |column: &Column| column.run.as_ref().map(|(run, _)| run.groups.clone());
    let fclones = columns.iter().find(|column| column.program.file == "fclones").and_then(of);
    if column.program.scope == Scope::Pictures {
        return "-".into();
    }
    match (of(column), fclones) {
        (None, _) => absent(column),
        (Some(own), None) => format!("{}", exact_sets(&own).len()),
        (Some(own), Some(fclones)) => {
            let (own, fclones) = (exact_sets(&own), exact_sets(&fclones));
            match own.symmetric_difference(&fclones).count() {
                0 => format!("the same {}", own.len()),
                apart => format!("{}, {apart} not in both", own.len()),
            }
        }
    }
}

fn versions(columns: &[Column]) -> String {
    let mut text = String::new();
    for Column { program, run } in columns {
        let called = format!("`{} {}`", program.file, program.words.join(" "));
        let line = match run {
            Some((run, _)) => format!("- {}: {}, {called}", program.name, run.version),
            None => format!("- {}: it was not there to be run", program.name),
        };
        let _ = write!(text, "\n{line}");
    }
    text + "\n"
}

/// What is not reached, in sentences; `None` of the goals is set for another program.
#[must_use]
pub fn unmet(marks: &Marks) -> Vec<String> {
    let short =
        marks.copies.iter().filter(|(kind, count)| !kind.goal().is_met(count.found, count.all));
    let short = short.map(|(kind, count)| format!("{}: {}", kind.name(), share(*count)));
    let wrong =
        marks.false_pairs.iter().filter(|(near, count)| count.found > 0 && **near != Near::Given);
    let wrong =
        wrong.map(|(near, count)| format!("false pairs of {}: {}", near.name(), count.found));
    short.chain(wrong).collect()
}
