//! Everything in order: clocks, times, groups, values, contradictions.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::Asked;
use super::bodies::Bodies;
use super::clocks::{self, Clock};
use super::confidence::{ON, probability};
use super::conflicts::{Clash, clashes};
use super::draft::{Draft, Source};
use super::facts::{By, Facts, drop_days};
use super::fields::{Near, of_clash};
use super::fixes::{Fixes, Who};
use super::gather::gather;
use super::geo::metres;
use super::shots;
use super::track::Track;
use super::when::{When, times};
use crate::matching::sets::Sets;
use crate::model::{Field, How, Value};

/// Most files that one contradiction names. Chosen, not measured.
const MOST_NAMED: usize = 64;

/// What is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub facts: Vec<Facts>,
    /// Files of one shot, by their places among the facts.
    pub same: Vec<(usize, usize)>,
    /// Pictures of different cameras that look like one scene.
    pub alike: Vec<(usize, usize)>,
    pub tracks: Vec<Track>,
}

/// A suggested change of one field of one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub file: usize,
    pub value: Value,
    pub old: Option<Value>,
    pub how: How,
    pub from: Vec<Source>,
    /// 0 to 1.
    pub confidence: f64,
    /// Whether it is on by itself.
    pub on: bool,
    /// Kilometres an hour between its two sources, if they are far apart.
    pub speed_kmh: Option<f64>,
}

/// Sources that contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conflict {
    pub field: Field,
    pub files: Vec<Source>,
    /// How far apart they are at most.
    pub metres: f64,
}

/// Why files are one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// They follow each other within the limit of time.
    Time,
    /// They are at one place.
    Place,
    /// Two cameras took one scene.
    Look,
    /// They are encodings of one shot.
    Shot,
    /// They lie in one folder.
    Folder,
    /// A note lies beside the file.
    Note,
    /// A message carried it.
    Chat,
    /// A track was there at that time.
    Track,
}

/// Files of one event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// By time, then by path.
    pub files: Vec<usize>,
    /// When it begins, on the wall of its place.
    pub wall: Option<i64>,
    pub confidence: f64,
    pub because: Vec<Because>,
    pub changes: Vec<Change>,
    pub conflicts: Vec<Conflict>,
}

/// What is suggested.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Suggestions {
    pub clocks: Vec<Clock>,
    pub groups: Vec<Group>,
    /// Films whose time was taken for that of the wall.
    pub assumed: Vec<usize>,
    /// Files whose date has no time.
    pub days: Vec<usize>,
}

/// Works everything out.
pub(crate) fn suggest(seen: &mut Seen, asked: &Asked) -> Suggestions {
    let dated: Vec<bool> = seen.facts.iter().map(|of| of.stamp.is_some()).collect();
    drop_days(&mut seen.facts);
    let Seen { facts, same, alike, tracks } = &*seen;
    let mut bodies = Bodies::new(facts);
    let clocks = clocks::clocks(facts, &mut bodies, alike, &asked.locked);
    let own = times(facts, &bodies, &clocks, tracks);
    let clusters = shots::clusters(facts.len(), same);
    let mut times = own.clone();
    shots::borrow_times(facts, &clusters, &mut times);
    let fixes = Fixes::new(facts, &times, &bodies.of, tracks);
    let clashes = clashes(&fixes, asked.seconds(), f64::from(asked.metres));
    let names = |who: Who| match who {
        Who::File(at) => facts[at].path.as_str(),
        Who::Track(at) => tracks[at].path.as_str(),
    };
    let near = Near {
        facts,
        times: &times,
        bodies: &bodies,
        clocks: &clocks,
        fixes: &fixes,
        clashes: &clashes,
        names: &names,
        asked,
    };
    let mut found = Found::default();
    for cluster in &clusters {
        found.take(shots::among(facts, &times, &own, cluster, f64::from(asked.metres)));
    }
    for file in 0..facts.len() {
        found.take(shots::noted(facts, &times, file));
        found.take(near.date(file));
        if !found.has(file, Field::Place) {
            let (drafts, open) = near.place(file);
            found.take(drafts);
            found.open.extend(open.into_iter().map(|clash| (file, clash)));
        }
    }
    let mut sets = Sets::new(facts.len());
    gather(facts, &times, asked, &mut sets);
    let days = (0..facts.len()).filter(|&at| dated[at] && facts[at].stamp.is_none()).collect();
    let whole = Whole { seen, times: &times, fixes: &fixes, clashes: &clashes, asked };
    let groups = whole.groups(found, &clusters, &mut sets);
    let in_groups: BTreeSet<usize> =
        groups.iter().flat_map(|group| group.files.iter().copied()).collect();
    let film = |&at: &usize| times[at].is_some_and(|when| when.by == By::Film);
    let assumed = in_groups.into_iter().filter(film).collect();
    Suggestions { clocks, groups, assumed, days }
}

/// Values by file and field, the surest of each, and what is open.
#[derive(Default)]
struct Found {
    drafts: BTreeMap<(usize, Field), Draft>,
    open: Vec<(usize, Clash)>,
}

impl Found {
    fn take(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        for draft in drafts {
            let key = (draft.file, draft.value.field());
            let known = self.drafts.get_mut(&key);
            match (known, draft.value) {
                // Keywords of two sources are joined.
                (Some(known), Value::Tags(more)) => {
                    if let Value::Tags(tags) = &mut known.value {
                        tags.extend(more);
                        tags.sort_unstable();
                        tags.dedup();
                    }
                    known.from.extend(draft.from);
                }
                (Some(_), _) => {}
                (None, value) => drop(self.drafts.insert(key, Draft { value, ..draft })),
            }
        }
    }

    fn has(&self, file: usize, field: Field) -> bool {
        self.drafts.contains_key(&(file, field))
    }
}

/// What groups are made of.
struct Whole<'a> {
    seen: &'a Seen,
    times: &'a [Option<When>],
    fixes: &'a Fixes,
    clashes: &'a [Clash],
    asked: &'a Asked,
}

impl Whole<'_> {
    /// Joins what belongs together, and makes the groups of more than one file or with
    /// something to change.
    fn groups(&self, found: Found, clusters: &[Vec<usize>], sets: &mut Sets) -> Vec<Group> {
        let facts = &self.seen.facts;
        let inside = |file: usize| !facts[file].outside;
        for cluster in clusters {
            let mut files = cluster.iter().copied().filter(|&file| inside(file));
            if let Some(first) = files.next() {
                files.for_each(|file| sets.join(first, file));
            }
        }
        // A corrected date names scenes of the clock, wherever they are.
        for draft in found.drafts.values().filter(|draft| draft.how != How::Clock) {
            for source in &draft.from {
                if let Source::File(at) = *source
                    && inside(at)
                {
                    sets.join(draft.file, at);
                }
            }
        }
        for (file, clash) in &found.open {
            for (_, who) in of_clash(self.fixes, clash) {
                if let Who::File(at) = who {
                    sets.join(*file, at);
                }
            }
        }
        let mut files = BTreeMap::<usize, Vec<usize>>::new();
        for file in (0..facts.len()).filter(|&file| inside(file)) {
            files.entry(sets.find(file)).or_default().push(file);
        }
        let mut changes = BTreeMap::<usize, Vec<Change>>::new();
        for draft in found.drafts.into_values() {
            changes.entry(sets.find(draft.file)).or_default().push(change(draft));
        }
        let mut conflicts = self.conflicts(sets, &found.open);
        for cluster in clusters {
            if let Some(conflict) = self.of_shot(cluster) {
                let first = conflict.files.first().copied();
                if let Some(Source::File(file)) = first {
                    conflicts.entry(sets.find(file)).or_default().push(conflict);
                }
            }
        }
        let shots: BTreeSet<usize> =
            clusters.iter().flatten().filter(|&&file| inside(file)).copied().collect();
        let looks: BTreeSet<usize> = self.seen.alike.iter().flat_map(|&(a, b)| [a, b]).collect();
        let mut groups = Vec::new();
        for (set, files) in files {
            let changes = changes.remove(&set).unwrap_or_default();
            if files.len() < 2 && changes.is_empty() {
                continue;
            }
            let conflicts = conflicts.remove(&set).unwrap_or_default();
            groups.push(self.group(files, changes, conflicts, &shots, &looks));
        }
        groups.sort_by(|a, b| {
            let first = |group: &Group| group.files.first().map(|&at| &facts[at].path);
            a.wall.cmp(&b.wall).then_with(|| first(a).cmp(&first(b)))
        });
        groups
    }

    fn group(
        &self,
        mut files: Vec<usize>,
        changes: Vec<Change>,
        conflicts: Vec<Conflict>,
        shots: &BTreeSet<usize>,
        looks: &BTreeSet<usize>,
    ) -> Group {
        let facts = &self.seen.facts;
        let time = |at: usize| self.times[at].map(|when| (when.utc, when.millis));
        files.sort_by(|&a, &b| {
            let known = |at: usize| (time(at).is_none(), time(at));
            known(a).cmp(&known(b)).then_with(|| facts[a].path.cmp(&facts[b].path))
        });
        let timed = files.iter().filter(|&&at| self.times[at].is_some()).count();
        let mut because = BTreeSet::new();
        let mut say = |is: bool, why: Because| is.then(|| because.insert(why));
        say(timed > 1, Because::Time);
        say(self.is_one_place(&files), Because::Place);
        say(files.iter().filter(|&at| looks.contains(at)).count() > 1, Because::Look);
        say(files.iter().filter(|&at| shots.contains(at)).count() > 1, Because::Shot);
        let folder = facts[files[0]].folder();
        let one = files.len() > 1 && files.iter().all(|&at| facts[at].folder() == folder);
        say(one, Because::Folder);
        say(changes.iter().any(|change| change.how == How::Sidecar), Because::Note);
        say(changes.iter().any(|change| change.how == How::Chat), Because::Chat);
        let track = |source: &Source| matches!(source, Source::Track(_));
        say(changes.iter().any(|change| change.from.iter().any(track)), Because::Track);
        let because: Vec<Because> = because.into_iter().collect();
        let confidence = match changes.iter().map(|change| change.confidence).reduce(f64::min) {
            Some(least) => least,
            None => probability(because.iter().map(|why| weight(*why)).sum()),
        };
        let wall = files.iter().find_map(|&at| self.times[at]).map(|when| when.wall());
        Group { files, wall, confidence, because, changes, conflicts }
    }

    /// Whether all places of a group lie within the limit of the first.
    fn is_one_place(&self, files: &[usize]) -> bool {
        let place = |&at: &usize| self.seen.facts[at].known_place().map(|(place, _)| place);
        let mut places = files.iter().filter_map(place);
        let Some(first) = places.next() else { return false };
        let limit = f64::from(self.asked.metres);
        let (mut more, mut one) = (false, true);
        for place in places {
            more = true;
            one &= metres(first, place) <= limit;
        }
        more && one
    }

    /// Encodings of one shot that say different places.
    fn of_shot(&self, cluster: &[usize]) -> Option<Conflict> {
        let facts = &self.seen.facts;
        let placed = cluster.iter().filter(|&&file| !facts[file].outside);
        let place = |&file: &usize| Some((file, facts[file].known_place()?.0));
        let placed: Vec<(usize, crate::model::Place)> =
            placed.filter_map(place).take(MOST_NAMED).collect();
        let (_, first) = *placed.first()?;
        let far = placed.iter().map(|(_, place)| metres(first, *place)).fold(0.0, f64::max);
        let files = placed.iter().map(|(file, _)| Source::File(*file)).collect();
        let conflict = Conflict { field: Field::Place, files, metres: libm::round(far) };
        (far > f64::from(self.asked.metres)).then_some(conflict)
    }

    /// The contradictions within each group: one for each pair of sources.
    fn conflicts(
        &self,
        sets: &mut Sets,
        open: &[(usize, Clash)],
    ) -> BTreeMap<usize, Vec<Conflict>> {
        let mut by_group = BTreeMap::<_, (BTreeSet<Source>, f64)>::new();
        let asked = open.iter().map(|(file, clash)| (Some(*file), clash));
        for (target, clash) in self.clashes.iter().map(|clash| (None, clash)).chain(asked) {
            let both = of_clash(self.fixes, clash);
            let mut set = |who: Who| match who {
                Who::File(at) => Some(sets.find(at)),
                Who::Track(_) => None,
            };
            let [a, b] = both.map(|(_, who)| set(who));
            let target = target.map(|file| sets.find(file));
            // A track is in no group: it contradicts where it leaves something open.
            let group = match (a, b) {
                (Some(a), Some(b)) if a == b => a,
                _ => match target {
                    Some(target) => target,
                    None => continue,
                },
            };
            let mut carriers = both.map(|(carrier, _)| carrier);
            carriers.sort_unstable();
            let (files, metres) = by_group.entry((group, carriers)).or_default();
            *metres = metres.max(clash.metres);
            let sources = both.map(|(_, who)| match who {
                Who::File(at) => Source::File(at),
                Who::Track(at) => Source::Track(at),
            });
            if files.len() + 2 <= MOST_NAMED {
                files.extend(sources);
            }
        }
        let mut conflicts = BTreeMap::<usize, Vec<Conflict>>::new();
        for ((group, _), (files, metres)) in by_group {
            let files = files.into_iter().collect();
            let metres = libm::round(metres);
            let conflict = Conflict { field: Field::Place, files, metres };
            conflicts.entry(group).or_default().push(conflict);
        }
        conflicts
    }
}

/// Log-odds that a reason gives a group with nothing to change.
fn weight(why: Because) -> f64 {
    match why {
        Because::Time | Because::Place => 1.5,
        Because::Look => 1.0,
        Because::Shot | Because::Note => 3.0,
        Because::Folder => 0.5,
        Because::Chat | Because::Track => 2.0,
    }
}

fn change(draft: Draft) -> Change {
    let confidence = probability(draft.odds);
    let Draft { file, value, old, how, from, speed_kmh, doubted, .. } = draft;
    let on = confidence >= ON && !doubted;
    Change { file, value, old, how, from, confidence, on, speed_kmh }
}
