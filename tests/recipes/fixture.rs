//! The few real files that everything else is made from.

use std::path::{Path, PathBuf};

use crate::{Outcome, saying};

/// The folder of the fixtures.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("fixtures")
}

/// The bytes of a fixture, by its path below `tests/fixtures`.
///
/// # Errors
/// There is no such fixture.
pub fn bytes(name: &str) -> Outcome<Vec<u8>> {
    saying(&format!("the fixture {name}"), std::fs::read(root().join(name)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn fixtures_stay_under_eight_megabytes() {
        fn size(folder: &std::path::Path) -> u64 {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
            entries
                .map(|entry| {
                    let meta = entry.metadata().unwrap();
                    if meta.is_dir() { size(&entry.path()) } else { meta.len() }
                })
                .sum()
        }
        assert!(size(&super::root()) < 8_000_000);
    }
}
