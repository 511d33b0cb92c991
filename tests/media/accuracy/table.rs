//! The marks as a table under version control, and what is worse than it.

use std::fmt::Write;

use super::score::Marks;
use crate::Outcome;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Kind of picture, by name.
    pub kind: String,
    /// Mode, by name.
    pub mode: String,
    /// What the run came to.
    pub marks: Marks,
}

const HEAD: &str = "\
| kind | mode | sent | right | wrong | guessed | misnamed | missed | kept | clock |
|---|---|---|---|---|---|---|---|---|---|
";

/// The table in Markdown, with sums.
#[must_use]
pub fn write(rows: &[Row]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows.iter().chain(&sums(rows)) {
        let Row { kind, mode, marks } = row;
        let Marks { sent, right, wrong, guessed, misnamed, missed, kept, clock_right, clock_asked } =
            marks;
        let clock = match clock_asked {
            0 => "-".to_owned(),
            asked => format!("{clock_right}/{asked}"),
        };
        let _ = writeln!(
            text,
            "| {kind} | {mode} | {sent} | {right} | {wrong} | {guessed} | {misnamed} | {missed} | {kept} | {clock} |"
        );
    }
    text
}

/// The name of the sums' lines.
pub const ALL: &str = "**all**";

fn sums(rows: &[Row]) -> Vec<Row> {
    let mut sums: Vec<Row> = Vec::new();
    for row in rows {
        let place = sums.iter().position(|sum| sum.mode == row.mode).unwrap_or(sums.len());
        if place == sums.len() {
            let (kind, mode) = (ALL.to_owned(), row.mode.clone());
            sums.push(Row { kind, mode, marks: Marks::default() });
        }
        let (sum, more) = (&mut sums[place].marks, row.marks);
        sum.sent += more.sent;
        sum.right += more.right;
        sum.wrong += more.wrong;
        sum.guessed += more.guessed;
        sum.misnamed += more.misnamed;
        sum.missed += more.missed;
        sum.kept += more.kept;
        sum.clock_right += more.clock_right;
        sum.clock_asked += more.clock_asked;
    }
    sums
}

/// Reads a table back, without its sums.
///
/// # Errors
/// A line has another number of columns, or no number where one should be.
pub fn read(text: &str) -> Outcome<Vec<Row>> {
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let rows = lines.skip(1).filter(|line| !line.contains(ALL)).map(row);
    rows.collect()
}

fn row(line: &str) -> Outcome<Row> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let &[kind, mode, ref numbers @ .., clock] = cells.as_slice() else {
        return Err(format!("no line of the table: {line}"));
    };
    let number = |cell: &&str| cell.parse::<u32>().map_err(|_| format!("no number: {line}"));
    let numbers: Vec<u32> = numbers.iter().map(number).collect::<Outcome<_>>()?;
    let &[sent, right, wrong, guessed, misnamed, missed, kept] = numbers.as_slice() else {
        return Err(format!("not as many columns as there should be: {line}"));
    };
    let (clock_right, clock_asked) = match clock.split_once('/') {
        Some((right, asked)) => (number(&right)?, number(&asked)?),
        None => (0, 0),
    };
    let marks =
        Marks { sent, right, wrong, guessed, misnamed, missed, kept, clock_right, clock_asked };
    Ok(Row { kind: kind.to_owned(), mode: mode.to_owned(), marks })
}

/// What is worse in `now` than in `then`, a sentence each: one wrong link more
/// in strict or balanced, one right link or clock fewer in any mode, one
/// edit more with a wrong word, a line that is gone.
#[must_use]
pub fn worse(then: &[Row], now: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for old in then {
        let name = format!("{} in {}", old.kind, old.mode);
        let same = |row: &&Row| row.kind == old.kind && row.mode == old.mode;
        let Some(new) = now.iter().find(same) else {
            found.push(format!("{name} was not run"));
            continue;
        };
        let (was, is) = (old.marks, new.marks);
        if was.sent != is.sent || was.clock_asked != is.clock_asked {
            found.push(format!("{name} is another case: {} sent, not {}", is.sent, was.sent));
        }
        if is.wrong > was.wrong && old.mode != "loose" {
            found.push(format!("{name} has {} wrong, not {}", is.wrong, was.wrong));
        }
        if is.misnamed > was.misnamed {
            found.push(format!("{name} has {} misnamed, not {}", is.misnamed, was.misnamed));
        }
        if is.right < was.right {
            found.push(format!("{name} has {} right, not {}", is.right, was.right));
        }
        if is.clock_right < was.clock_right {
            let (got, want) = (is.clock_right, was.clock_right);
            found.push(format!("{name} has {got} clocks right, not {want}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: &str, mode: &str, right: u32, wrong: u32) -> Row {
        let marks = Marks { sent: 20, right, wrong, clock_asked: 3, ..Marks::default() };
        Row { kind: kind.into(), mode: mode.into(), marks }
    }

    #[test]
    fn a_table_can_be_read_back() {
        let rows = vec![line("crop", "strict", 5, 0), line("late", "loose", 7, 1)];
        let text = write(&rows);
        assert_eq!(read(&text).unwrap(), rows);
        assert!(text.contains("**all**"));
        assert!(read("| kind | mode |\n| crop | strict | 1 |\n").is_err());
    }

    #[test]
    fn worse_is_a_wrong_link_more_or_a_right_one_fewer() {
        let then = [line("crop", "balanced", 5, 0), line("crop", "loose", 5, 1)];
        assert!(worse(&then, &then).is_empty());
        let better = [line("crop", "balanced", 6, 0), line("crop", "loose", 5, 3)];
        assert!(worse(&then, &better).is_empty());
        assert_eq!(worse(&then, &[line("crop", "balanced", 5, 1), then[1].clone()]).len(), 1);
        assert_eq!(worse(&then, &[line("crop", "balanced", 4, 0), then[1].clone()]).len(), 1);
        assert_eq!(worse(&then, &then[..1]).len(), 1);
    }
}
