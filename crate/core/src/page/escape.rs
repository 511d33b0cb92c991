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

/// C0 and C1 controls except tab, line feed and carriage return.
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

    /// Texts put together at random from what is special somewhere (SplitMix64).
    fn nasty_texts() -> impl Iterator<Item = String> {
        const PARTS: [&str; 24] = [
            "<",
            ">",
            "&",
            "\"",
            "'",
            "\\",
            "/",
            "</script>",
            "<!--",
            "-->",
            "]]>",
            "\0",
            "\n",
            "\r",
            "\u{1b}",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{2029}",
            "\u{202e}",
            "\u{feff}",
            "é\u{301}",
            "👪",
            "a",
        ];
        let mut state = 42_u64;
        let mut next = move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) as usize
        };
        (0..2000).map(move |_| (0..next() % 20).map(|_| PARTS[next() % PARTS.len()]).collect())
    }

    #[test]
    fn no_text_leaves_its_place_in_html() {
        for text in nasty_texts() {
            let escaped = escape(&text);
            assert!(!escaped.contains(['<', '>', '"', '\'', '\0', '\u{1b}']), "{text:?}");
            let back = htmlize::unescape_attribute(&*escaped).into_owned();
            let shown = |c: char| if is_forbidden(c) { '\u{FFFD}' } else { c };
            assert_eq!(back, text.chars().map(shown).collect::<String>());
        }
    }

    #[test]
    fn no_text_leaves_its_place_in_a_script_and_all_come_back() {
        for text in nasty_texts() {
            let script = script_string(&text);
            assert!(
                !script.contains(['<', '>', '&', '\'', '\u{2028}', '\u{2029}', '\n']),
                "{text:?}"
            );
            assert_eq!(serde_json::from_str::<String>(&script).unwrap(), text);
        }
    }

    #[test]
    fn no_path_leaves_its_place_in_an_address() {
        for text in nasty_texts() {
            let url = url_path(&text);
            assert!(
                url.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~/%".contains(c)),
                "{url}"
            );
            let back =
                percent_encoding::percent_decode_str(&url).decode_utf8().unwrap().into_owned();
            assert_eq!(back, text);
        }
    }
}
