//! What is said of a run, and what is asked before it.

use std::io::{self, Write};

use heirloom_core::plan::trash::{Left, Moves, Unit, Why};
use heirloom_core::rebuild::trash::Moved;
use serde_json::json;

use super::ground::Ran;
use super::tree::Tree;
use crate::Outcome;
use crate::show::{self, Show, printable};

/// Most files that a question lists; the others are counted. Chosen, not measured.
const LISTED: usize = 40;

/// Where files went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the trash.
    There,
    /// Back.
    Back,
}

/// What is to be said at the end.
#[derive(Default)]
pub struct Said {
    /// Files that moved, each with the folder of its run.
    moved: Vec<(String, Moved)>,
    /// Files that did not.
    pub left: Vec<Left>,
    /// Files that were back before.
    there: Vec<String>,
    /// The folders of the runs that moved something.
    places: Vec<String>,
    /// What else is wrong, as sentences.
    troubles: Vec<String>,
    /// What was done first, as sentences.
    first: Vec<String>,
}

impl Said {
    /// A run.
    pub fn ran(&mut self, ran: Ran) {
        let place = ran.place.display().to_string();
        if !ran.done.moved.is_empty() {
            self.places.push(place.clone());
        }
        self.moved.extend(ran.done.moved.into_iter().map(|moved| (place.clone(), moved)));
        self.left.extend(ran.done.left);
        self.there.extend(ran.done.there);
        self.troubles.extend(ran.done.trouble.map(|trouble| format!("{place}: {trouble}")));
    }

    /// A run that was cut short and is settled now.
    pub fn settled(&mut self, ran: Ran) {
        let place = ran.place.display();
        if ran.done.trouble.is_none() {
            self.first.push(format!("{place}: an earlier run that was cut short was completed"));
        }
        self.left.extend(ran.done.left);
        self.troubles.extend(ran.done.trouble.map(|trouble| format!("{place}: {trouble}")));
    }

    /// Units that were not begun.
    pub fn failed(&mut self, units: &[Unit], sentence: &str) {
        let why = Why::Failed(format!("was not moved: {sentence}"));
        let files = units.iter().flat_map(|unit| &unit.files);
        self.left.extend(files.map(|file| Left { file: file.file.clone(), why: why.clone() }));
    }
}

/// A bar or lines; none where JSON is printed and nobody looks.
pub fn shown(json: bool) -> Show {
    if json { Show::Quiet } else { Show::on_stderr() }
}

/// Says what became of each file.
///
/// # Errors
/// Files were left, or something went wrong.
pub fn told(mut said: Said, way: Way, json: bool) -> Outcome {
    said.left.sort();
    said.moved.sort();
    said.there.sort();
    said.first.iter().for_each(|sentence| eprintln!("heirloom: {}", printable(sentence)));
    print(&if json { document(&said) } else { text(&said, way) })?;
    let mut sentences = said.troubles;
    match said.left.len() {
        0 => {}
        1 => sentences.push("1 file was left where it is".into()),
        count => sentences.push(format!("{count} files were left where they are")),
    }
    if sentences.is_empty() { Ok(()) } else { Err(sentences.join("; ")) }
}

fn text(said: &Said, way: Way) -> String {
    let mut text = String::new();
    let bytes = said.moved.iter().map(|(_, moved)| moved.size).sum();
    let (count, size) = (files(said.moved.len()), megabytes(bytes));
    match way {
        Way::There if said.moved.is_empty() => text.push_str("No file was moved.\n"),
        Way::There => {
            text.push_str(&format!("{count} ({size}) moved to the trash:\n"));
            for place in &said.places {
                text.push_str(&format!("  {}\n", printable(place)));
            }
            text.push_str("To put them back: heirloom duplicates restore with that folder.\n");
        }
        Way::Back if said.moved.is_empty() => text.push_str("No file was put back.\n"),
        Way::Back => text.push_str(&format!("{count} ({size}) put back.\n")),
    }
    list(&mut text, "Back already", &said.there);
    if !said.left.is_empty() {
        text.push_str("Left:\n");
    }
    for left in &said.left {
        text.push_str(&format!(
            "  {}: {}\n",
            printable(&left.file),
            printable(&left.why.to_string())
        ));
    }
    text
}

/// Names files, as many as a reader takes in; the others are counted.
fn list(text: &mut String, head: &str, files: &[String]) {
    if files.is_empty() {
        return;
    }
    text.push_str(&format!("{head}:\n"));
    for file in files.iter().take(LISTED) {
        text.push_str(&format!("  {}\n", printable(file)));
    }
    if files.len() > LISTED {
        text.push_str(&format!("  and {} more\n", files.len() - LISTED));
    }
}

fn document(said: &Said) -> String {
    let moved = |(place, moved): &(String, Moved)| json!({ "file": moved.file, "trash": place, "in": moved.kept, "bytes": moved.size });
    let left = |left: &Left| json!({ "file": left.file, "text": left.why.to_string() });
    let document = json!({
        "version": 1,
        "moved": said.moved.iter().map(moved).collect::<Vec<_>>(),
        "left": said.left.iter().map(left).collect::<Vec<_>>(),
        "there": said.there,
    });
    format!("{document:#}\n")
}

/// Says what would move.
///
/// # Errors
/// It cannot be printed.
pub fn planned(moves: &Moves, given: &[Tree], json: bool) -> Outcome {
    if json {
        let files = moves.units.iter().flat_map(|unit| &unit.files);
        let would: Vec<&String> = files.map(|file| &file.file).collect();
        let left = |left: &Left| json!({ "file": left.file, "text": left.why.to_string() });
        let left: Vec<_> = moves.left.iter().map(left).collect();
        return print(&format!(
            "{:#}\n",
            json!({ "version": 1, "would_move": would, "left": left })
        ));
    }
    print(&format!("{}A dry run: nothing was moved.\n", counted(moves, given)))
}

/// Asks whether it shall be done.
pub fn asked(moves: &Moves, given: &[Tree]) -> bool {
    let question = format!("{}Move them to the trash? [y/N] ", counted(moves, given));
    let asked = io::stderr().write_all(question.as_bytes()).and_then(|()| io::stderr().flush());
    let mut answer = String::new();
    asked.and_then(|()| io::stdin().read_line(&mut answer)).is_ok()
        && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Files, units and bytes of a plan, and which files.
fn counted(moves: &Moves, given: &[Tree]) -> String {
    let all: Vec<_> = moves.units.iter().flat_map(|unit| &unit.files).collect();
    let size = |file: &&heirloom_core::plan::trash::Named| {
        let tree = given.get(file.folder)?;
        tree.look(&file.path.bytes()).ok().map(|seen| seen.size)
    };
    let bytes = all.iter().filter_map(size).sum();
    let units = moves.units.len();
    let head = format!(
        "{} of {units} {} ({})",
        files(all.len()),
        if units == 1 { "shot" } else { "shots" },
        megabytes(bytes)
    );
    let names: Vec<String> = all.iter().map(|file| file.file.clone()).collect();
    let mut text = String::new();
    list(&mut text, &head, &names);
    for left in &moves.left {
        text.push_str(&format!("  {} stays: {}\n", printable(&left.file), left.why));
    }
    text
}

fn print(text: &str) -> Outcome {
    match show::result(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the result cannot be printed: {error}"))
        }
        _ => Ok(()),
    }
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".into() } else { format!("{count} files") }
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
