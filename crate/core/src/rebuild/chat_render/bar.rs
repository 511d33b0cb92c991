//! The bar on top of the pages: what this is, and where else one can go.

use super::frame;
use super::outline::{Certainty, Outline};
use crate::html::escape;

/// Most people whom the menu "View as" offers: a group has at most 1,024.
const MOST_PEOPLE: usize = 1024;
/// Pages before and after this one that are linked by their numbers.
const NEIGHBOURS: usize = 4;

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
        _ => "dates.html".to_owned(),
    };
    let all = [
        (Here::Gallery, "grid", "gallery.html".to_owned(), !outline.gallery.is_empty()),
        (Here::Search, "search", "search.html".to_owned(), true),
        (Here::Dates, "date", dates, !outline.days.is_empty()),
        (Here::Statistics, "chart", "statistics.html".to_owned(), outline.lines > 0),
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

/// Links to the pages of one kind: the first, the last and those around this
/// one.
#[must_use]
pub fn numbers(pages: usize, current: usize, name: fn(usize) -> String, label: &str) -> String {
    if pages < 2 {
        return String::new();
    }
    let mut links = String::new();
    for page in 0..pages {
        let number = frame::grouped(page as u64 + 1);
        if page == current {
            links.push_str(&format!("<span aria-current=\"page\">{number}</span>"));
        } else if page == 0 || page + 1 == pages || page.abs_diff(current) <= NEIGHBOURS {
            links.push_str(&format!("<a href=\"{}\">{number}</a>", name(page)));
        } else if page.abs_diff(current) == NEIGHBOURS + 1 {
            links.push_str("<span>…</span>");
        }
    }
    format!("<nav class=\"pager\" aria-label=\"{label}\">{links}</nav>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pages: usize, current: usize, want: &str) {
        let links = numbers(pages, current, Outline::gallery_name, "Pages");
        let words = links.split('>').filter_map(|part| part.split('<').next());
        let words: Vec<&str> = words.filter(|word| !word.trim().is_empty()).collect();
        assert_eq!(words.join(" "), want);
    }

    #[test]
    fn numbers_lead_to_neighbours_and_both_ends() {
        check(1, 0, "");
        check(3, 1, "1 2 3");
        check(112, 0, "1 2 3 4 5 … 112");
        check(112, 50, "1 … 47 48 49 50 51 52 53 54 55 … 112");
        check(112, 111, "1 … 108 109 110 111 112");
    }
}
