//! The bar on top of the pages: what this is, and where else one can go.

use super::outline::{Certainty, Outline};
use crate::page::escape::escape;

/// Most people to choose from in a menu: a WhatsApp group has at most 1,024.
pub(super) const MOST_PEOPLE: usize = 1024;

/// The kinds of pages, in the order of the links to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    /// A page of messages, counted from 0.
    Chat(usize),
    /// Pictures by month.
    Gallery,
    /// The search.
    Search,
    /// The calendar.
    Dates,
    /// The statistics.
    Statistics,
}

impl Here {
    fn title(self) -> &'static str {
        match self {
            Here::Chat(_) => "Chat",
            Here::Gallery => "Gallery",
            Here::Search => "Search",
            Here::Dates => "Dates",
            Here::Statistics => "Statistics",
        }
    }
}

/// The bar of a page.
#[must_use]
pub fn bar(outline: &Outline, here: Here) -> String {
    let title = escape(&outline.title);
    let initial: String = outline.title.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
    let sub = match here {
        Here::Chat(page) if outline.pages() > 1 => {
            format!("Page {} of {}", page + 1, outline.pages())
        }
        Here::Chat(_) => outline.dates(),
        other => other.title().to_owned(),
    };
    let (back, menu) = match here {
        Here::Chat(_) => (String::new(), view_as(outline)),
        _ => (
            format!(
                "<a class=\"back\" href=\"{}\" aria-label=\"Back to the chat\">←</a>",
                outline.first_page
            ),
            String::new(),
        ),
    };
    format!(
        "<header class=\"top\"><div class=\"bar\">{back}<span class=\"avatar\" aria-hidden=\"true\">{}</span>\
         <div class=\"name\"><a class=\"title\" href=\"{}\" dir=\"auto\">{title}</a>\
         <span class=\"sub\">{sub}</span></div>\n<nav aria-label=\"Pages\">{}</nav>{menu}</div></header>\n",
        escape(&initial.to_uppercase()),
        outline.first_page,
        links(outline, here),
    )
}

fn links(outline: &Outline, here: Here) -> String {
    let dates = match here {
        Here::Chat(page) => outline.dates_link(outline.page_range(page)),
        _ => outline.file("dates.html"),
    };
    let all = [
        (Here::Gallery, "grid", outline.file("gallery.html"), !outline.gallery.is_empty()),
        (Here::Search, "search", outline.file("search.html"), true),
        (Here::Dates, "date", dates, !outline.days.is_empty()),
        (Here::Statistics, "chart", outline.file("statistics.html"), outline.lines > 0),
    ];
    all.into_iter()
        .filter(|(_, _, _, there)| *there)
        .map(|(page, icon, link, _)| {
            let current = if page == here { " aria-current=\"page\"" } else { "" };
            let title = page.title();
            format!(
                "<a href=\"{link}\"{current} title=\"{title}\"><span class=\"i i-{icon}\"></span>\
                 <span>{title}</span></a>"
            )
        })
        .collect()
}

/// Whose messages stand right: a choice that the script offers and remembers.
fn view_as(outline: &Outline) -> String {
    if outline.names.is_empty() {
        return String::new();
    }
    let right = outline.right.as_ref().and_then(|(name, _)| outline.senders.get(name)).copied();
    let options: String = (0..)
        .zip(&outline.names)
        .take(MOST_PEOPLE)
        .map(|(number, name)| {
            let selected = if right == Some(number) { " selected" } else { "" };
            format!("<option value=\"{number}\"{selected}>{}</option>\n", escape(name))
        })
        .collect();
    format!(
        "<details class=\"menu\" id=\"view\" hidden><summary title=\"View as\"><span class=\"i i-me\"></span>\
         <span>View as</span></summary><div><label for=\"me\">Whose messages stand on the right?</label>\
         <select id=\"me\"><option value=\"\">Nobody’s</option>\n{options}</select></div></details>"
    )
}

/// Classes of a chat page's body: whether names are shown beside the bubbles.
#[must_use]
pub fn body_class(outline: &Outline) -> &'static str {
    match &outline.right {
        Some((_, Certainty::Known)) if outline.names.len() == 2 => "chat duo",
        Some((_, Certainty::Known)) => "chat",
        _ => "chat guess",
    }
}
