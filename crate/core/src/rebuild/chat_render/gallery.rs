//! All photos and videos by month.

use std::collections::{BTreeMap, BTreeSet};

use super::bar::{Here, bar};
use super::media;
use super::outline::{GALLERY_PAGE, Outline};
use crate::collect::Export;
use crate::page::frame::{self, Script};
use crate::page::moment;
use crate::plan::Plan;

/// Renders gallery page number `page`, counted from 0.
#[must_use]
pub fn page(export: &Export, plan: &Plan, outline: &Outline, page: usize) -> String {
    let mut out = frame::head(
        &outline.prefix,
        &format!("Gallery – {}", outline.title),
        "gallery",
        Script::Chat,
    );
    out.push_str(&bar(outline, Here::Gallery));
    out.push_str("<main id=\"content\">\n<h1 class=\"hidden\">Gallery</h1>\n");
    out.push_str(&months(export, outline));
    let mut open = false;
    let mut anchors = BTreeSet::new();
    let mut current: Option<String> = None;
    for id in outline.gallery.iter().skip(page * GALLERY_PAGE).take(GALLERY_PAGE) {
        let Some(medium) = export.media.get(id.0 as usize) else { continue };
        let link = medium.message.map(|message| outline.message_link(message)).unwrap_or_default();
        let Some(tile) = media::tile(export, plan, *id, &link) else { continue };
        let month = medium.sent.map(|sent| moment::month(sent.wall));
        let month = month.filter(|month| !month.is_empty()).unwrap_or_else(|| "No date".to_owned());
        if current.as_ref() != Some(&month) {
            out.push_str(if open { "</div>\n" } else { "" });
            // A clock that went back begins a month twice; the first has the anchor.
            let anchor = medium.sent.map(|sent| anchor(sent.wall)).unwrap_or_default();
            let id = match anchor.is_empty() || !anchors.insert(anchor.clone()) {
                true => String::new(),
                false => format!(" id=\"{anchor}\""),
            };
            out.push_str(&format!("<h2 class=\"month\"{id}>{month}</h2>\n<div class=\"tiles\">\n"));
            open = true;
            current = Some(month);
        }
        out.push_str(&tile);
    }
    out.push_str(if open {
        "</div>\n"
    } else {
        "<p class=\"sys\"><span>No pictures here.</span></p>\n"
    });
    out.push_str(&crate::page::bar::numbers(
        outline.gallery_pages(),
        page,
        |page| outline.gallery_name(page),
        "Pages of the gallery",
    ));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}

/// Links to the months, by year, in a list that opens; nothing for a single
/// month.
fn months(export: &Export, outline: &Outline) -> String {
    let mut links: BTreeMap<(i32, u32), String> = BTreeMap::new();
    for (index, id) in outline.gallery.iter().enumerate() {
        let sent = export.media.get(id.0 as usize).and_then(|medium| medium.sent);
        let Some((wall, key)) = sent.and_then(|s| Some((s.wall, moment::month_key(s.wall)?)))
        else {
            continue;
        };
        links.entry(key).or_insert_with(|| {
            let page = outline.gallery_name(index / GALLERY_PAGE);
            format!("<a href=\"{page}#{}\">{}</a>\n", anchor(wall), moment::month(wall))
        });
    }
    if links.len() < 2 {
        return String::new();
    }
    let links: String = links.into_values().collect();
    format!(
        "<details class=\"jump\"><summary>Months</summary><nav aria-label=\"Months\">{links}</nav></details>\n"
    )
}

fn anchor(wall: i64) -> String {
    moment::month_key(wall).map(|(year, month)| format!("g{year}-{month:02}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, MediaKind};
    use crate::plan::sample::Sample;
    use crate::settings::Settings;

    #[test]
    fn months_lead_to_their_first_picture_wherever_it_is() {
        let mut sample = Sample::default();
        for number in 0..GALLERY_PAGE as i64 + 2 {
            let item = sample.exported(&format!("{number}.jpg"), Kind::Jpeg, Ok(vec![]));
            sample.medium("x.jpg", MediaKind::Image, Some(item), None);
            let sent = sample.export.media[number as usize].sent.as_mut().unwrap();
            // The last two were sent in January 2025.
            sent.wall += if number < GALLERY_PAGE as i64 { 0 } else { 20 * 86_400 };
        }
        let settings = Settings::default();
        let export = &sample.export;
        let plan = sample.plan(&settings);
        let outline = Outline::new(export, &settings, "index.html");
        let first = page(export, &plan, &outline, 0);
        assert!(first.contains("<a href=\"gallery.html#g2024-12\">December 2024</a>"));
        assert!(first.contains("<a href=\"gallery-2.html#g2025-01\">January 2025</a>"));
        assert!(first.contains("id=\"g2024-12\"") && !first.contains("id=\"g2025-01\""));
        assert!(page(export, &plan, &outline, 1).contains("id=\"g2025-01\">January 2025"));
    }
}
