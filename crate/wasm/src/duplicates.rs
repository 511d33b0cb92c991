//! The duplicates job, for the page.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use heirloom_core::job::duplicates as job;
use heirloom_core::matching::duplicates::{Choice, List};
use heirloom_core::model::ItemId;
use heirloom_core::report::duplicates::{Document, Group, page, words};
use heirloom_core::settings::Settings;
use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File};

use crate::catalogue::Catalogue;
use crate::crossing;
use crate::dto::{self, TrashKeeper};
use crate::error::Thrown;
use crate::groups::{Groups, Units, stack_counts};
use crate::source::{self, BrowserFiles, entries};
use crate::trash::TrashTasks;

/// One run over several folders. Lives in a worker, for files are read synchronously.
///
/// A call that panics leaves it half changed: the page ends the worker then, which is
/// why `AssertUnwindSafe` is true.
#[wasm_bindgen]
pub struct Duplicates {
    core: AssertUnwindSafe<job::Duplicates<BrowserFiles>>,
    /// As the document calls them; with one folder or none paths do not begin with it.
    folders: Vec<String>,
    document: AssertUnwindSafe<Document>,
    /// Units keep their numbers, whatever is decided.
    units: Units,
}

#[wasm_bindgen]
impl Duplicates {
    /// A job over folders of these names, each with so many of the files; the files
    /// behind those are of chats. Paths and files are parallel. Reads nothing yet;
    /// `watch` is asked before it does.
    ///
    /// # Errors
    /// A list that this build does not understand, or no worker around.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn new(
        folders: Vec<String>,
        counts: Vec<u32>,
        mut paths: Vec<String>,
        files: Vec<File>,
        lists: Vec<Ts<dto::DuplicateList>>,
        watch: source::Watch,
    ) -> Result<Self, JsValue> {
        let lists = lists.into_iter().map(|list| list.to_rust().map(List::from));
        let lists = lists.collect::<Result<Vec<_>, _>>().map_err(Thrown::from)?;
        let folders = apart(folders);
        let own = counts.iter().fold(0, |sum: u32, count| sum.saturating_add(*count));
        let shown = paths.split_off(paths.len().min(own as usize));
        let paths = below_folders(&folders, &counts, paths);
        let mut settings = Settings::default();
        if cfg!(not(feature = "threads")) {
            // One file at a time: if the engine dies, it is known over which file.
            settings.limits.batch_bytes = 1;
        }
        let chats = entries(own as usize, shown, files.get(own as usize..).unwrap_or_default());
        let entries = entries(0, paths, &files);
        let found = job::Folders { entries, chats, ..Default::default() };
        let files = BrowserFiles::new(Vec::new(), files, watch)?;
        let asked = job::Asked { lists, ..Default::default() };
        let core = job::Duplicates::new(settings, asked, found, files);
        Ok(Self {
            core: AssertUnwindSafe(core),
            folders,
            document: AssertUnwindSafe(Document::default()),
            units: Units::default(),
        })
    }

    /// Lends the job what earlier visits knew, before its first batch.
    pub fn remember(&mut self, catalogue: &Catalogue) {
        self.core.remember(Box::new(catalogue.shared()));
    }

    /// Does one batch (about 100 ms). The last one puts the groups together.
    ///
    /// # Errors
    /// What ends the job.
    pub fn advance(&mut self) -> Result<Ts<dto::Batch>, JsValue> {
        let advance = self.core.advance().map_err(Thrown::from)?;
        let batch = dto::Batch::new(advance, self.core.progress());
        if batch.done {
            self.document = AssertUnwindSafe(self.core.document());
            self.units.learn(&self.document);
        }
        crossing(&batch)
    }

    /// How many groups there are.
    #[must_use]
    pub fn groups(&self) -> u32 {
        u32::try_from(self.document.groups.len()).unwrap_or(u32::MAX)
    }

    /// Light rows of some groups.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn rows(&self, from: u32, to: u32) -> Result<Vec<Ts<dto::GroupRow>>, JsValue> {
        let groups = self.view();
        let all = &self.document.groups;
        let to = (to as usize).min(all.len());
        let some = all.get(from as usize..to).unwrap_or_default();
        some.iter().map(|group| crossing(&groups.row(group))).collect()
    }

    /// What was looked at.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn summary(&self) -> Result<Ts<dto::DuplicatesSummary>, JsValue> {
        crossing(&dto::DuplicatesSummary::from(&*self.document))
    }

    /// How many stacks there are by each rule.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn stacks(&self) -> Result<Vec<Ts<dto::StackCount>>, JsValue> {
        stack_counts(&self.document).iter().map(crossing).collect()
    }

    /// One group, with all its files.
    ///
    /// # Errors
    /// `item`: there is no such group.
    pub fn details(&self, group: &str) -> Result<Ts<dto::GroupDetails>, JsValue> {
        crossing(&self.view().details(self.group(group)?))
    }

    /// The user says that these units belong together.
    ///
    /// # Errors
    /// `item`: there is no such unit, or a file of it could not be read.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn stack(&mut self, units: Vec<u32>) -> Result<(), JsValue> {
        let files = self.files_of(&units)?;
        self.decide(Choice::Stack, &files)
    }

    /// The user says that the files of a unit do not belong together.
    ///
    /// # Errors
    /// As [`Duplicates::stack`].
    pub fn unstack(&mut self, unit: u32) -> Result<(), JsValue> {
        let files = self.files_of(&[unit])?;
        self.decide(Choice::Unstack, &files)
    }

    /// The user says that the files of all stacks of a rule do not belong together.
    ///
    /// # Errors
    /// `item`: a file of them could not be read.
    #[wasm_bindgen(js_name = unstackAll)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn unstack_all(&mut self, rule: Ts<dto::StackRule>) -> Result<(), JsValue> {
        let rule = rule.to_rust().map_err(Thrown::from)?;
        let stacks = self.document.stacks.iter().filter(|stack| rule == stack.rule.into());
        let files = stacks.map(|stack| self.items(&stack.files)).collect::<Result<Vec<_>, _>>()?;
        self.decide_each(Choice::Unstack, &files)
    }

    /// The user says that these units are different pictures.
    ///
    /// # Errors
    /// As [`Duplicates::stack`].
    #[wasm_bindgen(js_name = notDuplicates)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn not_duplicates(&mut self, units: Vec<u32>) -> Result<(), JsValue> {
        let mains = units.iter().map(|unit| self.paths(*unit).map(|paths| paths[0].clone()));
        let mains = mains.collect::<Result<Vec<_>, _>>()?;
        let items = self.items(&mains)?;
        self.decide(Choice::NotADuplicate, &items)
    }

    /// Takes back what was decided last.
    #[wasm_bindgen(js_name = takeBack)]
    pub fn take_back(&mut self) {
        self.core.take_back();
    }

    /// The files of these units, with their lengths.
    ///
    /// # Errors
    /// `item`: there is no such unit.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn order(&self, units: Vec<u32>) -> Result<Vec<Ts<dto::TrashFile>>, JsValue> {
        let mut files = Vec::new();
        for unit in units {
            for path in self.paths(unit)? {
                let item = self.view().item(path);
                let bytes = item.map_or(0, |item| self.core.library()[item].size);
                files.push(crossing(&dto::TrashFile { path: path.clone(), bytes })?);
            }
        }
        Ok(files)
    }

    /// The plan for the command line: what was reviewed, and what is to go.
    ///
    /// # Errors
    /// `item`: there is no such unit or group.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn document(
        &self,
        units: Vec<u32>,
        keepers: Vec<Ts<TrashKeeper>>,
    ) -> Result<String, JsValue> {
        let plan = self.plan(&units, keepers)?;
        Ok(words::json(&plan))
    }

    /// What was found, as an HTML page.
    #[must_use]
    pub fn report(&self) -> String {
        // Of a file in a browser there is no address that a page on disk could use.
        page::page(&self.document, &|_| None)
    }

    /// What these units' going comes to, folder by folder. `when` names the runs.
    ///
    /// # Errors
    /// `item`: there is no such unit or group. `unsupported`: the plan is refused, with
    /// the reason as a sentence.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn trash(
        &self,
        units: Vec<u32>,
        keepers: Vec<Ts<TrashKeeper>>,
        when: &str,
    ) -> Result<TrashTasks, JsValue> {
        let plan = self.plan(&units, keepers)?;
        let tasks = TrashTasks::planned(plan, &self.folders, when);
        tasks.map_err(|refused| Thrown::refused(&refused).into())
    }

    /// The units all of whose files these are.
    #[wasm_bindgen(js_name = unitsOf)]
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn units_of(&self, paths: Vec<String>) -> Vec<u32> {
        self.units.whole_among(&paths)
    }

    /// A JPEG of a picture for the screen, its long edge at most `long_edge`.
    ///
    /// # Errors
    /// `item`: the file cannot be read or decoded.
    pub fn preview(&self, item: u32, long_edge: u32) -> Result<Uint8Array, JsValue> {
        self.item(item)?;
        let bytes = self.core.preview(ItemId(item), long_edge);
        let bytes = bytes.map_err(|problem| Thrown::about(item, &problem))?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// The file itself.
    ///
    /// # Errors
    /// `item`: there is no such file.
    pub fn blob(&self, item: u32) -> Result<Blob, JsValue> {
        let blob = self.core.files().blob(self.item(item)?);
        Ok(blob.ok_or_else(|| Thrown::no_such("file", item))?)
    }

    /// Whether [`Duplicates::blob`] must still be inflated.
    ///
    /// # Errors
    /// `item`: there is no such file.
    #[wasm_bindgen(js_name = isDeflated)]
    pub fn is_deflated(&self, item: u32) -> Result<bool, JsValue> {
        Ok(source::is_deflated(self.item(item)?))
    }
}

impl Duplicates {
    fn view(&self) -> Groups<'_> {
        Groups {
            library: self.core.library(),
            features: self.core.features(),
            document: &self.document,
            units: &self.units,
        }
    }

    fn group(&self, id: &str) -> Result<&Group, Thrown> {
        let found = self.document.groups.iter().find(|group| group.id == id);
        found.ok_or_else(|| Thrown::nothing(format!("there is no group {id}")))
    }

    fn item(&self, item: u32) -> Result<&heirloom_core::model::Item, Thrown> {
        let found = self.core.library().get(ItemId(item));
        found.ok_or_else(|| Thrown::no_such("file", item))
    }

    /// The paths of a unit, the one that stands for it first.
    fn paths(&self, unit: u32) -> Result<&[String], Thrown> {
        self.units.paths(unit).ok_or_else(|| Thrown::no_such("unit", unit))
    }

    fn files_of(&self, units: &[u32]) -> Result<Vec<ItemId>, Thrown> {
        let mut paths = Vec::new();
        for unit in units {
            paths.extend_from_slice(self.paths(*unit)?);
        }
        self.items(&paths)
    }

    fn items(&self, paths: &[String]) -> Result<Vec<ItemId>, Thrown> {
        let view = self.view();
        let item = |path: &String| {
            view.item(path).ok_or_else(|| Thrown::nothing(format!("there is no file {path}")))
        };
        paths.iter().map(item).collect()
    }

    fn decide(&mut self, choice: Choice, files: &[ItemId]) -> Result<(), JsValue> {
        self.decide_each(choice, &[files.to_vec()])
    }

    fn decide_each(&mut self, choice: Choice, sets: &[Vec<ItemId>]) -> Result<(), JsValue> {
        self.core.decide_each(choice, sets).map_err(|unread| {
            let first = unread.first().map_or(0, |item| item.0);
            Thrown::no_such("readable file", first).into()
        })
    }

    /// The document of the groups that something goes from, with what the user keeps.
    fn plan(&self, units: &[u32], keepers: Vec<Ts<TrashKeeper>>) -> Result<Document, JsValue> {
        let mut kept = BTreeMap::new();
        for keeper in keepers {
            let TrashKeeper { group, unit } = keeper.to_rust().map_err(Thrown::from)?;
            kept.insert(group, self.paths(unit)?[0].clone());
        }
        let mut plan = Document::clone(&self.document);
        plan.groups.retain_mut(|group| {
            let Some(keeper) = kept.get(&group.id) else { return false };
            group.keeper.clone_from(keeper);
            true
        });
        for unit in units {
            plan.trash.extend_from_slice(self.paths(*unit)?);
        }
        plan.trash.sort();
        plan.trash.dedup();
        Ok(plan)
    }
}

impl From<dto::DuplicateList> for List {
    fn from(list: dto::DuplicateList) -> Self {
        match list {
            dto::DuplicateList::Exact => Self::Exact,
            dto::DuplicateList::Payload => Self::Payload,
            dto::DuplicateList::Shot => Self::Shot,
            dto::DuplicateList::Similar => Self::Similar,
        }
    }
}

/// Names of folders, each once: of two of one name the later gets a number.
fn apart(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        let numbered =
            |number: u32| if number == 1 { name.clone() } else { format!("{name} ({number})") };
        let free = (1..).map(numbered).find(|name| !seen.contains(name));
        seen.extend(free);
    }
    seen
}

/// With several folders each path begins with its folder's name.
fn below_folders(folders: &[String], counts: &[u32], paths: Vec<String>) -> Vec<String> {
    if folders.len() < 2 {
        return paths;
    }
    let names = folders.iter().zip(counts);
    let names = names.flat_map(|(name, count)| std::iter::repeat_n(name, *count as usize));
    names.zip(paths).map(|(name, path)| format!("{name}/{path}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], want: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(apart(names), want);
    }

    #[test]
    fn folders_of_one_name_are_told_apart() {
        check(&["DCIM", "Album", "DCIM", "DCIM"], &["DCIM", "Album", "DCIM (2)", "DCIM (3)"]);
        check(&["DCIM", "DCIM (2)", "DCIM"], &["DCIM", "DCIM (2)", "DCIM (3)"]);
    }

    #[test]
    fn a_path_begins_with_its_folder_where_there_are_several() {
        let names = ["a".to_owned(), "b".to_owned()];
        let paths = || vec!["1".to_owned(), "2".to_owned(), "3".to_owned()];
        assert_eq!(below_folders(&names, &[1, 2], paths()), ["a/1", "b/2", "b/3"]);
        assert_eq!(below_folders(&names[..1], &[3], paths()), ["1", "2", "3"]);
    }
}
