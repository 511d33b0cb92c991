//! The media that an HTML page of another exporter refers to.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use lol_html::{HtmlRewriter, MemorySettings, Settings, element};
use percent_encoding::percent_decode_str;

use super::file_names::FileNames;
use crate::error::Problem;
use crate::io::{ReadAt, read_range};
use crate::model::ItemId;

/// Attributes that hold one reference.
pub const SINGLE: [&str; 5] = ["src", "href", "poster", "data-src", "data-href"];
/// Attributes that hold a list of references with sizes.
pub const LISTS: [&str; 2] = ["srcset", "data-srcset"];

/// Bytes fed at once.
const CHUNK: usize = 256 << 10;
/// Most bytes the parser may hold: a tag with a picture inside its attribute.
const PARSER_BYTES: usize = 256 << 20;

/// Lists the files of the export that a page refers to, each once, in page
/// order. Nothing else is kept, however long the page is.
///
/// # Errors
/// The page cannot be read, or is beyond the parser.
pub fn references(
    page: &dyn ReadAt,
    path: &str,
    names: &FileNames,
) -> Result<Vec<ItemId>, Problem> {
    let found = Rc::new(RefCell::new(Found::new(path, names)));
    let sees = Rc::clone(&found);
    let handler = element!("*", move |element| {
        let mut found = sees.borrow_mut();
        if element.tag_name() == "base" {
            if found.base.is_none() {
                found.base = element.get_attribute("href");
            }
            return Ok(());
        }
        for attribute in element.attributes() {
            found.take(&attribute.name(), &attribute.value());
        }
        Ok(())
    });
    let memory = MemorySettings::new().with_max_allowed_memory_usage(PARSER_BYTES);
    let settings = Settings::new().with_memory_settings(memory).with_strict(false);
    let settings = settings.append_element_content_handler(handler);
    let mut parser = HtmlRewriter::new(settings, |_: &[u8]| {});
    let mut pos = 0;
    loop {
        let bytes = read_range(page, pos, CHUNK).map_err(unreadable)?;
        if bytes.is_empty() {
            break;
        }
        pos += bytes.len() as u64;
        parser.write(&bytes).map_err(unreadable)?;
    }
    parser.end().map_err(unreadable)?;
    Ok(std::mem::take(&mut found.borrow_mut().items))
}

fn unreadable(error: impl std::fmt::Display) -> Problem {
    Problem::Unreadable(error.to_string())
}

struct Found<'a> {
    page: &'a str,
    names: &'a FileNames,
    base: Option<String>,
    seen: BTreeSet<ItemId>,
    items: Vec<ItemId>,
}

impl<'a> Found<'a> {
    fn new(page: &'a str, names: &'a FileNames) -> Self {
        Self { page, names, base: None, seen: BTreeSet::new(), items: Vec::new() }
    }

    fn take(&mut self, attribute: &str, value: &str) {
        if SINGLE.contains(&attribute) {
            self.add(value);
        } else if LISTS.contains(&attribute) {
            for range in srcset(value) {
                self.add(&value[range]);
            }
        }
    }

    fn add(&mut self, reference: &str) {
        let path = resolve(self.page, self.base.as_deref(), reference);
        let item = path.and_then(|path| self.names.find(&path));
        self.items.extend(item.filter(|id| self.seen.insert(*id)));
    }
}

/// Finds the references in a `srcset` value, as ranges of it.
#[must_use]
pub fn srcset(value: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    let space = |letter: char| letter.is_ascii_whitespace();
    while at < value.len() {
        let rest = &value[at..];
        let start = at + rest.len() - rest.trim_start_matches(|c| space(c) || c == ',').len();
        let end = value[start..].find(space).map_or(value.len(), |length| start + length);
        // A comma at its end parts it from the next; one inside belongs to it.
        let url = value[start..end].trim_end_matches(',');
        if !url.is_empty() {
            ranges.push(start..start + url.len());
        }
        let parted = start + url.len() < end;
        at = if parted { end } else { value[end..].find(',').map_or(value.len(), |n| end + n + 1) };
    }
    ranges
}

/// The path in the export that an attribute's value means. `page` is the
/// page's own path; `base` and `reference` are attribute values as they stand
/// in the source, entities and percent signs included. `None` if it leads out
/// of the export.
#[must_use]
pub fn resolve(page: &str, base: Option<&str>, reference: &str) -> Option<String> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let from = match base.map(relative) {
        Some(None) => return None,
        Some(Some(base)) => {
            // What follows a base's last slash is a file name, not a folder.
            let base = base.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
            join(folder, &base)?
        }
        None => folder.to_string(),
    };
    let path = relative(reference)?;
    if path.is_empty() || path.ends_with('/') {
        return None;
    }
    join(&from, &path).filter(|path| !path.is_empty())
}

/// A reference as a relative path; `None` with a scheme or a host.
fn relative(reference: &str) -> Option<String> {
    // A picture inside the page may have megabytes: look before decoding.
    let start = reference.trim_start();
    if start.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return None;
    }
    let decoded: Cow<'_, str> = html_escape::decode_html_entities(reference);
    let trimmed: String =
        decoded.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let end = trimmed.find(['?', '#']).unwrap_or(trimmed.len());
    let path = trimmed[..end].replace('\\', "/");
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if scheme || path.starts_with("//") {
        return None;
    }
    let path =
        percent_decode_str(&path).decode_utf8().map_or_else(|_| path.clone(), Cow::into_owned);
    Some(path.trim_start_matches('/').to_string())
}

/// Joins two paths and takes `.` and `..` out; `None` above the top.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileId, Item, Side, Source};

    #[track_caller]
    fn check(page: &str, base: Option<&str>, reference: &str, want: Option<&str>) {
        assert_eq!(resolve(page, base, reference).as_deref(), want, "{reference}");
    }

    #[test]
    fn resolves_references() {
        check("chat.html", None, "./media/a.jpg", Some("media/a.jpg"));
        check("x/chat.html", None, "../media/a.jpg", Some("media/a.jpg"));
        check("chat.html", None, "media/a%20b%C3%A9.jpg", Some("media/a bé.jpg"));
        check("chat.html", None, "media/a&amp;b.jpg", Some("media/a&b.jpg"));
        check("chat.html", None, "media\\a.jpg", Some("media/a.jpg"));
        check("chat.html", None, " a.jpg?x=1#y ", Some("a.jpg"));
        check("chat.html", Some("WhatsApp/"), "a.jpg", Some("WhatsApp/a.jpg"));
        check("chat.html", Some("WhatsApp"), "a.jpg", Some("a.jpg"));
        check("chat.html", None, "a%E9.jpg", Some("a%E9.jpg"));
    }

    #[test]
    fn leaves_what_leads_elsewhere() {
        for reference in [
            "https://example.org/a.jpg",
            "//example.org/a.jpg",
            "data:image/png;base64,AA",
            "DATA:x",
            "../a.jpg",
            "#top",
            "",
            "mailto:a@b.c",
            "javascript:x",
            "media/",
        ] {
            check("chat.html", None, reference, None);
        }
        check("chat.html", Some("https://example.org/"), "a.jpg", None);
    }

    #[test]
    fn splits_srcsets() {
        let split = |value: &'static str| -> Vec<&str> {
            srcset(value).into_iter().map(|range| &value[range]).collect()
        };
        assert_eq!(split("a.jpg 1x, b.jpg 2x"), ["a.jpg", "b.jpg"]);
        assert_eq!(split("a,b.jpg 1x,\n c.jpg"), ["a,b.jpg", "c.jpg"]);
        assert_eq!(split("a.jpg, b.jpg 2x"), ["a.jpg", "b.jpg"]);
        assert_eq!(split(" , "), [""; 0]);
    }

    #[test]
    fn lists_the_references_of_a_page_in_order() {
        let page =
            b"<base href='media/'><a href=\"1.jpg\"><img src='1_thumb.jpg' srcset='2.jpg 2x'></a>\
            <video poster=3.jpg><source data-src=\"4.mp4\"></video><p>src='no.jpg'</p>\
            <!-- <img src='no.jpg'> --><base href='later/'><img src=5.jpg><img src=1.jpg>";
        let files = ["1.jpg", "1_thumb.jpg", "2.jpg", "3.jpg", "4.mp4", "5.jpg", "no.jpg"];
        let item = |(index, name): (u32, &&str)| Item {
            id: ItemId(index),
            side: Side::Export,
            path: format!("media/{name}"),
            size: 1,
            modified: None,
            source: Source::File(FileId(index)),
        };
        let items: Vec<Item> = (0..).zip(&files).map(item).collect();
        let names = FileNames::by_path(&items);
        let found = references(&page.to_vec(), "chat.html", &names).expect("references");
        assert_eq!(found, [0, 1, 2, 3, 4, 5].map(ItemId));
    }
}
