//! Pairings and the user's answers become a [`Plan`]: data, nothing done yet.

mod answers;
pub mod names;
mod own_names;
pub mod places;
pub mod trash;

use std::collections::BTreeMap;

use crate::collect::{Export, Library, Medium};
use crate::matching::{Decision, Pairing};
use crate::model::{Edit, Features, Item, ItemId, Kind, MediaKind, MediumId, Size};
use crate::settings::{HeicView, Settings};
pub use answers::{Answer, Answers, answered};
use names::Names;
pub use own_names::OwnNames;

/// What will be done for one medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The exported file stays, at this path of the bundle.
    Keep {
        /// Below the bundle.
        path: String,
    },
    /// The original takes its place in the chat.
    Replace {
        /// The original.
        original: ItemId,
        /// Where the original goes, below the bundle.
        path: String,
        /// Where a JPEG view of it goes (HEIC, TIFF, raw).
        view: Option<String>,
        /// Where the exported file goes, too: of videos, as a second source that
        /// plays everywhere; of edited pictures, which stay in the chat.
        exported: Option<String>,
    },
    /// There is no file.
    Absent,
}

/// What the pages need to know about a medium to keep its place before it is
/// loaded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shape {
    /// Of what the chat shows, after orientation.
    pub size: Option<Size>,
    /// Length of a video in milliseconds.
    pub duration_ms: Option<u64>,
    /// Bytes of the exported file.
    pub bytes: Option<u64>,
}

/// What will be written.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// One per medium, by [`MediumId`].
    pub actions: Vec<Action>,
    /// The pairings after the user's answers, one per medium.
    pub pairings: Vec<Pairing>,
    /// With given HTML pages: every other file of the export at its own path, also
    /// if its original is linked, because scripts and styles may name it.
    pub others: Vec<(ItemId, String)>,
    /// The given HTML pages that will be rewritten, and where they go.
    pub pages: Vec<(ItemId, String)>,
    /// What Heirloom's own files are called.
    pub own: OwnNames,
    /// Where the exported file of each medium goes if it is kept. Also for media
    /// that are replaced: their original may turn out to be unreadable.
    pub kept: Vec<Option<String>>,
    /// What each medium looks like, one per medium.
    pub shapes: Vec<Shape>,
}

/// Decides what will be written; writes nothing.
#[must_use]
pub fn plan(
    library: &Library,
    export: &Export,
    features: &[Option<Features>],
    pairings: &[Pairing],
    answers: &Answers,
    settings: &Settings,
) -> Plan {
    let pairings = answers::apply(library, export, pairings, answers);
    let placed = match export.pages.is_empty() {
        true => place_media(library, export),
        false => place_export(library, export, settings),
    };
    let Placed { others, pages, kept, own, names } = placed;
    let by_medium: BTreeMap<MediumId, &Pairing> =
        pairings.iter().map(|pairing| (pairing.medium, pairing)).collect();
    let mut plan = Plan { others, pages, kept, own, ..Plan::default() };
    for (index, medium) in export.media.iter().enumerate() {
        let pairing = by_medium.get(&MediumId(index as u32)).copied();
        let kept = plan.kept[index].as_ref();
        let revealed = is_revealed(medium, MediumId(index as u32), answers, settings);
        let action = match pairing {
            Some(pairing) if is_behind_cover(pairing) && !revealed => stay(kept),
            _ => action(library, features, medium, pairing, kept, settings),
        };
        let action = beside(action, &names);
        let bytes = medium.item.and_then(|id| library.get(id)).map(|item| item.size);
        plan.shapes.push(Shape { bytes, ..shape(features, medium, &action, pairing) });
        plan.actions.push(action);
    }
    plan.pairings = pairings;
    plan
}

/// Where the files of the export go.
#[derive(Default)]
struct Placed {
    others: Vec<(ItemId, String)>,
    pages: Vec<(ItemId, String)>,
    kept: Vec<Option<String>>,
    own: OwnNames,
    names: Names,
}

/// Places for a bundle without given pages: all files that stay go into one folder.
fn place_media(library: &Library, export: &Export) -> Placed {
    let mut placed = Placed::default();
    let mut places: BTreeMap<ItemId, String> = BTreeMap::new();
    for medium in &export.media {
        let item = medium.item.and_then(|id| library.get(id));
        placed.kept.push(item.map(|item| {
            let path = || format!("{}/{}", names::MEDIA, names::still_name(item.name()));
            places.entry(item.id).or_insert_with(|| placed.names.take(&path())).clone()
        }));
    }
    placed
}

/// Places for a bundle with given pages: every file of the export stays at its own
/// path, because a script, a style or a list of names may name it. Heirloom's own
/// files get other names.
fn place_export(library: &Library, export: &Export, settings: &Settings) -> Placed {
    let mut placed = Placed::default();
    placed.names.reserve_folder(&names::safe_name(&settings.originals_folder));
    placed.names.take(names::LIST);
    let (outside, inside): (Vec<&Item>, Vec<&Item>) =
        export.items(library).iter().partition(|item| item.is_beside());
    let mut places: BTreeMap<ItemId, String> = BTreeMap::new();
    for item in inside {
        places.insert(item.id, placed.names.take(&names::own_path(&item.path)));
    }
    for item in outside {
        let path = names::own_path(below_its_page(&item.path, settings));
        places.insert(item.id, placed.names.take(&path));
    }
    let drawn = export.chat.is_some();
    for medium in &export.media {
        let item = medium.item.and_then(|id| library.get(id));
        placed.kept.push(item.and_then(|item| match drawn && names::is_active(item.name()) {
            // The chat that is drawn leads to no file that runs.
            true => {
                let still = format!("{}/{}", names::MEDIA, names::still_name(item.name()));
                Some(placed.names.take(&still))
            }
            false => places.get(&item.id).cloned(),
        }));
    }
    for page in &export.pages {
        placed.pages.extend(places.remove(&page.item).map(|path| (page.item, path)));
    }
    placed.own = OwnNames::beside(&placed.names, drawn);
    placed.others = places.into_iter().collect();
    placed
}

/// The path of a file outside the export as seen from the folder of the page that
/// was asked for, which becomes the top of the bundle.
fn below_its_page<'a>(path: &'a str, settings: &Settings) -> &'a str {
    let folders = settings.html.iter().filter_map(|page| Some(page.rsplit_once('/')?.0));
    let below = folders.filter(|folder| folder.starts_with("..")).filter_map(|folder| {
        path.strip_prefix(folder)?.strip_prefix('/').filter(|rest| !rest.starts_with("../"))
    });
    let name = path.rsplit('/').next().unwrap_or(path);
    below.min_by_key(|rest| rest.len()).unwrap_or(name)
}

fn action(
    library: &Library,
    features: &[Option<Features>],
    medium: &Medium,
    pairing: Option<&Pairing>,
    kept: Option<&String>,
    settings: &Settings,
) -> Action {
    let matched = pairing.filter(|pairing| pairing.decision == Decision::Matched);
    let original = matched.and_then(|pairing| pairing.original).and_then(|id| library.get(id));
    let (Some(original), Some(pairing)) = (original, matched) else {
        return stay(kept);
    };
    let moving = matches!(medium.kind, MediaKind::Video | MediaKind::Gif);
    let stays = moving || !pairing.edits.is_empty();
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

/// The exported file stays, if there is one.
fn stay(kept: Option<&String>) -> Action {
    kept.map_or(Action::Absent, |path| Action::Keep { path: path.clone() })
}

/// Whether an original was found, of which a part was hidden before it was sent.
#[must_use]
pub fn is_behind_cover(pairing: &Pairing) -> bool {
    pairing.decision == Decision::Matched && pairing.edits.contains(Edit::Cover)
}

/// Whether the user wants to have the original of this medium although a part of it
/// was hidden.
fn is_revealed(medium: &Medium, id: MediumId, answers: &Answers, settings: &Settings) -> bool {
    matches!(answers.get(&id), Some(Answer::Reveal(_))) || settings.reveal.contains(&medium.name)
}

/// Whether the original was found and stays out of the bundle, because a part of it
/// was hidden before it was sent and the user did not reveal it.
#[must_use]
pub fn stays_hidden(pairing: &Pairing, action: &Action) -> bool {
    is_behind_cover(pairing) && !matches!(action, Action::Replace { .. })
}

/// Moves an original aside where a file of the export has its place: the export may
/// be a bundle that was made before.
fn beside(action: Action, names: &Names) -> Action {
    match action {
        Action::Replace { original, path, view, exported } => Action::Replace {
            original,
            path: names.free(&path),
            view: view.map(|view| names.free(&view)),
            exported,
        },
        other => other,
    }
}

/// The kind of an original whose bytes were never seen, by its name.
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
    let edited = pairing.is_some_and(|pairing| !pairing.edits.is_empty());
    let shown = match action {
        Action::Replace { original, .. } if !edited => of(*original).or(exported),
        _ => exported,
    };
    Shape {
        size: shown.and_then(|f| f.size).or_else(|| exported.and_then(|f| f.size)),
        duration_ms: shown.and_then(|f| f.video).and_then(|video| video.duration_ms),
        bytes: None,
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
