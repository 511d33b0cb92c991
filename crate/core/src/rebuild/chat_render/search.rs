//! Search across all pages. Pages opened by double click may not fetch files,
//! but may load scripts: the index is one plain script file for each page.

use super::bar::{Here, MOST_PEOPLE, bar};
use super::outline::Outline;
use crate::collect::{Export, MessageKind};
use crate::page::escape::{escape, script_string};
use crate::page::frame::{self, Script};

/// The page that searches.
#[must_use]
pub fn page(outline: &Outline) -> String {
    let mut out = frame::head(
        &outline.prefix,
        &format!("Search – {}", outline.title),
        "search",
        Script::Search,
    );
    out.push_str(&bar(outline, Here::Search));
    let people: String = outline
        .names
        .iter()
        .take(MOST_PEOPLE)
        .map(|name| format!("<option>{}</option>\n", escape(name)))
        .collect();
    out.push_str(&format!(
        "<main id=\"content\">\n<h1 class=\"hidden\">Search</h1>\n<form id=\"form\" role=\"search\" hidden data-pages=\"{}\">\n\
         <div class=\"query\"><span class=\"i i-search\"></span><label class=\"hidden\" for=\"query\">Words to look for</label>\
         <input type=\"search\" id=\"query\" placeholder=\"Words or names\" autocomplete=\"off\"></div>\n\
         <div class=\"narrow\"><label>From <select id=\"from\"><option value=\"\">everybody</option>\n{people}</select></label>\
         <label><input type=\"checkbox\" id=\"media\"> with media</label></div></form>\n\
         <p id=\"found\" class=\"found\" role=\"status\"></p>\n\
         <ol id=\"results\" class=\"results\"></ol>\n<p class=\"more\"><button type=\"button\" id=\"more\" hidden>Show more</button></p>\n\
         <p class=\"sys\" id=\"unscripted\"><span>Searching needs JavaScript; everything else works without it.</span></p>\n\
         </main>\n",
        outline.pages(),
    ));
    out.push_str(frame::FOOT);
    out
}

/// The index of chat page number `page`: `heirloomIndex(page, file, rows)` with
/// a row `[message, sender, seconds, text, media]` for every message with words
/// or media.
#[must_use]
pub fn index(export: &Export, outline: &Outline, page: usize) -> String {
    let messages = export.chat.as_ref().map_or(&[][..], |chat| &chat.messages);
    let range = outline.page_range(page);
    let (start, end) = (range.start.min(messages.len()), range.end.min(messages.len()));
    let mut out = format!("heirloomIndex({page},{},[\n", script_string(&outline.page_name(page)));
    for (index, message) in messages.iter().enumerate().take(end).skip(start) {
        let (text, options) = match &message.kind {
            MessageKind::Poll { question, options } => (question, options.as_slice()),
            MessageKind::Event { title, .. } => (title, &[][..]),
            _ => (&message.text, &[][..]),
        };
        let files = message.media.iter().filter_map(|id| export.media.get(id.0 as usize));
        let names: Vec<&str> = files
            .map(|medium| medium.name.rsplit('/').next().unwrap_or_default())
            .chain(options.iter().map(|(option, _)| option.as_str()))
            .collect();
        if text.trim().is_empty() && names.is_empty() {
            continue;
        }
        let text = [text.as_str()].into_iter().chain(names).collect::<Vec<_>>().join(" ");
        let time = message.time.map_or_else(|| "null".to_owned(), |time| time.to_string());
        let sender = script_string(message.sender.as_deref().unwrap_or_default());
        let media = u8::from(!message.media.is_empty());
        out.push_str(&format!(
            "[{index},{sender},{time},{},{media}],\n",
            script_string(text.trim())
        ));
    }
    out.push_str("]);\n");
    out
}
