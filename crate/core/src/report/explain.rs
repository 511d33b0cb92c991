//! Reasons as plain English sentences, for people who do not know what a residual
//! is.

use crate::matching::{Reason, Score, Unmatchable};
use crate::model::{Edit, Edits};

/// Why an original that was found is not in the bundle.
pub(super) const HIDDEN: &str =
    "A part of it was hidden before it was sent, so the original stays out of the bundle.";

/// The reason as one sentence; the score gives the numbers in it.
#[must_use]
pub fn explain(reason: &Reason, score: &Score) -> String {
    match reason {
        Reason::Open => String::new(),
        Reason::Equal { original } => matched(original, score),
        Reason::Changed { original, edits } => changed(original, *edits, score),
        Reason::TwoFit { first, second } => two_fit(first, second, score),
        Reason::TooDifferent { closest, limit } => too_different(closest, score, *limit),
        Reason::Moved { closest } => format!(
            "{closest} is nearly the same picture, but something in it differs: perhaps another shot of the same moment."
        ),
        Reason::Coloured { closest } => format!(
            "{closest} shows the same with other colours; changed pictures stay as they were sent."
        ),
        Reason::Shaded { closest } => format!(
            "{closest} is close, but its brightness or contrast is too different to be sure."
        ),
        Reason::Plain => "The picture is too plain (an almost even area), so several originals could look like it.".to_owned(),
        Reason::OnlyPlain { original } => format!(
            "{original} is the only original around its message that fits; the picture is too plain (an almost even area) to prove it."
        ),
        Reason::NoneAlike => "No original looks like it.".to_owned(),
        Reason::NoneAlikeThen => {
            "No original taken around the time it was sent looks like it.".to_owned()
        }
        Reason::NotBetter { original } => {
            format!("{original} shows the same picture but is no better than the exported file.")
        }
        Reason::Unread { original } => {
            format!("{original} looks like it but could not be read.")
        }
        Reason::TakenByOther { original, other } => format!(
            "{original} is close, but it is the original of {other}, which is another picture and fits it better."
        ),
        Reason::Unusable { problem } => format!("The exported picture is not usable: {problem}."),
        Reason::Unreadable => "The exported file cannot be read.".to_owned(),
        Reason::Missing => {
            "The chat names this file, but the export does not contain it.".to_owned()
        }
        Reason::NotMatchable(what) => {
            format!("{} have no original to look for.", unmatchable(*what))
        }
        Reason::Chosen => "You chose this original.".to_owned(),
        Reason::Accepted => "You accepted this original.".to_owned(),
        Reason::Kept => "You kept the exported file.".to_owned(),
        Reason::OriginalUnusable { problem } => {
            format!("Its original was found but not used: {problem}.")
        }
        Reason::NoDocument => "No original has the same content as this document.".to_owned(),
        Reason::SameDocument { original } => {
            format!("The document and {original} are the same file, byte for byte.")
        }
        _ => video(reason, score),
    }
}

/// The reasons that only videos have.
fn video(reason: &Reason, score: &Score) -> String {
    let seconds = |ms: u64| ms as f64 / 1000.0;
    let time = score.time_difference_s.map(|seconds| format!("; {}", sent(seconds)));
    let time = time.unwrap_or_default();
    match reason {
        Reason::NoVideoAsLong => "No original video is as long as this one.".to_owned(),
        Reason::LengthAlone { original } => {
            format!("{original} is as long, but that alone does not prove that it is the original.")
        }
        Reason::VideoNotBetter { original } => {
            format!("{original} is as long, but no better than the exported file.")
        }
        Reason::TwoVideos { first, second } => {
            format!("Two videos are as long: {first} and {second}.")
        }
        Reason::OnlyAsLong { original, apart_ms } => format!(
            "{original} is the only video that is as long (difference {:.2} seconds){time}.",
            seconds(*apart_ms)
        ),
        Reason::Trimmed { original, longer_ms } => format!(
            "{original} was taken in the same minutes and is {:.1} seconds longer{time}.",
            seconds(*longer_ms)
        ),
        Reason::AsLong { original } => {
            let apart = score.duration_difference_s.unwrap_or_default().abs();
            format!("{original} is as long (difference {apart:.2} seconds){time}.")
        }
        Reason::SameFrames { before, percents } => format!(
            "{}; frames at {} % are the same pictures ({}).",
            explain(before, score).trim_end_matches('.'),
            listed(percents.iter().map(u32::to_string)),
            difference(score)
        ),
        Reason::OtherFrames { original } => format!(
            "{original} is as long, but its frames show other pictures ({}).",
            difference(score)
        ),
        Reason::AllOtherFrames { videos: 1 } => {
            "An original video is as long, but its frames show other pictures.".to_owned()
        }
        Reason::AllOtherFrames { videos } => {
            format!("{videos} original videos are as long, but their frames show other pictures.")
        }
        _ => sound(reason, score, &time),
    }
}

/// What sound says of a video.
fn sound(reason: &Reason, score: &Score, time: &str) -> String {
    let seconds = |ms: u64| ms as f64 / 1000.0;
    match reason {
        Reason::Unproved { before } => format!(
            "{}; neither sound nor pictures prove it.",
            explain(before, score).trim_end_matches('.')
        ),
        Reason::OneIsSilent { original } => {
            format!("{original} is as long, but only one of the two has sound.")
        }
        Reason::SameSound { original } => format!("{original} has the same sound{time}."),
        Reason::SameSoundCut { original, start_ms, end_ms } => format!(
            "The video is {original}, cut before it was sent ({:.1} seconds at its start, {:.1} at its end): the sound is the same{time}.",
            seconds(*start_ms),
            seconds(*end_ms)
        ),
        Reason::OtherSound { original } => {
            format!("{original} is as long, but its sound is another.")
        }
        Reason::TwoSameSound { first, second } => {
            format!("Two videos have the same sound: {first} and {second}.")
        }
        _ => String::new(),
    }
}

fn unmatchable(what: Unmatchable) -> &'static str {
    match what {
        Unmatchable::Sticker => "Stickers",
        Unmatchable::Gif => "GIFs",
        Unmatchable::Voice => "Voice notes",
        Unmatchable::Audio => "Sound files",
        Unmatchable::Contact => "Contacts",
    }
}

fn matched(name: &str, score: &Score) -> String {
    let mut text = format!("The picture equals {name} ({}", difference(score));
    add_rest(&mut text, score);
    text
}

fn changed(name: &str, edits: Edits, score: &Score) -> String {
    let what = changes(edits);
    let mut text =
        format!("The picture is {name}, {what} before it was sent ({}", difference(score));
    add_rest(&mut text, score);
    text
}

/// What was done to a picture, in words that go on with "before it was sent".
pub(super) fn changes(edits: Edits) -> String {
    let word = |edit| match edit {
        Edit::Cover => "partly hidden",
        Edit::Drawing => "drawn or written on",
        Edit::Crop => "cropped",
        Edit::Turn => "turned",
        Edit::Mirror => "mirrored",
        Edit::Filter => "given other colours or brightness",
        Edit::Trim => "cut",
    };
    if edits.is_empty() { "unchanged".to_owned() } else { listed(edits.iter().map(word)) }
}

/// The next best picture, and when it was taken.
fn add_rest(text: &mut String, score: &Score) {
    if let Some(ratio) = score.runner_up_ratio {
        text.push_str(&format!("; the next best picture differs {} as much", times(ratio)));
    }
    text.push(')');
    if let Some(seconds) = score.time_difference_s {
        text.push_str(&format!("; {}", sent(seconds)));
    }
    text.push('.');
}

fn two_fit(first: &str, second: &str, score: &Score) -> String {
    format!(
        "Two different originals fit almost equally well: {first} ({}) and {second} (only {} as much).",
        difference(score),
        times(score.runner_up_ratio.unwrap_or(1.0)),
    )
}

/// The number has two digits here and one elsewhere, so that it never looks equal
/// to the limit that it exceeds.
fn too_different(name: &str, score: &Score, limit: f64) -> String {
    let residual = score.residual.map_or("not measured".to_owned(), |residual| {
        format!("difference {residual:.2} of 255 grey levels")
    });
    format!(
        "The closest original, {name}, differs too much to be sure ({residual}; allowed are {limit:.2})."
    )
}

fn listed(words: impl Iterator<Item = impl Into<String>>) -> String {
    let words: Vec<String> = words.map(Into::into).collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => words.concat(),
    }
}

fn difference(score: &Score) -> String {
    match score.residual {
        Some(residual) => format!("difference {residual:.1} of 255 grey levels"),
        None => "not measured".to_owned(),
    }
}

fn times(ratio: f32) -> String {
    if ratio >= 9.5 { format!("{ratio:.0} times") } else { format!("{ratio:.1} times") }
}

/// How long before it was sent the original was taken.
fn sent(difference: i64) -> String {
    match difference {
        0 => "taken when it was sent".to_owned(),
        1.. => format!("taken {} before it was sent", span(difference.unsigned_abs())),
        _ => format!(
            "the original's clock shows {} after it was sent",
            span(difference.unsigned_abs())
        ),
    }
}

/// Seconds of a year (Gregorian, on average), and from where on years are counted.
const YEAR: u64 = 31_556_952;
const YEARS: u64 = 2 * YEAR;

fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => ((seconds + 30) / 60, "minute"),
        7200..172_800 => ((seconds + 1800) / 3600, "hour"),
        172_800..YEARS => ((seconds + 43_200) / 86_400, "day"),
        _ => ((seconds + YEAR / 2) / YEAR, "year"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem;

    /// One of each reason, and of each way to say it. The page has the same list
    /// (`www/src/text/en/reasons.test.ts`) and is held to the same sentences.
    #[allow(clippy::too_many_lines)] // A table.
    fn samples() -> Vec<(Reason, Score)> {
        vec![
            (Reason::Open, Score::default()),
            (
                Reason::Equal { original: "IMG_0412.HEIC".into() },
                Score {
                    residual: Some(0.71),
                    runner_up_ratio: Some(9.07),
                    time_difference_s: Some(312),
                    ..Score::default()
                },
            ),
            (
                Reason::Equal { original: "a.jpg".into() },
                Score { residual: Some(0.25), runner_up_ratio: Some(9.5), ..Score::default() },
            ),
            (
                Reason::Equal { original: "a.jpg".into() },
                Score {
                    residual: Some(0.75),
                    runner_up_ratio: Some(10.5),
                    time_difference_s: Some(0),
                    ..Score::default()
                },
            ),
            (Reason::Equal { original: "a.jpg".into() }, Score::default()),
            (
                Reason::Changed { original: "a.jpg".into(), edits: Edit::Crop.into() },
                Score { residual: Some(1.5), time_difference_s: Some(1), ..Score::default() },
            ),
            (
                Reason::Changed { original: "a.jpg".into(), edits: Edit::Drawing.into() },
                Score { residual: Some(1.5), time_difference_s: Some(119), ..Score::default() },
            ),
            (
                Reason::Changed { original: "a.jpg".into(), edits: Edit::Filter.into() },
                Score { residual: Some(1.5), time_difference_s: Some(120), ..Score::default() },
            ),
            (
                Reason::Changed { original: "a.jpg".into(), edits: Edit::Mirror.into() },
                Score { residual: Some(1.5), time_difference_s: Some(7199), ..Score::default() },
            ),
            (
                Reason::Changed {
                    original: "a.jpg".into(),
                    edits: Edit::ALL.into_iter().collect(),
                },
                Score { residual: Some(1.5), ..Score::default() },
            ),
            (
                Reason::Changed {
                    original: "a.jpg".into(),
                    edits: [Edit::Mirror, Edit::Cover].into_iter().collect(),
                },
                Score { residual: Some(1.5), ..Score::default() },
            ),
            (
                Reason::Changed { original: "a.jpg".into(), edits: Edits::EMPTY },
                Score { residual: Some(1.5), time_difference_s: Some(7200), ..Score::default() },
            ),
            (
                Reason::TwoFit { first: "a.jpg".into(), second: "b.jpg".into() },
                Score { residual: Some(2.0), runner_up_ratio: Some(1.04), ..Score::default() },
            ),
            (Reason::TwoFit { first: "a.jpg".into(), second: "b.jpg".into() }, Score::default()),
            (
                Reason::TooDifferent { closest: "a.jpg".into(), limit: 2.125 },
                Score { residual: Some(2.375), ..Score::default() },
            ),
            (Reason::TooDifferent { closest: "a.jpg".into(), limit: 2.8 }, Score::default()),
            (Reason::Moved { closest: "a.jpg".into() }, Score::default()),
            (Reason::Coloured { closest: "a.jpg".into() }, Score::default()),
            (Reason::Shaded { closest: "a.jpg".into() }, Score::default()),
            (Reason::Plain, Score::default()),
            (Reason::OnlyPlain { original: "a.jpg".into() }, Score::default()),
            (Reason::NoneAlike, Score::default()),
            (Reason::NoneAlikeThen, Score::default()),
            (Reason::NotBetter { original: "a.jpg".into() }, Score::default()),
            (Reason::Unread { original: "a.jpg".into() }, Score::default()),
            (
                Reason::TakenByOther { original: "a.jpg".into(), other: "b.jpg".into() },
                Score::default(),
            ),
            (Reason::Unusable { problem: Problem::Truncated }, Score::default()),
            (Reason::Unreadable, Score::default()),
            (Reason::Missing, Score::default()),
            (Reason::NotMatchable(Unmatchable::Sticker), Score::default()),
            (Reason::NotMatchable(Unmatchable::Gif), Score::default()),
            (Reason::NotMatchable(Unmatchable::Voice), Score::default()),
            (Reason::NotMatchable(Unmatchable::Audio), Score::default()),
            (Reason::NotMatchable(Unmatchable::Contact), Score::default()),
            (Reason::NoDocument, Score::default()),
            (Reason::SameDocument { original: "a.pdf".into() }, Score::default()),
            (Reason::NoVideoAsLong, Score::default()),
            (Reason::LengthAlone { original: "a.mov".into() }, Score::default()),
            (Reason::VideoNotBetter { original: "a.mov".into() }, Score::default()),
            (Reason::TwoVideos { first: "a.mov".into(), second: "b.mov".into() }, Score::default()),
            (
                Reason::OnlyAsLong { original: "a.mov".into(), apart_ms: 125 },
                Score { time_difference_s: Some(172799), ..Score::default() },
            ),
            (Reason::OnlyAsLong { original: "a.mov".into(), apart_ms: 40 }, Score::default()),
            (
                Reason::Trimmed { original: "a.mov".into(), longer_ms: 12250 },
                Score { time_difference_s: Some(-200000), ..Score::default() },
            ),
            (
                Reason::Trimmed { original: "a.mov".into(), longer_ms: 950 },
                Score { time_difference_s: Some(-129600), ..Score::default() },
            ),
            (
                Reason::AsLong { original: "a.mov".into() },
                Score {
                    duration_difference_s: Some(-0.375),
                    time_difference_s: Some(-90000),
                    ..Score::default()
                },
            ),
            (Reason::AsLong { original: "a.mov".into() }, Score::default()),
            (
                Reason::SameFrames {
                    before: Box::new(Reason::AsLong { original: "a.mov".into() }),
                    percents: vec![10, 50, 90],
                },
                Score {
                    residual: Some(3.25),
                    duration_difference_s: Some(0.5),
                    time_difference_s: Some(86400),
                    ..Score::default()
                },
            ),
            (
                Reason::SameFrames {
                    before: Box::new(Reason::LengthAlone { original: "a.mov".into() }),
                    percents: vec![50],
                },
                Score { residual: Some(3.35), ..Score::default() },
            ),
            (
                Reason::SameFrames {
                    before: Box::new(Reason::LengthAlone { original: "a.mov".into() }),
                    percents: vec![10, 90],
                },
                Score::default(),
            ),
            (
                Reason::OtherFrames { original: "a.mov".into() },
                Score { residual: Some(40.0), ..Score::default() },
            ),
            (Reason::AllOtherFrames { videos: 1 }, Score::default()),
            (Reason::AllOtherFrames { videos: 2 }, Score::default()),
            (
                Reason::Unproved {
                    before: Box::new(Reason::OnlyAsLong { original: "a.mov".into(), apart_ms: 40 }),
                },
                Score::default(),
            ),
            (Reason::OneIsSilent { original: "a.mov".into() }, Score::default()),
            (
                Reason::SameSound { original: "a.mov".into() },
                Score { time_difference_s: Some(300), ..Score::default() },
            ),
            (
                Reason::SameSoundCut { original: "a.mov".into(), start_ms: 2360, end_ms: 0 },
                Score { time_difference_s: Some(300), ..Score::default() },
            ),
            (Reason::OtherSound { original: "a.mov".into() }, Score::default()),
            (
                Reason::TwoSameSound { first: "a.mov".into(), second: "b.mov".into() },
                Score::default(),
            ),
            (Reason::Chosen, Score::default()),
            (Reason::Accepted, Score::default()),
            (Reason::Kept, Score::default()),
            (Reason::OriginalUnusable { problem: Problem::Truncated }, Score::default()),
        ]
    }

    #[test]
    fn the_page_and_the_report_say_the_same_sentences() {
        let said: Vec<String> = samples().iter().map(|(why, score)| explain(why, score)).collect();
        let want: Vec<&str> = include_str!("sentences/reasons.txt").lines().collect();
        assert_eq!(said, want);
    }

    #[test]
    fn a_match_reads_as_one_sentence() {
        let score = Score {
            residual: Some(0.71),
            runner_up_ratio: Some(9.07),
            time_difference_s: Some(312),
            ..Score::default()
        };
        assert_eq!(
            explain(&Reason::Equal { original: "IMG_0412.HEIC".into() }, &score),
            "The picture equals IMG_0412.HEIC (difference 0.7 of 255 grey levels; the next best \
             picture differs 9.1 times as much); taken 5 minutes before it was sent."
        );
    }

    #[test]
    fn spans_are_rounded_to_what_people_say() {
        let check = |seconds, want: &str| assert_eq!(sent(seconds), want);
        check(0, "taken when it was sent");
        check(1, "taken 1 second before it was sent");
        check(7300, "taken 2 hours before it was sent");
        check(700 * 86_400, "taken 700 days before it was sent");
        check(1621 * 86_400, "taken 4 years before it was sent");
        check(-200_000, "the original's clock shows 2 days after it was sent");
    }
}
