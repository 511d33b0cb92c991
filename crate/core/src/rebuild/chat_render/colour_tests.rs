//! The colours of the style can be read: WCAG 2.2, level AA, computed from the
//! style itself for both themes.

use std::collections::BTreeMap;

use crate::page::frame::STYLE;

/// Least contrast of text (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Least contrast of what is no text but must be seen (1.4.11).
const GRAPHIC: f64 = 3.0;

type Rgb = [f64; 3];
type Palette = BTreeMap<String, (Rgb, f64)>;

/// The variables of both themes, light and dark; a dark theme inherits what it
/// does not name.
fn themes() -> [Palette; 2] {
    let mut blocks = STYLE.split(":root {").skip(1).map(|block| {
        let block = block.split('}').next().unwrap();
        let pairs = block.split(';').filter_map(|line| line.trim().split_once(": "));
        let colours = pairs.filter_map(|(name, value)| Some((name.to_owned(), colour(value)?)));
        colours.collect::<Palette>()
    });
    let (light, mut dark) = (blocks.next().unwrap(), blocks.next().unwrap());
    for (name, value) in &light {
        dark.entry(name.clone()).or_insert(*value);
    }
    [light, dark]
}

/// `#rrggbb` or `#rrggbbaa`.
fn colour(text: &str) -> Option<(Rgb, f64)> {
    let digits = text.strip_prefix('#').filter(|digits| matches!(digits.len(), 6 | 8))?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(f64::from);
    Some(([part(0)?, part(2)?, part(4)?], part(6).map_or(1.0, |alpha| alpha / 255.0)))
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

/// Contrast of `name` on the stack of colours below it, lowest first.
fn contrast(palette: &Palette, name: &str, below: &[&str]) -> f64 {
    let over = |back: Rgb, name: &str| {
        let (front, alpha) = palette[&format!("--{name}")];
        [0, 1, 2].map(|i| front[i] * alpha + back[i] * (1.0 - alpha))
    };
    let back = below.iter().fold([0.0; 3], |back, name| over(back, name));
    let (text, back) = (luminance(over(back, name)), luminance(back));
    (text.max(back) + 0.05) / (text.min(back) + 0.05)
}

#[track_caller]
fn check(name: &str, below: &[&str], least: f64) {
    for (theme, palette) in ["light", "dark"].iter().zip(themes()) {
        let found = contrast(&palette, name, below);
        assert!(found >= least, "{name} on {below:?}, {theme}: {found:.2} is below {least}");
    }
}

#[test]
fn names_of_senders_can_be_read_wherever_they_stand() {
    for number in 0..12 {
        for below in [&["paper"][..], &["mine"], &["page"]] {
            check(&format!("c{number}"), below, TEXT);
        }
    }
}

#[test]
fn words_can_be_read_on_every_ground() {
    for ground in ["page", "paper", "mine"] {
        for name in ["ink", "soft", "link"] {
            check(name, &[ground], TEXT);
            check(name, &[ground, "note"], TEXT);
        }
        check("soft", &[ground, "pill"], TEXT);
        check("accent", &[ground, "note"], GRAPHIC);
    }
    for level in 1..=5 {
        check(&format!("t{level}"), &[&format!("q{level}")], TEXT);
    }
    check("accent", &["paper"], GRAPHIC);
}

#[test]
fn a_wrong_colour_would_be_seen() {
    let [light, _] = themes();
    assert!(contrast(&light, "paper", &["page"]) < 1.5);
    assert!((contrast(&light, "ink", &["paper"]) - 17.6).abs() < 0.5);
}
