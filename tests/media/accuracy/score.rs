//! Runs the job on a case and marks what it decided.

use heirloom_core::matching::{Matches, Pairing};
use heirloom_core::model::{Edit, Edits};
use heirloom_core::report::explain;
use heirloom_core::settings::{Mode, Settings};

use super::case::{Case, LibraryFile};
use super::{PictureId, Truth};
use crate::{Outcome, memory, saying};

/// What one run of one case came to, in exported pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// All of them.
    pub sent: u32,
    /// Linked to a file that shows it, with the right words for the edits.
    pub right: u32,
    /// Linked to another picture.
    pub wrong: u32,
    /// Linked to a file that shows it, with other words for the edits.
    pub misnamed: u32,
    /// The library shows it, and it was not linked.
    pub missed: u32,
    /// Rightly not linked.
    pub kept: u32,
    /// The right clock difference was reported for it;
    pub clock_right: u32,
    /// of so many.
    pub clock_asked: u32,
}

/// How one picture came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    Misnamed,
    Missed,
    Kept,
}

/// The marks, and a line for everything that is not right.
pub struct Result {
    /// In numbers.
    pub marks: Marks,
    /// What is not right, with its evidence.
    pub remarks: Vec<String>,
}

/// Runs and marks a case.
///
/// # Errors
/// The job ends early: there is no chat, say.
pub fn run(case: &Case<'_>, mode: Mode) -> Outcome<Result> {
    let settings = Settings { mode, ..Settings::default() };
    let library = case.library.iter().map(|file| &*file.made);
    let job = saying(case.kind.name(), memory::run(&case.chat, library, settings))?;
    let mut result = Result { marks: Marks::default(), remarks: Vec::new() };
    for (medium, pairing) in job.export().media.iter().zip(job.pairings()) {
        let Some(truth) = case.truth.get(&medium.name) else { continue };
        let path = pairing.original.map(|id| job.library()[id].path.as_str());
        let linked = path.map(|path| shown(case, path)).transpose()?;
        let verdict = verdict(truth, linked, pairing.edits, mode);
        count(&mut result.marks, verdict);
        if !matches!(verdict, Verdict::Right | Verdict::Kept) {
            result.remarks.push(remark(verdict, truth, path, pairing));
        }
        let sent = case.sent.get(&medium.name).copied().unwrap_or_default();
        clock(&mut result, truth, sent, job.matches());
    }
    if result.marks.sent as usize != case.truth.len() {
        let (got, want) = (result.marks.sent, case.truth.len());
        return Err(format!("{}: the job saw {got} of {want} pictures", case.kind.name()));
    }
    Ok(result)
}

fn shown(case: &Case<'_>, path: &str) -> Outcome<PictureId> {
    let place = case.library.binary_search_by(|file: &LibraryFile<'_>| (*file.made.path).cmp(path));
    let found = place.map(|at| case.library[at].picture);
    found.map_err(|_| format!("{path} is linked and not in the library"))
}

/// Strict keeps edited pictures; where nothing can be proved, keeping is right.
fn verdict(truth: &Truth, linked: Option<PictureId>, edits: Edits, mode: Mode) -> Verdict {
    let may_keep = truth.plain || (mode == Mode::Strict && !truth.edits.is_empty());
    match (truth.picture, linked) {
        (Some(right), Some(linked)) if right == linked => {
            if edits == truth.edits {
                Verdict::Right
            } else {
                Verdict::Misnamed
            }
        }
        (_, Some(_)) => Verdict::Wrong,
        (Some(_), None) if !may_keep => Verdict::Missed,
        (_, None) => Verdict::Kept,
    }
}

fn count(marks: &mut Marks, verdict: Verdict) {
    marks.sent += 1;
    match verdict {
        Verdict::Right => marks.right += 1,
        Verdict::Wrong => marks.wrong += 1,
        Verdict::Misnamed => marks.misnamed += 1,
        Verdict::Missed => marks.missed += 1,
        Verdict::Kept => marks.kept += 1,
    }
}

fn remark(verdict: Verdict, truth: &Truth, path: Option<&str>, pairing: &Pairing) -> String {
    let score = pairing.score;
    let number = |number: Option<f32>| number.map_or("-".into(), |number| format!("{number:.2}"));
    let bits = score.phash_distance.map_or("-".into(), |bits| bits.to_string());
    format!(
        "{verdict:?}: {} | {} | edit {} for {}, bits {bits}, residual {}, ratio {}: {}",
        truth.note,
        path.unwrap_or(pairing.decision.name()),
        words(pairing.edits),
        words(truth.edits),
        number(score.residual),
        number(score.runner_up_ratio),
        explain(&pairing.reason, &score)
    )
}

/// The changes as one word.
pub(super) fn words(edits: Edits) -> String {
    let words: Vec<&str> = edits.iter().map(Edit::name).collect();
    if words.is_empty() { "none".to_owned() } else { words.join("+") }
}

/// Whether the clock difference reported for the moment it was sent is the
/// true one.
fn clock(result: &mut Result, truth: &Truth, sent: i64, matches: &Matches) {
    let Some(want) = truth.offset else { return };
    result.marks.clock_asked += 1;
    // An Android chat knows the minute only.
    let holds = |from: i64, to: i64| from - 60 <= sent && sent <= to + 60;
    let found = matches.offsets.iter().find(|offset| holds(offset.from, offset.to));
    if found.is_some_and(|offset| offset.seconds == want) {
        result.marks.clock_right += 1;
    } else {
        let got = found.map_or("none".into(), |offset| format!("{} s", offset.seconds));
        result.remarks.push(format!("Clock: {}: offset {got}, not {want} s", truth.note));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(picture: Option<u32>, linked: Option<u32>, edits: [Edits; 2], want: [Verdict; 2]) {
        let truth = Truth {
            picture: picture.map(PictureId),
            edits: edits[0],
            plain: false,
            offset: None,
            note: String::new(),
        };
        for (mode, want) in [Mode::Strict, Mode::Balanced].into_iter().zip(want) {
            assert_eq!(verdict(&truth, linked.map(PictureId), edits[1], mode), want, "{mode:?}");
        }
    }

    #[test]
    fn a_wrong_link_is_told_from_a_missed_one() {
        use Verdict::{Kept, Misnamed, Missed, Right, Wrong};
        let none = [Edits::EMPTY; 2];
        let crop = Edits::from(Edit::Crop);
        let both = crop.with(Edit::Mirror);
        check(Some(1), Some(1), none, [Right; 2]);
        check(Some(1), Some(2), none, [Wrong; 2]);
        check(Some(1), None, none, [Missed; 2]);
        check(None, Some(2), none, [Wrong; 2]);
        check(None, None, none, [Kept; 2]);
        check(Some(1), None, [crop, Edits::EMPTY], [Kept, Missed]);
        check(Some(1), Some(1), [crop; 2], [Right; 2]);
        check(Some(1), Some(1), [crop, Edits::EMPTY], [Misnamed; 2]);
        check(Some(1), Some(1), [Edits::EMPTY, Edit::Filter.into()], [Misnamed; 2]);
        check(Some(1), Some(1), [both, crop], [Misnamed; 2]);
        check(Some(1), Some(1), [both; 2], [Right; 2]);
        check(Some(1), Some(2), [crop; 2], [Wrong; 2]);
    }
}
