//! Escaping, in one place: every text and file name of a chat is data.

use std::borrow::Cow;

/// Escapes text for HTML content and for attribute values in either quotes.
/// Null bytes and other control characters that HTML forbids become U+FFFD.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(needs_escape) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_forbidden(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Percent-encodes a relative path for `src` and `href`; `/` stays.
#[must_use]
pub fn url_path(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
    utf8_percent_encode(path, KEPT).to_string()
}

/// Text as a JavaScript (and JSON) string with its quotes. Markup and the line
/// separators are escaped too, so that it is safe wherever a script may stand.
#[must_use]
pub fn script_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn needs_escape(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '"' | '\'') || is_forbidden(c)
}

/// C0 and C1 controls but for tab, line feed and carriage return.
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(escape(text), want);
    }

    #[test]
    fn leaves_plain_text_alone() {
        check("Grüße, 家族 👪", "Grüße, 家族 👪");
    }

    #[test]
    fn escapes_markup_and_both_quotes() {
        check(
            r#"<img src='x' onerror="y">&"#,
            "&lt;img src=&#39;x&#39; onerror=&quot;y&quot;&gt;&amp;",
        );
    }

    #[test]
    fn replaces_null_bytes() {
        check("a\0b\tc", "a\u{FFFD}b\tc");
    }

    #[test]
    fn a_script_string_cannot_end_early() {
        assert_eq!(
            script_string("a\"b\\c</script>\u{2028}\n\0é😀"),
            r#""a\"b\\c\u003c/script\u003e\u2028\n\u0000é😀""#
        );
    }

    #[test]
    fn encodes_paths_for_urls() {
        assert_eq!(url_path("a b/#?\"ü.jpg"), "a%20b/%23%3F%22%C3%BC.jpg");
    }
}
