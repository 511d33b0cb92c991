//! Histograms of true pairs beside neighbours, as SVG that a page or a reader shows.

use std::fmt::Write;

use heirloom_core::matching::bench::LIMITS;
use heirloom_core::settings::Mode;

use super::measured::{Measured, Quantity};

const BINS: usize = 48;
const WIDE: f64 = 760.0;
const TALL: f64 = 250.0;
/// Room for words around the bars, in pixels: left, top, right, below.
const ROOM: [f64; 4] = [44.0, 50.0, 12.0, 40.0];

/// How a quantity is drawn.
struct Axis {
    title: &'static str,
    /// Names of the two sides.
    sides: [&'static str; 2],
    /// First and last value; what lies beyond counts to the last bar.
    range: (f64, f64),
    limit: f64,
    limit_name: &'static str,
}

fn axis(quantity: Quantity) -> Axis {
    let pairs = ["true pairs", "neighbours"];
    let [spotless, allowed, detailed, same] = LIMITS;
    let (title, sides, range, limit, limit_name) = match quantity {
        Quantity::Residual => {
            let limit = f64::from(Mode::Balanced.proof().residual);
            ("Residual in grey levels", pairs, (0.0, 12.0), limit, "balanced")
        }
        Quantity::WorstBlock => ("Worst block in grey levels", pairs, (0.0, 24.0), 4.2, "balanced"),
        Quantity::Spot => (
            "Mean of the worst cell, as a multiple of what encoders and resizers change",
            pairs,
            (0.0, 12.0),
            spotless,
            "beyond it the full size is asked",
        ),
        Quantity::Violation => (
            "What the worst block violates of its quantisation",
            pairs,
            (0.0, 24.0),
            allowed,
            "most that is allowed",
        ),
        Quantity::Beyond => (
            "Detail beyond an enlargement",
            ["photos", "enlarged copies"],
            (0.0, 2.0),
            detailed,
            "least of a photo",
        ),
        Quantity::Sound => {
            ("Correlation of the sounds", pairs, (-0.2, 1.0), same, "least of one sound")
        }
    };
    Axis { title, sides, range, limit, limit_name }
}

/// The histogram of a quantity; `None`: nothing of it was measured.
#[must_use]
pub fn svg(quantity: Quantity, measured: &[Measured]) -> Option<String> {
    let axis = axis(quantity);
    let side = |is_true: bool| {
        let own = measured.iter().filter(move |one| one.quantity == quantity);
        own.filter(move |one| one.is_true == is_true).map(|one| one.value).collect::<Vec<f64>>()
    };
    let sides = [side(true), side(false)];
    if sides.iter().all(Vec::is_empty) {
        return None;
    }
    let mut text = String::new();
    let _ = writeln!(
        text,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" font-family="sans-serif" font-size="12" role="img">"#
    );
    let _ = writeln!(text, r##"<rect width="{WIDE}" height="{TALL}" fill="#fff"/>"##);
    let _ = writeln!(text, r#"<text x="{}" y="18" font-size="14">{}</text>"#, ROOM[0], axis.title);
    for (number, values) in sides.iter().enumerate() {
        bars(&mut text, &axis, number, values);
    }
    scale(&mut text, &axis);
    text += "</svg>\n";
    Some(text)
}

const INKS: [&str; 2] = ["#1b7837", "#b2182b"];

fn bars(text: &mut String, axis: &Axis, number: usize, values: &[f64]) {
    let counts = counts(values, axis.range);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let (ink, floor) = (INKS[number], TALL - ROOM[3]);
    let wide = (WIDE - ROOM[0] - ROOM[2]) / BINS as f64;
    let _ = writeln!(text, r#"<g fill="{ink}" fill-opacity="0.55">"#);
    for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // The square root, so that a single pair is seen beside a thousand.
        let tall = (f64::from(*count) / f64::from(most)).sqrt() * (floor - ROOM[1]);
        let left = ROOM[0] + bin as f64 * wide;
        let top = floor - tall;
        let _ = writeln!(
            text,
            r#"<rect x="{left:.1}" y="{top:.1}" width="{:.1}" height="{tall:.1}"/>"#,
            wide - 0.6
        );
    }
    text.push_str("</g>\n");
    let [left, _, _, _] = ROOM;
    let place = left + 210.0 * number as f64;
    let name = axis.sides[number];
    let _ = writeln!(
        text,
        r#"<rect x="{place}" y="28" width="11" height="11" fill="{ink}" fill-opacity="0.55"/><text x="{}" y="38">{name}: {}</text>"#,
        place + 16.0,
        values.len()
    );
}

/// How many values fall into each bin; what lies outside counts to the first or last.
fn counts(values: &[f64], (from, to): (f64, f64)) -> [u32; BINS] {
    let mut counts = [0; BINS];
    for value in values {
        let share = (value - from) / (to - from);
        let bin = (share * BINS as f64).clamp(0.0, BINS as f64 - 1.0) as usize;
        counts[bin] += 1;
    }
    counts
}

fn scale(text: &mut String, axis: &Axis) {
    let floor = TALL - ROOM[3];
    let (from, to) = axis.range;
    let place = |value: f64| ROOM[0] + (value - from) / (to - from) * (WIDE - ROOM[0] - ROOM[2]);
    for step in 0..=6 {
        let value = from + (to - from) * f64::from(step) / 6.0;
        let more = if step == 6 && to > 1.0 { " and more" } else { "" };
        let end = if step == 6 { "end" } else { "middle" };
        let _ = writeln!(
            text,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="{end}">{value:.1}{more}</text>"#,
            place(value),
            floor + 16.0
        );
    }
    let line = place(axis.limit);
    let _ = writeln!(
        text,
        r##"<line x1="{line:.1}" y1="{}" x2="{line:.1}" y2="{floor}" stroke="#000" stroke-dasharray="4 3"/>"##,
        ROOM[1] - 4.0
    );
    let _ = writeln!(
        text,
        r#"<text x="{line:.1}" y="{:.1}" text-anchor="middle">{} {}</text>"#,
        floor + 32.0,
        axis.limit_name,
        axis.limit
    );
    let _ = writeln!(
        text,
        r##"<line x1="{}" y1="{floor}" x2="{}" y2="{floor}" stroke="#000"/>"##,
        ROOM[0],
        WIDE - ROOM[2]
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_counts_each_pair_once_and_shows_its_limit() {
        let one = |value, is_true| Measured { quantity: Quantity::Violation, is_true, value };
        let measured = [one(0.5, true), one(1.0, true), one(99.0, false)];
        let plot = svg(Quantity::Violation, &measured).unwrap();
        assert!(plot.contains("true pairs: 2") && plot.contains("neighbours: 1"), "{plot}");
        assert!(plot.contains("most that is allowed 5.5"));
        assert_eq!(counts(&[0.5, 1.0, 99.0, -3.0], (0.0, 24.0)).iter().sum::<u32>(), 4);
        assert_eq!(svg(Quantity::Sound, &measured), None);
    }
}
