//! How well duplicates are found, in numbers: a folder with a known truth, made from real
//! photos, and what programs find in it.
//!
//! [`corpus`] makes the folder: files that are copies of one another in every way that
//! people make them, and beside them bursts, retakes and films that are as long. [`programs`]
//! runs Heirloom and other programs on it, [`score`] counts what they found, and [`table`]
//! writes it down. Chance is seeded: the same photos, seed and sizes give the same folder,
//! as far as the tools of the machine do.

mod clips;
pub mod corpus;
mod decoys;
mod kind;
mod makers;
pub mod programs;
pub mod score;
pub mod table;
mod tags;
pub mod tools;

pub use kind::{Goal, Kind, Near};

use crate::accuracy::PictureId;
use crate::disk::Made;

/// A file of the folder, and what is true of it.
#[derive(Debug, Clone)]
pub struct File {
    /// Below the folder.
    pub path: String,
    /// What it shows.
    pub picture: PictureId,
    /// Pictures that are near each other have one scene,
    pub scene: PictureId,
    /// which are near in this way.
    pub near: Near,
    /// How it was copied from the picture's original; `None`: it is that, or another file
    /// of the given folders.
    pub kind: Option<Kind>,
    /// How it was made, for people.
    pub note: String,
}

/// A file that was not written yet.
struct Draft {
    made: Made,
    file: File,
}

impl Draft {
    fn new(made: Made, picture: PictureId, kind: Option<Kind>, note: String) -> Self {
        let (path, scene, near) = (made.path.clone(), picture, Near::Others);
        Self { made, file: File { path, picture, scene, near, kind, note } }
    }

    fn near(mut self, near: Near, scene: PictureId) -> Self {
        (self.file.near, self.file.scene) = (near, scene);
        self
    }
}
