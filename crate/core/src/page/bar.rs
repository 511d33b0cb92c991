//! The bar of page numbers under a page.

use super::frame;

/// Pages before and behind this one that are linked by number.
const NEIGHBOURS: usize = 4;

/// Links to the pages of one kind: the first, the last and those around this
/// one.
#[must_use]
pub fn numbers(
    pages: usize,
    current: usize,
    name: impl Fn(usize) -> String,
    label: &str,
) -> String {
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

    fn name(page: usize) -> String {
        format!("{page}.html")
    }

    #[track_caller]
    fn check(pages: usize, current: usize, want: &str) {
        let links = numbers(pages, current, name, "Pages");
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
