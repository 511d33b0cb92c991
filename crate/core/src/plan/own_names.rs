//! The names of Heirloom's own files: the usual ones, or others where a given page
//! or a file of the export has one of them.

use super::names::{INDEX, Names};

/// Files that every bundle has, besides its index and its mapping.
const ALWAYS: [&str; 2] = ["report.html", "assets/heirloom.css"];
/// Files of a chat that is drawn.
const DRAWN: [&str; 7] = [
    "gallery.html",
    "search.html",
    "dates.html",
    "statistics.html",
    "assets/heirloom.js",
    "assets/search.js",
    "assets/dates.js",
];
/// Files that continue the first of their kind: `messages-2.html`.
const COUNTED: [(&str, &str); 4] =
    [("messages-", ".html"), ("gallery-", ".html"), ("dates-", ".html"), ("assets/search-", ".js")];

/// Where the chat that is drawn begins, if the index is a given page.
const CHAT: &str = "chat.html";

/// What Heirloom's own files are called in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnNames {
    /// Stands before the usual name of each; empty if all are free.
    pub prefix: String,
    /// The page of Heirloom's that is opened first.
    pub first_page: String,
    /// What was decided, for programs.
    pub mapping: String,
}

impl Default for OwnNames {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            first_page: INDEX.to_owned(),
            mapping: "mapping.json".to_owned(),
        }
    }
}

impl OwnNames {
    /// Names that no file of the export has taken. `drawn`: the bundle holds
    /// the chat as Heirloom draws it.
    #[must_use]
    pub fn beside(names: &Names, drawn: bool) -> Self {
        let index = names.is_free(INDEX);
        let free = |prefix: &String| {
            (index || !drawn || names.is_free(&format!("{prefix}{CHAT}")))
                && !names.taken().any(|path| is_own(path, prefix, drawn))
        };
        let prefix = prefixes().find(free).unwrap_or_default();
        let mapping = prefixes().map(|prefix| format!("{prefix}mapping.json"));
        let first_page = if index { INDEX.to_owned() } else { format!("{prefix}{CHAT}") };
        let mapping = { mapping }.find(|name| names.is_free(name)).unwrap_or_default();
        Self { prefix, first_page, mapping }
    }

    /// What the file with this usual name is called.
    #[must_use]
    pub fn of(&self, usual: &str) -> String {
        format!("{}{usual}", self.prefix)
    }
}

fn prefixes() -> impl Iterator<Item = String> {
    let more = (2..).map(|number| format!("heirloom-{number}-"));
    [String::new(), "heirloom-".to_owned()].into_iter().chain(more)
}

/// Whether a path of the export stands where a file of Heirloom's would.
fn is_own(path: &str, prefix: &str, drawn: bool) -> bool {
    let Some(path) = path.strip_prefix(prefix) else { return false };
    let at = |own: &str| {
        let below = |folder: &str, path: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        below(own, path) || below(path, own)
    };
    let counted = |start: &str, end: &str| {
        let number = path.strip_prefix(start).and_then(|rest| rest.split(end).next());
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    ALWAYS.iter().any(|own| at(own))
        || counted("report-", ".html")
        || drawn && (DRAWN.iter().any(|own| at(own)) || COUNTED.iter().any(|(a, b)| counted(a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(taken: &[&str], drawn: bool, want: [&str; 3]) {
        let mut names = Names::default();
        for path in taken {
            names.take(path);
        }
        let own = OwnNames::beside(&names, drawn);
        assert_eq!([&*own.prefix, &*own.first_page, &*own.mapping], want, "{taken:?}");
    }

    #[test]
    fn own_files_give_way() {
        let usual = ["", "index.html", "mapping.json"];
        check(&["a.jpg", "x/report.html", "assets/a.css", "messages.html"], true, usual);
        check(&["chat.html", "search.html", "messages-1.html"], false, usual);
        check(&["Index.HTML"], true, ["", "chat.html", "mapping.json"]);
        let apart = ["heirloom-", "index.html", "mapping.json"];
        for taken in
            ["Search.html", "messages-12.html", "assets", "assets/heirloom.JS", "report.html/a"]
        {
            check(&[taken], true, apart);
        }
        check(&["report-2.html"], false, apart);
        check(
            &["index.html", "gallery.html", "heirloom-gallery.html", "mapping.json"],
            true,
            ["heirloom-2-", "heirloom-2-chat.html", "heirloom-mapping.json"],
        );
    }
}
