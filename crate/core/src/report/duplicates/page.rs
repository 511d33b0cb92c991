//! The document as one HTML page, for people: what `--report` writes. It is opened from
//! a disk, so it brings its style along and runs nothing.

use serde_json::Value;

use super::{Document, Group, List, Unit};
use crate::page::escape::{escape, url_path};
use crate::page::frame::{FOOT, bytes, counted};

/// Most groups on the page: each may show some pictures, and a browser holds those that
/// were seen. The document has all. Chosen, not measured.
const SHOWN: usize = 2000;

/// Nothing from the network and no script; pictures from the disk.
const POLICY: &str = "default-src 'none'; img-src file: 'self'; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("page.css");

/// What tells such a page from others.
pub const MARK: &str = "<meta name=\"generator\" content=\"Heirloom duplicates\">";

/// A path as it stands in an address.
#[must_use]
pub fn address(path: &str) -> String {
    url_path(path)
}

/// The page. `place` gives the address of a file, for a link and its picture; `None`:
/// it has none.
#[must_use]
pub fn page(document: &Document, place: &dyn Fn(&str) -> Option<String>) -> String {
    let counts = &document.summary;
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         {MARK}\n<title>Duplicates</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <main>\n<h1>Duplicates</h1>\n<p>{}, {}. {} could be gained. Nothing was changed.</p>\n",
        counted(counts.files, "file", "files"),
        bytes(counts.bytes),
        bytes(counts.bytes_to_gain),
    );
    for list in [List::Exact, List::Payload, List::Shot, List::Similar] {
        let groups: Vec<&Group> =
            document.groups.iter().filter(|group| group.list == list).collect();
        if !groups.is_empty() {
            out.push_str(&section(list, &groups, place));
        }
    }
    if document.groups.is_empty() {
        out.push_str("<p>There are no duplicates among them.</p>\n");
    }
    out.push_str(&stacks(document));
    out.push_str(&issues(document));
    out.push_str("</main>\n");
    out.push_str(FOOT);
    out
}

fn section(list: List, groups: &[&Group], place: &dyn Fn(&str) -> Option<String>) -> String {
    let (name, what) = match list {
        List::Exact => ("The same bytes", "Every byte was read and is equal."),
        List::Payload => ("The same picture data", "Only what is said about the picture differs."),
        List::Shot => ("The same shot", "Encoded again, made smaller, cropped or filtered."),
        List::Similar => ("Alike", "Nothing says that these are copies: bursts and retakes."),
    };
    let mut out = format!("<section>\n<h2>{name} ({})</h2>\n<p>{what}</p>\n", groups.len());
    for group in groups.iter().take(SHOWN) {
        out.push_str(&format!(
            "<article>\n<p><strong>Keep {}.</strong> {}</p>\n<div>\n",
            escape(&group.keeper),
            escape(&group.reason)
        ));
        for unit in &group.units {
            out.push_str(&card(unit, place));
        }
        out.push_str("</div>\n</article>\n");
    }
    if groups.len() > SHOWN {
        out.push_str(&format!("<p>And {} more, which --json prints.</p>\n", groups.len() - SHOWN));
    }
    out.push_str("</section>\n");
    out
}

fn card(unit: &Unit, place: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = "<figure>\n".to_owned();
    let shown = unit.files.first().filter(|file| is_shown(file)).and_then(|file| place(file));
    if let Some(address) = shown {
        out.push_str(&format!("<img src=\"{}\" alt=\"\" loading=\"lazy\">\n", escape(&address)));
    }
    out.push_str("<figcaption>\n<ul>\n");
    for file in &unit.files {
        out.push_str(&match place(file) {
            Some(address) => {
                format!("<li><a href=\"{}\">{}</a></li>\n", escape(&address), escape(file))
            }
            None => format!("<li>{}</li>\n", escape(file)),
        });
    }
    out.push_str("</ul>\n");
    let pixels = unit.pixels.map_or_else(String::new, |(w, h)| format!(", {w} × {h}"));
    out.push_str(&format!("<p>{}{pixels}</p>\n", bytes(unit.bytes)));
    if !unit.chats.is_empty() {
        out.push_str(&format!("<p>In a chat: {}</p>\n", escape(&unit.chats.join(", "))));
    }
    if !unit.differs.is_empty() {
        out.push_str("<dl>\n");
        for (key, (kept, own)) in &unit.differs {
            let (kept, own) = (text(key, kept), text(key, own));
            let (kept, own) = (escape(&kept), escape(&own));
            out.push_str(&format!("<dt>{key}</dt><dd><ins>{own}</ins> <del>{kept}</del></dd>\n"));
        }
        out.push_str("</dl>\n");
    }
    out.push_str("</figcaption>\n</figure>\n");
    out
}

/// Whether browsers show files of this name.
fn is_shown(file: &str) -> bool {
    let ending = file.rsplit('.').next().unwrap_or_default().to_lowercase();
    ["jpg", "jpeg", "png", "webp", "gif", "avif"].contains(&ending.as_str())
}

/// A value of the document as people write it.
fn text(key: &str, value: &Value) -> String {
    match (key, value) {
        (_, Value::Null) => "–".into(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(all)) if all.is_empty() => "–".into(),
        ("pixels", Value::Array(all)) => texts(key, all).join(" × "),
        (_, Value::Array(all)) => texts(key, all).join(", "),
        ("bytes", Value::Number(count)) => bytes(count.as_u64().unwrap_or(0)),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.into(),
        (_, other) => other.to_string(),
    }
}

fn texts(key: &str, values: &[Value]) -> Vec<String> {
    values.iter().map(|value| text(key, value)).collect()
}

fn stacks(document: &Document) -> String {
    if document.stacks.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<section>\n<h2>Files that belong together ({})</h2>\n<ul>\n",
        document.stacks.len()
    );
    for stack in document.stacks.iter().take(SHOWN) {
        out.push_str(&format!("<li>{}</li>\n", escape(&stack.files.join(" + "))));
    }
    out.push_str("</ul>\n</section>\n");
    out
}

fn issues(document: &Document) -> String {
    if document.issues.is_empty() {
        return String::new();
    }
    let mut out = "<section>\n<h2>Things to know</h2>\n<ul>\n".to_owned();
    for issue in &document.issues {
        out.push_str(&format!("<li>{}: {}</li>\n", escape(&issue.file), escape(&issue.text)));
    }
    out.push_str("</ul>\n</section>\n");
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn names_and_values_are_data() {
        let odd = "<img src=x>&\".jpg";
        let differs = BTreeMap::from([("camera".to_owned(), (Value::Null, Value::from("<b>")))]);
        let unit = |differs| Unit {
            files: vec![odd.into()],
            bytes: 1200,
            pixels: Some((4, 3)),
            edits: Vec::new(),
            chats: Vec::new(),
            differs,
        };
        let group = Group {
            id: "1".into(),
            list: List::Exact,
            keeper: odd.into(),
            reason: "It is the oldest file.".into(),
            units: vec![unit(BTreeMap::new()), unit(differs)],
        };
        let document = Document { groups: vec![group], ..Document::default() };
        let page = page(&document, &|path| Some(format!("x/{path}")));
        assert!(!page.contains("<img src=x>") && !page.contains("<b>"), "{page}");
        assert!(page.contains("<img src=\"x/&lt;img src=x&gt;&amp;&quot;.jpg\""), "{page}");
        assert!(page.contains("<ins>&lt;b&gt;</ins> <del>–</del>"), "{page}");
    }
}
