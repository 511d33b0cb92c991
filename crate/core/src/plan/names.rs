//! Output names: safe on every system, without collisions.
//!
//! Names of a chat are untrusted: they may hold slashes, control characters,
//! marks that turn the reading direction (so that `gpj.exe` looks like a
//! picture), names that Windows reserves, or be very long. What is harmless
//! stays, emoji included, so that people recognise their files.

use std::collections::BTreeSet;

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

/// Most bytes of a safe name. With the 41 bytes of a SHA-1 in front and a
/// suffix behind it stays below the 255 that file systems allow.
pub const MAX_NAME: usize = 120;

/// Longest extension (without its dot) that a cut keeps.
const MAX_EXTENSION: usize = 16;

/// Folder of the exported files that stay.
pub const MEDIA: &str = "media";

/// Makes one name (no folders) safe on every system.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let cleaned: String = name.nfc().filter(|c| !is_invisible(*c)).map(replace).collect();
    let trimmed = cleaned.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let named = if trimmed.is_empty() { "file" } else { trimmed };
    let free = if is_reserved(named) { format!("_{named}") } else { named.to_owned() };
    cut(&free, MAX_NAME)
}

/// A safe name that no browser runs: pages, drawings and archives with scripts
/// in them get `.txt` behind their extension. The bundle's own pages allow no
/// foreign script, but a document opened from them is a page of its own.
#[must_use]
pub fn still_name(name: &str) -> String {
    let safe = safe_name(name);
    if is_active(&safe) { format!("{safe}.txt") } else { safe }
}

/// Whether a browser would run what is in a file of this name.
#[must_use]
pub fn is_active(name: &str) -> bool {
    const EXTENSIONS: [&str; 24] = [
        "htm",
        "html",
        "shtm",
        "shtml",
        "ehtml",
        "hta",
        "xht",
        "xhtm",
        "xhtml",
        "mht",
        "mhtml",
        "webarchive",
        "svg",
        "svgz",
        "xml",
        "xsl",
        "xslt",
        "xbl",
        "xul",
        "rdf",
        "rss",
        "atom",
        "mml",
        "swf",
    ];
    let extension = split_extension(name).1.to_ascii_lowercase();
    EXTENSIONS.contains(&extension.as_str())
}

/// Makes every part of a relative path safe; empty, `.` and `..` parts vanish.
#[must_use]
pub fn safe_path(path: &str) -> String {
    let parts: Vec<String> = path
        .split(['/', '\\'])
        .filter(|part| !matches!(part.trim(), "" | "." | ".."))
        .map(safe_name)
        .collect();
    if parts.is_empty() { "file".to_owned() } else { parts.join("/") }
}

/// Where an original goes: `<folder>/<sha1 of its relative path>_<name>`, with
/// `.txt` behind what a browser would run.
#[must_use]
pub fn original_path(folder: &str, relative: &str) -> String {
    let folder = safe_name(folder);
    format!("{folder}/{}_{}", sha1_hex(relative), still_name(base(relative)))
}

/// Where the JPEG view of an original goes.
#[must_use]
pub fn view_path(folder: &str, relative: &str) -> String {
    let folder = safe_name(folder);
    let name = safe_name(base(relative));
    let (stem, _) = split_extension(&name);
    format!("{folder}/{}_{stem}.view.jpg", sha1_hex(relative))
}

/// Paths given out so far. No two are equal on a system that ignores case or
/// compares composed and decomposed letters as the same.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes `path`, or the first free variation of it (`a-2.jpg`).
    pub fn take(&mut self, path: &str) -> String {
        let (folder, name) = match path.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), path),
        };
        let (stem, extension) = split_extension(name);
        let mut free = path.to_owned();
        let mut number = 2;
        while !self.taken.insert(key(&free)) {
            free = match extension {
                "" => format!("{folder}{stem}-{number}"),
                _ => format!("{folder}{stem}-{number}.{extension}"),
            };
            number += 1;
        }
        free
    }

    /// Whether `path` is still free.
    #[must_use]
    pub fn is_free(&self, path: &str) -> bool {
        !self.taken.contains(&key(path))
    }
}

/// The name without its extension, and the extension without its dot (empty
/// if there is none).
#[must_use]
pub fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn sha1_hex(text: &str) -> String {
    Sha1::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(path: &str) -> String {
    path.nfkc().collect::<String>().to_lowercase()
}

/// Controls, marks of the reading direction, and other characters without a
/// shape. The joiners U+200C and U+200D stay: words and emoji need them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}'
            | '\u{FFFF}' | '\u{E0001}')
}

fn replace(c: char) -> char {
    match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Windows gives these names to devices, whatever their extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") {
        return true;
    }
    let device = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    device.is_some_and(|rest| {
        let mut chars = rest.chars();
        matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    })
}

fn cut(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let (stem, extension) = split_extension(name);
    if extension.is_empty() || extension.len() > MAX_EXTENSION {
        return cut_text(name, limit).to_owned();
    }
    format!("{}.{extension}", cut_text(stem, limit - extension.len() - 1))
}

/// The longest beginning of at most `limit` bytes that does not end within a
/// character, on a joiner, a dot or a space.
fn cut_text(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end_matches(|c: char| c == '.' || c == '\u{200D}' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, want: &str) {
        assert_eq!(safe_name(name), want, "{name:?}");
    }

    #[test]
    fn keeps_what_people_recognise() {
        check("Urlaub 家族 👨‍👩‍👧.jpg", "Urlaub 家族 👨‍👩‍👧.jpg");
        check("u\u{308}ber.jpg", "über.jpg");
    }

    #[test]
    fn replaces_what_a_system_forbids() {
        check("a/b\\c:d*e?f\"g<h>i|j.jpg", "a_b_c_d_e_f_g_h_i_j.jpg");
        check("..", "file");
        check(" .hidden. ", "hidden");
        check("\0\u{7}\n", "file");
    }

    #[test]
    fn a_turned_name_shows_its_real_extension() {
        check("photo\u{202E}gpj.exe", "photogpj.exe");
    }

    #[test]
    fn device_names_of_windows_get_a_prefix() {
        check("CON", "_CON");
        check("nul.txt", "_nul.txt");
        check("com1.jpg", "_com1.jpg");
        check("LPT¹", "_LPT¹");
        check("console.txt", "console.txt");
        check("com10.txt", "com10.txt");
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
        let safe = safe_name(&format!("{}.jpeg", "é".repeat(400)));
        assert!(safe.len() <= MAX_NAME && safe.len() > MAX_NAME - 4);
        assert!(safe.ends_with("é.jpeg"));
        assert!(safe_name(&"x".repeat(1000)).len() <= MAX_NAME);
        assert!(safe_name(&format!("a.{}", "y".repeat(1000))).len() <= MAX_NAME);
    }

    #[test]
    fn what_a_browser_would_run_becomes_a_text() {
        for name in ["a.html", "A.SVG", "b.xhtml", "b.Mht", "a.jpg.htm", "x.xml", "a.html. "] {
            let still = still_name(name);
            assert!(
                is_active(name.trim_end_matches([' ', '.'])) && still.ends_with(".txt"),
                "{still}"
            );
            assert!(!is_active(&still), "{still}");
        }
        for name in ["a.jpg", "a.pdf", "html", "a.html.txt", "a.docx"] {
            assert_eq!(still_name(name), name);
        }
        // Its name stays within what file systems allow, too.
        assert!(original_path("o", &format!("{}.html", "x".repeat(300))).len() < 255);
        assert!(original_path("o", "a/page.html").ends_with("_page.html.txt"));
    }

    #[test]
    fn paths_cannot_leave_the_bundle() {
        assert_eq!(safe_path("../../etc//passwd"), "etc/passwd");
        assert_eq!(safe_path("css\\a:b.css"), "css/a_b.css");
        assert_eq!(safe_path("/"), "file");
    }

    #[test]
    fn names_do_not_collide_in_another_case() {
        let mut names = Names::default();
        assert_eq!(names.take("media/A.jpg"), "media/A.jpg");
        assert_eq!(names.take("media/a.JPG"), "media/a-2.JPG");
        assert_eq!(names.take("media/a.jpg"), "media/a-3.jpg");
        assert_eq!(names.take("media/u\u{308}"), "media/u\u{308}");
        assert_eq!(names.take("media/ü"), "media/ü-2");
    }

    #[test]
    fn originals_carry_the_sha1_of_their_path() {
        assert_eq!(
            original_path("original_media", "DCIM/IMG_0412.HEIC"),
            format!("original_media/{}_IMG_0412.HEIC", sha1_hex("DCIM/IMG_0412.HEIC"))
        );
        assert_eq!(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(view_path("photos", "a/b.HEIC").ends_with("_b.view.jpg"));
    }
}
