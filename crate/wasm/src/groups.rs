//! The document's groups as rows and details of the review.

use std::collections::{BTreeMap, BTreeSet};

use heirloom_core::collect::Library;
use heirloom_core::model::{Features, ItemId, Kind};
use heirloom_core::report::duplicates::{Document, Group, List, Rule, Unit};

use crate::{dto, rows};

/// Units by number. One keeps its number as long as the job lives; a unit is its files.
#[derive(Default)]
pub(crate) struct Units {
    numbers: BTreeMap<Vec<String>, u32>,
    files: Vec<Vec<String>>,
}

impl Units {
    /// Numbers the units that are new.
    pub(crate) fn learn(&mut self, document: &Document) {
        for unit in document.groups.iter().flat_map(|group| &group.units) {
            if !self.numbers.contains_key(&unit.files) {
                // More units than this do not fit into a browser.
                let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
                self.numbers.insert(unit.files.clone(), number);
                self.files.push(unit.files.clone());
            }
        }
    }

    fn number(&self, unit: &Unit) -> u32 {
        self.numbers.get(&unit.files).copied().unwrap_or(u32::MAX)
    }

    /// The paths of a unit.
    pub(crate) fn paths(&self, unit: u32) -> Option<&[String]> {
        self.files.get(unit as usize).map(Vec::as_slice)
    }

    /// The units all of whose files are among these.
    pub(crate) fn whole_among(&self, paths: &[String]) -> Vec<u32> {
        let paths: BTreeSet<&String> = paths.iter().collect();
        let whole = |files: &Vec<String>| files.iter().all(|file| paths.contains(file));
        (0..).zip(&self.files).filter(|(_, files)| whole(files)).map(|(at, _)| at).collect()
    }
}

/// What rows are made from.
#[derive(Clone, Copy)]
pub(crate) struct Groups<'a> {
    pub(crate) library: &'a Library,
    pub(crate) features: &'a [Option<Features>],
    pub(crate) document: &'a Document,
    pub(crate) units: &'a Units,
}

impl Groups<'_> {
    /// The file at a path of the document.
    pub(crate) fn item(self, path: &str) -> Option<ItemId> {
        let items = &self.library.items;
        // The library is sorted by path.
        let at = items.binary_search_by(|item| item.path.as_str().cmp(path)).ok()?;
        Some(items[at].id)
    }

    /// A group for the list.
    pub(crate) fn row(self, group: &Group) -> dto::GroupRow {
        let first = group.units.first().and_then(|unit| self.item(unit.files.first()?));
        dto::GroupRow {
            id: group.id.clone(),
            list: group.list.into(),
            media: self.media(first),
            units: group.units.iter().map(|unit| self.unit_row(unit)).collect(),
        }
    }

    fn unit_row(self, unit: &Unit) -> dto::UnitRow {
        let path = unit.files.first().cloned().unwrap_or_default();
        let item = self.item(&path);
        let features = item.and_then(|id| self.features.get(id.0 as usize)?.as_ref());
        let taken = features.and_then(rows::taken);
        dto::UnitRow {
            unit: self.units.number(unit),
            item: item.map_or(u32::MAX, |id| id.0),
            files: count(unit.files.len()),
            bytes: unit.bytes,
            pixels: unit.pixels.map(|(width, height)| u64::from(width) * u64::from(height)),
            date_s: taken.or_else(|| self.library[item?].modified),
            path,
        }
    }

    /// A group for its cards.
    pub(crate) fn details(self, group: &Group) -> dto::GroupDetails {
        dto::GroupDetails {
            id: group.id.clone(),
            reason: group.reason.clone(),
            units: group.units.iter().map(|unit| self.unit(unit)).collect(),
        }
    }

    fn unit(self, unit: &Unit) -> dto::UnitDetails {
        let files = unit.files.iter().filter_map(|path| self.item(path));
        let file = |id| dto::UnitFile {
            info: rows::info(self.library, self.features, id),
            media: self.media(Some(id)),
        };
        let differs = unit.differs.iter().map(|(key, (keeper, own))| dto::Difference {
            key: key.clone(),
            keeper: keeper.to_string(),
            own: own.to_string(),
        });
        dto::UnitDetails {
            unit: self.units.number(unit),
            files: files.map(file).collect(),
            rule: self.rule(unit),
            edits: unit.edits.clone(),
            chats: unit.chats.clone(),
            differs: differs.collect(),
        }
    }

    /// Why the files of a unit belong together.
    fn rule(self, unit: &Unit) -> Option<dto::StackRule> {
        let all = |files: &[String]| unit.files.iter().all(|file| files.contains(file));
        let some = |files: &[String]| files.iter().all(|file| unit.files.contains(file));
        let stacks = || self.document.stacks.iter();
        if unit.files.len() < 2 {
            return None;
        }
        let whole = stacks().find(|stack| all(&stack.files) && is_one_shot(stack.rule));
        let part = || stacks().find(|stack| some(&stack.files) && is_one_shot(stack.rule));
        whole.or_else(part).map(|stack| stack.rule.into())
    }

    fn media(self, item: Option<ItemId>) -> dto::GroupMedia {
        let features = item.and_then(|id| self.features.get(id.0 as usize)?.as_ref());
        match features.map(|features| features.kind) {
            Some(Kind::Video) => dto::GroupMedia::Video,
            Some(kind) if kind.is_picture() => dto::GroupMedia::Photo,
            _ => dto::GroupMedia::Other,
        }
    }
}

/// Whether the files of such a stack are one shot, and act together unasked.
fn is_one_shot(rule: Rule) -> bool {
    !matches!(rule, Rule::Burst | Rule::ByHand)
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl From<List> for dto::DuplicateList {
    fn from(list: List) -> Self {
        match list {
            List::Exact => Self::Exact,
            List::Payload => Self::Payload,
            List::Shot => Self::Shot,
            List::Similar => Self::Similar,
        }
    }
}

impl From<Rule> for dto::StackRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::LivePhoto => Self::LivePhoto,
            Rule::RawJpg => Self::RawJpg,
            Rule::HeicJpg => Self::HeicJpg,
            Rule::MotionPhoto => Self::MotionPhoto,
            Rule::Edited => Self::Edited,
            Rule::Sidecar => Self::Sidecar,
            Rule::Burst => Self::Burst,
            Rule::ByHand => Self::ByHand,
        }
    }
}

impl From<&Document> for dto::DuplicatesSummary {
    fn from(document: &Document) -> Self {
        let issues = document.issues.iter().map(|issue| dto::DuplicatesIssue {
            path: issue.file.clone(),
            text: issue.text.clone(),
        });
        Self {
            files: document.summary.files,
            bytes: document.summary.bytes,
            left: document.summary.left,
            issues: issues.collect(),
        }
    }
}

/// How many stacks there are by each rule that has any, in the order of the rules.
pub(crate) fn stack_counts(document: &Document) -> Vec<dto::StackCount> {
    let mut counts: BTreeMap<Rule, u32> = BTreeMap::new();
    for stack in &document.stacks {
        *counts.entry(stack.rule).or_default() += 1;
    }
    let count = |(rule, stacks): (Rule, u32)| dto::StackCount { rule: rule.into(), stacks };
    counts.into_iter().map(count).collect()
}
