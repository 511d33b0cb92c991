//! Cameras: each body has a clock of its own. Two bodies of one model are told apart by
//! their serial numbers, else by what their pictures say (`clocks.rs`).

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;

/// One camera, by its place among all.
pub(super) type BodyId = usize;

/// One camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    /// Maker and model.
    pub camera: String,
    /// Serial number.
    pub serial: Option<String>,
    /// Its files, by their places among the facts.
    pub files: Vec<usize>,
}

/// All cameras, sorted by name and number, and which of them took each file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bodies {
    pub all: Vec<Body>,
    /// Parallel to the facts.
    pub of: Vec<Option<BodyId>>,
}

impl Bodies {
    /// Sorts the files by their cameras. Chats and screens have none.
    pub(super) fn new(facts: &[Facts]) -> Self {
        let mut by_name = BTreeMap::<(&str, Option<&str>), Vec<usize>>::new();
        let taken = |of: &Facts| !of.outside && of.made.is_none();
        for (at, of) in facts.iter().enumerate().filter(|(_, of)| taken(of)) {
            if let Some(camera) = &of.camera {
                by_name.entry((camera, of.serial.as_deref())).or_default().push(at);
            }
        }
        let mut bodies = Self { all: Vec::new(), of: vec![None; facts.len()] };
        for ((camera, serial), files) in by_name {
            bodies.add(camera, serial, files);
        }
        bodies
    }

    fn add(&mut self, camera: &str, serial: Option<&str>, files: Vec<usize>) {
        for &file in &files {
            self.of[file] = Some(self.all.len());
        }
        let (camera, serial) = (camera.to_owned(), serial.map(str::to_owned));
        self.all.push(Body { camera, serial, files });
    }

    /// Takes files out of a body: they are another's of the same name.
    pub(super) fn split(&mut self, body: BodyId, files: &[usize]) {
        let of = &mut self.all[body];
        let gone: BTreeSet<usize> = files.iter().copied().collect();
        of.files.retain(|file| !gone.contains(file));
        let camera = of.camera.clone();
        self.add(&camera, None, files.to_vec());
    }

    /// The files of a body by folder and the letters that their names begin with: one
    /// camera's files share them, as far as nobody renamed them.
    pub(super) fn shelves(facts: &[Facts], body: &Body) -> BTreeMap<(String, String), Vec<usize>> {
        let mut shelves = BTreeMap::<(String, String), Vec<usize>>::new();
        for &file in &body.files {
            let letters = facts[file].name().chars().take_while(|c| c.is_alphabetic());
            let key = (facts[file].folder().to_owned(), letters.collect());
            shelves.entry(key).or_default().push(file);
        }
        shelves
    }
}
