//! Which file of its folder a sidecar belongs to: by its name, and by what it says where
//! the name leaves a choice.

use crate::examine::metadata::{self, Beside};
use crate::model::{Features, ItemId, Kind};

/// A file of the folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub id: ItemId,
    pub name: &'a str,
    pub features: Option<&'a Features>,
}

/// Each sidecar and the file it belongs to. Of several that it may belong to it is the one
/// that it names or whose data it has; if nothing tells, but they are one shot, their only
/// raw, for programs write `STEM.xmp` beside raws, else the first. Of two shots it is none's:
/// it stays where it is.
pub(crate) fn owners(
    folder: &[Named<'_>],
    mut are_one_shot: impl FnMut(&[ItemId]) -> bool,
) -> Vec<(ItemId, ItemId)> {
    let names: Vec<&str> = folder.iter().map(|file| file.name).collect();
    let mut owners = Vec::new();
    for (at, beside) in metadata::owners(&names).into_iter().enumerate() {
        let owner = match beside {
            None => None,
            Some(Beside::One(owner)) => Some(owner),
            Some(Beside::OneOf(all)) => chosen(folder, at, &all, &mut are_one_shot),
        };
        let owner = owner.filter(|&owner| folder[owner].features.is_some_and(is_medium_of));
        owners.extend(owner.map(|owner| (folder[at].id, folder[owner].id)));
    }
    owners
}

fn chosen(
    folder: &[Named<'_>],
    sidecar: usize,
    all: &[usize],
    are_one_shot: &mut impl FnMut(&[ItemId]) -> bool,
) -> Option<usize> {
    let known = |&at: &usize| folder[at].features.map(|features| (at, folder[at].name, features));
    let known: Vec<(usize, &str, &Features)> = all.iter().filter_map(known).collect();
    let candidates: Vec<(&str, &Features)> =
        known.iter().map(|(_, name, features)| (*name, *features)).collect();
    let told = folder[sidecar].features.and_then(|of| metadata::belongs(&candidates, of));
    if let Some(place) = told {
        return known.get(place).map(|(at, ..)| *at);
    }
    let ids: Vec<ItemId> = all.iter().map(|&at| folder[at].id).collect();
    if !are_one_shot(&ids) {
        return None;
    }
    let mut raws = known.iter().filter(|(.., of)| of.kind == Kind::Raw).map(|(at, ..)| *at);
    let raw = raws.next().filter(|_| raws.next().is_none());
    raw.or_else(|| all.first().copied())
}

fn is_medium_of(features: &Features) -> bool {
    is_medium(features.kind)
}

/// Whether a sidecar can be about it.
pub(crate) fn is_medium(kind: Kind) -> bool {
    kind.is_picture() || matches!(kind, Kind::Video | Kind::Avif | Kind::Gif | Kind::Audio)
}

/// A name's stem and its ending.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}
