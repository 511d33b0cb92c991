//! How good the matching is, in numbers: cases with a known truth, made from
//! photo folders, and the marks a run gets for them.
//!
//! [`photos`] reads the folders, [`case`] makes one kind of case from them,
//! [`score`] runs the job and marks it, [`table`] keeps the marks under
//! version control. Chance is seeded: the same photos, seed and counts give
//! the same case.

mod bursts;
pub mod case;
mod clips;
mod covers;
pub mod dice;
mod families;
pub(crate) mod films;
mod glyphs;
mod kind;
pub(crate) mod lens;
pub mod measured;
mod pens;
pub mod photos;
pub mod plots;
pub(crate) mod programs;
mod readings;
pub mod retouch;
pub mod score;
mod strokes;
pub(crate) mod studio;
pub mod synthetic;
pub mod table;
mod wholes;
mod writing;

pub use kind::Kind;

/// A picture, in however many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureId(pub u32);

/// Words for changes, as `mapping.json` spells them, in its order; none: not changed.
pub type Words = Vec<&'static str>;

/// What is true of one exported picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// What it shows, if the library holds that.
    pub picture: Option<PictureId>,
    /// Where the library does not hold that: what is no worse than what was sent, and may
    /// stand in for it.
    pub instead: Vec<PictureId>,
    /// How it was changed before it was sent.
    pub edits: Words,
    /// What may be said of it, too.
    pub also: Words,
    /// Whether it is so plain that keeping it is right, too.
    pub plain: bool,
    /// Seconds from the camera's clock to the chat's when it was sent, if the
    /// run must find them.
    pub offset: Option<i32>,
    /// How it was made, for people.
    pub note: String,
}

impl Truth {
    /// A picture that was changed so, or one that is not in the library.
    #[must_use]
    pub fn of(picture: Option<PictureId>, edits: &[&'static str], note: String) -> Self {
        let edits = if picture.is_some() { edits.to_vec() } else { Words::new() };
        let (instead, also) = (Vec::new(), Words::new());
        Self { picture, instead, edits, also, plain: false, offset: None, note }
    }
}
