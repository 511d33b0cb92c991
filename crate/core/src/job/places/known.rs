//! What is known of the files becomes what events ask: sidecars and notes beside their
//! files.

use std::collections::BTreeMap;

use crate::collect::Library;
use crate::examine::metadata::{Sidecar, overrule};
use crate::matching::duplicates::sidecars::{Named, is_medium, owners};
use crate::matching::events::{Facts, Look, Note, Sent};
use crate::model::{Features, ItemId, Kind, Place, Taken};

/// Which file each of the facts is, and back.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The file of each of the facts.
    pub items: Vec<ItemId>,
    /// The facts of each file, by its number.
    pub facts: Vec<Option<usize>>,
}

/// The facts of every photo and video.
pub(super) fn facts(
    library: &Library,
    features: &[Option<Features>],
    own: usize,
    sent: &BTreeMap<ItemId, Sent>,
) -> (Vec<Facts>, Known) {
    let mut known = Known { items: Vec::new(), facts: vec![None; library.items.len()] };
    let mut facts = Vec::new();
    let beside = beside(library, features, own);
    for item in &library.items {
        let Some(of) = features[item.id.0 as usize].as_ref().filter(|of| is_shot(of.kind)) else {
            continue;
        };
        let empty = Vec::new();
        let files = beside.get(&item.id).unwrap_or(&empty);
        let mut fact = match files.iter().any(|id| is_xmp(library, *id)) {
            false => Facts::of(&item.path, of),
            true => {
                let mut whole = without_looks(of);
                let packets = files.iter().filter(|id| is_xmp(library, **id));
                for said in packets.filter_map(|id| features[id.0 as usize].as_ref()) {
                    overrule(&mut whole, said);
                }
                Facts::of(&item.path, &whole)
            }
        };
        if let Some(note) = files.iter().find_map(|id| note_of(library, features, *id)) {
            fact.add_note(note);
        }
        fact.outside = item.id.0 as usize >= own;
        fact.sent = sent.get(&item.id).cloned();
        known.facts[item.id.0 as usize] = Some(facts.len());
        known.items.push(item.id);
        facts.push(fact);
    }
    (facts, known)
}

/// What pictures look like, of those that a camera took.
pub(super) fn looks<'a>(
    features: &'a [Option<Features>],
    facts: &'a [Facts],
    known: &Known,
) -> Vec<Look<'a>> {
    let look = |(at, id): (usize, &ItemId)| {
        let (of, fact) = (features[id.0 as usize].as_ref()?, &facts[at]);
        let camera = fact.camera.as_deref().filter(|_| fact.made.is_none() && !fact.outside)?;
        Some(Look {
            at,
            camera: (camera, fact.serial.as_deref()),
            print: of.fingerprint.filter(|_| of.kind.is_picture())?,
            miniature: of.miniature.as_ref()?,
        })
    };
    known.items.iter().enumerate().filter_map(look).collect()
}

fn is_shot(kind: Kind) -> bool {
    is_medium(kind) && kind != Kind::Audio
}

fn is_xmp(library: &Library, id: ItemId) -> bool {
    Sidecar::of(library[id].name()) == Some(Sidecar::Xmp)
}

/// The sidecars and notes of each file.
fn beside(
    library: &Library,
    features: &[Option<Features>],
    own: usize,
) -> BTreeMap<ItemId, Vec<ItemId>> {
    let mut folders = BTreeMap::<&str, Vec<ItemId>>::new();
    for item in &library.items[..own] {
        let folder = item.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(item.id);
    }
    let mut beside = BTreeMap::<ItemId, Vec<ItemId>>::new();
    for files in folders.values() {
        let named = |&id: &ItemId| Named {
            id,
            name: library[id].name(),
            features: features[id.0 as usize].as_ref(),
        };
        let named: Vec<Named<'_>> = files.iter().map(named).collect();
        // What is not known to be one shot is left to the names.
        for (sidecar, owner) in owners(&named, |_| false) {
            beside.entry(owner).or_default().push(sidecar);
        }
    }
    beside
}

/// What a note of Google's Takeout says.
fn note_of(library: &Library, features: &[Option<Features>], id: ItemId) -> Option<Note> {
    if Sidecar::of(library[id].name()) != Some(Sidecar::Takeout) {
        return None;
    }
    let of = features[id.0 as usize].as_ref()?;
    let metadata = of.metadata.as_deref();
    let altitude = metadata.and_then(|metadata| metadata.altitude_m);
    Some(Note {
        path: library[id].path.clone(),
        place: of.place.map(|(lat, lon)| (Place { lat, lon }, altitude)),
        utc: match of.taken {
            Some(Taken::Utc(utc)) if of.time_source.is_some_and(is_inside) => Some(utc),
            _ => None,
        },
        tags: metadata.map(|metadata| metadata.tags.clone()).unwrap_or_default(),
    })
}

fn is_inside(source: crate::model::TimeSource) -> bool {
    source == crate::model::TimeSource::Sidecar
}

/// Features without what a picture looks like, which is most of their bytes.
fn without_looks(of: &Features) -> Features {
    Features {
        size: of.size,
        taken: of.taken,
        zone_minutes: of.zone_minutes,
        sub_millis: of.sub_millis,
        time_source: of.time_source,
        next_clue: of.next_clue,
        place: of.place,
        camera: of.camera.clone(),
        content_id: of.content_id.clone(),
        metadata: of.metadata.clone(),
        ..Features::new(of.kind)
    }
}
