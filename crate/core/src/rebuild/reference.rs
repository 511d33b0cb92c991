//! Which address a given page gets for an exported file: where the file, or its
//! original, is in the bundle.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::collect::address::{Addresses, Base, Leads, rewritten};
use crate::collect::page_marks::Use;
use crate::collect::{Export, Library};
use crate::model::{ItemId, MediaKind, MediumId};
use crate::page::escape::url_path;
use crate::plan::{Action, Plan, names};

/// Where one file of the export went.
#[derive(Debug, Clone)]
struct Place {
    /// What every browser shows.
    show: String,
    /// The original, or the file itself.
    link: String,
    /// A JPEG of the original, where browsers do not show that.
    view: Option<String>,
    /// The exported file.
    own: String,
}

/// Every file of the export with its place in the bundle. Made once for all
/// pages.
pub(super) struct Places {
    pub(super) addresses: Addresses,
    by_item: BTreeMap<ItemId, Place>,
}

impl Places {
    pub(super) fn new(library: &Library, export: &Export, plan: &Plan) -> Rc<Self> {
        let own: BTreeMap<ItemId, &String> =
            plan.others.iter().chain(&plan.pages).map(|(item, path)| (*item, path)).collect();
        let mut by_item: BTreeMap<ItemId, Place> =
            own.iter().map(|(item, path)| (*item, Place::of((*path).clone()))).collect();
        let media = export.media.iter().zip(0..).filter_map(|(medium, index)| {
            medium.item.map(|item| (item, MediumId(index), medium.kind))
        });
        let copies = export.copies.iter().filter_map(|(item, medium)| {
            export.media.get(medium.0 as usize).map(|of| (*item, *medium, of.kind))
        });
        for (item, medium, kind) in media.chain(copies) {
            let own = own.get(&item).map(|path| (*path).clone());
            if let Some(place) = place(plan, medium, kind, own) {
                by_item.insert(item, place);
            }
        }
        Rc::new(Self { addresses: Addresses::new(export.items(library), &export.place), by_item })
    }

    /// The address to write instead of `raw` (as it stands in the page);
    /// `None`: it stays.
    pub(super) fn replace(&self, raw: &str, base: &Base, usage: &Use) -> Option<String> {
        let Leads::File { item, suffix } = self.addresses.leads(base, raw) else { return None };
        let place = self.by_item.get(&item)?;
        let wanted = match usage {
            Use::Show => &place.show,
            Use::Link => &place.link,
            Use::Save(name) => place.saved(name),
        };
        rewritten(base, raw, &suffix, wanted)
    }
}

impl Place {
    /// A file that stays itself.
    fn of(path: String) -> Self {
        Self { show: path.clone(), link: path.clone(), view: None, own: path }
    }

    /// Where a link leads that saves the file as `name`: to a file of that kind.
    fn saved(&self, name: &str) -> &String {
        let wanted = kind(name);
        let view = self.view.iter();
        let fit = [&self.link].into_iter().chain(view).chain([&self.own, &self.show]);
        let mut fit = fit.filter(|path| wanted.is_empty() || kind(path) == wanted);
        fit.next().unwrap_or(&self.link)
    }
}

/// The page's own file name, as a `<base>` that changes nothing and needs no
/// quotes.
pub(super) fn own_name(target: &str) -> String {
    url_path(target.rsplit('/').next().unwrap_or(target))
}

/// The kind of a file by its extension, one word for each kind.
fn kind(name: &str) -> String {
    let extension = names::split_extension(name).1.to_ascii_lowercase();
    match extension.as_str() {
        "jpeg" | "jpe" | "jfif" => "jpg".into(),
        "heif" | "hif" => "heic".into(),
        "tiff" => "tif".into(),
        "qt" => "mov".into(),
        "m4v" => "mp4".into(),
        _ => extension,
    }
}

/// `own` is where the exported file stays, if it does.
fn place(plan: &Plan, id: MediumId, kind: MediaKind, own: Option<String>) -> Option<Place> {
    Some(match plan.actions.get(id.0 as usize)? {
        Action::Absent => return None,
        Action::Keep { path } => Place::of(own.unwrap_or_else(|| path.clone())),
        Action::Replace { path, view, exported, .. } => {
            let edited = plan.pairings.get(id.0 as usize).is_some_and(|p| !p.edits.is_empty());
            let moving = matches!(kind, MediaKind::Video | MediaKind::Gif);
            let everywhere = self::kind(path) == "mp4";
            // An attribute names one file: the one that plays everywhere.
            let stays = edited || view.is_none() && !(moving && everywhere);
            let own = own.or_else(|| exported.clone());
            let kept = exported.as_ref().and(own.as_ref()).filter(|_| stays);
            let show = kept.or(view.as_ref()).unwrap_or(path).clone();
            let (link, view) = (path.clone(), view.clone());
            Place { show, own: own.unwrap_or_else(|| link.clone()), link, view }
        }
    })
}
