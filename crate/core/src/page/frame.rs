//! What all pages of the bundle share: head, policy, heading.

use super::escape::escape;

/// The style of every page, below the bundle.
pub const STYLE_PATH: &str = "assets/heirloom.css";
/// The script of the chat pages, below the bundle.
pub const SCRIPT_PATH: &str = "assets/heirloom.js";
/// The style.
pub const STYLE: &str = include_str!("assets/heirloom.css");
/// The script.
pub const SCRIPT: &str = include_str!("assets/heirloom.js");

/// Content security policy: nothing from the network, nothing inline. `file:`
/// stands beside `'self'` because a page that is opened by double click has no
/// origin in some browsers; on a server it allows nothing.
const POLICY: &str = "default-src 'none'; img-src 'self' file: data:; \
    media-src 'self' file:; style-src 'self' file:; script-src 'self' file:; \
    base-uri 'none'; form-action 'none'";

/// The script of the search page, below the bundle.
pub const SEARCH_PATH: &str = "assets/search.js";
/// The script of the search page.
pub const SEARCH: &str = include_str!("assets/search.js");

/// Which scripts a page carries. All pages can be read without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// It has nothing to do for one.
    None,
    /// Lightbox, calendar, whose messages stand right.
    Chat,
    /// Those and the search.
    Search,
}

/// Everything up to and with `<body class="…">`. `prefix` stands before the
/// names of Heirloom's own files.
#[must_use]
pub fn head(prefix: &str, title: &str, class: &str, script: Script) -> String {
    let paths: &[&str] = match script {
        Script::None => &[],
        Script::Chat => &[SCRIPT_PATH],
        Script::Search => &[SCRIPT_PATH, SEARCH_PATH],
    };
    let script: String = paths
        .iter()
        .map(|path| format!("<script src=\"{prefix}{path}\" defer></script>\n"))
        .collect();
    let own = if prefix.is_empty() { String::new() } else { format!(" data-own=\"{prefix}\"") };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{prefix}{STYLE_PATH}\">\n{script}</head>\n\
         <body class=\"{class}\"{own}>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n",
        title = escape(title),
    )
}

/// The end of every page.
pub const FOOT: &str = "</body>\n</html>\n";

/// A number with thin spaces between thousands.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

/// `1 photo`, `2 photos`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Bytes for people: `340 KB`, `2.1 MB`.
#[must_use]
pub fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{} KB", size / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10),
        _ => format!("{}.{} GB", size / 1_000_000_000, size / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(grouped(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(grouped(999), "999");
        assert_eq!(counted(1, "photo", "photos"), "1 photo");
        assert_eq!(bytes(2_150_000), "2.1 MB");
    }

    #[test]
    fn a_title_is_data() {
        let head = head("", "</title><script>", "chat", Script::None);
        assert!(head.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"));
        assert!(!head.contains("<script"));
    }
}
