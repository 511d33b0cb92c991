//! What the core cannot do itself, it asks its host for.
//!
//! A job's `advance` returns [`Advance::Need`](crate::progress::Advance::Need); the
//! host answers with the job's `supply` before the next call. It says with
//! [`Ability`] what it can do, and is asked for nothing else.

use crate::model::{ItemId, MediumId};

/// What a host can do that the core cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// It can decode videos, and take frames of them.
    Frames,
}

/// The number of one question; no two questions of a job have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NeedId(pub u32);

/// What a job asks its host for.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// Frames of two videos, of a host with [`Ability::Frames`].
    Frames(Frames),
}

/// What a host replies. A reply of another kind than the question is as good as
/// [`Reply::Nothing`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// One for each of [`Frames::moments`], in their order. More are left aside.
    Frames(Vec<Shown>),
    /// It cannot be had: the file cannot be decoded, say, or not in time. The
    /// job goes on without it, and does not ask for it again.
    Nothing,
}

/// Frames of an exported video and of one that it may come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Frames {
    /// The exported medium.
    pub medium: MediumId,
    /// Its file.
    pub exported: ItemId,
    /// The original it may come from.
    pub original: ItemId,
    /// Where frames of both are taken.
    pub moments: Vec<Moment>,
    /// Long edge of the frames, in pixels; smaller videos stay as they are.
    pub long_edge: u32,
}

/// One moment of both videos. A place before the beginning or behind the end
/// means the first or the last frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The place of the exported video's frame, in seconds from its start.
    pub exported_s: f64,
    /// The places of the original's frames, in seconds from its start.
    pub originals_s: Vec<f64>,
}

/// The frames of one [`Moment`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The exported video's.
    pub exported: Frame,
    /// The original's, in the order in which they were asked for.
    pub originals: Vec<Frame>,
}

/// A frame as a player shows it, after rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}
