//! A case made from all of a folder's photos: each sent once, plus pictures
//! that are not in the library; and what a `mapping.json` of it is worth.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Duration, NaiveDate};
use image::DynamicImage;
use serde_json::Value;

use crate::build::Built;
use crate::chat_text::{self, Line};
use crate::disk::Made;
use crate::whatsapp::{self, Platform, Resampler, Sending};
use crate::{Outcome, picture, saying};

/// Pictures in the chat that are not in the library.
pub const STRANGERS: usize = 15;

/// Right, wrong and missed links of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Linked to the file it came from, or to another that `equals` lists.
    pub right: u32,
    /// Linked to another picture.
    pub wrong: Vec<String>,
    /// Has an original, and kept the exported file: with the reason.
    pub missed: Vec<String>,
    /// Has no original, and kept the exported file.
    pub kept: u32,
}

/// Builds the case from `jpeg` and `heic` below `folder`. Photos that cannot
/// be decoded stay in the library and are not sent.
///
/// Strangers are mirrored middles of photos, turned upside down: real texture
/// that no original shows in that way.
///
/// # Errors
/// The folder cannot be read, or a picture cannot be encoded.
pub fn build(folder: &Path) -> Outcome<Built> {
    let mut built = Built::default();
    let mut sent: Vec<(Option<String>, DynamicImage)> = Vec::new();
    for path in photos(folder)? {
        let bytes = saying(&path.display().to_string(), std::fs::read(&path))?;
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if let Ok(pixels) = picture::decode(&bytes) {
            sent.push((Some(name.clone()), pixels));
        }
        built.originals.push(Made { path: name, bytes, modified: 1_735_689_600 });
    }
    let large: Vec<DynamicImage> = sent
        .iter()
        .filter(|(_, p)| p.width().min(p.height()) >= 900)
        .map(|(_, p)| p.clone())
        .collect();
    for stranger in large.iter().take(STRANGERS) {
        sent.push((None, picture::cut(stranger, [0.2, 0.2, 0.6, 0.6]).rotate180().fliph()));
    }
    let mut files = Vec::new();
    let start = NaiveDate::from_ymd_opt(2025, 3, 1).and_then(|day| day.and_hms_opt(12, 0, 0));
    let start = start.ok_or("no such day")?;
    for (n, (original, pixels)) in (0u32..).zip(sent) {
        let at = start + Duration::minutes(7 * i64::from(n));
        let name = chat_text::media_name(Platform::Ios, "PHOTO", "jpg", at, n + 1);
        let sending = Sending {
            long_edge: [1600, 1280, 1080][n as usize % 3],
            quality: [None, Some(75), Some(65)][n as usize % 3],
            resampler: [Resampler::Lanczos, Resampler::Cubic, Resampler::HalveThenLinear]
                [n as usize % 3],
            platform: if n % 3 == 2 { Platform::Android } else { Platform::Ios },
        };
        let bytes = whatsapp::send(&pixels, &sending)?;
        built.chat.push(Made { path: name.clone(), bytes, modified: at.and_utc().timestamp() });
        built.truth.insert(name.clone(), original);
        files.push((at, name));
    }
    let line = |(at, name): &(_, String)| (*at, name.clone());
    let named: Vec<_> = files.iter().map(line).collect();
    let lines: Vec<Line<'_>> = named
        .iter()
        .map(|(at, name)| Line {
            at: *at,
            from: "Nora",
            text: "",
            file: Some(name),
            chat: "Corpus",
        })
        .collect();
    let text = chat_text::text(Platform::Ios, &lines).into_bytes();
    built.chat.push(Made { path: "_chat.txt".into(), bytes: text, modified: 1_735_689_600 });
    Ok(built)
}

/// Compares a `mapping.json` with the truth. `also` members of a linked unit
/// count as right: they are the same picture by the program's own word, and a
/// person checks that list.
///
/// # Errors
/// The mapping is none.
pub fn score(truth: &BTreeMap<String, Option<String>>, mapping: &str) -> Outcome<Marks> {
    let value: Value = saying("mapping.json", serde_json::from_str(mapping))?;
    let mut marks = Marks::default();
    for entry in value["entries"].as_array().into_iter().flatten() {
        let name = entry["exported"].as_str().unwrap_or_default();
        let Some(right) = truth.get(name) else { continue };
        let linked = entry["original"].as_str();
        let also = entry["also"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut unit = linked.into_iter().chain(also);
        match (right.as_deref(), linked) {
            (Some(right), Some(_)) if unit.any(|path| path == right) => marks.right += 1,
            (_, Some(linked)) => marks.wrong.push(format!("{name} -> {linked}, not {right:?}")),
            (Some(right), None) => marks.missed.push(format!(
                "{right}: {} ({})",
                entry["decision"].as_str().unwrap_or("?"),
                entry["reason"].as_str().unwrap_or("?")
            )),
            (None, None) => marks.kept += 1,
        }
    }
    Ok(marks)
}

fn photos(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for part in ["jpeg", "heic"] {
        let listing = saying(part, std::fs::read_dir(folder.join(part)))?;
        found.extend(listing.filter_map(|entry| Some(entry.ok()?.path())));
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_link_is_told_from_a_missed_one() {
        let truth = [("a", Some("1")), ("b", Some("2")), ("c", None), ("d", Some("3"))]
            .map(|(name, original)| (name.to_owned(), original.map(str::to_owned)));
        let mapping = r#"{"entries":[
            {"exported":"a","original":"copy","also":["1"]},
            {"exported":"b","original":null,"decision":"ambiguous","reason":"r"},
            {"exported":"c","original":null},
            {"exported":"d","original":"1"}]}"#;
        let marks = score(&truth.into_iter().collect(), mapping).unwrap();
        assert_eq!((marks.right, marks.wrong.len(), marks.missed.len(), marks.kept), (1, 1, 1, 1));
    }
}
