//! Where a page of another exporter holds addresses: one list for collecting and
//! for rewriting.

use std::ops::Range;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, MemorySettings, OutputSink, Settings, element};

use super::address::{Addresses, Base, BaseTag};

/// Most bytes that the parser holds for one tag: pages with media inside (`data:`)
/// have long ones. Behind a longer one the rest of the page stays as it is. Chosen,
/// not measured.
const LONGEST_TAG: usize = 256 << 20;

/// Attributes of any element that hold one address.
const SINGLE: [&str; 7] =
    ["src", "href", "poster", "data-src", "data-href", "xlink:href", "background"];
/// Attributes of any element that hold a list of addresses with sizes.
const LISTS: [&str; 3] = ["srcset", "data-srcset", "imagesrcset"];

/// How the page uses an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It shows or plays the file: what every browser can show.
    Show,
    /// It leads to the file: the original itself.
    Link,
    /// It saves the file under this name.
    Save(String),
}

/// An attribute that holds addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its value as it stands in the page, character references included.
    pub value: String,
    /// Where the value stands, in bytes of the page.
    pub place: Range<usize>,
    /// The addresses, as parts of the value.
    pub addresses: Vec<Range<usize>>,
    /// What they are for.
    pub usage: Use,
}

/// What an element tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The base that counts for the whole page; it was set already.
    Base {
        /// Where its address stands, in bytes of the page.
        place: Range<usize>,
        /// Whether it must not count in the bundle.
        replaced: bool,
    },
    /// Addresses.
    Marks(Vec<Mark>),
}

/// Follows a page from tag to tag, and knows what its addresses are relative to.
pub struct PageReader {
    page: Base,
    /// What addresses are relative to at this point of the page.
    pub base: Base,
    /// Whether a `<base href>` was seen: only the first counts.
    based: bool,
}

impl PageReader {
    /// `page` is what addresses are relative to without a `<base>`.
    #[must_use]
    pub fn new(page: Base) -> Self {
        Self { base: page.clone(), page, based: false }
    }

    /// Takes the next element of the page.
    pub fn read(&mut self, element: &Element<'_, '_>, addresses: &Addresses) -> Told {
        if element.tag_name() != "base" {
            return Told::Marks(marks(element));
        }
        let href = marks(element).into_iter().find(|mark| mark.usage == Use::Link);
        match href.filter(|_| !self.based) {
            None => Told::Marks(Vec::new()),
            Some(mark) => {
                self.based = true;
                let tag = addresses.base_tag(&self.page, &mark.value);
                let replaced = matches!(tag, BaseTag::Replaced(_));
                let (BaseTag::Stays(base) | BaseTag::Replaced(base)) = tag;
                self.base = base;
                Told::Base { place: mark.place, replaced }
            }
        }
    }
}

/// A parser for a page that is fed in pieces: `told` is called for every element,
/// `output` gets the bytes of the page as they came. `charset` says whether the
/// encoding that the page declares counts.
pub fn parser<'h, O: OutputSink>(
    mut told: impl FnMut(&Element<'_, '_>) + 'h,
    output: O,
    charset: bool,
) -> HtmlRewriter<'h, O> {
    let handler = element!("*", move |element: &mut Element<'_, '_>| {
        told(element);
        Ok(())
    });
    let memory = MemorySettings::new()
        .with_max_allowed_memory_usage(LONGEST_TAG)
        .with_graceful_bail_out_on_memory_limit_exceeded(true);
    let settings = Settings::new()
        .append_element_content_handler(handler)
        .with_strict(false)
        .with_adjust_charset_on_meta_tag(charset)
        .with_memory_settings(memory);
    HtmlRewriter::new(settings, output)
}

/// The addresses of a `srcset` value, as ranges of it.
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

fn marks(element: &Element<'_, '_>) -> Vec<Mark> {
    let tag = element.tag_name();
    let mut seen: Vec<String> = Vec::new();
    let mut marks = Vec::new();
    for attribute in element.attributes() {
        let name = attribute.name();
        // Of an attribute written twice only the first counts.
        if seen.contains(&name) {
            continue;
        }
        let list = LISTS.contains(&name.as_str());
        let known = list || SINGLE.contains(&name.as_str()) || tag == "object" && name == "data";
        if let Some(place) = attribute.value_source_location().filter(|_| known) {
            let value = attribute.value();
            let whole = 0..value.len();
            let addresses = if list { srcset(&value) } else { Vec::from([whole]) };
            let usage = usage(element, &tag, &name);
            marks.push(Mark { value, place: place.bytes(), addresses, usage });
        }
        seen.push(name);
    }
    marks.sort_by_key(|mark| mark.place.start);
    marks
}

fn usage(element: &Element<'_, '_>, tag: &str, attribute: &str) -> Use {
    if !matches!(attribute, "href" | "xlink:href" | "data-href") {
        return Use::Show;
    }
    match tag {
        "a" | "area" => match element.get_attribute("download").filter(|name| !name.is_empty()) {
            Some(name) => Use::Save(htmlize::unescape_attribute(name).into_owned()),
            None => Use::Link,
        },
        // What a style or a drawing takes is shown.
        "link" | "image" | "use" | "feimage" => Use::Show,
        _ => Use::Link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
