//! Runs the job on a case and marks what it decided.

use heirloom_core::matching::{Matches, Pairing, Reason};
use heirloom_core::model::{Edit, MediaKind};
use heirloom_core::report::explain;
use heirloom_core::settings::{Mode, Settings};

use super::case::{Case, LibraryFile};
use super::{PictureId, Truth, Words};
use crate::memory::Shared;
use crate::{Outcome, memory, saying};

/// What one run of one case came to, in exported pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// All of them.
    pub sent: u32,
    /// Linked to a file that shows it, with the right word for the edit.
    pub right: u32,
    /// Linked to another picture.
    pub wrong: u32,
    /// In loose, a video linked to another one by time and length, and said to be
    /// unproved.
    pub guessed: u32,
    /// Linked to a file that shows it, with other words for its edits.
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
    Guessed,
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
    /// Wrong links: the exported picture's name and the path of what it was linked to.
    pub wrong: Vec<(String, String)>,
}

/// Runs and marks a case. What another run of it found out is in the memory.
///
/// # Errors
/// The job ends early: there is no chat, say.
pub fn run(case: &Case<'_>, mode: Mode, memory: &Shared) -> Outcome<Result> {
    let settings = Settings { mode, search: case.search, ..Settings::default() };
    let library = case.library.iter().map(|file| &*file.made);
    let job = memory::run_with(&case.chat, library, settings, memory);
    let job = saying(case.kind.name(), job)?;
    let mut result = Result { marks: Marks::default(), remarks: Vec::new(), wrong: Vec::new() };
    for (medium, pairing) in job.export().media.iter().zip(job.pairings()) {
        let Some(truth) = case.truth.get(&medium.name) else { continue };
        let path = pairing.original.map(|id| job.library()[id].path.as_str());
        let linked = path.map(|path| shown(case, path)).transpose()?;
        let mut verdict = verdict(truth, linked, &told(pairing), mode);
        let is_unproved = matches!(pairing.reason, Reason::Unproved { .. });
        if verdict == Verdict::Wrong && medium.kind == MediaKind::Video && is_unproved {
            verdict = Verdict::Guessed;
        }
        count(&mut result.marks, verdict);
        if let (Verdict::Wrong, Some(path)) = (verdict, path) {
            result.wrong.push((medium.name.clone(), path.to_owned()));
        }
        if !matches!(verdict, Verdict::Right | Verdict::Kept) {
            let remark = remark(verdict, truth, path, pairing);
            result.remarks.push(format!("{remark} ({})", medium.name));
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

/// The words that the run has for the edits.
fn told(pairing: &Pairing) -> Words {
    pairing.edits.iter().map(Edit::name).collect()
}

fn shown(case: &Case<'_>, path: &str) -> Outcome<PictureId> {
    let place = case.library.binary_search_by(|file: &LibraryFile<'_>| (*file.made.path).cmp(path));
    let found = place.map(|at| case.library[at].picture);
    found.map_err(|_| format!("{path} is linked and not in the library"))
}

/// Strict keeps edited pictures; where nothing can be proved, keeping is right.
fn verdict(truth: &Truth, linked: Option<PictureId>, told: &[&'static str], mode: Mode) -> Verdict {
    let may_keep = truth.plain || (mode == Mode::Strict && !truth.edits.is_empty());
    let is_said = |word: &&&str| !truth.also.contains(*word);
    match (truth.picture, linked) {
        (Some(right), Some(linked)) if right == linked => {
            if told.iter().filter(is_said).eq(truth.edits.iter()) {
                Verdict::Right
            } else {
                Verdict::Misnamed
            }
        }
        (None, Some(linked)) if truth.instead.contains(&linked) => Verdict::Right,
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
        Verdict::Guessed => marks.guessed += 1,
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
        words(&told(pairing)),
        words(&truth.edits),
        number(score.residual),
        number(score.runner_up_ratio),
        explain(&pairing.reason, &score)
    )
}

fn words(edits: &[&str]) -> String {
    if edits.is_empty() { "none".into() } else { edits.join("+") }
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
    fn check(
        picture: Option<u32>,
        linked: Option<u32>,
        edits: [&[&'static str]; 2],
        want: [Verdict; 2],
    ) {
        let truth = Truth {
            edits: edits[0].to_vec(),
            ..Truth::of(picture.map(PictureId), &[], String::new())
        };
        for (mode, want) in [Mode::Strict, Mode::Balanced].into_iter().zip(want) {
            assert_eq!(verdict(&truth, linked.map(PictureId), edits[1], mode), want, "{mode:?}");
        }
    }

    #[test]
    fn a_wrong_link_is_told_from_a_missed_one() {
        use Verdict::{Kept, Misnamed, Missed, Right, Wrong};
        check(Some(1), Some(1), [&[], &[]], [Right; 2]);
        check(Some(1), Some(2), [&[], &[]], [Wrong; 2]);
        check(Some(1), None, [&[], &[]], [Missed; 2]);
        check(None, Some(2), [&[], &[]], [Wrong; 2]);
        check(None, None, [&[], &[]], [Kept; 2]);
        check(Some(1), None, [&["crop"], &[]], [Kept, Missed]);
        check(Some(1), Some(1), [&["crop"], &["crop"]], [Right; 2]);
        check(Some(1), Some(1), [&["crop"], &[]], [Misnamed; 2]);
        check(Some(1), Some(1), [&[], &["filter"]], [Misnamed; 2]);
        check(Some(1), Some(1), [&["crop", "filter"], &["crop"]], [Misnamed; 2]);
        check(Some(1), Some(2), [&["crop"], &["crop"]], [Wrong; 2]);
    }

    #[test]
    fn a_word_that_may_be_said_is_not_asked_for() {
        let mut truth = Truth::of(Some(PictureId(1)), &["cover"], String::new());
        let verdict = |truth: &Truth, told: &[&'static str]| {
            verdict(truth, Some(PictureId(1)), told, Mode::Balanced)
        };
        assert_eq!(verdict(&truth, &["cover", "drawing"]), Verdict::Misnamed);
        truth.also.push("drawing");
        assert_eq!(verdict(&truth, &["cover", "drawing"]), Verdict::Right);
        assert_eq!(verdict(&truth, &["cover"]), Verdict::Right);
        assert_eq!(verdict(&truth, &["drawing"]), Verdict::Misnamed);
    }
}
