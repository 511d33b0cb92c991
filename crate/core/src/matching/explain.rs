//! Decisions in plain sentences, for people who never heard of a residual.

use crate::matching::Score;
use crate::model::Edit;

/// Why an original was linked.
pub(super) fn matched(name: &str, score: &Score) -> String {
    let mut text = format!("The picture equals {name} ({}", difference(score));
    if let Some(ratio) = score.runner_up_ratio {
        text += &format!("; the next best picture differs {} as much", times(ratio));
    }
    text += ")";
    if let Some(seconds) = score.time_difference_s {
        text += &format!("; {}", sent(seconds));
    }
    text + "."
}

/// Two originals fit too equally.
pub(super) fn two_fit(first: &str, second: &str, score: &Score) -> String {
    format!(
        "Two different originals fit almost equally well: {first} ({}) and {second} (only {} as much).",
        difference(score),
        times(score.runner_up_ratio.unwrap_or(1.0)),
    )
}

/// What came closest is not proved: another picture, or a copy coarser than
/// the mode allows. The number is shown finer than elsewhere, so that it never
/// looks equal to the limit that it exceeds.
pub(super) fn too_different(name: &str, score: &Score, limit: f64) -> String {
    let residual = score.residual.map_or("not measured".to_owned(), |residual| {
        format!("difference {residual:.2} of 255 grey levels")
    });
    format!(
        "The closest original, {name}, differs too much to be sure ({residual}; allowed are {limit:.2})."
    )
}

/// A changed picture is proved.
pub(super) fn changed(name: &str, edit: Edit, score: &Score) -> String {
    let what = match edit {
        Edit::None => "unchanged",
        Edit::Crop => "cropped",
        Edit::Drawing => "drawn or written on",
        Edit::Filter => "with other colours or brightness",
        Edit::Mirror => "mirrored",
    };
    let mut text =
        format!("The picture is {name}, {what} before it was sent ({}", difference(score));
    if let Some(ratio) = score.runner_up_ratio {
        text.push_str(&format!("; the next best picture differs {} as much", times(ratio)));
    }
    text.push(')');
    if let Some(difference) = score.time_difference_s {
        text.push_str(&format!("; {}", sent(difference)));
    }
    text.push('.');
    text
}

/// Something in it is at another place: the next shot.
pub(super) fn moved(name: &str) -> String {
    format!(
        "{name} is nearly the same picture, but something in it differs: perhaps another shot of the same moment."
    )
}

/// Its colours were changed.
pub(super) fn coloured(name: &str) -> String {
    format!("{name} shows the same with other colours; changed pictures stay as they were sent.")
}

/// Only its brightness or contrast was changed too much.
pub(super) fn shaded(name: &str) -> String {
    format!("{name} is close, but its brightness or contrast is too different to be sure.")
}

/// Nothing in the library looks like it.
pub(super) fn no_candidates(window: bool) -> &'static str {
    if window {
        "No original taken around the time it was sent looks like it."
    } else {
        "No original looks like it."
    }
}

/// The only match is no better.
pub(super) fn not_better(name: &str) -> String {
    format!("{name} shows the same picture but is no better than the exported file.")
}

/// Too plain to prove anything.
pub(super) const PLAIN: &str =
    "The picture is too plain (an almost even area), so several originals could look like it.";

/// The original belongs to another message.
pub(super) fn taken_by_other(name: &str, other: &str) -> String {
    format!(
        "{name} is close, but it is the original of {other}, which is another picture and fits it better."
    )
}

/// Files in the shortlist that could not be read.
pub(super) fn unread(name: &str) -> String {
    format!("{name} looks like it but could not be read.")
}

/// Why a video was linked that is not the only one as long.
pub(super) fn as_long(name: &str, score: &Score) -> String {
    let apart = score.duration_difference_s.unwrap_or_default().abs();
    let time = score.time_difference_s.map(|seconds| format!("; {}", sent(seconds)));
    format!("{name} is as long (difference {apart:.2} seconds){}.", time.unwrap_or_default())
}

/// At these parts of its length, in percent, a video shows the same.
pub(super) fn same_frames(percents: &[u32], score: &Score) -> String {
    format!("frames at {} % are the same pictures ({})", listed(percents), difference(score))
}

/// A video as long shows something else.
pub(super) fn other_frames(name: &str, score: &Score) -> String {
    format!("{name} is as long, but its frames show other pictures ({}).", difference(score))
}

/// All videos that are as long show something else.
pub(super) fn all_other_frames(count: usize) -> String {
    match count {
        1 => "An original video is as long, but its frames show other pictures.".to_owned(),
        _ => format!("{count} original videos are as long, but their frames show other pictures."),
    }
}

fn listed(numbers: &[u32]) -> String {
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
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
pub(super) fn sent(difference: i64) -> String {
    match difference {
        0 => "taken when it was sent".to_owned(),
        1.. => format!("taken {} before it was sent", span(difference.unsigned_abs())),
        _ => format!("its clock shows {} after it was sent", span(difference.unsigned_abs())),
    }
}

fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => ((seconds + 30) / 60, "minute"),
        7200..172_800 => ((seconds + 1800) / 3600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_reads_as_one_sentence() {
        let score = Score {
            residual: Some(0.71),
            runner_up_ratio: Some(9.07),
            time_difference_s: Some(312),
            ..Score::default()
        };
        assert_eq!(
            matched("IMG_0412.HEIC", &score),
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
        check(-200_000, "its clock shows 2 days after it was sent");
    }
}
