//! One medium as HTML: what the chat shows, and a way to the original.

use crate::collect::{Export, Medium};
use crate::model::{MediaKind, MediumId};
use crate::page::escape::{escape, url_path};
use crate::page::{frame, moment};
use crate::plan::{Action, Plan, Shape, names};

/// Largest width of a picture in a bubble, in CSS pixels; the style relies on it.
const WIDE: f64 = 330.0;
/// Largest height of a picture in a bubble, in CSS pixels.
const HIGH: f64 = 420.0;
/// Edge of a sticker in CSS pixels.
const STICKER: f64 = 160.0;

/// Renders a medium for its bubble.
#[must_use]
pub fn render(export: &Export, plan: &Plan, id: MediumId) -> String {
    let Some(medium) = export.media.get(id.0 as usize) else { return String::new() };
    let Some(action) = plan.actions.get(id.0 as usize) else { return String::new() };
    let Some(paths) = Paths::of(action) else { return missing(medium) };
    let shape = plan.shapes.get(id.0 as usize).copied().unwrap_or_default();
    let edited = is_edited(plan, id);
    match medium.kind {
        MediaKind::Image => picture(medium, &paths, shape, edited, (WIDE, HIGH)),
        MediaKind::Sticker => picture(medium, &paths, shape, edited, (STICKER, STICKER)),
        MediaKind::Video => {
            video(&paths, shape, edited, "video", "controls preload=\"none\" playsinline")
        }
        MediaKind::Gif => {
            video(&paths, shape, edited, "gif", "controls loop muted playsinline preload=\"none\"")
        }
        MediaKind::Voice | MediaKind::Audio => sound(medium, &paths),
        MediaKind::Contact => {
            card(medium, &paths, plan.shapes.get(id.0 as usize), "contact", "Contact")
        }
        MediaKind::Document => {
            card(medium, &paths, plan.shapes.get(id.0 as usize), "document", "Document")
        }
    }
}

/// Renders a medium as a tile of the gallery; nothing if it has no file.
#[must_use]
pub fn tile(export: &Export, plan: &Plan, id: MediumId, link: &str) -> Option<String> {
    let medium = export.media.get(id.0 as usize)?;
    let paths = Paths::of(plan.actions.get(id.0 as usize)?)?;
    let when = medium.sent.map(|sent| moment::date(sent.wall)).unwrap_or_default();
    let label = escape(&when).into_owned();
    Some(if medium.kind == MediaKind::Image {
        let shown = shown(&paths, is_edited(plan, id));
        let source = url_path(shown);
        let original = original_link(&paths, shown);
        format!(
            "<a class=\"tile\" href=\"{source}\" data-view data-at=\"{link}\"{original}>\
             <img src=\"{source}\" alt=\"Photo, {label}\" loading=\"lazy\" decoding=\"async\"></a>\n"
        )
    } else {
        let length = plan.shapes.get(id.0 as usize).and_then(|shape| shape.duration_ms);
        format!(
            "<a class=\"tile film\" href=\"{link}\"><span class=\"i i-play\"></span>\
             <span>{}</span></a>\n",
            length.map(duration).unwrap_or_else(|| "Video".to_owned())
        )
    })
}

/// Where the parts of a medium are in the bundle.
struct Paths<'a> {
    /// The original, or the exported file that stays.
    main: &'a str,
    view: Option<&'a str>,
    exported: Option<&'a str>,
    replaced: bool,
}

impl<'a> Paths<'a> {
    fn of(action: &'a Action) -> Option<Self> {
        match action {
            Action::Keep { path } => {
                Some(Self { main: path, view: None, exported: None, replaced: false })
            }
            Action::Replace { path, view, exported, .. } => Some(Self {
                main: path,
                view: view.as_deref(),
                exported: exported.as_deref(),
                replaced: true,
            }),
            Action::Absent => None,
        }
    }
}

fn is_edited(plan: &Plan, id: MediumId) -> bool {
    plan.pairings.get(id.0 as usize).is_some_and(|pairing| !pairing.edits.is_empty())
}

/// The picture that every browser can show.
fn shown<'a>(paths: &Paths<'a>, edited: bool) -> &'a str {
    match (paths.exported, paths.view) {
        (Some(exported), _) if edited => exported,
        (_, Some(view)) => view,
        // A view that could not be made left the exported file behind.
        (Some(exported), None) => exported,
        (None, None) => paths.main,
    }
}

fn picture(
    medium: &Medium,
    paths: &Paths<'_>,
    shape: Shape,
    edited: bool,
    room: (f64, f64),
) -> String {
    let shown = shown(paths, edited);
    let source = url_path(shown);
    let class = if medium.kind == MediaKind::Sticker { "sticker" } else { "photo" };
    let image = format!(
        "<img src=\"{source}\" alt=\"{alt}\"{size} loading=\"lazy\" decoding=\"async\">",
        alt = if medium.kind == MediaKind::Sticker { "Sticker" } else { "Photo" },
        size = fitted(shape, room),
    );
    // A browser that knows HEIC takes the original, others the view.
    let image = match paths.view.filter(|_| !edited && heic(paths.main)) {
        Some(_) => format!(
            "<picture><source srcset=\"{}\" type=\"image/heic\">{image}</picture>",
            url_path(paths.main)
        ),
        None => image,
    };
    let chip = if edited && paths.replaced {
        format!("<a class=\"chip\" href=\"{}\">unedited original</a>", url_path(paths.main))
    } else {
        String::new()
    };
    let original = original_link(paths, shown);
    format!(
        "<figure class=\"{class}\"><a href=\"{source}\" data-view{original}>{image}</a>{chip}</figure>\n"
    )
}

/// An attribute that leads the lightbox to the original, if another file is
/// shown.
fn original_link(paths: &Paths<'_>, shown: &str) -> String {
    if paths.replaced && shown != paths.main {
        format!(" data-original=\"{}\"", url_path(paths.main))
    } else {
        String::new()
    }
}

fn heic(path: &str) -> bool {
    let extension = names::split_extension(path).1;
    ["heic", "heif", "hif"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// `width` and `height` attributes that keep a picture's place before it is
/// loaded. Without a known size the style keeps a square.
fn fitted(shape: Shape, (wide, high): (f64, f64)) -> String {
    let Some(size) = shape.size.filter(|size| size.pixels() > 0) else {
        return String::new();
    };
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let scale = (wide / width).min(high / height);
    let fit = |length: f64| (length * scale).round().max(1.0);
    format!(" width=\"{}\" height=\"{}\"", fit(width), fit(height))
}

/// One that was cut before it was sent goes on showing what was sent.
fn video(paths: &Paths<'_>, shape: Shape, edited: bool, class: &str, how: &str) -> String {
    let exported = paths.exported.filter(|exported| *exported != paths.main);
    let edited = edited && paths.replaced && exported.is_some();
    let main = Some(paths.main).filter(|_| !edited);
    let sources: String = main.into_iter().chain(exported).map(source).collect();
    let length =
        shape.duration_ms.map(|ms| format!("<span class=\"length\">{}</span>", duration(ms)));
    format!(
        "<figure class=\"{class}\"><video {how}{size}>{sources}</video>{length}\
         <a class=\"chip\" href=\"{href}\">{label}</a></figure>\n",
        size = fitted(shape, (WIDE, HIGH)),
        length = length.unwrap_or_default(),
        href = url_path(paths.main),
        label = match (edited, paths.replaced) {
            (true, _) => "uncut original",
            (false, true) => "original file",
            (false, false) => "open file",
        },
    )
}

/// Browsers skip a source whose type they cannot play; `.mov` is left to those
/// that say they can.
fn source(path: &str) -> String {
    let kind = match names::split_extension(path).1.to_ascii_lowercase().as_str() {
        "mp4" | "m4v" => " type=\"video/mp4\"",
        "mov" | "qt" => " type=\"video/quicktime\"",
        "3gp" => " type=\"video/3gpp\"",
        "webm" => " type=\"video/webm\"",
        _ => "",
    };
    format!("<source src=\"{}\"{kind}>", url_path(path))
}

fn sound(medium: &Medium, paths: &Paths<'_>) -> String {
    let voice = medium.kind == MediaKind::Voice;
    let (icon, label) = if voice { ("mic", "Voice message") } else { ("note", "Audio") };
    let path = url_path(paths.main);
    format!(
        "<div class=\"sound\"><span class=\"i i-{icon}\"></span>\
         <audio controls preload=\"none\" src=\"{path}\" aria-label=\"{label}\"></audio>\
         <a class=\"save\" href=\"{path}\" download title=\"Save this file\">\
         <span class=\"i i-save\"></span><span class=\"hidden\">Save</span></a></div>\n"
    )
}

fn card(
    medium: &Medium,
    paths: &Paths<'_>,
    shape: Option<&Shape>,
    icon: &str,
    label: &str,
) -> String {
    // As it is saved: without marks that turn the reading direction.
    let name = &names::safe_name(medium.name.rsplit('/').next().unwrap_or(&medium.name));
    let size = shape.and_then(|shape| shape.bytes);
    let kind = names::split_extension(name).1.to_uppercase();
    let still =
        names::is_active(name).then(|| "opens as plain text, so that nothing runs".to_owned());
    let kind = Some(kind).filter(|kind| !kind.is_empty());
    let about = [Some(label.to_owned()), kind, size.map(frame::bytes), still];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let shown = match icon {
        "contact" => names::split_extension(without_counter(name)).0,
        _ => without_counter(name),
    };
    format!(
        "<a class=\"card\" href=\"{}\" download><span class=\"i i-{icon}\"></span>\
         <span class=\"card-text\"><span class=\"card-name\" dir=\"auto\">{}</span>\
         <span class=\"card-about\">{}</span></span></a>\n",
        url_path(paths.main),
        escape(shown),
        escape(&about.join(" · "))
    )
}

/// A document's own name: iOS puts the number of the message before it.
fn without_counter(name: &str) -> &str {
    match name.split_once('-') {
        Some((number, rest))
            if number.len() == 8
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && !rest.is_empty() =>
        {
            rest
        }
        _ => name,
    }
}

fn missing(medium: &Medium) -> String {
    let what = match medium.kind {
        MediaKind::Image => "Photo",
        MediaKind::Video => "Video",
        MediaKind::Gif => "GIF",
        MediaKind::Sticker => "Sticker",
        MediaKind::Voice => "Voice message",
        MediaKind::Audio => "Audio",
        MediaKind::Contact => "Contact",
        MediaKind::Document => "Document",
    };
    format!(
        "<div class=\"missing\"><span class=\"i i-gone\"></span><span>{what} is not in the export\
         <small dir=\"auto\">{}</small></span></div>\n",
        escape(&medium.name)
    )
}

/// `1:05`, `1:02:03`.
fn duration(ms: u64) -> String {
    let seconds = (ms + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
