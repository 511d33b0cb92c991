//! HTML as other exporters write it: media in `src`, `href`, `data-src`.

use crate::chat_text::Line;

/// A page that shows every message; media lie beside it.
#[must_use]
pub fn linked(lines: &[Line<'_>]) -> String {
    let body: String = lines.iter().map(bubble).collect();
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Chat</title>\
         <style>.media{{max-width:320px}}</style></head>\n<body>\n{body}</body></html>\n"
    )
}

fn bubble(line: &Line<'_>) -> String {
    let media = line.file.map(medium).unwrap_or_default();
    let text = escaped(line.text);
    let from = escaped(line.from);
    format!("<div class=\"message\"><b>{from}</b> <time>{}</time> {media}{text}</div>\n", line.at)
}

fn medium(file: &str) -> String {
    let source = escaped(&file.replace('%', "%25").replace(' ', "%20"));
    if file.ends_with(".mp4") {
        return format!("<video controls><source data-src=\"./{source}\"></video>");
    }
    format!(
        "<a href=\"./{source}\"><img class=\"media\" src='./{source}' loading=\"lazy\" alt=\"\"></a>"
    )
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
