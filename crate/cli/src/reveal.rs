//! The pictures named with `--reveal`: their originals go into the bundle although
//! a part of them was hidden before they were sent.

use std::collections::BTreeSet;

use heirloom_core::collect::Export;
use heirloom_core::io::Files;
use heirloom_core::job::Job;
use heirloom_core::model::MediumId;
use heirloom_core::plan;

use crate::Outcome;
use crate::show::printable;

/// # Errors
/// A name that no file of the export has.
pub fn are_known(names: &[String], export: &Export) -> Outcome {
    let known: BTreeSet<&str> = export.media.iter().map(|medium| medium.name.as_str()).collect();
    match names.iter().find(|name| !known.contains(name.as_str())) {
        None => Ok(()),
        Some(name) => Err(format!(
            "--reveal {}: the export has no such file; the names are those in mapping.json",
            printable(name)
        )),
    }
}

/// The names of the exported files of which a part was hidden.
pub fn covered<'a, F: Files>(job: &'a Job<F>) -> BTreeSet<&'a str> {
    let is_covered = |id| job.pairing(id).is_some_and(|found| plan::is_behind_cover(&found));
    let media = (0..).map(MediumId).zip(&job.export().media);
    media.filter(|(id, _)| is_covered(*id)).map(|(_, medium)| medium.name.as_str()).collect()
}

/// A sentence for each name behind which no original is hidden.
pub fn idle(names: &[String], covered: &BTreeSet<&str>) -> Vec<String> {
    let idle = names.iter().filter(|name| !covered.contains(name.as_str()));
    idle.map(|name| format!("--reveal {}: no original is hidden behind it", printable(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use heirloom_core::collect::Medium;
    use heirloom_core::model::MediaKind;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_name_that_the_export_lacks_ends_the_run() {
        let mut export = Export::default();
        let name = "1.jpg".to_owned();
        let kind = MediaKind::Image;
        export.media.push(Medium { name, item: None, kind, sent: None, message: None });
        assert_eq!(are_known(&names(&["1.jpg"]), &export), Ok(()));
        let error = are_known(&names(&["1.jpg", "2\u{202e}.jpg"]), &export).unwrap_err();
        assert!(
            error.starts_with("--reveal 2\u{fffd}.jpg: the export has no such file"),
            "{error}"
        );
    }

    #[test]
    fn a_name_with_nothing_behind_it_is_said() {
        let covered = BTreeSet::from(["1.jpg"]);
        assert!(idle(&names(&["1.jpg"]), &covered).is_empty());
        let said = idle(&names(&["1.jpg", "2.jpg"]), &covered);
        assert_eq!(said, ["--reveal 2.jpg: no original is hidden behind it"]);
    }
}
