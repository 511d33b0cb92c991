//! A free name for a file whose name is taken.

use crate::relpath::RelPath;

/// Most bytes of a name on the file systems of today.
const MOST_NAME: usize = 255;

/// `a/b (2).jpg` of `a/b.jpg`, the name cut where it would be too long.
pub(super) fn numbered(path: &RelPath, number: u32) -> Option<RelPath> {
    let name = path.bytes().pop()?;
    let dot = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    let tail = [format!(" ({number})").as_bytes(), ending].concat();
    // An ending that leaves no room is no ending.
    let (stem, tail) = if tail.len() < MOST_NAME {
        (stem, tail)
    } else {
        (&name[..], format!(" ({number})").into_bytes())
    };
    let mut end = stem.len().min(MOST_NAME - tail.len());
    // No letter is cut in the middle.
    while end > 0 && end < stem.len() && stem[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    path.renamed(&[&stem[..end], &tail[..]].concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, want: &str) {
        let path = RelPath::parse(path).unwrap();
        assert_eq!(numbered(&path, 2).unwrap().as_str(), want);
    }

    #[test]
    fn a_number_comes_before_the_ending() {
        check("a/b.jpg", "a/b (2).jpg");
        check("b", "b (2)");
        check(".jpg", ".jpg (2)");
        check("a.b/c.jpg.xmp", "a.b/c.jpg (2).xmp");
        check("\\xff.jpg", "\\xff (2).jpg");
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        check(&format!("{}.jpg", "x".repeat(251)), &format!("{} (2).jpg", "x".repeat(247)));
        check(&format!("{}.jpg", "é".repeat(125)), &format!("{} (2).jpg", "é".repeat(123)));
        check(&format!("a.{}", "x".repeat(253)), &format!("a.{} (2)", "x".repeat(249)));
    }
}
