//! Messages become the pages of the chat. One page is in memory at a time.

mod bubble;
pub mod frame;
mod gallery;
mod media;
pub mod moment;
mod outline;
mod search;
mod text;

pub use gallery::page as gallery_page;
pub use outline::{Certainty, GALLERY_PAGE, Outline};
pub use search::{index as search_index, page as search_page};

use bubble::Place;
use frame::Script;

use crate::collect::{Inventory, Message, MessageKind};
use crate::html::escape;
use crate::plan::Plan;

/// Seconds of silence after which a sender's name is shown again.
const PAUSE: i64 = 3600;

/// Renders chat page number `page`, counted from 0.
#[must_use]
pub fn chat_page(inventory: &Inventory, plan: &Plan, outline: &Outline, page: usize) -> String {
    let messages = inventory.chat.as_ref().map_or(&[][..], |chat| &chat.messages);
    let start = (page * outline.page_messages).min(messages.len());
    let end = (start + outline.page_messages).min(messages.len());
    let mut out = frame::head(&outline.title, "chat", Script::Chat);
    out.push_str(&header(outline, page));
    out.push_str("<main>\n");
    if page == 0 {
        out.push_str(&cover(outline));
    }
    out.push_str(&pager(outline, page));
    for index in start..end {
        let before = (index > start).then(|| &messages[index - 1]);
        let message = &messages[index];
        if let Some(heading) = day_heading(before, message) {
            out.push_str(&heading);
        }
        let place = place(before, message);
        out.push_str(&bubble::render(inventory, plan, outline, message, index, place));
    }
    if messages.is_empty() {
        out.push_str("<p class=\"sys\"><span>The export holds no chat text, only media.</span></p>\n");
    }
    out.push_str(&pager(outline, page));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}

fn place(before: Option<&Message>, message: &Message) -> Place {
    let follows = before.is_some_and(|before| {
        let near = match (before.time, message.time) {
            (Some(earlier), Some(later)) => {
                (later - earlier).abs() < PAUSE
                    && moment::day_number(earlier) == moment::day_number(later)
            }
            _ => true,
        };
        near && before.sender == message.sender && before.kind != MessageKind::System
    });
    if follows { Place::Following } else { Place::First }
}

fn day_heading(before: Option<&Message>, message: &Message) -> Option<String> {
    let time = message.time?;
    let day = moment::day(time);
    let same = before.and_then(|before| before.time).map(moment::day_number);
    (!day.is_empty() && same != Some(moment::day_number(time))).then(|| {
        let iso = moment::iso(time);
        let date = iso.get(..10).unwrap_or_default();
        format!("<h2 class=\"day\"><time datetime=\"{date}\">{day}</time></h2>\n")
    })
}

/// The bar on top of every page.
fn header(outline: &Outline, page: usize) -> String {
    let gallery = match outline.gallery.is_empty() {
        true => "",
        false => "<a href=\"gallery.html\"><span class=\"i i-grid\"></span><span>Gallery</span></a>",
    };
    let title = escape(&outline.title);
    let initial: String = outline.title.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
    let sub = match outline.pages {
        1 => outline.dates(),
        pages => format!("Page {} of {pages}", page + 1),
    };
    format!(
        "<header class=\"top\"><div class=\"bar\"><span class=\"avatar\" aria-hidden=\"true\">{}</span>\
         <div class=\"name\"><a class=\"title\" href=\"{}\" dir=\"auto\">{title}</a>\
         <span class=\"sub\">{sub}</span></div>\n<nav aria-label=\"Pages\">{gallery}\
         <a href=\"search.html\"><span class=\"i i-search\"></span><span>Search</span></a>\
         {months}</nav></div></header>\n",
        escape(&initial.to_uppercase()),
        outline.first_page,
        months = months(outline),
    )
}

fn months(outline: &Outline) -> String {
    if outline.months.len() < 2 {
        return String::new();
    }
    let links: String = outline
        .months
        .iter()
        .map(|(month, first)| {
            format!("<a href=\"{}\">{month}</a>\n", outline.message_link(*first))
        })
        .collect();
    format!(
        "<details class=\"months\"><summary><span class=\"i i-date\"></span><span>Dates</span></summary>\
         <div>{links}</div></details>"
    )
}

/// The first page begins with what this is.
fn cover(outline: &Outline) -> String {
    let [photos, videos, rest] = outline.media;
    let counts = [
        (outline.messages, "message", "messages"),
        (photos, "photo", "photos"),
        (videos, "video", "videos"),
        (rest, "other file", "other files"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, _, _)| *number > 0)
        .map(|(number, one, many)| frame::counted(number, one, many))
        .collect();
    let people: Vec<String> = outline
        .names
        .iter()
        .take(50)
        .enumerate()
        .map(|(index, name)| format!("<bdi class=\"c{}\">{}</bdi>", index % 12, escape(name)))
        .collect();
    let more = outline.names.len().saturating_sub(50);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "<section class=\"cover\"><h1 dir=\"auto\">{}</h1>\n<p class=\"dates\">{}</p>\n\
         <p class=\"people\">{}{more}</p>\n<p class=\"counts\">{}</p>\n\
         <p><a href=\"report.html\">How the originals were found</a></p></section>\n",
        escape(&outline.title),
        outline.dates(),
        people.join(", "),
        counts.join(" · "),
    )
}

fn pager(outline: &Outline, page: usize) -> String {
    if outline.pages < 2 {
        return String::new();
    }
    let link = |page: usize, rel: &str, text: &str| {
        format!("<a rel=\"{rel}\" href=\"{}\">{text}</a>", outline.page_name(page))
    };
    let earlier = if page > 0 { link(page - 1, "prev", "← Earlier") } else { "<span></span>".into() };
    let later = match page + 1 < outline.pages {
        true => link(page + 1, "next", "Later →"),
        false => "<span></span>".into(),
    };
    format!(
        "<nav class=\"pager\" aria-label=\"Earlier and later\">{earlier}<span>{} / {}</span>{later}</nav>\n",
        page + 1,
        outline.pages
    )
}

#[cfg(test)]
mod tests;
