//! A case from all photos of a folder, and its marks.
//!
//! `corpus-case CORPUS_DIR OUT_DIR` writes `OUT_DIR/chat`, `OUT_DIR/originals`
//! and `OUT_DIR/truth.json`; `corpus-case score OUT_DIR MAPPING…` prints right,
//! wrong and missed of each `mapping.json` as a table.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use heirloom_media::{Outcome, corpus, disk, saying};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["score", out, mappings @ ..] if !mappings.is_empty() => score(Path::new(out), mappings),
        [corpus, out] => make(Path::new(corpus), Path::new(out)),
        _ => {
            Err("usage: corpus-case CORPUS_DIR OUT_DIR | corpus-case score OUT_DIR MAPPING…".into())
        }
    };
    if let Err(sentence) = done {
        eprintln!("corpus-case: {sentence}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn make(corpus: &Path, out: &Path) -> Outcome {
    let built = corpus::build(corpus)?;
    disk::write(&out.join("chat"), &built.chat)?;
    disk::write(&out.join("originals"), &built.originals)?;
    let truth = saying("truth.json", serde_json::to_string_pretty(&built.truth))?;
    saying("truth.json", std::fs::write(out.join("truth.json"), truth + "\n"))?;
    println!("{} sent, {} originals", built.truth.len(), built.originals.len());
    Ok(())
}

fn score(out: &Path, mappings: &[&str]) -> Outcome {
    let text = saying("truth.json", std::fs::read_to_string(out.join("truth.json")))?;
    let truth: BTreeMap<String, Option<String>> =
        saying("truth.json", serde_json::from_str(&text))?;
    println!("| mapping | right | wrong | missed | rightly kept |\n|---|---|---|---|---|");
    let mut remarks = String::new();
    for path in mappings {
        let mapping = saying(path, std::fs::read_to_string(path))?;
        let marks = corpus::score(&truth, &mapping)?;
        let (wrong, missed) = (marks.wrong.len(), marks.missed.len());
        println!("| {path} | {} | {wrong} | {missed} | {} |", marks.right, marks.kept);
        for (word, list) in [("wrong", marks.wrong), ("missed", marks.missed)] {
            for remark in list {
                remarks += &format!("{path}: {word}: {remark}\n");
            }
        }
    }
    println!("\n{remarks}");
    Ok(())
}
