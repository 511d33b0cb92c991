//! Output names: safe on every system, without collisions.
//!
//! Names of a chat are untrusted. They may hold slashes, control characters, marks
//! that turn the reading direction (so that `gpj.exe` looks like a picture), names
//! that Windows reserves, or be very long. What is harmless stays, emoji included,
//! so that people recognise their files.

use std::collections::{BTreeSet, HashMap};

use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

/// Most bytes of a safe name; a longer one is cut before its extension. With the 41
/// bytes of a SHA-1 in front and a suffix behind it stays below the 255 that file
/// systems allow.
pub const MAX_NAME: usize = 120;

/// Most bytes of a name that an exported file keeps; a longer one is cut. File
/// systems allow 255, and two names that differ only in case need a number.
const MAX_OWN: usize = 250;

/// Longest extension in bytes, without its dot, that a cut keeps. Chosen, not
/// measured.
const MAX_EXTENSION: usize = 16;

/// The page that a person opens.
pub const INDEX: &str = "index.html";

/// Folder of the exported files that stay.
pub const MEDIA: &str = "media";

/// The list of the bundle's files. It alone keeps its name beside a file of the
/// export that has the same one: a later run must find it.
pub const LIST: &str = "heirloom-files.json";

/// Makes one name (no folders) safe on every system.
#[must_use]
pub fn safe_name(name: &str) -> String {
    safe_within(name, MAX_NAME)
}

/// A path of the export as it stays in the bundle. Only what some system cannot
/// store changes, because a script of a given page may name it.
#[must_use]
pub fn own_path(path: &str) -> String {
    let same = |part: &str, safe: &str| part.nfc().eq(safe.chars());
    let parts = path.split(['/', '\\']).filter(|part| !matches!(part.trim(), "" | "." | ".."));
    let own = parts.map(|part| {
        let safe = safe_within(part, MAX_OWN);
        if same(part, &safe) { part.to_owned() } else { safe }
    });
    let own: Vec<String> = own.collect();
    if own.is_empty() { "file".to_owned() } else { own.join("/") }
}

fn safe_within(name: &str, most: usize) -> String {
    let cleaned: String = name.nfc().filter(|c| !is_invisible(*c)).map(replace).collect();
    let trimmed = cleaned.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let named = if trimmed.is_empty() { "file" } else { trimmed };
    let free = if is_reserved(named) { format!("_{named}") } else { named.to_owned() };
    cut(&free, most)
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
/// compares composed and decomposed letters as equal, and none is a folder of
/// another.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    folders: BTreeSet<String>,
    /// By the key of a path that was asked for: the first number whose variation may
    /// still be free. Thousands of equal names would else be tried thousands of times.
    next: HashMap<String, u32>,
}

impl Names {
    /// Takes `path`, or the first free variation of it (`a-2.jpg`).
    pub fn take(&mut self, path: &str) -> String {
        let (free, wanted, number) = self.first_free(path);
        self.next.insert(wanted, number + 1);
        self.taken.insert(key(&free));
        let folders = free.match_indices('/').map(|(at, _)| key(&free[..at]));
        self.folders.extend(folders);
        free
    }

    /// `path`, or the first free variation of it, without taking it.
    #[must_use]
    pub fn free(&self, path: &str) -> String {
        self.first_free(path).0
    }

    /// The same; the key of the path as its last part was asked for, and the number of
    /// the variation: 1 is the name itself.
    fn first_free(&self, path: &str) -> (String, String, u32) {
        let mut parts = path.split('/').peekable();
        let mut whole = String::new();
        let (mut wanted, mut number) = (String::new(), 1);
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let free = |(_, name): &(u32, String)| {
                let key = key(&format!("{whole}{name}"));
                !(self.taken.contains(&key) || last && self.folders.contains(&key))
            };
            wanted = key(&format!("{whole}{part}"));
            let from = if last { self.next.get(&wanted).copied().unwrap_or(1) } else { 1 };
            let name;
            (number, name) = variations(part, from).find(free).unwrap_or((1, part.to_owned()));
            whole.push_str(&name);
            whole.push_str(if last { "" } else { "/" });
        }
        (whole, wanted, number)
    }

    /// Keeps a name for a folder: no file may take it.
    pub fn reserve_folder(&mut self, name: &str) {
        self.folders.insert(key(name));
    }

    /// Whether `path` is still free.
    #[must_use]
    pub fn is_free(&self, path: &str) -> bool {
        let key = key(path);
        !self.taken.contains(&key) && !self.folders.contains(&key)
    }

    /// The paths given out, as they are compared.
    pub fn taken(&self) -> impl Iterator<Item = &str> {
        self.taken.iter().map(String::as_str)
    }
}

/// The name itself, `a-2.jpg`, `a-3.jpg` …, with their numbers, from one on.
fn variations(name: &str, from: u32) -> impl Iterator<Item = (u32, String)> {
    let (stem, extension) = split_extension(name);
    let dot = if extension.is_empty() { "" } else { "." };
    (from..).map(move |number| match number {
        1 => (number, name.to_owned()),
        _ => (number, format!("{stem}-{number}{dot}{extension}")),
    })
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

/// The part that two paths share if some system takes them for one: case ignored,
/// composed and decomposed letters equal.
#[must_use]
pub fn key(path: &str) -> String {
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
        assert_eq!(own_path("../../etc//passwd"), "etc/passwd");
        assert_eq!(own_path("css\\a:b.css"), "css/a_b.css");
        assert_eq!(own_path("/"), "file");
    }

    #[test]
    fn a_path_of_the_export_stays_by_the_letter() {
        let long = format!("x/{}.pdf", "م".repeat(120));
        for path in ["Mu\u{308}ller/a b.jpg", "Müller/👪.jpg", &long] {
            assert_eq!(own_path(path), path);
        }
        assert_eq!(own_path("x/nul.jpg"), "x/_nul.jpg");
    }

    #[test]
    fn no_file_is_a_folder_of_another() {
        let mut names = Names::default();
        names.reserve_folder("originals");
        assert_eq!(names.take("a"), "a");
        assert_eq!(names.take("A/b.jpg"), "A-2/b.jpg");
        assert_eq!(names.take("A/c.jpg"), "A-2/c.jpg");
        assert_eq!(names.take("a-2"), "a-2-2");
        assert_eq!(names.take("originals"), "originals-2");
        assert_eq!(names.take("originals/x.jpg"), "originals/x.jpg");
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

    /// As many tries for each as there were before it took minutes.
    #[test]
    fn equal_names_by_the_ten_thousand_are_told_apart() {
        let mut names = Names::default();
        let taken: BTreeSet<String> = (0..20_000).map(|_| names.take("media/same.pdf")).collect();
        assert_eq!(taken.len(), 20_000);
        assert!(taken.contains("media/same-20000.pdf"));
        // A number that is taken otherwise is passed over.
        assert_eq!(names.take("media/other-2.pdf"), "media/other-2.pdf");
        assert_eq!(names.take("media/other.pdf"), "media/other.pdf");
        assert_eq!(names.take("media/other.pdf"), "media/other-3.pdf");
        assert_eq!(names.take("media/other.pdf"), "media/other-4.pdf");
    }
}
