//! A plan for the trash, checked: which units move, and why others stay. Nothing is
//! done yet, and no file is looked at.

use std::collections::{BTreeMap, BTreeSet};

pub use crate::collect::TRASH;
use crate::collect::{is_binned, managed_by_other};
use crate::relpath::{BadPath, RelPath};

/// How a document calls the list of equal files.
const EXACT: &str = "exact";

/// What a plan says, before anything is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The groups, with all their units.
    pub groups: Vec<Group>,
    /// Files of one shot, which move together.
    pub shots: Vec<Vec<String>>,
    /// BLAKE3 in hex of each file, as it was examined.
    pub hashes: BTreeMap<String, String>,
    /// What is to go.
    pub trash: Vec<String>,
}

/// One group of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its list, as one word.
    pub list: String,
    /// Why this keeper, as a sentence.
    pub reason: String,
    /// A file of the unit that stays.
    pub keeper: String,
    /// The files of each unit.
    pub units: Vec<Vec<String>>,
}

/// A file that a plan names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// As the plan calls it.
    pub file: String,
    /// In which of the given folders it lies.
    pub folder: usize,
    /// Where in that folder.
    pub path: RelPath,
    /// BLAKE3 of what it was when it was examined.
    pub blake3: [u8; 32],
}

/// The files of one shot: all of them move, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// They lie in one of the given folders.
    pub files: Vec<Named>,
    /// What stays in their place, and must be whole when they move.
    pub stays: Vec<Named>,
    /// The list they were found by, as one word.
    pub why: String,
    /// Why the other one stays, as a sentence.
    pub reason: String,
}

/// A file that stays though the plan names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// As the plan calls it.
    pub file: String,
    /// Why.
    pub why: Why,
}

/// Why a file stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Why {
    /// A group keeps it.
    #[error("it is what stays of its group")]
    Keeper,
    /// It lies in a folder that a program manages.
    #[error("it lies in a library that another program manages; remove it there")]
    Managed,
    /// Its bytes are other ones.
    #[error("it changed since it was examined")]
    Changed,
    /// There is nothing.
    #[error("it is not there any more")]
    Gone,
    /// It is a link, a folder or something else.
    #[error("it is no file any more, but a link, a folder or something else")]
    NoFile,
    /// What would stay in its place is not what it was.
    #[error("what was to stay, {0}, {1}")]
    Keep(String, Loss),
    /// Two names of one file.
    #[error("it is the same file as {0}, which stays")]
    Same(String),
    /// A file of the same shot stays.
    #[error("it belongs to {0}, which stays")]
    With(String),
    /// Somebody ended the run first.
    #[error("the run was ended before its turn")]
    Ended,
    /// The storage refused; the rest of the sentence.
    #[error("it {0}")]
    Failed(String),
    /// Of a restore: there is nothing in the trash.
    #[error("it is neither in the trash nor where it was")]
    Lost,
    /// Of a restore: its place is taken.
    #[error("something else lies where it was: nothing is written over, it stays in the trash")]
    Occupied,
    /// Of a restore: other bytes.
    #[error("its bytes changed in the trash: it stays there")]
    Damaged,
    /// It moved, a file of its shot did not, and it could not be put back; the rest of
    /// the sentence.
    #[error("it lies in the trash, apart from other files of its shot, and {0}")]
    Stuck(String),
}

/// What is wrong with a file that should stay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Loss {
    /// There is nothing.
    #[error("is not there any more")]
    Gone,
    /// Its bytes are other ones.
    #[error("changed since it was examined")]
    Changed,
    /// It is a link, a folder or something else.
    #[error("is no file any more")]
    NoFile,
    /// The storage refused; the rest of the sentence.
    #[error("{0}")]
    Unread(String),
}

/// Why a whole plan is refused. Nothing moves then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It names nothing.
    #[error("the plan names no file for the trash")]
    Nothing,
    /// A path leads out of the folder.
    #[error("the plan names {0:?}, and {1}")]
    Path(String, BadPath),
    /// A path begins with no given folder.
    #[error("the plan names {0}, which is in none of the given folders")]
    Elsewhere(String),
    /// A path is named twice.
    #[error("the plan names {0} twice")]
    Twice(String),
    /// A path lies in a trash.
    #[error("the plan names {0}, which lies in a bin already")]
    InTrash(String),
    /// A file is in no group.
    #[error("the plan names {0}, which is in none of its groups")]
    Alone(String),
    /// A group's keeper is in none of its units.
    #[error("the plan has a group whose keeper, {0}, is in none of its units")]
    NoKeeper(String),
    /// Only some files of a unit.
    #[error("the plan names {0} without {1}, which belongs to it: name both or none")]
    Half(String, String),
    /// The files of a unit lie in two of the given folders.
    #[error("the plan names {0} and {1} as one shot, and they lie in different folders")]
    Apart(String, String),
    /// A group of equal files has one that is another.
    #[error("the plan says that {0} has the same bytes as {1}, and its hashes say otherwise")]
    Unequal(String, String),
    /// It is not known what a file was.
    #[error("the plan does not say what {0} was when it was examined: make the plan again")]
    NoHash(String),
    /// The user confirmed another number.
    #[error("the plan names {named}, and {confirmed} confirmed: nothing was moved",
        named = files(*.named), confirmed = are(*.confirmed))]
    Count {
        /// Files of the plan.
        named: u64,
        /// Files that the user said.
        confirmed: u64,
    },
}

/// A checked plan that nobody confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves {
    /// What moves, in the order of the files' names.
    pub units: Vec<Unit>,
    /// What stays though it was named.
    pub left: Vec<Left>,
    /// How many files the plan names.
    pub named: u64,
}

/// A plan whose number of files the user confirmed: the only one that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed(Moves);

impl Moves {
    /// Believes the user if the number is right.
    ///
    /// # Errors
    /// [`Refused::Count`].
    pub fn confirmed(self, files: u64) -> Result<Confirmed, Refused> {
        if files == self.named {
            Ok(Confirmed(self))
        } else {
            Err(Refused::Count { named: self.named, confirmed: files })
        }
    }
}

impl Confirmed {
    /// What moves and what stays.
    #[must_use]
    pub fn into_moves(self) -> Moves {
        self.0
    }
}

/// Checks a plan for folders of these names. With one folder or none the paths do
/// not begin with its name.
///
/// # Errors
/// [`Refused`], as one sentence.
pub fn check(asked: &Asked, folders: &[String]) -> Result<Moves, Refused> {
    if asked.trash.is_empty() {
        return Err(Refused::Nothing);
    }
    let mut trash = BTreeSet::new();
    for file in &asked.trash {
        if !trash.insert(file.as_str()) {
            return Err(Refused::Twice(file.clone()));
        }
        let (_, path) = place(file, folders)?;
        if is_binned(path.as_str()) {
            return Err(Refused::InTrash(file.clone()));
        }
    }
    let known = Known { groups: groups_of(asked), keepers: keepers(asked)?, asked, folders };
    let mut moves = Moves { units: Vec::new(), left: Vec::new(), named: trash.len() as u64 };
    for files in units(asked, &trash) {
        known.sort(&trash, &files, &mut moves)?;
    }
    moves.left.sort();
    Ok(moves)
}

/// What a plan says, by file.
struct Known<'a> {
    asked: &'a Asked,
    folders: &'a [String],
    /// The groups that have a file in a unit.
    groups: BTreeMap<&'a str, Vec<&'a Group>>,
    /// Every file of a unit that some group keeps.
    keepers: BTreeSet<&'a str>,
}

impl Known<'_> {
    /// Puts one unit where it belongs: it moves, or it stays.
    fn sort(
        &self,
        trash: &BTreeSet<&str>,
        files: &BTreeSet<&str>,
        moves: &mut Moves,
    ) -> Result<(), Refused> {
        let (going, staying): (Vec<&str>, Vec<&str>) =
            files.iter().copied().partition(|file| trash.contains(file));
        let first = going.first().copied().unwrap_or_default().to_owned();
        if let Some(other) = staying.first() {
            return Err(Refused::Half(first, (*other).to_owned()));
        }
        let groups = || files.iter().filter_map(|file| self.groups.get(file)).flatten();
        let Some(group) = groups().next() else { return Err(Refused::Alone(first)) };
        let unit: Vec<Named> =
            files.iter().map(|file| self.named(file)).collect::<Result<_, _>>()?;
        if let Some(other) = unit.iter().find(|file| file.folder != unit[0].folder) {
            return Err(Refused::Apart(first, other.file.clone()));
        }
        if let Some(why) = self.stays(&unit) {
            let left = |file: &Named| Left { file: file.file.clone(), why: why.clone() };
            moves.left.extend(unit.iter().map(left));
            return Ok(());
        }
        let stays: BTreeSet<&String> = groups().filter_map(|group| kept(group)).flatten().collect();
        let stays = stays.into_iter().map(|file| self.named(file)).collect::<Result<_, _>>()?;
        groups()
            .filter(|group| group.list == EXACT)
            .try_for_each(|group| self.is_equal(group, files))?;
        let (why, reason) = (group.list.clone(), group.reason.clone());
        moves.units.push(Unit { files: unit, stays, why, reason });
        Ok(())
    }

    /// Believes that a unit is one of equal ones only if the hashes say so: of the file
    /// that stands for it.
    fn is_equal(&self, group: &Group, files: &BTreeSet<&str>) -> Result<(), Refused> {
        let hash = |file: &String| self.asked.hashes.get(file).map(|hex| hex.to_lowercase());
        let own = group.units.iter().find(|unit| unit.iter().any(|file| files.contains(&**file)));
        let Some(first) = own.and_then(|unit| unit.first()) else { return Ok(()) };
        let is_kept =
            kept(group).is_some_and(|unit| unit.iter().any(|file| hash(file) == hash(first)));
        let unequal = || Refused::Unequal(first.clone(), group.keeper.clone());
        is_kept.then_some(()).ok_or_else(unequal)
    }

    /// Why a unit stays whatever its files are now.
    fn stays(&self, unit: &[Named]) -> Option<Why> {
        if unit.iter().any(|file| self.keepers.contains(file.file.as_str())) {
            return Some(Why::Keeper);
        }
        let managed = |file: &Named| managed_by_other(file.path.as_str()).is_some();
        unit.iter().any(managed).then_some(Why::Managed)
    }

    fn named(&self, file: &str) -> Result<Named, Refused> {
        let (folder, path) = place(file, self.folders)?;
        let hash = self.asked.hashes.get(file).and_then(|hex| blake3::Hash::from_hex(hex).ok());
        let blake3 = *hash.ok_or_else(|| Refused::NoHash(file.to_owned()))?.as_bytes();
        Ok(Named { file: file.to_owned(), folder, path, blake3 })
    }
}

/// The folder of a plan's path, and the path in it.
///
/// # Errors
/// It leads out of the folders, or into none of them.
pub fn place(file: &str, folders: &[String]) -> Result<(usize, RelPath), Refused> {
    let path = RelPath::parse(file).map_err(|why| Refused::Path(file.to_owned(), why))?;
    if folders.len() < 2 {
        return Ok((0, path));
    }
    let elsewhere = || Refused::Elsewhere(file.to_owned());
    let (first, rest) = path.below_first().ok_or_else(elsewhere)?;
    let folder = folders.iter().position(|name| name == first).ok_or_else(elsewhere)?;
    Ok((folder, rest))
}

/// Every file of a unit that some group keeps.
fn keepers(asked: &Asked) -> Result<BTreeSet<&str>, Refused> {
    let mut keepers = BTreeSet::new();
    for group in &asked.groups {
        let unit = kept(group).ok_or_else(|| Refused::NoKeeper(group.keeper.clone()))?;
        keepers.extend(unit.iter().map(String::as_str));
    }
    Ok(keepers)
}

/// The unit that a group keeps.
fn kept(group: &Group) -> Option<&Vec<String>> {
    group.units.iter().find(|unit| unit.contains(&group.keeper))
}

/// The files that must move together, for each file of the plan: those that are in
/// one unit or shot, however long the chain.
fn units<'a>(asked: &'a Asked, trash: &BTreeSet<&'a str>) -> Vec<BTreeSet<&'a str>> {
    let together = || asked.groups.iter().flat_map(|group| &group.units).chain(&asked.shots);
    let mut of_file: BTreeMap<&str, Vec<&'a Vec<String>>> = BTreeMap::new();
    for unit in together() {
        unit.iter().for_each(|file| of_file.entry(file).or_default().push(unit));
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for &start in trash {
        if !seen.insert(start) {
            continue;
        }
        let (mut unit, mut waiting) = (BTreeSet::new(), vec![start]);
        while let Some(file) = waiting.pop() {
            unit.insert(file);
            let others = of_file.get(file).into_iter().flatten().flat_map(|unit| unit.iter());
            waiting.extend(others.map(String::as_str).filter(|other| seen.insert(*other)));
        }
        found.push(unit);
    }
    found
}

/// The groups that have a file in a unit.
fn groups_of(asked: &Asked) -> BTreeMap<&str, Vec<&Group>> {
    let mut found: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
    for group in &asked.groups {
        for file in group.units.iter().flatten() {
            found.entry(file).or_default().push(group);
        }
    }
    found
}

fn files(count: u64) -> String {
    if count == 1 { "1 file".into() } else { format!("{count} files") }
}

fn are(count: u64) -> String {
    if count == 1 { "1 is".into() } else { format!("{count} are") }
}

#[cfg(test)]
#[path = "trash_tests.rs"]
mod tests;
