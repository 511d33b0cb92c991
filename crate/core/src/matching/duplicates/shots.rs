//! Joins the files of one shot, folder by folder: never by name alone, never by time
//! alone.

use std::collections::BTreeMap;

use super::contents::{Contents, Rule, Shot, Stack};
use super::sidecars::{self, Named, is_medium, split};
use crate::examine::metadata::unedited_stem;
use crate::matching::clock;
use crate::matching::sets::Sets;
use crate::matching::units::sort_best_first;
use crate::model::{Features, Item, ItemId, Kind};

/// Most seconds between the capture times of two files that one press of the shutter
/// made. Chosen, not measured.
const ONE_SHOT_S: u64 = 1;

/// What programs put behind the stem of an edited version, in lower case.
const EDITED: [&str; 7] =
    ["-edited", "_edited", "(edited)", "-bearbeitet", "-modifié", "-editado", "-modificato"];

/// All shots, and the stacks of those that have several files.
pub(super) struct Joined {
    pub shots: Vec<Shot>,
    pub stacks: Vec<Stack>,
}

/// What a file is to its shot: there is one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Raw = 1,
    Heic = 2,
    Jpg = 4,
    Video = 8,
    Edited = 16,
    Sidecar = 0,
}

/// Joins files.
struct Joining<'a> {
    contents: Contents<'a>,
    sets: Sets,
    /// Roles that are taken, by the number that stands for a set.
    taken: Vec<u8>,
    joins: Vec<(ItemId, ItemId, Rule)>,
    /// Which files are sidecars of another.
    sidecar: Vec<bool>,
    /// Which files are edited versions of another.
    edited: Vec<bool>,
}

/// Joins the files of one shot.
pub(super) fn shots(contents: Contents<'_>) -> Joined {
    let items = &contents.known.library.items;
    let mut joining = Joining {
        contents,
        sets: Sets::new(items.len()),
        taken: items.iter().map(|item| role(contents, item.id) as u8).collect(),
        joins: Vec::new(),
        sidecar: vec![false; items.len()],
        edited: vec![false; items.len()],
    };
    let mut folders = BTreeMap::<&str, Vec<ItemId>>::new();
    for item in items {
        folders.entry(folder(item)).or_default().push(item.id);
    }
    for files in folders.values() {
        joining.versions(files);
    }
    joining.proved();
    for files in folders.values() {
        joining.films(files);
        joining.motion(files);
        joining.edited(files);
        joining.sidecars(files);
    }
    joining.joined()
}

impl<'a> Joining<'a> {
    fn features(&self, id: ItemId) -> Option<&'a Features> {
        self.contents.known.features(id)
    }

    fn item(&self, id: ItemId) -> &'a Item {
        self.contents.known.item(id)
    }

    /// Makes two files one shot, if no role would be there twice and the user did not
    /// say otherwise.
    fn join(&mut self, a: ItemId, b: ItemId, rule: Rule) {
        let (first, second) = (self.sets.find(a.0 as usize), self.sets.find(b.0 as usize));
        let both = self.taken[first] & self.taken[second] != 0;
        if first == second || both || self.contents.unstacked(a, b) {
            return;
        }
        let taken = self.taken[first] | self.taken[second];
        self.sets.join(first, second);
        self.taken[first.min(second)] = taken;
        self.joins.push((a, b, rule));
    }

    /// Raw, HEIC and JPEG of one stem, one camera and one second.
    fn versions(&mut self, files: &[ItemId]) {
        let mut stems = BTreeMap::<(String, &str), Vec<ItemId>>::new();
        for &id in files {
            let Some(features) = self.features(id).filter(|of| of.kind.is_picture()) else {
                continue;
            };
            if let Some(camera) = &features.camera {
                stems.entry((stem(self.item(id).name()), camera)).or_default().push(id);
            }
        }
        for group in stems.into_values() {
            for (at, &first) in group.iter().enumerate() {
                for &second in group[at + 1..].iter().take(MOST_OF_ONE_NAME) {
                    self.join_version(first, second);
                }
            }
        }
    }

    /// Files of which the pictures proved what their names do not tell.
    fn proved(&mut self) {
        for likeness in self.contents.likenesses.all().filter(|like| like.edits.is_empty()) {
            let (first, second) = (likeness.first, likeness.second);
            let cameras = [first, second].map(|id| self.features(id)?.camera.as_ref());
            let one_camera = cameras[0].is_some() && cameras[0] == cameras[1];
            if one_camera && folder(self.item(first)) == folder(self.item(second)) {
                self.join_version(first, second);
            }
        }
    }

    fn join_version(&mut self, a: ItemId, b: ItemId) {
        let (Some(first), Some(second)) = (self.features(a), self.features(b)) else { return };
        let raw = first.kind == Kind::Raw || second.kind == Kind::Raw;
        if still(first.kind) != still(second.kind) && is_one_press(first, second) {
            self.join(a, b, if raw { Rule::RawJpg } else { Rule::HeicJpg });
        }
    }

    /// Photo and video of one content identifier; of several photos that have it, the one
    /// of the video's stem.
    fn films(&mut self, files: &[ItemId]) {
        let mut pictures = BTreeMap::<&str, Vec<ItemId>>::new();
        for &id in files {
            let Some(features) = self.features(id).filter(|of| of.kind.is_picture()) else {
                continue;
            };
            if let Some(content) = &features.content_id {
                pictures.entry(content).or_default().push(id);
            }
        }
        for &video in files {
            let Some(features) = self.features(video).filter(|of| of.kind == Kind::Video) else {
                continue;
            };
            let found = features.content_id.as_ref().and_then(|id| pictures.get(id.as_str()));
            let own = stem(self.item(video).name());
            let mut found = found.cloned().unwrap_or_default();
            found.sort_by_key(|&id| {
                let name = self.item(id).name();
                (stem(name) != own, edited_from(name).is_some(), name)
            });
            let before = self.joins.len();
            for picture in found {
                if self.joins.len() == before {
                    self.join(picture, video, Rule::LivePhoto);
                }
            }
        }
    }

    /// A motion photo beside the film that it holds, in a file of its own.
    fn motion(&mut self, files: &[ItemId]) {
        let mut films = BTreeMap::<String, Vec<ItemId>>::new();
        for &id in files {
            if self.features(id).is_some_and(|features| features.kind == Kind::Video) {
                films.entry(stem(self.item(id).name())).or_default().push(id);
            }
        }
        for &id in files {
            let Some(features) = self.features(id).filter(|of| of.kind.is_picture()) else {
                continue;
            };
            let motion = features.metadata.as_ref().and_then(|metadata| metadata.motion);
            let Some(motion) = motion else { continue };
            let beside = films.get(&stem(self.item(id).name())).cloned().unwrap_or_default();
            for film in beside {
                let whole = self.item(film).size == motion.bytes;
                if whole || self.features(film).is_some_and(|of| is_one_press(features, of)) {
                    self.join(id, film, Rule::MotionPhoto);
                }
            }
        }
    }

    /// Edited versions beside their originals: of one camera and one second, or of one
    /// content identifier.
    fn edited(&mut self, files: &[ItemId]) {
        let pictures = files
            .iter()
            .filter(|&&id| self.features(id).is_some_and(|features| features.kind.is_picture()));
        let mut stems = BTreeMap::<String, Vec<ItemId>>::new();
        for &id in pictures {
            stems.entry(stem(self.item(id).name())).or_default().push(id);
        }
        for &id in files {
            let Some(base) = edited_from(self.item(id).name()) else { continue };
            let Some(own) = self.features(id).filter(|of| of.kind.is_picture()) else { continue };
            let is_its = |of: &Features| {
                let camera = own.camera.is_some() && own.camera == of.camera;
                let content = own.content_id.is_some() && own.content_id == of.content_id;
                content || camera && is_one_press(own, of)
            };
            let original = stems.get(&base).into_iter().flatten().copied();
            let original = original
                .filter(|&of| of != id && self.features(of).is_some_and(is_its))
                .min_by_key(|&of| self.item(of).name());
            let Some(original) = original else { continue };
            // Joined to something already, it is no loose version.
            if self.sets.find(id.0 as usize) == id.0 as usize {
                self.taken[id.0 as usize] = Role::Edited as u8;
                self.join(original, id, Rule::Edited);
                self.edited[id.0 as usize] =
                    self.joins.last().is_some_and(|(_, version, _)| *version == id);
            }
        }
    }

    fn sidecars(&mut self, files: &[ItemId]) {
        let named = |&id: &ItemId| {
            let features = self.features(id);
            Named { id, name: self.item(id).name(), features }
        };
        let named: Vec<Named<'_>> = files.iter().map(named).collect();
        let sets = &mut self.sets;
        let one_shot = |ids: &[ItemId]| {
            let first = ids.first().map(|id| sets.find(id.0 as usize));
            ids.iter().all(|id| Some(sets.find(id.0 as usize)) == first)
        };
        for (sidecar, owner) in sidecars::owners(&named, one_shot) {
            let before = self.joins.len();
            self.join(owner, sidecar, Rule::Sidecar);
            self.sidecar[sidecar.0 as usize] = self.joins.len() > before;
        }
    }

    fn joined(mut self) -> Joined {
        let items = &self.contents.known.library.items;
        let mut sets = BTreeMap::<usize, Vec<ItemId>>::new();
        for item in items {
            sets.entry(self.sets.find(item.id.0 as usize)).or_default().push(item.id);
        }
        let shots = sets.into_values().map(|files| self.shot(files)).collect();
        Joined { shots, stacks: stacks(&self.joins, items.len(), &self) }
    }

    /// The files of a shot, the one that stands for it first.
    fn shot(&self, mut files: Vec<ItemId>) -> Shot {
        sort_best_first(self.contents.known, &mut files);
        files.sort_by_key(|&id| {
            let at = id.0 as usize;
            let video = self.features(id).is_some_and(|features| features.kind == Kind::Video);
            (self.sidecar[at], video, self.edited[at])
        });
        let media = files.iter().filter(|id| !self.sidecar[id.0 as usize]).count();
        Shot { media: media.max(1), files }
    }
}

/// The files that each rule joined.
fn stacks(joins: &[(ItemId, ItemId, Rule)], count: usize, joining: &Joining<'_>) -> Vec<Stack> {
    let mut rules: Vec<Rule> = joins.iter().map(|(.., rule)| *rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut stacks = Vec::new();
    for rule in rules {
        let mut sets = Sets::new(count);
        for (a, b, _) in joins.iter().filter(|(.., of)| *of == rule) {
            sets.join(a.0 as usize, b.0 as usize);
        }
        for set in sets.several() {
            let files = set.into_iter().map(|at| ItemId(at as u32)).collect();
            stacks.push(Stack { files: joining.shot(files).files, rule });
        }
    }
    stacks
}

/// Most files of one stem and camera in a folder that each is held against. Chosen, not
/// measured.
const MOST_OF_ONE_NAME: usize = 16;

fn role(contents: Contents<'_>, id: ItemId) -> Role {
    match contents.known.features(id).map(|features| features.kind) {
        Some(Kind::Video) => Role::Video,
        Some(kind) if is_medium(kind) => still(kind),
        _ => Role::Sidecar,
    }
}

fn still(kind: Kind) -> Role {
    match kind {
        Kind::Raw => Role::Raw,
        Kind::Heic => Role::Heic,
        _ => Role::Jpg,
    }
}

/// Whether two cameras' times allow one press of the shutter.
pub(super) fn is_one_press(a: &Features, b: &Features) -> bool {
    match (clock::moment(a), clock::moment(b)) {
        (Some(a), Some(b)) => {
            let cameras = a.by_camera && b.by_camera && a.face == b.face;
            cameras && a.seconds.abs_diff(b.seconds) <= ONE_SHOT_S
        }
        _ => false,
    }
}

/// The folder in which a file lies, as its path says it.
pub(super) fn folder(item: &Item) -> &str {
    item.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a shot's files without what tells them apart: their ending, and what a
/// Pixel writes (`PXL_1.RAW-01.COVER.jpg`, `PXL_1.MP.jpg`).
fn stem(name: &str) -> String {
    let stem = split(name).0.to_lowercase();
    let end = stem.find(".raw-0").unwrap_or(stem.len());
    let stem = &stem[..end];
    stem.strip_suffix(".mp").unwrap_or(stem).to_owned()
}

/// The stem of the original of which this name says that it was edited.
fn edited_from(name: &str) -> Option<String> {
    let stem = stem(name);
    let ended = EDITED.iter().find_map(|end| stem.strip_suffix(end));
    unedited_stem(&stem)
        .map(|stem| stem.to_lowercase())
        .or_else(|| Some(ended?.trim_end().to_owned()))
}
