//! The pages asked for with `--html`, and what belongs to those that lie
//! outside the export.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use heirloom_core::collect::chat_html;
use heirloom_core::collect::kind::{self, kind};
use heirloom_core::io::{Files, read_range};
use heirloom_core::model::{FileId, Kind};

use crate::Outcome;
use crate::disk::Inputs;

/// Most bytes of a script, a style or a page in which names are looked for; those
/// behind are not found. Chosen, not measured.
const MOST_READ: usize = 32 << 20;
/// Characters around a name in a page's scripts and styles; text that people wrote
/// does not have them around names.
const QUOTES: [char; 5] = ['"', '\'', '`', '(', ')'];
/// Characters around a name in a script, a style or a list.
const PARTS: [char; 8] = ['"', '\'', '`', '(', ')', '\n', ',', ';'];
/// Most bytes of a path that is looked for; longer text between such characters is
/// no path. Chosen, not measured.
const LONGEST_NAME: usize = 500;

/// Where the export lies, for its pages: the folder's real path, or that of the
/// folder which would have the zip's name; `/` between parts.
pub fn place(export: &Path) -> io::Result<PathBuf> {
    let real = fs::canonicalize(export)?;
    Ok(if real.is_file() { real.with_extension("") } else { real })
}

/// The paths of the pages as seen from the export. What lies outside it is
/// added to the inputs: the page, the pages it leads to, and the files it names
/// in its own folder and below.
///
/// # Errors
/// A page cannot be read.
pub fn pages(inputs: &mut Inputs, export: &Path, pages: &[PathBuf]) -> Outcome<Vec<String>> {
    let unreadable =
        |path: &Path, error| format!("the page {} cannot be read: {error}", path.display());
    let place = place(export).map_err(|error| unreadable(export, error))?;
    let mut known = BTreeSet::new();
    let mut paths = Vec::new();
    for page in pages {
        if export.is_file() && !page.exists() {
            // A page in the zip.
            paths.push(page.to_string_lossy().into_owned());
            continue;
        }
        let real = fs::canonicalize(page).map_err(|error| unreadable(page, error))?;
        let path = seen_from(&place, &real)
            .ok_or_else(|| format!("the page {} lies on another disk", page.display()))?;
        if path.starts_with("../") {
            let folder = real.parent().unwrap_or(&real).to_owned();
            let mut outside = Outside { inputs, place: &place, folder, known: &mut known };
            outside.bring(real).map_err(|error| unreadable(page, error))?;
        }
        paths.push(path);
    }
    Ok(paths)
}

/// One page outside the export.
struct Outside<'a> {
    inputs: &'a mut Inputs,
    place: &'a Path,
    /// The page's folder: nothing beside or above it is taken.
    folder: PathBuf,
    known: &'a mut BTreeSet<PathBuf>,
}

impl Outside<'_> {
    /// Adds the page and what belongs to it.
    fn bring(&mut self, page: PathBuf) -> io::Result<()> {
        let mut waiting = vec![page];
        while let Some(file) = waiting.pop() {
            if !self.known.insert(file.clone()) {
                continue;
            }
            let Some(path) = seen_from(self.place, &file) else { continue };
            let id = self.inputs.add_beside(file.clone(), path)?;
            if self.is_page(id)? {
                waiting.extend(self.named(id, &file)?);
                waiting.extend(self.mentioned(id, &file, &QUOTES)?);
            } else if is_read(&file) {
                waiting.extend(self.mentioned(id, &file, &PARTS)?);
            }
        }
        Ok(())
    }

    fn is_page(&self, id: FileId) -> io::Result<bool> {
        let inputs = &*self.inputs;
        let file = inputs.open(id)?;
        Ok(kind(&read_range(&*file, 0, kind::HEAD)?) == Kind::Html)
    }

    /// The files in the page's folder that a page names.
    fn named(&self, id: FileId, page: &Path) -> io::Result<Vec<PathBuf>> {
        let inputs = &*self.inputs;
        let file = inputs.open(id)?;
        let names = chat_html::paths_on_disk(&*file, &slashed(page)).map_err(io::Error::other)?;
        // A drive's letter stands behind a slash.
        let place = |name: &String| match name.get(2..3) {
            Some(":") => PathBuf::from(&name[1..]),
            _ => PathBuf::from(name),
        };
        Ok(names.iter().map(place).filter_map(|file| self.ours(&file)).collect())
    }

    /// The files in the page's folder that a script, a style or a list seems to
    /// name: whatever stands between such marks and is the path of a file there.
    fn mentioned(&self, id: FileId, file: &Path, marks: &[char]) -> io::Result<Vec<PathBuf>> {
        let inputs = &*self.inputs;
        let text = read_range(&*inputs.open(id)?, 0, MOST_READ)?;
        let text = String::from_utf8_lossy(&text).replace("&quot;", "\"").replace("&#39;", "'");
        let beside = file.parent().unwrap_or(file);
        let words: BTreeSet<&str> = text
            .split(marks)
            .map(str::trim)
            .filter(|word| word.len() < LONGEST_NAME && word.contains('.'))
            .collect();
        let places = words.iter().flat_map(|word| [beside.join(word), self.folder.join(word)]);
        Ok(places.filter_map(|place| self.ours(&place)).collect())
    }

    /// The real path of a file in the page's folder or below; none of the
    /// export.
    fn ours(&self, file: &Path) -> Option<PathBuf> {
        let real = fs::canonicalize(file).ok()?;
        let ours = real.is_file() && real.starts_with(&self.folder);
        (ours && !real.starts_with(self.place)).then_some(real)
    }
}

/// Whether a file may name others that its page needs.
fn is_read(file: &Path) -> bool {
    const TEXTS: [&str; 5] = ["css", "js", "mjs", "json", "csv"];
    let extension = file.extension().map(|end| end.to_string_lossy().to_lowercase());
    extension.is_some_and(|end| TEXTS.contains(&end.as_str()))
}

/// A path with `/` between its parts.
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    // How Windows writes a path that may be long.
    text.strip_prefix("//?/").map_or(text.clone(), str::to_owned)
}

/// A file as seen from a folder; `None` if no way leads there. Both are real.
fn seen_from(folder: &Path, file: &Path) -> Option<String> {
    let parts = |path: &Path| -> Vec<String> {
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let disk = |path: &Path| match path.components().next() {
        Some(Component::Prefix(prefix)) => Some(prefix.as_os_str().to_owned()),
        _ => None,
    };
    if disk(folder) != disk(file) {
        return None;
    }
    let (from, to) = (parts(folder), parts(file));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    Some(format!("{}{}", "../".repeat(from.len() - shared), to[shared..].join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(root: &Path, path: &str, text: &str) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn a_page_outside_brings_what_it_names_below_its_folder() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        put(root, "export/a.jpg", "a");
        put(
            root,
            "page/Anna.html",
            "<!DOCTYPE html><link href='css/s%20t.css'><a href=../private.txt><a href=more/2.html>\
             <img src=../export/a.jpg><img src=none.jpg><img src='https://x.y/z.jpg'>\
             <p>other.txt</p><p style='background: url(&quot;tile.png&quot;)'>",
        );
        put(root, "page/more/2.html", "<!DOCTYPE html><a href=../Anna.html><img src=b.jpg>");
        put(root, "page/css/s t.css", "p { background: url(../bg.png) } @import '/etc/x.css';");
        for path in
            ["page/bg.png", "page/tile.png", "page/more/b.jpg", "page/other.txt", "private.txt"]
        {
            put(root, path, "x");
        }
        let mut inputs = Inputs::default();
        inputs.add_export(&root.join("export")).unwrap();
        let asked = [root.join("page/Anna.html")];
        assert_eq!(
            pages(&mut inputs, &root.join("export"), &asked).unwrap(),
            ["../page/Anna.html"]
        );
        let mut paths: Vec<&str> = inputs.sides.export.iter().map(|entry| &*entry.path).collect();
        paths.sort_unstable();
        let want = [
            "../page/Anna.html",
            "../page/bg.png",
            "../page/css/s t.css",
            "../page/more/2.html",
            "../page/more/b.jpg",
            "../page/tile.png",
            "a.jpg",
        ];
        assert_eq!(paths, want);
    }

    #[test]
    fn a_page_inside_is_named_by_its_path() {
        let temp = tempfile::tempdir().unwrap();
        put(temp.path(), "export/x/Anna.html", "<!DOCTYPE html>");
        let export = temp.path().join("export");
        let mut inputs = Inputs::default();
        let asked = [export.join("x/../x/Anna.html")];
        assert_eq!(pages(&mut inputs, &export, &asked).unwrap(), ["x/Anna.html"]);
        assert!(inputs.sides.export.is_empty());
        let none = [export.join("none.html")];
        assert!(pages(&mut inputs, &export, &none).unwrap_err().contains("cannot be read"));
    }
}
