//! Packed files by their names: what is left when no chat was found.

use crate::error::{Problem, ZipFault};

/// Whether a name, in small letters, is that of a packed file or of a part of one.
pub(super) fn is_archive(name: &str) -> bool {
    const ENDS: [&str; 12] = [
        ".zip",
        ".zipx",
        ".7z",
        ".rar",
        ".tar",
        ".gz",
        ".tgz",
        ".bz2",
        ".xz",
        ".zst",
        ".crdownload",
        ".part",
    ];
    is_part(name) || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a name is that of a part of a split file: `.z01`, `.zip.001`, `.part1.rar`.
fn is_part(name: &str) -> bool {
    let Some((stem, end)) = name.rsplit_once('.') else { return false };
    let digits = |text: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbered = digits(end, 3..=3)
        || end.strip_prefix(['z', 'r']).is_some_and(|number| digits(number, 2..=2));
    let rar = end == "rar" && stem.rsplit_once(".part").is_some_and(|(_, at)| digits(at, 1..=3));
    numbered || rar
}

/// Why there is no chat in files of these names, all of which are packed.
pub(super) fn reason(names: &[String]) -> Problem {
    let fault = if names.iter().any(|name| is_part(name)) {
        ZipFault::Part
    } else if names.iter().any(|name| name.ends_with(".zip")) {
        ZipFault::NoChat
    } else {
        ZipFault::NoZip
    };
    Problem::BadZip(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_split_files_are_known_by_their_names() {
        for name in ["x.z01", "x.zip.001", "x.zip.012", "x.part1.rar", "x.r00"] {
            assert!(is_part(name) && is_archive(name), "{name}");
        }
        for name in ["x.zip", "x.jpg", "report.2024", "x.r2d2", "part1"] {
            assert!(!is_part(name), "{name}");
        }
        assert!(is_archive("x.7z") && !is_archive("x.docx"));
    }
}
