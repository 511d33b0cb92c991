//! Messages become the pages of the chat. One page is in memory at a time.

pub mod bar;
mod bubble;
mod dates;
mod gallery;
mod media;
mod outline;
mod plots;
mod search;
mod statistics;
mod text;
mod weight;

pub use dates::{DATES_PATH, data as dates_data, page as dates_page};
pub use gallery::page as gallery_page;
pub use outline::{Certainty, GALLERY_PAGE, Outline};
pub use plots::page as statistics_page;
pub use search::{index as search_index, page as search_page};

use crate::page::frame::{self, Script};
use crate::page::moment;
use bar::Here;
use bubble::Place;

use crate::collect::{Export, Message, MessageKind};
use crate::page::escape::escape;
use crate::plan::Plan;

/// Seconds of silence after which a sender's name is shown again. Chosen, not
/// measured.
const PAUSE: i64 = 3600;

/// Renders chat page number `page`, counted from 0.
#[must_use]
pub fn chat_page(export: &Export, plan: &Plan, outline: &Outline, page: usize) -> String {
    let messages = export.chat.as_ref().map_or(&[][..], |chat| &chat.messages);
    let range = outline.page_range(page);
    let (start, end) = (range.start.min(messages.len()), range.end.min(messages.len()));
    let mut out =
        frame::head(&outline.prefix, &outline.title, bar::body_class(outline), Script::Chat);
    out.push_str(&bar::bar(outline, Here::Chat(page)));
    out.push_str(&format!("<main id=\"content\" data-chat=\"{}\">\n", outline.key()));
    out.push_str(&match page {
        0 => cover(outline),
        _ => format!("<h1 class=\"hidden\" dir=\"auto\">{}</h1>\n", escape(&outline.title)),
    });
    out.push_str(&pager(outline, page));
    for index in start..end {
        let before = (index > start).then(|| &messages[index - 1]);
        let message = &messages[index];
        if let Some(heading) = day_heading(before, message) {
            out.push_str(&heading);
        }
        let place = place(before, message);
        out.push_str(&bubble::render(export, plan, outline, message, index, place));
    }
    if messages.is_empty() {
        out.push_str(
            "<p class=\"sys\"><span>The export holds no chat text, only media.</span></p>\n",
        );
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
         <p class=\"ways\"><a href=\"{}\">Statistics</a> <a href=\"{}\">How the originals were found</a></p></section>\n",
        escape(&outline.title),
        outline.dates(),
        people.join(", "),
        counts.join(" · "),
        outline.file("statistics.html"),
        outline.file("report.html"),
    )
}

fn pager(outline: &Outline, page: usize) -> String {
    if outline.pages() < 2 {
        return String::new();
    }
    let link = |page: usize, rel: &str, text: &str| {
        format!("<a rel=\"{rel}\" href=\"{}\">{text}</a>", outline.page_name(page))
    };
    let earlier =
        if page > 0 { link(page - 1, "prev", "← Earlier") } else { "<span></span>".into() };
    let later = match page + 1 < outline.pages() {
        true => link(page + 1, "next", "Later →"),
        false => "<span></span>".into(),
    };
    format!(
        "<nav class=\"pager\" aria-label=\"Earlier and later\">{earlier}<span>{} / {}</span>{later}</nav>\n",
        page + 1,
        outline.pages()
    )
}

#[cfg(test)]
mod colour_tests;
#[cfg(test)]
mod tests;
