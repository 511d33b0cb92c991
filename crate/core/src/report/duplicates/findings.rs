//! Makes the document of what was found: the same input gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::differs;
use super::side::Side;
use super::words;
use super::{Document, FileIssue, Group, List, Rule, Stack, Summary, Unit, VERSION};
use crate::error::Issue;
use crate::examine::learnt::Digested;
use crate::examine::metadata::{Sidecar, complete, overrule};
use crate::matching::Known;
use crate::matching::duplicates::contents::{self as found, Findings, Shot};
use crate::matching::duplicates::{List as FoundList, Rule as FoundRule};
use crate::model::{Edit, Edits, Features, ItemId};

/// Bytes of an id, of which each is two digits.
const ID: usize = 8;

/// What the document is made of.
pub(crate) struct Found<'a> {
    pub known: Known<'a>,
    /// Parallel to the library.
    pub digests: &'a [Digested],
    pub findings: &'a Findings,
    /// Other names of a file on its disk.
    pub links: &'a BTreeMap<String, Vec<String>>,
    /// Files of the given chats, by their contents.
    pub chats: &'a BTreeMap<[u8; 32], Vec<String>>,
    /// What the user called different.
    pub apart: &'a [Vec<ItemId>],
    pub issues: &'a [Issue],
    /// What else is to be said of files.
    pub said: &'a [FileIssue],
    /// Files that are not examined yet.
    pub left: u64,
}

/// The document.
pub(crate) fn document(of: &Found<'_>) -> Document {
    let mut groups: Vec<Group> = of.findings.groups.iter().map(|group| of.group(group)).collect();
    groups.sort_by(|a, b| (a.list, &a.keeper, &a.id).cmp(&(b.list, &b.keeper, &b.id)));
    let mut stacks: Vec<Stack> = of.findings.stacks.iter().map(|stack| of.stack(stack)).collect();
    stacks.sort_by(|a, b| (&a.files, a.rule).cmp(&(&b.files, b.rule)));
    let mut not_duplicates: Vec<Vec<String>> = of
        .apart
        .iter()
        .map(|files| files.iter().map(|&id| of.path(id).to_owned()).collect())
        .collect();
    not_duplicates.sort();
    let mut document = Document {
        version: VERSION,
        summary: of.summary(&groups),
        stacks,
        groups,
        hashes: BTreeMap::new(),
        not_duplicates,
        issues: of.issues(),
        trash: Vec::new(),
    };
    document.hashes = of.hashes(&document);
    document
}

impl<'a> Found<'a> {
    fn path(&self, id: ItemId) -> &'a str {
        &self.known.library[id].path
    }

    /// The files with all their names.
    fn files(&self, ids: &[ItemId]) -> Vec<String> {
        let names = |&id: &ItemId| {
            let path = self.path(id);
            let others = self.links.get(path).into_iter().flatten();
            std::iter::once(path.to_owned()).chain(others.cloned())
        };
        ids.iter().flat_map(names).collect()
    }

    fn group(&self, group: &found::Group) -> Group {
        let first = &group.shots[0];
        let list = match group.list {
            FoundList::Exact => List::Exact,
            FoundList::Payload => List::Payload,
            FoundList::Shot => List::Shot,
            FoundList::Similar => List::Similar,
        };
        let units = group.shots.iter().zip(&group.edits);
        let files = group.shots.iter().map(Shot::main);
        Group {
            id: self.id(&format!("{list:?}"), files, |_| ""),
            list,
            keeper: self.path(first.main()).to_owned(),
            reason: self.reason(group),
            units: units.map(|(shot, edits)| self.unit(first, shot, *edits)).collect(),
        }
    }

    /// Why the keeper stays, and what the others have that it lacks.
    fn reason(&self, group: &found::Group) -> String {
        let why = words::reason(&group.why);
        let keeper = &group.shots[0];
        let noted = group.shots[1..].iter().find(|shot| self.has_own_sidecar(keeper, shot));
        match noted {
            Some(shot) => format!("{why} {}", words::noted(self.name(shot.main()))),
            None => why,
        }
    }

    fn name(&self, id: ItemId) -> &'a str {
        self.known.library[id].name()
    }

    /// Whether a shot has a sidecar that says something else than the keeper's do: it would
    /// go along with its file.
    fn has_own_sidecar(&self, keeper: &Shot, shot: &Shot) -> bool {
        let said = |of: &Shot| -> BTreeSet<Option<[u8; 32]>> {
            of.files[of.media..].iter().map(|id| self.digests[id.0 as usize].blake3).collect()
        };
        !said(shot).is_subset(&said(keeper))
    }

    fn unit(&self, keeper: &Shot, shot: &Shot, edits: Edits) -> Unit {
        let size = self.known.features(shot.main()).and_then(|features| features.size);
        let side = |shot: &Shot, edits: Edits| Side {
            item: &self.known.library[shot.main()],
            features: self.said_of(shot),
            edits,
        };
        let is_keeper = keeper.main() == shot.main();
        let mut differs = match is_keeper {
            true => BTreeMap::new(),
            false => differs::differs(&side(keeper, Edits::EMPTY), &side(shot, edits)),
        };
        if !is_keeper && self.has_own_sidecar(keeper, shot) {
            let names = |of: &Shot| {
                let names = of.files[of.media..].iter().map(|&id| self.name(id));
                serde_json::json!(names.collect::<Vec<_>>())
            };
            differs.insert("sidecar".to_owned(), (names(keeper), names(shot)));
        }
        Unit {
            files: self.files(&shot.files),
            bytes: shot.files.iter().map(|&id| self.known.library[id].size).sum(),
            pixels: size.map(<(u32, u32)>::from),
            chats: self.chats(shot),
            edits: edits.iter().map(Edit::name).map(str::to_owned).collect(),
            differs,
        }
    }

    /// What a shot's first file and its sidecars say: a program's above the file, a note
    /// of Takeout's below it.
    fn said_of(&self, shot: &Shot) -> Option<Features> {
        let mut features = self.known.features(shot.main())?.clone();
        for &sidecar in &shot.files[shot.media..] {
            let name = self.known.library[sidecar].name();
            let Some(said) = self.known.features(sidecar) else { continue };
            match Sidecar::of(name) {
                Some(Sidecar::Takeout) => complete(&mut features, said),
                _ => overrule(&mut features, said),
            }
        }
        Some(features)
    }

    /// The files of chats that are one of this shot's.
    fn chats(&self, shot: &Shot) -> Vec<String> {
        let content = |id: &ItemId| self.digests[id.0 as usize].blake3;
        let mut shown: Vec<String> = shot
            .files
            .iter()
            .filter_map(content)
            .filter_map(|blake3| self.chats.get(&blake3))
            .flatten()
            .cloned()
            .collect();
        shown.sort();
        shown.dedup();
        shown
    }

    fn stack(&self, stack: &found::Stack) -> Stack {
        let rule = match stack.rule {
            FoundRule::LivePhoto => Rule::LivePhoto,
            FoundRule::RawJpg => Rule::RawJpg,
            FoundRule::HeicJpg => Rule::HeicJpg,
            FoundRule::MotionPhoto => Rule::MotionPhoto,
            FoundRule::Edited => Rule::Edited,
            FoundRule::Sidecar => Rule::Sidecar,
            FoundRule::Burst => Rule::Burst,
            FoundRule::ByHand => Rule::ByHand,
        };
        // Copies of a stack have the same contents: they are told apart by their paths.
        let files = stack.files.iter().copied();
        let id = self.id(&format!("{rule:?}"), files, |id| self.path(id));
        Stack { id, rule, files: self.files(&stack.files) }
    }

    /// An id of contents, and of what else tells the files apart.
    fn id<'b>(
        &self,
        what: &str,
        files: impl Iterator<Item = ItemId>,
        apart: impl Fn(ItemId) -> &'b str,
    ) -> String {
        let mut contents: Vec<Vec<u8>> = files
            .map(|id| {
                let blake3 = self.digests[id.0 as usize].blake3.unwrap_or_default();
                [&blake3[..], apart(id).as_bytes()].concat()
            })
            .collect();
        contents.sort();
        let mut hash = blake3::Hasher::new();
        hash.update(what.as_bytes());
        for content in &contents {
            hash.update(&(content.len() as u64).to_le_bytes());
            hash.update(content);
        }
        hex(&hash.finalize().as_bytes()[..ID])
    }

    fn summary(&self, groups: &[Group]) -> Summary {
        let items = &self.known.library.items;
        let mut spare = BTreeSet::new();
        for group in groups.iter().filter(|group| group.list != List::Similar) {
            spare.extend(group.units[1..].iter().flat_map(|unit| &unit.files));
        }
        let kept: BTreeSet<&String> =
            groups.iter().flat_map(|group| &group.units[0].files).collect();
        let sizes: BTreeMap<&str, u64> =
            items.iter().map(|item| (item.path.as_str(), item.size)).collect();
        let gained = spare.difference(&kept).filter_map(|path| sizes.get(path.as_str()));
        Summary {
            files: items.len() as u64,
            bytes: items.iter().map(|item| item.size).sum(),
            bytes_to_gain: gained.sum(),
            left: self.left,
        }
    }

    fn hashes(&self, document: &Document) -> BTreeMap<String, String> {
        let grouped = document.groups.iter().flat_map(|group| &group.units);
        let files = grouped.flat_map(|unit| &unit.files);
        let named: BTreeSet<&String> =
            files.chain(document.stacks.iter().flat_map(|stack| &stack.files)).collect();
        let mut hashes = BTreeMap::new();
        for item in &self.known.library.items {
            let Some(blake3) = self.digests[item.id.0 as usize].blake3 else { continue };
            for path in self.files(&[item.id]) {
                if named.contains(&path) {
                    hashes.insert(path, hex(&blake3));
                }
            }
        }
        hashes
    }

    fn issues(&self) -> Vec<FileIssue> {
        let issue =
            |issue: &Issue| FileIssue { file: issue.path.clone(), text: issue.problem.to_string() };
        let mut issues: Vec<FileIssue> =
            self.issues.iter().map(issue).chain(self.said.iter().cloned()).collect();
        issues.sort();
        issues.dedup();
        issues
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
