//! Search across all pages. Pages opened by double click may not fetch files,
//! but may load scripts: the index is one plain script file for each page.

use super::frame::{self, Script};
use super::outline::Outline;
use crate::collect::{Inventory, MessageKind};
use crate::html::{escape, script_string};

/// The page that searches.
#[must_use]
pub fn page(outline: &Outline) -> String {
    let mut out = frame::head(&format!("Search – {}", outline.title), "search", Script::Chat);
    out.push_str(&format!(
        "<header class=\"top\"><div class=\"bar\"><a class=\"back\" href=\"{}\" title=\"Back to the chat\">←</a>\
         <div class=\"name\"><a class=\"title\" href=\"{0}\" dir=\"auto\">{}</a>\
         <span class=\"sub\">Search</span></div></div></header>\n\
         <main>\n<h1 class=\"hidden\">Search</h1>\n<label class=\"query\"><span class=\"i i-search\"></span><span class=\"hidden\">Words to look for</span>\
         <input type=\"search\" id=\"query\" placeholder=\"Words or names\" autocomplete=\"off\" \
         data-pages=\"{}\"></label>\n<p id=\"found\" class=\"found\" role=\"status\"></p>\n\
         <ol id=\"results\" class=\"results\"></ol>\n\
         <noscript><p class=\"sys\"><span>Searching needs JavaScript; everything else works without it.</span></p></noscript>\n\
         </main>\n",
        outline.first_page,
        escape(&outline.title),
        outline.pages,
    ));
    out.push_str(frame::FOOT);
    out
}

/// The index of chat page number `page`: `heirloomIndex(page, file, rows)` with
/// a row `[message, sender, seconds, text]` for every message with words.
#[must_use]
pub fn index(inventory: &Inventory, outline: &Outline, page: usize) -> String {
    let messages = inventory.chat.as_ref().map_or(&[][..], |chat| &chat.messages);
    let start = (page * outline.page_messages).min(messages.len());
    let end = (start + outline.page_messages).min(messages.len());
    let mut out = format!("heirloomIndex({page},{},[\n", script_string(&outline.page_name(page)));
    for (index, message) in messages.iter().enumerate().take(end).skip(start) {
        let text = match &message.kind {
            MessageKind::Poll { question, .. } => question,
            MessageKind::Event { title, .. } => title,
            _ => &message.text,
        };
        let files = message.media.iter().filter_map(|id| inventory.media.get(id.0 as usize));
        let names: Vec<&str> =
            files.map(|medium| medium.name.rsplit('/').next().unwrap_or_default()).collect();
        if text.trim().is_empty() && names.is_empty() {
            continue;
        }
        let text = [text.as_str()].into_iter().chain(names).collect::<Vec<_>>().join(" ");
        let time = message.time.map_or_else(|| "null".to_owned(), |time| time.to_string());
        let sender = script_string(message.sender.as_deref().unwrap_or_default());
        out.push_str(&format!("[{index},{sender},{time},{}],\n", script_string(text.trim())));
    }
    out.push_str("]);\n");
    out
}
