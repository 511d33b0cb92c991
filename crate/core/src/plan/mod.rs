//! Pairings and the user's answers become a [`Plan`]: data, nothing done yet.

mod answers;
pub mod names;

use std::collections::{BTreeMap, BTreeSet};

use crate::collect::{Inventory, Medium};
use crate::matching::{Decision, Pairing};
use crate::model::{Edit, Features, Item, ItemId, Kind, MediaKind, MediumId, Side};
use crate::settings::{HeicView, Settings};
pub use answers::answered;
use names::Names;

/// What the user decided about one medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The best candidate is the original.
    Accept,
    /// Keep the exported file.
    Reject,
    /// This one is the original.
    Pick(ItemId),
}

/// The user's answers, by medium.
pub type Answers = BTreeMap<MediumId, Answer>;

/// What will be done for one medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The exported file stays, at this path of the bundle.
    Keep {
        /// Below the bundle.
        path: String,
    },
    /// The original takes its place.
    Replace {
        /// The original.
        original: ItemId,
        /// Where the original goes, below the bundle.
        path: String,
        /// Where a JPEG view of it goes (HEIC, TIFF, raw).
        view: Option<String>,
        /// Where the exported file goes as well: videos (a second source that
        /// plays everywhere) and edited pictures (which stay in the chat).
        exported: Option<String>,
    },
    /// There is no file.
    Absent,
}

/// What the pages need to know about a medium to keep room for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shape {
    /// Width × height in pixels of what the chat shows, after orientation.
    pub size: Option<(u32, u32)>,
    /// Length of a video in milliseconds.
    pub duration_ms: Option<u64>,
}

/// What will be written.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One per medium, by [`MediumId`].
    pub actions: Vec<Action>,
    /// The pairings after the user's answers, one per medium.
    pub pairings: Vec<Pairing>,
    /// Other files of the export that a given HTML page needs (styles,
    /// scripts, avatars), and where they go.
    pub others: Vec<(ItemId, String)>,
    /// The given HTML pages that will be rewritten, and where they go.
    pub pages: Vec<(ItemId, String)>,
    /// Where the exported file of each medium goes if it is kept, also for
    /// those that are replaced: their original may turn out to be unreadable.
    pub kept: Vec<Option<String>>,
    /// What each medium looks like, one per medium.
    pub shapes: Vec<Shape>,
}

/// Decides what will be written; does nothing yet.
#[must_use]
pub fn plan(
    inventory: &Inventory,
    features: &[Option<Features>],
    pairings: &[Pairing],
    answers: &Answers,
    settings: &Settings,
) -> Plan {
    let pairings = answers::apply(inventory, pairings, answers);
    let mut names = reserved();
    let pages = place_pages(inventory, settings, &mut names);
    let others = place_others(inventory, &pages, settings, &mut names);
    let kept = place_kept(inventory, &pages, settings, &mut names);
    let by_medium: BTreeMap<MediumId, &Pairing> =
        pairings.iter().map(|pairing| (pairing.medium, pairing)).collect();
    let mut plan = Plan { others, pages, kept, ..Plan::default() };
    for (index, medium) in inventory.media.iter().enumerate() {
        let pairing = by_medium.get(&MediumId(index as u32)).copied();
        let action =
            action(inventory, features, medium, pairing, plan.kept[index].as_ref(), settings);
        plan.shapes.push(shape(features, medium, &action, pairing));
        plan.actions.push(action);
    }
    plan.pairings = pairings;
    plan
}

/// Names of the bundle that no file of the export may take.
fn reserved() -> Names {
    let mut names = Names::default();
    const PAGES: [&str; 7] = [
        "mapping.json",
        "report.html",
        "gallery.html",
        "search.html",
        "chat.html",
        "dates.html",
        "statistics.html",
    ];
    for name in PAGES {
        names.take(name);
    }
    names
}

fn place_pages(
    inventory: &Inventory,
    settings: &Settings,
    names: &mut Names,
) -> Vec<(ItemId, String)> {
    let wanted = |item: &Item| settings.html.is_empty() || settings.html.contains(&item.path);
    let pages = inventory.pages.iter().filter_map(|page| inventory.items.get(page.item.0 as usize));
    pages
        .filter(|item| wanted(item))
        .map(|item| (item.id, names.take(&apart(&names::safe_path(&item.path), settings))))
        .collect()
}

/// Moves a path away from the folders and page names that the bundle itself
/// fills later.
fn apart(path: &str, settings: &Settings) -> String {
    let lower = path.to_lowercase();
    let own = lower.starts_with("assets/")
        || lower.starts_with(&format!("{}/", settings.originals_folder.to_lowercase()))
        || ["messages-", "gallery-", "dates-", "report-"].iter().any(|own| lower.starts_with(own))
            && !lower.contains('/');
    if own { format!("export/{path}") } else { path.to_owned() }
}

/// With HTML pages given, what else of the export they may need: styles,
/// scripts, fonts, small pictures that are no media of the chat.
fn place_others(
    inventory: &Inventory,
    pages: &[(ItemId, String)],
    settings: &Settings,
    names: &mut Names,
) -> Vec<(ItemId, String)> {
    if pages.is_empty() {
        return Vec::new();
    }
    let taken: BTreeSet<ItemId> = inventory
        .media
        .iter()
        .filter_map(|medium| medium.item)
        .chain(inventory.pages.iter().map(|page| page.item))
        .collect();
    let rest = inventory.items.iter().filter(|item| item.side == Side::Export);
    rest.filter(|item| !taken.contains(&item.id) && serves_pages(item.name()))
        .map(|item| (item.id, names.take(&apart(&names::safe_path(&item.path), settings))))
        .collect()
}

fn serves_pages(name: &str) -> bool {
    const EXTENSIONS: [&str; 17] = [
        "css", "js", "mjs", "json", "svg", "ico", "woff", "woff2", "ttf", "otf", "eot", "map",
        "png", "jpg", "jpeg", "gif", "webp",
    ];
    let extension = names::split_extension(name).1.to_ascii_lowercase();
    EXTENSIONS.contains(&extension.as_str())
}

/// A path for the exported file of every medium, the same for media that are
/// the same file. What only a style sheet of a given page can refer to stays
/// at its own path.
fn place_kept(
    inventory: &Inventory,
    pages: &[(ItemId, String)],
    settings: &Settings,
    names: &mut Names,
) -> Vec<Option<String>> {
    let named: BTreeSet<MediumId> =
        inventory.pages.iter().flat_map(|page| page.media.iter().copied()).collect();
    let mut places: BTreeMap<ItemId, String> = BTreeMap::new();
    let mut kept = Vec::with_capacity(inventory.media.len());
    for (index, medium) in inventory.media.iter().enumerate() {
        let item = medium.item.and_then(|id| inventory.items.get(id.0 as usize));
        kept.push(item.map(|item| {
            let loose = medium.message.is_none() && !named.contains(&MediumId(index as u32));
            let place = |names: &mut Names| match loose && !pages.is_empty() {
                true => names.take(&apart(&names::safe_path(&item.path), settings)),
                false => {
                    names.take(&format!("{}/{}", names::MEDIA, names::still_name(item.name())))
                }
            };
            places.entry(item.id).or_insert_with(|| place(names)).clone()
        }));
    }
    kept
}

fn action(
    inventory: &Inventory,
    features: &[Option<Features>],
    medium: &Medium,
    pairing: Option<&Pairing>,
    kept: Option<&String>,
    settings: &Settings,
) -> Action {
    let matched = pairing.filter(|pairing| pairing.decision == Decision::Matched);
    let original = matched
        .and_then(|pairing| pairing.original)
        .and_then(|id| inventory.items.get(id.0 as usize));
    let (Some(original), Some(pairing)) = (original, matched) else {
        return match kept {
            Some(path) => Action::Keep { path: path.clone() },
            None => Action::Absent,
        };
    };
    let moving = matches!(medium.kind, MediaKind::Video | MediaKind::Gif);
    let stays = moving || pairing.edit != Edit::None;
    let kind = features.get(original.id.0 as usize).and_then(Option::as_ref).map(|f| f.kind);
    let needs_view = match kind.unwrap_or_else(|| kind_by_name(original.name())) {
        Kind::Heic => settings.heic == HeicView::View,
        Kind::Tiff | Kind::Raw => true,
        _ => false,
    };
    Action::Replace {
        original: original.id,
        path: names::original_path(&settings.originals_folder, &original.path),
        view: (needs_view && !moving && medium.kind != MediaKind::Document)
            .then(|| names::view_path(&settings.originals_folder, &original.path)),
        exported: kept.filter(|_| stays).cloned(),
    }
}

/// The last clue to what an original is, when its bytes were never seen.
fn kind_by_name(name: &str) -> Kind {
    match names::split_extension(name).1.to_ascii_lowercase().as_str() {
        "heic" | "heif" | "hif" => Kind::Heic,
        "tif" | "tiff" => Kind::Tiff,
        "dng" | "cr2" | "cr3" | "nef" | "arw" | "raf" | "orf" | "rw2" => Kind::Raw,
        _ => Kind::Unknown,
    }
}

fn shape(
    features: &[Option<Features>],
    medium: &Medium,
    action: &Action,
    pairing: Option<&Pairing>,
) -> Shape {
    let of = |id: ItemId| features.get(id.0 as usize).and_then(Option::as_ref);
    let exported = medium.item.and_then(of);
    let edited = pairing.is_some_and(|pairing| pairing.edit != Edit::None);
    let shown = match action {
        Action::Replace { original, .. } if !edited => of(*original).or(exported),
        _ => exported,
    };
    Shape {
        size: shown.and_then(|f| f.size).or_else(|| exported.and_then(|f| f.size)),
        duration_ms: shown.and_then(|f| f.video).map(|video| video.duration_ms),
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
