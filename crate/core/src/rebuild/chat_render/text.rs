//! A message's text as HTML: WhatsApp's marks (`*bold*`, `_italic_`,
//! `~strike~`, `` `code` ``, quotes) and links. Everything is escaped.

use crate::page::escape::escape;

/// Marks that may hold others, and their elements.
const MARKS: [(char, &str); 3] = [('*', "b"), ('_', "i"), ('~', "s")];

/// Renders a text; line feeds stay (the style keeps them).
#[must_use]
pub fn render(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 16);
    let mut rest = text;
    while let Some((before, code, after)) = split_code_block(rest) {
        lines(before, &mut out);
        out.push_str("<code class=\"block\">");
        out.push_str(&escape(code.trim_matches('\n')));
        out.push_str("</code>");
        rest = after;
    }
    lines(rest, &mut out);
    out
}

/// How many emoji a text is, if it is nothing but one to three of them.
#[must_use]
pub fn big_emoji(text: &str) -> Option<usize> {
    let text = text.trim();
    // An emoji has at most about 40 bytes (a family with skin tones), three have 120.
    if text.is_empty() || text.len() > 160 {
        return None;
    }
    let mut count = 0;
    let mut joined = false;
    let mut flag_half = false;
    for c in text.chars() {
        match c {
            '\u{200D}' => joined = true,
            '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' => {}
            ' ' => joined = false,
            '\u{1F1E6}'..='\u{1F1FF}' => {
                count += usize::from(!flag_half);
                flag_half = !flag_half;
                continue;
            }
            c if is_emoji(c) => {
                count += usize::from(!joined);
                joined = false;
            }
            _ => return None,
        }
        flag_half = false;
    }
    (1..=3).contains(&count).then_some(count)
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{2300}'..='\u{23FF}' | '\u{2190}'..='\u{21FF}' | '\u{25A0}'..='\u{25FF}'
        | '\u{203C}' | '\u{2049}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}')
}

fn split_code_block(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("```")?;
    let (code, after) = rest.split_once("```")?;
    (!code.trim().is_empty()).then_some((before, code, after))
}

fn lines(text: &str, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match line.strip_prefix("> ") {
            Some(quoted) => {
                out.push_str("<span class=\"quote\">");
                inline(quoted, &MARKS, out);
                out.push_str("</span>");
            }
            None => inline(line, &MARKS, out),
        }
    }
}

/// Renders part of a line. Each mark may hold the others, not itself, so the
/// recursion ends after three steps.
fn inline(line: &str, marks: &[(char, &str)], out: &mut String) {
    // Marks without a closing one further on. Without this memory a line of a
    // thousand asterisks would be searched a thousand times.
    let mut dead = [false; 128];
    let mut plain = 0;
    let mut at = 0;
    let mut before = None;
    while let Some(c) = line[at..].chars().next() {
        let found = if boundary(before) {
            link(&line[at..], out, &line[plain..at])
                .or_else(|| marked(&line[at..], c, marks, &mut dead, out, &line[plain..at]))
        } else {
            None
        };
        match found {
            Some(len) => {
                before = line[at..at + len].chars().next_back();
                at += len;
                plain = at;
            }
            None => {
                before = Some(c);
                at += c.len_utf8();
            }
        }
    }
    out.push_str(&escape(&line[plain..]));
}

/// Whether a mark or link may begin after `before`.
fn boundary(before: Option<char>) -> bool {
    before.is_none_or(|c| !c.is_alphanumeric())
}

/// Renders `pending` and the marked text that `rest` begins with; returns its
/// length.
fn marked(
    rest: &str,
    mark: char,
    marks: &[(char, &str)],
    dead: &mut [bool; 128],
    out: &mut String,
    pending: &str,
) -> Option<usize> {
    let code = mark == '`';
    let tag = marks.iter().find(|(known, _)| *known == mark).map(|(_, tag)| *tag);
    let slot = usize::try_from(u32::from(mark)).ok().filter(|slot| *slot < dead.len())?;
    if (tag.is_none() && !code) || dead[slot] {
        return None;
    }
    let inner = &rest[1..];
    if inner.starts_with(char::is_whitespace) || inner.starts_with(mark) {
        return None;
    }
    let Some(end) = closing(inner, mark) else {
        dead[slot] = true;
        return None;
    };
    out.push_str(&escape(pending));
    let held = &inner[..end];
    match tag {
        Some(tag) => {
            let others: Vec<(char, &str)> =
                marks.iter().copied().filter(|(other, _)| *other != mark).collect();
            out.push_str(&format!("<{tag}>"));
            inline(held, &others, out);
            out.push_str(&format!("</{tag}>"));
        }
        None => out.push_str(&format!("<code>{}</code>", escape(held))),
    }
    Some(end + 2)
}

/// Where the closing mark is: after something that is no space, before
/// something that is no letter or digit.
fn closing(text: &str, mark: char) -> Option<usize> {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let free = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        if c == mark && at > 0 && !before.is_whitespace() && free {
            return Some(at);
        }
        before = c;
    }
    None
}

/// Renders `pending` and the link that `rest` begins with; returns its length.
/// Only `http:` and `https:` become links.
fn link(rest: &str, out: &mut String, pending: &str) -> Option<usize> {
    let starts = |scheme: &str| {
        rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !starts("http://") && !starts("https://") {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(rest.len());
    let url = trim_link(&rest[..end]);
    // "https://" alone is no link.
    if url.len() <= url.find("//")? + 2 {
        return None;
    }
    out.push_str(&escape(pending));
    let safe = escape(url);
    out.push_str(&format!("<a href=\"{safe}\" rel=\"noopener noreferrer\">{safe}</a>"));
    Some(url.len())
}

/// Drops punctuation that belongs to the sentence, and a closing bracket that
/// was not opened inside.
fn trim_link(url: &str) -> &str {
    let mut unopened = url.matches(')').count().saturating_sub(url.matches('(').count());
    let mut end = url.len();
    for c in url.chars().rev() {
        match c {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '}' => end -= 1,
            ')' if unopened > 0 => {
                unopened -= 1;
                end -= 1;
            }
            _ => break,
        }
    }
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(render(text), want, "{text:?}");
    }

    #[test]
    fn marks_become_elements() {
        check("*bold* _it_ ~no~ `x<y`", "<b>bold</b> <i>it</i> <s>no</s> <code>x&lt;y</code>");
        check("*_both_*!", "<b><i>both</i></b>!");
        check("a ```x *y*\nz``` b", "a <code class=\"block\">x *y*\nz</code> b");
        check("> said\nme", "<span class=\"quote\">said</span>\nme");
    }

    #[test]
    fn what_is_no_mark_stays() {
        check("2*3*4 snake_case_name * not * **", "2*3*4 snake_case_name * not * **");
        check("*open", "*open");
        check("``` ```", "``` ```");
    }

    #[test]
    fn only_web_links_become_links() {
        check(
            "see https://a.b/c_d(e)?x=1&y=\"2\".",
            "see <a href=\"https://a.b/c_d(e)?x=1&amp;y=\" rel=\"noopener noreferrer\">\
             https://a.b/c_d(e)?x=1&amp;y=</a>&quot;2&quot;.",
        );
        check("javascript:alert(1) https://", "javascript:alert(1) https://");
        check(
            "(HTTP://x.y)",
            "(<a href=\"HTTP://x.y\" rel=\"noopener noreferrer\">HTTP://x.y</a>)",
        );
    }

    #[test]
    fn hostile_text_is_data() {
        check("*<img src=x onerror=alert(1)>*", "<b>&lt;img src=x onerror=alert(1)&gt;</b>");
        check("```</code><script>```", "<code class=\"block\">&lt;/code&gt;&lt;script&gt;</code>");
        check(
            "https://x.y/'onmouseover='z",
            "<a href=\"https://x.y/&#39;onmouseover=&#39;z\" rel=\"noopener noreferrer\">\
             https://x.y/&#39;onmouseover=&#39;z</a>",
        );
    }

    #[test]
    fn a_line_of_marks_takes_no_square_time() {
        let text = "*a ".repeat(100_000);
        assert_eq!(render(&text), text);
        let links = "https://".repeat(20_000);
        assert!(render(&links).len() > links.len());
    }

    #[test]
    fn counts_lonely_emoji() {
        assert_eq!(big_emoji("😂"), Some(1));
        assert_eq!(big_emoji("👨‍👩‍👧 ❤️ 🇩🇪"), Some(3));
        assert_eq!(big_emoji("😂😂😂😂"), None);
        assert_eq!(big_emoji("ok 👍"), None);
        assert_eq!(big_emoji("12"), None);
        assert_eq!(big_emoji(""), None);
    }
}
