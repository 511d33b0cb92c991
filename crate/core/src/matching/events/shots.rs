//! What encodings of one shot give each other, and what notes and messages give them.

use std::collections::BTreeMap;

use super::confidence::{MESSAGE, NOTE, SAME_SHOT};
use super::draft::{Draft, Source};
use super::facts::{By, Facts};
use super::geo::metres;
use super::when::When;
use crate::matching::sets::Sets;
use crate::model::{Exposure, How, Made, Value, Written};

/// Seconds by which two dates of one shot may differ without one being wrong.
pub(super) const SAME_DATE_S: u64 = 300;
/// A message's time that is a whole day long is none.
const MOST_SPAN_S: u32 = 3600;

/// Files of one shot: all sets of several.
pub(super) fn clusters(count: usize, same: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut sets = Sets::new(count);
    for &(a, b) in same {
        sets.join(a, b);
    }
    sets.several()
}

/// Gives files that no camera dates the time of the shot that they are an encoding of.
pub(super) fn borrow_times(facts: &[Facts], clusters: &[Vec<usize>], times: &mut [Option<When>]) {
    for cluster in clusters {
        let Some(source) = dated(facts, times, cluster) else { continue };
        for &file in cluster.iter().filter(|&&file| facts[file].camera.is_none()) {
            times[file] = times[source];
        }
    }
}

/// The member of a cluster whose camera says when it was taken.
fn dated(facts: &[Facts], times: &[Option<When>], cluster: &[usize]) -> Option<usize> {
    let by_camera = |&&file: &&usize| {
        facts[file].camera.is_some()
            && facts[file].made.is_none()
            && times[file].is_some_and(|when| when.by == By::Camera)
    };
    cluster.iter().filter(by_camera).min_by_key(|&&file| rank(&facts[file], file)).copied()
}

/// Place and camera data before a place, before camera data, before all else.
fn rank(of: &Facts, file: usize) -> (u8, usize) {
    let rank = match (of.known_place().is_some(), of.camera.is_some()) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    };
    (rank, file)
}

/// What the files of one shot give each other.
pub(super) fn among(
    facts: &[Facts],
    times: &[Option<When>],
    own: &[Option<When>],
    cluster: &[usize],
    limit_m: f64,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let places: Vec<usize> =
        cluster.iter().copied().filter(|&file| facts[file].known_place().is_some()).collect();
    let placed = places.iter().copied().min_by_key(|&file| rank(&facts[file], file));
    let one = placed.is_some_and(|first| {
        let at = |file: usize| facts[file].known_place().map(|(place, _)| place);
        places
            .iter()
            .all(|&file| at(first).zip(at(file)).is_some_and(|(a, b)| metres(a, b) <= limit_m))
    });
    let dated = dated(facts, times, cluster);
    let camera = cluster.iter().copied().filter(|&file| facts[file].camera.is_some());
    let camera = camera.min_by_key(|&file| rank(&facts[file], file));
    for &file in cluster.iter().filter(|&&file| !facts[file].outside) {
        let of = &facts[file];
        let mut give = |source: usize, value: Value, old: Option<Value>| {
            drafts.push(Draft {
                old,
                ..Draft::new(file, value, How::Copied, vec![Source::File(source)], SAME_SHOT)
            });
        };
        if let Some(source) = placed.filter(|_| one && of.known_place().is_none()) {
            place(facts, source, &mut |value| give(source, value, None));
        }
        if let Some(source) = dated.filter(|&source| source != file)
            && let Some(when) = times[source].filter(|when| is_wrong(of, own[file], when))
        {
            let date = Written { wall: when.wall(), zone_minutes: when.zone };
            give(source, Value::Date(date), of.written.map(Value::Date));
        }
        if let Some(source) = camera.filter(|_| of.camera.is_none() && of.made.is_none()) {
            camera_data(of, &facts[source], &mut |value| give(source, value, None));
        }
    }
    drafts.extend(messages(facts, cluster, dated));
    drafts.extend(tags(facts, cluster));
    drafts
}

fn place(facts: &[Facts], source: usize, give: &mut dyn FnMut(Value)) {
    if let Some((place, altitude)) = facts[source].known_place() {
        give(Value::Place(place));
        if let Some(metres) = altitude {
            give(Value::Altitude(metres));
        }
    }
}

fn camera_data(of: &Facts, source: &Facts, give: &mut dyn FnMut(Value)) {
    if source.named != crate::model::Camera::default() {
        give(Value::Camera(source.named.clone()));
    }
    if let (None, Some(lens)) = (&of.lens, &source.lens) {
        give(Value::Lens(lens.clone()));
    }
    if of.exposure == Exposure::default() && source.exposure != Exposure::default() {
        give(Value::Exposure(source.exposure));
    }
}

/// Whether a file has no date, or one that no camera wrote and that is another one.
fn is_wrong(of: &Facts, own: Option<When>, when: &When) -> bool {
    if of.made == Some(Made::Scan) || of.written.is_none() {
        return of.written.is_none();
    }
    let Some(own) = own else { return of.camera.is_none() };
    let far = |a: i64, b: i64| a.abs_diff(b) > SAME_DATE_S;
    of.camera.is_none() && far(own.utc, when.utc) && far(own.wall(), when.wall())
}

/// The time of a message to dateless copies of what it carried.
fn messages(facts: &[Facts], cluster: &[usize], dated: Option<usize>) -> Vec<Draft> {
    let sent = cluster.iter().filter_map(|&file| Some((file, facts[file].sent.as_ref()?)));
    let sent = sent.filter(|(_, sent)| sent.span <= MOST_SPAN_S);
    let first = sent.min_by_key(|(file, sent)| (sent.wall, *file));
    let Some((message, sent)) = first.filter(|_| dated.is_none()) else { return Vec::new() };
    let bare = |&&file: &&usize| {
        let of = &facts[file];
        let noted = of.note.as_ref().is_some_and(|note| note.utc.is_some());
        !of.outside && of.written.is_none() && !noted
    };
    let value = Value::Date(Written { wall: sent.wall, zone_minutes: None });
    let from = vec![Source::File(message)];
    let draft = |&file: &usize| Draft::new(file, value.clone(), How::Chat, from.clone(), MESSAGE);
    cluster.iter().filter(bare).map(draft).collect()
}

/// All keywords of a shot to each of its files.
fn tags(facts: &[Facts], cluster: &[usize]) -> Vec<Draft> {
    let inside = cluster.iter().copied().filter(|&file| !facts[file].outside);
    let mut holders = BTreeMap::<&str, Vec<usize>>::new();
    for file in inside.clone() {
        for tag in &facts[file].tags {
            holders.entry(tag).or_default().push(file);
        }
    }
    let all: Vec<String> = holders.keys().map(|tag| (*tag).to_owned()).collect();
    let mut drafts = Vec::new();
    for file in inside.filter(|&file| facts[file].tags.len() < all.len()) {
        let lacking = holders.values().filter(|holders| !holders.contains(&file));
        let mut from: Vec<usize> = lacking.filter_map(|holders| holders.first().copied()).collect();
        from.sort_unstable();
        from.dedup();
        let from = from.into_iter().map(Source::File).collect();
        drafts.push(Draft {
            old: old_tags(&facts[file]),
            ..Draft::new(file, Value::Tags(all.clone()), How::Copied, from, SAME_SHOT)
        });
    }
    drafts
}

fn old_tags(of: &Facts) -> Option<Value> {
    (!of.tags.is_empty()).then(|| Value::Tags(of.tags.clone()))
}

/// What the note beside a file gives it.
pub(super) fn noted(facts: &[Facts], times: &[Option<When>], file: usize) -> Vec<Draft> {
    let of = &facts[file];
    let Some(note) = of.note.as_ref().filter(|_| !of.outside) else { return Vec::new() };
    let mut drafts = Vec::new();
    let mut give = |value: Value, old: Option<Value>| {
        let from = vec![Source::Note(file)];
        drafts.push(Draft { old, ..Draft::new(file, value, How::Sidecar, from, NOTE) });
    };
    if let (None, Some((place, altitude))) = (of.place, note.place) {
        give(Value::Place(place), None);
        if let Some(metres) = altitude {
            give(Value::Altitude(metres), None);
        }
    }
    if let (None, Some(utc)) = (of.written, note.utc.filter(|_| of.made != Some(Made::Scan))) {
        // In UTC, as the note has it, where no photo near it tells the zone.
        let zone = times[file].filter(|when| when.utc == utc).and_then(|when| when.zone);
        let zone = zone.unwrap_or(0);
        let date = Written { wall: utc + 60 * i64::from(zone), zone_minutes: Some(zone) };
        give(Value::Date(date), None);
    }
    let mut tags: Vec<String> = of.tags.iter().chain(&note.tags).cloned().collect();
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > of.tags.len() {
        give(Value::Tags(tags), old_tags(of));
    }
    drafts
}
