//! The rewriting of given pages, for a target in `tests/fuzz`.

use super::chat_rewrite::PageRewriter;
use super::reference::Places;
use crate::collect::{Export, Library};
use crate::plan::Plan;

/// A page is rewritten to the same bytes however it is cut into parts.
pub fn page(bytes: &[u8]) {
    let places = Places::new(&Library::default(), &Export::default(), &Plan::default());
    let rewritten = |part: usize| {
        let mut rewriter = PageRewriter::new(&places, "out/chat.html", "out/chat.html");
        let mut out = Vec::new();
        bytes.chunks(part).for_each(|part| out.extend(rewriter.feed(part)));
        rewriter.finish().ok().map(|rest| [out, rest].concat())
    };
    let whole = rewritten(bytes.len().max(1));
    assert_eq!(whole, rewritten(7), "parts of 7 bytes make another page");
}
