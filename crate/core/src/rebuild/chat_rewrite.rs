//! A given HTML page with its media references swapped, as a stream. The
//! parser only tells where attribute values stand; every other byte is copied.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::rc::Rc;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, MemorySettings, OutputSink, Settings, element};

use crate::html::url_path;

use super::reference::{Base, BaseTag, Places, Use, base_tag, folder};

/// Most bytes of one tag that are held: pages with media inside (`data:`)
/// have long ones. After a longer one the rest of the page stays as it is.
const LONGEST_TAG: usize = 256 << 20;

/// Rewrites one page, fed in chunks of any size.
pub(super) struct PageRewriter<'a> {
    rewriter: Option<HtmlRewriter<'a, Splicer>>,
    output: Rc<RefCell<Vec<u8>>>,
}

impl<'a> PageRewriter<'a> {
    /// `source` is the page's path in the export, `target` in the bundle.
    pub(super) fn new(places: &'a Places, source: &str, target: &str) -> Self {
        let splices = Rc::new(RefCell::new(VecDeque::new()));
        let output = Rc::new(RefCell::new(Vec::new()));
        let page = Base::Folder { source: folder(source), target: folder(target) };
        let name = url_path(target.rsplit('/').next().unwrap_or(target));
        let mut state = PageState { places, page: page.clone(), base: page, based: false, name };
        let queue = Rc::clone(&splices);
        let settings = Settings::new()
            .append_element_content_handler(element!("*", move |element: &mut Element<'_, '_>| {
                queue.borrow_mut().extend(state.splices(element));
                Ok(())
            }))
            .with_strict(false)
            .with_adjust_charset_on_meta_tag(true)
            .with_memory_settings(
                MemorySettings::new()
                    .with_max_allowed_memory_usage(LONGEST_TAG)
                    .with_graceful_bail_out_on_memory_limit_exceeded(true),
            );
        let sink = Splicer { position: 0, splices, output: Rc::clone(&output) };
        Self { rewriter: Some(HtmlRewriter::new(settings, sink)), output }
    }

    /// Takes the next bytes of the page and returns what is ready.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        match self.rewriter.as_mut().map(|rewriter| rewriter.write(bytes)) {
            Some(Ok(())) => {}
            // It has passed on all it held.
            Some(Err(_)) => self.rewriter = None,
            None => self.output.borrow_mut().extend_from_slice(bytes),
        }
        self.output.take()
    }

    /// The rest, at the end of the page.
    ///
    /// # Errors
    /// The parser gave up where it cannot pass on what it held.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        if let Some(rewriter) = self.rewriter {
            rewriter.end().map_err(io::Error::other)?;
        }
        Ok(self.output.take())
    }
}

/// Bytes of the page and what stands there instead.
type Splice = (Range<usize>, Vec<u8>);

struct PageState<'a> {
    places: &'a Places,
    /// The page's own folder.
    page: Base,
    base: Base,
    /// Whether a `<base href>` was seen: only the first counts.
    based: bool,
    /// The page's own file name. As a base it changes nothing, and needs no
    /// quotes.
    name: String,
}

impl PageState<'_> {
    fn splices(&mut self, element: &Element<'_, '_>) -> Vec<Splice> {
        let mut splices = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for attribute in element.attributes() {
            let name = attribute.name();
            let known = matches!(name.as_str(), "src" | "href" | "poster" | "srcset" | "data-src");
            let Some(place) = attribute.value_source_location() else { continue };
            // Of an attribute written twice only the first counts.
            if !known || seen.contains(&name) {
                continue;
            }
            let value = attribute.value();
            let new = match (element.tag_name().as_str(), name.as_str()) {
                ("base", "href") => self.base_href(&value),
                (_, "srcset") => self.srcset(&value),
                (_, "href") => self.places.replace(&value, &self.base, Use::Link),
                _ => self.places.replace(&value, &self.base, Use::Show),
            };
            if let Some(new) = new {
                splices.push((place.bytes(), new.into_bytes()));
            }
            seen.push(name);
        }
        splices.sort_by_key(|(range, _)| range.start);
        splices
    }

    fn base_href(&mut self, value: &str) -> Option<String> {
        if self.based {
            return None;
        }
        self.based = true;
        match base_tag(value, &self.page) {
            BaseTag::Stays(base) => {
                self.base = base;
                None
            }
            BaseTag::Replaced => Some(self.name.clone()),
        }
    }

    /// Replaces the addresses of a `srcset` and nothing between them.
    fn srcset(&self, value: &str) -> Option<String> {
        let mut out = String::with_capacity(value.len());
        let mut changed = false;
        let mut rest = value;
        while !rest.is_empty() {
            let start =
                rest.find(|c: char| !c.is_ascii_whitespace() && c != ',').unwrap_or(rest.len());
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(',');
            match self.places.replace(url, &self.base, Use::Show) {
                Some(new) => {
                    out.push_str(&new);
                    changed = true;
                }
                None => out.push_str(url),
            }
            // A comma right behind the address ends the candidate; otherwise a
            // descriptor follows, up to the next comma.
            let next = match url.len() < end {
                true => end,
                false => rest[end..].find(',').map_or(rest.len(), |comma| end + comma),
            };
            out.push_str(&rest[url.len()..next]);
            rest = &rest[next..];
        }
        changed.then_some(out)
    }
}

/// Copies the page and puts the new values in their places.
struct Splicer {
    /// Bytes of the page seen so far.
    position: usize,
    splices: Rc<RefCell<VecDeque<Splice>>>,
    output: Rc<RefCell<Vec<u8>>>,
}

impl OutputSink for Splicer {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        let mut output = self.output.borrow_mut();
        let mut splices = self.splices.borrow_mut();
        let end = self.position + chunk.len();
        let at = |position: usize, from: usize| position - from;
        let first = self.position;
        while let Some((range, new)) = splices.front_mut() {
            if range.start >= end {
                break;
            }
            if range.start >= self.position {
                output.extend_from_slice(&chunk[at(self.position, first)..at(range.start, first)]);
                output.append(new);
            }
            self.position = range.end.clamp(range.start.max(self.position), end);
            if range.end > end {
                range.start = range.start.min(end);
                break;
            }
            splices.pop_front();
        }
        if self.position < end {
            output.extend_from_slice(&chunk[at(self.position, first)..]);
        }
        self.position = end;
    }
}

#[cfg(test)]
mod shape_tests;
#[cfg(test)]
mod tests;
