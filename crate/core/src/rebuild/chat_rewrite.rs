//! A given HTML page with its media references swapped, as a stream. The
//! parser only tells where attribute values stand; every other byte is copied.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::rc::Rc;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, OutputSink};

use super::reference::{Places, own_name};
use crate::collect::chat_html::charset;
use crate::collect::encoding;
use crate::collect::page_marks::{Mark, PageReader, Told, parser};
use crate::collect::wide::{self, Narrow, Widen};

/// Rewrites one page, fed in chunks of any size.
pub(super) struct PageRewriter {
    places: Rc<Places>,
    /// The page's path in the export and in the bundle.
    paths: (String, String),
    /// The first bytes, until they are enough to tell the encoding.
    head: Vec<u8>,
    parsing: Option<Parsing>,
    output: Rc<RefCell<Vec<u8>>>,
}

/// A page whose encoding is known.
struct Parsing {
    rewriter: Option<HtmlRewriter<'static, Splicer>>,
    wide: Option<(Narrow, Widen)>,
}

impl PageRewriter {
    /// `source` is the page's path in the export, `target` in the bundle.
    pub(super) fn new(places: &Rc<Places>, source: &str, target: &str) -> Self {
        Self {
            places: Rc::clone(places),
            paths: (source.to_owned(), target.to_owned()),
            head: Vec::new(),
            parsing: None,
            output: Rc::default(),
        }
    }

    /// Takes the next bytes of the page and returns what is ready.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Some(parsing) = &mut self.parsing else {
            self.head.extend_from_slice(bytes);
            return if self.head.len() < encoding::HEAD { Vec::new() } else { self.begin() };
        };
        match &mut parsing.wide {
            None => {
                parse(&mut parsing.rewriter, &self.output, bytes);
                self.output.take()
            }
            Some((narrow, widen)) => {
                parse(&mut parsing.rewriter, &self.output, &narrow.feed(bytes));
                widen.feed(&self.output.take())
            }
        }
    }

    /// The rest, at the end of the page.
    ///
    /// # Errors
    /// The parser gave up where it cannot pass on what it held.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        let mut out = if self.parsing.is_none() { self.begin() } else { Vec::new() };
        let Some(mut parsing) = self.parsing.take() else { return Ok(out) };
        let mut odd = Vec::new();
        let mut widen = None;
        if let Some((narrow, back)) = parsing.wide {
            let rest;
            (rest, odd) = narrow.finish();
            parse(&mut parsing.rewriter, &self.output, &rest);
            widen = Some(back);
        }
        if let Some(rewriter) = parsing.rewriter {
            rewriter.end().map_err(io::Error::other)?;
        }
        let rest = self.output.take();
        out.append(&mut widen.map_or(rest.clone(), |mut widen| widen.feed(&rest)));
        out.append(&mut odd);
        Ok(out)
    }

    /// Begins to parse, with the bytes held so far.
    fn begin(&mut self) -> Vec<u8> {
        let head = std::mem::take(&mut self.head);
        let encoding = encoding::encoding(&head);
        let splices: Rc<RefCell<VecDeque<Splice>>> = Rc::default();
        let sink =
            Splicer { position: 0, splices: Rc::clone(&splices), output: Rc::clone(&self.output) };
        let (source, target) = &self.paths;
        let places = Rc::clone(&self.places);
        let mut reader = PageReader::new(places.addresses.page(source, target));
        let name = own_name(target);
        let told = move |element: &Element<'_, '_>| match reader.read(element, &places.addresses) {
            Told::Base { place, replaced } => {
                let new = replaced.then(|| (place, name.clone().into_bytes()));
                splices.borrow_mut().extend(new);
            }
            Told::Marks(marks) => {
                let new = marks.iter().filter_map(|mark| splice(mark, &places, &reader));
                splices.borrow_mut().extend(new);
            }
        };
        let rewriter = Some(parser(told, sink, charset(encoding, &head)));
        self.parsing = Some(Parsing { rewriter, wide: wide::of(encoding) });
        self.feed(&head)
    }
}

/// Gives the parser more of the page, or passes it on where that gave up.
fn parse(
    rewriter: &mut Option<HtmlRewriter<'static, Splicer>>,
    output: &RefCell<Vec<u8>>,
    bytes: &[u8],
) {
    match rewriter.as_mut().map(|rewriter| rewriter.write(bytes)) {
        Some(Ok(())) => {}
        // The parser gave up, and has passed on all that it held.
        Some(Err(_)) => *rewriter = None,
        None => output.borrow_mut().extend_from_slice(bytes),
    }
}

/// Bytes of the page and what stands there instead.
type Splice = (Range<usize>, Vec<u8>);

/// A value with new addresses and nothing else between them; `None` if all
/// stay.
fn splice(mark: &Mark, places: &Places, reader: &PageReader) -> Option<Splice> {
    let mut out = String::with_capacity(mark.value.len());
    let mut changed = false;
    let mut end = 0;
    // In another encoding than UTF-8, what stays of a list is written as character references.
    let own = mark.value.len() == mark.place.len();
    let written = |text: &str| if own { text.to_owned() } else { in_ascii(text) };
    for part in &mark.addresses {
        let raw = &mark.value[part.clone()];
        let new = places.replace(raw, &reader.base, &mark.usage);
        changed |= new.is_some();
        out.push_str(&written(&mark.value[end..part.start]));
        match new {
            Some(new) => out.push_str(&new),
            None => out.push_str(&written(raw)),
        }
        end = part.end;
    }
    out.push_str(&written(&mark.value[end..]));
    changed.then(|| (mark.place.clone(), out.into_bytes()))
}

/// The same text in an attribute of a page in any encoding.
fn in_ascii(text: &str) -> String {
    let reference = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => format!("&#{};", u32::from(c)),
    };
    text.chars().map(reference).collect()
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
