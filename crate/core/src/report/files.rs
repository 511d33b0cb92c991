//! `heirloom-files.json`: the files of a bundle with their sizes and hashes,
//! written with it and read by the next run over it (`docs/bundle.md`).

use serde::{Deserialize, Serialize};

use crate::rebuild::listing::Listed;

/// The format's version; it changes when a key changes its meaning.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct List {
    version: u32,
    files: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    size: u64,
    blake3: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Link>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Link {
    Symbolic,
}

/// The list, sorted by path, one file a line.
#[must_use]
pub fn text(files: &[Listed]) -> String {
    let mut files: Vec<&Listed> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let rows = files.into_iter().map(|file| Row {
        path: file.path.clone(),
        size: file.size,
        blake3: blake3::Hash::from_bytes(file.hash).to_hex().to_string(),
        link: file.symbolic.then_some(Link::Symbolic),
    });
    let lines: Vec<String> = rows.filter_map(|row| serde_json::to_string(&row).ok()).collect();
    format!("{{\"version\":{VERSION},\"files\":[\n{}\n]}}\n", lines.join(",\n"))
}

/// The files of a list; `None` if it is none, or of another version.
#[must_use]
pub fn read(text: &str) -> Option<Vec<Listed>> {
    let list: List = serde_json::from_str(text).ok()?;
    if list.version != VERSION {
        return None;
    }
    let listed = |row: Row| {
        let hash = *blake3::Hash::from_hex(&row.blake3).ok()?.as_bytes();
        Some(Listed { path: row.path, size: row.size, hash, symbolic: row.link.is_some() })
    };
    list.files.into_iter().map(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rebuild::listing::Sum;

    fn listed(path: &str, bytes: &[u8], symbolic: bool) -> Listed {
        let mut sum = Sum::default();
        bytes.chunks(2).for_each(|part| sum.take(part));
        let (size, hash) = sum.done();
        Listed { path: path.to_owned(), size, hash, symbolic }
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let files = [listed("media/\"b\".jpg", b"abc", true), listed("index.html", b"", false)];
        let text = text(&files);
        let mut back = read(&text).unwrap();
        back.reverse();
        assert_eq!(back, files);
        // BLAKE3 of "abc", as its authors publish it.
        assert!(text.contains("6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"));
        assert_eq!(text.lines().count(), 4);
    }

    #[test]
    fn what_is_no_list_of_this_version_is_none() {
        let good = text(&[listed("a", b"a", false)]);
        assert!(read(&good).is_some());
        let bad = good.replace("\"version\":1", "\"version\":2");
        let cut = good.replace("\"blake3\":\"1", "\"blake3\":\"");
        for bad in [&bad, &cut, "", "{}", "[]", "{\"version\":1}"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
