//! All photos and videos by month.

use super::bar::{self, Here, bar};
use super::frame::{self, Script};
use super::outline::{GALLERY_PAGE, Outline};
use super::{media, moment};
use crate::collect::Inventory;
use crate::plan::Plan;

/// Renders gallery page number `page`, counted from 0.
#[must_use]
pub fn page(inventory: &Inventory, plan: &Plan, outline: &Outline, page: usize) -> String {
    let mut out = frame::head(&format!("Gallery – {}", outline.title), "gallery", Script::Chat);
    out.push_str(&bar(outline, Here::Gallery));
    out.push_str("<main id=\"content\">\n<h1 class=\"hidden\">Gallery</h1>\n");
    let mut open = false;
    let mut current: Option<String> = None;
    for id in outline.gallery.iter().skip(page * GALLERY_PAGE).take(GALLERY_PAGE) {
        let Some(medium) = inventory.media.get(id.0 as usize) else { continue };
        let link = medium.message.map(|message| outline.message_link(message)).unwrap_or_default();
        let Some(tile) = media::tile(inventory, plan, *id, &link) else { continue };
        let month = medium.sent.map(|sent| moment::month(sent.wall));
        let month = month.filter(|month| !month.is_empty()).unwrap_or_else(|| "No date".to_owned());
        if current.as_ref() != Some(&month) {
            out.push_str(if open { "</div>\n" } else { "" });
            out.push_str(&format!("<h2 class=\"month\">{month}</h2>\n<div class=\"tiles\">\n"));
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
    out.push_str(&bar::numbers(
        outline.gallery_pages(),
        page,
        Outline::gallery_name,
        "Pages of the gallery",
    ));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}
