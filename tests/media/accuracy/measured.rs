//! What the runs of a case measured, of true pairs and of neighbours: for plots.

use std::fmt::Write;
use std::ops::Bound;

use heirloom_core::matching::{COMPARISONS, bench};
use heirloom_core::memory::Memory;
use serde::Deserialize;

use super::case::{Case, LibraryFile};
use super::{Kind, PictureId};
use crate::memory::Shared;

/// Most notes that are taken of one case.
const MOST: usize = 1 << 20;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// RMS in grey levels of what a fit leaves.
    Residual,
    /// The same of the worst block.
    WorstBlock,
    /// How much the mean of the worst cell differs, as a multiple of what encoders change.
    Spot,
    /// What the worst block violates of its quantisation, as a multiple of its slack.
    Violation,
    /// Detail beyond an enlargement, as a multiple of what the small picture shows.
    Beyond,
    /// Correlation of two sounds.
    Sound,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Residual, Self::WorstBlock, Self::Spot, Self::Violation, Self::Beyond, Self::Sound];

    /// Its name in tables and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Residual => "residual",
            Self::WorstBlock => "worst-block",
            Self::Spot => "spot",
            Self::Violation => "violation",
            Self::Beyond => "beyond",
            Self::Sound => "sound",
        }
    }
}

/// One pair of files.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// What.
    pub quantity: Quantity,
    /// Whether the one is the other, only made small; of [`Quantity::Beyond`], whether
    /// the larger one is a photo of its own.
    pub is_true: bool,
    /// How much.
    pub value: f64,
}

/// A note on a comparison, as far as it is needed here.
#[derive(Debug, Deserialize)]
struct Note {
    first: String,
    second: String,
    compared: Compared,
}

#[derive(Debug, Deserialize)]
struct Compared {
    fit: Option<Fit>,
    violation: Option<Violation>,
    beyond: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Fit {
    residual: f64,
    worst_block: f64,
    spot: f64,
}

#[derive(Debug, Deserialize)]
struct Violation {
    worst: f64,
}

/// What the memory knows of the pairs of a case whose truth is plain.
#[must_use]
pub fn of(case: &Case<'_>, memory: &Shared) -> Vec<Measured> {
    let mut found = sounds(case);
    for (_, note) in memory.scan(&COMPARISONS, Bound::Unbounded, MOST) {
        let json = (COMPARISONS.json)(&note);
        let Some(note) = json.and_then(|json| serde_json::from_str::<Note>(&json).ok()) else {
            continue;
        };
        found.extend(enlarged(case, &note));
        if let Some(is_true) = is_true(case, &note) {
            let fit = note.compared.fit.as_ref();
            let worst = note.compared.violation.as_ref().map(|violation| violation.worst);
            let all = [
                (Quantity::Residual, fit.map(|fit| fit.residual)),
                (Quantity::WorstBlock, fit.map(|fit| fit.worst_block)),
                (Quantity::Spot, fit.map(|fit| fit.spot)),
                (Quantity::Violation, worst),
            ];
            let some = all.into_iter().filter_map(|(quantity, value)| Some((quantity, value?)));
            found.extend(some.map(|(quantity, value)| Measured { quantity, is_true, value }));
        }
    }
    found
}

/// Kinds whose library has other versions of what was sent, which fit as well.
fn has_versions(kind: Kind) -> bool {
    use Kind::{ChatCopies, Copies, Enlarged, GreyCopies, Relit};
    matches!(kind, ChatCopies | Copies | Enlarged | GreyCopies | Relit)
}

/// Whether the note is about a send and its original; `None`: the truth is not plain.
fn is_true(case: &Case<'_>, note: &Note) -> Option<bool> {
    let truth = case.truth.get(note.second.rsplit('/').next()?)?;
    let of = shown(case, &note.first)?;
    let is_plain = !has_versions(case.kind) && truth.edits.is_empty() && !truth.plain;
    is_plain.then_some(truth.picture == Some(of))
}

fn shown(case: &Case<'_>, path: &str) -> Option<PictureId> {
    let place = case.library.binary_search_by(|file: &LibraryFile<'_>| (*file.made.path).cmp(path));
    Some(case.library[place.ok()?].picture)
}

/// Detail of a photo beside what was sent of it, or of an enlarged copy beside the photo.
fn enlarged(case: &Case<'_>, note: &Note) -> Option<Measured> {
    let value = note.compared.beyond?;
    let is_true = !note.first.contains("large_");
    let is_sent = case.truth.contains_key(note.second.rsplit('/').next()?);
    // Beside what was sent an enlarged copy shows what the photo does.
    let is_known = is_true == is_sent;
    is_known.then_some(Measured { quantity: Quantity::Beyond, is_true, value })
}

/// How like the sounds of the case's videos are.
fn sounds(case: &Case<'_>) -> Vec<Measured> {
    let mut found = Vec::new();
    let is_video = |bytes: &[u8]| bytes.get(4..8) == Some(b"ftyp");
    for sent in case.chat.iter().filter(|sent| is_video(&sent.bytes)) {
        let Some(truth) = case.truth.get(&sent.path) else { continue };
        // In a dub one sound is under two films.
        let near =
            |file: &&LibraryFile<'_>| is_video(&file.made.bytes) && case.kind != Kind::VideoDub;
        for file in case.library.iter().filter(near) {
            let is_true = truth.picture == Some(file.picture);
            let value = bench::sound(&file.made.bytes, &sent.bytes);
            let one = |value| Measured { quantity: Quantity::Sound, is_true, value };
            found.extend(value.map(one));
        }
    }
    found
}

/// As lines of a table: the kind, what, whether it is a true pair, how much.
#[must_use]
pub fn lines(kind: Kind, measured: &[Measured]) -> String {
    let mut text = String::new();
    for Measured { quantity, is_true, value } in measured {
        let word = if *is_true { "true" } else { "other" };
        let _ = writeln!(text, "{}\t{}\t{word}\t{value:.4}", kind.name(), quantity.name());
    }
    text
}

/// Reads such lines; others are left out.
#[must_use]
pub fn read(text: &str) -> Vec<Measured> {
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[_, name, word, value] = cells.as_slice() else { return None };
        let quantity = Quantity::ALL.into_iter().find(|one| one.name() == name)?;
        Some(Measured { quantity, is_true: word == "true", value: value.parse().ok()? })
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_back() {
        let all = Quantity::ALL.map(|quantity| Measured {
            quantity,
            is_true: quantity != Quantity::Sound,
            value: 1.25,
        });
        assert_eq!(read(&lines(Kind::Glyphs, &all)), all);
        assert!(read("no table\nglyphs\tnothing\ttrue\t1\n").is_empty());
    }
}
